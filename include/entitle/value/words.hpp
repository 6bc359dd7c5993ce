#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"

/// Texts that a store keeps, or an entry: words and whole numbers. Instants are microseconds since 1970.
namespace entitle::inline v0::detail {

/// Words of a text that single spaces separate.
class Words {
public:
    explicit Words(std::string_view text) : rest_{text} {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] std::string_view next() {
        const std::size_t end = std::min(rest_.find(' '), rest_.size());
        const std::string_view word = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        return word;
    }
    [[nodiscard]] bool skip(std::string_view word) { return next() == word; }
    template <class Number>
    [[nodiscard]] bool read(Number& out) {
        const std::string_view word = next();
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
        return error == std::errc{} && end == word.data() + word.size();
    }
    /// A number, or nothing where the word says so.
    [[nodiscard]] bool read_unless(std::string_view nothing, std::optional<std::int64_t>& out) {
        if (rest_.substr(0, nothing.size()) == nothing) return skip(nothing);
        std::int64_t number = 0;
        if (!read(number)) return false;
        out = number;
        return true;
    }
    /// A flag as 0 or 1.
    [[nodiscard]] bool read_flag(bool& out) {
        const std::string_view word = next();
        out = word == "1";
        return out || word == "0";
    }
    /// An id as two numbers.
    template <class Tag>
    [[nodiscard]] bool read_id(Id<Tag>& out) {
        Uuid bits;
        if (!read(bits.hi) || !read(bits.lo)) return false;
        out = Id<Tag>{bits};
        return true;
    }
    /// A text behind its length.
    [[nodiscard]] bool read_text(std::string_view& out) {
        std::size_t length = 0;
        if (!read(length)) return false;
        const auto bytes = take(length);
        out = bytes.value_or(std::string_view{});
        return bytes.has_value();
    }
    /// A channel, or another short name, behind its length, which is 0 of none.
    template <class Name>
    [[nodiscard]] bool read_name(Name& out) {
        std::string_view text;
        if (!read_text(text)) return false;
        const auto name = Name::named(text);
        out = name.value_or(Name{});
        return name.has_value() || text.empty();
    }

private:
    /// So many bytes, whatever they are.
    [[nodiscard]] std::optional<std::string_view> take(std::size_t count) {
        if (count > rest_.size()) return std::nullopt;
        const std::string_view bytes = rest_.substr(0, count);
        rest_.remove_prefix(std::min(count + 1, rest_.size()));
        return bytes;
    }

    std::string_view rest_;
};

[[nodiscard]] inline std::int64_t ticks(Instant at) { return at.time_since_epoch().count(); }

template <class Out>
Out write_unless(Out out, std::string_view word, bool nothing, std::int64_t number) {
    return nothing ? fmt::format_to(out, "{}", word) : fmt::format_to(out, "{}", number);
}

}  // namespace entitle::inline v0::detail
