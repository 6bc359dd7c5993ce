#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "entitle/value/cycle.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/quantity.hpp"

namespace entitle::inline v0 {

/// What passes a boundary of a balance, of a total as of a channel (section 8).
struct Rollover {
    std::int64_t most = 0;           ///< of what is left, base units
    bool preserves_overage = false;  ///< what is owed passes too, all of it; off: it is dropped

    [[nodiscard]] constexpr std::int64_t of(std::int64_t left) const {
        if (left >= 0) return std::min(left, most);
        return preserves_overage ? left : 0;
    }

    /// … of what is left while cases hold so much of it: what they hold, as far as it is there, is set aside and
    /// passes whole.
    [[nodiscard]] constexpr std::int64_t of(std::int64_t left, std::int64_t held) const {
        const std::int64_t aside = std::min(held, std::max(left, std::int64_t{0}));
        return of(left - aside) + aside;
    }

    /// As an entry of a boundary keeps it: the most; where what is owed passes too, -1 less the most.
    [[nodiscard]] constexpr std::int64_t amount() const { return preserves_overage ? -1 - most : most; }
    [[nodiscard]] static constexpr Rollover from(std::int64_t amount) {
        return amount < 0 ? Rollover{-1 - amount, true} : Rollover{amount, false};
    }

    friend bool operator==(const Rollover&, const Rollover&) = default;
};

/// How the terms of an agreement come anew: "200 cases a month". At each boundary the total, and each
/// channel's own, is there again, with what is carried over of what was left.
struct PeriodTerms {
    Cycle cycle{};
    std::optional<Quantity>
        rollover{};                 ///< the most that is carried over, also of each channel; absent: nothing
    bool preserve_overage = false;  ///< a negative remaining is carried too; off: it is dropped

    [[nodiscard]] Rollover carries() const { return {rollover ? rollover->value : 0, preserve_overage}; }

    friend bool operator==(const PeriodTerms&, const PeriodTerms&) = default;
};

/// How far an entitlement's periods have come. Kept beside what was agreed.
struct PeriodProgress {
    /// Boundaries count from here on: its first instant, or when its terms were written down; none: `max()`.
    Instant from = Instant::max();
    /// When time brings something that is not recorded yet: a boundary, the beginning or the end of a top-up; none:
    /// `max()`.
    Instant due = Instant::max();
    /// The last boundary that is recorded, under whatever terms, or, of an entitlement as at an instant, has
    /// passed; none: `min()`.
    Instant last = Instant::min();
    std::uint64_t rolled = 0;  ///< the command that recorded the last one; 0: none

    [[nodiscard]] constexpr bool is_due(Instant now) const { return due <= now && due != Instant::max(); }

    friend bool operator==(const PeriodProgress&, const PeriodProgress&) = default;
};

}  // namespace entitle::inline v0
