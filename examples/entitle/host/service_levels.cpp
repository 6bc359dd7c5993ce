#include "host/service_levels.hpp"

#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "host/agreements.hpp"
#include "text.hpp"

namespace program {

namespace {

using entitle::CalendarId;

/// With the ids of this desk in the place of those of the texts.
[[nodiscard]] Or<entitle::ServiceLevel> level_of(Session& session, const PlannedServiceLevel& planned) {
    entitle::ServiceLevel level = planned.terms;
    const auto id = session.keys().get_or_make<entitle::SlaId>(level.name);
    if (!id) return passed_on(id);
    level.id = *id;
    for (std::size_t i = 0; i < level.kpis.size(); ++i) {
        const PlannedKpi& named = planned.named[i];
        auto scope = scope_of(session, named);
        if (!scope) return passed_on(scope);
        level.kpis[i].applies.about = std::move(*scope);
        if (named.calendar.empty()) continue;
        const auto calendar = session.keys().get<CalendarId>(named.calendar);
        if (!calendar) return passed_on(calendar);
        level.kpis[i].calendar = calendar->id;
    }
    return level;
}

[[nodiscard]] Node time_node(std::string key, std::chrono::seconds time) {
    return amount_node(std::move(key), time.count(), {entitle::Allocation::hours, {}});
}

template <class Item, class Write>
void add_list(Node& object, const char* key, const std::vector<Item>& items, const Write& write) {
    if (items.empty()) return;
    Node list{Node::Kind::list, key, {}, {}};
    for (const Item& item : items) list.items.push_back(write(item));
    object.items.push_back(std::move(list));
}

[[nodiscard]] Node kpi_node(Session& session, const entitle::KpiTerms& kpi) {
    Node object{Node::Kind::object, {}, {}, {}};
    const auto add = [&object](Node node) { object.items.push_back(std::move(node)); };
    const auto name_node = [](const auto& named) { return text_node({}, std::string{named.name()}); };
    add(text_node("name", kpi.name));
    add(text_node("goal", std::string{entitle::name_of(kpi.goal)}));
    if (kpi.warn_after) add(time_node("warn_after", *kpi.warn_after));
    add(time_node("fail_after", kpi.fail_after));
    if (kpi.calendar) add(text_node("calendar", session.keys().of(kpi.calendar)));
    add_list(object, "priorities", kpi.applies.priorities,
             [](entitle::CasePriority priority) { return number_node({}, priority); });
    add_list(object, "channels", kpi.applies.channels, name_node);
    add_scope(session, object, kpi.applies.about);
    add_list(object, "pausing", kpi.pausing, name_node);
    return object;
}

}  // namespace

Done keep_calendar(Session& session, const PlannedCalendar& planned) {
    const auto id = session.keys().get_or_make<CalendarId>(planned.id);
    if (!id) return passed_on(id);
    const auto kept = session.engine().set_calendar(*id, planned.hours);
    return kept ? Done{} : passed_on(kept);
}

Done keep_service_level(Session& session, const PlannedServiceLevel& planned) {
    const auto level = level_of(session, planned);
    if (!level) return passed_on(level);
    const auto kept = session.engine().set_service_level(*level);
    if (!kept && kept.error().code == entitle::ErrorCode::service_level_exists) {
        return fail(
            ExitStatus::refused, "service_level_exists",
            fmt::format("the desk's service level \"{}\" promises something else, and what is promised "
                        "stays: give this one an id of its own (service_level_exists)",
                        printable(level->name)));
    }
    if (!kept) return passed_on(kept);
    if (!planned.is_default) return {};
    const auto counts = session.engine().set_default_service_level(level->id);
    return counts ? Done{} : passed_on(counts);
}

Node node_of(Session& session, const entitle::ServiceLevel& level, bool is_default) {
    Node object{Node::Kind::object, {}, {}, {}};
    object.items.push_back(text_node("id", session.keys().of(level.id)));
    if (is_default) object.items.push_back(flag_node("default", true));
    Node kpis{Node::Kind::list, "kpis", {}, {}};
    for (const entitle::KpiTerms& kpi : level.kpis) kpis.items.push_back(kpi_node(session, kpi));
    object.items.push_back(std::move(kpis));
    return object;
}

}  // namespace program
