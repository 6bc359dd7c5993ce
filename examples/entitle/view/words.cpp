#include "view/words.hpp"

#include <chrono>

#include <fmt/format.h>

#include "text.hpp"
#include "view/promises.hpp"

namespace program {

std::string amount(std::int64_t value, entitle::Unit unit) {
    return fmt::format("{}", entitle::Quantity{value, unit});
}

Cell balance(std::int64_t value, entitle::Unit unit) {
    if (unit.allocation == entitle::Allocation::coverage_only) return "any";
    return {amount(value, unit), value < 0};
}

std::string bare_amount(std::int64_t value, entitle::Unit unit) {
    std::string text = amount(value, unit);
    return text.substr(0, text.find(' '));
}

std::string unit_words(entitle::Unit unit) {
    if (unit.allocation == entitle::Allocation::hours) return "hours";
    return unit.allocation == entitle::Allocation::money ? fmt::format("{}", unit.currency) : "cases";
}

Json instant_json(entitle::Instant at) {
    if (at == entitle::Instant::max() || at == entitle::Instant::min()) return nullptr;
    return fmt::format("{}", entitle::as_utc(at));
}

std::string base_unit(entitle::Unit unit) {
    if (unit.allocation == entitle::Allocation::hours) return "seconds";
    if (unit.allocation == entitle::Allocation::money) return fmt::format("{} minor units", unit.currency);
    return "cases";
}

LocalClock::LocalClock(const entitle::Coverage& coverage)
    : zone_{entitle::Zone::named(coverage.time_zone).value_or(entitle::Zone{})} {}

entitle::Instant LocalClock::shifted(entitle::Instant at) const { return at + zone_.clock_at(at).offset; }

std::string LocalClock::minute(entitle::Instant at) const { return second(at).substr(0, 16); }

std::string LocalClock::day(entitle::Instant at) const { return second(at).substr(0, 10); }

std::string LocalClock::second(entitle::Instant at) const {
    std::string text = fmt::format("{}", entitle::as_utc(date::floor<std::chrono::seconds>(shifted(at))));
    text[10] = ' ';
    text.pop_back();
    return text;
}

std::string time_text(std::chrono::microseconds time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).count();
    return fmt::format("{}:{:02}:{:02}", grouped(static_cast<std::uint64_t>(seconds / 3600)),
                       seconds / 60 % 60, seconds % 60);
}

std::string share(std::uint64_t part, std::uint64_t rest) {
    if (part + rest == 0) return "-";
    return fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(part + rest));
}

LocalClock clock_of(Session& session, entitle::CustomerId customer, entitle::EntitlementId entitlement) {
    const auto one = session.engine().entitlement(customer, entitlement);
    return LocalClock{one ? one->agreement.coverage : entitle::Coverage{}};
}

const LocalClock& Clocks::of(entitle::CustomerId customer, entitle::EntitlementId entitlement) {
    const auto known = clocks_.find({customer, entitlement});
    if (known != clocks_.end()) return known->second;
    return clocks_.emplace(std::pair{customer, entitlement}, clock_of(session_, customer, entitlement))
        .first->second;
}

std::string words_for(Session& session, const entitle::sla::ServiceLevels& levels,
                      const entitle::Change& change) {
    switch (change.kind) {
        case entitle::Change::Kind::status: return fmt::format("{} -> {}", change.from, change.to);
        case entitle::Change::Kind::period: return "terms come anew";
        case entitle::Change::Kind::top_up_begins: return fmt::format("top-up #{} begins", change.top_up);
        case entitle::Change::Kind::top_up_expires: return fmt::format("top-up #{} expires", change.top_up);
        case entitle::Change::Kind::hold_expires:
            return fmt::format("what is held for {} is free",
                               escaped(session.keys().of(change.support_case)));
        case entitle::Change::Kind::kpi_nearing:
        case entitle::Change::Kind::kpi_missed: return words_for_kpi(session, levels, change);
    }
    return {};
}

Told told(Session& session, const entitle::Receipt& receipt, const std::string& words) {
    Keys& keys = session.keys();
    const entitle::Unit unit = receipt.remaining.unit;
    Json json{{"command", fmt::format("{}", receipt.command)},
              {"repeated", receipt.repeated},
              {"at", instant_json(receipt.at)},
              {"customer", keys.of(receipt.customer)},
              {"number", receipt.number},
              {"entitlement", keys.of(receipt.entitlement)}};
    if (receipt.support_case) json["case"] = keys.of(receipt.support_case);
    json["unit"] = base_unit(unit);
    json["moved"] = receipt.moved.value;
    json["remaining"] = receipt.remaining.value;
    if (receipt.channel) {
        json["channel"] = receipt.channel.name();
        json["channel_moved"] = receipt.channel_moved.value;
        json["channel_remaining"] = receipt.channel_remaining.value;
    }
    if (receipt.held != 0) json["held"] = receipt.held;
    if (receipt.overage != 0) json["overage"] = receipt.overage;
    add_deadlines(receipt, json);
    std::string balances = fmt::format("{}", receipt);
    balances.erase(0, balances.find(": ") + 2);
    const bool counts = unit.allocation != entitle::Allocation::coverage_only;
    std::string text = words;
    if (receipt.entitlement) text += "; " + escaped(keys.of(receipt.entitlement));
    if (receipt.entitlement && counts) text += ": " + balances;
    text += deadline_words(session, receipt);
    return {std::move(json), text + "\n"};
}

}  // namespace program
