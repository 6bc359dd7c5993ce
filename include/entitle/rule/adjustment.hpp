#pragma once

#include <cstdint>

#include "entitle/rule/agreement.hpp"
#include "entitle/rule/case_plan.hpp"
#include "entitle/rule/posting.hpp"
#include "entitle/value/entitlement_command.hpp"
#include "entitle/value/limits.hpp"

/// A signed correction by hand, with its reason (section 10).
namespace entitle::inline v0::rule {

[[nodiscard]] inline Result<void> decide(const Adjust& command, const Facts& facts, Plan& plan) {
    begin_plan(plan, command, facts);
    const std::uint32_t row = facts.view.find(command.id);
    if (row == no_row) return refuse(ErrorCode::unknown_entitlement);
    plan.subject = command.id;
    const Unit unit = channel_unit(facts.view.rows[row].record->agreement);
    const auto in_unit = [unit](Quantity amount) { return amount.value == 0 || amount.unit == unit; };
    if (!in_unit(command.quantity) || !in_unit(command.channel_quantity))
        return refuse(ErrorCode::unit_mismatch);
    if (command.quantity.value == 0 && command.channel_quantity.value == 0) {
        return refuse(ErrorCode::nothing_to_adjust);
    }
    if (command.reason.empty()) return refuse(ErrorCode::reason_missing);
    if (auto text = check_text(command.reason, 1, max_description, ErrorCode::description_length); !text)
        return text;
    const std::uint16_t channel = origin_channel(facts.view, row, command.channel);
    if (channel == no_channel && (command.channel || command.channel_quantity.value != 0)) {
        Error error;
        error.code = ErrorCode::channel_not_listed;
        error.channel = command.channel;
        error.entitlement = command.id;
        return tl::unexpected<Error>{error};
    }
    plan.reason = command.reason;
    if (facts.view.rows[row].topped_up) {
        draw(plan, facts.view, {row, channel}, -command.quantity.value, -command.channel_quantity.value);
    }
    return move(plan, facts.view, EntryKind::adjustment, {row, channel}, command.quantity.value,
                command.channel_quantity.value);
}

}  // namespace entitle::inline v0::rule
