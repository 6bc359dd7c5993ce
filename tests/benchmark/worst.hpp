#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "desk.hpp"
#include "stopwatch.hpp"
#include "workload.hpp"

/// The worst single command while a desk grows, from no case on.
namespace benchmark_of_entitle {

struct Worst {
    /// Of every command the best of several passes, and then the worst of all: a stall that belongs to the
    /// command comes back in every pass, one that belongs to the machine does not.
    double own = 0;
    double percentile = 0;   ///< 99.99 of all, of the same
    double of_one_pass = 0;  ///< the worst of a pass, the machine's stalls included; the best such pass
};

[[nodiscard]] inline Worst measure_worst(std::size_t cases, int passes, const Stopwatch& watch) {
    Worst worst{0, 0, std::numeric_limits<double>::max()};
    std::vector<std::uint64_t> best(cases, std::numeric_limits<std::uint64_t>::max());
    std::vector<std::uint64_t> took(cases);
    std::vector<entitle::OpenCase> commands(1'000);
    for (int pass = 0; pass < passes; ++pass) {
        Workload workload{0x57A11, cases / 20 + 1};
        Desk desk;
        desk.add_customers(workload, workload.customers());
        for (std::size_t i = 0; i < cases; ++i) {
            if (i % commands.size() == 0) {
                for (auto& command : commands) command = command_of(workload.ask());
            }
            const std::uint64_t begin = Stopwatch::ticks();
            (void)desk.engine().open_case(commands[i % commands.size()], now);
            took[i] = Stopwatch::ticks() - begin;
        }
        for (std::size_t i = 0; i < cases; ++i) best[i] = std::min(best[i], took[i]);
        const std::uint64_t longest = *std::max_element(took.begin(), took.end());
        worst.of_one_pass = std::min(worst.of_one_pass, watch.nanoseconds(longest));
    }
    std::sort(best.begin(), best.end());
    worst.own = watch.nanoseconds(best.back());
    worst.percentile = watch.nanoseconds(best[cases - 1 - cases / 10'000]);
    return worst;
}

}  // namespace benchmark_of_entitle
