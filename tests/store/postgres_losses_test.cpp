#include <algorithm>
#include <atomic>
#include <csignal>
#include <map>
#include <random>

#include "cutting_proxy.hpp"
#include "postgres_desk.hpp"
#include "property/history.hpp"

// A PostgreSQL server that refuses, goes away, or cannot be heard.

namespace store_contract {
namespace {

// A server that ends sessions, or itself.

/// What writers were told, to be held against what is there.
class PostgresLosses : public Postgres {
protected:
    static constexpr int writers = 4;
    static constexpr std::int64_t terms = 1'000'000;

    /// Each command is asked for under its request id until it is known to be done, for as long as `disturb` takes
    /// and some more.
    template <class Disturb>
    void write_through(const std::string& text, Disturb disturb) {
        std::thread writing{[&] {
            at_once(
                writers, [&] { return PostgresStore::connect(text); },
                [&](std::uint64_t writer, Engine& mine) {
                    for (std::uint64_t i = 1; !disturbed || i < 50; ++i) ask(mine, writer * 1'000'000 + i);
                });
        }};
        disturb();  // a server ends with the thread that began it
        disturbed = true;
        writing.join();
    }
    void ask(Engine& mine, std::uint64_t id) {
        for (int attempt = 0; attempt < 20; ++attempt) {
            const Outcome outcome = open_case(mine, id);
            if (outcome) {
                ++done;
                return;
            }
            const ErrorCode code = outcome.error().code;
            wrong += code == ErrorCode::outcome_unknown || code == ErrorCode::store_unavailable ||
                             code == ErrorCode::store_failed
                         ? 0
                         : 1;
        }
        ++wrong;
    }
    void expect_each_once(const std::string& text) const {
        Engine engine{PostgresStore::connect(text).value()};
        EXPECT_EQ(wrong, 0);
        EXPECT_EQ(engine.cases(acme)->size(), done);
        EXPECT_EQ(engine.entries(acme)->size(), done + 2);
        EXPECT_EQ(engine.entitlement(acme, gold)->remaining, terms - static_cast<std::int64_t>(done));
        EXPECT_TRUE(engine.audit()->ok());
    }

    std::atomic<bool> disturbed = false;
    std::atomic<std::uint64_t> done = 0;
    std::atomic<int> wrong = 0;
};

TEST_F(PostgresLosses, sessions_are_ended_and_every_command_is_there_once) {
    {
        Engine engine{open().value()};
        grant(engine, terms);
    }
    write_through(conninfo, [] {
        const PostgresConnection control{PostgresServer::shared().conninfo()};
        for (std::uint64_t i = 0; i < entitle_property::scaled(50); ++i) {
            control.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'entitle'"
                " ORDER BY random() LIMIT 1");
            std::this_thread::sleep_for(20ms);
        }
    });
    expect_each_once(conninfo);
}

/// A server of the test's own, which it may break.
class PostgresCrashes : public PostgresLosses {
protected:
    PostgresCrashes() {
        Engine engine{PostgresStore::connect(there).value()};
        grant(engine, terms);
    }
    [[nodiscard]] static std::uint64_t rounds() {
        return std::max<std::uint64_t>(2, entitle_property::scaled(6));
    }

