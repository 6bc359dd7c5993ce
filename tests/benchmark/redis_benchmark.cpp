#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "heap.hpp"
#include "measure.hpp"
#include "options.hpp"
#include "redis_peer.hpp"
#include "redis_server.hpp"
#include "sides.hpp"
#include "spread.hpp"
#include "table.hpp"

/// The engine over its memory store against a script in a Redis server: `entitle_redis_benchmark --help`.
namespace benchmark_of_entitle {
namespace {

struct Comparison {
    std::string_view row;
    std::string_view title;
    bool in_cache;  ///< 1,000 customers, else 1,000,000 at random
    Manner manner;  ///< the engine's; what the server is sent is always pipelined
    double goal;    ///< script ÷ engine, at least
};
constexpr std::array comparisons{
    Comparison{"redis_1k", "open a case, 1,000 customers", true, Manner::singly, 80},
    Comparison{"redis_1m", "open, 1,000,000 singly", false, Manner::singly, 15},
    Comparison{"redis_1m_batch", "open, 1,000,000 batches of 1,000", false, Manner::batch, 50}};

/// Nanoseconds of some commands.
struct Took {
    double server = 0;   ///< what the server worked
    double worked = 0;   ///< what this process worked
    double elapsed = 0;  ///< by the clock, whoever worked

    Took& operator+=(const Took& more) {
        server += more.server;
        worked += more.worked;
        elapsed += more.elapsed;
        return *this;
    }
};

/// What alternating repetitions gave. The server's own work is held against the goal: it is the least that a host
/// waits for, whatever else the machine does. Beside it, what host and server work together, and what passes by the
/// clock.
struct Series {
    std::vector<double> engine, server;  ///< nanoseconds per command
    std::vector<double> ratio, together, elapsed;

    void add(const Took& engine_took, const Took& redis_took, std::size_t commands) {
        engine.push_back(engine_took.worked / static_cast<double>(commands));
        server.push_back(redis_took.server / static_cast<double>(commands));
        ratio.push_back(redis_took.server / engine_took.worked);
        together.push_back((redis_took.server + redis_took.worked) / engine_took.worked);
        elapsed.push_back(redis_took.elapsed / engine_took.elapsed);
    }
};

/// Both sides with the same customers.
struct Pair {
    Workload workload;
    Desk desk;
    EngineSide engine{desk.engine()};
    RedisPeer redis;

    Pair(const RedisServer& server, std::uint64_t seed, std::size_t customers, std::size_t cases)
        : workload{seed, customers}, desk{customers, cases}, redis{server, workload} {
        desk.add_customers(workload, customers);
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;

    /// What is left of some customers is the same on both sides, and the server has kept a case and a line for each
    /// thing that was used.
    [[nodiscard]] bool agrees(std::size_t at_most) {
        const std::size_t step = std::max<std::size_t>(1, workload.customers() / at_most);
        for (std::size_t i = 0; i < workload.customers(); i += step) {
            const Customer customer = workload.customer(i);
            const auto listed = must(desk.engine().entitlements(entitle::CustomerId{customer.id}));
            const RedisPeer::Left left = redis.left(customer.id);
            if (listed->size() != customer.count || left.entitlements.size() != customer.count) return false;
            std::size_t used = 0;
            for (std::size_t j = 0; j < customer.count; ++j) {
                if (!same((*listed)[j], left.entitlements[j])) return false;
                used +=
                    static_cast<std::size_t>(customer.candidates[j].total - left.entitlements[j].remaining);
            }
            if (left.cases != used || left.lines != used) return false;
        }
        return true;
    }

private:
    [[nodiscard]] static bool same(const entitle::Entitlement& is, const RedisState::Counters& counters) {
        if (is.remaining != counters.remaining || is.channels.size() != listed_channels) return false;
        for (std::size_t i = 0; i < listed_channels; ++i) {
            if (is.channels[i].remaining != counters.channels[i]) return false;
        }
        return true;
    }
};

class Benchmark {
public:
    Benchmark(const RedisServer& server, const Options& options) : server_{&server}, options_{options} {}

