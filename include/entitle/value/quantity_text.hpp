#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "entitle/value/error.hpp"
#include "entitle/value/quantity.hpp"

/// Amounts as people and files write them, read exactly: no floating point anywhere.
namespace entitle::inline v0 {

namespace detail {

/// Only digits, as a number; `total_out_of_range` where it is too large for any total.
[[nodiscard]] constexpr Result<std::int64_t> parse_digits(std::string_view text) {
    if (text.empty()) return refuse(ErrorCode::not_a_number);
    std::int64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return refuse(ErrorCode::not_a_number);
    }
    for (const char c : text) {
        if (value > max_terms * 10'000) return refuse(ErrorCode::total_out_of_range);
        value = value * 10 + (c - '0');
    }
    return value;
}

/// Digits, then perhaps a point and more digits, as `scale`ths; `total_not_whole` where that is not whole.
[[nodiscard]] constexpr Result<std::int64_t> parse_decimal(std::string_view text, std::int64_t scale) {
    const std::size_t point = text.find('.');
    const auto whole = parse_digits(text.substr(0, point));
    if (!whole) return whole;
    if (*whole > max_terms) return refuse(ErrorCode::total_out_of_range);
    if (point == std::string_view::npos) return *whole * scale;
    std::string_view part = text.substr(point + 1);
    if (part.empty()) return refuse(ErrorCode::not_a_number);
    for (const char c : part) {
        if (c < '0' || c > '9') return refuse(ErrorCode::not_a_number);
    }
    while (!part.empty() && part.back() == '0') part.remove_suffix(1);
    // No scale in use (1, 10 … 10,000, 3,600) makes more than four decimals whole.
    if (part.size() > 4) return refuse(ErrorCode::total_not_whole);
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
    for (const char c : part) {
        numerator = numerator * 10 + (c - '0');
        denominator *= 10;
    }
    if (numerator * scale % denominator != 0) return refuse(ErrorCode::total_not_whole);
    return *whole * scale + numerator * scale / denominator;
}

/// `H:MM:SS`, with MM and SS below 60, in seconds.
[[nodiscard]] constexpr Result<std::int64_t> parse_clock(std::string_view text) {
    if (text.size() < 7 || text[text.size() - 3] != ':' || text[text.size() - 6] != ':') {
        return refuse(ErrorCode::not_a_number);
    }
    const auto hours = parse_digits(text.substr(0, text.size() - 6));
    const auto minutes = parse_digits(text.substr(text.size() - 5, 2));
    const auto seconds = parse_digits(text.substr(text.size() - 2));
    if (!hours || !minutes || !seconds) return hours ? minutes ? seconds : minutes : hours;
    if (*minutes > 59 || *seconds > 59) return refuse(ErrorCode::not_a_number);
    if (*hours > max_terms) return refuse(ErrorCode::total_out_of_range);
    return *hours * 3600 + *minutes * 60 + *seconds;
}

}  // namespace detail

/// Reads an amount of a unit: cases `5`; hours `9.5` or `9:30:00`; money `12.50`. A sign may stand before it.
/// Errors: `not_a_number`, `total_not_whole` (not whole in base units), `total_out_of_range`.
[[nodiscard]] constexpr Result<Quantity> parse_quantity(std::string_view text, Unit unit) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    const bool clock = unit.allocation == Allocation::hours && text.find(':') != std::string_view::npos;
    const auto value = clock ? detail::parse_clock(text) : detail::parse_decimal(text, unit.per_term());
    if (!value) return tl::unexpected<Error>{value.error()};
    return Quantity{negative ? -*value : *value, unit};
}

}  // namespace entitle::inline v0
