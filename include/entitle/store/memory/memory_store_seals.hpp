#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "entitle/store/memory_store.hpp"

/// How `MemoryStore` keeps seals and bases: beside the tables, since no command looks at them.
namespace entitle::inline v0 {

inline Result<void> MemoryStore::keep_heads(CustomerId customer, std::uint64_t first,
                                            std::span<const Digest> heads) {
    assert(!writing_);
    const Block* block = find_customer(customer);
    if (block == nullptr) return refuse(ErrorCode::not_sealed);
    detail::Sealed& sealed = sealed_[block->slot];
    const std::uint64_t kept = sealed.number() + sealed.heads.size();
    if (first == 0 || first > kept + 1 || first + heads.size() > block->last_number + std::uint64_t{1}) {
        return refuse(ErrorCode::not_sealed);
    }
    const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(kept + 1 - first, heads.size()));
    sealed.heads.insert(sealed.heads.end(), heads.begin() + static_cast<std::ptrdiff_t>(known), heads.end());
    return {};
}

/// The entries stay where they are, out of the customer's list: whatever refers to one still finds it.
inline Result<void> MemoryStore::archive(const Base& base) {
    assert(!writing_);
    Block* block = find_customer(base.seal.customer);
    const auto found = block == nullptr ? sealed_.end() : sealed_.find(block->slot);
    if (found == sealed_.end()) return refuse(ErrorCode::not_sealed);
    detail::Sealed& sealed = found->second;
    const std::uint64_t from = sealed.number();
    if (base.seal.number < from || base.seal.number > from + sealed.heads.size()) {
        return refuse(ErrorCode::not_sealed);
    }
    Base kept = base;  // before anything changes: it may run out of memory
    std::uint32_t* link = &block->last_entry;
    while (*link != nowhere && ledger_[*link].number > base.seal.number) link = &ledger_[*link].previous;
    *link = nowhere;
    sealed.heads.erase(sealed.heads.begin(),
                       sealed.heads.begin() + static_cast<std::ptrdiff_t>(base.seal.number - from));
    sealed.base = std::move(kept);
    return {};
}

inline Result<void> MemoryStore::scan(const Filter& filter, Cursor& cursor, std::vector<Seal>& out) const {
    for (const auto& [slot, sealed] : sealed_) {
        const CustomerId customer = block_of(slot)->id;
        if (filter.customer && filter.customer != customer) continue;
        std::uint64_t number = sealed.number();
        for (const Digest& head : sealed.heads) out.push_back({customer, ++number, head});
    }
    cursor.done = true;
    return {};
}

inline Result<void> MemoryStore::scan(const Filter& filter, Cursor& cursor, std::vector<Base>& out) const {
    for (const auto& [slot, sealed] : sealed_) {
        if (filter.customer && filter.customer != block_of(slot)->id) continue;
        if (sealed.base) out.push_back(*sealed.base);
    }
    cursor.done = true;
    return {};
}

}  // namespace entitle::inline v0
