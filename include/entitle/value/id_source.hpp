#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>

#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"

namespace entitle::inline v0 {

/// Makes the ids that a host leaves to the engine. Called with the command's own instant.
using IdSource = std::function<Uuid(Instant)>;

/// RFC 9562 version 7: the instant's milliseconds, then random bits. In time order, which is worth a lot to
/// an index. Seeded from the system, or, for what must be repeatable, by the host.
class UuidV7 {
public:
    UuidV7() : UuidV7{(std::uint64_t{std::random_device{}()} << 32) ^ std::random_device{}()} {}
    explicit UuidV7(std::uint64_t seed) : random_{seed} {}

    Uuid operator()(Instant now) {
        const auto milliseconds =
            std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count();
        const std::uint64_t hi =
            (static_cast<std::uint64_t>(milliseconds) << 16) | 0x7000 | (random_() & 0x0FFF);
        const std::uint64_t lo = (random_() & 0x3FFF'FFFF'FFFF'FFFF) | 0x8000'0000'0000'0000;
        return {hi, lo};
    }

private:
    std::mt19937_64 random_;
};

}  // namespace entitle::inline v0
