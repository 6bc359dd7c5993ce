#pragma once

#include <algorithm>
#include <vector>

#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/kpi.hpp"
#include "entitle/value/service_level.hpp"
#include "entitle/value/stage.hpp"

/// Section 11: what is kept of a case for its service levels.
namespace entitle::inline v0 {

/// What service levels ask of a case besides its facts, and what was promised to it. Most cases of a desk without
/// service levels have none.
struct CaseService {
    CasePriority priority = 0;
    SlaId own{};    ///< the case's own service level; none: its entitlement's, else the default
    SlaId level{};  ///< whose promises are made to it, from when it was last chosen; none: nobody's
    Stage stage{};
    bool is_responded = false;  ///< since the case was opened, or opened again
    std::uint32_t opening = 0;  ///< how often it has been opened again
    Instant latest =
        Instant::min();  ///< when something last happened to its promises; none: it never had any
    std::vector<KpiInstance> kpis{};  ///< in the order in which they started, those that have ended too

    /// Nothing that a store would have to keep.
    [[nodiscard]] bool is_empty() const { return *this == CaseService{}; }
    friend bool operator==(const CaseService&, const CaseService&) = default;
};

/// A case that has some, as stores list it.
struct ServedCase {
    CustomerId customer{};
    CaseId id{};
    EntitlementId entitlement{};
    CaseService service{};

    friend bool operator==(const ServedCase&, const ServedCase&) = default;
};

/// When the first of a case's running promises is missed, past or to come; `KpiInstance::never` where none is.
[[nodiscard]] inline Instant first_due(const CaseService& service) {
    Instant first = KpiInstance::never;
    for (const KpiInstance& kpi : service.kpis) {
        if (is_running(kpi)) first = std::min(first, kpi.fail_at);
    }
    return first;
}

/// No instant after this one at which time alone changes, or has changed, the status of one of a case's promises;
/// `Instant::min()` where it changes none.
[[nodiscard]] inline Instant last_change(const CaseService& service) {
    Instant last = Instant::min();
    for (const KpiInstance& kpi : service.kpis) {
        for (const Instant at : {kpi.warn_at, kpi.fail_at}) {
            if (at != KpiInstance::never && at <= kpi.stopped()) last = std::max(last, at);
        }
    }
    return last;
}

}  // namespace entitle::inline v0
