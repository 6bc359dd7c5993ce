#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "entitle/value/channel.hpp"
#include "entitle/value/instant.hpp"

namespace entitle::inline v0 {

/// Terms that were added to an entitlement besides what was agreed (section 8), while they have not ended.
/// What was agreed, the base allotment, has the rest of each counter's balance.
struct TopUpState {
    std::uint64_t number = 0;     ///< of the command that made it; 0: of the one that is being decided
    std::int64_t amount = 0;      ///< base units
    Channel channel{};            ///< that it raises besides the total; none: none
    std::int32_t priority = 100;  ///< lower is used first; that of the base allotment is 100
    Instant from = Instant::min();
    Instant expires = Instant::max();        ///< exclusive; never: `max()`
    std::optional<std::int64_t> rollover{};  ///< base units, of each counter; absent: all of it passes
    bool begun = false;
    std::int64_t left = 0;          ///< of the total
    std::int64_t channel_left = 0;  ///< of `channel`

    /// When time changes it next.
    [[nodiscard]] Instant due() const { return begun ? expires : from; }
    /// What passes a boundary of a rest.
    [[nodiscard]] std::int64_t passes(std::int64_t rest) const {
        return rollover ? std::min(rest, *rollover) : rest;
    }
    /// Whether it raises a counter: the total where there is no channel.
    [[nodiscard]] bool raises(const Channel& counter) const {
        return counter.is_none() || counter == channel;
    }
    /// What is left of it on a counter that it raises.
    [[nodiscard]] std::int64_t& rest(const Channel& counter) {
        return counter.is_none() ? left : channel_left;
    }
    [[nodiscard]] std::int64_t rest(const Channel& counter) const {
        return counter.is_none() ? left : channel_left;
    }

    friend bool operator==(const TopUpState&, const TopUpState&) = default;
};

/// The top-ups of an entitlement that have not ended, in the order in which they were made.
struct TopUps {
    std::uint64_t first = 0;  ///< the command that made the first of all, ended ones included; 0: none ever
    Instant base_ends = Instant::max();  ///< when the base allotment ends, which is where its period does
    std::vector<TopUpState> open{};

    /// When time changes one next; none: `max()`.
    [[nodiscard]] Instant due() const {
        Instant soonest = Instant::max();
        for (const TopUpState& one : open) soonest = std::min(soonest, one.due());
        return soonest;
    }
    /// What is left of all of them on a counter: the rest of its balance is the base allotment's.
    [[nodiscard]] std::int64_t left(const Channel& counter) const {
        std::int64_t sum = 0;
        for (const TopUpState& one : open) {
            if (one.raises(counter)) sum += one.rest(counter);
        }
        return sum;
    }
    [[nodiscard]] const TopUpState* find(std::uint64_t number) const {
        const auto found = std::find_if(open.begin(), open.end(),
                                        [number](const TopUpState& one) { return one.number == number; });
        return found == open.end() ? nullptr : &*found;
    }
    [[nodiscard]] TopUpState* find(std::uint64_t number) {
        const auto found = std::find_if(open.begin(), open.end(),
                                        [number](const TopUpState& one) { return one.number == number; });
        return found == open.end() ? nullptr : &*found;
    }

    friend bool operator==(const TopUps&, const TopUps&) = default;
};

}  // namespace entitle::inline v0
