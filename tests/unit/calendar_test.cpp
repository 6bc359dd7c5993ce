#include "entitle/sla/calendar.hpp"

#include <ostream>
#include <random>
#include <string>
#include <vector>

#include <date/tz.h>
#include <gtest/gtest.h>

// Section 11: business time, to the second, exact across changes of the clocks.

namespace entitle::sla {
namespace {

using namespace date::literals;
using namespace std::chrono_literals;
using date::days;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr Instant utc(Day day, microseconds time = 0us) { return date::sys_days{day} + time; }

Week every_day(const std::vector<OpenHours>& hours) {
    return {hours, hours, hours, hours, hours, hours, hours};
}
Week weekdays(const std::vector<OpenHours>& hours) { return {hours, hours, hours, hours, hours, {}, {}}; }

const BusinessHours office{.week = weekdays({{9h, 17h}})};
const BusinessHours never{.time_zone = "America/New_York"};
constexpr Day monday = 2014_y / 6 / 2;
constexpr Day tuesday = 2014_y / 6 / 3;
constexpr Day friday = 2014_y / 6 / 6;
constexpr Day next_monday = 2014_y / 6 / 9;

Calendar made(const BusinessHours& hours) {
    auto calendar = Calendar::make(hours);
    if (!calendar) ADD_FAILURE() << fmt::format("{}", calendar.error());
    return calendar.value_or(Calendar{});
}

microseconds open_on(const Calendar& calendar, Day day) { return calendar.between(utc(day), utc(day, 24h)); }

// ---- all hours ----

TEST(AllHours, are_always_open) {
    const Calendar always;
    for (const Instant at : {utc(monday), utc(monday, 3h + 1us), utc(1900_y / 1 / 1)}) {
        EXPECT_TRUE(always.is_open(at));
        EXPECT_EQ(always.add(at, 90min), at + 90min);
        EXPECT_EQ(always.subtract(at, 90min), at - 90min);
        EXPECT_EQ(always.next_opening(at), at);
        EXPECT_EQ(always.previous_closing(at), at);
        EXPECT_EQ(always.between(at, at + 10h), 10h);
        EXPECT_EQ(always.between(at + 10h, at), -10h);
    }
}

TEST(AllHours, are_what_every_day_from_0_to_24_is) {
    const Calendar written =
        made({.time_zone = "America/New_York", .week = every_day({{0h, 12h}, {12h, 24h}})});
    for (Instant at = utc(2013_y / 12 / 31); at < utc(2015_y / 1 / 1); at += 7h + 1us) {
        EXPECT_TRUE(written.is_open(at));
        EXPECT_EQ(written.next_opening(at), at);
        EXPECT_EQ(written.previous_closing(at), at);
        EXPECT_EQ(written.add(at, days{4000}), at + days{4000});
        EXPECT_EQ(written.subtract(at, days{4000}), at - days{4000});
    }
}

TEST(AllHours, in_every_zone_are_real_time) {
    for (const date::time_zone& zone : date::get_tzdb().zones) {
        const Calendar all = made({.time_zone = zone.name(), .week = every_day({{0h, 24h}})});
        EXPECT_EQ(all.between(utc(1800_y / 1 / 1), utc(2200_y / 1 / 1)),
                  utc(2200_y / 1 / 1) - utc(1800_y / 1 / 1))
            << zone.name();
    }
}

// ---- the conventions at the ends of hours ----

TEST(OpenHours, begin_with_their_first_instant_and_end_before_their_last) {
    const Calendar calendar = made(office);
    EXPECT_FALSE(calendar.is_open(utc(monday, 9h - 1us)));
    EXPECT_TRUE(calendar.is_open(utc(monday, 9h)));
    EXPECT_TRUE(calendar.is_open(utc(monday, 17h - 1us)));
    EXPECT_FALSE(calendar.is_open(utc(monday, 17h)));
    EXPECT_FALSE(calendar.is_open(utc(2014_y / 6 / 7, 12h))) << "a Saturday";
}

struct Move {
    const char* name;
    Instant from;
    microseconds open;
    Instant to;

