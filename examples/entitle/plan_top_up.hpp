#pragma once

#include <optional>
#include <string>
#include <vector>

#include <entitle/value/quantity.hpp>

#include "fault.hpp"
#include "plan.hpp"
#include "plan_json.hpp"

namespace program {

/// Reads the top-ups of an entitlement that counts in a unit, which is none where a fault hides it. What it
/// returns is whole only where no fault was added.
[[nodiscard]] std::vector<PlannedTopUp> read_top_ups(const Node& node, const std::string& path,
                                                     const std::optional<entitle::Unit>& unit,
                                                     Faults& faults);

}  // namespace program
