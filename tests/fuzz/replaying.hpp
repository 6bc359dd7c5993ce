#pragma once

#include <string>

#include "fuzz/fuzz.hpp"

namespace fuzz {

/// What the program's `replay` makes of a plan and its events. It must come to an end by itself, tell what it found by its
/// exit status, and audit whatever it applied.
void replay(const MemoryFile& plan, const MemoryFile& events, const std::string& format, bool sla);

/// … of any bytes as the events, under a plan that is the same each time.
void replay_log(const char* plan, Bytes log, const std::string& format, bool sla);

}  // namespace fuzz
