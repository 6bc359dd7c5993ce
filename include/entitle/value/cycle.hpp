#pragma once

#include <cstdint>
#include <optional>

#include "entitle/value/instant.hpp"

namespace entitle::inline v0 {

/// How often an allotment comes anew: every so many days, weeks, months or years, counted from a day. Months that
/// are too short end sooner: from 31 January on it is 28 or 29 February, and 31 March again.
struct Cycle {
    enum class Step : std::uint8_t { days, weeks, months, years };

    std::uint16_t every = 0;  ///< 1 … 65,535 steps; 0: never, there is one period
    Step step = Step::months;
    std::optional<Day> anchor{};  ///< a boundary's day, past or to come; none: the first day of the coverage

    friend bool operator==(const Cycle&, const Cycle&) = default;
};

}  // namespace entitle::inline v0
