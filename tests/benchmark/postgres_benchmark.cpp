#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "entitle/entitle.hpp"
#include "entitle/store/postgres_store.hpp"

#include "openings.hpp"
#include "postgres_peer.hpp"
#include "slow_proxy.hpp"
#include "spread.hpp"
#include "store/postgres_server.hpp"
#include "table.hpp"

// The PostgreSQL store against functions in the server, over one durable server of its own, in turns.

namespace benchmark_of_entitle {
namespace {

using namespace std::chrono_literals;
using store_contract::PostgresConnection;
using store_contract::PostgresServer;
using Tables = ServerFunction::Tables;

constexpr std::uint64_t customers = 1000;

/// One writer's work in one round.
using Work = std::vector<Openings::Opening>;

/// Something that opens cases, for as many writers as there are.
class Side {
public:
    Side() = default;
    Side(const Side&) = delete;
    Side& operator=(const Side&) = delete;
    virtual ~Side() = default;
    virtual void open(std::size_t writer, const Work& work) = 0;
    virtual void open_at_once(const Work& work) = 0;
};

class LibrarySide final : public Side {
public:
    LibrarySide(const std::string& conninfo, std::size_t writers, bool is_cold) {
        for (std::size_t i = 0; i < writers; ++i) {
            engines_.push_back(std::make_unique<entitle::Engine>(
                entitle::PostgresStore::connect(conninfo,
                                                {.cache_bytes = is_cold ? 0 : std::size_t{64} << 20})
                    .value()));
            if (!is_cold) meet_all(*engines_.back());
        }
    }
    void open(std::size_t writer, const Work& work) override {
        for (entitle::OpenCase& command : commands_for(work)) {
            if (!engines_[writer]->open_case(command, now)) std::abort();
        }
    }
    void open_at_once(const Work& work) override { run_batch(*engines_.front(), commands_for(work)); }

private:
    [[nodiscard]] static std::vector<entitle::OpenCase> commands_for(const Work& work) {
        auto commands = commands_of(work);
        for (std::size_t i = 0; i < work.size(); ++i)
            commands[i].request = entitle::RequestId{entitle::Uuid{work[i].hi, work[i].lo}};
        return commands;
    }
    /// As a desk that has been open for a while knows its customers.
    static void meet_all(const entitle::Engine& engine) {
        std::vector<entitle::OpenCase> asked(customers);
        for (std::uint64_t key = 1; key <= customers; ++key)
            asked[key - 1].customer = entitle::CustomerId::from_integer(key);
        std::vector<entitle::Result<entitle::Allowed>> answers(asked.size(), entitle::Allowed{});
        if (!engine.check(std::span<const entitle::OpenCase>{asked}, now, std::span{answers})) std::abort();
    }

    std::vector<std::unique_ptr<entitle::Engine>> engines_;
};

class FunctionSide final : public Side {
public:
    FunctionSide(const std::string& conninfo, std::size_t writers) {
        for (std::size_t i = 0; i < writers; ++i) {
            clients_.push_back(std::make_unique<ServerFunction>(conninfo));
            clients_.back()->prepare();
        }
    }
    void open(std::size_t writer, const Work& work) override {
        for (const Openings::Opening& one : work) clients_[writer]->open(one);
    }
    void open_at_once(const Work& work) override { clients_.front()->open_all(work); }

private:
    std::vector<std::unique_ptr<ServerFunction>> clients_;
};

struct Scale {
    std::string row{};  ///< of the table of goals; none: it has no goal
    std::string name;
    std::size_t writers = 1;
    std::uint64_t customers = benchmark_of_entitle::customers;
    std::size_t each = 0;
    bool is_cold = false;
    bool is_batch = false;
    bool is_far = false;
};

/// The server with the same customers in three schemas, and the way to it.
struct Place {
    PostgresServer server{true};
    SlowProxy proxy{server.folder(), 500us};
    std::string library = server.conninfo("library");
    std::string taught = server.conninfo("taught");
    std::string one_row = server.conninfo("one_row");
    Openings uniform{benchmark_of_entitle::customers};
    std::uint64_t opened = 0;

