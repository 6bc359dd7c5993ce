#pragma once

#include <cstdint>
#include <vector>

#include "entitle/rule/case_plan.hpp"
#include "entitle/rule/facts.hpp"
#include "entitle/rule/lifecycle.hpp"
#include "entitle/rule/posting.hpp"
#include "entitle/rule/selection.hpp"
#include "entitle/value/entitlement_command.hpp"
#include "entitle/value/plan.hpp"

/// Activating, deactivating, canceling, removing an entitlement, and making it the default (section 3).
namespace entitle::inline v0::rule {

/// The row that a command names, where its status allows the command (R9's order: unknown, then state).
template <class C>
[[nodiscard]] Result<std::uint32_t> begin_entitlement_plan(Plan& plan, const C& command, const Facts& facts,
                                                           LifecycleCommand row_of_table) {
    begin_plan(plan, command, facts);
    const std::uint32_t row = facts.view.find(command.id);
    if (row == no_row) return refuse(ErrorCode::unknown_entitlement);
    plan.subject = command.id;
    const Status status = status_of(facts.view.rows[row], facts.now);
    if (const ErrorCode code = allowed(row_of_table, status, facts.policy); code != ErrorCode::none) {
        Error error;
        error.code = code;
        error.status = status;
        error.entitlement = command.id;
        return tl::unexpected<Error>{error};
    }
    return row;
}

namespace detail {

/// Moves an entitlement to another phase, with a note of it.
template <class C>
[[nodiscard]] Result<std::uint32_t> enter_phase(Plan& plan, const C& command, const Facts& facts,
                                                LifecycleCommand row_of_table, Phase phase) {
    const auto row = begin_entitlement_plan(plan, command, facts, row_of_table);
    if (!row) return row;
    plan.entitlement.kind = EntitlementChange::Kind::phase;
    plan.entitlement.row = *row;
    plan.entitlement.id = command.id;
    plan.entitlement.phase = phase;
    note(plan, *row);
    return row;
}

/// Plans the customer's default: `to` is a row, or none.
inline void plan_default(Plan& plan, const View& view, std::uint32_t to) {
    plan.sets_default = true;
    plan.default_row = to;
    std::vector<Rekeyed> changed;
    for (std::uint32_t i = 0; i < view.rows.size(); ++i) {
        if (view.rows[i].is_default == (i == to)) continue;
        changed.push_back({i, selection_key(view.rows[i])});
        changed.back().key.is_default = i == to;
    }
    plan.order = order_after(view, changed);
}

}  // namespace detail

/// Draft → Waiting, Active or Expired by the dates.
[[nodiscard]] inline Result<void> decide(const Activate& command, const Facts& facts, Plan& plan) {
    return detail::enter_phase(plan, command, facts, LifecycleCommand::activate, Phase::activated)
        .map([](std::uint32_t) {});
}

/// → Draft; the balance is kept, and so is the default flag (R4).
[[nodiscard]] inline Result<void> decide(const Deactivate& command, const Facts& facts, Plan& plan) {
    return detail::enter_phase(plan, command, facts, LifecycleCommand::deactivate, Phase::draft)
        .map([](std::uint32_t) {});
}

/// → Canceled, for good; drops the default flag (R4).
[[nodiscard]] inline Result<void> decide(const Cancel& command, const Facts& facts, Plan& plan) {
    return detail::enter_phase(plan, command, facts, LifecycleCommand::cancel, Phase::canceled)
        .map([&](std::uint32_t row) {
            if (facts.view.rows[row].record->periods.due != Instant::max()) {
                plan.periods.push_back(PeriodChange::none(row));
            }
            if (facts.view.rows[row].is_default) detail::plan_default(plan, facts.view, no_row);
        });
}

/// R4: clears the customer's previous default. Where it is the default already: ok, nothing recorded.
[[nodiscard]] inline Result<void> decide(const SetDefault& command, const Facts& facts, Plan& plan) {
    const auto row = begin_entitlement_plan(plan, command, facts, LifecycleCommand::set_default);
    if (!row) return tl::unexpected<Error>{row.error()};
    if (facts.view.rows[*row].is_default) return {};
    detail::plan_default(plan, facts.view, *row);
    note(plan, *row);
    return {};
}

/// R5: takes the record away only when no case refers to it. Its entries stay.
[[nodiscard]] inline Result<void> decide(const Remove& command, const Facts& facts, Plan& plan) {
    const auto row = begin_entitlement_plan(plan, command, facts, LifecycleCommand::remove);
    if (!row) return tl::unexpected<Error>{row.error()};
    if (facts.view.referred) return refuse(ErrorCode::in_use);
    plan.entitlement.kind = EntitlementChange::Kind::remove;
    plan.entitlement.row = *row;
    plan.entitlement.id = command.id;
    plan.order = order_after(facts.view, {}, *row);
    note(plan, *row);
    return {};
}

}  // namespace entitle::inline v0::rule
