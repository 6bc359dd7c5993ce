#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "property/random.hpp"
#include "reference/model.hpp"

/// A desk and everything that can happen to it: many writers, machines that die, connections that break.
namespace simulator {

namespace model = entitle_reference;

/// What happens around a command.
enum class Trouble : std::uint8_t {
    none,
    restart,    ///< the writer is closed before it, and opened anew
    twice,      ///< it is done, and another writer sends it again
    dies,       ///< it is done, and all writers die before they hear of it: nothing is closed
    dies_amid,  ///< at some call to the disk while it is done, they do
    power,      ///< … and of what was not synced any sectors are lost
    cut,        ///< after some bytes the writer's connection breaks
    overtaken,  ///< between what it saw and what it writes, another writer's command is done
};
inline constexpr int troubles = 8;

[[nodiscard]] std::string_view name_of(Trouble trouble);

/// A command of one of the writers, by that writer's clock.
struct Step {
    model::Op op;
    int writer = 0;
    Trouble trouble = Trouble::none;
    std::uint64_t when = 0;  ///< after how much of it the trouble comes
    int other = 0;           ///< another writer
    model::Op between{};     ///< that overtakes
};

[[nodiscard]] std::string to_text(const Step& step);

/// A whole history, as one seed has it.
struct Trial {
    std::uint64_t seed = 0;
    model::Policy policy;
    int writers = 1;
    std::vector<Step> steps;
};

/// About `length` steps; troubles are of those that `can` says.
[[nodiscard]] Trial trial_of(std::uint64_t seed, int length, bool (*can)(Trouble));

}  // namespace simulator
