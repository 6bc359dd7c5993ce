#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"

namespace entitle::inline v0 {

/// The lists in which business hours and service levels are written down: the place that an error about them names.
enum class CalendarPart : std::uint8_t {
    none,
    monday,
    tuesday,
    wednesday,
    thursday,
    friday,
    saturday,
    sunday,
    daily_break,
    holiday,
    shift,
    dated_break,
    kpi,
};

inline constexpr std::size_t calendar_part_count = 13;

[[nodiscard]] constexpr std::string_view name_of(CalendarPart part) {
    constexpr std::array<std::string_view, calendar_part_count> names{
        "none",   "monday",      "tuesday", "wednesday", "thursday", "friday", "saturday",
        "sunday", "daily break", "holiday", "shift",     "break",    "KPI"};
    return names[static_cast<std::size_t>(part)];
}

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::CalendarPart> : entitle::detail::PlainFormatter {
    auto format(entitle::CalendarPart part, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{}", entitle::name_of(part));
    }
};
