#include <array>
#include <csignal>
#include <map>
#include <random>
#include <set>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "children.hpp"
#include "property/history.hpp"
#include "sqlite_file.hpp"

// Several processes on one file, and processes that are killed.

namespace store_contract {
namespace {

using Processes = SqliteFile;

TEST_F(Processes, eight_writers_spend_exactly_what_there_is) {
    constexpr int writers = 8;
    constexpr std::int64_t terms = 1000;
    {
        Engine engine{open().value()};
        grant(engine, terms);
    }
    Pipe counts;
    std::vector<pid_t> children;
    for (std::uint64_t writer = 0; writer < writers; ++writer) {
        children.push_back(in_child([&] {
            Engine engine{open({.synchronous = Synchronous::normal, .busy_timeout = 60s}).value()};
            std::int64_t spent = 0;
            int busy = 0;
            for (std::uint64_t id = 1;; ++id) {
                const Outcome outcome = open_case(engine, writer * 1'000'000 + id);
                if (outcome) ++spent;
                else if (outcome.error().code == ErrorCode::not_entitled) break;
                else if (outcome.error().code != ErrorCode::store_busy || ++busy > 100) return 1;
            }
            counts.write(spent);
            return 0;
        }));
    }
    for (const pid_t child : children) EXPECT_EQ(ended(child), 0);
    counts.close_writing();
    std::int64_t all = 0;
    for (std::int64_t spent = 0; counts.read(spent);) all += spent;
    EXPECT_EQ(all, terms);
    Engine engine{open().value()};
    EXPECT_EQ(engine.entitlement(acme, gold)->remaining, 0);
    EXPECT_EQ(engine.cases(acme)->size(), static_cast<std::size_t>(terms));
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(Processes, two_writers_hold_exactly_what_there_is) {
    constexpr int terms = 200;
    const EntitlementId silver = "silver"_entitlement;
    {
        Engine engine{open().value(), {.policy = policy::desk}};
        Draft draft = agreed(on_resolution(terms));
        draft.id = silver;
        ASSERT_THAT(engine.draft(draft, july), ok());
        ASSERT_THAT(engine.activate({.customer = acme, .id = silver}, july), ok());
    }
    std::vector<pid_t> children;
    for (std::uint64_t writer = 0; writer < 2; ++writer) {
        children.push_back(in_child([&] {
            Engine engine{open({.synchronous = Synchronous::normal, .busy_timeout = 60s}).value(),
                          {.policy = policy::desk}};
            for (std::uint64_t id = 1;; ++id) {
                const Outcome outcome = open_case(engine, writer * 1'000'000 + id);
                if (outcome) continue;
                return outcome.error().code == ErrorCode::not_entitled ? 0 : 1;
            }
        }));
    }
    for (const pid_t child : children) EXPECT_EQ(ended(child), 0);
    Engine engine{open().value(), {.policy = policy::desk}};
    EXPECT_EQ(engine.cases(acme)->size(), static_cast<std::size_t>(terms));
    EXPECT_EQ(engine.entitlement(acme, silver)->held, terms);
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(Processes, what_another_process_commits_is_seen_at_once) {
    make(0);
    Engine engine{open().value()};
    const auto left = [&] {
        return engine.check({.customer = acme, .origin = Channel::phone}, july)->remaining;
    };
    for (std::uint64_t id = 1; id <= 5; ++id) {
        EXPECT_EQ(left(), Quantity(cases(1001 - static_cast<std::int64_t>(id))));
        EXPECT_EQ(ended(in_child([&] {
                      Engine another{open().value()};
                      return open_case(another, id) ? 0 : 1;
                  })),
                  0);
    }
    EXPECT_EQ(left(), Quantity(cases(995)));
}

/// A batch that a child has committed: its commands carry its number as their actor.
struct Report {
    std::uint64_t batch = 0;
    std::uint64_t size = 0;
};

/// Random batches of commands on the cases of three customers, until killed.
class Worker {
public:
    Worker(Engine& engine, const Pipe& pipe, unsigned seed) : engine_{engine}, pipe_{pipe}, random_{seed} {}

    [[nodiscard]] int run(std::uint64_t first_batch) {
        for (std::uint64_t batch = first_batch;; ++batch) {
            std::vector<Command> commands;
            const std::uint64_t wanted = random_() % 4 == 0 ? 1 + random_() % 30 : 1;
            while (commands.size() < wanted)
                commands.push_back(next(ActorId::from_integer(batch * 64 + wanted)));
            std::vector<Outcome> outcomes(commands.size());
            const auto applied = engine_.apply(std::span<const Command>{commands}, july, std::span{outcomes});
            if (!applied) return 1;
            for (const Outcome& outcome : outcomes) {
                if (!outcome) return 2;
            }
            pipe_.write(Report{batch, wanted});
        }
    }

private:
    /// Each records one entry at least, and none is refused.
    [[nodiscard]] Command next(ActorId actor) {
        const CustomerId customer = CustomerId::from_integer(1 + random_() % 3);
        if (known_.empty() || random_() % 3 == 0) {
            known_.push_back({customer, CaseId{Uuid{actor.bits().lo, ++cases_}}, false});
            return OpenCase{.customer = customer,
                            .id = known_.back().id,
                            .origin = Channel::phone,
                            .request = RequestId{known_.back().id.bits()},
                            .actor = actor};
        }
        Known& known = known_[random_() % known_.size()];
        known.resolved = !known.resolved;
        if (known.resolved) return ResolveCase{.customer = known.customer, .id = known.id, .actor = actor};
        return ReactivateCase{.customer = known.customer, .id = known.id, .actor = actor};
    }

    struct Known {
        CustomerId customer;
        CaseId id;
        bool resolved;
    };

    Engine& engine_;
    const Pipe& pipe_;
    std::mt19937 random_;
    std::vector<Known> known_;
    std::uint64_t cases_ = 0;
};

class Crash : public Processes {
protected:
    Crash() {
        Engine engine{open().value()};
        for (std::uint64_t customer = 1; customer <= 3; ++customer) {
            Draft agreement = agreed(unrestricted(100), {{Channel::phone, cases(50)}});
            agreement.customer = CustomerId::from_integer(customer);
            agreement.id = gold;
            EXPECT_THAT(engine.draft(agreement, july), ok());
            EXPECT_THAT(engine.activate({.customer = agreement.customer, .id = gold}, july), ok());
        }
    }

    /// Lets a child work until some of its batches are reported, and a little longer, and kills it.
    void work_and_die(unsigned seed) {
        Pipe pipe;
        const std::uint64_t first = last_batch_ + 1;
        const pid_t child = in_child([&] {
            Engine engine{open().value()};
            return Worker{engine, pipe, seed}.run(first);
        });
        pipe.close_writing();
        std::mt19937 random{seed};
        Report report;
        for (auto wanted = random() % 25; wanted > 0 && pipe.read(report); --wanted) note(report);
        usleep(static_cast<useconds_t>(random() % 3000));
        kill(child, SIGKILL);
        const int status = ended(child);
        EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << WEXITSTATUS(status);
        while (pipe.read(report)) note(report);
    }
    void note(const Report& report) {
        reported_.insert(report.batch);
        last_batch_ = std::max(last_batch_, report.batch);
    }

    /// Every reported batch is there, every batch that is there is whole, and all adds up.
    void check_what_is_there() {
        Engine engine{open().value()};
        EXPECT_TRUE(engine.audit()->ok());
        std::map<std::uint64_t, std::uint64_t> commands;
        std::map<std::uint64_t, std::uint64_t> sizes;
        for (std::uint64_t customer = 1; customer <= 3; ++customer) {
            const std::vector<Entry> entries = engine.entries(CustomerId::from_integer(customer)).value();
            for (const Entry& entry : entries) {
                if (!entry.actor || entry.ordinal != 0) continue;
                const std::uint64_t word = entry.actor.bits().lo;
                ++commands[word / 64];
                sizes[word / 64] = word % 64;
            }
        }
        for (const std::uint64_t batch : reported_) EXPECT_TRUE(commands.contains(batch)) << "lost " << batch;
        for (const auto& [batch, count] : commands) EXPECT_EQ(count, sizes[batch]) << "half of " << batch;
        if (!commands.empty()) last_batch_ = std::max(last_batch_, commands.rbegin()->first);
        EXPECT_EQ(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
        EXPECT_EQ(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    }

    std::set<std::uint64_t> reported_;
    std::uint64_t last_batch_ = 0;
};

TEST_F(Crash, a_killed_process_loses_nothing_that_it_reported_and_leaves_nothing_half) {
    const auto rounds = static_cast<unsigned>(std::max<std::uint64_t>(entitle_property::scaled(40), 5));
    for (unsigned round = 1; round <= rounds; ++round) {
        work_and_die(round);
        check_what_is_there();
        if (HasFailure()) FAIL() << "round " << round;
    }
    EXPECT_GT(reported_.size(), rounds);
}

}  // namespace
}  // namespace store_contract
