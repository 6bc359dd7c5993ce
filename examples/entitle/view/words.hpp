#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <entitle/engine.hpp>

#include "host/session.hpp"
#include "view/table.hpp"
#include "view/told.hpp"

/// How the desk's things are written for people and for programs.
namespace program {

/// `4 cases`, `9:30:00 hours`, `12.50 EUR`.
[[nodiscard]] std::string amount(std::int64_t value, entitle::Unit unit);
/// … of a balance: marked where it is below nothing; `any` where only coverage was agreed.
[[nodiscard]] Cell balance(std::int64_t value, entitle::Unit unit);

/// `4`, `9:30:00`, `12.50`: where the unit is told beside it.
[[nodiscard]] std::string bare_amount(std::int64_t value, entitle::Unit unit);
/// `cases`, `hours` or `EUR`: what such numbers count.
[[nodiscard]] std::string unit_words(entitle::Unit unit);

/// `2014-07-01T09:00:00Z`; null for never.
[[nodiscard]] Json instant_json(entitle::Instant at);
/// `cases`, `seconds` or `EUR minor units`: what the numbers of JSON count.
[[nodiscard]] std::string base_unit(entitle::Unit unit);

/// Clocks of the place that an entitlement's days are of.
class LocalClock {
public:
    explicit LocalClock(const entitle::Coverage& coverage);
    /// `2014-07-01 09:00`
    [[nodiscard]] std::string minute(entitle::Instant at) const;
    /// `2014-07-01`
    [[nodiscard]] std::string day(entitle::Instant at) const;
    /// `2014-07-01 09:00:00`
    [[nodiscard]] std::string second(entitle::Instant at) const;

private:
    [[nodiscard]] entitle::Instant shifted(entitle::Instant at) const;
    entitle::Zone zone_;
};

/// `9:30:00`: hours, minutes and seconds; a part of a second is left out.
[[nodiscard]] std::string time_text(std::chrono::microseconds time);

/// `95.0 %`: how much a part is of itself and the rest; `-` of nothing.
[[nodiscard]] std::string share(std::uint64_t part, std::uint64_t rest);

/// The clock of an entitlement's place.
[[nodiscard]] LocalClock clock_of(Session& session, entitle::CustomerId customer,
                                  entitle::EntitlementId entitlement);

/// The clocks of many entitlements, each looked up once.
class Clocks {
public:
    explicit Clocks(Session& session) : session_{session} {}

    [[nodiscard]] const LocalClock& of(entitle::CustomerId customer, entitle::EntitlementId entitlement);

private:
    Session& session_;
    std::map<std::pair<entitle::CustomerId, entitle::EntitlementId>, LocalClock> clocks_;
};

/// What time changes: `active -> expired`.
[[nodiscard]] std::string words_for(Session& session, const entitle::sla::ServiceLevels& levels,
                                    const entitle::Change& change);

/// What a command did, after the words for it: `case K-1 opened; MA-1: -1 case, 4 cases left; phone: …`.
[[nodiscard]] Told told(Session& session, const entitle::Receipt& receipt, const std::string& words);

}  // namespace program
