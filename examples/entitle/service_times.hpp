#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <entitle/value/kpi.hpp>

#include "incident.hpp"
#include "plan.hpp"
#include "view/json.hpp"

namespace program {

/// What became of one KPI for the incidents of one priority.
struct KpiTimes {
    std::uint64_t succeeded = 0;
    std::uint64_t noncompliant = 0;
    std::uint64_t in_progress = 0;  ///< paused and nearing ones among them
    std::uint64_t canceled = 0;
    std::vector<std::chrono::seconds> elapsed{};  ///< business time of those that were met, late or not
    std::chrono::seconds paused{0};               ///< business time of all pauses
};

/// Times the incidents of a log by a plan's service levels, as of one instant: what each was promised, whether it was
/// kept, and how long it took, waits left out.
///
/// The state `New` waits for the first response, which any other one is. An incident is of the service level of its
/// entitlement, else of the plan's default one. One that is neither is not timed.
class ServiceTimes {
public:
    ServiceTimes(const Plan& plan, entitle::Instant as_of) : plan_{plan}, as_of_{as_of} {}

    void add(const IncidentWay& way, entitle::SlaId of_entitlement);

    [[nodiscard]] std::string as_table() const;
    [[nodiscard]] Json as_json() const;

private:
    /// Service level and KPI by their places in the plan, and the incident's priority in its last row.
    using Place = std::tuple<std::size_t, std::uint16_t, entitle::CasePriority>;

    [[nodiscard]] const PlannedServiceLevel* level_of(entitle::SlaId of_entitlement) const;
    void count(Place place, const entitle::KpiInstance& kpi);
    void compare(const IncidentWay& way, bool was_kept);

    const Plan& plan_;
    entitle::Instant as_of_;
    std::map<Place, KpiTimes> times_{};
    std::uint64_t untimed_ = 0;
    std::uint64_t both_kept_ = 0, both_missed_ = 0, kept_here_ = 0, kept_there_ = 0;  ///< against `made_sla`
};

}  // namespace program
