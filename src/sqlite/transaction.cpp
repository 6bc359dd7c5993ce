#include "schema.hpp"
#include "store_impl.hpp"
#include "write.hpp"

/// A unit's transaction: the store's own, or a savepoint of the host's connection.
namespace entitle::inline v0 {

SqliteStore::Impl::~Impl() {
    if (is_forked()) {
        connection.leak();
    } else if (open_) {
        undo();
        end_unit();
    }
}

/// Writing begins with the lock, not with a look: what is seen then stays so.
int SqliteStore::Impl::start(bool writes) {
    if (owned_) {
        hosts_ = false;
        return connection.run(writes ? "BEGIN IMMEDIATE" : "BEGIN");
    }
    hosts_ = connection.in_transaction();
    hosts_rowid_ = sqlite3_last_insert_rowid(connection.handle());
    const int code = connection.run("SAVEPOINT entitle_unit");
    if (code != SQLITE_OK) return code;
    const int locked =
        writes ? connection.run("UPDATE entitle_meta SET value = value WHERE 0") : SQLITE_ERROR;
    return locked == SQLITE_ERROR ? ensure_schema() : locked;
}

int SqliteStore::Impl::finish() {
    if (owned_) return connection.run("COMMIT");
    if (hosts_ && !connection.in_transaction()) return SQLITE_ABORT;
    const int code = connection.run("RELEASE entitle_unit");
    sqlite3_set_last_insert_rowid(connection.handle(), hosts_rowid_);
    return code;
}

/// Back to where the transaction began. SQLite may have gone there by itself. Only inside the host's own
/// transaction is it the savepoint that ends: to release an outermost one is to commit, and may be refused.
void SqliteStore::Impl::undo() noexcept {
    if (connection.handle() == nullptr || !connection.in_transaction()) return;
    const auto run = [this](const char* sql) {
        int code = SQLITE_NOMEM;
        try {
            code = connection.run(sql);
        } catch (...) {  // no memory even to keep it
            code = SQLITE_NOMEM;
        }
        if (code == SQLITE_OK) return code;
        return sqlite3_exec(connection.handle(), sql, nullptr, nullptr, nullptr);
    };
    if (owned_ || !hosts_) {
        (void)run("ROLLBACK");
    } else if (run("ROLLBACK TO entitle_unit") == SQLITE_OK) {
        (void)run("RELEASE entitle_unit");
    }
    if (!owned_) sqlite3_set_last_insert_rowid(connection.handle(), hosts_rowid_);
}

Error SqliteStore::Impl::error_after(int code) const {
    Error error = sqlite::error_of(code);
    if (owned_ || !hosts_ || connection.in_transaction()) return error;
    error.reason = error.code;
    error.code = ErrorCode::transaction_lost;
    return error;
}

void SqliteStore::Impl::end_unit() {
    open_ = false;
    writing_ = false;
    staged_ = false;
    touched_.clear();
    openings_.clear();
    services_.clear();
    seen_customer_ = {};
    seen_case_ = {};
    mutex_.unlock();
}

tl::unexpected<Error> SqliteStore::Impl::fail(int code) {
    const Error error = error_after(code);
    undo();
    for (const CustomerId id : touched_) cache_.drop(id);
    end_unit();
    return tl::unexpected<Error>{error};
}

Result<void> SqliteStore::Impl::begin(std::span<const Footprint> unit, Access access, std::uint64_t policy) {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    Lock lock{mutex_};
    if (open_) abandon();  // one unit at a time
    if (access != Access::read && read_only_) return refuse(ErrorCode::store_read_only);
    cache_.trim(cache_bytes_);
    open_ = true;
    (void)lock.release();  // until the unit ends
    unit_policy_ = policy;
    writing_ = access != Access::read;
    try {
        if (const int code = start(writing_); code != SQLITE_OK) return fail(code);
        if (const int code = refresh(); code != SQLITE_OK) return fail(code);
        if (policy_ && *policy_ != policy) {
            (void)fail(SQLITE_OK);
            return refuse(ErrorCode::policy_mismatch);
        }
        for (const Footprint& one : unit) {
            sqlite::Block* block = nullptr;
            if (!one.customer) continue;
            if (const int code = find_block(one.customer, block); code != SQLITE_OK) return fail(code);
        }
    } catch (...) {
        (void)fail(SQLITE_NOMEM);
        throw;
    }
    return {};
}

/// What was kept is good while nobody else has committed: SQLite's own count of that, read inside the
/// transaction, tells, whoever it was. Attached, the host itself may have rolled back: nothing is kept.
int SqliteStore::Impl::refresh() {
    if (!owned_) {
        cache_.clear();
        return read_policy();
    }
    std::int64_t now = 0;
    {
        sqlite::Query query{connection, "PRAGMA data_version"};
        if (!query.next()) return query.code();
        now = query.integer();
        if (query.code() != SQLITE_OK) return query.code();
    }
    if (now == data_version_) return SQLITE_OK;
    cache_.clear();
    const int code = read_policy();
    data_version_ = code == SQLITE_OK ? now : -1;
    return code;
}

void SqliteStore::Impl::forget(CustomerId id) { cache_.drop(id); }

int SqliteStore::Impl::read_policy() {
    sqlite::Query query{connection, "SELECT value FROM entitle_meta WHERE name = 'policy'"};
    policy_.reset();
    if (query.next()) policy_ = static_cast<std::uint64_t>(query.integer());
    return query.code();
}

/// The host may have rolled back even the tables.
int SqliteStore::Impl::ensure_schema() {
    sqlite::Schema schema;
    if (const int code = sqlite::read_schema(connection, schema); code != SQLITE_OK) return code;
    return schema.is_current() ? SQLITE_OK : sqlite::migrate(connection, schema.version);
}

int SqliteStore::Impl::write_policy(std::uint64_t policy) {
    sqlite::Query query{connection,
                        "INSERT INTO entitle_meta (name, value) VALUES ('policy', ?)"
                        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"};
    const int code = query.integer(static_cast<std::int64_t>(policy)).run();
    if (code == SQLITE_OK) policy_ = policy;
    return code;
}

/// One row for each customer that the unit has changed, however often it has.
int SqliteStore::Impl::write_customers() {
    for (const CustomerId id : touched_) {
        const int code = sqlite::write_customer(connection, *cache_.find(id));
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

int SqliteStore::Impl::write_back() {
    if (!policy_) {
        if (const int code = write_policy(unit_policy_); code != SQLITE_OK) return code;
    }
    if (const int code = write_customers(); code != SQLITE_OK) return code;
    for (const CustomerId id : touched_) {
        sqlite::Block* block = cache_.find(id);
        block->in_unit = false;
        cache_.weigh(*block);
    }
    return SQLITE_OK;
}

Result<Commit> SqliteStore::Impl::commit() {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    const Lock lock{mutex_};
    if (!open_) return refuse(ErrorCode::store_failed);
    const bool had_policy = policy_.has_value();
    try {
        int code = staged_ ? write_back() : SQLITE_OK;
        if (code == SQLITE_OK) code = finish();
        if (code != SQLITE_OK) {
            if (!had_policy) policy_.reset();
            return fail(code);
        }
    } catch (...) {
        if (!had_policy) policy_.reset();
        (void)fail(SQLITE_NOMEM);
        throw;
    }
    end_unit();
    return Commit::done;
}

void SqliteStore::Impl::abandon() noexcept {
    if (is_forked()) return;
    const Lock lock{mutex_};
    if (!open_) return;
    (void)fail(SQLITE_OK);
}

}  // namespace entitle::inline v0
