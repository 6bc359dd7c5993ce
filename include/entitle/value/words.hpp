#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "entitle/value/channel.hpp"
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
    /// A channel's name behind its length, which is 0 of none.
    [[nodiscard]] bool read_channel(Channel& out) {
        std::size_t length = 0;
        if (!read(length)) return false;
        const auto bytes = take(length);
        if (!bytes || length == 0) return bytes.has_value();
        const auto channel = Channel::named(*bytes);
        if (channel) out = *channel;
        return channel.has_value();
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
