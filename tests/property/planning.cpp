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
    if constexpr (C::kind == CommandKind::draft || C::kind == CommandKind::import_entitlement) {
        facts.new_id = command.id;
    }
    if constexpr (C::kind == CommandKind::renew) facts.new_id = command.new_id;
    facts.zone = entitle::Zone{};
}

}  // namespace

std::optional<entitle::Plan> plan_for(entitle::Store& store, const entitle::Command& command,
                                      const entitle::Policy& policy, entitle::Instant now) {
    return std::visit(
        [&](const auto& one) -> std::optional<entitle::Plan> {
            entitle::View view;
            must(store.view(footprint_of(one), view));
            const auto retention = store.capabilities().request_retention;
            if (one.request && entitle::detail::is_remembered(view, now, retention)) return std::nullopt;
            entitle::rule::Facts facts{view, policy, now};
            tell(one, store, facts);
            entitle::Plan plan;
            if (!entitle::rule::decide(one, facts, plan)) return std::nullopt;
            plan.arguments = entitle::arguments_of(one);
            return plan;
        },
        command);
}

}  // namespace entitle_property
