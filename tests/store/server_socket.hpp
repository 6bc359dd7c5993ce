#pragma once

#include <stdexcept>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace store_contract {

namespace detail {

/// Where a PostgreSQL server listens in its folder.
[[nodiscard]] inline sockaddr_un address_of(const std::string& folder) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder + "/.s.PGSQL.5432";
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

}  // namespace detail

/// A socket that clients take for a server's.
[[nodiscard]] inline int listen_as_server(const std::string& folder) {
    const int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un address = detail::address_of(folder);
    const void* at = &address;
    if (bind(listening, static_cast<const sockaddr*>(at), sizeof address) != 0 ||
        listen(listening, 32) != 0) {
        throw std::runtime_error{"no socket to listen on"};
    }
    return listening;
}

/// A connection to a server; -1: there is none.
[[nodiscard]] inline int connect_to_server(const std::string& folder) {
    const int server = socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un address = detail::address_of(folder);
    const void* at = &address;
    if (connect(server, static_cast<const sockaddr*>(at), sizeof address) == 0) return server;
    close(server);
    return -1;
}

}  // namespace store_contract
