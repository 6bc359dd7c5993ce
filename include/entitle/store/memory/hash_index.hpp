#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "entitle/value/id.hpp"

namespace entitle::inline v0::detail {

/// Mixes two words: each bit of the result hangs on every bit of both.
[[nodiscard]] inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// A seeded hash of ids: they may be an attacker's, who does not know the seed.
[[nodiscard]] inline std::uint32_t hash_of(std::uint64_t seed, Uuid id) {
    const std::uint64_t word = mix(id.hi ^ 0x9E37'79B9'7F4A'7C15, id.lo ^ seed);
    return static_cast<std::uint32_t>(mix(word ^ seed, 0xD1B5'4A32'D192'ED03) >> 32);
}
[[nodiscard]] inline std::uint32_t hash_of(std::uint64_t seed, Uuid a, Uuid b) {
    const std::uint64_t first = mix(a.hi ^ 0x9E37'79B9'7F4A'7C15, a.lo ^ seed);
    const std::uint64_t second = mix(b.hi ^ first ^ 0x8EBC'6AF0'9C88'C6E3, b.lo ^ seed);
    return static_cast<std::uint32_t>(mix(second ^ seed, 0xD1B5'4A32'D192'ED03) >> 32);
}

/// From a 32-bit hash to the 32-bit values that were put under it. Open addressing in segments of at most
/// 4,096 slots; a full segment splits in two by the next bit of the hash (extendible hashing), so growth
/// costs one segment at a time, however large the index is. The caller tells equal hashes apart.
class HashIndex {
public:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    explicit HashIndex(std::pmr::memory_resource* memory)
        : memory_{memory}, directory_{memory}, owned_{memory} {
        Segment* first = make_segment(first_slots, 0);
        directory_.push_back({first, first->mask});
    }
    HashIndex(const HashIndex&) = delete;
    HashIndex& operator=(const HashIndex&) = delete;
    ~HashIndex() {
        for (Segment* segment : owned_) release(segment);
    }

    /// The first value under `hash` that `is_it` accepts, or `none`.
    template <class IsIt>
    [[nodiscard]] std::uint32_t find(std::uint32_t hash, IsIt is_it) const {
        const Place& place = directory_[place_of(hash)];
        const Slot* slots = place.segment->slots();
        for (std::uint32_t i = hash & place.mask;; i = (i + 1) & place.mask) {
            const Slot slot = slots[i];
            if (slot.value == none) return none;
            if (slot.hash == hash && slot.value != erased && is_it(slot.value)) return slot.value;
        }
    }

    /// The first value under `hash`, whatever it stands for, or `none`: a guess worth prefetching.
    [[nodiscard]] std::uint32_t guess(std::uint32_t hash) const {
        return find(hash, [](std::uint32_t) { return true; });
    }

    /// Brings the line of a hash's slot near, without waiting for it.
    __attribute__((always_inline)) void prefetch(std::uint32_t hash) const {
        const Place& place = directory_[place_of(hash)];
        __builtin_prefetch(&place.segment->slots()[hash & place.mask]);
    }

    /// Makes sure that the next insert cannot fail; may split the segment of `hash`.
    void reserve(std::uint32_t hash) {
        while (directory_[place_of(hash)].segment->is_full()) grow(place_of(hash));
    }
    void insert(std::uint32_t hash, std::uint32_t value) {
        assert(value < erased);
        reserve(hash);
        put(*directory_[place_of(hash)].segment, {hash, value});
    }
    /// Puts another value in the place of one that is there.
    void replace(std::uint32_t hash, std::uint32_t from, std::uint32_t to) { slot_of(hash, from).value = to; }
    void erase(std::uint32_t hash, std::uint32_t value) { slot_of(hash, value).value = erased; }

private:
    static constexpr std::uint32_t erased = none - 1;
    static constexpr std::uint32_t first_slots = 16;
    static constexpr std::uint32_t most_slots = 4096;
    static constexpr std::uint32_t most_bits = 20;

    struct Slot {
        std::uint32_t hash;
        std::uint32_t value;
    };
    struct Segment {
        std::uint32_t mask;  ///< slots − 1
        std::uint32_t used;  ///< erased ones included
        std::uint32_t bits;  ///< of the hash that all of it shares, from the top

        [[nodiscard]] Slot* slots() { return reinterpret_cast<Slot*>(this + 1); }
        [[nodiscard]] const Slot* slots() const { return reinterpret_cast<const Slot*>(this + 1); }
        [[nodiscard]] bool is_full() const { return used * 2 > mask; }
        [[nodiscard]] std::uint32_t home(std::uint32_t hash) const { return hash & mask; }
    };
    static_assert(alignof(Slot) <= alignof(Segment));

    /// A segment, and its mask beside the pointer: a look-up touches the slots alone.
    struct Place {
        Segment* segment;
        std::uint32_t mask;
    };

    [[nodiscard]] std::size_t place_of(std::uint32_t hash) const {
        return static_cast<std::size_t>(std::uint64_t{hash} >> (32 - directory_bits_));
    }
    [[nodiscard]] static std::size_t bytes_of(std::uint32_t slots) {
        return sizeof(Segment) + slots * sizeof(Slot);
    }

    [[nodiscard]] Segment* make_segment(std::uint32_t slots, std::uint32_t bits) {
        owned_.reserve(owned_.size() + 1);
        auto* segment = static_cast<Segment*>(memory_->allocate(bytes_of(slots), alignof(Segment)));
        *segment = {slots - 1, 0, bits};
        for (std::uint32_t i = 0; i < slots; ++i) segment->slots()[i] = {0, none};
        owned_.push_back(segment);
        return segment;
    }
    void release(Segment* segment) {
        memory_->deallocate(segment, bytes_of(segment->mask + 1), alignof(Segment));
    }

    static void put(Segment& segment, Slot slot) {
        std::uint32_t i = segment.home(slot.hash);
        while (segment.slots()[i].value != none) i = (i + 1) & segment.mask;
        segment.slots()[i] = slot;
        ++segment.used;
    }
    [[nodiscard]] Slot& slot_of(std::uint32_t hash, std::uint32_t value) {
        Segment& segment = *directory_[place_of(hash)].segment;
        std::uint32_t i = segment.home(hash);
        while (segment.slots()[i].value != value) {
            assert(segment.slots()[i].value != none);
            i = (i + 1) & segment.mask;
        }
        return segment.slots()[i];
    }

    /// A small segment doubles; a large one splits by its next bit, unless the hash has no more to give; one
    /// that is full of erased slots is swept.
    void grow(std::size_t at) {
        Segment* full = directory_[at].segment;
        const std::uint32_t slots = full->mask + 1;
        const bool grows = live(*full) * 4 > slots;
        const bool splits = grows && slots >= most_slots && full->bits < most_bits;
        if (splits && full->bits == directory_bits_) double_directory();
        Segment* low = make_segment(splits || !grows ? slots : slots * 2, full->bits + (splits ? 1 : 0));
        Segment* high = splits ? make_segment(slots, full->bits + 1) : low;
        const std::uint32_t bit = splits ? std::uint32_t{1} << (31 - full->bits) : 0;
        for (std::uint32_t i = 0; i < slots; ++i) {
            const Slot slot = full->slots()[i];
            if (slot.value < erased) put((slot.hash & bit) != 0 ? *high : *low, slot);
        }
        for (std::size_t i = 0; i < directory_.size(); ++i) {
            if (directory_[i].segment != full) continue;
            Segment* half = half_of(i, bit) ? high : low;
            directory_[i] = {half, half->mask};
        }
        std::erase(owned_, full);
        release(full);
    }
    [[nodiscard]] static std::uint32_t live(const Segment& segment) {
        std::uint32_t count = 0;
        for (std::uint32_t i = 0; i <= segment.mask; ++i)
            count += segment.slots()[i].value < erased ? 1U : 0U;
        return count;
    }
    [[nodiscard]] bool half_of(std::size_t place, std::uint32_t bit) const {
        return directory_bits_ != 0 &&
               ((static_cast<std::uint64_t>(place) << (32 - directory_bits_)) & bit) != 0;
    }
    void double_directory() {
        std::pmr::vector<Place> doubled{memory_};
        doubled.reserve(directory_.size() * 2);
        for (const Place& place : directory_) doubled.insert(doubled.end(), 2, place);
        directory_.swap(doubled);
        ++directory_bits_;
    }

    std::pmr::memory_resource* memory_;
    std::pmr::vector<Place> directory_;  ///< by the top bits of the hash; several may be one
    std::pmr::vector<Segment*> owned_;   ///< each segment once: who owns what
    std::uint32_t directory_bits_ = 0;
};

}  // namespace entitle::inline v0::detail
