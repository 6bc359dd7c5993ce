#include <string>
#include <vector>

#include "desk.hpp"

// Section 7, forecasts: at the pace of the last days, when is it exhausted. Nothing is invented.

namespace conformance {
namespace {

using Instants = std::vector<std::optional<Instant>>;

constexpr std::optional<Instant> never{};

/// One entitlement, and what cases use of it.
struct Forecasts : Desk {
    explicit Forecasts(const Draft& agreement, const Policy& policy = policy::standard) : Desk{policy} {
        now = begin_2014;
        id = grant(agreement);
        now = july;
    }

    /// Opens so many cases, at the instant that it is.
    void use(int count, const Channel& origin = {}) {
        for (; count > 0; --count) EXPECT_THAT(open_on(id, "case " + std::to_string(++cases), origin), ok());
    }
    /// Resolves a case of its own.
    void spend(std::chrono::seconds time, Money cost = {}) {
        const std::string name = "case " + std::to_string(++cases);
        EXPECT_THAT(open_on(id, name), ok());
        EXPECT_THAT(resolve(name, time, cost), ok());
    }
    [[nodiscard]] std::vector<Forecast> forecasts(std::uint32_t window) const {
        return engine.forecast(acme, id, window, now).value();
    }
    [[nodiscard]] Forecast total(std::uint32_t window) const { return forecasts(window).front(); }
    [[nodiscard]] Instants exhausted(std::uint32_t window) const {
        Instants out;
        for (const Forecast& one : forecasts(window)) out.push_back(one.exhausted);
        return out;
    }

