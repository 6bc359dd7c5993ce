#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "entitle/store/store.hpp"

#if defined(_WIN32) && defined(ENTITLE_SQLITE_SHARED)
#if defined(ENTITLE_SQLITE_BUILDING)
#define ENTITLE_SQLITE_API __declspec(dllexport)
#else
#define ENTITLE_SQLITE_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define ENTITLE_SQLITE_API __attribute__((visibility("default")))
#else
#define ENTITLE_SQLITE_API
#endif

struct sqlite3;

namespace entitle::inline v0 {

/// When a commit is on the disk.
enum class Synchronous : std::uint8_t {
    full,    ///< before it is reported: survives a loss of power
    normal,  ///< survives a crash of the process; a loss of power may take the last commits
    off      ///< the same, and a loss of power may damage the file: for tests and imports
};

/// How an owned file is opened.
struct SqliteOptions {
    bool create = true;      ///< off: a file that is missing or empty is an error
    bool read_only = false;  ///< only reading units; a file older than schema 3 is `store_read_only`
    Synchronous synchronous = Synchronous::full;
    std::chrono::milliseconds busy_timeout{5000};  ///< how long to wait for others, then `store_busy`
    std::chrono::hours request_retention{24 * 30};
    std::size_t cache_bytes = std::size_t{64} << 20;       ///< of customers kept between units, about
    std::size_t page_cache_bytes = std::size_t{32} << 20;  ///< of SQLite's own
    std::string vfs{};  ///< SQLite's file layer by name; empty: its default
};

/// Everything in one SQLite file, or inside the host's own connection. Whatever it makes there is named
/// `entitle_…`; views (`entitle_left`, `entitle_statement`, `entitle_case_list`) are for people.
///
/// Threads: as the contract says (S1); reading units of one object take turns. A unit ends on the thread
/// that began it. Several objects over one file are safe, in one process or in many, on a local disk.
/// Once the process has forked, the child may only destroy the object: `store_forked`.
///
/// Errors of any call, besides those of the contract: `store_busy`, `store_full`, `store_io`,
/// `store_memory`, `store_read_only`, `database_corrupt` and `store_failed`; attached, `transaction_lost`.
/// C++'s own lack of memory is thrown, after the unit was undone.
class ENTITLE_SQLITE_API SqliteStore final : public Store {
public:
    /// Owns the file at `path`: makes it, brings an older schema forward in one transaction, and keeps it in
    /// write-ahead mode, so `-wal` and `-shm` files lie beside it while it is open.
    /// Errors, none of which changes the file: `store_unavailable` (no such file or folder, no permission,
    /// not a file), `store_busy`, `store_read_only`, `not_a_database`, `database_corrupt` (also: cut short),
    /// `schema_newer`, `store_io`, `store_memory`.
    [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(const std::string& path,
                                                                   const SqliteOptions& options = {});

    /// Lives inside the host's connection and its transaction, so that the host's rows and the terms they
    /// used commit together. A unit is a savepoint and is complete when it ends; nothing is kept between
    /// units; the host's hooks, pragmas and transaction are left alone. Outside of a transaction, each unit
    /// is one of its own. Receipts are provisional until the host commits.
    /// `transaction_lost`: SQLite itself ended the host's transaction (disk full, no memory …); `reason` says
    /// why. The connection must outlive the store, and is used by one thread at a time.
    [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> attach(
        sqlite3* connection, std::chrono::hours request_retention = std::chrono::hours{24 * 30});

    ~SqliteStore() override;

    /// Durable where it owns the file and `synchronous` is full; always shared and isolated.
    [[nodiscard]] Capabilities capabilities() const override;

    [[nodiscard]] Result<void> begin(std::span<const Footprint> unit, Access access,
                                     std::uint64_t policy) override;
    [[nodiscard]] Result<void> view(const Footprint& footprint, View& out) override;
    [[nodiscard]] Result<Commit> history(CustomerId customer, EntitlementId entitlement, std::uint64_t from,
                                         std::vector<Entry>& out) override;
    [[nodiscard]] Result<Commit> stage(const Plan& plan, Receipt& receipt) override;
    [[nodiscard]] Result<Commit> commit() override;
    void abandon() noexcept override;
    [[nodiscard]] Result<void> change_policy(std::uint64_t policy) override;

    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<Entitlement>& out) const override;
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<SupportCase>& out) const override;
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<Entry>& out) const override;
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<Seal>& out) const override;
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<Base>& out) const override;
    [[nodiscard]] Result<void> keep_heads(CustomerId customer, std::uint64_t first,
                                          std::span<const Digest> heads) override;
    /// Entries that a remembered request is answered from stay in the file until `forget_requests`.
    [[nodiscard]] Result<void> archive(const Base& base) override;
    [[nodiscard]] Result<void> keep(const Template& made) override;
    [[nodiscard]] Result<void> keep(const AssignmentRule& rule) override;
    [[nodiscard]] Result<void> drop(TemplateId id) override;
    [[nodiscard]] Result<void> drop(const AssignmentRule& rule) override;
    [[nodiscard]] Result<void> list(TemplateId only, std::vector<Template>& out) const override;
    [[nodiscard]] Result<void> list(ProductId only, std::vector<AssignmentRule>& out) const override;
    [[nodiscard]] Result<void> keep(const ServiceTerms& terms) override;
    [[nodiscard]] Result<void> list(std::vector<ServiceTerms>& out) const override;
    [[nodiscard]] Result<void> scan(const Filter& filter, Cursor& cursor,
                                    std::vector<ServedCase>& out) const override;
    [[nodiscard]] Result<void> due(Instant until, CustomerId only, Cursor& cursor,
                                   std::vector<ServedCase>& out) const override;
    [[nodiscard]] Result<CustomerId> customer_of(EntitlementId entitlement) const override;
    [[nodiscard]] Result<CustomerId> customer_of(CaseId support_case) const override;

    /// Copies the whole store to a new file as it is now, while others go on using it. An owned file only
    /// (`store_failed`: an attached store is its host's to copy). `file_exists`: nothing is written over.
    /// On any error there is no new file.
    [[nodiscard]] Result<void> backup(const std::string& path) const;
    /// Forgets the request ids of commands given before an instant, and returns how many. The store itself
    /// forgets none: hosts' clocks differ (R14). Call it with an instant older than the retention.
    [[nodiscard]] Result<std::uint64_t> forget_requests(Instant before);

private:
    class Impl;
    explicit SqliteStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace entitle::inline v0
