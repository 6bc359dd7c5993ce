#pragma once

#include <vector>

#include "entitle/store/store.hpp"

#include "chain.hpp"
#include "connection.hpp"

/// Cold reading, a page at a time: a cursor's position is a customer's key and a number of its own below it,
/// so that a page may end within a customer, and the next begins where it ended whatever was added.
namespace entitle::inline v0::sqlite {

[[nodiscard]] int scan_entitlements(Connection& connection, const Filter& filter, Cursor& cursor,
                                    std::vector<Entitlement>& out);
[[nodiscard]] int scan_cases(Connection& connection, const Filter& filter, Cursor& cursor, Trails& trails,
                             std::vector<SupportCase>& out);
[[nodiscard]] int scan_entries(Connection& connection, const Filter& filter, Cursor& cursor, Trails& trails,
                               std::vector<Entry>& out);

[[nodiscard]] int scan_heads(Connection& connection, const Filter& filter, Cursor& cursor,
                             std::vector<Seal>& out);
[[nodiscard]] int scan_bases(Connection& connection, const Filter& filter, Cursor& cursor,
                             std::vector<Base>& out);

[[nodiscard]] int find_customer(Connection& connection, EntitlementId id, CustomerId& out);
[[nodiscard]] int find_customer(Connection& connection, CaseId id, CustomerId& out);

[[nodiscard]] int forget_requests(Connection& connection, Instant before, std::uint64_t& count);

}  // namespace entitle::inline v0::sqlite
