#include "amount.hpp"

#include <algorithm>
#include <cstddef>

#include <entitle/value/quantity_text.hpp>
#include <fmt/format.h>

#include "text.hpp"

namespace program {

namespace {

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

entitle::Result<entitle::Quantity> amount_in(entitle::Unit unit, std::string_view written) {
    auto amount = entitle::parse_quantity(written, unit);
    if (amount || amount.error().code != entitle::ErrorCode::total_out_of_range) return amount;
    return entitle::Quantity{(2 * entitle::max_terms + 1) * unit.per_term(), unit};
}

std::string why_no_amount(entitle::ErrorCode code, std::string_view written, entitle::Unit unit) {
    using entitle::Allocation;
    using entitle::ErrorCode;
    const std::string shown = printable(written);
    if (code == ErrorCode::not_a_number) return fmt::format("\"{}\" is not a plain decimal number", shown);
    if (code == ErrorCode::total_out_of_range) {
        return fmt::format("{} does not lie between 0 and 100,000,000,000", shown);
    }
    if (unit.allocation == Allocation::hours)
        return fmt::format("{} hours is not a whole number of seconds", shown);
    if (unit.allocation == Allocation::money) {
        return fmt::format("{} {} is not a whole number of its smallest unit", shown, unit.currency);
    }
    return fmt::format("{} cases is not a whole number", shown);
}

bool is_decimal(std::string_view text) {
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos) return is_digits(text);
    return is_digits(text.substr(0, point)) && is_digits(text.substr(point + 1));
}

bool is_amount(std::string_view text) {
    constexpr std::size_t minutes_and_seconds = 6;  // `:30:00`
    if (text.size() <= minutes_and_seconds || text.find(':') == std::string_view::npos)
        return is_decimal(text);
    const std::string_view end = text.substr(text.size() - minutes_and_seconds);
    return is_digits(text.substr(0, text.size() - minutes_and_seconds)) && end[0] == ':' && end[3] == ':' &&
           is_digits(end.substr(1, 2)) && is_digits(end.substr(4, 2));
}

}  // namespace program
