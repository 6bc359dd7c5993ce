#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "entitle/rule/burn_order.hpp"
#include "entitle/value/channel.hpp"
#include "entitle/value/entry_kind.hpp"
#include "entitle/value/expiring_hold.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/period_terms.hpp"
#include "entitle/value/row.hpp"
#include "entitle/value/support_case.hpp"
#include "entitle/value/top_up.hpp"

/// Section 8: how balances pass boundaries, how top-ups begin and end, and how holds end. What happens is told, entry by
/// entry, to whoever asks.
namespace entitle::inline v0::rule {

/// One entry of what happens to an entitlement's counters.
struct Moved {
    EntryKind kind = EntryKind::note;
    std::uint16_t channel = no_channel;
    std::int64_t moved = 0;   ///< of the channel; of the total where there is none
    std::int64_t amount = 0;  ///< of a kind that has one
    EntryRef reverses{};
    std::int64_t of_total = 0;  ///< what it moves of the total beside a channel

    [[nodiscard]] std::int64_t total_moved() const { return channel == no_channel ? moved : of_total; }
    [[nodiscard]] std::int64_t channel_moved() const { return channel == no_channel ? 0 : moved; }
};

/// What time changes of an entitlement besides its balances.
struct Timed {
    TopUps& top_ups;
    ExpiringHolds& holds;

    /// When it changes something next; none: `max()`.
    [[nodiscard]] Instant due() const { return std::min(top_ups.due(), holds.due()); }
};

/// The counters of one entitlement while things happen to them: balances by reference, and what top-ups have of
/// them. `Channels`: a sequence of things with a `remaining`; `name_of(place)`: a channel's name; `held_of(place)`: what
/// cases hold of it, or, of `no_channel`, of the total, by reference.
template <class Channels, class NameOf, class HeldOf>
class Stock {
public:
    Stock(std::int64_t& remaining, Channels channels, NameOf name_of, HeldOf held_of, Timed timed)
        : remaining_{remaining},
          channels_{channels},
          name_of_{name_of},
          held_of_{held_of},
          top_ups_{timed.top_ups},
          holds_{timed.holds} {}

    /// When time changes a top-up or a hold next; none: `max()`.
    [[nodiscard]] Instant due() const { return Timed{top_ups_, holds_}.due(); }
    /// From here on what was agreed ends at an instant. Whether that concerns a top-up.
    bool set_base_end(Instant ends) {
        if (top_ups_.open.empty()) return false;
        top_ups_.base_ends = ends;
        return true;
    }
    /// Holds that end at an instant, in the order in which they were made: what they held is free, as far as it has not
    /// been lost with the period that they were made in.
    template <class Tell>
    void expire_holds(Instant at, Tell tell) {
        const auto expires = [at](const ExpiringHold& one) { return one.until <= at; };
        for (const ExpiringHold& one : holds_.open) {
            if (!expires(one)) continue;
            const std::uint16_t channel = place_of(one.channel);
            free(one, no_channel, remaining_, one.lost);
            Moved moved{EntryKind::hold_expiry, channel, -one.lost, -one.quantity, one.entry, -one.lost};
            if (channel != no_channel) {
                free(one, channel, channels_[channel].remaining, one.channel_lost);
                moved.moved = -one.channel_lost;
            }
            tell(moved);
            settle({}, no_channel, remaining_, tell);
            if (channel != no_channel) settle(one.channel, channel, channels_[channel].remaining, tell);
        }
        std::erase_if(holds_.open, expires);
    }