    PostgresServer server;
    std::string there = server.conninfo("desk");
};

TEST_F(PostgresCrashes, the_server_is_shut_down_at_once_and_every_command_is_there_once) {
    write_through(there, [this] {
        for (std::uint64_t round = 0; round < rounds(); ++round) {
            std::this_thread::sleep_for(150ms);
            server.stop(SIGQUIT);
            server.start();
        }
    });
    expect_each_once(there);
}

TEST_F(PostgresCrashes, a_backend_is_killed_and_every_command_is_there_once) {
    write_through(there, [this] {
        for (std::uint64_t round = 0; round < rounds(); ++round) {
            std::this_thread::sleep_for(150ms);
            server.kill_one();
            server.wait_until_ready();
        }
    });
    expect_each_once(there);
}

// Connections that are cut.

/// The tests' server behind a proxy.
class PostgresCuts : public Postgres {
protected:
    PostgresCuts() {
        Engine direct{open().value()};
        grant(direct, 100'000);
    }
    [[nodiscard]] Opened through(const PostgresOptions& options = {}) const {
        return PostgresStore::connect(conninfo + " host=" + proxy.folder(), options);
    }
    [[nodiscard]] static bool knows_the_customer(const Engine& engine) {
        return engine.check({.customer = acme, .origin = Channel::phone}, july).has_value();
    }

    CuttingProxy proxy{PostgresServer::shared().folder()};
};

/// Half of the commands are of a customer who is known, and are one statement; the others are a transaction.
TEST_F(PostgresCuts, a_connection_is_cut_anywhere_and_every_command_is_there_once) {
    const std::uint64_t wanted = entitle_property::scaled(1000);
    std::mt19937 random{7};
    Engine engine{through().value()};
    std::uint64_t count = 0;
    std::uint64_t done = 0;
    while (proxy.cuts() < wanted) {
        const std::uint64_t id = ++count;
        const bool is_known = id % 2 == 0 && knows_the_customer(engine);
        const bool is_answer = random() % 2 == 0;
        const std::uint64_t most = is_known ? (is_answer ? 250 : 3500) : (is_answer ? 700 : 4500);
        const std::int64_t bytes = 1 + static_cast<std::int64_t>(random() % most);
        proxy.cut_after(is_answer ? 0 : bytes, is_answer ? bytes : 0);
        Outcome outcome = open_case(engine, id);
        if (!outcome) {  // in the middle of a unit: nothing has happened
            EXPECT_THAT(outcome, refused(ErrorCode::store_unavailable));
            outcome = open_case(engine, id);
        }
        if (outcome) ++done;
    }
    proxy.cut_after(0, 0);
    EXPECT_EQ(done, count);
    Engine direct{open().value()};
    EXPECT_EQ(direct.cases(acme)->size(), count);
    EXPECT_EQ(direct.entries(acme)->size(), count + 2);
    EXPECT_EQ(direct.entitlement(acme, gold)->remaining, static_cast<std::int64_t>(100'000 - count));
    EXPECT_TRUE(direct.audit()->ok());
}

TEST_F(PostgresCuts, without_a_request_id_each_command_happens_once_too) {
    const auto count = static_cast<int>(entitle_property::scaled(300));
    std::mt19937 random{11};
    Engine engine{through().value()};
    std::int64_t taken = 0;
    std::uint64_t opened = 0;
    for (int i = 0; i < count; ++i) {
        const Instant now = july + std::chrono::microseconds{i};
        (void)knows_the_customer(engine);
        proxy.cut_after(0, 1 + static_cast<std::int64_t>(random() % 500));
        const Outcome outcome =
            i % 2 == 0 ? engine.adjust(
                             {.customer = acme, .id = gold, .quantity = cases(-1), .reason = "a letter"}, now)
                       : engine.open_case({.customer = acme,
                                           .id = CaseId::from_integer(static_cast<std::uint64_t>(i)),
                                           .origin = Channel::phone},
                                          now);
        proxy.cut_after(0, 0);
        if (!outcome) {
            EXPECT_THAT(outcome, refused(ErrorCode::store_unavailable));
            continue;
        }
        EXPECT_FALSE(outcome->repeated);
        EXPECT_EQ(outcome->remaining, Quantity(cases(100'000 - ++taken)));
        opened += i % 2 == 0 ? 0 : 1;
    }
    EXPECT_EQ(engine.entitlement(acme, gold)->remaining, 100'000 - taken);
    EXPECT_EQ(engine.cases(acme)->size(), opened);
    EXPECT_TRUE(engine.audit()->ok());
}

/// The row of a customer that a lost transaction makes cannot be seen, nor locked, before that has ended.
TEST_F(PostgresCuts, the_first_command_of_a_customer_happens_once_too) {
    const std::uint64_t count = entitle_property::scaled(200);
    std::mt19937 random{13};
    Engine engine{through().value()};
    for (std::uint64_t i = 1; i <= count; ++i) {
        Draft agreement = agreed(on_creation(5));
        agreement.customer = CustomerId::from_integer(1000 + i);
        agreement.id = gold;
        proxy.cut_after(0, 1 + static_cast<std::int64_t>(random() % 900));
        Outcome outcome = engine.draft(agreement, july);
        proxy.cut_after(0, 0);
        if (!outcome) {  // in the middle of a unit: nothing has happened
            ASSERT_THAT(outcome, refused(ErrorCode::store_unavailable));
            outcome = engine.draft(agreement, july);
        }
        ASSERT_THAT(outcome, ok()) << i;
        EXPECT_EQ(engine.entries(agreement.customer)->size(), 1U) << i;
    }
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresCuts, a_statement_that_arrives_after_its_outcome_was_settled_does_nothing) {
    Engine engine{through().value()};
    const OpenCase command{.customer = acme, .id = "late"_case, .origin = Channel::phone};
    ASSERT_TRUE(knows_the_customer(engine));
    proxy.hold_next();
    ASSERT_THAT(engine.open_case(command, july), ok()) << "on a new connection";
    ASSERT_THAT(engine.delete_case({.customer = acme, .id = command.id}, july), ok()) << "its key is free";
    proxy.deliver();
    EXPECT_TRUE(engine.cases(acme)->empty());
    EXPECT_EQ(engine.entries(acme)->size(), 4U);
    EXPECT_EQ(engine.entitlement(acme, gold)->remaining, 100'000);
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresCuts, a_server_that_is_full_or_begins_is_asked_again_for_as_long_as_patience_says) {
    for (const char* state : {"53300", "57P03"}) {
        proxy.refuse(3, state);
        EXPECT_TRUE(through()) << state;
        proxy.refuse(1'000'000, state);
        const Opened opened = through({.patience = 100ms});
        ASSERT_FALSE(opened) << state;
        EXPECT_EQ(opened.error().code, ErrorCode::store_unavailable) << state;
        proxy.refuse(0, "");
    }
    proxy.refuse(1, "28P01");
    EXPECT_FALSE(through()) << "nobody knows the password later";
}

TEST_F(PostgresCuts, a_full_server_is_waited_for_in_the_middle_of_work_too) {
    Engine engine{through().value()};
    ASSERT_TRUE(knows_the_customer(engine));
    proxy.cut_after(0, 1);
    proxy.refuse(5, "53300");
    const Outcome outcome = open_case(engine, 1);
    proxy.cut_after(0, 0);
    EXPECT_THAT(outcome, ok());
    EXPECT_EQ(engine.cases(acme)->size(), 1U);
}

// A server that fails statements.

class PostgresFaults : public Postgres {
protected:
    PostgresFaults() {
        Engine direct{open().value()};
        grant(direct, 100);
        (void)value("CREATE SEQUENCE faults");
        (void)value("CREATE TABLE fault (state text, times bigint)");
        (void)value(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE f fault; BEGIN"
            " SELECT * INTO f FROM fault; IF nextval('faults') <= f.times THEN"
            " RAISE EXCEPTION 'not now' USING ERRCODE = f.state; END IF; RETURN NEW; END $$");
        (void)value(
            "CREATE TRIGGER fail BEFORE INSERT ON entitle_entries FOR EACH ROW EXECUTE FUNCTION fail()");
    }
    /// The next so many entries fail.
    void fail_next(int times, const std::string& state) const {
        (void)value("SELECT setval('faults', 1, false)");
        (void)value("DELETE FROM fault");
        (void)value(fmt::format("INSERT INTO fault VALUES ('{}', {})", state, times));
    }
};

TEST_F(PostgresFaults, what_may_be_tried_again_is_and_happens_once) {
    Engine engine{open().value()};
    std::uint64_t id = 0;
    for (const char* state : {"40001", "40P01", "57P01"}) {
        for (const int times : {1, 2}) {
            ASSERT_THAT(open_case(engine, ++id), ok());
            fail_next(times, state);
            const Outcome outcome = open_case(engine, ++id);
            ASSERT_THAT(outcome, ok()) << state;
            EXPECT_EQ(outcome->number, id + 2) << state;
            EXPECT_FALSE(outcome->repeated) << state;
        }
    }
    EXPECT_EQ(engine.cases(acme)->size(), id);
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresFaults, what_does_not_end_is_given_up_and_leaves_nothing) {
    Engine engine{open({.patience = 300ms}).value()};
    const std::map<std::string, ErrorCode> says{
        {"40001", ErrorCode::store_busy},       {"40P01", ErrorCode::store_busy},
        {"57P01", ErrorCode::store_failed},     {"53300", ErrorCode::store_busy},
        {"53100", ErrorCode::store_full},       {"53200", ErrorCode::store_memory},
        {"54000", ErrorCode::store_limit},      {"57014", ErrorCode::store_busy},
        {"42501", ErrorCode::store_read_only},  {"42P01", ErrorCode::not_a_database},
        {"22021", ErrorCode::not_utf8},         {"23514", ErrorCode::database_corrupt},
        {"XX001", ErrorCode::database_corrupt}, {"P0001", ErrorCode::store_failed}};
    std::uint64_t id = 0;
    for (const auto& [state, code] : says) {
        ASSERT_THAT(open_case(engine, ++id), ok());
        fail_next(1'000'000, state);
        EXPECT_THAT(open_case(engine, 1000 + id), refused(code)) << state;
        fail_next(0, state);
    }
    EXPECT_EQ(engine.cases(acme)->size(), id);
    EXPECT_EQ(engine.entries(acme)->size(), id + 2);
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresFaults, inside_the_hosts_transaction_they_lose_it) {
    const PostgresConnection host{conninfo};
    const auto store = PostgresStore::attach(host.handle()).value();
    Engine engine{*store};
    for (const char* state : {"40001", "40P01"}) {
        fail_next(1, state);
        host.run("BEGIN");
        EXPECT_THAT(open_case(engine, 1), refused(ErrorCode::transaction_lost)) << state;
        host.run("ROLLBACK");
    }
    EXPECT_THAT(open_case(engine, 1), ok());
    EXPECT_TRUE(engine.audit()->ok());
}

}  // namespace
}  // namespace store_contract
