#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include <benchmark/benchmark.h>

#include "desk.hpp"
#include "workload.hpp"

/// The parts of the path of one opening, each on its own, in cache: where a nanosecond goes.
namespace benchmark_of_entitle {
namespace {

constexpr std::size_t customers = 1'000;
constexpr std::uint64_t policy = entitle::policy::fingerprint(entitle::policy::standard);

struct Bench {
    Workload workload{0x3C40, customers};
    Desk desk{};
    entitle::Store& store = desk.store();
    std::vector<Ask> asks = workload.asks(4'096);
    std::vector<entitle::OpenCase> commands{};
    std::size_t next = 0;

    Bench() {
        desk.add_customers(workload, customers);
        for (const Ask& ask : asks) commands.push_back(command_of(ask));
    }
    const entitle::OpenCase& command() { return commands[next++ % commands.size()]; }
};

void make_command(benchmark::State& state) {
    Bench bench;
    for (auto _ : state) benchmark::DoNotOptimize(command_of(bench.asks[bench.next++ % bench.asks.size()]));
}
BENCHMARK(make_command);

void begin_and_abandon(benchmark::State& state) {
    Bench bench;
    for (auto _ : state) {
        const auto& command = bench.command();
        const entitle::Footprint footprint{command.customer, command.id, {}, {}};
        must(bench.store.begin({&footprint, 1}, entitle::Access::write, policy));
        bench.store.abandon();
    }
}
BENCHMARK(begin_and_abandon);

void view_of_new_case(benchmark::State& state) {
    Bench bench;
    entitle::View view;
    for (auto _ : state) {
        const auto& command = bench.command();
        must(bench.store.view({command.customer, command.id, {}, {}}, view));
        benchmark::DoNotOptimize(view);
    }
}
BENCHMARK(view_of_new_case);

void decide_opening(benchmark::State& state) {
    Bench bench;
    std::vector<entitle::View> views(bench.commands.size());
    for (std::size_t i = 0; i < views.size(); ++i) {
        must(bench.store.view({bench.commands[i].customer, {}, {}, {}}, views[i]));
    }
    entitle::Plan plan;
    for (auto _ : state) {
        const std::size_t i = bench.next++ % views.size();
        benchmark::DoNotOptimize(entitle::rule::decide(
            bench.commands[i], entitle::rule::Facts{views[i], entitle::policy::standard, now}, plan));
    }
}
BENCHMARK(decide_opening);

void refuse_opening(benchmark::State& state) {
    Bench bench;
    for (auto& command : bench.commands) command.origin = channels[unlisted_channel];
    for (auto _ : state) benchmark::DoNotOptimize(bench.desk.engine().open_case(bench.command(), now));
}
BENCHMARK(refuse_opening);

void check_opening(benchmark::State& state) {
    Bench bench;
    for (auto _ : state) benchmark::DoNotOptimize(bench.desk.engine().check(bench.command(), now));
}
BENCHMARK(check_opening);

void find_in_index(benchmark::State& state) {
    const auto count = static_cast<std::uint32_t>(state.range(0));
    Random random{1};
    std::vector<std::uint32_t> hashes(count);
    entitle::detail::HashIndex index{std::pmr::get_default_resource()};
    for (std::uint32_t i = 0; i < count; ++i) {
        hashes[i] = static_cast<std::uint32_t>(random.next());
        index.insert(hashes[i], i);
    }
    std::size_t next = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(index.find(hashes[next], [](std::uint32_t) { return true; }));
        next = (next + 7'919) % count;
    }
}
BENCHMARK(find_in_index)->Arg(1'000)->Arg(1'000'000);

}  // namespace
}  // namespace benchmark_of_entitle
