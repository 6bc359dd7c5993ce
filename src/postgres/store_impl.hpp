#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "entitle/store/postgres_store.hpp"

#include "../store/applying.hpp"
#include "../store/cache.hpp"
#include "../store/process.hpp"
#include "connection.hpp"
#include "read.hpp"

/// The protocol.
///
/// Whoever wants any row of a customer's must hold the lock of its row in `entitle_customers` first; several
/// customers are locked in the order of their ids. So there is one order of locks, and for each customer one
/// sequence of commands. All that writes is READ COMMITTED. (Only the forgetting of requests locks nothing.)
///
/// *A guarded unit* is one command of a customer who is known from before: `begin` sends nothing, the rule decides
/// by what is in memory, and `commit` is one statement in one round trip (guarded.cpp). It locks the customer's row
/// where the plan's shape and bounds hold, then the case's row where its version does, and only then writes; a row
/// that another was changing is waited for, and asked again as it then is. That holds only of rows that the
/// statement locks or changes: nothing that a plan depends on is looked up beside them. That a new case or a request
/// is not there yet, their unique keys say. What the statement moves, it moves from what the row has, which need not
/// be what was in memory: the number and the balances come back with the answer. No row back, or a key that is
/// taken: nothing has happened, and the unit is stale. So is one that staged nothing: what is refused is refused
/// under the lock.
///
/// *A locked unit* is everything else: batches, changes of agreements, customers not seen before, and what was
/// stale. Its first round trip opens a transaction, locks the rows of its customers, and reads the cases and
/// requests that it named and the agreements that are not known; each statement after the lock sees what was
/// committed before the lock was given. Agreements whose shape is not the one kept from before cost another. Plans
/// are applied to what is in memory; their rows go, whole and sorted, with the COMMIT in the last round trip. Nothing
/// moves between `view` and `commit`.
///
/// *A reading unit* is one transaction at REPEATABLE READ, READ ONLY, without a lock. Attached inside the host's
/// transaction it sees what that sees.
///
/// *Lost connections.* A unit that is only begun begins again. Once the COMMIT of a locked unit was sent, its locks
/// tell: they are held until the former transaction has ended, so whoever gets them on a new connection sees how it
/// ended, in the customer's ledger. A guarded statement may not even have begun: whoever gets the lock and finds
/// nothing of it moves the customer's shape on. Then it can no longer happen, whenever it arrives. What came
/// through is reported as done, and what did not as stale: the engine asks again. Nothing need be sent twice.
///
/// No session state is used: no SET, no advisory locks, no temporary tables; prepared statements only where the
/// options say so.
namespace entitle::inline v0 {

/// A store's connection and the unit that is open on it. A unit holds the lock from its begin to its end, so
/// that what other threads ask waits for it.
class PostgresStore::Impl {
public:
    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl();

    // making one
    [[nodiscard]] Result<void> connect(const std::string& conninfo, const PostgresOptions& options);
    [[nodiscard]] Result<void> attach(PGconn* handle, std::chrono::hours request_retention);

    // units
    [[nodiscard]] Result<void> begin(std::span<const Footprint> unit, Access access, std::uint64_t policy);
    [[nodiscard]] Result<void> view(const Footprint& footprint, View& out);
    [[nodiscard]] Result<Commit> history(CustomerId customer, EntitlementId entitlement, std::uint64_t from,
                                         std::vector<Entry>& out);
    [[nodiscard]] Result<Commit> stage(const Plan& plan, Receipt& receipt);
    [[nodiscard]] Result<Commit> commit();
    void abandon() noexcept;

    /// Runs `work`, which may run twice, in a transaction of its own, or in the unit that is open.
    template <class Work>
    [[nodiscard]] Result<void> in_transaction(bool writes, Work work);
    [[nodiscard]] postgres::Code write_policy(std::uint64_t policy);

    Capabilities capabilities{};
    postgres::Connection connection;

private:
    using Code = postgres::Code;
    using Lock = std::unique_lock<std::recursive_mutex>;
    using Clock = std::chrono::steady_clock;

