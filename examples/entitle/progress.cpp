#include "progress.hpp"

#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "text.hpp"

namespace program {

namespace {

/// `12 s`, `3 min`.
std::string duration_of(double seconds) {
    constexpr double minute = 60;
    return seconds < 2 * minute ? fmt::format("{:.0f} s", seconds)
                                : fmt::format("{:.0f} min", seconds / minute);
}

}  // namespace

Progress::Progress(std::string_view things) : things_{things}, shows_{isatty(STDERR_FILENO) == 1} {}

void Progress::update(std::uint64_t done, std::optional<double> share) {
    constexpr std::uint64_t often = 256;  // asking for the time is not free
    if (!shows_ || done < ask_at_) return;
    ask_at_ = done + often;
    const auto now = Clock::now();
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds{200};
    const double seconds = std::chrono::duration<double>(now - begun_).count();
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(done) / seconds);
    const bool knows = share && *share > 0;
    const std::string percent = knows ? fmt::format("{:.0f} %, ", *share * 100) : "";
    const std::string rest =
        knows ? fmt::format(", {} left", duration_of(seconds * (1 - *share) / *share)) : "";
    fmt::print(stderr, "\r{}{} {}, {} a second{}\x1b[K", percent, grouped(done), things_, grouped(rate),
               rest);
    std::fflush(stderr);
    shown_ = true;
}

void Progress::clear() {
    if (shown_) fmt::print(stderr, "\r\x1b[K");
    shown_ = false;
}

}  // namespace program
