#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <date/date.h>
#include <fmt/format.h>

#include "entitle/value/format.hpp"
#include "entitle/value/instant.hpp"

/// Section 11: when a desk is open, as a person writes it down. `Calendar::make` checks it.
namespace entitle::inline v0::sla {

/// What the clock on the wall shows while a desk is open, or while it takes a break: [from, to) since
/// midnight, 0:00 to 24:00, to the second. OpenHours over midnight are written as two: up to 24:00, and from 0:00
/// of the next day.
struct OpenHours {
    std::chrono::seconds from{};
    std::chrono::seconds to{};

    friend bool operator==(const OpenHours&, const OpenHours&) = default;
};

/// OpenHours of one date.
struct DatedHours {
    Day day{};
    std::vector<OpenHours> hours{};

    friend bool operator==(const DatedHours&, const DatedHours&) = default;
};

/// The hours of each day of the week; a day without any is closed.
struct Week {
    std::vector<OpenHours> monday{};
    std::vector<OpenHours> tuesday{};
    std::vector<OpenHours> wednesday{};
    std::vector<OpenHours> thursday{};
    std::vector<OpenHours> friday{};
    std::vector<OpenHours> saturday{};
    std::vector<OpenHours> sunday{};

    friend bool operator==(const Week&, const Week&) = default;
};

/// A calendar as it is written down. Every list may be in any order.
///
/// OpenHours of one day may touch, which makes them one; they may not overlap, since that is mostly a slip. Breaks
/// may overlap, touch and reach past the hours: they are what is not worked.
struct BusinessHours {
    std::string time_zone = "UTC";  ///< an IANA name
    Week week{};
    std::vector<OpenHours>
        daily_breaks{};                ///< out of the hours of the week; a shift says all of its day itself
    std::vector<Day> holidays{};       ///< closed, but for a shift; a day may be listed twice
    std::vector<DatedHours> shifts{};  ///< instead of the week's hours, or of a holiday; one a day
    std::vector<DatedHours> breaks{};  ///< out of whatever hours the day has; a day may be listed twice

    friend bool operator==(const BusinessHours&, const BusinessHours&) = default;
};

}  // namespace entitle::inline v0::sla

/// `09:00 to 17:30`, with seconds only where there are some.
template <>
struct fmt::formatter<entitle::sla::OpenHours> : entitle::detail::PlainFormatter {
    auto format(const entitle::sla::OpenHours& hours, fmt::format_context& ctx) const {
        return time(hours.to, fmt::format_to(time(hours.from, ctx.out()), " to "));
    }

private:
    static fmt::appender time(std::chrono::seconds since_midnight, fmt::appender out) {
        const auto seconds = since_midnight.count();
        out = fmt::format_to(out, "{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
        return seconds % 60 == 0 ? out : fmt::format_to(out, ":{:02}", seconds % 60);
    }
};
