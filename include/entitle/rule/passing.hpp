#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "entitle/rule/period.hpp"
#include "entitle/rule/stock.hpp"
#include "entitle/value/agreement.hpp"
#include "entitle/value/coverage.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/period_terms.hpp"
#include "entitle/value/zone.hpp"

/// Section 8: what time brings to an entitlement, in its order.
namespace entitle::inline v0::rule {

/// An entitlement's way through time, one instant after another at which something comes. At one instant first come
/// holds that expire, then top-ups that do, then the boundary, then what begins: what begins at a boundary belongs to the
/// new period.
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
    template <class Timed>
    [[nodiscard]] Instant due(const Timed& timed) const {
        return std::min(boundary_, timed.due());
    }
    /// The last boundary that has passed on the way; none: `min()`.
    [[nodiscard]] Instant last() const { return last_; }

    /// All that comes at the next instant. `tell(at, moved)` hears each entry; `total_of(channel)` gives a channel's
    /// agreed total. Whether anything moved: what ends at a boundary that moves nothing does not count.
    template <class Stock, class TotalOf, class Tell>
    bool step(Stock& stock, TotalOf total_of, Tell tell) {
        const Instant at = due(stock);
        at_ = at;
        bool any = false;
        const auto hear = [&](const Moved& one) {
            any = true;
            tell(at, one);
        };
        if (stock.due() == at) {
            stock.expire_holds(at, hear);
            stock.expire(at, hear);
        }
        if (boundary_ == at) {
            any = stock.pass(at, rollover_, total_, total_of, hear);
            last_ = at;
            boundary_ = periods_->next_after(at).value_or(Instant::max());
            const Instant base_ends = std::min(boundary_, end_);
            const std::int64_t until = base_ends.time_since_epoch().count();
            if (stock.set_base_end(base_ends))
                tell(at, Moved{EntryKind::allotment, no_channel, 0, until, {}, 0});
        }
        if (stock.due() == at) stock.begin(at, hear);
        return any;
    }

    /// Where a boundary moved nothing, and it was the last step, none will until something else comes: passes the
    /// boundaries until then, or an instant, which must not lie before it. Else nothing.
    template <class Stock>
    void skip(Stock& stock, Instant until) {
        if (last_ != at_ || boundary_ == Instant::max()) return;
        const Instant due = stock.due();
        const Instant to = due <= until ? due - Instant::duration{1} : until;
        if (to < boundary_) return;
        last_ = periods_->last_until(to).value_or(last_);
        boundary_ = periods_->next_after(to).value_or(Instant::max());
        (void)stock.set_base_end(std::min(boundary_, end_));
    }

private:
    Instant end_;
    Instant boundary_;
    Instant last_ = Instant::min();
    Instant at_ = Instant::max();  ///< of the last step
    std::optional<Periods> periods_{};
    Rollover rollover_{};
    std::int64_t total_ = 0;
};

}  // namespace entitle::inline v0::rule
