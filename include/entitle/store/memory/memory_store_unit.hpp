#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "entitle/store/memory_store.hpp"

/// How a `MemoryStore`'s unit ends: what it replaced is given back, or put back.
namespace entitle::inline v0 {

inline MemoryStore::Mark MemoryStore::mark() const {
    return {customers_.size(), entitlements_.size(), cases_.size(),    facts_.size(),       openings_.size(),
            ledger_.size(),    requests_.size(),     receipts_.size(), annotations_.size(), reasons_.size()};
}

inline Result<Commit> MemoryStore::commit() {
    for (const SavedBlock& saved : saved_blocks_) arena_.release(saved.block, block_at(saved.block)->lines);
    for (const SavedRecord& saved : saved_records_) delete saved.record;
    for (const std::uint32_t at : erased_cases_) {
        case_index_.erase(hash(block_of(cases_[at].customer)->id, cases_[at].id.bits()), at);
    }
    forget_saved();
    return Commit::done;
}

inline void MemoryStore::abandon() noexcept { roll_back(); }

inline void MemoryStore::forget_saved() {
    writing_ = false;
    seen_ = {};
    unit_ = {};
    words_.clear();
    saved_cases_.clear();
    saved_blocks_.clear();
    saved_requests_.clear();
    saved_records_.clear();
    erased_cases_.clear();
}

/// Takes back what the unit did, last first.
inline void MemoryStore::roll_back() noexcept {
    if (!writing_) return;
    for (auto it = saved_requests_.rbegin(); it != saved_requests_.rend(); ++it) {
        request_index_.replace(it->hash, it->to, it->from);
    }
    for (std::uint32_t at = mark_.requests; at < requests_.size(); ++at) {
        const auto replaced = [at](const SavedRequest& saved) { return saved.to == at; };
        if (std::any_of(saved_requests_.begin(), saved_requests_.end(), replaced)) continue;
        request_index_.erase(hash(block_of(requests_[at].customer)->id, requests_[at].id.bits()), at);
    }
    for (std::uint32_t at = mark_.cases; at < cases_.size(); ++at) {
        case_index_.erase(hash(block_of(cases_[at].customer)->id, cases_[at].id.bits()), at);
    }
    for (auto it = saved_cases_.rbegin(); it != saved_cases_.rend(); ++it) cases_[it->at] = it->record;
    for (auto it = words_.rbegin(); it != words_.rend(); ++it)
        std::memcpy(it->at, &it->word, sizeof it->word);
    for (auto it = saved_blocks_.rbegin(); it != saved_blocks_.rend(); ++it) {
        const std::uint32_t now = customers_[it->slot];
        customer_index_.replace(hash(block_at(now)->id), now, it->block);
        customers_[it->slot] = it->block;
        arena_.release(now, block_at(now)->lines);
    }
    for (std::uint32_t slot = mark_.customers; slot < customers_.size(); ++slot) {
        const std::uint32_t block = customers_[slot];
        customer_index_.erase(hash(block_at(block)->id), block);
        arena_.release(block, block_at(block)->lines);
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
    customers_.shrink_to(mark_.customers);
    entitlements_.shrink_to(mark_.entitlements);
    cases_.shrink_to(mark_.cases);
    facts_.shrink_to(mark_.facts);
    openings_.shrink_to(mark_.openings);
    ledger_.shrink_to(mark_.ledger);
    requests_.shrink_to(mark_.requests);
    receipts_.shrink_to(mark_.receipts);
    annotations_.shrink_to(mark_.annotations);
    reasons_.resize(mark_.reasons);
    forget_saved();
}

}  // namespace entitle::inline v0
