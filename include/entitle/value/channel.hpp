#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"
#include "entitle/value/text.hpp"

namespace entitle::inline v0 {

/// A word that two channels share exactly when their names are the same, for names of up to 8 bytes
/// (`is_exact`; not every one of 8); longer names may, very rarely, share one, and are then compared whole.
class ChannelKey {
public:
    constexpr ChannelKey() = default;
    constexpr explicit ChannelKey(std::string_view name) {
        if (name.size() < 8 || (name.size() == 8 && is_graphic(name[0]))) {
            for (const char c : name) bits_ = (bits_ << 8) | static_cast<unsigned char>(ascii_lower(c));
            if (name.size() < 8) bits_ |= static_cast<std::uint64_t>(name.size()) << 56;
            return;
        }
        bits_ = hash_of(name);
    }
    /// FNV-1a of the letters, whatever their case, with the highest bit set. The same in every version.
    [[nodiscard]] static constexpr std::uint64_t hash_of(std::string_view name) {
        std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
        for (const char c : name) {
            hash = (hash ^ static_cast<unsigned char>(ascii_lower(c))) * 0x0000'0100'0000'01B3;
        }
        return hash | std::uint64_t{1} << 63;
    }

    [[nodiscard]] constexpr bool is_exact() const { return (bits_ >> 63) == 0; }
    [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
    friend constexpr auto operator<=>(const ChannelKey&, const ChannelKey&) = default;

private:
    /// No letter that a shorter name's size could be taken for, nor one that sets the highest bit.
    [[nodiscard]] static constexpr bool is_graphic(char c) { return c >= ' ' && c <= '~'; }

    std::uint64_t bits_ = 0;
};

/// How support is asked for. A name of 1–31 bytes of UTF-8; names compare without regard to ASCII case and
/// print as they were written. The default value is *none*: a case without an origin. The five built-in
/// ones are not special in any rule.
class Channel {
public:
    static constexpr std::size_t max_bytes = 31;

    constexpr Channel() = default;

    /// Nothing when the name is empty, longer than 31 bytes or not UTF-8.
    [[nodiscard]] static constexpr std::optional<Channel> named(std::string_view name) {
        if (name.empty() || name.size() > max_bytes || !code_points(name)) return std::nullopt;
        return Channel{name};
    }

    static const Channel email, phone, web, facebook, twitter;

    [[nodiscard]] constexpr std::string_view name() const { return {text_.data(), size_}; }
    [[nodiscard]] constexpr bool is_none() const { return size_ == 0; }
    constexpr explicit operator bool() const { return !is_none(); }
    [[nodiscard]] constexpr ChannelKey key() const { return key_; }

    /// The same name in the same letters, capital or not.
    [[nodiscard]] bool is_spelled(const Channel& other) const {
        static_assert(sizeof(Channel) == sizeof key_ + sizeof text_ + sizeof size_, "no padding to compare");
        return __builtin_memcmp(this, &other, sizeof other) == 0;
    }

    friend constexpr bool operator==(const Channel& a, const Channel& b) {
        return a.key_ == b.key_ && (a.key_.is_exact() || a.same_letters(b));
    }

private:
    constexpr explicit Channel(std::string_view name)
        : key_{name}, size_{static_cast<std::uint8_t>(name.size())} {
        for (std::size_t i = 0; i < name.size(); ++i) text_[i] = name[i];
    }
    [[nodiscard]] constexpr bool same_letters(const Channel& other) const {
        if (size_ != other.size_) return false;
        for (std::size_t i = 0; i < size_; ++i) {
            if (ascii_lower(text_[i]) != ascii_lower(other.text_[i])) return false;
        }
        return true;
    }

    ChannelKey key_;
    std::array<char, max_bytes> text_{};
    std::uint8_t size_ = 0;
};

inline constexpr Channel Channel::email{"email"};
inline constexpr Channel Channel::phone{"phone"};
inline constexpr Channel Channel::web{"web"};
inline constexpr Channel Channel::facebook{"facebook"};
inline constexpr Channel Channel::twitter{"twitter"};

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::Channel> : entitle::detail::PlainFormatter {
    auto format(const entitle::Channel& channel, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{}", channel.is_none() ? "-" : channel.name());
    }
};
