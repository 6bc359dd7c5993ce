#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace program {

/// How far a long run has come: a line on standard error, where that is a terminal and the run takes
/// longer than a second.
class Progress {
public:
    Progress();
    ~Progress() { clear(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void update(std::uint64_t events, std::optional<double> share);
    /// Takes the line away, so that another can be written.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    bool shows_;
    bool shown_ = false;
    Clock::time_point begun_ = Clock::now();
    Clock::time_point next_ = begun_ + std::chrono::seconds{1};
};

}  // namespace program
