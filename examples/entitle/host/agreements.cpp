#include "host/agreements.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace program {

namespace {

template <class Id>
[[nodiscard]] Done find_all(Session& session, const std::vector<std::string>& keys, std::vector<Id>& ids) {
    for (const std::string& key : keys) {
        const auto id = session.keys().get_or_make<Id>(key);
        if (!id) return passed_on(id);
        ids.push_back(*id);
    }
    return {};
}

/// Of what has four lists of keys.
template <class Planned>
[[nodiscard]] Or<entitle::Scope> scope_in(Session& session, const Planned& planned) {
    entitle::Scope scope;
    for (const Done& found : {find_all(session, planned.contacts, scope.contacts),
                              find_all(session, planned.products, scope.products),
                              find_all(session, planned.assets, scope.assets),
                              find_all(session, planned.case_types, scope.case_types)}) {
        if (!found) return passed_on(found);
    }
    return scope;
}

template <class Id>
void add_keys(Session& session, Node& object, const char* key, const std::vector<Id>& ids) {
    if (ids.empty()) return;
    Node list{Node::Kind::list, key, {}, {}};
    for (const Id id : ids) list.items.push_back(text_node({}, session.keys().of(id)));
    object.items.push_back(std::move(list));
}

[[nodiscard]] std::string_view step_name(entitle::Cycle::Step step) {
    switch (step) {
        case entitle::Cycle::Step::days: return "days";
        case entitle::Cycle::Step::weeks: return "weeks";
        case entitle::Cycle::Step::months: return "months";
        case entitle::Cycle::Step::years: break;
    }
    return "years";
}

/// `"month"`, or `{"every": 2, "step": "weeks", "anchor": "2014-01-01"}`.
[[nodiscard]] Node cycle_node(const entitle::Cycle& cycle) {
    const std::string_view step = step_name(cycle.step);
    if (cycle.every == 1 && !cycle.anchor) {
        return text_node("period", std::string{step.substr(0, step.size() - 1)});
    }
    Node object{Node::Kind::object, "period", {}, {}};
    object.items.push_back(number_node("every", cycle.every));
    object.items.push_back(text_node("step", std::string{step}));
    if (cycle.anchor)
        object.items.push_back(text_node("anchor", fmt::format("{}", entitle::as_day(*cycle.anchor))));
    return object;
}

void add_period(Node& object, const entitle::Agreement& agreement) {
    if (!agreement.period) return;
    object.items.push_back(cycle_node(agreement.period->cycle));
    if (agreement.period->rollover) {
        const entitle::Quantity& most = *agreement.period->rollover;
        object.items.push_back(amount_node("rollover", most.value, most.unit));
    }
    if (agreement.period->preserve_overage) object.items.push_back(flag_node("preserve_overage", true));
}

[[nodiscard]] std::string_view allocation_name(entitle::Allocation allocation) {
    switch (allocation) {
        case entitle::Allocation::cases: return "cases";
        case entitle::Allocation::hours: return "hours";
        case entitle::Allocation::money: return "money";
        case entitle::Allocation::coverage_only: break;
    }
    return "coverage";
}

/// What an entitlement and a template have in common, from how much was agreed on.
void add_terms(Session& session, Node& object, const entitle::Agreement& agreement) {
    const entitle::Unit unit = agreement.unit();
    const auto add = [&object](Node node) { object.items.push_back(std::move(node)); };
    if (agreement.coverage.time_zone != "UTC") add(text_node("time_zone", agreement.coverage.time_zone));
    add(text_node("allocation", std::string{allocation_name(unit.allocation)}));
    if (unit.allocation == entitle::Allocation::money)
        add(text_node("currency", fmt::format("{}", unit.currency)));
    if (agreement.terms.total) add(amount_node("total", agreement.total(), unit));
    add(text_node("decrease_on",
                  agreement.terms.decrease_on == entitle::DecreaseOn::creation ? "creation" : "resolution"));
    if (agreement.terms.restricted) add(flag_node("restrict", true));
    if (!agreement.channels.empty()) {
        Node channels{Node::Kind::object, "channels", {}, {}};
        for (const entitle::ChannelTerms& one : agreement.channels) {
            channels.items.push_back(
                amount_node(std::string{one.channel.name()}, one.total.value, one.total.unit));
        }
        add(std::move(channels));
    }
    add_period(object, agreement);
    add_scope(session, object, agreement.scope);
    constexpr std::int32_t usual = 100;
    if (agreement.priority != usual) add(number_node("priority", agreement.priority));
    if (agreement.sla) add(text_node("sla", session.keys().of(agreement.sla)));
}

void add_days(Node& object, const entitle::Coverage& coverage) {
    object.items.push_back(text_node("first_day", fmt::format("{}", entitle::as_day(coverage.first_day))));
    object.items.push_back(text_node("last_day", fmt::format("{}", entitle::as_day(coverage.last_day))));
}

}  // namespace

