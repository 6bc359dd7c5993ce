#pragma once

#include <cstdint>

#include "entitle/value/error.hpp"

/// What the PostgreSQL store is made of.
namespace entitle::inline v0::postgres {

/// How it went with the database. Small, and the same everywhere inside; it becomes an `Error` where it leaves
/// the store. An error never carries the server's words: they may name what is secret.
enum class Code : std::uint8_t {
    ok,
    again,    ///< a deadlock or a serialisation failure: the transaction is void, and may be tried anew
    lost,     ///< no connection, or one that no longer serves writers
    unknown,  ///< lost while committing, and nobody could say what came of it
    busy,
    full,
    memory,
    read_only,
    unavailable,
    not_ours,
    newer,
    corrupt,
    taken,     ///< a key is there already
    referred,  ///< a row that another needs would be missing
    limit,
    not_utf8,
    transaction_lost,  ///< the host's
    failed,
};

[[nodiscard]] ErrorCode error_code_of(Code code);
[[nodiscard]] Error error_of(Code code);
/// Of a server's five-letter state; none is null.
[[nodiscard]] Code code_of_state(const char* state);

}  // namespace entitle::inline v0::postgres
