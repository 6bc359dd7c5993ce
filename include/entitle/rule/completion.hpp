#pragma once

#include "entitle/rule/catch_up.hpp"
#include "entitle/rule/low_water.hpp"
#include "entitle/rule/top_up_use.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/view.hpp"

/// What every decision is followed by, whatever rule made it.
namespace entitle::inline v0::rule {

/// Completes a plan that was decided: top-ups pay what it leaves owed, what time brought comes before it, and the marks
/// that it reaches are told. `caught_up`: what the view shows has caught up so; none: nothing was due.
/// `too_many_periods`.
[[nodiscard, gnu::always_inline]] inline Result<void> complete(Plan& plan, const View& view,
                                                               const CatchUp* caught_up) {
    if (!plan.periods.empty()) [[unlikely]]
        pay_owed(plan, view);
    if (caught_up != nullptr) [[unlikely]] {
        if (auto woven = caught_up->weave(plan); !woven) return woven;
    }
    if (may_reach_marks(plan, view)) [[unlikely]]
        return tell_low_water(plan, view);
    return {};
}

}  // namespace entitle::inline v0::rule
