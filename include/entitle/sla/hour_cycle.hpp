#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "entitle/value/business_hours.hpp"

/// Open hours that come again and again on the wall clock, and how much of them lies before a time.
namespace entitle::inline v0::sla::detail {

using std::chrono::microseconds;

/// One round of some days, repeated for ever to both sides of the local midnight of 1970-01-01 (a Thursday).
/// Times are what the wall clock shows, in microseconds since then.
class HourCycle {
public:
    /// `hours` lie within [0, length), in order, and do not overlap; none is empty.
    HourCycle(std::chrono::seconds length, const std::vector<OpenHours>& hours) : length_{length} {
        for (const OpenHours& each : hours) {
            slots_.push_back({each.from, each.to, open_});
            open_ += each.to - each.from;
        }
    }

    /// Open time from 1970 to `time`; negative before. It never falls as time goes on, and rises while open.
    [[nodiscard]] microseconds open_until(microseconds time) const {
        const std::int64_t round = floor_divide(time, length_);
        const microseconds within = time - round * length_;
        const auto after = std::partition_point(slots_.begin(), slots_.end(),
                                                [&](const Slot& slot) { return slot.from <= within; });
        if (after == slots_.begin()) return round * open_;
        const Slot& slot = *std::prev(after);
        return round * open_ + slot.open_before + std::min(within, slot.to) - slot.from;
    }

    /// The first time that has so much open time before it: where hours end, their end. Some time is open.
    [[nodiscard]] microseconds earliest(microseconds open) const {
        const std::int64_t round = floor_divide(open - microseconds{1}, open_);
        const microseconds rest = open - round * open_;  // in (0, open_]
        const Slot& slot = *std::prev(std::partition_point(
            slots_.begin(), slots_.end(), [&](const Slot& each) { return each.open_before < rest; }));
        return round * length_ + slot.from + (rest - slot.open_before);
    }

    /// The last time that has so much open time before it: where hours end, the next beginning. Some time is
    /// open.
    [[nodiscard]] microseconds latest(microseconds open) const {
        const std::int64_t round = floor_divide(open, open_);
        const microseconds rest = open - round * open_;  // in [0, open_)
        const Slot& slot = *std::prev(std::partition_point(
            slots_.begin(), slots_.end(), [&](const Slot& each) { return each.open_before <= rest; }));
        return round * length_ + slot.from + (rest - slot.open_before);
    }

private:
    struct Slot {
        microseconds from{};
        microseconds to{};
        microseconds open_before{};
    };

    [[nodiscard]] static std::int64_t floor_divide(microseconds a, microseconds b) {
        return a / b - (a % b < microseconds{0} ? 1 : 0);
    }

    microseconds length_{};
    microseconds open_{};  ///< in one round
    std::vector<Slot> slots_{};
};

}  // namespace entitle::inline v0::sla::detail
