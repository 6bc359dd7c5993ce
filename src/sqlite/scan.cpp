#include "scan.hpp"

#include <algorithm>
#include <utility>

#include "entitle/store/rows.hpp"

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

/// Lists what a query gives, row after row, until a page is full. `list` reads on behind the customer's key, and
/// says where in the customer the row stands.
template <class Record, class List>
[[nodiscard]] int fill(Query& query, Cursor& cursor, std::vector<Record>& out, List list) {
    const std::size_t before = out.size();
    while (query.next()) {
        Place place{query.integer(1, max_customer), 0};
        const int code = list(place);
        if (code != SQLITE_OK) return code;
        move_to(cursor, place);
        if (out.size() - before >= page) return SQLITE_OK;
    }
    cursor.done = true;
    return query.code();
}

void copy_rows(const Block& block, std::vector<Entitlement>& out) {
    View shown;
    block.show(shown);
    const std::size_t first = out.size();
    for (std::uint32_t i = 0; i < block.rows.size(); ++i) out.push_back(detail::entitlement_of(shown, i));
    detail::sort_as_made(out, first);
}

/// What an audit of all customers would not meet: nobody's entitlements; a case that no other row leads to, which
/// no list shows but a command about it would find; and where the last entry of all is missing.
[[nodiscard]] int check_references(Connection& connection) {
    Query query{connection,
                "SELECT NOT EXISTS (SELECT 1 FROM entitle_entitlements WHERE customer NOT IN"
                " (SELECT customer FROM entitle_customers))"
                " AND ifnull((SELECT sum(support_case - ifnull(previous, 0)) FROM entitle_cases), 0)"
                " = ifnull((SELECT sum(last_case) FROM entitle_customers), 0)"
                " AND NOT EXISTS (SELECT 1 FROM entitle_customers WHERE last_entry NOT IN"
                " (SELECT entry FROM entitle_entries))"};
    if (query.next() && !query.flag()) query.spoil();
    return query.code();
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
    const int code = fill(query, cursor, out, [&](Place& place) {
        const auto id = query.id<CustomerId>();
        if (query.code() != SQLITE_OK) return query.code();
        Block block;
        const int read = read_block(connection, id, block);
        if (read == SQLITE_OK) copy_rows(block, out);
        place.number = 1;
        return read;
    });
    if (code != SQLITE_OK || filter.customer || !cursor.done) return code;
    return check_references(connection);
}

namespace {

/// A customer whose chain is listed.
struct Lister {
    CustomerId id{};
    Chain chain{};
    std::uint64_t last_number = 0;
};

/// A row as it is, read along a trail.
template <class Record>
struct Listed {
    std::int64_t customer = 0;  ///< 0: there is no such row
    std::int64_t previous = 0;
    std::int64_t number = 0;
    bool wanted = false;
    Record record{};
};

/// How entries are listed: by the numbers of their commands, since an archive may take the first ones away
/// between two pages.
struct EntryRows {
    using Record = Entry;
    static constexpr const char* customers =
        "SELECT customer, id, last_entry, last_number FROM entitle_customers"
        " WHERE customer >= ?1 AND customer <= ?3 AND ?2 >= 0 ORDER BY customer";
    static constexpr const ChainTable& table = entry_chain;

    [[nodiscard]] static std::int64_t number(const std::vector<Link>& links, std::size_t at) {
        return links[at].number;
    }
    /// The first one after a number. Where an edit has put them out of order, a page might lead back to a
    /// former one.
    [[nodiscard]] static int begin(const std::vector<Link>& links, std::int64_t after, std::size_t& at) {
        const auto before = [](const Link& a, const Link& b) { return a.number < b.number; };
        if (after == 0) return SQLITE_OK;
        if (!std::is_sorted(links.begin(), links.end(), before)) return SQLITE_CORRUPT;
        const auto found = std::upper_bound(links.begin(), links.end(), Link{0, after}, before);
        at = static_cast<std::size_t>(found - links.begin());
        return SQLITE_OK;
    }
    /// The customer's last entry is of its last command. Where it is not there, entries are missing; where none
    /// is, it was `last_entry` or `last_number` that was edited.
    [[nodiscard]] static bool fits(const std::vector<Link>& links, const Lister& lister) {
        if (links.empty()) return true;
        const auto last = static_cast<std::uint64_t>(links.back().number);
        return links.back().row == lister.chain.last ? last == lister.last_number : last < lister.last_number;
    }
    [[nodiscard]] static int read(Connection& connection, const Link& link, const Lister& lister,
                                  const Filter& filter, Listed<Entry>& out) {
        Query query{connection, ENTITLE_ENTRY_COLUMNS " WHERE n.entry = ? AND n.archived = 0"};
        if (!query.integer(link.row).next()) return query.code();
        out.customer = query.integer(1, max_customer);
        out.previous = query.row_or_none();
        out.record = store::entry_of(query, lister.id);
        out.number = static_cast<std::int64_t>(out.record.number);
        out.wanted = !filter.entitlement || out.record.entitlement == filter.entitlement;
        return query.code();
    }
};

/// How cases are listed: by their places, since they are never taken away.
struct CaseRows {
    using Record = SupportCase;
    static constexpr const char* customers =
        "SELECT customer, id, last_case, last_number FROM entitle_customers"
        " WHERE customer >= ?1 AND customer <= ?3 AND ?2 >= 0 ORDER BY customer";
    static constexpr const ChainTable& table = case_chain;

