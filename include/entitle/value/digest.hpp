#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"

namespace entitle::inline v0 {

/// A SHA-256 digest. All zero is *none*: where a chain begins.
struct Digest {
    std::array<std::uint8_t, 32> bytes{};

    friend bool operator==(const Digest&, const Digest&) = default;
};

/// Reads 64 hexadecimal digits, of either case; anything else is nothing.
[[nodiscard]] constexpr std::optional<Digest> parse_digest(std::string_view text) {
    Digest digest;
    if (text.size() != digest.bytes.size() * 2) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        int digit = 0;
        if (c >= '0' && c <= '9') digit = c - '0';
        else if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
        else return std::nullopt;
        digest.bytes[i / 2] = static_cast<std::uint8_t>(digest.bytes[i / 2] << 4 | digit);
    }
    return digest;
}

}  // namespace entitle::inline v0

/// 64 lower-case hexadecimal digits.
template <>
struct fmt::formatter<entitle::Digest> : entitle::detail::PlainFormatter {
    auto format(const entitle::Digest& digest, fmt::format_context& ctx) const {
        auto out = ctx.out();
        for (const std::uint8_t byte : digest.bytes) out = fmt::format_to(out, "{:02x}", byte);
        return out;
    }
};
