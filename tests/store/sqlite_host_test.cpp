#include <random>

#include "attached_store.hpp"
#include "names.hpp"
#include "scratch.hpp"

// A store inside the host's own connection and transaction: they commit together, and the host stays the host.

namespace store_contract {
namespace {

using namespace conformance;  // NOLINT(google-build-using-namespace)

/// A host with a table of its own, and an engine in its connection.
class Host : public testing::Test {
protected:
    Host() {
        host.run("CREATE TABLE tickets (ticket INTEGER PRIMARY KEY) STRICT");
        Draft agreement = agreed(on_creation(100), {{Channel::phone, cases(50)}});
        agreement.id = gold;
        EXPECT_THAT(engine.draft(agreement, july), ok());
        EXPECT_THAT(engine.activate({.customer = acme, .id = gold}, july), ok());
    }

    Outcome open(std::uint64_t id) {
        return engine.open_case({.customer = acme, .id = CaseId::from_integer(id), .origin = Channel::phone},
                                july);
    }
    void ticket(std::uint64_t id) { host.run(fmt::format("INSERT INTO tickets VALUES ({})", id)); }
    /// A ticket of the host's and the case that it is.
    bool both(std::uint64_t id) {
        ticket(id);
        return open(id).has_value();
    }
    [[nodiscard]] std::int64_t left() const { return engine.entitlement(acme, gold).value().remaining; }
    [[nodiscard]] std::vector<std::uint64_t> cases_kept() const {
        std::vector<std::uint64_t> ids;
        const std::vector<SupportCase> all = engine.cases(acme).value();
        for (const SupportCase& one : all) ids.push_back(one.id.bits().lo);
        std::sort(ids.begin(), ids.end());
        return ids;
    }
    [[nodiscard]] std::int64_t tickets() const { return host.number("SELECT count(*) FROM tickets"); }
    void expect_both_sides_agree(std::int64_t count) {
        EXPECT_EQ(tickets(), count);
        EXPECT_EQ(cases_kept().size(), static_cast<std::size_t>(count));
        EXPECT_EQ(left(), 100 - count);
        EXPECT_TRUE(engine.audit()->ok());
    }