    friend void PrintTo(const Move& row, std::ostream* out) { *out << row.name; }
};

const Move additions[] = {
    {"within_the_hours", utc(monday, 10h), 2h, utc(monday, 12h)},
    {"up_to_the_end_is_the_closing", utc(monday, 10h), 7h, utc(monday, 17h)},
    {"past_the_end_goes_on_at_the_opening", utc(monday, 10h), 7h + 1us, utc(tuesday, 9h + 1us)},
    {"of_an_hour_over_a_weekend", utc(friday, 16h + 30min), 1h, utc(next_monday, 9h + 30min)},
    {"from_before_the_opening", utc(monday, 7h), 1h, utc(monday, 10h)},
    {"from_the_closing", utc(monday, 17h), 1h, utc(tuesday, 10h)},
    {"of_a_week", utc(monday, 9h), 40h, utc(friday, 17h)},
    {"of_a_microsecond", utc(monday, 17h - 1us), 1us, utc(monday, 17h)},
    {"of_nothing_while_open", utc(monday, 10h), 0s, utc(monday, 10h)},
    {"of_nothing_while_closed", utc(monday, 18h), 0s, utc(monday, 18h)},
};

const Move subtractions[] = {
    {"within_the_hours", utc(monday, 12h), 2h, utc(monday, 10h)},
    {"down_to_the_beginning_is_the_opening", utc(tuesday, 12h), 3h, utc(tuesday, 9h)},
    {"past_the_beginning_goes_on_at_the_closing", utc(tuesday, 12h), 3h + 1us, utc(monday, 17h - 1us)},
    {"of_an_hour_over_a_weekend", utc(next_monday, 9h + 30min), 1h, utc(friday, 16h + 30min)},
    {"from_after_the_closing", utc(monday, 20h), 1h, utc(monday, 16h)},
    {"from_the_opening", utc(tuesday, 9h), 1h, utc(monday, 16h)},
    {"of_a_week", utc(friday, 17h), 40h, utc(monday, 9h)},
    {"of_nothing_while_closed", utc(monday, 18h), 0s, utc(monday, 18h)},
};

struct Additions : testing::TestWithParam<Move> {};
TEST_P(Additions, land_where_the_table_says) {
    EXPECT_EQ(made(office).add(GetParam().from, GetParam().open), GetParam().to);
}

struct Subtractions : testing::TestWithParam<Move> {};
TEST_P(Subtractions, land_where_the_table_says) {
    EXPECT_EQ(made(office).subtract(GetParam().from, GetParam().open), GetParam().to);
}

const auto name_of_row = [](const auto& info) { return std::string{info.param.name}; };
INSTANTIATE_TEST_SUITE_P(Table, Additions, testing::ValuesIn(additions), name_of_row);
INSTANTIATE_TEST_SUITE_P(Table, Subtractions, testing::ValuesIn(subtractions), name_of_row);

TEST(BusinessTime, between_two_instants_is_negative_backwards) {
    const Calendar calendar = made(office);
    EXPECT_EQ(calendar.between(utc(monday, 16h), utc(tuesday, 10h)), 2h);
    EXPECT_EQ(calendar.between(utc(tuesday, 10h), utc(monday, 16h)), -2h);
    EXPECT_EQ(calendar.between(utc(monday, 17h), utc(tuesday, 9h)), 0h);
    EXPECT_EQ(calendar.between(utc(monday, 10h), utc(monday, 10h)), 0h);
}

TEST(BusinessTime, opens_next_and_closed_last) {
    const Calendar calendar = made(office);
    EXPECT_EQ(calendar.next_opening(utc(monday, 8h)), utc(monday, 9h));
    EXPECT_EQ(calendar.next_opening(utc(monday, 9h)), utc(monday, 9h));
    EXPECT_EQ(calendar.next_opening(utc(monday, 12h)), utc(monday, 12h)) << "it is open";
    EXPECT_EQ(calendar.next_opening(utc(friday, 17h)), utc(next_monday, 9h));
    EXPECT_EQ(calendar.previous_closing(utc(next_monday, 9h)), utc(friday, 17h));
    EXPECT_EQ(calendar.previous_closing(utc(friday, 17h)), utc(friday, 17h));
    EXPECT_EQ(calendar.previous_closing(utc(friday, 16h)), utc(friday, 16h)) << "it is open";
}

// ---- what is written down ----

TEST(WeeklyHours, hours_that_touch_are_one_in_any_order) {
    const Calendar calendar = made({.week = weekdays({{13h, 17h}, {9h, 13h}})});
    EXPECT_EQ(calendar.previous_closing(utc(tuesday, 8h)), utc(monday, 17h));
    EXPECT_EQ(calendar.add(utc(monday, 12h), 1h), utc(monday, 13h));
    EXPECT_EQ(calendar.subtract(utc(monday, 14h), 1h), utc(monday, 13h));
    EXPECT_EQ(calendar.next_opening(utc(monday, 13h)), utc(monday, 13h));
    EXPECT_EQ(open_on(calendar, monday), 8h);
}

TEST(WeeklyHours, hours_over_midnight_are_written_as_two_and_are_one) {
    const Calendar night = made({.week = {.tuesday = {{0h, 6h}}}});
    EXPECT_EQ(open_on(night, tuesday), 6h);
    const Calendar calendar = made({.week = {.monday = {{22h, 24h}}, .tuesday = {{0h, 6h}}}});
    EXPECT_TRUE(calendar.is_open(utc(monday, 24h - 1us)));
    EXPECT_TRUE(calendar.is_open(utc(tuesday)));
    EXPECT_EQ(calendar.between(utc(monday, 12h), utc(tuesday, 12h)), 8h);
    EXPECT_EQ(calendar.add(utc(monday, 22h), 8h), utc(tuesday, 6h));
    EXPECT_EQ(calendar.next_opening(utc(tuesday)), utc(tuesday));
    EXPECT_EQ(calendar.previous_closing(utc(tuesday)), utc(tuesday));
    EXPECT_EQ(calendar.next_opening(utc(tuesday, 6h)), utc(next_monday, 22h));
}

TEST(WeeklyHours, hours_over_the_end_of_the_week_are_one) {
    const Calendar calendar = made({.week = {.monday = {{0h, 2h}}, .sunday = {{22h, 24h}}}});
    EXPECT_EQ(calendar.add(utc(2014_y / 6 / 8, 22h), 4h), utc(next_monday, 2h));
    EXPECT_EQ(calendar.subtract(utc(next_monday, 2h), 4h), utc(2014_y / 6 / 8, 22h));
    // The cycle itself begins with a Thursday.
    const Calendar thursday = made({.week = {.wednesday = {{22h, 24h}}, .thursday = {{0h, 2h}}}});
    EXPECT_EQ(thursday.next_opening(utc(2014_y / 6 / 5)), utc(2014_y / 6 / 5));
    EXPECT_EQ(thursday.previous_closing(utc(2014_y / 6 / 5)), utc(2014_y / 6 / 5));
    EXPECT_EQ(thursday.add(utc(2014_y / 6 / 4), 4h), utc(2014_y / 6 / 5, 2h));
}

TEST(WeeklyHours, each_day_has_its_own_hours) {
    const Calendar calendar = made({.week = {.monday = {{0h, 1h}},
                                             .tuesday = {{0h, 2h}},
                                             .wednesday = {{0h, 3h}},
                                             .thursday = {{0h, 4h}},
                                             .friday = {{0h, 5h}},
                                             .saturday = {{0h, 6h}},
                                             .sunday = {{0h, 7h}}}});
    for (int i = 0; i < 7; ++i) {
        EXPECT_EQ(open_on(calendar, Day{date::sys_days{monday} + days{i}}), std::chrono::hours{i + 1});
    }
}

TEST(WeeklyHours, seconds_count) {
    const Calendar calendar = made({.week = weekdays({{8h + 1s, 24h - 1s}})});
    EXPECT_EQ(open_on(calendar, monday), 16h - 2s);
    EXPECT_FALSE(calendar.is_open(utc(monday, 8h)));
    EXPECT_TRUE(calendar.is_open(utc(monday, 8h + 1s)));
}

TEST(Holidays, are_closed_also_beside_each_other_and_twice) {
    BusinessHours hours = office;
    hours.holidays = {tuesday, monday, tuesday, 2014_y / 6 / 7};
    const Calendar calendar = made(hours);
    EXPECT_EQ(open_on(calendar, monday), 0h);
    EXPECT_EQ(open_on(calendar, tuesday), 0h);
    EXPECT_EQ(open_on(calendar, friday), 8h);
    EXPECT_EQ(calendar.next_opening(utc(monday, 10h)), utc(2014_y / 6 / 4, 9h));
    EXPECT_EQ(calendar.add(utc(2014_y / 5 / 30, 16h), 2h), utc(2014_y / 6 / 4, 10h));
}

TEST(Holidays, at_both_ends_of_a_span_count_nothing) {
    BusinessHours hours = office;
    hours.holidays = {monday, friday};
    const Calendar calendar = made(hours);
    EXPECT_EQ(calendar.between(utc(monday), utc(friday, 24h)), 24h);
    EXPECT_EQ(calendar.between(utc(monday, 12h), utc(friday, 12h)), 24h);
    EXPECT_EQ(calendar.add(utc(monday, 12h), 24h), utc(2014_y / 6 / 5, 17h));
    EXPECT_EQ(calendar.subtract(utc(friday, 12h), 24h), utc(tuesday, 9h));
}

TEST(Shifts, replace_the_hours_of_their_day_and_of_a_holiday) {
    BusinessHours hours = office;
    hours.daily_breaks = {{12h, 13h}};
    hours.holidays = {tuesday};
    hours.shifts = {{tuesday, {{10h, 14h}}}, {monday, {{20h, 24h}, {0h, 1h}}}, {friday, {}}};
    const Calendar calendar = made(hours);
    EXPECT_EQ(open_on(calendar, monday), 5h);
    EXPECT_EQ(open_on(calendar, tuesday), 4h) << "the daily break is of the week's hours";
    EXPECT_EQ(open_on(calendar, friday), 0h) << "a shift without hours";
    EXPECT_EQ(open_on(calendar, next_monday), 7h);
}

TEST(Breaks, are_taken_out_of_whatever_hours_there_are) {
    BusinessHours hours = office;
    hours.daily_breaks = {
        {12h, 12h + 30min}, {12h + 15min, 13h}, {12h + 20min, 12h + 25min}, {15h, 24h}, {15h + 30min, 16h}};
    hours.holidays = {friday};
    hours.shifts = {{next_monday, {{10h, 14h}}}};
    hours.breaks = {{tuesday, {{9h, 10h}}},
                    {tuesday, {{9h + 30min, 11h}}},
                    {tuesday, {}},
                    {friday, {{9h, 10h}}},
                    {next_monday, {{0h, 11h}}}};
    const Calendar calendar = made(hours);
    EXPECT_EQ(open_on(calendar, monday), 5h);
    EXPECT_EQ(open_on(calendar, tuesday), 3h);
    EXPECT_EQ(calendar.next_opening(utc(tuesday)), utc(tuesday, 11h));
    EXPECT_EQ(calendar.next_opening(utc(monday, 12h)), utc(monday, 13h));
    EXPECT_EQ(open_on(calendar, friday), 0h);
    EXPECT_EQ(open_on(calendar, next_monday), 3h);
}

TEST(EmptyWeeks, are_open_on_shifts_only) {
    const Calendar calendar = made({.shifts = {{monday, {{9h, 10h}}}, {friday, {{9h, 10h}}}}});
    EXPECT_EQ(calendar.add(utc(1970_y / 1 / 1), 1h), utc(monday, 10h));
    EXPECT_EQ(calendar.add(utc(1970_y / 1 / 1), 2h), utc(friday, 10h));
    EXPECT_EQ(calendar.subtract(utc(2100_y / 1 / 1), 1h), utc(friday, 9h));
    EXPECT_EQ(calendar.next_opening(utc(monday, 10h)), utc(friday, 9h));
    EXPECT_EQ(calendar.previous_closing(utc(friday, 9h)), utc(monday, 10h));
    EXPECT_EQ(calendar.next_opening(utc(friday, 10h)), std::nullopt);
    EXPECT_EQ(calendar.previous_closing(utc(monday, 9h)), std::nullopt);
}

// ---- what is refused ----

struct Fault {
    const char* name;
    BusinessHours hours;
    std::string sentence;

