#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "entitle/value/channel.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/support_case.hpp"

namespace entitle::inline v0 {

/// A hold that time will end (section 8), while it stands.
struct ExpiringHold {
    EntryRef entry{};  ///< that made it; of the command that is being decided: none
    CaseId support_case{};
    std::int64_t quantity = 0;  ///< base units
    Channel channel{};          ///< of which it holds besides the total; none: none
    Instant until{};
    /// Of the total, were it freed now, and those that end sooner with it: boundaries have passed since.
    std::int64_t lost = 0;
    std::int64_t channel_lost = 0;  ///< … of `channel`

    /// Whether it holds of a counter: the total where there is no channel.
    [[nodiscard]] bool is_on(const Channel& counter) const { return counter.is_none() || counter == channel; }
    [[nodiscard]] std::int64_t& lost_of(const Channel& counter) {
        return counter.is_none() ? lost : channel_lost;
    }

    friend bool operator==(const ExpiringHold&, const ExpiringHold&) = default;
};

/// The holds of an entitlement's cases that time will end, in the order in which they were made.
struct ExpiringHolds {
    std::uint64_t first = 0;  ///< the command that made the first of all, ended ones included; 0: none ever
    std::vector<ExpiringHold> open{};

    /// When the next one ends; none: `max()`.
    [[nodiscard]] Instant due() const {
        Instant soonest = Instant::max();
        for (const ExpiringHold& one : open) soonest = std::min(soonest, one.until);
        return soonest;
    }
    /// The holds in the order in which they will end; of those that end together, in which they were made.
    [[nodiscard]] std::vector<ExpiringHold*> by_end() {
        std::vector<ExpiringHold*> order;
        for (ExpiringHold& one : open) order.push_back(&one);
        std::stable_sort(order.begin(), order.end(),
                         [](const ExpiringHold* a, const ExpiringHold* b) { return a->until < b->until; });
        return order;
    }
    [[nodiscard]] const ExpiringHold* find(EntryRef entry) const {
        const auto found = std::find_if(open.begin(), open.end(),
                                        [&](const ExpiringHold& one) { return one.entry == entry; });
        return found == open.end() ? nullptr : &*found;
    }

    friend bool operator==(const ExpiringHolds&, const ExpiringHolds&) = default;
};

/// Whether what a case holds still stands, once all has passed that its entitlement's holds say has.
[[nodiscard]] inline bool still_stands(const Held& held, const ExpiringHolds& holds) {
    return held.stands() && (!held.expires() || holds.find(held.entry) != nullptr);
}

}  // namespace entitle::inline v0
