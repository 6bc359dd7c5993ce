#include "chain.hpp"

#include "read.hpp"

namespace entitle::inline v0::sqlite {

const ChainTable entry_chain{
    "SELECT customer, number, previous FROM entitle_entries WHERE entry = ? AND archived = 0",
    "SELECT entry, number FROM entitle_entries WHERE customer = ? AND entry < ? AND archived = 0"
    " ORDER BY entry DESC"};
const ChainTable case_chain{
    "SELECT customer, iif(deleted, 0, entitlement), previous FROM entitle_cases WHERE support_case = ?",
    "SELECT support_case, iif(deleted, 0, entitlement) FROM entitle_cases WHERE customer = ? AND"
    " support_case < ? ORDER BY support_case DESC"};

namespace {

/// A row's own link, and the row before it; `there` is off where there is no such row.
[[nodiscard]] int read_link(Connection& connection, const ChainTable& table, const Chain& chain, Link& link,
                            std::int64_t& previous, bool& there) {
    Query query{connection, table.link};
    there = query.integer(link.row).next();
    if (!there) return query.code();
    if (query.integer(1, max_customer) != chain.customer) query.spoil();
    link.number = query.integer(0, max_number);
    previous = query.row_or_none();
    if (previous >= link.row) query.spoil();  // so that every walk ends
    return query.code();
}

[[nodiscard]] int read_rest(Connection& connection, const ChainTable& table, const Chain& chain,
                            std::int64_t before, std::vector<Link>& links) {
    Query query{connection, table.rest};
    query.integer(chain.customer).integer(before);
    while (query.next()) {
        const std::int64_t row = query.integer();
        links.push_back({row, query.integer(0, max_number)});
    }
    return query.code();
}

}  // namespace

int follow(Connection& connection, const ChainTable& table, const Chain& chain, std::vector<Link>& links) {
    const std::int64_t known = links.empty() ? 0 : links.back().row;
    std::vector<Link> newer;
    std::int64_t row = chain.last;
    while (row != 0 && row != known) {
        Link link{row, 0};
        bool there = false;
        const int code = read_link(connection, table, chain, link, row, there);
        if (code != SQLITE_OK) return code;
        if (there) {
            newer.push_back(link);
            continue;
        }
        if (const int rest = read_rest(connection, table, chain, row, newer); rest != SQLITE_OK) return rest;
        row = 0;
    }
    if (row == 0) links.clear();
    links.insert(links.end(), newer.rbegin(), newer.rend());
    return SQLITE_OK;
}

}  // namespace entitle::inline v0::sqlite
