#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>

#include "store/scratch.hpp"
#include "store/server_socket.hpp"

namespace benchmark_of_entitle {

/// Stands between clients and a server as a network does: what a client begins to send is late by so much.
class SlowProxy {
public:
    SlowProxy(std::string server_folder, std::chrono::microseconds delay)
        : server_{std::move(server_folder)}, delay_{delay} {
        accepting_ = std::thread{[this] { accept_all(); }};
    }
    SlowProxy(const SlowProxy&) = delete;
    SlowProxy& operator=(const SlowProxy&) = delete;
    ~SlowProxy() {
        ends_ = true;
        accepting_.join();
        for (std::thread& carrier : carriers_) carrier.join();
        close(listening_);
    }

    /// The folder of its own socket: the host of a connection's text.
    [[nodiscard]] std::string folder() const { return scratch_.file(""); }

private:
    void accept_all() {
        while (!ends_) {
            pollfd listening{listening_, POLLIN, 0};
            if (poll(&listening, 1, 20) <= 0) continue;
            const int client = accept(listening_, nullptr, nullptr);
            carriers_.emplace_back(
                [this, client] { carry(client, store_contract::connect_to_server(server_)); });
        }
    }
    void carry(int client, int server) const {
        std::array<pollfd, 2> sockets{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        bool was_answered = true;
        while (!ends_) {
            if (poll(sockets.data(), sockets.size(), 20) <= 0) continue;
            if (sockets[0].revents != 0) {
                if (std::exchange(was_answered, false)) std::this_thread::sleep_for(delay_);
                if (!pass(client, server)) break;
            }
            if (sockets[1].revents != 0) {
                was_answered = true;
                if (!pass(server, client)) break;
            }
        }
        close(client);
        close(server);
    }
    [[nodiscard]] static bool pass(int from, int to) {
        std::array<char, 65536> buffer;
        const ssize_t got = read(from, buffer.data(), buffer.size());
        return got > 0 && send(to, buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
    }

    store_contract::Scratch scratch_;
    std::string server_;
    std::chrono::microseconds delay_;
    int listening_ = store_contract::listen_as_server(folder());
    std::atomic<bool> ends_ = false;
    std::vector<std::thread> carriers_;
    std::thread accepting_;
};

}  // namespace benchmark_of_entitle
