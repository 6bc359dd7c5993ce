#pragma once

#include <cstdint>
#include <vector>

#include "entitle/store/store.hpp"

#include "connection.hpp"

/// What service levels keep: what they are made of, and each case's own, inside the caller's transaction.
namespace entitle::inline v0::sqlite {

/// In the place of the former, but for a service level.
[[nodiscard]] int keep(Connection& connection, const ServiceTerms& terms);
/// Appends all.
[[nodiscard]] int list(Connection& connection, std::vector<ServiceTerms>& out);

/// Of the case in that row, from now on.
[[nodiscard]] int write_service(Connection& connection, std::int64_t support_case,
                                const CaseService& service);

[[nodiscard]] int scan_served(Connection& connection, const Filter& filter, Cursor& cursor,
                              std::vector<ServedCase>& out);
[[nodiscard]] int scan_due(Connection& connection, Instant until, CustomerId only, Cursor& cursor,
                           std::vector<ServedCase>& out);

}  // namespace entitle::inline v0::sqlite
