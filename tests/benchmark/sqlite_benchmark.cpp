#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entitle/entitle.hpp"
#include "entitle/store/sqlite_store.hpp"

#include "sqlite_peer.hpp"

// The SQLite store against hand-written SQL, each in a file of its own, durable, in turns.

namespace benchmark_of_entitle {
namespace {

using namespace std::chrono_literals;
using namespace date::literals;

const entitle::Instant now = date::sys_days{2026_y / 7 / 1};
constexpr std::int64_t plenty = 1'000'000;

/// Time-ordered ids, as an engine makes them, and the customers to whom the cases come.
class Openings {
public:
    explicit Openings(std::uint64_t customers) : customers_{customers} {}

    struct Opening {
        std::uint64_t customer, hi, lo;
    };
    [[nodiscard]] std::vector<Opening> next(std::size_t count) {
        std::vector<Opening> openings;
        for (std::size_t i = 0; i < count; ++i) {
            ++serial_;
            openings.push_back(
                {1 + random_() % customers_, 0x0190'0000'0000'7000 + (serial_ << 16), serial_});
        }
        return openings;
    }

private:
    std::uint64_t customers_;
    std::uint64_t serial_ = 0;
    std::mt19937_64 random_{2026};
};

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

    void run(const std::vector<Openings::Opening>& openings) {
        std::vector<entitle::OpenCase> commands;
        commands.reserve(openings.size());
        for (const auto& one : openings) {
            commands.push_back({.customer = entitle::CustomerId::from_integer(one.customer),
                                .id = entitle::CaseId{entitle::Uuid{one.hi, one.lo}},
                                .origin = entitle::Channel::phone});
        }
        std::vector<entitle::Outcome> outcomes(commands.size());
        const auto ran =
            engine_->apply(std::span<const entitle::OpenCase>{commands}, now, std::span{outcomes});
        for (const auto& outcome : outcomes) {
            if (!ran || !outcome) std::abort();
        }
    }

private:
    static void fill(entitle::Engine& engine, std::uint64_t first, std::uint64_t last) {
        std::vector<entitle::Command> commands;
        for (std::uint64_t key = first; key <= last; ++key) {
            const auto customer = entitle::CustomerId::from_integer(key);
            const auto id = entitle::EntitlementId::from_integer(key);
            entitle::Draft draft;
            draft.name = "Support";
            draft.customer = customer;
            draft.coverage.first_day = 2026_y / 1 / 1;
            draft.coverage.last_day = 2026_y / 12 / 31;
            draft.terms = {.total = entitle::cases(plenty), .restricted = true};
            draft.channels = {{entitle::Channel::phone, entitle::cases(plenty)}};
            draft.id = id;
            commands.emplace_back(std::move(draft));
            commands.emplace_back(entitle::Activate{.customer = customer, .id = id});
        }
        std::vector<entitle::Outcome> outcomes(commands.size());
        if (!engine.apply(std::span<const entitle::Command>{commands}, now, std::span{outcomes}))
            std::abort();
    }

    std::unique_ptr<entitle::Engine> engine_;
};

void run_by_hand(HandWritten& peer, const std::vector<Openings::Opening>& openings) {
    peer.begin();
    for (const auto& one : openings) {
        if (!peer.open(one.customer, one.hi, one.lo, 1)) std::abort();
    }
    peer.commit();
}

template <class Work>
[[nodiscard]] double microseconds(Work work) {
    const auto from = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - from).count();
}

[[nodiscard]] double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                     values.end());
    return values[values.size() / 2];
}

struct Scale {
    std::uint64_t customers;
    std::size_t batch;
    std::size_t rounds;
};

/// The sides take turns; each row is the median round of each.
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
    std::vector<std::vector<double>> theirs(3);
    for (std::size_t round = 0; round < scale.rounds; ++round) {
        const auto openings = source.next(scale.batch);
        ours.push_back(microseconds([&] { library.run(openings); }));
        std::size_t at = 0;
        for (HandWritten* peer : {&integers, &blobs, &lists}) {
            theirs[at++].push_back(microseconds([&] { run_by_hand(*peer, openings); }));
        }
    }
    const double each = median(ours) / static_cast<double>(scale.batch);
    fmt::print("| {} entitlements, {} | {:.1f} | {:.2f} | {:.2f} | {:.2f} |\n", scale.customers,
               scale.batch == 1 ? "a commit per command" : fmt::format("batches of {}", scale.batch), each,
               median(theirs[0]) / median(ours), median(theirs[1]) / median(ours),
               median(theirs[2]) / median(ours));
}

void run(bool quick) {
    const std::size_t rounds = quick ? 9 : 40;
    const std::uint64_t many = quick ? 10'000 : 100'000;
    fmt::print(
        "| work | library, µs a command | × integer keys | × 16-byte ids | × 16-byte ids and lists |\n");
    fmt::print("| --- | --- | --- | --- | --- |\n");
    for (const Scale& scale : {Scale{1000, 1000, rounds}, Scale{many, 1000, rounds},
                               Scale{1000, 1, rounds * 10}, Scale{many, 1, rounds * 10}}) {
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
