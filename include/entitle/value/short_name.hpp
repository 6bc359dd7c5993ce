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

/// A word that two short names share exactly when they are the same, for names of up to 8 bytes
/// (`is_exact`; not every one of 8); longer names may, very rarely, share one, and are then compared whole.
class NameKey {
public:
    constexpr NameKey() = default;
    constexpr explicit NameKey(std::string_view name) {
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
    friend constexpr auto operator<=>(const NameKey&, const NameKey&) = default;

private:
    /// No letter that a shorter name's size could be taken for, nor one that sets the highest bit.
    [[nodiscard]] static constexpr bool is_graphic(char c) { return c >= ' ' && c <= '~'; }

    std::uint64_t bits_ = 0;
};

/// What names of one sort (`Name`) are made of: 1–31 bytes of UTF-8, kept where they stand. They compare without
/// regard to ASCII case and print as they were written. The default value is *none*.
template <class Name>
class ShortName {
public:
    static constexpr std::size_t max_bytes = 31;

    /// Nothing when the name is empty, longer than 31 bytes or not UTF-8.
    [[nodiscard]] static constexpr std::optional<Name> named(std::string_view name) {
        if (name.empty() || name.size() > max_bytes || !code_points(name)) return std::nullopt;
        return Name{name};
    }

    [[nodiscard]] constexpr std::string_view name() const { return {text_.data(), size_}; }
    [[nodiscard]] constexpr bool is_none() const { return size_ == 0; }
    constexpr explicit operator bool() const { return !is_none(); }
    [[nodiscard]] constexpr NameKey key() const { return key_; }

    /// The same name in the same letters, capital or not.
    [[nodiscard]] bool is_spelled(const ShortName& other) const {
        static_assert(sizeof(ShortName) == sizeof key_ + sizeof text_ + sizeof size_,
                      "no padding to compare");
        return __builtin_memcmp(this, &other, sizeof other) == 0;
    }

    friend constexpr bool operator==(const ShortName& a, const ShortName& b) {
        return a.key_ == b.key_ && (a.key_.is_exact() || a.same_letters(b));
    }

protected:
    constexpr ShortName() = default;
    constexpr explicit ShortName(std::string_view name)
        : key_{name}, size_{static_cast<std::uint8_t>(name.size())} {
        for (std::size_t i = 0; i < name.size(); ++i) text_[i] = name[i];
    }

private:
    [[nodiscard]] constexpr bool same_letters(const ShortName& other) const {
        if (size_ != other.size_) return false;
        for (std::size_t i = 0; i < size_; ++i) {
            if (ascii_lower(text_[i]) != ascii_lower(other.text_[i])) return false;
        }
        return true;
    }

    NameKey key_;
    std::array<char, max_bytes> text_{};
    std::uint8_t size_ = 0;
};

namespace detail {

/// `-` for none.
template <class Name>
struct ShortNameFormatter : PlainFormatter {
    auto format(const Name& name, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{}", name.is_none() ? "-" : name.name());
    }
};

}  // namespace detail

}  // namespace entitle::inline v0
