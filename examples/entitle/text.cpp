#include "text.hpp"

#include <algorithm>
#include <clocale>
#include <cwchar>
#include <limits>

#include <entitle/value/text.hpp>
#include <fmt/format.h>

namespace program {

namespace {

/// The character that a text begins with.
struct Character {
    std::size_t size = 0;  ///< in bytes; 0 where they are not UTF-8
    char32_t code = 0;
};

[[nodiscard]] Character first_character(std::string_view text) {
    for (std::size_t size = 1; size <= std::min<std::size_t>(4, text.size()); ++size) {
        if (entitle::code_points(text.substr(0, size)) != 1) continue;
        const auto lead = static_cast<unsigned char>(text.front());
        char32_t code = size == 1 ? lead : lead & (0x7FU >> size);
        for (std::size_t i = 1; i < size; ++i)
            code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
        return {size, code};
    }
    return {};
}

/// What a terminal would act on, or show in another order than it is written.
[[nodiscard]] bool is_control(char32_t code) {
    const auto is_among = [code](char32_t first, char32_t last) { return code >= first && code <= last; };
    return is_among(0, 0x1F) || is_among(0x7F, 0x9F) || code == 0x61C || is_among(0x200E, 0x200F) ||
           is_among(0x2028, 0x202E) || is_among(0x2066, 0x2069);
}

[[nodiscard]] std::string escape(std::string_view text, std::size_t limit) {
    std::string out;
    for (std::size_t shown = 0; !text.empty(); ++shown) {
        if (shown == limit) return out + "…";
        const Character first = first_character(text);
        const std::string_view bytes = text.substr(0, std::max<std::size_t>(first.size, 1));
        if (first.size != 0 && !is_control(first.code)) {
            out += bytes;
        } else {
            for (const char byte : bytes) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
        }
        text.remove_prefix(bytes.size());
    }
    return out;
}

/// Characters as the C library of a UTF-8 locale knows them, while it lives; every character is one column wide where
/// there is no such locale.
class Widths {
public:
    Widths() : before_{utf8() != locale_t{} ? uselocale(utf8()) : locale_t{}} {}
    Widths(const Widths&) = delete;
    Widths& operator=(const Widths&) = delete;
    ~Widths() {
        if (before_ != locale_t{}) uselocale(before_);
    }

    [[nodiscard]] std::size_t of(char32_t code) const {
        const int columns = before_ != locale_t{} ? wcwidth(static_cast<wchar_t>(code)) : 1;
        return columns < 0 ? 1 : static_cast<std::size_t>(columns);
    }

private:
    [[nodiscard]] static locale_t utf8() {
        static const locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
        return made;
    }

    locale_t before_;
};

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

std::size_t width_of(std::string_view text) {
    const Widths widths;
    std::size_t sum = 0;
    while (!text.empty()) {
        const Character first = first_character(text);
        sum += first.size == 0 ? 1 : widths.of(first.code);
        text.remove_prefix(std::max<std::size_t>(first.size, 1));
    }
    return sum;
}

std::string_view within_columns(std::string_view text, std::size_t width) {
    const Widths widths;
    std::size_t end = 0;
    while (end < text.size()) {
        const Character next = first_character(text.substr(end));
        const std::size_t columns = next.size == 0 ? 1 : widths.of(next.code);
        if (columns > width) break;
        width -= columns;
        end += std::max<std::size_t>(next.size, 1);
    }
    return text.substr(0, end);
}

std::string left(std::string_view text, std::size_t width) {
    const std::size_t taken = width_of(text);
    return std::string{text} + std::string(width > taken ? width - taken : 0, ' ');
}

std::string right(std::string_view text, std::size_t width) {
    const std::size_t taken = width_of(text);
    return std::string(width > taken ? width - taken : 0, ' ') + std::string{text};
}

}  // namespace program