    /// A top-up begins: it first pays what is owed.
    template <class Tell>
    void begin(TopUpState& one, Tell tell) {
        one.begun = true;
        begin_on(one, {}, no_channel, remaining_, tell);
        const std::uint16_t channel = place_of(one.channel);
        if (channel == no_channel) return;
        begin_on(one, one.channel, channel, channels_[channel].remaining, tell);
    }
    /// What is left of one that has begun is gone.
    template <class Tell>
    void end(TopUpState& one, EntryKind kind, Tell tell) {
        const EntryRef made_by{one.number, 0};
        remaining_ -= one.left;
        tell(Moved{kind, no_channel, -std::exchange(one.left, 0), 0, made_by, 0});
        const std::uint16_t channel = place_of(one.channel);
        if (channel == no_channel) return;
        channels_[channel].remaining -= one.channel_left;
        tell(Moved{kind, channel, -std::exchange(one.channel_left, 0), 0, made_by, 0});
    }
    /// Those that expire at an instant, in the order in which they were made.
    template <class Tell>
    void expire(Instant at, Tell tell) {
        const auto expires = [at](const TopUpState& one) { return one.expires <= at; };
        for (TopUpState& one : top_ups_.open) {
            if (expires(one)) end(one, EntryKind::expiry, tell);
        }
        std::erase_if(top_ups_.open, expires);
    }
    /// Those that begin at an instant, likewise.
    template <class Tell>
    void begin(Instant at, Tell tell) {
        for (TopUpState& one : top_ups_.open) {
            if (!one.begun && one.from <= at) begin(one, tell);
        }
    }
    /// A boundary: each counter's base allotment has its own total again, with what is carried over, what cases hold of
    /// it passes, and of what top-ups have left so much as they say. The total's entry is always told. Whether anything
    /// moved, or a hold would lose something else from now on.
    template <class TotalOf, class Tell>
    bool pass(Instant at, const Rollover& rollover, std::int64_t total, TotalOf total_of, Tell tell) {
        std::int64_t lapsed = lapse({}, no_channel, tell);
        for (std::size_t i = 0; i < channels_.size(); ++i) {
            lapsed += lapse(name_of_(i), static_cast<std::uint16_t>(i), tell);
        }
        std::int64_t held = set_aside(at, {}, no_channel, tell);
        for (std::size_t i = 0; i < channels_.size(); ++i) {
            held += set_aside(at, name_of_(i), static_cast<std::uint16_t>(i), tell);
        }
        const std::vector<ExpiringHold*> by_end = holds_.by_end();
        const auto pass_on = [&](const Channel& counter, std::uint16_t place, std::int64_t& remaining,
                                 std::int64_t agreed) {
            const std::int64_t aside = held == 0 ? 0 : held_of_base(counter, place, at);
            const bool loses = lose(by_end, counter, remaining - top_ups_.left(counter), aside, rollover);
            const std::int64_t moved = move_of(counter, remaining, rollover, agreed, aside);
            remaining += moved;
            if (moved != 0 || place == no_channel)
                tell(Moved{EntryKind::period, place, moved, rollover.amount(), {}, 0});
            return moved != 0 || loses;
        };
        bool any = pass_on({}, no_channel, remaining_, total) || lapsed != 0;
        for (std::size_t i = 0; i < channels_.size(); ++i) {
            const auto place = static_cast<std::uint16_t>(i);
            any = pass_on(name_of_(i), place, channels_[i].remaining, total_of(place)) || any;
        }
        for (TopUpState& one : top_ups_.open) {
            one.left = one.passes(one.left);
            one.channel_left = one.passes(one.channel_left);
        }
        return any;
    }

private:
    [[nodiscard]] std::uint16_t place_of(const Channel& channel) const {
        if (channel.is_none()) return no_channel;
        std::size_t i = 0;
        while (i < channels_.size() && name_of_(i) != channel) ++i;
        return i < channels_.size() ? static_cast<std::uint16_t>(i) : no_channel;
    }
    template <class Tell>
    void begin_on(TopUpState& one, const Channel& counter, std::uint16_t channel, std::int64_t& remaining,
                  Tell tell) {
        const std::int64_t paid = paid_at_once(one.amount, remaining - top_ups_.left(counter));
        remaining += one.amount;
        one.rest(counter) = one.amount - paid;
        tell(Moved{EntryKind::inception, channel, one.amount, paid, {one.number, 0}, 0});
    }
    /// Tells what of each top-up does not pass; how much that is.
    template <class Tell>
    std::int64_t lapse(const Channel& counter, std::uint16_t channel, Tell tell) const {
        std::int64_t sum = 0;
        for (const TopUpState& one : top_ups_.open) {
            if (!one.begun || !one.raises(counter)) continue;
            const std::int64_t lapsed = one.rest(counter) - one.passes(one.rest(counter));
            if (lapsed != 0) tell(Moved{EntryKind::lapse, channel, 0, lapsed, {one.number, 0}, 0});
            sum += lapsed;
        }
        return sum;
    }
    void free(const ExpiringHold& one, std::uint16_t place, std::int64_t& remaining, std::int64_t lost) {
        held_of_(place) -= one.quantity;
        remaining -= lost;
    }
    /// What the end of a hold leaves owed of a counter top-ups pay, in burn order.
    template <class Tell>
    void settle(const Channel& counter, std::uint16_t place, std::int64_t remaining, Tell tell) {
        const std::int64_t owed = top_ups_.left(counter) - remaining;
        if (owed <= 0) return;
        burn(top_ups_, counter, 0, owed, [&](const TopUpState& one, std::int64_t pays) {
            tell(Moved{EntryKind::settlement, place, 0, pays, {one.number, 0}, 0});
        });
    }
    /// What each hold that expires would lose, once a boundary that finds so much of a counter has passed: what the
    /// boundary leaves less without it, and without those that end sooner.
    /// Whether that is not what it was.
    static bool lose(std::span<ExpiringHold* const> by_end, const Channel& counter, std::int64_t base,
                     std::int64_t aside, const Rollover& rollover) {
        bool changes = false;
        std::int64_t with = rollover.of(base, aside);
        for (ExpiringHold* const one : by_end) {
            if (!one->is_on(counter)) continue;
            base -= one->lost_of(counter);
            aside = std::max(aside - one->quantity, std::int64_t{0});
            const std::int64_t without = rollover.of(base, aside);
            const std::int64_t lost = std::exchange(with, without) - without;
            changes = std::exchange(one->lost_of(counter), lost) != lost || changes;
        }
        return changes;
    }
    /// What cases hold of a counter's base allotment, which ends at an instant.
    [[nodiscard]] std::int64_t held_of_base(const Channel& counter, std::uint16_t channel, Instant at) const {
        const std::int64_t held = held_of_(channel);
        return held == 0 ? 0 : rule::held_of_base(top_ups_, counter, at, held);
    }
    /// Tells it; how much that is.
    template <class Tell>
    std::int64_t set_aside(Instant at, const Channel& counter, std::uint16_t channel, Tell tell) const {
        const std::int64_t held = held_of_base(counter, channel, at);
        if (held != 0) tell(Moved{EntryKind::set_aside, channel, 0, held, {}, 0});
        return held;
    }
    /// What a boundary moves of a counter.
    [[nodiscard]] std::int64_t move_of(const Channel& counter, std::int64_t remaining,
                                       const Rollover& rollover, std::int64_t total,
                                       std::int64_t aside) const {
        std::int64_t left = 0;
        std::int64_t passes = 0;
        for (const TopUpState& one : top_ups_.open) {
            if (!one.raises(counter)) continue;
            left += one.rest(counter);
            passes += one.passes(one.rest(counter));
        }
        return total + rollover.of(remaining - left, aside) + passes - remaining;
    }

    std::int64_t& remaining_;
    Channels channels_;
    NameOf name_of_;
    HeldOf held_of_;
    TopUps& top_ups_;
    ExpiringHolds& holds_;
};

}  // namespace entitle::inline v0::rule
