#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <new>
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

/// A seeded hash of ids: they may be an attacker's, who does not know the seed. (Each word meets a part of it:
/// where one met a constant, ids with that constant in it would all be one.)
[[nodiscard]] inline std::uint64_t mixed(std::uint64_t seed, Uuid id) {
    return mix(id.hi ^ seed, id.lo ^ (seed << 32 | seed >> 32) ^ 0x9E37'79B9'7F4A'7C15);
}
[[nodiscard]] inline std::uint32_t hash_of(std::uint64_t seed, Uuid id) {
    return static_cast<std::uint32_t>(mix(mixed(seed, id) ^ seed, 0xD1B5'4A32'D192'ED03) >> 32);
}
[[nodiscard]] inline std::uint32_t hash_of(std::uint64_t seed, Uuid a, Uuid b) {
    return static_cast<std::uint32_t>(mix(mixed(mixed(seed, a) ^ seed, b) ^ seed, 0xD1B5'4A32'D192'ED03) >>
                                      32);
}

/// From a 32-bit hash to the 32-bit values that were put under it. Open addressing in segments of at most
/// 4,096 slots; a full segment splits in two by the next bit of the hash (extendible hashing), so growth
/// costs one segment at a time, however large the index is. The caller tells equal hashes apart.
/// While the index is small, each slot has a tag too, a byte apart from it: of what is hardly ever there, a line of
/// 64 tags tells so, in an eighth of the memory, which stays in cache. Of a large one it would be one more line to
/// wait for.
class HashIndex {
    struct Segment;
    struct Place;

public:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    /// Where a hash is looked for, until the index is next changed.
    struct Spot {
        const Place* place;
        std::uint32_t hash;

        /// The first value under the hash that `is_it` accepts, or `none`.
        template <class IsIt>
        [[nodiscard]] std::uint32_t find(IsIt is_it) const {
            const Place at = *place;
            for (std::uint32_t i = hash & at.mask;; i = (i + 1) & at.mask) {
                const Slot slot = at.slots[i];
                if (slot.value == none) return none;
                if (slot.hash == hash && slot.value != erased && is_it(slot.value)) return slot.value;
            }
        }
        /// The same, sooner where there is none, as of a case that is opened.
        template <class IsIt>
        [[nodiscard]] std::uint32_t find_rare(IsIt is_it) const {
            const Place at = *place;
            if (at.tags == nullptr) return find(is_it);
            const std::uint8_t wanted = tag_of(hash);
            for (std::uint32_t i = hash & at.mask;; i = (i + 1) & at.mask) {
                const std::uint8_t tag = at.tags[i];
                if (tag == empty) return none;
                if (tag != wanted) continue;
                const Slot slot = at.slots[i];
                if (slot.hash == hash && slot.value != erased && is_it(slot.value)) return slot.value;
            }
        }
        /// Brings the line of the hash's slot near, without waiting for it; for `find_rare`, its tag's too.
        [[gnu::always_inline]] void prefetch() const {
            __builtin_prefetch(&place->slots[hash & place->mask]);
        }
        [[gnu::always_inline]] void prefetch_rare() const {
            if (place->tags != nullptr) __builtin_prefetch(&place->tags[hash & place->mask]);
            prefetch();
        }
    };

    /// A place kept for a value, until the index is next changed.
    struct Room {
        Segment* segment;
        std::uint32_t hash;
    };

    explicit HashIndex(std::pmr::memory_resource* memory)
        : memory_{memory}, directory_{memory}, segments_{memory} {
        segments_.reserve(1);
        directory_.reserve(1);
        segments_.push_back(make_segment(first_slots, 0, true));
        directory_.push_back(place_at(0));
    }
    /// Room made beforehand for about so many values: none of them will wait for a segment to split. (Slots are
    /// 17/8 of them at least: a segment's share, and its chance to have more, stay below what fills it.)
    HashIndex(std::pmr::memory_resource* memory, std::size_t expected) : HashIndex{memory} {
        if (expected < most_slots / 4) return;
        while (directory_bits_ < most_bits &&
               (std::size_t{most_slots} << directory_bits_) < expected * 17 / 8) {
            ++directory_bits_;
        }
        release(segments_[0]);
        segments_.clear();
        const std::size_t count = std::size_t{1} << directory_bits_;
        segments_.reserve(count);
        directory_.resize(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            segments_.push_back(make_segment(most_slots, directory_bits_, count <= most_tagged));
            directory_[i] = place_at(i);
        }
    }
    HashIndex(const HashIndex&) = delete;
    HashIndex& operator=(const HashIndex&) = delete;
    ~HashIndex() {
        for (const Segment& segment : segments_) release(segment);
    }

    /// The first value under `hash` that `is_it` accepts, or `none`.
    template <class IsIt>
    [[nodiscard]] std::uint32_t find(std::uint32_t hash, IsIt is_it) const {
        return spot(hash).find(is_it);
    }

    /// The first value under `hash`, whatever it stands for, or `none`: a guess worth prefetching.
    [[nodiscard]] std::uint32_t guess(std::uint32_t hash) const {
        return find(hash, [](std::uint32_t) { return true; });
    }

    [[nodiscard]] Spot spot(std::uint32_t hash) const { return {&directory_[place_of(hash)], hash}; }

    /// Makes sure that the next `put` under `hash` has room; may split its segment.
    [[gnu::always_inline]] Room reserve(Spot spot) {
        Segment* segment = &segments_[spot.place->segment];
        while (segment->is_full()) {
            grow(place_of(spot.hash));
            segment = segment_of(spot.hash);
        }
        return {segment, spot.hash};
    }
    Room reserve(std::uint32_t hash) { return reserve(spot(hash)); }
    /// Adds a value where room was reserved: cannot fail.
    [[gnu::always_inline]] static void put(Room room, std::uint32_t value) {
        assert(value < erased);
        put(*room.segment, {room.hash, value});
    }
    void insert(std::uint32_t hash, std::uint32_t value) { put(reserve(hash), value); }
    /// Puts another value in the place of one that is there.
    void replace(std::uint32_t hash, std::uint32_t from, std::uint32_t to) { slot_of(hash, from).value = to; }
    void erase(std::uint32_t hash, std::uint32_t value) { slot_of(hash, value).value = erased; }

private:
    static constexpr std::uint32_t erased = none - 1;
    static constexpr std::uint8_t empty = 0;  ///< no slot's tag
    static constexpr std::size_t line = 64;
    static constexpr std::uint32_t first_slots = 16;
    static constexpr std::uint32_t most_slots = 4096;
    static constexpr std::uint32_t most_bits = 20;
    static constexpr std::size_t most_tagged = 64;  ///< segments: 256 KiB of tags

    struct Slot {
        std::uint32_t hash;
        std::uint32_t value;
    };
    struct Segment {
        Slot* slots;
        std::uint8_t* tags;  ///< none in a large index
        std::uint32_t mask;  ///< slots − 1
        std::uint32_t used;  ///< erased ones included
        std::uint32_t bits;  ///< of the hash that all of it shares, from the top

        [[nodiscard]] bool is_full() const { return used * 16 > mask * 9; }
    };

    /// A segment's slots, said once more where a look-up begins.
    struct Place {
        Slot* slots;
        std::uint8_t* tags;
        std::uint32_t mask;
        std::uint32_t segment;
    };

    /// Of slots, and of their tags behind them.
    [[nodiscard]] static constexpr std::size_t bytes_of(std::size_t slots, bool tagged) {
        return slots * (sizeof(Slot) + (tagged ? sizeof(std::uint8_t) : 0));
    }
    /// Of bits that say little yet: slots are found by those below, directories by those from the top.
    [[nodiscard]] static std::uint8_t tag_of(std::uint32_t hash) {
        return static_cast<std::uint8_t>(0x80U | (hash >> 12));
    }
    [[nodiscard]] Place place_at(std::uint32_t segment) const {
        return {segments_[segment].slots, segments_[segment].tags, segments_[segment].mask, segment};
    }
    [[nodiscard]] std::size_t place_of(std::uint32_t hash) const {
        return static_cast<std::size_t>(std::uint64_t{hash} >> (32 - directory_bits_));
    }
    [[nodiscard]] Segment* segment_of(std::uint32_t hash) {
        return &segments_[directory_[place_of(hash)].segment];
    }
    [[nodiscard]] Segment make_segment(std::uint32_t slots, std::uint32_t bits, bool tagged) {
        void* bytes = memory_->allocate(bytes_of(slots, tagged), line);
        Slot* made = ::new (bytes) Slot[slots];
        std::fill_n(made, slots, Slot{0, none});
        if (!tagged) return {made, nullptr, slots - 1, 0, bits};
        auto* tags = ::new (static_cast<void*>(made + slots)) std::uint8_t[slots];
        std::fill_n(tags, slots, empty);
        return {made, tags, slots - 1, 0, bits};
    }
    void release(const Segment& segment) {
        memory_->deallocate(segment.slots, bytes_of(segment.mask + std::size_t{1}, segment.tags != nullptr),
                            line);
    }

    static void put(Segment& segment, Slot slot) {
        std::uint32_t i = slot.hash & segment.mask;
        if (segment.tags != nullptr) {
            while (segment.tags[i] != empty) i = (i + 1) & segment.mask;
            segment.tags[i] = tag_of(slot.hash);
        } else {
            while (segment.slots[i].value != none) i = (i + 1) & segment.mask;
        }
        segment.slots[i] = slot;
        ++segment.used;
    }
    [[nodiscard]] Slot& slot_of(std::uint32_t hash, std::uint32_t value) {
        const Place& place = directory_[place_of(hash)];
        std::uint32_t i = hash & place.mask;
        while (place.slots[i].value != value) {
            assert(place.slots[i].value != none);
            i = (i + 1) & place.mask;
        }
        return place.slots[i];
    }

    /// A small segment doubles; a large one splits by its next bit, unless the hash has no more to give; one
    /// that is full of erased slots is swept.
    [[gnu::noinline]] void grow(std::size_t at) {
        const std::uint32_t index = directory_[at].segment;
        const Segment full = segments_[index];
        const std::uint32_t slots = full.mask + 1;
        const bool grows = live(full) * 4 > slots;
        const bool splits = grows && slots >= most_slots && full.bits < most_bits;
        if (splits && full.bits == directory_bits_) {
            double_directory();
            at *= 2;
        }
        if (segments_.size() == segments_.capacity()) segments_.reserve(segments_.size() * 2);
        const bool tagged = segments_.size() < most_tagged;
        std::array<Segment, 2> halves{};
        halves[0] = make_segment(splits || !grows ? slots : slots * 2, full.bits + (splits ? 1 : 0), tagged);
        if (splits) {
            try {
                halves[1] = make_segment(slots, full.bits + 1, tagged);
            } catch (...) {
                release(halves[0]);
                throw;
            }
        }
        const std::uint32_t shift = splits ? 31 - full.bits : 0;
        const std::uint32_t bit = splits ? 1 : 0;
        for (const Slot slot : gather(full)) put(halves[(slot.hash >> shift) & bit], slot);
        segments_[index] = halves[0];
        if (splits) segments_.push_back(halves[1]);
        point_at(index, splits ? static_cast<std::uint32_t>(segments_.size() - 1) : index, at, full.bits);
        release(full);
    }
    [[nodiscard]] static std::uint32_t live(const Segment& segment) {
        std::uint32_t count = 0;
        for (std::uint32_t i = 0; i <= segment.mask; ++i) count += segment.slots[i].value < erased ? 1U : 0U;
        return count;
    }
    /// Moves what is live to the front. Without a branch: half of the slots are empty, and which cannot be
    /// foreseen.
    [[nodiscard]] static std::span<const Slot> gather(const Segment& segment) {
        std::size_t count = 0;
        for (std::uint32_t i = 0; i <= segment.mask; ++i) {
            const Slot slot = segment.slots[i];
            segment.slots[count] = slot;
            count += slot.value < erased ? 1U : 0U;
        }
        return {segment.slots, count};
    }
    /// Lets the places that share `bits` with the one at `at` point at a segment, and at its other half.
    void point_at(std::uint32_t low, std::uint32_t high, std::size_t at, std::uint32_t bits) {
        const std::size_t count = std::size_t{1} << (directory_bits_ - bits);
        const std::size_t first = at & ~(count - 1);
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint32_t segment = i < count / 2 ? low : high;
            directory_[first + i] = place_at(segment);
        }
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
    std::pmr::vector<Segment> segments_;
    std::uint32_t directory_bits_ = 0;
};

}  // namespace entitle::inline v0::detail
