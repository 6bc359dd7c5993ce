#pragma once

#include <cstdint>
#include <vector>

#include "entitle/value/entry.hpp"
#include "entitle/value/support_case.hpp"
#include "entitle/value/view.hpp"

#include "block.hpp"
#include "connection.hpp"

/// How the store's tables are read. Nothing here changes anything; what the file says is checked, not trusted.
namespace entitle::inline v0::sqlite {

/// Numbers and customers stay below these, so that a cursor holds both.
inline constexpr std::int64_t max_customer = (std::int64_t{1} << 31) - 1;
inline constexpr std::int64_t max_number = (std::int64_t{1} << 32) - 1;

/// A case as the file has it.
struct KnownCase {
    std::int64_t key = 0;  ///< its row; 0: there is no such case
    SupportCase now{};
    bool has_opening = false;
    Opening opening{};
};

/// The whole of a customer; `block.key` stays 0 where there is none.
[[nodiscard]] int read_block(Connection& connection, CustomerId id, Block& block);
[[nodiscard]] int read_case(Connection& connection, const Block& block, CaseId id, KnownCase& out);
[[nodiscard]] int read_first(Connection& connection, const Block& block, RequestId id, View& out);
/// Whether the ledger knows an entitlement, and whether a case refers to it.
[[nodiscard]] int read_mentions(Connection& connection, const Block& block, EntitlementId id, View& out);
[[nodiscard]] int read_is_referred(Connection& connection, const Block& block, EntitlementId id,
                                   bool& referred);

/// The two columns, both null where there is none, that name an entry.
[[nodiscard]] EntryRef reference_of(Query& query);
/// One column after another of the text that `ENTITLE_ENTRY_COLUMNS` begins, from the number on.
[[nodiscard]] Entry entry_of(Query& query, CustomerId customer);
/// The same of `ENTITLE_CASE_COLUMNS`, from the key on.
void read_case_row(Query& query, CustomerId customer, KnownCase& out);

}  // namespace entitle::inline v0::sqlite
