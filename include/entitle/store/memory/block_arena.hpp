#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <vector>

namespace entitle::inline v0::detail {

/// Blocks of whole cache lines, named by 32-bit references: half a pointer, so that an index slot holds a
/// hash beside it. Freed blocks are used again for others of their size.
class BlockArena {
public:
    static constexpr std::size_t line = 64;
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    explicit BlockArena(std::pmr::memory_resource* memory)
        : memory_{memory}, chunks_{memory}, owned_{memory} {
        free_.fill(none);
    }
    BlockArena(const BlockArena&) = delete;
    BlockArena& operator=(const BlockArena&) = delete;
    ~BlockArena() {
        for (const Owned& owned : owned_) memory_->deallocate(owned.bytes, owned.size, line);
    }

    [[nodiscard]] std::byte* at(std::uint32_t reference) const {
        return chunks_[reference / lines_per_chunk] + (reference % lines_per_chunk) * line;
    }

    /// A block of at least `bytes`; `lines` tells its size, to be given back with it.
    [[nodiscard]] std::uint32_t allocate(std::size_t bytes, std::uint32_t& lines) {
        const std::size_t size_class = class_of((bytes + line - 1) / line);
        lines = lines_of(size_class);
        if (free_[size_class] != none) {
            const std::uint32_t reference = free_[size_class];
            std::memcpy(&free_[size_class], at(reference), sizeof(std::uint32_t));
            return reference;
        }
        if (lines > left_) add_chunks((lines + lines_per_chunk - 1) / lines_per_chunk);
        const std::uint32_t reference = next_;
        next_ += lines;
        left_ -= lines;
        return reference;
    }
    void release(std::uint32_t reference, std::uint32_t lines) {
        const std::size_t size_class = class_of(lines);
        std::memcpy(at(reference), &free_[size_class], sizeof(std::uint32_t));
        free_[size_class] = reference;
    }

private:
    static constexpr std::uint32_t lines_per_chunk = 16384;  // 1 MiB
    static constexpr std::size_t exact_classes = 16;

    struct Owned {
        std::byte* bytes;
        std::size_t size;
    };

    /// 1 … 16 lines exactly, then powers of two.
    [[nodiscard]] static std::size_t class_of(std::size_t lines) {
        if (lines <= exact_classes) return lines;
        return exact_classes + static_cast<std::size_t>(std::bit_width(lines - 1)) - 4;
    }
    [[nodiscard]] static std::uint32_t lines_of(std::size_t size_class) {
        if (size_class <= exact_classes) return static_cast<std::uint32_t>(size_class);
        return std::uint32_t{1} << (size_class - exact_classes + 4);
    }
    void add_chunks(std::uint32_t count) {
        chunks_.reserve(chunks_.size() + count);
        owned_.reserve(owned_.size() + 1);
        const std::size_t size = std::size_t{count} * lines_per_chunk * line;
        auto* bytes = static_cast<std::byte*>(memory_->allocate(size, line));
        owned_.push_back({bytes, size});
        next_ = static_cast<std::uint32_t>(chunks_.size()) * lines_per_chunk;
        left_ = count * lines_per_chunk;
        for (std::uint32_t i = 0; i < count; ++i)
            chunks_.push_back(bytes + std::size_t{i} * lines_per_chunk * line);
    }

    std::pmr::memory_resource* memory_;
    std::pmr::vector<std::byte*> chunks_;
    std::pmr::vector<Owned> owned_;
    std::array<std::uint32_t, 48> free_{};
    std::uint32_t next_ = 0;
    std::uint32_t left_ = 0;
};

}  // namespace entitle::inline v0::detail
