#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "entitle/rule/catch_up.hpp"
#include "entitle/rule/posting.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/low_water.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/view.hpp"

/// Marks: a command that takes a counter down to one, or below it, tells of it.
namespace entitle::inline v0::rule {

/// Whether a plan touches a row that has marks. One that changes what is agreed, the marks perhaps among it, tells of
/// none.
[[nodiscard, gnu::always_inline]] inline bool may_reach_marks(const Plan& plan, const View& view) {
    using Kind = EntitlementChange::Kind;
    const Kind kind = plan.entitlement.kind;
    if (kind != Kind::none && kind != Kind::phase) return false;
    for (const PlannedEntry& entry : plan.entries) {
        if (view.rows[entry.row].marked) return true;
    }
    return false;
}

namespace detail {

/// How a plan moves a counter, in base units.
struct Course {
    std::int64_t start = 0;  ///< before it, or after its boundaries: whichever is more
    std::int64_t end = 0;

    /// Whether it comes down to a level from above it.
    [[nodiscard]] constexpr bool reaches(std::int64_t level) const { return start > level && level >= end; }
};

/// What some of a plan's entries move of a counter.
[[nodiscard]] inline std::int64_t moved_by(std::span<const PlannedEntry> entries, Counters at) {
    std::int64_t sum = 0;
    for (const PlannedEntry& entry : entries) {
        if (entry.row != at.row) continue;
        if (at.channel == no_channel) sum += entry.total_moved;
        else if (entry.channel == at.channel) sum += entry.channel_moved;
    }
    return sum;
}

/// The view shows what is left once the boundaries have passed.
[[nodiscard]] inline Course course_of(const Plan& plan, const View& view, Counters at) {
    const EntitlementRow& row = view.rows[at.row];
    const std::span<const PlannedEntry> entries{plan.entries};
    const std::int64_t rolled =
        at.channel == no_channel ? row.remaining : view.channels_of(row)[at.channel].remaining;
    const std::int64_t before = rolled - moved_by(entries.first(plan.boundaries), at);
    return {std::max(before, rolled), rolled + moved_by(entries.subspan(plan.boundaries), at)};
}

/// A counter's marks in base units, the highest first.
class Levels {
public:
    void add(std::int64_t level) {
        assert(count_ < all_.size());
        std::size_t at = count_++;
        for (; at != 0 && all_[at - 1] < level; --at) all_[at] = all_[at - 1];
        all_[at] = level;
    }
    [[nodiscard]] std::span<const std::int64_t> span() const { return std::span{all_}.first(count_); }

private:
    std::array<std::int64_t, max_low_water> all_{};
    std::size_t count_ = 0;
};

[[nodiscard]] inline Levels levels_of(const Agreement& agreement, const Channel& channel,
                                      std::int64_t agreed) {
    Levels levels;
    for (const LowWater& mark : agreement.low_water) {
        if (mark.channel == channel) levels.add(mark.level(agreed));
    }
    return levels;
}

/// Bounds a counter so that the same movement reaches the same marks. Where boundaries are recorded the row is
/// bound to what it is already.
inline void guard_marks(Plan& plan, Counters at, const Course& course, const Levels& levels) {
    const std::int64_t moved = course.end - course.start;
    if (!plan.guarded || moved >= 0) return;
    Guard guard{.row = at.row, .channel = at.channel};
    for (const std::int64_t level : levels.span()) {
        // It is reached from level + 1 up to level - moved.
        if (course.start > level) guard.lower = std::max(guard.lower, level + 1);
        else guard.upper = std::min(guard.upper, level);
        if (course.start <= level - moved) guard.upper = std::min(guard.upper, level - moved);
        else guard.lower = std::max(guard.lower, level - moved + 1);
    }
    plan.guards.push_back(guard);
}

/// Tells of the marks of one counter that the plan reaches, from `place` on. Returns the place behind them.
[[nodiscard]] inline std::size_t tell_counter(Plan& plan, const View& view, Counters at, std::size_t place) {
    const EntitlementRow& row = view.rows[at.row];
    const Agreement& agreement = row.record->agreement;
    const bool is_total = at.channel == no_channel;
    const Levels levels =
        is_total ? levels_of(agreement, {}, agreement.total())
                 : levels_of(agreement, channel_name(row, at.channel), channel_total(row, at.channel));
    if (levels.span().empty()) return place;
    const Course course = course_of(plan, view, at);
    guard_marks(plan, at, course, levels);
    for (const std::int64_t level : levels.span()) {
        if (!course.reaches(level)) continue;
        PlannedEntry entry;
        entry.kind = EntryKind::low_water;
        entry.row = at.row;
        entry.channel = at.channel;
        entry.amount = level;
        plan.insert(place++, entry);
    }
    return place;
}

/// The same of a row's total, and then of each listed channel.
[[nodiscard]] inline std::size_t tell_row(Plan& plan, const View& view, std::uint32_t row,
                                          std::size_t place) {
    place = tell_counter(plan, view, {row, no_channel}, place);
    for (std::uint16_t channel = 0; channel < view.rows[row].listed; ++channel) {
        place = tell_counter(plan, view, {row, channel}, place);
    }
    return place;
}

[[nodiscard]] inline bool is_last_of_row(const Plan& plan, std::size_t place) {
    const std::uint32_t row = plan.entries[place].row;
    return std::none_of(plan.entries.begin() + static_cast<std::ptrdiff_t>(place) + 1, plan.entries.end(),
                        [row](const PlannedEntry& entry) { return entry.row == row; });
}

}  // namespace detail

/// Adds an entry for each mark that the plan takes a counter down to, right behind the last one of the counter's row: a
/// plan ends on the entitlement that it is about. Once per crossing: whatever stays below a mark tells of it no more
/// until it has been above it. The boundaries are in the plan, and the view shows what is left after them.
/// `too_many_periods`, where they leave no room.
[[nodiscard, gnu::noinline]] inline Result<void> tell_low_water(Plan& plan, const View& view) {
    for (std::size_t at = plan.boundaries; at < plan.entries.size(); ++at) {
        const std::uint32_t row = plan.entries[at].row;
        if (!view.rows[row].marked || !detail::is_last_of_row(plan, at)) continue;
        at = detail::tell_row(plan, view, row, at + 1) - 1;
    }
    if (plan.entries.size() > max_entries) return refuse(ErrorCode::too_many_periods);
    return {};
}

}  // namespace entitle::inline v0::rule
