#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entitle/value/agreement.hpp"
#include "entitle/value/channel.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/stage.hpp"

/// Section 11: how fast support is promised to be.
namespace entitle::inline v0 {

/// How urgent a case is, in the host's own numbers; 0: it does not say.
using CasePriority = std::uint8_t;

/// What ends the clock of a promise.
enum class KpiGoal : std::uint8_t {
    first_response,  ///< the first answer; the resolution at the latest
    resolution,
    own,  ///< what the host says
};

/// As the enumerators are written.
[[nodiscard]] constexpr std::string_view name_of(KpiGoal goal) {
    constexpr std::array<std::string_view, 3> names{"first_response", "resolution", "own"};
    return names[static_cast<std::size_t>(goal)];
}

/// To which cases a promise is made. A list without anything in it is not asked; a fact that a case leaves out
/// is in no list.
struct KpiScope {
    std::vector<CasePriority> priorities{};
    std::vector<Channel> channels{};
    Scope about{};

    friend bool operator==(const KpiScope&, const KpiScope&) = default;
};

/// One promise of a service level.
struct KpiTerms {
    std::string name{};  ///< 1–100 code points of UTF-8; no two of a service level the same
    KpiGoal goal = KpiGoal::resolution;
    /// Business time of the calendar, 0 or more and no more than `fail_after`; absent: it is not warned of.
    std::optional<std::chrono::seconds> warn_after{};
    std::chrono::seconds fail_after{};  ///< business time of the calendar, 0 or more
    CalendarId calendar{};              ///< none: all hours
    KpiScope applies{};
    std::vector<Stage> pausing{};  ///< the clock stands while the case is in one of them

    friend bool operator==(const KpiTerms&, const KpiTerms&) = default;
};

/// An SLA: promises by name.
struct ServiceLevel {
    SlaId id{};
    std::string name{};            ///< 1–100 code points of UTF-8
    std::vector<KpiTerms> kpis{};  ///< up to 100

    friend bool operator==(const ServiceLevel&, const ServiceLevel&) = default;
};

}  // namespace entitle::inline v0
