#pragma once

#include <cstddef>

#include "entitle/value/receipt.hpp"
#include "entitle/value/support_case.hpp"

#include "block.hpp"

/// How a plan's entries change what a unit has in memory. What of it goes into a database is each store's own.
namespace entitle::inline v0::store {

/// Whether a plan's agreements, counters and units are as it relied on; its case is the caller's to compare.
[[nodiscard]] bool still_holds(const Plan& plan, Block& block);

/// An entry as it came out.
struct Posting {
    const EntitlementRow& row;
    Channel channel{};  ///< none: only the total
    std::int64_t channel_remaining = 0;
};
/// The same of a boundary, before anything else of the plan; it is no part of the receipt.
Posting pass(const Plan& plan, std::size_t ordinal, Block& block);
/// Moves what one of a plan's entries says, and adds it to the receipt.
Posting post(const Plan& plan, std::size_t ordinal, Block& block, Receipt& receipt);

/// The row of a plan's last entry: the entitlement that its case has from now on.
[[nodiscard]] const EntitlementRow& last_row(const Plan& plan, const Block& block);

/// A plan's case after it, whose number the block has taken; of one that was there, as it was before.
[[nodiscard]] SupportCase case_after(const Plan& plan, const Block& block, const SupportCase* before);

}  // namespace entitle::inline v0::store
