#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <date/date.h>

#include "entitle/sla/day_hours.hpp"
#include "entitle/sla/hour_cycle.hpp"
#include "entitle/sla/timeline.hpp"
#include "entitle/value/business_hours.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/zone.hpp"

/// Section 11: business time, forwards and backwards.
namespace entitle::inline v0::sla {

/// When a desk is open, and arithmetic with the time in which it is. All hours, unless made from some.
///
/// Business time is real time that passes while the clock on the wall is within the hours. Where clocks are put
/// forward over hours, only what is left of them exists; where clocks are put back into hours, what the clock
/// shows twice counts twice; of a day that a zone skips nothing does. OpenHours that touch are one stretch, also
/// over midnight.
///
/// Exact to the microsecond, as instants are, in the years -32767 to 32767; outside them it is closed. The
/// clocks of a zone are those of `Zone`: where the system's database foresees no more changes (often after
/// 2037), or from 2400 on, its last offset stays.
///
/// Made once, then read only: what it says takes time that grows with the logarithm of the zone's changes and
/// of the dated days, however long the time is that is added, and allocates nothing. It takes about 40 bytes for
/// each change of the zone's clocks (10 KB where there are many), and 80 and its hours for each dated day.
/// Threads may read one together.
class Calendar {
public:
    /// All hours: always open.
    Calendar() = default;

    /// Errors: `unknown_time_zone`; with the list and the place in it: `hours_invalid` (not from one time of the
    /// day to a later one, or outside 0:00 to 24:00), `hours_overlap` (not for breaks), `day_invalid`,
    /// `shift_twice`. OpenHours that leave no open time are none: such a calendar is never open.
    [[nodiscard]] static Result<Calendar> make(const BusinessHours& written);

    [[nodiscard]] bool is_open(Instant at) const { return next_opening(at) == at; }

    /// The first instant by which so much business time has passed since `at`: where hours are used up to their
    /// end, that end, not the next opening. Nothing added is `at` itself, open or not. Errors:
    /// `duration_negative`, `never_open`, `calendar_exhausted` (it is not open for so long after `at`).
    [[nodiscard]] Result<Instant> add(Instant at, std::chrono::microseconds open) const {
        if (auto fits = check(open, line_.total() - line_.open_until(at)); !fits) {
            return tl::unexpected<Error>{fits.error()};
        }
        return open.count() == 0 ? at : line_.earliest(line_.open_until(at) + open);
    }

    /// The last instant from which so much business time passes until `at`: where hours are used up to their
    /// beginning, that beginning, not the closing before it. Otherwise as `add`.
    [[nodiscard]] Result<Instant> subtract(Instant at, std::chrono::microseconds open) const {
        if (auto fits = check(open, line_.open_until(at)); !fits) return tl::unexpected<Error>{fits.error()};
        return open.count() == 0 ? at : line_.latest(line_.open_until(at) - open);
    }

    /// The business time from `a` to `b`; negative where `b` is the earlier one.
    [[nodiscard]] std::chrono::microseconds between(Instant a, Instant b) const {
        return line_.open_until(b) - line_.open_until(a);
    }

    /// The first open instant from `at` on: `at` itself while it is open. Nothing where it does not open again.
    [[nodiscard]] std::optional<Instant> next_opening(Instant at) const {
        const auto before = line_.open_until(at);
        if (before == line_.total()) return std::nullopt;
        return line_.latest(before);
    }

    /// The last instant up to `at` until which it was open: `at` itself while it is open, and at a closing.
    /// Nothing where it was not open before.
    [[nodiscard]] std::optional<Instant> previous_closing(Instant at) const {
        const auto before = line_.open_until(at);
        if (before.count() == 0) return std::nullopt;
        return line_.earliest(before);
    }

private:
    [[nodiscard]] Result<void> check(std::chrono::microseconds open, std::chrono::microseconds left) const {
        if (open.count() < 0) return refuse(ErrorCode::duration_negative);
        if (open <= left) return {};
        return refuse(line_.total().count() == 0 ? ErrorCode::never_open : ErrorCode::calendar_exhausted);
    }

    detail::Timeline line_{};
};

namespace detail {

/// Past this, a zone's rules are not followed: a database that keeps them as rules has changes without end.
inline constexpr Instant zone_changes_end = date::sys_days{date::year{2400} / 1 / 1};

/// A dated day and the cycle that is worked on it.
struct DatedCycle {
    date::local_days day{};
    std::uint32_t cycle = 0;
};

/// HourCycle 0. It begins with a Thursday, since that is what 1970 does.
[[nodiscard]] inline HourCycle week_cycle(const WeekHours& week) {
    std::vector<OpenHours> hours;
    for (date::days day{0}; day < date::weeks{1}; ++day) {
        for (const OpenHours& each : regular_hours(week, date::local_days{day})) {
            hours.push_back({day + each.from, day + each.to});
        }
    }
    return {date::weeks{1}, hours};
}

/// Adds a time in which the clocks are not changed: the week's hours, but for the dated days in it.
inline void append(Timeline& line, const SteadyClock& clock, const std::vector<DatedCycle>& dated) {
    const auto begin_of = [&](const DatedCycle& each) {
        return Instant{each.day.time_since_epoch() - clock.offset};
    };
    Instant at = std::max(clock.begin, Timeline::first);
    auto each = std::partition_point(dated.begin(), dated.end(), [&](const DatedCycle& day) {
        return begin_of(day) + date::days{1} <= at;
    });
    for (; each != dated.end() && begin_of(*each) < clock.end; ++each) {
        if (at < begin_of(*each)) line.append(at, clock.offset, 0);
        line.append(std::max(at, begin_of(*each)), clock.offset, each->cycle);
        at = begin_of(*each) + date::days{1};
    }
    if (at < clock.end) line.append(at, clock.offset, 0);
}

[[nodiscard]] inline Timeline make_timeline(const Zone& zone, const WeekHours& week, const DatedDays& days) {
    std::vector<HourCycle> cycles{week_cycle(week), HourCycle{date::days{1}, {}}};
    std::vector<DatedCycle> dated;
    for (const auto& [day, hours] : days) {
        dated.push_back({day, hours.empty() ? 1 : static_cast<std::uint32_t>(cycles.size())});
        if (!hours.empty()) cycles.emplace_back(date::days{1}, hours);
    }
    Timeline line{std::move(cycles)};
    for (SteadyClock clock{.end = Timeline::first}; clock.end < Timeline::last;) {
        clock = zone.clock_at(clock.end);
        const bool foreseen = clock.begin < zone_changes_end;
        clock.end = foreseen ? std::min(clock.end, Timeline::last) : Timeline::last;
        append(line, clock, dated);
    }
    return line;
}

}  // namespace detail

inline Result<Calendar> Calendar::make(const BusinessHours& written) {
    const auto zone = Zone::named(written.time_zone);
    if (!zone) return refuse(ErrorCode::unknown_time_zone);
    const auto week = detail::week_hours(written);
    if (!week) return tl::unexpected<Error>{week.error()};
    const auto days = detail::dated_days(written, *week);
    if (!days) return tl::unexpected<Error>{days.error()};
    Calendar made;
    made.line_ = detail::make_timeline(*zone, *week, *days);
    return made;
}

}  // namespace entitle::inline v0::sla
