#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "entitle/value/entitlement.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/row.hpp"
#include "entitle/value/view.hpp"

/// How a change of an agreement becomes rows, and rows what a scan shows: the same in every store.
namespace entitle::inline v0::detail {

/// What a row repeats of how far its record has come.
inline void describe_progress(EntitlementRow& row, const EntitlementRecord& record) {
    row.rolled = record.periods.rolled != 0;
    row.topped_up = record.top_ups.first != 0;
    row.holds_expire = record.holds.first != 0;
}

/// What a row repeats of its record, so that deciding need not look there.
inline void describe(EntitlementRow& row, const EntitlementRecord& record, const Span& span) {
    const Agreement& agreement = record.agreement;
    row.begin = span.begin;
    row.end = span.end;
    row.allocation = agreement.unit().allocation;
    row.decrease_on = agreement.terms.decrease_on;
    row.restricted = agreement.terms.restricted;
    row.listed = static_cast<std::uint8_t>(agreement.channels.size());
    row.kept = static_cast<std::uint8_t>(agreement.channels.size() + record.removed.size());
    row.scope = scope_bits(agreement.scope) & 0xFU;
    describe_progress(row, record);
    row.marked = !agreement.low_water.empty();
}

/// A record's agreement, and the channels that it lists no more.
inline void agree(EntitlementRecord& record, const EntitlementChange& change) {
    record.agreement = change.agreement;
    record.removed.clear();
    for (std::size_t i = change.agreement.channels.size(); i < change.channels.size(); ++i) {
        record.removed.push_back(change.channels[i].channel);
    }
}

/// What is held of the channels, as it comes out of what was held of the former ones.
[[nodiscard]] inline std::vector<std::int64_t> carried_holds(const EntitlementChange& change,
                                                             const std::vector<std::int64_t>& former) {
    std::vector<std::int64_t> held;
    for (const ChannelCarry& carry : change.channels) {
        held.push_back(carry.from == no_channel ? 0 : former[carry.from]);
    }
    return held;
}

/// The channel rows as they come out of the former ones.
[[nodiscard]] inline std::vector<ChannelRow> carried(const EntitlementChange& change,
                                                     const std::vector<ChannelRow>& former) {
    std::vector<ChannelRow> rows;
    for (const ChannelCarry& carry : change.channels) {
        const std::int64_t base = carry.from == no_channel ? 0 : former[carry.from].remaining;
        rows.push_back({carry.channel.key(), base + carry.add});
    }
    return rows;
}

/// A record's top-ups after a plan whose command has this number: the one that it makes has that too.
inline void take_top_ups(EntitlementRecord& record, const TopUps& after, std::uint64_t number) {
    record.top_ups = after;
    for (TopUpState& one : record.top_ups.open) {
        if (one.number == 0) one.number = number;
    }
    if (record.top_ups.first == 0) record.top_ups.first = number;
}

/// … and its holds that expire; `made`: the entry that now holds.
inline void take_holds(EntitlementRecord& record, const ExpiringHolds& after, EntryRef made) {
    record.holds = after;
    for (ExpiringHold& one : record.holds.open) {
        if (one.entry.is_none()) one.entry = made;
    }
    if (record.holds.first == 0) record.holds.first = made.number;
}

/// A row and its record after a plan that says how far its periods, top-ups and holds have come; `made`: the number of
/// its command, and which of its entries now holds terms.
inline void advance(EntitlementRow& row, EntitlementRecord& record, const PeriodChange& change,
                    EntryRef made) {
    record.periods.from = change.from;
    record.periods.due = change.due;
    if (change.top_ups) take_top_ups(record, *change.top_ups, made.number);
    if (change.holds) take_holds(record, *change.holds, made);
    if (change.last != Instant::min()) {
        record.periods.last = change.last;
        record.periods.rolled = made.number;
    }
    describe_progress(row, record);
}

/// The words of a scope as rules read them: the four counts, then the lists; nothing where all are empty.
[[nodiscard]] inline std::vector<Uuid> scope_words(const Scope& scope) {
    std::vector<Uuid> words;
    const auto pair = [](std::size_t high, std::size_t low) {
        return std::uint64_t{high} << 32 | static_cast<std::uint32_t>(low);
    };
    if (scope == Scope{}) return words;
    words.push_back({pair(scope.contacts.size(), scope.products.size()),
                     pair(scope.assets.size(), scope.case_types.size())});
    for (const auto id : scope.contacts) words.push_back(id.bits());
    for (const auto id : scope.products) words.push_back(id.bits());
    for (const auto id : scope.assets) words.push_back(id.bits());
    for (const auto id : scope.case_types) words.push_back(id.bits());
    return words;
}

/// What a scan shows of one of a customer's rows, and of its channel rows.
[[nodiscard]] inline Entitlement entitlement_of(const View& view, std::uint32_t index) {
    const EntitlementRow& row = view.rows[index];
    const ChannelRow* channels = view.channels_of(row);
    Entitlement out;
    out.id = row.id;
    out.customer = view.customer;
    out.sequence = row.record->sequence;
    out.phase = row.phase;
    out.span = {row.begin, row.end};
    out.is_default = row.is_default;
    out.renewed_from = row.record->renewed_from;
    out.purchase = row.record->purchase;
    out.agreement = row.record->agreement;
    out.periods = row.record->periods;
    out.top_ups = row.record->top_ups;
    out.holds = row.record->holds;
    out.remaining = row.remaining;
    out.held = view.held_of(index);
    const auto& agreed = out.agreement.channels;
    for (std::size_t i = 0; i < row.kept; ++i) {
        const bool listed = i < row.listed;
        out.channels.push_back({channel_name(row, i), listed, listed ? agreed[i].total.value : 0,
                                channels[i].remaining, view.held_of(index, static_cast<std::uint16_t>(i))});
    }
    return out;
}

/// Puts what stands from a place on into the order in which it was made.
inline void sort_as_made(std::vector<Entitlement>& out, std::size_t from) {
    std::sort(out.begin() + static_cast<std::ptrdiff_t>(from), out.end(),
              [](const Entitlement& a, const Entitlement& b) { return a.sequence < b.sequence; });
}

}  // namespace entitle::inline v0::detail
