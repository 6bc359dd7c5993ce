#pragma once

#include <entitle/engine.hpp>

#include "host/session.hpp"
#include "plan.hpp"
#include "plan_json.hpp"

/// Calendars and service levels, between what a plan writes and what the engine takes.
namespace program {

/// Keeps a calendar in the place of the former of its key.
[[nodiscard]] Done keep_calendar(Session& session, const PlannedCalendar& planned);
/// Keeps a service level, and perhaps makes it the default, in the place of the former: `service_level_exists` where one
/// of its key promises something else.
[[nodiscard]] Done keep_service_level(Session& session, const PlannedServiceLevel& planned);

/// A calendar as a plan writes it.
[[nodiscard]] Node node_of(Session& session, entitle::CalendarId id,
                           const entitle::sla::BusinessHours& hours);
/// A service level as a plan writes it.
[[nodiscard]] Node node_of(Session& session, const entitle::ServiceLevel& level, bool is_default);

}  // namespace program
