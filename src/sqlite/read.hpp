#pragma once

#include <cstdint>
#include <vector>

#include "entitle/value/entry.hpp"
#include "entitle/value/support_case.hpp"
#include "entitle/value/view.hpp"

#include "../store/reading.hpp"
#include "block.hpp"
#include "connection.hpp"

/// How the store's tables are read. Nothing here changes anything; what the file says is checked, not trusted.
namespace entitle::inline v0::sqlite {

/// Numbers and customers stay below these, so that a cursor holds both.
inline constexpr std::int64_t max_customer = (std::int64_t{1} << 31) - 1;
using store::max_number;

/// A case as the file has it.
struct KnownCase : store::KnownCase {
    std::int64_t key = 0;  ///< its row; 0: there is no such case
};

/// The whole of a customer; `block.key` stays 0 where there is none.
[[nodiscard]] int read_block(Connection& connection, CustomerId id, Block& block);
/// An item of a scope: its kind, and its id.
void read_scope_item(Query& query, Scope& scope);
[[nodiscard]] int read_case(Connection& connection, const Block& block, CaseId id, KnownCase& out);
[[nodiscard]] int read_first(Connection& connection, const Block& block, RequestId id, View& out);
/// An entitlement's entries from a command on, read from the last one backwards.
[[nodiscard]] int read_history(Connection& connection, const Block& block, EntitlementId id,
                               std::uint64_t from, std::vector<Entry>& out);
/// Whether the ledger knows an entitlement, and whether a case refers to it.
[[nodiscard]] int read_mentions(Connection& connection, const Block& block, EntitlementId id, View& out);
[[nodiscard]] int read_is_referred(Connection& connection, const Block& block, EntitlementId id,
                                   bool& referred);

/// The columns of `ENTITLE_CASE_COLUMNS`, from the key on.
void read_case_row(Query& query, CustomerId customer, KnownCase& out);

}  // namespace entitle::inline v0::sqlite
