#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "entitle/rule/period.hpp"
#include "entitle/rule/top_up_time.hpp"
#include "entitle/value/agreement.hpp"
#include "entitle/value/coverage.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/period_terms.hpp"
#include "entitle/value/top_up.hpp"
#include "entitle/value/zone.hpp"

/// Section 8: what time brings to an entitlement, in its order.
namespace entitle::inline v0::rule {

/// An entitlement's way through time, one instant after another at which something comes. At one instant first comes
/// what expires, then the boundary, then what begins: what begins at a boundary belongs to the new period.
class Passing {
public:
    Passing(const Agreement& agreement, const Span& span, const Zone& zone, const PeriodProgress& progress)
        : end_{span.end}, boundary_{next_boundary(agreement, span, zone, progress)} {
        if (boundary_ == Instant::max()) return;
        periods_.emplace(periods_of(agreement, span, zone));
        rollover_ = agreement.period->carries();
        total_ = agreement.total();
    }

    /// When something comes next; none: `max()`.
    [[nodiscard]] Instant due(const TopUps& top_ups) const { return std::min(boundary_, top_ups.due()); }
    /// The last boundary that has passed on the way; none: `min()`.
    [[nodiscard]] Instant last() const { return last_; }

    /// All that comes at the next instant. `tell(at, moved)` hears each entry; `total_of(channel)` gives a channel's
    /// agreed total. Whether anything moved.
    template <class Stock, class TotalOf, class Tell>
    bool step(Stock& stock, TopUps& top_ups, TotalOf total_of, Tell tell) {
        const Instant at = due(top_ups);
        at_ = at;
        bool any = false;
        const auto hear = [&](const Moved& one) {
            any = any || one.moved != 0 || one.amount != 0;
            tell(at, one);
        };
        if (top_ups.due() == at) stock.expire(at, hear);
        if (boundary_ == at) {
            const bool moved = any;
            any = stock.pass(at, rollover_, total_, total_of, hear) || moved;
            last_ = at;
            boundary_ = periods_->next_after(at).value_or(Instant::max());
            if (!top_ups.open.empty()) hear_allotment(top_ups, at, tell);
        }
        if (top_ups.due() == at) stock.begin(at, hear);
        return any;
    }

    /// Where a boundary moved nothing, and it was the last step, none will until the next top-up's: passes the
    /// boundaries until then, or an instant, which must not lie before it. Else nothing.
    void skip(TopUps& top_ups, Instant until) {
        if (last_ != at_ || boundary_ == Instant::max()) return;
        const Instant due = top_ups.due();
        const Instant to = due <= until ? due - Instant::duration{1} : until;
        if (to < boundary_) return;
        last_ = periods_->last_until(to).value_or(last_);
        boundary_ = periods_->next_after(to).value_or(Instant::max());
        if (!top_ups.open.empty()) top_ups.base_ends = std::min(boundary_, end_);
    }

private:
    template <class Tell>
    void hear_allotment(TopUps& top_ups, Instant at, Tell tell) const {
        top_ups.base_ends = std::min(boundary_, end_);
        const std::int64_t until = top_ups.base_ends.time_since_epoch().count();
        tell(at, Moved{EntryKind::allotment, no_channel, 0, until, {}});
    }

    Instant end_;
    Instant boundary_;
    Instant last_ = Instant::min();
    Instant at_ = Instant::max();  ///< of the last step
    std::optional<Periods> periods_{};
    Rollover rollover_{};
    std::int64_t total_ = 0;
};

}  // namespace entitle::inline v0::rule
