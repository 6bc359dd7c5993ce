#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"

/// Section 11: what is known of a promise to a case, and what it is at an instant.
namespace entitle::inline v0 {

/// How an instance came to its end.
enum class KpiEnd : std::uint8_t {
    none,      ///< it has not
    met,       ///< what was promised was done, in time or late
    canceled,  ///< nothing is waited for any more
};

/// As the enumerators are written.
[[nodiscard]] constexpr std::string_view name_of(KpiEnd end) {
    constexpr std::array<std::string_view, 3> names{"none", "met", "canceled"};
    return names[static_cast<std::size_t>(end)];
}

/// One promise to one case. It keeps facts; what they come to at an instant is `sla::status_of`.
struct KpiInstance {
    static constexpr Instant never = Instant::max();

    SlaId sla{};
    std::uint16_t kpi = 0;  ///< its place among the service level's, from 0
    KpiEnd end = KpiEnd::none;
    Instant started{};
    std::uint32_t opening = 0;  ///< how often the case had been opened again when it started
    /// From then on it is nearing, unless paused. A pause moves it by its business time unless it has come before: what
    /// was warned of once is not warned of again.
    Instant warn_at = never;
    Instant fail_at = never;              ///< from then on it is missed, unless paused
    Instant paused_since = never;         ///< never: the clock runs
    Instant ended = never;                ///< when it came to `end`
    std::chrono::microseconds paused{0};  ///< business time of the pauses that are over

    [[nodiscard]] constexpr bool is_open() const { return end == KpiEnd::none; }
    [[nodiscard]] constexpr bool is_paused() const { return paused_since != never; }
    /// When its clock stopped: at its end, or at a pause that is not over. Never: it runs.
    [[nodiscard]] constexpr Instant stopped() const { return ended < paused_since ? ended : paused_since; }
    friend bool operator==(const KpiInstance&, const KpiInstance&) = default;
};

/// Until when something is promised.
struct Deadline {
    Instant warn_at = KpiInstance::never;
    Instant fail_at = KpiInstance::never;  ///< never: nothing is promised, or its clock stands

    friend bool operator==(const Deadline&, const Deadline&) = default;
};

/// … of a case: of all running promises of a goal, the soonest.
struct Deadlines {
    Deadline respond_by{};
    Deadline resolve_by{};

    friend bool operator==(const Deadlines&, const Deadlines&) = default;
};

/// What an instance is at an instant. The last three are final.
enum class KpiStatus : std::uint8_t {
    in_progress,
    paused,
    nearing_noncompliance,
    noncompliant,
    succeeded,
    canceled,
};

/// As the enumerators are written.
[[nodiscard]] constexpr std::string_view name_of(KpiStatus status) {
    constexpr std::array<std::string_view, 6> names{"in_progress",  "paused",    "nearing_noncompliance",
                                                    "noncompliant", "succeeded", "canceled"};
    return names[static_cast<std::size_t>(status)];
}

/// Whether the clock of an instance runs.
[[nodiscard]] constexpr bool is_running(const KpiInstance& kpi) { return kpi.is_open() && !kpi.is_paused(); }

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::KpiStatus> : entitle::detail::PlainFormatter {
    auto format(entitle::KpiStatus status, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{}", entitle::name_of(status));
    }
};
