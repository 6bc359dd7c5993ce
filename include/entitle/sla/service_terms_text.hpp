#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <date/date.h>
#include <fmt/format.h>

#include "entitle/value/business_hours.hpp"
#include "entitle/value/channel.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/service_level.hpp"
#include "entitle/value/stage.hpp"
#include "entitle/value/words.hpp"

/// Calendars and service levels as text, in which stores keep them: words and whole numbers. A list is its count, and
/// then what is in it; times are seconds, days are counted from 1970 on, texts stand behind their length.
namespace entitle::inline v0::sla {

namespace detail {

using entitle::detail::Words;
using Text = std::back_insert_iterator<std::string>;

/// The most that a list may have: more is no text of ours, and is not made room for.
inline constexpr std::size_t max_list = 1'000'000;

inline void put(Text out, std::string_view text) { fmt::format_to(out, " {} {}", text.size(), text); }
inline void put(Text out, const Stage& stage) { put(out, stage.name()); }
inline void put(Text out, const Channel& channel) { put(out, channel.name()); }
inline void put(Text out, CasePriority priority) { fmt::format_to(out, " {}", priority); }
inline void put(Text out, const OpenHours& hours) {
    fmt::format_to(out, " {} {}", hours.from.count(), hours.to.count());
}
inline void put(Text out, const Day& day) {
    fmt::format_to(out, " {}", date::sys_days{day}.time_since_epoch().count());
}
template <class Tag>
void put(Text out, const Id<Tag>& id) {
    fmt::format_to(out, " {} {}", id.bits().hi, id.bits().lo);
}
template <class Item>
void put(Text out, std::string_view name, const std::vector<Item>& list);
inline void put(Text out, const DatedHours& dated) {
    put(out, dated.day);
    put(out, "hours", dated.hours);
}
[[nodiscard]] inline bool take(Words& words, std::string& text) {
    std::string_view found;
    if (!words.read_text(found)) return false;
    text = found;
    return true;
}
[[nodiscard]] inline bool take(Words& words, Stage& stage) { return words.read_name(stage); }
[[nodiscard]] inline bool take(Words& words, Channel& channel) { return words.read_name(channel); }
[[nodiscard]] inline bool take(Words& words, CasePriority& priority) { return words.read(priority); }
[[nodiscard]] inline bool take(Words& words, std::chrono::seconds& time) {
    std::int64_t seconds = 0;
    if (!words.read(seconds)) return false;
    time = std::chrono::seconds{seconds};
    return true;
}
[[nodiscard]] inline bool take(Words& words, OpenHours& hours) {
    return take(words, hours.from) && take(words, hours.to);
}
[[nodiscard]] inline bool take(Words& words, Day& day) {
    int days = 0;
    if (!words.read(days)) return false;
    const date::sys_days at{date::days{days}};
    if (at < date::sys_days{date::year::min() / 1 / 1} || at > date::sys_days{date::year::max() / 12 / 31}) {
        return false;
    }
    day = at;
    return true;
}
template <class Tag>
[[nodiscard]] bool take(Words& words, Id<Tag>& id) {
    return words.read_id(id);
}
template <class Item>
[[nodiscard]] bool take(Words& words, std::string_view name, std::vector<Item>& list);
[[nodiscard]] inline bool take(Words& words, DatedHours& dated) {
    return take(words, dated.day) && take(words, "hours", dated.hours);
}
template <class Week_, class Do>
void for_each_day(Week_& week, const Do& act) {
    act("monday", week.monday);
    act("tuesday", week.tuesday);
    act("wednesday", week.wednesday);
    act("thursday", week.thursday);
    act("friday", week.friday);
    act("saturday", week.saturday);
    act("sunday", week.sunday);
}

inline void put(Text out, const KpiTerms& kpi) {
    fmt::format_to(out, " kpi");
    put(out, kpi.name);
    fmt::format_to(out, " goal {} warn ", name_of(kpi.goal));
    entitle::detail::write_unless(out, "never", !kpi.warn_after,
                                  kpi.warn_after.value_or(kpi.fail_after).count());
    fmt::format_to(out, " fail {} calendar", kpi.fail_after.count());
    put(out, kpi.calendar);
    put(out, "priorities", kpi.applies.priorities);
    put(out, "channels", kpi.applies.channels);
    put(out, "contacts", kpi.applies.about.contacts);
    put(out, "products", kpi.applies.about.products);
    put(out, "assets", kpi.applies.about.assets);
    put(out, "case_types", kpi.applies.about.case_types);
    put(out, "pausing", kpi.pausing);
}

[[nodiscard]] inline bool read_goal(Words& words, KpiGoal& out) {
    const std::string_view word = words.next();
    for (const KpiGoal goal : {KpiGoal::first_response, KpiGoal::resolution, KpiGoal::own}) {
        if (name_of(goal) != word) continue;
        out = goal;
        return true;
    }
    return false;
}

[[nodiscard]] inline bool take(Words& words, KpiTerms& kpi) {
    std::optional<std::int64_t> warn;
    const bool is_read = words.skip("kpi") && take(words, kpi.name) && words.skip("goal") &&
                         read_goal(words, kpi.goal) && words.skip("warn") &&
                         words.read_unless("never", warn) && words.skip("fail") &&
                         take(words, kpi.fail_after) && words.skip("calendar") && take(words, kpi.calendar);
    if (warn) kpi.warn_after = std::chrono::seconds{*warn};
    KpiScope& applies = kpi.applies;
    return is_read && take(words, "priorities", applies.priorities) &&
           take(words, "channels", applies.channels) && take(words, "contacts", applies.about.contacts) &&
           take(words, "products", applies.about.products) && take(words, "assets", applies.about.assets) &&
           take(words, "case_types", applies.about.case_types) && take(words, "pausing", kpi.pausing);
}

// (Here, where everything that a list may be of is known.)

template <class Item>
void put(Text out, std::string_view name, const std::vector<Item>& list) {
    fmt::format_to(out, " {} {}", name, list.size());
    for (const Item& item : list) put(out, item);
}

template <class Item>
[[nodiscard]] bool take(Words& words, std::string_view name, std::vector<Item>& list) {
    std::size_t count = 0;
    if (!words.skip(name) || !words.read(count) || count > max_list) return false;
    for (; count > 0 && !words.at_end(); --count) {
        if (!take(words, list.emplace_back())) return false;
    }
    return count == 0;
}

}  // namespace detail

[[nodiscard]] inline std::string text_of(const BusinessHours& hours) {
    std::string text = "zone";
    const detail::Text out{text};
    detail::put(out, hours.time_zone);
    detail::for_each_day(hours.week,
                         [&](std::string_view name, const auto& day) { detail::put(out, name, day); });
    detail::put(out, "daily_breaks", hours.daily_breaks);
    detail::put(out, "holidays", hours.holidays);
    detail::put(out, "shifts", hours.shifts);
    detail::put(out, "breaks", hours.breaks);
    return text;
}

/// … and back; nothing where it is another text. Whether such hours can be is `Calendar::make`'s to say.
[[nodiscard]] inline std::optional<BusinessHours> business_hours_from(std::string_view text) {
    detail::Words words{text};
    BusinessHours hours;
    bool is_read = words.skip("zone") && detail::take(words, hours.time_zone);
    detail::for_each_day(hours.week, [&](std::string_view name, auto& day) {
        is_read = is_read && detail::take(words, name, day);
    });
    is_read = is_read && detail::take(words, "daily_breaks", hours.daily_breaks) &&
              detail::take(words, "holidays", hours.holidays) &&
              detail::take(words, "shifts", hours.shifts) && detail::take(words, "breaks", hours.breaks) &&
              words.at_end();
    return is_read ? std::optional{hours} : std::nullopt;
}

/// All but its id.
[[nodiscard]] inline std::string text_of(const ServiceLevel& level) {
    std::string text = "name";
    const detail::Text out{text};
    detail::put(out, level.name);
    detail::put(out, "kpis", level.kpis);
    return text;
}

/// … and back. Whether such a service level can be promised is `check`'s to say.
[[nodiscard]] inline std::optional<ServiceLevel> service_level_from(SlaId id, std::string_view text) {
    detail::Words words{text};
    ServiceLevel level{.id = id};
    const bool is_read = words.skip("name") && detail::take(words, level.name) &&
                         detail::take(words, "kpis", level.kpis) && words.at_end();
    return is_read ? std::optional{level} : std::nullopt;
}

/// Which service level is the default.
[[nodiscard]] inline std::string text_of(SlaId level) {
    return fmt::format("{} {}", level.bits().hi, level.bits().lo);
}

[[nodiscard]] inline std::optional<SlaId> default_service_from(std::string_view text) {
    detail::Words words{text};
    SlaId level;
    return detail::take(words, level) && words.at_end() ? std::optional{level} : std::nullopt;
}

}  // namespace entitle::inline v0::sla
