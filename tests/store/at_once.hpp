#pragma once

#include <cstdint>
#include <thread>
#include <vector>

#include "entitle/engine.hpp"

namespace store_contract {

/// Runs `work(writer)` on so many threads.
template <class Work>
void on_threads(int writers, Work work) {
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer)
        threads.emplace_back([&work, writer] { work(static_cast<std::uint64_t>(writer)); });
    for (std::thread& thread : threads) thread.join();
}

/// Runs `work(writer, engine)` on so many threads, each with a store of its own.
template <class Open, class Work>
void at_once(int writers, Open open, Work work) {
    on_threads(writers, [&](std::uint64_t writer) {
        entitle::Engine engine{open().value()};
        work(writer, engine);
    });
}

}  // namespace store_contract
