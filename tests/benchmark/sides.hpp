#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bare_loop.hpp"
#include "desk.hpp"
#include "workload.hpp"

/// One face for both: what a run asks, made ready beforehand in each one's own shape, and asked one by one or
/// all at once. Every answer is looked at, as a host would.
namespace benchmark_of_entitle {

class EngineSide {
public:
    explicit EngineSide(entitle::Engine& engine) : engine_{&engine} {}
    /// From now on another.
    void ask(entitle::Engine& engine) { engine_ = &engine; }

    void prepare(std::span<const Ask> asks) {
        commands_.clear();
        for (const Ask& ask : asks) commands_.push_back(command_of(ask));
        outcomes_.resize(asks.size());
        answers_.resize(asks.size());
    }
    void open(std::size_t i, Tally& tally) { count(engine_->open_case(commands_[i], now), tally); }
    /// What is admitted is resolved at once.
    void open_and_resolve(std::size_t i, Tally& tally) {
        const entitle::OpenCase& command = commands_[i];
        const auto opened = engine_->open_case(command, now);
        count(opened, tally);
        if (opened) must(engine_->resolve_case({.customer = command.customer, .id = command.id}, now));
    }
    void check(std::size_t i, Tally& tally) { count(engine_->check(commands_[i], now), tally); }
    void open_all(Tally& tally) { open_batch(0, commands_.size(), tally); }
    /// Some of them.
    void open_batch(std::size_t first, std::size_t count_of, Tally& tally) {
        const std::span outcomes = std::span{outcomes_}.subspan(first, count_of);
        must(engine_->apply(std::span<const entitle::OpenCase>{commands_}.subspan(first, count_of), now,
                            outcomes));
        for (const auto& outcome : outcomes) count(outcome, tally);
    }
    void check_all(Tally& tally) {
        must(engine_->check(commands_, now, answers_));
        for (const auto& answer : answers_) count(answer, tally);
    }

private:
    template <class T>
    static void count(const entitle::Result<T>& answer, Tally& tally) {
        if (answer) {
            ++tally.admitted;
            tally.remaining += answer->remaining.value + answer->channel_remaining.value;
        } else {
            ++tally.refused;
        }
    }

    entitle::Engine* engine_;
    std::vector<entitle::OpenCase> commands_;
    std::vector<entitle::Outcome> outcomes_;
    std::vector<entitle::Result<entitle::Allowed>> answers_;
};

class PeerSide {
public:
    explicit PeerSide(BareLoop& loop) : loop_{&loop} {}

    void prepare(std::span<const Ask> asks) { asks_.assign(asks.begin(), asks.end()); }
    void open(std::size_t i, Tally& tally) { count(loop_->open(asks_[i], at()), tally); }
    void check(std::size_t i, Tally& tally) { count(loop_->check(asks_[i], at()), tally); }
    void open_all(Tally& tally) {
        for (std::size_t i = 0; i < asks_.size(); ++i) open(i, tally);
    }
    void check_all(Tally& tally) {
        for (std::size_t i = 0; i < asks_.size(); ++i) check(i, tally);
    }

    static void count(const BareLoop::Answer& answer, Tally& tally) {
        if (answer.refusal == BareLoop::Refusal::none) {
            ++tally.admitted;
            tally.remaining += answer.remaining + answer.channel_remaining;
        } else {
            ++tally.refused;
        }
    }

private:
    [[nodiscard]] static std::int64_t at() { return now.time_since_epoch().count(); }

    BareLoop* loop_;
    std::vector<Ask> asks_;
};

/// What is left of every counter of some customers is the same on both sides.
[[nodiscard]] inline bool agree(const entitle::Engine& engine, const BareLoop& loop, const Workload& workload,
                                std::size_t at_most) {
    const auto same = [](const entitle::Entitlement& is, const BareLoop::Counters& counters) {
        if (is.remaining != counters.remaining || is.channels.size() != counters.channels.size())
            return false;
        for (std::size_t i = 0; i < is.channels.size(); ++i) {
            if (is.channels[i].remaining != counters.channels[i]) return false;
        }
        return true;
    };
    const std::size_t step = std::max<std::size_t>(1, workload.customers() / at_most);
    for (std::size_t i = 0; i < workload.customers(); i += step) {
        const Key id = workload.customer(i).id;
        const auto listed = must(engine.entitlements(entitle::CustomerId{id}));
        const BareLoop::Account& account = loop.account(id);
        if (listed->size() != account.count) return false;
        for (std::size_t j = 0; j < account.count; ++j) {
            if (!same((*listed)[j], account.candidates[j])) return false;
        }
    }
    return true;
}

/// Both sides with the same customers.
struct Ring {
    Workload workload;
    Desk desk;
    BareLoop loop;
    EngineSide engine{desk.engine()};
    PeerSide peer{loop};

    Ring(std::uint64_t seed, std::size_t customers, std::size_t cases)
        : workload{seed, customers}, desk{customers, cases}, loop{workload, cases} {
        desk.add_customers(workload, customers);
    }
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    [[nodiscard]] bool agrees(std::size_t at_most) { return agree(desk.engine(), loop, workload, at_most); }
};

}  // namespace benchmark_of_entitle
