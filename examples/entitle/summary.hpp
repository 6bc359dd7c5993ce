#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <entitle/value/instant.hpp>

#include "desk.hpp"
#include "service_times.hpp"

namespace program {

/// What came of all events.
struct Tally {
    std::uint64_t events = 0;
    std::uint64_t ok = 0;
    std::map<std::string_view, std::uint64_t> refused{};  ///< by the error's name, `bad_row` among them
    std::optional<entitle::Instant> latest{};             ///< of the instants that could be read

    void add(const Answer& answer, const std::optional<entitle::Instant>& at);
};

/// Recomputes every balance from the ledger: `ok`, or the first difference.
[[nodiscard]] std::string audit_of(const Desk& desk);

/// `times`: where incidents were timed.
[[nodiscard]] std::string summary_as_json(const Desk& desk, const Tally& tally, const std::string& audit,
                                          const ServiceTimes* times);
[[nodiscard]] std::string summary_as_table(const Desk& desk, const Tally& tally, const std::string& audit,
                                           const ServiceTimes* times);

}  // namespace program
