#include "scan.hpp"

#include <algorithm>

#include "block.hpp"
#include "columns.hpp"
#include "read.hpp"
#include "seals.hpp"

namespace entitle::inline v0::sqlite {

namespace {

constexpr std::size_t page = 4096;

struct Place {
    std::int64_t customer = 0;
    std::int64_t number = 0;
};

[[nodiscard]] Place place_of(const Cursor& cursor) {
    return {static_cast<std::int64_t>(cursor.position >> 32),
            static_cast<std::int64_t>(cursor.position & 0xFFFF'FFFF)};
}

void move_to(Cursor& cursor, const Place& place) {
    cursor.position =
        (static_cast<std::uint64_t>(place.customer) << 32) | static_cast<std::uint64_t>(place.number);
}

/// The key of the filter's customer; 0: there is no such customer.
[[nodiscard]] int key_of(Connection& connection, CustomerId id, std::int64_t& key) {
    Query query{connection, "SELECT customer FROM entitle_customers WHERE id = ?"};
    if (query.id(id).next()) key = query.integer(1, max_customer);
    return query.code();
}

/// Where a scan goes on. A filter's customer is the last one too.
struct Range {
    Place after{};
    std::int64_t last = max_customer;
};

[[nodiscard]] int range_of(Connection& connection, const Filter& filter, const Cursor& cursor, Range& range) {
    range.after = place_of(cursor);
    if (!filter.customer) return SQLITE_OK;
    std::int64_t key = 0;
    const int code = key_of(connection, filter.customer, key);
    range.last = key;
    if (range.after.customer == 0 && key != 0) range.after = {key, 0};
    return code;
}

void bind(Query& query, const Range& range) {
    query.integer(range.after.customer).integer(range.after.number).integer(range.last);
}

void copy_rows(Block& block, std::vector<Entitlement>& out) {
    const auto first = static_cast<std::ptrdiff_t>(out.size());
    for (const EntitlementRow& row : block.rows) {
        Entitlement& one = out.emplace_back();
        one.id = row.id;
        one.customer = block.id;
        one.sequence = row.record->sequence;
        one.phase = row.phase;
        one.span = {row.begin, row.end};
        one.is_default = row.is_default;
        one.renewed_from = row.record->renewed_from;
        one.agreement = row.record->agreement;
        one.remaining = row.remaining;
        for (std::size_t i = 0; i < row.kept; ++i) {
            const bool listed = i < row.listed;
            one.channels.push_back({channel_name(row, i), listed,
                                    listed ? one.agreement.channels[i].total.value : 0,
                                    block.channels_of(row)[i].remaining});
        }
    }
    std::sort(out.begin() + first, out.end(),
              [](const Entitlement& a, const Entitlement& b) { return a.sequence < b.sequence; });
}

}  // namespace

int scan_entitlements(Connection& connection, const Filter& filter, Cursor& cursor,
                      std::vector<Entitlement>& out) {
    Range range;
    if (const int code = range_of(connection, filter, cursor, range); code != SQLITE_OK) return code;
    Query query{
        connection,
        "SELECT customer, id FROM entitle_customers WHERE customer >= ?1 + (?2 > 0) AND customer <= ?3"
        " ORDER BY customer"};
    bind(query, range);
    const std::size_t before = out.size();
    while (query.next()) {
        const std::int64_t key = query.integer(1, max_customer);
        const auto id = query.id<CustomerId>();
        if (query.code() != SQLITE_OK) return query.code();
        Block block;
        if (const int code = read_block(connection, id, block); code != SQLITE_OK) return code;
        copy_rows(block, out);
        move_to(cursor, {key, 1});
        if (out.size() - before >= page) return SQLITE_OK;
    }
    cursor.done = true;
    return query.code();
}

int scan_cases(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<SupportCase>& out) {
    Range range;
    if (const int code = range_of(connection, filter, cursor, range); code != SQLITE_OK) return code;
    Query query{connection, ENTITLE_CASE_COLUMNS
                " WHERE (k.customer, k.support_case) > (?, ?) AND k.customer <= ? AND k.deleted = 0"
                " ORDER BY k.customer, k.support_case"};
    bind(query, range);
    const std::size_t before = out.size();
    while (query.next()) {
        const std::int64_t customer = query.integer(1, max_customer);
        KnownCase known;
        read_case_row(query, known);
        if (query.code() != SQLITE_OK) return query.code();
        out.push_back(known.now);
        move_to(cursor, {customer, known.key});
        if (out.size() - before >= page) return SQLITE_OK;
    }
    cursor.done = true;
    return query.code();
}

int scan_entries(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Entry>& out) {
    Range range;
    if (const int code = range_of(connection, filter, cursor, range); code != SQLITE_OK) return code;
    Query query{connection, ENTITLE_ENTRY_COLUMNS
                " WHERE (n.customer, n.number) > (?, ?) AND n.customer <= ? AND n.archived = 0"
                " ORDER BY n.customer, n.number, n.ordinal"};
    bind(query, range);
    const std::size_t before = out.size();
    Place at;
    while (query.next()) {
        const std::int64_t customer = query.integer(1, max_customer);
        Entry entry = entry_of(query);
        if (query.code() != SQLITE_OK) return query.code();
        const Place place{customer, static_cast<std::int64_t>(entry.number)};
        const bool new_number = place.customer != at.customer || place.number != at.number;
        if (new_number && out.size() - before >= page) return SQLITE_OK;
        at = place;
        move_to(cursor, at);
        if (!filter.entitlement || entry.entitlement == filter.entitlement) out.push_back(std::move(entry));
    }
    cursor.done = true;
    return query.code();
}

int scan_heads(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Seal>& out) {
    Range range;
    if (const int code = range_of(connection, filter, cursor, range); code != SQLITE_OK) return code;
    Query query{connection,
                "SELECT s.customer, c.id, s.number, s.head FROM entitle_seals s JOIN entitle_customers c"
                " USING (customer) WHERE (s.customer, s.number) > (?, ?) AND s.customer <= ?"
                " ORDER BY s.customer, s.number"};
    bind(query, range);
    const std::size_t before = out.size();
    while (query.next()) {
        const std::int64_t customer = query.integer(1, max_customer);
        Seal seal{query.id<CustomerId>(), static_cast<std::uint64_t>(query.integer(1, max_number)), {}};
        seal.head = query.digest();
        if (query.code() != SQLITE_OK) return query.code();
        out.push_back(seal);
        move_to(cursor, {customer, static_cast<std::int64_t>(seal.number)});
        if (out.size() - before >= page) return SQLITE_OK;
    }
    cursor.done = true;
    return query.code();
}

int scan_bases(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Base>& out) {
    Range range;
    if (const int code = range_of(connection, filter, cursor, range); code != SQLITE_OK) return code;
    Query query{
        connection,
        "SELECT b.customer, c.id, b.number, b.head FROM entitle_bases b JOIN entitle_customers c"
        " USING (customer) WHERE b.customer >= ?1 + (?2 > 0) AND b.customer <= ?3 ORDER BY b.customer"};
    bind(query, range);
    while (query.next()) {
        const std::int64_t customer = query.integer(1, max_customer);
        Base base;
        base.seal.customer = query.id<CustomerId>();
        base.seal.number = static_cast<std::uint64_t>(query.integer(1, max_number));
        base.seal.head = query.digest();
        if (query.code() != SQLITE_OK) return query.code();
        if (const int code = read_base(connection, customer, base); code != SQLITE_OK) return code;
        out.push_back(std::move(base));
        move_to(cursor, {customer, 1});
    }
    cursor.done = true;
    return query.code();
}

int find_customer(Connection& connection, EntitlementId id, CustomerId& out) {
    Query query{connection,
                "SELECT c.id FROM entitle_entitlements e JOIN entitle_customers c USING (customer)"
                " WHERE e.id = ? AND e.place IS NOT NULL ORDER BY e.customer LIMIT 1"};
    if (query.id(id).next()) out = query.id<CustomerId>();
    return query.code();
}

int find_customer(Connection& connection, CaseId id, CustomerId& out) {
    Query query{connection,
                "SELECT c.id FROM entitle_cases k JOIN entitle_customers c USING (customer)"
                " WHERE k.id = ? AND k.deleted = 0 ORDER BY k.customer LIMIT 1"};
    if (query.id(id).next()) out = query.id<CustomerId>();
    return query.code();
}

int forget_requests(Connection& connection, Instant before, std::uint64_t& count) {
    Query query{connection, "DELETE FROM entitle_requests WHERE at < ?"};
    const int code = query.integer(before.time_since_epoch().count()).run();
    if (code != SQLITE_OK) return code;
    count = static_cast<std::uint64_t>(sqlite3_changes(connection.handle()));
    return connection.run(
        "DELETE FROM entitle_entries AS n WHERE n.archived = 1 AND NOT EXISTS (SELECT 1 FROM "
        "entitle_requests r"
        " WHERE r.request = n.request AND r.customer = n.customer AND r.number = n.number)");
}

}  // namespace entitle::inline v0::sqlite
