#include <utility>

#include <fmt/format.h>

#include "command/families.hpp"
#include "command/terms_options.hpp"
#include "host/agreements.hpp"
#include "host/past.hpp"
#include "plan_entitlement.hpp"
#include "text.hpp"
#include "view/entitlements.hpp"
#include "view/words.hpp"

/// What customers are entitled to.
namespace program {

using entitle::EntitlementId;

namespace {

struct AddOptions {
    std::string key, customer, from_template;
    bool is_default = false;
    bool activates = false;
    TermsOptions terms;
};
struct KeyOption {
    std::string key;
};
struct ReviseOptions {
    std::string key;
    bool amends = false;
    TermsOptions terms;
};
struct RenewOptions {
    std::string key, new_key;
};
struct ListOptions {
    std::string customer, status;
};

/// What was agreed, by the reader of plans; a fault is told as one of a plan is.
[[nodiscard]] Or<PlannedEntitlement> read_terms(const Node& object) {
    Faults faults{"entitle"};
    auto planned = read_entitlement(object, "entitlement", faults);
    if (faults.count() != 0) return fail(ExitStatus::misuse, "bad_argument", {});
    return planned;
}

/// Hours and money are used on resolution; cases, unless told otherwise, on creation.
[[nodiscard]] Node new_object(const AddOptions& options) {
    const TermsOptions& terms = options.terms;
    const bool is_late = !(terms.hours + terms.money).empty() || terms.is_coverage;
    Node object{Node::Kind::object, {}, {}, {}};
    object.items = {text_node("id", options.key), text_node("name", options.key),
                    text_node("customer", options.customer),
                    text_node("decrease_on", is_late ? "resolution" : "creation")};
    if (options.is_default) object.items.push_back(flag_node("default", true));
    put_terms(terms, object);
    return object;
}

[[nodiscard]] Or<entitle::Receipt> add_from_template(Session& session, const AddOptions& options,
                                                     entitle::CustomerId customer, EntitlementId id) {
    if (options.terms.has_any()) {
        return misused(
            "a template says all of the terms: give --template or terms, and revise the draft after");
    }
    const auto from = session.keys().get<entitle::TemplateId>(options.from_template);
    if (!from) return passed_on(from);
    return session.run(entitle::Instantiate{
        .customer = customer, .id = id, .from = from->id, .is_default = options.is_default});
}

[[nodiscard]] Or<entitle::Receipt> add_drafted(Session& session, const AddOptions& options,
                                               entitle::CustomerId customer, EntitlementId id) {
    const auto planned = read_terms(new_object(options));
    if (!planned) return passed_on(planned);
    auto draft = draft_of(session, *planned);
    if (!draft) return passed_on(draft);
    draft->customer = customer;
    draft->id = id;
    return session.run(std::move(*draft));
}

[[nodiscard]] Or<Told> add_entitlement(Session& session, const AddOptions& options) {
    const auto customer = session.keys().get<entitle::CustomerId>(options.customer);
    if (!customer) return passed_on(customer);
    const auto id = session.keys().make<EntitlementId>(options.key, customer->id);
    if (!id) return passed_on(id);
    const auto made = options.from_template.empty() ? add_drafted(session, options, customer->id, *id)
                                                    : add_from_template(session, options, customer->id, *id);
    if (!made) return passed_on(made);
    if (options.activates) {
        const auto active = session.run(entitle::Activate{.customer = customer->id, .id = *id});
        if (!active) return passed_on(active);
    }
    const auto one = session.engine().entitlement_at(customer->id, *id, session.now());
    if (!one) return passed_on(one);
    Told out = entitlement_card(session, *one);
    out.text = fmt::format("entitlement {} added, {}\n", escaped(options.key),
                           out.json.at("status").get<std::string>());
    return out;
}

/// One command about one entitlement.
template <class Command>
[[nodiscard]] Or<Told> on_entitlement(Session& session, const std::string& key, Command command,
                                      std::string_view done) {
    const auto known = session.keys().get<EntitlementId>(key);
    if (!known) return passed_on(known);
    command.customer = known->owner;
    command.id = known->id;
    const auto receipt = session.run(command);
    if (!receipt) return passed_on(receipt);
    return told(session, *receipt, fmt::format("entitlement {} {}", escaped(key), done));
}

[[nodiscard]] Or<Told> activate(Session& session, const KeyOption& options) {
    return on_entitlement(session, options.key, entitle::Activate{}, "activated");
}
[[nodiscard]] Or<Told> deactivate(Session& session, const KeyOption& options) {
    return on_entitlement(session, options.key, entitle::Deactivate{}, "is a draft again");
}
[[nodiscard]] Or<Told> cancel(Session& session, const KeyOption& options) {
    return on_entitlement(session, options.key, entitle::Cancel{}, "canceled");
}
[[nodiscard]] Or<Told> make_default(Session& session, const KeyOption& options) {
    return on_entitlement(session, options.key, entitle::SetDefault{}, "is its customer's default");
}
[[nodiscard]] Or<Told> remove(Session& session, const KeyOption& options) {
    const auto known = session.keys().get<EntitlementId>(options.key);
    if (!known) return passed_on(known);
    auto out = on_entitlement(session, options.key, entitle::Remove{}, "removed; its ledger stays");
    if (!out) return out;
    if (auto dropped = session.keys().drop(known->id); !dropped) return passed_on(dropped);
    out->text = fmt::format("entitlement {} removed; its ledger stays\n", escaped(options.key));
    return out;
}

[[nodiscard]] Or<Told> renew(Session& session, const RenewOptions& options) {
    const auto known = session.keys().get<EntitlementId>(options.key);
    if (!known) return passed_on(known);
    auto key = options.new_key.empty() ? session.keys().free_entitlement(options.key)
                                       : Or<std::string>{options.new_key};
    if (!key) return passed_on(key);
    const auto id = session.keys().make<EntitlementId>(*key, known->owner);
    if (!id) return passed_on(id);
    const auto receipt =
        session.run(entitle::Renew{.customer = known->owner, .id = known->id, .new_id = *id});
    if (!receipt) return passed_on(receipt);
    const auto one = session.engine().entitlement(known->owner, *id);
    if (!one) return passed_on(one);
    Told out = entitlement_card(session, *one);
    out.text = fmt::format("entitlement {} renewed as the draft {}, {}\n", escaped(options.key),
                           escaped(*key), one->agreement.coverage);
    return out;
}

/// What was given of it, and nothing else.
[[nodiscard]] entitle::Changes changes_in(const TermsOptions& given, entitle::Draft draft) {
    entitle::Changes changes;
    if (!given.name.empty()) changes.name = std::move(draft.name);
    if (given.has_coverage()) changes.coverage = std::move(draft.coverage);
    if (given.has_terms()) changes.terms = draft.terms;
    if (given.has_period()) changes.period = draft.period.value_or(entitle::PeriodTerms{});
    if (!given.channels.empty()) changes.channels = std::move(draft.channels);
    if (given.has_scope()) changes.scope = std::move(draft.scope);
    if (given.priority) changes.priority = draft.priority;
    if (given.sla) changes.sla = draft.sla;
    return changes;
}

/// What stands, as a plan would write it, with what is given in its place: read as a plan is.
[[nodiscard]] Or<Told> revise(Session& session, const ReviseOptions& options) {
    const auto known = session.keys().get<EntitlementId>(options.key);
    if (!known) return passed_on(known);
    const auto one = session.engine().entitlement(known->owner, known->id);
    if (!one) return passed_on(one);
    Node object = node_of(session, *one);
    put_terms(options.terms, object);
    const auto planned = read_terms(object);
    if (!planned) return passed_on(planned);
    auto draft = draft_of(session, *planned);
    if (!draft) return passed_on(draft);
    entitle::Changes changes = changes_in(options.terms, std::move(*draft));
    if (options.amends) {
        return on_entitlement(session, options.key, entitle::Amend{.changes = std::move(changes)}, "amended");
    }
    return on_entitlement(session, options.key, entitle::Revise{.changes = std::move(changes)}, "revised");
}

[[nodiscard]] Or<Told> show(Session& session, const KeyOption& options) {
    const auto known = session.keys().get<EntitlementId>(options.key);
    if (!known) return passed_on(known);
    const auto one = entitlement_then(session, known->owner, known->id);
    if (!one) return passed_on(one);
    return entitlement_card(session, *one);
}

[[nodiscard]] Or<Told> list(Session& session, const ListOptions& options) {
    entitle::CustomerId customer;
    if (!options.customer.empty()) {
        const auto known = session.keys().get<entitle::CustomerId>(options.customer);
        if (!known) return passed_on(known);
        customer = known->id;
    }
    auto all = entitlements_then(session, customer);
    if (!all) return passed_on(all);
    std::erase_if(*all, [&](const entitle::Entitlement& one) {
        return !options.status.empty() &&
               entitle::name_of(entitle::rule::status_of(one, session.now())) != options.status;
    });
    return entitlement_list(session, *all);
}

void key_argument(CLI::App& app, KeyOption& options) {
    app.add_option("KEY", options.key, "The entitlement")->required();
}

}  // namespace

void add_entitlement_commands(Commands& commands) {
    CLI::App& group = commands.group("entitlement", "What customers are entitled to");
    commands.add<AddOptions>(
        group,
        {"add", "Write down what was agreed, as a draft",
         "  entitle entitlement add MA-1 --customer \"Blue Yonder\" --from 2014-06-25 --to 2015-06-24 "
         "--cases 5 "
         "--on resolution --restrict --channel phone=2 --channel email=3 --activate\n"
         "  entitle entitlement add LH-1 --customer Lumen --from 2025-03-01 --to 2025-03-31 --hours 9.5\n"
         "  entitle entitlement add P-7 --customer Lumen --template Premium --activate\n"},
        Use::write, add_entitlement, [](CLI::App& app, AddOptions& options) {
            app.add_option("KEY", options.key, "What you call it")->required();
            app.add_option("--customer", options.customer, "Whose it is")->required();
            app.add_option("--template", options.from_template, "As this template says");
            app.add_flag("--default", options.is_default, "It is its customer's default");
            app.add_flag("--activate", options.activates, "Activate it at once");
            add_terms_options(app, options.terms, TermsFor::entitlement);
        });
    commands.add<ReviseOptions>(
        group,
        {"revise", "Change what a draft says",
         "  entitle entitlement revise MA-1 --cases 8 --channel phone=3 --channel email=5\n"
         "  entitle entitlement revise MA-1 --amend --to 2015-12-31\n"},
        Use::write, revise, [](CLI::App& app, ReviseOptions& options) {
            app.add_option("KEY", options.key, "The entitlement")->required();
            app.add_flag("--amend", options.amends,
                         "Of an active one: deactivate, revise and activate, in one");
            add_terms_options(app, options.terms, TermsFor::entitlement);
        });
    commands.add<ListOptions>(
        group,
        {"list", "List entitlements and what is left",
         "  entitle entitlement list\n"
         "  entitle entitlement list --customer \"Blue Yonder\" --status active --json\n"},
        Use::read, list, [](CLI::App& app, ListOptions& options) {
            app.add_option("--customer", options.customer, "Of this customer only");
            app.add_option("--status", options.status, "Only those that are")
                ->check(CLI::IsMember({"draft", "waiting", "active", "expired", "canceled"}));
        });
    commands.add<KeyOption>(group, {"show", "Show all about one", "  entitle entitlement show MA-1\n"},
                            Use::read, show, key_argument);
    commands.add<KeyOption>(group,
                            {"activate", "Put a draft in force", "  entitle entitlement activate MA-1\n"},
                            Use::write, activate, key_argument);
    commands.add<KeyOption>(group,
                            {"deactivate", "Make it a draft again; its balance is kept",
                             "  entitle entitlement deactivate MA-1\n"},
                            Use::write, deactivate, key_argument);
    commands.add<KeyOption>(group, {"cancel", "End it", "  entitle entitlement cancel MA-1\n"}, Use::write,
                            cancel, key_argument);
    commands.add<RenewOptions>(group,
                               {"renew", "Make a new draft of one that has ended",
                                "  entitle entitlement renew MA-1\n"
                                "  entitle entitlement renew MA-1 --as MA-2015\n"},
                               Use::write, renew, [](CLI::App& app, RenewOptions& options) {
                                   app.add_option("KEY", options.key, "The one to renew")->required();
                                   app.add_option("--as", options.new_key,
                                                  "What you call the new one; else KEY/2 …");
                               });
    commands.add<KeyOption>(
        group, {"default", "Make it its customer's default", "  entitle entitlement default MA-1\n"},
        Use::write, make_default, key_argument);
    commands.add<KeyOption>(
        group, {"remove", "Remove one that no case refers to", "  entitle entitlement remove MA-1\n"},
        Use::write, remove, key_argument);
}

}  // namespace program
