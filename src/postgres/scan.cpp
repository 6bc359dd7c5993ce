#include "scan.hpp"

#include <utility>

#include "entitle/store/rows.hpp"

#include "columns.hpp"
#include "read.hpp"
#include "seals.hpp"

namespace entitle::inline v0::postgres {

namespace {

constexpr std::size_t page = 4096;          // rows
constexpr std::size_t few_customers = 256;  // of whom a page shows all entitlements

/// Which rows come next: a filter's customer has a statement of its own, which its index serves.
struct Listing {
    Sql of_all;
    Sql of_one;
};

/// $1 and $2 are a customer and a number: those after it. $3 is how many.
[[nodiscard]] Statement ask(const Listing& listing, const Filter& filter, const Cursor& cursor,
                            std::size_t count) {
    const bool is_filtered = !filter.customer.is_none();
    Statement statement{is_filtered ? listing.of_one : listing.of_all};
    statement.id(is_filtered ? filter.customer : cursor.customer);
    statement.integer(static_cast<std::int64_t>(cursor.position)).integer(static_cast<std::int64_t>(count));
    return statement;
}

/// Lists what a statement gives. `list` reads a row, and says where it stands.
template <class List>
[[nodiscard]] Code fill(Connection& connection, const Statement& statement, Cursor& cursor, std::size_t count,
                        List list) {
    Rows rows;
    if (const Code code = connection.run(statement, rows); code != Code::ok) return code;
    Cursor at = cursor;
    at.done = static_cast<std::size_t>(rows.size()) < count;
    while (rows.next()) {
        list(rows, at);
        if (rows.code() != Code::ok) return rows.code();
    }
    cursor = at;
    return Code::ok;
}

}  // namespace

Code scan(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Entitlement>& out) {
    static constexpr Listing listing{
        "SELECT customer_id FROM entitle_customers WHERE customer_id > $1 AND $2::bigint >= 0"
        " ORDER BY customer_id LIMIT $3",
        "SELECT customer_id FROM entitle_customers WHERE customer_id = $1 AND $2::bigint = 0 LIMIT $3"};
    std::vector<CustomerId> customers;
    Cursor next = cursor;
    const auto statement = ask(listing, filter, cursor, few_customers);
    const Code code = fill(connection, statement, next, few_customers, [&](Rows& rows, Cursor& at) {
        customers.push_back(rows.id<CustomerId>());
        at.customer = customers.back();
    });
    if (code != Code::ok) return code;
    std::vector<Block> blocks;
    if (const Code read = read_blocks(connection, customers, blocks); read != Code::ok) return read;
    for (const Block& block : blocks) {
        View shown;
        block.show(shown);
        const std::size_t first = out.size();
        for (std::uint32_t i = 0; i < block.rows.size(); ++i) out.push_back(detail::entitlement_of(shown, i));
        detail::sort_as_made(out, first);
    }
    cursor = next;
    return Code::ok;
}

Code scan(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<SupportCase>& out) {
    static constexpr Listing listing{
        "SELECT " ENTITLE_CASE_COLUMNS
        " FROM entitle_cases k WHERE (k.customer_id, k.opened) > ($1, $2) ORDER BY k.customer_id, k.opened"
        " LIMIT $3",
        "SELECT " ENTITLE_CASE_COLUMNS
        " FROM entitle_cases k WHERE k.customer_id = $1 AND k.opened > $2 ORDER BY k.opened LIMIT $3"};
    const auto statement = ask(listing, filter, cursor, page);
    return fill(connection, statement, cursor, page, [&](Rows& rows, Cursor& at) {
        CaseSlot slot;
        read_case_row(rows, slot);
        at.customer = slot.now.customer;
        at.position = slot.opened;
        out.push_back(std::move(slot.now));
    });
}

/// An entry's position holds its number and its ordinal.
Code scan(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Entry>& out) {
    static constexpr Listing listing{
        "SELECT " ENTITLE_ENTRY_COLUMNS
        " FROM entitle_entries n WHERE (n.customer_id, n.number, n.ordinal) > ($1, $2::bigint >> 16,"
        " $2::bigint & 65535) AND NOT n.archived ORDER BY n.customer_id, n.number, n.ordinal LIMIT $3",
        "SELECT " ENTITLE_ENTRY_COLUMNS
        " FROM entitle_entries n WHERE n.customer_id = $1 AND (n.number, n.ordinal) > ($2::bigint >> 16,"
        " $2::bigint & 65535) AND NOT n.archived ORDER BY n.number, n.ordinal LIMIT $3"};
    const auto statement = ask(listing, filter, cursor, page);
    return fill(connection, statement, cursor, page, [&](Rows& rows, Cursor& at) {
        at.customer = rows.id<CustomerId>();
        Entry entry = store::entry_of(rows, at.customer);
        at.position = entry.number << 16 | entry.ordinal;
        if (!filter.entitlement || entry.entitlement == filter.entitlement) out.push_back(std::move(entry));
    });
}

Code scan(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Seal>& out) {
    static constexpr Listing listing{
        "SELECT customer_id, number, head FROM entitle_seals WHERE (customer_id, number) > ($1, $2)"
        " ORDER BY customer_id, number LIMIT $3",
        "SELECT customer_id, number, head FROM entitle_seals WHERE customer_id = $1 AND number > $2"
        " ORDER BY number LIMIT $3"};
    const auto statement = ask(listing, filter, cursor, page);
    return fill(connection, statement, cursor, page, [&](Rows& rows, Cursor& at) {
        Seal seal{rows.id<CustomerId>(), static_cast<std::uint64_t>(rows.integer(1, store::max_number)), {}};
        seal.head = rows.digest();
        at.customer = seal.customer;
        at.position = seal.number;
        out.push_back(seal);
    });
}

Code scan(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Base>& out) {
    static constexpr Listing listing{
        "SELECT customer_id, number, head FROM entitle_bases WHERE customer_id > $1 AND $2::bigint >= 0"
        " ORDER BY customer_id LIMIT $3",
        "SELECT customer_id, number, head FROM entitle_bases WHERE customer_id = $1 AND $2::bigint = 0 LIMIT "
        "$3"};
    const auto statement = ask(listing, filter, cursor, few_customers);
    std::vector<Base> bases;
    Cursor next = cursor;
    const Code code = fill(connection, statement, next, few_customers, [&](Rows& rows, Cursor& at) {
        Seal& seal = bases.emplace_back().seal;
        seal.customer = at.customer = rows.id<CustomerId>();
        seal.number = static_cast<std::uint64_t>(rows.integer(1, store::max_number));
        seal.head = rows.digest();
    });
    if (code != Code::ok) return code;
    for (Base& base : bases) {
        if (const Code read = read_base(connection, base); read != Code::ok) return read;
        out.push_back(std::move(base));
    }
    cursor = next;
    return Code::ok;
}

namespace {

[[nodiscard]] Code find(Connection& connection, const Statement& statement, CustomerId& out) {
    Rows rows;
    const Code code = connection.run(statement, rows);
    if (code == Code::ok && rows.next()) out = rows.id<CustomerId>();
    return code == Code::ok ? rows.code() : code;
}

}  // namespace

Code find_customer(Connection& connection, EntitlementId id, CustomerId& out) {
    Statement statement{
        "SELECT customer_id FROM entitle_entitlements WHERE entitlement_id = $1 AND place IS NOT NULL"
        " ORDER BY customer_id LIMIT 1"};
    return find(connection, statement.id(id), out);
}

Code find_customer(Connection& connection, CaseId id, CustomerId& out) {
    Statement statement{
        "SELECT customer_id FROM entitle_cases WHERE case_id = $1 ORDER BY customer_id LIMIT 1"};
    return find(connection, statement.id(id), out);
}

Code forget_requests(Connection& connection, Instant before, std::uint64_t& count) {
    Statement statement{"DELETE FROM entitle_requests WHERE at < $1"};
    statement.integer(before.time_since_epoch().count());
    Rows rows;
    if (const Code code = connection.run(statement, rows); code != Code::ok) return code;
    count = static_cast<std::uint64_t>(rows.changed());
    return connection.run(Statement{
        "DELETE FROM entitle_entries n WHERE n.archived AND NOT EXISTS (SELECT 1 FROM entitle_requests r"
        " WHERE r.customer_id = n.customer_id AND r.request_id = n.request_id AND r.number = n.number)"});
}

}  // namespace entitle::inline v0::postgres
