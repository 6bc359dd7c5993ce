#pragma once

#include <string>

#include "event.hpp"

namespace program {

/// Opens an incident audit export of ServiceNow and makes the events of its incidents: each opens at
/// `opened_at`; the first row that is Resolved or Closed resolves it, a later one in any other state
/// reactivates it, and so on. All of them are merged by instant. Bad rows come after them.
[[nodiscard]] OpenedEvents open_servicenow(const std::string& path);

}  // namespace program
