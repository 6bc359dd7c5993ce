#include <algorithm>
#include <string_view>

#include "entitle/store/receipts.hpp"

#include "../store/applying.hpp"
#include "store_impl.hpp"

/// How a plan is applied to what a unit has in memory.
namespace entitle::inline v0 {

using postgres::Block;
using postgres::CaseSlot;
using postgres::Code;
using postgres::RequestSlot;

namespace {

[[nodiscard]] bool can_be_kept(const Plan& plan) {
    using postgres::is_text;
    const Agreement& agreement = plan.entitlement.agreement;
    const auto& channels = plan.entitlement.channels;
    return is_text(plan.reason) && is_text(agreement.name) && is_text(agreement.description) &&
           is_text(agreement.coverage.time_zone) && (!plan.service || is_text(plan.service->stage.name())) &&
           is_text(plan.support_case.facts.origin.name()) &&
           std::all_of(channels.begin(), channels.end(),
                       [](const ChannelCarry& carry) { return is_text(carry.channel.name()); });
}

}  // namespace

Result<Commit> PostgresStore::Impl::stage(const Plan& plan, Receipt& receipt) {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    const Lock lock{mutex_};
    if (!open_ || !writing_) return refuse(ErrorCode::store_failed);
    try {
        Block* block = nullptr;
        bool still_holds = true;
        if (!can_be_kept(plan)) return fail(Code::limit);
        if (guarded_ && !can_stay_guarded(plan)) {
            if (const Code code = lock_after_all(still_holds); code != Code::ok) return fail(code);
        }
        if (!still_holds) {
            (void)fail(Code::ok);
            return Commit::stale;
        }
        if (const Code code = find_block(plan.customer, block); code != Code::ok) return fail(code);
        if (const Code code = holds(plan, *block, still_holds); code != Code::ok) return fail(code);
        if (!still_holds) {
            (void)fail(Code::ok);
            return Commit::stale;
        }
        touch(*block);
        if (guarded_) {
            plan_ = plan;
            receipt_ = &receipt;
            number_before_ = block->last_number;
        }
        if (const Code code = apply(plan, *block, receipt); code != Code::ok) return fail(code);
    } catch (...) {
        (void)fail(Code::memory);
        throw;
    }
    return Commit::done;
}

/// From here on the block is not what the database has, until the unit commits.
void PostgresStore::Impl::touch(Block& block) {
    staged_ = true;
    ++unwritten_;
    if (block.in_unit) return;
    touched_.push_back(block.id);
    block.in_unit = true;
}

Code PostgresStore::Impl::holds(const Plan& plan, Block& block, bool& out) {
    out = false;
    if (!store::still_holds(plan, block)) return Code::ok;
    if (plan.support_case_id) {
        CaseSlot* slot = nullptr;
        const Code code = find_case(plan.customer, plan.support_case_id, slot);
        if (code != Code::ok) return code;
        if ((slot->is_there ? slot->now.last_number : 0) != plan.case_version) return Code::ok;
    }
    bool referred = false;
    if (plan.entitlement.kind == EntitlementChange::Kind::remove) {
        const Code code = is_referred(plan.customer, plan.entitlement.id, referred);
        if (code != Code::ok) return code;
    }
    out = !referred;
    return Code::ok;
}

Code PostgresStore::Impl::apply(const Plan& plan, Block& block, Receipt& receipt) {
    using Kind = EntitlementChange::Kind;
    const bool removes = plan.entitlement.kind == Kind::remove;  // once its last entry is written
    pass_boundaries(plan, block);
    if (plan.changes_rows() && !removes) {
        if (const Code code = restructure(plan, block); code != Code::ok) return code;
    }
    receipt = {};
    detail::begin_receipt(plan, receipt);
    if (plan.entries.empty()) {
        detail::answer_nothing(plan, block.rows, receipt);
    } else if (const Code code = append(plan, block, receipt); code != Code::ok) {
        return code;
    }
    if (plan.request) {
        RequestSlot& slot = requests_[{plan.customer, plan.request}];
        slot = {.is_there = true, .changed = true, .first = {plan.arguments, receipt}};
        slot.first.receipt.set_deadlines({});  // a repeat's are those of its own time
    }
    return removes ? restructure(plan, block) : Code::ok;
}

/// Boundaries come first: what they move, they move of the agreements as they were.
void PostgresStore::Impl::pass_boundaries(const Plan& plan, Block& block) {
    for (std::size_t i = 0; i < plan.boundaries; ++i) {
        append_one(plan, block, i, store::pass(plan, i, block));
    }
}

/// Changes the block's rows, and notes what the database is to have of them.
Code PostgresStore::Impl::restructure(const Plan& plan, Block& block) {
    using Kind = EntitlementChange::Kind;
    const EntitlementChange& change = plan.entitlement;
    if (change.kind == Kind::remove && block.rewritten.contains(change.id)) {
        // whoever is removed must have been there
        if (const Code code = flush(); code != Code::ok) return code;
    }
    if (!block.reshaped) block.kept = postgres::standings_of(block);
    block.reshaped = true;
    store::settle(store::changed_rows(plan, block), block);
    ++block.shape;
    if (change.kind == Kind::insert || change.kind == Kind::replace) block.rewritten.insert(change.id);
    if (change.kind == Kind::insert) known_[{block.id, change.id}] = true;
    if (change.kind == Kind::remove) block.removed.push_back(change.id);
    return Code::ok;
}

/// Appends the plan's entries and moves the counters.
Code PostgresStore::Impl::append(const Plan& plan, Block& block, Receipt& receipt) {
    if (block.last_number >= static_cast<std::uint64_t>(store::max_number)) return Code::limit;
    receipt.number = ++block.last_number;
    if (plan.case_change != CaseChange::none) {
        CaseSlot* slot = nullptr;
        const Code code = find_case(plan.customer, plan.support_case_id, slot);
        if (code != Code::ok) return code;
        change_case(plan, block, *slot);
    }
    for (std::size_t i = plan.boundaries; i < plan.entries.size(); ++i) {
        append_one(plan, block, i, store::post(plan, i, block, receipt));
    }
    return Code::ok;
}

/// The number is the next one until the block has taken it.
void PostgresStore::Impl::append_one(const Plan& plan, const Block& block, std::size_t ordinal,
                                     const store::Posting& posting) {
    const PlannedEntry& planned = plan.entries[ordinal];
    const bool is_boundary = ordinal < plan.boundaries;
    Entry entry{.customer = block.id,
                .number = is_boundary ? block.last_number + 1 : block.last_number,
                .ordinal = static_cast<std::uint32_t>(ordinal),
                .command = plan.command,
                .kind = planned.kind,
                .entitlement = posting.row.id,
                .support_case = is_boundary ? CaseId{} : plan.support_case_id,
                .channel = posting.channel,
                .total_moved = planned.total_moved,
                .channel_moved = planned.channel_moved,
                .remaining = posting.row.remaining,
                .channel_remaining = posting.channel_remaining,
                .amount = planned.amount,
                .reverses = planned.reverses,
                .at = plan.instant_of(planned),
                .actor = plan.actor,
                .request = plan.request,
                .reason = is_boundary ? std::string{} : plan.reason,
                .unit = unit_of(posting.row)};
    if (!first_entry_) first_entry_ = entry;
    entries_.push_back(std::move(entry));
}

/// The case as it is after the plan, whose number the block has taken.
void PostgresStore::Impl::change_case(const Plan& plan, Block& block, CaseSlot& slot) const {
    slot.changed = true;
    if (plan.case_change == CaseChange::erase) {
        slot.is_there = false;
        slot.has_opening = false;
        slot.service = {};
        return;
    }
    const bool inserts = plan.case_change == CaseChange::insert;
    const SupportCase before = slot.now;
    if (!inserts && plan.opening_changed && !slot.has_opening) {
        slot.has_opening = true;
        slot.opening = {before.facts, before.named ? before.entitlement : EntitlementId{}, before.decrement};
    }
    slot.now = store::case_after(plan, block, inserts ? nullptr : &before);
    if (inserts) slot.service = {};
    if (plan.service) slot.service = *plan.service;
    if (!inserts) return;
    slot.is_there = true;
    slot.has_opening = false;
    slot.opened = block.last_number;
}

}  // namespace entitle::inline v0
