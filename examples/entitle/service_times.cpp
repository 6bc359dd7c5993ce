#include "service_times.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include <entitle/sla/case_clock.hpp>
#include <entitle/value/quantity.hpp>
#include <fmt/format.h>

#include "text.hpp"
#include "view/table.hpp"
#include "view/words.hpp"

namespace program {

namespace {

using entitle::KpiInstance;
using entitle::KpiStatus;
using std::chrono::seconds;

/// The promises made to one incident, row by row.
class Followed {
public:
    Followed(const Plan& plan, const entitle::ServiceLevel& level, const IncidentWay& way)
        : clock_{&level, plan.calendars}, about_{way.about} {
        is_.priority = way.rows.front().priority;
        clock_.follow(is_, about_, way.opened);
        for (const IncidentRow& row : way.rows) follow(row);
    }

    [[nodiscard]] const std::vector<KpiInstance>& kpis() const { return is_.kpis; }

private:
    void follow(const IncidentRow& row) {
        if (row.is_closed) return close(row);
        if (is_closed_) {
            is_closed_ = false;
            entitle::sla::CaseClock::reopen(is_, row.at);
            is_.is_responded = row.stage != unanswered;  // somebody works on it: no response is waited for
        }
        is_.priority = row.priority;
        is_.stage = row.stage;
        clock_.follow(is_, about_, row.at);
        if (!is_.is_responded && row.stage != unanswered) clock_.respond(is_, row.at);
    }
    void close(const IncidentRow& row) {
        if (!is_closed_) clock_.resolve(is_, row.at);
        is_closed_ = true;
    }

    inline static const entitle::Stage unanswered = *entitle::Stage::named("New");

