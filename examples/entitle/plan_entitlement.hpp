#pragma once

#include <string>

#include "fault.hpp"
#include "plan.hpp"
#include "plan_json.hpp"

namespace program {

/// Reads one entitlement of a plan. What it returns is whole only where no fault was added. The one
/// `for_each_customer` has neither `id` nor `customer`.
[[nodiscard]] PlannedEntitlement read_entitlement(const Node& node, const std::string& path, bool for_each,
                                                  Faults& faults);

}  // namespace program
