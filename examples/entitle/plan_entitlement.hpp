#pragma once

#include <string>

#include "fault.hpp"
#include "plan.hpp"
#include "plan_json.hpp"

namespace program {

/// Reads one entitlement of a plan. What it returns is whole only where no fault was added.
[[nodiscard]] PlannedEntitlement read_entitlement(const Node& node, const std::string& path, Faults& faults);
/// The same of the one `for_each_customer`, which has neither `id` nor `customer`.
[[nodiscard]] PlannedEntitlement read_for_each(const Node& node, const std::string& path, Faults& faults);
/// A template has neither `customer`, `default` nor `top_ups`; and its own days, or how long it lasts.
[[nodiscard]] PlannedTemplate read_template(const Node& node, const std::string& path, Faults& faults);

}  // namespace program
