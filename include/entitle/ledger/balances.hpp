#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "entitle/ledger/audit.hpp"
#include "entitle/ledger/statement.hpp"
#include "entitle/rule/passing.hpp"
#include "entitle/rule/period.hpp"
#include "entitle/rule/stock.hpp"

/// How an entitlement stood, period by period, as its entries tell (sections 8 and 10).
namespace entitle::inline v0 {

/// How one counter stands at an instant, or stood at the end of a period. Base units.
struct CounterBalance {
    Channel channel{};           ///< none: the total
    std::int64_t remaining = 0;  ///< may be negative
    std::int64_t held = 0;       ///< of it, reserved for open cases
    /// In the period, by cases: postings less reversals, whatever was forfeited of them. What was used of a hold that
    /// boundaries had passed since counts in the hold's.
    std::int64_t used = 0;

    [[nodiscard]] std::int64_t available() const { return remaining - held; }
    friend bool operator==(const CounterBalance&, const CounterBalance&) = default;
};

/// One period of an entitlement, with all its counters: the total, then the channels in the agreement's order, then
/// those once listed.
struct PeriodBalance {
    Span period{};
    Unit unit{};
    std::vector<CounterBalance> counters{};
    std::int64_t overage = 0;  ///< base units that resolutions in the period needed and did not find: to bill

    [[nodiscard]] const CounterBalance& total() const { return counters.front(); }
    friend bool operator==(const PeriodBalance&, const PeriodBalance&) = default;
};

namespace ledger {

namespace detail {

[[nodiscard]] inline std::size_t place_of(const Entitlement& of, const Channel& channel) {
    const auto found = std::find_if(of.channels.begin(), of.channels.end(),
                                    [&](const ChannelBalance& one) { return one.channel == channel; });
    return static_cast<std::size_t>(found - of.channels.begin());
}

/// Goes through an entitlement's entries, period by period.
class PeriodWalk {
public:
    /// `skips`: periods in which nothing will move need not be told of.
    PeriodWalk(const Statement& statement, const Zone& zone, bool skips)
        : of_{statement.entitlement},
          skips_{skips},
          passing_{of_.agreement, of_.span, zone, of_.periods},
          periods_{of_.agreement.period && of_.periods.from != Instant::max()
                       ? std::optional{rule::periods_of(of_.agreement, of_.span, zone)}
                       : std::nullopt} {
        now_.unit = of_.agreement.unit();
        now_.counters.push_back({{}, of_.remaining, of_.held, 0});
        for (const ChannelBalance& channel : of_.channels) {
            now_.counters.push_back({channel.channel, channel.remaining, channel.held, 0});
        }
        for (auto entry = statement.entries.rbegin(); entry != statement.entries.rend(); ++entry)
            go_back(*entry);
        now_.period.begin = first_begin(statement.entries);
    }

    [[nodiscard]] const PeriodBalance& now() const { return now_; }

    /// What was used of a hold of an earlier period.
    struct UsedThen {
        std::size_t period = 0;  ///< how many were told before it
        Channel channel{};
        std::int64_t used = 0;
    };
    [[nodiscard]] const std::vector<UsedThen>& used_then() const { return used_then_; }

    template <class Tell>
    void take(const Entry& entry, Tell tell) {
        const bool is_of_boundary = entry.kind == EntryKind::period;
        if (is_boundary(entry)) begin_period(entry.at, tell);
        const bool ends_with_it = entry.kind == EntryKind::expiry || entry.kind == EntryKind::lapse ||
                                  entry.kind == EntryKind::set_aside ||
                                  entry.kind == EntryKind::hold_expiry || entry.kind == EntryKind::settlement;
        const Instant until = ends_with_it ? entry.at - Instant::duration{1} : entry.at;
        while (const auto next = is_of_boundary ? std::nullopt : next_boundary(until))
            begin_period(*next, tell);
        if (!revised_.empty() && revised_.back().first == &entry) {
            for (std::size_t i = 0; i < of_.channels.size(); ++i) {
                now_.counters[i + 1].remaining = revised_.back().second[i];
            }
            revised_.pop_back();
        }
        if (entry.kind == EntryKind::overage) now_.overage += entry.amount;
        if (entry.kind == EntryKind::hold)
            holds_[{entry.number, entry.ordinal}] = {told_, entry.channel, entry.amount};
        now_.counters.front().remaining = entry.remaining;
        add(now_.counters.front(), entry, entry.total_moved, 1);
        if (CounterBalance* const channel = find(entry)) {
            channel->remaining = entry.channel_remaining;
            add(*channel, entry, entry.channel_moved, 1);
        }
        if (entry.kind == EntryKind::posting && !entry.reverses.is_none()) use_then(entry);
    }

