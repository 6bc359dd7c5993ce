#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "entitle/rule/agreement.hpp"
#include "entitle/rule/burn_order.hpp"
#include "entitle/rule/facts.hpp"
#include "entitle/rule/lifecycle_plan.hpp"
#include "entitle/rule/period.hpp"
#include "entitle/rule/posting.hpp"
#include "entitle/rule/top_up_use.hpp"
#include "entitle/value/entitlement_command.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/top_up_text.hpp"

/// Section 8: adding terms besides what was agreed, and taking their rest away.
namespace entitle::inline v0::rule {

namespace detail {

/// The row that a command names: `unknown_entitlement`.
template <class C>
[[nodiscard]] Result<std::uint32_t> begin_top_up_plan(Plan& plan, const C& command, const Facts& facts) {
    begin_plan(plan, command, facts);
    const std::uint32_t row = facts.view.find(command.id);
    if (row == no_row) return refuse(ErrorCode::unknown_entitlement);
    plan.subject = command.id;
    return row;
}

[[nodiscard]] inline tl::unexpected<Error> not_active(const EntitlementRow& row, Status status) {
    Error error;
    error.code = ErrorCode::not_active;
    error.status = status;
    error.entitlement = row.id;
    return tl::unexpected<Error>{error};
}

[[nodiscard]] inline Result<void> check_amounts(const TopUp& command, const Agreement& agreement) {
    if (!agreement.terms.total) return refuse(ErrorCode::total_not_allowed);
    const Unit unit = agreement.unit();
    if (command.amount.unit != unit || (command.rollover && command.rollover->unit != unit)) {
        return refuse(ErrorCode::unit_mismatch);
    }
    const std::int64_t most = max_terms * unit.per_term();
    if (command.amount.value <= 0 || command.amount.value > most) {
        return refuse(ErrorCode::total_out_of_range);
    }
    if (command.rollover && (command.rollover->value < 0 || command.rollover->value > most)) {
        return refuse(ErrorCode::rollover_out_of_range);
    }
    return {};
}

/// The top-up that a command makes, once it is found right.
[[nodiscard]] inline Result<TopUpState> top_up_of(const TopUp& command, const Facts& facts,
                                                  std::uint32_t row) {
    const EntitlementRecord& record = *facts.view.rows[row].record;
    if (auto checked = check_amounts(command, record.agreement); !checked)
        return tl::unexpected<Error>{checked.error()};
    if (command.channel && origin_channel(facts.view, row, command.channel) == no_channel) {
        Error error;
        error.code = ErrorCode::channel_not_listed;
        error.channel = command.channel;
        error.entitlement = command.id;
        return tl::unexpected<Error>{error};
    }
    TopUpState made;
    made.amount = command.amount.value;
    made.channel = command.channel;
    made.priority = command.priority;
    made.from = std::max(command.from.value_or(facts.now), facts.now);
    made.expires = command.expires.value_or(Instant::max());
    if (command.rollover) made.rollover = command.rollover->value;
    if (made.expires <= made.from) return refuse(ErrorCode::top_up_span);
    if (record.top_ups.open.size() >= max_top_ups) return refuse(ErrorCode::too_many_top_ups);
    return made;
}

/// Whether all that is still to begin fits on a counter, and the amount with it.
[[nodiscard]] inline bool has_room(Plan& plan, const View& view, Counters at, std::int64_t amount,
                                   const TopUps& top_ups) {
    const EntitlementRow& row = view.rows[at.row];
    const Channel counter = counter_name(view, at);
    for (const TopUpState& one : top_ups.open) {
        if (!one.begun && one.raises(counter)) amount += one.amount;
    }
    const std::int64_t bound = max_terms * unit_of(row).per_term();
    return stays_within(plan, bound, at, left_so_far(plan, view, at), amount);
}

/// A top-up begins on a counter: it first pays what is owed there.
inline void begin_on(Plan& plan, const View& view, Counters at, const TopUps& top_ups, TopUpState& one) {
    const Channel counter = counter_name(view, at);
    const std::int64_t base = left_so_far(plan, view, at) - top_ups.left(counter);
    const std::int64_t paid = paid_at_once(one.amount, base);
    one.rest(counter) = one.amount - paid;
    const bool is_total = at.channel == no_channel;
    plan.add(EntryKind::inception, at.row, at.channel, is_total ? one.amount : 0, is_total ? 0 : one.amount)
        .amount = paid;
}

}  // namespace detail

/// Makes a top-up, and lets it begin where its time has come. (Its number is the store's to give.)
[[nodiscard]] inline Result<void> decide(const TopUp& command, const Facts& facts, Plan& plan) {
    const auto row = detail::begin_top_up_plan(plan, command, facts);
    if (!row) return tl::unexpected<Error>{row.error()};
    const Status status = status_of(facts.view.rows[*row], facts.now);
    if (status == Status::canceled || status == Status::expired)
        return detail::not_active(facts.view.rows[*row], status);
    auto made = detail::top_up_of(command, facts, *row);
    if (!made) return tl::unexpected<Error>{made.error()};
    const EntitlementRow& is = facts.view.rows[*row];
    if (!facts.zone) return refuse(ErrorCode::unknown_time_zone);
    const std::uint16_t channel = origin_channel(facts.view, *row, command.channel);
    TopUps& top_ups = top_ups_after(plan, facts.view, *row);
    for (const std::uint16_t counter : {no_channel, channel}) {
        if (detail::has_room(plan, facts.view, {*row, counter}, made->amount, top_ups)) continue;
        return detail::overflow({facts.view, *row}, counter, made->amount);
    }

    const Instant boundary = boundary_to_come(is, *facts.zone, facts.now);
    top_ups.base_ends = std::min(boundary, is.end);
    plan.add(EntryKind::allotment, *row, no_channel, 0, 0).amount =
        top_ups.base_ends.time_since_epoch().count();
    plan.add(EntryKind::top_up, *row, channel, 0, 0).amount = made->amount;
    plan.reason = terms_text(*made);
    TopUpState& one = top_ups.open.emplace_back(std::move(*made));
    if (one.from <= facts.now) {
        one.begun = true;
        detail::begin_on(plan, facts.view, {*row, no_channel}, top_ups, one);
        if (channel != no_channel) detail::begin_on(plan, facts.view, {*row, channel}, top_ups, one);
    }
    return set_due(plan, facts, *row);
}

/// Takes what is left of a top-up away, for good; one that has not begun never begins. `unknown_top_up`.
[[nodiscard]] inline Result<void> decide(const VoidTopUp& command, const Facts& facts, Plan& plan) {
    const auto row = detail::begin_top_up_plan(plan, command, facts);
    if (!row) return tl::unexpected<Error>{row.error()};
    const EntitlementRow& is = facts.view.rows[*row];
    TopUps top_ups = is.record->top_ups;
    const TopUpState* const one = top_ups.find(command.top_up);
    if (one == nullptr) return refuse(ErrorCode::unknown_top_up);
    if (is.phase == Phase::canceled) return detail::not_active(is, Status::canceled);
    const EntryRef made_by{one->number, 0};
    plan.add(EntryKind::voiding, *row, no_channel, -one->left, 0, made_by);
    const std::uint16_t channel = kept_channel(facts.view, *row, one->channel);
    if (channel != no_channel) {
        plan.add(EntryKind::voiding, *row, channel, 0, -one->channel_left, made_by);
    }
    top_ups.open.erase(top_ups.open.begin() + (one - top_ups.open.data()));
    top_ups_after(plan, facts.view, *row) = std::move(top_ups);
    return set_due(plan, facts, *row);
}

}  // namespace entitle::inline v0::rule
