#pragma once

#include <cstdint>

#include "entitle/rule/case_plan.hpp"
#include "entitle/rule/holding.hpp"
#include "entitle/rule/posting.hpp"
#include "entitle/rule/selection.hpp"
#include "entitle/value/case_command.hpp"

/// Opening a case: sections 4 (first row), 5 and 6.
namespace entitle::inline v0::rule {

[[nodiscard]] inline CaseFacts facts_of(const OpenCase& command) {
    return {command.contact, command.product, command.asset, command.case_type, command.origin};
}

/// A new posting is 1 (hours and money post at resolution only); at opening, nothing more is asked.
inline constexpr std::int64_t needed_at_opening = 1;

[[nodiscard]] inline bool posts_at_opening(const EntitlementRow& row, bool decrement) {
    return decrement && row.decrease_on == DecreaseOn::creation;
}

/// *Hold on creation*: what would post at opening, if it did not post at resolution, is held until then.
[[nodiscard]] inline bool holds_at_opening(const EntitlementRow& row, const Policy& policy, bool decrement) {
    return policy.hold_on_creation && decrement && row.decrease_on == DecreaseOn::resolution;
}

/// What an admitted case does to its entitlement while it is open: posts, holds, or neither.
[[nodiscard]] inline Result<void> enter_on(Plan& plan, const Facts& facts, std::uint32_t row,
                                           std::uint16_t channel) {
    const bool decrement = plan.support_case.decrement;
    if (posts_at_opening(facts.view.rows[row], decrement)) {
        return post(plan, facts.view, row, channel, needed_at_opening);
    }
    if (holds_at_opening(facts.view.rows[row], facts.policy, decrement)) {
        return hold(plan, facts, row, channel, needed_at_opening);
    }
    note(plan, row, channel);
    return {};
}

/// The entitlement for a case: the one named, or the first that admits it.
/// (Not inlined: its loop would take the registers of all that surrounds it.)
[[nodiscard, gnu::noinline]] inline Selection choose(const View& view, const Question& question,
                                                     EntitlementId named, bool elsewhere,
                                                     const GuardLog& log) {
    if (elsewhere && named) return {no_row, {ErrorCode::not_customers, no_channel}};
    return select(view, question, log, named ? view.find(named) : no_row);
}

/// Why a choice does not admit the case: where none was named, `not_entitled`, with the failure of the
/// candidate that got furthest.
[[nodiscard, gnu::noinline]] inline Error refusal(const View& view, Question question, EntitlementId named,
                                                  Selection chosen) {
    const ErrorCode code = chosen.answer.refusal;
    Error error = chosen.row == no_row ? refuse(code).value()
                                       : refusal(Candidate{view, chosen.row}, question, chosen.answer);
    if (named) return error;
    error.code = ErrorCode::not_entitled;
    error.reason = code;
    return error;
}

/// A repeat (R11): the case was opened with these very facts.
[[nodiscard]] inline bool is_repeat(const OpenCase& command, const View& view) {
    const SupportCase& is = view.support_case;
    const Opening asked{facts_of(command), command.entitlement, command.decrement};
    if (view.opening != nullptr) return asked == *view.opening;
    return asked == Opening{is.facts, is.named ? is.entitlement : EntitlementId{}, is.decrement};
}

/// An existing case: a repeat changes nothing, other facts are refused.
[[nodiscard]] inline Result<void> open_existing(const OpenCase& command, const Facts& facts, Plan& plan) {
    plan.support_case_id = command.id;
    plan.case_version = facts.view.support_case.last_number;
    plan.subject = facts.view.support_case.entitlement;
    if (is_repeat(command, facts.view)) return {};
    if (command.entitlement && !facts.elsewhere && facts.view.find(command.entitlement) == no_row) {
        return refuse(ErrorCode::unknown_entitlement);
    }
    return refuse(ErrorCode::case_exists);
}

[[nodiscard, gnu::flatten]] inline Result<void> decide(const OpenCase& command, const Facts& facts,
                                                       Plan& plan) {
    const View& view = facts.view;
    begin_plan(plan, command, facts);
    if (command.id.is_none()) return refuse(ErrorCode::id_missing);
    if (view.has_case) return open_existing(command, facts, plan);
    if (command.entitlement && !facts.elsewhere && view.find(command.entitlement) == no_row) {
        return refuse(ErrorCode::unknown_entitlement);
    }
    SupportCase& opened = plan.support_case;
    opened.facts.contact = command.contact;
    opened.facts.product = command.product;
    opened.facts.asset = command.asset;
    opened.facts.case_type = command.case_type;
    opened.facts.origin = command.origin;
    const Question question{opened.facts,    facts.policy,      facts.now,
                            Moment::opening, command.decrement, needed_at_opening};
    const Selection chosen = choose(view, question, command.entitlement, facts.elsewhere, guard_log(plan));
    if (!chosen.answer.admitted()) {
        return tl::unexpected<Error>{refusal(view, question, command.entitlement, chosen)};
    }

    const EntitlementRow& row = view.rows[chosen.row];
    plan.subject = row.id;
    plan.support_case_id = command.id;
    plan.case_change = CaseChange::insert;
    opened.id = command.id;
    opened.customer = view.customer;
    opened.entitlement = row.id;
    opened.state = CaseState::open;
    opened.decrement = command.decrement;
    opened.named = !command.entitlement.is_none();
    opened.since = facts.now;
    opened.last_number = 0;
    if (!posts_at_opening(row, command.decrement)) opened.posted = {};
    return enter_on(plan, facts, chosen.row, chosen.answer.channel);
}

}  // namespace entitle::inline v0::rule
