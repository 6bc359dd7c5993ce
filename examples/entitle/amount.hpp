#pragma once

#include <string>
#include <string_view>

#include <entitle/value/error.hpp>
#include <entitle/value/quantity.hpp>

/// Amounts as the files write them.
namespace program {

/// An amount of a unit, which is not negative. What no balance could hold becomes an amount that none can, for the
/// engine to refuse.
[[nodiscard]] entitle::Result<entitle::Quantity> amount_in(entitle::Unit unit, std::string_view written);

/// Why a text is no amount of a unit.
[[nodiscard]] std::string why_no_amount(entitle::ErrorCode code, std::string_view written,
                                        entitle::Unit unit);

/// Digits, and perhaps a point and more digits.
[[nodiscard]] bool is_decimal(std::string_view text);
/// Whether it is written as an amount of some unit is: a decimal number, or as `9:30:00`.
[[nodiscard]] bool is_amount(std::string_view text);

}  // namespace program
