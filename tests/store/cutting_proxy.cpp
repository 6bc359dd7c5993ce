#include "cutting_proxy.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server_socket.hpp"

namespace store_contract {

namespace {

/// Waits for a moment; off: nothing came.
[[nodiscard]] bool waits(std::span<pollfd> sockets) { return poll(sockets.data(), sockets.size(), 20) > 0; }

}  // namespace

CuttingProxy::CuttingProxy(std::string server_folder) : server_{std::move(server_folder)} {
    listening_ = listen_as_server(folder());
    thread_ = std::thread{[this] { serve(); }};
}

CuttingProxy::~CuttingProxy() {
    ends_ = true;
    thread_.join();
    close(listening_);
}

void CuttingProxy::serve() {
    while (!ends_) {
        std::array<pollfd, 1> sockets{{{listening_, POLLIN, 0}}};
        if (!waits(sockets)) continue;
        const int client = accept(listening_, nullptr, nullptr);
        if (refused_ > 0) {
            --refused_;
            turn_away(client);
            continue;
        }
        int server = connect_to_server(server_);
        if (server != -1) carry(client, server);
        close(client);
        if (server != -1) close(server);
    }
}

void CuttingProxy::refuse(int clients, const std::string& state) {
    state_ = state;
    refused_ = clients;
}

/// As a server does before a session begins.
void CuttingProxy::turn_away(int client) const {
    std::array<char, 1024> greeting{};
    (void)read(client, greeting.data(), greeting.size());
    using namespace std::string_literals;
    const std::string fields = "SFATAL\0VFATAL\0C"s + state_ + "\0Mnot now\0\0"s;
    const std::string answer = "E\0\0\0"s + static_cast<char>(fields.size() + 4) + fields;
    (void)send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    close(client);
}

void CuttingProxy::hold(int client, int& server) {
    std::array<char, 16384> buffer{};
    const ssize_t got = read(client, buffer.data(), buffer.size());
    held_.assign(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    held_by_ = std::exchange(server, -1);
}

void CuttingProxy::deliver() {
    const int server = held_by_.exchange(-1);
    std::array<char, 16384> answer{};
    (void)send(server, held_.data(), held_.size(), MSG_NOSIGNAL);
    (void)read(server, answer.data(), answer.size());
    close(server);
}

void CuttingProxy::carry(int client, int& server) {
    bool was_answered = true;
    while (!ends_) {
        std::array<pollfd, 2> sockets{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        if (!waits(sockets)) continue;
        if (sockets[0].revents != 0) {
            if (holds_.exchange(false)) return hold(client, server);
            round_trips_ += std::exchange(was_answered, false) ? 1 : 0;
            if (!pass(client, server, from_client_)) return;
        }
        if (sockets[1].revents != 0) {
            was_answered = true;
            if (!pass(server, client, from_server_)) return;
        }
    }
}

bool CuttingProxy::pass(int from, int to, std::atomic<std::int64_t>& left) {
    std::array<char, 16384> buffer{};
    const ssize_t got = read(from, buffer.data(), buffer.size());
    if (got <= 0) return false;
    ssize_t count = got;
    const std::int64_t limit = left;
    if (limit > 0) {
        count = std::min<ssize_t>(got, limit);
        left = limit - count;
    }
    const bool sent = send(to, buffer.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL) == count;
    if (limit == 0 || left > 0) return sent;
    ++cuts_;
    return false;
}

}  // namespace store_contract
