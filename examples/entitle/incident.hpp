#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <entitle/value/instant.hpp>
#include <entitle/value/service_level.hpp>
#include <entitle/value/stage.hpp>
#include <entitle/value/support_case.hpp>

namespace program {

/// What one row of an audit export says of its incident.
struct IncidentRow {
    entitle::Instant at{};
    entitle::Stage stage{};              ///< its state, as in `Awaiting User Info`
    entitle::CasePriority priority = 0;  ///< the number that it begins with; 0: none
    bool is_closed = false;
};

/// The way of one incident through its rows, in the file's order.
struct IncidentWay {
    std::string_view key{};  ///< as long as the reader lives
    entitle::Instant opened{};
    entitle::CaseFacts about{};  ///< ids are those of the keys' texts
    std::vector<IncidentRow> rows{};
    std::optional<bool> made_sla{};  ///< what its last row says
};

}  // namespace program
