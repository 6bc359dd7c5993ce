#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "entitle/value/entitlement.hpp"
#include "entitle/value/entry.hpp"

/// What people read of a ledger: an entitlement's entries with the balances after each, and what was used.
namespace entitle::inline v0 {

/// An entitlement and its entries, in the order in which they were made.
struct Statement {
    Entitlement entitlement{};
    std::vector<Entry> entries{};
};

/// What cases used of one entitlement through one channel, in one of its periods.
struct Usage {
    EntitlementId entitlement{};
    Channel channel{};  ///< none: cases that moved no channel
    Span period{};
    Unit unit{};
    std::int64_t used = 0;  ///< base units: postings less reversals
    std::uint64_t postings = 0;
    std::uint64_t reversals = 0;
};

namespace ledger {

/// Sums the postings and reversals at instants in [from, until), per entitlement and channel, in the
/// entitlements' order and, within one, in the order in which the channels first appear.
[[nodiscard]] inline std::vector<Usage> usage(std::span<const Entitlement> entitlements,
                                              std::span<const Entry> entries, Instant from, Instant until) {
    std::vector<Usage> lines;
    for (const Entitlement& entitlement : entitlements) {
        const std::size_t first = lines.size();
        for (const Entry& entry : entries) {
            const bool counts = entry.kind == EntryKind::posting || entry.kind == EntryKind::reversal;
            if (!counts || entry.entitlement != entitlement.id || entry.at < from || entry.at >= until)
                continue;
            auto line = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(first), lines.end(),
                                     [&](const Usage& known) { return known.channel == entry.channel; });
            if (line == lines.end()) {
                lines.push_back(
                    {entitlement.id, entry.channel, entitlement.span, entitlement.agreement.unit()});
                line = lines.end() - 1;
            }
            line->used -= entry.total_moved;
            ++(entry.kind == EntryKind::posting ? line->postings : line->reversals);
        }
    }
    return lines;
}

}  // namespace ledger

}  // namespace entitle::inline v0
