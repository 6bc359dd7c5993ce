#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "entitle/rule/agreement.hpp"
#include "entitle/rule/case_plan.hpp"
#include "entitle/rule/facts.hpp"
#include "entitle/rule/period.hpp"
#include "entitle/rule/posting.hpp"
#include "entitle/rule/selection.hpp"
#include "entitle/value/entitlement_command.hpp"
#include "entitle/value/plan.hpp"

/// Making an entitlement: drafted by hand, or imported from another system (sections 2 and 7).
namespace entitle::inline v0::rule {

/// What a draft or an import agrees.
template <class C>
[[nodiscard]] Agreement agreement_of(const C& command) {
    Agreement agreement{.name = command.name,
                        .description = command.description,
                        .coverage = command.coverage,
                        .terms = command.terms,
                        .period = command.period,
                        .channels = {},
                        .low_water = command.low_water,
                        .scope = command.scope,
                        .priority = command.priority,
                        .sla = command.sla,
                        .made_from = command.made_from,
                        .owner = command.owner,
                        .knowledge_base = command.knowledge_base,
                        .discount_percent = command.discount_percent};
    for (const auto& item : command.channels) agreement.channels.push_back({item.channel, item.total});
    return agreement;
}

/// Puts a new entitlement into the plan, in its place among its customer's, with its first entry.
[[nodiscard]] inline Result<void> insert(Plan& plan, const Facts& facts, Agreement agreement, Phase phase,
                                         bool is_default, EntitlementId renewed_from = {}) {
    const View& view = facts.view;
    if (view.known) return refuse(ErrorCode::duplicate_id);  // also once removed: its entries stay
    if (view.rows.size() >= max_entitlements) return refuse(ErrorCode::too_many_entitlements);
    const auto span = check_agreement(agreement, facts.zone);
    if (!span) return tl::unexpected<Error>{span.error()};

    std::vector<Rekeyed> changed{
        {no_row,
         {is_default, agreement.priority, scope_bits(agreement.scope), span->end, view.last_number + 1}}};
    if (is_default) {
        for (std::uint32_t i = 0; i < view.rows.size(); ++i) {
            if (!view.rows[i].is_default) continue;
            changed.push_back({i, selection_key(view.rows[i])});
            changed.back().key.is_default = false;
        }
    }
    plan.order = order_after(view, changed);
    plan.sets_default = is_default;
    plan.default_inserted = is_default;
    plan.subject = facts.new_id;
    EntitlementChange& change = plan.entitlement;
    change.kind = EntitlementChange::Kind::insert;
    change.id = facts.new_id;
    change.phase = phase;
    change.span = *span;
    change.renewed_from = renewed_from;
    for (const ChannelTerms& item : agreement.channels) {
        change.channels.push_back({item.channel, no_channel, item.total.value});
    }
    change.add = agreement.total();
    if (agreement.period && phase != Phase::canceled) {
        plan.periods.push_back(counted_from(agreement, *span, *facts.zone, no_row, facts.now));
    }
    change.agreement = std::move(agreement);
    return {};
}

[[nodiscard]] inline Result<void> decide(const Draft& command, const Facts& facts, Plan& plan) {
    begin_plan(plan, command, facts);
    if (command.customer.is_none()) return refuse(ErrorCode::customer_missing);
    if (auto inserted = insert(plan, facts, agreement_of(command), Phase::draft, command.is_default);
        !inserted) {
        return inserted;
    }
    note(plan, no_row);
    return {};
}

namespace detail {

/// A balance as another system states it: in the total's unit, within its limits, and not above the total and
/// what may have been carried over, unless the policy is the one under which it can be (R8's other reading).
[[nodiscard]] inline Result<std::int64_t> used_before(const std::optional<Quantity>& remaining,
                                                      std::int64_t total, std::int64_t carried, Unit unit,
                                                      const Policy& policy) {
    if (!remaining) return 0;
    if (remaining->unit != unit) return refuse(ErrorCode::unit_mismatch);
    Error error;
    error.remaining = *remaining;
    error.limit = {total + carried, unit};
    if (remaining->value > total + carried &&
        policy.reactivation_returns != ReactivationReturns::current_listing) {
        error.code = ErrorCode::remaining_above_total;
        return tl::unexpected<Error>{error};
    }
    if (!within_terms(remaining->value, unit.per_term())) {
        error.code = ErrorCode::terms_overflow;
        return tl::unexpected<Error>{error};
    }
    return remaining->value - total;
}

/// Each channel's row names this entitlement as its parent.
[[nodiscard]] inline Result<void> check_parents(const ImportEntitlement& command) {
    for (const ImportedChannel& row : command.channels) {
        if (row.entitlement && row.entitlement == command.id) continue;
        Error error;
        error.code = ErrorCode::channel_without_entitlement;
        error.channel = row.channel;
        return tl::unexpected<Error>{error};
    }
    return {};
}

[[nodiscard]] inline Phase phase_of(Status status) {
    if (status == Status::draft) return Phase::draft;
    return status == Status::canceled ? Phase::canceled : Phase::activated;
}

}  // namespace detail

/// The status, total, remaining and channels as stated elsewhere. What was used before is the opening entry.
[[nodiscard]] inline Result<void> decide(const ImportEntitlement& command, const Facts& facts, Plan& plan) {
    begin_plan(plan, command, facts);
    if (command.customer.is_none()) return refuse(ErrorCode::customer_missing);
    if (auto checked = detail::check_parents(command); !checked) return checked;
    const bool flags = command.is_default && command.status != Status::canceled;
    if (auto inserted = insert(plan, facts, agreement_of(command), detail::phase_of(command.status), flags);
        !inserted) {
        return inserted;
    }
    const EntitlementChange& change = plan.entitlement;
    if (command.status == Status::expired && facts.now < change.span.end)
        return refuse(ErrorCode::cannot_expire);
    const Unit unit = channel_unit(change.agreement);
    const std::int64_t carried =
        change.agreement.period ? change.agreement.period->carries().most : std::int64_t{0};
    const auto used =
        detail::used_before(command.remaining, change.agreement.total(), carried, unit, facts.policy);
    if (!used) return tl::unexpected<Error>{used.error()};
    plan.add(EntryKind::carried_in, no_row, no_channel, *used, 0);
    for (std::size_t i = 0; i < command.channels.size(); ++i) {
        const ImportedChannel& channel = command.channels[i];
        const auto moved =
            detail::used_before(channel.remaining, channel.total.value, carried, unit, facts.policy);
        if (!moved) return tl::unexpected<Error>{moved.error()};
        if (*moved == 0) continue;
        plan.add(EntryKind::carried_in, no_row, static_cast<std::uint16_t>(i), 0, *moved);
    }
    return {};
}

}  // namespace entitle::inline v0::rule
