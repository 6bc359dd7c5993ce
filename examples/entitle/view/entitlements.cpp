#include "view/entitlements.hpp"

#include <fmt/format.h>

#include "text.hpp"
#include "view/words.hpp"

namespace program {

using entitle::Entitlement;

namespace {

[[nodiscard]] std::string status_of(Session& session, const Entitlement& one) {
    return fmt::format("{}", entitle::rule::status_of(one, session.now()));
}

[[nodiscard]] Cell total_of(std::int64_t total, entitle::Unit unit) {
    return unit.allocation == entitle::Allocation::coverage_only ? Cell{"any"} : Cell{amount(total, unit)};
}

[[nodiscard]] Json top_ups_json(const Entitlement& one) {
    Json out = Json::array();
    for (const entitle::TopUpState& top_up : one.top_ups.open) {
        Json told{{"number", top_up.number},
                  {"amount", top_up.amount},
                  {"left", top_up.left},
                  {"priority", top_up.priority},
                  {"from", instant_json(top_up.from)},
                  {"expires", instant_json(top_up.expires)}};
        if (top_up.channel) {
            told["channel"] = top_up.channel.name();
            told["channel_left"] = top_up.channel_left;
        }
        out.push_back(std::move(told));
    }
    return out;
}

template <class Id>
void add_scope(Session& session, FactList& facts, const char* name, const std::vector<Id>& ids) {
    std::string text;
    for (const Id id : ids) text += (text.empty() ? "" : ", ") + escaped(session.keys().of(id));
    if (!ids.empty()) facts.add(name, text);
}

}  // namespace

Json entitlement_json(Session& session, const Entitlement& one) {
    const entitle::Agreement& agreement = one.agreement;
    Json channels = Json::array();
    for (const entitle::ChannelBalance& channel : one.channels) {
        if (!channel.listed) continue;
        channels.push_back({{"channel", channel.channel.name()},
                            {"total", channel.total},
                            {"remaining", channel.remaining},
                            {"held", channel.held}});
    }
    Json out{{"id", session.keys().of(one.id)},
             {"name", agreement.name},
             {"customer", session.keys().of(one.customer)},
             {"status", status_of(session, one)},
             {"first_day", fmt::format("{}", entitle::as_day(agreement.coverage.first_day))},
             {"last_day", fmt::format("{}", entitle::as_day(agreement.coverage.last_day))},
             {"time_zone", agreement.coverage.time_zone},
             {"default", one.is_default},
             {"sla", agreement.sla ? Json(session.keys().of(agreement.sla)) : Json(nullptr)},
             {"unit", base_unit(agreement.unit())},
             {"total", nullptr},
             {"remaining", one.remaining},
             {"held", one.held},
             {"channels", std::move(channels)}};
    if (agreement.terms.total) out["total"] = agreement.total();
    if (!one.top_ups.open.empty()) out["top_ups"] = top_ups_json(one);
    return out;
}

Told entitlement_list(Session& session, std::span<const Entitlement> all) {
    Told told{Json::array(), {}};
    Table table{{{"entitlement"},
                 {"customer"},
                 {"status"},
                 {"ends", Align::instant},
                 {"left", Align::right},
                 {"total", Align::right}}};
    for (const Entitlement& one : all) {
        told.json.push_back(entitlement_json(session, one));
        const entitle::Unit unit = one.agreement.unit();
        table.add({escaped(session.keys().of(one.id)) + (one.is_default ? " *" : ""),
                   escaped(session.keys().of(one.customer)), status_of(session, one),
                   fmt::format("{}", entitle::as_day(one.agreement.coverage.last_day)),
                   balance(one.remaining, unit), total_of(one.agreement.total(), unit)});
        for (const entitle::ChannelBalance& channel : one.channels) {
            if (!channel.listed) continue;
            const entitle::Unit counted = entitle::rule::channel_unit(one.agreement);
            table.add({"  " + escaped(channel.channel.name()), "", "", "",
                       balance(channel.remaining, counted), amount(channel.total, counted)});
        }
    }
    told.text = table.empty() ? "no entitlements\n" : table.shown();
    return told;
}

Told entitlement_card(Session& session, const Entitlement& one) {
    const entitle::Agreement& agreement = one.agreement;
    const entitle::Unit unit = agreement.unit();
    FactList facts;
    facts.add("entitlement", escaped(session.keys().of(one.id)));
    facts.add("name", escaped(agreement.name));
    facts.add("customer", escaped(session.keys().of(one.customer)));
    facts.add("status", status_of(session, one) + (one.is_default ? ", the customer's default" : ""));
    facts.add("covers", fmt::format("{}", agreement.coverage));
    facts.add(
        "counts",
        fmt::format("{}, on {}{}", unit.allocation,
                    agreement.terms.decrease_on == entitle::DecreaseOn::creation ? "creation" : "resolution",
                    agreement.terms.restricted ? ", restricted" : ""));
    facts.add("total", total_of(agreement.total(), unit));
    facts.add("left", balance(one.remaining, unit));
    if (one.held != 0) facts.add("held", amount(one.held, unit));
    facts.add("priority", std::to_string(agreement.priority));
    if (one.renewed_from) facts.add("renews", escaped(session.keys().of(one.renewed_from)));
    if (agreement.sla) facts.add("service level", escaped(session.keys().of(agreement.sla)));
    if (agreement.made_from) facts.add("template", escaped(session.keys().of(agreement.made_from)));
    if (one.periods.due != entitle::Instant::max() && agreement.period) {
        facts.add("comes anew", LocalClock{agreement.coverage}.minute(one.periods.due));
    }
    add_scope(session, facts, "products", agreement.scope.products);
    add_scope(session, facts, "contacts", agreement.scope.contacts);
    add_scope(session, facts, "assets", agreement.scope.assets);
    add_scope(session, facts, "case types", agreement.scope.case_types);
    std::string text = facts.shown();
    const entitle::Unit counted = entitle::rule::channel_unit(agreement);
    Table channels{{{"channel"}, {"left", Align::right}, {"total", Align::right}, {"held", Align::right}}};
    for (const entitle::ChannelBalance& channel : one.channels) {
        if (!channel.listed) continue;
        channels.add({escaped(channel.channel.name()), balance(channel.remaining, counted),
                      amount(channel.total, counted), amount(channel.held, counted)});
    }
    if (!channels.empty()) text.append("\n").append(channels.shown());
    Table top_ups{{{"top-up", Align::right},
                   {"amount", Align::right},
                   {"left", Align::right},
                   {"channel"},
                   {"from", Align::instant},
                   {"until", Align::instant}}};
    const LocalClock clock{agreement.coverage};
    for (const entitle::TopUpState& top_up : one.top_ups.open) {
        const bool ends = top_up.expires != entitle::Instant::max();
        top_ups.add({fmt::format("{}", top_up.number), amount(top_up.amount, unit), amount(top_up.left, unit),
                     escaped(top_up.channel.name()), clock.minute(top_up.from),
                     ends ? clock.minute(top_up.expires) : std::string{"never"}});
    }
    if (!top_ups.empty()) text.append("\n").append(top_ups.shown());
    return {entitlement_json(session, one), std::move(text)};
}

}  // namespace program