    [[nodiscard]] static std::int64_t number(const std::vector<Link>& /*links*/, std::size_t at) {
        return static_cast<std::int64_t>(at) + 1;
    }
    [[nodiscard]] static int begin(const std::vector<Link>& /*links*/, std::int64_t after, std::size_t& at) {
        at = static_cast<std::size_t>(after);
        return SQLITE_OK;
    }
    [[nodiscard]] static bool fits(const std::vector<Link>& /*links*/, const Lister& /*lister*/) {
        return true;
    }
    [[nodiscard]] static int read(Connection& connection, const Link& link, const Lister& lister,
                                  const Filter& /*filter*/, Listed<SupportCase>& out) {
        Query query{connection, ENTITLE_CASE_COLUMNS " WHERE k.support_case = ?"};
        if (!query.integer(link.row).next()) return query.code();
        out.customer = query.integer(1, max_customer);
        out.previous = query.row_or_none();
        out.number = link.number;  // whose entitlement it has may change
        out.wanted = !query.flag();
        KnownCase known;
        read_case_row(query, lister.id, known);
        out.record = std::move(known.now);
        return query.code();
    }
};

/// One page of what customers have in chains.
template <class Rows>
class ChainPage {
public:
    using Record = typename Rows::Record;

    ChainPage(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Record>& out,
              Trail& trail)
        : connection_{connection}, filter_{filter}, cursor_{cursor}, out_{out}, trail_{trail} {}

    [[nodiscard]] int fill() {
        Range range;
        if (const int code = range_of(connection_, filter_, cursor_, range); code != SQLITE_OK) return code;
        Query query{connection_, Rows::customers};
        bind(query, range);
        while (!is_full_ && query.next()) {
            Lister lister;
            lister.chain.customer = query.integer(1, max_customer);
            lister.id = query.id<CustomerId>();
            lister.chain.last = query.row_or_none();
            lister.last_number = static_cast<std::uint64_t>(query.integer(0, max_number));
            if (query.code() != SQLITE_OK) return query.code();
            const bool goes_on = lister.chain.customer == range.after.customer;
            const int code = list(lister, goes_on ? range.after.number : 0);
            if (code != SQLITE_OK) return code;
        }
        cursor_.done = !is_full_;
        if (cursor_.done) trail_ = {};
        return query.code();
    }

private:
    /// Along the trail, if it still is the customer's; else along a new one.
    [[nodiscard]] int list(const Lister& lister, std::int64_t after) {
        const std::size_t before = out_.size();
        const Cursor from = cursor_;
        for (;;) {
            is_new_ = trail_.customer != lister.chain.customer;
            if (is_new_) trail_ = {lister.chain.customer, {}};
            const int code = follow(connection_, Rows::table, lister.chain, trail_.links);
            if (code != SQLITE_OK) return code;
            if (!Rows::fits(trail_.links, lister)) return SQLITE_CORRUPT;
            bool agrees = true;
            const int read = read_along(lister, after, agrees);
            if (read != SQLITE_OK || agrees) return read;
            if (is_new_) return SQLITE_CORRUPT;
            out_.resize(before);
            cursor_ = from;
            trail_ = {};
        }
    }

    [[nodiscard]] int read_along(const Lister& lister, std::int64_t after, bool& agrees) {
        const std::vector<Link>& links = trail_.links;
        std::size_t at = 0;
        if (const int code = Rows::begin(links, after, at); code != SQLITE_OK) return code;
        for (; at < links.size(); ++at) {
            const std::int64_t number = Rows::number(links, at);
            is_full_ = out_.size() - before_ >= page && !is_at({lister.chain.customer, number});
            if (is_full_) return SQLITE_OK;
            Listed<Record> row;
            const int code = Rows::read(connection_, links[at], lister, filter_, row);
            if (code != SQLITE_OK) return code;
            agrees = is_still(lister, at, row);
            if (!agrees) return SQLITE_OK;
            move_to(cursor_, {lister.chain.customer, number});
            if (row.wanted) out_.push_back(std::move(row.record));
        }
        return SQLITE_OK;
    }

    /// What was followed just now is so.
    [[nodiscard]] bool is_still(const Lister& lister, std::size_t at, const Listed<Record>& row) const {
        if (row.customer != lister.chain.customer) return false;
        const std::int64_t previous = at == 0 ? 0 : trail_.links[at - 1].row;
        return is_new_ || (row.previous == previous && row.number == trail_.links[at].number);
    }

    [[nodiscard]] bool is_at(const Place& place) const {
        const Place at = place_of(cursor_);
        return at.customer == place.customer && at.number == place.number;
    }

