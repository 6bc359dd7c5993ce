#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "entitle/rule/template.hpp"
#include "entitle/value/purchase.hpp"

/// Automatic assignment: an entitlement for a purchase (section 7).
namespace entitle::inline v0::rule {

[[nodiscard]] inline Result<void> check_rule(const AssignmentRule& rule) {
    if (rule.product.is_none() || rule.from.is_none()) return refuse(ErrorCode::id_missing);
    return rule.at_least < 0 ? Result<void>{refuse(ErrorCode::quantity_out_of_range)} : Result<void>{};
}

/// The product's rule with the largest quantity that is not above the purchase's; or none.
[[nodiscard]] inline const AssignmentRule* rule_for(const Assign& purchase, const Catalog& catalog) {
    const AssignmentRule* best = nullptr;
    for (const AssignmentRule& rule : catalog.rules) {
        if (rule.product != purchase.product || rule.at_least > purchase.quantity) continue;
        if (best == nullptr || rule.at_least > best->at_least) best = &rule;
    }
    return best;
}

[[nodiscard]] inline const Template* template_of(const Assign& command, const Catalog& catalog) {
    const AssignmentRule* rule = rule_for(command, catalog);
    return rule == nullptr ? nullptr : find_template(catalog, rule->from);
}

/// The id of what is assigned for a purchase: made of the purchase's, so that a store which knows the
/// entitlement, or that there was one, knows the purchase.
[[nodiscard]] inline EntitlementId assigned_for(CustomerId customer, PurchaseId purchase) {
    std::string name;
    for (const Uuid part : {customer.bits(), purchase.bits()}) {
        for (const std::uint64_t word : {part.hi, part.lo}) {
            for (int shift = 56; shift >= 0; shift -= 8) name.push_back(static_cast<char>(word >> shift));
        }
    }
    constexpr Uuid space{0x8e0b'64d2'95f1'4c37, 0xa1c9'38e5'7d20'6fb4};  // of these alone
    return EntitlementId{uuid_from_name(space, name)};
}

namespace detail {

[[nodiscard]] inline Result<void> check_purchase(const Assign& command) {
    if (command.customer.is_none()) return refuse(ErrorCode::customer_missing);
    if (command.id.is_none() || command.product.is_none()) return refuse(ErrorCode::id_missing);
    return command.quantity < 1 ? Result<void>{refuse(ErrorCode::quantity_out_of_range)} : Result<void>{};
}

}  // namespace detail

/// One purchase, looked at by itself. One that was answered before: ok, nothing recorded.
[[nodiscard]] inline Result<void> decide(const Assign& command, const Facts& facts, Plan& plan) {
    begin_plan(plan, command, facts);
    if (auto checked = detail::check_purchase(command); !checked) return checked;
    const Purchase purchase{command.id, command.product, command.quantity};
    if (facts.view.known) {
        const std::uint32_t row = facts.view.find(facts.new_id);
        const bool is_same = row != no_row && facts.view.rows[row].record->purchase == purchase;
        if (!is_same) return refuse(ErrorCode::purchase_exists);
        plan.subject = facts.new_id;
        return {};
    }
    const AssignmentRule* rule = rule_for(command, *facts.catalog);
    if (rule == nullptr) return refuse(ErrorCode::no_rule);
    const Template* from = find_template(*facts.catalog, rule->from);
    if (auto made = insert_from(plan, facts, from, Phase::activated, false); !made) return made;
    plan.entitlement.purchase = purchase;
    plan.reason = fmt::format("purchase {}: {} of product {}, by the rule for {} or more", purchase.id,
                              purchase.quantity, purchase.product, rule->at_least);
    note(plan, no_row);
    return {};
}

}  // namespace entitle::inline v0::rule
