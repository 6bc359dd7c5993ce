#include "guarded.hpp"

#include <algorithm>
#include <limits>

#include "entitle/value/case_service_text.hpp"

#include "../store/writing.hpp"

namespace entitle::inline v0::postgres {

namespace {

using store::signed_of;

/// A row's counters: its total, and behind it its channels.
[[nodiscard]] std::int64_t place_of(const Block& block, std::uint32_t row, std::uint16_t channel) {
    const std::int64_t total = std::int64_t{row} + block.rows[row].channel_at + 1;
    return channel == no_channel ? total : total + 1 + channel;
}

}  // namespace

std::vector<Bound> bounds_of(const Plan& plan, const Block& block) {
    std::vector<Bound> out;
    for (const Guard& guard : plan.guards) {
        const std::int64_t place = place_of(block, guard.row, guard.channel);
        const auto same =
            std::find_if(out.begin(), out.end(), [&](const Bound& bound) { return bound.place == place; });
        if (same == out.end()) {
            out.push_back({place, guard.lower, guard.upper});
        } else {
            same->lower = std::max(same->lower, guard.lower);
            same->upper = std::min(same->upper, guard.upper);
        }
    }
    return out;
}

namespace {

/// Whether a command about a case asks for more than its entry tells of.
[[nodiscard]] bool asks_for_more(CommandKind command) {
    return command == CommandKind::change_stage || command == CommandKind::change_priority ||
           command == CommandKind::change_service_level || command == CommandKind::meet_kpi;
}

}  // namespace

bool fits_one_statement(const Plan& plan, const Block& block) {
    if (plan.entries.size() != 1 || plan.entitlement.kind != EntitlementChange::Kind::none ||
        plan.sets_default || !plan.order.empty() || !plan.periods.empty()) {
        return false;
    }
    if (block.holds_any() || has_amount(plan.entries.front().kind)) return false;  // it counts nothing held
    if (!plan.expired.is_none()) return false;  // nor does it clear what the case's row still holds
    switch (plan.case_change) {
        case CaseChange::insert: break;
        case CaseChange::update:
            if (plan.opening_changed) return false;
            if (asks_for_more(plan.command) && plan.request.is_none()) return false;
            break;
        case CaseChange::none:
            if (plan.support_case_id || plan.request.is_none()) return false;
            break;
        case CaseChange::erase: return false;
    }
    return bounds_of(plan, block).size() <= max_bounds;
}

// Parts of the statements. What stands in each of them has the same number in all:
//  1 customer, 2 shape, 3 policy, 4 … 15 four counters and their bounds,
//  16 … 19 two counters and what moves them, 20, 21 an entitlement's place and whether it has moved,
//  22 … 35 the entry, 36 the arguments of the request, 37 … 41 the case's state, and what stands posted for it.

/// The policy is no row of the customer's: as in a transaction, it is what it was when the statement began.
#define ENTITLE_HOLDS                                                          \
    "c.customer_id = $1 AND c.shape = $2 AND c.last_number < 4294967295"       \
    " AND c.held = '{}'"                                                       \
    " AND $3::bigint = (SELECT value FROM entitle_meta WHERE name = 'policy')" \
    " AND c.counters[$4::bigint] BETWEEN $5::bigint AND $6::bigint"            \
    " AND c.counters[$7::bigint] BETWEEN $8::bigint AND $9::bigint"            \
    " AND c.counters[$10::bigint] BETWEEN $11::bigint AND $12::bigint"         \
    " AND c.counters[$13::bigint] BETWEEN $14::bigint AND $15::bigint"

#define ENTITLE_MOVE                                                  \
    "UPDATE entitle_customers c SET last_number = c.last_number + 1," \
    " counters[$16::bigint] = c.counters[$16::bigint] + $17::bigint," \
    " counters[$18::bigint] = c.counters[$18::bigint] + $19::bigint," \
    " moved[$20::bigint] = c.moved[$20::bigint] OR $21::bigint <> 0"

#define ENTITLE_MOVED "RETURNING c.last_number AS number, c.counters, c.moved"

#define ENTITLE_WRITE_ENTRY                                                                              \
    "INSERT INTO entitle_entries (customer_id, number, ordinal, command, kind, entitlement_id, case_id," \
    " channel, total_moved, channel_moved, remaining, channel_remaining, reverses_number,"               \
    " reverses_ordinal, at, actor_id, request_id, reason, counts, currency)"                             \
    " SELECT $1, number, 0, $22::bigint, $23::bigint, $24::uuid, $25::uuid, $26::text, $17::bigint,"     \
    " $27::bigint, counters[$16::bigint],"                                                               \
    " CASE WHEN $26::text IS NULL THEN 0 ELSE counters[$18::bigint] END, $28::bigint, $29::bigint,"      \
    " $30::bigint, $31::uuid, $32::uuid, $33::text, $34::bigint, $35::text FROM changed"

#define ENTITLE_REMEMBER                                                            \
    "INSERT INTO entitle_requests (customer_id, request_id, arguments, at, number)" \
    " SELECT $1, $32::uuid, $36::bigint, $30::bigint, number FROM changed WHERE $32::uuid IS NOT NULL"

/// A posting of this very command has its number.
#define ENTITLE_POSTED                                                                              \
    "CASE WHEN $39::bigint IS NULL THEN NULL ELSE coalesce($38::bigint, number) END, $39::bigint, " \
    "$40::bigint, $41::text"

#define ENTITLE_ANSWER " SELECT number, counters, moved FROM changed"

namespace {

/// About no case. The update waits for the row, and asks its conditions again of the row that it then finds.
constexpr Sql without_case =
    "WITH changed AS (" ENTITLE_MOVE " WHERE " ENTITLE_HOLDS " " ENTITLE_MOVED
    "), entered AS (" ENTITLE_WRITE_ENTRY "), remembered AS (" ENTITLE_REMEMBER ")" ENTITLE_ANSWER;

/// A new case: that there is none yet, its key says.
constexpr Sql new_case =
    "WITH changed AS (" ENTITLE_MOVE " WHERE " ENTITLE_HOLDS " " ENTITLE_MOVED
    "), opened AS (INSERT INTO entitle_cases (customer_id, opened, case_id, entitlement_id, state, since,"
    " last_number, decrement, named, origin, contact_id, product_id, asset_id, case_type_id, posted_number,"
    " posted_ordinal, posted_quantity, posted_channel, service, next_due, last_change)"
    " SELECT $1, number, $25::uuid, $24::uuid, $42::text, $37::bigint, number, $43::bigint <> 0,"
    " $44::bigint <> 0, $45::text, $46::uuid, $47::uuid, $48::uuid, $49::uuid, " ENTITLE_POSTED
    ", $50::text, $51::bigint, $52::bigint FROM changed), entered AS (" ENTITLE_WRITE_ENTRY
    "), remembered AS (" ENTITLE_REMEMBER ")" ENTITLE_ANSWER;

/// A case that is there. Both rows are locked before either is changed, the customer's first: a row that another
/// was changing is looked at as it then is, which holds of what a statement locks and of nothing else it reads.
constexpr Sql known_case =
    "WITH held AS (SELECT c.customer_id FROM entitle_customers c WHERE " ENTITLE_HOLDS
    " FOR UPDATE), found AS (SELECT k.customer_id FROM held h JOIN entitle_cases k"
    " ON k.customer_id = h.customer_id WHERE k.customer_id = $1 AND k.case_id = $25::uuid"
    " AND k.last_number = $43::bigint FOR UPDATE OF k), changed AS (" ENTITLE_MOVE
    " FROM found f WHERE c.customer_id = f.customer_id AND c.customer_id = $1 " ENTITLE_MOVED
    "), answered AS (UPDATE entitle_cases k SET last_number = number, entitlement_id = $24::uuid,"
    " state = $42::text, since = $37::bigint, (posted_number, posted_ordinal, posted_quantity, "
    "posted_channel)"
    " = ROW (" ENTITLE_POSTED
    "), service = $44::text, next_due = $45::bigint, last_change = $46::bigint FROM changed WHERE "
    "k.customer_id = $1 AND k.case_id = $25::uuid), entered AS (" ENTITLE_WRITE_ENTRY
    "), remembered AS (" ENTITLE_REMEMBER ")" ENTITLE_ANSWER;

/// Bounds that are not used repeat one that always holds.
void bind_bounds(Statement& statement, const Plan& plan, const Block& block, std::int64_t total) {
    using Limits = std::numeric_limits<std::int64_t>;
    std::vector<Bound> bounds = bounds_of(plan, block);
    bounds.resize(max_bounds, {total, Limits::min(), Limits::max()});
    for (const Bound& bound : bounds)
        statement.integer(bound.place).integer(bound.lower).integer(bound.upper);
}

/// Without a channel the total stands twice: what is moved is what stood there before the statement.
void bind_moves(Statement& statement, const Guarded& staged, std::int64_t total) {
    const PlannedEntry& planned = staged.plan.entries.front();
    const bool has_channel = planned.channel != no_channel;
    statement.integer(total).integer(planned.total_moved);
    statement.integer(has_channel ? place_of(staged.block, planned.row, planned.channel) : total);
    statement.integer(has_channel ? planned.channel_moved : planned.total_moved);
    statement.integer(std::int64_t{planned.row} + 1);
    statement.integer(planned.total_moved != 0 || planned.channel_moved != 0);
}

void bind_reason(Statement& statement, const Entry& entry) {
    if (entry.reason.empty()) statement.null();
    else statement.text(entry.reason);
}

void bind_entry(Statement& statement, const Entry& entry) {
    statement.integer(static_cast<std::int64_t>(entry.command))
        .integer(static_cast<std::int64_t>(entry.kind));
    statement.id(entry.entitlement).id_or_null(entry.support_case).channel_or_null(entry.channel);
    statement.integer(entry.channel_moved);
    store::bind_reference(statement, entry.reverses);
    statement.integer(store::micros(entry.at)).id_or_null(entry.actor).id_or_null(entry.request);
    bind_reason(statement, entry);
    statement.integer(static_cast<std::int64_t>(entry.unit.allocation));
    store::bind(statement, entry.unit.currency);
}

/// A posting's number is left out where it is the command's own. What is kept for service levels goes whole, changed or
/// not: in the version that the statement asks for, that is what stands there.
void bind_case(Statement& statement, const Plan& plan, const CaseSlot& slot) {
    const SupportCase& now = slot.now;
    const Posted& posted = now.posted;
    statement.integer(store::micros(now.since));
    if (!posted.stands()) {
        statement.null().null().null().null();
    } else {
        if (plan.posted_by == no_channel) statement.integer(signed_of(posted.entry.number));
        else statement.null();
        statement.integer(posted.entry.ordinal).integer(posted.quantity).channel_or_null(posted.channel);
    }
    statement.name(store::state_names, now.state);
    if (plan.case_change == CaseChange::update) {
        statement.integer(signed_of(plan.case_version));
    } else {
        statement.integer(now.decrement).integer(now.named);
        store::bind(statement, now.facts);
    }
    store::bind_service(statement, slot.service, text_of(slot.service));
}

[[nodiscard]] Sql sql_of(CaseChange change) {
    if (change == CaseChange::insert) return new_case;
    return change == CaseChange::update ? known_case : without_case;
}

}  // namespace

Statement statement_of(const Guarded& staged) {
    const Plan& plan = staged.plan;
    const std::int64_t total = place_of(staged.block, plan.entries.front().row, no_channel);
    Statement statement{sql_of(plan.case_change)};
    statement.id(plan.customer).integer(signed_of(plan.shape)).integer(signed_of(staged.policy));
    bind_bounds(statement, plan, staged.block, total);
    bind_moves(statement, staged, total);
    bind_entry(statement, staged.entry);
    statement.integer(signed_of(plan.arguments));
    if (staged.support_case != nullptr) bind_case(statement, plan, *staged.support_case);
    return statement;
}

Code read_answer(Rows& rows, const Block& block, std::optional<Hot>& out) {
    if (!rows.next()) return rows.code();
    out.emplace();
    out->id = block.id;
    out->shape = block.shape;
    out->last_number = static_cast<std::uint64_t>(rows.integer(1, store::max_number));
    out->counters = rows.integers();
    out->moved = rows.flags();
    return rows.code();
}

Statement entry_like(const Entry& entry, std::uint64_t behind) {
    Statement statement{
        "SELECT number, remaining, channel_remaining FROM entitle_entries WHERE customer_id = $1"
        " AND number > $2::bigint AND command = $3::bigint AND entitlement_id = $4 AND total_moved = "
        "$5::bigint"
        " AND channel_moved = $6::bigint AND at = $7::bigint AND case_id IS NOT DISTINCT FROM $8::uuid"
        " AND request_id IS NOT DISTINCT FROM $9::uuid AND actor_id IS NOT DISTINCT FROM $10::uuid"
        " AND reason IS NOT DISTINCT FROM $11::text"
        " ORDER BY number LIMIT 1"};
    statement.id(entry.customer).integer(signed_of(behind)).integer(static_cast<std::int64_t>(entry.command));
    statement.id(entry.entitlement).integer(entry.total_moved).integer(entry.channel_moved);
    statement.integer(store::micros(entry.at)).id_or_null(entry.support_case);
    statement.id_or_null(entry.request).id_or_null(entry.actor);
    bind_reason(statement, entry);
    return statement;
}

Code read_entry_like(Rows& rows, std::optional<Entry>& out) {
    if (!rows.next()) return rows.code();
    out.emplace();
    out->number = static_cast<std::uint64_t>(rows.integer(1, store::max_number));
    out->remaining = rows.integer();
    out->channel_remaining = rows.integer();
    return rows.code();
}

Statement outdate_plans(CustomerId customer) {
    Statement statement{"UPDATE entitle_customers SET shape = shape + 1 WHERE customer_id = $1"};
    statement.id(customer);
    return statement;
}

void correct(Receipt& receipt, const Entry& entry) {
    receipt.number = entry.number;
    if (receipt.entitlement != entry.entitlement) return;
    receipt.remaining.value = entry.remaining;
    receipt.channel_remaining.value = entry.channel_remaining;
}

}  // namespace entitle::inline v0::postgres
