#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "entitle/rule/agreement.hpp"
#include "entitle/rule/burn_order.hpp"
#include "entitle/rule/changes.hpp"
#include "entitle/rule/period.hpp"
#include "entitle/value/entitlement.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/limits.hpp"

/// When terms will be exhausted, if they go on being used as they were. Nothing is invented: without use there is no
/// pace, and without a pace no answer.
namespace entitle::inline v0 {

/// The outlook of one counter of an entitlement.
struct Forecast {
    Channel channel{};  ///< none: the total
    Unit unit{};
    std::int64_t used = 0;       ///< base units: what cases used in the window, postings less reversals
    std::int64_t available = 0;  ///< base units: what is left now that nothing holds
    /// The first instant at which nothing is available: now, where that is so already. None: the entitlement is not
    /// Active, nothing (or less) was used in the window, or the coverage ends before.
    std::optional<Instant> exhausted{};

    friend bool operator==(const Forecast&, const Forecast&) = default;
};

namespace rule {

/// The instants whose use makes the pace: from so many days of 24 hours before now up to now, both counted.
/// `window_out_of_range`: not 1 … `max_window_days`.
[[nodiscard]] inline Result<Span> pace_window(std::uint32_t days, Instant now) {
    if (days == 0 || days > max_window_days) return refuse(ErrorCode::window_out_of_range);
    constexpr Instant::duration tick{1};
    const Instant::duration length = date::days{days};
    return Span{std::max(now, Instant::min() + length) - length, std::min(now, Instant::max() - tick) + tick};
}

namespace detail {

/// One counter that is used evenly, so many base units a window. Its terms are base units × the window's
/// microseconds, which makes every fraction exact: below 2^63 × 2^52, far from the ends of 128 bits.
class Draining {
    __extension__ using Wide = __int128;

public:
    Draining(Forecast& told, const ChannelBalance& balance, const TopUps& top_ups, ExpiringHolds holds,
             Instant::duration window)
        : told_{&told},
          window_{window.count()},
          total_{balance.total * window_},
          held_{balance.held * window_},
          base_{(balance.remaining - top_ups.left(balance.channel)) * window_} {
        for (const TopUpState& one : top_ups.open) {
            if (!one.raises(balance.channel)) continue;
            const std::int64_t rest = one.begun ? one.rest(balance.channel) : one.amount;
            grants_.push_back({one, rest * window_, one.rollover.value_or(one.amount) * window_});
        }
        std::stable_sort(grants_.begin(), grants_.end(),
                         [](const Grant& a, const Grant& b) { return comes_before(a.terms, b.terms); });
        for (ExpiringHold* const one : holds.by_end()) {
            if (!one->is_on(balance.channel)) continue;
            holds_.push_back({one->until, one->quantity * window_, one->lost_of(balance.channel) * window_});
        }
    }

    [[nodiscard]] bool is_exhausted() const { return told_->exhausted.has_value(); }

    /// Goes on up to, but not including, an instant at which time brings something or the coverage ends. The base
    /// allotment ends at `base_ends`.
    void use(Instant from, Instant until, Instant base_ends) {
        const Wide free = left() - held_;
        const Wide lasts = free <= 0 ? 0 : (free - 1) / told_->used + 1;  // microseconds, rounded up
        const Wide length = (until - from).count();
        if (lasts < length) told_->exhausted = from + Instant::duration{static_cast<std::int64_t>(lasts)};
        else take(told_->used * length, base_ends);
    }
    /// A boundary, at which the base allotment ends: what is held of it passes whole. Of what is owed there is at most
    /// the last microsecond's fraction: it is dropped.
    void renew(Instant at, const Rollover& rollover) {
        Wide held = held_;
        for (const Grant& one : grants_) {
            if (one.terms.begun && !base_comes_before(at, one.terms)) held -= one.left;
        }
        const Wide most = rollover.most * window_;
        Wide base = base_;
        Wide passes = passing(base, held, most);
        base_ = total_ + passes;
        for (Hold& one : holds_) {
            base -= one.lost;
            held -= one.quantity;
            const Wide without = passing(base, held, most);
            one.lost = std::exchange(passes, without) - without;
        }
        for (Grant& one : grants_) {
            if (one.terms.begun) one.left = std::min(one.left, one.most);
        }
    }
    /// Holds that expire then, and top-ups that do.
    void expire(Instant at) {
        for (const Hold& one : holds_) {
            if (one.until > at) continue;
            held_ -= one.quantity;
            base_ -= one.lost;
        }
        std::erase_if(holds_, [at](const Hold& one) { return one.until <= at; });
        for (Grant& one : grants_) {
            const Wide pays = one.terms.begun ? std::min(one.left, std::max(-base_, Wide{0})) : 0;
            one.left -= pays;
            base_ += pays;
        }
        std::erase_if(grants_, [at](const Grant& one) { return one.terms.expires <= at; });
    }
    void begin(Instant at) {
        for (Grant& one : grants_) one.terms.begun = one.terms.begun || one.terms.from <= at;
    }

private:
    struct Grant {
        TopUpState terms{};
        Wide left = 0;
        Wide most = 0;  ///< that passes a boundary
    };

