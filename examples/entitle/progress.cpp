#include "progress.hpp"

#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "text.hpp"

namespace program {

Progress::Progress() : shows_{isatty(STDERR_FILENO) == 1} {}

void Progress::update(std::uint64_t events, std::optional<double> share) {
    constexpr std::uint64_t often = 256;  // asking for the time is not free
    if (!shows_ || events % often != 0) return;
    const auto now = Clock::now();
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds{200};
    const double seconds = std::chrono::duration<double>(now - begun_).count();
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(events) / seconds);
    const std::string percent = share ? fmt::format("{:.0f} %, ", *share * 100) : "";
    fmt::print(stderr, "\r{}{} events, {} a second\x1b[K", percent, grouped(events), grouped(rate));
    std::fflush(stderr);
    shown_ = true;
}

void Progress::clear() {
    if (shown_) fmt::print(stderr, "\r\x1b[K");
    shown_ = false;
}

}  // namespace program
