#pragma once

#include <cstdint>

#include "entitle/rule/agreement.hpp"
#include "entitle/rule/change_case.hpp"
#include "entitle/rule/close_case.hpp"
#include "entitle/rule/holding.hpp"
#include "entitle/value/case_command.hpp"

/// Holds that the host sets (section 8). To where things are: ok, nothing asked or recorded (R9).
namespace entitle::inline v0::rule {

/// The amount to be held, in the entitlement's unit.
[[nodiscard]] inline Result<std::int64_t> amount_held(const HoldTerms& command, const EntitlementRow& row) {
    if (command.quantity.unit != channel_unit(row.record->agreement)) return refuse(ErrorCode::unit_mismatch);
    if (command.quantity.value < 1) return refuse(ErrorCode::amount_out_of_range);
    return command.quantity.value;
}

/// Asked as a resolution of that amount would be, and as restricted agreements are whatever the policy lets go below
/// nothing: what is not there cannot be reserved.
[[nodiscard]] inline Result<void> decide(const HoldTerms& command, const Facts& facts, Plan& plan) {
    const auto row = begin_change(plan, command, facts);
    if (!row) return tl::unexpected<Error>{row.error()};
    const SupportCase& is = plan.support_case;
    const Candidate candidate{facts.view, *row};
    if (!posts_at_resolution(candidate.row, is)) return refuse(ErrorCode::nothing_to_hold);
    const auto amount = amount_held(command, candidate.row);
    if (!amount) return tl::unexpected<Error>{amount.error()};
    const std::uint16_t listed = origin_channel(facts.view, *row, is.facts.origin);
    const Instant until = command.expires.value_or(Instant::max());
    if (until <= facts.now) return refuse(ErrorCode::hold_expired);
    const bool is_same = is.held.quantity == *amount && is.held.until == until &&
                         kept_channel(facts.view, *row, is.held.channel) == listed;
    if (is_same) return {};
    const auto own = release(plan, facts, *row);
    if (!own) return tl::unexpected<Error>{own.error()};
    const Question question{is.facts, facts.policy, facts.now, Moment::holding, is.decrement, *amount};
    const Admission answer = admit_use(candidate, question, guard_log(plan), *own);
    if (!answer.admitted()) return tl::unexpected<Error>{refusal(candidate, question, answer, *own)};
    plan.case_change = CaseChange::update;
    return hold(plan, facts, *row, answer.channel, *amount, until);
}

[[nodiscard]] inline Result<void> decide(const ReleaseTerms& command, const Facts& facts, Plan& plan) {
    const auto row = begin_change(plan, command, facts);
    if (!row) return tl::unexpected<Error>{row.error()};
    if (!plan.support_case.held.stands()) return {};
    plan.case_change = CaseChange::update;
    if (auto freed = release(plan, facts, *row); !freed) return tl::unexpected<Error>{freed.error()};
    return {};
}

}  // namespace entitle::inline v0::rule
