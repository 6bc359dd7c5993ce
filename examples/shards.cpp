#include <cstdlib>
#include <thread>
#include <vector>

#include <entitle/entitle.hpp>

// All cores of a machine: each customer belongs to one shard, each shard has an engine and a thread of its own.
//
//     shards [COUNT]          # of shards; as many as the machine has cores where it is not said

using namespace entitle;
using namespace date::literals;

namespace {

constexpr std::uint64_t customers = 10'000;
const TemplateId premium = TemplateId::from_name("premium");
const Instant now = date::sys_days{2026_y / 11 / 23} + std::chrono::hours{9};

struct Totals {
    std::uint64_t opened = 0;
    std::uint64_t refused = 0;
    std::int64_t left = 0;
    std::uint64_t entries = 0;
    bool is_sound = true;
};

/// What customers share is kept by each shard for itself: every one is told.
Engine make_shard() {
    Engine desk{std::make_unique<MemoryStore>()};  // or SqliteStore::open(a file of its own)
    const Template made{.id = premium,
                        .agreement = {.name = "Premium", .terms = {.total = cases(5), .restricted = true}},
                        .lasts = Length{12}};
    if (!desk.set_template(made)) std::abort();
    return desk;
}

/// A day of one customer's: an agreement, and some cases, of which one or another is too many.
void serve(Engine& desk, std::uint64_t key, Totals& totals) {
    const auto customer = CustomerId::from_integer(key);
    const auto drafted = desk.instantiate({.customer = customer, .from = premium}, now).value();
    const auto active = desk.activate({.customer = customer, .id = drafted.entitlement}, now).value();
    totals.left += active.remaining.value;
    for (std::uint64_t i = 0; i < 1 + key % 7; ++i) {
        const auto id = CaseId::from_integer(10 * key + i);
        const auto opened = desk.open_case({.customer = customer, .id = id}, now);
        if (!opened) {
            ++totals.refused;
            continue;
        }
        ++totals.opened;
        totals.left += opened->moved.value;
        desk.resolve_case({.customer = customer, .id = id}, now).value();
    }
}

/// All that one thread does. Nothing in it is another's: there is nothing to lock.
Totals work(std::size_t shard, std::size_t count) {
    Totals totals;
    Engine desk = make_shard();
    for (std::uint64_t key = 1; key <= customers; ++key) {
        if (shard_of(CustomerId::from_integer(key), count) == shard) serve(desk, key, totals);
    }
    const AuditReport audit = desk.audit().value();
    totals.entries = audit.entries;
    totals.is_sound = audit.ok();
    return totals;
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t wanted =
        argc > 1 ? std::strtoul(argv[1], nullptr, 10) : std::thread::hardware_concurrency();
    const std::size_t count = wanted == 0 ? 1 : wanted;

    std::vector<Totals> of_shards(count);
    std::vector<std::thread> threads;
    for (std::size_t shard = 0; shard < count; ++shard)
        threads.emplace_back([&, shard] { of_shards[shard] = work(shard, count); });
    for (std::thread& thread : threads) thread.join();

    Totals all;
    for (const Totals& one : of_shards) {
        all.opened += one.opened;
        all.refused += one.refused;
        all.left += one.left;
        all.entries += one.entries;
        all.is_sound = all.is_sound && one.is_sound;
    }
    fmt::print("{} customers: {} cases opened, {} refused; {} cases left\n", customers, all.opened,
               all.refused, all.left);
    fmt::print("{} entries; audit: {}\n", all.entries, all.is_sound ? "ok" : "not ok");
    return all.is_sound ? EXIT_SUCCESS : EXIT_FAILURE;
}
