#pragma once

#include "plan_json.hpp"
#include "view/told.hpp"

namespace program {

/// A value of a plan as JSON; its numbers are whole.
[[nodiscard]] Json json_of(const Node& node);

}  // namespace program
