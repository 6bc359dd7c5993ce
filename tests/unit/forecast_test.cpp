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

using Random = std::mt19937_64;

/// Up to three top-ups, begun or to come, of the total and perhaps the channel: what they have is left besides.
void top_up(World& world, Random& random) {
    const auto upto = [&](std::int64_t last) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(last + 1));
    };
    Entitlement& is = world.is;
    ChannelBalance& channel = is.channels[0];
    is.remaining = std::max<std::int64_t>(is.remaining, 0);
    channel.remaining = std::max<std::int64_t>(channel.remaining, 0);
    for (std::int64_t count = upto(3); count > 0; --count) {
        TopUpState& one = is.top_ups.open.emplace_back();
        one.number = static_cast<std::uint64_t>(count);
        one.amount = 1 + upto(8);
        if (upto(1) == 0) one.channel = Channel::phone;
        one.priority = 99 + static_cast<std::int32_t>(upto(2));
        one.begun = upto(1) == 0;
        if (!one.begun) one.from = world.now + std::chrono::hours{1 + upto(1500)};
        if (upto(2) != 0) one.expires = std::max(one.from, world.now) + std::chrono::hours{1 + upto(1500)};
        if (upto(1) == 0) one.rollover = upto(4);
        if (!one.begun) continue;
        one.left = upto(one.amount);
        one.channel_left = one.channel ? upto(one.left) : 0;
        is.remaining += one.left;
        channel.remaining += one.channel_left;
    }
}

World random_world(Random& random) {
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
    top_up(out, random);
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

/// A counter hour by hour, in base units × the window's hours: each takes what was used.
class Hours {
public:
    Hours(const World& world, const ChannelBalance& counter, std::int64_t used)
        : is_{world.is},
          total_{counter.total},
          now_{world.now},
          scale_{world.days * std::int64_t{24}},
          used_{used},
          held_{counter.held * scale_},
          base_{counter.remaining * scale_} {
        for (const TopUpState& one : is_.top_ups.open) {
            if (!one.raises(counter.channel)) continue;
            const std::int64_t left = one.rest(counter.channel) * scale_;
            if (one.begun) base_ -= left;
            pots_.push_back({one, one.begun ? left : one.amount * scale_});
        }
        std::stable_sort(pots_.begin(), pots_.end(), [](const Pot& a, const Pot& b) {
            if (a.terms.priority != b.terms.priority) return a.terms.priority < b.terms.priority;
            return a.terms.expires < b.terms.expires;
        });
        if (!is_.holds.open.empty() && is_.holds.open.front().is_on(counter.channel))
            hold_ = &is_.holds.open.front();
        for (Instant at = now_ + 1h; at < is_.span.end; at += 1h) {
            if (is_boundary(is_, at)) boundaries_.push_back(at);
        }
    }

    Exhausted exhausted() {
        for (Instant at = now_; at < is_.span.end; at += 1h) {
            if (at != now_) events(at);
            const std::int64_t free = std::max<std::int64_t>(0, left() - held_);
            const std::chrono::microseconds lasts{(free * 3'600'000'000 + used_ - 1) / used_};
            if (lasts < 1h) return at + lasts;
            use(at);
        }
        return {};
    }

private:
    struct Pot {
        TopUpState terms;
        std::int64_t left;
    };

    [[nodiscard]] std::int64_t left() const {
        std::int64_t sum = base_;
        for (const Pot& pot : pots_) sum += pot.terms.begun ? pot.left : 0;
        return sum;
    }
    /// Whether the base allotment, which ends at an instant, is used before a top-up.
    [[nodiscard]] static bool base_is_before(const Pot& pot, Instant base_ends) {
        if (pot.terms.priority != 100) return pot.terms.priority > 100;
        return base_ends <= pot.terms.expires;
    }
    void pay(Pot& pot, std::int64_t& owed) {
        if (!pot.terms.begun) return;
        const std::int64_t pays = std::min(pot.left, owed);
        pot.left -= pays;
        owed -= pays;
    }
    void use(Instant at) {
        const auto next = std::upper_bound(boundaries_.begin(), boundaries_.end(), at);
        const Instant base_ends = next == boundaries_.end() ? is_.span.end : *next;
        std::int64_t owed = used_;
        for (Pot& pot : pots_) {
            if (!base_is_before(pot, base_ends)) pay(pot, owed);
        }
        const std::int64_t of_base = std::min(owed, std::max<std::int64_t>(base_, 0));
        base_ -= of_base;
        owed -= of_base;
        for (Pot& pot : pots_) pay(pot, owed);
        base_ -= owed;
    }
    void events(Instant at) {
        if (hold_ != nullptr && hold_->until == at) {
            held_ -= hold_->quantity * scale_;
            base_ -= lost_;
            hold_ = nullptr;
            std::int64_t owed = std::max<std::int64_t>(-base_, 0);
            base_ += owed;
            for (Pot& pot : pots_) pay(pot, owed);
            base_ -= owed;
        }
        std::erase_if(pots_, [at](const Pot& pot) { return pot.terms.expires == at; });
        if (std::binary_search(boundaries_.begin(), boundaries_.end(), at)) renew(at);
        for (Pot& pot : pots_) pot.terms.begun = pot.terms.begun || pot.terms.from == at;
    }
    void renew(Instant at) {
        const std::int64_t most = is_.agreement.period->rollover->value * scale_;
        std::int64_t held = held_;
        for (const Pot& pot : pots_) {
            if (pot.terms.begun && !base_is_before(pot, at)) held -= pot.left;
        }
        const std::int64_t passes = passing(base_, held, most);
        if (hold_ != nullptr) lost_ = passes - passing(base_ - lost_, held - hold_->quantity * scale_, most);
        base_ = total_ * scale_ + passes;
        for (Pot& pot : pots_) {
            if (pot.terms.begun && pot.terms.rollover)
                pot.left = std::min(pot.left, *pot.terms.rollover * scale_);
        }
    }

    const Entitlement& is_;
    std::int64_t total_;
    Instant now_;
    std::int64_t scale_;
    std::int64_t used_;
    std::int64_t held_;
    std::int64_t base_;
    std::vector<Pot> pots_;
    std::vector<Instant> boundaries_;
    const ExpiringHold* hold_ = nullptr;
    std::int64_t lost_ = 0;
};

Exhausted naive(const World& world, const ChannelBalance& counter, std::int64_t used) {
    if (world.now < world.is.span.begin || world.now >= world.is.span.end) return {};
    if (counter.remaining <= counter.held) return world.now;
    if (used <= 0) return {};
    return Hours{world, counter, used}.exhausted();
}

TEST(ForecastProperty, equals_a_simulation_hour_by_hour) {
    Random random{20'14'07'01};
    int told = 0;
    int after_a_boundary = 0;
    int topped_up = 0;
    for (int round = 0; round < 10000; ++round) {
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
            topped_up += one.exhausted && *one.exhausted > world.now && !is.top_ups.open.empty();
        }
    }
    EXPECT_GT(told, 1000);
    EXPECT_GT(after_a_boundary, 100);
    EXPECT_GT(topped_up, 1000);
}

}  // namespace
}  // namespace entitle
