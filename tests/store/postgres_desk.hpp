#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "names.hpp"
#include "postgres_place.hpp"
#include "scratch.hpp"

namespace store_contract {

/// A schema on the tests' server, of one customer with an entitlement of many cases.
class Postgres : public testing::Test {
protected:
    using Opened = Result<std::unique_ptr<PostgresStore>>;

    [[nodiscard]] Opened open(const PostgresOptions& options = {}) const {
        return PostgresStore::connect(conninfo, options);
    }
    [[nodiscard]] ErrorCode why_not(const PostgresOptions& options = {}) const {
        const Opened opened = open(options);
        return opened ? ErrorCode::none : opened.error().code;
    }
    [[nodiscard]] std::string value(const std::string& sql) const {
        return PostgresConnection{conninfo}.value(sql);
    }

    Scratch scratch;
    std::string conninfo = conninfo_of(scratch.file("desk"));
};

/// Runs `work(writer, engine)` on so many threads, each with a store of its own.
template <class Open, class Work>
void at_once(int writers, Open open, Work work) {
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&, writer] {
            Engine engine{open().value()};
            work(static_cast<std::uint64_t>(writer), engine);
        });
    }
    for (std::thread& thread : threads) thread.join();
}

}  // namespace store_contract
