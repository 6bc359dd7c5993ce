#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

/// What counts as text: UTF-8, measured in code points. Names compare without regard to ASCII case.
namespace entitle::inline v0 {

/// The number of code points, or nothing when the bytes are not UTF-8 (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF).
[[nodiscard]] constexpr std::optional<std::size_t> code_points(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        if (lead < 0x80) continue;
        const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4 || text.size() - i < more) return std::nullopt;
        const auto second = static_cast<unsigned char>(text[i]);
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
            (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
            return std::nullopt;
        }
        for (std::size_t k = 0; k < more; ++k, ++i) {
            if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return std::nullopt;
        }
    }
    return count;
}

[[nodiscard]] constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace entitle::inline v0