    Scratch scratch;
    HostConnection host{scratch.file("host.db")};
    std::unique_ptr<SqliteStore> store = SqliteStore::attach(host.handle()).value();
    Engine engine{*store};
};

TEST_F(Host, a_commit_keeps_the_hosts_row_and_the_terms) {
    host.run("BEGIN");
    EXPECT_TRUE(both(1));
    host.run("COMMIT");
    expect_both_sides_agree(1);
}

TEST_F(Host, a_rollback_undoes_both_and_the_engine_knows) {
    host.run("BEGIN");
    EXPECT_TRUE(both(1));
    EXPECT_EQ(left(), 99);
    host.run("ROLLBACK");
    expect_both_sides_agree(0);
    EXPECT_EQ(engine.support_case(acme, CaseId::from_integer(1)).error().code, ErrorCode::unknown_case);
    EXPECT_EQ(open(1)->number, 3U) << "the number is free again";
}

TEST_F(Host, a_retry_after_a_rollback_is_judged_anew) {
    const OpenCase command{.customer = acme, .id = CaseId::from_integer(1), .request = "r1"_request};
    host.run("BEGIN");
    ASSERT_THAT(engine.open_case(command, july), ok());
    host.run("ROLLBACK");
    const Outcome again = engine.open_case(command, july);
    ASSERT_THAT(again, ok());
    EXPECT_FALSE(again->repeated);
}

TEST_F(Host, savepoints_nest_and_rollback_to_goes_behind_the_stores_back) {
    host.run("BEGIN");
    EXPECT_TRUE(both(1));
    host.run("SAVEPOINT one");
    EXPECT_TRUE(both(2));
    host.run("SAVEPOINT two");
    EXPECT_TRUE(both(3));
    host.run("ROLLBACK TO two");
    EXPECT_EQ(left(), 98);
    EXPECT_EQ(open(4)->number, 5U);
    ticket(4);
    host.run("ROLLBACK TO one");
    expect_both_sides_agree(1);
    EXPECT_TRUE(both(5));
    host.run("COMMIT");
    expect_both_sides_agree(2);
}

TEST_F(Host, a_savepoint_of_the_same_name_is_another) {
    host.run("SAVEPOINT entitle_unit");
    EXPECT_TRUE(both(1));
    host.run("ROLLBACK TO entitle_unit");
    host.run("RELEASE entitle_unit");
    expect_both_sides_agree(0);
}

TEST_F(Host, a_refused_command_leaves_the_hosts_transaction_as_it_was) {
    host.run("BEGIN");
    EXPECT_TRUE(both(1));
    ticket(2);
    EXPECT_THAT(
        engine.open_case({.customer = acme, .id = CaseId::from_integer(2), .origin = Channel::web}, july),
        refused(ErrorCode::not_entitled));
    host.run("COMMIT");
    EXPECT_EQ(tickets(), 2);
    EXPECT_EQ(left(), 99);
}

TEST_F(Host, a_command_that_fails_in_the_middle_leaves_both_sides_whole) {
    host.run(
        "CREATE TRIGGER no_entries BEFORE INSERT ON entitle_entries BEGIN SELECT RAISE(ABORT, 'no'); END");
    host.run("BEGIN");
    ticket(1);
    EXPECT_THAT(open(1), refused(ErrorCode::store_failed));
    EXPECT_NE(sqlite3_get_autocommit(host.handle()), 1) << "the host's transaction goes on";
    EXPECT_TRUE(cases_kept().empty());
    host.run("DROP TRIGGER no_entries");
    EXPECT_THAT(open(1), ok());
    host.run("COMMIT");
    expect_both_sides_agree(1);
}

TEST_F(Host, a_transaction_that_sqlite_ended_is_transaction_lost) {
    host.run(
        "CREATE TRIGGER no_entries BEFORE INSERT ON entitle_entries BEGIN SELECT RAISE(ROLLBACK, 'no'); END");
    host.run("BEGIN");
    ticket(1);
    const Outcome ended = open(1);
    EXPECT_THAT(ended, refused(ErrorCode::transaction_lost));
    EXPECT_EQ(ended.error().reason, ErrorCode::store_failed);
    host.run("DROP TRIGGER no_entries");
    expect_both_sides_agree(0);
    EXPECT_TRUE(both(1));
    expect_both_sides_agree(1);
}

TEST_F(Host, tables_that_the_host_rolled_back_are_made_again) {
    HostConnection other{scratch.file("other.db")};
    other.run("BEGIN");
    const auto attached = SqliteStore::attach(other.handle()).value();
    other.run("ROLLBACK");
    Engine fresh{*attached};
    EXPECT_TRUE(fresh.entitlements()->empty());
    Draft agreement = agreed(on_creation(5));
    agreement.id = gold;
    other.run("BEGIN");
    EXPECT_THAT(fresh.draft(agreement, july), ok());
    other.run("ROLLBACK");
    EXPECT_THAT(fresh.draft(agreement, july), ok());
    EXPECT_TRUE(fresh.audit()->ok());
}

int count_commit(void* count) { return ++*static_cast<int*>(count), 0; }
void count_rollback(void* count) { ++*static_cast<int*>(count); }
void count_update(void* count, int, const char*, const char*, sqlite3_int64) { ++*static_cast<int*>(count); }

TEST_F(Host, its_hooks_stay_its_own) {
    int commits = 0;
    int rollbacks = 0;
    int updates = 0;
    sqlite3_commit_hook(host.handle(), count_commit, &commits);
    sqlite3_rollback_hook(host.handle(), count_rollback, &rollbacks);
    sqlite3_update_hook(host.handle(), count_update, &updates);
    const auto second = SqliteStore::attach(host.handle()).value();
    Engine another{*second};
    EXPECT_THAT(another.open_case({.customer = acme, .id = CaseId::from_integer(1)}, july), ok());
    EXPECT_EQ(commits, 1);
    EXPECT_EQ(sqlite3_commit_hook(host.handle(), nullptr, nullptr), &commits);
    EXPECT_EQ(sqlite3_rollback_hook(host.handle(), nullptr, nullptr), &rollbacks);
    EXPECT_EQ(sqlite3_update_hook(host.handle(), nullptr, nullptr), &updates);
}

TEST_F(Host, its_pragmas_and_its_last_row_stay_its_own) {
    const std::vector<std::string> pragmas{"foreign_keys",       "synchronous",        "user_version",
                                           "application_id",     "busy_timeout",       "cache_size",
                                           "wal_autocheckpoint", "locking_mode",       "query_only",
                                           "temp_store",         "recursive_triggers", "auto_vacuum"};
    HostConnection other{scratch.file("other.db")};
    other.run("PRAGMA user_version = 7; PRAGMA application_id = 9; PRAGMA cache_size = 123");
    other.run("CREATE TABLE tickets (ticket INTEGER PRIMARY KEY) STRICT; INSERT INTO tickets VALUES (4711)");
    const auto values = [&] {
        std::vector<std::int64_t> all;
        for (const std::string& pragma : pragmas) all.push_back(other.number("PRAGMA " + pragma));
        return all;
    };
    const std::vector<std::int64_t> before = values();
    const auto attached = SqliteStore::attach(other.handle()).value();
    Engine fresh{*attached};
    Draft agreement = agreed(on_creation(5));
    agreement.id = gold;
    EXPECT_THAT(fresh.draft(agreement, july), ok());
    EXPECT_THAT(fresh.draft(agreement, july), refused(ErrorCode::duplicate_id));
    EXPECT_EQ(values(), before);
    EXPECT_EQ(sqlite3_last_insert_rowid(other.handle()), 4711);
}

TEST_F(Host, a_connection_with_foreign_keys_on_is_served_too) {
    host.run("PRAGMA foreign_keys = ON");
    EXPECT_TRUE(both(1));
    EXPECT_THAT(engine.delete_case({.customer = acme, .id = CaseId::from_integer(1)}, july), ok());
    EXPECT_THAT(engine.cancel({.customer = acme, .id = gold}, july), ok());
    EXPECT_THAT(engine.remove({.customer = acme, .id = gold}, year_after), ok());
    EXPECT_EQ(host.number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

TEST_F(Host, everything_that_is_made_is_named_entitle) {
    EXPECT_EQ(
        host.number("SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'entitle\\_%' ESCAPE '\\' AND"
                    " name NOT LIKE 'sqlite_autoindex_entitle\\_%' ESCAPE '\\' AND name <> 'tickets'"),
        0);
    EXPECT_GT(host.number("SELECT count(*) FROM sqlite_schema WHERE type = 'view'"), 2);
    EXPECT_EQ(
        host.number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name LIKE 'entitle%' AND"
                    " sql NOT LIKE '%STRICT%'"),
        0);
}

/// The host goes its ways with transactions and savepoints; what it sees of tickets is what there is of cases.
TEST_F(Host, whatever_the_host_does_with_its_transactions_both_sides_agree) {
    std::mt19937 random{2014};
    const auto pick = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
    std::uint64_t next = 1;
    unsigned depth = 0;
    for (int step = 0; step < 1500; ++step) {
        const bool inside = sqlite3_get_autocommit(host.handle()) == 0;
        switch (pick(10)) {
            case 0:
                if (!inside) host.run("BEGIN");
                break;
            case 1:
                if (inside) host.run(pick(2) == 0 ? "COMMIT" : "ROLLBACK");
                depth = 0;
                break;
            case 2:
                if (inside && depth < 4) host.run(fmt::format("SAVEPOINT s{}", ++depth));
                break;
            case 3:
                if (!inside || depth == 0) break;
                depth = 1 + pick(depth);
                host.run(fmt::format("ROLLBACK TO s{}", depth));
                break;
            case 4:
                if (inside && depth > 0) host.run(fmt::format("RELEASE s{}", depth--));
                break;
            case 5: {
                const std::vector<std::uint64_t> kept = cases_kept();
                if (kept.empty()) break;
                const std::uint64_t id = kept[pick(static_cast<unsigned>(kept.size()))];
                host.run("SAVEPOINT both");
                EXPECT_THAT(engine.delete_case({.customer = acme, .id = CaseId::from_integer(id)}, july),
                            ok());
                host.run(fmt::format("DELETE FROM tickets WHERE ticket = {}", id));
                host.run("RELEASE both");
                break;
            }
            default: {
                const std::uint64_t id = next++;
                host.run("SAVEPOINT both");
                if (open(id)) ticket(id);
                host.run("RELEASE both");
                break;
            }
        }
        ASSERT_EQ(static_cast<std::size_t>(tickets()), cases_kept().size()) << "step " << step;
        ASSERT_EQ(left(), 100 - tickets()) << "step " << step;
    }
    EXPECT_TRUE(engine.audit()->ok());
}

/// Without a transaction of the host's, a unit that ends is a commit, which others may keep from happening.
TEST_F(Host, a_commit_that_must_wait_for_a_reader_is_busy_and_leaves_no_transaction_behind) {
    host.run("PRAGMA journal_mode = DELETE; PRAGMA busy_timeout = 0");
    sqlite3* reader = nullptr;
    ASSERT_EQ(sqlite3_open(scratch.file("host.db").c_str(), &reader), SQLITE_OK);
    const auto read = [&](const char* sql) { return sqlite3_exec(reader, sql, nullptr, nullptr, nullptr); };
    ASSERT_EQ(read("BEGIN; SELECT count(*) FROM tickets"), SQLITE_OK);
    const Outcome refused = open(1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::store_busy);
    EXPECT_NE(sqlite3_get_autocommit(host.handle()), 0);
    ASSERT_EQ(read("COMMIT"), SQLITE_OK);
    sqlite3_close(reader);
    EXPECT_THAT(open(1), ok());
    EXPECT_NE(sqlite3_get_autocommit(host.handle()), 0);
    EXPECT_EQ(HostConnection{scratch.file("host.db")}.number("SELECT count(*) FROM entitle_cases"), 1);
}

}  // namespace
}  // namespace store_contract
