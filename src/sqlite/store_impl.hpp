#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "entitle/store/sqlite_store.hpp"

#include "../store/applying.hpp"
#include "../store/cache.hpp"
#include "../store/process.hpp"
#include "block.hpp"
#include "chain.hpp"
#include "connection.hpp"
#include "read.hpp"

namespace entitle::inline v0 {

/// A store's connection and the unit that is open on it. A unit holds the lock from its begin to its end, so
/// that what other threads ask waits for it.
class SqliteStore::Impl {
public:
    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl();

    // making one
    [[nodiscard]] Result<void> open(const std::string& path, const SqliteOptions& options);
    [[nodiscard]] Result<void> attach(sqlite3* handle, std::chrono::hours request_retention);

    // units
    [[nodiscard]] Result<void> begin(std::span<const Footprint> unit, Access access, std::uint64_t policy);
    [[nodiscard]] Result<void> view(const Footprint& footprint, View& out);
    [[nodiscard]] Result<Commit> history(CustomerId customer, EntitlementId entitlement, std::uint64_t from,
                                         std::vector<Entry>& out);
    [[nodiscard]] Result<Commit> stage(const Plan& plan, Receipt& receipt);
    [[nodiscard]] Result<Commit> commit();
    void abandon() noexcept;

    /// Runs `work`, which gives a result code, in a transaction of its own, or in the unit that is open.
    template <class Work>
    [[nodiscard]] Result<void> in_transaction(bool writes, Work work);
    [[nodiscard]] Result<void> backup(const std::string& path);
    /// What was changed of a customer without a unit is not what is kept of it.
    void forget(CustomerId id);
    [[nodiscard]] int write_policy(std::uint64_t policy);

    Capabilities capabilities{};
    sqlite::Connection connection;
    sqlite::Trails trails;

private:
    using Lock = std::unique_lock<std::recursive_mutex>;

    // opening
    [[nodiscard]] int open_file(const std::string& path, const SqliteOptions& options);
    [[nodiscard]] int configure(const SqliteOptions& options);
    [[nodiscard]] int check_size() const;
    [[nodiscard]] int keep_log(std::chrono::milliseconds busy_timeout);
    [[nodiscard]] Result<void> check_schema(bool& current);
    [[nodiscard]] Result<void> bring_schema_forward();

    // transactions
    [[nodiscard]] int start(bool writes);
    [[nodiscard]] int finish();
    void undo() noexcept;
    /// Undoes the open unit, ends it, and makes the error of it.
    [[nodiscard]] tl::unexpected<Error> fail(int code);
    void end_unit();
    [[nodiscard]] Error error_after(int code) const;
    [[nodiscard]] bool is_forked() const { return process_ != store::process_id(); }

    // what a unit looks at
    [[nodiscard]] int refresh();
    [[nodiscard]] int ensure_schema();
    [[nodiscard]] int read_policy();
    [[nodiscard]] int find_block(CustomerId id, sqlite::Block*& out);
    [[nodiscard]] int find_case(sqlite::Block& block, CaseId id);
    [[nodiscard]] int show(const Footprint& footprint, View& out);

    // applying a plan
    [[nodiscard]] int holds(const Plan& plan, sqlite::Block& block, bool& out);
    [[nodiscard]] int apply(const Plan& plan, sqlite::Block& block, Receipt& receipt);
    [[nodiscard]] int restructure(const Plan& plan, sqlite::Block& block);
    [[nodiscard]] int append(const Plan& plan, sqlite::Block& block, Receipt& receipt);
    [[nodiscard]] int pass_boundaries(const Plan& plan, sqlite::Block& block);
    [[nodiscard]] int append_one(const Plan& plan, sqlite::Block& block, std::size_t ordinal,
                                 std::int64_t support_case, const store::Posting& posting);
    [[nodiscard]] int change_case(const Plan& plan, sqlite::Block& block);
    [[nodiscard]] int write_customers();
    [[nodiscard]] int write_back();
    void touch(sqlite::Block& block);

    bool owned_ = false;
    bool read_only_ = false;
    std::size_t cache_bytes_ = 0;
    std::int64_t process_ = store::process_id();
    mutable std::recursive_mutex mutex_;

    store::Cache<sqlite::Block> cache_;
    std::int64_t data_version_ = -1;  ///< under which the cache was read: another's commit changes it
    std::optional<std::uint64_t> policy_{};

    // the unit
    bool open_ = false;
    bool writing_ = false;
    bool staged_ = false;
    bool hosts_ = false;  ///< inside the host's transaction
    std::int64_t hosts_rowid_ = 0;
    std::uint64_t unit_policy_ = 0;
    std::vector<CustomerId> touched_;
    std::deque<Opening> openings_;  ///< shown by the views since the last stage
    std::deque<CaseService> services_;
    // the case that was looked at last
    CustomerId seen_customer_{};
    sqlite::KnownCase seen_{};
    CaseId seen_case_{};
};

template <class Work>
Result<void> SqliteStore::Impl::in_transaction(bool writes, Work work) {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    const Lock lock{mutex_};
    const bool own = !open_;
    if (own && writes && read_only_) return refuse(ErrorCode::store_read_only);
    int code = SQLITE_OK;
    try {
        code = own ? start(writes) : write_customers();
        if (code == SQLITE_OK) code = work();
        if (own && code == SQLITE_OK) code = finish();
    } catch (...) {
        data_version_ = -1;
        if (own) undo();
        throw;
    }
    if (code == SQLITE_OK) return {};
    const Error error = error_after(code);
    data_version_ = -1;  // what was kept may not be what is there
    if (own) undo();
    return tl::unexpected<Error>{error};
}

}  // namespace entitle::inline v0
