#pragma once

#include <algorithm>
#include <cstdint>

#include "entitle/rule/case_plan.hpp"
#include "entitle/rule/holding.hpp"
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

/// *Split* overage: how much of what a restricted resolution needs is there. All of it where terms are not asked, and
/// never less than what is `within` the case's hold.
[[nodiscard]] inline std::int64_t covered_amount(const Candidate& candidate, const Question& question,
                                                 std::uint16_t channel, const GuardLog& log, const Own& own,
                                                 std::int64_t within) {
    const bool splits = question.policy.overage == Overage::split && candidate.row.restricted;
    std::int64_t covered = question.needed;
    const auto ask = [&](std::uint16_t counter, std::int64_t available, std::int64_t own_there) {
        if (available + own_there >= question.needed) {
            (void)log.covers(candidate.index, counter, available, question.needed - own_there);
            return;
        }
        log.relies_on(candidate.index, counter, available);
        covered = std::min(covered, available + own_there);
    };
    if (!splits) return covered;
    if (candidate.row.allocation != Allocation::coverage_only) {
        ask(no_channel, candidate.available(), own.quantity);
    }
    if (channel != no_channel && question.policy.exhausted_channel == ExhaustedChannel::refuse) {
        ask(channel, candidate.available(channel), own.of(channel));
    }
    return std::min(question.needed, std::max(covered, within));
}

/// What was needed beyond the terms is no movement, but it is recorded, and kept with the case.
inline void leave_to_bill(Plan& plan, std::uint32_t row, std::int64_t amount) {
    plan.support_case.overage += amount;
    if (amount != 0) plan.add(EntryKind::overage, row, no_channel, 0, 0).amount = amount;
}

/// Within what is held for the case it is asked nothing more, and counts where it was held.
[[nodiscard]] inline Result<void> post_within(Plan& plan, const View& view, std::uint32_t row,
                                              const Held& held, std::int64_t amount) {
    auto posted = post(plan, view, row, kept_channel(view, row, held.channel), amount);
    if (plan.posted_by != no_channel) plan.support_case.posted.channel = held.channel;
    return posted;
}

/// What a resolution may post, and where.
struct Covered {
    std::int64_t amount = 0;
    std::uint16_t channel = no_channel;
};

/// Beyond it the channel and the terms are asked again, the case's own hold left aside. What is not there is to bill.
[[nodiscard]] inline Result<Covered> ask_beyond(Plan& plan, const Facts& facts, std::uint32_t row,
                                                const Own& own, std::int64_t within, std::int64_t amount) {
    const SupportCase& is = plan.support_case;
    const Candidate candidate{facts.view, row};
    const Question question{is.facts, facts.policy, facts.now, Moment::resolution, is.decrement, amount};
    const Admission answer = admit_use(candidate, question, guard_log(plan), own);
    if (!answer.admitted()) return tl::unexpected<Error>{refusal(candidate, question, answer, own)};
    const std::int64_t covered =
        covered_amount(candidate, question, answer.channel, guard_log(plan), own, within);
    if (amount - covered > max_terms * unit_of(candidate.row).per_term()) {
        return detail::overflow(candidate, no_channel, amount);
    }
    leave_to_bill(plan, row, amount - covered);
    return Covered{covered, answer.channel};
}

/// A resolution within a hold that boundaries have passed since, or beyond it: what is within counts in the hold's
/// period, unless what is beyond is of another channel than the hold.
[[nodiscard, gnu::noinline]] inline Result<void> post_late(Plan& plan, const Facts& facts, std::uint32_t row,
                                                           std::int64_t amount) {
    const Held held = plan.support_case.held;
    auto hold = detail::LateHold::of(plan, facts.view, row);
    if (!hold) return {};
    if (auto ended = detail::end_hold(plan, facts, hold->counters()); !ended) return ended;
    const bool is_beyond = amount > held.quantity;
    const std::uint16_t listed = origin_channel(facts.view, row, plan.support_case.facts.origin);
    const bool counts_there = amount != 0 && (!is_beyond || listed == hold->counters().channel);
    if (counts_there) hold->use(std::min(amount, held.quantity));
    else if (auto lost = hold->forfeit(); !lost) return lost;
    Covered covered{amount, hold->counters().channel};
    if (is_beyond) {
        const Own own = hold->own();
        const auto asked =
            ask_beyond(plan, facts, row, own, counts_there ? held.quantity : own.quantity, amount);
        if (!asked) return tl::unexpected<Error>{asked.error()};
        covered = *asked;
    }
    return counts_there ? hold->post(covered.amount)
                        : post(plan, facts.view, row, covered.channel, covered.amount);
}

/// The channel and the terms are asked again where it is going to post; steps 1–3 are not: work begun in
/// coverage may be finished after it.
[[nodiscard]] inline Result<void> decide(const ResolveCase& command, const Facts& facts, Plan& plan) {
    const auto index = begin_case_plan(plan, command, facts);
    if (!index) return tl::unexpected<Error>{index.error()};
    SupportCase& is = plan.support_case;
    if (is.state != CaseState::open) return wrong_state(is);
    enter(plan, CaseState::resolved);
    const EntitlementRow& row = facts.view.rows[*index];
    const bool posts = posts_at_resolution(row, is);
    const auto amount = posts ? amount_spent(command, row) : std::int64_t{0};
    if (!amount) return tl::unexpected<Error>{amount.error()};
    if (posts && holds_late(plan, row)) [[unlikely]]
        return post_late(plan, facts, *index, *amount);
    const Held held = is.held;
    const auto own = release(plan, facts, *index);
    if (!own) return tl::unexpected<Error>{own.error()};
    if (!posts) {
        note_if_none(plan, *index, origin_channel(facts.view, *index, is.facts.origin));
        return {};
    }
    if (held.stands() && *amount <= held.quantity)
        return post_within(plan, facts.view, *index, held, *amount);
    const auto covered = ask_beyond(plan, facts, *index, *own, own->quantity, *amount);
    if (!covered) return tl::unexpected<Error>{covered.error()};
    return post(plan, facts.view, *index, covered->channel, covered->amount);
}

/// Takes back what stands posted or is held, or records that nothing did.
[[nodiscard]] inline Result<void> give_back_or_note(Plan& plan, const Facts& facts, std::uint32_t row) {
    if (plan.support_case.posted.stands() || plan.support_case.held.stands())
        return give_back(plan, facts, row);
    note(plan, row, origin_channel(facts.view, row, plan.support_case.facts.origin));
    return {};
}

[[nodiscard]] inline Result<void> decide(const CancelCase& command, const Facts& facts, Plan& plan) {
    const auto index = begin_case_plan(plan, command, facts);
    if (!index) return tl::unexpected<Error>{index.error()};
    if (plan.support_case.state != CaseState::open) return wrong_state(plan.support_case);
    enter(plan, CaseState::canceled);
    return give_back_or_note(plan, facts, *index);
}

/// Any state may be deleted; only an open case gives back what it used.
[[nodiscard]] inline Result<void> decide(const DeleteCase& command, const Facts& facts, Plan& plan) {
    const auto index = begin_case_plan(plan, command, facts);
    if (!index) return tl::unexpected<Error>{index.error()};
    plan.case_change = CaseChange::erase;
    if (plan.support_case.state == CaseState::open) return give_back_or_note(plan, facts, *index);
    note(plan, *index);
    return {};
}

}  // namespace entitle::inline v0::rule
