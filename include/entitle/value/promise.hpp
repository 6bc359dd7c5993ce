#pragma once

#include <chrono>
#include <string>

#include "entitle/value/id.hpp"
#include "entitle/value/kpi.hpp"
#include "entitle/value/service_level.hpp"

/// Section 11: promises, as they are told.
namespace entitle::inline v0 {

/// A promise to a case that is due.
struct DuePromise {
    CustomerId customer{};
    CaseId support_case{};
    EntitlementId entitlement{};
    KpiInstance kpi{};

    friend bool operator==(const DuePromise&, const DuePromise&) = default;
};

/// A promise to a case, as it is at an instant.
struct Promise {
    KpiInstance kpi{};
    std::string name{};  ///< its KPI's
    KpiGoal goal = KpiGoal::resolution;
    KpiStatus status = KpiStatus::in_progress;
    std::chrono::microseconds elapsed{};  ///< business time that its clock has run
    std::chrono::microseconds paused{};   ///< business time for which it stood

    friend bool operator==(const Promise&, const Promise&) = default;
};

}  // namespace entitle::inline v0