    Connection& connection_;
    const Filter& filter_;
    Cursor& cursor_;
    std::vector<Record>& out_;
    Trail& trail_;
    const std::size_t before_ = out_.size();
    bool is_new_ = false;
    bool is_full_ = false;
};

/// Whether every entry lies on its customer's chain: then the steps of all of them add up to the last ones.
[[nodiscard]] int are_all_linked(Connection& connection, bool& linked) {
    Query query{
        connection,
        "SELECT ifnull((SELECT sum(entry - ifnull(previous, 0)) FROM entitle_entries WHERE archived = 0),"
        " 0) = ifnull((SELECT sum(last_entry) FROM entitle_customers), 0)"};
    if (query.next()) linked = query.flag();
    return query.code();
}

/// Entries that were added by hand, and that no other row leads to: no part of the ledger, yet in the file. An
/// audit meets them behind all others, where their numbers do not belong.
[[nodiscard]] int list_unlinked(Connection& connection, std::vector<Entry>& out) {
    bool linked = true;
    if (const int code = are_all_linked(connection, linked); code != SQLITE_OK || linked) return code;
    Query query{connection, ENTITLE_ENTRY_COLUMNS
                " WHERE n.archived = 0"
                " AND n.entry NOT IN (SELECT previous FROM entitle_entries WHERE previous IS NOT NULL)"
                " AND n.entry NOT IN (SELECT last_entry FROM entitle_customers WHERE last_entry IS NOT NULL)"
                " ORDER BY n.customer, n.entry"};
    while (query.next()) {
        const std::int64_t customer = query.integer(1, max_customer);
        (void)query.row_or_none();  // the one before it
        Query owner{connection,
                    "SELECT id, last_number, last_entry IN (SELECT entry FROM entitle_entries) IS NOT 0"
                    " FROM entitle_customers WHERE customer = ?"};
        if (!owner.integer(customer).next()) return owner.code() == SQLITE_OK ? SQLITE_CORRUPT : owner.code();
        Entry entry = store::entry_of(query, owner.id<CustomerId>());
        if (entry.number > static_cast<std::uint64_t>(owner.integer(0, max_number))) query.spoil();
        if (query.code() != SQLITE_OK) return query.code();
        if (owner.flag()) out.push_back(std::move(entry));  // else it was the last one's turn to lead to it
    }
    return query.code();
}

}  // namespace

int scan_cases(Connection& connection, const Filter& filter, Cursor& cursor, Trails& trails,
               std::vector<SupportCase>& out) {
    return ChainPage<CaseRows>{connection, filter, cursor, out, trails.cases}.fill();
}

int scan_entries(Connection& connection, const Filter& filter, Cursor& cursor, Trails& trails,
                 std::vector<Entry>& out) {
    const int code = ChainPage<EntryRows>{connection, filter, cursor, out, trails.entries}.fill();
    if (code != SQLITE_OK || !cursor.done || filter.customer || filter.entitlement) return code;
    return list_unlinked(connection, out);
}

int scan_heads(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Seal>& out) {
    Range range;
    if (const int code = range_of(connection, filter, cursor, range); code != SQLITE_OK) return code;
    Query query{connection,
                "SELECT s.customer, c.id, s.number, s.head FROM entitle_seals s JOIN entitle_customers c"
                " USING (customer) WHERE (s.customer, s.number) > (?, ?) AND s.customer <= ?"
                " ORDER BY s.customer, s.number"};
    bind(query, range);
    return fill(query, cursor, out, [&](Place& place) {
        Seal seal{query.id<CustomerId>(), static_cast<std::uint64_t>(query.integer(1, max_number)), {}};
        seal.head = query.digest();
        if (query.code() != SQLITE_OK) return query.code();
        out.push_back(seal);
        place.number = static_cast<std::int64_t>(seal.number);
        return SQLITE_OK;
    });
}

int scan_bases(Connection& connection, const Filter& filter, Cursor& cursor, std::vector<Base>& out) {
    Range range;
    if (const int code = range_of(connection, filter, cursor, range); code != SQLITE_OK) return code;
    Query query{
        connection,
        "SELECT b.customer, c.id, b.number, b.head FROM entitle_bases b JOIN entitle_customers c"
        " USING (customer) WHERE b.customer >= ?1 + (?2 > 0) AND b.customer <= ?3 ORDER BY b.customer"};
    bind(query, range);
    return fill(query, cursor, out, [&](Place& place) {
        Base base;
        base.seal.customer = query.id<CustomerId>();
        base.seal.number = static_cast<std::uint64_t>(query.integer(1, max_number));
        base.seal.head = query.digest();
        if (query.code() != SQLITE_OK) return query.code();
        const int code = read_base(connection, place.customer, base);
        if (code == SQLITE_OK) out.push_back(std::move(base));
        place.number = 1;
        return code;
    });
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
        "DELETE FROM entitle_entries AS n WHERE n.archived = 1 AND NOT EXISTS (SELECT 1 FROM entitle_requests"
        " r WHERE r.request = n.request AND r.customer = n.customer AND r.entry = n.entry - n.ordinal)");
}

}  // namespace entitle::inline v0::sqlite
