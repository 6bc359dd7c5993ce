#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "sides.hpp"

// Fixed work, to be counted in instructions: times say little on a shared machine, and these are the same each time.
//
//     entitle_counted <workload> <commands>
//
// Twice the commands less once them is what the commands took, without what it takes to begin: instructions.py.

namespace benchmark_of_entitle {
namespace {

constexpr std::size_t customers = 1'000;
constexpr std::size_t most_commands = 20'000;

/// Customers with one to three agreements each, asked at random; a tenth is refused. All asks are made ready, however
/// many of them are asked.
class Openings {
public:
    Openings() {
        desk_.add_customers(workload_, customers);
        side_.prepare(workload_.asks(most_commands));
    }

    template <class Work>
    void run(std::size_t commands, Work work) {
        Tally tally;
        for (std::size_t at = 0; at < commands; at += batch) work(side_, at, tally);
        fmt::print("{} admitted, {} refused\n", tally.admitted, tally.refused);
    }

    static constexpr std::size_t batch = 1'000;

private:
    Workload workload_{42, customers};
    Desk desk_{customers, most_commands};
    EngineSide side_{desk_.engine()};
};

void open(std::size_t commands) {
    Openings{}.run(commands, [](EngineSide& side, std::size_t first, Tally& tally) {
        for (std::size_t i = first; i < first + Openings::batch; ++i) side.open(i, tally);
    });
}

void open_batch(std::size_t commands) {
    Openings{}.run(commands, [](EngineSide& side, std::size_t first, Tally& tally) {
        side.open_batch(first, Openings::batch, tally);
    });
}

void check(std::size_t commands) {
    Openings{}.run(commands, [](EngineSide& side, std::size_t first, Tally& tally) {
        for (std::size_t i = first; i < first + Openings::batch; ++i) side.check(i, tally);
    });
}

/// Hours of each month, with a top-up that pays first.
void agree(entitle::Engine& engine, std::uint64_t number, entitle::Instant at) {
    const auto customer = entitle::CustomerId::from_integer(number);
    const auto id = entitle::EntitlementId::from_integer(number);
    entitle::Draft draft{.name = "Hours of each month", .customer = customer, .id = id};
    draft.coverage = {date::year{2014} / date::January / 1, date::year{2014} / date::December / 31};
    draft.terms = {.total = entitle::hours(std::chrono::hours{1'000}),
                   .decrease_on = entitle::DecreaseOn::resolution,
                   .restricted = true};
    draft.channels = {{entitle::Channel::phone, entitle::hours(std::chrono::hours{1'000})}};
    draft.period = entitle::PeriodTerms{{1, entitle::Cycle::Step::months}};
    must(engine.draft(draft, at));
    must(engine.activate({.customer = customer, .id = id}, at));
    must(engine.top_up(
        {.customer = customer, .id = id, .amount = entitle::hours(std::chrono::hours{5}), .from = at}, at));
}

/// Each case is opened, has hours held for it, and is resolved, under request ids; the clock goes on.
class Lives {
public:
    Lives() {
        for (std::uint64_t number = 1; number <= customers; ++number) agree(desk_.engine(), number, at_);
    }

    void run(std::size_t commands) {
        for (std::uint64_t serial = 1; serial <= commands / 3; ++serial) live(serial);
    }
    [[nodiscard]] Desk& desk() { return desk_; }

private:
    void live(std::uint64_t serial) {
        entitle::Engine& engine = desk_.engine();
        const auto customer = entitle::CustomerId::from_integer(1 + serial * 7919 % customers);
        const auto id = entitle::CaseId::from_integer(serial);
        at_ += std::chrono::minutes{1};
        must(engine.open_case(
            {.customer = customer, .id = id, .origin = entitle::Channel::phone, .request = request()}, at_));
        must(engine.hold_terms({.customer = customer,
                                .id = id,
                                .quantity = entitle::hours(std::chrono::minutes{30}),
                                .request = request()},
                               at_));
        must(engine.resolve_case(
            {.customer = customer, .id = id, .time_spent = std::chrono::minutes{20}, .request = request()},
            at_));
    }
    [[nodiscard]] entitle::RequestId request() { return entitle::RequestId::from_integer(++requests_); }

    Desk desk_{customers, most_commands};
    entitle::Instant at_{date::sys_days{date::year{2014} / date::January / 2}};
    std::uint64_t requests_ = 0;
};

void life(std::size_t commands) { Lives{}.run(commands); }

/// Reads the ledger of so many commands of cases back; to be counted with what made it.
void audit(std::size_t commands) {
    Lives lives;
    lives.run(commands);
    const auto report = must(lives.desk().engine().audit());
    fmt::print("{} entries\n", report->entries);
}

struct Workloads {
    std::string_view name;
    void (*run)(std::size_t commands);
};
constexpr std::array workloads{Workloads{"open", open}, Workloads{"open_batch", open_batch},
                               Workloads{"check", check}, Workloads{"life", life}, Workloads{"audit", audit}};

}  // namespace
}  // namespace benchmark_of_entitle

int main(int count, char** arguments) {
    using namespace benchmark_of_entitle;
    const std::size_t commands = count == 3 ? std::strtoul(arguments[2], nullptr, 10) : 0;
    for (const auto& [name, run] : workloads) {
        if (commands == 0 || commands > most_commands || arguments[1] != name) continue;
        run(commands);
        return EXIT_SUCCESS;
    }
    fmt::print(stderr, "entitle_counted open|open_batch|check|life|audit <commands, at most {}>\n",
               most_commands);
    return 2;
}
