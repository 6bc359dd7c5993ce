#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <date/tz.h>

#include "entitle/value/instant.hpp"

namespace entitle::inline v0 {

/// A time in which the clocks of a zone keep their distance to UTC: they show UTC + `offset` in [begin, end).
struct SteadyClock {
    Instant begin{};
    Instant end{};
    std::chrono::seconds offset{};
};

/// A time zone of the system's database. UTC needs no database.
class Zone {
public:
    constexpr Zone() = default;  ///< UTC

    /// Nothing when the system's database has no zone of that name, or there is no database.
    [[nodiscard]] static std::optional<Zone> named(std::string_view name) {
        if (name == "UTC") return Zone{};
        try {
            return Zone{date::locate_zone(std::string{name})};
        } catch (const std::runtime_error&) {
            return std::nullopt;
        }
    }

    /// The first instant of a civil day: where midnight is skipped, the change; where it comes twice, the
    /// earlier one. For a day that the zone skips whole, the first instant of the next.
    [[nodiscard]] Instant start_of(date::local_days day) const {
        if (rules_ == nullptr) return Instant{day.time_since_epoch()};
        const date::local_info info = rules_->get_info(day);
        if (info.result == date::local_info::nonexistent) return info.first.end;
        return Instant{day.time_since_epoch() - info.first.offset};
    }

    /// The civil day that it is in this zone at an instant.
    [[nodiscard]] Day day_at(Instant at) const {
        if (rules_ == nullptr) return Day{date::floor<date::days>(at)};
        return Day{date::floor<date::days>(rules_->to_local(at))};
    }

    /// The times around an instant in which the clocks are not changed. Two that follow each other may have
    /// one offset, where only its name changes.
    [[nodiscard]] SteadyClock clock_at(Instant at) const {
        if (rules_ == nullptr) return {Instant::min(), Instant::max(), {}};
        const date::sys_info info = rules_->get_info(at);
        return {info.begin, info.end, info.offset};
    }

private:
    explicit Zone(const date::time_zone* rules) : rules_{rules} {}

    const date::time_zone* rules_ = nullptr;
};

}  // namespace entitle::inline v0
