#pragma once

#include <span>
#include <string>

#include "fault.hpp"
#include "plan.hpp"
#include "plan_json.hpp"

namespace program {

/// Reads one service level of a plan. What it returns is whole only where no fault was added.
[[nodiscard]] PlannedServiceLevel read_service_level(const Node& node, const std::string& path,
                                                     Faults& faults);

/// What can only be said once all calendars and service levels are known: whether they can be promised.
void finish_service_levels(Plan& plan, Faults& faults);

/// A service level that an agreement names, and where the agreement stands.
struct NamedServiceLevel {
    std::string path{};
    std::string key{};
};

/// Of each that is named: whether the plan has it. What it has not would promise nothing, and nobody would be told.
void check_promised(const Plan& plan, std::span<const NamedServiceLevel> all, Faults& faults);

}  // namespace program
