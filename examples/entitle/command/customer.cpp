#include <fmt/format.h>

#include "command/families.hpp"
#include "command/without_request.hpp"
#include "host/past.hpp"
#include "text.hpp"
#include "view/entitlements.hpp"
#include "view/words.hpp"

/// Who is supported.
namespace program {

namespace {

struct CustomerOptions {
    std::vector<std::string> keys;
};
struct CustomerOption {
    std::string key;
};

[[nodiscard]] Or<Told> add_customers(Session& session, const CustomerOptions& options) {
    Told told{{{"added", options.keys}}, {}};
    for (const std::string& key : options.keys) {
        const auto made = session.keys().make<entitle::CustomerId>(key);
        if (!made) return passed_on(made);
        told.text += fmt::format("customer {} added\n", escaped(key));
    }
    return told;
}

/// How many entitlements are in force, and how many cases are open.
[[nodiscard]] Or<Told> list_customers(Session& session, const NoOptions& /*options*/) {
    const auto customers = session.keys().all<entitle::CustomerId>();
    if (!customers) return passed_on(customers);
    const auto entitlements = session.engine().entitlements();
    if (!entitlements) return passed_on(entitlements);
    const auto cases = session.engine().cases();
    if (!cases) return passed_on(cases);
    struct Count {
        std::size_t active = 0, all = 0, open = 0;
    };
    std::map<entitle::CustomerId, Count> counts;
    for (const entitle::Entitlement& one : *entitlements) {
        ++counts[one.customer].all;
        if (entitle::rule::status_of(one, session.now()) == entitle::Status::active)
            ++counts[one.customer].active;
    }
    for (const entitle::SupportCase& one : *cases) {
        if (one.state == entitle::CaseState::open) ++counts[one.customer].open;
    }
    Told told{Json::array(), {}};
    Table table{{{"customer"},
                 {"entitlements", Align::right},
                 {"active", Align::right},
                 {"open cases", Align::right}}};
    for (const auto& [key, id] : *customers) {
        const Count& count = counts[id];
        told.json.push_back({{"customer", key},
                             {"entitlements", count.all},
                             {"active", count.active},
                             {"open_cases", count.open}});
        table.add({escaped(key), grouped(count.all), grouped(count.active), grouped(count.open)});
    }
    told.text = table.empty() ? "no customers yet; `entitle customer add` adds one\n" : table.shown();
    return told;
}

[[nodiscard]] Or<Told> show_customer(Session& session, const CustomerOption& options) {
    const auto customer = session.keys().get<entitle::CustomerId>(options.key);
    if (!customer) return passed_on(customer);
    const auto entitlements = entitlements_then(session, customer->id);
    if (!entitlements) return passed_on(entitlements);
    const Told list = entitlement_list(session, *entitlements);
    return Told{{{"customer", options.key}, {"entitlements", list.json}},
                escaped(options.key) + "\n" + list.text};
}

}  // namespace

void add_customer_commands(Commands& commands) {
    CLI::App& group = commands.group("customer", "Who is supported");
    commands.add<CustomerOptions>(
        group,
        {"add", "Add customers",
         "  entitle customer add \"Blue Yonder\"\n  entitle customer add Harbour Lumen\n"},
        Use::write, add_customers, [](CLI::App& app, CustomerOptions& options) {
            without_request(app);
            app.add_option("KEY", options.keys, "What you call them")->required();
        });
    commands.add<NoOptions>(group, {"list", "List the customers", "  entitle customer list\n"}, Use::read,
                            list_customers, [](CLI::App&, NoOptions&) {});
    commands.add<CustomerOption>(
        group, {"show", "Show what a customer is entitled to", "  entitle customer show \"Blue Yonder\"\n"},
        Use::read, show_customer, [](CLI::App& app, CustomerOption& options) {
            app.add_option("KEY", options.key, "The customer")->required();
        });
}

}  // namespace program
