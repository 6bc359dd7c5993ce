#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

#include "property/execute.hpp"
#include "property/history.hpp"
#include "property/must.hpp"
#include "property/random.hpp"
#include "property/service_history.hpp"
#include "property/shrink.hpp"

namespace entitle_property::service {

namespace {

using namespace date::literals;
using namespace std::chrono_literals;
using service_model::Coming;
using service_model::Kind;
using service_model::Minute;
using service_model::Op;

constexpr entitle::Instant first_minute = date::sys_days{2014_y / 10 / 20};

entitle::Instant instant_of(Minute at) { return first_minute + std::chrono::minutes{at}; }

/// An instant that is no whole minute is one that no model has: negative, and told by what is left.
Minute minutes(std::chrono::microseconds time) {
    const auto left = time % 1min;
    return static_cast<Minute>(left == 0us ? time / 1min : -left.count());
}
Minute minute_of(entitle::Instant at) {
    if (at == entitle::KpiInstance::never) return service_model::never;
    if (at == entitle::Instant::min()) return service_model::none_yet;
    return minutes(at - first_minute);
}
template <class Id>
int number(const Id& id) {
    return static_cast<int>(id.bits().lo);
}
template <class Id>
Id named(int number) {
    return Id::from_integer(static_cast<std::uint64_t>(number));
}

/// Written now in capitals and now not: it is one stage.
entitle::Stage stage_of(int number, bool in_capitals) {
    if (number == 0) return {};
    const auto stage = entitle::Stage::named(fmt::format("{} {}", in_capitals ? "WAITS" : "waits", number));
    return stage.value();
}
entitle::Channel origin_of(int number) {
    if (number == 0) return {};
    return number == 1 ? entitle::Channel::phone : entitle::Channel::email;
}
std::string kpi_name(std::size_t place) { return fmt::format("kpi {}", place); }

// What the engine is given.

entitle::KpiTerms terms_of(const service_model::Terms& from, std::size_t place) {
    entitle::KpiTerms out{.name = kpi_name(place),
                          .goal = static_cast<entitle::KpiGoal>(from.goal),
                          .fail_after = std::chrono::minutes{from.fail},
                          .calendar = named<entitle::CalendarId>(from.calendar)};
    if (from.warn) out.warn_after = std::chrono::minutes{*from.warn};
    for (const int one : from.priorities) {
        out.applies.priorities.push_back(static_cast<entitle::CasePriority>(one));
    }
    for (const int one : from.origins) out.applies.channels.push_back(origin_of(one));
    for (const int one : from.contacts) {
        out.applies.about.contacts.push_back(named<entitle::ContactId>(one));
    }
    for (const int one : from.pausing) out.pausing.push_back(stage_of(one, place % 2 == 0));
    return out;
}

/// The office of the generator's, as its desk writes it down.
entitle::sla::BusinessHours office_hours() {
    const std::vector<entitle::sla::OpenHours> hours{{9h, 12h}, {13h, 17h}};
    return {.time_zone = "Europe/Berlin",
            .week = {hours, hours, hours, hours, hours, {}, {}},
            .holidays = {2014_y / 10 / 22},
            .shifts = {{2014_y / 10 / 25, {{10h, 14h}}}}};
}

/// Terms without end, so that nothing is refused for want of them.
entitle::Draft agreement(int customer, int place, int level) {
    entitle::Draft out{.name = "Support",
                       .customer = named<entitle::CustomerId>(customer),
                       .coverage = {2014_y / 1 / 1, 2014_y / 12 / 31},
                       .terms = {.total = entitle::cases(1'000'000),
                                 .decrease_on = place == 1 ? entitle::DecreaseOn::creation
                                                           : entitle::DecreaseOn::resolution}};
    out.id = named<entitle::EntitlementId>(place);
    out.priority = place;
    out.sla = named<entitle::SlaId>(level);
    return out;
}

entitle::Result<void> done(const entitle::Outcome& outcome) {
    if (!outcome) return tl::unexpected<entitle::Error>{outcome.error()};
    return {};
}

void set_up(entitle::Engine& engine, const service_model::Rules& rules) {
    must(engine.set_calendar(named<entitle::CalendarId>(1), office_hours()));
    must(engine.set_calendar(named<entitle::CalendarId>(2), {}));
    for (std::size_t i = 0; i < rules.levels.size(); ++i) {
        const auto id = named<entitle::SlaId>(static_cast<int>(i) + 1);
        entitle::ServiceLevel level{.id = id, .name = "level"};
        for (const auto& terms : rules.levels[i]) level.kpis.push_back(terms_of(terms, level.kpis.size()));
        must(engine.set_service_level(level));
    }
    for (const int customer : {1, 2}) {
        for (const int place : {1, 2}) {
            const auto draft =
                agreement(customer, place, rules.entitlements[static_cast<std::size_t>(place) - 1]);
            must(done(engine.draft(draft, first_minute)));
            must(done(engine.activate({.customer = draft.customer, .id = draft.id}, first_minute)));
        }
    }
}

entitle::OpenCase opening_of(const Op& op) {
    entitle::OpenCase out;
    out.contact = named<entitle::ContactId>(op.contact);
    out.origin = origin_of(op.origin);
    out.entitlement = named<entitle::EntitlementId>(op.entitlement);
    out.decrement = op.decrement;
    out.priority = static_cast<entitle::CasePriority>(op.priority);
    out.stage = stage_of(op.stage, false);
    out.sla = named<entitle::SlaId>(op.level);
    return out;
}

template <class C>
entitle::Command about(const Op& op, C command) {
    command.customer = named<entitle::CustomerId>(op.customer);
    command.id = named<entitle::CaseId>(op.support_case);
    command.request = named<entitle::RequestId>(op.request);
    return command;
}

entitle::Command command_of(const Op& op) {
    switch (op.kind) {
        case Kind::open: return about(op, opening_of(op));
        case Kind::respond: return about(op, entitle::RespondToCase{});
        // (Sent again under its request id, it has to be written as it was.)
        case Kind::stage:
            return about(
                op, entitle::ChangeStage{.stage = stage_of(op.stage, op.now % 2 == 0 && op.request == 0)});
        case Kind::priority:
            return about(
                op, entitle::ChangePriority{.priority = static_cast<entitle::CasePriority>(op.priority)});
        case Kind::level:
            return about(op, entitle::ChangeServiceLevel{.sla = named<entitle::SlaId>(op.level)});
        case Kind::meet:
            return about(op, entitle::MeetKpi{.kpi = kpi_name(static_cast<std::size_t>(op.kpi))});
        case Kind::resolve: return about(op, entitle::ResolveCase{});
        case Kind::cancel: return about(op, entitle::CancelCase{});
        case Kind::reactivate: return about(op, entitle::ReactivateCase{.origin = origin_of(op.origin)});
        case Kind::origin: return about(op, entitle::ChangeOrigin{.origin = origin_of(op.origin)});
        case Kind::contact:
            return about(op, entitle::ChangeContact{.contact = named<entitle::ContactId>(op.contact)});
        case Kind::entitlement:
            return about(
                op, entitle::ChangeEntitlement{.entitlement = named<entitle::EntitlementId>(op.entitlement)});
        case Kind::decrement: return about(op, entitle::SetDecrement{.decrement = op.decrement});
        default: return about(op, entitle::DeleteCase{});
    }
}

// What the engine says, in the model's words.

service_model::Deadline deadline_of(const entitle::Deadline& from) {
    return {minute_of(from.warn_at), minute_of(from.fail_at)};
}

service_model::Told told_of(const entitle::Promise& from) {
    const entitle::KpiInstance& kpi = from.kpi;
    return {number(kpi.sla),
            kpi.kpi,
            minute_of(kpi.started),
            static_cast<service_model::Status>(from.status),
            {minute_of(kpi.warn_at), minute_of(kpi.fail_at)},
            static_cast<service_model::Ending>(kpi.end),
            minute_of(kpi.ended),
            minutes(from.elapsed),
            minutes(from.paused)};
}

/// A refusal has no deadlines to tell.
std::string said(const service_model::Answer& answer) {
    if (answer.outcome != "ok" && answer.outcome != "repeated") return answer.outcome;
    return fmt::format("{}; respond by: {}; resolve by: {}", answer.outcome, to_text(answer.respond_by),
                       to_text(answer.resolve_by));
}

service_model::Answer answer_of(const entitle::Outcome& outcome) {
    if (!outcome) return {std::string{entitle::name_of(outcome.error().code)}};
    return {outcome->repeated ? "repeated" : "ok", deadline_of(outcome->respond_by),
            deadline_of(outcome->resolve_by)};
}

std::string said(const service_model::Case& of) {
    return fmt::format("priority {} own {} level {} stage {} responded {} latest {}", of.priority, of.own,
                       of.level, of.stage, of.is_responded, of.latest);
}
std::string said(const service_model::Case& of, const entitle::CaseService& found) {
    const bool is_there = found.stage == stage_of(of.stage, false);
    return fmt::format("priority {} own {} level {} stage {} responded {} latest {}", found.priority,
                       number(found.own), number(found.level),
                       is_there ? std::to_string(of.stage) : std::string{found.stage.name()},
                       found.is_responded, minute_of(found.latest));
}

template <class List>
std::string in_lines(const List& list) {
    std::string out;
    for (const auto& one : list) out += "\n    " + to_text(one);
    return out.empty() ? "\n    nothing" : out;
}

std::string unlike(const std::string& of, const std::string& expected, const std::string& found) {
    if (expected == found) return "";
    return fmt::format("{}:\n  expected: {}\n  found: {}", of, expected, found);
}

/// One trial under way.
class Run {
public:
    Run(const Trial& trial, const StoreOf& store)
        : model_{trial.rules},
          store_{store({trial.seed, {}, {}})},
          engine_{*store_, {.ids = entitle::UuidV7{trial.seed}}} {
        set_up(engine_, trial.rules);
    }

