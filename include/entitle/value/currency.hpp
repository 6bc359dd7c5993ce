#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"

namespace entitle::inline v0 {

namespace detail {

/// ISO 4217's active codes, by the decimal digits of their minor unit; the codes without one are left out.
/// The first place is none's.
inline constexpr std::string_view currency_codes =
    "    "
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP "
    "GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR "
    "PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP "
    "TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL "
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF "
    "BHD IQD JOD KWD LYD OMR TND "
    "CLF UYW ";

/// The place of a code in the table.
[[nodiscard]] constexpr std::size_t place_of_currency(std::string_view code) {
    for (std::size_t at = 4; at < currency_codes.size(); at += 4) {
        if (currency_codes.substr(at, 3) == code) return at / 4;
    }
    return 0;
}

inline constexpr std::size_t first_of_0_digits = place_of_currency("BIF");
inline constexpr std::size_t first_of_3_digits = place_of_currency("BHD");
inline constexpr std::size_t first_of_4_digits = place_of_currency("CLF");
static_assert(currency_codes.size() / 4 < 256);

}  // namespace detail

/// An ISO 4217 currency, in one byte. The default value is *none*: the quantity is not money.
class Currency {
public:
    constexpr Currency() = default;

    /// Nothing when the three letters are not an active ISO 4217 code with a minor unit.
    [[nodiscard]] static constexpr std::optional<Currency> of(std::string_view code) {
        const std::size_t place = detail::place_of_currency(code);
        return place == 0 ? std::nullopt : std::optional{Currency{static_cast<std::uint8_t>(place)}};
    }

    /// The three letters; empty for none.
    [[nodiscard]] constexpr std::string_view code() const {
        return detail::currency_codes.substr(std::size_t{place_} * 4, place_ == 0 ? 0 : 3);
    }
    /// Decimal digits of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
    [[nodiscard]] constexpr int digits() const {
        if (place_ == 0 || (place_ >= detail::first_of_0_digits && place_ < detail::first_of_3_digits))
            return 0;
        if (place_ < detail::first_of_0_digits) return 2;
        return place_ < detail::first_of_4_digits ? 3 : 4;
    }
    /// Minor units in one major unit: 100 for EUR.
    [[nodiscard]] constexpr std::int64_t minor_units() const {
        std::int64_t units = 1;
        for (int i = 0; i < digits(); ++i) units *= 10;
        return units;
    }

    friend constexpr auto operator<=>(const Currency&, const Currency&) = default;

private:
    constexpr explicit Currency(std::uint8_t place) : place_{place} {}

    std::uint8_t place_ = 0;
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
