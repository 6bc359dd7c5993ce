#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "guarded.hpp"
#include "schema.hpp"
#include "store_impl.hpp"
#include "write.hpp"

/// A unit's transaction: the store's own, or a savepoint of the host's connection.
namespace entitle::inline v0 {

using postgres::Block;
using postgres::Code;
using postgres::Rows;
using postgres::Sql;
using postgres::Statement;

PostgresStore::Impl::~Impl() {
    if (is_forked()) {
        connection.leak();
    } else if (open_) {
        undo();
        end_unit();
    }
}

Sql PostgresStore::Impl::start_text(bool writes) const {
    static constexpr Sql hosts{"SAVEPOINT entitle_unit"};
    static constexpr Sql writing{"BEGIN ISOLATION LEVEL READ COMMITTED"};
    static constexpr Sql reading{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
    if (hosts_) return hosts;
    return writes ? writing : reading;
}

/// Whether a transaction of the host's is open, and still good for something.
Code PostgresStore::Impl::look_at_host() {
    hosts_ = false;
    if (owned_) return Code::ok;
    switch (connection.transaction()) {
        case PQTRANS_IDLE: return Code::ok;
        case PQTRANS_INTRANS: hosts_ = true; return Code::ok;
        case PQTRANS_INERROR: return Code::transaction_lost;
        case PQTRANS_ACTIVE: return Code::failed;  // the host is in the middle of something
        case PQTRANS_UNKNOWN: break;
    }
    return Code::lost;
}

Code PostgresStore::Impl::start(bool writes) {
    if (const Code code = look_at_host(); code != Code::ok) return code;
    begun_ = true;
    return connection.run(Statement{start_text(writes)});
}

Sql PostgresStore::Impl::finish_text() const {
    static constexpr Sql hosts{"RELEASE SAVEPOINT entitle_unit"};
    static constexpr Sql own{"COMMIT"};
    return hosts_ ? hosts : own;
}

/// Runs the last statements of a transaction, and its end, in one go. A transaction that was void ends too, and
/// says only by its tag that nothing came of it.
Code PostgresStore::Impl::finish(std::vector<Statement> last) {
    last.emplace_back(finish_text());
    std::vector<Rows> rows;
    if (const Code code = connection.run(last, rows); code != Code::ok) return code;
    begun_ = false;
    return rows.back().tag() == "ROLLBACK" ? Code::failed : Code::ok;
}

/// Back to where the transaction began. What cannot be sent need not be: the server undoes what lost its client.
void PostgresStore::Impl::undo() noexcept {
    const bool begun = std::exchange(begun_, false);
    if ((!owned_ && !begun) || !connection.is_up()) return;  // what the host began is the host's to end
    const PGTransactionStatusType status = connection.transaction();
    if (status == PQTRANS_IDLE) return;
    static constexpr Sql hosts{"ROLLBACK TO SAVEPOINT entitle_unit; RELEASE SAVEPOINT entitle_unit"};
    static constexpr Sql own{"ROLLBACK"};
    (void)connection.run_script(hosts_ ? hosts : own);
}

/// What voids the host's transaction is not the unit's alone.
Error PostgresStore::Impl::error_after(Code code) const {
    Error error = postgres::error_of(code);
    if (!hosts_ || (code != Code::again && code != Code::lost)) return error;
    error.reason = error.code;
    error.code = ErrorCode::transaction_lost;
    return error;
}

void PostgresStore::Impl::clear_unit() {
    for (const CustomerId id : touched_) cache_.drop(id);
    if (!owned_) cache_.clear();  // the host may roll back whatever was seen
    blocks_.clear();
    touched_.clear();
    cases_.clear();
    requests_.clear();
    known_.clear();
    entries_.clear();
    first_entry_.reset();
    policy_.reset();
    staged_ = false;
    unwritten_ = 0;
}

void PostgresStore::Impl::end_unit() {
    clear_unit();
    open_ = false;
    writing_ = false;
    hosts_ = false;
    guarded_ = false;
    receipt_ = nullptr;
    if (outdated_) forget_all();
    mutex_.unlock();
}

tl::unexpected<Error> PostgresStore::Impl::fail(Code code) {
    const Error error = error_after(code);
    undo();
    end_unit();
    return tl::unexpected<Error>{error};
}

Code PostgresStore::Impl::reconnect(Clock::time_point until) {
    forget_all();  // a standby that took over may lack what was reported last
    const Code code = keep_connecting(until, Code::unavailable);
    return code == Code::unavailable ? Code::lost : code;
}

/// Connects again for as long as the server may have room later, or this is why it could not.
Code PostgresStore::Impl::keep_connecting(Clock::time_point until, Code why) {
    using std::chrono::milliseconds;
    milliseconds pause{5};
    for (;;) {
        const Code code = connection.connect(settings_);
        if ((code != Code::lost && code != why) || Clock::now() >= until) return code;
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, milliseconds{250});
    }
}

void PostgresStore::Impl::forget_all() {
    outdated_ = guarded_;
    if (guarded_) return;
    cache_.clear();
    cases_kept_.clear();
    policy_seen_.reset();
}

Result<void> PostgresStore::Impl::begin(std::span<const Footprint> unit, Access access,
                                        std::uint64_t policy) {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    Lock lock{mutex_};
    if (open_) abandon();  // one unit at a time
    if (access != Access::read && options_.read_only) return refuse(ErrorCode::store_read_only);
    cache_.trim(options_.cache_bytes - options_.cache_bytes / 4);
    cases_kept_.trim(options_.cache_bytes / 4);
    open_ = true;
    (void)lock.release();  // until the unit ends
    unit_policy_ = policy;
    writing_ = access != Access::read;
    if (access != Access::locked) was_in_the_way_ = false;
    is_locked_ = access == Access::locked;
    try {
        if (access == Access::write && begin_guarded(unit)) return {};
        if (const Code code = load(unit); code != Code::ok) return fail(code);
        if (policy_ && *policy_ != policy) {
            (void)fail(Code::ok);
            return refuse(ErrorCode::policy_mismatch);
        }
    } catch (...) {
        (void)fail(Code::memory);
        throw;
    }
    return {};
}

/// Opens the unit's transaction, for as long as it takes.
Code PostgresStore::Impl::load(std::span<const Footprint> unit) {
    bool creates = false;
    bool has_made = false;
    return persist([&] {
        Code opened = open_unit(unit, creates);
        if (opened == Code::ok && creates) {
            undo();
            opened = open_unit(unit, creates);
        }
        if (opened != Code::not_ours || owned_ || has_made) return opened;
        undo();
        has_made = true;  // the host has rolled back even the tables
        opened = prepare_schema();
        return opened == Code::ok ? open_unit(unit, creates) : opened;
    });
}

/// The first unit that writes keeps its policy. Another's may have been quicker, with the same one or another.
Code PostgresStore::Impl::keep_policy() {
    Statement insert{
        "INSERT INTO entitle_meta (name, value) VALUES ('policy', $1) ON CONFLICT (name) DO NOTHING"};
    insert.integer(static_cast<std::int64_t>(unit_policy_));
    const std::array asked{std::move(insert),
                           Statement{"SELECT value FROM entitle_meta WHERE name = 'policy'"}};
    std::vector<Rows> rows;
    if (const Code code = connection.run(asked, rows); code != Code::ok) return code;
    if (!rows[1].next()) return Code::again;
    policy_ = policy_seen_ = static_cast<std::uint64_t>(rows[1].integer());
    return policy_ == unit_policy_ ? Code::ok : Code::again;
}

Code PostgresStore::Impl::write_policy(std::uint64_t policy) {
    policy_seen_.reset();
    Statement upsert{
        "INSERT INTO entitle_meta (name, value) VALUES ('policy', $1)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"};
    return connection.run(upsert.integer(static_cast<std::int64_t>(policy)));
}

/// What the unit has changed since it was last written, which then counts as written.
void PostgresStore::Impl::collect_writes(std::vector<Statement>& out) {
    if (unwritten_ == 0) return;
    std::vector<const Block*> changed;
    for (const CustomerId id : touched_) changed.push_back(blocks_.at(id));
    out.push_back(postgres::update_customers(changed));
    for (const CustomerId id : touched_) {
        Block& block = *blocks_.at(id);
        postgres::write_entitlements(block, out);
        if (block.reshaped) block.kept = postgres::standings_of(block);
        block.rewritten.clear();
        block.removed.clear();
    }
    postgres::write_cases(cases_, out);
    for (auto& [key, slot] : cases_) {
        if (!slot.changed) continue;
        slot.changed = false;
        slot.was_there = slot.is_there;
    }
    postgres::write_entries(entries_, out);
    entries_.clear();
    postgres::write_requests(requests_, out);
    for (auto& [key, slot] : requests_) slot.changed = false;
    unwritten_ = 0;
}

Code PostgresStore::Impl::flush() {
    std::vector<Statement> writes;
    collect_writes(writes);
    std::vector<Rows> rows;
    return connection.run(writes, rows);
}

Result<Commit> PostgresStore::Impl::commit() {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    const Lock lock{mutex_};
    if (!open_) return refuse(ErrorCode::store_failed);
    if (!staged_) {
        const bool was_seen = !guarded_;
        (void)fail(Code::ok);
        return was_seen ? Commit::done : Commit::stale;
    }
    try {
        if (guarded_) return commit_guarded();
        Code code = policy_ ? Code::ok : keep_policy();
        if (code == Code::ok) {
            std::vector<Statement> writes;
            collect_writes(writes);
            postgres::Column unused{postgres::Type::uuid};
            for (const auto& [id, block] : blocks_) {
                if (block->is_new && !block->in_unit) unused.id(id.bits());
            }
            if (!unused.is_empty()) writes.push_back(postgres::delete_customers(unused));
            code = answer_of([&] { return finish(std::move(writes)); });
        }
        if (code == Code::lost && !hosts_) return settle(&Impl::look_for_outcome);
        if (code == Code::again && !hosts_ && !was_in_the_way_) {
            const bool is_locked = is_locked_;
            (void)fail(Code::ok);
            was_in_the_way_ = is_locked;
            return Commit::stale;
        }
        if (code != Code::ok) return fail(code);
    } catch (...) {
        (void)fail(Code::memory);
        throw;
    }
    return finish_unit();
}

/// What is in memory is what the database has.
Result<Commit> PostgresStore::Impl::finish_unit() {
    for (const CustomerId id : touched_) {
        Block& block = *blocks_.at(id);
        block.in_unit = block.is_new = block.reshaped = false;
        block.kept.clear();
        block.kept_shape = block.shape;
        cache_.weigh(block);
    }
    touched_.clear();
    if (owned_) remember_cases();
    end_unit();
    return Commit::done;
}

Result<Commit> PostgresStore::Impl::settle(Code (Impl::*look)(bool& is_done)) {
    bool is_done = false;
    Code code = Code::unknown;
    const auto until = Clock::now() + options_.patience;
    while (owned_ && code == Code::unknown) {
        const Code looked = answer_of([&] {
            const Code back = reconnect(until);
            return back == Code::ok ? (this->*look)(is_done) : Code::unknown;
        });
        undo();
        if (looked == Code::ok) code = Code::ok;
        else if ((looked != Code::lost && looked != Code::again) || Clock::now() >= until) break;
    }
    const auto error = fail(code);
    if (code != Code::ok) return error;
    return is_done ? Commit::done : Commit::stale;
}

/// Under the lock that the former transaction held until its end: the first of the unit's entries is there, or none
/// of the unit is. A customer that the former transaction made is waited for by its key: it cannot be seen yet. A unit
/// without entries is not looked for: it only remembers a request, and may do so twice.
Code PostgresStore::Impl::look_for_outcome(bool& is_done) {
    if (!first_entry_) return Code::ok;
    const Entry& ours = *first_entry_;
    postgres::Column ids{postgres::Type::uuid};
    ids.id(ours.customer.bits());
    std::vector<Statement> asked;
    asked.emplace_back(Sql{"BEGIN ISOLATION LEVEL READ COMMITTED"});
    asked.push_back(postgres::insert_customers(ids));
    asked.push_back(postgres::hot_rows(ids, postgres::Locking::update));
    asked.push_back(postgres::entry_like(ours, ours.number - 1));
    std::vector<Rows> rows;
    if (const Code code = connection.run(asked, rows); code != Code::ok) return code;
    std::optional<Entry> found;
    if (const Code code = postgres::read_entry_like(rows.back(), found); code != Code::ok) return code;
    is_done = found && found->number == ours.number && found->remaining == ours.remaining;
    return Code::ok;
}

void PostgresStore::Impl::abandon() noexcept {
    if (is_forked()) return;
    const Lock lock{mutex_};
    if (!open_) return;
    (void)fail(Code::ok);
}

}  // namespace entitle::inline v0
