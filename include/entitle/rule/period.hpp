#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <optional>

#include "entitle/value/agreement.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/zone.hpp"

/// Section 8: when an entitlement's periods begin and end. Nothing here moves terms.
namespace entitle::inline v0::rule {

/// The day that lies so many months from another: the same day of the month, or the month's last.
[[nodiscard]] constexpr Day months_from(Day day, std::int64_t months) {
    const Day same = day + date::months{static_cast<int>(months)};
    return same.ok() ? same : Day{same.year() / same.month() / date::last};
}

/// The periods of a coverage. Its boundaries are the first instants of the cycle's days in the coverage's zone. There
/// is none at or before its first instant, nor at or after its end, nor where the calendar ends; days that
/// begin at one instant, because the zone skips one of them, are one boundary. Each answer takes the same
/// time, however many periods there are.
class Periods {
public:
    Periods(const Cycle& cycle, const Coverage& coverage, const Span& span, const Zone& zone)
        : cycle_{cycle}, anchor_{cycle.anchor.value_or(coverage.first_day)}, span_{span}, zone_{zone} {
        assert(anchor_.ok());
    }

    /// The first boundary after an instant.
    [[nodiscard]] std::optional<Instant> next_after(Instant at) const {
        if (cycle_.every == 0 || at >= span_.end) return std::nullopt;
        const Instant next = start_of(index_at(std::max(at, span_.begin)) + 1);
        return next < span_.end ? std::optional{next} : std::nullopt;
    }

    /// The last boundary at or before an instant.
    [[nodiscard]] std::optional<Instant> last_until(Instant at) const {
        at = std::min(at, span_.end - Instant::duration{1});
        if (cycle_.every == 0 || at <= span_.begin) return std::nullopt;
        const Instant last = start_of(index_at(at));
        return last > span_.begin ? std::optional{last} : std::nullopt;
    }

    /// The period that an instant counts for: before the first it is the first, and from the end on the last.
    [[nodiscard]] Span at(Instant at) const {
        return {last_until(at).value_or(span_.begin), next_after(at).value_or(span_.end)};
    }

private:
    /// The day of a boundary, counted from the anchor: each by itself, so that none drifts.
    [[nodiscard]] Day day_of(std::int64_t index) const {
        const std::int64_t steps = index * cycle_.every;
        switch (cycle_.step) {
            case Cycle::Step::days: return days_from_anchor(steps);
            case Cycle::Step::weeks: return days_from_anchor(steps * 7);
            case Cycle::Step::months: return months_from(anchor_, steps);
            case Cycle::Step::years: break;
        }
        return months_from(anchor_, steps * 12);
    }
    [[nodiscard]] Day days_from_anchor(std::int64_t days) const {
        return Day{date::sys_days{anchor_} + date::days{static_cast<int>(days)}};
    }
    /// Of a day that the calendar does not reach: before all instants, or after all.
    [[nodiscard]] Instant start_of(std::int64_t index) const {
        const int beyond = beyond_calendar(index);
        if (beyond != 0) return beyond < 0 ? Instant::min() : Instant::max();
        return zone_.start_of(date::local_days{day_of(index)});
    }
    /// Negative: before the calendar begins; positive: after it ends.
    [[nodiscard]] int beyond_calendar(std::int64_t index) const {
        constexpr std::int64_t first_year = static_cast<int>(date::year::min()) + 1;
        constexpr std::int64_t last_year = static_cast<int>(date::year::max()) - 1;
        const std::int64_t steps = index * cycle_.every;
        if (cycle_.step == Cycle::Step::days || cycle_.step == Cycle::Step::weeks) {
            constexpr date::sys_days first = date::year{static_cast<int>(first_year)} / 1 / 1;
            constexpr date::sys_days last = date::year{static_cast<int>(last_year)} / 12 / 31;
            const std::int64_t day = date::sys_days{anchor_}.time_since_epoch().count() +
                                     (cycle_.step == Cycle::Step::weeks ? steps * 7 : steps);
            return (day > last.time_since_epoch().count()) - (day < first.time_since_epoch().count());
        }
        const std::int64_t months = cycle_.step == Cycle::Step::years ? steps * 12 : steps;
        const std::int64_t month = static_cast<int>(anchor_.year()) * std::int64_t{12} +
                                   static_cast<unsigned>(anchor_.month()) - 1 + months;
        return (month >= (last_year + 1) * 12) - (month < first_year * 12);
    }

    /// The last of the cycle's days that has begun at an instant; of those that begin together, the last.
    [[nodiscard]] std::int64_t index_at(Instant at) const {
        std::int64_t index = steps_until(zone_.day_at(at)) / cycle_.every;
        // The day may be one too late or too soon for the instant, and the division rounds towards the anchor.
        while (start_of(index) > at) --index;
        while (start_of(index + 1) <= at) ++index;
        return index;
    }
    /// From the anchor to a day, within one.
    [[nodiscard]] std::int64_t steps_until(Day day) const {
        const std::int64_t days = (date::sys_days{day} - date::sys_days{anchor_}).count();
        const std::int64_t months =
            (date::year_month{day.year(), day.month()} - date::year_month{anchor_.year(), anchor_.month()})
                .count();
        switch (cycle_.step) {
            case Cycle::Step::days: return days;
            case Cycle::Step::weeks: return days / 7;
            case Cycle::Step::months: return months;
            case Cycle::Step::years: break;
        }
        return months / 12;
    }

    Cycle cycle_;
    Day anchor_;
    Span span_;
    Zone zone_;
};

/// The periods of an agreement that has any.
[[nodiscard]] inline Periods periods_of(const Agreement& agreement, const Span& span, const Zone& zone) {
    return {agreement.period->cycle, agreement.coverage, span, zone};
}

/// The next boundary that has not passed, as far as the periods have come; `max()`: there is none.
[[nodiscard]] inline Instant next_boundary(const Agreement& agreement, const Span& span, const Zone& zone,
                                           const PeriodProgress& progress) {
    if (!agreement.period || progress.from == Instant::max()) return Instant::max();
    const Instant from = std::max(progress.from, progress.last);
    return periods_of(agreement, span, zone).next_after(from).value_or(Instant::max());
}

/// The next boundary, once all have passed that are due now, whether the row's record says so or not; `max()`: none.
[[nodiscard]] inline Instant boundary_to_come(const EntitlementRow& row, const Zone& zone, Instant now) {
    PeriodProgress progress = row.record->periods;
    progress.last = std::max(progress.last, now);
    return next_boundary(row.record->agreement, {row.begin, row.end}, zone, progress);
}

/// How a row's periods go on once its terms are written down at an instant: nothing is rolled retroactively.
[[nodiscard]] inline PeriodChange counted_from(const Agreement& agreement, const Span& span, const Zone& zone,
                                               std::uint32_t row, Instant written) {
    const Instant from = std::max(span.begin, written);
    const auto due = periods_of(agreement, span, zone).next_after(from);
    return {row, from, due.value_or(Instant::max()), Instant::min(), {}};
}

}  // namespace entitle::inline v0::rule