    /// Does a batch, all at the instant of its first.
    [[nodiscard]] std::string act(std::span<const Step> batch) {
        if (batch[0].op.kind == Kind::set_default) return set_default(batch[0].op);
        std::vector<entitle::Command> commands;
        std::vector<service_model::Answer> expected;
        for (const Step& step : batch) {
            Op op = step.op;
            op.now = batch[0].op.now;
            commands.push_back(command_of(op));
            expected.push_back(model_.apply(op));
        }
        const std::vector<entitle::Outcome> found = outcomes(commands, instant_of(batch[0].op.now));
        for (std::size_t i = 0; i < found.size(); ++i) {
            const std::string of = fmt::format("the answer to {}", to_text(batch[i]));
            if (auto what = unlike(of, said(expected[i]), said(answer_of(found[i]))); !what.empty())
                return what;
        }
        return "";
    }

    /// All that can be asked, at instants by chance, and at those at which something comes; now and then of an engine
    /// that has yet to read what is kept.
    [[nodiscard]] std::string ask(std::uint64_t seed, Minute now) const {
        Random random{seed};
        if (random.percent(70)) return ask(engine_, random, now);
        const entitle::Engine other{*store_};
        return ask(other, random, now);
    }

private:
    [[nodiscard]] std::string ask(const entitle::Engine& engine, Random& random, Minute now) const {
        const std::vector<Minute> moments = model_.moments();
        const auto some = [&] { return some_instant(random, moments, now); };
        for (const int customer : {1, 2}) {
            for (const int support_case : {1, 2, 3}) {
                if (auto what = case_difference(engine, customer, support_case, some()); !what.empty())
                    return what;
            }
        }
        const int only = random.below(3);
        if (auto what = due_difference(engine, some(), only); !what.empty()) return what;
        Minute after = some(), until = some();
        if (until < after && random.percent(90)) std::swap(after, until);
        return changes_difference(engine, after, until, only);
    }

