#pragma once

#include "../conformance/desk.hpp"

namespace store_contract {

using namespace conformance;  // NOLINT(google-build-using-namespace)

// What these tests speak of.
inline const EntitlementId gold = "gold"_entitlement;
inline const EntitlementId silver = "silver"_entitlement;

/// An agreement with acme of so many cases, all by phone if need be.
inline void grant(Engine& engine, std::int64_t count) {
    Draft agreement = agreed(on_creation(count), {{Channel::phone, cases(count)}});
    agreement.id = gold;
    EXPECT_THAT(engine.draft(agreement, july), ok());
    EXPECT_THAT(engine.activate({.customer = acme, .id = gold}, july), ok());
}

/// A phone case of acme's, under a request id of its own.
inline Outcome open_case(Engine& engine, std::uint64_t id) {
    return engine.open_case({.customer = acme,
                             .id = CaseId::from_integer(id),
                             .origin = Channel::phone,
                             .request = RequestId::from_integer(id)},
                            july);
}

}  // namespace store_contract
