#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "entitle/rule/admission.hpp"
#include "entitle/rule/facts.hpp"
#include "entitle/rule/top_up_use.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/plan.hpp"

/// Section 4's movements: how a plan posts, and takes back exactly what stands posted.
namespace entitle::inline v0::rule {

/// Notes in the plan what it relies on, where that is wanted.
[[nodiscard]] inline GuardLog guard_log(Plan& plan) { return GuardLog{plan.guards, plan.guarded}; }

namespace detail {

/// Bounds a counter so that the movement stays within ± `max_terms`; false where it would not.
[[nodiscard, gnu::always_inline]] inline bool stays_within(Plan& plan, std::int64_t bound, Counters at,
                                                           std::int64_t remaining, std::int64_t moved) {
    if (moved == 0) return true;
    const std::int64_t before = moved_so_far(plan, at);
    if (moved < 0) {
        const std::int64_t lower = -bound - moved - before;
        if (plan.guarded) plan.guards.push_back({.row = at.row, .channel = at.channel, .lower = lower});
        return remaining >= lower;
    }
    const std::int64_t upper = bound - moved - before;
    if (plan.guarded) plan.guards.push_back({.row = at.row, .channel = at.channel, .upper = upper});
    return remaining <= upper;
}

/// `terms_overflow`, of the channel where the total would fit.
[[nodiscard, gnu::noinline]] inline tl::unexpected<Error> overflow(Candidate at, std::uint16_t channel,
                                                                   std::int64_t moved) {
    const Unit unit = unit_of(at.row);
    Error error;
    error.code = ErrorCode::terms_overflow;
    error.entitlement = at.row.id;
    error.needed = {moved, unit};
    error.remaining = {channel == no_channel ? at.row.remaining : at.channels[channel].remaining, unit};
    return tl::unexpected<Error>{error};
}

}  // namespace detail

/// Adds an entry to the plan, or refuses with `terms_overflow` where a balance would pass its limit.
[[nodiscard, gnu::always_inline]] inline Result<void> move(Plan& plan, const View& view, EntryKind kind,
                                                           Counters counters, std::int64_t total_moved,
                                                           std::int64_t channel_moved,
                                                           const EntryRef& reverses = {}) {
    const Candidate at{view, counters.row};
    const std::int64_t bound = max_terms * unit_of(at.row).per_term();
    if (!detail::stays_within(plan, bound, {counters.row, no_channel}, at.row.remaining, total_moved)) {
        return detail::overflow(at, no_channel, total_moved);
    }
    if (counters.channel != no_channel &&
        !detail::stays_within(plan, bound, counters, at.channels[counters.channel].remaining,
                              channel_moved)) {
        return detail::overflow(at, counters.channel, channel_moved);
    }
    plan.add(kind, counters.row, counters.channel, total_moved, channel_moved, reverses);
    return {};
}

/// The same of the total and, where there is one, the channel.
[[nodiscard, gnu::always_inline]] inline Result<void> move_both(Plan& plan, const View& view, EntryKind kind,
                                                                Counters counters, std::int64_t moved,
                                                                const EntryRef& reverses = {}) {
    return move(plan, view, kind, counters, moved, counters.channel == no_channel ? 0 : moved, reverses);
}

/// Records a command that moves nothing.
inline void note(Plan& plan, std::uint32_t row, std::uint16_t channel = no_channel) {
    plan.add(EntryKind::note, row, channel, 0, 0);
}

/// The same, where no other entry tells of the command yet.
inline void note_if_none(Plan& plan, std::uint32_t row, std::uint16_t channel) {
    if (plan.entries.empty()) note(plan, row, channel);
}

/// Posts what the case uses: the total and the channel of its origin alike. It stands for the case from now
/// on; a posting of nothing is recorded, and leaves nothing to take back.
[[nodiscard, gnu::always_inline]] inline Result<void> post(Plan& plan, const View& view, std::uint32_t row,
                                                           std::uint16_t channel, std::int64_t quantity) {
    Posted& posted = plan.support_case.posted;
    posted.entry = {};
    posted.quantity = quantity;
    posted.channel = channel == no_channel || quantity == 0 ? Channel{} : plan.support_case.facts.origin;
    if (view.rows[row].topped_up) [[unlikely]]
        draw(plan, view, {row, channel}, quantity, quantity);
    if (quantity != 0) plan.posted_by = static_cast<std::uint16_t>(plan.entries.size());
    return move_both(plan, view, EntryKind::posting, {row, channel}, -quantity);
}

/// A channel of an entitlement by its name, removed ones included; none where there is no name.
[[nodiscard]] inline std::uint16_t kept_channel(const View& view, std::uint32_t row, const Channel& channel) {
    if (channel.is_none()) return no_channel;
    const EntitlementRow& entitlement = view.rows[row];
    return find_channel(entitlement, view.channels_of(entitlement), channel, entitlement.kept);
}

namespace detail {

/// Whether boundaries lie between what stands and now.
[[nodiscard]] inline bool is_late(const Plan& plan, const EntitlementRow& row, const Standing& stands) {
    const PeriodProgress& progress = row.record->periods;
    return row.rolled && (progress.is_due(plan.at) || stands.entry.number < progress.rolled);
}

/// … or top-ups may have paid it.
[[nodiscard]] inline bool needs_history(const Plan& plan, const EntitlementRow& row, const Posted& posted) {
    const bool was_topped_up = row.topped_up && posted.entry.number >= row.record->top_ups.first;
    return was_topped_up || is_late(plan, row, posted);
}

/// All entries of a row that are needed to take back, or to free, what stands; none where the plan has to see more of
/// them first.
[[nodiscard]] inline const History* history_for(Plan& plan, const View& view, std::uint32_t row,
                                                const Standing& stands, bool is_late) {
    const History* const history = view.history;
    const EntitlementRecord& record = *view.rows[row].record;
    std::uint64_t from = history_needed(stands, is_late ? record.top_ups.first : 0,
                                        history == nullptr ? std::span<const Entry>{} : history->entries);
    if (is_late) {  // what holds would lose is counted again
        for (const ExpiringHold& one : record.holds.open) from = std::min(from, one.entry.number);
    }
    if (history != nullptr && from >= history->from) return history;
    plan.history_from = from;
    plan.history_row = row;
    return nullptr;
}

/// Behind all that entries tell of: the place of the one that is decided.
inline constexpr EntryRef now_in_ledger{std::numeric_limits<std::uint64_t>::max(),
                                        std::numeric_limits<std::uint32_t>::max()};

/// What came late changes what the row's holds that expire would lose. `accounts`: as they are with it.
inline void count_losses_again(Plan& plan, const View& view, std::uint32_t row, const Accounts& accounts) {
    if (!view.rows[row].holds_expire) return;
    count_losses(accounts, holds_after(plan, view, row), now_in_ledger);
}

/// What is left today of a posting that is taken back, by what the ledger tells of it. `today`: what is left on its
/// channel.
[[nodiscard]] inline Returned returned_of(Accounts& accounts, const EntitlementRow& row,
                                          const Standing& posted, bool is_late,
                                          std::span<const Entry> history, std::int64_t today) {
    for (const Entry& entry : history) {
        if (is_late || entry.number == posted.entry.number) (void)accounts.add(entry);
    }
    if (is_late) return accounts.give_back(posted, now_in_ledger, today);
    Returned back{posted.quantity, posted.channel ? posted.quantity : 0, accounts.shares_of(posted)};
    for (const Share& one : back.shares) {  // those that have ended get nothing back
        if (row.record->top_ups.find(one.top_up) == nullptr) back.of(one.counter) -= one.amount;
    }
    return back;
}

/// Section 8: takes back the whole of a posting, by what the ledger tells of it: what top-ups paid goes back to those
/// that have not ended; and all is forfeited but what is left once the boundaries since are computed again. The
/// limit of a balance is asked of what is left.
[[nodiscard, gnu::noinline]] inline Result<void> take_back_by_history(Plan& plan, const View& view,
                                                                      Counters counters,
                                                                      const Posted& posted) {
    const EntitlementRow& row = view.rows[counters.row];
    const bool late = is_late(plan, row, posted);
    const History* const history = history_for(plan, view, counters.row, posted, late);
    if (history == nullptr) return {};
    const Standing whole{posted.entry, posted.quantity, counter_name(view, counters)};
    const std::int64_t today = whole.channel ? view.channels_of(row)[counters.channel].remaining : 0;
    Accounts accounts;
    const Returned left = returned_of(accounts, row, whole, late, history->entries, today);
    if (late) count_losses_again(plan, view, counters.row, accounts);
    const std::int64_t bound = max_terms * unit_of(row).per_term();
    if (!stays_within(plan, bound, {counters.row, no_channel}, row.remaining, left.total) ||
        (whole.channel && !stays_within(plan, bound, counters, today, left.channel))) {
        return overflow({view, counters.row}, no_channel, left.total);
    }
    give_back_shares(plan, view, counters, left);
    const std::int64_t of_channel = whole.channel ? posted.quantity : 0;
    plan.add(EntryKind::reversal, counters.row, counters.channel, posted.quantity, of_channel, posted.entry);
    if (left.total == posted.quantity && left.channel == of_channel) return {};
    plan.add(EntryKind::forfeit, counters.row, counters.channel, left.total - posted.quantity,
             left.channel - of_channel, posted.entry);
    return {};
}

}  // namespace detail

/// Takes back what stands posted for the case, all of it, and forfeits what is not to come back.
[[nodiscard]] inline Result<void> take_back(Plan& plan, const View& view, Counters counters) {
    const Posted posted = plan.support_case.posted;
    plan.support_case.posted = {};
    if (detail::needs_history(plan, view.rows[counters.row], posted)) [[unlikely]]
        return detail::take_back_by_history(plan, view, counters, posted);
    return move_both(plan, view, EntryKind::reversal, counters, posted.quantity, posted.entry);
}

/// R8: takes back what stands posted for the case, where it was posted, removed channels included. Without
/// anything standing it does nothing. Never refused but by the limit of a balance.
[[nodiscard]] inline Result<void> reverse(Plan& plan, const View& view, std::uint32_t row) {
    const Posted posted = plan.support_case.posted;
    if (!posted.stands()) return {};
    return take_back(plan, view, {row, kept_channel(view, row, posted.channel)});
}

/// The listed channel of the case's origin on an entitlement, or none.
[[nodiscard]] inline std::uint16_t origin_channel(const View& view, std::uint32_t row,
                                                  const Channel& origin) {
    if (origin.is_none()) return no_channel;
    const EntitlementRow& entitlement = view.rows[row];
    return find_channel(entitlement, view.channels_of(entitlement), origin, entitlement.listed);
}

}  // namespace entitle::inline v0::rule
