#pragma once

#include <vector>

#include "entitle/store/store.hpp"

#include "connection.hpp"

/// Cold reading, a page at a time: a cursor holds a customer and a number of its own, so that a page may end
/// within a customer, and the next begins where it ended whatever was added.
namespace entitle::inline v0::postgres {

[[nodiscard]] Code scan(Connection& connection, const Filter& filter, Cursor& cursor,
                        std::vector<Entitlement>& out);
[[nodiscard]] Code scan(Connection& connection, const Filter& filter, Cursor& cursor,
                        std::vector<SupportCase>& out);
[[nodiscard]] Code scan(Connection& connection, const Filter& filter, Cursor& cursor,
                        std::vector<Entry>& out);
[[nodiscard]] Code scan(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Seal>& out);
[[nodiscard]] Code scan(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Base>& out);

[[nodiscard]] Code find_customer(Connection& connection, EntitlementId id, CustomerId& out);
[[nodiscard]] Code find_customer(Connection& connection, CaseId id, CustomerId& out);

[[nodiscard]] Code forget_requests(Connection& connection, Instant before, std::uint64_t& count);

}  // namespace entitle::inline v0::postgres
