#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "at_once.hpp"
#include "stores.hpp"
#include "told.hpp"

// One engine, one thread at a time; engines as many as there are threads: over one place where the store is shared, or
// each over a place of its own. All that is asserted is so whatever the order in which threads come to run.

namespace store_contract {
namespace {

constexpr int writers = 4;
const Engine::Options by_desk{.policy = policy::desk};  // it writes every kind of entry

/// A shared store may say that others kept it waiting for too long: nothing happened.
[[nodiscard]] bool is_to_be_asked_again(const Result<void>& done) {
    return !done && done.error().code == ErrorCode::store_busy;
}
template <class C>
[[nodiscard]] Outcome ask(Engine& engine, const C& command, Instant now) {
    Outcome outcome = engine.execute(command, now);
    while (!outcome && outcome.error().code == ErrorCode::store_busy) outcome = engine.execute(command, now);
    return outcome;
}

class ThreadsContract : public testing::TestWithParam<StoreSort> {
protected:
    [[nodiscard]] std::unique_ptr<Store> open(const std::string& name = "desk") const {
        return GetParam().open(scratch_.file(name));
    }
    /// What a customer's ledger was, some time in between, is how the ledger of today begins.
    static void expect_kept(const Engine& engine, CustomerId customer, const std::vector<Entry>& seen) {
        const std::vector<Entry> now = engine.entries(customer).value();
        ASSERT_LE(seen.size(), now.size());
        EXPECT_TRUE(std::equal(seen.begin(), seen.end(), now.begin()));
    }

private:
    Scratch scratch_;
};

/// One thread's engine over the shared place: random commands about everybody's customers and one of its own, singly and
/// in batches, by a clock that is off the others', and a look at the ledger now and then.
class Writer {
public:
    Writer(std::unique_ptr<Store> store, std::uint64_t index, unsigned seed, Told& told)
        : engine_{std::move(store), by_desk},
          told_{told},
          history_{seed * 100 + static_cast<unsigned>(index), {acme, other_customer, own_of(index)}},
          ahead_{static_cast<int>(index) * 7min} {}

    [[nodiscard]] static CustomerId own_of(std::uint64_t index) {
        return CustomerId::from_integer(1 + index);
    }
    void run(int rounds) {
        for (int round = 0; round < rounds; ++round) {
            if (round % 8 == 0) batch(5);
            else one();
            if (round % 16 == 0) seen = engine_.entries(acme).value();
        }
    }

    std::vector<Entry> seen;  ///< of acme's ledger, last

private:
    void one() {
        const Command command = history_.next();
        const Instant now = history_.now() + ahead_;
        told_.note(command, now,
                   std::visit([&](const auto& each) { return ask(engine_, each, now); }, command));
    }
    void batch(std::size_t size) {
        std::vector<Command> commands;
        while (commands.size() < size) commands.push_back(history_.next());
        const Instant now = history_.now() + ahead_;
        std::vector<Outcome> outcomes(size);
        Result<void> done;
        do done = engine_.apply(commands, now, outcomes);
        while (is_to_be_asked_again(done));
        EXPECT_TRUE(done) << fmt::format("{}", done.error());
        for (std::size_t i = 0; i < size; ++i) told_.note(commands[i], now, outcomes[i]);
    }

    Engine engine_;
    Told& told_;
    RandomHistory history_;
    std::chrono::minutes ahead_;
};

TEST_P(ThreadsContract, engines_over_one_place_answer_as_one_that_is_asked_in_the_ledgers_order) {
    for (unsigned seed = 1; seed <= 2; ++seed) {
        SCOPED_TRACE(seed);
        const std::string place = fmt::format("desk_{}", seed);
        const auto store = open(place);
        if (!store->capabilities().shared) GTEST_SKIP() << "of stores that others share";
        Engine engine{*store, by_desk};
        set_catalog(engine);
        Told told{policy::desk};
        std::vector<std::vector<Entry>> seen(writers);
        on_threads(writers, [&](std::uint64_t index) {
            Writer writer{open(place), index, seed, told};
            writer.run(120);
            seen[index] = std::move(writer.seen);
        });
        EXPECT_TRUE(engine.audit()->ok());
        told.expect_as_in_memory(*store);
        for (const auto& entries : seen) expect_kept(engine, acme, entries);
        EXPECT_GT(told.of(acme), 40U);
        for (std::uint64_t index = 0; index < writers; ++index) EXPECT_GT(told.of(Writer::own_of(index)), 4U);
    }
}

/// What a desk does with one case, each under a request id of its own.
std::vector<Command> life_of(std::uint64_t key) {
    const CaseId id = CaseId::from_integer(key);
    const auto request = [&](std::uint64_t step) { return RequestId::from_integer(10 * key + step); };
    std::vector<Command> commands{
        OpenCase{.customer = acme, .id = id, .origin = Channel::phone, .request = request(1)},
        CancelCase{.customer = acme, .id = id, .request = request(2)},
        ReactivateCase{.customer = acme, .id = id, .origin = Channel::phone, .request = request(3)}};
    if (key % 2 == 0) {
        commands.emplace_back(ResolveCase{.customer = acme, .id = id, .request = request(4)});
        commands.emplace_back(
            ReactivateCase{.customer = acme, .id = id, .origin = Channel::phone, .request = request(5)});
        commands.emplace_back(CancelCase{.customer = acme, .id = id, .request = request(6)});
    }
    return commands;
}

TEST_P(ThreadsContract, the_same_requests_on_every_thread_happen_once) {
    constexpr std::uint64_t count = 24;
    const auto store = open();
    if (!store->capabilities().shared) GTEST_SKIP() << "of stores that others share";
    Engine engine{*store};
    grant(engine, 100);
    std::vector<std::vector<Outcome>> outcomes(writers);
    on_threads(writers, [&](std::uint64_t index) {
        Engine mine{open()};
        for (std::uint64_t key = 1; key <= count; ++key) {
            for (const Command& command : life_of(key)) {
                std::visit([&](const auto& one) { outcomes[index].push_back(ask(mine, one, july)); },
                           command);
            }
        }
    });
    std::int64_t moved = 0;
    for (std::size_t i = 0; i < outcomes[0].size(); ++i) {
        std::size_t recorded = 0;
        for (const std::vector<Outcome>& told : outcomes) {
            ASSERT_THAT(told[i], ok());
            Receipt receipt = *told[i];
            recorded += receipt.repeated ? 0U : 1U;
            receipt.repeated = outcomes[0][i]->repeated;
            EXPECT_EQ(receipt, *outcomes[0][i]);
        }
        EXPECT_EQ(recorded, 1U);
        moved += outcomes[0][i]->moved.value;
    }
    EXPECT_EQ(moved, -static_cast<std::int64_t>(count / 2)) << "the others were canceled in the end";
    EXPECT_EQ(engine.entitlement(acme, gold)->remaining, 100 + moved);
    const std::vector<Entry> entries = engine.entries(acme).value();
    std::int64_t posted = 0;
    for (const Entry& entry : entries) posted += entry.total_moved;
    EXPECT_EQ(posted, moved);
    EXPECT_EQ(entries.back().number, 2 + outcomes[0].size());
    EXPECT_TRUE(engine.audit()->ok());
}

/// An engine whose customers are no other engine's.
struct Shard {
    std::vector<CustomerId> customers{};
    std::unique_ptr<Store> store{};
    std::vector<Outcome> told{};

