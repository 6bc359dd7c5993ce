#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <entitle/rule/policy.hpp>
#include <entitle/sla/calendars.hpp>
#include <entitle/value/entitlement_command.hpp>
#include <entitle/value/service_level.hpp>
#include <entitle/value/template.hpp>

namespace program {

/// A top-up as the plan has it: of which entitlement is known when that is made.
struct PlannedTopUp {
    std::string path{};
    entitle::TopUp terms{};  ///< without `from`: it begins with the coverage
};

/// A case that is open when the events begin, and what is held for it.
struct PlannedHold {
    std::string path{};
    std::string case_key{};
    entitle::Quantity amount{};
    entitle::Channel origin{};
    std::optional<entitle::Instant> expires{};
};

/// An entitlement as the plan has it: keys are texts still, and the draft has no ids.
struct PlannedEntitlement {
    std::string path{};  ///< where it stands in the file
    std::string id{};
    std::string customer{};
    entitle::Draft draft{};
    std::string sla{};  ///< a service level, as the draft has it by the id of its text; empty: none
    std::vector<std::string> products{}, contacts{}, assets{}, case_types{};
    std::vector<PlannedTopUp> top_ups{};
    std::vector<PlannedHold> holds{};
};

/// A template: an entitlement without a customer.
struct PlannedTemplate {
    PlannedEntitlement made{};
    std::optional<entitle::Length> lasts{};
};

/// Who buys so many of a product is given what the template makes.
struct PlannedRule {
    std::string path{};
    std::string product{};
    std::int64_t at_least = 0;
    std::string from{};
};

/// When a desk is open.
struct PlannedCalendar {
    std::string path{};
    std::string id{};
    entitle::sla::BusinessHours hours{};
};

/// What a KPI names, as the file has it.
struct PlannedKpi {
    std::string calendar{};  ///< empty: all hours
    std::vector<std::string> products{}, contacts{}, assets{}, case_types{};
};

/// Whose ids are those of the keys' texts.
struct PlannedServiceLevel {
    std::string path{};
    entitle::ServiceLevel terms{};
    std::vector<PlannedKpi> named{};  ///< of each of its KPIs
    bool is_default = false;
};

struct Plan {
    entitle::Policy policy{};
    bool names_policy = false;
    std::vector<PlannedEntitlement> entitlements{};
    std::optional<PlannedEntitlement> for_each_customer{};
    std::vector<PlannedTemplate> templates{};
    std::vector<PlannedRule> rules{};
    std::vector<PlannedCalendar> written_calendars{};
    std::vector<PlannedServiceLevel> service_levels{};
    entitle::sla::Calendars calendars{};  ///< made of those that are written
};

}  // namespace program
