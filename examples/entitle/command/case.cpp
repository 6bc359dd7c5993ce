#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "amount.hpp"
#include "command/case_facts.hpp"
#include "command/case_service.hpp"
#include "command/families.hpp"
#include "command/on_case.hpp"
#include "row_check.hpp"
#include "text.hpp"
#include "view/promises.hpp"
#include "view/words.hpp"

/// Requests for support, and what is reserved for them.
namespace program {

using entitle::CaseId;

namespace {

struct OpenOptions {
    std::string key;
    CaseFactsOptions facts;
    CaseServiceOptions service;
};
struct CaseKey {
    std::string key;
};
struct SpentOptions {
    std::string key, minutes, cost;
};
struct HoldOptions : SpentOptions {
    std::string until;
};
struct ReactivateOptions {
    std::string key, origin;
};
struct ChangeOptions {
    std::string key, decrement;
    std::optional<std::string> origin, contact, product, asset, case_type, entitlement;
};
struct CaseListOptions {
    std::string customer, state;
};

/// A case key is one case, whoever its customer: whether it is a repeat is the library's to say.
[[nodiscard]] Or<Told> open_case(Session& session, const OpenOptions& options) {
    auto command = opening_in(session, options.facts, Use::write);
    if (!command) return passed_on(command);
    if (auto put = put_service(session, options.service, *command); !put) return passed_on(put);
    const auto known = session.keys().find<CaseId>(options.key);
    if (!known) return passed_on(known);
    if (*known && (*known)->owner != command->customer) {
        return fail(
            ExitStatus::refused, "case_exists",
            fmt::format("there is a case \"{}\" of another customer (case_exists); choose another key",
                        escaped(options.key)));
    }
    const auto id =
        *known ? Or<CaseId>{(*known)->id} : session.keys().make<CaseId>(options.key, command->customer);
    if (!id) return passed_on(id);
    command->id = *id;
    const auto receipt = session.run(*command);
    if (!receipt) return passed_on(receipt);
    return told(
        session, *receipt,
        fmt::format("case {} {}", escaped(options.key), receipt->repeated ? "was opened already" : "opened"));
}

/// The unit that a case's entitlement counts in.
[[nodiscard]] Or<entitle::Unit> unit_of(Session& session, const std::string& key) {
    const auto known = session.keys().get<CaseId>(key);
    if (!known) return passed_on(known);
    const auto is = session.engine().support_case(known->owner, known->id);
    if (!is) return passed_on(is);
    const auto one = session.engine().entitlement(known->owner, is->entitlement);
    if (!one) return passed_on(one);
    return one->agreement.unit();
}

/// What was spent, in a unit: minutes of hours, cost of money, else a case.
[[nodiscard]] Or<entitle::Quantity> spent_in(const SpentOptions& options, entitle::Unit unit) {
    const auto minutes = parse_number(options.minutes);
    if (!minutes) {
        return misused(fmt::format("\"{}\" is no number of whole minutes, 0 to 1,000,000,000",
                                   escaped(options.minutes)));
    }
    if (unit.allocation == entitle::Allocation::hours) return entitle::hours(std::chrono::minutes{*minutes});
    if (unit.allocation != entitle::Allocation::money) return entitle::cases(1);
    const std::string cost = options.cost.empty() ? "0" : options.cost;
    const auto read = amount_in(unit, cost);
    if (!read)
        return fail(ExitStatus::misuse, entitle::name_of(read.error().code),
                    why_no_amount(read.error().code, cost, unit));
    return *read;
}

[[nodiscard]] Or<Told> resolve_case(Session& session, const SpentOptions& options) {
    const auto unit = unit_of(session, options.key);
    if (!unit) return passed_on(unit);
    const auto spent = spent_in(options, *unit);
    if (!spent) return passed_on(spent);
    entitle::ResolveCase command;
    if (unit->allocation == entitle::Allocation::hours)
        command.time_spent = std::chrono::seconds{spent->value};
    if (unit->allocation == entitle::Allocation::money)
        command.cost = entitle::money(spent->value, unit->currency);
    return on_case(session, options.key, command, "resolved");
}

[[nodiscard]] Or<Told> hold_terms(Session& session, const HoldOptions& options) {
    const auto unit = unit_of(session, options.key);
    if (!unit) return passed_on(unit);
    const auto quantity = spent_in(options, *unit);
    if (!quantity) return passed_on(quantity);
    entitle::HoldTerms command{.quantity = *quantity};
    if (!options.until.empty()) {
        const auto until = instant_of(options.until);
        if (!until) return passed_on(until);
        command.expires = *until;
    }
    return on_case(session, options.key, command, "has terms held for it");
}

[[nodiscard]] Or<Told> release_terms(Session& session, const CaseKey& options) {
    return on_case(session, options.key, entitle::ReleaseTerms{}, "has nothing held for it any more");
}

[[nodiscard]] Or<Told> cancel_case(Session& session, const CaseKey& options) {
    return on_case(session, options.key, entitle::CancelCase{}, "canceled");
}

[[nodiscard]] Or<Told> reactivate_case(Session& session, const ReactivateOptions& options) {
    const auto origin = channel_in(options.origin);
    if (!origin) return passed_on(origin);
    return on_case(session, options.key, entitle::ReactivateCase{.origin = *origin}, "is open again");
}

/// Its key is free afterwards.
[[nodiscard]] Or<Told> delete_case(Session& session, const CaseKey& options) {
    const auto known = session.keys().get<CaseId>(options.key);
    if (!known) return passed_on(known);
    auto out = on_case(session, options.key, entitle::DeleteCase{}, "deleted; its entries stay");
    if (!out) return out;
    if (auto dropped = session.keys().drop(known->id); !dropped) return passed_on(dropped);
    return out;
}

/// Each fact that is given, one command after the other: all or none of them.
class CaseChanges {
public:
    CaseChanges(Session& session, const std::string& key) : session_{session}, key_{key} {}

