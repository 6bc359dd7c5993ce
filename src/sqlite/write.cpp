#include "write.hpp"

#include <cstddef>
#include <string>

#include "../store/writing.hpp"
#include "remaining.hpp"

namespace entitle::inline v0::sqlite {

namespace {

[[nodiscard]] std::int64_t key_of(std::uint64_t sequence) { return static_cast<std::int64_t>(sequence); }
[[nodiscard]] std::int64_t key_of(const EntitlementRow& row) { return key_of(row.record->sequence); }

/// None is null.
Query& bind_row(Query& query, std::int64_t row) { return row == 0 ? query.null() : query.integer(row); }

/// A changed row was there.
[[nodiscard]] int run_on_one(Connection& connection, Query& query) {
    const int code = query.run();
    if (code != SQLITE_OK) return code;
    return sqlite3_changes(connection.handle()) == 1 ? SQLITE_OK : SQLITE_CORRUPT;
}

[[nodiscard]] int insert_balance(Connection& connection, const Block& block, const EntitlementRow& row,
                                 std::size_t place, const Channel& channel, bool listed, std::int64_t total) {
    Query query{connection,
                "INSERT INTO entitle_balances (customer, entitlement, place, channel, listed, total)"
                " VALUES (?, ?, ?, ?, ?, ?)"};
    return query.integer(block.key)
        .integer(key_of(row))
        .integer(static_cast<std::int64_t>(place))
        .channel_or_null(channel)
        .integer(listed)
        .integer(total)
        .run();
}

[[nodiscard]] int insert_balances(Connection& connection, const Block& block, const EntitlementRow& row) {
    const Agreement& agreement = row.record->agreement;
    int code = insert_balance(connection, block, row, 0, {}, true, agreement.total());
    for (std::size_t i = 0; i < row.kept && code == SQLITE_OK; ++i) {
        const bool listed = i < row.listed;
        const std::int64_t total = listed ? agreement.channels[i].total.value : 0;
        code = insert_balance(connection, block, row, i + 1, channel_name(row, i), listed, total);
    }
    return code;
}

template <class I>
[[nodiscard]] int insert_scope(Connection& connection, const Block& block, const EntitlementRow& row,
                               std::size_t kind, const std::vector<I>& list) {
    for (std::size_t place = 0; place < list.size(); ++place) {
        Query query{
            connection,
            "INSERT INTO entitle_scope (customer, entitlement, kind, place, id) VALUES (?, ?, ?, ?, ?)"};
        query.integer(block.key).integer(key_of(row)).text(store::scope_names[kind]);
        const int code = query.integer(static_cast<std::int64_t>(place)).id(list[place]).run();
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

[[nodiscard]] int insert_scopes(Connection& connection, const Block& block, const EntitlementRow& row) {
    const Scope& scope = row.record->agreement.scope;
    int code = insert_scope(connection, block, row, 0, scope.contacts);
    if (code == SQLITE_OK) code = insert_scope(connection, block, row, 1, scope.products);
    if (code == SQLITE_OK) code = insert_scope(connection, block, row, 2, scope.assets);
    if (code == SQLITE_OK) code = insert_scope(connection, block, row, 3, scope.case_types);
    return code;
}

[[nodiscard]] int delete_parts(Connection& connection, const Block& block, std::uint64_t sequence) {
    Query balances{connection, "DELETE FROM entitle_balances WHERE customer = ? AND entitlement = ?"};
    const int code = balances.integer(block.key).integer(key_of(sequence)).run();
    if (code != SQLITE_OK) return code;
    Query scope{connection, "DELETE FROM entitle_scope WHERE customer = ? AND entitlement = ?"};
    return scope.integer(block.key).integer(key_of(sequence)).run();
}

}  // namespace

int insert_customer(Connection& connection, Block& block) {
    Query query{connection, "INSERT INTO entitle_customers (id, shape) VALUES (?, ?)"};
    const int code = query.id(block.id).integer(static_cast<std::int64_t>(block.shape)).run();
    if (code == SQLITE_OK) block.key = sqlite3_last_insert_rowid(connection.handle());
    return block.key > max_customer ? SQLITE_TOOBIG : code;
}

int write_customer(Connection& connection, Block& block) {
    if (!block.moved) return SQLITE_OK;
    const std::string remaining = write_remaining(block);
    const std::string held = write_held(block);
    const std::string unmoved = write_unmoved(block);
    Query query{connection,
                "UPDATE entitle_customers SET shape = ?, last_number = ?, last_entry = ?, last_case = ?,"
                " remaining = ?, unmoved = ?, held = ? WHERE customer = ?"};
    query.integer(static_cast<std::int64_t>(block.shape)).integer(key_of(block.last_number));
    bind_row(bind_row(query, block.last_entry), block.last_case)
        .text(remaining)
        .text(unmoved)
        .text(held)
        .integer(block.key);
    const int code = run_on_one(connection, query);
    if (code == SQLITE_OK) block.moved = false;
    return code;
}

int insert_entitlement(Connection& connection, Block& block, std::size_t place) {
    const EntitlementRow& row = block.rows[place];
    const store::Days days{row.record->agreement.coverage};
    Query query{
        connection,
        "INSERT INTO entitle_entitlements (customer, entitlement, id, place, phase, is_default,"
        " name, description, first_day, last_day, time_zone, begins_at, ends_at, counts,"
        " currency, per_term, decrease_on, restricted, priority, knowledge_base, discount_percent, sla,"
        " made_from, owner, renewed_from, period_every, period_step, period_anchor, rollover,"
        " preserve_overage, counts_from, due, last_boundary, rolled, top_ups, holds, purchase, "
        "purchase_product,"
        " purchase_quantity, low_water)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?,"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    const store::Texts texts{*row.record};
    query.integer(block.key).integer(key_of(row)).id(row.id);
    store::bind_agreement(query, row, place, days);
    store::bind_record(query, *row.record, texts);
    if (const int code = query.run(); code != SQLITE_OK) return code;
    if (const int code = insert_balances(connection, block, row); code != SQLITE_OK) return code;
    return insert_scopes(connection, block, row);
}

int replace_entitlement(Connection& connection, Block& block, std::size_t place) {
    const EntitlementRow& row = block.rows[place];
    const store::Days days{row.record->agreement.coverage};
    Query query{
        connection,
        "UPDATE entitle_entitlements SET place = ?, phase = ?, is_default = ?, name = ?,"
        " description = ?, first_day = ?, last_day = ?, time_zone = ?, begins_at = ?, ends_at = ?,"
        " counts = ?, currency = ?, per_term = ?, decrease_on = ?, restricted = ?, priority = ?,"
        " knowledge_base = ?, discount_percent = ?, sla = ?, made_from = ?, owner = ?,"
        " renewed_from = ?, period_every = ?, period_step = ?, period_anchor = ?, rollover = ?,"
        " preserve_overage = ?, counts_from = ?, due = ?, last_boundary = ?, rolled = ?,"
        " top_ups = ?, holds = ?, purchase = ?, purchase_product = ?, purchase_quantity = ?, low_water = ?"
        " WHERE customer = ? AND entitlement = ?"};
    const store::Texts texts{*row.record};
    store::bind_agreement(query, row, place, days);
    store::bind_record(query, *row.record, texts);
    query.integer(block.key).integer(key_of(row));
    if (const int code = run_on_one(connection, query); code != SQLITE_OK) return code;
    if (const int code = delete_parts(connection, block, row.record->sequence); code != SQLITE_OK)
        return code;
    if (const int code = insert_balances(connection, block, row); code != SQLITE_OK) return code;
    return insert_scopes(connection, block, row);
}

int remove_entitlement(Connection& connection, const Block& block, std::uint64_t sequence) {
    if (const int code = delete_parts(connection, block, sequence); code != SQLITE_OK) return code;
    Query query{connection,
                "UPDATE entitle_entitlements SET place = NULL, is_default = 0 WHERE customer = ? AND"
                " entitlement = ?"};
    query.integer(block.key).integer(key_of(sequence));
    return run_on_one(connection, query);
}

int write_standing(Connection& connection, const Block& block, std::size_t place) {
    const EntitlementRow& row = block.rows[place];
    Query query{connection,
                "UPDATE entitle_entitlements SET place = ?, phase = ?, is_default = ?, counts_from = ?,"
                " due = ?, last_boundary = ?, rolled = ?, top_ups = ?, holds = ? WHERE customer = ? AND "
                "entitlement = ?"};
    query.integer(static_cast<std::int64_t>(place))
        .name(store::phase_names, row.phase)
        .integer(row.is_default);
    const std::string top_ups = text_of(row.record->top_ups);
    const std::string holds = text_of(row.record->holds);
    store::bind_progress(query, row.record->periods, top_ups, holds);
    query.integer(block.key).integer(key_of(row));
    return run_on_one(connection, query);
}

namespace {

/// The row that was inserted follows its customer's former last one, or the file is not what we wrote.
[[nodiscard]] int take_row(Connection& connection, std::int64_t& last) {
    const std::int64_t row = sqlite3_last_insert_rowid(connection.handle());
    if (row <= last) return SQLITE_CORRUPT;
    last = row;
    return SQLITE_OK;
}

}  // namespace

int insert_entry(Connection& connection, Block& block, const Plan& plan, const PlannedEntry& planned,
                 const NewEntry& entry) {
    Query query{
        connection,
        "INSERT INTO entitle_entries (previous, customer, number, ordinal, command, kind, entitlement,"
        " support_case, channel, total_moved, channel_moved, remaining, channel_remaining,"
        " reverses_number, reverses_ordinal, at, actor, request, reason, counts, currency, amount)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    bind_row(query, block.last_entry)
        .integer(block.key)
        .integer(key_of(entry.number))
        .integer(static_cast<std::int64_t>(entry.ordinal))
        .integer(static_cast<std::int64_t>(plan.command))
        .integer(static_cast<std::int64_t>(planned.kind))
        .integer(key_of(entry.entitlement));
    bind_row(query, entry.support_case)
        .channel_or_null(entry.channel)
        .integer(planned.total_moved)
        .integer(planned.channel_moved)
        .integer(entry.remaining)
        .integer(entry.channel_remaining);
    store::bind_reference(query, planned.reverses);
    query.integer(store::micros(plan.instant_of(planned))).id_or_null(plan.actor).id_or_null(plan.request);
    if (plan.reason.empty() || entry.ordinal < plan.boundaries) query.null();
    else query.text(plan.reason);
    query.integer(static_cast<std::int64_t>(entry.unit.allocation));
    store::bind(query, entry.unit.currency);
    const int code = store::bind_amount(query, planned.kind, planned.amount).run();
    return code == SQLITE_OK ? take_row(connection, block.last_entry) : code;
}

int insert_case(Connection& connection, Block& block, const SupportCase& after, std::uint64_t entitlement) {
    Query query{
        connection,
        "INSERT INTO entitle_cases (entitlement, state, since, last_number, decrement, named, origin,"
        " contact, product, asset, case_type, posted_number, posted_ordinal, posted_quantity,"
        " posted_channel, held_number, held_ordinal, held_quantity, held_channel, held_until, overage,"
        " previous, customer, id, deleted)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"};
    query.integer(key_of(entitlement));
    store::bind_case(query, after);
    const int code = bind_row(query, block.last_case).integer(block.key).id(after.id).run();
    return code == SQLITE_OK ? take_row(connection, block.last_case) : code;
}

int update_case(Connection& connection, const KnownCase& after, std::uint64_t entitlement) {
    Query query{
        connection,
        "UPDATE entitle_cases SET entitlement = ?, state = ?, since = ?, last_number = ?, decrement = ?,"
        " named = ?, origin = ?, contact = ?, product = ?, asset = ?, case_type = ?, posted_number = ?,"
        " posted_ordinal = ?, posted_quantity = ?, posted_channel = ?, held_number = ?, held_ordinal = ?,"
        " held_quantity = ?, held_channel = ?, held_until = ?, overage = ? WHERE support_case = ?"};
    query.integer(key_of(entitlement));
    store::bind_case(query, after.now);
    query.integer(after.key);
    return run_on_one(connection, query);
}

int erase_case(Connection& connection, const KnownCase& after) {
    Query query{connection, "UPDATE entitle_cases SET deleted = 1, last_number = ? WHERE support_case = ?"};
    query.integer(key_of(after.now.last_number)).integer(after.key);
    return run_on_one(connection, query);
}

int insert_opening(Connection& connection, const KnownCase& before) {
    Query query{connection,
                "INSERT INTO entitle_openings (support_case, named, decrement, origin, contact, product,"
                " asset, case_type) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
    const SupportCase& first = before.now;
    query.integer(before.key)
        .id_or_null(first.named ? first.entitlement : EntitlementId{})
        .integer(first.decrement);
    return store::bind(query, first.facts).run();
}

int remember_request(Connection& connection, const Block& block, const Plan& plan, const Receipt& receipt) {
    Query query{connection,
                "INSERT OR REPLACE INTO entitle_requests (request, customer, arguments, at, entry, command,"
                " entitlement, support_case, remaining, counts, currency)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    query.id(plan.request)
        .integer(block.key)
        .integer(static_cast<std::int64_t>(plan.arguments))
        .integer(store::micros(plan.at));
    if (receipt.number != 0) {
        const auto entries = static_cast<std::int64_t>(plan.entries.size());
        return query.integer(block.last_entry - entries + 1).null().null().null().null().null().null().run();
    }
    query.null()
        .integer(static_cast<std::int64_t>(receipt.command))
        .id_or_null(receipt.entitlement)
        .id_or_null(receipt.support_case)
        .integer(receipt.remaining.value)
        .integer(static_cast<std::int64_t>(receipt.remaining.unit.allocation));
    return store::bind(query, receipt.remaining.unit.currency).run();
}

}  // namespace entitle::inline v0::sqlite
