#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "simulator/step.hpp"
#include "simulator/world.hpp"

namespace simulator {

/// Where what happens is not what the reference model says: which step, and what.
struct Difference {
    std::size_t at = 0;
    std::string what;
};

/// Answer for answer; now and then, or after each step, everything that a writer can see, and an audit.
[[nodiscard]] std::optional<Difference> difference(const Trial& trial, const WorldSort& sort,
                                                   bool looks_often);

/// The seed, the policy and the shortest history that still fails, and how; nothing where the seed's history does not.
[[nodiscard]] std::optional<std::string> failure_of(std::uint64_t seed, int length, const WorldSort& sort);

}  // namespace simulator
