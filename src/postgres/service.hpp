#pragma once

#include <vector>

#include "entitle/store/store.hpp"

#include "connection.hpp"

/// What service levels keep: what they are made of, inside the caller's transaction, and the lists of cases.
namespace entitle::inline v0::postgres {

/// In the place of the former, but for a service level.
[[nodiscard]] Code keep(Connection& connection, const ServiceTerms& terms);
/// Appends all.
[[nodiscard]] Code list(Connection& connection, std::vector<ServiceTerms>& out);

[[nodiscard]] Code scan(Connection& connection, const Filter& filter, Cursor& cursor,
                        std::vector<ServedCase>& out);
[[nodiscard]] Code scan_due(Connection& connection, Instant until, CustomerId only, Cursor& cursor,
                            std::vector<ServedCase>& out);

}  // namespace entitle::inline v0::postgres
