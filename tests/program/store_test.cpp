#include <filesystem>

#include <entitle/engine.hpp>
#include <entitle/store/postgres_store.hpp>
#include <entitle/store/sqlite_store.hpp>

#include "run_program.hpp"
#include "store/postgres_server.hpp"

/// `--store FILE` and `--store postgresql://…`: the same answers, and a file or database that tells them again.
namespace program_test {

using testing::HasSubstr;

class Stored : public ProgramTest {
public:
    [[nodiscard]] Ran replay_data(const std::string& plan, const std::string& events,
                                  std::vector<std::string> more) const {
        std::vector<std::string> arguments{"replay", data + plan, data + events, "--trace",
                                           path_of("trace.csv")};
        arguments.insert(arguments.end(), more.begin(), more.end());
        Ran ran = entitle(arguments);
        ran.trace = read_file(path_of("trace.csv"));
        return ran;
    }

    /// Replays in memory and in a file, and expects the same to the last byte.
    void expect_same(const std::string& plan, const std::string& events,
                     const std::vector<std::string>& more = {}) {
        expect_same_in(path_of("desk.db"), plan, events, more);
    }
    void expect_same_in(const std::string& place, const std::string& plan, const std::string& events,
                        std::vector<std::string> more) {
        const Ran in_memory = replay_data(plan, events, more);
        more.insert(more.end(), {"--store", place});
        const Ran in_file = replay_data(plan, events, more);
        EXPECT_EQ(in_memory.status, in_file.status);
        EXPECT_EQ(in_memory.out, in_file.out);
        EXPECT_EQ(in_memory.err, in_file.err);
        EXPECT_EQ(in_memory.trace, in_file.trace);
        EXPECT_GT(in_file.trace.size(), trace_header.size());
    }

    /// The file opens again and audits.
    void expect_audited(std::uint64_t entries_at_least) {
        auto store = entitle::SqliteStore::open(path_of("desk.db"), {.create = false});
        ASSERT_TRUE(store);
        const entitle::Engine engine{std::move(*store)};
        const auto report = engine.audit();
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->ok());
        EXPECT_GE(report->entries, entries_at_least);
    }
};

TEST_F(Stored, a_replay_is_the_same_over_memory_and_a_file_which_then_audits) {
    expect_same("plan.json", "events.csv");
    expect_audited(64);
}

TEST_F(Stored, a_servicenow_replay_is_too) {
    expect_same("servicenow/plan.json", "servicenow/incidents.csv", {"--format", "servicenow", "--json"});
    expect_audited(8);
}

TEST_F(Stored, a_file_that_is_there_is_not_added_to) {
    (void)write("desk.db", "");
    const Ran ran = replay(plan_of(), header, {"--store", path_of("desk.db")});
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.err, HasSubstr("desk.db: the file is there already"));
    EXPECT_EQ(std::filesystem::file_size(path_of("desk.db")), 0U);
}

TEST_F(Stored, a_file_that_cannot_be_made_is_said_so) {
    const Ran ran = replay(plan_of(), header, {"--store", path_of("no/such/folder/desk.db")});
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.err, HasSubstr("cannot be opened"));
}

/// A server of the test's own.
class StoredPostgres : public Stored {
public:
    /// Also a schema of its own for each desk.
    [[nodiscard]] std::string database(const std::string& schema) const {
        (void)server.conninfo(schema);
        return "postgresql:///postgres?user=entitle&host=" + server.folder() + "&options=-csearch_path%3D" +
               schema;
    }
    void expect_audited_in(const std::string& place, std::uint64_t entries_at_least) const {
        const entitle::Engine engine{entitle::PostgresStore::connect(place, {.create = false}).value()};
        const auto report = engine.audit();
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->ok());
        EXPECT_GE(report->entries, entries_at_least);
    }

    store_contract::PostgresServer server;
};

TEST_F(StoredPostgres, a_replay_is_the_same_over_memory_and_a_database_which_then_audits) {
    expect_same_in(database("desk"), "plan.json", "events.csv", {});
    expect_audited_in(database("desk"), 64);
    expect_same_in(database("incidents"), "servicenow/plan.json", "servicenow/incidents.csv",
                   {"--format", "servicenow", "--json"});
    expect_audited_in(database("incidents"), 8);
}

TEST_F(StoredPostgres, a_desk_that_is_there_is_not_added_to_and_no_message_says_how_to_connect) {
    EXPECT_EQ(replay(plan_of(), header, {"--store", database("desk")}).status, 0);
    const Ran again = replay(plan_of(), header, {"--store", database("desk")});
    EXPECT_EQ(again.status, 2);
    EXPECT_THAT(again.err, HasSubstr("the database: a desk is there already"));
    const Ran nowhere = replay(plan_of(), header, {"--store", "postgresql://ali:sesame@%2Fnowhere/desk"});
    EXPECT_EQ(nowhere.status, 2);
    EXPECT_THAT(nowhere.err, HasSubstr("the database: the database cannot be opened"));
    EXPECT_THAT(nowhere.err, testing::Not(HasSubstr("sesame")));
}

}  // namespace program_test
