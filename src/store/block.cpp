#include "block.hpp"

#include <algorithm>
#include <utility>

#include "entitle/store/rows.hpp"

namespace entitle::inline v0::store {

std::size_t Block::bytes() const {
    std::size_t bytes = sizeof(Block) +
                        rows.size() * (sizeof(EntitlementRow) + sizeof(EntitlementRecord) + 64) +
                        channels.size() * (sizeof(ChannelRow) + sizeof(ChannelTerms)) +
                        held.size() * sizeof(std::int64_t) + scope_words.size() * 2 * sizeof(Uuid);
    for (const auto& record : records) {
        bytes += record->agreement.name.size() + record->agreement.description.size();
    }
    return bytes;
}

bool Block::holds_any() const {
    return std::any_of(held.begin(), held.end(), [](std::int64_t one) { return one != 0; });
}

void Block::show(View& out) const {
    out.customer = id;
    out.rows = rows;
    out.channels = channels.data();
    out.scope_words = scope_words.data();
    out.held = held.empty() ? nullptr : held.data();
    out.shape = shape;
    out.last_number = last_number;
    out.due = due;
    out.names_level = names_level;
}

std::vector<LooseRow> loosen(Block& block) {
    std::vector<LooseRow> rows;
    rows.reserve(block.rows.size() + 1);
    for (std::size_t i = 0; i < block.rows.size(); ++i) {
        const EntitlementRow& row = block.rows[i];
        const ChannelRow* channels = block.channels_of(row);
        LooseRow& loose = rows.emplace_back();
        loose.row = row;
        loose.record = std::move(block.records[i]);
        loose.channels.assign(channels, channels + row.kept);
        loose.held = block.held_of(i, no_channel);
        for (std::uint16_t k = 0; k < row.kept; ++k) loose.channels_held.push_back(block.held_of(i, k));
    }
    return rows;
}

namespace {

/// Of a channel too: what is held there is held of the total as well.
[[nodiscard]] bool is_held(const LooseRow& loose) { return loose.held != 0; }

}  // namespace

void settle(std::vector<LooseRow> rows, Block& block) {
    block.rows.clear();
    block.channels.clear();
    block.scope_words.clear();
    block.records.clear();
    block.due = Instant::max();
    block.names_level = false;
    const bool holds = !block.held.empty() || std::any_of(rows.begin(), rows.end(), is_held);
    std::vector<std::int64_t> of_totals;
    std::vector<std::int64_t> of_channels;
    for (LooseRow& loose : rows) {
        block.due = std::min(block.due, loose.record->periods.due);
        block.names_level = block.names_level || loose.record->agreement.sla;
        loose.row.record = loose.record.get();
        loose.row.channel_at = static_cast<std::uint32_t>(block.channels.size());
        loose.row.scope_at = static_cast<std::uint32_t>(block.scope_words.size());
        const std::vector<Uuid> words = detail::scope_words(loose.record->agreement.scope);
        block.rows.push_back(loose.row);
        block.channels.insert(block.channels.end(), loose.channels.begin(), loose.channels.end());
        block.scope_words.insert(block.scope_words.end(), words.begin(), words.end());
        block.records.push_back(std::move(loose.record));
        of_totals.push_back(loose.held);
        of_channels.insert(of_channels.end(), loose.channels_held.begin(), loose.channels_held.end());
    }
    block.held.clear();
    if (!holds) return;
    block.held = std::move(of_totals);
    block.held.insert(block.held.end(), of_channels.begin(), of_channels.end());
}

namespace {

void agree(LooseRow& loose, const EntitlementChange& change) {
    detail::agree(*loose.record, change);
    loose.row.phase = change.phase;
    loose.row.remaining += change.add;
    loose.channels = detail::carried(change, loose.channels);
    loose.channels_held = detail::carried_holds(change, loose.channels_held);
    detail::describe(loose.row, *loose.record, change.span);
}

[[nodiscard]] LooseRow inserted_row(const Plan& plan, const Block& block) {
    LooseRow loose;
    loose.record = std::make_unique<EntitlementRecord>();
    loose.record->customer = plan.customer;
    loose.record->sequence = block.last_number + 1;
    loose.record->renewed_from = plan.entitlement.renewed_from;
    loose.record->purchase = plan.entitlement.purchase;
    loose.row.id = plan.entitlement.id;
    loose.row.is_default = plan.default_inserted;
    agree(loose, plan.entitlement);
    return loose;
}

}  // namespace

std::vector<LooseRow> changed_rows(const Plan& plan, Block& block) {
    using Kind = EntitlementChange::Kind;
    const EntitlementChange& change = plan.entitlement;
    LooseRow inserted;
    if (change.kind == Kind::insert) inserted = inserted_row(plan, block);
    std::vector<LooseRow> rows = loosen(block);
    if (plan.sets_default) {
        for (std::size_t i = 0; i < rows.size(); ++i) rows[i].row.is_default = i == plan.default_row;
    }
    if (change.kind == Kind::replace) agree(rows[change.row], change);
    if (change.kind == Kind::phase) rows[change.row].row.phase = change.phase;
    for (const PeriodChange& period : plan.periods) {
        LooseRow& loose = period.row == no_row ? inserted : rows[period.row];
        detail::advance(loose.row, *loose.record, period, {block.last_number + 1, plan.held_by});
    }
    if (plan.order.empty() && change.kind != Kind::remove) return rows;
    std::vector<LooseRow> ordered;
    ordered.reserve(plan.order.size());
    for (const std::uint32_t at : plan.order) {
        ordered.push_back(std::move(at == no_row ? inserted : rows[at]));
    }
    return ordered;
}

std::size_t row_after(const Plan& plan, std::uint32_t row) {
    const bool removes = plan.entitlement.kind == EntitlementChange::Kind::remove;
    if (plan.order.empty() || removes) return row;
    return static_cast<std::size_t>(std::find(plan.order.begin(), plan.order.end(), row) -
                                    plan.order.begin());
}

}  // namespace entitle::inline v0::store