    void run() {
        if (options_.agree_only) {
            must_follow_the_same_rules();
        } else {
            fmt::print("{:<15} {:<33} {:>8} {:>9} {:>6} {:<13} {:>8} {:>8}  {}\n", "row", "work", "engine",
                       "server", "times", "(quartiles)", "+ client", "by clock", "goal");
        }
        for (const Comparison& comparison : comparisons) {
            if (options_.wants(comparison.row)) compare(comparison);
        }
        if (options_.agree_only) fmt::print("the sides agree\n");
    }

private:
    /// The script answers each ask as the bare loop does, refusals included, and also when it is asked again.
    void must_follow_the_same_rules() const {
        Workload workload{0xA62EE, 200};
        BareLoop loop{workload, 4'000};
        RedisPeer redis{*server_, workload};
        const std::vector<Ask> asks = workload.asks(2'000);
        for (int time = 0; time < 2; ++time) {
            redis.prepare(asks);
            std::size_t at = 0;
            redis.open_all([&](const BareLoop::Answer& answer) {
                const BareLoop::Answer due = loop.open(asks[at++], now.time_since_epoch().count());
                must_agree(answer.refusal == due.refusal && answer.remaining == due.remaining &&
                               answer.channel_remaining == due.channel_remaining,
                           "the rules");
            });
        }
    }

    /// In cache: new customers for every repetition, each with twenty cases. At random: the same for all, with a case
    /// each to begin with.
    void compare(const Comparison& comparison) {
        Series series;
        for (std::size_t i = 0; i < options_.repetitions_or_usual(); ++i) {
            const bool engine_first = i % 2 == 0;
            if (comparison.in_cache) {
                const std::size_t count = small_customers * 20;
                Pair pair{*server_, 0xCAC4E + i, small_customers, count * 3};
                repeat(pair, small_customers, Manner::batch, true, nullptr);
                repeat(pair, count, comparison.manner, engine_first, &series);
                must_agree(pair.agrees(small_customers), "what is left");
                large_.reset();  // the server has forgotten them
            } else {
                repeat(large(), at_random(), comparison.manner, engine_first, &series);
            }
        }
        if (!comparison.in_cache) must_agree(large().agrees(1'000), "what is left");
        if (!options_.agree_only) print(comparison, series);
    }

    /// Both sides on the same asks.
    void repeat(Pair& pair, std::size_t count, Manner manner, bool engine_first, Series* series) const {
        const std::vector<Ask> asks = pair.workload.asks(count);
        Tally engine_tally, redis_tally;
        Took engine, redis;
        for (const bool engine_turn : {engine_first, !engine_first}) {
            for (std::size_t from = 0; from < count; from += run_size) {
                const auto run = std::span{asks}.subspan(from, std::min(run_size, count - from));
                if (engine_turn) engine += engine_run(pair.engine, run, manner, engine_tally);
                else redis += redis_run(pair.redis, run, redis_tally);
            }
        }
        must_agree(engine_tally == redis_tally, "answers");
        if (series != nullptr) series->add(engine, redis, count);
    }
    [[nodiscard]] Took engine_run(EngineSide& side, std::span<const Ask> asks, Manner manner,
                                  Tally& tally) const {
        side.prepare(asks);
        return took([&] {
            if (manner == Manner::batch) return side.open_all(tally);
            for (std::size_t i = 0; i < asks.size(); ++i) side.open(i, tally);
        });
    }
    [[nodiscard]] Took redis_run(RedisPeer& side, std::span<const Ask> asks, Tally& tally) const {
        side.prepare(asks);
        return took(
            [&] { side.open_all([&](const BareLoop::Answer& answer) { PeerSide::count(answer, tally); }); });
    }
    template <class Work>
    [[nodiscard]] Took took(Work work) const {
        const double server = server_->nanoseconds_worked();
        const auto from = std::chrono::steady_clock::now();
        const double worked = nanoseconds_worked();
        work();
        const double until = nanoseconds_worked();
        const std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - from;
        return {server_->nanoseconds_worked() - server, until - worked, elapsed.count()};
    }

    static void print(const Comparison& comparison, const Series& series) {
        const Spread ratio = spread_of(series.ratio);
        fmt::print("{:<15} {:<33} {:>5.1f} ns {:>6.0f} ns {:>6.1f} {:<13} {:>8.1f} {:>8.1f}  >= {}: {}\n",
                   comparison.row, comparison.title, spread_of(series.engine).median,
                   spread_of(series.server).median, ratio.median,
                   fmt::format("({:.1f}–{:.1f})", ratio.low, ratio.high), spread_of(series.together).median,
                   spread_of(series.elapsed).median, comparison.goal,
                   ratio.median >= comparison.goal ? "reached" : "MISSED");
        std::fflush(stdout);
        add_to_table({comparison.row, fmt::format("Redis, pipelined: {}", comparison.title), ratio,
                      "times as fast as the script", Goal::at_least, comparison.goal});
    }

    [[nodiscard]] std::size_t large_customers() const {
        return options_.agree_only ? 3'000 : options_.quick ? 100'000 : 1'000'000;
    }
    [[nodiscard]] std::size_t at_random() const { return options_.agree_only ? 3'000 : 40'000; }
    Pair& large() {
        if (!large_) {
            large_ = std::make_unique<Pair>(*server_, 0x1A46E, large_customers(), large_customers() * 7);
            if (!options_.agree_only) touch_heap(std::size_t{1} << 30);
            repeat(*large_, large_customers(), Manner::batch, true, nullptr);
        }
        return *large_;
    }

    static constexpr std::size_t small_customers = 1'000;

    const RedisServer* server_;
    Options options_;
    std::unique_ptr<Pair> large_{};
};

constexpr std::string_view help = R"(entitle_redis_benchmark [--row NAME]... [--quick] [--repetitions N]
    The engine over its memory store against a script of the same rules in a Redis server of the benchmark's own,
    in turn, over the same asks, a thousand sent at a time: how many times the engine's processor time the server's
    is, medians. Beside it the same with the client's, and by the clock.
    --quick    fewer repetitions, and 100,000 customers where a million are said
entitle_redis_benchmark --agree
    No times: a small workload, to see that both sides answer alike.

rows:)";

}  // namespace
}  // namespace benchmark_of_entitle

int main(int count, char** arguments) {
    using namespace benchmark_of_entitle;
    std::vector<std::string_view> rows;
    for (const Comparison& comparison : comparisons) rows.push_back(comparison.row);
    const auto options = read_options(count, arguments, rows);
    if (!options) {
        fmt::print("{} {}\n", help, fmt::join(rows, " "));
        return count == 2 && std::string_view{arguments[1]} == "--help" ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    keep_heap();
    if (!options->agree_only) touch_heap(std::size_t{256} << 20);
    try {
        static const RedisServer server;  // static: stopped also where sides that disagree end the program
        Benchmark{server, *options}.run();
    } catch (const std::exception& error) {
        fmt::print(stderr, "entitle_redis_benchmark: {}\n", error.what());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
