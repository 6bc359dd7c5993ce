#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <vector>

namespace entitle_property {

/// Numbers that are the same for the same seed everywhere: the standard says what the engine gives, but not
/// what its distributions do with it.
class Random {
public:
    explicit Random(std::uint64_t seed) : bits_{seed} {}
    /// Choices that somebody else has made, a byte or eight each; after the last, as of seed 0.
    explicit Random(std::span<const std::uint8_t> told) : bits_{0}, told_{told.begin(), told.end()} {}

    /// 0 … n − 1. The bias is far below what any test here could notice.
    int below(int n) {
        const std::uint64_t any = n <= 256 ? next(1) : next(8);
        return static_cast<int>(any % static_cast<std::uint64_t>(n));
    }
    int between(int least, int most) { return least + below(most - least + 1); }
    bool percent(int chance) { return below(100) < chance; }
    std::uint64_t word() { return next(8); }

    template <class T>
    T one_of(std::initializer_list<T> items) {
        return items.begin()[below(static_cast<int>(items.size()))];
    }
    template <class T>
    const T& one_of(const std::vector<T>& items) {
        return items[static_cast<std::size_t>(below(static_cast<int>(items.size())))];
    }

private:
    std::uint64_t next(std::size_t bytes) {
        if (told_.size() - at_ < bytes) {
            at_ = told_.size();
            return bits_();
        }
        std::uint64_t out = 0;
        for (std::size_t i = 0; i < bytes; ++i) out = out << 8 | told_[at_++];
        return out;
    }

    std::mt19937_64 bits_;
    std::vector<std::uint8_t> told_{};
    std::size_t at_ = 0;
};

}  // namespace entitle_property
