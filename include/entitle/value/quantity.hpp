#pragma once

#include <chrono>
#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "entitle/value/currency.hpp"
#include "entitle/value/format.hpp"

namespace entitle::inline v0 {

/// What an entitlement counts.
enum class Allocation : std::uint8_t {
    cases,         ///< whole cases
    hours,         ///< time spent, kept in whole seconds
    money,         ///< cost, kept in whole minor units of one currency
    coverage_only  ///< cases, counted without a limit
};

/// The unit of a quantity, known at run time.
struct Unit {
    Allocation allocation = Allocation::cases;
    Currency currency{};  ///< money only

    /// Base units (cases, seconds, minor units) in one term (case, hour, major unit).
    [[nodiscard]] constexpr std::int64_t per_term() const {
        if (allocation == Allocation::hours) return 3600;
        return allocation == Allocation::money ? currency.minor_units() : 1;
    }
    friend constexpr auto operator<=>(const Unit&, const Unit&) = default;
};

/// Remaining terms stay within ± this many terms, totals within 0 and it.
inline constexpr std::int64_t max_terms = 100'000'000'000;

/// Whether a balance in base units lies within ±`max_terms` terms.
[[nodiscard]] constexpr bool within_terms(std::int64_t base_units, std::int64_t per_term) {
    return base_units >= -max_terms * per_term && base_units <= max_terms * per_term;
}

/// An exact amount in base units: whole cases, whole seconds or whole minor units.
struct Quantity {
    std::int64_t value = 0;
    Unit unit{};

    friend constexpr bool operator==(const Quantity&, const Quantity&) = default;
};

namespace detail {

/// Sums of typed amounts stop at the ends of the range instead of wrapping; such an amount is beyond
/// every limit, so whatever takes it answers `terms_overflow` or `total_out_of_range`.
[[nodiscard]] constexpr std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(a, b, &sum)) return sum;
    return a < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

}  // namespace detail

/// A number of cases. Amounts of different sorts do not mix at compile time.
struct Cases {
    std::int64_t count = 0;

    constexpr operator Quantity() const { return {count, {Allocation::cases, {}}}; }  // NOLINT(*-explicit-*)
    friend constexpr Cases operator+(Cases a, Cases b) { return {detail::saturating_add(a.count, b.count)}; }
    friend constexpr auto operator<=>(const Cases&, const Cases&) = default;
};

/// An amount of working time, in whole seconds.
struct Hours {
    std::chrono::seconds time{0};

    constexpr operator Quantity() const {  // NOLINT(*-explicit-*)
        return {time.count(), {Allocation::hours, {}}};
    }
    friend constexpr Hours operator+(Hours a, Hours b) {
        return {std::chrono::seconds{detail::saturating_add(a.time.count(), b.time.count())}};
    }
    friend constexpr auto operator<=>(const Hours&, const Hours&) = default;
};

/// An amount of money in minor units of its currency. Amounts in different currencies are added by
/// nobody: there is no `+` here, the ledger adds within one entitlement.
struct Money {
    std::int64_t minor_units = 0;
    Currency currency{};

    constexpr operator Quantity() const {  // NOLINT(*-explicit-*)
        return {minor_units, {Allocation::money, currency}};
    }
    friend constexpr bool operator==(const Money&, const Money&) = default;
};

[[nodiscard]] constexpr Cases cases(std::int64_t count) { return {count}; }
template <std::floating_point T>
Cases cases(T count) = delete;  // amounts are exact
/// Working time, from any duration that is whole seconds: `hours(40h)`, `hours(90min)`.
[[nodiscard]] constexpr Hours hours(std::chrono::seconds time) { return {time}; }
/// `money(12'50, eur)` is 12.50 EUR.
[[nodiscard]] constexpr Money money(std::int64_t minor_units, Currency currency) {
    return {minor_units, currency};
}
template <std::floating_point T>
Money money(T minor_units, Currency currency) = delete;  // amounts are exact

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::Allocation> : entitle::detail::PlainFormatter {
    auto format(entitle::Allocation allocation, fmt::format_context& ctx) const {
        using enum entitle::Allocation;
        const std::string_view name = allocation == cases   ? "cases"
                                      : allocation == hours ? "hours"
                                      : allocation == money ? "money"
                                                            : "coverage only";
        return fmt::format_to(ctx.out(), "{}", name);
    }
};

/// `5 cases`, `9:30:00 hours`, `12.50 EUR`: exact, never rounded.
template <>
struct fmt::formatter<entitle::Quantity> : entitle::detail::PlainFormatter {
    auto format(const entitle::Quantity& quantity, fmt::format_context& ctx) const {
        const bool negative = quantity.value < 0;
        const auto size = negative ? 0 - static_cast<std::uint64_t>(quantity.value)
                                   : static_cast<std::uint64_t>(quantity.value);
        const char* sign = negative ? "-" : "";
        const entitle::Currency currency = quantity.unit.currency;
        const auto minor = static_cast<std::uint64_t>(currency.minor_units());
        switch (quantity.unit.allocation) {
            case entitle::Allocation::hours:
                return fmt::format_to(ctx.out(), "{}{}:{:02}:{:02} hours", sign, size / 3600, size / 60 % 60,
                                      size % 60);
            case entitle::Allocation::money:
                if (currency.digits() == 0) return fmt::format_to(ctx.out(), "{}{} {}", sign, size, currency);
                return fmt::format_to(ctx.out(), "{}{}.{:0{}} {}", sign, size / minor, size % minor,
                                      currency.digits(), currency);
            case entitle::Allocation::cases:
            case entitle::Allocation::coverage_only: break;
        }
        return fmt::format_to(ctx.out(), "{}{} {}", sign, size, size == 1 ? "case" : "cases");
    }
};
