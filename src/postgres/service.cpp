#include "service.hpp"

#include <cstddef>
#include <utility>

#include "../store/reading.hpp"
#include "../store/writing.hpp"

namespace entitle::inline v0::postgres {

Code keep(Connection& connection, const ServiceTerms& terms) {
    if (!is_text(terms.text)) return Code::limit;
    Statement statement{
        "INSERT INTO entitle_service_terms (kind, id, terms) VALUES ($1, $2, $3)"
        " ON CONFLICT (kind, id) DO UPDATE SET terms = excluded.terms WHERE entitle_service_terms.kind <> 2"};
    statement.integer(static_cast<std::int64_t>(terms.kind)).id(terms.id).text(terms.text);
    return connection.run(statement);
}

Code list(Connection& connection, std::vector<ServiceTerms>& out) {
    Rows rows;
    const Code code = connection.run(
        Statement{"SELECT kind, id, terms FROM entitle_service_terms ORDER BY kind, id"}, rows);
    if (code != Code::ok) return code;
    std::vector<ServiceTerms> found;
    while (rows.next()) {
        ServiceTerms& terms = found.emplace_back();
        terms.kind = static_cast<ServiceTerms::Kind>(rows.integer(1, 3));
        terms.id = rows.id<SlaId>().bits();
        terms.text = rows.text();
    }
    if (rows.code() == Code::ok) out.insert(out.end(), found.begin(), found.end());
    return rows.code();
}

namespace {

constexpr std::size_t listed_page = 4096;

#define ENTITLE_SERVED "SELECT k.customer_id, k.opened, k.next_due, k.case_id, k.entitlement_id, k.service"

/// Lists what a statement gives, until a page is full.
[[nodiscard]] Code fill_served(Connection& connection, const Statement& statement, Cursor& cursor,
                               std::vector<ServedCase>& out) {
    Rows rows;
    if (const Code code = connection.run(statement, rows); code != Code::ok) return code;
    Cursor at = cursor;
    at.done = static_cast<std::size_t>(rows.size()) < listed_page;
    while (rows.next()) {
        ServedCase served;
        served.customer = at.customer = rows.id<CustomerId>();
        at.position = static_cast<std::uint64_t>(rows.integer(1, store::max_number));
        at.at = Instant{Instant::duration{rows.integer_or(0)}};
        served.id = rows.id<CaseId>();
        served.entitlement = rows.id<EntitlementId>();
        served.service = store::service_of(rows);
        if (served.service.is_empty()) rows.spoil();  // then it is not among them
        if (rows.code() != Code::ok) return rows.code();
        out.push_back(std::move(served));
    }
    cursor = at;
    return rows.code();
}

/// $1 and $2 are a case's place: those after it. $3 is how many; $4 a customer, or an instant.
[[nodiscard]] Statement ask(Sql sql, const Cursor& cursor) {
    Statement statement{sql};
    statement.id(cursor.customer).integer(static_cast<std::int64_t>(cursor.position));
    statement.integer(static_cast<std::int64_t>(listed_page));
    return statement;
}

}  // namespace

Code scan(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<ServedCase>& out) {
    static constexpr Sql all{
        ENTITLE_SERVED
        " FROM entitle_cases k WHERE k.service IS NOT NULL"
        " AND (k.customer_id, k.opened) > ($1, $2) ORDER BY k.customer_id, k.opened LIMIT $3"};
    static constexpr Sql of_one{
        ENTITLE_SERVED
        " FROM entitle_cases k WHERE k.service IS NOT NULL AND k.customer_id = $4"
        " AND (k.customer_id, k.opened) > ($1, $2) ORDER BY k.customer_id, k.opened LIMIT $3"};
    static constexpr Sql changing{
        ENTITLE_SERVED
        " FROM entitle_cases k WHERE k.last_change > $4::bigint"
        " AND (k.customer_id, k.opened) > ($1, $2) ORDER BY k.customer_id, k.opened LIMIT $3"};
    static constexpr Sql changing_of_one{
        ENTITLE_SERVED
        " FROM entitle_cases k WHERE k.customer_id = $4 AND k.last_change > $5::bigint"
        " AND (k.customer_id, k.opened) > ($1, $2) ORDER BY k.customer_id, k.opened LIMIT $3"};
    const bool changes = filter.changed_after != Instant::min();
    const bool is_one = !filter.customer.is_none();
    Statement statement =
        ask(is_one ? (changes ? changing_of_one : of_one) : (changes ? changing : all), cursor);
    if (is_one) statement.id(filter.customer);
    if (changes) statement.integer(store::micros(filter.changed_after));
    return fill_served(connection, statement, cursor, out);
}

Code scan_due(Connection& connection, Instant until, CustomerId only, Cursor& cursor,
              std::vector<ServedCase>& out) {
    static constexpr Sql all{ENTITLE_SERVED
                             " FROM entitle_cases k WHERE k.next_due <= $4::bigint"
                             " AND (k.next_due, k.customer_id, k.opened) > ($5::bigint, $1, $2)"
                             " ORDER BY k.next_due, k.customer_id, k.opened LIMIT $3"};
    static constexpr Sql of_one{ENTITLE_SERVED
                                " FROM entitle_cases k WHERE k.next_due <= $4::bigint AND k.customer_id = $6"
                                " AND (k.next_due, k.customer_id, k.opened) > ($5::bigint, $1, $2)"
                                " ORDER BY k.next_due, k.customer_id, k.opened LIMIT $3"};
    Statement statement = ask(only ? of_one : all, cursor);
    statement.integer(store::micros(until)).integer(store::micros(cursor.at));
    if (only) statement.id(only);
    return fill_served(connection, statement, cursor, out);
}

#undef ENTITLE_SERVED

}  // namespace entitle::inline v0::postgres
