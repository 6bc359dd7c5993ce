#pragma once

#include <string>
#include <utility>
#include <vector>

#include <entitle/rule/policy.hpp>

#include "fault.hpp"
#include "plan_json.hpp"

namespace program {

/// Reads a plan's `policy`: a preset's name, or an object with `base` and choices that differ from it.
void read_policy(const Node& node, entitle::Policy& policy, Faults& faults);

/// Every choice of a policy, by the names and values of such an object.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> choices_of(const entitle::Policy& is);

}  // namespace program
