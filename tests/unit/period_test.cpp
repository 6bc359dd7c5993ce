#include "entitle/rule/period.hpp"

#include <ostream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

// Section 8, periods: their boundaries.

namespace entitle {
namespace {

using namespace date::literals;
using namespace std::chrono_literals;
using Step = Cycle::Step;
using Days = std::vector<Day>;
using Instants = std::vector<Instant>;

constexpr Day january_1 = 2024_y / 1 / 1;

Instant utc(Day day, std::chrono::microseconds time = 0us) { return date::sys_days{day} + time; }

struct Agreed {
    Cycle cycle;
    Day first, last;
    std::string zone = "UTC";

    [[nodiscard]] Zone place() const { return Zone::named(zone).value(); }
    [[nodiscard]] Span span() const {
        const Zone zone_of = place();
        return {zone_of.start_of(date::local_days{first}),
                zone_of.start_of(date::local_days{date::sys_days{last}.time_since_epoch()} + date::days{1})};
    }
    [[nodiscard]] rule::Periods periods() const { return {cycle, {first, last, zone}, span(), place()}; }
};

Instants boundaries(const Agreed& agreed) {
    const rule::Periods periods = agreed.periods();
    Instants out;
    for (auto next = periods.next_after(Instant::min()); next; next = periods.next_after(*next))
        out.push_back(*next);
    return out;
}

/// As civil days of the zone.
Days boundary_days(const Agreed& agreed) {
    Days out;
    for (const Instant at : boundaries(agreed)) out.push_back(agreed.place().day_at(at));
    return out;
}

TEST(Period, without_a_cycle_there_is_one) {
    const Agreed agreed{{}, january_1, 2024_y / 12 / 31};
    EXPECT_EQ(boundaries(agreed), Instants{});
    EXPECT_EQ(agreed.periods().at(utc(2024_y / 5 / 5)), agreed.span());
    EXPECT_EQ(agreed.periods().last_until(Instant::max()), std::nullopt);
}

TEST(Period, begins_every_so_many_days) {
    EXPECT_EQ(boundary_days({{10, Step::days}, january_1, 2024_y / 1 / 31}),
              (Days{2024_y / 1 / 11, 2024_y / 1 / 21, 2024_y / 1 / 31}));
}

TEST(Period, begins_every_so_many_weeks) {
    EXPECT_EQ(boundary_days({{2, Step::weeks}, january_1, 2024_y / 2 / 1}),
              (Days{2024_y / 1 / 15, 2024_y / 1 / 29}));
}

TEST(Period, begins_every_so_many_months) {
    EXPECT_EQ(boundary_days({{3, Step::months}, january_1, 2024_y / 12 / 31}),
              (Days{2024_y / 4 / 1, 2024_y / 7 / 1, 2024_y / 10 / 1}));
}

TEST(Period, begins_every_so_many_years) {
    EXPECT_EQ(boundary_days({{1, Step::years}, 2023_y / 6 / 15, 2026_y / 1 / 1}),
              (Days{2024_y / 6 / 15, 2025_y / 6 / 15}));
}

TEST(Period, at_the_end_of_a_month_is_clamped_and_never_drifts) {
    EXPECT_EQ(boundary_days({{1, Step::months}, 2023_y / 10 / 31, 2024_y / 5 / 31}),
              (Days{2023_y / 11 / 30, 2023_y / 12 / 31, 2024_y / 1 / 31, 2024_y / 2 / 29, 2024_y / 3 / 31,
                    2024_y / 4 / 30, 2024_y / 5 / 31}));
    EXPECT_EQ(boundary_days({{1, Step::months}, 2025_y / 1 / 30, 2025_y / 3 / 30}),
              (Days{2025_y / 2 / 28, 2025_y / 3 / 30}));
}

TEST(Period, of_a_year_from_a_leap_day_is_clamped_and_never_drifts) {
    EXPECT_EQ(boundary_days({{1, Step::years}, 2024_y / 2 / 29, 2028_y / 3 / 1}),
              (Days{2025_y / 2 / 28, 2026_y / 2 / 28, 2027_y / 2 / 28, 2028_y / 2 / 29}));
}

TEST(Period, counts_from_an_anchor_before_inside_or_after_the_coverage) {
    for (const Day anchor : {1999_y / 7 / 15, 2024_y / 2 / 15, 2030_y / 12 / 15}) {
        EXPECT_EQ(boundary_days({{1, Step::months, anchor}, january_1, 2024_y / 3 / 31}),
                  (Days{2024_y / 1 / 15, 2024_y / 2 / 15, 2024_y / 3 / 15}));
    }
    EXPECT_EQ(boundary_days({{1, Step::months, 2030_y / 1 / 31}, january_1, 2024_y / 3 / 31}),
              (Days{2024_y / 1 / 31, 2024_y / 2 / 29, 2024_y / 3 / 31}));
    EXPECT_EQ(boundary_days({{7, Step::days, 2030_y / 1 / 2}, january_1, 2024_y / 1 / 18}),
              (Days{2024_y / 1 / 3, 2024_y / 1 / 10, 2024_y / 1 / 17}));
}

TEST(Period, has_no_boundary_at_the_first_instant_nor_at_the_end) {
    EXPECT_EQ(boundary_days({{1, Step::days}, january_1, 2024_y / 1 / 3}),
              (Days{2024_y / 1 / 2, 2024_y / 1 / 3}));
    EXPECT_EQ(boundary_days({{1, Step::days}, january_1, january_1}), Days{});
    EXPECT_EQ(boundary_days({{1, Step::years}, january_1, 2024_y / 12 / 31}), Days{});
}

TEST(Period, holds_its_first_instant_and_not_its_last) {
    const rule::Periods periods = Agreed{{1, Step::months}, january_1, 2024_y / 3 / 31}.periods();
    const Span january{utc(january_1), utc(2024_y / 2 / 1)};
    const Span february{utc(2024_y / 2 / 1), utc(2024_y / 3 / 1)};
    EXPECT_EQ(periods.at(january.begin), january);
    EXPECT_EQ(periods.at(january.end - 1us), january);
    EXPECT_EQ(periods.at(february.begin), february);
    EXPECT_EQ(periods.at(february.end - 1us), february);
}

TEST(Period, takes_what_is_before_the_first_and_what_is_after_the_last) {
    const rule::Periods periods = Agreed{{1, Step::months}, january_1, 2024_y / 3 / 31}.periods();
    EXPECT_EQ(periods.at(Instant::min()), (Span{utc(january_1), utc(2024_y / 2 / 1)}));
    for (const Instant late : {utc(2024_y / 4 / 1), utc(2024_y / 5 / 1), Instant::max()}) {
        EXPECT_EQ(periods.at(late), (Span{utc(2024_y / 3 / 1), utc(2024_y / 4 / 1)}));
        EXPECT_EQ(periods.next_after(late), std::nullopt);
        EXPECT_EQ(periods.last_until(late), utc(2024_y / 3 / 1));
    }
}

struct Turn {
    const char* what;
    Agreed agreed;
    Instants expected;

