// Random histories: the engine answers as the model does, and keeps what the model keeps.

#include <gtest/gtest.h>

#include "property/history.hpp"
#include "property/stores.hpp"

namespace entitle_property {
namespace {

constexpr std::uint64_t parts = 4;
constexpr std::uint64_t commands_of_a_part = 130'000;

/// One quarter of a policy's histories, so that four can run at once.
class Histories : public ::testing::TestWithParam<std::uint64_t> {
protected:
    void check_under(std::uint64_t lane, const PolicyOf& policy) {
        const std::uint64_t first = (lane * parts + GetParam()) * 1'000'000'000;
        check({first, commands_of_a_part, 64, policy}, [](const Trial& trial, bool look_often) {
            return engine_differs_from_model(trial, look_often);
        });
    }
};

TEST_P(Histories, Standard) {
    check_under(0, [](Random&) { return model::standard(); });
}
TEST_P(Histories, Dynamics365) {
    check_under(1, [](Random&) { return model::dynamics365(); });
}
TEST_P(Histories, Crm2014) {
    check_under(2, [](Random&) { return model::crm2014(); });
}
TEST_P(Histories, Desk) {
    check_under(4, [](Random&) { return model::desk(); });
}
TEST_P(Histories, RandomPolicies) { check_under(3, random_policy); }

/// The same over each store; over slower ones, fewer.
class StoredHistories : public ::testing::TestWithParam<StoreSort> {};

TEST_P(StoredHistories, RandomPolicies) {
    const Campaign campaign{20'000'000'000, commands_of_a_part / GetParam().slower, 64, random_policy};
    check(campaign, [](const Trial& trial, bool look_often) {
        return engine_differs_from_model(trial, look_often, GetParam().open);
    });
}

INSTANTIATE_TEST_SUITE_P(, StoredHistories, ::testing::ValuesIn(store_sorts()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

INSTANTIATE_TEST_SUITE_P(Part, Histories, ::testing::Range(std::uint64_t{0}, parts));

}  // namespace
}  // namespace entitle_property
