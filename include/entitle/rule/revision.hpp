#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "entitle/rule/agreement.hpp"
#include "entitle/rule/lifecycle_plan.hpp"
#include "entitle/rule/period.hpp"
#include "entitle/value/entitlement_command.hpp"

/// Revising a draft (R3) and amending what is in force (R5a).
namespace entitle::inline v0::rule {

namespace detail {

inline void apply_changes(Agreement& agreement, const Changes& changes) {
    const auto take = [](auto& field, const auto& change) {
        if (change) field = *change;
    };
    take(agreement.name, changes.name);
    take(agreement.description, changes.description);
    take(agreement.coverage, changes.coverage);
    take(agreement.terms, changes.terms);
    take(agreement.channels, changes.channels);
    take(agreement.low_water, changes.low_water);
    take(agreement.scope, changes.scope);
    take(agreement.priority, changes.priority);
    take(agreement.sla, changes.sla);
    take(agreement.owner, changes.owner);
    take(agreement.knowledge_base, changes.knowledge_base);
    take(agreement.discount_percent, changes.discount_percent);
    if (changes.period == PeriodTerms{}) agreement.period.reset();
    else if (changes.period) agreement.period = changes.period;
}

/// Each channel row after the revision, and how it comes out of the former: the listed ones in order, then
/// those no longer listed, whose entries still count.
[[nodiscard]] inline std::vector<ChannelCarry> carry_channels(const Candidate& candidate,
                                                              const Agreement& revised) {
    const EntitlementRow& row = candidate.row;
    const auto& listed = row.record->agreement.channels;
    const auto former_total = [&](std::uint16_t index) {
        return index < listed.size() ? listed[index].total.value : 0;
    };
    std::vector<ChannelCarry> carried;
    std::vector<bool> taken(row.kept, false);
    for (const ChannelTerms& terms : revised.channels) {
        const std::uint16_t from = find_channel(row, candidate.channels, terms.channel, row.kept);
        if (from == no_channel) {
            carried.push_back({terms.channel, no_channel, terms.total.value});
            continue;
        }
        taken[from] = true;
        carried.push_back({terms.channel, from, terms.total.value - former_total(from)});
    }
    for (std::uint16_t i = 0; i < row.kept; ++i) {
        if (!taken[i]) carried.push_back({channel_name(row, i), i, -former_total(i)});
    }
    return carried;
}

/// R3: under restrict, what was used must not exceed the new total; the same for each listed channel.
/// Where the policy lets channels go negative, only the total limits.
[[nodiscard]] inline Result<void> check_used(Plan& plan, const Candidate& candidate, const Policy& policy) {
    const EntitlementChange& change = plan.entitlement;
    if (!change.agreement.terms.restricted) return {};
    const GuardLog log = guard_log(plan);
    const Unit unit = channel_unit(change.agreement);
    const auto below = [unit](std::int64_t left, std::int64_t total, const Channel& channel) {
        Error error;
        error.code = ErrorCode::total_below_used;
        error.channel = channel;
        error.remaining = {left, unit};
        error.limit = {total, unit};
        return tl::unexpected<Error>{error};
    };
    const std::int64_t left = candidate.row.remaining;
    if (change.agreement.terms.total && !log.covers(candidate.index, no_channel, left, -change.add, false)) {
        return below(left + change.add, change.agreement.total(), {});
    }
    if (policy.exhausted_channel == ExhaustedChannel::count_negative) return {};
    for (std::size_t i = 0; i < change.agreement.channels.size(); ++i) {
        const ChannelCarry& carry = change.channels[i];
        if (carry.from == no_channel) continue;
        const std::int64_t channel_left = candidate.channels[carry.from].remaining;
        if (!log.covers(candidate.index, carry.from, channel_left, -carry.add, false)) {
            return below(channel_left + carry.add, change.agreement.channels[i].total.value, carry.channel);
        }
    }
    return {};
}

/// A balance stays within its limits when its total changes under it.
[[nodiscard]] inline Result<void> check_limits(Plan& plan, const Candidate& candidate) {
    const EntitlementChange& change = plan.entitlement;
    const std::int64_t bound = max_terms * change.agreement.unit().per_term();
    bool fits = stays_within(plan, bound, {candidate.index, no_channel}, candidate.row.remaining, change.add);
    for (const ChannelCarry& carry : change.channels) {
        if (carry.from == no_channel) continue;
        fits = fits && stays_within(plan, bound, {candidate.index, carry.from},
                                    candidate.channels[carry.from].remaining, carry.add);
    }
    return fits ? Result<void>{} : Result<void>{refuse(ErrorCode::terms_overflow)};
}

/// New periods, or a new coverage, count from now on, or from the last boundary that has passed where *now*
/// lies before it: it is not un-passed (R14). Any other change leaves them alone.
inline void plan_periods(Plan& plan, const Facts& facts, std::uint32_t index, const Agreement& revised,
                         const Span& span) {
    const EntitlementRow& row = facts.view.rows[index];
    const Agreement& former = row.record->agreement;
    if (revised.period == former.period && revised.coverage == former.coverage) return;
    const Instant written = std::max(facts.now, row.record->periods.last);
    PeriodChange& change =
        plan.periods.emplace_back(revised.period ? counted_from(revised, span, *facts.zone, index, written)
                                                 : PeriodChange::none(index));
    const Instant boundary = change.due;
    const TopUps& top_ups = row.record->top_ups;
    if (!top_ups.open.empty())
        top_ups_after(plan, facts.view, index).base_ends = std::min(boundary, span.end);
    change.due = std::min({boundary, top_ups.due(), row.record->holds.due()});
}

/// Where there are top-ups, the ledger tells when what was agreed ends, where its periods or its coverage change; and
/// they pay what the revision leaves owed.
inline void note_allotment(Plan& plan, const Facts& facts, std::uint32_t index) {
    const EntitlementRecord& former = *facts.view.rows[index].record;
    if (former.top_ups.open.empty()) return;
    const Instant ends = top_ups_after(plan, facts.view, index).base_ends;
    const Agreement& revised = plan.entitlement.agreement;
    if (revised.period == former.agreement.period && revised.coverage == former.agreement.coverage) return;
    plan.add(EntryKind::allotment, index, no_channel, 0, 0).amount = ends.time_since_epoch().count();
}

/// Where there are periods, the ledger tells of every channel whose total changes: recomputing a boundary
/// then finds each balance before it there.
inline void note_channels(Plan& plan, std::uint32_t index, bool had_periods, bool has_periods) {
    if (!had_periods && !has_periods) return;
    const std::vector<ChannelCarry>& carried = plan.entitlement.channels;
    for (std::size_t i = 0; i < carried.size(); ++i) {
        if (carried[i].from == no_channel || (had_periods && carried[i].add == 0)) continue;
        note(plan, index, static_cast<std::uint16_t>(i));
    }
}

/// Puts the revised agreement into the plan, in its new place. Where it is what it was: nothing to do.
[[nodiscard]] inline Result<void> replace(Plan& plan, const Facts& facts, std::uint32_t index,
                                          Agreement revised, Phase phase) {
    const Candidate candidate{facts.view, index};
    const EntitlementRow& row = candidate.row;
    const Agreement& former = row.record->agreement;
    const auto span = check_agreement(revised, facts.zone);
    if (!span) return tl::unexpected<Error>{span.error()};
    if (revised == former) return {};
    if (row.has_history && revised.unit() != former.unit()) return refuse(ErrorCode::has_history);

    EntitlementChange& change = plan.entitlement;
    change.kind = EntitlementChange::Kind::replace;
    change.row = index;
    change.id = row.id;
    change.phase = phase;
    change.span = *span;
    change.renewed_from = row.record->renewed_from;
    change.channels = carry_channels(candidate, revised);
    if (change.channels.size() > max_channels) return refuse(ErrorCode::too_many_channels);
    change.add = revised.total() - former.total();
    plan_periods(plan, facts, index, revised, *span);
    change.agreement = std::move(revised);
    if (auto used = check_used(plan, candidate, facts.policy); !used) return used;
    if (auto limits = check_limits(plan, candidate); !limits) return limits;
    const SelectionKey key{row.is_default, change.agreement.priority, scope_bits(change.agreement.scope),
                           span->end, row.record->sequence};
    plan.order = order_after(facts.view, std::array{Rekeyed{index, key}});
    note_channels(plan, index, former.period.has_value(), change.agreement.period.has_value());
    note(plan, index);
    note_allotment(plan, facts, index);
    return {};
}

/// Revises a draft; `edit` says how.
template <class C, class Edit>
[[nodiscard]] Result<void> revise(const C& command, const Facts& facts, Plan& plan, Edit edit) {
    const auto row = begin_entitlement_plan(plan, command, facts, LifecycleCommand::revise);
    if (!row) return tl::unexpected<Error>{row.error()};
    Agreement revised = facts.view.rows[*row].record->agreement;
    if (Result<void> edited = edit(revised); !edited) return edited;
    return replace(plan, facts, *row, std::move(revised), Phase::draft);
}

}  // namespace detail

[[nodiscard]] inline Result<void> decide(const Revise& command, const Facts& facts, Plan& plan) {
    return detail::revise(command, facts, plan, [&](Agreement& agreement) -> Result<void> {
        detail::apply_changes(agreement, command.changes);
        return {};
    });
}

[[nodiscard]] inline Result<void> decide(const SetChannel& command, const Facts& facts, Plan& plan) {
    return detail::revise(command, facts, plan, [&](Agreement& agreement) -> Result<void> {
        const auto listed =
            std::find_if(agreement.channels.begin(), agreement.channels.end(),
                         [&](const ChannelTerms& item) { return item.channel == command.channel; });
        if (listed != agreement.channels.end()) listed->total = command.total;
        else agreement.channels.push_back({command.channel, command.total});
        return {};
    });
}

[[nodiscard]] inline Result<void> decide(const RemoveChannel& command, const Facts& facts, Plan& plan) {
    return detail::revise(command, facts, plan, [&](Agreement& agreement) -> Result<void> {
        const auto removed = std::erase_if(
            agreement.channels, [&](const ChannelTerms& item) { return item.channel == command.channel; });
        std::erase_if(agreement.low_water,
                      [&](const LowWater& mark) { return mark.channel == command.channel; });
        if (removed != 0) return {};
        Error error;
        error.code = ErrorCode::channel_not_listed;
        error.channel = command.channel;
        return tl::unexpected<Error>{error};
    });
}

[[nodiscard]] inline Result<void> decide(const ReviseScope& command, const Facts& facts, Plan& plan) {
    return detail::revise(command, facts, plan, [&](Agreement& agreement) -> Result<void> {
        const auto edit = [](auto& list, const auto& add, const auto& remove) {
            for (const auto id : remove) std::erase(list, id);
            for (const auto id : add) {
                if (std::find(list.begin(), list.end(), id) == list.end()) list.push_back(id);
            }
        };
        edit(agreement.scope.contacts, command.add.contacts, command.remove.contacts);
        edit(agreement.scope.products, command.add.products, command.remove.products);
        edit(agreement.scope.assets, command.add.assets, command.remove.assets);
        edit(agreement.scope.case_types, command.add.case_types, command.remove.case_types);
        return {};
    });
}

/// R5a: what is in force stays in force, under the revised agreement; a draft stays a draft.
[[nodiscard]] inline Result<void> decide(const Amend& command, const Facts& facts, Plan& plan) {
    const auto row = begin_entitlement_plan(plan, command, facts, LifecycleCommand::amend);
    if (!row) return tl::unexpected<Error>{row.error()};
    Agreement revised = facts.view.rows[*row].record->agreement;
    detail::apply_changes(revised, command.changes);
    return detail::replace(plan, facts, *row, std::move(revised), facts.view.rows[*row].phase);
}

}  // namespace entitle::inline v0::rule
