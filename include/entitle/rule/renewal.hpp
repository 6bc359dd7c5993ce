#pragma once

#include <optional>
#include <utility>

#include "entitle/rule/grant.hpp"
#include "entitle/rule/lifecycle_plan.hpp"
#include "entitle/rule/period.hpp"
#include "entitle/value/entitlement_command.hpp"

/// Renewal: a new draft out of what has ended (R1, R2).
namespace entitle::inline v0::rule {

/// The last day of `months` months that begin on a day: the same day of the month, clamped to the month's
/// end, less one.
[[nodiscard]] inline Day last_of_months(Day first, date::months months) {
    return Day{date::sys_days{months_from(first, months.count())} - date::days{1}};
}

/// How many whole months a coverage lasts; nothing when it is not whole months.
[[nodiscard]] inline std::optional<date::months> whole_months(Day first, Day last) {
    const Day after{date::sys_days{last} + date::days{1}};
    const date::months months =
        date::year_month{after.year(), after.month()} - date::year_month{first.year(), first.month()};
    return months.count() > 0 && last_of_months(first, months) == last ? std::optional{months} : std::nullopt;
}

/// As long as before, from `today` on: as many days, or, under that policy, as many whole months (R2).
[[nodiscard]] inline Coverage renewed_coverage(const Coverage& old, Day today, RenewalSpan span) {
    if (span == RenewalSpan::whole_months) {
        if (const auto months = whole_months(old.first_day, old.last_day)) {
            return {today, last_of_months(today, *months), old.time_zone};
        }
    }
    const auto length = date::sys_days{old.last_day} - date::sys_days{old.first_day};
    return {today, Day{date::sys_days{today} + length}, old.time_zone};
}

/// Every other agreed field is copied; the balance is fresh, not the default. The old record stays as it is,
/// and may be renewed again.
[[nodiscard]] inline Result<void> decide(const Renew& command, const Facts& facts, Plan& plan) {
    const auto row = begin_entitlement_plan(plan, command, facts, LifecycleCommand::renew);
    if (!row) return tl::unexpected<Error>{row.error()};
    if (!facts.zone) return refuse(ErrorCode::unknown_time_zone);
    Agreement agreement = facts.view.rows[*row].record->agreement;
    agreement.coverage =
        renewed_coverage(agreement.coverage, facts.zone->day_at(facts.now), facts.policy.renewal_span);
    if (auto inserted = insert(plan, facts, std::move(agreement), Phase::draft, false, command.id);
        !inserted) {
        return inserted;
    }
    note(plan, no_row);
    return {};
}

}  // namespace entitle::inline v0::rule