    /// One alone goes another way than several do.
    std::vector<entitle::Outcome> outcomes(const std::vector<entitle::Command>& commands,
                                           entitle::Instant now) {
        if (commands.size() == 1) return {execute(engine_, commands[0], now)};
        std::vector<entitle::Outcome> out(commands.size());
        must(engine_.apply(commands, now, out));
        return out;
    }

    std::string set_default(const Op& op) {
        const auto found = engine_.set_default_service_level(named<entitle::SlaId>(op.level));
        const std::string is = found ? "ok" : std::string{entitle::name_of(found.error().code)};
        return unlike("its answer", model_.apply(op).outcome, is);
    }

    static Minute some_instant(Random& random, const std::vector<Minute>& moments, Minute now) {
        const int how = random.below(4);
        if (how == 0) return now;
        if (how == 1 || moments.empty()) return random.below(20 * 24 * 60);
        return random.one_of(moments) + (how == 2 ? 0 : random.between(-1, 1));
    }

    [[nodiscard]] std::string case_difference(const entitle::Engine& engine, int customer, int support_case,
                                              Minute at) const {
        const service_model::Case* of = model_.find(customer, support_case);
        const auto owner = named<entitle::CustomerId>(customer);
        const auto id = named<entitle::CaseId>(support_case);
        const auto found = engine.promises(owner, id, instant_of(at));
        const auto service = engine.case_service(owner, id);
        const std::string name = fmt::format("customer {} case {}", customer, support_case);
        if (of == nullptr || !found || !service) {
            const std::string why = found ? "is known" : fmt::format("{}", found.error());
            const bool is_none = !found && !service && found.error().code == entitle::ErrorCode::unknown_case;
            return of == nullptr && is_none ? ""
                                            : fmt::format("{}, known to one of them only: {}", name, why);
        }
        if (auto what = unlike(name, said(*of), said(*of, *service)); !what.empty()) return what;
        std::vector<service_model::Told> told, expected = model_.promises(*of, at);
        for (const entitle::Promise& one : *found) told.push_back(told_of(one));
        if (at < of->latest) forget_clocks(told, expected);
        return unlike(fmt::format("promises of {} at minute {}", name, at), in_lines(expected),
                      in_lines(told));
    }

