#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "entitle/store/postgres_store.hpp"
#include "entitle/store/sqlite_store.hpp"

#include "heap.hpp"
#include "measure.hpp"
#include "spread.hpp"
#include "store/postgres_server.hpp"
#include "store/scratch.hpp"

// What a second thread is worth: the same work, two shards of it, by one thread after the other and by two at once, in
// turns. The bare loop, and bare pages synced, which have nothing to share but the machine, say what that can give.

namespace benchmark_of_entitle {
namespace {

using store_contract::PostgresConnection;
using store_contract::PostgresServer;
using store_contract::Scratch;

constexpr std::size_t shards = 2;

/// Customers of one shard, a round's cases of theirs, and a bare loop that must answer the same.
struct Shard {
    Workload workload;
    BareLoop loop;
    PeerSide peer{loop};
    Tally told{}, right{};

    Shard(std::uint64_t seed, std::size_t customers, std::size_t cases)
        : workload{seed, customers}, loop{workload, cases} {}
};

struct Size {
    std::size_t customers = 0;  ///< of each shard
    std::size_t cases = 0;      ///< of each shard, in a round
    std::size_t rounds = 0;
    std::size_t all_cases() const { return cases * 2 * (rounds + 1); }
};

/// Something that works on two shards.
class Row {
public:
    Row(std::string name, const Size& size) : name_{std::move(name)}, size_{size} {
        for (std::uint64_t i = 0; i < shards; ++i)
            shards_.push_back(std::make_unique<Shard>(0x54A2D + i, size.customers, size.all_cases()));
    }
    Row(const Row&) = delete;
    Row& operator=(const Row&) = delete;
    virtual ~Row() = default;

    /// Makes a round's work ready.
    virtual void prepare() = 0;
    /// Does a shard's part of it, on the thread of that number.
    virtual void work(std::size_t shard, std::size_t thread) = 0;
    /// Ends the program where what came of it all is wrong.
    virtual void must_be_right() const = 0;

    [[nodiscard]] const std::string& name() const { return name_; }

    /// What each round took: by one thread, and by two.
    std::vector<double> one{}, two{};
    std::vector<double> processor_time{};  ///< … that of two threads together ÷ that of one

protected:
    [[nodiscard]] Shard& shard(std::size_t i) const { return *shards_[i]; }
    [[nodiscard]] const Size& size() const { return size_; }

private:
    std::string name_;
    Size size_;
    std::vector<std::unique_ptr<Shard>> shards_;
};

class BareRow final : public Row {
public:
    explicit BareRow(const Size& size) : Row{"the bare loop", size} {}

    void prepare() override {
        for (std::size_t i = 0; i < shards; ++i) shard(i).peer.prepare(shard(i).workload.asks(size().cases));
    }
    void work(std::size_t i, std::size_t /*thread*/) override { shard(i).peer.open_all(shard(i).told); }
    void must_be_right() const override {
        for (std::size_t i = 0; i < shards; ++i)
            must_agree(shard(i).told.admitted == shard(i).loop.cases(), "the bare loop's cases");
    }
};

/// What the disk can give: a page of SQLite's written and synced, each to its shard's file. No cases.
class SyncRow final : public Row {
public:
    SyncRow(const Size& size, const Scratch& folder) : Row{"4 KiB written and synced, a file each", size} {
        for (std::size_t i = 0; i < shards; ++i) {
            files_[i] = open(folder.file(fmt::format("sync-{}", i)).c_str(), O_CREAT | O_RDWR, 0600);
            for (std::size_t at = 0; at < pages; ++at) write(i, at);
        }
    }
    ~SyncRow() override {
        for (const int file : files_) close(file);
    }

    void prepare() override {}
    void work(std::size_t i, std::size_t /*thread*/) override {
        for (std::size_t at = 0; at < size().cases; ++at) {
            write(i, at % pages);
            must_agree(fdatasync(files_[i]) == 0, name());
        }
    }
    void must_be_right() const override {}

private:
    static constexpr std::size_t pages = 1024;

    void write(std::size_t i, std::size_t at) const {
        constexpr std::array<char, 4096> page{};
        must_agree(pwrite(files_[i], page.data(), page.size(), static_cast<off_t>(at * page.size())) > 0,
                   name());
    }

    std::array<int, shards> files_{};
};

/// How an engine is asked.
enum class Way { open_and_resolve, open, batches };

/// A store for each shard, or one for both.
struct Stores {
    /// Opens that of a shard; the first time only to be filled.
    std::function<std::unique_ptr<entitle::Store>(std::size_t shard, bool is_to_fill)> open;
    bool is_shared = false;
};

class EngineRow final : public Row {
public:
    EngineRow(std::string name, const Size& size, Way way, const Stores& stores)
        : Row{std::move(name), size}, way_{way}, is_shared_{stores.is_shared} {
        for (std::size_t i = 0; i < shards; ++i) {
            auto store = stores.open(i, true);
            auto engine = std::make_unique<entitle::Engine>(std::move(store));
            Customers customers{*engine};
            customers.add(shard(i).workload, size.customers);
            entitlements_ += customers.entitlements();
            engines_.push_back(std::move(engine));
        }
        for (std::size_t i = 0; i < shards; ++i) {
            if (auto store = stores.open(i, false))
                engines_[i] = std::make_unique<entitle::Engine>(std::move(store));
            sides_.emplace_back(*engines_[i]);
        }
    }

