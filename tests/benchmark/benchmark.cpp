#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "heap.hpp"
#include "measure.hpp"
#include "memory.hpp"
#include "options.hpp"
#include "sides.hpp"
#include "spread.hpp"
#include "table.hpp"
#include "worst.hpp"

/// The engine against the bare loop: `entitle_benchmark --help`.
namespace benchmark_of_entitle {
namespace {

/// A comparison with the bare loop.
struct Comparison {
    std::string_view row;
    std::string_view title;
    bool in_cache;  ///< 1,000 customers, else 1,000,000 at random
    Work work;
    Manner manner;
    double goal;  ///< engine ÷ peer, at most
};
constexpr std::array comparisons{
    Comparison{"open_1k", "open a case, 1,000 customers", true, Work::open, Manner::singly, 0.9},
    Comparison{"open_1m", "open, 1,000,000 back to back", false, Work::open, Manner::singly, 1.25},
    Comparison{"open_1m_fenced", "open, 1,000,000 fenced", false, Work::open, Manner::fenced, 0.85},
    Comparison{"open_1m_batch", "open, 1,000,000 batches of 1,000", false, Work::open, Manner::batch, 0.4},
    Comparison{"check_1k", "check, 1,000 customers", true, Work::check, Manner::singly, 0.5},
    Comparison{"check_1m_fenced", "check, 1,000,000 fenced", false, Work::check, Manner::fenced, 0.75},
    Comparison{"check_1m_batch", "check, 1,000,000 batches of 1,000", false, Work::check, Manner::batch,
               0.25},
};
constexpr std::array<std::string_view, 4> other_rows{"worst", "bytes_entitlement", "bytes_case",
                                                     "bytes_request"};

[[nodiscard]] std::string_view verdict(double value, double goal) {
    if (value <= goal) return "within the goal";
    return value <= goal * 2 ? "within twice the goal" : "MISSED";
}

class Benchmark {
public:
    explicit Benchmark(const Options& options) : options_{options} {}

