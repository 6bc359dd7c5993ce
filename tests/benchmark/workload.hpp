#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "entitle/entitle.hpp"

/// What both sides are asked: the same customers, the same candidates, the same cases, from fixed seeds.
namespace benchmark_of_entitle {

using Key = entitle::Uuid;

/// splitmix64: as good as needed here, and one word of state.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_{seed} {}

    std::uint64_t next() {
        std::uint64_t word = (state_ += 0x9E37'79B9'7F4A'7C15);
        word = (word ^ (word >> 30)) * 0xBF58'476D'1CE4'E5B9;
        word = (word ^ (word >> 27)) * 0x94D0'49BB'1331'11EB;
        return word ^ (word >> 31);
    }
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    bool one_in(std::uint64_t many) { return below(many) == 0; }

    /// A random UUID (version 4).
    Key uuid() {
        const std::uint64_t hi = (next() & ~std::uint64_t{0xF000}) | 0x4000;
        return {hi, (next() & 0x3FFF'FFFF'FFFF'FFFF) | 0x8000'0000'0000'0000};
    }

private:
    std::uint64_t state_;
};

/// The channels by number. The first three have terms, the fourth has none left, the last is not listed.
inline constexpr std::array<entitle::Channel, 5> channels{entitle::Channel::email, entitle::Channel::phone,
                                                          entitle::Channel::web, entitle::Channel::facebook,
                                                          entitle::Channel::twitter};
inline constexpr std::uint8_t listed_channels = 4;
inline constexpr std::uint8_t open_channels = 3;
inline constexpr std::uint8_t exhausted_channel = 3;
inline constexpr std::uint8_t unlisted_channel = 4;

/// One entitlement of a customer: active, restricted, four channels, decreased on creation.
struct Candidate {
    Key id{};
    bool is_over = false;    ///< its last day was last year
    Key product{};           ///< none: no scope
    std::int64_t total = 0;  ///< 0: exhausted; of the total and of each channel with terms
};

struct Customer {
    Key id{};
    Key product{};  ///< what its cases are about, where its agreements ask; none: they don't
    std::size_t count = 0;
    std::array<Candidate, 3> candidates{};  ///< in the order in which they are tried

    [[nodiscard]] std::span<const Candidate> list() const { return {candidates.data(), count}; }
};

/// One case to open.
struct Ask {
    Key customer{};
    Key id{};
    Key product{};
    std::uint8_t channel = 0;
};

/// A quarter of the customers has a first candidate that refuses (over, exhausted, or for another product),
/// a quarter agreements for one product only. A tenth of the asks is refused by every candidate: not
/// listed, nothing left on the channel, or another product.
class Workload {
public:
    enum class Sort {
        mixed,
        plain  ///< no scopes, and every first candidate admits
    };

    Workload(std::uint64_t seed, std::size_t customers, Sort sort = Sort::mixed)
        : seed_{seed}, customers_{customers}, sort_{sort}, asks_{seed} {}

    [[nodiscard]] std::size_t customers() const { return customers_; }

    [[nodiscard]] Customer customer(std::size_t index) const {
        Random random{seed_ ^ (0xD1B5'4A32'D192'ED03 * (index + 1))};
        Customer customer;
        customer.id = random.uuid();
        const bool refuses_first = sort_ == Sort::mixed && random.one_in(4);
        const bool is_scoped = sort_ == Sort::mixed && random.one_in(4);
        customer.count = refuses_first ? 2 + random.below(2) : any_count(random.below(18));
        if (is_scoped) customer.product = random.uuid();
        for (std::size_t i = 0; i < customer.count; ++i) {
            customer.candidates[i] = {random.uuid(), false, customer.product,
                                      1'000'000 + static_cast<std::int64_t>(random.below(1'000))};
        }
        if (refuses_first) refuse(customer.candidates[0], random);
        return customer;
    }

    /// A case that was never asked for before, of a customer at random.
    [[nodiscard]] Ask ask() {
        const Customer customer = this->customer(asks_.below(customers_));
        Ask ask{customer.id, asks_.uuid(), customer.product,
                static_cast<std::uint8_t>(asks_.below(open_channels))};
        if (!asks_.one_in(10)) return ask;
        switch (asks_.below(3)) {
            case 0: ask.channel = exhausted_channel; break;
            case 1:
                if (customer.product != Key{}) {
                    ask.product = asks_.uuid();
                    break;
                }
                [[fallthrough]];
            default: ask.channel = unlisted_channel; break;
        }
        return ask;
    }
    [[nodiscard]] std::vector<Ask> asks(std::size_t count) {
        std::vector<Ask> made(count);
        for (Ask& one : made) one = ask();
        return made;
    }

private:
    /// For those that need not have two: so that of all customers a third has one, two, and three.
    [[nodiscard]] static std::size_t any_count(std::uint64_t of_18) {
        return of_18 < 8 ? 1 : of_18 < 13 ? 2 : 3;
    }

    static void refuse(Candidate& candidate, Random& random) {
        switch (random.below(3)) {
            case 0: candidate.is_over = true; break;
            case 1: candidate.total = 0; break;
            default: candidate.product = random.uuid(); break;
        }
    }

    std::uint64_t seed_;
    std::size_t customers_;
    Sort sort_;
    Random asks_;
};

/// The instants of a candidate's days, and the instant at which all is asked.
struct Days {
    entitle::Day first, last;
    [[nodiscard]] entitle::Instant begin() const { return date::sys_days{first}; }
    [[nodiscard]] entitle::Instant end() const { return date::sys_days{last} + date::days{1}; }
};
[[nodiscard]] inline Days days_of(const Candidate& candidate) {
    const date::year year{candidate.is_over ? 2013 : 2014};
    return {year / date::January / 1, year / date::December / 31};
}
inline constexpr entitle::Instant now{date::sys_days{date::year{2014} / date::July / 1}};

/// What a run came to: both sides must agree.
struct Tally {
    std::uint64_t admitted = 0;
    std::uint64_t refused = 0;
    std::int64_t remaining = 0;  ///< the sum over all answers, of the total and of the channel

    friend bool operator==(const Tally&, const Tally&) = default;
};

}  // namespace benchmark_of_entitle
