#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"
#include "entitle/value/sha1.hpp"

namespace entitle::inline v0 {

/// 128 bits as two words, most significant first. What every id is made of.
struct Uuid {
    std::uint64_t hi = 0;
    std::uint64_t lo = 0;

    friend constexpr auto operator<=>(const Uuid&, const Uuid&) = default;
    /// Without a branch: which half differs cannot be foreseen.
    friend constexpr bool operator==(const Uuid& a, const Uuid& b) {
        return ((a.hi ^ b.hi) | (a.lo ^ b.lo)) == 0;
    }
};

/// Reads `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` (either case); anything else is nothing.
[[nodiscard]] constexpr std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (c != '-') return std::nullopt;
            continue;
        }
        std::uint64_t digit = 0;
        if (c >= '0' && c <= '9') digit = static_cast<std::uint64_t>(c - '0');
        else if (c >= 'a' && c <= 'f') digit = static_cast<std::uint64_t>(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F') digit = static_cast<std::uint64_t>(c - 'A') + 10;
        else return std::nullopt;
        value.hi = (value.hi << 4) | (value.lo >> 60);
        value.lo = (value.lo << 4) | digit;
    }
    return value;
}

/// RFC 9562 version 5: the same text always gives the same id, on every machine.
[[nodiscard]] constexpr Uuid uuid_from_name(Uuid space, std::string_view text) {
    const auto digest = detail::sha1(space.hi, space.lo, text);
    Uuid value;
    for (std::size_t i = 0; i < 8; ++i) value.hi = (value.hi << 8) | digest[i];
    for (std::size_t i = 8; i < 16; ++i) value.lo = (value.lo << 8) | digest[i];
    value.hi = (value.hi & ~std::uint64_t{0xF000}) | 0x5000;
    value.lo = (value.lo & 0x3FFF'FFFF'FFFF'FFFF) | 0x8000'0000'0000'0000;
    return value;
}

/// Names one thing of one sort: ids of different tags do not mix. 128 bits, trivially copyable.
/// The default value, all zero, is *none*: no thing has it, and a command that needs an id refuses it
/// (`id_missing`); a host with integer keys therefore begins at 1.
template <class Tag>
class Id {
public:
    constexpr Id() = default;
    constexpr explicit Id(Uuid bits) : bits_{bits} {}

    /// A host's integer key, 1 or more.
    [[nodiscard]] static constexpr Id from_integer(std::uint64_t key) { return Id{Uuid{0, key}}; }
    /// A host's text key, hashed (RFC 9562 version 5, in a name space of this library's own).
    [[nodiscard]] static constexpr Id from_name(std::string_view text) {
        return Id{uuid_from_name({0x3c1f0a5e'7d42'4b8e, 0x9a6d'51e7c04b82f3}, text)};
    }
    /// A UUID in its usual text form; nothing when it is not one. (What a host's integer is written as is none.)
    [[nodiscard]] static constexpr std::optional<Id> parse(std::string_view text) {
        const auto bits = parse_uuid(text);
        return bits ? std::optional{Id{*bits}} : std::nullopt;
    }

    [[nodiscard]] constexpr Uuid bits() const { return bits_; }
    [[nodiscard]] constexpr bool is_none() const { return (bits_.hi | bits_.lo) == 0; }
    constexpr explicit operator bool() const { return !is_none(); }

    friend constexpr auto operator<=>(const Id&, const Id&) = default;

private:
    Uuid bits_;
};

using CustomerId = Id<struct CustomerTag>;
using EntitlementId = Id<struct EntitlementTag>;
using CaseId = Id<struct CaseTag>;
using ContactId = Id<struct ContactTag>;
using ProductId = Id<struct ProductTag>;
using AssetId = Id<struct AssetTag>;
using CaseTypeId = Id<struct CaseTypeTag>;
using RequestId = Id<struct RequestTag>;
using ActorId = Id<struct ActorTag>;
using OwnerId = Id<struct OwnerTag>;
using SlaId = Id<struct SlaTag>;
using CalendarId = Id<struct CalendarTag>;
using TemplateId = Id<struct TemplateTag>;
using PurchaseId = Id<struct PurchaseTag>;

}  // namespace entitle::inline v0

/// `-` for none, the number for a host's integer key, else the UUID's text form.
template <class Tag>
struct fmt::formatter<entitle::Id<Tag>> : entitle::detail::PlainFormatter {
    auto format(const entitle::Id<Tag>& id, fmt::format_context& ctx) const {
        const auto [hi, lo] = id.bits();
        if (id.is_none()) return fmt::format_to(ctx.out(), "-");
        if (hi == 0) return fmt::format_to(ctx.out(), "{}", lo);
        return fmt::format_to(ctx.out(), "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", hi >> 32, (hi >> 16) & 0xFFFF,
                              hi & 0xFFFF, lo >> 48, lo & 0xFFFF'FFFF'FFFF);
    }
};
