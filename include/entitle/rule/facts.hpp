#pragma once

#include <optional>

#include "entitle/rule/policy.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/template.hpp"
#include "entitle/value/view.hpp"
#include "entitle/value/zone.hpp"

namespace entitle::inline v0::rule {

/// Everything that a rule may know besides its command: it asks nobody.
struct Facts {
    const View& view;
    const Policy& policy;
    Instant now;
    /// Whether the plan is to say within which bounds it holds; off where nothing can move meanwhile.
    bool guarded = true;
    /// The entitlement that the command names exists, but another customer has it.
    bool elsewhere = false;
    /// For what the command makes.
    EntitlementId new_id{};
    /// The zone of the coverage that the command sets or renews; absent where the database has none such.
    std::optional<Zone> zone{};
    /// What a command that makes something from a template may need of it.
    const Catalog* catalog = nullptr;
};

}  // namespace entitle::inline v0::rule
