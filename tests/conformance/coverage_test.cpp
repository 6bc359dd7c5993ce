#include "desk.hpp"

// Section 2, coverage: the instants of civil days in their zone.

namespace conformance {
namespace {

Instant utc(Day day, std::chrono::microseconds time = 0us) { return date::sys_days{day} + time; }

Span span_of(const Coverage& coverage) {
    Desk desk;
    Draft agreement = agreed(on_creation(5));
    agreement.coverage = coverage;
    return desk.entitlement(desk.draft(agreement)).span;
}
Span span_of(Day first, Day last, const char* zone) { return span_of({first, last, zone}); }
Span span_of(Day day, const char* zone) { return span_of(day, day, zone); }

TEST(CoverageInUtc, needs_no_database_and_covers_both_days) {
    EXPECT_EQ(span_of(2014_y / 1 / 1, 2014_y / 12 / 31, "UTC"),
              (Span{utc(2014_y / 1 / 1), utc(2015_y / 1 / 1)}));
    EXPECT_EQ(span_of(2014_y / 7 / 1, "UTC"), (Span{utc(2014_y / 7 / 1), utc(2014_y / 7 / 2)}));
}

TEST(CoverageInUtc, spans_leap_days_and_years_before_1970) {
    EXPECT_EQ(span_of(2016_y / 2 / 28, 2016_y / 2 / 29, "UTC"),
              (Span{utc(2016_y / 2 / 28), utc(2016_y / 3 / 1)}));
    EXPECT_EQ(span_of(1900_y / 1 / 1, "UTC"), (Span{utc(1900_y / 1 / 1), utc(1900_y / 1 / 2)}));
}

TEST(CoverageInNewYork, the_day_of_spring_has_23_hours) {
    EXPECT_EQ(span_of(2014_y / 3 / 9, "America/New_York"),
              (Span{utc(2014_y / 3 / 9, 5h), utc(2014_y / 3 / 10, 4h)}));
}

TEST(CoverageInNewYork, the_day_of_autumn_has_25_hours) {
    EXPECT_EQ(span_of(2014_y / 11 / 2, "America/New_York"),
              (Span{utc(2014_y / 11 / 2, 4h), utc(2014_y / 11 / 3, 5h)}));
}

TEST(CoverageInLordHowe, clocks_change_by_half_an_hour) {
    const Span autumn = span_of(2014_y / 4 / 6, "Australia/Lord_Howe");
    EXPECT_EQ(autumn, (Span{utc(2014_y / 4 / 5, 13h), utc(2014_y / 4 / 6, 13h + 30min)}));
    const Span spring = span_of(2014_y / 10 / 5, "Australia/Lord_Howe");
    EXPECT_EQ(spring, (Span{utc(2014_y / 10 / 4, 13h + 30min), utc(2014_y / 10 / 5, 13h)}));
}

TEST(CoverageWhereMidnightIsSkipped, the_day_starts_at_the_change) {
    EXPECT_EQ(span_of(2014_y / 10 / 19, "America/Sao_Paulo"),
              (Span{utc(2014_y / 10 / 19, 3h), utc(2014_y / 10 / 20, 2h)}));
    EXPECT_EQ(span_of(2014_y / 10 / 18, "America/Sao_Paulo").end, utc(2014_y / 10 / 19, 3h));
}

TEST(CoverageWhereMidnightComesTwice, the_day_starts_at_the_earlier) {
    EXPECT_EQ(span_of(2014_y / 11 / 2, "America/Havana"),
              (Span{utc(2014_y / 11 / 2, 4h), utc(2014_y / 11 / 3, 5h)}));
    EXPECT_EQ(span_of(2014_y / 11 / 1, "America/Havana").end, utc(2014_y / 11 / 2, 4h));
}

TEST(CoverageOfADayThatDoesNotExist, is_empty) {
    const Span skipped = span_of(2011_y / 12 / 30, "Pacific/Apia");
    EXPECT_EQ(skipped, (Span{utc(2011_y / 12 / 30, 10h), utc(2011_y / 12 / 30, 10h)}));
}

TEST(CoverageOfADayThatDoesNotExist, days_around_it_have_theirs) {
    EXPECT_EQ(span_of(2011_y / 12 / 29, 2011_y / 12 / 31, "Pacific/Apia"),
              (Span{utc(2011_y / 12 / 29, 10h), utc(2011_y / 12 / 31, 10h)}));
}

TEST(CoverageOfADayThatDoesNotExist, is_waiting_then_expired_and_never_active) {
    Desk desk;
    Draft agreement = agreed(on_creation(5));
    agreement.coverage = {2011_y / 12 / 30, 2011_y / 12 / 30, "Pacific/Apia"};
    const EntitlementId id = desk.grant(agreement);
    desk.now = utc(2011_y / 12 / 30, 10h) - 1us;
    EXPECT_EQ(desk.status(id), Status::waiting);
    desk.now += 1us;
    EXPECT_EQ(desk.status(id), Status::expired);
    EXPECT_THAT(desk.open_on(id, "c1"), refused(ErrorCode::not_active));
}

TEST(CoverageAtItsEdges, a_case_is_admitted_from_the_first_instant_to_the_last) {
    Desk desk;
    Draft agreement = agreed(on_creation(5));
    agreement.coverage = {2014_y / 3 / 9, 2014_y / 3 / 9, "America/New_York"};
    const EntitlementId id = desk.grant(agreement);
    desk.now = utc(2014_y / 3 / 9, 5h) - 1us;
    EXPECT_THAT(desk.open_on(id, "c1"), refused(ErrorCode::not_active));
    desk.now += 1us;
    EXPECT_THAT(desk.open_on(id, "c1"), ok());
    desk.now = utc(2014_y / 3 / 10, 4h) - 1us;
    EXPECT_THAT(desk.open_on(id, "c2"), ok());
    desk.now += 1us;
    EXPECT_THAT(desk.open_on(id, "c3"), refused(ErrorCode::not_active));
}

TEST(CoverageInAnUnknownZone, is_refused_whenever_it_is_said) {
    Desk desk;
    Draft agreement = agreed(on_creation(5));
    const EntitlementId id = desk.draft(agreement);
    agreement.coverage.time_zone = "Atlantis/Capital";
    EXPECT_THAT(desk.run(agreement), refused(ErrorCode::unknown_time_zone));
    EXPECT_THAT(desk.revise(id, {.coverage = agreement.coverage}), refused(ErrorCode::unknown_time_zone));
}

}  // namespace
}  // namespace conformance