    friend void PrintTo(const Fault& row, std::ostream* out) { *out << row.name; }
};

const std::string invalid =
    "hours run from one time of the day to a later one, within 0:00 and 24:00 (hours_invalid)";
const std::string overlap = "the hours overlap others of the same day (hours_overlap)";
const Day no_day = 2014_y / 2 / 30;

const Fault faults[] = {
    {"zone",
     {.time_zone = "Mars/Olympus"},
     "the time zone is not in this system's database (unknown_time_zone)"},
    {"no_zone", {.time_zone = ""}, "the time zone is not in this system's database (unknown_time_zone)"},
    {"from_is_to", {.week = {.monday = {{9h, 9h}}}}, "monday 1: " + invalid},
    {"from_after_to", {.week = {.friday = {{9h, 10h}, {22h, 6h}}}}, "friday 2: " + invalid},
    {"before_midnight", {.week = {.sunday = {{-1s, 6h}}}}, "sunday 1: " + invalid},
    {"after_24", {.week = {.tuesday = {{9h, 24h + 1s}}}}, "tuesday 1: " + invalid},
    {"far_away", {.week = {.tuesday = {{seconds::min(), seconds::max()}}}}, "tuesday 1: " + invalid},
    {"overlap", {.week = {.thursday = {{9h, 12h}, {11h, 13h}}}}, "thursday 2: " + overlap},
    {"overlap_backwards", {.week = {.saturday = {{11h, 13h}, {9h, 12h}}}}, "saturday 2: " + overlap},
    {"twice_the_same", {.week = {.wednesday = {{0h, 1h}, {9h, 12h}, {9h, 12h}}}}, "wednesday 3: " + overlap},
    {"daily_break", {.daily_breaks = {{12h, 13h}, {13h, 12h}}}, "daily break 2: " + invalid},
    {"holiday", {.holidays = {monday, no_day}}, "holiday 2: there is no such day (day_invalid)"},
    {"shift_hours", {.shifts = {{monday, {{9h, 12h}, {12h, 12h}}}}}, "shift 1: " + invalid},
    {"shift_overlap", {.shifts = {{monday, {}}, {tuesday, {{9h, 12h}, {9h, 10h}}}}}, "shift 2: " + overlap},
    {"shift_day", {.shifts = {{no_day, {{9h, 12h}}}}}, "shift 1: there is no such day (day_invalid)"},
    {"shift_twice",
     {.shifts = {{monday, {{9h, 12h}}}, {friday, {}}, {monday, {{13h, 14h}}}}},
     "shift 3: the day has a shift already (shift_twice)"},
    {"break_hours", {.breaks = {{monday, {{9h, 8h}}}}}, "break 1: " + invalid},
    {"break_day", {.breaks = {{Day{}, {{9h, 12h}}}}}, "break 1: there is no such day (day_invalid)"},
};

struct Refused : testing::TestWithParam<Fault> {};
TEST_P(Refused, with_its_place) {
    const auto calendar = Calendar::make(GetParam().hours);
    ASSERT_FALSE(calendar.has_value());
    EXPECT_EQ(fmt::format("{}", calendar.error()), GetParam().sentence);
}
INSTANTIATE_TEST_SUITE_P(BusinessHours, Refused, testing::ValuesIn(faults), name_of_row);

TEST(Refused, place_past_what_it_can_say_is_its_last) {
    BusinessHours hours;
    hours.holidays.assign(70'000, monday);
    hours.holidays.back() = no_day;
    EXPECT_EQ(Calendar::make(hours).error().position, 65'535);
}

TEST(NegativeDurations, are_refused) {
    for (const Calendar& calendar : {Calendar{}, made(office), made(never)}) {
        EXPECT_EQ(calendar.add(utc(monday), -1us).error().code, ErrorCode::duration_negative);
        EXPECT_EQ(calendar.subtract(utc(monday), -1us).error().code, ErrorCode::duration_negative);
        EXPECT_EQ(calendar.add(utc(monday), microseconds::min()).error().code, ErrorCode::duration_negative);
    }
}

TEST(NeverOpen, is_an_error_and_no_hang) {
    BusinessHours by_breaks = office;
    by_breaks.daily_breaks = {{0h, 24h}};
    const BusinessHours by_clocks{.time_zone = "Pacific/Apia",
                                  .shifts = {{2011_y / 12 / 30, {{0h, 24h}}}}};  // a day that was skipped
    for (const BusinessHours& hours : {never, by_breaks, by_clocks}) {
        const Calendar calendar = made(hours);
        EXPECT_FALSE(calendar.is_open(utc(monday, 12h)));
        EXPECT_EQ(calendar.add(utc(monday), 1us).error().code, ErrorCode::never_open);
        EXPECT_EQ(calendar.subtract(utc(monday), 1us).error().code, ErrorCode::never_open);
        EXPECT_EQ(calendar.add(utc(monday), 0s), utc(monday));
        EXPECT_EQ(calendar.next_opening(utc(monday)), std::nullopt);
        EXPECT_EQ(calendar.previous_closing(utc(monday)), std::nullopt);
        EXPECT_EQ(calendar.between(Instant::min(), Instant::max()), 0s);
    }
}

TEST(Exhausted, calendars_say_so) {
    const Calendar calendar = made({.shifts = {{monday, {{9h, 10h}}}}});
    EXPECT_EQ(calendar.add(utc(monday, 9h), 1h), utc(monday, 10h));
    EXPECT_EQ(calendar.add(utc(monday, 9h), 1h + 1us).error().code, ErrorCode::calendar_exhausted);
    EXPECT_EQ(calendar.add(utc(monday, 10h), 1us).error().code, ErrorCode::calendar_exhausted);
    EXPECT_EQ(calendar.subtract(utc(monday, 9h), 1us).error().code, ErrorCode::calendar_exhausted);
    EXPECT_EQ(calendar.subtract(utc(monday, 10h), 1h), utc(monday, 9h));
}

TEST(Exhausted, at_the_ends_of_time_nothing_overflows) {
    BusinessHours at_the_ends = office;
    at_the_ends.time_zone = "America/New_York";
    at_the_ends.holidays = {date::year::min() / 1 / 1, date::year::max() / 12 / 31};
    at_the_ends.shifts = {{date::year::max() / 12 / 30, {{0h, 24h}}}};
    for (const Calendar& calendar : {Calendar{}, made(office), made(at_the_ends)}) {
        for (const Instant at : {Instant::min(), Instant::max()}) {
            EXPECT_FALSE(calendar.is_open(at));
            EXPECT_EQ(calendar.add(at, 0s), at);
            EXPECT_FALSE(calendar.add(at, microseconds::max()));
            EXPECT_FALSE(calendar.subtract(at, microseconds::max()));
        }
        EXPECT_EQ(calendar.next_opening(Instant::max()), std::nullopt);
        EXPECT_EQ(calendar.previous_closing(Instant::min()), std::nullopt);
        const auto first = calendar.next_opening(Instant::min()).value();
        const auto last = calendar.previous_closing(Instant::max()).value();
        const auto total = calendar.between(Instant::min(), Instant::max());
        EXPECT_EQ(calendar.between(first, last), total);
        EXPECT_EQ(calendar.add(Instant::min(), total), last);
        EXPECT_EQ(calendar.subtract(Instant::max(), total), first);
        EXPECT_FALSE(calendar.add(first, total + 1us));
    }
}

// ---- clocks that change ----

struct Change {
    const char* name;
    const char* zone;
    Day sunday;
    OpenHours hours;
    seconds open;

    friend void PrintTo(const Change& row, std::ostream* out) { *out << row.name; }
};

constexpr const char* new_york = "America/New_York";      // 2:00 <-> 3:00
constexpr const char* lord_howe = "Australia/Lord_Howe";  // 2:00 -> 2:30, 2:00 -> 1:30
constexpr const char* sao_paulo = "America/Sao_Paulo";    // 0:00 -> 1:00 on that Sunday
constexpr Day march = 2014_y / 3 / 9, november = 2014_y / 11 / 2;
constexpr Day october = 2014_y / 10 / 5, april = 2014_y / 4 / 6;
constexpr Day midnight = 2014_y / 10 / 19;

const Change changes[] = {
    {"a_day_with_a_gap_has_23_hours", new_york, march, {0h, 24h}, 23h},
    {"before_the_gap", new_york, march, {1h, 2h}, 1h},
    {"into_the_gap", new_york, march, {1h + 30min, 2h + 30min}, 30min},
    {"the_gap_itself", new_york, march, {2h, 3h}, 0h},
    {"within_the_gap", new_york, march, {2h + 15min, 2h + 45min}, 0h},
    {"out_of_the_gap", new_york, march, {2h + 30min, 3h + 30min}, 30min},
    {"over_the_gap", new_york, march, {1h, 4h}, 2h},
    {"after_the_gap", new_york, march, {3h, 4h}, 1h},
    {"a_day_with_an_overlap_has_25_hours", new_york, november, {0h, 24h}, 25h},
    {"the_overlap_itself", new_york, november, {1h, 2h}, 2h},
    {"within_the_overlap", new_york, november, {1h + 15min, 1h + 45min}, 1h},
    {"into_the_overlap", new_york, november, {30min, 1h + 30min}, 1h + 30min},
    {"out_of_the_overlap", new_york, november, {1h + 30min, 2h + 30min}, 1h + 30min},
    {"over_the_overlap", new_york, november, {0h, 3h}, 4h},
    {"after_the_overlap", new_york, november, {2h, 3h}, 1h},
    {"half_an_hours_gap_itself", lord_howe, october, {2h, 2h + 30min}, 0h},
    {"over_half_an_hours_gap", lord_howe, october, {1h + 45min, 2h + 45min}, 30min},
    {"a_day_with_half_an_hours_gap", lord_howe, october, {0h, 24h}, 23h + 30min},
    {"half_an_hours_overlap_itself", lord_howe, april, {1h + 30min, 2h}, 1h},
    {"out_of_half_an_hours_overlap", lord_howe, april, {1h + 45min, 2h + 15min}, 45min},
    {"a_day_with_half_an_hours_overlap", lord_howe, april, {0h, 24h}, 24h + 30min},
    {"a_day_whose_midnight_is_skipped", sao_paulo, midnight, {0h, 2h}, 1h},
};

struct Changes : testing::TestWithParam<Change> {};
TEST_P(Changes, count_the_real_time_within_the_hours) {
    const Change& row = GetParam();
    const Calendar weekly = made({.time_zone = row.zone, .week = {.sunday = {row.hours}}});
    const Calendar dated = made({.time_zone = row.zone, .shifts = {{row.sunday, {row.hours}}}});
    for (const Calendar& calendar : {weekly, dated}) {
        const Instant before = utc(row.sunday) - days{1}, after = utc(row.sunday) + days{2};
        EXPECT_EQ(calendar.between(before, after), row.open);
        if (row.open == 0s) continue;
        const Instant closing = calendar.add(before, row.open).value();
        EXPECT_EQ(calendar.previous_closing(after), closing);
        EXPECT_EQ(calendar.subtract(after, row.open).value(), calendar.next_opening(before));
    }
}
INSTANTIATE_TEST_SUITE_P(OfClocks, Changes, testing::ValuesIn(changes), name_of_row);

TEST(AGap, within_hours_does_not_end_them) {
    const Calendar calendar = made({.time_zone = new_york, .week = {.sunday = {{1h + 30min, 3h + 30min}}}});
    EXPECT_EQ(calendar.next_opening(utc(march)), utc(march, 6h + 30min));
    EXPECT_TRUE(calendar.is_open(utc(march, 7h))) << "it is 3:00";
    EXPECT_EQ(calendar.previous_closing(utc(march, 7h)), utc(march, 7h));
    EXPECT_EQ(calendar.add(utc(march, 6h + 30min), 1h), utc(march, 7h + 30min));
}

TEST(AnOverlap, that_cuts_hours_opens_them_again) {
    const Calendar calendar = made({.time_zone = new_york, .week = {.sunday = {{1h + 30min, 2h + 30min}}}});
    const Instant first = utc(november, 5h + 30min), again = utc(november, 6h + 30min);
    EXPECT_EQ(calendar.next_opening(utc(november)), first);
    EXPECT_FALSE(calendar.is_open(utc(november, 6h))) << "it is 1:00 again";
    EXPECT_EQ(calendar.add(first, 30min), utc(november, 6h));
    EXPECT_EQ(calendar.next_opening(utc(november, 6h)), again);
    EXPECT_EQ(calendar.add(first, 30min + 1us), again + 1us);
    EXPECT_EQ(calendar.subtract(utc(november, 7h + 30min), 1h), again);
    EXPECT_EQ(calendar.subtract(utc(november, 7h + 30min), 1h + 1us), utc(november, 6h - 1us));
}

TEST(Samoa, has_no_30_December_2011) {
    const Calendar calendar = made({.time_zone = "Pacific/Apia",
                                    .week = every_day({{9h, 17h}}),
                                    .shifts = {{2011_y / 12 / 30, {{0h, 24h}}}}});
    const Instant closing = utc(2011_y / 12 / 30, 3h);   // 29 December, 17:00, UTC-10
    const Instant opening = utc(2011_y / 12 / 30, 19h);  // 31 December, 9:00, UTC+14
    EXPECT_EQ(calendar.next_opening(closing), opening);
    EXPECT_EQ(calendar.previous_closing(opening), closing);
    EXPECT_EQ(calendar.add(closing - 1h, 2h), opening + 1h);
    EXPECT_EQ(calendar.between(closing - 8h, opening + 8h), 16h);
}

TEST(Zones, place_the_hours_of_the_week_and_the_holidays) {
    const Calendar calendar =
        made({.time_zone = "Pacific/Auckland", .week = weekdays({{9h, 17h}}), .holidays = {2014_y / 6 / 3}});
    EXPECT_EQ(calendar.next_opening(utc(2014_y / 6 / 1)), utc(2014_y / 6 / 1, 21h)) << "Monday, 9:00";
    EXPECT_EQ(calendar.next_opening(utc(2014_y / 6 / 2, 5h)), utc(2014_y / 6 / 3, 21h)) << "not Tuesday";
}

// ---- long spans ----

TEST(AHundredYears, of_office_hours_are_its_weekdays_and_come_back) {
    const struct {
        Day from, to;
    } spans[] = {{1920_y / 1 / 1, 2020_y / 1 / 1}, {2000_y / 2 / 29, 2100_y / 2 / 28}};
    BusinessHours hours{.time_zone = new_york, .week = weekdays({{9h, 17h}}), .holidays = {}};
    for (int year = 1920; year < 2100; ++year) hours.holidays.push_back(date::year{year} / 7 / 4);
    const Calendar calendar = made(hours);
    for (const auto& [from, to] : spans) {
        int expected = 0;
        for (date::sys_days day{from}; day < date::sys_days{to}; day += days{1}) {
            const Day date{day};
            const bool holiday = date.month() == date::July && date.day() == date::day{4};
            if (date::weekday{day}.iso_encoding() <= 5 && !holiday) ++expected;
        }
        const microseconds open = expected * 8h;
        const Instant a = utc(from, 6h), b = utc(to, 6h);  // in the night
        EXPECT_EQ(calendar.between(a, b), open);
        EXPECT_EQ(calendar.add(a, open).value(), calendar.previous_closing(b));
        EXPECT_EQ(calendar.subtract(b, open).value(), calendar.next_opening(a));
    }
}

TEST(AHundredYears, of_hours_in_gaps_and_overlaps_are_exact) {
    const Calendar calendar = made({.time_zone = new_york, .week = {.sunday = {{1h, 3h}}}});
    // 2 hours each Sunday, 1 in spring and 3 in autumn.
    const Instant from = utc(1970_y / 1 / 1, 12h), to = utc(2070_y / 1 / 1, 12h);
    const int sundays = 5218;
    EXPECT_EQ(calendar.between(from, to), sundays * 2h);
    const Instant summer = utc(2014_y / 7 / 1);  // 2,322 Sundays, of which one more had a gap than an overlap
    EXPECT_EQ(calendar.between(from, summer), 2322 * 2h - 1h);
    EXPECT_EQ(calendar.add(from, sundays * 2h).value(), calendar.previous_closing(to));
    EXPECT_EQ(calendar.add(from, 2322 * 2h - 1h).value(), calendar.previous_closing(summer));
}

TEST(AHundredYears, ahead_has_the_clocks_of_the_zone) {
    const Zone zone = Zone::named(new_york).value();
    const Calendar calendar = made({.time_zone = new_york, .week = every_day({{0h, 1h}})});
    for (const int year : {2030, 2036, 2037, 2038, 2039, 2100, 2126, 2300}) {
        for (const date::month month : {date::January, date::July}) {
            const date::local_days day{date::year{year} / month / 15};
            EXPECT_EQ(calendar.next_opening(zone.start_of(day) - 20h), zone.start_of(day)) << year;
        }
    }
}

// ---- against a walk, step by step ----

/// Asks for the hours as they are written, an instant at a time.
class Walk {
public:
    Walk(const BusinessHours& hours, Instant begin, Instant end, seconds step)
        : hours_{hours}, zone_{date::locate_zone(hours.time_zone)}, begin_{begin}, step_{step} {
        seconds open{0};
        for (Instant at = begin; at < end; at += step) {
            before_.push_back(open);
            is_open_.push_back(open_at(at));
            if (is_open_.back()) open += step;
        }
        before_.push_back(open);
    }

    std::size_t size() const { return is_open_.size(); }
    Instant at(std::size_t i) const { return begin_ + static_cast<std::int64_t>(i) * step_; }
    bool is_open(std::size_t i) const { return is_open_[i]; }
    seconds between(std::size_t i, std::size_t j) const { return before_[j] - before_[i]; }

    /// The first step up to which so much is open from `i`; the last from which so much is open up to `i`.
    std::optional<Instant> after(std::size_t i, seconds open) const {
        for (std::size_t j = i; j <= size(); ++j) {
            if (between(i, j) == open) return at(j);
        }
        return std::nullopt;
    }
    std::optional<Instant> ahead(std::size_t i, seconds open) const {
        for (std::size_t j = i + 1; j-- > 0;) {
            if (between(j, i) == open) return at(j);
        }
        return std::nullopt;
    }

    std::optional<Instant> opening(std::size_t i) const {
        while (i < size() && !is_open(i)) ++i;
        return i < size() ? std::optional{at(i)} : std::nullopt;
    }
    std::optional<Instant> closing(std::size_t i) const {
        while (i > 0 && !is_open(i - 1)) --i;
        return i > 0 ? std::optional{at(i)} : std::nullopt;
    }

private:
    static bool within(const std::vector<OpenHours>& hours, seconds time) {
        return std::any_of(hours.begin(), hours.end(),
                           [&](const OpenHours& each) { return each.from <= time && time < each.to; });
    }

    bool open_at(Instant at) const {
        const auto local = zone_->to_local(date::floor<seconds>(at));
        const auto day = date::floor<days>(local);
        const Day date{day};
        for (const DatedHours& each : hours_.breaks) {
            if (each.day == date && within(each.hours, local - day)) return false;
        }
        for (const DatedHours& each : hours_.shifts) {
            if (each.day == date) return within(each.hours, local - day);
        }
        for (const Day& holiday : hours_.holidays) {
            if (holiday == date) return false;
        }
        const Week& week = hours_.week;
        const std::vector<OpenHours>* const of_weekday[] = {&week.sunday,    &week.monday,   &week.tuesday,
                                                            &week.wednesday, &week.thursday, &week.friday,
                                                            &week.saturday};
        return within(*of_weekday[date::weekday{day}.c_encoding()], local - day) &&
               !within(hours_.daily_breaks, local - day);
    }

    const BusinessHours& hours_;
    const date::time_zone* zone_;
    Instant begin_;
    seconds step_;
    std::vector<seconds> before_;
    std::vector<bool> is_open_;
};

struct Around {
    const char* zone;
    Day change;  ///< of the clocks, or near it
};

constexpr Around arounds[] = {
    {new_york, march},
    {new_york, november},
    {lord_howe, october},
    {lord_howe, april},
    {sao_paulo, midnight},
    {"America/Sao_Paulo", 2015_y / 2 / 22},
    {"Pacific/Apia", 2011_y / 12 / 30},
    {"Africa/Casablanca", 2026_y / 2 / 15},
    {"Antarctica/Troll", 2020_y / 3 / 29},
    {"America/St_Johns", 2011_y / 3 / 13},
    {"Asia/Pyongyang", 2015_y / 8 / 15},
    {"Europe/Berlin", 2037_y / 10 / 25},
    {"UTC", 2014_y / 12 / 31},
};

/// OpenHours written by chance around a change of clocks.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : random_{seed} {}

    std::int64_t below(std::int64_t end) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(end));
    }

