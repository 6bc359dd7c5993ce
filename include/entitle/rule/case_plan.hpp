#pragma once

#include <cstdint>

#include "entitle/rule/facts.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/plan.hpp"

/// What every rule about a case begins and ends with.
namespace entitle::inline v0::rule {

/// Leaves nothing of a former plan, and notes who commands what, when, and what the plan will have looked at.
/// Every rule begins with it.
template <class C>
void begin_plan(Plan& plan, const C& command, const Facts& facts) {
    plan.clear();
    plan.customer = facts.view.customer;
    plan.shape = facts.view.shape;
    plan.guarded = facts.guarded;
    plan.command = C::kind;
    plan.at = facts.now;
    plan.request = command.request;
    plan.actor = command.actor;
}

/// What time has ended is still in the case's own row.
inline void drop_expired(Plan& plan, const EntitlementRow& row) {
    if (still_stands(plan.support_case.held, row.record->holds)) return;
    plan.expired = plan.support_case.held.entry;
    plan.support_case.held = {};
}

/// Takes the case as it is into the plan, to be changed there. R9's order: an unknown case, then its state.
/// Returns its entitlement's row.
template <class C>
[[nodiscard]] Result<std::uint32_t> begin_case_plan(Plan& plan, const C& command, const Facts& facts) {
    begin_plan(plan, command, facts);
    if (!facts.view.has_case) return refuse(ErrorCode::unknown_case);
    plan.support_case_id = command.id;
    plan.case_version = facts.view.support_case.last_number;
    plan.support_case = facts.view.support_case;
    plan.subject = plan.support_case.entitlement;
    const std::uint32_t row = facts.view.find(plan.support_case.entitlement);
    if (plan.support_case.held.expires()) [[unlikely]]
        drop_expired(plan, facts.view.rows[row]);
    return row;
}

/// `case_state`, with the state in it.
[[nodiscard]] inline tl::unexpected<Error> wrong_state(const SupportCase& support_case) {
    Error error;
    error.code = ErrorCode::case_state;
    error.state = support_case.state;
    error.support_case = support_case.id;
    return tl::unexpected<Error>{error};
}

/// The plan brings the case into a state.
inline void enter(Plan& plan, CaseState state) {
    plan.case_change = CaseChange::update;
    plan.support_case.state = state;
    plan.support_case.since = plan.at;
}

}  // namespace entitle::inline v0::rule