    Place() {
        entitle::Engine engine{entitle::PostgresStore::connect(library).value()};
        fill(engine, 1, benchmark_of_entitle::customers);
        PostgresConnection{library}.run("ANALYZE");
        ServerFunction{taught}.create(Tables::as_taught, benchmark_of_entitle::customers);
        ServerFunction{one_row}.create(Tables::one_row, benchmark_of_entitle::customers);
    }
    [[nodiscard]] std::string way_to(const std::string& conninfo, bool is_far) const {
        return is_far ? conninfo + " host=" + proxy.folder() : conninfo;
    }
    [[nodiscard]] std::vector<Work> next(const Scale& scale) {
        std::vector<Work> out;
        for (std::size_t i = 0; i < scale.writers; ++i) {
            Work& work = out.emplace_back(uniform.next(scale.each));
            for (Openings::Opening& one : work) one.customer = std::min(one.customer, scale.customers);
        }
        opened += scale.writers * scale.each;
        return out;
    }
    /// The sides did the same: as many cases, entries and requests, and as much left.
    void must_agree() const {
        const PostgresConnection ours{library};
        const std::string left =
            ours.value("SELECT sum(counters[1]) || ' ' || sum(counters[2]) FROM entitle_customers");
        const std::string cases = ours.value("SELECT count(*) FROM entitle_cases");
        const std::string entries = ours.value("SELECT count(*) FROM entitle_entries WHERE number > 2");
        const PostgresConnection function{taught};
        const PostgresConnection minimal{one_row};
        const bool agree =
            function.value(
                "SELECT (SELECT sum(remaining) FROM agreements) || ' ' || (SELECT sum(remaining) FROM "
                "channels)") == left &&
            minimal.value("SELECT sum(remaining) || ' ' || sum(phone) FROM customers") == left &&
            cases == std::to_string(opened) && entries == cases;
        for (const PostgresConnection* peer : {&function, &minimal}) {
            for (const char* table : {"cases", "ledger", "requests"}) {
                if (agree && peer->value(std::string{"SELECT count(*) FROM "} + table) == cases) continue;
                fmt::print(stderr, "the sides do not agree\n");
                std::exit(EXIT_FAILURE);
            }
        }
    }
};

[[nodiscard]] double time_of(Side& side, const Scale& scale, const std::vector<Work>& works) {
    return microseconds([&] {
        if (scale.is_batch) return side.open_at_once(works.front());
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < scale.writers; ++i)
            threads.emplace_back([&, i] { side.open(i, works[i]); });
        for (std::thread& thread : threads) thread.join();
    });
}

[[nodiscard]] std::string text_of(const Spread& spread) {
    return fmt::format("{:.2f} ({:.2f}–{:.2f})", spread.median, spread.low, spread.high);
}

/// The sides take turns, each beginning in its turn. A ratio is the median of the rounds' own, with its quartiles.
void measure(Place& place, const Scale& scale, std::size_t rounds) {
    LibrarySide library{place.way_to(place.library, scale.is_far), scale.writers, scale.is_cold};
    FunctionSide taught{place.way_to(place.taught, scale.is_far), scale.writers};
    FunctionSide one_row{place.way_to(place.one_row, scale.is_far), scale.writers};
    const std::vector<Side*> sides{&library, &taught, &one_row};
    std::vector<double> ours;
    std::vector<double> to_taught;
    std::vector<double> to_one_row;
    for (std::size_t round = 0; round <= rounds; ++round) {
        const auto works = place.next(scale);
        std::vector<double> took(sides.size());
        for (std::size_t i = 0; i < sides.size(); ++i) {
            const std::size_t at = (i + round) % sides.size();
            took[at] = time_of(*sides[at], scale, works);
        }
        if (round == 0) continue;  // it made acquaintance
        ours.push_back(took[0] / static_cast<double>(scale.writers * scale.each));
        to_taught.push_back(took[1] / took[0]);
        to_one_row.push_back(took[2] / took[0]);
    }
    const Spread function = spread_of(to_taught);
    const Spread minimal = spread_of(to_one_row);
    fmt::print("| {} | {:.0f} | {} | {} |\n", scale.name, median(ours), text_of(function), text_of(minimal));
    std::fflush(stdout);
    if (scale.row.empty()) return;
    const std::string title = "PostgreSQL, " + scale.name;
    add_to_table({scale.row, title, function, "times as fast as the function", Goal::at_least,
                  scale.is_batch ? 1.5 : 1});
    if (!scale.is_batch)
        add_to_table({scale.row + "_minimal", title, minimal, "times as fast as the minimal one",
                      Goal::at_least, 0.9});
}

void run(bool quick) {
    const std::size_t rounds = quick ? 7 : 25;
    const std::size_t n = quick ? 300 : 1000;
    const std::vector<Scale> scales{
        {.row = "postgres_1", .name = "1 writer, 1,000 customers", .each = n},
        {.row = "postgres_1_hot", .name = "1 writer, one hot customer", .customers = 1, .each = n},
        {.row = "postgres_8", .name = "8 writers, 1,000 customers", .writers = 8, .each = n / 3},
        {.row = "postgres_8_hot",
         .name = "8 writers, one hot customer",
         .writers = 8,
         .customers = 1,
         .each = n / 3},
        {.row = "postgres_1_far", .name = "1 writer, 0.5 ms away", .each = n / 3, .is_far = true},
        {.row = "postgres_8_far",
         .name = "8 writers, 0.5 ms away",
         .writers = 8,
         .each = n / 3,
         .is_far = true},
        {.row = "postgres_8_hot_far",
         .name = "8 writers, one hot customer, 0.5 ms away",
         .writers = 8,
         .customers = 1,
         .each = n / 3,
         .is_far = true},
        {.name = "1 writer, nothing kept in memory", .each = n, .is_cold = true},
        {.name = "8 writers, nothing kept in memory", .writers = 8, .each = n / 3, .is_cold = true},
        {.name = "1 writer, nothing kept in memory, 0.5 ms away",
         .each = n / 3,
         .is_cold = true,
         .is_far = true},
        {.row = "postgres_batch", .name = "batches of 1,000", .each = 1000, .is_batch = true},
        {.name = "batches of 1,000, 0.5 ms away", .each = 1000, .is_batch = true, .is_far = true}};
    Place place;
    fmt::print(
        "| opening a case | library, µs | × function | × minimal function |\n| --- | --- | --- | --- |\n");
    for (const Scale& scale : scales) measure(place, scale, rounds);
    place.must_agree();
}

}  // namespace
}  // namespace benchmark_of_entitle

int main(int argc, char** argv) {
    benchmark_of_entitle::run(argc > 1 && std::string_view{argv[1]} == "--quick");
}
