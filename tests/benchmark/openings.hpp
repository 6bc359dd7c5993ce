#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "entitle/entitle.hpp"

/// What the stores over a database are asked in their benchmarks, and how they are timed.
namespace benchmark_of_entitle {

using namespace date::literals;

inline const entitle::Instant now = date::sys_days{2026_y / 7 / 1};
inline constexpr std::int64_t plenty = 1'000'000;

/// Time-ordered ids, as an engine makes them, and the customers to whom the cases come.
class Openings {
public:
    explicit Openings(std::uint64_t customers) : customers_{customers} {}

    struct Opening {
        std::uint64_t customer, hi, lo;
    };
    [[nodiscard]] std::vector<Opening> next(std::size_t count) {
        std::vector<Opening> openings;
        for (std::size_t i = 0; i < count; ++i) {
            ++serial_;
            openings.push_back(
                {1 + random_() % customers_, 0x0190'0000'0000'7000 + (serial_ << 16), serial_});
        }
        return openings;
    }

private:
    std::uint64_t customers_;
    std::uint64_t serial_ = 0;
    std::mt19937_64 random_{2026};
};

inline void fill(entitle::Engine& engine, std::uint64_t first, std::uint64_t last) {
    std::vector<entitle::Command> commands;
    for (std::uint64_t key = first; key <= last; ++key) {
        const auto customer = entitle::CustomerId::from_integer(key);
        const auto id = entitle::EntitlementId::from_integer(key);
        entitle::Draft draft;
        draft.name = "Support";
        draft.customer = customer;
        draft.coverage.first_day = 2026_y / 1 / 1;
        draft.coverage.last_day = 2026_y / 12 / 31;
        draft.terms = {.total = entitle::cases(plenty), .restricted = true};
        draft.channels = {{entitle::Channel::phone, entitle::cases(plenty)}};
        draft.id = id;
        commands.emplace_back(std::move(draft));
        commands.emplace_back(entitle::Activate{.customer = customer, .id = id});
    }
    std::vector<entitle::Outcome> outcomes(commands.size());
    if (!engine.apply(std::span<const entitle::Command>{commands}, now, std::span{outcomes})) std::abort();
}

/// The openings as an engine takes them.
[[nodiscard]] inline std::vector<entitle::OpenCase> commands_of(
    const std::vector<Openings::Opening>& openings) {
    std::vector<entitle::OpenCase> commands;
    commands.reserve(openings.size());
    for (const auto& one : openings) {
        commands.push_back({.customer = entitle::CustomerId::from_integer(one.customer),
                            .id = entitle::CaseId{entitle::Uuid{one.hi, one.lo}},
                            .origin = entitle::Channel::phone});
    }
    return commands;
}

inline void run_batch(entitle::Engine& engine, const std::vector<entitle::OpenCase>& commands) {
    std::vector<entitle::Outcome> outcomes(commands.size());
    const auto ran = engine.apply(std::span<const entitle::OpenCase>{commands}, now, std::span{outcomes});
    for (const auto& outcome : outcomes) {
        if (!ran || !outcome) std::abort();
    }
}

template <class Work>
[[nodiscard]] double microseconds(Work work) {
    const auto from = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - from).count();
}

[[nodiscard]] inline double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                     values.end());
    return values[values.size() / 2];
}

}  // namespace benchmark_of_entitle
