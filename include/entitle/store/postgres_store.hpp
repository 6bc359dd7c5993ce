#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "entitle/store/store.hpp"

#if defined(_WIN32) && defined(ENTITLE_POSTGRES_SHARED)
#if defined(ENTITLE_POSTGRES_BUILDING)
#define ENTITLE_POSTGRES_API __declspec(dllexport)
#else
#define ENTITLE_POSTGRES_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define ENTITLE_POSTGRES_API __attribute__((visibility("default")))
#else
#define ENTITLE_POSTGRES_API
#endif

/// libpq's connection: its header need not be there for whoever only names it.
struct pg_conn;

namespace entitle::inline v0 {

/// How a server is used.
struct PostgresOptions {
    bool create = true;      ///< off: a database without our tables is `not_a_database`
    bool read_only = false;  ///< only reading units, on any server, a standby too; nothing is changed
    /// Off: nothing is prepared on the connection, for poolers that hand it to another session after each
    /// transaction and do not keep prepared statements.
    bool prepares = true;
    /// Off: each writing unit locks first, which takes two round trips, and no statement both locks and inserts. For
    /// databases that speak PostgreSQL's protocol and not all of its language: some assign to no element of an
    /// array.
    bool one_statement = true;
    /// How long to go on, where a connection was lost or transactions were in each other's way.
    std::chrono::milliseconds patience{10'000};
    std::chrono::hours request_retention{24 * 30};
    std::size_t cache_bytes = std::size_t{64} << 20;  ///< of customers and cases kept between units, about
};

/// Everything in one PostgreSQL database, shared by any number of processes on any number of hosts, or inside
/// the host's own connection. Whatever it makes there is named `entitle_…`, in the first schema of the
/// connection's search path; views (`entitle_left`, `entitle_statement`, `entitle_case_list`) are for people.
/// The database's encoding is UTF8 (else `not_utf8`).
///
/// Threads: as the contract says (S1); reading units of one object take turns. Several objects over one
/// database are safe. A unit ends on the thread that began it. Once the process has forked, the child may only
/// destroy the object: `store_forked`.
///
/// A unit of one command that makes one entry, about a customer and a case known from before, is one statement, sent
/// by `commit`; what it is shown may be out of date. Any other writing unit locks its customers' rows until its end,
/// in the order of their ids: what it sees stays so. Reading units lock nothing, and see one moment of each customer.
///
/// Errors of any call, besides those of the contract: `store_busy` (deadlocks that did not end, a
/// `lock_timeout` of the host's), `store_unavailable` (no connection; nothing happened), `store_full`,
/// `store_memory`, `store_read_only` (also: no permission), `store_limit` (text with a zero byte, which
/// PostgreSQL cannot keep), `database_corrupt`, `store_failed`. From `commit`: `outcome_unknown`, where the
/// connection was lost and none came back in time: ask again with the same request id. (Without one, two commands
/// of the same content at the same instant by the same actor cannot be told apart after a loss.) Attached:
/// `transaction_lost`. No error carries what the server says, nor anything of the connection's text.
/// C++'s own lack of memory is thrown, after the unit was undone.
class ENTITLE_POSTGRES_API PostgresStore final : public Store {
public:
    /// Connects with libpq's own text (`host=… dbname=…` or a URI), makes the tables where they are missing,
    /// and brings older ones forward in one transaction. Without the right to make tables it serves a
    /// database that has them.
    /// Errors: `store_unavailable` (no server, no such database, refused), `not_a_database`, `schema_newer`,
    /// `not_utf8`, and those of any call.
    [[nodiscard]] static Result<std::unique_ptr<PostgresStore>> connect(const std::string& conninfo,
                                                                        const PostgresOptions& options = {});

    /// Lives inside the host's connection and its transaction, so that the host's rows and the terms they used
    /// commit together. A unit is a savepoint and is complete when it ends; nothing is kept between units, and
    /// nothing is prepared or set on the connection. Outside of a transaction, each unit is one of its own.
    /// Receipts are provisional until the host commits; the customers used stay locked until then.
    /// `transaction_lost`: the host's transaction is void (a serialisation failure, a lost connection, an
    /// earlier error): roll it back and begin again. The connection must outlive the store, be in blocking
    /// mode, between commands, speak UTF8, and is used by one thread at a time.
    [[nodiscard]] static Result<std::unique_ptr<PostgresStore>> attach(
        pg_conn* connection, std::chrono::hours request_retention = std::chrono::hours{24 * 30});

    ~PostgresStore() override;

    /// Durable where it has its own connection (as the server's `synchronous_commit` has it), else isolated; always
    /// shared.
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
    /// Entries that a remembered request is answered from stay in the database until `forget_requests`.
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

    /// Forgets the request ids of commands given before an instant, and returns how many. The store itself
    /// forgets none: hosts' clocks differ (R14). Call it with an instant older than the retention.
    [[nodiscard]] Result<std::uint64_t> forget_requests(Instant before);

private:
    class Impl;
    explicit PostgresStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace entitle::inline v0
