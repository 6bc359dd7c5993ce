#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "entitle/value/channel.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/period_terms.hpp"
#include "entitle/value/support_case.hpp"

/// Section 8: boundaries that have passed, computed again with what came late.
namespace entitle::inline v0::rule {

/// What a top-up paid of a posting on a counter (the total where there is no channel), or gets back of it.
struct Share {
    std::uint64_t top_up = 0;
    Channel counter{};
    std::int64_t amount = 0;

    friend bool operator==(const Share&, const Share&) = default;
};

/// A boundary that entries told of: what it found of each counter, with all that came late to the period before it.
struct PastBoundary {
    /// Of a counter's base allotment.
    struct Found {
        std::int64_t base = 0;
        std::int64_t held = 0;  ///< what holds ask of it
    };

    EntryRef place{};
    Instant at{};
    Rollover rollover{};
    std::vector<std::pair<Channel, Found>> counters{};  ///< that are known; the total's has no channel
    std::vector<Share> rests{};                         ///< what top-ups had

    /// What it found of a counter; of one that no entry had told of yet, `unknown`.
    [[nodiscard]] Found& found(const Channel& counter, std::int64_t unknown) {
        for (auto& [known, found] : counters) {
            if (known == counter) return found;
        }
        return counters.emplace_back(counter, Found{unknown, 0}).second;
    }
    /// Finds so much more from now on; how much more that leaves behind it.
    [[nodiscard]] std::int64_t shift(const Channel& counter, PastBoundary::Found by, std::int64_t unknown) {
        Found& is = found(counter, unknown);
        const std::int64_t left = rollover.of(is.base, is.held);
        is.base += by.base;
        is.held = std::max(is.held + by.held, std::int64_t{0});
        return rollover.of(is.base, is.held) - left;
    }
};

/// The boundaries of one entitlement, in order.
class PastBoundaries {
public:
    void add(PastBoundary boundary) { boundaries_.push_back(std::move(boundary)); }

    /// Those between two places of the ledger.
    template <class Do>
    void between(EntryRef from, EntryRef until, Do each) {
        auto at = std::partition_point(boundaries_.begin(), boundaries_.end(),
                                       [&](const PastBoundary& one) { return one.place < from; });
        for (; at != boundaries_.end() && at->place <= until; ++at) each(*at);
    }
    /// The first of them, or none.
    [[nodiscard]] PastBoundary* first_between(EntryRef from, EntryRef until) {
        PastBoundary* first = nullptr;
        between(from, until, [&](PastBoundary& one) { first = first == nullptr ? &one : first; });
        return first;
    }
    /// What an event at `from`, told of at `until`, makes of a counter's base allotment, once each boundary between has
    /// passed again: how much more is left of it.
    [[nodiscard]] std::int64_t shift(EntryRef from, EntryRef until, const Channel& counter,
                                     PastBoundary::Found by, std::int64_t unknown) {
        between(from, until, [&](PastBoundary& one) { by.base = one.shift(counter, by, unknown); });
        return by.base;
    }

private:
    std::vector<PastBoundary> boundaries_;
};

}  // namespace entitle::inline v0::rule
