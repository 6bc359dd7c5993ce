#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"

namespace entitle::inline v0 {

enum class CaseState : std::uint8_t { open, resolved, canceled };

/// `open`, `resolved`, `canceled`.
[[nodiscard]] constexpr std::string_view name_of(CaseState state) {
    constexpr std::array<std::string_view, 3> names{"open", "resolved", "canceled"};
    return names[static_cast<std::size_t>(state)];
}

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::CaseState> : entitle::detail::PlainFormatter {
    auto format(entitle::CaseState state, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{}", entitle::name_of(state));
    }
};