    void run() {
        fmt::print("{:<17} {:<34} {:>9} {:>9} {:>6}  {:<13} {:>6}\n", "row", "work", "engine", "peer",
                   "ratio", "(quartiles)", "goal");
        for (const Comparison& comparison : comparisons) {
            if (options_.wants(comparison.row)) compare(comparison);
        }
        large_.reset();
        if (options_.wants("worst")) worst();
        if (options_.wants("bytes_entitlement") || options_.wants("bytes_case") ||
            options_.wants("bytes_request"))
            bytes();
        if (options_.agree_only) fmt::print("the sides agree\n");
    }

private:
    /// In cache: a new desk for every repetition, as the twenty cases per customer fill it. At random: one desk
    /// for all, with a case per customer to begin with.
    void compare(const Comparison& comparison) {
        Series series;
        for (std::size_t i = 0; i < options_.repetitions_or_usual(); ++i) {
            const bool engine_first = i % 2 == 0;
            if (comparison.in_cache) {
                const std::size_t count = small_customers * 20;
                Ring ring{0xCAC4E + i, small_customers, count * 3};
                warm_up(ring, small_customers);
                repeat(ring, count, comparison.work, comparison.manner, engine_first, clock_, series);
                must_agree(ring.agrees(small_customers), "what is left");
            } else {
                repeat(large(), at_random(), comparison.work, comparison.manner, engine_first, clock_,
                       series);
            }
        }
        if (!comparison.in_cache) must_agree(large().agrees(1'000), "what is left");
        print(comparison.row, comparison.title, series.engine, series.peer, series.ratio, comparison.goal);
        if (comparison.work == Work::check) {
            print("", "  against the peer's check alone", series.engine, series.peer_check,
                  series.check_ratio, std::nullopt);
        }
    }

    void print(std::string_view row, std::string_view title, const std::vector<double>& engine,
               const std::vector<double>& peer, const std::vector<double>& ratios,
               std::optional<double> goal) const {
        if (options_.agree_only) return;
        const Spread ratio = spread_of(ratios);
        fmt::print("{:<17} {:<34} {:>6.1f} ns {:>6.1f} ns {:>6.2f}  ({:.2f}–{:.2f})  ", row, title,
                   spread_of(engine).median, spread_of(peer).median, ratio.median, ratio.low, ratio.high);
        if (goal) fmt::print(" <= {:<5} {}", *goal, verdict(ratio.median, *goal));
        fmt::print("\n");
        std::fflush(stdout);
        if (goal) add_to_table({row, title, ratio, "× the bare loop's time", Goal::at_most, *goal});
    }
    void print_one(std::string_view row, std::string_view title, const Spread& found, double goal,
                   std::string_view unit, std::string_view remark) const {
        if (options_.agree_only) return;
        fmt::print("{:<17} {:<34} {:>6.1f} {:<33} <= {:<5} {}{}{}\n", row, title, found.median, unit, goal,
                   verdict(found.median, goal), remark.empty() ? "" : "; ", remark);
        std::fflush(stdout);
        add_to_table({row, title, found, unit, Goal::at_most, goal});
    }

    void worst() {
        const bool small = options_.agree_only;
        const std::size_t cases = small ? 10'000 : 1'000'000;
        const Worst found = measure_worst(cases, small ? 1 : 3, clock_.watch);
        print_one("worst", "worst command up to 1,000,000 cases", exactly(found.own / 1e3), 1'000, "µs",
                  fmt::format("99.99 % take {:.1f} µs at most; with the machine's own stalls {:.1f} µs",
                              found.percentile / 1e3, found.of_one_pass / 1e3));
    }

    void bytes() {
        const std::size_t count = options_.agree_only ? 100 : options_.quick ? 50'000 : 200'000;
        if (options_.wants("bytes_entitlement")) {
            const EntitlementBytes found = measure_entitlements(count / 4);
            print_bytes("bytes_entitlement", "entitlement with 4 channels", found.store, 256,
                        fmt::format("; besides {} for its two ledger lines and {:.0f} for the agreement",
                                    found.lines, found.agreement.mean()));
        }
        if (options_.wants("bytes_case")) {
            print_bytes("bytes_case", "case with one posting", measure_cases(count, false), 192, "");
        }
        if (options_.wants("bytes_request")) {
            print_bytes("bytes_request", "the same with a request id", measure_cases(count, true), 240, "");
        }
    }
    void print_bytes(std::string_view row, std::string_view title, const BytesEach& found, double goal,
                     std::string_view remark) const {
        print_one(row, title, {found.least(), found.mean(), found.most()}, goal, "bytes",
                  fmt::format("{:.0f}–{:.0f} as tables fill{}", found.least(), found.most(), remark));
    }

    /// A case for each customer, on average: code, tables and predictors have been used.
    void warm_up(Ring& ring, std::size_t count) {
        const std::vector<Ask> asks = ring.workload.asks(count);
        Tally engine, peer;
        (void)time_of(ring.engine, asks, Work::open, Manner::batch, clock_, engine);
        (void)time_of(ring.peer, asks, Work::open, Manner::batch, clock_, peer);
        must_agree(engine == peer, "answers");
    }

    [[nodiscard]] std::size_t large_customers() const {
        return options_.agree_only ? 3'000 : options_.quick ? 300'000 : 1'000'000;
    }
    [[nodiscard]] std::size_t at_random() const { return options_.agree_only ? 3'000 : 40'000; }
    Ring& large() {
        if (!large_) {
            large_ = std::make_unique<Ring>(0x1A46E, large_customers(), large_customers() * 7);
            if (!options_.agree_only) touch_heap(std::size_t{2} << 30);
            warm_up(*large_, large_customers());
        }
        return *large_;
    }

    static constexpr std::size_t small_customers = 1'000;

    Options options_;
    Clock clock_;
    std::unique_ptr<Ring> large_;
};

constexpr std::string_view help = R"(entitle_benchmark [--row NAME]... [--quick] [--repetitions N]
    The engine against the bare loop, in turn, over the same asks: medians.
    --quick    fewer repetitions, and 300,000 customers where a million are said
entitle_benchmark --agree
    No times: a small workload, to see that both sides answer alike.
entitle_benchmark --micro [--benchmark_filter=…]
    The parts of the engine's path on their own, by Google Benchmark.

rows:)";

}  // namespace
}  // namespace benchmark_of_entitle

int main(int count, char** arguments) {
    using namespace benchmark_of_entitle;
    if (count > 1 && std::string_view{arguments[1]} == "--micro") {
        benchmark::Initialize(&count, arguments);
        benchmark::RunSpecifiedBenchmarks();
        return EXIT_SUCCESS;
    }
    std::vector<std::string_view> rows;
    for (const Comparison& comparison : comparisons) rows.push_back(comparison.row);
    rows.insert(rows.end(), other_rows.begin(), other_rows.end());
    const auto options = read_options(count, arguments, rows);
    if (!options) {
        fmt::print("{} {}\n", help, fmt::join(rows, " "));
        return count == 2 && std::string_view{arguments[1]} == "--help" ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    keep_heap();
    if (!options->agree_only) touch_heap(std::size_t{256} << 20);
    Benchmark{*options}.run();
    return EXIT_SUCCESS;
}
