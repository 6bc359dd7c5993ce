#include "read.hpp"

#include <algorithm>

#include "entitle/ledger/rebuild.hpp"
#include "entitle/store/rows.hpp"

#include "columns.hpp"

namespace entitle::inline v0::postgres {

using store::LooseRow;

Standings standings_of(const Block& block) {
    Standings out;
    std::int64_t place = 0;
    std::int64_t counter = 1;
    for (const EntitlementRow& row : block.rows) {
        const EntitlementRecord& record = *row.record;
        out[row.id] = {place++,
                       counter,
                       row.phase,
                       row.is_default,
                       record.periods,
                       text_of(record.top_ups),
                       text_of(record.holds)};
        counter += 1 + row.kept;
    }
    return out;
}

/// One customer is asked for by its key alone: whatever the planner believes of the table, it takes the index.
Statement hot_rows(const Column& customers, Locking locking) {
    static constexpr Sql one_locked{
        "SELECT customer_id, shape, last_number, counters, moved, held FROM entitle_customers"
        " WHERE customer_id = ($1::uuid[])[1] FOR UPDATE"};
    static constexpr Sql all_locked{
        "SELECT customer_id, shape, last_number, counters, moved, held FROM entitle_customers"
        " WHERE customer_id = ANY ($1::uuid[]) ORDER BY customer_id FOR UPDATE"};
    static constexpr Sql one{
        "SELECT customer_id, shape, last_number, counters, moved, held FROM entitle_customers"
        " WHERE customer_id = ($1::uuid[])[1]"};
    static constexpr Sql all{
        "SELECT customer_id, shape, last_number, counters, moved, held FROM entitle_customers"
        " WHERE customer_id = ANY ($1::uuid[]) ORDER BY customer_id"};
    const bool is_one = customers.size() == 1;
    Statement statement{locking == Locking::update ? (is_one ? one_locked : all_locked)
                                                   : (is_one ? one : all)};
    statement.column(customers);
    return statement;
}

Code read_hot_rows(Rows& rows, std::vector<Hot>& out) {
    while (rows.next()) {
        Hot& hot = out.emplace_back();
        hot.id = rows.id<CustomerId>();
        hot.shape = static_cast<std::uint64_t>(rows.integer());
        hot.last_number = static_cast<std::uint64_t>(rows.integer(0, store::max_number));
        hot.counters = rows.integers();
        hot.moved = rows.flags();
        hot.held = rows.integers();
    }
    return rows.code();
}

Statement agreements(const Column& customers) {
    Statement statement{
        "SELECT customer_id, made_by, entitlement_id, phase, is_default, name, description, first_day, "
        "last_day,"
        " time_zone, begins_at, ends_at, counts, currency, decrease_on, restricted, priority, knowledge_base,"
        " discount_percent, sla_id, template_id, owner_id, renewed_from, total, channels, channel_totals,"
        " contacts, products, assets, case_types, period_every, period_step, period_anchor, rollover,"
        " preserve_overage, counts_from, due, last_boundary, rolled, top_ups, holds, purchase_id, "
        "purchase_product,"
        " purchase_quantity, low_water FROM entitle_entitlements"
        " WHERE customer_id = ANY ($1::uuid[]) AND place IS NOT NULL ORDER BY customer_id, place"};
    statement.column(customers);
    return statement;
}

void read_parts(Rows& rows, LooseRow& loose) {
    Agreement& agreement = loose.record->agreement;
    const std::int64_t total = rows.integer();
    if (agreement.terms.total) agreement.terms.total->value = total;
    const auto channels = rows.channels();
    const auto totals = rows.integers();
    if (channels.size() != totals.size()) return rows.spoil();
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (!store::add_channel(loose, channels[i], totals[i].has_value(), totals[i].value_or(0)))
            rows.spoil();
    }
    agreement.scope.contacts = rows.ids<ContactId>();
    agreement.scope.products = rows.ids<ProductId>();
    agreement.scope.assets = rows.ids<AssetId>();
    agreement.scope.case_types = rows.ids<CaseTypeId>();
}

Code read_agreements(Rows& rows, std::map<CustomerId, std::vector<LooseRow>>& out) {
    while (rows.next()) {
        const auto customer = rows.id<CustomerId>();
        std::vector<LooseRow>& theirs = out[customer];
        if (theirs.size() == max_entitlements) return Code::corrupt;
        LooseRow loose = store::row_of(rows, customer);
        read_parts(rows, loose);
        store::read_record(rows, *loose.record);
        if (rows.code() != Code::ok) return rows.code();
        detail::describe(loose.row, *loose.record, {loose.row.begin, loose.row.end});
        theirs.push_back(std::move(loose));
    }
    return rows.code();
}

