// One column of a table at a time says something else, in every row of it: the desk is asked everything, and answers or
// names the corruption, and nothing crashes. Inside the host's transaction, which is then rolled back.

#include <array>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "fault_stride.hpp"
#include "stores.hpp"
#include "whole_day.hpp"

namespace store_contract {
namespace {

/// A column of a table, and what is written into it.
struct Edit {
    std::string table, column, value;

    [[nodiscard]] std::string sql() const { return "UPDATE " + table + " SET " + column + " = " + value; }
};

/// In the place of each `{}` the column.
[[nodiscard]] std::string about(std::string_view value, const std::string& column) {
    std::string out{value};
    for (std::size_t at = 0; (at = out.find("{}", at)) != std::string::npos; at += column.size())
        out.replace(at, 2, column);
    return out;
}

/// Edits one column after the other, in a transaction of the host's, and asks everything of a day that has been lived.
template <class AttachedStore>
class Rows {
public:
    explicit Rows(const std::string& place) : store_{place} {
        int trouble = 0;
        EXPECT_EQ(live_through(engine_, trouble), "");
        before_ = everything(store_);
    }

    [[nodiscard]] const auto& host() const { return store_.host; }

    void ask_after(const Edit& edit) {
        store_.host.run("BEGIN");
        if (is_made(edit)) {
            ++made_;
            bool is_noticed = false;
            for (const DayStep& step : whole_day())
                is_noticed |= step.run(engine_) == ErrorCode::database_corrupt;
            noticed_ += is_noticed ? 1 : 0;
        }
        store_.host.run("ROLLBACK");
    }
    void expect_all_as_before() const {
        EXPECT_TRUE(everything(store_) == before_);
        EXPECT_GT(noticed_, made_ / 4);
    }

private:
    [[nodiscard]] bool is_made(const Edit& edit) const {
        try {
            store_.host.run(edit.sql());
            return true;
        } catch (const std::runtime_error&) {
            return false;  // its type, or its key, does not let it
        }
    }

    AttachedStore store_;
    Engine engine_{store_};
    Everything before_;
    std::size_t made_ = 0, noticed_ = 0;
};

constexpr std::array<std::string_view, 13> sqlite_values{"NULL",
                                                         "-1",
                                                         "0",
                                                         "9223372036854775807",
                                                         "-9223372036854775807",
                                                         "''",
                                                         "'x'",
                                                         "'[1,'",
                                                         "x'00ff'",
                                                         "zeroblob(40)",
                                                         "{}+1",
                                                         "-{}",
                                                         "{} || {}"};

[[nodiscard]] std::vector<std::string> texts(sqlite3* database, const std::string& sql) {
    std::vector<std::string> out;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        out.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    }
    sqlite3_finalize(statement);
    return out;
}

[[nodiscard]] std::vector<Edit> sqlite_edits(sqlite3* database) {
    std::vector<Edit> edits;
    for (const std::string& table :
         texts(database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'entitle_*'")) {
        for (const std::string& column :
             texts(database, "SELECT name FROM pragma_table_info('" + table + "')")) {
            for (const std::string_view value : sqlite_values)
                edits.push_back({table, column, about(value, column)});
        }
    }
    return edits;
}

TEST(CorruptRows, of_sqlite_crash_nothing) {
    const Scratch scratch;
    Rows<AttachedStore> rows{scratch.file("desk.db")};
    rows.host().run("PRAGMA ignore_check_constraints = ON");
    const std::vector<Edit> edits = sqlite_edits(rows.host().handle());
    for (std::size_t i = 0; i < edits.size(); i += fault_stride(1)) rows.ask_after(edits[i]);
    rows.expect_all_as_before();
}

constexpr std::array<std::string_view, 13> postgres_values{
    "NULL", "-1",  "0",     "9223372036854775807", "2147483647", "''", "'x'", "'{}'", "'{NULL}'", "'\\x00ff'",
    "{}+1", "-{}", "{}||{}"};

[[nodiscard]] std::vector<Edit> postgres_edits(const PostgresConnection& host) {
    const std::string columns = host.value(
        "SELECT string_agg(table_name || '.' || column_name, ' ' ORDER BY table_name, ordinal_position) "
        "FROM information_schema.columns WHERE table_schema = current_schema()");
    std::vector<Edit> edits;
    std::istringstream words{columns};
    for (std::string word; words >> word;) {
        const std::size_t dot = word.find('.');
        const std::string column = word.substr(dot + 1);
        for (const std::string_view value : postgres_values)
            edits.push_back({word.substr(0, dot), column, about(value, column)});
    }
    return edits;
}

TEST(CorruptRows, of_postgres_crash_nothing) {
    const Scratch scratch;
    Rows<AttachedPostgresStore> rows{scratch.file("desk")};
    const std::vector<Edit> edits = postgres_edits(rows.host());
    for (std::size_t i = 0; i < edits.size(); i += fault_stride(4)) rows.ask_after(edits[i]);
    rows.expect_all_as_before();
}

}  // namespace
}  // namespace store_contract
