#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "entitle/entitle.hpp"

#include "desk.hpp"
#include "growth_svg.hpp"

// How what one command costs grows: over the entitlements of a desk, a customer's ledger, open cases and entitlements, and
// the periods that nobody asked through. In memory; each point relative to its curve's first.

namespace benchmark_of_entitle {
namespace {

using entitle::CaseId;
using entitle::CustomerId;
using entitle::EntitlementId;
using entitle::Instant;

constexpr std::size_t rounds = 9;
constexpr std::size_t each = 500;  ///< commands of a round
constexpr Instant begin{date::sys_days{date::year{2014} / date::January / 1}};

/// An engine of its own, and cases that nobody had before.
struct Growing {
    entitle::MemoryStore store{{.hash_seed = 0x5EED}};
    entitle::Engine engine{store};
    Random random{2014};
    std::uint64_t cases = 0;

    void agree(std::uint64_t customer, std::uint64_t id, std::int64_t total, std::int32_t priority = 100,
               entitle::DecreaseOn decrease_on = entitle::DecreaseOn::creation, bool daily = false) {
        entitle::Draft draft{.name = "Support", .customer = CustomerId::from_integer(customer)};
        draft.id = EntitlementId::from_integer(id);
        draft.coverage = {date::year{2014} / date::January / 1, date::year{2053} / date::December / 31};
        draft.terms = {.total = entitle::cases(total), .decrease_on = decrease_on, .restricted = true};
        draft.priority = priority;
        if (daily) draft.period = entitle::PeriodTerms{{1, entitle::Cycle::Step::days}};
        must(engine.draft(draft, begin));
        must(engine.activate({.customer = draft.customer, .id = draft.id}, begin));
    }
    [[nodiscard]] entitle::OpenCase next(std::uint64_t customer) {
        return {.customer = CustomerId::from_integer(customer), .id = CaseId::from_integer(++cases)};
    }
    void open(std::uint64_t customer, Instant at = begin) { must(engine.open_case(next(customer), at)); }
    void resolve(std::uint64_t customer, std::uint64_t id) {
        must(engine.resolve_case(
            {.customer = CustomerId::from_integer(customer), .id = CaseId::from_integer(id)}, begin));
    }
};

constexpr std::int64_t plenty = 1'000'000'000;

/// 1, 10, … up to so many.
[[nodiscard]] std::vector<std::uint64_t> powers(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> out;
    for (std::uint64_t size = from; size <= to; size *= 10) out.push_back(size);
    return out;
}

/// Customers at random, each with one entitlement.
void over_entitlements(std::uint64_t most, std::vector<Curve>& curves) {
    Curve opening{"opening a case", "entitlements of the desk"};
    Curve checking{"checking one", "entitlements of the desk"};
    Growing desk;
    std::uint64_t made = 0;
    for (const std::uint64_t size : powers(1'000, most)) {
        while (made < size) {
            ++made;
            desk.agree(made, made, plenty);
        }
        const auto anyone = [&] { return 1 + desk.random.below(size); };
        const auto x = static_cast<double>(size);
        opening.points.push_back({x, cost(rounds, each, [&] {
                                      for (std::size_t i = 0; i < each; ++i) desk.open(anyone());
                                  })});
        checking.points.push_back({x, cost(rounds, each, [&] {
                                       for (std::size_t i = 0; i < each; ++i)
                                           must(desk.engine.check(desk.next(anyone()), begin));
                                   })});
    }
    curves.push_back(std::move(opening));
    curves.push_back(std::move(checking));
}

/// One customer whose cases are opened and resolved.
void over_ledger(std::uint64_t most, std::vector<Curve>& curves) {
    Curve curve{"opening and resolving", "entries of the customer's ledger"};
    Growing desk;
    desk.agree(1, 1, plenty);
    const auto live = [&] {
        desk.open(1);
        desk.resolve(1, desk.cases);
    };
    for (const std::uint64_t size : powers(10, most)) {
        while (2 * desk.cases < size) live();
        curve.points.push_back({static_cast<double>(size), cost(rounds, each, [&] {
                                                               for (std::size_t i = 0; i < each; ++i) live();
                                                           }) / 2});
    }
    curves.push_back(std::move(curve));
}

/// One customer of whom so many cases are open all the time.
void over_open_cases(std::uint64_t most, std::vector<Curve>& curves) {
    Curve curve{"opening and resolving", "open cases of the customer"};
    Growing desk;
    desk.agree(1, 1, plenty, 100, entitle::DecreaseOn::resolution);
    for (const std::uint64_t size : powers(1, most)) {
        while (desk.cases < size) desk.open(1);
        curve.points.push_back({static_cast<double>(size), cost(rounds, each, [&] {
                                                               for (std::size_t i = 0; i < each; ++i) {
                                                                   desk.open(1);
                                                                   desk.resolve(1, desk.cases);
                                                               }
                                                           }) / 2});
    }
    curves.push_back(std::move(curve));
}

/// One customer of so many entitlements, of which the first serves, or, behind exhausted ones, the last.
void over_candidates(std::uint64_t most, bool is_first, std::vector<Curve>& curves) {
    Curve curve{is_first ? "opening, the first serves" : "opening, the last serves",
                "entitlements of the customer"};
    for (const std::uint64_t size : powers(1, most)) {
        Growing desk;
        desk.agree(1, 1, plenty, is_first ? 1 : 1'000);
        for (std::uint64_t id = 2; id <= size; ++id) desk.agree(1, id, 0);
        curve.points.push_back({static_cast<double>(size), cost(rounds, each, [&] {
                                    for (std::size_t i = 0; i < each; ++i) desk.open(1);
                                })});
    }
    curves.push_back(std::move(curve));
}

/// A day is a period; nobody asked for so many. What each of them costs the one who asks then.
void over_periods(std::uint64_t most, std::vector<Curve>& curves) {
    Curve curve{"each period, of an opening behind them", "periods that nobody asked through"};
    for (const std::uint64_t size : powers(1, most)) {
        std::vector<std::unique_ptr<Growing>> desks(rounds);
        for (auto& desk : desks) {
            desk = std::make_unique<Growing>();
            desk->agree(1, 1, plenty / 1'000, 100, entitle::DecreaseOn::creation, true);
        }
        auto desk = desks.begin();
        const Instant later = begin + date::days{size};
        curve.points.push_back(
            {static_cast<double>(size), cost(rounds, size, [&] { (*desk++)->open(1, later); })});
    }
    curves.push_back(std::move(curve));
}

void write(const std::string& path, const std::string& text) {
    std::ofstream file{path, std::ios::trunc};
    file << text;
    file.flush();
    if (file) return;
    fmt::print(stderr, "entitle_growth_benchmark: {} cannot be written\n", path);
    std::exit(EXIT_FAILURE);
}

/// Of each curve the largest size has so many times fewer zeros than it could.
void run(std::uint64_t less, const std::string& drawing) {
    std::vector<Curve> curves;
    over_entitlements(10'000'000 / less, curves);
    over_ledger(1'000'000 / less, curves);
    over_open_cases(100'000 / less, curves);
    over_candidates(1'000, true, curves);
    over_candidates(1'000, false, curves);
    over_periods(10'000, curves);
    print_table(curves);
    if (!drawing.empty()) write(drawing, GrowthDrawing{curves}.svg());
}

}  // namespace
}  // namespace benchmark_of_entitle

int main(int count, char** arguments) {
    std::uint64_t less = 1;
    std::string drawing;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument == "--quick") {
            less = 100;
        } else if (argument == "--svg" && i + 1 < count) {
            drawing = arguments[++i];
        } else {
            fmt::print(stderr,
                       "entitle_growth_benchmark [--quick] [--svg FILE]\n"
                       "    --quick    a hundredth of the largest sizes; ten million entitlements take some "
                       "8 GiB\n");
            return 2;
        }
    }
    benchmark_of_entitle::run(less, drawing);
}