    BusinessHours hours(const Around& around, seconds step) {
        BusinessHours written{.time_zone = around.zone};
        for (std::vector<OpenHours>* day :
             {&written.week.monday, &written.week.tuesday, &written.week.wednesday, &written.week.thursday,
              &written.week.friday, &written.week.saturday, &written.week.sunday}) {
            *day = of_day(step);
        }
        if (below(2) == 0) written.daily_breaks = of_day(step);
        for (auto i = below(5); i > 0; --i) written.holidays.push_back(near(around));
        for (auto i = below(4); i > 0; --i) {
            const Day day = near(around);
            const auto is_day = [&](const DatedHours& each) { return each.day == day; };
            if (std::none_of(written.shifts.begin(), written.shifts.end(), is_day)) {
                written.shifts.push_back({day, of_day(step)});
            }
        }
        for (auto i = below(4); i > 0; --i) written.breaks.push_back({near(around), of_day(step)});
        return written;
    }

private:
    Day near(const Around& around) {
        return Day{date::sys_days{around.change} + days{static_cast<int>(below(15)) - 7}};
    }

    /// Up to four, which may touch; often small ones in the hours in which clocks change.
    std::vector<OpenHours> of_day(seconds step) {
        const seconds span = below(3) == 0 ? 4h : 24h;
        std::vector<seconds> times;
        for (auto i = 2 * below(5); i > 0; --i) times.push_back(below(span / step + 1) * step);
        if (below(4) == 0) times.insert(times.end(), {0s, 24h});
        std::sort(times.begin(), times.end());
        std::vector<OpenHours> day;
        for (std::size_t i = 0; i + 1 < times.size(); i += 1 + static_cast<std::size_t>(below(2))) {
            if (times[i] < times[i + 1]) day.push_back({times[i], times[i + 1]});
        }
        return day;
    }

