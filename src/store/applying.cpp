#include "applying.hpp"

#include <algorithm>

namespace entitle::inline v0::store {

bool still_holds(const Plan& plan, Block& block) {
    if (block.shape != plan.shape) return false;
    const bool within = std::all_of(plan.guards.begin(), plan.guards.end(), [&](const Guard& guard) {
        const EntitlementRow& row = block.rows[guard.row];
        std::int64_t counter =
            guard.channel == no_channel ? row.remaining : block.channels_of(row)[guard.channel].remaining;
        if (guard.of_available) counter -= block.held_of(guard.row, guard.channel);
        return counter >= guard.lower && counter <= guard.upper;
    });
    if (!within || plan.entitlement.kind != EntitlementChange::Kind::replace) return within;
    const EntitlementRow& row = block.rows[plan.entitlement.row];
    return !row.has_history || plan.entitlement.agreement.unit() == unit_of(row);
}

namespace {

/// Counts what a hold reserves and a release frees.
void move_held(const PlannedEntry& planned, std::size_t row, Block& block) {
    if (block.held.empty()) block.held.resize(block.rows.size() + block.channels.size());
    block.held[row] += planned.amount;
    if (planned.channel != no_channel) block.held[block.held_at(row, planned.channel)] += planned.amount;
}

[[nodiscard]] Posting move(const PlannedEntry& planned, std::size_t at, Block& block) {
    EntitlementRow& row = block.rows[at];
    if (changes_held(planned.kind)) move_held(planned, at, block);
    if (planned.uses()) row.has_history = true;
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
    return move(planned, planned.row, block);
}

Posting post(const Plan& plan, std::size_t ordinal, Block& block, Receipt& receipt) {
    const PlannedEntry& planned = plan.entries[ordinal];
    const Posting out = move(planned, row_after(plan, planned.row), block);
    const EntitlementRow& row = out.row;
    if (row.id == receipt.entitlement) {
        receipt.set_unit(unit_of(row));
        if (planned.kind == EntryKind::low_water) receipt.add_mark(out.channel, planned.amount);
        if (explains(planned.kind)) return out;
        receipt.add(planned.total_moved, row.remaining, out.channel, planned.channel_moved,
                    out.channel_remaining);
        if (sets_apart(planned.kind)) receipt.add_amount(planned.kind, planned.amount);
    }
    return out;
}

const EntitlementRow& last_row(const Plan& plan, const Block& block) {
    return block.rows[row_after(plan, plan.entries.back().row)];
}

namespace {

/// What stands for the case by the entry that a plan names; where it names none, what stood before and still does.
[[nodiscard]] Standing standing_after(const Plan& plan, const Block& block, std::uint16_t by,
                                      std::int64_t quantity, const Standing& still, const Standing* before) {
    if (by == no_channel) return still.stands() && before != nullptr ? *before : Standing{};
    const PlannedEntry& planned = plan.entries[by];
    const EntitlementRow& row = block.rows[row_after(plan, planned.row)];
    const bool is_elsewhere = planned.kind == EntryKind::posting && !planned.reverses.is_none();
    Standing standing{is_elsewhere ? planned.reverses : EntryRef{block.last_number, by}, quantity, {}};
    if (planned.channel != no_channel) standing.channel = channel_name(row, planned.channel);
    return standing;
}

}  // namespace

SupportCase case_after(const Plan& plan, const Block& block, const SupportCase* before) {
    SupportCase after = plan.support_case;
    after.customer = plan.customer;
    after.entitlement = last_row(plan, block).id;
    after.last_number = block.last_number;
    if (before != nullptr) after.named = before->named;
    const auto entry = [&](std::uint16_t by) { return by == no_channel ? PlannedEntry{} : plan.entries[by]; };
    after.posted = standing_after(plan, block, plan.posted_by, -entry(plan.posted_by).total_moved,
                                  plan.support_case.posted, before == nullptr ? nullptr : &before->posted);
    static_cast<Standing&>(after.held) =
        standing_after(plan, block, plan.held_by, entry(plan.held_by).amount, plan.support_case.held,
                       before == nullptr ? nullptr : &before->held);
    return after;
}

}  // namespace entitle::inline v0::store
