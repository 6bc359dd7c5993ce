#include "report/attainment.hpp"

#include <map>
#include <utility>

#include <entitle/sla/kpi.hpp>

#include "text.hpp"
#include "view/promises.hpp"

namespace program {

namespace {

using entitle::KpiInstance;
using entitle::KpiStatus;

using Place = std::pair<entitle::SlaId, std::uint16_t>;

/// As it was then: what ended it or paused it later had not happened. By how much later pauses moved its deadline is not
/// kept; that stays.
[[nodiscard]] KpiInstance as_of(KpiInstance kpi, entitle::Instant at) {
    if (kpi.ended != KpiInstance::never && kpi.ended > at) {
        kpi.end = entitle::KpiEnd::none;
        kpi.ended = KpiInstance::never;
    }
    if (kpi.paused_since > at) kpi.paused_since = KpiInstance::never;
    return kpi;
}

void count(KpiStatus status, AttainmentFigures& figures) {
    switch (status) {
        case KpiStatus::succeeded: ++figures.succeeded; break;
        case KpiStatus::noncompliant: ++figures.missed; break;
        case KpiStatus::canceled: ++figures.canceled; break;
        case KpiStatus::in_progress:
        case KpiStatus::paused:
        case KpiStatus::nearing_noncompliance: ++figures.running; break;
    }
}

}  // namespace

Or<std::vector<AttainmentFigures>> attainment_of(Session& session) {
    std::vector<AttainmentFigures> out;
    const auto levels = session.engine().service_levels();
    if (!levels) return passed_on(levels);
    if (levels->is_empty()) return out;  // nothing was ever promised: no case is asked
    const auto cases = session.engine().served_cases();
    if (!cases) return passed_on(cases);
    std::map<Place, AttainmentFigures> all;
    for (const entitle::ServedCase& one : *cases) {
        for (const KpiInstance& kpi : one.service.kpis) {
            if (kpi.started > session.now()) continue;
            count(entitle::sla::status_of(as_of(kpi, session.now()), session.now()), all[{kpi.sla, kpi.kpi}]);
        }
    }
    for (auto& [place, figures] : all) {
        const auto& [level, kpi] = place;
        const entitle::ServiceLevel* const is = levels->find(level);
        figures.level = session.keys().of(level);
        figures.kpi = kpi_name(*levels, level, kpi);
        if (is != nullptr && kpi < is->kpis.size()) figures.goal = is->kpis[kpi].goal;
        out.push_back(std::move(figures));
    }
    return out;
}

Json attainment_json(const std::vector<AttainmentFigures>& figures) {
    Json out = Json::array();
    for (const AttainmentFigures& one : figures) {
        const std::uint64_t over = one.succeeded + one.missed;
        const Json kept =
            over == 0 ? Json(nullptr) : Json(static_cast<double>(one.succeeded) / static_cast<double>(over));
        out.push_back({{"service_level", one.level},
                       {"kpi", one.kpi},
                       {"goal", entitle::name_of(one.goal)},
                       {"succeeded", one.succeeded},
                       {"noncompliant", one.missed},
                       {"in_progress", one.running},
                       {"canceled", one.canceled},
                       {"kept", kept}});
    }
    return out;
}

Table attainment_table(const std::vector<AttainmentFigures>& figures) {
    Table table{{{"service level"},
                 {"KPI"},
                 {"in time", Align::right},
                 {"missed", Align::right},
                 {"kept", Align::right},
                 {"open", Align::right},
                 {"canceled", Align::right}}};
    for (const AttainmentFigures& one : figures) {
        table.add({escaped(one.level), escaped(one.kpi), grouped(one.succeeded), grouped(one.missed),
                   share(one.succeeded, one.missed), grouped(one.running), grouped(one.canceled)});
    }
    return table;
}

}  // namespace program
