#pragma once

#include <cstdint>

#include "connection.hpp"

/// The tables and views: what they are called and hold, and how they come to be.
namespace entitle::inline v0::postgres {

/// What this library writes.
inline constexpr std::int64_t schema_version = 6;

/// What stands in a database.
struct Schema {
    std::int64_t version = 0;  ///< 0: nothing of ours is there
    std::int64_t min_writer = 0;
    std::int64_t min_reader = 0;

    [[nodiscard]] bool is_current() const { return version >= schema_version; }
};

[[nodiscard]] Code read_schema(Connection& connection, Schema& schema);
/// Makes it, or brings it forward, within the transaction that is open. `again`: another was quicker.
[[nodiscard]] Code migrate(Connection& connection, const Schema& from);

}  // namespace entitle::inline v0::postgres