    // opening
    [[nodiscard]] Code prepare_schema();

    // transactions
    [[nodiscard]] postgres::Sql start_text(bool writes) const;
    [[nodiscard]] Code look_at_host();
    [[nodiscard]] Code start(bool writes);
    [[nodiscard]] postgres::Sql finish_text() const;
    [[nodiscard]] Code finish(std::vector<postgres::Statement> last = {});
    void undo() noexcept;
    /// What `work` answers, which sends what may be done once it is sent: where it runs out of memory after that, its
    /// answer is lost.
    template <class Work>
    [[nodiscard]] Code answer_of(Work work);
    /// Undoes the open unit, ends it, and makes the error of it.
    [[nodiscard]] tl::unexpected<Error> fail(Code code);
    void end_unit();
    void clear_unit();
    [[nodiscard]] Error error_after(Code code) const;
    [[nodiscard]] bool is_forked() const { return process_ != store::process_id(); }
    /// Runs `work` until it neither met others nor lost its connection, for as long as the options allow.
    template <class Work>
    [[nodiscard]] Code persist(Work work);
    [[nodiscard]] Code reconnect(Clock::time_point until);
    [[nodiscard]] Code keep_connecting(Clock::time_point until, Code why);
    /// The connection was lost when it was to commit: `look` says what came of it.
    [[nodiscard]] Result<Commit> settle(Code (Impl::*look)(bool& is_done));
    [[nodiscard]] Code look_for_outcome(bool& is_done);
    [[nodiscard]] Result<Commit> finish_unit();

    // guarded units
    [[nodiscard]] bool begin_guarded(std::span<const Footprint> unit);
    [[nodiscard]] bool is_within(const Footprint& footprint) const;
    [[nodiscard]] bool can_stay_guarded(const Plan& plan) const;
    [[nodiscard]] Code lock_after_all(bool& still_holds);
    [[nodiscard]] Result<Commit> commit_guarded();
    [[nodiscard]] Code take_answer(postgres::Rows& rows, bool& is_done);
    [[nodiscard]] Code look_for_guarded(bool& is_done);
    void remember_cases() noexcept;
    void forget_all();

    // what a unit looks at
    [[nodiscard]] Code load(std::span<const Footprint> unit);
    [[nodiscard]] Code open_unit(std::span<const Footprint> unit, bool& creates);
    [[nodiscard]] postgres::Column unknown_among(std::span<const CustomerId> customers);
    using Loose = std::map<CustomerId, std::vector<store::LooseRow>>;
    [[nodiscard]] Code take_customers(postgres::Rows& rows, std::span<const CustomerId> customers,
                                      Loose loose, bool& missing);
    [[nodiscard]] Code read_agreements(std::span<const postgres::Hot> hot, Loose loose);
    [[nodiscard]] Code read_unlocked(std::span<const CustomerId> customers);
    [[nodiscard]] Code find_block(CustomerId id, postgres::Block*& out);
    [[nodiscard]] Code find_case(CustomerId customer, CaseId id, postgres::CaseSlot*& out);
    [[nodiscard]] Code find_request(CustomerId customer, RequestId id, postgres::RequestSlot*& out);
    [[nodiscard]] Code find_known(CustomerId customer, EntitlementId id, bool& known);
    [[nodiscard]] Code is_referred(CustomerId customer, EntitlementId id, bool& referred);
    [[nodiscard]] Code show(const Footprint& footprint, View& out);

    // applying a plan
    [[nodiscard]] Code holds(const Plan& plan, postgres::Block& block, bool& out);
    [[nodiscard]] Code apply(const Plan& plan, postgres::Block& block, Receipt& receipt);
    [[nodiscard]] Code restructure(const Plan& plan, postgres::Block& block);
    [[nodiscard]] Code append(const Plan& plan, postgres::Block& block, Receipt& receipt);
    void pass_boundaries(const Plan& plan, postgres::Block& block);
    void append_one(const Plan& plan, const postgres::Block& block, std::size_t ordinal,
                    const store::Posting& posting);
    void change_case(const Plan& plan, postgres::Block& block, postgres::CaseSlot& slot) const;
    void touch(postgres::Block& block);

