#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>

#include "entitle/value/case_service_text.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/expiring_hold_text.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/receipt.hpp"
#include "entitle/value/support_case.hpp"
#include "entitle/value/template.hpp"
#include "entitle/value/top_up_text.hpp"

#include "block.hpp"
#include "marks.hpp"
#include "names.hpp"

/// Values as they come out of a database's columns, one after another. A `Query` is any reader of columns; what
/// it reads is checked, not trusted.
namespace entitle::inline v0::store {

/// No amount that the rules let through, in base units, is further from nothing: sums of a few cannot wrap.
inline constexpr std::int64_t max_amount = std::int64_t{1} << 58;

/// Numbers of commands stay below this.
inline constexpr std::int64_t max_number = (std::int64_t{1} << 32) - 1;

template <class Query>
[[nodiscard]] Instant instant_of(Query& query) {
    return Instant{Instant::duration{query.integer()}};
}

/// `2014-07-01`; the year may have a sign and more digits.
[[nodiscard]] inline std::optional<Day> day_of(std::string_view text) {
    if (text.size() < 9) return std::nullopt;
    const auto number = [](std::string_view digits) -> std::optional<int> {
        int value = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) return std::nullopt;
        return value;
    };
    const std::size_t at = text.size() - 6;
    const auto year = number(text.substr(0, at));
    const auto month = number(text.substr(at + 1, 2));
    const auto day = number(text.substr(at + 4, 2));
    if (text[at] != '-' || text[at + 3] != '-' || !year || !month || !day) return std::nullopt;
    if (*year < -32767 || *year > 32767 || *month < 1 || *day < 1) return std::nullopt;
    const Day found{date::year{*year}, date::month{static_cast<unsigned>(*month)},
                    date::day{static_cast<unsigned>(*day)}};
    return found.ok() ? std::optional{found} : std::nullopt;
}

template <class Query>
[[nodiscard]] Day day_of(Query& query) {
    const auto day = day_of(query.text());
    if (!day) query.spoil();
    return day.value_or(Day{});
}

/// The two columns of a unit whose allocation is known.
template <class Query>
[[nodiscard]] Unit unit_of(Query& query, Allocation allocation) {
    if (query.is_null()) {
        if (allocation == Allocation::money) query.spoil();
        (void)query.integer_or(0);
        return {allocation, {}};
    }
    const auto currency = Currency::of(query.text());
    if (!currency || allocation != Allocation::money) query.spoil();
    return {allocation, currency.value_or(Currency{})};
}

