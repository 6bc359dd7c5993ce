#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "entitle/ledger/statement.hpp"
#include "entitle/rule/catch_up.hpp"
#include "entitle/rule/period.hpp"

/// How an entitlement stood, period by period, as its entries tell (sections 8 and 10).
namespace entitle::inline v0 {

/// How one counter stands at an instant, or stood at the end of a period. Base units.
struct CounterBalance {
    Channel channel{};           ///< none: the total
    std::int64_t remaining = 0;  ///< may be negative
    std::int64_t held = 0;       ///< of it, reserved for open cases
    std::int64_t used =
        0;  ///< in the period, by cases: postings less reversals, whatever was forfeited of them
    std::int64_t overage = 0;  ///< in the period: needed and not found, to bill

    [[nodiscard]] std::int64_t available() const { return remaining - held; }
    friend bool operator==(const CounterBalance&, const CounterBalance&) = default;
};

/// One period of an entitlement, with all its counters: the total, then the channels in the agreement's order, then
/// those once listed.
struct PeriodBalance {
    Span period{};
    Unit unit{};
    std::vector<CounterBalance> counters{};

    [[nodiscard]] const CounterBalance& total() const { return counters.front(); }
    friend bool operator==(const PeriodBalance&, const PeriodBalance&) = default;
};

namespace ledger {

namespace detail {

/// Goes through an entitlement's entries, and keeps each period as it ended.
class PeriodWalk {
public:
    PeriodWalk(const Statement& statement, const Zone& zone)
        : of_{statement.entitlement},
          periods_{of_.agreement.period && of_.periods.from != Instant::max()
                       ? std::optional{rule::periods_of(of_.agreement, of_.span, zone)}
                       : std::nullopt} {
        now_.unit = of_.agreement.unit();
        now_.period.begin = of_.span.begin;
        now_.counters.push_back({{}, of_.remaining, 0, 0, 0});
        for (const ChannelBalance& channel : of_.channels) {
            now_.counters.push_back({channel.channel, channel.remaining, 0, 0, 0});
        }
        for (auto entry = statement.entries.rbegin(); entry != statement.entries.rend(); ++entry)
            begin_with(*entry);
    }

    void take(const Entry& entry) {
        if (entry.kind == EntryKind::period && !entry.channel) {
            begin_period(entry.at);
        } else if (entry.kind != EntryKind::period) {
            while (const auto next = next_boundary(entry.at)) begin_period(*next);
        }
        CounterBalance& total = now_.counters.front();
        total.remaining = entry.remaining;
        add(total, entry, entry.total_moved);
        CounterBalance* const channel = entry.channel ? find(entry.channel) : nullptr;
        if (channel == nullptr) return;
        channel->remaining = entry.channel_remaining;
        add(*channel, entry, entry.channel_moved);
    }

    /// Goes on to an instant. Boundaries that no entry tells of moved nothing; unless they are still to be recorded,
    /// where the ledger ends.
    [[nodiscard]] std::vector<PeriodBalance> finish(Instant until, bool is_last) && {
        while (const auto next = next_boundary(until)) {
            begin_period(*next);
            if (is_last) roll();
        }
        now_.period.end = next_boundary(Instant::max()).value_or(of_.span.end);
        ended_.push_back(std::move(now_));
        return std::move(ended_);
    }

private:
    /// What there was before an entry.
    void begin_with(const Entry& entry) {
        now_.counters.front().remaining = entry.remaining - entry.total_moved;
        CounterBalance* const channel = entry.channel ? find(entry.channel) : nullptr;
        if (channel != nullptr) channel->remaining = entry.channel_remaining - entry.channel_moved;
    }
    [[nodiscard]] CounterBalance* find(const Channel& channel) {
        const auto found = std::find_if(now_.counters.begin() + 1, now_.counters.end(),
                                        [&](const CounterBalance& one) { return one.channel == channel; });
        return found == now_.counters.end() ? nullptr : &*found;
    }
    static void add(CounterBalance& counter, const Entry& entry, std::int64_t moved) {
        switch (entry.kind) {
            case EntryKind::posting:
            case EntryKind::reversal: counter.used -= moved; break;
            case EntryKind::hold:
            case EntryKind::release: counter.held += entry.amount; break;
            case EntryKind::overage: counter.overage += entry.amount; break;
            default: break;
        }
    }
    /// The first after the present period's, up to an instant, under the terms that are agreed now.
    [[nodiscard]] std::optional<Instant> next_boundary(Instant until) const {
        if (!periods_) return std::nullopt;
        const auto next = periods_->next_after(std::max(now_.period.begin, of_.periods.from));
        return next && *next <= until ? next : std::nullopt;
    }
    void begin_period(Instant at) {
        now_.period.end = at;
        ended_.push_back(now_);
        now_.period.begin = at;
        for (CounterBalance& counter : now_.counters) counter.used = counter.overage = 0;
    }
    void roll() {
        const Rollover rollover = of_.agreement.period->carries();
        CounterBalance& total = now_.counters.front();
        const std::span channels = std::span{now_.counters}.subspan(1);
        (void)rule::pass_boundary(
            rollover, of_.agreement.total(), total.remaining, channels,
            [&](std::uint16_t channel) { return of_.channels[channel].total; },
            [](std::uint16_t, std::int64_t) {});
    }

    const Entitlement& of_;
    std::optional<rule::Periods> periods_;
    PeriodBalance now_{};
    std::vector<PeriodBalance> ended_{};
};

}  // namespace detail

/// The periods that began by an instant, each as it ended, and the last as it is then; at least the first. An instant
/// that lies back shows what had been recorded by then: the entries up to the last, by number, at or before it.
/// A total that was revised since counts for channels that nothing had moved. The zone is its coverage's. Takes a step
/// for each entry and each boundary.
[[nodiscard]] inline std::vector<PeriodBalance> balances(const Statement& statement, const Zone& zone,
                                                         Instant until) {
    const auto& entries = statement.entries;
    const auto last = std::find_if(entries.rbegin(), entries.rend(),
                                   [until](const Entry& entry) { return entry.at <= until; });
    detail::PeriodWalk walk{statement, zone};
    for (auto entry = entries.begin(); entry != last.base(); ++entry) walk.take(*entry);
    return std::move(walk).finish(until, last.base() == entries.end());
}

}  // namespace ledger

}  // namespace entitle::inline v0
