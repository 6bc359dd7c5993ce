#pragma once

#include <cstdint>

namespace store_contract {

/// Lets one allocation fail, of those that this thread makes.
struct Allocations {
    bool armed = false;
    bool failed = false;
    std::uint64_t left = 0;

    /// The allocation of that number, from 0 on.
    void fail_at(std::uint64_t allocation) {
        failed = false;
        left = allocation;
        armed = true;
    }
    void behave() { armed = false; }
    [[nodiscard]] bool strikes() {
        if (!armed || left-- != 0) return false;
        armed = false;
        failed = true;
        return true;
    }
};

extern thread_local Allocations in_sqlite;
extern thread_local Allocations in_cpp;  ///< by operator new
extern const bool sqlite_is_watched;

}  // namespace store_contract
