#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "entitle/rule/accounts.hpp"
#include "entitle/rule/burn_order.hpp"
#include "entitle/rule/progress.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/row.hpp"
#include "entitle/value/top_up.hpp"
#include "entitle/value/view.hpp"

/// Section 8: how a plan uses the top-ups of an entitlement, and gives back to them.
namespace entitle::inline v0::rule {

/// What an entry moves: a row's total, and one of its channels, or none.
struct Counters {
    std::uint32_t row = no_row;
    std::uint16_t channel = no_channel;
};

namespace detail {

/// What the plan's entries so far move of a counter: of the channel, or of the total where there is none.
[[nodiscard]] inline std::int64_t moved_so_far(const Plan& plan, Counters at) {
    std::int64_t sum = 0;
    for (const PlannedEntry& entry : plan.entries) {
        if (entry.row != at.row) continue;
        if (at.channel == no_channel) sum += entry.total_moved;
        else if (entry.channel == at.channel) sum += entry.channel_moved;
    }
    return sum;
}

/// What is left of a counter after the plan's entries so far.
[[nodiscard]] inline std::int64_t left_so_far(const Plan& plan, const View& view, Counters at) {
    const EntitlementRow& row = view.rows[at.row];
    const std::int64_t is =
        at.channel == no_channel ? row.remaining : view.channels_of(row)[at.channel].remaining;
    return is + moved_so_far(plan, at);
}

[[nodiscard]] inline Channel counter_name(const View& view, Counters at) {
    return at.channel == no_channel ? Channel{} : channel_name(view.rows[at.row], at.channel);
}

/// A top-up pays so much on a counter, or gets it back (-).
inline void add_draw(Plan& plan, Counters at, std::uint64_t top_up, std::int64_t amount) {
    plan.add(EntryKind::draw, at.row, at.channel, 0, 0, {top_up, 0}).amount = amount;
}

/// What was decided by a counter's exact balance holds of no other.
inline void guard_exactly(Plan& plan, const View& view, Counters at) {
    if (!plan.guarded) return;
    const EntitlementRow& row = view.rows[at.row];
    const std::int64_t is =
        at.channel == no_channel ? row.remaining : view.channels_of(row)[at.channel].remaining;
    plan.guards.push_back({at.row, at.channel, is, is});
}

/// `more`: so much more is left than the plan's entries so far say.
inline void draw_from(Plan& plan, const View& view, TopUps& top_ups, Counters at, std::int64_t quantity,
                      std::int64_t more = 0) {
    if (quantity <= 0) return;
    const Channel counter = counter_name(view, at);
    const std::int64_t base = left_so_far(plan, view, at) + more - top_ups.left(counter);
    burn(top_ups, counter, base, quantity,
         [&](const TopUpState& one, std::int64_t pays) { add_draw(plan, at, one.number, pays); });
}

}  // namespace detail

/// Before an entry that uses so much of the total and of the channel: what top-ups pay of it.
[[gnu::noinline]] inline void draw(Plan& plan, const View& view, Counters at, std::int64_t of_total,
                                   std::int64_t of_channel) {
    if (view.rows[at.row].record->top_ups.open.empty()) return;
    TopUps& top_ups = top_ups_after(plan, view, at.row);
    detail::draw_from(plan, view, top_ups, {at.row, no_channel}, of_total);
    if (at.channel != no_channel) detail::draw_from(plan, view, top_ups, at, of_channel);
}

/// Before a reversal: what top-ups that have not ended get back of it.
inline void give_back_shares(Plan& plan, const View& view, Counters at, const Returned& back) {
    if (back.shares.empty()) return;
    TopUps& top_ups = top_ups_after(plan, view, at.row);
    for (const Share& share : back.shares) {
        TopUpState* const one = top_ups.find(share.top_up);
        if (one == nullptr) continue;
        one->rest(share.counter) += share.amount;
        const std::uint16_t channel = share.counter ? at.channel : no_channel;
        detail::add_draw(plan, {at.row, channel}, share.top_up, -share.amount);
    }
}

namespace detail {

/// A counter as a plan leaves it.
struct LeftAfter {
    std::uint16_t channel = no_channel;
    std::uint16_t before = no_channel;  ///< the channel, as it was named before
    Channel name{};
    std::int64_t left = 0;
};

/// The counters of a row as the plan leaves them: under a changed agreement, in its order, without those that are new
/// then, which no top-up raises.
[[nodiscard]] inline std::vector<LeftAfter> all_left_after(const Plan& plan, const View& view,
                                                           std::uint32_t row) {
    const EntitlementChange& change = plan.entitlement;
    std::vector<LeftAfter> all{{no_channel, no_channel, {}, left_so_far(plan, view, {row, no_channel})}};
    if (change.kind != EntitlementChange::Kind::replace) {
        for (std::uint16_t i = 0; i < view.rows[row].kept; ++i) {
            all.push_back({i, i, channel_name(view.rows[row], i), left_so_far(plan, view, {row, i})});
        }
        return all;
    }
    all.front().left += change.add;
    for (std::size_t i = 0; i < change.channels.size(); ++i) {  // no entry of a revision moves one
        const ChannelCarry& carry = change.channels[i];
        if (carry.from == no_channel) continue;
        const ChannelRow& former = view.channels_of(view.rows[row])[carry.from];
        all.push_back(
            {static_cast<std::uint16_t>(i), carry.from, carry.channel, former.remaining + carry.add});
    }
    return all;
}

}  // namespace detail

/// At the end of a command: where it leaves the base allotment of a row whose top-ups it touched below zero, on
/// whatever counter, they pay what is owed, in burn order.
[[gnu::noinline]] inline void pay_owed(Plan& plan, const View& view) {
    for (PeriodChange& change : plan.periods) {
        if (!change.top_ups || change.row == no_row) continue;
        TopUps& top_ups = *change.top_ups;
        for (const detail::LeftAfter& counter : detail::all_left_after(plan, view, change.row)) {
            detail::guard_exactly(plan, view, {change.row, counter.before});
            const std::int64_t owed = top_ups.left(counter.name) - counter.left;
            if (owed <= 0) continue;
            burn(top_ups, counter.name, 0, owed, [&](const TopUpState& one, std::int64_t pays) {
                plan.remark(EntryKind::draw, change.row, counter.channel, {one.number, 0}).amount = pays;
            });
        }
    }
}

}  // namespace entitle::inline v0::rule
