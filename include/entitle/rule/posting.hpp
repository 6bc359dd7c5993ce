#pragma once

#include <cstdint>

#include "entitle/rule/admission.hpp"
#include "entitle/rule/facts.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/plan.hpp"

/// Section 4's movements: how a plan posts, and takes back exactly what stands posted.
namespace entitle::inline v0::rule {

/// Notes in the plan what it relies on, where that is wanted.
[[nodiscard]] inline GuardLog guard_log(Plan& plan) { return GuardLog{plan.guards, plan.guarded}; }

namespace detail {

/// What the plan's entries so far move of a counter.
[[nodiscard]] inline std::int64_t moved_so_far(const Plan& plan, std::uint32_t row, std::uint16_t channel) {
    std::int64_t sum = 0;
    for (const PlannedEntry& entry : plan.entries) {
        if (entry.row != row) continue;
        if (channel == no_channel) sum += entry.total_moved;
        else if (entry.channel == channel) sum += entry.channel_moved;
    }
    return sum;
}

/// Bounds a counter so that the movement stays within ± `max_terms`; false where it would not.
[[nodiscard]] inline bool stays_within(Plan& plan, Unit unit, std::uint32_t row, std::uint16_t channel,
                                       std::int64_t remaining, std::int64_t moved) {
    if (moved == 0) return true;
    const std::int64_t bound = max_terms * unit.per_term();
    const std::int64_t before = moved_so_far(plan, row, channel);
    Guard guard{row, channel};
    if (moved < 0) guard.lower = -bound - moved - before;
    else guard.upper = bound - moved - before;
    if (plan.guarded) plan.guards.push_back(guard);
    return remaining >= guard.lower && remaining <= guard.upper;
}

}  // namespace detail

/// Adds an entry to the plan, or refuses with `terms_overflow` where a balance would pass its limit.
[[nodiscard]] inline Result<void> move(Plan& plan, const View& view, const PlannedEntry& entry) {
    const Candidate at{view, entry.row};
    const Unit counted = unit_of(at.row);
    const bool total_fits =
        detail::stays_within(plan, counted, at.index, no_channel, at.row.remaining, entry.total_moved);
    const bool channel_fits = entry.channel == no_channel ||
                              detail::stays_within(plan, counted, at.index, entry.channel,
                                                   at.channels[entry.channel].remaining, entry.channel_moved);
    if (!total_fits || !channel_fits) {
        const Unit unit = at.row.record->agreement.unit();
        Error error;
        error.code = ErrorCode::terms_overflow;
        error.entitlement = at.row.id;
        error.needed = {total_fits ? entry.channel_moved : entry.total_moved, unit};
        error.remaining = {total_fits ? at.channels[entry.channel].remaining : at.row.remaining, unit};
        return tl::unexpected<Error>{error};
    }
    plan.add(entry.kind, entry.row, entry.channel, entry.total_moved, entry.channel_moved, entry.reverses);
    return {};
}

/// Records a command that moves nothing.
inline void note(Plan& plan, std::uint32_t row, std::uint16_t channel = no_channel) {
    plan.add(EntryKind::note, row, channel, 0, 0);
}

/// Posts what the case uses: the total and the channel of its origin alike. It stands for the case from now
/// on; a posting of nothing is recorded, and leaves nothing to take back.
[[nodiscard]] inline Result<void> post(Plan& plan, const View& view, std::uint32_t row, std::uint16_t channel,
                                       std::int64_t quantity) {
    const std::int64_t channel_moved = channel == no_channel ? 0 : -quantity;
    if (quantity != 0) {
        plan.posted_by = static_cast<std::uint16_t>(plan.entries.size());
        plan.support_case.posted.quantity = quantity;
        plan.support_case.posted.channel = channel == no_channel ? Channel{} : plan.support_case.facts.origin;
    }
    return move(plan, view, {EntryKind::posting, row, channel, -quantity, channel_moved, {}});
}

/// R8: takes back what stands posted for the case, where it was posted, removed channels included. Without
/// anything standing it does nothing. Never refused but by the limit of a balance.
[[nodiscard]] inline Result<void> reverse(Plan& plan, const View& view, std::uint32_t row) {
    const Posted posted = plan.support_case.posted;
    if (!posted.stands()) return {};
    const EntitlementRow& entitlement = view.rows[row];
    const std::uint16_t channel = posted.channel ? find_channel(entitlement, view.channels_of(entitlement),
                                                                posted.channel, entitlement.kept)
                                                 : no_channel;
    plan.support_case.posted = {};
    return move(plan, view,
                {EntryKind::reversal, row, channel, posted.quantity,
                 channel == no_channel ? 0 : posted.quantity, posted.entry});
}

/// The listed channel of the case's origin on an entitlement, or none.
[[nodiscard]] inline std::uint16_t origin_channel(const View& view, std::uint32_t row,
                                                  const Channel& origin) {
    if (origin.is_none()) return no_channel;
    const EntitlementRow& entitlement = view.rows[row];
    return find_channel(entitlement, view.channels_of(entitlement), origin, entitlement.listed);
}

}  // namespace entitle::inline v0::rule
