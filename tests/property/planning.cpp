#include "property/planning.hpp"

#include <variant>

#include "property/must.hpp"

namespace entitle_property {

namespace {

using entitle::CommandKind;

template <class C>
entitle::Footprint footprint_of(const C& command) {
    entitle::Footprint footprint{command.customer, {}, command.request, {}};
    if constexpr (entitle::CaseCommand<C>) footprint.support_case = command.id;
    else if constexpr (C::kind == CommandKind::assign)
        footprint.entitlement = entitle::rule::assigned_for(command.customer, command.id);
    else if constexpr (C::kind == CommandKind::renew) footprint.entitlement = command.new_id;
    else footprint.entitlement = command.id;
    return footprint;
}

/// What the rules may know besides the view.
template <class C>
void tell(const C& command, entitle::Store& store, entitle::rule::Facts& facts) {
    if constexpr (C::kind == CommandKind::open_case || C::kind == CommandKind::change_entitlement) {
        const bool here = facts.view.find(command.entitlement) != entitle::no_row;
        facts.elsewhere = !here && !store.customer_of(command.entitlement).value().is_none();
    }
    if constexpr (entitle::GrantCommand<C> || C::kind == CommandKind::renew) {
        facts.new_id = footprint_of(command).entitlement;
    }
    facts.zone = entitle::Zone{};
}

/// The engine's part between a view and a plan: boundaries pass first, and a rule is told what it asks for.
template <class C>
bool decide(const C& command, entitle::Store& store, entitle::View& view, const entitle::Policy& policy,
            entitle::Instant now, const entitle::Catalog& catalog, entitle::Plan& plan) {
    const bool is_due = view.due <= now;
    entitle::rule::CatchUp catching;
    if (is_due) {
        catching.begin(view, now);
        for (std::uint32_t i = 0; i < view.rows.size(); ++i) {
            if (view.rows[i].record->periods.is_due(now)) catching.roll(i, entitle::Zone{});
        }
    }
    entitle::rule::Facts facts{view, policy, now};
    facts.catalog = &catalog;
    tell(command, store, facts);
    bool decided = entitle::rule::decide(command, facts, plan).has_value();
    entitle::History history;
    while (plan.history_from != 0) {
        history = {plan.history_from, {}};
        (void)store.history(view.customer, view.rows[plan.history_row].id, history.from, history.entries)
            .value();
        if (is_due) catching.tell(plan.history_row, history.entries);
        view.history = &history;
        decided = entitle::rule::decide(command, facts, plan).has_value();
    }
    view.history = nullptr;
    return decided && entitle::rule::complete(plan, view, is_due ? &catching : nullptr);
}

}  // namespace

entitle::Catalog catalog_of(const entitle::Store& store) {
    entitle::Catalog catalog;
    must(store.list(entitle::TemplateId{}, catalog.templates));
    must(store.list(entitle::ProductId{}, catalog.rules));
    return catalog;
}

std::optional<entitle::Plan> plan_for(entitle::Store& store, const entitle::Command& command,
                                      const entitle::Policy& policy, entitle::Instant now,
                                      const entitle::Catalog& catalog) {
    return std::visit(
        [&](const auto& one) -> std::optional<entitle::Plan> {
            entitle::View view;
            must(store.view(footprint_of(one), view));
            const auto retention = store.capabilities().request_retention;
            if (one.request && entitle::detail::is_remembered(view, now, retention)) return std::nullopt;
            entitle::Plan plan;
            if (!decide(one, store, view, policy, now, catalog, plan)) return std::nullopt;
            plan.arguments = entitle::arguments_of(one);
            return plan;
        },
        command);
}

}  // namespace entitle_property
