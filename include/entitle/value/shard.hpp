#pragma once

#include <cstddef>
#include <cstdint>

#include "entitle/value/id.hpp"

namespace entitle::inline v0 {

namespace detail {

/// The last steps of SplitMix64: each bit of what comes out depends on every bit of what goes in.
[[nodiscard]] constexpr std::uint64_t scattered(std::uint64_t word) {
    word = (word ^ (word >> 30)) * 0xBF58'476D'1CE4'E5B9;
    word = (word ^ (word >> 27)) * 0x94D0'49BB'1331'11EB;
    return word ^ (word >> 31);
}

}  // namespace detail

/// Which of `count` shards (1 … 2^32) a customer belongs to: 0 … count - 1, evenly, whether ids are counted up, made
/// from time, or hashed from names. It depends on nothing else: every process, machine and version of this library says
/// the same, so that files and databases may be divided by it.
///
/// `shard_of(c, m * n) / m == shard_of(c, n)`: so many more shards divide each, and mix none. What is kept in 16 files
/// may therefore be served by 1, 2, 4, 8 or 16 threads, each file by one of them. To any other count customers move.
///
/// It has no secret: whoever chooses their own ids can have them meet in one shard.
[[nodiscard]] constexpr std::size_t shard_of(CustomerId customer, std::size_t count) {
    const auto [hi, lo] = customer.bits();
    const std::uint64_t hash = detail::scattered(lo ^ detail::scattered(hi + 0x9E37'79B9'7F4A'7C15));
    return static_cast<std::size_t>((hash >> 32) * std::uint64_t{count} >> 32);
}

}  // namespace entitle::inline v0
