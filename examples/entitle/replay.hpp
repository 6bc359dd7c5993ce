#pragma once

#include <string>

namespace program {

struct ReplayOptions {
    std::string plan;
    std::string events;  ///< `-`: standard input
    std::string format = "entitle";
    std::string trace;  ///< empty: none
    std::string store;  ///< empty: memory; see store_place.hpp
    bool sla = false;   ///< times the incidents by the plan's service levels
    bool json = false;
};

/// Applies a log of events to a plan, and tells what came of it. Returns the exit status: 0, 1 where rows
/// were bad, 2 where nothing ran or something could not be written.
[[nodiscard]] int replay(const ReplayOptions& options);

}  // namespace program
