#include "read.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "entitle/ledger/rebuild.hpp"
#include "entitle/store/rows.hpp"
#include "entitle/value/limits.hpp"

#include "chain.hpp"
#include "columns.hpp"
#include "remaining.hpp"

namespace entitle::inline v0::sqlite {

using store::LooseRow;

namespace {

/// The rows of a customer, and which has which number.
struct Rows {
    std::vector<LooseRow> rows{};
    std::unordered_map<std::uint64_t, std::size_t> by_sequence{};

    [[nodiscard]] LooseRow* find(std::int64_t sequence) {
        const auto at = by_sequence.find(static_cast<std::uint64_t>(sequence));
        return at == by_sequence.end() ? nullptr : &rows[at->second];
    }
};

[[nodiscard]] int read_rows(Connection& connection, const Block& block, Rows& out) {
    Query query{
        connection,
        "SELECT entitlement, id, phase, is_default, name, description, first_day, last_day,"
        " time_zone, begins_at, ends_at, counts, currency, decrease_on, restricted, priority,"
        " knowledge_base, discount_percent, sla, made_from, owner, renewed_from,"
        " period_every, period_step, period_anchor, rollover, preserve_overage, counts_from, due,"
        " last_boundary, rolled, top_ups, holds, purchase, purchase_product, purchase_quantity, low_water"
        " FROM entitle_entitlements WHERE customer = ? AND place IS NOT NULL "
        "ORDER BY place"};
    query.integer(block.key);
    while (query.next()) {
        LooseRow loose = store::row_of(query, block.id);
        store::read_record(query, *loose.record);
        if (query.code() != SQLITE_OK) return query.code();
        if (out.rows.size() == max_entitlements) return SQLITE_CORRUPT;
        out.by_sequence.emplace(loose.record->sequence, out.rows.size());
        out.rows.push_back(std::move(loose));
    }
    return query.code();
}

/// What was agreed in total, or on one channel: a row of the balances.
void read_balance(Query& query, LooseRow& loose, std::int64_t place) {
    EntitlementRecord& record = *loose.record;
    const Channel channel = query.channel_or_none();
    const bool listed = query.flag();
    const std::int64_t total = query.integer();
    const std::size_t kept = loose.channels.size();
    if (place != (channel ? static_cast<std::int64_t>(kept) + 1 : 0)) return query.spoil();
    if (!channel) {
        if (record.agreement.terms.total) record.agreement.terms.total->value = total;
        return;
    }
    if (!store::add_channel(loose, channel, listed, total)) query.spoil();
}

[[nodiscard]] int read_balances(Connection& connection, const Block& block, Rows& rows) {
    Query query{connection,
                "SELECT entitlement, place, channel, listed, total FROM entitle_balances"
                " WHERE customer = ? ORDER BY entitlement, place"};
    query.integer(block.key);
    std::size_t totals = 0;
    while (query.next()) {
        LooseRow* loose = rows.find(query.integer());
        const std::int64_t place = query.integer();
        if (loose == nullptr) return SQLITE_CORRUPT;
        totals += place == 0 ? 1 : 0;
        read_balance(query, *loose, place);
        if (query.code() != SQLITE_OK) return query.code();
    }
    if (query.code() == SQLITE_OK && totals != rows.rows.size()) return SQLITE_CORRUPT;
    return query.code();
}

}  // namespace

void read_scope_item(Query& query, Scope& scope) {
    switch (query.name<int>(store::scope_names)) {
        case 0: scope.contacts.push_back(query.id<ContactId>()); break;
        case 1: scope.products.push_back(query.id<ProductId>()); break;
        case 2: scope.assets.push_back(query.id<AssetId>()); break;
        default: scope.case_types.push_back(query.id<CaseTypeId>()); break;
    }
}

namespace {

[[nodiscard]] int read_scopes(Connection& connection, const Block& block, Rows& rows) {
    Query query{connection,
                "SELECT entitlement, kind, id FROM entitle_scope WHERE customer = ?"
                " ORDER BY entitlement, kind, place"};
    query.integer(block.key);
    while (query.next()) {
        LooseRow* loose = rows.find(query.integer());
        if (loose == nullptr) return SQLITE_CORRUPT;
        read_scope_item(query, loose->record->agreement.scope);
        if (query.code() != SQLITE_OK) return query.code();
    }
    return query.code();
}

/// Puts what is left into the rows: one amount for each total and each channel, and for nothing else.
[[nodiscard]] bool fill_remaining(const std::string& text, Rows& rows) {
    std::vector<Remaining> all;
    if (!read_remaining(text, all) || all.size() != rows.rows.size()) return false;
    std::vector<bool> filled(rows.rows.size());
    for (const Remaining& one : all) {
        const auto at = rows.by_sequence.find(one.entitlement);
        if (at == rows.by_sequence.end() || filled[at->second]) return false;
        filled[at->second] = true;
        LooseRow& loose = rows.rows[at->second];
        if (one.amounts.size() != loose.channels.size() + 1) return false;
        loose.row.remaining = one.amounts[0];
        for (std::size_t i = 0; i < loose.channels.size(); ++i) {
            loose.channels[i].remaining = one.amounts[i + 1];
        }
    }
    return true;
}

/// The same of what is held, where anything is.
[[nodiscard]] bool fill_held(const std::string& text, Rows& rows) {
    std::vector<Remaining> all;
    if (!read_remaining(text, all)) return false;
    for (LooseRow& loose : rows.rows) loose.channels_held.resize(loose.channels.size());
    for (const Remaining& one : all) {
        const auto at = rows.by_sequence.find(one.entitlement);
        if (at == rows.by_sequence.end()) return false;
        LooseRow& loose = rows.rows[at->second];
        if (loose.held != 0 || one.amounts.size() != loose.channels.size() + 1) return false;
        loose.held = one.amounts[0];
        std::copy(one.amounts.begin() + 1, one.amounts.end(), loose.channels_held.begin());
        if (!store::can_be_held(loose)) return false;
    }
    return true;
}

[[nodiscard]] bool fill_unmoved(const std::string& text, Rows& rows) {
    std::vector<std::uint64_t> unmoved;
    if (!read_unmoved(text, unmoved)) return false;
    for (const std::uint64_t sequence : unmoved) {
        const auto at = rows.by_sequence.find(sequence);
        if (at == rows.by_sequence.end()) return false;
        rows.rows[at->second].row.has_history = false;
    }
    return true;
}

/// What a customer's row says that goes into the rows of its entitlements.
struct Standing {
    std::string remaining{};
    std::string unmoved{};
    std::string held{};
};

[[nodiscard]] int read_customer(Connection& connection, CustomerId id, Block& block, Standing& out) {
    Query query{connection,
                "SELECT customer, shape, last_number, last_entry, last_case, remaining, unmoved, held"
                " FROM entitle_customers WHERE id = ?"};
    if (!query.id(id).next()) return query.code();
    block.key = query.integer(1, max_customer);
    block.shape = static_cast<std::uint64_t>(query.integer());
    block.last_number = static_cast<std::uint64_t>(query.integer(0, max_number));
    block.last_entry = query.row_or_none();
    block.last_case = query.row_or_none();
    out.remaining = query.text();
    out.unmoved = query.text();
    out.held = query.text();
    return query.code();
}

}  // namespace

int read_block(Connection& connection, CustomerId id, Block& block) {
    block.id = id;
    Standing standing;
    if (const int code = read_customer(connection, id, block, standing); code != SQLITE_OK) return code;
    if (block.key == 0) return SQLITE_OK;
    Rows rows;
    if (const int code = read_rows(connection, block, rows); code != SQLITE_OK) return code;
    if (const int code = read_balances(connection, block, rows); code != SQLITE_OK) return code;
    if (const int code = read_scopes(connection, block, rows); code != SQLITE_OK) return code;
    if (!fill_remaining(standing.remaining, rows) || !fill_unmoved(standing.unmoved, rows) ||
        !fill_held(standing.held, rows)) {
        return SQLITE_CORRUPT;
    }
    for (LooseRow& loose : rows.rows) {
        detail::describe(loose.row, *loose.record, {loose.row.begin, loose.row.end});
    }
    store::settle(std::move(rows.rows), block);
    return SQLITE_OK;
}

void read_case_row(Query& query, CustomerId customer, KnownCase& out) {
    out.service = store::service_of(query);
    out.key = query.integer();
    store::read_case(query, customer, out);
}

int read_case(Connection& connection, const Block& block, CaseId id, KnownCase& out) {
    out.key = 0;
    if (block.key == 0) return SQLITE_OK;
    std::int64_t row = 0;
    {  // most that are asked for are new: one index says so
        Query query{connection,
                    "SELECT support_case FROM entitle_cases WHERE id = ? AND customer = ? AND deleted = 0"};
        if (!query.id(id).integer(block.key).next()) return query.code();
        row = query.integer();
    }
    Query query{connection, ENTITLE_CASE_COLUMNS " WHERE k.support_case = ?"};
    if (!query.integer(row).next()) return query.code() == SQLITE_OK ? SQLITE_CORRUPT : query.code();
    for (int known = 0; known < 3; ++known) (void)query.integer_or(0);  // customer, previous, deleted
    read_case_row(query, block.id, out);
    return query.code();
}

namespace {

/// The entries of one command, which follow each other from its first one on.
[[nodiscard]] int read_command(Connection& connection, const Block& block, std::int64_t first,
                               std::vector<Entry>& out) {
    Query query{connection, ENTITLE_ENTRY_COLUMNS " WHERE n.entry >= ? ORDER BY n.entry"};
    query.integer(first);
    while (query.next()) {
        if (query.integer() != block.key) break;
        (void)query.integer_or(0);  // the one before it
        Entry entry = store::entry_of(query, block.id);
        if (query.code() != SQLITE_OK || (!out.empty() && entry.number != out[0].number)) break;
        if (entry.ordinal != out.size()) return SQLITE_CORRUPT;
        out.push_back(std::move(entry));
    }
    if (query.code() == SQLITE_OK && out.empty()) return SQLITE_CORRUPT;
    return query.code();
}

}  // namespace

int read_first(Connection& connection, const Block& block, RequestId id, View& out) {
    if (block.key == 0) return SQLITE_OK;
    Query query{connection,
                "SELECT arguments, at, entry, command, entitlement, support_case, remaining, counts, currency"
                " FROM entitle_requests WHERE request = ? AND customer = ?"};
    if (!query.id(id).integer(block.key).next()) return query.code();
    Remembered& first = out.add_first();
    first.arguments = static_cast<std::uint64_t>(query.integer());
    Receipt& receipt = first.receipt;
    receipt.customer = block.id;
    receipt.request = id;
    receipt.at = store::instant_of(query);
    const std::int64_t entry = query.row_or_none();
    if (entry == 0) {
        store::read_answer(query, receipt);
        return query.code();
    }
    std::vector<Entry> entries;
    if (const int code = read_command(connection, block, entry, entries); code != SQLITE_OK) return code;
    receipt = ledger::receipt_of(entries, entries.back().unit);
    return query.code();
}

int read_history(Connection& connection, const Block& block, EntitlementId id, std::uint64_t from,
                 std::vector<Entry>& out) {
    const auto first = static_cast<std::ptrdiff_t>(out.size());
    for (std::int64_t row = block.last_entry; row != 0;) {
        Query query{connection, ENTITLE_ENTRY_COLUMNS " WHERE n.entry = ? AND n.archived = 0"};
        if (!query.integer(row).next()) return query.code() == SQLITE_OK ? SQLITE_CORRUPT : query.code();
        if (query.integer() != block.key) return SQLITE_CORRUPT;
        const std::int64_t previous = query.row_or_none();
        Entry entry = store::entry_of(query, block.id);
        if (query.code() != SQLITE_OK) return query.code();
        if (previous >= row) return SQLITE_CORRUPT;
        if (entry.number < from) break;
        if (entry.entitlement == id) out.push_back(std::move(entry));
        row = previous;
    }
    std::reverse(out.begin() + first, out.end());
    return SQLITE_OK;
}

int read_is_referred(Connection& connection, const Block& block, EntitlementId id, bool& referred) {
    std::int64_t entitlement = 0;
    {
        Query query{connection, "SELECT entitlement FROM entitle_entitlements WHERE id = ? AND customer = ?"};
        if (!query.id(id).integer(block.key).next()) return query.code();
        entitlement = query.integer(1, max_number);
    }
    std::vector<Link> cases;
    const int code = follow(connection, case_chain, {block.key, block.last_case}, cases);
    referred =
        std::any_of(cases.begin(), cases.end(), [&](const Link& one) { return one.number == entitlement; });
    return code;
}

int read_mentions(Connection& connection, const Block& block, EntitlementId id, View& out) {
    if (block.key == 0) return SQLITE_OK;
    {
        Query query{connection, "SELECT 1 FROM entitle_entitlements WHERE id = ? AND customer = ?"};
        out.known = query.id(id).integer(block.key).next();
        if (!out.known) return query.code();
    }
    return read_is_referred(connection, block, id, out.referred);
}

}  // namespace entitle::inline v0::sqlite
