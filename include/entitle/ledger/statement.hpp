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

/// What cases used of one entitlement through one channel, in one of its periods. What was used of a hold that
/// boundaries had passed since counts in the hold's.
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
        const Span period{begins[at], at + 1 < begins.size() ? begins[at + 1] : known->second.end};
        if (entry.kind == EntryKind::hold)
            known->second.holds[{entry.number, entry.ordinal}] = {period, entry.amount};
        return period;
    }

    /// A hold that entries have told of.
    struct Hold {
        Span period{};
        std::int64_t amount = 0;
    };
    /// The hold that a posting counts within, where it was made in a period that has ended; or none.
    [[nodiscard]] const Hold* hold_of(const Entry& posting) const {
        const auto known = known_.find(posting.entitlement);
        if (known == known_.end() || posting.reverses.is_none()) return nullptr;
        const auto hold = known->second.holds.find(posting.reverses);
        return hold == known->second.holds.end() ? nullptr : &hold->second;
    }

private:
    struct Known {
        std::vector<Instant> begins{};
        Instant end{};
        std::size_t at = 0;
        std::map<EntryRef, Hold> holds{};
    };

    std::map<EntitlementId, Known> known_;
};

/// The line of an entry in a period, a new one where there is none yet.
[[nodiscard]] inline Usage& line_of(std::vector<Usage>& lines, const Entry& entry, const Span& period) {
    const auto line = std::find_if(lines.begin(), lines.end(), [&](const Usage& known) {
        return known.entitlement == entry.entitlement && known.channel == entry.channel &&
               known.period == period;
    });
    if (line != lines.end()) return *line;
    return lines.emplace_back(Usage{entry.entitlement, entry.channel, period, entry.unit});
}

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
        const bool posts = entry.kind == EntryKind::posting;
        const auto* const hold = posts ? period_of.hold_of(entry) : nullptr;
        const std::int64_t within = hold == nullptr ? 0 : std::min(-entry.total_moved, hold->amount);
        Usage& line = detail::line_of(lines, entry, hold == nullptr ? period : hold->period);
        ++(posts ? line.postings : line.reversals);
        if (hold == nullptr || within == -entry.total_moved) {
            line.used -= entry.total_moved;
        } else {
            line.used += within;
            detail::line_of(lines, entry, period).used -= entry.total_moved + within;
        }
    }
    return lines;
}

}  // namespace ledger

}  // namespace entitle::inline v0