    friend void PrintTo(const Turn& turn, std::ostream* out) { *out << turn.what; }
};

const std::vector<Turn> turns{
    {"New York: spring in between",
     {{1, Step::months}, 2024_y / 2 / 10, 2024_y / 4 / 9, "America/New_York"},
     {utc(2024_y / 3 / 10, 5h)}},
    {"New York: from the day of spring on",
     {{1, Step::days}, 2024_y / 3 / 9, 2024_y / 3 / 12, "America/New_York"},
     {utc(2024_y / 3 / 10, 5h), utc(2024_y / 3 / 11, 4h), utc(2024_y / 3 / 12, 4h)}},
    {"New York: a day of 25 hours",
     {{1, Step::days}, 2024_y / 11 / 2, 2024_y / 11 / 4, "America/New_York"},
     {utc(2024_y / 11 / 3, 4h), utc(2024_y / 11 / 4, 5h)}},
    {"Lord Howe: half an hour in autumn",
     {{1, Step::days}, 2024_y / 4 / 6, 2024_y / 4 / 8, "Australia/Lord_Howe"},
     {utc(2024_y / 4 / 6, 13h), utc(2024_y / 4 / 7, 13h + 30min)}},
    {"Lord Howe: half an hour in spring",
     {{1, Step::days}, 2024_y / 10 / 5, 2024_y / 10 / 7, "Australia/Lord_Howe"},
     {utc(2024_y / 10 / 5, 13h + 30min), utc(2024_y / 10 / 6, 13h)}},
    {"Samoa: 30 December 2011 never was",
     {{1, Step::days}, 2011_y / 12 / 28, 2012_y / 1 / 1, "Pacific/Apia"},
     {utc(2011_y / 12 / 29, 10h), utc(2011_y / 12 / 30, 10h), utc(2011_y / 12 / 31, 10h)}},
    {"Samoa: months that turn on it turn a day later",
     {{1, Step::months, 2011_y / 10 / 30}, 2011_y / 11 / 1, 2012_y / 2 / 1, "Pacific/Apia"},
     {utc(2011_y / 11 / 30, 10h), utc(2011_y / 12 / 30, 10h), utc(2012_y / 1 / 29, 10h)}},
    {"Sao Paulo: midnight was skipped",
     {{1, Step::days}, 2018_y / 11 / 3, 2018_y / 11 / 5, "America/Sao_Paulo"},
     {utc(2018_y / 11 / 4, 3h), utc(2018_y / 11 / 5, 2h)}},
    {"Havana: midnight came twice, the earlier counts",
     {{1, Step::days}, 2023_y / 11 / 4, 2023_y / 11 / 6, "America/Havana"},
     {utc(2023_y / 11 / 5, 4h), utc(2023_y / 11 / 6, 5h)}},
    {"Kolkata: never changes",
     {{1, Step::months}, 2024_y / 1 / 31, 2024_y / 3 / 31, "Asia/Kolkata"},
     {utc(2024_y / 2 / 28, 18h + 30min), utc(2024_y / 3 / 30, 18h + 30min)}},
};

class PeriodTurns : public testing::TestWithParam<Turn> {};

TEST_P(PeriodTurns, as_computed_by_hand) {
    EXPECT_EQ(boundaries(GetParam().agreed), GetParam().expected) << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(Zones, PeriodTurns, testing::ValuesIn(turns));

/// Every boundary, by the words alone: each of the cycle's days, and which of them count.
Instants naive(const Agreed& agreed) {
    const Day anchor = agreed.cycle.anchor.value_or(agreed.first);
    const Span span = agreed.span();
    const Zone zone = agreed.place();
    Instants out;
    for (int k = -6000; k <= 6000; ++k) {
        const int steps = k * agreed.cycle.every;
        Day day = anchor;
        switch (agreed.cycle.step) {
            case Step::days: day = date::sys_days{anchor} + date::days{steps}; break;
            case Step::weeks: day = date::sys_days{anchor} + date::weeks{steps}; break;
            case Step::months: day = anchor + date::months{steps}; break;
            case Step::years: day = anchor + date::years{steps}; break;
        }
        if (!day.ok()) day = day.year() / day.month() / date::last;
        if (day < agreed.first || day.year() > agreed.last.year() + date::years{1}) continue;
        const Instant at = zone.start_of(date::local_days{date::sys_days{day}.time_since_epoch()});
        if (at <= span.begin || at >= span.end) continue;
        if (out.empty() || out.back() != at) out.push_back(at);
    }
    return out;
}

Agreed random_agreement(std::mt19937_64& random) {
    static const std::vector<std::string> zones{"UTC",          "America/New_York",  "Australia/Lord_Howe",
                                                "Pacific/Apia", "America/Sao_Paulo", "America/Havana",
                                                "Asia/Kolkata", "Europe/Berlin"};
    const auto day = [&] {
        return Day{date::sys_days{2011_y / 6 / 1} + date::days{static_cast<int>(random() % 1000)}};
    };
    Agreed out;
    out.cycle.step = static_cast<Step>(random() % 4);
    out.cycle.every = static_cast<std::uint16_t>(1 + random() % 5);
    if (random() % 2 == 0) out.cycle.anchor = day();
    out.first = day();
    out.last = date::sys_days{out.first} + date::days{static_cast<int>(random() % 500)};
    out.zone = zones[random() % zones.size()];
    return out;
}

TEST(PeriodProperty, equals_the_cycles_days_one_by_one) {
    std::mt19937_64 random{20'11'12'30};
    for (int round = 0; round < 300; ++round) {
        const Agreed agreed = random_agreement(random);
        const Instants expected = naive(agreed);
        ASSERT_EQ(boundaries(agreed), expected) << round << ' ' << agreed.zone;
        const rule::Periods periods = agreed.periods();
        const Span span = agreed.span();
        const auto width = static_cast<std::uint64_t>((span.end - span.begin + 96h).count());
        for (int look = 0; look < 30; ++look) {
            Instant at = span.begin - 48h + std::chrono::microseconds{random() % width};
            if (look % 3 == 0 && !expected.empty()) at = expected[random() % expected.size()];
            if (look % 6 == 3 && !expected.empty()) at = expected[random() % expected.size()] - 1us;
            const auto next = std::upper_bound(expected.begin(), expected.end(), at);
            ASSERT_EQ(periods.next_after(at), next == expected.end() ? std::nullopt : std::optional{*next});
            ASSERT_EQ(periods.last_until(at),
                      next == expected.begin() ? std::nullopt : std::optional{*(next - 1)});
        }
    }
}

TEST(Period, ends_where_the_calendar_does) {
    const Agreed last_years{{1, Step::years}, 32'764_y / 1 / 1, 32'767_y / 12 / 31};
    EXPECT_EQ(boundary_days(last_years), (Days{32'765_y / 1 / 1, 32'766_y / 1 / 1}));
    const Agreed long_steps{{65'535, Step::years}, january_1, 2024_y / 12 / 31};
    EXPECT_EQ(boundary_days(long_steps), Days{});
    for (const Step step : {Step::days, Step::weeks, Step::months}) {
        EXPECT_EQ(boundary_days({{65'535, step, -32'767_y / 1 / 1}, january_1, 2024_y / 1 / 2}).size() +
                      boundary_days({{65'535, step, 32'767_y / 12 / 31}, january_1, 2024_y / 1 / 2}).size(),
                  0U);
    }
}

TEST(Period, of_years_far_from_its_anchor_still_begins) {
    EXPECT_EQ(boundary_days({{1, Step::years, january_1}, 31'500_y / 1 / 1, 31'502_y / 12 / 31}),
              (Days{31'501_y / 1 / 1, 31'502_y / 1 / 1}));
}

TEST(Period, begins_where_the_calendar_does) {
    const Day first = -32'767_y / 1 / 1;
    const auto from_there = [&](Step step, std::uint16_t every, Day anchor, Day last) {
        return boundary_days({{every, step, anchor}, first, last});
    };
    EXPECT_EQ(from_there(Step::years, 1, first, -32'764_y / 12 / 31),
              (Days{-32'766_y / 1 / 1, -32'765_y / 1 / 1, -32'764_y / 1 / 1}));
    EXPECT_EQ(from_there(Step::months, 1, first, -32'766_y / 2 / 28),
              (Days{-32'766_y / 1 / 1, -32'766_y / 2 / 1}));
    EXPECT_EQ(from_there(Step::weeks, 1, -32'767_y / 12 / 25, -32'766_y / 1 / 8),
              (Days{-32'766_y / 1 / 1, -32'766_y / 1 / 8}));
    EXPECT_EQ(from_there(Step::days, 1, first, -32'766_y / 1 / 2),
              (Days{-32'766_y / 1 / 1, -32'766_y / 1 / 2}));
}

TEST(Period, ends_with_the_last_year_but_one_whatever_its_step) {
    const auto until_there = [](Step step, std::uint16_t every, Day begin) {
        return boundary_days({{every, step}, begin, 32'767_y / 12 / 31});
    };
    EXPECT_EQ(until_there(Step::years, 2, 32'761_y / 1 / 1), (Days{32'763_y / 1 / 1, 32'765_y / 1 / 1}));
    EXPECT_EQ(until_there(Step::months, 1, 32'766_y / 10 / 1), (Days{32'766_y / 11 / 1, 32'766_y / 12 / 1}));
    EXPECT_EQ(until_there(Step::weeks, 1, 32'766_y / 12 / 17),
              (Days{32'766_y / 12 / 24, 32'766_y / 12 / 31}));
    EXPECT_EQ(until_there(Step::days, 1, 32'766_y / 12 / 29), (Days{32'766_y / 12 / 30, 32'766_y / 12 / 31}));
}

/// In St John's clocks went back at one minute past midnight: the day had begun, and then it was the day before again.
TEST(Period, that_has_begun_stays_so_when_the_clocks_go_back_behind_midnight) {
    const Agreed days{{1, Step::days}, 2010_y / 11 / 1, 2010_y / 11 / 30, "America/St_Johns"};
    const Instant midnight = utc(2010_y / 11 / 7, 2h + 30min);
    EXPECT_EQ(days.periods().last_until(midnight + 30min), midnight);
    EXPECT_EQ(days.periods().next_after(midnight + 30min), utc(2010_y / 11 / 8, 3h + 30min));
}

TEST(Rollover, carries_what_is_left_up_to_the_most_and_what_is_owed_or_not) {
    constexpr Rollover drops{3, false};
    constexpr Rollover keeps{3, true};
    EXPECT_EQ(drops.of(2), 2);
    EXPECT_EQ(drops.of(5), 3);
    EXPECT_EQ(drops.of(-5), 0);
    EXPECT_EQ(keeps.of(-5), -5);
    EXPECT_EQ(keeps.of(2) - keeps.of(-5), 7);
    EXPECT_EQ(keeps.of(15) - keeps.of(-5), 8);
    EXPECT_EQ(drops.of(6) - drops.of(2), 1);
    for (const Rollover one : {drops, keeps, Rollover{}, Rollover{0, true}}) {
        EXPECT_EQ(Rollover::from(one.amount()), one);
    }
}

TEST(Rollover, what_is_held_passes_whole_as_far_as_it_is_there) {
    constexpr Rollover one{3, false};
    EXPECT_EQ(one.of(10, 4), 7) << "3 of the 6 that nobody holds";
    EXPECT_EQ(one.of(5, 4), 5);
    EXPECT_EQ(one.of(2, 4), 2);
    EXPECT_EQ(one.of(-2, 4), 0);
    EXPECT_EQ((Rollover{3, true}.of(-2, 4)), -2);
    EXPECT_EQ(one.of(10, 0), one.of(10));
}

}  // namespace
}  // namespace entitle
