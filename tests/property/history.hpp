#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "entitle/store/store.hpp"

#include "property/generator.hpp"
#include "property/policies.hpp"

/// Runs histories, and shows the shortest that fails.
namespace entitle_property {

struct Difference {
    std::size_t at = 0;  ///< which command of the history
    std::string what;
};

/// A history under a policy, and the seed that made it.
struct Trial {
    std::uint64_t seed = 0;
    model::Policy policy;
    History history;
};

/// What a property says about a trial: nothing, or where it fails. The last argument asks it to look after
/// every command.
using Property = std::function<std::optional<Difference>(const Trial&, bool look_often)>;

/// Makes the store of a trial.
using StoreOf = std::function<std::unique_ptr<entitle::Store>(const Trial&)>;

[[nodiscard]] std::unique_ptr<entitle::Store> memory_store(const Trial& trial);

/// Answer for answer, and every few commands the whole state.
[[nodiscard]] std::optional<Difference> engine_differs_from_model(const Trial& trial, bool look_often,
                                                                  const StoreOf& store = memory_store);

/// How many of `count` to do: ENTITLE_TEST_SCALE times as many; a tenth of that in a sanitizer's build.
[[nodiscard]] std::uint64_t scaled(std::uint64_t count);

[[nodiscard]] bool is_sanitized();

/// The policy of a trial: a fixed one, or one of random fields.
using PolicyOf = std::function<model::Policy(Random&)>;

struct Campaign {
    std::uint64_t first_seed = 0;
    std::uint64_t commands = 0;  ///< before scaling
    int length = 64;             ///< of one history
    PolicyOf policy;
};

/// Runs seeds from the campaign's first until there are enough commands, or only ENTITLE_TEST_SEED. The first
/// that fails is shrunk and reported as a failure of the current test.
void check(const Campaign& campaign, const Property& property);

/// The trial of one seed.
[[nodiscard]] Trial trial_of(std::uint64_t seed, const Campaign& campaign);

}  // namespace entitle_property