    /// Goes on to an instant. Boundaries that no entry tells of moved nothing; unless they are still to be recorded,
    /// where the ledger ends.
    template <class Tell>
    void finish(Instant until, bool is_last, Tell tell) {
        const Instant recorded = is_last ? of_.periods.due - Instant::duration{1} : until;
        while (const auto next = next_boundary(std::min(until, recorded))) begin_period(*next, tell);
        if (is_last && of_.periods.is_due(until)) look_ahead(until, tell);
        now_.period.end = std::max(now_.period.begin, next_boundary(Instant::max()).value_or(of_.span.end));
    }

private:
    [[nodiscard]] CounterBalance* find(const Entry& entry) {
        if (!entry.channel) return nullptr;
        const std::size_t place = place_of(of_, entry.channel);
        return place == of_.channels.size() ? nullptr : &now_.counters[place + 1];
    }
    static void add(CounterBalance& counter, const Entry& entry, std::int64_t moved, int sign) {
        const bool uses = entry.kind == EntryKind::posting || entry.kind == EntryKind::reversal;
        if (uses && sign > 0) counter.used -= moved;
        if (changes_held(entry.kind)) counter.held += sign * entry.amount;
    }
    /// What a posting used of its hold is not of this period.
    void use_then(const Entry& entry) {
        const auto hold = holds_.find(entry.reverses);
        if (hold == holds_.end()) return;
        UsedThen then = hold->second;
        then.used = std::min(then.used, -entry.total_moved);
        now_.counters.front().used -= then.used;
        if (CounterBalance* const channel = find(entry)) channel->used -= then.used;
        used_then_.push_back(then);
    }
    /// To what there was before an entry. What was agreed otherwise left the channels as the next entry found them.
    void go_back(const Entry& entry) {
        if (changes_agreement(entry.command) && entry.kind != EntryKind::period) {
            std::vector<std::int64_t>& channels =
                revised_.emplace_back(&entry, std::vector<std::int64_t>{}).second;
            for (std::size_t i = 0; i < of_.channels.size(); ++i) {
                channels.push_back(now_.counters[i + 1].remaining);
            }
        }
        now_.counters.front().remaining = entry.remaining - entry.total_moved;
        add(now_.counters.front(), entry, 0, -1);
        if (CounterBalance* const channel = find(entry)) {
            channel->remaining = entry.channel_remaining - entry.channel_moved;
            add(*channel, entry, 0, -1);
        }
    }
    /// Where the first period begins that the entries tell of: the coverage's first, unless older entries were archived.
    [[nodiscard]] Instant first_begin(const std::vector<Entry>& entries) const {
        if (entries.empty()) return std::max(of_.periods.last, of_.span.begin);
        const auto boundary = std::find_if(entries.begin(), entries.end(), is_boundary);
        const Instant at = boundary == entries.end() ? Instant::max() : boundary->at;
        if (!changes_agreement(entries.front().command) && periods_) {
            const Instant first = entries.front().at;
            return std::min(at, periods_->last_until(first).value_or(of_.span.begin));
        }
        return at <= of_.span.begin ? std::min(at, entries.front().at) : of_.span.begin;
    }
    /// The first after the present period's, up to an instant, under the terms that are agreed now: once they are.
    [[nodiscard]] std::optional<Instant> next_boundary(Instant until) const {
        if (!periods_ || !revised_.empty()) return std::nullopt;
        const auto next = periods_->next_after(std::max(now_.period.begin, of_.periods.from));
        return next && *next <= until ? next : std::nullopt;
    }
    template <class Tell>
    void begin_period(Instant at, Tell tell) {
        now_.period.end = at;
        ++told_;
        tell(now_);
        now_.period.begin = at;
        now_.overage = 0;
        for (CounterBalance& counter : now_.counters) counter.used = 0;
    }
    /// What time will bring, as it would be recorded.
    template <class Tell>
    void look_ahead(Instant until, Tell tell) {
        std::vector<CounterBalance> ahead = now_.counters;
        TopUps top_ups = of_.top_ups;
        ExpiringHolds holds = of_.holds;
        const auto name_of = [&](std::size_t channel) { return of_.channels[channel].channel; };
        const auto total_of = [&](std::uint16_t channel) { return of_.channels[channel].total; };
        const auto held_of = [&](std::uint16_t channel) -> std::int64_t& {
            return ahead[channel == no_channel ? 0 : channel + std::size_t{1}].held;
        };
        rule::Stock stock{ahead.front().remaining, std::span{ahead}.subspan(1), name_of, held_of,
                          rule::Timed{top_ups, holds}};
        const auto take_moved = [&](Instant at, const rule::Moved& one) {
            const bool is_of_boundary = one.kind == EntryKind::period && one.channel == no_channel;
            if (is_of_boundary) begin_period(at, tell);
            const std::int64_t freed = one.kind == EntryKind::hold_expiry ? one.amount : 0;
            now_.counters.front().remaining += one.total_moved();
            now_.counters.front().held += freed;
            if (one.channel == no_channel) return;
            now_.counters[one.channel + std::size_t{1}].remaining += one.channel_moved();
            now_.counters[one.channel + std::size_t{1}].held += freed;
        };
        while (passing_.due(stock) <= until && passing_.due(stock) != Instant::max()) {
            if (passing_.step(stock, total_of, take_moved) || !skips_) continue;
            passing_.skip(stock, until);
            now_.period.begin = std::max(now_.period.begin, passing_.last());
        }
    }

