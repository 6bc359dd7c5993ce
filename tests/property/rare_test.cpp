// Random histories in which something rare comes together: each was met once by chance, told one rule from another
// that no other test does (tests/mutation), and is gone through every time since.

#include "property/rare.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace entitle_property {
namespace {

struct Met {
    const char* policy;
    std::vector<std::uint64_t> seeds;
};

class Rare : public ::testing::TestWithParam<Met> {};

TEST_P(Rare, Histories) {
    for (const std::uint64_t seed : GetParam().seeds) {
        const auto found = engine_differs_from_model(rare_trial(GetParam().policy, seed), true);
        EXPECT_FALSE(found) << seed << ", command " << found->at << ": " << found->what;
    }
}

INSTANTIATE_TEST_SUITE_P(, Rare,
                         ::testing::Values(Met{
                             "desk",
                             {50'000'000'004, 50'000'000'038, 50'000'000'165, 50'000'000'300, 50'000'000'367,
                              50'000'000'570, 50'000'000'856, 50'000'001'596}}),
                         [](const auto& met) { return std::string{met.param.policy}; });

}  // namespace
}  // namespace entitle_property
