#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "entitle/store/memory_store.hpp"

/// How a `MemoryStore`'s unit ends: what it replaced is given back, or put back.
namespace entitle::inline v0 {

inline MemoryStore::Mark MemoryStore::mark() const {
    return {customers_.size(), entitlements_.size(), cases_.size(),    facts_.size(),      openings_.size(),
            ledger_.size(),    requests_.size(),     receipts_.size(), annotations_.size()};
}

inline Result<Commit> MemoryStore::commit() {
    if (!writing_) return Commit::done;
    if (ledger_.size() != mark_.ledger || requests_.size() != mark_.requests) policy_ = unit_policy_;
    if (replaces_) give_back();
    writing_ = false;
    return Commit::done;
}

/// What the unit replaced or removed is nobody's from now on.
inline void MemoryStore::give_back() {
    for (const SavedBlock& saved : saved_blocks_) arena_.release(saved.block, block_at(saved.block)->lines);
    for (const SavedRecord& saved : saved_records_) delete saved.record;
    for (const std::uint32_t at : erased_cases_) {
        case_index_.erase(hash(block_of(cases_[at].customer)->id, cases_[at].id.bits()), at);
    }
    forget_saved();
}

inline void MemoryStore::abandon() noexcept { roll_back(); }

inline void MemoryStore::forget_saved() {
    writing_ = false;
    replaces_ = false;
    saved_cases_.clear();
    saved_blocks_.clear();
    saved_requests_.clear();
    saved_records_.clear();
    saved_periods_.clear();
    services_.forget_saved();
    erased_cases_.clear();
}

/// Takes back what the unit did, last first. The entries tell what moved.
inline void MemoryStore::roll_back() noexcept {
    if (!writing_) return;
    take_back_requests();
    services_.take_back();
    take_back_cases();
    take_back_entries();
    take_back_entitlements();
    facts_.shrink_to(mark_.facts);
    openings_.shrink_to(mark_.openings);
    receipts_.shrink_to(mark_.receipts);
    for (std::uint32_t at = annotations_.size(); at > mark_.annotations; --at) {
        const detail::AnnotationRecord& annotation = annotations_[at - 1];
        if (annotation.reason < reasons_.size())
            reasons_.erase(reasons_.begin() + annotation.reason, reasons_.end());
    }
    annotations_.shrink_to(mark_.annotations);
    forget_saved();
}

inline void MemoryStore::take_back_requests() noexcept {
    for (auto it = saved_requests_.rbegin(); it != saved_requests_.rend(); ++it) {
        request_index_.replace(it->hash, it->to, it->from);
    }
    std::size_t replaced = 0;  // they were saved in the order in which they were made
    for (std::uint32_t at = mark_.requests; at < requests_.size(); ++at) {
        if (replaced < saved_requests_.size() && saved_requests_[replaced].to == at) {
            ++replaced;
            continue;
        }
        request_index_.erase(hash(block_of(requests_[at].customer)->id, requests_[at].id.bits()), at);
    }
    requests_.shrink_to(mark_.requests);
}

inline void MemoryStore::take_back_cases() noexcept {
    for (std::uint32_t at = mark_.cases; at < cases_.size(); ++at) {
        case_index_.erase(hash(block_of(cases_[at].customer)->id, cases_[at].id.bits()), at);
    }
    for (auto it = saved_cases_.rbegin(); it != saved_cases_.rend(); ++it) cases_[it->at] = it->record;
}

/// Entries and blocks in turn, so that each entry meets the block that it was written on.
inline void MemoryStore::take_back_entries() noexcept {
    for (std::uint32_t at = ledger_.size(); at-- > mark_.ledger;) {
        while (!saved_blocks_.empty() && saved_blocks_.back().ledger > at) {
            put_back(saved_blocks_.back());
            saved_blocks_.pop_back();
        }
        take_back_entry(ledger_[at]);
    }
    for (; !saved_blocks_.empty(); saved_blocks_.pop_back()) put_back(saved_blocks_.back());
    ledger_.shrink_to(mark_.ledger);
    cases_.shrink_to(mark_.cases);
}

inline void MemoryStore::take_back_entry(const detail::LedgerRecord& record) noexcept {
    Block& block = *block_of(record.customer);
    if (record.ordinal == 0) {
        block.last_number = record.number - 1;
        const std::uint32_t at = block.last_case;
        const bool opened = at != nowhere && at >= mark_.cases && at == record.support_case &&
                            cases_[at].last_number == record.number;
        if (opened) block.last_case = cases_[at].previous;
    }
    block.last_entry = record.previous;
    const std::span rows{block.row_data(), block.rows};
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const EntitlementRow& one) {
        return one.handle == record.entitlement;
    });
    assert(row != rows.end());
    row->remaining -= record.total_moved;
    if (record.begins_history) row->has_history = false;
    std::uint32_t channel_at = nowhere;
    if (record.channel != nowhere) {
        const std::uint32_t* names = block.name_data() + row->channel_at;
        const auto channel = std::find(names, names + row->kept, record.channel) - names;
        assert(channel < row->kept);
        channel_at = row->channel_at + static_cast<std::uint32_t>(channel);
        block.channel_data()[channel_at].remaining -= record.channel_moved;
    }
    if (changes_held(record.kind)) {
        move_held(block, static_cast<std::size_t>(row - rows.begin()), channel_at,
                  -annotations_[record.annotation].amount);
    }
}

inline void MemoryStore::put_back(const SavedBlock& saved) noexcept {
    const std::uint32_t now = customers_[saved.slot];
    customer_index_.replace(hash(block_at(now)->id), now, saved.block);
    customers_[saved.slot] = saved.block;
    arena_.release(now, block_at(now)->lines);
}

/// Customers and entitlements that were not there before, and records as they were.
inline void MemoryStore::take_back_entitlements() noexcept {
    for (std::uint32_t slot = mark_.customers; slot < customers_.size(); ++slot) {
        const std::uint32_t block = customers_[slot];
        customer_index_.erase(hash(block_at(block)->id), block);
        arena_.release(block, block_at(block)->lines);
    }
    customers_.shrink_to(mark_.customers);
    for (auto it = saved_periods_.rbegin(); it != saved_periods_.rend(); ++it) {
        it->record->periods = it->periods;
        it->record->top_ups = std::move(it->top_ups);
        it->record->holds = std::move(it->holds);
    }
    for (auto it = saved_records_.rbegin(); it != saved_records_.rend(); ++it) {
        detail::EntitlementSlot& slot = entitlements_[it->handle];
        delete slot.record;
        slot.record = it->record;
    }
    for (std::uint32_t handle = mark_.entitlements; handle < entitlements_.size(); ++handle) {
        entitlement_index_.erase(hash(entitlements_[handle].id), handle);
        delete entitlements_[handle].record;
    }
    entitlements_.shrink_to(mark_.entitlements);
}

}  // namespace entitle::inline v0
