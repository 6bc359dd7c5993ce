#include "plan_calendar.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "plan_value.hpp"
#include "row_check.hpp"
#include "text.hpp"

namespace program {

namespace {

using entitle::sla::BusinessHours;
using entitle::sla::DatedHours;
using entitle::sla::OpenHours;
using entitle::sla::Week;

/// `09:00` or `09:00:30`, from 00:00 to 24:00.
std::optional<std::chrono::seconds> parse_time_of_day(std::string_view text) {
    const bool has_seconds = text.size() == 8 && text[5] == ':';
    if ((text.size() != 5 && !has_seconds) || text[2] != ':') return std::nullopt;
    const auto hours = parse_digits(text.substr(0, 2));
    const auto minutes = parse_digits(text.substr(3, 2));
    const auto seconds = has_seconds ? parse_digits(text.substr(6)) : std::optional{0};
    if (!hours || !minutes || !seconds || *minutes > 59 || *seconds > 59) return std::nullopt;
    return std::chrono::hours{*hours} + std::chrono::minutes{*minutes} + std::chrono::seconds{*seconds};
}

/// `09:00-17:30`; whether the hours are possible is for the calendar to say.
std::optional<OpenHours> parse_hours(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto from = parse_time_of_day(text.substr(0, dash));
    const auto to = parse_time_of_day(text.substr(dash + 1));
    return from && to ? std::optional{OpenHours{*from, *to}} : std::nullopt;
}

std::vector<OpenHours> read_hours(const Node& node, const std::string& path, Faults& faults) {
    std::vector<OpenHours> hours;
    read_list(node, path, faults, [&](const Node& element, const std::string& at) {
        const auto found = parse_hours(element.kind == Node::Kind::text ? element.text : "");
        if (found) hours.push_back(*found);
        else
            faults.add(at, "hours_invalid",
                       fmt::format("\"{}\" is not as 09:00-17:30", printable(element.text)));
    });
    return hours;
}

entitle::Day read_day(const Node& node, const std::string& path, Faults& faults) {
    const auto day = parse_day(node.kind == Node::Kind::text ? node.text : "");
    if (!day)
        faults.add(path, "day_invalid", fmt::format("\"{}\" is not as 2014-07-01", printable(node.text)));
    return day.value_or(entitle::Day{});
}

Week read_week(const Node& node, const std::string& path, Faults& faults) {
    constexpr std::array<std::pair<std::string_view, std::vector<OpenHours> Week::*>, 7> days{{
        {"monday", &Week::monday},
        {"tuesday", &Week::tuesday},
        {"wednesday", &Week::wednesday},
        {"thursday", &Week::thursday},
        {"friday", &Week::friday},
        {"saturday", &Week::saturday},
        {"sunday", &Week::sunday},
    }};
    Week week;
    read_members(node, path, {}, "a week has monday to sunday", faults,
                 [&](const Node& item, const std::string& at) {
                     for (const auto& [name, hours] : days) {
                         if (item.key != name) continue;
                         week.*hours = read_hours(item, at, faults);
                         return true;
                     }
                     return false;
                 });
    return week;
}

std::vector<DatedHours> read_dated(const Node& node, const std::string& path, Faults& faults) {
    std::vector<DatedHours> all;
    read_list(node, path, faults, [&](const Node& element, const std::string& place) {
        DatedHours& one = all.emplace_back();
        read_members(element, place, {"day", "hours"}, "a dated day has day and hours", faults,
                     [&](const Node& item, const std::string& at) {
                         if (item.key == "day") one.day = read_day(item, at, faults);
                         else if (item.key == "hours") one.hours = read_hours(item, at, faults);
                         else return false;
                         return true;
                     });
    });
    return all;
}

}  // namespace

PlannedCalendar read_calendar(const Node& node, const std::string& path, Faults& faults) {
    PlannedCalendar calendar;
    calendar.path = path;
    BusinessHours& is = calendar.hours;
    read_members(node, path, {"id", "week"},
                 "a calendar has id, time_zone, week, daily_breaks, holidays, shifts and breaks", faults,
                 [&](const Node& item, const std::string& at) {
                     if (item.key == "id") calendar.id = read_key(item, at, faults);
                     else if (item.key == "time_zone") is.time_zone = read_key(item, at, faults);
                     else if (item.key == "week") is.week = read_week(item, at, faults);
                     else if (item.key == "daily_breaks") is.daily_breaks = read_hours(item, at, faults);
                     else if (item.key == "shifts") is.shifts = read_dated(item, at, faults);
                     else if (item.key == "breaks") is.breaks = read_dated(item, at, faults);
                     else if (item.key == "holidays") {
                         read_list(item, at, faults, [&](const Node& day, const std::string& place) {
                             is.holidays.push_back(read_day(day, place, faults));
                         });
                     } else return false;
                     return true;
                 });
    return calendar;
}

}  // namespace program
