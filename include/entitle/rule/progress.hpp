#pragma once

#include <algorithm>
#include <cstdint>

#include "entitle/rule/facts.hpp"
#include "entitle/rule/period.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/expiring_hold.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/top_up.hpp"
#include "entitle/value/view.hpp"

/// Section 8: how a plan changes what time brings to an entitlement.
namespace entitle::inline v0::rule {

/// The change of a row's periods that the plan makes, to be added to.
[[nodiscard]] inline PeriodChange& progress_after(Plan& plan, const View& view, std::uint32_t row) {
    const auto known = std::find_if(plan.periods.begin(), plan.periods.end(),
                                    [row](const PeriodChange& change) { return change.row == row; });
    if (known != plan.periods.end()) return *known;
    const PeriodProgress& progress = view.rows[row].record->periods;
    PeriodChange& change = plan.periods.emplace_back();
    change.row = row;
    change.from = progress.from;
    change.due = progress.due;
    return change;
}

/// The top-ups of a row as the plan leaves them, to be changed there.
[[nodiscard]] inline TopUps& top_ups_after(Plan& plan, const View& view, std::uint32_t row) {
    PeriodChange& change = progress_after(plan, view, row);
    if (!change.top_ups) change.top_ups = view.rows[row].record->top_ups;
    return *change.top_ups;
}

/// The holds of a row's cases that expire, as the plan leaves them, to be changed there.
[[nodiscard]] inline ExpiringHolds& holds_after(Plan& plan, const View& view, std::uint32_t row) {
    PeriodChange& change = progress_after(plan, view, row);
    if (!change.holds) change.holds = view.rows[row].record->holds;
    return *change.holds;
}

/// When time brings something to a row next, once the plan has changed what it may be. `unknown_time_zone`.
[[nodiscard]] inline Result<void> set_due(Plan& plan, const Facts& facts, std::uint32_t row) {
    const EntitlementRow& is = facts.view.rows[row];
    if (is.record->agreement.period && !facts.zone) return refuse(ErrorCode::unknown_time_zone);
    PeriodChange& change = progress_after(plan, facts.view, row);
    const Instant boundary =
        is.record->agreement.period ? boundary_to_come(is, *facts.zone, facts.now) : Instant::max();
    const Instant of_top_ups = change.top_ups ? change.top_ups->due() : is.record->top_ups.due();
    const Instant of_holds = change.holds ? change.holds->due() : is.record->holds.due();
    change.due = std::min({boundary, of_top_ups, of_holds});
    if (is.phase == Phase::canceled) change.due = Instant::max();  // time brings nothing to it
    return {};
}

}  // namespace entitle::inline v0::rule
