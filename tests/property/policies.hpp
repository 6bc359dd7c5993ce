#pragma once

#include <string>

#include "entitle/rule/policy.hpp"

#include "property/random.hpp"
#include "reference/model.hpp"

namespace entitle_property {

namespace model = entitle_reference;

/// The same choices for the engine.
[[nodiscard]] entitle::Policy engine_policy(const model::Policy& policy);

/// Any choices at all, of those that the engine carries out.
[[nodiscard]] model::Policy random_policy(Random& random);

[[nodiscard]] std::string to_text(const model::Policy& policy);

}  // namespace entitle_property
