#include "seals.hpp"

#include <algorithm>
#include <cstddef>

#include "names.hpp"
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
};

[[nodiscard]] int read_extent(Connection& connection, CustomerId id, Extent& out) {
    Query query{
        connection,
        "SELECT customer, ifnull((SELECT number FROM entitle_bases b WHERE b.customer = c.customer), 0),"
        " ifnull((SELECT max(number) FROM entitle_seals s WHERE s.customer = c.customer), 0),"
        " ifnull((SELECT max(number) FROM entitle_entries n WHERE n.customer = c.customer), 0)"
        " FROM entitle_customers c WHERE id = ?"};
    if (!query.id(id).next()) return query.code();
    out.customer = query.integer(1, max_customer);
    out.archived = static_cast<std::uint64_t>(query.integer(0, max_number));
    out.sealed = std::max(out.archived, static_cast<std::uint64_t>(query.integer(0, max_number)));
    out.last = std::max(out.archived, static_cast<std::uint64_t>(query.integer(0, max_number)));
    return query.code();
}

[[nodiscard]] std::int64_t number_of(std::uint64_t number) { return static_cast<std::int64_t>(number); }

/// Runs a literal statement about a customer's rows up to a number.
[[nodiscard]] int run_up_to(Connection& connection, const char* sql, std::int64_t customer,
                            std::uint64_t number) {
    Query query{connection, sql};
    return query.integer(customer).integer(number_of(number)).run();
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
    bind_reference(query, counter.last);
    return query.run();
}

[[nodiscard]] int insert_case(Connection& connection, std::int64_t customer, std::size_t place,
                              const BaseCase& known) {
    Query query{connection,
                "INSERT INTO entitle_base_cases (customer, place, id, entitlement, state, since, last_number,"
                " posted_quantity, posted_channel, posted_number, posted_ordinal)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    query.integer(customer)
        .integer(static_cast<std::int64_t>(place))
        .id(known.id)
        .id(known.entitlement)
        .name(state_names, known.state)
        .integer(known.since.time_since_epoch().count())
        .integer(number_of(known.last_number))
        .integer(known.posted.quantity)
        .channel_or_null(known.posted.channel);
    bind_reference(query, known.posted.entry);
    return query.run();
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
    for (const char* sql :
         {"UPDATE entitle_entries AS n SET archived = 1 WHERE n.customer = ? AND n.number <= ? AND"
          " EXISTS (SELECT 1 FROM entitle_requests r WHERE r.request = n.request AND r.customer = n.customer"
          " AND r.number = n.number)",
          "DELETE FROM entitle_entries WHERE customer = ? AND number <= ? AND archived = 0",
          "DELETE FROM entitle_seals WHERE customer = ? AND number <= ?"}) {
        if (const int code = run_up_to(connection, sql, extent.customer, number); code != SQLITE_OK)
            return code;
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
        counter.last = reference_of(counters);
    }
    if (counters.code() != SQLITE_OK) return counters.code();
    Query cases{connection,
                "SELECT id, entitlement, state, since, last_number, posted_quantity, posted_channel,"
                " posted_number, posted_ordinal FROM entitle_base_cases WHERE customer = ? ORDER BY place"};
    cases.integer(customer);
    while (cases.next()) {
        BaseCase& known = base.cases.emplace_back();
        known.id = cases.id<CaseId>();
        known.entitlement = cases.id<EntitlementId>();
        known.state = cases.name<CaseState>(state_names);
        known.since = Instant{Instant::duration{cases.integer()}};
        known.last_number = static_cast<std::uint64_t>(cases.integer(1, max_number));
        known.posted.quantity = cases.integer_or(0);
        known.posted.channel = cases.channel_or_none();
        known.posted.entry = reference_of(cases);
    }
    return cases.code();
}

}  // namespace entitle::inline v0::sqlite
