#pragma once

#include "../conformance/desk.hpp"

namespace store_contract {

using namespace conformance;  // NOLINT(google-build-using-namespace)

// The agreements that these tests speak of.
inline const EntitlementId gold = "gold"_entitlement;
inline const EntitlementId silver = "silver"_entitlement;

}  // namespace store_contract
