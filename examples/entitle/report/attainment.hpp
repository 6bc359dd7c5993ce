#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <entitle/engine.hpp>

#include "host/session.hpp"
#include "view/json.hpp"
#include "view/table.hpp"

namespace program {

/// What became of one promise of a service level, over all cases, as of an instant.
struct AttainmentFigures {
    std::string level{}, kpi{};
    entitle::KpiGoal goal{};
    std::uint64_t succeeded = 0;
    std::uint64_t missed = 0;   ///< late ones that are still waited for among them
    std::uint64_t running = 0;  ///< paused and nearing ones among them
    std::uint64_t canceled = 0;
};

/// By service level, and in its order; what was never promised is left out.
[[nodiscard]] Or<std::vector<AttainmentFigures>> attainment_of(Session& session);

[[nodiscard]] Json attainment_json(const std::vector<AttainmentFigures>& figures);
[[nodiscard]] Table attainment_table(const std::vector<AttainmentFigures>& figures);

}  // namespace program
