#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <new>
#include <type_traits>
#include <vector>

namespace entitle::inline v0::detail {

/// A growing array whose elements never move: growth adds a chunk, so no single append pays for the rest.
/// Grows and shrinks at the end only. For trivially destructible elements.
template <class T, std::size_t ChunkBits = 12>
class ChunkedArray {
    static_assert(std::is_trivially_destructible_v<T>);
    static constexpr std::size_t chunk_size = std::size_t{1} << ChunkBits;
    static constexpr std::size_t ahead = 4;  ///< of the one appended: which others are brought near

public:
    explicit ChunkedArray(std::pmr::memory_resource* memory) : memory_{memory}, chunks_{memory} {}
    ChunkedArray(std::pmr::memory_resource* memory, std::size_t expected) : ChunkedArray{memory} {
        reserve_more(expected);
    }
    ChunkedArray(const ChunkedArray&) = delete;
    ChunkedArray& operator=(const ChunkedArray&) = delete;
    ~ChunkedArray() {
        for (T* chunk : chunks_) memory_->deallocate(chunk, chunk_size * sizeof(T), alignof(T));
    }

    [[nodiscard]] std::uint32_t size() const { return size_; }
    [[nodiscard]] T& operator[](std::uint32_t index) {
        assert(index < size_);
        return chunks_[index >> ChunkBits][index & (chunk_size - 1)];
    }
    [[nodiscard]] const T& operator[](std::uint32_t index) const {
        assert(index < size_);
        return chunks_[index >> ChunkBits][index & (chunk_size - 1)];
    }

    /// Makes sure that the next `count` appends cannot fail.
    void reserve_more(std::size_t count) {
        while (size_ + count > room_) add_chunk();
    }
    std::uint32_t append(const T& value) {
        if (size_ == room_) add_chunk();
        ::new (static_cast<void*>(&chunks_[size_ >> ChunkBits][size_ & (chunk_size - 1)])) T(value);
        return size_++;
    }
    /// The next element, where room was reserved, to be filled in where it stands: a copy of what was written
    /// just before stalls.
    [[nodiscard]] T& extend() {
        assert(size_ < room_);
        T* chunk = chunks_[size_ >> ChunkBits];
        const std::size_t at = size_ & (chunk_size - 1);
        bring_near(&chunk[(at + ahead) & (chunk_size - 1)]);
        ++size_;
        return *::new (static_cast<void*>(&chunk[at])) T;
    }
    void shrink_to(std::uint32_t size) {
        assert(size <= size_);
        size_ = size;
    }

private:
    /// Writing to lines that are far away fills up the processor's store buffer: those to come are fetched
    /// while there is time.
    [[gnu::always_inline]] static void bring_near(const T* coming) {
        constexpr std::size_t line = 64;
        __builtin_prefetch(coming, 1);
        if constexpr (sizeof(T) > line) {
            __builtin_prefetch(reinterpret_cast<const std::byte*>(coming) + line, 1);
        }
    }
    void add_chunk() {
        if (chunks_.size() == chunks_.capacity()) chunks_.reserve(chunks_.size() * 2 + 1);
        chunks_.push_back(static_cast<T*>(memory_->allocate(chunk_size * sizeof(T), alignof(T))));
        room_ = chunks_.size() * chunk_size;
    }

    std::pmr::memory_resource* memory_;
    std::pmr::vector<T*> chunks_;
    std::size_t room_ = 0;
    std::uint32_t size_ = 0;
};

}  // namespace entitle::inline v0::detail
