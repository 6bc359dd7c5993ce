#pragma once

#include <cstdint>

#include "entitle/rule/case_plan.hpp"
#include "entitle/rule/holding.hpp"
#include "entitle/rule/open_case.hpp"
#include "entitle/rule/posting.hpp"
#include "entitle/value/case_command.hpp"

/// Changing the facts of an open case (section 4). To the same fact: ok, nothing asked or recorded (R9).
namespace entitle::inline v0::rule {

/// Begins the change of an open case; refuses any other.
template <class C>
[[nodiscard]] Result<std::uint32_t> begin_change(Plan& plan, const C& command, const Facts& facts) {
    auto index = begin_case_plan(plan, command, facts);
    if (index && plan.support_case.state != CaseState::open) return wrong_state(plan.support_case);
    return index;
}

inline void mark_changed(Plan& plan) {
    plan.case_change = CaseChange::update;
    plan.opening_changed = true;
}

/// Moves what stands posted, or is held, to another channel: it is taken back and made anew under one number. Under
/// decrease on resolution no posting moves.
[[nodiscard]] inline Result<void> move_to_channel(Plan& plan, const Facts& facts, Question question,
                                                  std::uint32_t row, std::uint16_t channel) {
    const View& view = facts.view;
    const Posted posted = plan.support_case.posted;
    const Held held = plan.support_case.held;
    const Channel target = channel == no_channel ? Channel{} : channel_name(view.rows[row], channel);
    const bool posts = posted.stands() && view.rows[row].decrease_on == DecreaseOn::creation;
    if (posts && posted.channel != target) {
        if (auto reversed = reverse(plan, view, row); !reversed) return reversed;
        // Across a boundary less may come back than is posted again: that much the total must have.
        question.needed = posted.quantity - detail::moved_so_far(plan, {row, no_channel});
        const bool is_asked = question.needed > 0 && plan.history_from == 0;
        const Candidate candidate{view, row};
        if (is_asked && ask_terms(candidate, question, no_channel, guard_log(plan)) != ErrorCode::none) {
            return tl::unexpected<Error>{
                refusal(candidate, question, {ErrorCode::terms_exhausted, no_channel})};
        }
        return post(plan, view, row, channel, posted.quantity);
    }
    if (held.stands() && held.channel != target && !holds_late(plan, view.rows[row])) {
        if (auto freed = release(plan, facts, row); !freed) return tl::unexpected<Error>{freed.error()};
        return hold(plan, facts, row, channel, held.quantity, held.until);
    }
    note_if_none(plan, row, channel);
    return {};
}

/// A new origin on a case that is, or is about to be, open: steps 4 and 5 for the channel only, as if the
/// case's own posting were given back; then the channel posting moves. A hold is asked and moves alike, unless it is of a
/// period that has ended: there it stays. Also the reactivation's (section 4).
[[nodiscard]] inline Result<void> take_origin(Plan& plan, const Facts& facts, std::uint32_t row,
                                              const Channel& origin) {
    SupportCase& is = plan.support_case;
    is.facts.origin = origin;
    if (facts.policy.origin_change == OriginChange::ignore) {
        note_if_none(plan, row, origin_channel(facts.view, row, origin));
        return {};
    }
    const Candidate candidate{facts.view, row};
    const bool holds = is.held.stands() && !holds_late(plan, facts.view.rows[row]);
    const Question question{is.facts,        facts.policy, facts.now,
                            Moment::opening, is.decrement, holds ? is.held.quantity : needed_at_opening};
    const Own own{holds ? is.held.quantity : is.posted.quantity,
                  kept_channel(facts.view, row, holds ? is.held.channel : is.posted.channel)};
    const Admission answer = admit_channel(candidate, question, guard_log(plan), own);
    if (!answer.admitted()) return tl::unexpected<Error>{refusal(candidate, question, answer, own)};
    return move_to_channel(plan, facts, question, row, answer.channel);
}

[[nodiscard]] inline Result<void> decide(const ChangeOrigin& command, const Facts& facts, Plan& plan) {
    const auto row = begin_change(plan, command, facts);
    if (!row) return tl::unexpected<Error>{row.error()};
    if (plan.support_case.facts.origin == command.origin) return {};
    mark_changed(plan);
    return take_origin(plan, facts, *row, command.origin);
}

/// Takes back what stands on the old entitlement; admits, and posts, on the new one.
[[nodiscard]] inline Result<void> decide(const ChangeEntitlement& command, const Facts& facts, Plan& plan) {
    const View& view = facts.view;
    const auto row = begin_case_plan(plan, command, facts);
    if (!row) return tl::unexpected<Error>{row.error()};
    if (!facts.elsewhere && view.find(command.entitlement) == no_row)
        return refuse(ErrorCode::unknown_entitlement);
    SupportCase& is = plan.support_case;
    if (is.state != CaseState::open) return wrong_state(is);
    if (is.entitlement == command.entitlement) return {};
    const Question question{is.facts,        facts.policy, facts.now,
                            Moment::opening, is.decrement, needed_at_opening};
    const Selection chosen = choose(view, question, command.entitlement, facts.elsewhere, guard_log(plan));
    if (!chosen.answer.admitted()) {
        return tl::unexpected<Error>{refusal(view, question, command.entitlement, chosen)};
    }
    mark_changed(plan);
    if (auto reversed = give_back(plan, facts, *row); !reversed) return reversed;
    is.entitlement = command.entitlement;
    plan.subject = command.entitlement;
    return enter_on(plan, facts, chosen.row, chosen.answer.channel);
}

namespace detail {

/// Step 3 for the changed fact only.
template <class C, class FactId>
[[nodiscard]] Result<void> change_fact(const C& command, const Facts& facts, Plan& plan,
                                       FactId CaseFacts::*fact, FactId to) {
    const auto row = begin_change(plan, command, facts);
    if (!row) return tl::unexpected<Error>{row.error()};
    SupportCase& is = plan.support_case;
    if (is.facts.*fact == to) return {};
    is.facts.*fact = to;
    const Candidate candidate{facts.view, *row};
    const ErrorCode refused = out_of_scope(candidate, to);
    if (refused != ErrorCode::none) {
        Error error;
        error.code = refused;
        error.entitlement = candidate.row.id;
        return tl::unexpected<Error>{error};
    }
    mark_changed(plan);
    note(plan, *row, origin_channel(facts.view, *row, is.facts.origin));
    return {};
}

}  // namespace detail

[[nodiscard]] inline Result<void> decide(const ChangeContact& command, const Facts& facts, Plan& plan) {
    return detail::change_fact(command, facts, plan, &CaseFacts::contact, command.contact);
}
[[nodiscard]] inline Result<void> decide(const ChangeProduct& command, const Facts& facts, Plan& plan) {
    return detail::change_fact(command, facts, plan, &CaseFacts::product, command.product);
}
[[nodiscard]] inline Result<void> decide(const ChangeAsset& command, const Facts& facts, Plan& plan) {
    return detail::change_fact(command, facts, plan, &CaseFacts::asset, command.asset);
}
[[nodiscard]] inline Result<void> decide(const ChangeCaseType& command, const Facts& facts, Plan& plan) {
    return detail::change_fact(command, facts, plan, &CaseFacts::case_type, command.case_type);
}

/// R6. On: reverses, or frees what is held. Off, where an opening would post or hold: step 5, then that. Else nothing
/// moves until the resolution.
[[nodiscard]] inline Result<void> decide(const SetDecrement& command, const Facts& facts, Plan& plan) {
    const auto row = begin_change(plan, command, facts);
    if (!row) return tl::unexpected<Error>{row.error()};
    SupportCase& is = plan.support_case;
    if (is.decrement == command.decrement) return {};
    is.decrement = command.decrement;
    mark_changed(plan);
    const Candidate candidate{facts.view, *row};
    const std::uint16_t channel = origin_channel(facts.view, *row, is.facts.origin);
    if (is.posted.stands() || is.held.stands()) return give_back(plan, facts, *row);
    const bool uses = posts_at_opening(candidate.row, is.decrement) ||
                      holds_at_opening(candidate.row, facts.policy, is.decrement);
    if (uses) {
        const Question question{is.facts, facts.policy, facts.now, Moment::opening, true, needed_at_opening};
        const Admission answer{ask_terms(candidate, question, channel, guard_log(plan)), channel};
        if (!answer.admitted()) return tl::unexpected<Error>{refusal(candidate, question, answer)};
    }
    return enter_on(plan, facts, *row, channel);
}

}  // namespace entitle::inline v0::rule
