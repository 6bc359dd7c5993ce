#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"

namespace entitle::inline v0 {

/// What is stored of an entitlement's life. Time does the rest: see `Status`.
enum class Phase : std::uint8_t { draft, activated, canceled };

/// What an entitlement is at an instant: a pure function of its phase, its coverage and that instant.
enum class Status : std::uint8_t { draft, waiting, active, expired, canceled };

inline constexpr std::size_t status_count = 5;

/// `draft`, `waiting`, `active`, `expired`, `canceled`.
[[nodiscard]] constexpr std::string_view name_of(Status status) {
    constexpr std::array<std::string_view, status_count> names{"draft", "waiting", "active", "expired",
                                                               "canceled"};
    return names[static_cast<std::size_t>(status)];
}

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::Status> : entitle::detail::PlainFormatter {
    auto format(entitle::Status status, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{}", entitle::name_of(status));
    }
};
