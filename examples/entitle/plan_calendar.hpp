#pragma once

#include <string>

#include "fault.hpp"
#include "plan.hpp"
#include "plan_json.hpp"

namespace program {

/// Reads one calendar of a plan. What it returns is whole only where no fault was added.
[[nodiscard]] PlannedCalendar read_calendar(const Node& node, const std::string& path, Faults& faults);

}  // namespace program
