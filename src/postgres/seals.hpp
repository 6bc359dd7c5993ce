#pragma once

#include <cstdint>
#include <span>

#include "entitle/value/seal.hpp"

#include "connection.hpp"

/// Seals and archives, each within a transaction. `fits` is off where nothing was done, since the ledger is not
/// sealed so far.
namespace entitle::inline v0::postgres {

[[nodiscard]] Code keep_heads(Connection& connection, CustomerId customer, std::uint64_t first,
                              std::span<const Digest> heads, bool& fits);
[[nodiscard]] Code archive(Connection& connection, const Base& base, bool& fits);
/// What a base holds, whose seal is known.
[[nodiscard]] Code read_base(Connection& connection, Base& base);

}  // namespace entitle::inline v0::postgres
