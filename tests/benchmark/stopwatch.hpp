#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <limits>
#include <vector>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace benchmark_of_entitle {

/// A clock that nothing overtakes: what came before has ended, what comes after has not begun.
class Stopwatch {
public:
    Stopwatch() {
        using Clock = std::chrono::steady_clock;
        const auto from = Clock::now();
        const std::uint64_t first = ticks();
        while (Clock::now() - from < std::chrono::milliseconds{20}) continue;
        const std::uint64_t last = ticks();
        const std::chrono::duration<double, std::nano> took = Clock::now() - from;
        nanoseconds_per_tick_ = took.count() / static_cast<double>(last - first);
        own_ticks_ = std::numeric_limits<std::uint64_t>::max();
        for (int i = 0; i < 10'000; ++i) {
            const std::uint64_t begin = ticks();
            own_ticks_ = std::min(own_ticks_, ticks() - begin);
        }
    }

    [[nodiscard]] static std::uint64_t ticks() {
#if defined(__x86_64__)
        _mm_lfence();
        const std::uint64_t at = __rdtsc();
        _mm_lfence();
        return at;
#else
        return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
    }
    /// Of a stretch between two looks at the clock, without the look itself.
    [[nodiscard]] double nanoseconds(std::uint64_t ticks) const {
        return static_cast<double>(ticks - std::min(ticks, own_ticks_)) * nanoseconds_per_tick_;
    }

private:
    double nanoseconds_per_tick_ = 1;
    std::uint64_t own_ticks_ = 0;
};

/// What this thread has worked, in nanoseconds: other programs that took its processor do not count. Slow to
/// ask, so for long stretches.
[[nodiscard]] inline double nanoseconds_worked() {
#if defined(CLOCK_THREAD_CPUTIME_ID)
    std::timespec at{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) * 1e9 + static_cast<double>(at.tv_nsec);
#else
    const std::chrono::duration<double, std::nano> at = std::chrono::steady_clock::now().time_since_epoch();
    return at.count();
#endif
}

/// A host that does other work between commands: it goes through 8 KiB of its own 256 KiB, adding.
class Host {
public:
    void work() {
        for (std::size_t i = 0; i < stretch; i += 8) memory_[at_ + i] += memory_[at_];
        at_ = (at_ + stretch) % memory_.size();
    }

private:
    static constexpr std::size_t stretch = 1024;
    std::vector<std::uint64_t> memory_ = std::vector<std::uint64_t>(32 * stretch, 1);
    std::size_t at_ = 0;
};

}  // namespace benchmark_of_entitle
