#pragma once

#include <string>

#include <fmt/format.h>

#include "entitle/value/format.hpp"
#include "entitle/value/instant.hpp"

namespace entitle::inline v0 {

/// The first and the last day of an agreement, both covered, in a time zone (an IANA name).
struct Coverage {
    Day first_day{};
    Day last_day{};
    std::string time_zone = "UTC";

    friend bool operator==(const Coverage&, const Coverage&) = default;
};

/// A coverage's instants: [begin, end). Empty where the zone has none of its days.
struct Span {
    Instant begin{};
    Instant end{};

    friend constexpr bool operator==(const Span&, const Span&) = default;
};

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::Coverage> : entitle::detail::PlainFormatter {
    auto format(const entitle::Coverage& coverage, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{} to {} ({})", entitle::as_day(coverage.first_day),
                              entitle::as_day(coverage.last_day), coverage.time_zone);
    }
};
