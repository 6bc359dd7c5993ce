#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "entitle/entitle.hpp"
#include "entitle/store/sqlite_store.hpp"

#include "openings.hpp"
#include "spread.hpp"
#include "sqlite_peer.hpp"
#include "table.hpp"

// The SQLite store against hand-written SQL, each in a file of its own, durable, in turns.

namespace benchmark_of_entitle {
namespace {

class Library {
public:
    Library(const std::string& path, std::uint64_t customers) {
        {
            entitle::Engine engine{
                entitle::SqliteStore::open(path, {.synchronous = entitle::Synchronous::off}).value()};
            for (std::uint64_t key = 1; key <= customers; key += 1000)
                fill(engine, key, std::min(customers, key + 999));
        }
        engine_ = std::make_unique<entitle::Engine>(
            entitle::SqliteStore::open(path, {.cache_bytes = std::size_t{256} << 20}).value());
        for (std::uint64_t key = 1; key <= customers; ++key) {  // once around, as a desk that has been open
            if (!engine_->check({.customer = entitle::CustomerId::from_integer(key)}, now)) std::abort();
        }
    }

    void run(const std::vector<Openings::Opening>& openings) { run_batch(*engine_, commands_of(openings)); }

private:
    std::unique_ptr<entitle::Engine> engine_;
};

void run_by_hand(HandWritten& peer, const std::vector<Openings::Opening>& openings) {
    peer.begin();
    for (const auto& one : openings) {
        if (!peer.open(one.customer, one.hi, one.lo, 1)) std::abort();
    }
    peer.commit();
}

struct Scale {
    std::string row;
    std::uint64_t customers;
    std::size_t batch;
    std::size_t rounds;
    double goal;  ///< hand-written with 16-byte ids ÷ library, at least

    [[nodiscard]] std::string name() const {
        return fmt::format("{} entitlements, {}", customers,
                           batch == 1 ? "a commit per command" : fmt::format("batches of {}", batch));
    }
};

/// The sides take turns. A ratio is the median of the rounds' own.
void measure(const std::string& folder, const Scale& scale) {
    using Keys = HandWritten::Keys;
    using Lists = HandWritten::Lists;
    Library library{folder + "/library.db", scale.customers};
    HandWritten integers{folder + "/integers.db", Keys::integers, Lists::none};
    HandWritten blobs{folder + "/blobs.db", Keys::blobs, Lists::none};
    HandWritten lists{folder + "/lists.db", Keys::blobs, Lists::indexed};
    for (HandWritten* peer : {&integers, &blobs, &lists}) peer->fill(scale.customers, plenty);
    Openings source{scale.customers};
    std::vector<double> ours;
    std::vector<std::vector<double>> ratios(3);
    for (std::size_t round = 0; round < scale.rounds; ++round) {
        const auto openings = source.next(scale.batch);
        ours.push_back(microseconds([&] { library.run(openings); }));
        std::size_t at = 0;
        for (HandWritten* peer : {&integers, &blobs, &lists}) {
            ratios[at++].push_back(microseconds([&] { run_by_hand(*peer, openings); }) / ours.back());
        }
    }
    const double each = median(ours) / static_cast<double>(scale.batch);
    const Spread blob_ids = spread_of(ratios[1]);
    fmt::print("| {} | {:.1f} | {:.2f} | {:.2f} | {:.2f} |\n", scale.name(), each,
               spread_of(ratios[0]).median, blob_ids.median, spread_of(ratios[2]).median);
    std::fflush(stdout);
    add_to_table({scale.row, fmt::format("SQLite, durable, {}", scale.name()), blob_ids,
                  "times as fast as by hand, 16-byte ids", Goal::at_least, scale.goal});
}

void run(bool quick) {
    const std::size_t rounds = quick ? 9 : 40;
    const std::uint64_t many = quick ? 10'000 : 100'000;
    fmt::print(
        "| work | library, µs a command | × integer keys | × 16-byte ids | × 16-byte ids and lists |\n");
    fmt::print("| --- | --- | --- | --- | --- |\n");
    for (const Scale& scale :
         {Scale{"sqlite_many_batch", many, 1000, rounds, 3}, Scale{"sqlite_hot_batch", 1000, 1000, rounds, 1},
          Scale{"sqlite_many", many, 1, rounds * 10, 0.95},
          Scale{"sqlite_hot", 1000, 1, rounds * 10, 0.95}}) {
        const std::string folder = std::filesystem::temp_directory_path() / "entitle_benchmark";
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        measure(folder, scale);
        std::filesystem::remove_all(folder);
    }
}

}  // namespace
}  // namespace benchmark_of_entitle

int main(int argc, char** argv) {
    benchmark_of_entitle::run(argc > 1 && std::string_view{argv[1]} == "--quick");
}
