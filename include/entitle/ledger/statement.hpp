#pragma once

#include <algorithm>
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

/// Sums the postings and reversals at instants in [from, until), per entitlement and channel, in the order in
/// which the ledger first tells of them. One that was removed still counts; its period is no longer known.
[[nodiscard]] inline std::vector<Usage> usage(std::span<const Entitlement> entitlements,
                                              std::span<const Entry> entries, Instant from, Instant until) {
    std::vector<Usage> lines;
    for (const Entry& entry : entries) {
        const bool counts = entry.kind == EntryKind::posting || entry.kind == EntryKind::reversal;
        if (!counts || entry.at < from || entry.at >= until) continue;
        auto line = std::find_if(lines.begin(), lines.end(), [&](const Usage& known) {
            return known.entitlement == entry.entitlement && known.channel == entry.channel;
        });
        if (line == lines.end()) {
            const auto of = std::find_if(entitlements.begin(), entitlements.end(),
                                         [&](const Entitlement& one) { return one.id == entry.entitlement; });
            const Span period = of == entitlements.end() ? Span{} : of->span;
            lines.push_back({entry.entitlement, entry.channel, period, entry.unit});
            line = lines.end() - 1;
        }
        line->used -= entry.total_moved;
        ++(entry.kind == EntryKind::posting ? line->postings : line->reversals);
    }
    return lines;
}

}  // namespace ledger

}  // namespace entitle::inline v0
