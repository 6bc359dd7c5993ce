#pragma once

#include <chrono>

#include <date/date.h>
#include <fmt/format.h>

#include "entitle/value/format.hpp"

namespace entitle::inline v0 {

/// A moment, in microseconds of UTC. The library never asks for the time: every command is given its own.
using Instant = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// A civil day of some place.
using Day = date::year_month_day;

/// Prints an instant as `2014-07-01T09:00:00Z`, with a fraction only where there is one.
struct AsUtc {
    Instant at;
};
[[nodiscard]] constexpr AsUtc as_utc(Instant at) { return {at}; }

/// Prints a day as `2014-07-01`.
struct AsDay {
    Day day;
};
[[nodiscard]] constexpr AsDay as_day(Day day) { return {day}; }

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::AsDay> : entitle::detail::PlainFormatter {
    auto format(const entitle::AsDay& value, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{:04}-{:02}-{:02}", static_cast<int>(value.day.year()),
                              static_cast<unsigned>(value.day.month()),
                              static_cast<unsigned>(value.day.day()));
    }
};

template <>
struct fmt::formatter<entitle::AsUtc> : entitle::detail::PlainFormatter {
    auto format(const entitle::AsUtc& value, fmt::format_context& ctx) const {
        const auto day = date::floor<date::days>(value.at);
        const date::hh_mm_ss time{value.at - day};
        auto out = fmt::format_to(ctx.out(), "{}T{:02}:{:02}:{:02}", entitle::as_day(Day{day}),
                                  time.hours().count(), time.minutes().count(), time.seconds().count());
        if (time.subseconds().count() != 0) out = fmt::format_to(out, ".{:06}", time.subseconds().count());
        return fmt::format_to(out, "Z");
    }

private:
    using Day = entitle::Day;
};
