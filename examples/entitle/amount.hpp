#pragma once

#include <string>
#include <string_view>

#include <entitle/value/error_code.hpp>
#include <entitle/value/quantity.hpp>

/// Amounts as the files write them.
namespace program {

/// Why a text is no amount of a unit.
[[nodiscard]] std::string why_no_amount(entitle::ErrorCode code, std::string_view written,
                                        entitle::Unit unit);

/// Digits, and perhaps a point and more digits.
[[nodiscard]] bool is_decimal(std::string_view text);
/// Whether it is written as an amount of some unit is: a decimal number, or as `9:30:00`.
[[nodiscard]] bool is_amount(std::string_view text);

}  // namespace program
