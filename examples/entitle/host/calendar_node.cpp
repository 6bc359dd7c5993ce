#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "host/agreements.hpp"
#include "host/service_levels.hpp"

/// Calendars as a plan writes them.
namespace program {

namespace {

using entitle::sla::BusinessHours;
using entitle::sla::DatedHours;
using entitle::sla::OpenHours;
using entitle::sla::Week;

/// `09:00`, and seconds only where there are some.
[[nodiscard]] std::string time_text(std::chrono::seconds since_midnight) {
    const auto seconds = since_midnight.count();
    std::string text = fmt::format("{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    if (seconds % 60 != 0) text += fmt::format(":{:02}", seconds % 60);
    return text;
}

[[nodiscard]] Node hours_node(std::string key, const std::vector<OpenHours>& hours) {
    Node list{Node::Kind::list, std::move(key), {}, {}};
    for (const OpenHours& one : hours) {
        list.items.push_back(text_node({}, time_text(one.from) + "-" + time_text(one.to)));
    }
    return list;
}

[[nodiscard]] Node day_node(std::string key, entitle::Day day) {
    return text_node(std::move(key), fmt::format("{}", entitle::as_day(day)));
}

[[nodiscard]] Node week_node(const Week& week) {
    const std::array<std::pair<const char*, const std::vector<OpenHours>*>, 7> days{
        {{"monday", &week.monday},
         {"tuesday", &week.tuesday},
         {"wednesday", &week.wednesday},
         {"thursday", &week.thursday},
         {"friday", &week.friday},
         {"saturday", &week.saturday},
         {"sunday", &week.sunday}}};
    Node object{Node::Kind::object, "week", {}, {}};
    for (const auto& [name, hours] : days) {
        if (!hours->empty()) object.items.push_back(hours_node(name, *hours));
    }
    return object;
}

void add_dated(Node& object, const char* key, const std::vector<DatedHours>& days) {
    if (days.empty()) return;
    Node list{Node::Kind::list, key, {}, {}};
    for (const DatedHours& one : days) {
        Node& dated = list.items.emplace_back();
        dated.kind = Node::Kind::object;
        dated.items = {day_node("day", one.day), hours_node("hours", one.hours)};
    }
    object.items.push_back(std::move(list));
}

}  // namespace

Node node_of(Session& session, entitle::CalendarId id, const BusinessHours& hours) {
    Node object{Node::Kind::object, {}, {}, {}};
    object.items.push_back(text_node("id", session.keys().of(id)));
    if (hours.time_zone != "UTC") object.items.push_back(text_node("time_zone", hours.time_zone));
    object.items.push_back(week_node(hours.week));
    if (!hours.daily_breaks.empty()) object.items.push_back(hours_node("daily_breaks", hours.daily_breaks));
    if (!hours.holidays.empty()) {
        Node list{Node::Kind::list, "holidays", {}, {}};
        for (const entitle::Day day : hours.holidays) list.items.push_back(day_node({}, day));
        object.items.push_back(std::move(list));
    }
    add_dated(object, "shifts", hours.shifts);
    add_dated(object, "breaks", hours.breaks);
    return object;
}

}  // namespace program
