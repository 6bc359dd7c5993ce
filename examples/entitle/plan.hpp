#pragma once

#include <optional>
#include <string>
#include <vector>

#include <entitle/rule/policy.hpp>
#include <entitle/value/entitlement_command.hpp>

namespace program {

/// An entitlement as the plan has it: keys are texts still, and the draft has no ids.
struct PlannedEntitlement {
    std::string path{};  ///< where it stands in the file
    std::string id{};
    std::string customer{};
    entitle::Draft draft{};
    std::vector<std::string> products{}, contacts{}, assets{}, case_types{};
};

struct Plan {
    entitle::Policy policy{};
    std::vector<PlannedEntitlement> entitlements{};
    std::optional<PlannedEntitlement> for_each_customer{};
};

}  // namespace program
