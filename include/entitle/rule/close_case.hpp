#pragma once

#include <cstdint>

#include "entitle/rule/case_plan.hpp"
#include "entitle/rule/posting.hpp"
#include "entitle/value/case_command.hpp"

/// Resolving, canceling and deleting a case (section 4).
namespace entitle::inline v0::rule {

/// What a resolution posts: 1, the time spent, or the cost. Too much is for the terms to refuse.
[[nodiscard]] inline Result<std::int64_t> amount_spent(const ResolveCase& command,
                                                       const EntitlementRow& row) {
    std::int64_t amount = 1;
    if (row.allocation == Allocation::hours) amount = command.time_spent.count();
    if (row.allocation == Allocation::money) {
        const Currency currency = row.record->agreement.unit().currency;
        amount = command.cost.minor_units;
        if (command.cost.currency != currency && amount != 0) return refuse(ErrorCode::unit_mismatch);
    }
    if (amount < 0) return refuse(ErrorCode::amount_out_of_range);
    return amount;
}

/// Whether resolving is the event that uses terms, and has something to use them for.
[[nodiscard]] inline bool posts_at_resolution(const EntitlementRow& row, const SupportCase& support_case) {
    return row.decrease_on == DecreaseOn::resolution && support_case.decrement &&
           !support_case.posted.stands();
}

/// The channel and the terms are asked again where it is going to post; steps 1–3 are not: work begun in
/// coverage may be finished after it.
[[nodiscard]] inline Result<void> decide(const ResolveCase& command, const Facts& facts, Plan& plan) {
    const auto index = begin_case_plan(plan, command, facts);
    if (!index) return tl::unexpected<Error>{index.error()};
    SupportCase& is = plan.support_case;
    if (is.state != CaseState::open) return wrong_state(is);
    const Candidate candidate{facts.view, *index};
    enter(plan, CaseState::resolved);
    if (!posts_at_resolution(candidate.row, is)) {
        note(plan, *index, origin_channel(facts.view, *index, is.facts.origin));
        return {};
    }
    const auto amount = amount_spent(command, candidate.row);
    if (!amount) return tl::unexpected<Error>{amount.error()};
    const Question question{is.facts, facts.policy, facts.now, Moment::resolution, is.decrement, *amount};
    const Admission answer = admit_use(candidate, question, guard_log(plan));
    if (!answer.admitted()) return tl::unexpected<Error>{refusal(candidate, question, answer)};
    return post(plan, facts.view, *index, answer.channel, *amount);
}

/// Takes back what stands posted, or records that nothing did.
[[nodiscard]] inline Result<void> reverse_or_note(Plan& plan, const View& view, std::uint32_t row) {
    if (plan.support_case.posted.stands()) return reverse(plan, view, row);
    note(plan, row, origin_channel(view, row, plan.support_case.facts.origin));
    return {};
}

[[nodiscard]] inline Result<void> decide(const CancelCase& command, const Facts& facts, Plan& plan) {
    const auto index = begin_case_plan(plan, command, facts);
    if (!index) return tl::unexpected<Error>{index.error()};
    if (plan.support_case.state != CaseState::open) return wrong_state(plan.support_case);
    enter(plan, CaseState::canceled);
    return reverse_or_note(plan, facts.view, *index);
}

/// Any state may be deleted; only an open case gives back what it used.
[[nodiscard]] inline Result<void> decide(const DeleteCase& command, const Facts& facts, Plan& plan) {
    const auto index = begin_case_plan(plan, command, facts);
    if (!index) return tl::unexpected<Error>{index.error()};
    plan.case_change = CaseChange::erase;
    if (plan.support_case.state == CaseState::open) return reverse_or_note(plan, facts.view, *index);
    note(plan, *index);
    return {};
}

}  // namespace entitle::inline v0::rule
