#pragma once

#include <entitle/rule/policy.hpp>

#include "fault.hpp"
#include "plan_json.hpp"

namespace program {

/// Reads a plan's `policy`: a preset's name, or an object with `base` and choices that differ from it.
void read_policy(const Node& node, entitle::Policy& policy, Faults& faults);

}  // namespace program
