#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"

namespace entitle::inline v0 {

namespace detail {

/// ISO 4217's active codes, by the digits of their minor unit; the codes without one are left out.
inline constexpr std::string_view currencies_2 =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ "
    "GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD "
    "RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH "
    "USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL";
inline constexpr std::string_view currencies_0 =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
inline constexpr std::string_view currencies_3 = "BHD IQD JOD KWD LYD OMR TND";
inline constexpr std::string_view currencies_4 = "CLF UYW";

}  // namespace detail

/// An ISO 4217 currency. The default value is *none*: the quantity is not money.
class Currency {
public:
    constexpr Currency() = default;

    /// Nothing when the three letters are not an active ISO 4217 code with a minor unit.
    [[nodiscard]] static constexpr std::optional<Currency> of(std::string_view code) {
        if (listed(detail::currencies_2, code)) return Currency{code, 2};
        if (listed(detail::currencies_0, code)) return Currency{code, 0};
        if (listed(detail::currencies_3, code)) return Currency{code, 3};
        if (listed(detail::currencies_4, code)) return Currency{code, 4};
        return std::nullopt;
    }

    [[nodiscard]] constexpr std::string_view code() const { return {code_.data(), code_[0] == 0 ? 0U : 3U}; }
    /// Decimal digits of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
    [[nodiscard]] constexpr int digits() const { return digits_; }
    /// Minor units in one major unit: 100 for EUR.
    [[nodiscard]] constexpr std::int64_t minor_units() const {
        std::int64_t units = 1;
        for (int i = 0; i < digits_; ++i) units *= 10;
        return units;
    }

    friend constexpr auto operator<=>(const Currency&, const Currency&) = default;

private:
    constexpr Currency(std::string_view code, std::int8_t digits)
        : code_{code[0], code[1], code[2]}, digits_{digits} {}
    static constexpr bool listed(std::string_view list, std::string_view code) {
        if (code.size() != 3 || code.find(' ') != std::string_view::npos) return false;
        return list.find(code) != std::string_view::npos;
    }

    std::array<char, 3> code_{};
    std::int8_t digits_ = 0;
};

inline constexpr Currency eur = Currency::of("EUR").value();
inline constexpr Currency usd = Currency::of("USD").value();
inline constexpr Currency gbp = Currency::of("GBP").value();
inline constexpr Currency jpy = Currency::of("JPY").value();

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::Currency> : entitle::detail::PlainFormatter {
    auto format(const entitle::Currency& currency, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{}", currency.code());
    }
};