namespace {

/// The same of what is held, where anything is.
[[nodiscard]] bool fill_held(const Hot& hot, Block& block) {
    block.held.clear();
    if (hot.held.empty()) return true;
    if (hot.held.size() != hot.counters.size()) return false;
    block.held.resize(hot.held.size());
    auto held = hot.held.begin();
    for (std::size_t at = 0; at < block.rows.size(); ++at) {
        const std::int64_t total = held->value_or(-1);
        for (int i = -1; i < int{block.rows[at].kept}; ++i, ++held) {
            const std::int64_t one = held->value_or(-1);
            if (one < 0 || one > total || total > store::max_amount) return false;
            block.held[block.held_at(at, i < 0 ? no_channel : static_cast<std::uint16_t>(i))] = one;
        }
    }
    return true;
}

}  // namespace

Code fill(const Hot& hot, Block& block) {
    const auto is_none = [](const auto& counter) { return !counter.has_value(); };
    if (hot.moved.size() != block.rows.size() ||
        hot.counters.size() != block.rows.size() + block.channels.size() ||
        std::any_of(hot.counters.begin(), hot.counters.end(), is_none)) {
        return Code::corrupt;
    }
    if (!fill_held(hot, block)) return Code::corrupt;
    auto counter = hot.counters.begin();
    for (std::size_t i = 0; i < block.rows.size(); ++i) {
        EntitlementRow& row = block.rows[i];
        row.has_history = hot.moved[i];
        row.remaining = **counter++;
        for (std::size_t k = 0; k < row.kept; ++k) block.channels_of(row)[k].remaining = **counter++;
    }
    block.shape = block.kept_shape = hot.shape;
    block.last_number = hot.last_number;
    return Code::ok;
}

Table pairs() {
    static constexpr std::array types{Type::uuid, Type::uuid};
    return Table{types};
}

Statement cases_of(const Table& keys) {
    Statement statement{"SELECT k.service, " ENTITLE_CASE_COLUMNS
                        " FROM unnest($1::uuid[], $2::uuid[]) AS u (customer_id, case_id)"
                        " JOIN entitle_cases k ON k.case_id = u.case_id AND k.customer_id = u.customer_id"};
    statement.table(keys);
    return statement;
}

void read_case_row(Rows& rows, CaseSlot& out) {
    const auto customer = rows.id<CustomerId>();
    out.opened = static_cast<std::uint64_t>(rows.integer(1, store::max_number));
    store::read_case(rows, customer, out);
    out.is_there = true;
    out.was_there = true;
}

Code read_cases(Rows& rows, Cases& out) {
    while (rows.next()) {
        CaseSlot slot;
        slot.service = store::service_of(rows);
        read_case_row(rows, slot);
        out[{slot.now.customer, slot.now.id}] = std::move(slot);
    }
    return rows.code();
}

Statement requests_of(const Table& keys) {
    Statement statement{
        "SELECT r.customer_id, r.request_id, r.arguments, r.at, r.number, r.command, r.entitlement_id, "
        "r.case_id,"
        " r.remaining, r.counts, r.currency FROM unnest($1::uuid[], $2::uuid[]) AS u (customer_id, "
        "request_id)"
        " JOIN entitle_requests r ON r.customer_id = u.customer_id AND r.request_id = u.request_id"};
    statement.table(keys);
    return statement;
}

Statement entries_of_requests(const Table& keys) {
    Statement statement{
        "SELECT " ENTITLE_ENTRY_COLUMNS
        " FROM unnest($1::uuid[], $2::uuid[]) AS u (customer_id, request_id)"
        " JOIN entitle_requests r ON r.customer_id = u.customer_id AND r.request_id = u.request_id"
        " JOIN entitle_entries n ON n.customer_id = r.customer_id AND n.number = r.number"
        " ORDER BY n.customer_id, n.number, n.ordinal"};
    statement.table(keys);
    return statement;
}

