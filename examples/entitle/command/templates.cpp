#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "command/families.hpp"
#include "command/terms_options.hpp"
#include "command/without_request.hpp"
#include "host/agreements.hpp"
#include "host/plan_json_writer.hpp"
#include "plan_entitlement.hpp"
#include "text.hpp"
#include "view/entitlements.hpp"
#include "view/words.hpp"

/// What entitlements are made from, and by which purchase.
namespace program {

using entitle::ProductId;
using entitle::TemplateId;

namespace {

struct TemplateOptions {
    std::string key;
    TermsOptions terms;
};
struct TemplateKey {
    std::string key;
};
struct RuleOptions {
    std::string product;
    std::int64_t at_least = 0;
    std::string from;
};
struct PurchaseOptions {
    std::string key, customer, product;
    std::int64_t quantity = 1;
};

[[nodiscard]] Node template_object(const TemplateOptions& options) {
    const bool is_late = !(options.terms.hours + options.terms.money).empty() || options.terms.is_coverage;
    Node object{Node::Kind::object, {}, {}, {}};
    object.items = {text_node("id", options.key), text_node("name", options.key),
                    text_node("decrease_on", is_late ? "resolution" : "creation")};
    put_terms(options.terms, object);
    return object;
}

/// In the place of the former of its key.
[[nodiscard]] Or<Told> add_template(Session& session, const TemplateOptions& options) {
    Faults faults{"entitle"};
    const PlannedTemplate planned = read_template(template_object(options), "template", faults);
    if (faults.count() != 0) return fail(ExitStatus::misuse, "bad_argument", {});
    if (auto kept = keep_template(session, planned); !kept) return passed_on(kept);
    return Told{{{"template", options.key}}, fmt::format("template {} kept\n", escaped(options.key))};
}

[[nodiscard]] Or<std::vector<entitle::Template>> all_templates(Session& session) {
    auto all = session.engine().templates();
    if (!all) return passed_on(all);
    return std::move(*all);
}

[[nodiscard]] Or<Told> list_templates(Session& session, const NoOptions& /*options*/) {
    const auto all = all_templates(session);
    if (!all) return passed_on(all);
    Told out{Json::array(), {}};
    Table table{{{"template"}, {"name"}, {"total", Align::right}, {"lasts", Align::right}}};
    for (const entitle::Template& one : *all) {
        const bool is_days = one.lasts && one.lasts->step == entitle::Length::Step::days;
        const entitle::Unit unit = one.agreement.unit();
        const bool counts = unit.allocation != entitle::Allocation::coverage_only;
        out.json.push_back(json_of(node_of(session, one)));
        table.add({escaped(session.keys().of(one.id)), escaped(one.agreement.name),
                   counts ? amount(one.agreement.total(), unit) : std::string{"any"},
                   one.lasts ? fmt::format("{} {}", one.lasts->count, is_days ? "days" : "months")
                             : fmt::format("{}", entitle::as_day(one.agreement.coverage.last_day))});
    }
    out.text = table.empty() ? "no templates\n" : table.shown();
    return out;
}

[[nodiscard]] Or<Told> show_template(Session& session, const TemplateKey& options) {
    const auto known = session.keys().get<TemplateId>(options.key);
    if (!known) return passed_on(known);
    const auto all = all_templates(session);
    if (!all) return passed_on(all);
    const auto one = std::find_if(all->begin(), all->end(),
                                  [&](const entitle::Template& made) { return made.id == known->id; });
    if (one == all->end()) return fail(entitle::refuse(entitle::ErrorCode::unknown_template).value());
    Json json = json_of(node_of(session, *one));
    std::string text = json.dump(2) + "\n";
    return Told{std::move(json), std::move(text)};
}

[[nodiscard]] Or<Told> remove_template(Session& session, const TemplateKey& options) {
    const auto known = session.keys().get<TemplateId>(options.key);
    if (!known) return passed_on(known);
    const auto removed = session.engine().remove_template(known->id);
    if (!removed) return passed_on(removed);
    if (auto dropped = session.keys().drop(known->id); !dropped) return passed_on(dropped);
    return Told{{{"removed", options.key}}, fmt::format("template {} removed\n", escaped(options.key))};
}

[[nodiscard]] Or<Told> add_rule(Session& session, const RuleOptions& options) {
    if (auto kept = keep_rule(session, {{}, options.product, options.at_least, options.from}); !kept)
        return passed_on(kept);
    return Told{{{"product", options.product}, {"at_least", options.at_least}, {"template", options.from}},
                fmt::format("whoever buys {} or more of {} is given {}\n", options.at_least,
                            escaped(options.product), escaped(options.from))};
}

[[nodiscard]] Or<Told> list_rules(Session& session, const NoOptions& /*options*/) {
    const auto all = session.engine().rules();
    if (!all) return passed_on(all);
    Told out{Json::array(), {}};
    Table table{{{"product"}, {"at least", Align::right}, {"template"}}};
    for (const entitle::AssignmentRule& rule : *all) {
        const std::string product = session.keys().of(rule.product);
        const std::string from = session.keys().of(rule.from);
        out.json.push_back({{"product", product}, {"at_least", rule.at_least}, {"template", from}});
        table.add({escaped(product), grouped(static_cast<std::uint64_t>(rule.at_least)), escaped(from)});
    }
    out.text = table.empty() ? "no rules\n" : table.shown();
    return out;
}

[[nodiscard]] Or<Told> remove_rule(Session& session, const RuleOptions& options) {
    const auto product = session.keys().get<ProductId>(options.product);
    if (!product) return passed_on(product);
    const auto removed = session.engine().remove_rule(product->id, options.at_least);
    if (!removed) return passed_on(removed);
    return Told{
        {{"product", options.product}, {"at_least", options.at_least}},
        fmt::format("there is no rule for {} of {} any more\n", options.at_least, escaped(options.product))};
}

/// What is assigned has the purchase's key, or `<key>/n` where that is an entitlement's.
[[nodiscard]] Done name_assigned(Session& session, const PurchaseOptions& options,
                                 const entitle::Receipt& receipt) {
    const auto taken = session.keys().find<entitle::EntitlementId>(options.key);
    if (!taken) return passed_on(taken);
    auto key = *taken ? session.keys().free_entitlement(options.key) : Or<std::string>{options.key};
    if (!key) return passed_on(key);
    return session.keys().name(receipt.entitlement, *key, receipt.customer);
}

/// A purchase key is one purchase, whoever its customer.
[[nodiscard]] Or<Told> purchase(Session& session, const PurchaseOptions& options) {
    const auto customer = session.keys().get<entitle::CustomerId>(options.customer);
    if (!customer) return passed_on(customer);
    const auto known = session.keys().find<entitle::PurchaseId>(options.key);
    if (!known) return passed_on(known);
    if (*known && (*known)->owner != customer->id) {
        return fail(entitle::refuse(entitle::ErrorCode::purchase_exists).value());
    }
    const auto id = *known ? Or<entitle::PurchaseId>{(*known)->id}
                           : session.keys().make<entitle::PurchaseId>(options.key, customer->id);
    if (!id) return passed_on(id);
    const auto product = session.keys().get_or_make<ProductId>(options.product);
    if (!product) return passed_on(product);
    const auto receipt = session.run(entitle::Assign{
        .customer = customer->id, .id = *id, .product = *product, .quantity = options.quantity});
    if (!receipt) return passed_on(receipt);
    if (!*known) {
        if (auto named = name_assigned(session, options, *receipt); !named) return passed_on(named);
    }
    return told(session, *receipt,
                fmt::format("purchase {} {}", escaped(options.key),
                            receipt->repeated ? "was answered already" : "answered"));
}

void rule_arguments(CLI::App& app, RuleOptions& options) {
    without_request(app);
    app.add_option("PRODUCT", options.product, "What is bought")->required();
    app.add_option("AT_LEAST", options.at_least, "So many of it, or more")->required();
}

}  // namespace

void add_template_commands(Commands& commands) {
    CLI::App& group = commands.group("template", "What entitlements are made from");
    commands.add<TemplateOptions>(
        group,
        {"add", "Keep a template, in the place of the former of its key",
         "  entitle template add Premium --cases 200 --lasts '12 months' --period month\n"},
        Use::write, add_template, [](CLI::App& app, TemplateOptions& options) {
            without_request(app);
            app.add_option("KEY", options.key, "What you call it")->required();
            add_terms_options(app, options.terms, TermsFor::of_template);
        });
    const auto key = [](CLI::App& app, TemplateKey& options) {
        without_request(app);
        app.add_option("KEY", options.key, "The template")->required();
    };
    commands.add<NoOptions>(group, {"list", "List the templates", "  entitle template list\n"}, Use::read,
                            list_templates, [](CLI::App&, NoOptions&) {});
    commands.add<TemplateKey>(group,
                              {"show", "Show one, as a plan writes it", "  entitle template show Premium\n"},
                              Use::read, show_template, key);
    commands.add<TemplateKey>(
        group, {"remove", "Remove one that no rule refers to", "  entitle template remove Premium\n"},
        Use::write, remove_template, key);
    CLI::App& rules = commands.group("rule", "Which purchase is given which template");
    commands.add<RuleOptions>(rules,
                              {"add", "Who buys so many is given what a template makes",
                               "  entitle rule add computer 500 Premium\n"},
                              Use::write, add_rule, [](CLI::App& app, RuleOptions& options) {
                                  rule_arguments(app, options);
                                  app.add_option("TEMPLATE", options.from, "What it is given")->required();
                              });
    commands.add<NoOptions>(rules, {"list", "List the rules", "  entitle rule list\n"}, Use::read, list_rules,
                            [](CLI::App&, NoOptions&) {});
    commands.add<RuleOptions>(rules, {"remove", "Remove one", "  entitle rule remove computer 500\n"},
                              Use::write, remove_rule, rule_arguments);
    commands.add<PurchaseOptions>(
        commands.top(),
        {"purchase", "Give a customer what its purchase entitles it to",
         "  entitle purchase P-1 --customer Lumen --product computer --quantity 500\n"},
        Use::write, purchase, [](CLI::App& app, PurchaseOptions& options) {
            app.add_option("KEY", options.key, "What you call the purchase")->required();
            app.add_option("--customer", options.customer, "Who bought")->required();
            app.add_option("--product", options.product, "What was bought")->required();
            app.add_option("--quantity", options.quantity, "How many")->capture_default_str();
        });
}

}  // namespace program
