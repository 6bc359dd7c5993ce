#pragma once

#include "entitle/engine.hpp"

namespace entitle_property {

/// One command, whatever it is.
[[nodiscard]] entitle::Outcome execute(entitle::Engine& engine, const entitle::Command& command,
                                       entitle::Instant now);

}  // namespace entitle_property
