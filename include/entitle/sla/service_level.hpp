#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "entitle/sla/calendars.hpp"
#include "entitle/value/checks.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/service_level.hpp"
#include "entitle/value/stage.hpp"
#include "entitle/value/support_case.hpp"

/// Section 11: whether a service level can be promised, by whom it is promised, and to what.
namespace entitle::inline v0::sla {

namespace detail {

[[nodiscard]] inline Result<void> check(const KpiTerms& kpi, const Calendars& calendars) {
    if (auto name = check_text(kpi.name, 1, max_name, ErrorCode::name_length); !name) return name;
    if (kpi.fail_after.count() < 0 || kpi.warn_after.value_or(kpi.fail_after).count() < 0) {
        return refuse(ErrorCode::duration_negative);
    }
    if (kpi.fail_after > max_kpi_time) return refuse(ErrorCode::duration_too_long);
    if (kpi.warn_after > kpi.fail_after) return refuse(ErrorCode::warned_too_late);
    if (!calendars.contains(kpi.calendar)) return refuse(ErrorCode::unknown_calendar);
    const KpiScope& applies = kpi.applies;
    if (applies.priorities.size() > max_scope_items) return refuse(ErrorCode::too_many_scope_items);
    if (std::ranges::find(applies.priorities, 0) != applies.priorities.end()) {
        return refuse(ErrorCode::scope_item_missing);
    }
    if (auto channels = check_list(applies.channels); !channels) return channels;
    if (auto stages = check_list(kpi.pausing); !stages) return stages;
    return check_scope(applies.about);
}

template <class Item>
[[nodiscard]] bool leaves_out(const std::vector<Item>& list, const Item& item) {
    return !list.empty() && std::ranges::find(list, item) == list.end();
}

}  // namespace detail

/// Errors: `id_missing`, `name_length`, `not_utf8`, `no_kpi`, `too_many_kpis`; of a promise, with its place from 1:
/// `name_length`, `not_utf8`, `duplicate_kpi`, `duration_negative`, `duration_too_long`, `warned_too_late`,
/// `unknown_calendar`, `too_many_scope_items`, `scope_item_missing`.
[[nodiscard]] inline Result<void> check(const ServiceLevel& level, const Calendars& calendars) {
    if (!level.id) return refuse(ErrorCode::id_missing);
    if (auto name = check_text(level.name, 1, max_name, ErrorCode::name_length); !name) return name;
    if (level.kpis.empty()) return refuse(ErrorCode::no_kpi);
    if (level.kpis.size() > max_kpis) return refuse(ErrorCode::too_many_kpis);
    for (auto kpi = level.kpis.begin(); kpi != level.kpis.end(); ++kpi) {
        auto checked = detail::check(*kpi, calendars);
        const auto same = [&](const KpiTerms& other) { return other.name == kpi->name; };
        if (checked && std::any_of(level.kpis.begin(), kpi, same)) checked = refuse(ErrorCode::duplicate_kpi);
        if (checked) continue;
        checked.error().part = CalendarPart::kpi;
        checked.error().position = static_cast<std::uint16_t>(kpi - level.kpis.begin() + 1);
        return checked;
    }
    return {};
}

/// Which service level counts: the case's own, else the entitlement's, else the one that is the default. None of
/// them: none.
[[nodiscard]] constexpr SlaId chosen(SlaId of_case, SlaId of_entitlement, SlaId by_default) {
    return of_case ? of_case : of_entitlement ? of_entitlement : by_default;
}

/// Whether a promise is made to such a case.
[[nodiscard]] inline bool applies(const KpiScope& scope, const CaseFacts& about, CasePriority priority) {
    using detail::leaves_out;
    const bool refused =
        leaves_out(scope.priorities, priority) || leaves_out(scope.channels, about.origin) ||
        leaves_out(scope.about.contacts, about.contact) || leaves_out(scope.about.products, about.product) ||
        leaves_out(scope.about.assets, about.asset) || leaves_out(scope.about.case_types, about.case_type);
    return !refused;
}

/// Whether the clock of a promise stands in such a stage.
[[nodiscard]] inline bool pauses(const KpiTerms& kpi, const Stage& stage) {
    return stage && std::ranges::find(kpi.pausing, stage) != kpi.pausing.end();
}

}  // namespace entitle::inline v0::sla
