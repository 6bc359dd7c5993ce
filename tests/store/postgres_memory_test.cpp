#include <algorithm>
#include <new>

#include "fault_stride.hpp"
#include "postgres_desk.hpp"
#include "watched_memory.hpp"
#include "whole_day.hpp"

// Out of memory over a PostgreSQL server, at every allocation in turn: what is not reported done has not happened, and
// nothing stays locked.

namespace store_contract {
namespace {

class PostgresMemory : public Postgres {
protected:
    PostgresMemory() { grant(another, 100'000); }
    /// Whether it was reported done; no request id tells one from another. A host's transaction may be lost.
    [[nodiscard]] static bool open_next(Engine& engine, std::uint64_t id) {
        try {
            const Outcome outcome = engine.open_case(
                {.customer = acme, .id = CaseId::from_integer(id), .origin = Channel::phone}, july);
            EXPECT_TRUE(outcome || why(outcome) == ErrorCode::transaction_lost) << name_of(why(outcome));
            return outcome.has_value();
        } catch (const std::bad_alloc&) {
            return false;
        }
    }
    /// With each allocation of an opening failing in turn, until none is left to fail.
    template <class Prepare>
    void fail_each(Engine& engine, Prepare prepare) {
        std::uint64_t failures = 0;
        std::uint64_t id = 0;
        for (std::uint64_t allocation = 0;; allocation += fault_stride(2)) {
            prepare();
            in_cpp.fail_at(allocation);
            const bool done = open_next(engine, ++id);
            in_cpp.behave();
            failures += done ? 0 : 1;
            ASSERT_EQ(another.support_case(acme, CaseId::from_integer(id)).has_value(), done) << allocation;
            ASSERT_TRUE(open_next(engine, ++id)) << "nothing is locked, nothing left over: " << allocation;
            if (!in_cpp.failed) break;
        }
        EXPECT_GT(failures, 0U);
        EXPECT_TRUE(engine.audit()->ok());
    }

    Engine another{open().value()};
};

TEST_F(PostgresMemory, each_allocation_of_a_guarded_statement) {
    Engine engine{open().value()};
    fail_each(engine, [&] { ASSERT_TRUE(engine.check({.customer = acme, .origin = Channel::phone}, july)); });
}

TEST_F(PostgresMemory, each_allocation_of_a_transaction) {
    Engine engine{open({.one_statement = false}).value()};
    fail_each(engine, [] {});
}

TEST_F(PostgresMemory, each_allocation_inside_the_hosts_transaction) {
    const PostgresConnection host{conninfo};
    Engine engine{PostgresStore::attach(host.handle()).value()};
    for (std::uint64_t allocation = 0;; allocation += fault_stride(2)) {
        host.run("BEGIN");
        in_cpp.fail_at(allocation);
        const bool done = open_next(engine, 1);
        in_cpp.behave();
        ASSERT_EQ(PQpipelineStatus(host.handle()), PQ_PIPELINE_OFF) << allocation;
        ASSERT_NE(PQtransactionStatus(host.handle()), PQTRANS_IDLE)
            << "it is the host's to end: " << allocation;
        ASSERT_TRUE(done || PQtransactionStatus(host.handle()) == PQTRANS_INERROR ||
                    host.value("SELECT count(*) FROM entitle_cases") == "0")
            << allocation;
        host.run("ROLLBACK");
        if (!in_cpp.failed) break;
    }
    EXPECT_TRUE(open_next(engine, 1));
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresMemory, allocations_of_a_whole_day) {
    const std::uint64_t moments = std::max<std::uint64_t>(entitle_property::scaled(30), 8);
    int troubles = 0;
    std::uint64_t day = 0;
    const auto lives = [&](std::uint64_t allocation) {
        const std::string text = conninfo_of(scratch.file(fmt::format("day{}", ++day)));
        Engine engine{PostgresStore::connect(text).value()};
        int trouble = 0;
        std::ignore = whole_day();  // is made once
        in_cpp.fail_at(allocation);
        const std::string wrong = live_through(engine, trouble);
        in_cpp.behave();
        troubles += trouble;
        EXPECT_EQ(wrong, "") << allocation;
        EXPECT_TRUE(engine.audit()->ok()) << allocation;
        return in_cpp.failed;
    };
    std::uint64_t all = 1;
    while (lives(all)) all *= 2;
    for (std::uint64_t i = 0; i < moments; ++i) std::ignore = lives(i * all / moments);
    EXPECT_GT(troubles, 0);
}

}  // namespace
}  // namespace store_contract