    std::mt19937_64 random_;
};

void expect_equal(const Calendar& calendar, const Walk& walk, Chance& chance) {
    for (std::size_t i = 0; i < walk.size(); ++i) {
        ASSERT_EQ(calendar.is_open(walk.at(i)), walk.is_open(i)) << fmt::format("{}", as_utc(walk.at(i)));
    }
    const auto size = static_cast<std::int64_t>(walk.size());
    for (int n = 0; n < 20; ++n) {
        const auto i = static_cast<std::size_t>(chance.below(size));
        const auto j = static_cast<std::size_t>(chance.below(size));
        const Instant at = walk.at(i);
        SCOPED_TRACE(fmt::format("{} and {}", as_utc(at), as_utc(walk.at(j))));
        ASSERT_EQ(calendar.between(at, walk.at(j)), walk.between(i, j));
        const seconds open = walk.between(std::min(i, j), std::max(i, j));
        if (open == 0s) continue;
        if (const auto after = walk.after(i, open)) {
            ASSERT_EQ(calendar.add(at, open), *after);
        }
        if (const auto ahead = walk.ahead(i, open)) {
            ASSERT_EQ(calendar.subtract(at, open), *ahead);
        }
        if (const auto opening = walk.opening(i)) {
            ASSERT_EQ(calendar.next_opening(at), *opening);
        }
        if (const auto closing = walk.closing(i)) {
            ASSERT_EQ(calendar.previous_closing(at), *closing);
        }
    }
}

TEST(AWalk, minute_by_minute_over_three_weeks_says_the_same) {
    std::uint64_t seed = 1;
    for (int round = 0; round < 12; ++round) {
        for (const Around& around : arounds) {
            SCOPED_TRACE(fmt::format("seed {} in {}", seed, around.zone));
            Chance chance{seed++};
            const BusinessHours hours = chance.hours(around, 60s);
            const Calendar calendar = made(hours);
            const Instant begin = utc(around.change) - days{10}, end = utc(around.change) + days{11};
            expect_equal(calendar, Walk{hours, begin, end, 60s}, chance);
            if (HasFatalFailure()) return;
        }
    }
}

TEST(AWalk, second_by_second_over_three_days_says_the_same) {
    std::uint64_t seed = 1'000'001;
    for (const Around& around : arounds) {
        SCOPED_TRACE(fmt::format("seed {} in {}", seed, around.zone));
        Chance chance{seed++};
        const BusinessHours hours = chance.hours(around, 1s);
        const Calendar calendar = made(hours);
        const Instant begin = utc(around.change) - days{1}, end = utc(around.change) + days{2};
        expect_equal(calendar, Walk{hours, begin, end, 1s}, chance);
        if (HasFatalFailure()) return;
    }
}

// ---- what holds of every calendar ----

/// Of any calendar, instants within two centuries and durations of up to ten years.
void expect_laws(const Calendar& calendar, Chance& chance) {
    const auto any_instant = [&] {
        return utc(1920_y / 1 / 1) + microseconds{chance.below(200LL * 365 * 86'400 * 1'000'000)};
    };
    const Instant a = any_instant(), b = any_instant(), c = any_instant();
    ASSERT_EQ(calendar.between(a, b) + calendar.between(b, c), calendar.between(a, c)) << "splitting";
    ASSERT_EQ(calendar.between(a, b), -calendar.between(b, a));
    ASSERT_LE(calendar.between(std::min(a, b), std::max(a, b)), std::max(a, b) - std::min(a, b))
        << "no more than real time";
    ASSERT_LE(calendar.between(c, std::min(a, b)), calendar.between(c, std::max(a, b))) << "monotone";

    const microseconds open{1 + chance.below(10LL * 365 * 86'400 * 1'000'000)};
    const auto later = calendar.add(a, open);
    const auto earlier = calendar.subtract(a, open);
    if (!later || !earlier) return;  // the ends of a calendar of few shifts
    ASSERT_EQ(calendar.between(a, *later), open);
    ASSERT_EQ(calendar.between(*earlier, a), open);
    ASSERT_GT(calendar.between(a, *later), calendar.between(a, *later - 1us)) << "the first such instant";
    ASSERT_GT(calendar.between(*earlier, a), calendar.between(*earlier + 1us, a)) << "the last such instant";
    ASSERT_EQ(calendar.subtract(*later, open).value(), calendar.next_opening(a)) << "a, if it is open";
    ASSERT_EQ(calendar.add(*earlier, open).value(), calendar.previous_closing(a));
    ASSERT_EQ(calendar.add(calendar.add(a, open / 3).value(), open - open / 3), *later) << "splitting";
    ASSERT_LE(calendar.add(a, open - 1us).value(), *later) << "monotone";
    if (const auto other = calendar.add(b, open)) {
        ASSERT_LE(a < b ? *later : *other, a < b ? *other : *later) << "monotone";
    }

    const auto opening = calendar.next_opening(a);
    const auto closing = calendar.previous_closing(a);
    ASSERT_TRUE(opening && closing);
    ASSERT_LE(*closing, a);
    ASSERT_LE(a, *opening);
    ASSERT_EQ(calendar.between(*closing, *opening), 0us);
    ASSERT_TRUE(calendar.is_open(*opening));
    ASSERT_TRUE(calendar.is_open(*closing - 1us));
    ASSERT_EQ(calendar.is_open(a), *opening == a);
}

TEST(Laws, hold_of_calendars_by_chance) {
    std::uint64_t seed = 2'000'001;
    for (int round = 0; round < 40; ++round) {
        for (const Around& around : arounds) {
            SCOPED_TRACE(fmt::format("seed {} in {}", seed, around.zone));
            Chance chance{seed++};
            const Calendar calendar = made(chance.hours(around, 1s));
            for (int n = 0; n < 50; ++n) {
                expect_laws(calendar, chance);
                if (HasFatalFailure()) return;
            }
        }
    }
}

TEST(Laws, hold_of_all_hours) {
    Chance chance{3'000'001};
    for (int n = 0; n < 1000 && !HasFatalFailure(); ++n) expect_laws(Calendar{}, chance);
}

TEST(OpenHours, print_as_people_write_them) {
    EXPECT_EQ(fmt::format("{}", OpenHours{9h, 17h + 30min}), "09:00 to 17:30");
    EXPECT_EQ(fmt::format("{}", OpenHours{9h + 5s, 24h}), "09:00:05 to 24:00");
}

}  // namespace
}  // namespace entitle::sla
