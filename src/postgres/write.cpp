#include "write.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "entitle/value/case_service_text.hpp"

#include "../store/writing.hpp"

namespace entitle::inline v0::postgres {

using store::signed_of;

Statement insert_customers(const Column& customers) {
    Statement statement{
        "INSERT INTO entitle_customers (customer_id) SELECT id FROM unnest($1::uuid[]) AS u (id) ORDER BY id"
        " ON CONFLICT (customer_id) DO UPDATE SET shape = entitle_customers.shape WHERE false"};
    statement.column(customers);
    return statement;
}

Statement delete_customers(const Column& customers) {
    Statement statement{
        "DELETE FROM entitle_customers WHERE customer_id = ANY ($1::uuid[]) AND shape = 0 AND last_number = "
        "0"};
    statement.column(customers);
    return statement;
}

namespace {

/// What is held beside each counter; nothing where nothing is.
void write_held(const Block& block, Column& out) {
    if (!block.holds_any()) return;
    for (std::size_t at = 0; at < block.rows.size(); ++at) {
        out.integer(block.held_of(at, no_channel));
        for (std::uint16_t i = 0; i < block.rows[at].kept; ++i) out.integer(block.held_of(at, i));
    }
}

}  // namespace

/// Arrays of arrays must be even: those of all customers go as one, and each customer cuts its own part out.
Statement update_customers(std::span<const Block* const> blocks) {
    static constexpr std::array types{Type::uuid,   Type::bigint, Type::bigint, Type::bigint, Type::bigint,
                                      Type::bigint, Type::bigint, Type::bigint, Type::bigint};
    Table rows{types};
    Column counters{Type::bigint};
    Column moved{Type::boolean};
    Column held{Type::bigint};
    for (const Block* block : blocks) {
        const auto first_counter = signed_of(counters.size()) + 1;
        const auto first_moved = signed_of(moved.size()) + 1;
        const auto first_held = signed_of(held.size()) + 1;
        write_held(*block, held);
        for (const EntitlementRow& row : block->rows) {
            counters.integer(row.remaining);
            for (std::size_t i = 0; i < row.kept; ++i) {
                counters.integer(block->channels[row.channel_at + i].remaining);
            }
            moved.integer(row.has_history);
        }
        rows.id(block->id).integer(signed_of(block->shape)).integer(signed_of(block->last_number));
        rows.integer(first_counter).integer(signed_of(counters.size()));
        rows.integer(first_moved).integer(signed_of(moved.size()));
        rows.integer(first_held).integer(signed_of(held.size()));
    }
    if (blocks.size() == 1) {  // by its key alone, as it was read
        const Block& block = *blocks.front();
        Statement one{
            "UPDATE entitle_customers SET shape = $2, last_number = $3, counters = $4, moved = $5, held = $6"
            " WHERE customer_id = $1"};
        one.id(block.id).integer(signed_of(block.shape)).integer(signed_of(block.last_number));
        return one.column(counters).column(moved).column(held);
    }
    Statement statement{
        "UPDATE entitle_customers c SET shape = u.shape, last_number = u.last_number,"
        " counters = ($10::bigint[])[u.first_counter::integer : u.last_counter::integer],"
        " moved = ($11::boolean[])[u.first_moved::integer : u.last_moved::integer],"
        " held = ($12::bigint[])[u.first_held::integer : u.last_held::integer]"
        " FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],"
        " $7::bigint[], $8::bigint[], $9::bigint[]) AS u (customer_id, shape, last_number, first_counter,"
        " last_counter, first_moved, last_moved, first_held, last_held) WHERE c.customer_id = u.customer_id"};
    statement.table(rows).column(counters).column(moved).column(held);
    return statement;
}

namespace {

template <class I>
[[nodiscard]] Column column_of(const std::vector<I>& ids) {
    Column column{Type::uuid};
    for (const I id : ids) column.id(id.bits());
    return column;
}

}  // namespace

void bind_parts(Statement& statement, const Agreement& agreement, std::span<const Channel> removed) {
    Column names{Type::text};
    Column totals{Type::bigint};
    for (const ChannelTerms& item : agreement.channels) {
        names.text(item.channel.name());
        totals.integer(item.total.value);
    }
    for (const Channel& channel : removed) {
        names.text(channel.name());
        totals.null();
    }
    const Scope& scope = agreement.scope;
    statement.integer(agreement.total()).column(names).column(totals);
    statement.column(column_of(scope.contacts)).column(column_of(scope.products));
    statement.column(column_of(scope.assets)).column(column_of(scope.case_types));
}

namespace {

/// An entitlement whole, in the place of what was there of it.
[[nodiscard]] Statement write_entitlement(const Block& block, const EntitlementRow& row,
                                          const Standing& standing) {
    Statement statement{
        "INSERT INTO entitle_entitlements (customer_id, entitlement_id, made_by, first_counter, place, phase,"
        " is_default, name, description, first_day, last_day, time_zone, begins_at, ends_at, counts, "
        "currency,"
        " per_term, decrease_on, restricted, priority, knowledge_base, discount_percent, sla_id, template_id,"
        " owner_id, renewed_from, total, channels, channel_totals, contacts, products, assets, case_types,"
        " period_every, period_step, period_anchor, rollover, preserve_overage, counts_from, due, "
        "last_boundary, rolled, top_ups, holds, purchase_id, purchase_product, purchase_quantity, low_water)"
        " VALUES ($1, $2, $3, $4::bigint, $5::bigint, $6, $7::bigint <> 0, $8, $9, $10, $11, $12, $13, $14, "
        "$15,"
        " $16, $17, $18, $19::bigint <> 0, $20::bigint, $21, $22::bigint, $23, $24, $25, $26, $27, $28, $29,"
        " $30, $31, $32, $33, $34::bigint, $35, $36, $37, $38::bigint <> 0, $39, $40, $41, $42, $43, $44, "
        "$45, $46, $47, $48)"
        " ON CONFLICT (customer_id, entitlement_id) DO UPDATE SET first_counter = excluded.first_counter,"
        " place = excluded.place, phase = excluded.phase, is_default = excluded.is_default,"
        " name = excluded.name, description = excluded.description, first_day = excluded.first_day,"
        " last_day = excluded.last_day, time_zone = excluded.time_zone, begins_at = excluded.begins_at,"
        " ends_at = excluded.ends_at, counts = excluded.counts, currency = excluded.currency,"
        " per_term = excluded.per_term, decrease_on = excluded.decrease_on, restricted = excluded.restricted,"
        " priority = excluded.priority, knowledge_base = excluded.knowledge_base,"
        " discount_percent = excluded.discount_percent, sla_id = excluded.sla_id,"
        " template_id = excluded.template_id, owner_id = excluded.owner_id,"
        " renewed_from = excluded.renewed_from, total = excluded.total, channels = excluded.channels,"
        " channel_totals = excluded.channel_totals, contacts = excluded.contacts,"
        " products = excluded.products, assets = excluded.assets, case_types = excluded.case_types,"
        " period_every = excluded.period_every, period_step = excluded.period_step,"
        " period_anchor = excluded.period_anchor, rollover = excluded.rollover,"
        " preserve_overage = excluded.preserve_overage, counts_from = excluded.counts_from,"
        " due = excluded.due, last_boundary = excluded.last_boundary, rolled = excluded.rolled,"
        " top_ups = excluded.top_ups, holds = excluded.holds,"
        " purchase_id = excluded.purchase_id, purchase_product = excluded.purchase_product,"
        " purchase_quantity = excluded.purchase_quantity, low_water = excluded.low_water"};
    statement.id(block.id)
        .id(row.id)
        .integer(signed_of(row.record->sequence))
        .integer(standing.first_counter);
    store::bind_agreement(statement, row, static_cast<std::size_t>(standing.place),
                          store::Days{row.record->agreement.coverage});
    bind_parts(statement, row.record->agreement, row.record->removed);
    store::bind_record(statement, *row.record, store::Texts{*row.record});
    return statement;
}

[[nodiscard]] Statement remove_entitlements(const Block& block) {
    Statement statement{
        "UPDATE entitle_entitlements SET place = NULL, first_counter = NULL, is_default = false"
        " WHERE customer_id = $1 AND entitlement_id = ANY ($2::uuid[])"};
    statement.id(block.id).column(column_of(block.removed));
    return statement;
}

[[nodiscard]] Statement move_entitlements(const Block& block, const Table& moved) {
    Statement statement{
        "UPDATE entitle_entitlements e SET place = u.place, first_counter = u.first_counter, phase = u.phase,"
        " is_default = u.is_default, counts_from = u.counts_from, due = u.due,"
        " last_boundary = u.last_boundary, rolled = u.rolled, top_ups = u.top_ups, holds = u.holds"
        " FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::boolean[], $7::bigint[],"
        " $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::text[]) AS u (entitlement_id, place, "
        "first_counter, phase, "
        "is_default,"
        " counts_from, due, last_boundary, rolled, top_ups, holds)"
        " WHERE e.customer_id = $1 AND e.entitlement_id = u.entitlement_id"};
    statement.id(block.id).table(moved);
    return statement;
}

}  // namespace

void write_entitlements(const Block& block, std::vector<Statement>& out) {
    static constexpr std::array types{Type::uuid,    Type::bigint, Type::bigint, Type::text,
                                      Type::boolean, Type::bigint, Type::bigint, Type::bigint,
                                      Type::bigint,  Type::text,   Type::text};
    if (!block.reshaped) return;
    const Standings now = standings_of(block);
    Table moved{types};
    for (const EntitlementRow& row : block.rows) {
        const Standing& standing = now.at(row.id);
        if (block.rewritten.contains(row.id)) {
            out.push_back(write_entitlement(block, row, standing));
            continue;
        }
        const auto before = block.kept.find(row.id);
        if (before != block.kept.end() && before->second == standing) continue;
        moved.id(row.id).integer(standing.place).integer(standing.first_counter);
        moved.name(store::phase_names, standing.phase).integer(standing.is_default);
        store::bind_progress(moved, standing.periods, standing.top_ups, standing.holds);
    }
    if (!moved.is_empty()) out.push_back(move_entitlements(block, moved));
    if (!block.removed.empty()) out.push_back(remove_entitlements(block));
}

void write_entries(std::span<const Entry> entries, std::vector<Statement>& out) {
    static constexpr std::array types{
        Type::uuid,   Type::bigint, Type::bigint, Type::bigint, Type::bigint, Type::uuid,   Type::uuid,
        Type::text,   Type::bigint, Type::bigint, Type::bigint, Type::bigint, Type::bigint, Type::bigint,
        Type::bigint, Type::uuid,   Type::uuid,   Type::text,   Type::bigint, Type::text,   Type::bigint};
    if (entries.empty()) return;
    Table rows{types};
    for (const Entry& entry : entries) {
        rows.id(entry.customer).integer(signed_of(entry.number)).integer(entry.ordinal);
        rows.integer(static_cast<std::int64_t>(entry.command)).integer(static_cast<std::int64_t>(entry.kind));
        rows.id(entry.entitlement).id_or_null(entry.support_case).channel_or_null(entry.channel);
        rows.integer(entry.total_moved).integer(entry.channel_moved);
        rows.integer(entry.remaining).integer(entry.channel_remaining);
        store::bind_reference(rows, entry.reverses);
        rows.integer(store::micros(entry.at)).id_or_null(entry.actor).id_or_null(entry.request);
        if (entry.reason.empty()) rows.null();
        else rows.text(entry.reason);
        rows.integer(static_cast<std::int64_t>(entry.unit.allocation));
        store::bind(rows, entry.unit.currency);
        store::bind_amount(rows, entry.kind, entry.amount);
    }
    out
        .emplace_back(Sql{
            "INSERT INTO entitle_entries (customer_id, number, ordinal, command, kind, entitlement_id, "
            "case_id,"
            " channel, total_moved, channel_moved, remaining, channel_remaining, reverses_number,"
            " reverses_ordinal, at, actor_id, request_id, reason, counts, currency, amount)"
            " SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],"
            " $6::uuid[], $7::uuid[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[],"
            " $13::bigint[], $14::bigint[], $15::bigint[], $16::uuid[], $17::uuid[], $18::text[],"
            " $19::bigint[], $20::text[], $21::bigint[])"})
        .table(rows);
}

namespace {

void bind_case(Table& rows, const CaseSlot& slot) {
    rows.id(slot.now.customer).integer(signed_of(slot.opened)).id(slot.now.id).id(slot.now.entitlement);
    store::bind_case(rows, slot.now);
    store::bind_service(rows, slot.service, text_of(slot.service));
    if (!slot.has_opening) {
        for (int column = 0; column < 7; ++column) rows.null();
        return;
    }
    rows.integer(slot.opening.decrement).id_or_null(slot.opening.named);
    store::bind(rows, slot.opening.facts);
}

[[nodiscard]] Statement upsert_cases(const Table& rows) {
    Statement statement{
        "INSERT INTO entitle_cases (customer_id, opened, case_id, entitlement_id, state, since, last_number,"
        " decrement, named, origin, contact_id, product_id, asset_id, case_type_id, posted_number,"
        " posted_ordinal, posted_quantity, posted_channel, held_number, held_ordinal, held_quantity,"
        " held_channel, held_until, overage, service, next_due, last_change, first_decrement, "
        "first_entitlement_id, first_origin, "
        "first_contact_id,"
        " first_product_id, first_asset_id, first_case_type_id)"
        " SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[],"
        " $7::bigint[], $8::boolean[], $9::boolean[], $10::text[], $11::uuid[], $12::uuid[], $13::uuid[],"
        " $14::uuid[], $15::bigint[], $16::bigint[], $17::bigint[], $18::text[], $19::bigint[], "
        "$20::bigint[],"
        " $21::bigint[], $22::text[], $23::bigint[], $24::bigint[], $25::text[], $26::bigint[], "
        "$27::bigint[],"
        " $28::boolean[], $29::uuid[], $30::text[], $31::uuid[], $32::uuid[], $33::uuid[], $34::uuid[])"
        " ON CONFLICT (case_id, customer_id) DO UPDATE SET opened = excluded.opened,"
        " entitlement_id = excluded.entitlement_id, state = excluded.state, since = excluded.since,"
        " last_number = excluded.last_number, decrement = excluded.decrement, named = excluded.named,"
        " origin = excluded.origin, contact_id = excluded.contact_id, product_id = excluded.product_id,"
        " asset_id = excluded.asset_id, case_type_id = excluded.case_type_id,"
        " posted_number = excluded.posted_number, posted_ordinal = excluded.posted_ordinal,"
        " posted_quantity = excluded.posted_quantity, posted_channel = excluded.posted_channel,"
        " held_number = excluded.held_number, held_ordinal = excluded.held_ordinal,"
        " held_quantity = excluded.held_quantity, held_channel = excluded.held_channel,"
        " held_until = excluded.held_until,"
        " overage = excluded.overage, service = excluded.service, next_due = excluded.next_due,"
        " last_change = excluded.last_change, first_decrement = excluded.first_decrement,"
        " first_entitlement_id = excluded.first_entitlement_id, first_origin = excluded.first_origin,"
        " first_contact_id = excluded.first_contact_id, first_product_id = excluded.first_product_id,"
        " first_asset_id = excluded.first_asset_id, first_case_type_id = excluded.first_case_type_id"};
    statement.table(rows);
    return statement;
}

}  // namespace

void write_cases(const Cases& cases, std::vector<Statement>& out) {
    static constexpr std::array types{
        Type::uuid,    Type::bigint,  Type::uuid,   Type::uuid, Type::text,   Type::bigint, Type::bigint,
        Type::boolean, Type::boolean, Type::text,   Type::uuid, Type::uuid,   Type::uuid,   Type::uuid,
        Type::bigint,  Type::bigint,  Type::bigint, Type::text, Type::bigint, Type::bigint, Type::bigint,
        Type::text,    Type::bigint,  Type::bigint, Type::text, Type::bigint, Type::bigint, Type::boolean,
        Type::uuid,    Type::text,    Type::uuid,   Type::uuid, Type::uuid,   Type::uuid};
    Table changed{types};
    Table erased = pairs();
    for (const auto& [key, slot] : cases) {
        if (!slot.changed) continue;
        if (slot.is_there) bind_case(changed, slot);
        else if (slot.was_there) erased.id(key.first).id(key.second);
    }
    if (!erased.is_empty()) {
        out
            .emplace_back(Sql{
                "DELETE FROM entitle_cases k USING unnest($1::uuid[], $2::uuid[]) AS u (customer_id, case_id)"
                " WHERE k.case_id = u.case_id AND k.customer_id = u.customer_id"})
            .table(erased);
    }
    if (!changed.is_empty()) out.push_back(upsert_cases(changed));
}

void write_requests(const Requests& requests, std::vector<Statement>& out) {
    static constexpr std::array types{Type::uuid,   Type::uuid,   Type::bigint, Type::bigint,
                                      Type::bigint, Type::bigint, Type::uuid,   Type::uuid,
                                      Type::bigint, Type::bigint, Type::text};
    Table rows{types};
    for (const auto& [key, slot] : requests) {
        if (!slot.changed) continue;
        const Receipt& receipt = slot.first.receipt;
        rows.id(key.first)
            .id(key.second)
            .integer(signed_of(slot.first.arguments))
            .integer(store::micros(receipt.at));
        if (receipt.number != 0) {
            rows.integer(signed_of(receipt.number)).null().null().null().null().null().null();
            continue;
        }
        rows.null().integer(static_cast<std::int64_t>(receipt.command));
        rows.id_or_null(receipt.entitlement).id_or_null(receipt.support_case);
        rows.integer(receipt.remaining.value);
        rows.integer(static_cast<std::int64_t>(receipt.remaining.unit.allocation));
        store::bind(rows, receipt.remaining.unit.currency);
    }
    if (rows.is_empty()) return;
    out
        .emplace_back(Sql{
            "INSERT INTO entitle_requests (customer_id, request_id, arguments, at, number, command, "
            "entitlement_id,"
            " case_id, remaining, counts, currency) SELECT * FROM unnest($1::uuid[], $2::uuid[], "
            "$3::bigint[],"
            " $4::bigint[], $5::bigint[], $6::bigint[], $7::uuid[], $8::uuid[], $9::bigint[], $10::bigint[],"
            " $11::text[]) ON CONFLICT (customer_id, request_id) DO UPDATE SET arguments = "
            "excluded.arguments,"
            " at = excluded.at, number = excluded.number, command = excluded.command,"
            " entitlement_id = excluded.entitlement_id, case_id = excluded.case_id,"
            " remaining = excluded.remaining, counts = excluded.counts, currency = excluded.currency"})
        .table(rows);
}

}  // namespace entitle::inline v0::postgres