    /// How far the clocks had come at an instant that things have happened since is not said anywhere.
    static void forget_clocks(std::vector<service_model::Told>& a, std::vector<service_model::Told>& b) {
        for (auto* list : {&a, &b}) {
            for (service_model::Told& one : *list) one.elapsed = one.paused = 0;
        }
    }

    /// The same, in that order; where it leaves it open, in any.
    template <class Order>
    static std::string unlike_in_order(const std::string& of, const std::vector<Coming>& expected,
                                       std::vector<Coming> found, const Order& order) {
        if (!std::ranges::is_sorted(found, {}, order)) return of + " are out of order:" + in_lines(found);
        std::ranges::sort(found);
        return unlike(of, in_lines(expected), in_lines(found));
    }

    [[nodiscard]] std::string due_difference(const entitle::Engine& engine, Minute until,
                                             int customer) const {
        const auto due = engine.due(instant_of(until), named<entitle::CustomerId>(customer));
        if (!due) return fmt::format("due: {}", due.error());
        std::vector<Coming> found;
        for (const entitle::DuePromise& one : *due) {
            found.push_back({minute_of(one.kpi.fail_at), number(one.customer), number(one.support_case),
                             number(one.entitlement), number(one.kpi.sla), one.kpi.kpi, true});
        }
        return unlike_in_order(fmt::format("due by minute {} of {}", until, customer),
                               model_.due(until, customer), found, &Coming::at);
    }

    [[nodiscard]] std::string changes_difference(const entitle::Engine& engine, Minute after, Minute until,
                                                 int customer) const {
        const auto changes = engine.changes_between(instant_of(after), instant_of(until),
                                                    named<entitle::CustomerId>(customer));
        if (!changes) return fmt::format("changes: {}", changes.error());
        std::vector<Coming> found;
        for (const entitle::Change& one : *changes) {
            const bool is_missed = one.kind == entitle::Change::Kind::kpi_missed;
            if (!is_missed && one.kind != entitle::Change::Kind::kpi_nearing) continue;
            found.push_back({minute_of(one.at), number(one.customer), number(one.support_case),
                             number(one.entitlement), number(one.sla), one.kpi, is_missed});
        }
        return unlike_in_order(fmt::format("changes in ({}, {}] of {}", after, until, customer),
                               model_.changes_between(after, until, customer), found, [](const Coming& one) {
                                   return std::tuple{one.at, one.customer, one.entitlement};
                               });
    }

    service_model::Model model_;
    std::unique_ptr<entitle::Store> store_;
    entitle::Engine engine_;
};

/// How many steps from one on are one batch.
std::size_t batch_length(std::span<const Step> steps) {
    std::size_t count = 1;
    if (steps[0].op.kind == Kind::set_default) return count;
    while (count < steps.size() && steps[count].joins && steps[count].op.kind != Kind::set_default) ++count;
    return count;
}

}  // namespace

std::optional<std::string> difference(const Trial& trial, const StoreOf& store, bool asks_often) {
    Run run{trial, store};
    std::span<const Step> rest{trial.steps};
    while (!rest.empty()) {
        const std::size_t count = batch_length(rest);
        const Step& last = rest[count - 1];
        std::string what = run.act(rest.first(count));
        const bool asks = asks_often || count == rest.size() || last.question % 3 == 0;
        if (what.empty() && asks) what = run.ask(last.question, rest[0].op.now);
        if (!what.empty()) return fmt::format("at `{}`: {}", to_text(last), what);
        rest = rest.subspan(count);
    }
    return std::nullopt;
}

Trial shrunk(Trial trial, const StoreOf& store) {
    trial.steps = entitle_property::shrunk(trial.steps, [&](const std::vector<Step>& fewer) {
        return difference({trial.seed, trial.rules, fewer}, store, true).has_value();
    });
    return trial;
}

void check(std::uint64_t first_seed, std::uint64_t histories, const StoreOf& store) {
    constexpr int length = 48;
    const char* only = std::getenv("ENTITLE_TEST_SEED");
    const std::uint64_t count = only == nullptr ? scaled(histories) : 1;
    const std::uint64_t first = only == nullptr ? first_seed : std::strtoull(only, nullptr, 10);
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const Trial trial = trial_of(seed, length);
        const auto found = difference(trial, store, false);
        if (!found) continue;
        const Trial least = shrunk(trial, store);
        ADD_FAILURE() << fmt::format("seed {}; repeat it with ENTITLE_TEST_SEED={} and this test alone\n{}{}",
                                     seed, seed, to_text(least),
                                     difference(least, store, true).value_or(*found));
        return;
    }
    ::testing::Test::RecordProperty("histories", std::to_string(count));
}

}  // namespace entitle_property::service
