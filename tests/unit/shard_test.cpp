#include "entitle/value/shard.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "entitle/value/id_source.hpp"

// Which shard a customer belongs to.

namespace entitle {
namespace {

using namespace std::chrono_literals;

TEST(ShardOf, says_what_it_has_always_said) {
    // Computed by another implementation. Files are divided by it: a change here loses customers.
    constexpr std::array<std::size_t, 8> of_2{1, 0, 0, 0, 1, 1, 0, 0};
    constexpr std::array<std::size_t, 8> of_16{9, 3, 7, 1, 11, 13, 0, 2};
    constexpr std::array<std::size_t, 8> of_1000{617, 241, 452, 68, 716, 835, 12, 153};
    for (std::size_t i = 0; i < of_2.size(); ++i) {
        const CustomerId customer = CustomerId::from_integer(i + 1);
        EXPECT_EQ(shard_of(customer, 2), of_2[i]);
        EXPECT_EQ(shard_of(customer, 16), of_16[i]);
        EXPECT_EQ(shard_of(customer, 1000), of_1000[i]);
    }
    static_assert(shard_of(CustomerId::from_name("acme"), 16) == 8);
    static_assert(shard_of(CustomerId::from_name("acme"), 1000) == 518);
    constexpr std::uint64_t all = ~std::uint64_t{0};
    static_assert(shard_of(CustomerId{Uuid{all, all}}, 1000) == 274);
    static_assert(shard_of(CustomerId{Uuid{all, all}}, 2) == 0);
}

TEST(ShardOf, one_is_the_only_one) {
    for (std::uint64_t key = 1; key <= 100; ++key) EXPECT_EQ(shard_of(CustomerId::from_integer(key), 1), 0U);
}

TEST(ShardOf, more_shards_divide_each_and_mix_none) {
    for (std::uint64_t key = 1; key <= 1000; ++key) {
        const CustomerId customer = CustomerId::from_integer(key);
        for (const std::size_t count : {1U, 2U, 3U, 4U, 10U}) {
            for (const std::size_t times : {2U, 3U, 4U, 8U}) {
                EXPECT_EQ(shard_of(customer, times * count) / times, shard_of(customer, count));
            }
        }
    }
}

/// No shard is further from its share than five standard deviations of a fair lottery.
void expect_even(const std::vector<CustomerId>& customers) {
    for (const std::size_t count : {2U, 3U, 4U, 7U, 16U, 64U}) {
        std::vector<double> found(count);
        for (const CustomerId customer : customers) ++found[shard_of(customer, count)];
        const double share = static_cast<double>(customers.size()) / static_cast<double>(count);
        for (const double one : found) EXPECT_NEAR(one, share, 5 * std::sqrt(share)) << "of " << count;
    }
}

TEST(ShardOf, is_even_however_ids_are_made) {
    constexpr std::uint64_t many = 50'000;
    std::vector<CustomerId> counted, by_steps, high, named, of_time;
    UuidV7 next{1};
    for (std::uint64_t key = 1; key <= many; ++key) {
        counted.push_back(CustomerId::from_integer(key));
        by_steps.push_back(CustomerId::from_integer(key << 20));
        high.push_back(CustomerId{Uuid{key, 0}});
        named.push_back(CustomerId::from_name(fmt::format("customer {}", key)));
        of_time.push_back(CustomerId{next(Instant{key * 10s})});
    }
    for (const auto* ids : {&counted, &by_steps, &high, &named, &of_time}) expect_even(*ids);
}

}  // namespace
}  // namespace entitle
