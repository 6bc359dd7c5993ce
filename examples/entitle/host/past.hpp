#pragma once

#include <vector>

#include <entitle/engine.hpp>

#include "host/session.hpp"

/// Entitlements as they were at the session's moment: the engine keeps what is left today, and the ledger tells what was
/// left before.
namespace program {

/// Puts what was left and held at the moment in place of what is today, if its statement has later entries; whether it
/// has. Of a moment that has passed it is not told what was left of each top-up.
[[nodiscard]] Or<bool> put_past(Session& session, const entitle::Statement& statement,
                                entitle::Entitlement& one);

[[nodiscard]] Or<entitle::Entitlement> entitlement_then(Session& session, entitle::CustomerId customer,
                                                        entitle::EntitlementId id);
/// Of every customer where none is named.
[[nodiscard]] Or<std::vector<entitle::Entitlement>> entitlements_then(Session& session,
                                                                      entitle::CustomerId customer = {});

}  // namespace program
