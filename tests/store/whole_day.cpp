#include "whole_day.hpp"

#include <new>
#include <utility>

namespace store_contract {

namespace {

const CalendarId office = CalendarId::from_integer(1);
const TemplateId yearly = TemplateId::from_integer(1);
const SlaId promised = SlaId::from_integer(1);
const ProductId pump = "pump"_product;
const Stage waiting = *Stage::named("waiting");

CaseId numbered(std::uint64_t key) { return CaseId::from_integer(key); }

template <class T>
ErrorCode code_of(const Result<T>& result) {
    return result ? ErrorCode::none : result.error().code;
}

class Steps {
public:
    std::vector<DayStep> steps{};

    /// A command of acme's, under the next request id.
    template <class C>
    void command(C one, Instant now = july) {
        one.customer = acme;
        one.request = RequestId::from_integer(++requests_);
        steps.push_back({std::string{name_of(C::kind)},
                         [one, now](Engine& engine) { return why(engine.execute(one, now)); }});
    }
    template <class Ask>
    void ask(std::string name, Ask question) {
        steps.push_back({std::move(name), [question](Engine& engine) { return code_of(question(engine)); }});
    }
    [[nodiscard]] RequestId next_request() { return RequestId::from_integer(++requests_); }

private:
    std::uint64_t requests_ = 1'000;
};

Template a_year_of_support() {
    Template made{.id = yearly, .agreement = {.name = "A year"}, .lasts = Length{12}};
    made.agreement.terms = on_creation(20);
    made.agreement.channels = {{Channel::phone, cases(10)}};
    made.agreement.scope.products = {pump};
    return made;
}

ServiceLevel answered_in_time() {
    return {
        .id = promised,
        .name = "in time",
        .kpis = {{.name = "respond", .goal = KpiGoal::first_response, .fail_after = 1h, .calendar = office},
                 {.name = "resolve", .warn_after = 6h, .fail_after = 8h, .pausing = {waiting}},
                 {.name = "call back", .goal = KpiGoal::own, .fail_after = 2h}}};
}

void add_catalog(Steps& day) {
    day.ask("set_calendar", [](Engine& e) { return e.set_calendar(office, {.time_zone = "Europe/Berlin"}); });
    day.ask("set_service_level", [](Engine& e) { return e.set_service_level(answered_in_time()); });
    day.ask("set_default_service_level", [](Engine& e) { return e.set_default_service_level(promised); });
    day.ask("set_template", [](Engine& e) { return e.set_template(a_year_of_support()); });
    day.ask("set_rule", [](Engine& e) { return e.set_rule({pump, 3, yearly}); });
    day.ask("templates", [](Engine& e) { return e.templates(); });
    day.ask("rules", [](Engine& e) { return e.rules(); });
    day.ask("reload_service_levels", [](Engine& e) { return e.reload_service_levels(); });
}

void add_entitlements(Steps& day) {
    const Channel odd = *Channel::named("a 7:\"x\"");
    Draft draft =
        agreed(unrestricted(50, DecreaseOn::resolution), {{Channel::phone, cases(30)}, {odd, cases(5)}});
    draft.id = gold;
    draft.scope.contacts = {"ann"_contact};
    draft.period = PeriodTerms{{1, Cycle::Step::months}, cases(5)};
    draft.low_water = {{.percent = 50}, {.channel = Channel::phone, .left = cases(29)}};
    draft.sla = promised;
    day.command(draft, begin_2014);
    day.command(SetChannel{.id = gold, .channel = Channel::web, .total = cases(9)}, begin_2014);
    day.command(RemoveChannel{.id = gold, .channel = odd}, begin_2014);
    day.command(Revise{.id = gold, .changes = {.name = "Gold"}}, begin_2014);
    day.command(Activate{.id = gold}, begin_2014);
    day.command(SetDefault{.id = gold}, july);
    day.command(Amend{.id = gold, .changes = {.description = "for good customers"}});
    Draft other = agreed(on_creation(9));
    other.id = silver;
    day.command(other);
    day.command(Activate{.id = silver});
    day.command(Deactivate{.id = silver});
    day.command(Activate{.id = silver});
    day.command(Cancel{.id = silver});
    day.command(Renew{.id = silver, .new_id = "renewed"_entitlement});
    day.command(Remove{.id = "renewed"_entitlement});
    day.command(Assign{.id = PurchaseId::from_integer(1), .product = pump, .quantity = 4});
    day.command(TopUp{.id = gold, .amount = cases(7), .expires = july + 48h});
    day.command(TopUp{.id = gold, .amount = cases(2), .channel = Channel::phone, .from = july + 24h});
    day.command(Adjust{.id = gold, .quantity = cases(-1), .reason = "a credit, \"given\" twice"});
}

void add_cases(Steps& day) {
    for (std::uint64_t key = 1; key <= 4; ++key) {
        day.command(OpenCase{.id = numbered(key),
                             .contact = "ann"_contact,
                             .origin = Channel::phone,
                             .entitlement = gold,
                             .priority = 1,
                             .stage = waiting});
    }
    day.command(HoldTerms{.id = numbered(1), .quantity = cases(2), .expires = july + 72h});
    day.command(HoldTerms{.id = numbered(2), .quantity = cases(1)});
    day.command(ReleaseTerms{.id = numbered(2)});
    day.command(RespondToCase{.id = numbered(1)});
    day.command(ChangeStage{.id = numbered(1), .stage = *Stage::named("at work")}, july + 1h);
    day.command(ChangePriority{.id = numbered(2), .priority = 2}, july + 1h);
    day.command(MeetKpi{.id = numbered(2), .kpi = "call back"}, july + 1h);
    day.command(ChangeOrigin{.id = numbered(2), .origin = Channel::web}, july + 1h);
    day.command(ResolveCase{.id = numbered(1)}, july + 2h);
    day.command(ReactivateCase{.id = numbered(1)}, july + 3h);
    day.command(CancelCase{.id = numbered(3)}, july + 3h);
    day.command(DeleteCase{.id = numbered(3)}, july + 3h);
    // a boundary, a top-up that begins and one that ends, a hold that expires
    day.command(ResolveCase{.id = numbered(4)}, july + 24h * 40);
}

void add_batch(Steps& day) {
    std::vector<OpenCase> unit;
    for (std::uint64_t key = 11; key <= 13; ++key) {
        unit.push_back({.customer = acme,
                        .id = numbered(key),
                        .contact = "ann"_contact,
                        .entitlement = gold,
                        .request = day.next_request()});
    }
    day.steps.push_back({"batch", [unit](Engine& engine) {
                             std::vector<Outcome> outcomes(unit.size());
                             const auto ran =
                                 engine.apply(std::span<const OpenCase>{unit}, july + 24h * 41, outcomes);
                             if (!ran) return ran.error().code;
                             for (const Outcome& outcome : outcomes) {
                                 if (!outcome) return outcome.error().code;
                             }
                             return ErrorCode::none;
                         }});
}

void add_questions(Steps& day) {
    const Instant later = july + 24h * 42;
    day.ask("check", [=](Engine& e) {
        return e.check({.customer = acme, .contact = "ann"_contact, .entitlement = gold}, later);
    });
    day.ask("explain", [=](Engine& e) { return e.explain({.customer = acme}, later); });
    day.ask("entitlement", [](Engine& e) { return e.entitlement(acme, gold); });
    day.ask("entitlement_at", [=](Engine& e) { return e.entitlement_at(acme, gold, later); });
    day.ask("support_case", [](Engine& e) { return e.support_case(acme, numbered(1)); });
    day.ask("entitlements", [](Engine& e) { return e.entitlements(); });
    day.ask("cases", [](Engine& e) { return e.cases(); });
    day.ask("entries", [](Engine& e) { return e.entries(acme); });
    day.ask("statement", [](Engine& e) { return e.statement(acme, gold); });
    day.ask("usage", [=](Engine& e) { return e.usage(acme, begin_2014, later); });
    day.ask("balance_at", [](Engine& e) { return e.balance_at(acme, gold, july); });
    day.ask("balances_by_period", [=](Engine& e) { return e.balances_by_period(acme, gold, later); });
    day.ask("renewable", [=](Engine& e) { return e.renewable(later); });
    day.ask("expiring", [=](Engine& e) { return e.expiring(later, year_after); });
    day.ask("changes_between", [=](Engine& e) { return e.changes_between(begin_2014, later); });
    day.ask("promises", [=](Engine& e) { return e.promises(acme, numbered(1), later); });
    day.ask("case_service", [](Engine& e) { return e.case_service(acme, numbered(1)); });
    day.ask("served_cases", [](Engine& e) { return e.served_cases(); });
    day.ask("due", [=](Engine& e) { return e.due(later); });
    day.ask("forecast", [=](Engine& e) { return e.forecast(acme, gold, 30, later); });
}

void add_proofs(Steps& day) {
    day.ask("seal", [](Engine& e) { return e.seal(acme); });
    day.ask("seals", [](Engine& e) { return e.seals(); });
    day.ask("archive", [](Engine& e) -> Result<void> {
        const auto archived = e.archive(acme, 4);
        // asked again, it is there already
        if (!archived && is_trouble(archived.error().code)) return tl::unexpected<Error>{archived.error()};
        return {};
    });
    day.ask("seal them all", [](Engine& e) { return e.seal(); });
    day.ask("audit", [](Engine& e) -> Result<void> {
        const auto report = e.audit();
        if (!report) return tl::unexpected<Error>{report.error()};
        if (report->ok()) return {};
        Error found;
        found.code = ErrorCode::unknown_entitlement;  // no trouble, but wrong
        return tl::unexpected<Error>{found};
    });
    day.ask("remove_rule", [](Engine& e) { return e.remove_rule(pump, 3); });
}

[[nodiscard]] ErrorCode tried(const DayStep& step, Engine& engine) {
    try {
        return step.run(engine);
    } catch (const std::bad_alloc&) {
        return ErrorCode::store_memory;
    }
}

}  // namespace

const std::vector<DayStep>& whole_day() {
    static const std::vector<DayStep> steps = [] {
        Steps day;
        add_catalog(day);
        add_entitlements(day);
        add_cases(day);
        add_batch(day);
        add_questions(day);
        add_proofs(day);
        return std::move(day.steps);
    }();
    return steps;
}

std::string live_through(Engine& engine, int& trouble) {
    for (const DayStep& step : whole_day()) {
        ErrorCode code = tried(step, engine);
        if (is_trouble(code)) {
            ++trouble;
            code = tried(step, engine);
        }
        if (code != ErrorCode::none) return fmt::format("{}: {}", step.name, code);
    }
    return "";
}

}  // namespace store_contract