    struct Hold {
        Instant until{};
        Wide quantity = 0;
        Wide lost = 0;  ///< with the period that it was made in
    };

    /// What passes a boundary of so much, of which so much is held.
    [[nodiscard]] static Wide passing(Wide base, Wide held, Wide most) {
        const Wide aside = std::min(std::max(held, Wide{0}), std::max(base, Wide{0}));
        return aside + std::max(std::min(base - aside, most), Wide{0});
    }
    [[nodiscard]] Wide left() const {
        Wide sum = base_;
        for (const Grant& one : grants_) sum += one.terms.begun ? one.left : 0;
        return sum;
    }
    void take(Wide used, Instant base_ends) {
        bool base_came = false;
        const auto take_base = [&](Wide most) {
            const Wide taken = std::min(used, most);
            base_ -= taken;
            used -= taken;
        };
        for (Grant& one : grants_) {
            if (!one.terms.begun) continue;
            if (!base_came && base_comes_before(base_ends, one.terms)) {
                base_came = true;
                take_base(std::max(base_, Wide{0}));
            }
            const Wide taken = std::min(used, one.left);
            one.left -= taken;
            used -= taken;
        }
        take_base(used);
    }

    Forecast* told_;
    Wide window_;
    Wide total_;
    Wide held_;
    Wide base_;
    std::vector<Grant> grants_{};  ///< in burn order
    std::vector<Hold> holds_{};    ///< that expire, in the order of their ends
};

}  // namespace detail

/// Forecasts the total, unless only coverage was agreed, then each listed channel, of an entitlement as it is
/// now. `used_of(channel)` is what was used of each in the window of so many days, 1 … `max_window_days`, in
/// base units; of no channel: of the total. The window counts whole, also where the entitlement is younger. Use
/// flows evenly, and a fraction of a base unit is carried over a boundary like a whole one; what is held now stays
/// held, until it expires. An instant at which terms come anew belongs to the new period, so nothing is exhausted just then. The zone
/// is its coverage's. Takes a step for each boundary until all that has a pace is exhausted, or the coverage ends.
template <class UsedOf>
[[nodiscard]] std::vector<Forecast> forecast(const Entitlement& is, const Zone& zone, std::uint32_t days,
                                             Instant now, UsedOf used_of) {
    const Agreement& agreement = is.agreement;
    std::vector<Forecast> out;
    std::vector<detail::Draining> draining;
    out.reserve(1 + is.channels.size());  // what is draining points there
    const bool is_active = status_of(is, now) == Status::active;
    const auto add = [&](const ChannelBalance& balance) {
        Forecast& told = out.emplace_back();
        told.channel = balance.channel;
        told.unit = channel_unit(agreement);
        told.used = used_of(balance.channel);
        told.available = balance.available();
        if (!is_active) return;
        if (told.available <= 0) told.exhausted = now;
        else if (told.used > 0) draining.emplace_back(told, balance, is.top_ups, is.holds, date::days{days});
    };
    if (agreement.terms.total) add({{}, true, agreement.total(), is.remaining, is.held});
    for (const ChannelBalance& balance : is.channels) {
        if (balance.listed) add(balance);
    }

    const auto periods =
        agreement.period ? std::optional{periods_of(agreement, is.span, zone)} : std::nullopt;
    TopUps coming = is.top_ups;
    ExpiringHolds ending = is.holds;
    Instant from = now;
    // Where a boundary later than now has passed already, the one after it (R14).
    Instant boundary = next_boundary(agreement, is.span, zone, is.periods);
    while (!draining.empty()) {
        const Instant until = std::min({boundary, coming.due(), ending.due(), is.span.end});
        for (detail::Draining& one : draining) one.use(from, until, std::min(boundary, is.span.end));
        std::erase_if(draining, [](const detail::Draining& one) { return one.is_exhausted(); });
        if (until == is.span.end) break;
        for (detail::Draining& one : draining) one.expire(until);
        if (until == boundary) {
            for (detail::Draining& one : draining) one.renew(until, agreement.period->carries());
            boundary = periods->next_after(until).value_or(Instant::max());
        }
        for (detail::Draining& one : draining) one.begin(until);
        std::erase_if(ending.open, [until](const ExpiringHold& one) { return one.until <= until; });
        std::erase_if(coming.open, [until](const TopUpState& one) { return one.expires <= until; });
        for (TopUpState& one : coming.open) one.begun = one.begun || one.from <= until;
        from = until;
    }
    return out;
}

}  // namespace rule

}  // namespace entitle::inline v0
