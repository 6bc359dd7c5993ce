#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace program {

/// How far a long run has come: a line on standard error, where that is a terminal and the run takes
/// longer than a second.
class Progress {
public:
    /// Of `things`, as `events`.
    explicit Progress(std::string_view things = "events");
    ~Progress() { clear(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// So many are done, which is this share of all, from 0 to 1; none where nobody knows.
    void update(std::uint64_t done, std::optional<double> share);
    /// Takes the line away, so that another can be written.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    std::string_view things_;
    bool shows_;
    bool shown_ = false;
    std::uint64_t ask_at_ = 0;
    Clock::time_point begun_ = Clock::now();
    Clock::time_point next_ = begun_ + std::chrono::seconds{1};
};

}  // namespace program
