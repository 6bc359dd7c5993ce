#include "entitle/rule/forecast.hpp"

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

// Forecasts: the rule by itself.

namespace entitle {
namespace {

using namespace date::literals;
using namespace std::chrono_literals;
using Step = Cycle::Step;
using Exhausted = std::optional<Instant>;

constexpr std::int64_t most_terms = 1'000'000'000'000'000;  // 100,000,000,000 terms of 10,000 base units

/// In force on some days of UTC.
Entitlement in_force(Day first, Day last, Quantity total) {
    Entitlement out;
    out.phase = Phase::activated;
    out.span = {date::sys_days{first}, date::sys_days{last} + date::days{1}};
    out.agreement.coverage = {first, last};
    out.agreement.terms.total = total;
    out.remaining = total.value;
    return out;
}

Exhausted exhausted(const Entitlement& is, std::uint32_t days, Instant now, std::int64_t used) {
    return rule::forecast(is, Zone{}, days, now, [&](const Channel&) { return used; }).front().exhausted;
}

TEST(Forecast, is_exact_and_within_bounds_whatever_the_amounts) {
    const Entitlement is = in_force(-32'000_y / 1 / 1, 32'000_y / 12 / 31, cases(most_terms));
    const Instant now = date::sys_days{2014_y / 7 / 1};
    EXPECT_EQ(exhausted(is, max_window_days, now, most_terms), now + date::days{36'525});
    EXPECT_EQ(exhausted(is, max_window_days, now, most_terms - 1), now + date::days{36'525} + 4us)
        << "3.16 us later, or begun ones";
    EXPECT_EQ(exhausted(is, max_window_days, now, std::numeric_limits<std::int64_t>::max()),
              now + 342'148'184'785us);
    EXPECT_EQ(exhausted(is, max_window_days, now, 1), std::nullopt);
    EXPECT_EQ(exhausted(is, max_window_days, is.span.begin, 1), std::nullopt);
    EXPECT_EQ(exhausted(is, 1, is.span.begin, 1), std::nullopt);
}

TEST(Forecast, of_many_periods_takes_a_step_for_each) {
    Entitlement is = in_force(1914_y / 1 / 1, 2114_y / 12 / 31, cases(10));
    is.agreement.period = PeriodTerms{{1, Step::days}, cases(40'000)};
    const Instant now = is.span.begin;
    is.periods.from = now;
    is.periods.due = now + 24h;
    EXPECT_EQ(exhausted(is, 1, now, 10), std::nullopt) << "as many as come";
    is.remaining += 36'525;
    EXPECT_EQ(exhausted(is, 1, now, 11), now + date::days{36'525} + 78'545'454'546us)
        << "one more than come: after 36,525 days the 10 of the day last for 10/11 of it";
}

/// A small world, in whole hours of UTC.
struct World {
    Entitlement is;
    std::uint32_t days = 1;
    Instant now{};
    std::int64_t total_used = 0;
    std::int64_t channel_used = 0;
};

World random_world(std::mt19937_64& random) {
    const auto upto = [&](std::int64_t last) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(last + 1));
    };
    const auto days = [&](std::int64_t last) { return date::days{static_cast<int>(upto(last))}; };
    const Day first = date::sys_days{2014_y / 1 / 1} + days(27);  // no month is too short for it
    const Day last = date::sys_days{first} + days(200);
    World out;
    out.is = in_force(first, last, cases(upto(30)));
    out.is.channels = {{Channel::phone, true, upto(out.is.remaining), 0, 0}};
    out.days = static_cast<std::uint32_t>(1 + upto(9));
    out.now = out.is.span.begin + std::chrono::hours{upto((out.is.span.end - out.is.span.begin) / 1h)} - 3h;
    const std::int64_t rollover = upto(9);
    if (random() % 4 != 0) {
        const bool months = random() % 2 == 0;
        const auto every = static_cast<std::uint16_t>(1 + upto(months ? 1 : 20));
        out.is.agreement.period =
            PeriodTerms{{every, months ? Step::months : Step::days}, cases(rollover), random() % 2 == 0};
        const auto periods = rule::periods_of(out.is.agreement, out.is.span, Zone{});
        out.is.periods.from = out.now;
        out.is.periods.due = periods.next_after(out.now).value_or(Instant::max());
    }
    ChannelBalance& channel = out.is.channels[0];
    out.is.remaining += upto(rollover) - upto(4);
    out.is.held = upto(3);
    if (random() % 2 == 0) {
        const Channel on = random() % 2 == 0 ? Channel::phone : Channel{};
        const Instant until = out.now + std::chrono::hours{1 + upto(2000)};
        out.is.holds.open.push_back({{1, 0}, CaseId::from_integer(1), upto(out.is.held), on, until, 0, 0});
    }
    channel.remaining = channel.total + upto(rollover) - upto(2);
    channel.held = upto(1);
    out.total_used = upto(20) - 2;
    out.channel_used = upto(20) - 2;
    return out;
}

bool is_boundary(const Entitlement& is, Instant at) {
    const auto day = date::floor<date::days>(at);
    if (!is.agreement.period || day != at || at == is.span.begin) return false;
    const Cycle& cycle = is.agreement.period->cycle;
    const Day first = is.agreement.coverage.first_day;
    if (cycle.step == Step::days) return (day - date::sys_days{first}).count() % cycle.every == 0;
    const int months = static_cast<int>(static_cast<unsigned>(Day{day}.month())) -
                       static_cast<int>(static_cast<unsigned>(first.month()));
    return Day{day}.day() == first.day() && months % cycle.every == 0;
}

/// What passes a boundary of so much, of which so much is held.
std::int64_t passing(std::int64_t left, std::int64_t held, std::int64_t most) {
    const std::int64_t aside = std::min(std::max<std::int64_t>(held, 0), std::max<std::int64_t>(left, 0));
    return aside + std::max<std::int64_t>(0, std::min(left - aside, most));
}

/// Hour by hour, in base units × the window's hours: each takes what was used.
Exhausted naive(const World& world, const ChannelBalance& counter, std::int64_t used) {
    const Entitlement& is = world.is;
    const std::int64_t remaining = counter.remaining;
    std::int64_t held = counter.held;
    if (world.now < is.span.begin || world.now >= is.span.end) return {};
    if (remaining <= held) return world.now;
    if (used <= 0) return {};
    const std::int64_t scale = world.days * std::int64_t{24};
    std::int64_t left = remaining * scale;
    const ExpiringHold* hold = is.holds.open.empty() ? nullptr : &is.holds.open.front();
    if (hold != nullptr && !hold->is_on(counter.channel)) hold = nullptr;
    std::int64_t lost = 0;
    for (Instant at = world.now; at < is.span.end; at += 1h) {
        if (hold != nullptr && hold->until == at) {
            held -= hold->quantity;
            left -= lost;
            hold = nullptr;
        }
        if (at != world.now && is_boundary(is, at)) {
            const std::int64_t most = is.agreement.period->rollover->value * scale;
            const std::int64_t passes = passing(left, held * scale, most);
            if (hold != nullptr) {
                lost = passes - passing(left - lost, (held - hold->quantity) * scale, most);
            }
            left = counter.total * scale + passes;
        }
        const std::int64_t free = std::max<std::int64_t>(0, left - held * scale);
        const std::chrono::microseconds lasts{(free * 3'600'000'000 + used - 1) / used};
        if (lasts < 1h) return at + lasts;
        left -= used;
    }
    return {};
}

TEST(ForecastProperty, equals_a_simulation_hour_by_hour) {
    std::mt19937_64 random{20'14'07'01};
    int told = 0;
    int after_a_boundary = 0;
    for (int round = 0; round < 5000; ++round) {
        const World world = random_world(random);
        const Entitlement& is = world.is;
        const auto forecasts = rule::forecast(is, Zone{}, world.days, world.now, [&](const Channel& channel) {
            return channel.is_none() ? world.total_used : world.channel_used;
        });
        ASSERT_EQ(forecasts.size(), 2U);
        const ChannelBalance& channel = is.channels[0];
        ASSERT_EQ(forecasts[0].exhausted,
                  naive(world, {{}, true, is.agreement.total(), is.remaining, is.held}, world.total_used))
            << round;
        ASSERT_EQ(forecasts[1].exhausted, naive(world, channel, world.channel_used)) << round;
        for (const Forecast& one : forecasts) {
            told += one.exhausted.has_value();
            after_a_boundary += one.exhausted && *one.exhausted >= is.periods.due;
        }
    }
    EXPECT_GT(told, 1000);
    EXPECT_GT(after_a_boundary, 100);
}

}  // namespace
}  // namespace entitle
