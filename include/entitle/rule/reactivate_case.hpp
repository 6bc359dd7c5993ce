#pragma once

#include <chrono>
#include <cstdint>

#include "entitle/rule/case_plan.hpp"
#include "entitle/rule/change_case.hpp"
#include "entitle/rule/close_case.hpp"
#include "entitle/rule/posting.hpp"
#include "entitle/value/case_command.hpp"

/// Reactivating a case (section 4): from canceled it is admitted anew, from resolved it gives back.
namespace entitle::inline v0::rule {

/// Admitted as at opening, on the new origin if one is given.
[[nodiscard]] inline Result<void> reactivate_canceled(Plan& plan, const Facts& facts, std::uint32_t row) {
    SupportCase& is = plan.support_case;
    const Candidate candidate{facts.view, row};
    const Question question{is.facts,        facts.policy, facts.now,
                            Moment::opening, is.decrement, needed_at_opening};
    const Admission answer = admit(candidate, question, guard_log(plan));
    if (!answer.admitted()) return tl::unexpected<Error>{refusal(candidate, question, answer)};
    if (posts_at_opening(candidate.row, is.decrement)) {
        return post(plan, facts.view, row, answer.channel, needed_at_opening);
    }
    note(plan, row, answer.channel);
    return {};
}

/// `ReactivationReturns::current_listing`: the posted quantity to the total, and to the channel of the
/// origin that the case had when resolved, if it is listed now, whatever was posted where.
[[nodiscard]] inline Result<void> return_by_listing(Plan& plan, const View& view, std::uint32_t row,
                                                    const Channel& origin) {
    return take_back(plan, view, {row, origin_channel(view, row, origin)});
}

/// Decrease on resolution: what stands is taken back, and a new origin is recorded only.
[[nodiscard]] inline Result<void> give_back(Plan& plan, const Facts& facts, std::uint32_t row,
                                            const Channel& origin_then) {
    if (facts.policy.reactivation_returns == ReactivationReturns::current_listing &&
        plan.support_case.posted.stands()) {
        return return_by_listing(plan, facts.view, row, origin_then);
    }
    return reverse_or_note(plan, facts.view, row);
}

[[nodiscard]] inline bool too_late(const Policy& policy, Instant resolved, Instant now) {
    return policy.reopen_within_days &&
           date::ceil<date::days>(now - resolved) > date::days{*policy.reopen_within_days};
}

[[nodiscard]] inline Result<void> decide(const ReactivateCase& command, const Facts& facts, Plan& plan) {
    const auto row = begin_case_plan(plan, command, facts);
    if (!row) return tl::unexpected<Error>{row.error()};
    SupportCase& is = plan.support_case;
    const CaseState from = is.state;
    if (from == CaseState::open) return wrong_state(is);
    if (from == CaseState::resolved && too_late(facts.policy, is.since, facts.now)) {
        return refuse(ErrorCode::reopen_too_late);
    }
    const Channel origin_then = is.facts.origin;
    const bool new_origin = command.origin && command.origin != origin_then;
    enter(plan, CaseState::open);
    plan.opening_changed = new_origin;
    const bool keeps_posting =
        from == CaseState::resolved && facts.view.rows[*row].decrease_on == DecreaseOn::creation;
    if (keeps_posting && new_origin) return take_origin(plan, facts, *row, command.origin);
    if (new_origin) is.facts.origin = command.origin;
    if (from == CaseState::canceled) return reactivate_canceled(plan, facts, *row);
    if (!keeps_posting) return give_back(plan, facts, *row, origin_then);
    note(plan, *row, origin_channel(facts.view, *row, is.facts.origin));
    return {};
}

}  // namespace entitle::inline v0::rule
