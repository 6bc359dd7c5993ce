#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include "entitle/entitle.hpp"
#include "entitle/store/sqlite_store.hpp"

#include "openings.hpp"

// A desk as large as one asks for: made, opened again, used, and audited, with the time and the memory of each.

namespace benchmark_of_entitle {
namespace {

struct Desk {
    std::string_view store;
    std::uint64_t entitlements;
    std::uint64_t cases;
    std::string file;

    [[nodiscard]] std::uint64_t customers() const { return std::max<std::uint64_t>(entitlements / each, 1); }

    static constexpr std::uint64_t each = 2;
};

constexpr std::size_t batch = 1'000;

/// The most memory that this process has had so far.
[[nodiscard]] double peak_gigabytes() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_maxrss) / (1024 * 1024);
}

template <class Work>
void told(const char* name, Work work) {
    const double seconds = microseconds(work) / 1e6;
    fmt::print("| {} | {:.2f} | {:.2f} |\n", name, seconds, peak_gigabytes());
    std::fflush(stdout);
}

[[nodiscard]] std::unique_ptr<entitle::Store> open(const Desk& desk, entitle::Synchronous synchronous) {
    if (desk.store == "memory") return std::make_unique<entitle::MemoryStore>();
    auto store = entitle::SqliteStore::open(desk.file, {.synchronous = synchronous});
    if (!store) {
        fmt::print(stderr, "{}: {}\n", desk.file, store.error());
        std::exit(EXIT_FAILURE);
    }
    return std::move(store).value();
}

[[nodiscard]] entitle::Draft draft_of(std::uint64_t key) {
    entitle::Draft draft;
    draft.name = "Standard support, incidents of one year";
    draft.customer = entitle::CustomerId::from_integer(1 + key / Desk::each);
    draft.id = entitle::EntitlementId::from_integer(1 + key);
    draft.coverage = {2026_y / 1 / 1, 2026_y / 12 / 31};
    draft.terms = {.total = entitle::cases(plenty), .restricted = true};
    draft.priority = static_cast<std::int32_t>(key % Desk::each);
    for (const auto channel : {entitle::Channel::phone, entitle::Channel::email, entitle::Channel::web,
                               entitle::Channel::facebook})
        draft.channels.push_back({channel, entitle::cases(plenty)});
    return draft;
}

template <class C>
void run_all(entitle::Engine& engine, const std::vector<C>& commands) {
    std::vector<entitle::Outcome> outcomes(commands.size());
    const auto ran = engine.apply(std::span<const C>{commands}, now, std::span{outcomes});
    if (!ran) {
        fmt::print(stderr, "{}\n", ran.error());
        std::exit(EXIT_FAILURE);
    }
    for (const auto& outcome : outcomes) {
        if (outcome) continue;
        fmt::print(stderr, "{}\n", outcome.error());
        std::exit(EXIT_FAILURE);
    }
}

void make(entitle::Engine& engine, const Desk& desk) {
    std::vector<entitle::Command> commands;
    for (std::uint64_t key = 0; key < desk.entitlements; ++key) {
        commands.emplace_back(draft_of(key));
        commands.emplace_back(
            entitle::Activate{.customer = entitle::CustomerId::from_integer(1 + key / Desk::each),
                              .id = entitle::EntitlementId::from_integer(1 + key)});
        if (commands.size() < batch && key + 1 < desk.entitlements) continue;
        run_all(engine, commands);
        commands.clear();
    }
}

/// Cases of customers by chance; every second is resolved at once.
void use(entitle::Engine& engine, const Desk& desk) {
    Openings source{desk.customers()};
    for (std::uint64_t done = 0; done < desk.cases; done += batch) {
        const auto opened = commands_of(source.next(std::min<std::uint64_t>(batch, desk.cases - done)));
        run_all(engine, opened);
        std::vector<entitle::ResolveCase> resolved;
        for (std::size_t i = 0; i < opened.size(); i += 2)
            resolved.push_back({.customer = opened[i].customer, .id = opened[i].id});
        run_all(engine, resolved);
    }
}

void audit(const entitle::Engine& engine) {
    const auto report = engine.audit();
    if (!report || !report->ok()) {
        fmt::print(stderr, "the audit found something\n");
        std::exit(EXIT_FAILURE);
    }
    fmt::print("| *audited: {} entitlements, {} cases, {} entries, nothing found* | | |\n",
               report->entitlements, report->cases, report->entries);
}

/// Until its first question is answered.
void reopen(std::unique_ptr<entitle::Engine>& engine, const Desk& desk, const char* when) {
    if (desk.store == "memory") return;
    engine.reset();
    told(when, [&] {
        engine = std::make_unique<entitle::Engine>(open(desk, entitle::Synchronous::full));
        if (!engine->check({.customer = entitle::CustomerId::from_integer(1)}, now)) std::abort();
    });
}

void run(const Desk& desk) {
    fmt::print("| {}: {} entitlements of four channels, {} cases | s | peak, GiB |\n| --- | --- | --- |\n",
               desk.store, desk.entitlements, desk.cases);
    auto engine = std::make_unique<entitle::Engine>(open(desk, entitle::Synchronous::off));
    told("made: drafted and activated", [&] { make(*engine, desk); });
    reopen(engine, desk, "opened again, durable, and asked once");
    told("used: cases opened, every second resolved, in batches of 1,000", [&] { use(*engine, desk); });
    reopen(engine, desk, "opened again with its cases, and asked once");
    told("audited", [&] { audit(*engine); });
    if (desk.store != "memory") {
        engine.reset();
        fmt::print("| *the file: {:.2f} GiB* | | |\n",
                   static_cast<double>(std::filesystem::file_size(desk.file)) / (1024.0 * 1024 * 1024));
    }
}

[[nodiscard]] int usage() {
    fmt::print(stderr, "usage: entitle_large_benchmark memory|sqlite [entitlements [cases]]\n");
    return 2;
}

}  // namespace
}  // namespace benchmark_of_entitle

int main(int argc, char** argv) {
    using namespace benchmark_of_entitle;
    const std::string_view store = argc > 1 ? argv[1] : "";
    if ((store != "memory" && store != "sqlite") || argc > 4) return usage();
    const std::uint64_t entitlements = argc > 2            ? std::strtoull(argv[2], nullptr, 10)
                                       : store == "memory" ? 10'000'000
                                                           : 1'000'000;
    const std::uint64_t cases = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1'000'000;
    if (entitlements == 0) return usage();
    const auto folder = std::filesystem::temp_directory_path() / fmt::format("entitle_large_{}", getpid());
    std::filesystem::create_directories(folder);
    run({store, entitlements, cases, folder / "desk.db"});
    std::filesystem::remove_all(folder);
}
