#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include <date/date.h>

#include "entitle/value/business_hours.hpp"
#include "entitle/value/calendar_part.hpp"
#include "entitle/value/error.hpp"

/// The hours of each day, worked out of what was written down; or the place where that is wrong.
namespace entitle::inline v0::sla::detail {

/// In order, without overlap, none empty, none touching the next.
using DayHours = std::vector<OpenHours>;

/// Of Monday, Tuesday … Sunday.
using WeekHours = std::array<DayHours, 7>;

/// Of the days that are not like the week's.
using DatedDays = std::map<date::local_days, DayHours>;

[[nodiscard]] inline tl::unexpected<Error> refuse_at(ErrorCode code, CalendarPart part, std::size_t index) {
    constexpr std::size_t most = std::numeric_limits<std::uint16_t>::max();
    Error error;
    error.code = code;
    error.part = part;
    error.position = static_cast<std::uint16_t>(std::min(index + 1, most));
    return tl::unexpected<Error>{error};
}

enum class Overlaps : bool { refused, merged };

[[nodiscard]] inline Result<DayHours> in_order(const std::vector<OpenHours>& written, CalendarPart part,
                                               Overlaps overlaps = Overlaps::refused) {
    for (std::size_t i = 0; i < written.size(); ++i) {
        const auto [from, to] = written[i];
        const bool sound = from >= std::chrono::seconds{0} && from < to && to <= std::chrono::hours{24};
        if (!sound) return refuse_at(ErrorCode::hours_invalid, part, i);
    }
    std::vector<std::size_t> order(written.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return written[a].from < written[b].from; });
    DayHours day;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const OpenHours& next = written[order[i]];
        if (day.empty() || day.back().to < next.from) {
            day.push_back(next);
            continue;
        }
        if (overlaps == Overlaps::refused && next.from < day.back().to) {
            return refuse_at(ErrorCode::hours_overlap, part, std::max(order[i - 1], order[i]));
        }
        day.back().to = std::max(day.back().to, next.to);
    }
    return day;
}

/// The hours of a date, with its place in the list of dates instead of the one among its hours.
[[nodiscard]] inline Result<DayHours> in_order(const DatedHours& written, CalendarPart part,
                                               std::size_t index, Overlaps overlaps = Overlaps::refused) {
    if (!written.day.ok()) return refuse_at(ErrorCode::day_invalid, part, index);
    auto day = in_order(written.hours, part, overlaps);
    if (!day) return refuse_at(day.error().code, part, index);
    return day;
}

[[nodiscard]] inline DayHours without(const DayHours& open, const DayHours& breaks) {
    DayHours left;
    auto next = breaks.begin();
    for (OpenHours rest : open) {
        while (next != breaks.end() && next->to <= rest.from) ++next;
        for (auto each = next; each != breaks.end() && each->from < rest.to; ++each) {
            if (rest.from < each->from) left.push_back({rest.from, each->from});
            rest.from = each->to;
        }
        if (rest.from < rest.to) left.push_back(rest);
    }
    return left;
}

[[nodiscard]] inline Result<WeekHours> week_hours(const BusinessHours& written) {
    const Week& week = written.week;
    const std::array days{&week.monday, &week.tuesday,  &week.wednesday, &week.thursday,
                          &week.friday, &week.saturday, &week.sunday};
    const auto breaks = in_order(written.daily_breaks, CalendarPart::daily_break, Overlaps::merged);
    if (!breaks) return tl::unexpected<Error>{breaks.error()};
    WeekHours result;
    for (std::size_t i = 0; i < days.size(); ++i) {
        const auto monday = static_cast<std::size_t>(CalendarPart::monday);
        const auto day = in_order(*days[i], static_cast<CalendarPart>(monday + i));
        if (!day) return tl::unexpected<Error>{day.error()};
        result[i] = without(*day, *breaks);
    }
    return result;
}

[[nodiscard]] inline const DayHours& regular_hours(const WeekHours& week, date::local_days day) {
    return week[date::weekday{day}.iso_encoding() - 1];
}

/// Holidays, then the shifts that may open them again, then the breaks out of either.
[[nodiscard]] inline Result<DatedDays> dated_days(const BusinessHours& written, const WeekHours& week) {
    DatedDays days;
    for (std::size_t i = 0; i < written.holidays.size(); ++i) {
        const Day day = written.holidays[i];
        if (!day.ok()) return refuse_at(ErrorCode::day_invalid, CalendarPart::holiday, i);
        days[date::local_days{day}].clear();
    }
    DatedDays shifts;
    for (std::size_t i = 0; i < written.shifts.size(); ++i) {
        const DatedHours& shift = written.shifts[i];
        auto hours = in_order(shift, CalendarPart::shift, i);
        if (!hours) return tl::unexpected<Error>{hours.error()};
        const bool first = shifts.emplace(date::local_days{shift.day}, *std::move(hours)).second;
        if (!first) return refuse_at(ErrorCode::shift_twice, CalendarPart::shift, i);
    }
    shifts.merge(days);  // a holiday that has a shift stays behind
    for (std::size_t i = 0; i < written.breaks.size(); ++i) {
        const auto breaks = in_order(written.breaks[i], CalendarPart::dated_break, i, Overlaps::merged);
        if (!breaks) return tl::unexpected<Error>{breaks.error()};
        const date::local_days day{written.breaks[i].day};
        DayHours& hours = shifts.try_emplace(day, regular_hours(week, day)).first->second;
        hours = without(hours, *breaks);
    }
    return shifts;
}

}  // namespace entitle::inline v0::sla::detail
