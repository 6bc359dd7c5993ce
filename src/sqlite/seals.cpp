#include "seals.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "../store/writing.hpp"
#include "chain.hpp"
#include "read.hpp"
#include "write.hpp"

namespace entitle::inline v0::sqlite {

namespace {

/// How far a customer's ledger has come, and how far it is sealed and archived.
struct Extent {
    std::int64_t customer = 0;  ///< key; 0: there is no such customer
    std::uint64_t archived = 0;
    std::uint64_t sealed = 0;
    std::uint64_t last = 0;
    std::int64_t last_entry = 0;  ///< row; 0: none
};

[[nodiscard]] int read_extent(Connection& connection, CustomerId id, Extent& out) {
    Query query{
        connection,
        "SELECT customer, ifnull((SELECT number FROM entitle_bases b WHERE b.customer = c.customer), 0),"
        " ifnull((SELECT max(number) FROM entitle_seals s WHERE s.customer = c.customer), 0),"
        " last_number, last_entry FROM entitle_customers c WHERE id = ?"};
    if (!query.id(id).next()) return query.code();
    out.customer = query.integer(1, max_customer);
    out.archived = static_cast<std::uint64_t>(query.integer(0, max_number));
    out.sealed = std::max(out.archived, static_cast<std::uint64_t>(query.integer(0, max_number)));
    out.last = static_cast<std::uint64_t>(query.integer(0, max_number));
    out.last_entry = query.row_or_none();
    return query.code();
}

[[nodiscard]] std::int64_t number_of(std::uint64_t number) { return static_cast<std::int64_t>(number); }

/// Runs a literal statement about one row.
[[nodiscard]] int run_on(Connection& connection, const char* sql, std::int64_t row) {
    Query query{connection, sql};
    return query.integer(row).run();
}

/// Takes an entry away, or marks it where a remembered request is answered from it.
[[nodiscard]] int archive_entry(Connection& connection, std::int64_t entry) {
    const int code = run_on(connection,
                            "DELETE FROM entitle_entries AS n WHERE entry = ? AND NOT EXISTS (SELECT 1 FROM"
                            " entitle_requests r WHERE r.request = n.request AND r.customer = n.customer AND"
                            " r.entry = n.entry - n.ordinal)",
                            entry);
    if (code != SQLITE_OK || sqlite3_changes(connection.handle()) != 0) return code;
    return run_on(connection, "UPDATE entitle_entries SET archived = 1, previous = NULL WHERE entry = ?",
                  entry);
}

/// Takes the entries up to a number away. The first that is left is then its customer's first.
[[nodiscard]] int archive_entries(Connection& connection, const Extent& extent, std::int64_t number) {
    std::vector<Link> links;
    const int code = follow(connection, entry_chain, {extent.customer, extent.last_entry}, links);
    if (code != SQLITE_OK) return code;
    const auto left =
        std::find_if(links.begin(), links.end(), [&](const Link& link) { return link.number > number; });
    for (auto link = links.begin(); link != left; ++link) {
        if (const int done = archive_entry(connection, link->row); done != SQLITE_OK) return done;
    }
    if (left != links.end()) {
        return run_on(connection, "UPDATE entitle_entries SET previous = NULL WHERE entry = ?", left->row);
    }
    return run_on(connection, "UPDATE entitle_customers SET last_entry = NULL WHERE customer = ?",
                  extent.customer);
}

[[nodiscard]] int insert_counter(Connection& connection, std::int64_t customer, std::size_t place,
                                 const BaseCounter& counter) {
    Query query{
        connection,
        "INSERT INTO entitle_base_counters (customer, place, entitlement, channel, moved, after, revised,"
        " last_number, last_ordinal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    query.integer(customer)
        .integer(static_cast<std::int64_t>(place))
        .id(counter.entitlement)
        .channel_or_null(counter.channel)
        .integer(counter.moved)
        .integer(counter.after)
        .integer(number_of(counter.revised));
    store::bind_reference(query, counter.last);
    return query.run();
}

[[nodiscard]] int insert_case(Connection& connection, std::int64_t customer, std::size_t place,
                              const BaseCase& known) {
    Query query{connection,
                "INSERT INTO entitle_base_cases (customer, place, id, entitlement, state, since, last_number,"
                " posted_quantity, posted_channel, posted_number, posted_ordinal, held_number, held_ordinal,"
                " held_quantity, held_channel, held_until, overage)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    query.integer(customer)
        .integer(static_cast<std::int64_t>(place))
        .id(known.id)
        .id(known.entitlement)
        .name(store::state_names, known.state)
        .integer(known.since.time_since_epoch().count())
        .integer(number_of(known.last_number))
        .integer(known.posted.quantity)
        .channel_or_null(known.posted.channel);
    store::bind_reference(query, known.posted.entry);
    return store::bind_held(query, known.held).integer(known.overage).run();
}

/// The base's own rows, in the place of a former one's.
[[nodiscard]] int write_base(Connection& connection, std::int64_t customer, const Base& base) {
    for (const char* sql : {"DELETE FROM entitle_base_counters WHERE customer = ?",
                            "DELETE FROM entitle_base_cases WHERE customer = ?"}) {
        Query query{connection, sql};
        if (const int code = query.integer(customer).run(); code != SQLITE_OK) return code;
    }
    {
        Query query{connection,
                    "INSERT INTO entitle_bases (customer, number, head) VALUES (?, ?, ?)"
                    " ON CONFLICT (customer) DO UPDATE SET number = excluded.number, head = excluded.head"};
        query.integer(customer).integer(number_of(base.seal.number)).digest(base.seal.head);
        if (const int code = query.run(); code != SQLITE_OK) return code;
    }
    for (std::size_t i = 0; i < base.counters.size(); ++i) {
        const int code = insert_counter(connection, customer, i, base.counters[i]);
        if (code != SQLITE_OK) return code;
    }
    for (std::size_t i = 0; i < base.cases.size(); ++i) {
        const int code = insert_case(connection, customer, i, base.cases[i]);
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

}  // namespace

int keep_heads(Connection& connection, CustomerId customer, std::uint64_t first,
               std::span<const Digest> heads, bool& fits) {
    Extent extent;
    if (const int code = read_extent(connection, customer, extent); code != SQLITE_OK) return code;
    fits = extent.customer != 0 && first != 0 && first <= extent.sealed + 1 &&
           first + heads.size() <= extent.last + 1;
    if (!fits) return SQLITE_OK;
    for (std::size_t i = 0; i < heads.size(); ++i) {
        if (first + i <= extent.sealed) continue;  // kept before
        Query query{connection, "INSERT INTO entitle_seals (customer, number, head) VALUES (?, ?, ?)"};
        const int code = query.integer(extent.customer).integer(number_of(first + i)).digest(heads[i]).run();
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

int archive(Connection& connection, const Base& base, bool& fits) {
    Extent extent;
    if (const int code = read_extent(connection, base.seal.customer, extent); code != SQLITE_OK) return code;
    const std::uint64_t number = base.seal.number;
    fits = extent.customer != 0 && number != 0 && number >= extent.archived && number <= extent.sealed;
    if (!fits) return SQLITE_OK;
    if (const int code = archive_entries(connection, extent, number_of(number)); code != SQLITE_OK)
        return code;
    {
        Query query{connection, "DELETE FROM entitle_seals WHERE customer = ? AND number <= ?"};
        const int code = query.integer(extent.customer).integer(number_of(number)).run();
        if (code != SQLITE_OK) return code;
    }
    return write_base(connection, extent.customer, base);
}

int read_base(Connection& connection, std::int64_t customer, Base& base) {
    Query counters{connection,
                   "SELECT entitlement, channel, moved, after, revised, last_number, last_ordinal"
                   " FROM entitle_base_counters WHERE customer = ? ORDER BY place"};
    counters.integer(customer);
    while (counters.next()) {
        BaseCounter& counter = base.counters.emplace_back();
        counter.entitlement = counters.id<EntitlementId>();
        counter.channel = counters.channel_or_none();
        counter.moved = counters.integer();
        counter.after = counters.integer();
        counter.revised = static_cast<std::uint64_t>(counters.integer(0, max_number));
        counter.last = store::reference_of(counters);
    }
    if (counters.code() != SQLITE_OK) return counters.code();
    Query cases{connection,
                "SELECT id, entitlement, state, since, last_number, posted_quantity, posted_channel,"
                " posted_number, posted_ordinal, held_number, held_ordinal, held_quantity, held_channel,"
                " held_until, overage FROM entitle_base_cases WHERE customer = ? ORDER BY place"};
    cases.integer(customer);
    while (cases.next()) {
        BaseCase& known = base.cases.emplace_back();
        known.id = cases.id<CaseId>();
        known.entitlement = cases.id<EntitlementId>();
        known.state = cases.name<CaseState>(store::state_names);
        known.since = Instant{Instant::duration{cases.integer()}};
        known.last_number = static_cast<std::uint64_t>(cases.integer(1, max_number));
        known.posted.quantity = cases.integer_or(0);
        known.posted.channel = cases.channel_or_none();
        known.posted.entry = store::reference_of(cases);
        known.held = store::held_of(cases);
        known.overage = store::overage_of(cases);
    }
    return cases.code();
}

}  // namespace entitle::inline v0::sqlite