    EntitlementId id{};
    int cases = 0;
};

Draft renewed_monthly(Terms terms, std::optional<Quantity> rollover = {}) {
    Draft draft = agreed(std::move(terms));
    draft.period = PeriodTerms{{1, Cycle::Step::months}, rollover};
    return draft;
}

TEST(Forecast, of_cases_goes_on_at_the_pace_of_the_window) {
    Forecasts desk{agreed(on_creation(20))};
    desk.use(5);
    const Forecast total = desk.total(10);
    EXPECT_TRUE(total.channel.is_none());
    EXPECT_EQ((Quantity{total.used, total.unit}), Quantity(cases(5)));
    EXPECT_EQ(total.available, 15);
    EXPECT_EQ(total.exhausted, july + date::days{30}) << "15 cases at 5 in 10 days";
    EXPECT_EQ(desk.total(5).exhausted, july + date::days{15});
}

TEST(Forecast, of_hours) {
    Forecasts desk{agreed({.total = hours(10h), .decrease_on = DecreaseOn::resolution})};
    desk.spend(60min);
    desk.spend(30min);
    const Forecast total = desk.total(30);
    EXPECT_EQ((Quantity{total.used, total.unit}), Quantity(hours(90min)));
    EXPECT_EQ((Quantity{total.available, total.unit}), Quantity(hours(510min)));
    EXPECT_EQ(total.exhausted, july + date::days{170}) << "510 min at 3 min a day";
}

TEST(Forecast, of_money) {
    Forecasts desk{agreed({.total = money(1000'00, eur), .decrease_on = DecreaseOn::resolution})};
    desk.spend(0s, money(12'50, eur));
    const Forecast total = desk.total(1);
    EXPECT_EQ((Quantity{total.used, total.unit}), Quantity(money(12'50, eur)));
    EXPECT_EQ(total.exhausted, july + date::days{79}) << "987.50 at 12.50 a day";
}

TEST(Forecast, between_two_microseconds_is_the_later) {
    Forecasts desk{agreed(on_creation(8))};
    desk.use(7);
    EXPECT_EQ(desk.total(1).exhausted, july + 12'342'857'143us) << "a seventh of a day is … 142.86 us";
}

TEST(Forecast, without_a_pace_is_none) {
    Forecasts desk{agreed(on_creation(5))};
    EXPECT_EQ(desk.total(30).used, 0);
    EXPECT_EQ(desk.total(30).available, 5);
    EXPECT_EQ(desk.total(30).exhausted, never);
    desk.use(1);
    desk.now += date::days{31};
    EXPECT_EQ(desk.total(30).exhausted, never) << "what was used before the window is no pace";
    EXPECT_THAT(desk.run(Adjust{.id = desk.id, .quantity = cases(-2), .reason = "a letter"}), ok());
    EXPECT_EQ(desk.total(30).available, 2);
    EXPECT_EQ(desk.total(30).exhausted, never) << "corrections are no use";
}

TEST(Forecast, counts_what_was_used_less_what_was_reversed) {
    Forecasts desk{agreed(on_creation(20))};
    desk.use(3);
    desk.now += date::days{5};
    EXPECT_THAT(desk.cancel("case 1"), ok());
    EXPECT_EQ(desk.total(10).used, 2);
    EXPECT_EQ(desk.total(10).exhausted, desk.now + date::days{90}) << "18 at 2 in 10 days";
    EXPECT_EQ(desk.total(1).used, -1);
    EXPECT_EQ(desk.total(1).exhausted, never) << "more came back than was used";
    EXPECT_THAT(desk.cancel("case 2"), ok());
    EXPECT_THAT(desk.cancel("case 3"), ok());
    EXPECT_EQ(desk.total(10).used, 0);
    EXPECT_EQ(desk.total(10).exhausted, never);
}

TEST(Forecast, of_what_is_exhausted_is_now_whatever_the_pace) {
    Forecasts desk{agreed(unrestricted(2), {{Channel::web, cases(0)}})};
    EXPECT_THAT(desk.exhausted(10), testing::ElementsAre(never, july)) << "of the web nothing was agreed";
    desk.use(2);
    EXPECT_EQ(desk.total(10).exhausted, july);
    desk.use(1);
    EXPECT_EQ(desk.total(10).available, -1);
    EXPECT_EQ(desk.total(10).exhausted, july);
    desk.now += date::days{60};
    EXPECT_EQ(desk.total(10).used, 0);
    EXPECT_EQ(desk.total(10).exhausted, desk.now);
}

TEST(Forecast, beyond_the_coverage_is_none) {
    Forecasts desk{agreed(on_creation(3))};
    desk.now = end_2014 - 24h;
    desk.use(1);
    EXPECT_EQ(desk.total(1).exhausted, never) << "2 days from then";
    desk.use(1);
    EXPECT_EQ(desk.total(1).exhausted, end_2014 - 12h);
    EXPECT_EQ(desk.total(2).exhausted, never) << "it would be at the end, which is not covered";
}

TEST(Forecast, of_a_channel_may_come_sooner_than_that_of_the_total) {
    Forecasts desk{agreed(on_creation(10), {{Channel::phone, cases(3)}, {Channel::web, cases(6)}})};
    desk.use(2, Channel::phone);
    desk.use(1, Channel::web);
    desk.use(1);
    const std::vector<Forecast> told = desk.forecasts(10);
    ASSERT_EQ(told.size(), 3U);
    EXPECT_EQ(told[0].used, 4) << "with the case that came through none";
    EXPECT_EQ(told[0].exhausted, july + date::days{15});
    EXPECT_EQ(told[1].channel, Channel::phone);
    EXPECT_EQ(told[1].used, 2);
    EXPECT_EQ(told[1].available, 1);
    EXPECT_EQ(told[1].exhausted, july + date::days{5});
    EXPECT_EQ(told[2].channel, Channel::web);
    EXPECT_EQ(told[2].exhausted, july + date::days{50});
}

TEST(Forecast, of_a_channel_that_is_no_longer_listed_is_not_told) {
    Forecasts desk{agreed(on_creation(10), {{Channel::phone, cases(3)}, {Channel::web, cases(6)}})};
    desk.use(1, Channel::phone);
    EXPECT_THAT(desk.run(Amend{.id = desk.id,
                               .changes = {.channels = std::vector<ChannelTerms>{{Channel::web, cases(6)}}}}),
                ok());
    const std::vector<Forecast> told = desk.forecasts(10);
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].used, 1) << "but what was used through it counts";
    EXPECT_EQ(told[1].channel, Channel::web);
    EXPECT_EQ(told[1].used, 0);
}

TEST(Forecast, of_coverage_only_is_that_of_its_channels) {
    Forecasts desk{agreed(coverage_only(), {{Channel::phone, cases(4)}})};
    desk.use(1, Channel::phone);
    desk.use(3);
    const std::vector<Forecast> told = desk.forecasts(10);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ((Quantity{told[0].used, told[0].unit}), Quantity(cases(1)));
    EXPECT_EQ(told[0].exhausted, july + date::days{30});
}

TEST(Forecast, window_counts_both_its_ends) {
    Forecasts desk{agreed(on_creation(20))};
    desk.use(1);
    desk.now += 1us;
    desk.use(2);
    desk.now = july + date::days{10};
    EXPECT_EQ(desk.total(10).used, 3) << "just 10 days ago";
    desk.now += 1us;
    EXPECT_EQ(desk.total(10).used, 2);
    desk.now = july;
    EXPECT_EQ(desk.total(10).used, 1) << "now, and not what is later";
    EXPECT_EQ(desk.total(10).available, 17) << "which is recorded all the same (R14)";
}

TEST(Forecast, window_is_of_days_of_24_hours_in_any_zone) {
    for (const char* zone : {"UTC", "America/New_York", "Pacific/Apia"}) {
        Draft draft = agreed(on_creation(20));
        draft.coverage.time_zone = zone;
        Forecasts desk{draft};
        desk.now = at(2014_y / 3 / 8, 12h);  // New York's clocks go forward on the 9th
        desk.use(5);
        desk.now += date::days{2};
        EXPECT_EQ(desk.total(2).used, 5) << zone;
        EXPECT_EQ(desk.total(2).exhausted, desk.now + date::days{6}) << zone;
        EXPECT_EQ(desk.total(1).used, 0) << zone;
    }
}

TEST(Forecast, window_has_1_to_36525_days) {
    Forecasts desk{agreed(on_creation(5))};
    desk.use(1);
    for (const std::uint32_t window : {0U, 36'526U, 4'294'967'295U}) {
        EXPECT_EQ(desk.engine.forecast(acme, desk.id, window, july).error().code,
                  ErrorCode::window_out_of_range);
    }
    EXPECT_EQ(desk.total(36'525).used, 1);
    for (const Instant now : {Instant::min(), Instant::max()}) {
        EXPECT_EQ(desk.engine.forecast(acme, desk.id, 36'525, now)->front().used, 0);
    }
}

TEST(Forecast, of_what_is_not_active_is_none) {
    Forecasts desk{agreed(on_creation(5))};
    desk.use(5);
    desk.now = end_2014 - 1us;
    EXPECT_EQ(desk.total(365).exhausted, desk.now);
    for (const Instant now : {begin_2014 - 1us, end_2014}) {
        EXPECT_EQ(desk.engine.forecast(acme, desk.id, 365, now)->front().exhausted, never);
    }
    desk.now = july;
    EXPECT_THAT(desk.deactivate(desk.id), ok());
    EXPECT_EQ(desk.total(10).exhausted, never);
    EXPECT_EQ(desk.total(10).used, 5) << "which is told";
    EXPECT_THAT(desk.activate(desk.id), ok());
    EXPECT_EQ(desk.total(10).exhausted, july);
    EXPECT_THAT(desk.run(Cancel{.id = desk.id}), ok());
    EXPECT_EQ(desk.total(10).exhausted, never);
}

TEST(Forecast, of_nobodys_entitlement_is_refused) {
    Forecasts desk{agreed(on_creation(5))};
    desk.use(1);
    EXPECT_EQ(desk.engine.forecast(acme, "nobodys"_entitlement, 10, july).error().code,
              ErrorCode::unknown_entitlement);
    EXPECT_EQ(desk.engine.forecast({}, desk.id, 10, july), desk.forecasts(10))
        << "the store knows whose it is";
}

TEST(Forecast, is_of_what_nothing_holds) {
    Forecasts desk{agreed(on_resolution(10), {{Channel::phone, cases(4)}})};
    desk.spend(0s);
    desk.spend(0s);
    EXPECT_THAT(desk.open_on(desk.id, "held", Channel::phone), ok());
    EXPECT_THAT(desk.run(HoldTerms{.id = "held"_case, .quantity = cases(3)}), ok());
    const std::vector<Forecast> told = desk.forecasts(10);
    EXPECT_EQ(told[0].available, 5);
    EXPECT_EQ(told[0].exhausted, july + date::days{25});
    EXPECT_EQ(told[1].available, 1);
    EXPECT_EQ(told[1].exhausted, never);
}

// Periods: terms come anew at each boundary, and it goes on.

TEST(PeriodForecast, within_the_period) {
    Forecasts desk{renewed_monthly(on_creation(10))};
    desk.use(5);
    EXPECT_EQ(desk.total(10).exhausted, july + date::days{10});
}

TEST(PeriodForecast, is_none_where_each_period_lasts) {
    Forecasts desk{renewed_monthly(on_creation(13))};
    desk.use(3);
    EXPECT_EQ(desk.total(10).exhausted, never) << "0.3 a day, at most 9.3 a month";
}

TEST(PeriodForecast, in_the_third_period_as_what_is_carried_over_shrinks) {
    Forecasts desk{renewed_monthly(on_creation(8), cases(6))};
    desk.use(3);
    EXPECT_EQ(desk.total(10).available, 11);
    // 0.3 a day: 1.8125 are carried to August, 0.5125 to September, whose 8.5125 last 28 days and 9 hours.
    EXPECT_EQ(desk.total(10).exhausted, at(2014_y / 9 / 29, 9h));
}

TEST(PeriodForecast, in_a_longer_month_where_the_shorter_lasts) {
    Forecasts desk{renewed_monthly(on_creation(9))};
    desk.now = at(2014_y / 1 / 31);
    desk.use(3);
    desk.now = at(2014_y / 2 / 1);
    EXPECT_EQ(desk.total(10).available, 9) << "the boundary is recorded by nobody";
    EXPECT_EQ(desk.total(10).exhausted, at(2014_y / 3 / 31)) << "30 days; February's rest is dropped";
}

TEST(PeriodForecast, just_at_a_boundary_is_none_there) {
    Draft draft = agreed(on_creation(2));
    draft.period = PeriodTerms{{1, Cycle::Step::days}};
    Forecasts desk{draft};
    desk.now = at(2014_y / 7 / 1);
    desk.use(1);
    EXPECT_EQ(desk.total(1).exhausted, never) << "one left, one a day: at midnight there are two again";
    draft.coverage.last_day = 2014_y / 7 / 1;
    Forecasts last{draft};
    last.now = at(2014_y / 7 / 1);
    last.use(1);
    EXPECT_EQ(last.total(1).exhausted, never) << "nor at the end";
}

TEST(PeriodForecast, what_is_held_passes_boundaries_and_stays_held) {
    Forecasts desk{renewed_monthly(on_resolution(11))};
    desk.now = at(2014_y / 1 / 31);
    for (int i = 0; i < 3; ++i) desk.spend(0s);
    desk.now = at(2014_y / 2 / 1);
    EXPECT_THAT(desk.open_on(desk.id, "held"), ok());
    EXPECT_THAT(desk.run(HoldTerms{.id = "held"_case, .quantity = cases(2)}), ok());
    EXPECT_EQ(desk.total(10).available, 9);
    EXPECT_EQ(desk.total(10).exhausted, never) << "11 a month, besides the 2, at 3 in 10 days";
    desk.spend(0s);
    EXPECT_EQ(desk.total(10).exhausted, at(2014_y / 2 / 21)) << "8 at 4 in 10 days";
}

TEST(PeriodForecast, is_the_boundary_whose_terms_do_not_cover_what_is_held) {
    Forecasts desk{renewed_monthly(on_resolution(2))};
    EXPECT_THAT(desk.run(TopUp{.id = desk.id, .amount = cases(4), .priority = 1, .rollover = cases(0)}),
                ok());
    desk.now = at(2014_y / 7 / 30);
    desk.spend(0s);
    EXPECT_THAT(desk.open_on(desk.id, "held"), ok());
    EXPECT_THAT(desk.run(HoldTerms{.id = "held"_case, .quantity = cases(3)}), ok());
    EXPECT_EQ(desk.total(10).available, 2);
    EXPECT_EQ(desk.total(10).exhausted, at(2014_y / 8 / 1)) << "what was held of the top-up is gone with it";
}

TEST(PeriodForecast, asked_before_a_boundary_that_is_recorded_goes_on_after_it) {
    Forecasts desk{renewed_monthly(on_creation(5))};
    desk.now = at(2014_y / 1 / 10);
    desk.use(2);
    desk.now = at(2014_y / 2 / 2);
    desk.use(1);
    desk.now = at(2014_y / 1 / 20);
    EXPECT_EQ(desk.total(10).available, 4) << "February's";
    EXPECT_EQ(desk.total(10).exhausted, at(2014_y / 2 / 9)) << "which come once (R14)";
}

TEST(PeriodForecast, turns_at_the_midnights_of_its_zone) {
    Draft draft = agreed(on_creation(1));
    draft.coverage.time_zone = "America/New_York";
    draft.period = PeriodTerms{{1, Cycle::Step::days}};
    Forecasts desk{draft};
    desk.now = at(2014_y / 7 / 9, 5h);
    desk.use(1);
    desk.now = at(2014_y / 7 / 10, 4h);
    EXPECT_EQ(desk.total(1).used, 1);
    EXPECT_EQ(desk.total(1).exhausted, at(2014_y / 11 / 3, 4h)) << "one a day does not last for 25 hours";
}

}  // namespace
}  // namespace conformance
