#include <utility>

#include <fmt/format.h>

#include "amount.hpp"
#include "command/case_facts.hpp"
#include "command/families.hpp"
#include "row_check.hpp"
#include "text.hpp"
#include "view/entitlements.hpp"
#include "view/words.hpp"

/// What changes a balance besides cases: top-ups and corrections.
namespace program {

using entitle::EntitlementId;
using entitle::Quantity;

namespace {

struct TopUpOptions {
    std::string entitlement, amount, channel, from, expires, rollover;
    std::int32_t priority = 100;
};
struct VoidOptions {
    std::string entitlement;
    std::uint64_t number = 0;
};
struct AdjustOptions {
    std::string entitlement, amount, channel, channel_amount, reason;
};

/// An entitlement that is named, and the unit that its amounts are of.
struct Counted {
    Known<EntitlementId> known;
    entitle::Unit unit;
};

[[nodiscard]] Or<Counted> counted(Session& session, const std::string& key) {
    const auto known = session.keys().get<EntitlementId>(key);
    if (!known) return passed_on(known);
    const auto one = session.engine().entitlement(known->owner, known->id);
    if (!one) return passed_on(one);
    return Counted{*known, entitle::rule::channel_unit(one->agreement)};
}

[[nodiscard]] Or<Quantity> quantity_in(const std::string& written, entitle::Unit unit) {
    const auto read = amount_in(unit, written);
    if (read) return *read;
    const entitle::ErrorCode code = read.error().code;
    return fail(ExitStatus::misuse, entitle::name_of(code), why_no_amount(code, written, unit));
}

/// With a sign before it, or none; empty is nothing.
[[nodiscard]] Or<Quantity> signed_in(const std::string& written, entitle::Unit unit) {
    const bool is_less = written.starts_with('-');
    const std::string size = is_less || written.starts_with('+') ? written.substr(1) : written;
    if (size.empty() && written.empty()) return Quantity{0, unit};
    auto read = quantity_in(size, unit);
    if (read && is_less) read->value = -read->value;
    return read;
}

[[nodiscard]] Or<std::optional<entitle::Instant>> perhaps_instant(const std::string& written) {
    if (written.empty()) return std::optional<entitle::Instant>{};
    const auto at = instant_of(written);
    if (!at) return passed_on(at);
    return std::optional{*at};
}

[[nodiscard]] Or<Told> add_top_up(Session& session, const TopUpOptions& options) {
    const auto of = counted(session, options.entitlement);
    if (!of) return passed_on(of);
    const auto quantity = quantity_in(options.amount, of->unit);
    if (!quantity) return passed_on(quantity);
    const auto channel = channel_in(options.channel);
    if (!channel) return passed_on(channel);
    const auto from = perhaps_instant(options.from);
    if (!from) return passed_on(from);
    const auto expires = perhaps_instant(options.expires);
    if (!expires) return passed_on(expires);
    entitle::TopUp command{.customer = of->known.owner,
                           .id = of->known.id,
                           .amount = *quantity,
                           .channel = *channel,
                           .priority = options.priority,
                           .from = *from,
                           .expires = *expires};
    if (!options.rollover.empty()) {
        const auto most = quantity_in(options.rollover, of->unit);
        if (!most) return passed_on(most);
        command.rollover = *most;
    }
    const auto receipt = session.run(std::move(command));
    if (!receipt) return passed_on(receipt);
    Told out = told(session, *receipt, fmt::format("top-up #{} added", receipt->number));
    out.json["top_up"] = receipt->number;
    return out;
}

[[nodiscard]] Or<Told> void_top_up(Session& session, const VoidOptions& options) {
    const auto known = session.keys().get<EntitlementId>(options.entitlement);
    if (!known) return passed_on(known);
    const auto receipt =
        session.run(entitle::VoidTopUp{.customer = known->owner, .id = known->id, .top_up = options.number});
    if (!receipt) return passed_on(receipt);
    return told(session, *receipt, fmt::format("top-up #{} voided", options.number));
}

[[nodiscard]] Or<Told> adjust(Session& session, const AdjustOptions& options) {
    const auto of = counted(session, options.entitlement);
    if (!of) return passed_on(of);
    const auto quantity = signed_in(options.amount, of->unit);
    if (!quantity) return passed_on(quantity);
    const auto of_channel = signed_in(options.channel_amount, of->unit);
    if (!of_channel) return passed_on(of_channel);
    const auto channel = channel_in(options.channel);
    if (!channel) return passed_on(channel);
    const auto receipt = session.run(entitle::Adjust{.customer = of->known.owner,
                                                     .id = of->known.id,
                                                     .quantity = *quantity,
                                                     .channel = *channel,
                                                     .channel_quantity = *of_channel,
                                                     .reason = options.reason});
    if (!receipt) return passed_on(receipt);
    return told(session, *receipt, "corrected");
}

void top_up_arguments(CLI::App& app, TopUpOptions& options) {
    app.add_option("KEY", options.entitlement, "The entitlement")->required();
    app.add_option("AMOUNT", options.amount, "How much more: 5; 9.5 or 9:30:00; 12.50")->required();
    app.add_option("--channel", options.channel, "A listed channel that it raises too");
    app.add_option("--priority", options.priority, "Lower is used first; what was agreed has 100")
        ->capture_default_str();
    app.add_option("--from", options.from, "It begins at this instant; else now");
    app.add_option("--expires", options.expires, "Its rest is gone at this instant; else never");
    app.add_option("--rollover", options.rollover,
                   "The most of it that passes into the next period; else all");
}

void adjust_arguments(CLI::App& app, AdjustOptions& options) {
    app.add_option("KEY", options.entitlement, "The entitlement")->required();
    app.add_option("--by", options.amount, "What the total is corrected by, as --by=-2 or --by=1");
    app.add_option("--channel", options.channel, "A channel that is corrected too, or alone");
    app.add_option("--channel-by", options.channel_amount, "… and by how much");
    app.add_option("--reason", options.reason, "Why: the ledger keeps it")->required();
}

}  // namespace

void add_balance_commands(Commands& commands) {
    CLI::App& group = commands.group("top-up", "Terms that are added besides what was agreed");
    commands.add<TopUpOptions>(
        group,
        {"add", "Add terms to an entitlement",
         "  entitle top-up add MA-1 3\n"
         "  entitle top-up add MA-1 5 --channel phone --expires 2014-09-01T00:00:00Z\n"},
        Use::write, add_top_up, top_up_arguments);
    commands.add<VoidOptions>(group,
                              {"void", "Take the rest of one away",
                               "  entitle top-up void MA-1 7\n"
                               "\n`entitle entitlement show` tells the numbers.\n"},
                              Use::write, void_top_up, [](CLI::App& app, VoidOptions& options) {
                                  app.add_option("KEY", options.entitlement, "The entitlement")->required();
                                  app.add_option("NUMBER", options.number, "Of the top-up")->required();
                              });
    commands.add<AdjustOptions>(
        commands.top(),
        {"adjust", "Correct a balance by hand",
         "  entitle adjust MA-1 --by=1 --reason \"K-7 was ours\"\n"
         "  entitle adjust MA-1 --by=-1 --channel phone --channel-by=-1 --reason recount\n"},
        Use::write, adjust, adjust_arguments);
}

}  // namespace program
