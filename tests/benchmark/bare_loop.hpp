#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "workload.hpp"

/// The peer: what a good programmer writes instead of an engine, when all that is wanted is speed and the
/// rules are few. Two reserved hash maps and a reserved vector. It looks at the same facts, in the same order
/// (coverage, product, channel, total, channel's rest), and keeps a case and a line of a ledger; it does not
/// explain, undo, repeat, reverse, or know any other rule.
namespace benchmark_of_entitle {

class BareLoop {
public:
    /// In the order of how far a candidate gets.
    enum class Refusal : std::uint8_t {
        none,
        no_candidate,
        not_covered,
        product,
        channel,
        exhausted,
        channel_exhausted,
        case_exists
    };
    struct Answer {
        Refusal refusal = Refusal::none;
        std::int64_t remaining = 0;
        std::int64_t channel_remaining = 0;
    };
    struct Counters {
        std::int64_t begin = 0;
        std::int64_t end = 0;
        Key product{};  ///< none: any
        std::int64_t remaining = 0;
        std::array<std::int64_t, listed_channels> channels{};
        std::uint32_t entitlement = 0;
        std::uint32_t listed = 0;  ///< a bit for each channel
    };
    struct Account {
        std::uint32_t count = 0;
        std::uint32_t number = 0;
        std::array<Counters, 3> candidates{};
    };

    BareLoop(const Workload& workload, std::size_t cases) {
        accounts_.reserve(workload.customers());
        cases_.reserve(cases);
        ledger_.resize(cases);  // touched, not only reserved
        ledger_.clear();
        for (std::size_t i = 0; i < workload.customers(); ++i) add(workload.customer(i));
    }

    [[nodiscard]] Answer open(const Ask& ask, std::int64_t at) {
        const auto found = accounts_.find(ask.customer);
        if (found == accounts_.end()) return {Refusal::no_candidate};
        Account& account = found->second;
        const Choice choice = choose(account, ask, at);
        if (choice.refusal != Refusal::none) return {choice.refusal};
        Counters& counters = account.candidates[choice.index];
        const auto [placed, is_new] =
            cases_.try_emplace(ask.id, Case{ask.customer, ask.product, at, counters.entitlement,
                                            static_cast<std::uint32_t>(ledger_.size()), ask.channel, true});
        if (!is_new) return {Refusal::case_exists};
        --counters.remaining;
        --counters.channels[ask.channel];
        ledger_.push_back({ask.customer, ask.id, at, counters.remaining, counters.channels[ask.channel],
                           counters.entitlement, ++account.number << 8 | ask.channel});
        return {Refusal::none, counters.remaining, counters.channels[ask.channel]};
    }

    [[nodiscard]] Answer check(const Ask& ask, std::int64_t at) const {
        const auto found = accounts_.find(ask.customer);
        if (found == accounts_.end()) return {Refusal::no_candidate};
        const Choice choice = choose(found->second, ask, at);
        if (choice.refusal != Refusal::none) return {choice.refusal};
        const Counters& counters = found->second.candidates[choice.index];
        return {Refusal::none, counters.remaining, counters.channels[ask.channel]};
    }

    [[nodiscard]] const Account& account(Key customer) const { return accounts_.at(customer); }
    [[nodiscard]] std::size_t cases() const { return cases_.size(); }
    [[nodiscard]] std::size_t lines() const { return ledger_.size(); }

private:
    struct Hash {
        std::size_t operator()(Key key) const noexcept { return key.hi ^ key.lo; }
    };
    struct Case {
        Key customer{};
        Key product{};
        std::int64_t since = 0;
        std::uint32_t entitlement = 0;
        std::uint32_t line = 0;
        std::uint8_t channel = 0;
        bool is_open = false;
    };
    struct Line {
        Key customer{};
        Key id{};
        std::int64_t at = 0;
        std::int64_t remaining = 0;
        std::int64_t channel_remaining = 0;
        std::uint32_t entitlement = 0;
        std::uint32_t number_and_channel = 0;
    };
    static_assert(sizeof(Line) == 64);
    struct Choice {
        Refusal refusal = Refusal::no_candidate;
        std::uint32_t index = 0;
    };

    [[nodiscard]] static Refusal admit(const Counters& counters, const Ask& ask, std::int64_t at) {
        if (at < counters.begin || at >= counters.end) return Refusal::not_covered;
        if (counters.product != Key{} && counters.product != ask.product) return Refusal::product;
        if ((counters.listed >> ask.channel & 1) == 0) return Refusal::channel;
        if (counters.remaining < 1) return Refusal::exhausted;
        if (counters.channels[ask.channel] < 1) return Refusal::channel_exhausted;
        return Refusal::none;
    }
    /// The first that admits, else the refusal of the one that got furthest.
    [[nodiscard]] static Choice choose(const Account& account, const Ask& ask, std::int64_t at) {
        Choice furthest;
        for (std::uint32_t i = 0; i < account.count; ++i) {
            const Refusal refusal = admit(account.candidates[i], ask, at);
            if (refusal == Refusal::none) return {Refusal::none, i};
            if (refusal > furthest.refusal) furthest = {refusal, i};
        }
        return furthest;
    }

    void add(const Customer& customer) {
        Account& account = accounts_[customer.id];
        for (const Candidate& candidate : customer.list()) {
            const Days days = days_of(candidate);
            Counters& counters = account.candidates[account.count++];
            counters = {days.begin().time_since_epoch().count(),
                        days.end().time_since_epoch().count(),
                        candidate.product,
                        candidate.total,
                        {},
                        entitlements_++,
                        (1U << listed_channels) - 1};
            for (std::size_t i = 0; i < open_channels; ++i) counters.channels[i] = candidate.total;
        }
    }

    std::unordered_map<Key, Account, Hash> accounts_;
    std::unordered_map<Key, Case, Hash> cases_;
    std::vector<Line> ledger_;
    std::uint32_t entitlements_ = 0;
};

}  // namespace benchmark_of_entitle
