#ifdef ENTITLE_PROGRAM_HAS_POSTGRES

#include <string_view>
#include <utility>

#include <entitle/store/postgres_store.hpp>
#include <libpq-fe.h>

#include "host/database.hpp"

namespace program {

namespace {

struct ClosePostgres {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresConnection = std::unique_ptr<PGconn, ClosePostgres>;
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

/// Without what the server says, which may tell how it is connected to.
[[nodiscard]] Failure postgres_failure(PGconn* connection, const PGresult* result) {
    const char* const state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string_view code = state == nullptr ? "" : state;
    if (PQstatus(connection) != CONNECTION_OK) {
        return {ExitStatus::storage, "store_unavailable", "the connection to the database was lost"};
    }
    if (code.starts_with("40") || code == "55P03") {
        return {ExitStatus::storage, "store_busy", "another process was in the way; try again"};
    }
    if (code == "42501" || code == "25006") {
        return {ExitStatus::storage, "store_read_only", "this user may not write to the database"};
    }
    return {
        ExitStatus::storage, "store_failed",
        "the database refused a statement (SQLSTATE " + std::string{code.empty() ? "unknown" : code} + ")"};
}

class PostgresDatabase final : public Database {
public:
    explicit PostgresDatabase(PostgresConnection connection) : connection_{std::move(connection)} {}

    using Database::run;
    [[nodiscard]] Or<std::vector<DatabaseRow>> run(const std::string& sql,
                                                   std::span<const std::string> values) override;
    [[nodiscard]] Done begin(Use use) override {
        const auto begun =
            run(use == Use::read ? "begin isolation level repeatable read, read only" : "begin");
        if (!begun) return passed_on(begun);
        return {};
    }
    [[nodiscard]] entitle::Result<std::unique_ptr<entitle::Store>> attach() override {
        return entitle::PostgresStore::attach(connection_.get());
    }
    [[nodiscard]] Or<bool> has_table(const std::string& name) override {
        return run("select 1 where to_regclass($1) is not null", {name})
            .map([](const std::vector<DatabaseRow>& rows) { return !rows.empty(); });
    }
    /// A database is shared: whoever wants the desk's tables apart names a schema.
    [[nodiscard]] Or<bool> is_vacant() override { return true; }
    [[nodiscard]] Done copy_to(const std::string& /*file*/) override {
        return fail(ExitStatus::misuse, "not_a_file",
                    "the desk is in PostgreSQL: `pg_dump` makes its backups");
    }

private:
    PostgresConnection connection_;
};

Or<std::vector<DatabaseRow>> PostgresDatabase::run(const std::string& sql,
                                                   std::span<const std::string> values) {
    std::vector<const char*> texts;
    texts.reserve(values.size());
    for (const std::string& value : values) texts.push_back(value.c_str());
    const PostgresResult result{PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(texts.size()),
                                             nullptr, texts.data(), nullptr, nullptr, 0)};
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        return Failed{postgres_failure(connection_.get(), result.get())};
    }
    std::vector<DatabaseRow> rows;
    for (int i = 0; i < PQntuples(result.get()); ++i) {
        DatabaseRow& row = rows.emplace_back();
        for (int j = 0; j < PQnfields(result.get()); ++j) {
            row.emplace_back(PQgetvalue(result.get(), i, j),
                             static_cast<std::size_t>(PQgetlength(result.get(), i, j)));
        }
    }
    return rows;
}

}  // namespace

Or<std::unique_ptr<Database>> open_postgres_database(const std::string& place) {
    PostgresConnection connection{PQconnectdb(place.c_str())};
    if (PQstatus(connection.get()) != CONNECTION_OK) {
        return fail(ExitStatus::storage, "store_unavailable",
                    "the database cannot be opened; look at the address, and whether the server runs");
    }
    PQsetClientEncoding(connection.get(), "UTF8");
    PQsetNoticeProcessor(
        connection.get(), [](void*, const char*) {}, nullptr);
    return std::make_unique<PostgresDatabase>(std::move(connection));
}

}  // namespace program

#endif
