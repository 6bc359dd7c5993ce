#pragma once

#include <string>
#include <vector>

#include "event.hpp"
#include "incident.hpp"

namespace program {

/// Opens an incident audit export of ServiceNow and makes the events of its incidents: each opens at
/// `opened_at`; the first row that is Resolved or Closed resolves it, a later one in any other state
/// reactivates it, and so on. All of them are merged by instant. Bad rows come after them.
/// Where `ways` is given, it is told the way of each incident; the file then needs the columns `priority` and
/// `made_sla` too.
[[nodiscard]] OpenedEvents open_servicenow(const std::string& path, std::vector<IncidentWay>* ways = nullptr);

}  // namespace program
