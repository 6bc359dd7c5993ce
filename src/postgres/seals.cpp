#include "seals.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "../store/reading.hpp"
#include "../store/writing.hpp"
#include "read.hpp"

namespace entitle::inline v0::postgres {

using store::signed_of;

namespace {

/// How far a customer's ledger has come, and how far it is sealed and archived.
struct Extent {
    bool is_there = false;
    std::uint64_t archived = 0;
    std::uint64_t sealed = 0;
    std::uint64_t last = 0;
};

/// Under the customer's lock: what is read after it stays so.
[[nodiscard]] Code read_extent(Connection& connection, CustomerId customer, Extent& out) {
    Column ids{Type::uuid};
    ids.id(customer.bits());
    Statement extent{
        "SELECT coalesce((SELECT number FROM entitle_bases WHERE customer_id = $1), 0),"
        " coalesce((SELECT max(number) FROM entitle_seals WHERE customer_id = $1), 0),"
        " last_number FROM entitle_customers WHERE customer_id = $1"};
    const std::array asked{hot_rows(ids, Locking::update), extent.id(customer)};
    std::vector<Rows> rows;
    if (const Code code = connection.run(asked, rows); code != Code::ok) return code;
    out.is_there = rows[1].next();
    if (!out.is_there) return Code::ok;
    out.archived = static_cast<std::uint64_t>(rows[1].integer(0, store::max_number));
    out.sealed = std::max(out.archived, static_cast<std::uint64_t>(rows[1].integer(0, store::max_number)));
    out.last = static_cast<std::uint64_t>(rows[1].integer(0, store::max_number));
    return rows[1].code();
}

/// About a customer's rows up to a number.
[[nodiscard]] Statement up_to(Sql sql, const Seal& seal) {
    Statement statement{sql};
    statement.id(seal.customer).integer(signed_of(seal.number));
    return statement;
}

[[nodiscard]] Statement insert_counters(const Base& base) {
    static constexpr std::array types{Type::bigint, Type::uuid,   Type::text,   Type::bigint,
                                      Type::bigint, Type::bigint, Type::bigint, Type::bigint};
    Table rows{types};
    for (std::size_t i = 0; i < base.counters.size(); ++i) {
        const BaseCounter& counter = base.counters[i];
        rows.integer(signed_of(i)).id(counter.entitlement).channel_or_null(counter.channel);
        rows.integer(counter.moved).integer(counter.after).integer(signed_of(counter.revised));
        store::bind_reference(rows, counter.last);
    }
    Statement statement{
        "INSERT INTO entitle_base_counters (customer_id, place, entitlement_id, channel, moved, after, "
        "revised,"
        " last_number, last_ordinal) SELECT $1::uuid, u.* FROM unnest($2::bigint[], $3::uuid[], $4::text[],"
        " $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[]) AS u"};
    statement.id(base.seal.customer).table(rows);
    return statement;
}

[[nodiscard]] Statement insert_cases(const Base& base) {
    static constexpr std::array types{Type::bigint, Type::uuid,   Type::uuid,   Type::text,
                                      Type::bigint, Type::bigint, Type::bigint, Type::text,
                                      Type::bigint, Type::bigint, Type::bigint, Type::bigint,
                                      Type::bigint, Type::text,   Type::bigint, Type::bigint};
    Table rows{types};
    for (std::size_t i = 0; i < base.cases.size(); ++i) {
        const BaseCase& known = base.cases[i];
        rows.integer(signed_of(i)).id(known.id).id(known.entitlement).name(store::state_names, known.state);
        rows.integer(store::micros(known.since)).integer(signed_of(known.last_number));
        rows.integer(known.posted.quantity).channel_or_null(known.posted.channel);
        store::bind_reference(rows, known.posted.entry);
        store::bind_held(rows, known.held).integer(known.overage);
    }
    Statement statement{
        "INSERT INTO entitle_base_cases (customer_id, place, case_id, entitlement_id, state, since, "
        "last_number,"
        " posted_quantity, posted_channel, posted_number, posted_ordinal, held_number, held_ordinal,"
        " held_quantity, held_channel, held_until, overage) SELECT $1::uuid, u.*"
        " FROM unnest($2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[],"
        " $8::bigint[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],"
        " $14::bigint[], $15::text[], $16::bigint[], $17::bigint[]) AS u"};
    statement.id(base.seal.customer).table(rows);
    return statement;
}

/// The base's own rows, in the place of a former one's.
void write_base(const Base& base, std::vector<Statement>& out) {
    const CustomerId customer = base.seal.customer;
    out.emplace_back(Sql{"DELETE FROM entitle_base_counters WHERE customer_id = $1"}).id(customer);
    out.emplace_back(Sql{"DELETE FROM entitle_base_cases WHERE customer_id = $1"}).id(customer);
    out.push_back(
        up_to(Sql{"INSERT INTO entitle_bases (customer_id, number, head) VALUES ($1, $2, $3)"
                  " ON CONFLICT (customer_id) DO UPDATE SET number = excluded.number, head = excluded.head"},
              base.seal));
    out.back().digest(base.seal.head);
    if (!base.counters.empty()) out.push_back(insert_counters(base));
    if (!base.cases.empty()) out.push_back(insert_cases(base));
}

}  // namespace

Code keep_heads(Connection& connection, CustomerId customer, std::uint64_t first,
                std::span<const Digest> heads, bool& fits) {
    Extent extent;
    if (const Code code = read_extent(connection, customer, extent); code != Code::ok) return code;
    fits = extent.is_there && first != 0 && first <= extent.sealed + 1 &&
           first + heads.size() <= extent.last + 1;
    if (!fits) return Code::ok;
    std::vector<Statement> inserts;
    for (std::size_t i = 0; i < heads.size(); ++i) {
        if (first + i <= extent.sealed) continue;  // kept before
        inserts.push_back(
            up_to(Sql{"INSERT INTO entitle_seals (customer_id, number, head) VALUES ($1, $2, $3)"},
                  {customer, first + i, {}}));
        inserts.back().digest(heads[i]);
    }
    std::vector<Rows> rows;
    return connection.run(inserts, rows);
}

Code archive(Connection& connection, const Base& base, bool& fits) {
    Extent extent;
    const Seal& seal = base.seal;
    if (const Code code = read_extent(connection, seal.customer, extent); code != Code::ok) return code;
    fits =
        extent.is_there && seal.number != 0 && seal.number >= extent.archived && seal.number <= extent.sealed;
    if (!fits) return Code::ok;
    std::vector<Statement> all;
    // an entry that a remembered request is answered from stays for that
    all.push_back(
        up_to(Sql{"DELETE FROM entitle_entries n WHERE n.customer_id = $1 AND n.number <= $2 AND NOT EXISTS"
                  " (SELECT 1 FROM entitle_requests r WHERE r.customer_id = n.customer_id"
                  " AND r.request_id = n.request_id AND r.number = n.number)"},
              seal));
    all.push_back(
        up_to(Sql{"UPDATE entitle_entries SET archived = true WHERE customer_id = $1 AND number <= $2"
                  " AND NOT archived"},
              seal));
    all.push_back(up_to(Sql{"DELETE FROM entitle_seals WHERE customer_id = $1 AND number <= $2"}, seal));
    write_base(base, all);
    std::vector<Rows> rows;
    return connection.run(all, rows);
}

Code read_base(Connection& connection, Base& base) {
    Statement counters{
        "SELECT entitlement_id, channel, moved, after, revised, last_number, last_ordinal"
        " FROM entitle_base_counters WHERE customer_id = $1 ORDER BY place"};
    Statement cases{
        "SELECT case_id, entitlement_id, state, since, last_number, posted_quantity, posted_channel,"
        " posted_number, posted_ordinal, held_number, held_ordinal, held_quantity, held_channel,"
        " held_until, overage FROM entitle_base_cases WHERE customer_id = $1 ORDER BY place"};
    const std::array asked{counters.id(base.seal.customer), cases.id(base.seal.customer)};
    std::vector<Rows> rows;
    if (const Code code = connection.run(asked, rows); code != Code::ok) return code;
    while (rows[0].next()) {
        BaseCounter& counter = base.counters.emplace_back();
        counter.entitlement = rows[0].id<EntitlementId>();
        counter.channel = rows[0].channel_or_none();
        counter.moved = rows[0].integer();
        counter.after = rows[0].integer();
        counter.revised = static_cast<std::uint64_t>(rows[0].integer(0, store::max_number));
        counter.last = store::reference_of(rows[0]);
    }
    while (rows[1].next()) {
        BaseCase& known = base.cases.emplace_back();
        known.id = rows[1].id<CaseId>();
        known.entitlement = rows[1].id<EntitlementId>();
        known.state = rows[1].name<CaseState>(store::state_names);
        known.since = store::instant_of(rows[1]);
        known.last_number = static_cast<std::uint64_t>(rows[1].integer(1, store::max_number));
        known.posted.quantity = rows[1].integer();
        known.posted.channel = rows[1].channel_or_none();
        known.posted.entry = store::reference_of(rows[1]);
        known.held = store::held_of(rows[1]);
        known.overage = store::overage_of(rows[1]);
    }
    return rows[0].code() == Code::ok ? rows[1].code() : rows[0].code();
}

}  // namespace entitle::inline v0::postgres