    const Entitlement& of_;
    bool skips_;
    rule::Passing passing_;
    std::optional<rule::Periods> periods_;
    PeriodBalance now_{};
    std::size_t told_ = 0;
    std::map<EntryRef, UsedThen> holds_{};  ///< and what each holds
    std::vector<UsedThen> used_then_{};
    /// The entries that changed the agreement, the last first, and what was left of the channels after them.
    std::vector<std::pair<const Entry*, std::vector<std::int64_t>>> revised_{};
};

/// Walks to an instant; `tell` hears each period that had ended by then. Returns the walk, on the last.
template <class Tell>
[[nodiscard]] PeriodWalk walk(const Statement& statement, const Zone& zone, Instant until, bool skips,
                              Tell tell) {
    const auto& entries = statement.entries;
    const auto last = std::find_if(entries.rbegin(), entries.rend(),
                                   [until](const Entry& entry) { return entry.at <= until; });
    PeriodWalk walk{statement, zone, skips};
    for (auto entry = entries.begin(); entry != last.base(); ++entry) walk.take(*entry, tell);
    walk.finish(until, last.base() == entries.end(), tell);
    return walk;
}

}  // namespace detail

/// The periods that began by an instant, each as it ended, and the last as it is then; at least the first. An instant
/// that lies back shows what had been recorded by then: the entries up to the last, by number, at or before it. What a
/// revision left of a channel that nothing moved before the next revision is not in the ledger: it is told as after
/// that. Periods whose entries were all archived are not told of; of the first that is, only what was used since.
/// The zone is its coverage's. Takes a step for each entry and each boundary.
[[nodiscard]] inline std::vector<PeriodBalance> balances(const Statement& statement, const Zone& zone,
                                                         Instant until) {
    std::vector<PeriodBalance> all;
    const detail::PeriodWalk walk = detail::walk(statement, zone, until, false,
                                                 [&](const PeriodBalance& ended) { all.push_back(ended); });
    all.push_back(walk.now());
    for (const auto& then : walk.used_then()) {
        for (CounterBalance& counter : all[then.period].counters) {
            if (counter.channel.is_none() || counter.channel == then.channel) counter.used += then.used;
        }
    }
    return all;
}

/// The last of them.
[[nodiscard]] inline PeriodBalance balance_at(const Statement& statement, const Zone& zone, Instant at) {
    return detail::walk(statement, zone, at, true, [](const PeriodBalance&) {}).now();
}

}  // namespace ledger

}  // namespace entitle::inline v0
