#include "replay.hpp"

#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "desk.hpp"
#include "event_file.hpp"
#include "fault.hpp"
#include "plan_file.hpp"
#include "progress.hpp"
#include "replay_place.hpp"
#include "row_check.hpp"
#include "service_times.hpp"
#include "servicenow.hpp"
#include "store_place.hpp"
#include "summary.hpp"
#include "text.hpp"
#include "trace.hpp"

namespace program {

namespace {

constexpr int all_well = 0;
constexpr int bad_rows = 1;
constexpr int failed = 2;

/// A trace must not be written over what is being read.
bool is_input(const ReplayOptions& options) {
    if (options.trace.empty()) return false;
    std::error_code error;  // a file that is not there is nobody's twin
    return std::filesystem::equivalent(options.trace, options.plan, error) ||
           std::filesystem::equivalent(options.trace, options.events, error);
}

/// Everyone who opens a case, in order.
std::vector<std::string> customers_of(EventReader& events) {
    std::vector<std::string> customers;
    std::set<std::string> met;
    Row row;
    while (events.next(row)) {
        const std::string& customer = row.event.customer;
        if (row.bad || row.event.kind != EventKind::open || customer.empty()) continue;
        if (met.insert(customer).second) customers.push_back(customer);
    }
    events.rewind();
    return customers;
}

/// A refusal is a fault of what stands there.
void note(const std::string& path, const entitle::Result<void>& done, Faults& faults) {
    if (!done) faults.add(path, entitle::name_of(done.error().code), sentence_of(done.error()));
}

/// An entitlement, its top-ups, and what is held of it.
void grant(Desk& desk, const PlannedEntitlement& planned, const std::string& id, const std::string& customer,
           Faults& faults) {
    if (desk.has_entitlement(id)) {
        return faults.add(planned.path, "duplicate_id",
                          fmt::format("\"{}\" is an entitlement's id", printable(id)));
    }
    const auto granted = desk.grant(planned, id, customer);
    note(planned.path, granted, faults);
    if (!granted) return;
    for (const PlannedTopUp& one : planned.top_ups) note(one.path, desk.issue(planned, one), faults);
    for (const PlannedHold& one : planned.holds) note(one.path, desk.open_held(one), faults);
}

/// Templates, and then the rules that use them.
void keep_catalog(Desk& desk, const Plan& plan, Faults& faults) {
    for (const PlannedTemplate& one : plan.templates) note(one.made.path, desk.set_template(one), faults);
    for (const PlannedRule& rule : plan.rules) note(rule.path, desk.set_rule(rule), faults);
}

/// All entitlements, before the first event.
void grant_all(Desk& desk, const Plan& plan, EventReader& events, Faults& faults) {
    std::set<std::string> with_default;
    for (const PlannedEntitlement& one : plan.entitlements) {
        grant(desk, one, one.id, one.customer, faults);
        if (one.draft.is_default) with_default.insert(one.customer);
    }
    if (!plan.for_each_customer) return;
    const PlannedEntitlement& each = *plan.for_each_customer;
    for (const std::string& customer : customers_of(events)) {
        if (each.draft.is_default && with_default.contains(customer)) {
            faults.add(each.path + ".default", "two_defaults",
                       fmt::format("\"{}\" has a default already", printable(customer)));
        } else {
            grant(desk, each, customer, customer, faults);
        }
    }
}

/// The events, and of incidents that are timed the ways.
struct Log {
    std::unique_ptr<EventReader> events;
    std::vector<IncidentWay> ways;
};

class Replay {
public:
    Replay(const ReplayOptions& options, const Plan& plan, ReplayPlace& place, Desk& desk, Log& log)
        : options_{options},
          plan_{plan},
          place_{place},
          desk_{desk},
          events_{*log.events},
          ways_{log.ways},
          trace_{options.trace} {}

    [[nodiscard]] int run();

private:
    void apply_all();
    Answer answer_to(Row& row);
    [[nodiscard]] bool has_failed() const;
    [[nodiscard]] std::optional<ServiceTimes> times() const;

