#include <filesystem>
#include <system_error>
#include <utility>

#include <entitle/store/sqlite_store.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include "host/database.hpp"
#include "text.hpp"

namespace program {

namespace {

struct CloseSqlite {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
struct FinishStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using SqliteConnection = std::unique_ptr<sqlite3, CloseSqlite>;
using SqliteStatement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

[[nodiscard]] Failure sqlite_failure(sqlite3* connection) {
    const int code = sqlite3_errcode(connection) & 0xFF;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        return {ExitStatus::storage, "store_busy", "another process is writing to the desk; try again"};
    }
    if (code == SQLITE_FULL) return {ExitStatus::storage, "store_full", "there is no room left on the disk"};
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) {
        return {ExitStatus::storage, "not_a_database", "the file is not a desk, or is damaged"};
    }
    if (code == SQLITE_READONLY) {
        return {ExitStatus::storage, "store_read_only", "the file cannot be written to"};
    }
    return {ExitStatus::storage, "store_failed", fmt::format("the desk: {}", sqlite3_errmsg(connection))};
}

class SqliteDatabase final : public Database {
public:
    explicit SqliteDatabase(SqliteConnection connection) : connection_{std::move(connection)} {}

    using Database::run;
    [[nodiscard]] Or<std::vector<DatabaseRow>> run(const std::string& sql,
                                                   std::span<const std::string> values) override;
    [[nodiscard]] Done begin(Use use) override {
        const auto begun = run(use == Use::read ? "begin" : "begin immediate");
        if (!begun) return passed_on(begun);
        return {};
    }
    [[nodiscard]] entitle::Result<std::unique_ptr<entitle::Store>> attach() override {
        return entitle::SqliteStore::attach(connection_.get());
    }
    [[nodiscard]] Or<bool> has_table(const std::string& name) override {
        return run("select 1 from sqlite_master where type = 'table' and name = $1", {name})
            .map([](const std::vector<DatabaseRow>& rows) { return !rows.empty(); });
    }
    [[nodiscard]] Or<bool> is_vacant() override {
        return run("select 1 from sqlite_master limit 1").map([](const std::vector<DatabaseRow>& rows) {
            return rows.empty();
        });
    }
    [[nodiscard]] Done copy_to(const std::string& file) override;

private:
    SqliteConnection connection_;
};

Or<std::vector<DatabaseRow>> SqliteDatabase::run(const std::string& sql,
                                                 std::span<const std::string> values) {
    sqlite3_stmt* made = nullptr;
    const auto size = static_cast<int>(sql.size());
    if (sqlite3_prepare_v2(connection_.get(), sql.c_str(), size, &made, nullptr) != SQLITE_OK) {
        return Failed{sqlite_failure(connection_.get())};
    }
    const SqliteStatement statement{made};
    for (std::size_t i = 0; i < values.size(); ++i) {
        sqlite3_bind_text64(made, static_cast<int>(i) + 1, values[i].data(), values[i].size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8);  // NOLINT(*-cstyle-cast): SQLite's own macro
    }
    std::vector<DatabaseRow> rows;
    int stepped = sqlite3_step(made);
    for (; stepped == SQLITE_ROW; stepped = sqlite3_step(made)) {
        DatabaseRow& row = rows.emplace_back();
        for (int i = 0; i < sqlite3_column_count(made); ++i) {
            const void* const bytes = sqlite3_column_blob(made, i);
            const auto length = static_cast<std::size_t>(sqlite3_column_bytes(made, i));
            row.emplace_back(bytes == nullptr ? std::string{}
                                              : std::string{static_cast<const char*>(bytes), length});
        }
    }
    if (stepped != SQLITE_DONE) return Failed{sqlite_failure(connection_.get())};
    return rows;
}

[[nodiscard]] tl::unexpected<Failure> is_there(const std::string& file) {
    return fail(ExitStatus::misuse, "file_exists",
                fmt::format("{} is there already, and is not written over", escaped(file)));
}

/// In one statement of SQLite's, which sees one moment, and beside the place first: what is there, or comes to be there
/// meanwhile, stays.
Done SqliteDatabase::copy_to(const std::string& file) {
    if (file.empty() || file == ":memory:") {
        return fail(ExitStatus::misuse, "unwritable",
                    fmt::format("\"{}\" is no name of a file", escaped(file)));
    }
    std::error_code error;
    if (std::filesystem::exists(file, error)) return is_there(file);
    const std::string beside = fmt::format("{}.{}.part", file, getpid());
    const auto copied = run("vacuum into $1", {beside});
    if (copied) std::filesystem::create_hard_link(beside, file, error);
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    if (!copied) return passed_on(copied);
    if (error == std::errc::file_exists) return is_there(file);
    if (error)
        return fail(ExitStatus::misuse, "unwritable",
                    fmt::format("{} cannot be written: {}", escaped(file), error.message()));
    return {};
}

}  // namespace

Or<std::unique_ptr<Database>> open_sqlite_database(const std::string& file, Use use) {
    std::error_code error;
    if (use != Use::make && !std::filesystem::exists(file, error)) {
        return fail(ExitStatus::storage, "no_desk",
                    fmt::format("there is no desk {0}; `entitle init --store {0}` makes one", escaped(file)));
    }
    const int create = use == Use::make ? SQLITE_OPEN_CREATE : 0;
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE | create, nullptr);
    SqliteConnection connection{opened};
    if (code != SQLITE_OK) {
        return fail(ExitStatus::storage, "store_unavailable",
                    fmt::format("{} cannot be opened: {}", escaped(file), sqlite3_errstr(code)));
    }
    constexpr int patience_ms = 5000;
    sqlite3_busy_timeout(opened, patience_ms);
    auto database = std::make_unique<SqliteDatabase>(std::move(connection));
    // The host owns the file: what is reported done is on the disk, and readers wait for no writer.
    if (auto set = database->run("pragma synchronous = full"); !set) return passed_on(set);
    if (use != Use::make) return database;
    if (auto set = database->run("pragma journal_mode = wal"); !set)
        return passed_on(set);  // the file keeps it
    return database;
}

}  // namespace program
