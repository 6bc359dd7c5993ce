#include "marks.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "entitle/value/limits.hpp"

namespace entitle::inline v0::store {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// `"phone"`. What JSON has no letter for is written as `\u001f`.
void write_name(std::string_view name, std::string& out) {
    out += '"';
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            out += "\\u00";
            out += hex_digits[byte >> 4];
            out += hex_digits[byte & 0xF];
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

/// Takes a text apart from its front; off where something else stands there.
class Reader {
public:
    explicit Reader(std::string_view text) : text_{text} {}

    [[nodiscard]] bool at_end() const { return text_.empty(); }
    [[nodiscard]] bool take(std::string_view expected) {
        if (!text_.starts_with(expected)) return false;
        text_.remove_prefix(expected.size());
        return true;
    }
    template <class Integer>
    [[nodiscard]] bool take_number(Integer& number) {
        const auto read = std::from_chars(text_.data(), text_.data() + text_.size(), number);
        if (read.ec != std::errc{}) return false;
        text_.remove_prefix(static_cast<std::size_t>(read.ptr - text_.data()));
        return true;
    }
    [[nodiscard]] bool take_channel(Channel& channel) {
        std::string name;
        if (!take("\"")) return false;
        while (!take("\"")) {
            if (!take_letter(name)) return false;
        }
        const auto named = Channel::named(name);
        channel = named.value_or(Channel{});
        return named.has_value();
    }

private:
    [[nodiscard]] bool take_letter(std::string& out) {
        if (take("\\u00")) return take_hex(out);
        const bool is_escaped = take("\\");
        if (text_.empty() || (is_escaped && text_[0] != '"' && text_[0] != '\\')) return false;
        out += text_[0];
        text_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool take_hex(std::string& out) {
        if (text_.size() < 2) return false;
        const std::size_t high = hex_digits.find(text_[0]);
        const std::size_t low = hex_digits.find(text_[1]);
        if (high > 1 || low == std::string_view::npos) return false;
        out += static_cast<char>(high << 4 | low);
        text_.remove_prefix(2);
        return true;
    }

    std::string_view text_;
};

[[nodiscard]] bool read_mark(Reader& reader, Unit unit, LowWater& mark) {
    if (reader.take("{\"left\":")) {
        mark.left = Quantity{0, unit};
        if (!reader.take_number(mark.left->value) || mark.left->value < 0) return false;
        if (mark.left->value > max_terms * unit.per_term()) return false;
    } else if (!reader.take("{\"percent\":") || !reader.take_number(mark.percent) || mark.percent < 0 ||
               mark.percent > 100) {
        return false;
    }
    if (reader.take(",\"channel\":") && !reader.take_channel(mark.channel)) return false;
    return reader.take("}");
}

}  // namespace

std::string write_marks(const std::vector<LowWater>& marks) {
    std::string out;
    for (const LowWater& mark : marks) {
        out += out.empty() ? '[' : ',';
        if (mark.left) out += fmt::format("{{\"left\":{}", mark.left->value);
        else out += fmt::format("{{\"percent\":{}", mark.percent);
        if (mark.channel) {
            out += ",\"channel\":";
            write_name(mark.channel.name(), out);
        }
        out += '}';
    }
    if (!out.empty()) out += ']';
    return out;
}

bool read_marks(std::string_view text, Unit unit, std::vector<LowWater>& out) {
    Reader reader{text};
    if (!reader.take("[")) return false;
    do {
        if (out.size() == max_low_water || !read_mark(reader, unit, out.emplace_back())) return false;
    } while (reader.take(","));
    return reader.take("]") && reader.at_end();
}

}  // namespace entitle::inline v0::store
