#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "scratch.hpp"

namespace store_contract {

/// Stands between one client at a time and a server's socket, counts the round trips, and cuts the connection
/// after so many bytes from either side: before something was sent, after it, in the middle of an answer. It can
/// also speak for the server, and keep what was sent until much later.
class CuttingProxy {
public:
    explicit CuttingProxy(std::string server_folder);
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;
    ~CuttingProxy();

    /// The folder of its own socket: the host of a connection's text.
    [[nodiscard]] std::string folder() const { return scratch_.file(""); }
    /// Once so many more bytes have gone from the client, or from the server; 0: never.
    void cut_after(std::int64_t from_client, std::int64_t from_server) {
        from_client_ = from_client;
        from_server_ = from_server;
    }
    /// The next so many clients are refused with a server's five-letter state.
    void refuse(int clients, const std::string& state);
    /// Cuts the client off at what it sends next, which the server gets with `deliver` and answers nobody.
    void hold_next() { holds_ = true; }
    void deliver();
    [[nodiscard]] std::uint64_t cuts() const { return cuts_; }
    /// How often the client has begun to send after it was answered.
    [[nodiscard]] std::uint64_t round_trips() const { return round_trips_; }

private:
    void serve();
    void carry(int client, int& server);
    void turn_away(int client) const;
    /// Keeps what the client has sent, and the connection on which it is to go on.
    void hold(int client, int& server);
    /// Carries what is there; off: the connection is to end.
    [[nodiscard]] bool pass(int from, int to, std::atomic<std::int64_t>& left);

    Scratch scratch_;
    std::string server_;
    int listening_ = -1;
    std::atomic<std::int64_t> from_client_ = 0;
    std::atomic<std::int64_t> from_server_ = 0;
    std::atomic<std::uint64_t> cuts_ = 0;
    std::atomic<std::uint64_t> round_trips_ = 0;
    std::atomic<int> refused_ = 0;
    std::string state_{};
    std::atomic<bool> holds_ = false;
    std::atomic<int> held_by_ = -1;
    std::string held_{};
    std::atomic<bool> ends_ = false;
    std::thread thread_;
};

}  // namespace store_contract
