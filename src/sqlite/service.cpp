#include "service.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <utility>

#include "entitle/value/case_service_text.hpp"

#include "../store/reading.hpp"
#include "../store/writing.hpp"
#include "block.hpp"

namespace entitle::inline v0::sqlite {

int keep(Connection& connection, const ServiceTerms& terms) {
    Query query{connection,
                "INSERT INTO entitle_service_terms (kind, id, terms) VALUES (?, ?, ?)"
                " ON CONFLICT (kind, id) DO UPDATE SET terms = excluded.terms WHERE kind <> 2"};
    return query.integer(static_cast<std::int64_t>(terms.kind)).id(terms.id).text(terms.text).run();
}

int list(Connection& connection, std::vector<ServiceTerms>& out) {
    Query query{connection, "SELECT kind, id, terms FROM entitle_service_terms ORDER BY kind, id"};
    std::vector<ServiceTerms> found;
    while (query.next()) {
        ServiceTerms& terms = found.emplace_back();
        terms.kind = static_cast<ServiceTerms::Kind>(query.integer(1, 3));
        terms.id = query.id<SlaId>().bits();
        terms.text = query.text();
    }
    if (query.code() == SQLITE_OK) out.insert(out.end(), found.begin(), found.end());
    return query.code();
}

int write_service(Connection& connection, std::int64_t support_case, const CaseService& service) {
    Query query{connection,
                "UPDATE entitle_cases SET service = ?, next_due = ?, last_change = ? WHERE support_case = ?"};
    const std::string text = text_of(service);
    store::bind_service(query, service, text);
    return query.integer(support_case).run();
}

namespace {

constexpr std::size_t listed_page = 4096;

// One literal for each list: what is selected, and how it is read.
#define ENTITLE_SERVED_COLUMNS                                        \
    "SELECT k.support_case, k.next_due, c.id, k.id, e.id, k.service"  \
    " FROM entitle_cases k JOIN entitle_customers c USING (customer)" \
    " LEFT JOIN entitle_entitlements e ON e.customer = k.customer AND e.entitlement = k.entitlement"

/// Lists what a query gives until a page is full; `last` is the row at which it was.
[[nodiscard]] int fill_served(Query& query, Cursor& cursor, std::vector<ServedCase>& out) {
    std::size_t count = 0;
    for (; query.next(); ++count) {
        cursor.position =
            static_cast<std::uint64_t>(query.integer(1, std::numeric_limits<std::int64_t>::max()));
        const std::int64_t due = query.integer_or(0);
        ServedCase& served = out.emplace_back();
        served.customer = query.id<CustomerId>();
        served.id = query.id<CaseId>();
        served.entitlement = query.id<EntitlementId>();
        served.service = store::service_of(query);
        if (query.code() != SQLITE_OK) return query.code();
        cursor.at = Instant{Instant::duration{due}};
        cursor.customer = served.customer;
    }
    cursor.done = count < listed_page;
    return query.code();
}

}  // namespace

int scan_served(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<ServedCase>& out) {
    const auto bind = [&](Query& query) -> Query& {
        query.integer(store::micros(filter.changed_after))
            .integer(filter.customer ? 1 : 0)
            .id(filter.customer);
        return query.id(cursor.customer)
            .integer(static_cast<std::int64_t>(cursor.position))
            .integer(static_cast<std::int64_t>(listed_page));
    };
    if (filter.changed_after == Instant::min()) {
        Query all{connection, ENTITLE_SERVED_COLUMNS
                  " WHERE k.service IS NOT NULL AND ?1 IS NOT NULL AND (?2 = 0 OR c.id = ?3)"
                  " AND (k.customer, k.support_case) >"
                  " (ifnull((SELECT customer FROM entitle_customers WHERE id = ?4), 0), ?5)"
                  " ORDER BY k.customer, k.support_case LIMIT ?6"};
        bind(all);
        return fill_served(all, cursor, out);
    }
    Query changing{connection, ENTITLE_SERVED_COLUMNS
                   " WHERE k.last_change > ?1 AND (?2 = 0 OR c.id = ?3)"
                   " AND (k.customer, k.support_case) >"
                   " (ifnull((SELECT customer FROM entitle_customers WHERE id = ?4), 0), ?5)"
                   " ORDER BY k.customer, k.support_case LIMIT ?6"};
    bind(changing);
    return fill_served(changing, cursor, out);
}

int scan_due(Connection& connection, Instant until, CustomerId only, Cursor& cursor,
             std::vector<ServedCase>& out) {
    Query query{
        connection, ENTITLE_SERVED_COLUMNS
        " WHERE k.next_due <= ?1 AND (k.next_due, k.support_case) > (?2, ?3) AND (?4 = 0 OR c.id = ?5)"
        " ORDER BY k.next_due, k.support_case LIMIT ?6"};
    query.integer(store::micros(until))
        .integer(store::micros(cursor.at))
        .integer(static_cast<std::int64_t>(cursor.position))
        .integer(only ? 1 : 0)
        .id(only)
        .integer(static_cast<std::int64_t>(listed_page));
    return fill_served(query, cursor, out);
}

#undef ENTITLE_SERVED_COLUMNS

}  // namespace entitle::inline v0::sqlite
