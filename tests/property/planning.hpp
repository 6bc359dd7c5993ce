#pragma once

#include <optional>

#include "entitle/entitle.hpp"

/// The engine's work by hand: look, decide, stage.
namespace entitle_property {

/// The templates and rules that a command finds when it comes.
[[nodiscard]] entitle::Catalog catalog_of(const entitle::Store& store);

/// The plan for a command as the store is now, in a unit that has begun; nothing where the rule refuses, or
/// where the request is remembered.
[[nodiscard]] std::optional<entitle::Plan> plan_for(entitle::Store& store, const entitle::Command& command,
                                                    const entitle::Policy& policy, entitle::Instant now,
                                                    const entitle::Catalog& catalog);

}  // namespace entitle_property
