#pragma once

#include <optional>
#include <string>
#include <vector>

#include <entitle/value/quantity.hpp>

#include "fault.hpp"
#include "plan.hpp"
#include "plan_json.hpp"

namespace program {

/// Reads the holds of an entitlement that counts in a unit, which is none where a fault hides it. What it returns is
/// whole only where no fault was added.
[[nodiscard]] std::vector<PlannedHold> read_holds(const Node& node, const std::string& path,
                                                  const std::optional<entitle::Unit>& unit, Faults& faults);

}  // namespace program