Node text_node(std::string key, std::string text) {
    return {Node::Kind::text, std::move(key), std::move(text), {}};
}

Node number_node(std::string key, std::int64_t value) {
    return {Node::Kind::whole_number, std::move(key), std::to_string(value), {}};
}

Node flag_node(std::string key, bool value) {
    return {Node::Kind::boolean, std::move(key), value ? "true" : "false", {}};
}

Node amount_node(std::string key, std::int64_t value, entitle::Unit unit) {
    const std::string text = fmt::format("{}", entitle::Quantity{value, unit});
    std::string digits = text.substr(0, text.find(' '));
    if (unit.allocation == entitle::Allocation::money) return text_node(std::move(key), std::move(digits));
    if (value % unit.per_term() == 0) return number_node(std::move(key), value / unit.per_term());
    return text_node(std::move(key), std::move(digits));
}

void add_scope(Session& session, Node& object, const entitle::Scope& scope) {
    add_keys(session, object, "products", scope.products);
    add_keys(session, object, "contacts", scope.contacts);
    add_keys(session, object, "assets", scope.assets);
    add_keys(session, object, "case_types", scope.case_types);
}

Or<entitle::Scope> scope_of(Session& session, const PlannedEntitlement& planned) {
    return scope_in(session, planned);
}

Or<entitle::Scope> scope_of(Session& session, const PlannedKpi& planned) {
    return scope_in(session, planned);
}

Or<entitle::SlaId> level_in(Session& session, const std::string& key) {
    if (key.empty()) return entitle::SlaId{};
    const auto known = session.keys().get<entitle::SlaId>(key);
    if (!known) return passed_on(known);
    return known->id;
}

Or<entitle::Draft> draft_of(Session& session, const PlannedEntitlement& planned) {
    entitle::Draft draft = planned.draft;
    auto scope = scope_of(session, planned);
    if (!scope) return passed_on(scope);
    draft.scope = std::move(*scope);
    const auto level = level_in(session, planned.sla);
    if (!level) return passed_on(level);
    draft.sla = *level;
    return draft;
}

Done keep_template(Session& session, const PlannedTemplate& planned) {
    const auto id = session.keys().get_or_make<entitle::TemplateId>(planned.made.id);
    if (!id) return passed_on(id);
    auto scope = scope_of(session, planned.made);
    if (!scope) return passed_on(scope);
    entitle::Template made{
        .id = *id, .agreement = entitle::rule::agreement_of(planned.made.draft), .lasts = planned.lasts};
    made.agreement.scope = std::move(*scope);
    const auto level = level_in(session, planned.made.sla);
    if (!level) return passed_on(level);
    made.agreement.sla = *level;
    const auto kept = session.engine().set_template(std::move(made));
    return kept ? Done{} : passed_on(kept);
}

Done keep_rule(Session& session, const PlannedRule& planned) {
    const auto from = session.keys().get<entitle::TemplateId>(planned.from);
    if (!from) return passed_on(from);
    const auto product = session.keys().get_or_make<entitle::ProductId>(planned.product);
    if (!product) return passed_on(product);
    const auto kept = session.engine().set_rule({*product, planned.at_least, from->id});
    return kept ? Done{} : passed_on(kept);
}

Node node_of(Session& session, const entitle::Entitlement& one) {
    Node object{Node::Kind::object, {}, {}, {}};
    object.items.push_back(text_node("id", session.keys().of(one.id)));
    object.items.push_back(text_node("name", one.agreement.name));
    object.items.push_back(text_node("customer", session.keys().of(one.customer)));
    add_days(object, one.agreement.coverage);
    add_terms(session, object, one.agreement);
    if (one.is_default) object.items.push_back(flag_node("default", true));
    return object;
}

Node node_of(Session& session, const entitle::Template& one) {
    Node object{Node::Kind::object, {}, {}, {}};
    object.items.push_back(text_node("id", session.keys().of(one.id)));
    object.items.push_back(text_node("name", one.agreement.name));
    if (one.lasts) {
        Node lasts{Node::Kind::object, "lasts", {}, {}};
        const bool is_days = one.lasts->step == entitle::Length::Step::days;
        lasts.items.push_back(number_node(is_days ? "days" : "months", one.lasts->count));
        object.items.push_back(std::move(lasts));
    } else {
        add_days(object, one.agreement.coverage);
    }
    add_terms(session, object, one.agreement);
    return object;
}

}  // namespace program
