// Sections 8 and 10: how an entitlement stood, as its entries tell, against what it shows.

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

#include "property/commands.hpp"
#include "property/execute.hpp"
#include "property/history.hpp"

namespace entitle_property {
namespace {

/// Of the entitlement at an instant, at or after which nothing has happened.
std::string balance_difference(const entitle::Engine& engine, const entitle::Entitlement& is,
                               entitle::Instant now) {
    const auto periods = engine.balances_by_period(is.customer, is.id, now).value();
    const entitle::PeriodBalance& last = periods.back();
    if (last != engine.balance_at(is.customer, is.id, now).value()) return "the last period is another";
    if (last.total().remaining != is.remaining || last.total().held != is.held) {
        return fmt::format("{} left, {} held, told {}, {}", is.remaining, is.held, last.total().remaining,
                           last.total().held);
    }
    for (std::size_t i = 0; i < is.channels.size(); ++i) {
        const auto& [channel, remaining, held, used] = last.counters[i + 1];
        const entitle::ChannelBalance& shown = is.channels[i];
        if (channel == shown.channel && remaining == shown.remaining && held == shown.held) continue;
        return fmt::format("{}: {} left, {} held, told {}, {}", shown.channel, shown.remaining, shown.held,
                           remaining, held);
    }
    std::int64_t used = 0;
    for (std::size_t i = 0; i < periods.size(); ++i) {
        used += periods[i].total().used;
        if (periods[i].period.begin > periods[i].period.end)
            return fmt::format("period {} ends before it begins", i);
        if (i > 0 && periods[i].period.begin != periods[i - 1].period.end)
            return fmt::format("a gap before period {}", i);
    }
    const auto lines =
        engine.usage(is.customer, entitle::Instant::min(), entitle::Instant::max(), is.id).value();
    for (const entitle::Usage& line : lines) {
        used -= line.used;
    }
    return used == 0 ? "" : fmt::format("{} more used than cases used", used);
}

std::optional<Difference> balances_differ(const Trial& trial, bool) {
    entitle::MemoryStore store{{.hash_seed = trial.seed | 1}};
    entitle::Engine engine{store,
                           {.policy = engine_policy(trial.policy), .ids = entitle::UuidV7{trial.seed}}};
    long long latest = 0;
    for (std::size_t i = 0; i < trial.history.size(); ++i) {
        const model::Op& op = trial.history[i];
        (void)execute(engine, op);
        latest = std::max(latest, op.now);
        if (i % 16 != 15 && i + 1 != trial.history.size()) continue;
        for (const long long later : {0LL, 40LL, 400LL}) {
            const entitle::Instant now = instant(latest + later * model::microseconds_per_day);
            const auto all = engine.entitlements_at(now).value();
            for (const entitle::Entitlement& is : all) {
                if (std::string what = balance_difference(engine, is, now); !what.empty()) {
                    return Difference{i, fmt::format("entitlement {}: {}", is.id, what)};
                }
            }
        }
    }
    return std::nullopt;
}

TEST(Balances, AreWhatTheEntitlementsShow) {
    check({60'000'000'000, 60'000, 64, random_policy}, balances_differ);
}

}  // namespace
}  // namespace entitle_property
