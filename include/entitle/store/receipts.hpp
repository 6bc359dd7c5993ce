#pragma once

#include <span>

#include "entitle/value/plan.hpp"
#include "entitle/value/receipt.hpp"
#include "entitle/value/row.hpp"

/// What a receipt says before a plan's entries are added to it: the same in every store.
namespace entitle::inline v0::detail {

/// What was commanded. The receipt is blank.
[[gnu::always_inline]] inline void begin_receipt(const Plan& plan, Receipt& receipt) {
    receipt.command = plan.command;
    receipt.customer = plan.customer;
    receipt.entitlement = plan.subject;
    receipt.support_case = plan.support_case_id;
    receipt.request = plan.request;
    receipt.at = plan.at;
    if (plan.deadlines) [[unlikely]]
        receipt.set_deadlines(*plan.deadlines);
}

/// Of a plan without entries: nothing was recorded; what is left is as it was.
inline void answer_nothing(const Plan& plan, std::span<const EntitlementRow> rows, Receipt& receipt) {
    receipt.repeated = true;
    for (const EntitlementRow& row : rows) {
        if (row.id != receipt.entitlement) continue;
        receipt.set_unit(unit_of(row));
        receipt.remaining.value = plan.left.value_or(row.remaining);
    }
}

}  // namespace entitle::inline v0::detail
