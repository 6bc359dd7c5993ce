// Random histories of section 11: promises are what a walk, minute by minute, makes of them.

#include <cstdint>

#include <gtest/gtest.h>

#include "property/service_history.hpp"
#include "property/stores.hpp"

namespace entitle_property {
namespace {

constexpr std::uint64_t histories_in_memory = 600;

class ServiceHistories : public ::testing::TestWithParam<StoreSort> {};

/// Over slower stores, fewer.
TEST_P(ServiceHistories, agree_with_the_model) {
    service::check(30'000'000'000, histories_in_memory / GetParam().slower, GetParam().open);
}

INSTANTIATE_TEST_SUITE_P(, ServiceHistories, ::testing::ValuesIn(store_sorts()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

}  // namespace
}  // namespace entitle_property
