#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace benchmark_of_entitle {

/// What one would write instead of the library, for one sort of agreement: an UPDATE for the terms and one for
/// the channel, each only where something is left, and a row for the case and one for the ledger. No choice
/// among agreements, no scopes, no retries, no reversals, no numbers, no audit.
class HandWritten {
public:
    enum class Keys : std::uint8_t { integers, blobs };
    enum class Lists : std::uint8_t {
        none,    ///< what was used can be found by reading everything
        indexed  ///< by indexes: an entitlement's ledger, a customer's cases
    };

    HandWritten(const std::string& path, Keys keys, Lists lists) : keys_{keys} {
        check(sqlite3_open(path.c_str(), &handle_));
        run("PRAGMA journal_mode = WAL");
        run("PRAGMA synchronous = OFF");
        run("PRAGMA foreign_keys = ON");
        run("PRAGMA cache_size = -32768");
        create(keys == Keys::integers ? "INTEGER" : "BLOB", keys == Keys::integers);
        if (lists == Lists::indexed) {
            run("CREATE INDEX ledger_of ON ledger (entitlement)");
            run("CREATE INDEX cases_of ON cases (customer)");
        }
    }
    HandWritten(const HandWritten&) = delete;
    HandWritten& operator=(const HandWritten&) = delete;
    ~HandWritten() {
        for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
        sqlite3_close(handle_);
    }

    /// Entitlements 1 … count, one for each customer, each with a channel.
    void fill(std::uint64_t count, std::int64_t total) {
        run("BEGIN");
        sqlite3_stmt* entitlement = prepare("INSERT INTO entitlements VALUES (?, ?, 1, 0, 9e18, ?)");
        sqlite3_stmt* channel = prepare("INSERT INTO channels VALUES (?, 'phone', ?)");
        for (std::uint64_t key = 1; key <= count; ++key) {
            bind_key(entitlement, 1, key);
            bind_key(entitlement, 2, key);
            sqlite3_bind_int64(entitlement, 3, total);
            step(entitlement);
            bind_key(channel, 1, key);
            sqlite3_bind_int64(channel, 2, total);
            step(channel);
        }
        run("COMMIT");
        run("PRAGMA wal_checkpoint(TRUNCATE)");
        run("PRAGMA synchronous = FULL");
        update_ = prepare(
            "UPDATE entitlements SET remaining = remaining - 1 WHERE customer = ? AND state = 1 AND begins "
            "<= ?2"
            " AND ends > ?2 AND remaining >= 1 RETURNING id, remaining");
        channel_ = prepare(
            "UPDATE channels SET remaining = remaining - 1 WHERE entitlement = ? AND name = 'phone' AND "
            "remaining"
            " >= 1 RETURNING remaining");
        case_ = prepare("INSERT INTO cases VALUES (?, ?, ?, 'open', 'phone', ?)");
        ledger_ = prepare(
            "INSERT INTO ledger (customer, entitlement, support_case, command, moved, remaining, channel,"
            " channel_moved, channel_remaining, at) VALUES (?, ?, ?, 15, -1, ?, 'phone', -1, ?, ?)");
    }

    void begin() { run("BEGIN IMMEDIATE"); }
    void commit() { run("COMMIT"); }
    /// Off: refused.
    [[nodiscard]] bool open(std::uint64_t customer, std::uint64_t case_hi, std::uint64_t case_lo,
                            std::int64_t at) {
        bind_key(update_, 1, customer);
        sqlite3_bind_int64(update_, 2, at);
        const std::int64_t left = returned(update_, 1);
        if (left < 0) return false;
        bind_key(channel_, 1, customer);
        const std::int64_t channel_left = returned(channel_, 0);
        bind_case(case_, 1, case_hi, case_lo);
        bind_key(case_, 2, customer);
        bind_key(case_, 3, customer);
        sqlite3_bind_int64(case_, 4, at);
        step(case_);
        bind_key(ledger_, 1, customer);
        bind_key(ledger_, 2, customer);
        bind_case(ledger_, 3, case_hi, case_lo);
        sqlite3_bind_int64(ledger_, 4, left);
        sqlite3_bind_int64(ledger_, 5, channel_left);
        sqlite3_bind_int64(ledger_, 6, at);
        step(ledger_);
        return true;
    }

private:
    void create(const std::string& key, bool rowid) {
        const std::string without = rowid ? "" : " WITHOUT ROWID";
        run("CREATE TABLE entitlements (customer " + key + " PRIMARY KEY, id " + key +
            " NOT NULL, state INTEGER, begins INTEGER, ends INTEGER, remaining INTEGER)" + without);
        run("CREATE TABLE channels (entitlement " + key +
            ", name TEXT, remaining INTEGER, PRIMARY KEY (entitlement, name)) WITHOUT ROWID");
        run("CREATE TABLE cases (id " + key + " PRIMARY KEY, customer " + key + ", entitlement " + key +
            ", state TEXT, origin TEXT, since INTEGER)" + without);
        run("CREATE TABLE ledger (entry INTEGER PRIMARY KEY, customer " + key + ", entitlement " + key +
            ", support_case " + key +
            ", command INTEGER, moved INTEGER, remaining INTEGER, channel TEXT, channel_moved INTEGER,"
            " channel_remaining INTEGER, at INTEGER)");
    }
    void check(int code) const {
        if (code != SQLITE_OK && code != SQLITE_DONE) throw std::runtime_error{sqlite3_errmsg(handle_)};
    }
    void run(const std::string& sql) { check(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr)); }
    sqlite3_stmt* prepare(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        check(sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
        statements_.push_back(statement);
        return statement;
    }
    void step(sqlite3_stmt* statement) {
        check(sqlite3_step(statement));
        sqlite3_reset(statement);
    }
    [[nodiscard]] std::int64_t returned(sqlite3_stmt* statement, int column) {
        std::int64_t value = -1;
        int code = sqlite3_step(statement);
        if (code == SQLITE_ROW) {
            value = sqlite3_column_int64(statement, column);
            code = sqlite3_step(statement);
        }
        check(code);
        sqlite3_reset(statement);
        return value;
    }
    void bind_key(sqlite3_stmt* statement, int at, std::uint64_t key) { bind_case(statement, at, 0, key); }
    void bind_case(sqlite3_stmt* statement, int at, std::uint64_t hi, std::uint64_t lo) {
        if (keys_ == Keys::integers) {
            sqlite3_bind_int64(statement, at, static_cast<std::int64_t>(lo));
            return;
        }
        unsigned char bytes[16];
        for (int i = 0; i < 8; ++i) {
            bytes[i] = static_cast<unsigned char>(hi >> (56 - 8 * i));
            bytes[8 + i] = static_cast<unsigned char>(lo >> (56 - 8 * i));
        }
        sqlite3_bind_blob(statement, at, bytes, sizeof bytes, SQLITE_TRANSIENT);
    }

    Keys keys_;
    sqlite3* handle_ = nullptr;
    std::vector<sqlite3_stmt*> statements_;
    sqlite3_stmt* update_ = nullptr;
    sqlite3_stmt* channel_ = nullptr;
    sqlite3_stmt* case_ = nullptr;
    sqlite3_stmt* ledger_ = nullptr;
};

}  // namespace benchmark_of_entitle
