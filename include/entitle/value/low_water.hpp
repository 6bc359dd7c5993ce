#pragma once

#include <cstdint>
#include <optional>

#include "entitle/value/channel.hpp"
#include "entitle/value/quantity.hpp"

namespace entitle::inline v0 {

/// A mark on a counter: a command that takes what is left down to it, or below it, says so, once each time.
/// Either an amount (`{.left = cases(2)}`) or a share of what was agreed for that counter (`{.percent = 20}`).
struct LowWater {
    Channel channel{};               ///< a listed one; none: the total
    std::optional<Quantity> left{};  ///< 0 or more, in the entitlement's unit; absent: it is a share
    std::int32_t percent = 0;        ///< 0–100 of the agreed total, rounded down to base units

    /// The mark in base units, on a counter of which so much was agreed.
    [[nodiscard]] std::int64_t level(std::int64_t agreed) const {
        return left ? left->value : agreed * percent / 100;
    }

    friend bool operator==(const LowWater&, const LowWater&) = default;
};

/// A counter that a command has taken down to one of its marks, or below it.
struct LowWaterCrossing {
    Channel channel{};  ///< none: the total
    Quantity level{};   ///< the mark

    friend bool operator==(const LowWaterCrossing&, const LowWaterCrossing&) = default;
};

}  // namespace entitle::inline v0
