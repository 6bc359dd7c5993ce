#pragma once

#include <cstdint>
#include <span>

#include "entitle/value/seal.hpp"

#include "connection.hpp"

/// Seals and bases: `fits` says whether the ledger is sealed, or there, so far; where it is not, nothing is done.
namespace entitle::inline v0::sqlite {

[[nodiscard]] int keep_heads(Connection& connection, CustomerId customer, std::uint64_t first,
                             std::span<const Digest> heads, bool& fits);
/// Entries that a remembered request is answered from stay, marked, until that is forgotten.
[[nodiscard]] int archive(Connection& connection, const Base& base, bool& fits);

/// The counters and cases of a base.
[[nodiscard]] int read_base(Connection& connection, std::int64_t customer, Base& base);

}  // namespace entitle::inline v0::sqlite
