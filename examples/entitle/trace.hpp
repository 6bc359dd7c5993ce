#pragma once

#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "desk.hpp"
#include "source.hpp"

namespace program {

/// The trace: one line per event, and what came of it. It is written, or it is an error.
class Trace {
public:
    /// Begins the file; nothing is written where the path is empty.
    explicit Trace(const std::string& path);

    void add(std::uint64_t number, const Answer& answer);
    /// Ends the file. Afterwards `failure` is final.
    void finish();
    /// Why it cannot be written; empty where it can.
    [[nodiscard]] const std::string& failure() const { return failure_; }

private:
    void write();

    FileHandle file_;
    fmt::memory_buffer lines_;
    std::string failure_;
};

}  // namespace program
