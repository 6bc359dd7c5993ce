#include <filesystem>
#include <span>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "children.hpp"
#include "sqlite_file.hpp"

// Opening a file that is not what it should be: each its own error, and nothing is changed.

namespace store_contract {
namespace {

class OpenFile : public SqliteFile {
protected:
    void expect_untouched_and(ErrorCode code, const SqliteOptions& options = {}) const {
        const std::string before = bytes_of(path);
        EXPECT_EQ(why_not(options), code);
        EXPECT_TRUE(bytes_of(path) == before);
        EXPECT_TRUE(options.read_only || !std::filesystem::exists(path + "-wal"));
        std::filesystem::remove(path + "-wal");  // a reader may not tidy up
        std::filesystem::remove(path + "-shm");
    }
};

TEST_F(OpenFile, a_new_file_is_made_in_write_ahead_mode_and_one_file_is_left) {
    make();
    EXPECT_EQ(number("SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1);
    EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
    EXPECT_EQ(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

TEST_F(OpenFile, a_missing_folder_or_file_or_a_folder_is_store_unavailable) {
    EXPECT_EQ(SqliteStore::open(scratch.file("no/such/desk.db")).error().code, ErrorCode::store_unavailable);
    EXPECT_EQ(SqliteStore::open(scratch.file("")).error().code, ErrorCode::store_unavailable);
    EXPECT_EQ(why_not({.create = false}), ErrorCode::store_unavailable);
    EXPECT_EQ(why_not({.read_only = true}), ErrorCode::store_unavailable);
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(OpenFile, what_is_no_file_is_store_unavailable) {
    EXPECT_EQ(SqliteStore::open("").error().code, ErrorCode::store_unavailable);
    EXPECT_EQ(SqliteStore::open(":memory:").error().code, ErrorCode::store_unavailable);
}

TEST_F(OpenFile, a_file_that_is_no_database_is_not_a_database) {
    for (const std::size_t size : {2UL, 99UL, 100UL, 511UL, 512UL, 5000UL, 100'000UL}) {
        write_bytes(path, std::string(size, 'x'));
        expect_untouched_and(ErrorCode::not_a_database);
        expect_untouched_and(ErrorCode::not_a_database, {.read_only = true});
    }
}

TEST_F(OpenFile, an_empty_file_is_a_new_store_unless_one_must_be_there) {
    write_bytes(path, "");
    expect_untouched_and(ErrorCode::not_a_database, {.create = false});
    expect_untouched_and(ErrorCode::not_a_database, {.read_only = true});
    EXPECT_EQ(why_not(), ErrorCode::none);
}

TEST_F(OpenFile, anothers_database_is_lived_in_where_that_is_asked_for) {
    edit("CREATE TABLE tickets (ticket INTEGER PRIMARY KEY); INSERT INTO tickets VALUES (1)");
    EXPECT_EQ(why_not({.create = false}), ErrorCode::not_a_database);
    EXPECT_EQ(why_not({.read_only = true}), ErrorCode::not_a_database);
    make();
    EXPECT_EQ(number("SELECT count(*) FROM tickets"), 1);
}

TEST_F(OpenFile, a_file_that_is_cut_short_is_database_corrupt) {
    make(200);
    const std::string whole = bytes_of(path);
    for (const std::size_t size :
         {whole.size() - 1, whole.size() - 4096, whole.size() / 2, 4097UL, 4096UL, 600UL}) {
        write_bytes(path, whole.substr(0, size));
        expect_untouched_and(ErrorCode::database_corrupt);
        expect_untouched_and(ErrorCode::database_corrupt, {.read_only = true});
    }
    write_bytes(path, whole);
    EXPECT_EQ(why_not(), ErrorCode::none);
}

TEST_F(OpenFile, a_newer_file_is_schema_newer_unless_it_says_that_this_version_may) {
    make();
    edit("UPDATE entitle_meta SET value = 9 WHERE name IN ('schema', 'min_writer', 'min_reader')");
    edit("PRAGMA wal_checkpoint(TRUNCATE)");
    expect_untouched_and(ErrorCode::schema_newer);
    expect_untouched_and(ErrorCode::schema_newer, {.read_only = true});
    edit("UPDATE entitle_meta SET value = 5 WHERE name = 'min_reader'");
    expect_untouched_and(ErrorCode::schema_newer);
    EXPECT_EQ(why_not({.read_only = true}), ErrorCode::none);
    edit("UPDATE entitle_meta SET value = 5 WHERE name = 'min_writer'");
    EXPECT_EQ(why_not(), ErrorCode::none);
    EXPECT_EQ(number("SELECT value FROM entitle_meta WHERE name = 'schema'"), 9);
}

TEST_F(OpenFile, meta_that_makes_no_sense_is_database_corrupt) {
    make();
    for (const char* value : {"'two'", "-1", "0", "x'00'", "1e300"}) {
        edit(fmt::format("UPDATE entitle_meta SET value = {} WHERE name = 'schema'", value));
        EXPECT_EQ(why_not(), ErrorCode::database_corrupt) << value;
    }
    edit("DELETE FROM entitle_meta");
    EXPECT_EQ(why_not(), ErrorCode::database_corrupt);
}

TEST_F(OpenFile, a_locked_file_is_store_busy_after_the_timeout) {
    make();
    const HostConnection other{path};
    other.run("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM entitle_requests WHERE 0");
    EXPECT_EQ(why_not({.busy_timeout = 20ms}), ErrorCode::store_busy);
}

TEST_F(OpenFile, a_command_beside_a_long_writer_is_store_busy_and_then_goes_through) {
    make();
    Engine engine{open({.busy_timeout = 20ms}).value()};
    const HostConnection other{path};
    other.run("BEGIN IMMEDIATE");
    EXPECT_THAT(open_case(engine, 77), refused(ErrorCode::store_busy));
    EXPECT_THAT(engine.check({.customer = acme}, july), ok()) << "reading goes on";
    other.run("ROLLBACK");
    EXPECT_THAT(open_case(engine, 77), ok());
}

TEST_F(OpenFile, a_file_that_may_not_be_written_is_store_read_only) {
    if (geteuid() == 0) GTEST_SKIP() << "root may write everything";
    make();
    chmod(path.c_str(), 0444);
    expect_untouched_and(ErrorCode::store_read_only);
}

TEST_F(OpenFile, read_only_reads_and_refuses_to_write) {
    make();
    const std::string before = bytes_of(path);
    {
        Engine engine{open({.read_only = true}).value()};
        EXPECT_EQ(engine.entitlement(acme, gold)->remaining, 990);
        EXPECT_TRUE(engine.audit()->ok());
        EXPECT_THAT(engine.check({.customer = acme}, july), ok());
        EXPECT_THAT(open_case(engine, 77), refused(ErrorCode::store_read_only));
        EXPECT_EQ(engine.adopt_policy().error().code, ErrorCode::store_read_only);
    }
    EXPECT_TRUE(bytes_of(path) == before);
}

TEST_F(OpenFile, a_name_that_looks_like_a_uri_is_a_name) {
    const std::filesystem::path here = std::filesystem::current_path();
    std::filesystem::current_path(std::filesystem::path{path}.parent_path());
    EXPECT_TRUE(SqliteStore::open("file:desk.db?mode=memory"));
    EXPECT_TRUE(std::filesystem::exists("file:desk.db?mode=memory"));
    std::filesystem::current_path(here);
}

TEST_F(OpenFile, the_policy_is_kept_with_the_file) {
    make();
    Engine other{open().value(), {.policy = policy::crm2014}};
    EXPECT_THAT(open_case(other, 77), refused(ErrorCode::policy_mismatch));
    ASSERT_TRUE(other.adopt_policy());
    EXPECT_THAT(open_case(other, 77), ok());
    Engine former{open().value()};
    EXPECT_THAT(open_case(former, 78), refused(ErrorCode::policy_mismatch));
}

TEST_F(OpenFile, a_retry_after_opening_again_returns_the_first_receipt) {
    make(0);
    Receipt first;
    {
        Engine engine{open().value()};
        first = open_case(engine, 1).value();
    }
    Engine engine{open().value()};
    Outcome again = open_case(engine, 1);
    ASSERT_THAT(again, repeated());
    again->repeated = false;
    EXPECT_EQ(*again, first);
    OpenCase other{.customer = acme, .id = CaseId::from_integer(2), .request = RequestId::from_integer(1)};
    EXPECT_THAT(engine.open_case(other, july), refused(ErrorCode::request_id_reused));
}

TEST_F(OpenFile, requests_are_forgotten_when_told_and_after_the_retention) {
    make(0);
    auto store = open({.request_retention = std::chrono::hours{48}}).value();
    SqliteStore& file = *store;
    Engine engine{std::move(store)};
    ASSERT_THAT(open_case(engine, 1), ok());
    const OpenCase again{
        .customer = acme, .id = CaseId::from_integer(9), .request = RequestId::from_integer(1)};
    EXPECT_THAT(engine.open_case(again, july + 47h), refused(ErrorCode::request_id_reused));
    EXPECT_EQ(file.forget_requests(july).value(), 0U);
    EXPECT_THAT(engine.open_case(again, july + 47h), refused(ErrorCode::request_id_reused));
    EXPECT_EQ(file.forget_requests(july + 1h).value(), 1U);
    EXPECT_THAT(engine.open_case(again, july + 47h), ok());
}

TEST_F(OpenFile, what_was_kept_does_not_survive_anothers_commit) {
    make(0);
    Engine engine{open().value()};
    Engine another{open().value()};
    EXPECT_EQ(engine.check({.customer = acme, .origin = Channel::phone}, july)->remaining,
              Quantity(cases(1000)));
    for (std::uint64_t id = 1; id <= 20; ++id) {
        ASSERT_THAT(open_case(id % 2 == 0 ? engine : another, id), ok());
        const Quantity left = cases(static_cast<std::int64_t>(1000 - id));
        EXPECT_EQ(engine.check({.customer = acme, .origin = Channel::phone}, july)->remaining, left);
        EXPECT_EQ(another.check({.customer = acme, .origin = Channel::phone}, july)->remaining, left);
    }
    edit(R"(UPDATE entitle_customers SET remaining = '{"1":[3,3]}')");
    EXPECT_EQ(engine.check({.customer = acme, .origin = Channel::phone}, july)->remaining,
              Quantity(cases(3)));
}

TEST_F(OpenFile, a_small_cache_forgets_and_loads_again) {
    make(0);
    Engine engine{open({.cache_bytes = 1}).value()};
    for (std::uint64_t id = 1; id <= 20; ++id) {
        Draft agreement = agreed(on_creation(5));
        agreement.customer = CustomerId::from_integer(id);
        ASSERT_THAT(engine.draft(agreement, july), ok());
        ASSERT_THAT(open_case(engine, id), ok());
    }
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(OpenFile, a_child_after_fork_is_refused_and_harms_nothing) {
    make(1);
    auto engine = std::make_unique<Engine>(open().value());
    ASSERT_THAT(open_case(*engine, 2), ok());
    const int status = ended(in_child([&] {
        const bool refused_all = why(open_case(*engine, 3)) == ErrorCode::store_forked &&
                                 engine->entitlements().error().code == ErrorCode::store_forked;
        engine = nullptr;
        return refused_all ? 0 : 1;
    }));
    EXPECT_EQ(status, 0);
    EXPECT_THAT(open_case(*engine, 3), ok());
    EXPECT_TRUE(engine->audit()->ok());
}

// Pages.

TEST_F(OpenFile, pages_go_on_where_they_ended_whatever_was_added_or_archived) {
    constexpr std::uint64_t many = 9000;
    const auto store = open({.synchronous = Synchronous::off}).value();
    Engine engine{*store};
    grant(engine, 10'000);
    std::vector<Command> commands;
    for (std::uint64_t id = 1; id <= many; ++id) {
        commands.push_back(
            OpenCase{.customer = acme, .id = CaseId::from_integer(id), .origin = Channel::phone});
    }
    std::vector<Outcome> outcomes(commands.size());
    ASSERT_TRUE(engine.apply(std::span<const Command>{commands}, july, std::span{outcomes}));

    std::vector<Entry> entries;
    std::vector<SupportCase> known;
    Cursor at_entries;
    Cursor at_cases;
    const auto next_page = [&] {
        ASSERT_TRUE(store->scan({acme, {}}, at_entries, entries));
        ASSERT_TRUE(store->scan({acme, {}}, at_cases, known));
    };
    next_page();
    ASSERT_THAT(open_case(engine, many + 1), ok());
    next_page();
    const std::uint64_t through = entries.back().number + 300;
    ASSERT_LT(through, many);
    ASSERT_TRUE(engine.seal(acme));
    ASSERT_TRUE(engine.archive(acme, through));
    while (!at_entries.done || !at_cases.done) next_page();

    ASSERT_EQ(entries.size(), many + 3 - 300);
    for (std::size_t i = 1; i < entries.size(); ++i) {
        const bool skips = entries[i].number == through + 1;
        EXPECT_EQ(entries[i].number, entries[i - 1].number + (skips ? 301 : 1));
    }
    ASSERT_EQ(known.size(), many + 1);
    for (std::size_t i = 0; i < known.size(); ++i) EXPECT_EQ(known[i].id, CaseId::from_integer(i + 1));
    EXPECT_TRUE(engine.audit()->ok());
}

// Backup.

TEST_F(OpenFile, a_backup_is_a_store_of_its_own_as_it_was) {
    make(20);
    const std::string copy = scratch.file("copy.db");
    auto store = open().value();
    SqliteStore& file = *store;
    Engine engine{std::move(store)};
    const Everything before = everything(file);
    ASSERT_TRUE(file.backup(copy));
    ASSERT_THAT(open_case(engine, 21), ok());
    const auto opened = SqliteStore::open(copy, {.create = false});
    ASSERT_TRUE(opened);
    EXPECT_TRUE(everything(**opened) == before);
    EXPECT_TRUE(Engine{**opened}.audit()->ok());
}

TEST_F(OpenFile, a_backup_writes_over_nothing) {
    make();
    const auto store = open().value();
    const std::string copy = scratch.file("copy.db");
    write_bytes(copy, "precious");
    EXPECT_EQ(store->backup(copy).error().code, ErrorCode::file_exists);
    EXPECT_EQ(bytes_of(copy), "precious");
    EXPECT_EQ(store->backup(path).error().code, ErrorCode::file_exists);
    EXPECT_EQ(store->backup(scratch.file("no/such/copy.db")).error().code, ErrorCode::store_unavailable);
    EXPECT_TRUE(Engine{*store}.audit()->ok());
}

// Hostile content.

TEST_F(OpenFile, bytes_changed_at_random_are_an_error_or_a_finding_and_never_worse) {
    make(120);
    const std::string whole = bytes_of(path);
    std::uint64_t random = 1;
    for (int round = 0; round < 150; ++round) {
        std::string bytes = whole;
        for (int i = 0; i < 8; ++i) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            bytes[100 + (random >> 33) % (bytes.size() - 100)] ^= static_cast<char>(1 + (random >> 20) % 255);
        }
        write_bytes(path, bytes);
        auto opened = open();
        if (!opened) continue;
        Engine engine{std::move(*opened)};
        (void)engine.audit();
        (void)engine.entitlements();
        (void)open_case(engine, 500);
        (void)engine.check({.customer = acme, .origin = Channel::phone}, july);
    }
}

}  // namespace
}  // namespace store_contract
