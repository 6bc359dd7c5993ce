#include <algorithm>
#include <cstring>
#include <map>
#include <memory_resource>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "entitle/store/memory/block_arena.hpp"
#include "entitle/store/memory/chunked_array.hpp"
#include "entitle/store/memory/hash_index.hpp"

// The memory store's containers.

namespace entitle::detail {
namespace {

/// Counts what is taken and not given back, and can be made to fail.
class CountingResource : public std::pmr::memory_resource {
public:
    std::size_t blocks = 0;
    std::size_t taken = 0;
    std::size_t fails_after = static_cast<std::size_t>(-1);

private:
    void* do_allocate(std::size_t bytes, std::size_t alignment) override {
        if (taken >= fails_after) throw std::bad_alloc{};
        ++taken;
        ++blocks;
        return std::pmr::new_delete_resource()->allocate(bytes, alignment);
    }
    void do_deallocate(void* at, std::size_t bytes, std::size_t alignment) override {
        --blocks;
        std::pmr::new_delete_resource()->deallocate(at, bytes, alignment);
    }
    [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
        return this == &other;
    }
};

// Hashes.

TEST(Hash, tells_ids_apart_whatever_constant_is_in_them) {
    constexpr std::uint32_t count = 4096;
    const auto distinct = [](std::uint64_t seed, std::uint64_t constant) {
        std::set<std::uint32_t> high, low, of_two;
        for (std::uint64_t i = 0; i < count; ++i) {
            high.insert(hash_of(seed, {constant, i}));
            low.insert(hash_of(seed, {i, constant}));
            of_two.insert(hash_of(seed, {constant, i}, {constant, i}));
        }
        return std::min({high.size(), low.size(), of_two.size()});
    };
    for (const std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{0xA076'1D64'78BD'642F}}) {
        for (const std::uint64_t constant :
             {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{0x9E37'79B9'7F4A'7C15},
              std::uint64_t{0x8EBC'6AF0'9C88'C6E3}, std::uint64_t{0xD1B5'4A32'D192'ED03}}) {
            EXPECT_GE(distinct(seed, constant), count - 16) << seed << ' ' << constant;
        }
    }
}

// HashIndex.

std::uint32_t find_value(const HashIndex& index, std::uint32_t hash, std::uint32_t value) {
    const auto is_it = [value](std::uint32_t found) { return found == value; };
    const std::uint32_t found = index.find(hash, is_it);
    EXPECT_EQ(index.spot(hash).find_rare(is_it), found);
    return found;
}

/// Spreads a number over 32 bits, one to one.
std::uint32_t spread(std::uint32_t value) { return value * 0x9E37'79B1U; }

TEST(HashIndex, finds_nothing_in_an_empty_one) {
    const HashIndex index{std::pmr::get_default_resource()};
    EXPECT_EQ(index.guess(0), HashIndex::none);
    EXPECT_EQ(index.guess(0xFFFF'FFFF), HashIndex::none);
}

TEST(HashIndex, finds_everything_again_however_often_it_was_split) {
    HashIndex index{std::pmr::get_default_resource()};
    constexpr std::uint32_t count = 200'000;
    for (std::uint32_t i = 0; i < count; ++i) {
        index.insert(spread(i), i);
        if (i % 997 == 0) {
            for (std::uint32_t k = 0; k <= i; k += 1 + i / 16) {
                ASSERT_EQ(find_value(index, spread(k), k), k) << i;
            }
        }
    }
    for (std::uint32_t i = 0; i < count; ++i) ASSERT_EQ(find_value(index, spread(i), i), i);
    EXPECT_EQ(find_value(index, spread(count), count), HashIndex::none);
}

TEST(HashIndex, grows_one_segment_at_a_time) {
    CountingResource memory;
    HashIndex index{&memory};
    std::size_t largest = 0;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        const std::size_t before = memory.taken;
        index.insert(spread(i), i);
        largest = std::max(largest, memory.taken - before);
    }
    EXPECT_LE(largest, 8U) << "a split takes two segments and the directory, not all anew";
}

TEST(HashIndex, tells_values_of_one_hash_apart) {
    HashIndex index{std::pmr::get_default_resource()};
    constexpr std::uint32_t hash = 0xABCD'1234;
    for (std::uint32_t i = 0; i < 20'000; ++i) index.insert(hash, i);
    for (std::uint32_t i = 0; i < 20'000; i += 501) EXPECT_EQ(find_value(index, hash, i), i);
    EXPECT_EQ(find_value(index, hash, 20'000), HashIndex::none);
    EXPECT_EQ(find_value(index, hash + 1, 0), HashIndex::none);
}

TEST(HashIndex, forgets_what_was_erased_and_nothing_else) {
    HashIndex index{std::pmr::get_default_resource()};
    for (std::uint32_t i = 0; i < 5000; ++i) index.insert(spread(i), i);
    for (std::uint32_t i = 0; i < 5000; i += 2) index.erase(spread(i), i);
    for (std::uint32_t i = 0; i < 5000; ++i) {
        EXPECT_EQ(find_value(index, spread(i), i), i % 2 == 0 ? HashIndex::none : i);
    }
    for (std::uint32_t i = 0; i < 5000; i += 2) index.insert(spread(i), i);
    for (std::uint32_t i = 0; i < 5000; ++i) EXPECT_EQ(find_value(index, spread(i), i), i);
}

TEST(HashIndex, puts_one_value_in_the_place_of_another) {
    HashIndex index{std::pmr::get_default_resource()};
    index.insert(7, 1);
    index.insert(7, 2);
    index.replace(7, 1, 3);
    EXPECT_EQ(find_value(index, 7, 1), HashIndex::none);
    EXPECT_EQ(find_value(index, 7, 2), 2U);
    EXPECT_EQ(find_value(index, 7, 3), 3U);
}

TEST(HashIndex, agrees_with_a_map_over_a_random_history) {
    HashIndex index{std::pmr::get_default_resource()};
    std::multimap<std::uint32_t, std::uint32_t> model;
    std::mt19937 random{7};
    for (std::uint32_t i = 0; i < 50'000; ++i) {
        const std::uint32_t hash = spread(static_cast<std::uint32_t>(random() % 2000));
        const auto known = model.find(hash);
        if (random() % 3 == 0 && known != model.end()) {
            index.erase(hash, known->second);
            model.erase(known);
        } else {
            index.insert(hash, i);
            model.emplace(hash, i);
        }
    }
    for (const auto& [hash, value] : model) ASSERT_EQ(find_value(index, hash, value), value);
    for (std::uint32_t i = 0; i < 2000; ++i) {
        EXPECT_EQ(index.guess(spread(i)) == HashIndex::none, model.count(spread(i)) == 0);
    }
}

TEST(HashIndex, stays_as_it_was_when_it_could_not_grow) {
    CountingResource memory;
    HashIndex index{&memory};
    std::uint32_t count = 0;
    for (int failures = 0; failures < 200; ++count) {
        memory.fails_after = memory.taken;
        try {
            index.insert(spread(count), count);
        } catch (const std::bad_alloc&) {
            ++failures;
            for (std::uint32_t i = 0; i < count; i += 1 + count / 64) {
                ASSERT_EQ(find_value(index, spread(i), i), i);
            }
            ASSERT_EQ(find_value(index, spread(count), count), HashIndex::none);
            // One more allocation each time, until the growth succeeds.
            for (std::size_t more = 1;; ++more) {
                memory.fails_after = memory.taken + more;
                try {
                    index.insert(spread(count), count);
                    break;
                } catch (const std::bad_alloc&) {
                    ASSERT_EQ(find_value(index, spread(count), count), HashIndex::none);
                }
            }
        }
        ASSERT_EQ(find_value(index, spread(count), count), count);
        if (count > 60'000) break;
    }
}

TEST(HashIndex, gives_back_all_its_memory) {
    CountingResource memory;
    {
        HashIndex index{&memory};
        for (std::uint32_t i = 0; i < 30'000; ++i) index.insert(spread(i), i);
    }
    EXPECT_EQ(memory.blocks, 0U);
}

TEST(HashOf, hangs_on_the_seed_and_on_every_bit_of_the_id) {
    std::set<std::uint32_t> seen;
    for (int bit = 0; bit < 64; ++bit) {
        seen.insert(hash_of(1, Uuid{std::uint64_t{1} << bit, 0}));
        seen.insert(hash_of(1, Uuid{0, std::uint64_t{1} << bit}));
        seen.insert(hash_of(1, Uuid{5, 5}, Uuid{std::uint64_t{1} << bit, 0}));
        seen.insert(hash_of(1, Uuid{5, 5}, Uuid{0, std::uint64_t{1} << bit}));
        seen.insert(hash_of(1, Uuid{std::uint64_t{1} << bit, 0}, Uuid{5, 5}));
    }
    EXPECT_GE(seen.size(), 319U);
    EXPECT_NE(hash_of(1, Uuid{5, 5}), hash_of(2, Uuid{5, 5}));
}

// ChunkedArray.

TEST(ChunkedArray, keeps_its_elements_where_they_are) {
    ChunkedArray<std::uint64_t, 4> array{std::pmr::get_default_resource()};
    std::vector<std::uint64_t*> places;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        EXPECT_EQ(array.append(i * 3), i);
        places.push_back(&array[static_cast<std::uint32_t>(i)]);
    }
    EXPECT_EQ(array.size(), 1000U);
    for (std::uint32_t i = 0; i < 1000; ++i) {
        EXPECT_EQ(array[i], i * 3U);
        EXPECT_EQ(&array[i], places[i]);
    }
}

TEST(ChunkedArray, shrinks_and_grows_again) {
    ChunkedArray<int, 2> array{std::pmr::get_default_resource()};
    for (int i = 0; i < 10; ++i) array.append(i);
    array.shrink_to(3);
    EXPECT_EQ(array.size(), 3U);
    EXPECT_EQ(array.append(77), 3U);
    EXPECT_EQ(array[2], 2);
    EXPECT_EQ(array[3], 77);
}

TEST(ChunkedArray, with_room_reserved_cannot_fail) {
    CountingResource memory;
    ChunkedArray<int, 2> array{&memory};
    array.append(0);
    array.reserve_more(20);
    memory.fails_after = memory.taken;
    for (int i = 0; i < 20; ++i) array.append(i);
    EXPECT_EQ(array.size(), 21U);
}

TEST(ChunkedArray, stays_as_it_was_when_it_could_not_grow) {
    CountingResource memory;
    ChunkedArray<int, 2> array{&memory};
    for (int i = 0; i < 4; ++i) array.append(i);
    memory.fails_after = memory.taken;
    EXPECT_THROW(array.append(4), std::bad_alloc);
    EXPECT_EQ(array.size(), 4U);
    EXPECT_EQ(array[3], 3);
}

TEST(ChunkedArray, gives_back_all_its_memory) {
    CountingResource memory;
    {
        ChunkedArray<int, 2> array{&memory};
        for (int i = 0; i < 100; ++i) array.append(i);
    }
    EXPECT_EQ(memory.blocks, 0U);
}

// BlockArena.

TEST(BlockArena, gives_blocks_that_do_not_overlap) {
    BlockArena arena{std::pmr::get_default_resource()};
    struct Block {
        std::uint32_t reference, lines;
        std::byte mark;
    };
    std::vector<Block> blocks;
    std::mt19937 random{7};
    for (int i = 0; i < 3000; ++i) {
        if (random() % 4 == 0 && !blocks.empty()) {
            arena.release(blocks.back().reference, blocks.back().lines);
            blocks.pop_back();
            continue;
        }
        Block block{0, 0, static_cast<std::byte>(random())};
        const std::size_t bytes = 1 + random() % 5000;
        block.reference = arena.allocate(bytes, block.lines);
        EXPECT_GE(block.lines * BlockArena::line, bytes);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(arena.at(block.reference)) % BlockArena::line, 0U);
        std::memset(arena.at(block.reference), static_cast<int>(block.mark), block.lines * BlockArena::line);
        blocks.push_back(block);
    }
    for (const Block& block : blocks) {
        const std::byte* at = arena.at(block.reference);
        for (std::size_t i = 0; i < block.lines * BlockArena::line; ++i) ASSERT_EQ(at[i], block.mark);
    }
}

TEST(BlockArena, uses_freed_blocks_of_a_size_again) {
    CountingResource memory;
    BlockArena arena{&memory};
    for (int i = 0; i < 10'000; ++i) {
        std::uint32_t lines = 0;
        const std::uint32_t reference = arena.allocate(4000, lines);
        arena.release(reference, lines);
    }
    EXPECT_LE(memory.taken, 4U);
}

TEST(BlockArena, gives_a_block_larger_than_a_chunk) {
    BlockArena arena{std::pmr::get_default_resource()};
    std::uint32_t lines = 0;
    const std::size_t bytes = 3 << 20;
    const std::uint32_t reference = arena.allocate(bytes, lines);
    std::memset(arena.at(reference), 1, bytes);
    std::uint32_t small_lines = 0;
    const std::uint32_t small = arena.allocate(64, small_lines);
    std::memset(arena.at(small), 2, 64);
    EXPECT_EQ(arena.at(reference)[bytes - 1], std::byte{1});
}

TEST(BlockArena, gives_back_all_its_memory) {
    CountingResource memory;
    {
        BlockArena arena{&memory};
        std::uint32_t lines = 0;
        for (int i = 0; i < 100; ++i) (void)arena.allocate(100'000, lines);
    }
    EXPECT_EQ(memory.blocks, 0U);
}

}  // namespace
}  // namespace entitle::detail
