#pragma once

#include <string>

#include "reference/model.hpp"

namespace entitle_property {

/// A command on one line: its kind, and what it says beyond the defaults.
[[nodiscard]] std::string to_text(const entitle_reference::Op& op);

}  // namespace entitle_property
