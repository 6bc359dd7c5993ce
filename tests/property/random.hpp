#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

namespace entitle_property {

/// Numbers that are the same for the same seed everywhere: the standard says what the engine gives, but not
/// what its distributions do with it.
class Random {
public:
    explicit Random(std::uint64_t seed) : bits_{seed} {}

    /// 0 … n − 1. The bias is far below what any test here could notice.
    int below(int n) { return static_cast<int>(bits_() % static_cast<std::uint64_t>(n)); }
    int between(int least, int most) { return least + below(most - least + 1); }
    bool percent(int chance) { return below(100) < chance; }
    std::uint64_t word() { return bits_(); }

    template <class T>
    T one_of(std::initializer_list<T> items) {
        return items.begin()[below(static_cast<int>(items.size()))];
    }
    template <class T>
    const T& one_of(const std::vector<T>& items) {
        return items[static_cast<std::size_t>(below(static_cast<int>(items.size())))];
    }

private:
    std::mt19937_64 bits_;
};

}  // namespace entitle_property
