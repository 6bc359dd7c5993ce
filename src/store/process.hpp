#pragma once

#include <cstdint>

#if defined(_WIN32)
#include <process.h>
#else
#include <unistd.h>
#endif

namespace entitle::inline v0::store {

/// Identifies this process: a child after fork is another.
[[nodiscard]] inline std::int64_t process_id() {
#if defined(_WIN32)
    return _getpid();
#else
    return getpid();
#endif
}

}  // namespace entitle::inline v0::store