template <class Query>
[[nodiscard]] std::int32_t small_integer(Query& query) {
    return static_cast<std::int32_t>(
        query.integer(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
}

/// What an agreement counts, and how; of its total the unit.
template <class Query>
void read_terms(Query& query, Agreement& agreement) {
    agreement.terms.allocation = query.template name<Allocation>(allocation_names);
    const Unit unit = unit_of(query, *agreement.terms.allocation);
    if (unit.allocation != Allocation::coverage_only) agreement.terms.total = Quantity{0, unit};
    agreement.terms.decrease_on = query.template name<DecreaseOn>(decrease_names);
    agreement.terms.restricted = query.flag();
    agreement.priority = small_integer(query);
    agreement.knowledge_base = query.template name<KnowledgeBase>(knowledge_base_names);
    agreement.discount_percent = small_integer(query);
}

/// Whether these instants can be those of a coverage in some zone: whoever looks for a boundary between others would look
/// for long.
[[nodiscard]] inline bool is_span_of(const Coverage& coverage, Instant begin, Instant end) {
    constexpr auto furthest = date::days{2};  // a zone's offset, or a day that it left out
    const auto is_near = [&](Instant at, date::sys_days day) {
        return date::abs(date::floor<date::days>(at) - day) <= furthest;
    };
    return begin < end && is_near(begin, date::sys_days{coverage.first_day}) &&
           is_near(end, date::sys_days{coverage.last_day} + date::days{1});
}

/// One entitlement, as yet without its balances and its scope: from the number of the command that made it on.
template <class Query>
[[nodiscard]] LooseRow row_of(Query& query, CustomerId customer) {
    LooseRow loose;
    loose.record = std::make_unique<EntitlementRecord>();
    EntitlementRecord& record = *loose.record;
    Agreement& agreement = record.agreement;
    record.customer = customer;
    record.sequence = static_cast<std::uint64_t>(query.integer(1, max_number));
    loose.row.id = query.template id<EntitlementId>();
    loose.row.phase = query.template name<Phase>(phase_names);
    loose.row.is_default = query.flag();
    loose.row.has_history = true;  // unless its customer says otherwise
    agreement.name = query.text();
    agreement.description = query.text();
    agreement.coverage = {day_of(query), day_of(query), query.text()};
    loose.row.begin = instant_of(query);
    loose.row.end = instant_of(query);
    if (!is_span_of(agreement.coverage, loose.row.begin, loose.row.end)) query.spoil();
    read_terms(query, agreement);
    agreement.sla = query.template id_or_none<SlaId>();
    agreement.made_from = query.template id_or_none<TemplateId>();
    agreement.owner = query.template id_or_none<OwnerId>();
    record.renewed_from = query.template id_or_none<EntitlementId>();
    return loose;
}

template <class Query>
[[nodiscard]] Instant instant_or(Query& query, Instant otherwise) {
    return Instant{Instant::duration{query.integer_or(otherwise.time_since_epoch().count())}};
}

/// How an agreement's terms come anew: from how many steps a period lasts on.
template <class Query>
void read_period(Query& query, Agreement& agreement) {
    constexpr int terms = 5;
    const auto skip = [&query] { (void)query.integer_or(0); };
    if (query.is_null()) {
        for (int column = 0; column < terms; ++column) skip();
    } else {
        if (!agreement.terms.total) query.spoil();
        PeriodTerms& period = agreement.period.emplace();
        period.cycle.every = static_cast<std::uint16_t>(query.integer(1, 65'535));
        period.cycle.step = query.template name<Cycle::Step>(step_names);
        if (query.is_null()) skip();
        else period.cycle.anchor = day_of(query);
        const Unit unit = agreement.unit();
        if (query.is_null()) skip();
        else period.rollover = Quantity{query.integer(0, max_terms * unit.per_term()), unit};
        period.preserve_overage = query.flag();
    }
}

/// What an agreement's channels, and its marks, count in.
[[nodiscard]] inline Unit counted_in(const Agreement& agreement) {
    const Unit unit = agreement.unit();
    return unit.allocation == Allocation::coverage_only ? Unit{Allocation::cases, {}} : unit;
}

/// The column of an agreement's marks.
template <class Query>
void read_low_water(Query& query, Agreement& agreement) {
    if (query.is_null()) (void)query.integer_or(0);
    else if (!read_marks(query.text(), counted_in(agreement), agreement.low_water)) query.spoil();
}

/// The column of an entitlement's top-ups.
template <class Query>
void read_top_ups(Query& query, EntitlementRecord& record) {
    if (query.is_null()) {
        (void)query.integer_or(0);
        return;
    }
    auto top_ups = top_ups_from(query.text());
    if (top_ups) record.top_ups = std::move(*top_ups);
    else query.spoil();
}

/// … and of its cases' holds that expire.
template <class Query>
void read_holds(Query& query, EntitlementRecord& record) {
    if (query.is_null()) {
        (void)query.integer_or(0);
        return;
    }
    auto holds = expiring_holds_from(query.text());
    if (holds) record.holds = std::move(*holds);
    else query.spoil();
}

/// … how far an entitlement's have come, what it was assigned for, and its marks.
template <class Query>
void read_record(Query& query, EntitlementRecord& record) {
    read_period(query, record.agreement);
    PeriodProgress& progress = record.periods;
    progress.from = instant_or(query, Instant::max());
    progress.due = instant_or(query, Instant::max());
    progress.last = instant_or(query, Instant::min());
    progress.rolled = static_cast<std::uint64_t>(query.integer_or(0));
    if (progress.rolled > static_cast<std::uint64_t>(max_number)) query.spoil();
    read_top_ups(query, record);
    read_holds(query, record);
    const bool is_awaited =
        record.agreement.period || !record.top_ups.open.empty() || !record.holds.open.empty();
    if (progress.due != Instant::max() && !is_awaited) query.spoil();
    Purchase& purchase = record.purchase;
    purchase.id = query.template id_or_none<PurchaseId>();
    purchase.product = query.template id_or_none<ProductId>();
    purchase.quantity = query.integer_or(0);
    const bool is_none = purchase.id.is_none();
    if (purchase.quantity < 0 || is_none != (purchase.quantity == 0) || is_none != purchase.product.is_none())
        query.spoil();
    read_low_water(query, record.agreement);
}

/// A template, but for its total, its channels and its scope.
template <class Query>
[[nodiscard]] Template template_of(Query& query) {
    Template made;
    Agreement& agreement = made.agreement;
    made.id = query.template id<TemplateId>();
    agreement.name = query.text();
    agreement.description = query.text();
    const auto skip = [&query] { (void)query.integer_or(0); };
    if (query.is_null()) {
        skip();
        skip();
        agreement.coverage.first_day = day_of(query);
        agreement.coverage.last_day = day_of(query);
    } else {
        Length& lasts = made.lasts.emplace();
        lasts.count = static_cast<std::uint16_t>(query.integer(1, 65'535));
        lasts.step = query.template name<Length::Step>(length_names);
        skip();
        skip();
    }
    agreement.coverage.time_zone = query.text();
    read_terms(query, agreement);
    agreement.sla = query.template id_or_none<SlaId>();
    agreement.owner = query.template id_or_none<OwnerId>();
    read_period(query, agreement);
    read_low_water(query, agreement);
    return made;
}

/// Lists a channel with its total.
inline void list_channel(Agreement& agreement, const Channel& channel, std::int64_t total) {
    agreement.channels.push_back({channel, {total, counted_in(agreement)}});
}

/// The next channel row of an entitlement: listed with its total, or once listed. Off: it cannot be the next.
[[nodiscard]] inline bool add_channel(LooseRow& loose, const Channel& channel, bool listed,
                                      std::int64_t total) {
    EntitlementRecord& record = *loose.record;
    if (loose.channels.size() == max_channels || (listed && !record.removed.empty())) return false;
    loose.channels.push_back({channel.key(), 0});
    if (listed) list_channel(record.agreement, channel, total);
    else record.removed.push_back(channel);
    return true;
}

template <class Query>
[[nodiscard]] CaseFacts facts_of(Query& query) {
    CaseFacts facts;
    facts.origin = query.channel_or_none();
    facts.contact = query.template id_or_none<ContactId>();
    facts.product = query.template id_or_none<ProductId>();
    facts.asset = query.template id_or_none<AssetId>();
    facts.case_type = query.template id_or_none<CaseTypeId>();
    return facts;
}

template <class Query>
[[nodiscard]] EntryRef reference_of(Query& query) {
    const std::int64_t number = query.integer_or(0);
    const std::int64_t ordinal = query.integer_or(0);
    if (number < 0 || number > max_number || ordinal < 0 || ordinal > max_number) query.spoil();
    return {static_cast<std::uint64_t>(number), static_cast<std::uint32_t>(ordinal)};
}

/// What stands for a case by an entry, posted or held.
template <class Query>
[[nodiscard]] Standing standing_of(Query& query) {
    Standing standing;
    standing.entry = reference_of(query);
    standing.quantity = query.integer_or(0);
    standing.channel = query.channel_or_none();
    if (standing.stands() != (standing.quantity > 0) || standing.quantity > max_amount) query.spoil();
    return standing;
}

/// What a case holds, and until when.
template <class Query>
[[nodiscard]] Held held_of(Query& query) {
    Held held{standing_of(query)};
    held.until = instant_or(query, Instant::max());
    if (held.expires() && !held.stands()) query.spoil();
    return held;
}

template <class Query>
[[nodiscard]] std::int64_t overage_of(Query& query) {
    const std::int64_t overage = query.integer_or(0);
    if (overage < 0 || overage > max_amount) query.spoil();
    return overage;
}

/// What is held of a customer's row: of its total, and no more than that of a channel.
[[nodiscard]] inline bool can_be_held(const LooseRow& loose) {
    const auto fits = [&](std::int64_t held) { return held >= 0 && held <= loose.held; };
    return loose.held <= max_amount && fits(0) &&
           std::all_of(loose.channels_held.begin(), loose.channels_held.end(), fits);
}

/// What is kept of a case for its service levels; null: nothing.
template <class Query>
[[nodiscard]] CaseService service_of(Query& query) {
    if (query.is_null()) {
        (void)query.integer_or(0);
        return {};
    }
    auto service = case_service_from(query.text());
    if (!service || service->is_empty()) query.spoil();
    return service.value_or(CaseService{});
}

/// A case as a database has it.
struct KnownCase {
    SupportCase now{};
    CaseService service{};
    bool has_opening = false;
    Opening opening{};
};

/// From its id to what it was opened with.
template <class Query>
void read_case(Query& query, CustomerId customer, KnownCase& out) {
    SupportCase& now = out.now;
    now.customer = customer;
    now.id = query.template id<CaseId>();
    now.entitlement = query.template id<EntitlementId>();
    now.state = query.template name<CaseState>(state_names);
    now.since = instant_of(query);
    now.last_number = static_cast<std::uint64_t>(query.integer(1, max_number));
    now.decrement = query.flag();
    now.named = query.flag();
    now.facts = facts_of(query);
    now.posted = standing_of(query);
    now.held = held_of(query);
    now.overage = overage_of(query);
    out.has_opening = !query.is_null();
    if (!out.has_opening) return;
    out.opening.decrement = query.flag();
    out.opening.named = query.template id_or_none<EntitlementId>();
    out.opening.facts = facts_of(query);
}

/// From its number on.
template <class Query>
[[nodiscard]] Entry entry_of(Query& query, CustomerId customer) {
    Entry entry;
    entry.customer = customer;
    entry.number = static_cast<std::uint64_t>(query.integer(0, max_number));
    entry.ordinal = static_cast<std::uint32_t>(query.integer(0, max_number));
    entry.command = query.number(last_command_kind);
    entry.kind = query.number(last_entry_kind);
    entry.entitlement = query.template id<EntitlementId>();
    entry.support_case = query.template id_or_none<CaseId>();
    entry.channel = query.channel_or_none();
    entry.total_moved = query.integer();
    entry.channel_moved = query.integer();
    entry.remaining = query.integer();
    entry.channel_remaining = query.integer();
    entry.reverses = reference_of(query);
    entry.at = instant_of(query);
    entry.actor = query.template id_or_none<ActorId>();
    entry.request = query.template id_or_none<RequestId>();
    if (query.is_null()) (void)query.integer_or(0);
    else entry.reason = query.text();
    entry.unit = unit_of(query, query.number(Allocation::coverage_only));
    if (query.is_null() == has_amount(entry.kind)) query.spoil();
    entry.amount = query.integer_or(0);
    for (const std::int64_t moved :
         {entry.total_moved, entry.channel_moved, entry.remaining, entry.channel_remaining}) {
        if (moved < -max_amount || moved > max_amount) query.spoil();
    }
    const bool is_instant = entry.kind == EntryKind::allotment;
    if (!is_instant && (entry.amount < -max_amount || entry.amount > max_amount)) query.spoil();
    return entry;
}

/// What a request that recorded nothing was answered.
template <class Query>
void read_answer(Query& query, Receipt& receipt) {
    receipt.repeated = true;
    receipt.command = query.number(last_command_kind);
    receipt.entitlement = query.template id_or_none<EntitlementId>();
    receipt.support_case = query.template id_or_none<CaseId>();
    receipt.remaining.value = query.integer();
    receipt.set_unit(unit_of(query, query.number(Allocation::coverage_only)));
}

}  // namespace entitle::inline v0::store
