#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <entitle/engine.hpp>

#include "host/session.hpp"
#include "report/attainment.hpp"

namespace program {

/// What was left after an entry.
struct BurnPoint {
    entitle::Instant at{};
    std::int64_t left = 0;
};

/// The total of an entitlement, or one of its channels.
struct CounterFigures {
    std::string channel{};  ///< empty: the total
    std::int64_t total = 0;
    std::int64_t left = 0;
    std::int64_t held = 0;
    std::int64_t used = 0;  ///< in the days that make the pace
    std::optional<entitle::Instant> exhausted{};
    std::vector<BurnPoint> curve{};  ///< in the order of the ledger
};

struct EntitlementFigures {
    std::string key{}, name{}, customer{};
    entitle::Status status = entitle::Status::draft;
    entitle::Span span{};
    std::string time_zone{}, last_day{};
    entitle::Unit unit{};
    std::vector<CounterFigures> counters{};  ///< the total first
};

struct RefusalFigures {
    std::string code{}, reason{};
    std::uint64_t count = 0;
};

struct ChangeFigures {
    entitle::Instant at{};
    std::string local{};  ///< that minute, by the entitlement's clocks
    std::string customer{}, entitlement{}, what{};
};

/// Everything that a report tells; each of its forms writes these, and nothing else.
struct Figures {
    entitle::Instant at{};
    std::uint32_t days = 0;  ///< that make the pace, and that changes are looked for
    std::vector<EntitlementFigures> entitlements{};
    std::vector<ChangeFigures> changes{};
    std::vector<RefusalFigures> refusals{};
    std::vector<AttainmentFigures> attainment{};
};

[[nodiscard]] Or<Figures> figures_of(Session& session, std::uint32_t days);

}  // namespace program