Code read_requests(Rows& requests, Rows& entries, Requests& out) {
    std::map<std::pair<CustomerId, std::uint64_t>, std::vector<Entry>> commands;
    while (entries.next()) {
        const auto customer = entries.id<CustomerId>();
        Entry entry = store::entry_of(entries, customer);
        std::vector<Entry>& command = commands[{customer, entry.number}];
        if (command.empty() || command.back().ordinal != entry.ordinal) command.push_back(std::move(entry));
    }
    if (entries.code() != Code::ok) return entries.code();
    while (requests.next()) {
        const auto customer = requests.id<CustomerId>();
        const auto id = requests.id<RequestId>();
        RequestSlot& slot = out[{customer, id}];
        slot.is_there = true;
        slot.first.arguments = static_cast<std::uint64_t>(requests.integer());
        Receipt& receipt = slot.first.receipt;
        receipt.customer = customer;
        receipt.request = id;
        receipt.at = store::instant_of(requests);
        const std::int64_t number = requests.integer_or(0);
        if (number == 0) {
            store::read_answer(requests, receipt);
            continue;
        }
        const auto found = commands.find({customer, static_cast<std::uint64_t>(number)});
        if (found == commands.end()) return Code::corrupt;
        receipt = ledger::receipt_of(found->second, found->second.back().unit);
    }
    return requests.code();
}

Statement history_of(CustomerId customer, EntitlementId entitlement, std::uint64_t from) {
    Statement statement{"SELECT " ENTITLE_ENTRY_COLUMNS
                        " FROM entitle_entries n WHERE n.customer_id = $1 AND n.entitlement_id = $2"
                        " AND n.number >= $3::bigint AND NOT n.archived ORDER BY n.number, n.ordinal"};
    statement.id(customer).id(entitlement).integer(static_cast<std::int64_t>(from));
    return statement;
}

Code read_history(Rows& rows, std::vector<Entry>& out) {
    while (rows.next()) {
        const auto customer = rows.id<CustomerId>();
        out.push_back(store::entry_of(rows, customer));
    }
    return rows.code();
}

Statement known_of(const Table& keys) {
    Statement statement{
        "SELECT e.customer_id, e.entitlement_id FROM unnest($1::uuid[], $2::uuid[])"
        " AS u (customer_id, entitlement_id) JOIN entitle_entitlements e"
        " ON e.customer_id = u.customer_id AND e.entitlement_id = u.entitlement_id"};
    statement.table(keys);
    return statement;
}

Code read_known(Rows& rows, Known& out) {
    while (rows.next()) {
        const auto customer = rows.id<CustomerId>();
        out[{customer, rows.id<EntitlementId>()}] = true;
    }
    return rows.code();
}

namespace {

/// The agreements between two looks at the hot rows: `moved` where their shapes were another before than after.
[[nodiscard]] Code read_blocks_once(Connection& connection, const Column& ids, std::vector<Block>& out,
                                    bool& moved) {
    out.clear();
    const std::array statements{hot_rows(ids, Locking::none), agreements(ids), hot_rows(ids, Locking::none)};
    std::vector<Rows> rows;
    if (const Code code = connection.run(statements, rows); code != Code::ok) return code;
    std::vector<Hot> hot;
    std::vector<Hot> after;
    if (const Code code = read_hot_rows(rows[0], hot); code != Code::ok) return code;
    if (const Code code = read_hot_rows(rows[2], after); code != Code::ok) return code;
    const auto same = [](const Hot& a, const Hot& b) { return a.id == b.id && a.shape == b.shape; };
    moved = !std::equal(hot.begin(), hot.end(), after.begin(), after.end(), same);
    if (moved) return Code::ok;
    std::map<CustomerId, std::vector<LooseRow>> loose;
    if (const Code code = read_agreements(rows[1], loose); code != Code::ok) return code;
    for (const Hot& one : hot) {
        Block& block = out.emplace_back();
        block.id = one.id;
        store::settle(std::move(loose[one.id]), block);
        if (const Code code = fill(one, block); code != Code::ok) return code;
    }
    return Code::ok;
}

}  // namespace

Code read_blocks(Connection& connection, std::span<const CustomerId> customers, std::vector<Block>& out) {
    constexpr int max_attempts = 10;
    Column ids{Type::uuid};
    for (const CustomerId customer : customers) ids.id(customer.bits());
    Code code = Code::ok;
    bool moved = true;
    for (int attempt = 0; attempt < max_attempts && code == Code::ok && moved; ++attempt)
        code = read_blocks_once(connection, ids, out, moved);
    return code == Code::ok && moved ? Code::busy : code;
}

}  // namespace entitle::inline v0::postgres
