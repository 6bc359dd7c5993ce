#pragma once

#include "connection.hpp"

namespace entitle::inline v0::sqlite {

/// The schema that this version writes.
inline constexpr int schema_version = 8;
/// The oldest schema that this version reads as it is.
inline constexpr int oldest_read = 8;

/// What a file says about itself.
struct Schema {
    std::int64_t version = 0;     ///< 0: there is none of ours
    std::int64_t min_writer = 0;  ///< the oldest schema whose library may still write the file
    std::int64_t min_reader = 0;  ///< … and read it

    [[nodiscard]] bool is_current() const { return version >= schema_version; }
};

/// Changes nothing.
[[nodiscard]] int read_schema(Connection& connection, Schema& schema);

/// Makes what there was not at `from`, out of what there was: inside the caller's transaction.
[[nodiscard]] int migrate(Connection& connection, std::int64_t from);

}  // namespace entitle::inline v0::sqlite