    const ReplayOptions& options_;
    const Plan& plan_;
    ReplayPlace& place_;
    Desk& desk_;
    EventReader& events_;
    const std::vector<IncidentWay>& ways_;
    Trace trace_;
    Tally tally_;
    std::map<std::string, entitle::SlaId, std::less<>> promised_;  ///< by the entitlements that admitted them
};

int Replay::run() {
    if (trace_.failure().empty()) apply_all();
    trace_.finish();
    place_.finish();
    if (has_failed()) return failed;
    const std::string audit = audit_of(desk_);
    const auto timed = times();
    const std::string summary = options_.json
                                    ? summary_as_json(desk_, tally_, audit, timed ? &*timed : nullptr)
                                    : summary_as_table(desk_, tally_, audit, timed ? &*timed : nullptr);
    const bool written = std::fwrite(summary.data(), 1, summary.size(), stdout) == summary.size();
    if (!written || std::fflush(stdout) != 0) {
        complain("standard output", "cannot be written");
        return failed;
    }
    if (audit != "ok") return failed;
    return tally_.refused.contains("bad_row") ? bad_rows : all_well;
}

void Replay::apply_all() {
    Progress progress;
    Row row;
    while (trace_.failure().empty() && events_.next(row)) {
        const Answer answer = answer_to(row);
        if (desk_.failure()) return;
        place_.take(row, answer);
        if (!place_.failure().empty()) return;
        if (options_.sla && row.event.kind == EventKind::open && answer.is_ok()) {
            promised_.emplace(row.event.case_key, desk_.service_level_of(answer.entitlement));
        }
        if (row.bad) {
            progress.clear();
            report_bad_row(options_.events, row);
        }
        tally_.add(answer, row.at);
        trace_.add(tally_.events, answer);
        progress.update(tally_.events, events_.share_read());
    }
}

Answer Replay::answer_to(Row& row) {
    Answer answer;
    answer.outcome = "bad_row";
    if (row.bad) return answer;
    answer = desk_.apply(row.event);
    if (answer.bad) refuse_row(row, answer.bad->column, answer.bad->reason);
    return answer;
}

std::optional<ServiceTimes> Replay::times() const {
    if (!options_.sla) return std::nullopt;
    ServiceTimes times{plan_, tally_.latest.value_or(entitle::Instant{})};
    for (const IncidentWay& way : ways_) {
        const auto promised = promised_.find(way.key);
        times.add(way, promised == promised_.end() ? entitle::SlaId{} : promised->second);
    }
    return times;
}

bool Replay::has_failed() const {
    if (desk_.failure()) complain(name_of_place(options_.store), sentence_of(*desk_.failure()));
    else if (!place_.failure().empty()) complain(name_of_place(options_.store), place_.failure());
    if (!events_.failure().empty()) complain(options_.events, events_.failure());
    if (!trace_.failure().empty())
        complain(options_.trace, "the trace cannot be written: " + trace_.failure());
    return desk_.failure() || !place_.failure().empty() || !events_.failure().empty() ||
           !trace_.failure().empty();
}

}  // namespace

int replay(const ReplayOptions& options) {
    Faults faults{options.plan};
    const auto plan = read_plan(options.plan, faults);
    if (!plan) return failed;
    if (options.sla && options.format != "servicenow") {
        complain("--sla", "only incidents have states to be timed: add --format servicenow");
        return failed;
    }
    if (options.sla && plan->service_levels.empty()) {
        complain(options.plan, "there are no service levels to time the incidents by");
        return failed;
    }
    const bool twice = plan->for_each_customer.has_value();
    Log log;
    auto events = options.format == "servicenow"
                      ? open_servicenow(options.events, options.sla ? &log.ways : nullptr)
                      : open_event_file(options.events, twice);
    if (!events) {
        complain(options.events, events.error());
        return failed;
    }
    log.events = std::move(*events);
    if (is_input(options)) {
        complain(options.trace, "the trace would be written over what is read");
        return failed;
    }
    auto place = ReplayPlace::make(options.store, plan->policy);
    if (!place) {
        complain(name_of_place(options.store), place.error());
        return failed;
    }
    std::optional<Desk> desk;
    desk.emplace(plan->policy, (*place)->store(), (*place)->keeper());
    keep_catalog(*desk, *plan, faults);
    grant_all(*desk, *plan, *log.events, faults);
    if (faults.count() != 0) {
        desk.reset();  // it looks at the place's store
        (*place)->abandon();
        return failed;
    }
    return Replay{options, *plan, **place, *desk, log}.run();
}

}  // namespace program
