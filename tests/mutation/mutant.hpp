#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <type_traits>

/// What mutated headers call. One build holds every mutant; the environment chooses the one that lives.
///
///     ENTITLE_MUTANT=17                 mutant 17 lives
///     ENTITLE_MUTANT_RECORD=<file>      the numbers of those that the process came by are written there at its end
///
/// What is computed while compiling is computed as it was written.
namespace entitle_mutation {

inline constexpr std::size_t most = 1 << 16;  ///< mutants there may be

/// Told at the end of the process: which mutants it came by.
class Reached {
public:
    Reached() = default;
    Reached(const Reached&) = delete;
    Reached& operator=(const Reached&) = delete;
    ~Reached() {
        const char* const path = std::getenv("ENTITLE_MUTANT_RECORD");
        std::FILE* const file = path != nullptr ? std::fopen(path, "w") : nullptr;
        if (file == nullptr) return;
        for (std::size_t i = 0; i < most; ++i) {
            if (flags[i] != 0) std::fprintf(file, "%zu\n", i);
        }
        std::fclose(file);
    }

    static inline unsigned char flags[most];
};

inline int chosen() {
    const char* const number = std::getenv("ENTITLE_MUTANT");
    return number != nullptr ? std::atoi(number) : -1;
}
inline int alive = chosen();
inline const Reached reached{};

/// Whether a mutant lives.
constexpr bool is(int mutant) {
    if (std::is_constant_evaluated()) return false;
    Reached::flags[mutant] = 1;
    return alive == mutant;
}

// Each computes what is written, or, where the mutant lives, what its name in mutate.py says.

/// Two mutants of a condition: always, and (the next number) never. It is asked all the same.
constexpr bool decide(int mutant, bool condition) {
    const bool always = is(mutant);
    const bool never = is(mutant + 1);
    return always || (condition && !never);
}
/// One of the two.
constexpr bool unless(int mutant, bool condition) { return condition && !is(mutant); }

// With the operator that is written: a type may have no other.
constexpr bool less(int mutant, const auto& a, const auto& b) { return is(mutant) ? !(b < a) : a < b; }
constexpr bool less_equal(int mutant, const auto& a, const auto& b) {
    return is(mutant) ? !(b <= a) : a <= b;
}
constexpr bool greater(int mutant, const auto& a, const auto& b) { return is(mutant) ? !(b > a) : a > b; }
constexpr bool greater_equal(int mutant, const auto& a, const auto& b) {
    return is(mutant) ? !(b >= a) : a >= b;
}
constexpr bool equal(int mutant, const auto& a, const auto& b) { return is(mutant) != (a == b); }
constexpr bool not_equal(int mutant, const auto& a, const auto& b) { return is(mutant) == (a == b); }

constexpr auto plus(int mutant, const auto& a, const auto& b) { return is(mutant) ? a - b : a + b; }
constexpr auto minus(int mutant, const auto& a, const auto& b) { return is(mutant) ? a + b : a - b; }
constexpr auto times(int mutant, const auto& a, const auto& b) {
    return is(mutant) ? (b == 0 ? a : a / b) : a * b;
}
constexpr auto divided(int mutant, const auto& a, const auto& b) { return is(mutant) ? a * b : a / b; }
constexpr auto negated(int mutant, const auto& a) { return is(mutant) ? +a : -a; }

constexpr auto& add(int mutant, auto& a, const auto& b) { return is(mutant) ? a -= b : a += b; }
constexpr auto& subtract(int mutant, auto& a, const auto& b) { return is(mutant) ? a += b : a -= b; }
constexpr auto& up(int mutant, auto& a) { return is(mutant) ? --a : ++a; }
constexpr auto& down(int mutant, auto& a) { return is(mutant) ? ++a : --a; }

template <class T>
constexpr const T& min(int mutant, const T& a, const T& b) {
    return is(mutant) == (b < a) ? a : b;
}
template <class T>
constexpr const T& max(int mutant, const T& a, const T& b) {
    return is(mutant) == (a < b) ? a : b;
}

/// 0 for 1, and one more for any other number.
template <class T>
constexpr T constant(int mutant, T number) {
    if (!is(mutant)) return number;
    return number == T{1} ? T{0} : static_cast<T>(number + 1);
}

}  // namespace entitle_mutation
