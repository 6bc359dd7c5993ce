#pragma once

#include <span>

#include "host/session.hpp"
#include "view/told.hpp"

namespace program {

/// A line for each, and one for each listed channel, as they are now.
[[nodiscard]] Told entitlement_list(Session& session, std::span<const entitle::Entitlement> all);

/// Everything about one.
[[nodiscard]] Told entitlement_card(Session& session, const entitle::Entitlement& one);

/// What is left of it and of its channels, in base units.
[[nodiscard]] Json entitlement_json(Session& session, const entitle::Entitlement& one);

}  // namespace program
