#include "applying.hpp"

#include <algorithm>

namespace entitle::inline v0::store {

bool still_holds(const Plan& plan, Block& block) {
    if (block.shape != plan.shape) return false;
    const bool within = std::all_of(plan.guards.begin(), plan.guards.end(), [&](const Guard& guard) {
        const EntitlementRow& row = block.rows[guard.row];
        const std::int64_t counter =
            guard.channel == no_channel ? row.remaining : block.channels_of(row)[guard.channel].remaining;
        return counter >= guard.lower && counter <= guard.upper;
    });
    if (!within || plan.entitlement.kind != EntitlementChange::Kind::replace) return within;
    const EntitlementRow& row = block.rows[plan.entitlement.row];
    return !row.has_history || plan.entitlement.agreement.unit() == unit_of(row);
}

namespace {

[[nodiscard]] Posting move(const PlannedEntry& planned, EntitlementRow& row, Block& block) {
    if (planned.total_moved != 0 || planned.channel_moved != 0) row.has_history = true;
    row.remaining += planned.total_moved;
    Posting out{.row = row};
    if (planned.channel != no_channel) {
        ChannelRow& channel = block.channels_of(row)[planned.channel];
        channel.remaining += planned.channel_moved;
        out.channel = channel_name(row, planned.channel);
        out.channel_remaining = channel.remaining;
    }
    return out;
}

}  // namespace

Posting pass(const Plan& plan, std::size_t ordinal, Block& block) {
    const PlannedEntry& planned = plan.entries[ordinal];
    return move(planned, block.rows[planned.row], block);
}

Posting post(const Plan& plan, std::size_t ordinal, Block& block, Receipt& receipt) {
    const PlannedEntry& planned = plan.entries[ordinal];
    EntitlementRow& row = block.rows[row_after(plan, planned.row)];
    const Posting out = move(planned, row, block);
    if (row.id == receipt.entitlement) {
        receipt.set_unit(unit_of(row));
        receipt.add(planned.total_moved, row.remaining, out.channel, planned.channel_moved,
                    out.channel_remaining);
    }
    return out;
}

const EntitlementRow& last_row(const Plan& plan, const Block& block) {
    return block.rows[row_after(plan, plan.entries.back().row)];
}

SupportCase case_after(const Plan& plan, const Block& block, const SupportCase* before) {
    SupportCase after = plan.support_case;
    after.customer = plan.customer;
    after.entitlement = last_row(plan, block).id;
    after.last_number = block.last_number;
    if (before != nullptr) after.named = before->named;
    if (plan.posted_by == no_channel) {
        const bool stands = plan.support_case.posted.stands() && before != nullptr;
        after.posted = stands ? before->posted : Posted{};
        return after;
    }
    const PlannedEntry& planned = plan.entries[plan.posted_by];
    const EntitlementRow& row = block.rows[row_after(plan, planned.row)];
    after.posted = {{block.last_number, plan.posted_by}, -planned.total_moved, {}};
    if (planned.channel != no_channel) after.posted.channel = channel_name(row, planned.channel);
    return after;
}

}  // namespace entitle::inline v0::store
