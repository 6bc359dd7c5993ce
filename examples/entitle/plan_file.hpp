#pragma once

#include <optional>
#include <string>

#include "fault.hpp"
#include "plan.hpp"

namespace program {

/// Reads a plan; nothing where it has faults, which have then been told.
[[nodiscard]] std::optional<Plan> read_plan(const std::string& path, Faults& faults);

}  // namespace program