    entitle::sla::CaseClock clock_;
    entitle::CaseFacts about_;
    entitle::CaseService is_{};
    bool is_closed_ = false;
};

/// The least of the values that so many of a hundred do not pass; nothing of none.
std::optional<seconds> percentile(std::vector<seconds> all, std::size_t percent) {
    if (all.empty()) return std::nullopt;
    const auto at = all.begin() + static_cast<std::ptrdiff_t>((all.size() * percent + 99) / 100 - 1);
    std::nth_element(all.begin(), at, all.end());
    return *at;
}

std::string shown(const std::optional<seconds>& time) { return time ? time_text(*time) : "-"; }

Json number(const std::optional<seconds>& time) { return time ? Json(time->count()) : Json(); }

}  // namespace

const PlannedServiceLevel* ServiceTimes::level_of(entitle::SlaId of_entitlement) const {
    entitle::SlaId by_default;
    for (const PlannedServiceLevel& one : plan_.service_levels) {
        if (one.is_default) by_default = one.terms.id;
    }
    const entitle::SlaId id = entitle::sla::chosen({}, of_entitlement, by_default);
    for (const PlannedServiceLevel& one : plan_.service_levels) {
        if (one.terms.id == id) return &one;
    }
    return nullptr;
}

void ServiceTimes::add(const IncidentWay& way, entitle::SlaId of_entitlement) {
    const PlannedServiceLevel* const level = level_of(of_entitlement);
    if (level == nullptr) {
        ++untimed_;
        return;
    }
    const Followed followed{plan_, level->terms, way};
    const auto at = static_cast<std::size_t>(level - plan_.service_levels.data());
    bool was_kept = true;
    for (const KpiInstance& kpi : followed.kpis()) {
        count({at, kpi.kpi, way.rows.back().priority}, kpi);
        const bool is_resolution = level->terms.kpis[kpi.kpi].goal == entitle::KpiGoal::resolution;
        if (is_resolution && entitle::sla::is_missed(kpi, as_of_)) was_kept = false;
    }
    compare(way, was_kept);
}

void ServiceTimes::count(Place place, const KpiInstance& kpi) {
    using std::chrono::floor;
    const entitle::KpiTerms& terms = plan_.service_levels[std::get<0>(place)].terms.kpis[kpi.kpi];
    const entitle::sla::Calendar& calendar = plan_.calendars[terms.calendar];
    KpiTimes& times = times_[place];
    times.paused += floor<seconds>(entitle::sla::paused_total(kpi, calendar, as_of_));
    if (kpi.end == entitle::KpiEnd::met) {
        times.elapsed.push_back(floor<seconds>(entitle::sla::elapsed(kpi, calendar, as_of_)));
    }
    switch (entitle::sla::status_of(kpi, as_of_)) {
        case KpiStatus::succeeded: ++times.succeeded; break;
        case KpiStatus::noncompliant: ++times.noncompliant; break;
        case KpiStatus::canceled: ++times.canceled; break;
        case KpiStatus::in_progress:
        case KpiStatus::paused:
        case KpiStatus::nearing_noncompliance: ++times.in_progress; break;
    }
}

void ServiceTimes::compare(const IncidentWay& way, bool was_kept) {
    if (!way.made_sla) return;
    if (*way.made_sla) ++(was_kept ? both_kept_ : kept_there_);
    else ++(was_kept ? kept_here_ : both_missed_);
}

std::string ServiceTimes::as_table() const {
    Table table{{{"service level"},
                 {"KPI"},
                 {"priority", Align::right},
                 {"in time", Align::right},
                 {"missed", Align::right},
                 {"kept", Align::right},
                 {"open", Align::right},
                 {"canceled", Align::right},
                 {"median", Align::right},
                 {"90 %", Align::right},
                 {"paused", Align::right}}};
    for (const auto& [place, times] : times_) {
        const auto& [level, kpi, priority] = place;
        const entitle::ServiceLevel& is = plan_.service_levels[level].terms;
        table.add({printable(is.name), printable(is.kpis[kpi].name),
                   priority == 0 ? "-" : std::to_string(priority), grouped(times.succeeded),
                   grouped(times.noncompliant), share(times.succeeded, times.noncompliant),
                   grouped(times.in_progress), grouped(times.canceled), shown(percentile(times.elapsed, 50)),
                   shown(percentile(times.elapsed, 90)), shown(times.paused)});
    }
    std::string out = "\nservice levels (business hours, waits left out)\n";
    out += table.empty() ? "no incidents\n" : table.shown();
    if (untimed_ != 0) out += fmt::format("{} incidents have no service level\n", grouped(untimed_));
    const std::uint64_t agree = both_kept_ + both_missed_;
    const std::uint64_t all = agree + kept_here_ + kept_there_;
    if (all == 0) return out;
    return out +
           fmt::format(
               "the log's own made_sla agrees on {} of {} incidents ({}); kept here alone: {}; kept there "
               "alone: {}; its calendar is not known\n",
               grouped(agree), grouped(all), share(agree, all - agree), grouped(kept_here_),
               grouped(kept_there_));
}

Json ServiceTimes::as_json() const {
    Json kpis = Json::array();
    for (const auto& [place, times] : times_) {
        const auto& [level, kpi, priority] = place;
        const entitle::ServiceLevel& is = plan_.service_levels[level].terms;
        kpis.push_back({{"service_level", is.name},
                        {"kpi", is.kpis[kpi].name},
                        {"priority", priority},
                        {"succeeded", times.succeeded},
                        {"noncompliant", times.noncompliant},
                        {"in_progress", times.in_progress},
                        {"canceled", times.canceled},
                        {"median", number(percentile(times.elapsed, 50))},
                        {"percentile_90", number(percentile(times.elapsed, 90))},
                        {"paused", times.paused.count()}});
    }
    return {{"kpis", std::move(kpis)},
            {"untimed", untimed_},
            {"made_sla",
             {{"both_kept", both_kept_},
              {"both_missed", both_missed_},
              {"kept_here_alone", kept_here_},
              {"kept_there_alone", kept_there_}}}};
}

}  // namespace program
