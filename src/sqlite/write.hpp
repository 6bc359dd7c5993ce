#pragma once

#include <cstdint>
#include <vector>

#include "entitle/value/plan.hpp"
#include "entitle/value/receipt.hpp"

#include "block.hpp"
#include "connection.hpp"
#include "read.hpp"

/// How the store's tables are written. Each is one or a few statements within the unit's transaction.
namespace entitle::inline v0::sqlite {

/// The two arguments that name an entry: null where there is none.
void bind_reference(Query& query, const EntryRef& entry);

/// A new customer gets its key.
[[nodiscard]] int insert_customer(Connection& connection, Block& block);
/// All that commands change of a customer: its numbers, its last rows, what is left. Where they have.
[[nodiscard]] int write_customer(Connection& connection, Block& block);

/// A row as it is in its block; `place` is its place there.
[[nodiscard]] int insert_entitlement(Connection& connection, Block& block, std::size_t place);
[[nodiscard]] int replace_entitlement(Connection& connection, Block& block, std::size_t place);
/// Takes away all but what the ledger refers to.
[[nodiscard]] int remove_entitlement(Connection& connection, const Block& block, std::uint64_t sequence);
/// What changes without the agreement.
[[nodiscard]] int write_standing(Connection& connection, const Block& block, std::size_t place);

/// One entry, with the balances after it.
struct NewEntry {
    std::uint64_t number = 0;
    std::size_t ordinal = 0;
    std::uint64_t entitlement = 0;  ///< its sequence
    std::int64_t support_case = 0;  ///< its key; 0: none
    Channel channel{};
    std::int64_t remaining = 0;
    std::int64_t channel_remaining = 0;
    Unit unit{};
};
/// It is then the block's last one.
[[nodiscard]] int insert_entry(Connection& connection, Block& block, const Plan& plan,
                               const PlannedEntry& planned, const NewEntry& entry);

/// It is then the block's last one.
[[nodiscard]] int insert_case(Connection& connection, Block& block, const SupportCase& after,
                              std::uint64_t entitlement);
[[nodiscard]] int update_case(Connection& connection, const KnownCase& after, std::uint64_t entitlement);
[[nodiscard]] int erase_case(Connection& connection, const KnownCase& after);
[[nodiscard]] int insert_opening(Connection& connection, const KnownCase& before);

/// Once its entries are written.
[[nodiscard]] int remember_request(Connection& connection, const Block& block, const Plan& plan,
                                   const Receipt& receipt);

}  // namespace entitle::inline v0::sqlite
