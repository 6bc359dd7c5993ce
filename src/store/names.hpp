#pragma once

#include <array>
#include <string_view>

/// The words that stand in a database for enumerators, each at its enumerator's place. They never change.
namespace entitle::inline v0::store {

inline constexpr std::array<std::string_view, 3> phase_names{"draft", "activated", "canceled"};
inline constexpr std::array<std::string_view, 4> allocation_names{"cases", "hours", "money", "coverage_only"};
inline constexpr std::array<std::string_view, 2> decrease_names{"creation", "resolution"};
inline constexpr std::array<std::string_view, 3> knowledge_base_names{"none", "standard", "premium"};
inline constexpr std::array<std::string_view, 3> state_names{"open", "resolved", "canceled"};
inline constexpr std::array<std::string_view, 4> scope_names{"contact", "product", "asset", "case_type"};

inline constexpr std::array<std::string_view, 2> length_names{"days", "months"};
inline constexpr std::array<std::string_view, 4> step_names{"days", "weeks", "months", "years"};

}  // namespace entitle::inline v0::store
