#include "text.hpp"

#include <algorithm>
#include <limits>

#include <entitle/value/text.hpp>
#include <fmt/format.h>

namespace program {

namespace {

/// The bytes of the character that the text begins with; 0 where they are not UTF-8.
std::size_t first_character(std::string_view text) {
    for (std::size_t size = 1; size <= std::min<std::size_t>(4, text.size()); ++size) {
        if (entitle::code_points(text.substr(0, size)) == 1) return size;
    }
    return 0;
}

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7F; }

std::string escape(std::string_view text, std::size_t limit) {
    std::string out;
    for (std::size_t shown = 0; !text.empty(); ++shown) {
        if (shown == limit) return out + "…";
        const std::size_t size = first_character(text);
        const auto first = static_cast<unsigned char>(text.front());
        if (size == 0 || is_control(first)) out += fmt::format("\\x{:02x}", first);
        else out += text.substr(0, size);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return out;
}

}  // namespace

std::string printable(std::string_view text) { return escape(text, 60); }

std::string escaped(std::string_view text) { return escape(text, std::numeric_limits<std::size_t>::max()); }

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

std::size_t width_of(std::string_view text) { return entitle::code_points(text).value_or(text.size()); }

std::string left(std::string_view text, std::size_t width) {
    const std::size_t taken = width_of(text);
    return std::string{text} + std::string(width > taken ? width - taken : 0, ' ');
}

std::string right(std::string_view text, std::size_t width) {
    const std::size_t taken = width_of(text);
    return std::string(width > taken ? width - taken : 0, ' ') + std::string{text};
}

}  // namespace program
