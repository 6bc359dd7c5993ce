#include <chrono>
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

/// Daily terms of which more is owed than any period brings: each boundary moves.
entitle::Entitlement daily() {
    using namespace date::literals;
    entitle::Entitlement is;
    is.phase = entitle::Phase::activated;
    is.agreement.coverage = {1970_y / 1 / 1, 2999_y / 12 / 31, "UTC"};
    is.agreement.terms.total = entitle::cases(1);
    is.agreement.period = entitle::PeriodTerms{{1, entitle::Cycle::Step::days}, {}, true};
    is.span = {date::sys_days{1970_y / 1 / 1}, date::sys_days{3000_y / 1 / 1}};
    is.remaining = -1'000'000'000;
    is.periods.from = is.span.begin;
    is.periods.due = is.span.begin + date::days{1};
    return is;
}

/// What one look costs after so many periods in which nobody looked: a step for each.
void pass_boundaries(benchmark::State& state) {
    const entitle::Entitlement before = daily();
    const entitle::Instant at = before.span.begin + date::days{state.range(0)};
    for (auto _ : state) {
        entitle::Entitlement is = before;
        entitle::rule::roll(is, entitle::Zone{}, at);
        benchmark::DoNotOptimize(is);
    }
    state.SetComplexityN(state.range(0));
}
BENCHMARK(pass_boundaries)->RangeMultiplier(10)->Range(10, 100'000)->Complexity(benchmark::oN);

/// An office in a zone that puts its clocks forward and back, with a holiday a year.
entitle::sla::Calendar office() {
    using namespace std::chrono_literals;
    const std::vector<entitle::sla::OpenHours> day{{9h, 12h}, {13h, 17h}};
    entitle::sla::BusinessHours hours{.time_zone = "Europe/Berlin",
                                      .week = {day, day, day, day, day, {}, {}}};
    for (int year = 2000; year < 2040; ++year) hours.holidays.push_back(date::year{year} / 5 / 1);
    return entitle::sla::Calendar::make(hours).value();
}

/// So many business hours added to instants of ten years: 17,500 are ten business years.
void add_business_hours(benchmark::State& state) {
    const entitle::sla::Calendar calendar = office();
    Random random{1};
    std::vector<entitle::Instant> instants(4'096);
    const entitle::Instant first = date::sys_days{date::year{2010} / 1 / 1};
    for (entitle::Instant& at : instants) at = first + std::chrono::seconds{random.next() % 315'000'000};
    std::size_t next = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(calendar.add(instants[next], std::chrono::hours{state.range(0)}));
        next = (next + 1) % instants.size();
    }
}
BENCHMARK(add_business_hours)->Arg(1)->Arg(7)->Arg(17'500);

}  // namespace
}  // namespace benchmark_of_entitle
