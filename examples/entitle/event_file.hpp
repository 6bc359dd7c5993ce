#pragma once

#include <string>

#include "event.hpp"

namespace program {

/// Opens a log in the format `entitle`: a header, then one event a line. `-` is standard input.
[[nodiscard]] OpenedEvents open_event_file(const std::string& path, bool will_rewind);

}  // namespace program
