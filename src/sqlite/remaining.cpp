#include "remaining.hpp"

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <limits>

namespace entitle::inline v0::sqlite {

namespace {

void append(std::string& text, std::integral auto value) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text.append(digits.data(), end);
}

/// What of JSON can stand in such a text.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_{text} {}

    /// Passes a sign, if it is the next.
    [[nodiscard]] bool pass(char sign) {
        skip_space();
        if (!rest_.starts_with(sign)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool number(std::integral auto& value) {
        skip_space();
        const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (read.ec != std::errc{}) return false;
        rest_.remove_prefix(static_cast<std::size_t>(read.ptr - rest_.data()));
        return true;
    }
    /// `"7":[5,2]`
    [[nodiscard]] bool entitlement(Remaining& out) {
        return pass('"') && number(out.entitlement) && pass('"') && pass(':') && list(out.amounts);
    }
    /// `[5,2]`
    template <class T>
    [[nodiscard]] bool list(std::vector<T>& out) {
        if (!pass('[')) return false;
        if (pass(']')) return true;
        do {
            if (!number(out.emplace_back())) return false;
        } while (pass(','));
        return pass(']');
    }
    [[nodiscard]] bool is_at_end() {
        skip_space();
        return rest_.empty();
    }

private:
    void skip_space() {
        const std::size_t space = rest_.find_first_not_of(" \t\r\n");
        rest_.remove_prefix(space == std::string_view::npos ? rest_.size() : space);
    }

    std::string_view rest_;
};

/// Adds `"7":[5,2]`; `of_channel` tells each channel's.
template <class OfChannel>
void append_entitlement(std::string& text, const EntitlementRow& row, std::int64_t total,
                        OfChannel of_channel) {
    text += text.size() == 1 ? "\"" : ",\"";
    append(text, row.record->sequence);
    text += "\":[";
    append(text, total);
    for (std::uint16_t i = 0; i < row.kept; ++i) {
        text += ',';
        append(text, of_channel(i));
    }
    text += ']';
}

}  // namespace

std::string write_remaining(const Block& block) {
    std::string text{"{"};
    for (const EntitlementRow& row : block.rows) {
        const ChannelRow* channels = block.channels.data() + row.channel_at;
        append_entitlement(text, row, row.remaining, [&](std::uint16_t i) { return channels[i].remaining; });
    }
    text += '}';
    return text;
}

std::string write_held(const Block& block) {
    std::string text{"{"};
    for (std::size_t at = 0; at < block.rows.size() && !block.held.empty(); ++at) {
        if (block.held[at] == 0) continue;  // nor of a channel
        append_entitlement(text, block.rows[at], block.held[at],
                           [&](std::uint16_t i) { return block.held_of(at, i); });
    }
    text += '}';
    return text;
}

bool read_remaining(std::string_view text, std::vector<Remaining>& out) {
    Reader reader{text};
    if (!reader.pass('{')) return false;
    if (reader.pass('}')) return reader.is_at_end();
    do {
        if (!reader.entitlement(out.emplace_back())) return false;
    } while (reader.pass(','));
    return reader.pass('}') && reader.is_at_end();
}

std::string write_unmoved(const Block& block) {
    std::string text{"["};
    for (const EntitlementRow& row : block.rows) {
        if (row.has_history) continue;
        if (text.size() != 1) text += ',';
        append(text, row.record->sequence);
    }
    text += ']';
    return text;
}

bool read_unmoved(std::string_view text, std::vector<std::uint64_t>& out) {
    Reader reader{text};
    return reader.list(out) && reader.is_at_end();
}

}  // namespace entitle::inline v0::sqlite
