#pragma once

#include <fmt/format.h>

namespace entitle::inline v0::detail {

/// The base of this library's formatters: none takes a format specification.
struct PlainFormatter {
    constexpr auto parse(fmt::format_parse_context& ctx) { return ctx.begin(); }
};

}  // namespace entitle::inline v0::detail
