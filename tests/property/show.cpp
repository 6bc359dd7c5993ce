#include "property/show.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "entitle/value/instant.hpp"

#include "property/commands.hpp"

namespace entitle_property {

namespace {

using model::Kind;
using model::Op;

const char* name_of(Kind kind) {
    constexpr const char* names[] = {
        "draft",          "revise",          "set_channel",   "remove_channel",
        "revise_scope",   "amend",           "activate",      "deactivate",
        "cancel",         "renew",           "set_default",   "remove",
        "adjust",         "import",          "top_up",        "void_top_up",
        "set_template",   "remove_template", "set_rule",      "remove_rule",
        "instantiate",    "assign",          "open",          "resolve",
        "cancel_case",    "reactivate",      "change_origin", "change_entitlement",
        "change_contact", "change_product",  "change_asset",  "change_type",
        "set_decrement",  "delete_case",     "hold_terms",    "release_terms"};
    return names[static_cast<int>(kind)];
}

/// Adds ` name=value` where the value is not the default.
class Line {
public:
    explicit Line(std::string start) : text_{std::move(start)} {}

    template <class T>
    void add(const char* name, const T& value, const T& otherwise = {}) {
        if (!(value == otherwise)) text_ += fmt::format(" {}={}", name, value);
    }
    void add(const char* name, const std::vector<int>& keys) {
        if (!keys.empty()) text_ += fmt::format(" {}={}", name, keys);
    }
    void add(const char* name, const model::ChannelAmounts& amounts) {
        if (!amounts.empty()) text_ += fmt::format(" {}={}", name, fmt::join(amounts, " "));
    }
    void say(const std::string& what) { text_ += " " + what; }
    [[nodiscard]] std::string text() const { return text_; }

private:
    std::string text_;
};

const char* name_of(model::Allocation allocation) {
    constexpr const char* names[] = {"cases", "hours", "money", "coverage"};
    return names[static_cast<int>(allocation)];
}

template <class From>
void add_scope(Line& line, const From& from) {
    line.add("products", from.products);
    line.add("contacts", from.contacts);
    line.add("assets", from.assets);
    line.add("types", from.case_types);
}

const char* name_of(model::Step step) {
    constexpr const char* names[] = {"days", "weeks", "months", "years"};
    return names[static_cast<int>(step)];
}

void add_agreement(Line& line, const model::Agreement& agreement, const std::optional<model::Length>& lasts) {
    line.say(lasts ? fmt::format("{} {} from its use", lasts->count, name_of(lasts->step))
                   : fmt::format("days={}..{}", agreement.first_day, agreement.last_day));
    line.say(name_of(agreement.allocation));
    line.say(agreement.total ? fmt::format("total={}", *agreement.total) : "no total");
    line.say(agreement.decrease_on_resolution ? "on resolution" : "on creation");
    if (agreement.restricted) line.say("restricted");
    line.add("currency", agreement.currency);
    if (agreement.period) {
        line.say(fmt::format("every {} {}", agreement.period->every, name_of(agreement.period->step)));
        if (agreement.period->anchor) line.say(fmt::format("anchor={}", *agreement.period->anchor));
        line.add("rollover", agreement.period->rollover.value_or(0));
        line.add("preserved", agreement.period->preserve_overage);
    }
    line.add("channels", agreement.channels);
    add_scope(line, agreement);
    line.add("priority", agreement.priority, 100);
    line.add("default", agreement.is_default);
    line.add("name", agreement.name, std::string{"agreement"});
}

void add_top_up(Line& line, const Op& op) {
    line.add("burns", op.burn_priority, 100);
    if (op.begins) line.say(fmt::format("from {}", entitle::as_utc(instant(*op.begins))));
    if (op.expires) line.say(fmt::format("until {}", entitle::as_utc(instant(*op.expires))));
    if (!op.rollover) return;
    line.say(fmt::format("rollover={}", *op.rollover));
    const bool same_unit = op.rollover_unit == op.unit && op.rollover_currency == op.currency;
    if (!same_unit) line.say(fmt::format("of {} {}", name_of(op.rollover_unit), op.rollover_currency));
}

}  // namespace

std::string to_text(const Op& op) {
    const std::string whose =
        model::is_of_catalog(op.kind) ? "catalog" : fmt::format("customer={}", op.customer);
    Line line{fmt::format("[{}] {} {}", entitle::as_utc(instant(op.now)), whose, name_of(op.kind))};
    line.add("template", op.from);
    line.add("purchase", op.purchase);
    line.add("case", op.case_key);
    line.add("entitlement", op.entitlement);
    line.add("new", op.new_entitlement);
    line.add("channel", op.channel);
    line.add("contact", op.contact);
    line.add("product", op.product);
    line.add("asset", op.asset);
    line.add("type", op.case_type);
    if (op.kind == Kind::open || op.kind == Kind::set_decrement) line.add("decrement", op.decrement, true);
    const bool counts_products =
        op.kind == Kind::assign || op.kind == Kind::set_rule || op.kind == Kind::remove_rule;
    if (counts_products) {
        line.say(fmt::format("{} {}", op.kind == Kind::assign ? "quantity" : "at least", op.quantity));
    } else if (op.quantity != 0 || op.channel_quantity != 0) {
        line.say(fmt::format("{} {} {}", op.quantity, name_of(op.unit), op.currency));
    }
    line.add("channel_quantity", op.channel_quantity);
    line.add("top_up", op.top_up);
    if (op.kind == Kind::top_up) add_top_up(line, op);
    if (op.kind == Kind::hold_terms) line.add("until", op.expires.value_or(0));
    if (op.kind == Kind::adjust) line.add("reason", op.reason, std::string{"counted"});
    const bool has_agreement = op.kind == Kind::draft || op.kind == Kind::revise || op.kind == Kind::amend ||
                               op.kind == Kind::import_entitlement || op.kind == Kind::set_template;
    if (has_agreement) add_agreement(line, op.agreement, op.lasts);
    if (op.kind == Kind::instantiate) line.add("default", op.agreement.is_default);
    if (op.kind == Kind::import_entitlement) line.say("stated " + model::name_of(op.stated_status));
    line.add("left", op.channel_remaining);
    if (op.kind == Kind::revise_scope) {
        line.say("adds");
        add_scope(line, op.scope_added);
        line.say("removes");
        add_scope(line, op.scope_removed);
    }
    line.add("request", op.request);
    line.add("actor", op.actor);
    return line.text();
}

}  // namespace entitle_property
