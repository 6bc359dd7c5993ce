#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>
#include <utility>

#include "block.hpp"

namespace entitle::inline v0::store {

/// Blocks kept between units by their ids, the least recently used dropped first. A block stays where it is until
/// then.
template <class Block>
class Cache {
public:
    using Id = decltype(Block::id);

    [[nodiscard]] Block* find(Id id);
    Block& add(Block block);
    void drop(Id id);
    void clear();
    /// Drops until at most so many bytes are left. Never in a unit.
    void trim(std::size_t bytes);
    /// To be told when a block's size may have changed.
    void weigh(Block& block);

private:
    struct Kept {
        Block block;
        std::size_t weight = 0;
    };
    struct Hash {
        std::uint64_t seed;
        [[nodiscard]] std::size_t operator()(Id id) const;
    };
    using Order = std::list<Kept>;

    Order order_;  // most recently used first
    std::unordered_map<Id, typename Order::iterator, Hash> index_{
        0, Hash{reinterpret_cast<std::uintptr_t>(this) * 0x9E37'79B9'7F4A'7C15}};
    std::size_t bytes_ = 0;
};

template <class Block>
std::size_t Cache<Block>::Hash::operator()(Id id) const {
    std::uint64_t word = (id.bits().hi ^ seed) * 0x9E37'79B9'7F4A'7C15;
    word = (word ^ (word >> 32) ^ id.bits().lo) * 0xBF58'476D'1CE4'E5B9;
    return static_cast<std::size_t>(word ^ (word >> 31));
}

template <class Block>
Block* Cache<Block>::find(Id id) {
    const auto found = index_.find(id);
    if (found == index_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->block;
}

template <class Block>
Block& Cache<Block>::add(Block block) {
    const Id id = block.id;
    order_.push_front({std::move(block), 0});
    try {
        index_.emplace(id, order_.begin());
    } catch (...) {
        order_.pop_front();
        throw;
    }
    order_.front().weight = order_.front().block.bytes();
    bytes_ += order_.front().weight;
    return order_.front().block;
}

template <class Block>
void Cache<Block>::drop(Id id) {
    const auto found = index_.find(id);
    if (found == index_.end()) return;
    bytes_ -= found->second->weight;
    order_.erase(found->second);
    index_.erase(found);
}

template <class Block>
void Cache<Block>::clear() {
    index_.clear();
    order_.clear();
    bytes_ = 0;
}

template <class Block>
void Cache<Block>::trim(std::size_t bytes) {
    while (bytes_ > bytes && !order_.empty()) drop(order_.back().block.id);
}

template <class Block>
void Cache<Block>::weigh(Block& block) {
    const auto found = index_.find(block.id);
    if (found == index_.end()) return;
    bytes_ -= found->second->weight;
    found->second->weight = block.bytes();
    bytes_ += found->second->weight;
}

}  // namespace entitle::inline v0::store
