// A desk with many writers, clocks that differ, machines that die and connections that break does what one writer alone
// would have done.

#include <gtest/gtest.h>

#include "property/history.hpp"
#include "simulator/simulate.hpp"

namespace simulator {
namespace {

constexpr int length = 64;

class Simulator : public testing::TestWithParam<WorldSort> {};

TEST_P(Simulator, agrees_with_the_model_whatever_happens) {
    const std::uint64_t histories = entitle_property::scaled(GetParam().histories);
    for (std::uint64_t seed = 1; seed <= histories; ++seed) {
        const auto failure = failure_of(seed, length, GetParam());
        ASSERT_FALSE(failure) << *failure;
    }
}

INSTANTIATE_TEST_SUITE_P(, Simulator, testing::ValuesIn(world_sorts()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

}  // namespace
}  // namespace simulator
