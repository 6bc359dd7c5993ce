#pragma once

#include <string_view>

#include <fmt/format.h>

#include "entitle/value/short_name.hpp"

namespace entitle::inline v0 {

using ChannelKey = NameKey;

/// How support is asked for. A name of 1–31 bytes of UTF-8, see `ShortName`; the default value is *none*: a case
/// without an origin. The five built-in ones are not special in any rule.
class Channel : public ShortName<Channel> {
public:
    constexpr Channel() = default;

    static const Channel email, phone, web, facebook, twitter;

private:
    friend ShortName;
    constexpr explicit Channel(std::string_view name) : ShortName{name} {}
};

inline constexpr Channel Channel::email{"email"};
inline constexpr Channel Channel::phone{"phone"};
inline constexpr Channel Channel::web{"web"};
inline constexpr Channel Channel::facebook{"facebook"};
inline constexpr Channel Channel::twitter{"twitter"};

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::Channel> : entitle::detail::ShortNameFormatter<entitle::Channel> {};
