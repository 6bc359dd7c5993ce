#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "entitle/rule/case_plan.hpp"
#include "entitle/rule/change_case.hpp"
#include "entitle/rule/close_case.hpp"
#include "entitle/rule/holding.hpp"
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
    return enter_on(plan, facts, row, answer.channel);
}

/// Where a reactivation returns what stands posted: where it was posted (R8), or, with
/// `ReactivationReturns::current_listing`, to the channel of the origin that the case had when resolved, if it is listed
/// now, whatever was posted where.
[[nodiscard]] inline std::uint16_t returned_channel(const SupportCase& is, const Facts& facts,
                                                    std::uint32_t row, const Channel& origin_then) {
    return facts.policy.reactivation_returns == ReactivationReturns::current_listing
               ? origin_channel(facts.view, row, origin_then)
               : kept_channel(facts.view, row, is.posted.channel);
}

/// What the plan gives back, less what of it is forfeited: of the total, and, where a channel had it, no more than there.
[[nodiscard]] inline std::int64_t returned_by(const Plan& plan, std::uint32_t row, std::uint16_t channel) {
    const std::int64_t of_total = detail::moved_so_far(plan, {row, no_channel});
    return channel == no_channel ? of_total : std::min(of_total, detail::moved_so_far(plan, {row, channel}));
}

/// *Hold on creation*: what the reversal returned is held again, where it was returned; for a new origin its channel is
/// asked, and then holds it.
[[nodiscard]] inline Result<void> hold_again(Plan& plan, const Facts& facts, std::uint32_t row,
                                             std::uint16_t channel, std::int64_t quantity, bool new_origin) {
    const SupportCase& is = plan.support_case;
    if (new_origin && facts.policy.origin_change == OriginChange::ask_and_move) {
        const Candidate candidate{facts.view, row};
        const Question question{is.facts, facts.policy, facts.now, Moment::opening, is.decrement, quantity};
        const Own own{quantity, channel};
        const Admission answer = admit_channel(candidate, question, guard_log(plan), own);
        if (!answer.admitted()) return tl::unexpected<Error>{refusal(candidate, question, answer, own)};
        channel = answer.channel;
    }
    return hold(plan, facts, row, channel, quantity);
}

/// Decrease on resolution: what stands is taken back. A new origin is recorded only, but where a hold asks it.
[[nodiscard]] inline Result<void> reactivate_resolved(Plan& plan, const Facts& facts, std::uint32_t row,
                                                      const Channel& origin_then) {
    SupportCase& is = plan.support_case;
    if (!is.posted.stands()) {
        note_if_none(plan, row, origin_channel(facts.view, row, is.facts.origin));
        return {};
    }
    const std::uint16_t channel = returned_channel(is, facts, row, origin_then);
    auto reversed = take_back(plan, facts.view, {row, channel});
    if (!reversed || !holds_at_opening(facts.view.rows[row], facts.policy, is.decrement)) return reversed;
    return hold_again(plan, facts, row, channel, returned_by(plan, row, channel),
                      is.facts.origin != origin_then);
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
    leave_to_bill(plan, *row, -is.overage);  // what is to bill is the next resolution's to say
    const bool keeps_posting =
        from == CaseState::resolved && facts.view.rows[*row].decrease_on == DecreaseOn::creation;
    if (keeps_posting && new_origin) return take_origin(plan, facts, *row, command.origin);
    if (new_origin) is.facts.origin = command.origin;
    if (from == CaseState::canceled) return reactivate_canceled(plan, facts, *row);
    if (!keeps_posting) return reactivate_resolved(plan, facts, *row, origin_then);
    note_if_none(plan, *row, origin_channel(facts.view, *row, is.facts.origin));
    return {};
}

}  // namespace entitle::inline v0::rule
