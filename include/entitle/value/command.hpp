#pragma once

#include <concepts>
#include <type_traits>
#include <variant>

#include "entitle/value/case_command.hpp"
#include "entitle/value/entitlement_command.hpp"

namespace entitle::inline v0 {

/// Any command, for batches.
using Command =
    std::variant<Draft, Revise, SetChannel, RemoveChannel, ReviseScope, Amend, Activate, Deactivate, Cancel,
                 Renew, SetDefault, Remove, Adjust, ImportEntitlement, OpenCase, ResolveCase, CancelCase,
                 ReactivateCase, ChangeOrigin, ChangeEntitlement, ChangeContact, ChangeProduct, ChangeAsset,
                 ChangeCaseType, SetDecrement, DeleteCase, HoldTerms, ReleaseTerms>;

/// A command about a case: its `id` is a case's.
template <class C>
concept CaseCommand = std::same_as<std::remove_cvref_t<decltype(C::id)>, CaseId>;

/// A command about an entitlement that exists.
template <class C>
concept EntitlementCommand =
    std::same_as<std::remove_cvref_t<decltype(C::id)>, EntitlementId> && !std::same_as<C, Draft> &&
    !std::same_as<C, ImportEntitlement>;

}  // namespace entitle::inline v0