    template <class Command>
    [[nodiscard]] Done make(Command command, std::string_view words) {
        auto one = on_case(session_, key_, std::move(command), words);
        if (!one) return passed_on(one);
        told_.text += one->text;
        told_.json.push_back(std::move(one->json));
        return {};
    }
    template <class Command, class Id>
    [[nodiscard]] Done make_of(const std::optional<std::string>& key, Id Command::*fact,
                               std::string_view words) {
        if (!key) return {};
        const auto id = fact_in<Id>(session_, *key, Use::write);
        if (!id) return passed_on(id);
        Command command;
        command.*fact = *id;
        return make(command, words);
    }
    [[nodiscard]] Told& told() { return told_; }

private:
    Session& session_;
    const std::string& key_;
    Told told_{Json::array(), {}};
};

[[nodiscard]] Done change_entitlement(Session& session, CaseChanges& changes, const ChangeOptions& options) {
    if (!options.entitlement) return {};
    const auto to = session.keys().get<entitle::EntitlementId>(*options.entitlement);
    if (!to) return passed_on(to);
    return changes.make(entitle::ChangeEntitlement{.entitlement = to->id}, "has another entitlement");
}

[[nodiscard]] Done change_origin(CaseChanges& changes, const ChangeOptions& options) {
    if (!options.origin) return {};
    const auto origin = channel_in(*options.origin);
    if (!origin) return passed_on(origin);
    return changes.make(entitle::ChangeOrigin{.origin = *origin}, "has another origin");
}

[[nodiscard]] Or<Told> change_case(Session& session, const ChangeOptions& options) {
    CaseChanges changes{session, options.key};
    using namespace entitle;
    Done done = changes.make_of(options.contact, &ChangeContact::contact, "has another contact");
    if (done) done = changes.make_of(options.product, &ChangeProduct::product, "has another product");
    if (done) done = changes.make_of(options.asset, &ChangeAsset::asset, "has another asset");
    if (done) done = changes.make_of(options.case_type, &ChangeCaseType::case_type, "has another type");
    if (done) done = change_entitlement(session, changes, options);
    if (done) done = change_origin(changes, options);
    if (done && !options.decrement.empty()) {
        const bool uses = options.decrement == "yes";
        done = changes.make(SetDecrement{.decrement = uses}, uses ? "uses terms" : "uses no terms");
    }
    if (!done) return passed_on(done);
    if (changes.told().json.empty()) return misused("nothing to change is given; see --help");
    return std::move(changes.told());
}

[[nodiscard]] std::string_view state_name(entitle::CaseState state) {
    switch (state) {
        case entitle::CaseState::open: return "open";
        case entitle::CaseState::resolved: return "resolved";
        default: return "canceled";
    }
}

[[nodiscard]] Json case_json(Session& session, const entitle::SupportCase& one) {
    Keys& keys = session.keys();
    const auto key_or_null = [&keys](auto id) { return id ? Json(keys.of(id)) : Json(nullptr); };
    return {{"id", keys.of(one.id)},
            {"customer", keys.of(one.customer)},
            {"state", state_name(one.state)},
            {"since", instant_json(one.since)},
            {"entitlement", key_or_null(one.entitlement)},
            {"origin", one.facts.origin ? Json(one.facts.origin.name()) : Json(nullptr)},
            {"contact", key_or_null(one.facts.contact)},
            {"product", key_or_null(one.facts.product)},
            {"asset", key_or_null(one.facts.asset)},
            {"case_type", key_or_null(one.facts.case_type)},
            {"decrement", one.decrement},
            {"posted", one.posted.quantity},
            {"held", one.held.quantity},
            {"overage", one.overage}};
}

[[nodiscard]] FactList facts_of(Session& session, const entitle::SupportCase& is, entitle::Unit unit,
                                const LocalClock& clock) {
    Keys& keys = session.keys();
    FactList facts;
    facts.add("case", escaped(keys.of(is.id)));
    facts.add("customer", escaped(keys.of(is.customer)));
    facts.add("state", fmt::format("{} since {}", state_name(is.state), clock.minute(is.since)));
    facts.add("entitlement", escaped(keys.of(is.entitlement)));
    if (is.facts.origin) facts.add("origin", escaped(is.facts.origin.name()));
    if (is.facts.contact) facts.add("contact", escaped(keys.of(is.facts.contact)));
    if (is.facts.product) facts.add("product", escaped(keys.of(is.facts.product)));
    if (is.facts.asset) facts.add("asset", escaped(keys.of(is.facts.asset)));
    if (is.facts.case_type) facts.add("case type", escaped(keys.of(is.facts.case_type)));
    facts.add("used", is.decrement ? amount(is.posted.quantity, unit) : std::string{"no terms, as agreed"});
    if (is.held.stands()) facts.add("held", amount(is.held.quantity, unit));
    if (is.overage != 0) facts.add("to bill", Cell{amount(is.overage, unit), true});
    return facts;
}

[[nodiscard]] Or<Told> show_case(Session& session, const CaseKey& options) {
    const auto known = session.keys().get<CaseId>(options.key);
    if (!known) return passed_on(known);
    const auto is = session.engine().support_case(known->owner, known->id);
    if (!is) return passed_on(is);
    const auto one = session.engine().entitlement(known->owner, is->entitlement);
    if (!one) return passed_on(one);
    const auto service = session.engine().case_service(known->owner, known->id);
    if (!service) return passed_on(service);
    const auto promises = session.engine().promises(known->owner, known->id, session.now());
    if (!promises) return passed_on(promises);
    const LocalClock clock{one->agreement.coverage};
    FactList facts = facts_of(session, *is, entitle::rule::channel_unit(one->agreement), clock);
    Told out{case_json(session, *is), {}};
    add_service(session, *service, facts, out.json);
    out.text = facts.shown();
    Told list = promise_list(session, *promises, clock);
    if (!promises->empty()) out.text += "\n" + list.text;
    out.json["promises"] = std::move(list.json);
    return out;
}

[[nodiscard]] Or<Told> list_cases(Session& session, const CaseListOptions& options) {
    entitle::CustomerId customer;
    if (!options.customer.empty()) {
        const auto known = session.keys().get<entitle::CustomerId>(options.customer);
        if (!known) return passed_on(known);
        customer = known->id;
    }
    const auto all = session.engine().cases(customer);
    if (!all) return passed_on(all);
    Told out{Json::array(), {}};
    Table table{{{"case"}, {"customer"}, {"state"}, {"since", Align::instant}, {"entitlement"}, {"origin"}}};
    Clocks clocks{session};
    for (const entitle::SupportCase& one : *all) {
        if (!options.state.empty() && options.state != state_name(one.state)) continue;
        out.json.push_back(case_json(session, one));
        table.add({escaped(session.keys().of(one.id)), escaped(session.keys().of(one.customer)),
                   state_name(one.state), clocks.of(one.customer, one.entitlement).minute(one.since),
                   escaped(session.keys().of(one.entitlement)), escaped(one.facts.origin.name())});
    }
    out.text = table.empty() ? "no cases\n" : table.shown();
    return out;
}

void case_argument(CLI::App& app, CaseKey& options) {
    app.add_option("KEY", options.key, "The case")->required();
}

void spent_arguments(CLI::App& app, SpentOptions& options) {
    app.add_option("KEY", options.key, "The case")->required();
    app.add_option("--minutes", options.minutes, "Whole minutes spent, where hours are counted");
    app.add_option("--cost", options.cost, "What it cost, as 12.50, where money is counted");
}

void change_arguments(CLI::App& app, ChangeOptions& options) {
    app.add_option("KEY", options.key, "The case")->required();
    app.add_option("--origin", options.origin, "The channel; '' takes it away");
    app.add_option("--contact", options.contact, "The person; '' takes it away");
    app.add_option("--product", options.product, "The product; '' takes it away");
    app.add_option("--asset", options.asset, "The asset; '' takes it away");
    app.add_option("--case-type", options.case_type, "The type; '' takes it away");
    app.add_option("--entitlement", options.entitlement, "The entitlement");
    app.add_option("--decrement", options.decrement, "Whether it uses terms")
        ->check(CLI::IsMember({"yes", "no"}));
}

}  // namespace

void add_case_commands(Commands& commands) {
    CLI::App& group = commands.group("case", "Requests for support");
    commands.add<OpenOptions>(
        group,
        {"open", "Open a case, where an entitlement admits it",
         "  entitle case open K-1 --customer \"Blue Yonder\" --origin phone\n"
         "  entitle case open K-2 --customer Lumen --product Scanner --entitlement LS-1\n"
         "  entitle case open K-3 --customer Lumen --priority 1 --sla gold\n"},
        Use::write, open_case, [](CLI::App& app, OpenOptions& options) {
            app.add_option("KEY", options.key, "What you call it")->required();
            add_case_facts(app, options.facts);
            add_case_service(app, options.service);
        });
    commands.add<SpentOptions>(group,
                               {"resolve", "Resolve it: what decreases on resolution is used now",
                                "  entitle case resolve K-1\n  entitle case resolve K-2 --minutes 45\n"},
                               Use::write, resolve_case, spent_arguments);
    commands.add<CaseKey>(group, {"cancel", "Cancel it", "  entitle case cancel K-1\n"}, Use::write,
                          cancel_case, case_argument);
    commands.add<ReactivateOptions>(
        group, {"reactivate", "Open a resolved or canceled case again", "  entitle case reactivate K-1\n"},
        Use::write, reactivate_case, [](CLI::App& app, ReactivateOptions& options) {
            app.add_option("KEY", options.key, "The case")->required();
            app.add_option("--origin", options.origin, "Now it comes by this channel");
        });
    commands.add<ChangeOptions>(group,
                                {"change", "Change what it is about",
                                 "  entitle case change K-1 --origin email\n"
                                 "  entitle case change K-1 --entitlement MA-2 --decrement no\n"},
                                Use::write, change_case, change_arguments);
    add_case_service_commands(commands, group);
    commands.add<CaseKey>(group, {"delete", "Delete it; its entries stay", "  entitle case delete K-1\n"},
                          Use::write, delete_case, case_argument);
    commands.add<CaseKey>(group, {"show", "Show all about one", "  entitle case show K-1\n"}, Use::read,
                          show_case, case_argument);
    commands.add<CaseListOptions>(
        group, {"list", "List cases", "  entitle case list --customer \"Blue Yonder\" --state open\n"},
        Use::read, list_cases, [](CLI::App& app, CaseListOptions& options) {
            app.add_option("--customer", options.customer, "Of this customer only");
            app.add_option("--state", options.state, "Only those that are")
                ->check(CLI::IsMember({"open", "resolved", "canceled"}));
        });
    commands.add<HoldOptions>(
        commands.top(),
        {"hold", "Reserve terms for an open case until it is resolved",
         "  entitle hold K-1\n  entitle hold K-2 --minutes 90 --until 2014-07-01T09:00:00Z\n"},
        Use::write, hold_terms, [](CLI::App& app, HoldOptions& options) {
            spent_arguments(app, options);
            app.add_option("--until", options.until, "Free it then, as 2014-07-01T09:00:00Z");
        });
    commands.add<CaseKey>(commands.top(),
                          {"release", "Free what is held for a case", "  entitle release K-1\n"}, Use::write,
                          release_terms, case_argument);
}

}  // namespace program
