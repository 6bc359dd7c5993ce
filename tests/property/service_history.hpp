#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "property/random.hpp"
#include "property/stores.hpp"
#include "reference/service_model.hpp"

/// Random histories of section 11: the engine against `service_model`.
namespace entitle_property::service {

/// A command, and what to ask after it.
struct Step {
    service_model::Op op;
    bool joins = false;          ///< in one batch with the one before, and then at its instant
    std::uint64_t question = 0;  ///< seed of the instants that are asked about
};

struct Trial {
    std::uint64_t seed = 0;
    service_model::Rules rules;
    std::vector<Step> steps;
};

/// A trial of one seed.
[[nodiscard]] Trial trial_of(std::uint64_t seed, int length);
[[nodiscard]] Trial trial_of(Random random, int length);

/// Answer for answer, and every few steps, or every one, all that can be asked. Nothing where they agree.
[[nodiscard]] std::optional<std::string> difference(const Trial& trial, const StoreOf& store,
                                                    bool asks_often);

/// The trial without the steps that its difference does without.
[[nodiscard]] Trial shrunk(Trial trial, const StoreOf& store);

[[nodiscard]] std::string to_text(const Step& step);
[[nodiscard]] std::string to_text(const service_model::Told& told);
[[nodiscard]] std::string to_text(const service_model::Coming& coming);
[[nodiscard]] std::string to_text(const service_model::Deadline& deadline);
/// The service levels, and then the steps, one a line.
[[nodiscard]] std::string to_text(const Trial& trial);

/// Runs `histories` trials from a seed on, as the scale has it, or only ENTITLE_TEST_SEED. The first that differs is
/// shrunk and reported as a failure of the current test.
void check(std::uint64_t first_seed, std::uint64_t histories, const StoreOf& store);

}  // namespace entitle_property::service
