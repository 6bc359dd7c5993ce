// Any bytes as an incident audit export, timed by service levels.

#include "fuzz/replaying.hpp"

namespace {

constexpr const char* plan_text = R"({
  "policy": "standard",
  "calendars": [{"id": "office", "time_zone": "Europe/Berlin",
    "week": {"monday": ["08:00-12:00", "13:00-17:00"], "tuesday": ["08:00-24:00"], "friday": ["00:00-06:30"]},
    "holidays": ["2016-03-01"]}],
  "service_levels": [{"id": "gold", "default": true, "kpis": [
    {"name": "respond", "goal": "first_response", "fail_after": 4, "calendar": "office"},
    {"name": "resolve", "goal": "resolution", "warn_after": 20, "fail_after": 40, "calendar": "office",
     "pausing": ["Awaiting User Info"]}]}],
  "for_each_customer": {"name": "E", "first_day": "2016-01-01", "last_day": "2016-12-31",
    "allocation": "cases", "total": 2, "decrease_on": "creation", "restrict": true, "channels": {"phone": 1}}
})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::replay_log(plan_text, {data, size}, "servicenow", true);
    return 0;
}
