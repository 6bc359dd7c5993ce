#include "plan_sla.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <vector>

#include <entitle/sla/service_level.hpp>
#include <entitle/value/quantity.hpp>
#include <fmt/format.h>

#include "plan_value.hpp"
#include "text.hpp"

namespace program {

namespace {

using entitle::CasePriority;
using entitle::KpiGoal;
using entitle::KpiTerms;

std::chrono::seconds read_time(const Node& node, const std::string& path, Faults& faults) {
    const std::optional<entitle::Unit> hours{entitle::Unit{entitle::Allocation::hours, {}}};
    const auto amount = read_amount(node, path, hours, faults);
    return std::chrono::seconds{amount ? amount->value : 0};
}

KpiGoal read_goal(const Node& node, const std::string& path, Faults& faults) {
    if (node.kind == Node::Kind::text) {
        if (node.text == "first_response") return KpiGoal::first_response;
        if (node.text == "resolution") return KpiGoal::resolution;
        if (node.text == "own") return KpiGoal::own;
    }
    faults.add(path, "unknown_goal", "a goal is first_response, resolution or own");
    return {};
}

CasePriority read_case_priority(const Node& node, const std::string& path, Faults& faults) {
    CasePriority priority = 0;
    const char* const end = node.text.data() + node.text.size();
    const auto read = std::from_chars(node.text.data(), end, priority);
    if (node.kind != Node::Kind::whole_number || read.ec != std::errc{} || read.ptr != end || priority == 0) {
        faults.add(path, "wrong_type", "a case's priority is a whole number from 1 to 255");
    }
    return priority;
}

entitle::Stage read_stage(const Node& node, const std::string& path, Faults& faults) {
    const auto stage = entitle::Stage::named(node.kind == Node::Kind::text ? node.text : "");
    if (!stage) faults.add(path, "stage_name", "a stage's name has 1 to 31 bytes");
    return stage.value_or(entitle::Stage{});
}

template <class Item, class Read>
std::vector<Item> read_all(const Node& node, const std::string& path, Faults& faults, const Read& read) {
    std::vector<Item> items;
    read_list(node, path, faults, [&](const Node& element, const std::string& at) {
        items.push_back(read(element, at, faults));
    });
    return items;
}

/// Keys become ids by their text: no table is asked. Whoever has one asks it for the texts.
template <class Id>
void read_ids(const Node& node, const std::string& path, std::vector<std::string>& keys, std::vector<Id>& ids,
              Faults& faults) {
    keys = read_all<std::string>(node, path, faults, read_key);
    ids.clear();
    for (const std::string& key : keys) ids.push_back(Id::from_name(key));
}

bool read_scope(const Node& item, const std::string& at, entitle::KpiScope& applies, PlannedKpi& named,
                Faults& faults) {
    entitle::Scope& about = applies.about;
    if (item.key == "priorities") {
        applies.priorities = read_all<CasePriority>(item, at, faults, read_case_priority);
    } else if (item.key == "channels") {
        applies.channels = read_all<entitle::Channel>(item, at, faults, read_channel);
    } else if (item.key == "products") read_ids(item, at, named.products, about.products, faults);
    else if (item.key == "contacts") read_ids(item, at, named.contacts, about.contacts, faults);
    else if (item.key == "assets") read_ids(item, at, named.assets, about.assets, faults);
    else if (item.key == "case_types") read_ids(item, at, named.case_types, about.case_types, faults);
    else return false;
    return true;
}

void read_kpi(const Node& node, const std::string& path, PlannedServiceLevel& out, Faults& faults) {
    KpiTerms& kpi = out.terms.kpis.emplace_back();
    PlannedKpi& named = out.named.emplace_back();
    read_members(
        node, path, {"name", "goal", "fail_after"},
        "a KPI has name, goal, warn_after, fail_after, calendar, priorities, channels, products, contacts, "
        "assets, case_types and pausing",
        faults, [&](const Node& item, const std::string& at) {
            if (item.key == "name") kpi.name = read_key(item, at, faults);
            else if (item.key == "goal") kpi.goal = read_goal(item, at, faults);
            else if (item.key == "warn_after") kpi.warn_after = read_time(item, at, faults);
            else if (item.key == "fail_after") kpi.fail_after = read_time(item, at, faults);
            else if (item.key == "calendar") {
                named.calendar = read_key(item, at, faults);
                kpi.calendar = entitle::CalendarId::from_name(named.calendar);
            } else if (item.key == "pausing") {
                kpi.pausing = read_all<entitle::Stage>(item, at, faults, read_stage);
            } else return read_scope(item, at, kpi.applies, named, faults);
            return true;
        });
}

void set_calendars(Plan& plan, Faults& faults) {
    std::set<std::string_view> met;
    for (const PlannedCalendar& one : plan.written_calendars) {
        if (!met.insert(one.id).second) {
            faults.add(one.path + ".id", "duplicate_id",
                       fmt::format("\"{}\" is given twice", printable(one.id)));
        }
        const auto set = plan.calendars.set(entitle::CalendarId::from_name(one.id), one.hours);
        if (!set) faults.add(one.path, entitle::name_of(set.error().code), sentence_of(set.error()));
    }
}

/// Where an error about a service level is.
std::string place_of(const entitle::Error& error, const std::string& path) {
    return error.position == 0 ? path : fmt::format("{}.kpis[{}]", path, error.position - 1);
}

}  // namespace

PlannedServiceLevel read_service_level(const Node& node, const std::string& path, Faults& faults) {
    PlannedServiceLevel out;
    out.path = path;
    read_members(node, path, {"id", "kpis"}, "a service level has id, default and kpis", faults,
                 [&](const Node& item, const std::string& at) {
                     if (item.key == "id") out.terms.name = read_key(item, at, faults);
                     else if (item.key == "kpis") {
                         read_list(item, at, faults, [&](const Node& element, const std::string& place) {
                             read_kpi(element, place, out, faults);
                         });
                     } else if (item.key == "default" && item.kind == Node::Kind::boolean) {
                         out.is_default = item.text == "true";
                     } else if (item.key == "default")
                         faults.add(at, "wrong_type", "true or false is wanted");
                     else return false;
                     return true;
                 });
    out.terms.id = entitle::SlaId::from_name(out.terms.name);
    return out;
}

void finish_service_levels(Plan& plan, Faults& faults) {
    set_calendars(plan, faults);
    std::set<std::string_view> met;
    bool has_default = false;
    for (const PlannedServiceLevel& one : plan.service_levels) {
        const std::string& id = one.terms.name;
        if (!met.insert(id).second) {
            faults.add(one.path + ".id", "duplicate_id", fmt::format("\"{}\" is given twice", printable(id)));
        }
        if (one.is_default && has_default) {
            faults.add(one.path + ".default", "two_defaults", "another service level is the default");
        }
        has_default = has_default || one.is_default;
        const auto fit = entitle::sla::check(one.terms, plan.calendars);
        if (fit) continue;
        const entitle::Error& error = fit.error();
        faults.add(place_of(error, one.path), entitle::name_of(error.code), sentence_of(error));
    }
}

void check_promised(const Plan& plan, std::span<const NamedServiceLevel> all, Faults& faults) {
    for (const NamedServiceLevel& one : all) {
        const bool is_there = std::ranges::any_of(plan.service_levels, [&](const PlannedServiceLevel& level) {
            return level.terms.name == one.key;
        });
        if (is_there || one.key.empty()) continue;
        faults.add(one.path + ".sla", entitle::name_of(entitle::ErrorCode::unknown_service_level),
                   fmt::format("\"{}\" is no service level of the plan", printable(one.key)));
    }
}

}  // namespace program
