#pragma once

#include "entitle/engine.hpp"

#include "reference/model.hpp"

namespace entitle_property {

/// One command, or one change of the catalog, at its own instant. Such a change is in no ledger: its receipt has no
/// number. `names_customer` off leaves the customer out where that is allowed.
[[nodiscard]] entitle::Outcome execute(entitle::Engine& engine, const entitle_reference::Op& op,
                                       bool names_customer = true);

/// One command, whatever it is.
[[nodiscard]] entitle::Outcome execute(entitle::Engine& engine, const entitle::Command& command,
                                       entitle::Instant now);

}  // namespace entitle_property
