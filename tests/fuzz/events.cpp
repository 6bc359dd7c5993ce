// Any bytes as a log of events, under a plan that has something of everything.

#include "fuzz/replaying.hpp"

namespace {

constexpr const char* plan_text = R"({
  "policy": {"base": "desk", "overage": "split"},
  "templates": [{"id": "T", "name": "T", "lasts": {"months": 12}, "allocation": "cases", "total": 3,
                 "decrease_on": "creation"}],
  "rules": [{"product": "P", "at_least": 2, "template": "T"}],
  "entitlements": [
    {"id": "E", "name": "E", "customer": "Lumen", "first_day": "2014-01-01", "last_day": "2014-12-31",
     "time_zone": "America/New_York", "allocation": "cases", "total": 5, "decrease_on": "creation",
     "restrict": true, "channels": {"phone": 2, "email": 4}, "period": "month", "rollover": 2, "default": true},
    {"id": "H", "name": "H", "customer": "Lumen", "first_day": "2014-01-01", "last_day": "2015-12-31",
     "allocation": "hours", "total": "9:30:00", "decrease_on": "resolution", "restrict": false},
    {"id": "M", "name": "M", "customer": "Harbour", "first_day": "2014-01-01", "last_day": "2014-12-31",
     "allocation": "money", "currency": "EUR", "total": "100.00", "decrease_on": "resolution"}]
})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::replay_log(plan_text, {data, size}, "entitle", false);
    return 0;
}
