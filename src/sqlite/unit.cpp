#include <algorithm>

#include "entitle/store/receipts.hpp"

#include "../store/applying.hpp"
#include "service.hpp"
#include "store_impl.hpp"
#include "write.hpp"

/// What a unit looks at, and how a plan is applied to it.
namespace entitle::inline v0 {

using sqlite::Block;
using sqlite::KnownCase;

int SqliteStore::Impl::find_block(CustomerId id, Block*& out) {
    out = cache_.find(id);
    if (out != nullptr) return SQLITE_OK;
    Block block;
    const int code = sqlite::read_block(connection, id, block);
    if (code == SQLITE_OK) out = &cache_.add(std::move(block));
    return code;
}

/// Looks at a case, which is then `seen_`.
int SqliteStore::Impl::find_case(Block& block, CaseId id) {
    seen_case_ = {};
    if (const int code = sqlite::read_case(connection, block, id, seen_); code != SQLITE_OK) return code;
    seen_customer_ = block.id;
    seen_case_ = id;
    return SQLITE_OK;
}

Result<void> SqliteStore::Impl::view(const Footprint& footprint, View& out) {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    const Lock lock{mutex_};
    if (!open_) return refuse(ErrorCode::store_failed);
    try {
        if (const int code = show(footprint, out); code != SQLITE_OK) return fail(code);
    } catch (...) {
        (void)fail(SQLITE_NOMEM);
        throw;
    }
    return {};
}

int SqliteStore::Impl::show(const Footprint& footprint, View& out) {
    Block* block = nullptr;
    if (const int code = find_block(footprint.customer, block); code != SQLITE_OK) return code;
    block->show(out);
    out.opening = nullptr;
    out.service = nullptr;
    out.has_case = false;
    out.has_first = false;
    out.referred = false;
    out.known = false;
    if (footprint.support_case) {
        if (const int code = find_case(*block, footprint.support_case); code != SQLITE_OK) return code;
        if (seen_.key != 0) out.add_case() = seen_.now;
        if (out.has_case && seen_.has_opening) out.opening = &openings_.emplace_back(seen_.opening);
        if (out.has_case && !seen_.service.is_empty()) out.service = &services_.emplace_back(seen_.service);
    }
    if (footprint.request) {
        const int code = sqlite::read_first(connection, *block, footprint.request, out);
        if (code != SQLITE_OK) return code;
    }
    if (!footprint.entitlement) return SQLITE_OK;
    return sqlite::read_mentions(connection, *block, footprint.entitlement, out);
}

Result<Commit> SqliteStore::Impl::history(CustomerId customer, EntitlementId entitlement, std::uint64_t from,
                                          std::vector<Entry>& out) {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    const Lock lock{mutex_};
    if (!open_) return refuse(ErrorCode::store_failed);
    try {
        Block* block = nullptr;
        int code = find_block(customer, block);
        if (code == SQLITE_OK) code = sqlite::read_history(connection, *block, entitlement, from, out);
        if (code != SQLITE_OK) return fail(code);
    } catch (...) {
        (void)fail(SQLITE_NOMEM);
        throw;
    }
    return Commit::done;
}

Result<Commit> SqliteStore::Impl::stage(const Plan& plan, Receipt& receipt) {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    const Lock lock{mutex_};
    if (!open_ || !writing_) return refuse(ErrorCode::store_failed);
    openings_.clear();
    services_.clear();
    try {
        Block* block = nullptr;
        bool still_holds = false;
        if (const int code = find_block(plan.customer, block); code != SQLITE_OK) return fail(code);
        if (const int code = holds(plan, *block, still_holds); code != SQLITE_OK) return fail(code);
        if (!still_holds) {
            (void)fail(SQLITE_OK);
            return Commit::stale;
        }
        touch(*block);
        if (const int code = apply(plan, *block, receipt); code != SQLITE_OK) return fail(code);
    } catch (...) {
        (void)fail(SQLITE_NOMEM);
        throw;
    }
    seen_case_ = {};
    return Commit::done;
}

/// From here on the block is not what the file has, until the unit commits.
void SqliteStore::Impl::touch(Block& block) {
    staged_ = true;
    if (block.in_unit) return;
    touched_.push_back(block.id);
    block.in_unit = true;
}

int SqliteStore::Impl::holds(const Plan& plan, Block& block, bool& out) {
    out = false;
    if (!store::still_holds(plan, block)) return SQLITE_OK;
    if (plan.support_case_id) {
        const bool seen = seen_customer_ == plan.customer && seen_case_ == plan.support_case_id;
        const int code = seen ? SQLITE_OK : find_case(block, plan.support_case_id);
        if (code != SQLITE_OK) return code;
        if ((seen_.key == 0 ? 0 : seen_.now.last_number) != plan.case_version) return SQLITE_OK;
    }
    bool referred = false;
    if (plan.entitlement.kind == EntitlementChange::Kind::remove) {
        const int code = sqlite::read_is_referred(connection, block, plan.entitlement.id, referred);
        if (code != SQLITE_OK) return code;
    }
    out = !referred;
    return SQLITE_OK;
}

int SqliteStore::Impl::apply(const Plan& plan, Block& block, Receipt& receipt) {
    using Kind = EntitlementChange::Kind;
    const bool removes = plan.entitlement.kind == Kind::remove;  // once its last entry is written
    int code = pass_boundaries(plan, block);
    if (code == SQLITE_OK && plan.changes_rows() && !removes) code = restructure(plan, block);
    if (code != SQLITE_OK) return code;
    receipt = {};
    detail::begin_receipt(plan, receipt);
    if (plan.entries.empty()) detail::answer_nothing(plan, block.rows, receipt);
    else code = append(plan, block, receipt);
    if (code == SQLITE_OK && plan.request) code = sqlite::remember_request(connection, block, plan, receipt);
    if (code == SQLITE_OK && removes) code = restructure(plan, block);
    return code;
}

namespace {

[[nodiscard]] bool has_new_periods(const Plan& plan, std::size_t row) {
    return std::any_of(plan.periods.begin(), plan.periods.end(),
                       [row](const PeriodChange& change) { return change.row == row; });
}

}  // namespace

/// Boundaries come first: what they move, they move of the agreements as they were.
int SqliteStore::Impl::pass_boundaries(const Plan& plan, Block& block) {
    for (std::size_t i = 0; i < plan.boundaries; ++i) {
        const store::Posting posting = store::pass(plan, i, block);
        const int code = append_one(plan, block, i, 0, posting);
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

/// Changes the block's rows, and then what the file has of them.
int SqliteStore::Impl::restructure(const Plan& plan, Block& block) {
    using Kind = EntitlementChange::Kind;
    const Kind kind = plan.entitlement.kind;
    const std::vector<EntitlementRow> before = block.rows;
    const std::uint64_t removed = kind == Kind::remove ? before[plan.entitlement.row].record->sequence : 0;
    store::settle(store::changed_rows(plan, block), block);
    ++block.shape;
    block.moved = true;
    if (block.key == 0) {
        if (const int code = sqlite::insert_customer(connection, block); code != SQLITE_OK) return code;
    }
    if (removed != 0) {
        const int code = sqlite::remove_entitlement(connection, block, removed);
        if (code != SQLITE_OK) return code;
    }
    for (std::size_t place = 0; place < block.rows.size(); ++place) {
        const std::size_t from = plan.order.empty() ? place : plan.order[place];
        int code = SQLITE_OK;
        if (from == no_row) {
            code = sqlite::insert_entitlement(connection, block, place);
        } else if (kind == Kind::replace && from == plan.entitlement.row) {
            code = sqlite::replace_entitlement(connection, block, place);
        } else if (from != place || has_new_periods(plan, from) ||
                   before[from].phase != block.rows[place].phase ||
                   before[from].is_default != block.rows[place].is_default) {
            code = sqlite::write_standing(connection, block, place);
        }
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

/// Appends the plan's entries and moves the counters.
int SqliteStore::Impl::append(const Plan& plan, Block& block, Receipt& receipt) {
    if (block.last_number >= static_cast<std::uint64_t>(sqlite::max_number)) return SQLITE_TOOBIG;
    receipt.number = ++block.last_number;
    block.moved = true;
    if (const int code = change_case(plan, block); code != SQLITE_OK) return code;
    const std::int64_t support_case = plan.support_case_id ? seen_.key : 0;
    for (std::size_t i = plan.boundaries; i < plan.entries.size(); ++i) {
        const store::Posting posting = store::post(plan, i, block, receipt);
        const int code = append_one(plan, block, i, support_case, posting);
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

/// The number is the next one until the block has taken it.
int SqliteStore::Impl::append_one(const Plan& plan, Block& block, std::size_t ordinal,
                                  std::int64_t support_case, const store::Posting& posting) {
    const bool is_taken = ordinal >= plan.boundaries;
    const sqlite::NewEntry entry{.number = is_taken ? block.last_number : block.last_number + 1,
                                 .ordinal = ordinal,
                                 .entitlement = posting.row.record->sequence,
                                 .support_case = support_case,
                                 .channel = posting.channel,
                                 .remaining = posting.row.remaining,
                                 .channel_remaining = posting.channel_remaining,
                                 .unit = unit_of(posting.row)};
    return sqlite::insert_entry(connection, block, plan, plan.entries[ordinal], entry);
}

/// The case as it is after the plan. Its entries refer to it, and so come later.
int SqliteStore::Impl::change_case(const Plan& plan, Block& block) {
    if (plan.case_change == CaseChange::none) return SQLITE_OK;
    KnownCase after = seen_;
    after.now.last_number = block.last_number;
    if (plan.case_change == CaseChange::erase) {
        if (plan.service) {
            const int code = sqlite::write_service(connection, seen_.key, *plan.service);
            if (code != SQLITE_OK) return code;
        }
        return sqlite::erase_case(connection, after);
    }
    if (plan.case_change == CaseChange::update && plan.opening_changed && !seen_.has_opening) {
        if (const int code = sqlite::insert_opening(connection, seen_); code != SQLITE_OK) return code;
    }
    const bool inserts = plan.case_change == CaseChange::insert;
    after.now = store::case_after(plan, block, inserts ? nullptr : &seen_.now);
    const std::uint64_t entitlement = store::last_row(plan, block).record->sequence;
    int code = inserts ? sqlite::insert_case(connection, block, after.now, entitlement)
                       : sqlite::update_case(connection, after, entitlement);
    if (inserts) seen_.key = block.last_case;
    if (code == SQLITE_OK && plan.service) code = sqlite::write_service(connection, seen_.key, *plan.service);
    return code;
}

}  // namespace entitle::inline v0