    /// A history of its own; every shard is told what all customers share.
    [[nodiscard]] static std::vector<Outcome> run(Store& store, std::vector<CustomerId> customers,
                                                  unsigned seed) {
        Engine engine{store, by_desk};
        set_catalog(engine);
        RandomHistory history{seed, std::move(customers)};
        std::vector<Outcome> told;
        for (int step = 0; step < 250; ++step) {
            const Command command = history.next();
            told.push_back(run_any(engine, command, history.now()));
        }
        return told;
    }
};

TEST_P(ThreadsContract, shards_on_threads_answer_as_each_does_alone) {
    std::vector<Shard> shards(writers);
    for (std::uint64_t key = 1; key <= 3 * writers; ++key) {
        const CustomerId customer = CustomerId::from_integer(key);
        shards[shard_of(customer, shards.size())].customers.push_back(customer);
    }
    for (std::size_t i = 0; i < shards.size(); ++i) shards[i].store = open(fmt::format("shard_{}", i));
    const auto seed_of = [](std::uint64_t index) { return 40 + static_cast<unsigned>(index); };
    on_threads(writers, [&](std::uint64_t index) {
        Shard& mine = shards[index];
        mine.told = Shard::run(*mine.store, mine.customers, seed_of(index));
    });
    for (std::size_t i = 0; i < shards.size(); ++i) {
        SCOPED_TRACE(i);
        const Shard& shard = shards[i];
        ASSERT_FALSE(shard.customers.empty());
        MemoryStore alone;
        EXPECT_EQ(shard.told, Shard::run(alone, shard.customers, seed_of(i)));
        for (const CustomerId customer : shard.customers)
            EXPECT_TRUE(of_customer(*shard.store, customer) == of_customer(alone, customer));
        EXPECT_TRUE(Engine{*shard.store}.audit()->ok());
    }
}

/// Everything that may be asked of an engine on several threads at once.
[[nodiscard]] auto look(const Engine& engine) {
    const OpenCase next{.customer = acme, .id = "next"_case, .origin = Channel::phone};
    const EntitlementId first = engine.entitlements(acme)->front().id;
    const CaseId served = engine.cases(acme)->front().id;
    const auto allowed = engine.check(next, july);
    return std::tuple{allowed ? allowed->remaining : Quantity{},
                      engine.explain(next, july)->candidates.size(),
                      engine.entitlement_at(acme, first, year_after),
                      engine.support_case(acme, served),
                      engine.entries(acme),
                      engine.statement(acme, first)->entries,
                      engine.usage(acme, begin_2014, end_2014)->size(),
                      engine.balances_by_period(acme, first, end_2014),
                      engine.renewable(july),
                      engine.expiring(begin_2014, end_2014),
                      engine.changes_between(begin_2014, end_2014),
                      engine.promises(acme, served, july),
                      engine.due(end_2014),
                      engine.forecast(acme, first, 30, july + 5h),
                      engine.templates(),
                      engine.rules(),
                      engine.seals(),
                      engine.audit()->ok()};
}

TEST_P(ThreadsContract, queries_of_one_engine_overlap) {
    const auto store = open();
    Engine engine{*store, by_desk};
    set_catalog(engine);
    RandomHistory history{3};
    for (int step = 0; step < 200; ++step) {
        const Command command = history.next();
        (void)run_any(engine, command, history.now());
    }
    const auto before = look(engine);
    std::array<bool, writers> same{};
    on_threads(writers, [&](std::uint64_t index) {
        same[index] = true;
        for (int round = 0; round < 5; ++round) same[index] = look(engine) == before && same[index];
    });
    EXPECT_THAT(same, testing::Each(true));
}

INSTANTIATE_TEST_SUITE_P(, ThreadsContract, testing::ValuesIn(stores()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

}  // namespace
}  // namespace store_contract
