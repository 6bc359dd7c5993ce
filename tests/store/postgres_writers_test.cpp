#include <atomic>

#include "children.hpp"
#include "postgres_desk.hpp"
#include "property/history.hpp"
#include "told.hpp"

// Many writers over one PostgreSQL database, each a process or a thread with a store of its own.

namespace store_contract {
namespace {

class PostgresWriters : public Postgres {
protected:
    static constexpr std::uint64_t writers = 8;

    /// Runs `work(writer, engine)` in so many processes, and returns the sum of what they return.
    template <class Work>
    [[nodiscard]] std::uint64_t in_processes(Work work) const {
        Pipe counts;
        std::vector<pid_t> children;
        for (std::uint64_t writer = 0; writer < writers; ++writer) {
            children.push_back(in_child([&] {
                Engine engine{open().value()};
                counts.write(work(writer, engine));
                return 0;
            }));
        }
        for (const pid_t child : children) EXPECT_EQ(ended(child), 0);
        counts.close_writing();
        std::uint64_t sum = 0;
        for (std::uint64_t count = 0; counts.read(count);) sum += count;
        return sum;
    }
    static void grant_on_resolution(Engine& engine, CustomerId customer) {
        Draft agreement =
            agreed({.total = cases(1000), .decrease_on = DecreaseOn::resolution, .restricted = true});
        agreement.customer = customer;
        agreement.id = gold;
        ASSERT_THAT(engine.draft(agreement, july), ok());
        ASSERT_THAT(engine.activate({.customer = customer, .id = gold}, july), ok());
    }
};

constexpr std::uint64_t lost = 1'000'000;  // a count that no sum survives

TEST_F(PostgresWriters, eight_processes_spend_exactly_what_there_is) {
    constexpr std::int64_t terms = 1000;
    {
        Engine engine{open().value()};
        grant(engine, terms);
    }
    const std::uint64_t spent = in_processes([](std::uint64_t writer, Engine& mine) -> std::uint64_t {
        for (std::uint64_t id = 1;; ++id) {
            const Outcome outcome = open_case(mine, writer * 1'000'000 + id);
            if (outcome) continue;
            return outcome.error().code == ErrorCode::not_entitled ? id - 1
                                                                   : lost;  // no deadlock, nothing else
        }
    });
    EXPECT_EQ(spent, static_cast<std::uint64_t>(terms));
    Engine engine{open().value()};
    EXPECT_EQ(engine.entitlement(acme, gold)->remaining, 0);
    EXPECT_EQ(engine.cases(acme)->size(), static_cast<std::size_t>(terms));
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresWriters, eight_processes_hold_exactly_what_there_is_and_resolve_all_of_it) {
    {
        Engine engine{open().value(), {.policy = policy::desk}};
        grant_on_resolution(engine, acme);
    }
    const std::uint64_t held = in_processes([&](std::uint64_t writer, Engine& /*plain*/) -> std::uint64_t {
        Engine mine{open().value(), {.policy = policy::desk}};
        std::uint64_t count = 0;
        for (;; ++count) {
            const Outcome outcome = open_case(mine, writer * 1'000'000 + count + 1);
            if (!outcome && outcome.error().code != ErrorCode::not_entitled) return lost;
            if (!outcome) break;
        }
        for (std::uint64_t id = 1; id <= count; id += 2) {
            const CaseId opened = CaseId::from_integer(writer * 1'000'000 + id);
            if (!mine.resolve_case({.customer = acme, .id = opened}, july)) return lost;
        }
        return count;
    });
    EXPECT_EQ(held, 1000U);
    Engine engine{open().value(), {.policy = policy::desk}};
    const Entitlement after = engine.entitlement(acme, gold).value();
    EXPECT_EQ(after.remaining, after.held) << "what is left, all of it is held";
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresWriters, eight_processes_that_resolve_the_same_cases_post_each_once) {
    constexpr std::uint64_t count = 450;
    const auto id_of = [](std::uint64_t id) { return CaseId::from_integer(id); };
    {
        Engine engine{open().value()};
        grant_on_resolution(engine, acme);
        for (std::uint64_t id = 1; id <= count; ++id) ASSERT_THAT(open_case(engine, id), ok());
    }
    const std::uint64_t resolved = in_processes([&](std::uint64_t /*writer*/, Engine& mine) -> std::uint64_t {
        std::vector<ChangeOrigin> looks;  // so that each knows the cases, and decides by what it knows
        for (std::uint64_t id = 1; id <= count; ++id)
            looks.push_back({.customer = acme, .id = id_of(id), .origin = Channel::phone});
        std::vector<Outcome> outcomes(count);
        if (!mine.apply(std::span<const ChangeOrigin>{looks}, july, outcomes)) return lost;
        std::uint64_t mine_alone = 0;
        for (std::uint64_t id = 1; id <= count; ++id) {
            const Outcome outcome = mine.resolve_case({.customer = acme, .id = id_of(id)}, july);
            if (outcome) ++mine_alone;
            else if (outcome.error().code != ErrorCode::case_state) return lost;
        }
        return mine_alone;
    });
    EXPECT_EQ(resolved, count);
    Engine engine{open().value()};
    EXPECT_EQ(engine.entitlement(acme, gold)->remaining, static_cast<std::int64_t>(1000 - count));
    EXPECT_EQ(engine.entries(acme)->size(), 2 + 2 * count);
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresWriters, eight_processes_over_many_customers_lose_nothing) {
    constexpr std::uint64_t customers = 50;
    const std::uint64_t each = entitle_property::scaled(200);
    {
        Engine engine{open().value()};
        for (std::uint64_t c = 1; c <= customers; ++c)
            grant_on_resolution(engine, CustomerId::from_integer(c));
    }
    const std::uint64_t done = in_processes([&](std::uint64_t writer, Engine& mine) -> std::uint64_t {
        std::uint64_t count = 0;
        for (std::uint64_t i = 0; i < each; ++i) {
            const CustomerId customer = CustomerId::from_integer(1 + (i * 7 + writer * 13) % customers);
            const CaseId id = CaseId::from_integer(1 + writer * 1'000'000 + i);
            if (!mine.open_case({.customer = customer, .id = id}, july)) return lost;
            if (!mine.resolve_case({.customer = customer, .id = id}, july)) return lost;
            count += 2;
        }
        return count;
    });
    EXPECT_EQ(done, writers * each * 2);
    Engine engine{open().value()};
    EXPECT_EQ(engine.cases()->size(), writers * each);
    EXPECT_EQ(value("SELECT count(*) FROM entitle_entries"), std::to_string(2 * customers + done));
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresWriters, batches_over_many_customers_in_any_order_leave_no_deadlock_to_the_caller) {
    constexpr std::uint64_t customers = 20;
    std::atomic<int> failed = 0;
    at_once(
        8, [&] { return open(); },
        [&](std::uint64_t writer, Engine& mine) {
            for (std::uint64_t round = 0; round < 10; ++round) {
                std::vector<Command> commands;
                for (std::uint64_t i = 0; i < customers; ++i) {
                    Draft draft = agreed(on_creation(5));
                    draft.customer = CustomerId::from_integer(1 + (i * (writer + 1) + round) % customers);
                    draft.id = EntitlementId::from_integer(1 + writer * 10'000 + round * 100 + i);
                    commands.emplace_back(draft);
                }
                std::vector<Outcome> outcomes(commands.size());
                if (!mine.apply(commands, july, outcomes)) ++failed;
                for (const Outcome& outcome : outcomes) failed += outcome ? 0 : 1;
            }
        });
    EXPECT_EQ(failed, 0);
    Engine engine{open().value()};
    EXPECT_EQ(engine.entitlements()->size(), 8 * 10 * customers);
    EXPECT_TRUE(engine.audit()->ok());
}

class PostgresHistories : public Postgres {
protected:
    /// One command of a writer, whose clock is minutes off the others'.
    static void ask(Engine& engine, RandomHistory& history, std::chrono::minutes ahead, Told& told) {
        const Command command = history.next();
        const Instant now = history.now() + ahead;
        told.note(command, now, run_any(engine, command, now));
    }
    void expect_as_in_memory(const Told& told) const {
        EXPECT_GT(told.of(acme), 20U);
        const auto store = open().value();
        ASSERT_TRUE(Engine{*store}.audit()->ok());
        told.expect_as_in_memory(*store);
    }
};

TEST_F(PostgresHistories, two_stores_in_turns_answer_as_memory_does) {
    const auto seeds = static_cast<unsigned>(entitle_property::scaled(10));
    for (unsigned seed = 1; seed <= seeds; ++seed) {
        conninfo = conninfo_of(scratch.file(fmt::format("turns_{}", seed)));
        Engine first{open().value()};
        Engine second{open().value()};
        set_catalog(first);
        RandomHistory history{seed};
        Told told;
        std::mt19937 turns{seed};
        for (int step = 0; step < 400; ++step) {
            const bool is_first = turns() % 2 == 0;
            ask(is_first ? first : second, history, is_first ? 0min : -20min, told);
        }
        SCOPED_TRACE(seed);
        expect_as_in_memory(told);
        if (HasFatalFailure()) return;
    }
}

TEST_F(PostgresHistories, writers_at_once_whose_clocks_differ_answer_as_memory_does) {
    const auto seeds = static_cast<unsigned>(entitle_property::scaled(10));
    for (unsigned seed = 1; seed <= seeds; ++seed) {
        conninfo = conninfo_of(scratch.file(fmt::format("at_once_{}", seed)));
        Engine other{open().value()};
        set_catalog(other);
        Told told;
        at_once(
            4, [&] { return open(); },
            [&](std::uint64_t writer, Engine& mine) {
                RandomHistory history{seed * 100 + static_cast<unsigned>(writer)};
                for (int step = 0; step < 150; ++step) ask(mine, history, writer * 7min, told);
            });
        SCOPED_TRACE(seed);
        expect_as_in_memory(told);
        if (HasFatalFailure()) return;
    }
}

TEST_F(PostgresHistories, the_ledgers_order_is_the_commits_whatever_the_clocks_say) {
    Engine ahead{open().value()};
    Engine behind{open().value()};
    grant(ahead, 100);
    for (std::uint64_t id = 1; id <= 20; ++id) {
        const OpenCase command{.customer = acme, .id = CaseId::from_integer(id), .origin = Channel::phone};
        const Outcome outcome =
            id % 2 == 0 ? ahead.open_case(command, july + 10min) : behind.open_case(command, july);
        ASSERT_THAT(outcome, ok());
        EXPECT_EQ(outcome->number, id + 2);
        EXPECT_EQ(outcome->remaining, Quantity(cases(100 - static_cast<std::int64_t>(id))));
    }
    EXPECT_TRUE(ahead.audit()->ok());
}

}  // namespace
}  // namespace store_contract