    void prepare() override {
        for (std::size_t i = 0; i < shards; ++i) {
            const std::vector<Ask> asks = shard(i).workload.asks(size().cases);
            sides_[i].prepare(asks);
            shard(i).peer.prepare(asks);
            shard(i).peer.open_all(shard(i).right);
        }
    }
    /// Over a store of both, one thread has one engine.
    void work(std::size_t i, std::size_t thread) override {
        EngineSide& side = sides_[i];
        Tally& tally = shard(i).told;
        side.ask(*engines_[is_shared_ ? thread : i]);
        if (way_ == Way::batches) {
            for (std::size_t at = 0; at < size().cases; at += run_size)
                side.open_batch(at, std::min(run_size, size().cases - at), tally);
            return;
        }
        for (std::size_t at = 0; at < size().cases; ++at) {
            if (way_ == Way::open) side.open(at, tally);
            else side.open_and_resolve(at, tally);
        }
    }
    void must_be_right() const override {
        std::uint64_t entries = 2 * std::uint64_t{entitlements_};
        for (std::size_t i = 0; i < shards; ++i) {
            must_agree(shard(i).told == shard(i).right, name());
            must_agree(agree(*engines_[i], shard(i).loop, shard(i).workload, 1'000),
                       name() + ", what is left");
            entries += shard(i).told.admitted * (way_ == Way::open_and_resolve ? 2 : 1);
        }
        std::uint64_t found = 0;
        for (std::size_t i = 0; i < (is_shared_ ? 1 : shards); ++i) {
            const auto audit = must(engines_[i]->audit());
            must_agree(audit->ok(), name() + ", the audit");
            found += audit->entries;
        }
        must_agree(found == entries, name() + ", entries");
    }

private:
    Way way_;
    bool is_shared_;
    std::size_t entitlements_ = 0;
    std::vector<std::unique_ptr<entitle::Engine>> engines_;
    std::vector<EngineSide> sides_;
};

[[nodiscard]] Stores in_memory(const Size& size) {
    return {.open = [size](std::size_t, bool is_to_fill) -> std::unique_ptr<entitle::Store> {
        if (!is_to_fill) return nullptr;  // it is what was filled
        return std::make_unique<entitle::MemoryStore>(
            entitle::MemoryStore::Options{.expected_customers = size.customers,
                                          .expected_entitlements = 2 * size.customers,
                                          .expected_cases = size.all_cases()});
    }};
}
[[nodiscard]] Stores in_files(const Scratch& folder, const std::string& name, bool is_shared) {
    return {.open = [&folder, name, is_shared](std::size_t shard,
                                               bool is_to_fill) -> std::unique_ptr<entitle::Store> {
                using entitle::Synchronous;
                return must(entitle::SqliteStore::open(
                                folder.file(fmt::format("{}-{}.db", name, is_shared ? 0 : shard)),
                                {.synchronous = is_to_fill ? Synchronous::off : Synchronous::full,
                                 .busy_timeout = std::chrono::minutes{10}}))
                    .value();
            },
            .is_shared = is_shared};
}
[[nodiscard]] Stores in_postgres(const PostgresServer& server, const std::string& schema) {
    return {.open = [&server, schema](std::size_t, bool is_to_fill) -> std::unique_ptr<entitle::Store> {
                const std::string conninfo = server.conninfo(schema);
                if (!is_to_fill) PostgresConnection{conninfo}.run("ANALYZE");
                return must(entitle::PostgresStore::connect(conninfo)).value();
            },
            .is_shared = true};
}

/// What a round took, nanoseconds.
struct Took {
    double time = 0, processor_time = 0;
};
/// From when all threads run until the last has ended.
[[nodiscard]] Took time_of(Row& row, std::size_t threads) {
    using Clock = std::chrono::steady_clock;
    row.prepare();
    std::array<double, shards> worked{};
    std::array<Clock::time_point, shards> began{}, ended{};
    std::atomic<std::size_t> waiting = threads;
    std::vector<std::thread> running;
    for (std::size_t thread = 0; thread < threads; ++thread) {
        running.emplace_back([&, thread] {
            --waiting;
            while (waiting != 0) continue;
            began[thread] = Clock::now();
            const double before = nanoseconds_worked();
            for (std::size_t shard = thread; shard < shards; shard += threads) row.work(shard, thread);
            worked[thread] = nanoseconds_worked() - before;
            ended[thread] = Clock::now();
        });
    }
    for (std::thread& each : running) each.join();
    const auto last = began.begin() + static_cast<std::ptrdiff_t>(threads);
    const std::chrono::duration<double, std::nano> time =
        *std::max_element(ended.begin(), ended.end()) - *std::min_element(began.begin(), last);
    return {time.count(), worked[0] + worked[1]};
}

/// Rows take turns, so that what else the machine does meets them alike; in each, one thread and two.
void measure(const std::vector<std::unique_ptr<Row>>& rows, std::size_t rounds) {
    for (std::size_t round = 0; round <= rounds; ++round) {
        for (const auto& row : rows) {
            Took one, two;
            for (const bool is_first : {true, false}) {
                if (is_first == (round % 2 == 0)) one = time_of(*row, 1);
                else two = time_of(*row, shards);
            }
            if (round == 0) continue;  // it made acquaintance
            row->one.push_back(one.time);
            row->two.push_back(two.time);
            row->processor_time.push_back(two.processor_time / one.processor_time);
        }
    }
}

/// The fastest tenth's: where others use the same cores, what is left when they do not.
[[nodiscard]] double fastest(std::span<const double> times) {
    std::vector<double> sorted{times.begin(), times.end()};
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 10];
}
/// One thread's time ÷ that of two, in their fastest rounds: of all, and the least and most of any quarter of the run.
[[nodiscard]] Spread speed_up(const Row& row) {
    const std::span<const double> one{row.one}, two{row.two};
    Spread found{0, fastest(one) / fastest(two), 0};
    for (std::size_t i = 0; i < 4; ++i) {
        const std::size_t from = one.size() * i / 4;
        const std::size_t count = one.size() * (i + 1) / 4 - from;
        const double of_quarter = fastest(one.subspan(from, count)) / fastest(two.subspan(from, count));
        found.low = i == 0 ? of_quarter : std::min(found.low, of_quarter);
        found.high = std::max(found.high, of_quarter);
    }
    return found;
}

void print(const std::vector<std::unique_ptr<Row>>& rows) {
    fmt::print(
        "| work | 2 threads, × 1 thread | all rounds | processor time, × 1 thread |\n"
        "| --- | --- | --- | --- |\n");
    const auto text = [](const Spread& spread) {
        return fmt::format("{:.2f} ({:.2f}–{:.2f})", spread.median, spread.low, spread.high);
    };
    for (const auto& row : rows) {
        std::vector<double> of_rounds;
        for (std::size_t i = 0; i < row->one.size(); ++i) of_rounds.push_back(row->one[i] / row->two[i]);
        fmt::print("| {} | {} | {} | {} |\n", row->name(), text(speed_up(*row)), text(spread_of(of_rounds)),
                   text(spread_of(row->processor_time)));
    }
}

struct Options {
    bool agree_only = false;
    bool quick = false;
};

void run(const Options& options) {
    const std::size_t rounds = options.agree_only ? 1 : options.quick ? 60 : 200;
    const auto size = [&](std::size_t customers, std::size_t cases) {
        return options.agree_only ? Size{100, 50, rounds} : Size{customers, cases, rounds};
    };
    const Size memory = size(100'000, 2'500);
    const Size file = size(20'000, 1'000);
    const Size file_singly = size(20'000, 10);
    const Size server_singly = size(1'000, 25);
    const Size server_batches = size(1'000, 1'000);

    const Scratch folder;
    const std::unique_ptr<PostgresServer> server =
        options.agree_only ? nullptr : std::make_unique<PostgresServer>(true);
    std::vector<std::unique_ptr<Row>> rows;
    const auto add = [&](std::string name, const Size& of, Way way, const Stores& stores) {
        rows.push_back(std::make_unique<EngineRow>(std::move(name), of, way, stores));
    };
    rows.push_back(std::make_unique<BareRow>(memory));
    add("memory, a store each: open and resolve", memory, Way::open_and_resolve, in_memory(memory));
    rows.push_back(std::make_unique<SyncRow>(file_singly, folder));
    add("SQLite, a file each: batches of 1,000", file, Way::batches, in_files(folder, "batches", false));
    add("SQLite, one file: batches of 1,000", file, Way::batches, in_files(folder, "batches_shared", true));
    add("SQLite, a file each: a commit per command", file_singly, Way::open,
        in_files(folder, "singly", false));
    add("SQLite, one file: a commit per command", file_singly, Way::open,
        in_files(folder, "singly_shared", true));
    if (server != nullptr) {
        add("PostgreSQL, one database: a commit per command", server_singly, Way::open,
            in_postgres(*server, "singly"));
        add("PostgreSQL, one database: batches of 1,000", server_batches, Way::batches,
            in_postgres(*server, "batches"));
    }
    measure(rows, rounds);
    for (const auto& row : rows) row->must_be_right();
    if (options.agree_only) fmt::print("the sides agree\n");
    else print(rows);
}

}  // namespace
}  // namespace benchmark_of_entitle

int main(int count, char** arguments) {
    using namespace benchmark_of_entitle;
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument == "--quick") options.quick = true;
        else if (argument == "--agree") options.agree_only = true;
        else {
            fmt::print(stderr, "entitle_shards_benchmark [--quick | --agree]\n");
            return EXIT_FAILURE;
        }
    }
    keep_heap();
    run(options);
    return EXIT_SUCCESS;
}
