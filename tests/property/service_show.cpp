#include <fmt/format.h>
#include <fmt/ranges.h>

#include "property/service_history.hpp"

namespace entitle_property::service {

namespace {

using service_model::Kind;
using service_model::Minute;

std::string shown(Minute at) {
    if (at == service_model::never) return "never";
    if (at == service_model::none_yet) return "none yet";
    if (at < 0) return fmt::format("{} min", at);
    return fmt::format("day {} {:02}:{:02}", at / 1440, at / 60 % 24, at % 60);
}

const char* shown(Kind kind) {
    constexpr const char* names[] = {"open",    "respond",     "stage",     "priority",   "level",
                                     "meet",    "resolve",     "cancel",    "reactivate", "origin",
                                     "contact", "entitlement", "decrement", "delete",     "set_default"};
    return names[static_cast<int>(kind)];
}

const char* shown(service_model::Status status) {
    constexpr const char* names[] = {"in_progress",  "paused",    "nearing_noncompliance",
                                     "noncompliant", "succeeded", "canceled"};
    return names[static_cast<int>(status)];
}

/// ` name=value`, where there is something to say.
std::string said(const char* name, int value) { return value == 0 ? "" : fmt::format(" {}={}", name, value); }
std::string said(const char* name, const std::vector<int>& list) {
    return list.empty() ? "" : fmt::format(" {}={}", name, list);
}

std::string shown(const service_model::Terms& terms) {
    constexpr const char* goals[] = {"first_response", "resolution", "own"};
    constexpr const char* calendars[] = {"all hours", "office", "shut"};
    return fmt::format("{} warn={} fail={} {}{}{}{}{}", goals[static_cast<int>(terms.goal)],
                       terms.warn ? std::to_string(*terms.warn) : "never", terms.fail,
                       calendars[terms.calendar], said("priorities", terms.priorities),
                       said("origins", terms.origins), said("contacts", terms.contacts),
                       said("pausing", terms.pausing));
}

}  // namespace

std::string to_text(const Step& step) {
    const service_model::Op& op = step.op;
    std::string out = step.joins ? "  and " : shown(op.now) + ": ";
    out += shown(op.kind);
    if (op.kind != Kind::set_default)
        out += fmt::format(" customer={} case={}", op.customer, op.support_case);
    out += said("entitlement", op.entitlement) + said("origin", op.origin) + said("contact", op.contact);
    out += said("priority", op.priority) + said("stage", op.stage) + said("level", op.level);
    if (op.kind == Kind::meet) out += fmt::format(" kpi={}", op.kpi);
    return out + (op.decrement ? "" : " decrement=no") + said("request", op.request);
}

std::string to_text(const service_model::Deadline& deadline) {
    return fmt::format("warn {}, fail {}", shown(deadline.warn_at), shown(deadline.fail_at));
}

std::string to_text(const service_model::Told& told) {
    constexpr const char* endings[] = {"open", "met", "canceled"};
    return fmt::format("level {} kpi {} from {}: {}; {}; {} {}; elapsed {} paused {}", told.level, told.kpi,
                       shown(told.started), shown(told.status), to_text(told.deadline),
                       endings[static_cast<int>(told.end)], shown(told.ended), told.elapsed, told.paused);
}

std::string to_text(const service_model::Coming& coming) {
    return fmt::format("{}: customer {} case {} entitlement {} level {} kpi {} {}", shown(coming.at),
                       coming.customer, coming.support_case, coming.entitlement, coming.level, coming.kpi,
                       coming.is_missed ? "fails" : "nears");
}

std::string to_text(const Trial& trial) {
    std::string out = fmt::format("entitlements with levels {}\n", trial.rules.entitlements);
    for (std::size_t level = 0; level < trial.rules.levels.size(); ++level) {
        for (std::size_t kpi = 0; kpi < trial.rules.levels[level].size(); ++kpi) {
            out +=
                fmt::format("level {} kpi {}: {}\n", level + 1, kpi, shown(trial.rules.levels[level][kpi]));
        }
    }
    for (const Step& step : trial.steps) out += "  " + to_text(step) + "\n";
    return out;
}

}  // namespace entitle_property::service
