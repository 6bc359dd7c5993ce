#include "view/promises.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "text.hpp"

namespace program {

using entitle::KpiInstance;
using entitle::KpiStatus;

namespace {

/// Nothing where the clock stands: it has not been said until when.
[[nodiscard]] std::string deadline_text(const KpiInstance& kpi, entitle::Instant at,
                                        const LocalClock& clock) {
    const bool stands = kpi.is_open() && kpi.is_paused();
    return at == KpiInstance::never || stands ? std::string{} : clock.minute(at);
}

[[nodiscard]] Json promise_json(Session& session, const entitle::Promise& one) {
    using std::chrono::floor;
    using std::chrono::seconds;
    const KpiInstance& kpi = one.kpi;
    return {{"service_level", session.keys().of(kpi.sla)},
            {"kpi", one.name},
            {"goal", entitle::name_of(one.goal)},
            {"status", entitle::name_of(one.status)},
            {"started", instant_json(kpi.started)},
            {"warn_at", instant_json(kpi.warn_at)},
            {"fail_at", instant_json(kpi.fail_at)},
            {"ended", instant_json(kpi.ended)},
            {"elapsed", floor<seconds>(one.elapsed).count()},
            {"paused", floor<seconds>(one.paused).count()}};
}

void add_deadline(Json& json, const char* key, const entitle::Deadline& deadline) {
    if (deadline == entitle::Deadline{}) return;
    json[key] = {{"warn_at", instant_json(deadline.warn_at)}, {"fail_at", instant_json(deadline.fail_at)}};
}

}  // namespace

std::string kpi_name(const entitle::sla::ServiceLevels& levels, entitle::SlaId sla, std::uint16_t kpi) {
    const entitle::ServiceLevel* const level = levels.find(sla);
    return level == nullptr || kpi >= level->kpis.size() ? std::string{"-"} : level->kpis[kpi].name;
}

std::string_view goal_words(entitle::KpiGoal goal) {
    return goal == entitle::KpiGoal::first_response ? "first response" : entitle::name_of(goal);
}

std::string_view words_for(KpiStatus status) {
    switch (status) {
        case KpiStatus::in_progress: return "in progress";
        case KpiStatus::paused: return "paused";
        case KpiStatus::nearing_noncompliance: return "nearing";
        case KpiStatus::noncompliant: return "missed";
        case KpiStatus::succeeded: return "met";
        case KpiStatus::canceled: break;
    }
    return "canceled";
}

Cell status_cell(KpiStatus status) {
    return {std::string{words_for(status)}, status == KpiStatus::noncompliant};
}

std::string words_for_kpi(Session& session, const entitle::sla::ServiceLevels& levels,
                          const entitle::Change& change) {
    const bool is_missed = change.kind == entitle::Change::Kind::kpi_missed;
    return fmt::format("{} of {} is {}", escaped(kpi_name(levels, change.sla, change.kpi)),
                       escaped(session.keys().of(change.support_case)),
                       is_missed ? "missed" : "about to be missed");
}

std::string deadline_words(Session& session, const entitle::Receipt& receipt) {
    std::string out;
    std::optional<LocalClock> clock;
    for (const auto& [what, at] : {std::pair{"respond", receipt.respond_by.fail_at},
                                   std::pair{"resolve", receipt.resolve_by.fail_at}}) {
        if (at == KpiInstance::never) continue;
        if (!clock) clock = clock_of(session, receipt.customer, receipt.entitlement);
        out += fmt::format("; {} by {}", what, clock->minute(at));
    }
    return out;
}

void add_deadlines(const entitle::Receipt& receipt, Json& json) {
    add_deadline(json, "respond_by", receipt.respond_by);
    add_deadline(json, "resolve_by", receipt.resolve_by);
}

void add_service(Session& session, const entitle::CaseService& service, FactList& facts, Json& json) {
    Keys& keys = session.keys();
    if (service.priority != 0) facts.add("priority", std::to_string(service.priority));
    if (service.stage) facts.add("stage", escaped(service.stage.name()));
    if (service.level) {
        facts.add("service level", escaped(keys.of(service.level)) + (service.own ? ", its own" : ""));
    }
    if (service.is_responded) facts.add("responded", "yes");
    json["priority"] = service.priority;
    json["stage"] = service.stage ? Json(service.stage.name()) : Json(nullptr);
    json["service_level"] = service.level ? Json(keys.of(service.level)) : Json(nullptr);
    json["responded"] = service.is_responded;
}

Told promise_list(Session& session, std::span<const entitle::Promise> promises, const LocalClock& clock) {
    Told told{Json::array(), {}};
    Table table{{{"service level"},
                 {"KPI"},
                 {"goal"},
                 {"status"},
                 {"warning", Align::instant},
                 {"due", Align::instant},
                 {"elapsed", Align::right},
                 {"paused", Align::right}}};
    for (const entitle::Promise& one : promises) {
        told.json.push_back(promise_json(session, one));
        table.add({escaped(session.keys().of(one.kpi.sla)), escaped(one.name), goal_words(one.goal),
                   status_cell(one.status), deadline_text(one.kpi, one.kpi.warn_at, clock),
                   deadline_text(one.kpi, one.kpi.fail_at, clock), time_text(one.elapsed),
                   one.paused.count() == 0 ? std::string{} : time_text(one.paused)});
    }
    told.text = table.empty() ? "nothing is promised\n" : table.shown();
    return told;
}

}  // namespace program
