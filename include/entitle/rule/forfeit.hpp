#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "entitle/value/channel.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/period_terms.hpp"
#include "entitle/value/support_case.hpp"

/// Section 8: what is left today of an amount that is given back to a period that has ended.
namespace entitle::inline v0::rule {

/// What a reversal returns, of the total and of its channel.
struct Returned {
    std::int64_t total = 0;
    std::int64_t channel = 0;
};

/// Gives back, by an entry at `at`, what was posted by another: what is left of it then. Each boundary in between
/// counts what was given back before it from then on, in its `total` and in `channel_of` it.
template <class Boundaries, class ChannelOf>
Returned give_back(Boundaries& boundaries, Returned returned, EntryRef posted, EntryRef at,
                   ChannelOf channel_of) {
    for (auto& boundary : boundaries) {
        if (boundary.place < posted || at < boundary.place) continue;
        std::int64_t& channel = channel_of(boundary);
        const Returned before = returned;
        returned.total = boundary.rollover.passes(boundary.total, before.total);
        returned.channel = boundary.rollover.passes(channel, before.channel);
        boundary.total += before.total;
        channel += before.channel;
    }
    return returned;
}

/// The boundaries of an entitlement, as recomputing them finds them: what was given back late to a period
/// that had ended is added to what was left at its end. So all that comes back to one period shares its
/// rollover. Of a boundary whose entries were archived nothing is known any more: it is taken for one that
/// everything passed.
class Boundaries {
public:
    /// Of the total and one channel, or none. `today`: what is left on the channel, where no entry tells.
    Boundaries(std::span<const Entry> history, const Channel& channel, std::int64_t today) {
        std::int64_t balance = balance_before(channel, history, today);
        for (const Entry& entry : history) {
            const EntryRef place{entry.number, entry.ordinal};
            if (entry.kind == EntryKind::period) add(entry, place, channel, balance);
            if (channel && entry.channel == channel) balance = entry.channel_remaining;
        }
        for (const Entry& entry : history) {
            if (entry.kind != EntryKind::reversal) continue;
            const bool is_same = channel && entry.channel == channel;
            (void)give_back({entry.total_moved, is_same ? entry.channel_moved : 0}, entry.reverses,
                            {entry.number, entry.ordinal});
        }
    }

    /// Gives back, by an entry at `at`, what was posted by another: what is left of it then.
    Returned give_back(Returned returned, EntryRef posted, EntryRef at) {
        return rule::give_back(boundaries_, returned, posted, at,
                               [](Boundary& boundary) -> std::int64_t& { return boundary.channel; });
    }

private:
    struct Boundary {
        EntryRef place{};
        Rollover rollover{};
        std::int64_t total = 0;    ///< before it
        std::int64_t channel = 0;  ///< before it
    };

    /// A channel that has no entry at a boundary was not moved.
    void add(const Entry& entry, EntryRef place, const Channel& channel, std::int64_t balance) {
        if (!entry.channel) {
            boundaries_.push_back(
                {place, Rollover::from(entry.amount), entry.remaining - entry.total_moved, balance});
        } else if (entry.channel == channel && !boundaries_.empty()) {
            boundaries_.back().channel = entry.channel_remaining - entry.channel_moved;
        }
    }
    /// A channel's balance before the first of some entries, as the first that names it tells.
    [[nodiscard]] static std::int64_t balance_before(const Channel& channel, std::span<const Entry> entries,
                                                     std::int64_t otherwise) {
        for (const Entry& entry : entries) {
            if (channel && entry.channel == channel) return entry.channel_remaining - entry.channel_moved;
        }
        return otherwise;
    }

    std::vector<Boundary> boundaries_;
};

/// The command from which on the history must be known to take back what was posted: others have given back
/// late, too, what was posted before it.
[[nodiscard]] inline std::uint64_t history_needed(const Posted& posted, std::span<const Entry> history) {
    std::uint64_t from = posted.entry.number;
    bool has_boundary = false;
    for (const Entry& entry : history) {
        has_boundary = has_boundary || entry.kind == EntryKind::period;
        if (entry.kind == EntryKind::reversal && has_boundary) from = std::min(from, entry.reverses.number);
    }
    return from;
}

}  // namespace entitle::inline v0::rule
