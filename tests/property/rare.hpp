#pragma once

#include <string_view>

#include "property/history.hpp"

/// Histories long enough for what needs many commands to come together.
namespace entitle_property {

[[nodiscard]] inline Trial rare_trial(std::string_view policy, std::uint64_t seed) {
    const auto of = [&](Random& random) {
        if (policy == "standard") return model::standard();
        if (policy == "dynamics365") return model::dynamics365();
        if (policy == "crm2014") return model::crm2014();
        if (policy == "desk") return model::desk();
        return random_policy(random);
    };
    return trial_of(seed, {seed, 1, 64, of});
}

}  // namespace entitle_property
