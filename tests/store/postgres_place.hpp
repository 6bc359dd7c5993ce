#pragma once

#include <cctype>
#include <memory>
#include <string>

#include "entitle/store/postgres_store.hpp"

#include "../conformance/forwarding_store.hpp"
#include "postgres_server.hpp"

namespace store_contract {

/// How to connect to a place on the tests' server: a schema of its own.
[[nodiscard]] inline std::string conninfo_of(const std::string& place) {
    std::string schema = "at";
    for (const char c : place) schema += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    for (char& c : schema) c = entitle::ascii_lower(c);
    return PostgresServer::shared().conninfo(schema);
}

namespace detail {

/// Made before the store that forwards to it.
struct AttachedPostgres {
    explicit AttachedPostgres(const std::string& place)
        : host{conninfo_of(place)}, inner{entitle::PostgresStore::attach(host.handle()).value()} {}

    PostgresConnection host;
    std::unique_ptr<entitle::PostgresStore> inner;
};

}  // namespace detail

/// A store attached to a host's connection that it keeps.
class AttachedPostgresStore final : private detail::AttachedPostgres, public conformance::ForwardingStore {
public:
    explicit AttachedPostgresStore(const std::string& place)
        : AttachedPostgres{place}, ForwardingStore{*inner} {}

    using detail::AttachedPostgres::host;
};

}  // namespace store_contract
