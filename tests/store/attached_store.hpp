#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <sqlite3.h>

#include "entitle/store/sqlite_store.hpp"

#include "../conformance/forwarding_store.hpp"

namespace store_contract {

/// A host's own connection, with pragmas of the host's choice.
class HostConnection {
public:
    explicit HostConnection(const std::string& path) {
        if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK)
            throw std::runtime_error{"cannot open " + path};
        sqlite3_busy_timeout(handle_, 20'000);
        run("PRAGMA journal_mode = WAL");
        run("PRAGMA synchronous = OFF");
    }
    HostConnection(const HostConnection&) = delete;
    HostConnection& operator=(const HostConnection&) = delete;
    ~HostConnection() { sqlite3_close(handle_); }

    [[nodiscard]] sqlite3* handle() const { return handle_; }
    void run(const std::string& sql) const {
        char* message = nullptr;
        if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message) == SQLITE_OK) return;
        const std::string text = message == nullptr ? "failed" : message;
        sqlite3_free(message);
        throw std::runtime_error{sql + ": " + text};
    }
    /// The first column of the first row; -1 where there is none.
    [[nodiscard]] std::int64_t number(const std::string& sql) const {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
            throw std::runtime_error{sql + ": " + sqlite3_errmsg(handle_)};
        }
        const std::int64_t value =
            sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
        sqlite3_finalize(statement);
        return value;
    }

private:
    sqlite3* handle_ = nullptr;
};

namespace detail {

/// Made before the store that forwards to it.
struct Attached {
    explicit Attached(const std::string& path)
        : host{path}, inner{entitle::SqliteStore::attach(host.handle()).value()} {}

    HostConnection host;
    std::unique_ptr<entitle::SqliteStore> inner;
};

}  // namespace detail

/// A store attached to a host's connection that it keeps.
class AttachedStore final : private detail::Attached, public conformance::ForwardingStore {
public:
    explicit AttachedStore(const std::string& path) : Attached{path}, ForwardingStore{*inner} {}

    using detail::Attached::host;
};

}  // namespace store_contract
