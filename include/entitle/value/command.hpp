#pragma once

#include <concepts>
#include <type_traits>
#include <variant>

#include "entitle/value/case_command.hpp"
#include "entitle/value/entitlement_command.hpp"
#include "entitle/value/template_command.hpp"

namespace entitle::inline v0 {

/// Any command, for batches.
using Command =
    std::variant<Draft, Revise, SetChannel, RemoveChannel, ReviseScope, Amend, Activate, Deactivate, Cancel,
                 Renew, SetDefault, Remove, Adjust, ImportEntitlement, OpenCase, ResolveCase, CancelCase,
                 ReactivateCase, ChangeOrigin, ChangeEntitlement, ChangeContact, ChangeProduct, ChangeAsset,
                 ChangeCaseType, SetDecrement, DeleteCase, HoldTerms, ReleaseTerms, Instantiate, Assign,
                 TopUp, VoidTopUp, RespondToCase, ChangeStage, ChangePriority, ChangeServiceLevel, MeetKpi>;

/// A command about a case: its `id` is a case's.
template <class C>
concept CaseCommand = std::same_as<std::remove_cvref_t<decltype(C::id)>, CaseId>;

/// A command that makes an entitlement from a template.
template <class C>
concept TemplateCommand = std::same_as<C, Instantiate> || std::same_as<C, Assign>;

/// A command that makes an entitlement for the customer that it names.
template <class C>
concept GrantCommand = std::same_as<C, Draft> || std::same_as<C, ImportEntitlement> || TemplateCommand<C>;

/// A command about an entitlement that exists.
template <class C>
concept EntitlementCommand =
    std::same_as<std::remove_cvref_t<decltype(C::id)>, EntitlementId> && !GrantCommand<C>;

}  // namespace entitle::inline v0
