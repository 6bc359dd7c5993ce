#include "report/forms.hpp"

#include <utility>

#include <fmt/format.h>

#include "csv.hpp"
#include "text.hpp"
#include "view/words.hpp"

namespace program {

namespace {

[[nodiscard]] std::string csv_line(const std::vector<std::string>& fields) {
    std::string out;
    for (const std::string& field : fields) {
        if (!out.empty()) out += ',';
        out += csv_field(field);
    }
    return out + "\n";
}

[[nodiscard]] std::string instant_text(const std::optional<entitle::Instant>& at) {
    return at ? fmt::format("{}", entitle::as_utc(*at)) : std::string{};
}

[[nodiscard]] Json counter_json(const CounterFigures& counter) {
    Json curve = Json::array();
    for (const BurnPoint& point : counter.curve) curve.push_back({instant_json(point.at), point.left});
    return {{"channel", counter.channel.empty() ? Json(nullptr) : Json(counter.channel)},
            {"total", counter.total},
            {"remaining", counter.left},
            {"held", counter.held},
            {"used", counter.used},
            {"exhausted", counter.exhausted ? instant_json(*counter.exhausted) : Json(nullptr)},
            {"curve", std::move(curve)}};
}

}  // namespace

std::string report_csv(const Figures& figures) {
    std::string out = csv_line({"section", "customer", "entitlement", "status", "ends", "channel", "unit",
                                "total", "remaining", "held", "used", "exhausted", "at", "what", "count"});
    for (const EntitlementFigures& one : figures.entitlements) {
        for (const CounterFigures& counter : one.counters) {
            out += csv_line({"balance", one.customer, one.key, std::string{entitle::name_of(one.status)},
                             instant_text(one.span.end), counter.channel, base_unit(one.unit),
                             std::to_string(counter.total), std::to_string(counter.left),
                             std::to_string(counter.held), std::to_string(counter.used),
                             instant_text(counter.exhausted), "", "", ""});
        }
    }
    for (const ChangeFigures& change : figures.changes) {
        out += csv_line({"change", change.customer, change.entitlement, "", "", "", "", "", "", "", "", "",
                         instant_text(change.at), change.what, ""});
    }
    for (const RefusalFigures& refusal : figures.refusals) {
        const std::string what = refusal.reason.empty() ? refusal.code : refusal.code + ": " + refusal.reason;
        out += csv_line(
            {"refusal", "", "", "", "", "", "", "", "", "", "", "", "", what, std::to_string(refusal.count)});
    }
    for (const AttainmentFigures& one : figures.attainment) {
        for (const auto& [status, count] : {std::pair{entitle::KpiStatus::succeeded, one.succeeded},
                                            std::pair{entitle::KpiStatus::noncompliant, one.missed},
                                            std::pair{entitle::KpiStatus::in_progress, one.running},
                                            std::pair{entitle::KpiStatus::canceled, one.canceled}}) {
            out += csv_line({"attainment", "", "", std::string{entitle::name_of(status)}, "", "", "", "", "",
                             "", "", "", "", one.level + ": " + one.kpi, std::to_string(count)});
        }
    }
    return out;
}

Json report_json(const Figures& figures) {
    Json out{{"at", instant_json(figures.at)}, {"days", figures.days},
             {"entitlements", Json::array()},  {"changes", Json::array()},
             {"refusals", Json::array()},      {"attainment", attainment_json(figures.attainment)}};
    for (const EntitlementFigures& one : figures.entitlements) {
        Json counters = Json::array();
        for (const CounterFigures& counter : one.counters) counters.push_back(counter_json(counter));
        out["entitlements"].push_back({{"id", one.key},
                                       {"name", one.name},
                                       {"customer", one.customer},
                                       {"status", entitle::name_of(one.status)},
                                       {"ends", instant_json(one.span.end)},
                                       {"unit", base_unit(one.unit)},
                                       {"counters", std::move(counters)}});
    }
    for (const ChangeFigures& change : figures.changes) {
        out["changes"].push_back({{"at", instant_json(change.at)},
                                  {"customer", change.customer},
                                  {"entitlement", change.entitlement},
                                  {"what", change.what}});
    }
    for (const RefusalFigures& refusal : figures.refusals) {
        out["refusals"].push_back(
            {{"error", refusal.code}, {"reason", refusal.reason}, {"count", refusal.count}});
    }
    return out;
}

std::string report_text(const Figures& figures) {
    Table balances{{{"customer"},
                    {"entitlement"},
                    {"status"},
                    {"ends", Align::instant},
                    {"channel"},
                    {"left", Align::right},
                    {"total", Align::right},
                    {"used", Align::right},
                    {"exhausted", Align::instant}}};
    for (const EntitlementFigures& one : figures.entitlements) {
        const LocalClock clock{{{}, {}, one.time_zone}};
        for (const CounterFigures& counter : one.counters) {
            balances.add({escaped(one.customer), escaped(one.key), entitle::name_of(one.status), one.last_day,
                          escaped(counter.channel), balance(counter.left, one.unit),
                          amount(counter.total, one.unit), amount(counter.used, one.unit),
                          counter.exhausted ? clock.minute(*counter.exhausted) : std::string{}});
        }
    }
    std::string out =
        fmt::format("as of {}; used: in the {} days before; times are those of each entitlement's zone\n",
                    entitle::as_utc(figures.at), figures.days);
    out += balances.empty() ? "no entitlements\n" : balances.shown();
    Table changes{{{"at", Align::instant}, {"customer"}, {"entitlement"}, {"what"}}};
    for (const ChangeFigures& change : figures.changes) {
        changes.add({change.local, escaped(change.customer), escaped(change.entitlement), change.what});
    }
    if (!changes.empty()) out.append("\n").append(changes.shown());
    Table refusals{{{"refused"}, {"because"}, {"times", Align::right}}};
    for (const RefusalFigures& refusal : figures.refusals)
        refusals.add({refusal.code, refusal.reason, grouped(refusal.count)});
    if (!refusals.empty()) out.append("\n").append(refusals.shown());
    const Table attainment = attainment_table(figures.attainment);
    if (!attainment.empty()) out.append("\n").append(attainment.shown());
    return out;
}

}  // namespace program
