#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
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
    std::int64_t used = 0;  ///< base units: postings less reversals, whatever of them was forfeited
    std::uint64_t postings = 0;
    std::uint64_t reversals = 0;
};

namespace ledger {

namespace detail {

/// Whether an entry is a boundary's for the total: there is one for each that is recorded.
[[nodiscard]] inline bool is_boundary(const Entry& entry) {
    return entry.kind == EntryKind::period && !entry.channel;
}

/// In which period of its entitlement an entry was written, as the ledger tells: the one that the last
/// boundary before it began. Where an entitlement was removed, nothing is known of its periods.
class PeriodOf {
public:
    PeriodOf(std::span<const Entitlement> entitlements, std::span<const Entry> entries) {
        for (const Entitlement& one : entitlements) {
            Known& known = known_[one.id];
            known.begins.push_back(one.span.begin);
            const bool is_told = one.periods.due != Instant::max() && !one.top_ups.open.empty();
            known.end = std::min(one.span.end, is_told ? one.top_ups.base_ends : one.periods.due);
        }
        for (const Entry& entry : entries) {
            const auto known = known_.find(entry.entitlement);
            if (is_boundary(entry) && known != known_.end()) known->second.begins.push_back(entry.at);
        }
    }

    /// The next entry, in the ledger's order.
    [[nodiscard]] Span next(const Entry& entry) {
        const auto known = known_.find(entry.entitlement);
        if (known == known_.end()) return {};
        const auto& begins = known->second.begins;
        std::size_t& at = known->second.at;
        if (is_boundary(entry)) ++at;
        return {begins[at], at + 1 < begins.size() ? begins[at + 1] : known->second.end};
    }

private:
    struct Known {
        std::vector<Instant> begins{};
        Instant end{};
        std::size_t at = 0;
    };

    std::map<EntitlementId, Known> known_;
};

}  // namespace detail

/// Sums the postings and reversals at instants in [from, until), per entitlement, channel and period, in the
/// order in which the ledger first tells of them. One that was removed still counts; its periods are no
/// longer known.
[[nodiscard]] inline std::vector<Usage> usage(std::span<const Entitlement> entitlements,
                                              std::span<const Entry> entries, Instant from, Instant until) {
    std::vector<Usage> lines;
    detail::PeriodOf period_of{entitlements, entries};
    for (const Entry& entry : entries) {
        const Span period = period_of.next(entry);
        const bool counts = entry.kind == EntryKind::posting || entry.kind == EntryKind::reversal;
        if (!counts || entry.at < from || entry.at >= until) continue;
        auto line = std::find_if(lines.begin(), lines.end(), [&](const Usage& known) {
            return known.entitlement == entry.entitlement && known.channel == entry.channel &&
                   known.period == period;
        });
        if (line == lines.end()) {
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
