#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "entitle/value/case_service.hpp"
#include "entitle/value/entry_kind.hpp"
#include "entitle/value/expiring_hold_text.hpp"
#include "entitle/value/support_case.hpp"
#include "entitle/value/template.hpp"
#include "entitle/value/top_up_text.hpp"

#include "block.hpp"
#include "marks.hpp"
#include "names.hpp"

/// Values as they go into a database's columns, one after another. A `Query` is any writer of columns.
namespace entitle::inline v0::store {

[[nodiscard]] inline std::int64_t micros(Instant at) { return at.time_since_epoch().count(); }

/// Databases have no unsigned numbers.
[[nodiscard]] inline std::int64_t signed_of(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

template <class Query>
Query& bind(Query& query, Currency currency) {
    return currency == Currency{} ? query.null() : query.text(currency.code());
}

template <class Query>
Query& bind(Query& query, const CaseFacts& facts) {
    return query.channel_or_null(facts.origin)
        .id_or_null(facts.contact)
        .id_or_null(facts.product)
        .id_or_null(facts.asset)
        .id_or_null(facts.case_type);
}

/// The two columns that name an entry: null where there is none.
template <class Query>
void bind_reference(Query& query, const EntryRef& entry) {
    if (entry.is_none()) query.null().null();
    else query.integer(static_cast<std::int64_t>(entry.number)).integer(entry.ordinal);
}

/// Null for a kind of entry that has none.
template <class Query>
Query& bind_amount(Query& query, EntryKind kind, std::int64_t amount) {
    return has_amount(kind) ? query.integer(amount) : query.null();
}

/// What stands for a case by an entry, posted or held: four columns, null where nothing does.
template <class Query>
Query& bind_standing(Query& query, const Standing& standing) {
    bind_reference(query, standing.entry);
    return standing.stands() ? query.integer(standing.quantity).channel_or_null(standing.channel)
                             : query.null().null();
}

/// … and until when, where it does not stand for ever.
template <class Query>
Query& bind_held(Query& query, const Held& held) {
    bind_standing(query, held);
    return held.expires() ? query.integer(micros(held.until)) : query.null();
}

/// A coverage's days as they are written.
struct Days {
    std::string first;
    std::string last;

    explicit Days(const Coverage& coverage)
        : first{fmt::format("{}", as_day(coverage.first_day))},
          last{fmt::format("{}", as_day(coverage.last_day))} {}
};

/// What an agreement counts, and how, but for its total.
template <class Query>
void bind_terms(Query& query, const Agreement& agreement) {
    const Unit unit = agreement.unit();
    query.name(allocation_names, unit.allocation);
    bind(query, unit.currency)
        .integer(unit.per_term())
        .name(decrease_names, agreement.terms.decrease_on)
        .integer(agreement.terms.restricted)
        .integer(agreement.priority)
        .name(knowledge_base_names, agreement.knowledge_base)
        .integer(agreement.discount_percent);
}

/// All of an entitlement but its keys, its balances and its scope. The days must outlive the query.
template <class Query>
void bind_agreement(Query& query, const EntitlementRow& row, std::size_t place, const Days& days) {
    const Agreement& agreement = row.record->agreement;
    query.integer(static_cast<std::int64_t>(place))
        .name(phase_names, row.phase)
        .integer(row.is_default)
        .text(agreement.name)
        .text(agreement.description)
        .text(days.first)
        .text(days.last)
        .text(agreement.coverage.time_zone)
        .integer(micros(row.begin))
        .integer(micros(row.end));
    bind_terms(query, agreement);
    query.id_or_null(agreement.sla)
        .id_or_null(agreement.made_from)
        .id_or_null(agreement.owner)
        .id_or_null(row.record->renewed_from);
}

/// What a number is where it says something; else null.
template <class Query>
Query& bind_unless(Query& query, std::int64_t nothing, std::int64_t value) {
    return value == nothing ? query.null() : query.integer(value);
}

/// What of an agreement, or of all of an entitlement, is written as a text of its own; empty where there is none.
struct Texts {
    std::string anchor{};
    std::string low_water;
    std::string top_ups{};
    std::string holds{};

    explicit Texts(const Agreement& agreement) : low_water{write_marks(agreement.low_water)} {
        const auto& period = agreement.period;
        if (period && period->cycle.anchor) anchor = fmt::format("{}", as_day(*period->cycle.anchor));
    }
    explicit Texts(const EntitlementRecord& record) : Texts{record.agreement} {
        top_ups = text_of(record.top_ups);
        holds = text_of(record.holds);
    }
};

template <class Query>
void bind_text(Query& query, const std::string& text) {
    if (text.empty()) query.null();
    else query.text(text);
}

/// How far an entitlement's periods have come, and its top-ups and holds as texts, which must outlive the query.
template <class Query>
void bind_progress(Query& query, const PeriodProgress& progress, const std::string& top_ups,
                   const std::string& holds) {
    bind_unless(query, micros(Instant::max()), micros(progress.from));
    bind_unless(query, micros(Instant::max()), micros(progress.due));
    bind_unless(query, micros(Instant::min()), micros(progress.last));
    bind_unless(query, 0, signed_of(progress.rolled));
    bind_text(query, top_ups);
    bind_text(query, holds);
}

/// How an agreement's terms come anew. The anchor must outlive the query.
template <class Query>
void bind_period(Query& query, const Agreement& agreement, const std::string& anchor) {
    const auto& period = agreement.period;
    if (!period) {
        query.null().null().null().null().null();
    } else {
        query.integer(period->cycle.every).name(step_names, period->cycle.step);
        bind_text(query, anchor);
        if (period->rollover) query.integer(period->rollover->value);
        else query.null();
        query.integer(period->preserve_overage);
    }
}

/// What an entitlement was assigned for: three columns, null where for nothing.
template <class Query>
void bind_purchase(Query& query, const Purchase& purchase) {
    query.id_or_null(purchase.id).id_or_null(purchase.product);
    bind_unless(query, 0, purchase.quantity);
}

/// What an entitlement has besides: its periods, how far they have come, what it was assigned for, and its marks. The
/// texts must outlive the query.
template <class Query>
void bind_record(Query& query, const EntitlementRecord& record, const Texts& texts) {
    bind_period(query, record.agreement, texts.anchor);
    bind_progress(query, record.periods, texts.top_ups, texts.holds);
    bind_purchase(query, record.purchase);
    bind_text(query, texts.low_water);
}

/// A template, but for its total, its channels and its scope. The texts must outlive the query.
template <class Query>
void bind_template(Query& query, const Template& made, const Days& days, const Texts& texts) {
    const Agreement& agreement = made.agreement;
    query.id(made.id).text(agreement.name).text(agreement.description);
    if (made.lasts) query.integer(made.lasts->count).name(length_names, made.lasts->step).null().null();
    else query.null().null().text(days.first).text(days.last);
    query.text(agreement.coverage.time_zone);
    bind_terms(query, agreement);
    query.id_or_null(agreement.sla).id_or_null(agreement.owner);
    bind_period(query, agreement, texts.anchor);
    bind_text(query, texts.low_water);
}

/// What is kept of a case for its service levels, and by when a list of those that are due, or that change, has to have
/// looked at it. The text is the service's.
template <class Query>
void bind_service(Query& query, const CaseService& service, const std::string& text) {
    const auto instant_unless = [&query](Instant at, Instant none) {
        if (at == none) query.null();
        else query.integer(micros(at));
    };
    if (text.empty()) query.null();
    else query.text(text);
    instant_unless(first_due(service), KpiInstance::never);
    instant_unless(last_change(service), Instant::min());
}

/// All of a case but its keys, its entitlement and its deletion.
template <class Query>
void bind_case(Query& query, const SupportCase& now) {
    query.name(state_names, now.state)
        .integer(micros(now.since))
        .integer(static_cast<std::int64_t>(now.last_number))
        .integer(now.decrement)
        .integer(now.named);
    bind(query, now.facts);
    bind_standing(query, now.posted);
    bind_held(query, now.held);
    if (now.overage == 0) query.null();
    else query.integer(now.overage);
}

}  // namespace entitle::inline v0::store
