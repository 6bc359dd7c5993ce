#pragma once

#include <string>

#include "entitle/engine.hpp"

#include "reference/model.hpp"

/// Where the engine and the model differ, in words; empty where they do not.
namespace entitle_property {

[[nodiscard]] std::string difference(const entitle_reference::Answer& expected,
                                     const entitle::Outcome& found);

/// Everything that can be read of a customer: entitlements, cases, ledger.
[[nodiscard]] std::string state_difference(const entitle_reference::Model& model,
                                           const entitle::Engine& engine, int customer, long long now);

/// Every candidate for an opening, in order, with every reason.
[[nodiscard]] std::string explanation_difference(const entitle_reference::Model& model,
                                                 const entitle::Engine& engine,
                                                 const entitle_reference::CaseFacts& facts, long long now);

/// Templates and rules.
[[nodiscard]] std::string catalog_difference(const entitle_reference::Model& model,
                                             const entitle::Engine& engine);

[[nodiscard]] std::string audit_difference(const entitle::Engine& engine);

}  // namespace entitle_property
