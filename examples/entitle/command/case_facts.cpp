#include "command/case_facts.hpp"

#include <fmt/format.h>

#include "text.hpp"

namespace program {

void add_case_facts(CLI::App& app, CaseFactsOptions& options) {
    app.add_option("--customer", options.customer, "Who asks")->required();
    app.add_option("--origin", options.origin, "The channel it comes by, as phone");
    app.add_option("--contact", options.contact, "The person who asks");
    app.add_option("--product", options.product, "What it is about");
    app.add_option("--asset", options.asset, "Which one of it");
    app.add_option("--case-type", options.case_type, "What sort of request it is");
    app.add_option("--entitlement", options.entitlement,
                   "Use this entitlement; else the first that admits it");
    app.add_flag("--no-decrement", options.spares_terms, "It uses no terms");
}

Or<entitle::Channel> channel_in(const std::string& name) {
    if (name.empty()) return entitle::Channel{};
    if (const auto channel = entitle::Channel::named(name)) return *channel;
    return fail(ExitStatus::misuse, "channel_name",
                fmt::format("\"{}\" is no channel: a name has 1 to {} bytes of UTF-8", escaped(name),
                            entitle::Channel::max_bytes));
}

Or<entitle::OpenCase> opening_in(Session& session, const CaseFactsOptions& options, Use use) {
    const auto customer = session.keys().get<entitle::CustomerId>(options.customer);
    if (!customer) return passed_on(customer);
    const auto contact = fact_in<entitle::ContactId>(session, options.contact, use);
    if (!contact) return passed_on(contact);
    const auto product = fact_in<entitle::ProductId>(session, options.product, use);
    if (!product) return passed_on(product);
    const auto asset = fact_in<entitle::AssetId>(session, options.asset, use);
    if (!asset) return passed_on(asset);
    const auto case_type = fact_in<entitle::CaseTypeId>(session, options.case_type, use);
    if (!case_type) return passed_on(case_type);
    const auto origin = channel_in(options.origin);
    if (!origin) return passed_on(origin);
    entitle::OpenCase command{.customer = customer->id,
                              .contact = *contact,
                              .product = *product,
                              .asset = *asset,
                              .case_type = *case_type,
                              .origin = *origin,
                              .decrement = !options.spares_terms};
    if (options.entitlement.empty()) return command;
    const auto named = session.keys().get<entitle::EntitlementId>(options.entitlement);
    if (!named) return passed_on(named);
    command.entitlement = named->id;
    return command;
}

}  // namespace program