    // writing
    [[nodiscard]] Code keep_policy();
    void collect_writes(std::vector<postgres::Statement>& out);
    [[nodiscard]] Code flush();

    bool owned_ = false;
    PostgresOptions options_{};
    postgres::Connection::Settings settings_{};
    std::int64_t process_ = store::process_id();
    mutable std::recursive_mutex mutex_;
    store::Cache<postgres::Block> cache_;
    store::Cache<postgres::KeptCase> cases_kept_;
    std::optional<std::uint64_t> policy_seen_{};

    // the unit
    bool open_ = false;
    bool writing_ = false;
    bool staged_ = false;
    bool is_locked_ = false;       ///< asked for again, after stale
    bool was_in_the_way_ = false;  ///< of another, when it was asked for again before
    bool hosts_ = false;           ///< inside the host's transaction
    bool begun_ = false;           ///< this store has begun a transaction, or a savepoint
    std::uint64_t unit_policy_ = 0;
    std::optional<std::uint64_t> policy_{};
    std::map<CustomerId, postgres::Block*> blocks_;  ///< looked at
    std::vector<CustomerId> touched_;                ///< changed
    std::size_t unwritten_ = 0;                      ///< plans since the last flush
    postgres::Cases cases_;
    postgres::Requests requests_;
    postgres::Known known_;
    std::vector<Entry> entries_;  ///< not written yet
    std::optional<Entry> first_entry_{};

    // a guarded unit
    bool guarded_ = false;
    bool outdated_ = false;  ///< what is in memory was, but the unit looks at it
    Footprint place_{};
    Plan plan_{};  ///< staged
    Receipt* receipt_ = nullptr;
    std::uint64_t number_before_ = 0;
};

template <class Work>
postgres::Code PostgresStore::Impl::answer_of(Work work) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return postgres::Code::lost;
    }
}

template <class Work>
postgres::Code PostgresStore::Impl::persist(Work work) {
    using postgres::Code;
    constexpr int max_attempts = 20;
    const auto until = Clock::now() + options_.patience;
    for (int attempt = 1;; ++attempt) {
        const Code code = work();
        if (code != Code::again && code != Code::lost) return code;
        undo();
        if (hosts_ || attempt == max_attempts || Clock::now() >= until) return code;
        if (code == Code::again) {
            std::this_thread::sleep_for(std::chrono::milliseconds{attempt});
            continue;
        }
        if (!owned_) return code;
        if (const Code back = reconnect(until); back != Code::ok) return back;
    }
}

template <class Work>
Result<void> PostgresStore::Impl::in_transaction(bool writes, Work work) {
    using postgres::Code;
    if (is_forked()) return refuse(ErrorCode::store_forked);
    const Lock lock{mutex_};
    if (!open_ && writes && options_.read_only) return refuse(ErrorCode::store_read_only);
    Code code = Code::ok;
    bool was_sent = false;
    try {
        if (open_ && !guarded_) {
            code = flush();
            if (code == Code::ok) code = work();
        } else {
            code = persist([&] {
                Code ran = start(writes);
                if (ran == Code::ok) ran = work();
                if (ran != Code::ok) return ran;
                ran = answer_of([&] { return finish(); });
                was_sent = was_sent || (writes && ran == Code::lost);
                return ran;
            });
            const bool is_gone = code == Code::lost || code == Code::unavailable;
            if (is_gone && was_sent) code = Code::unknown;
        }
    } catch (...) {
        if (!open_ || guarded_) undo();
        throw;
    }
    if (code == Code::ok) return {};
    const Error error = error_after(code);
    if (!open_ || guarded_) undo();
    return tl::unexpected<Error>{error};
}

}  // namespace entitle::inline v0
