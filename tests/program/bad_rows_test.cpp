#include <ostream>
#include <string>
#include <string_view>

#include "run_program.hpp"

/// Every reason why a row is bad: it is told with its line and column, counted and passed over; status 1.
namespace program_test {

namespace {

struct Bad {
    std::string_view name;
    std::string row;
    std::string line;  ///< what follows `events.csv:3:`

    friend std::ostream& operator<<(std::ostream& out, const Bad& bad) { return out << bad.line; }
};

std::string resolve(std::string_view minutes, std::string_view cost) {
    return "2014-07-01T09:00:00Z,resolve,c,,,,,," + std::string{minutes} + ",,,," + std::string{cost};
}
std::string opening_at(std::string_view text) { return std::string{text} + ",open,d,C,,,,,,,,,"; }

const std::vector<Bad> bad_rows{
    {"too_few_columns", "2014-07-01T09:00:00Z,open,d,C,,,,,",
     "row: bad_row: 9 columns, where the header has 13"},
    {"too_many_columns", "2014-07-01T09:00:00Z,open,d,C,,,,,,,,,,",
     "row: bad_row: 14 columns, where the header has 13"},
    {"at_empty", opening_at(""), "at: bad_row: \"\" is not as 2014-07-01T09:00:00Z"},
    {"at_with_a_space", opening_at("2014-07-01 09:00:00Z"),
     "at: bad_row: \"2014-07-01 09:00:00Z\" is not as 2014-07-01T09:00:00Z"},
    {"at_without_zone", opening_at("2014-07-01T09:00:00"),
     "at: bad_row: \"2014-07-01T09:00:00\" is not as 2014-07-01T09:00:00Z"},
    {"at_with_an_offset", opening_at("2014-07-01T09:00:00+00:00"),
     "at: bad_row: \"2014-07-01T09:00:00+00:00\" is not as 2014-07-01T09:00:00Z"},
    {"at_with_a_fraction", opening_at("2014-07-01T09:00:00.5Z"),
     "at: bad_row: \"2014-07-01T09:00:00.5Z\" is not as 2014-07-01T09:00:00Z"},
    {"at_on_no_day", opening_at("2014-02-30T09:00:00Z"),
     "at: bad_row: \"2014-02-30T09:00:00Z\" is not as 2014-07-01T09:00:00Z"},
    {"at_24_hours", opening_at("2014-07-01T24:00:00Z"),
     "at: bad_row: \"2014-07-01T24:00:00Z\" is not as 2014-07-01T09:00:00Z"},
    {"at_60_minutes", opening_at("2014-07-01T09:60:00Z"),
     "at: bad_row: \"2014-07-01T09:60:00Z\" is not as 2014-07-01T09:00:00Z"},
    {"at_60_seconds", opening_at("2014-07-01T09:00:60Z"),
     "at: bad_row: \"2014-07-01T09:00:60Z\" is not as 2014-07-01T09:00:00Z"},
    {"at_signed", opening_at("2014-07-01T09:00:+1Z"),
     "at: bad_row: \"2014-07-01T09:00:+1Z\" is not as 2014-07-01T09:00:00Z"},
    {"unknown_event", "2014-07-01T09:00:00Z,Open,d,C,,,,,,,,,", "event: bad_row: \"Open\" is not an event"},
    {"no_event", "2014-07-01T09:00:00Z,,d,C,,,,,,,,,", "event: bad_row: \"\" is not an event"},
    {"no_case", "2014-07-01T09:00:00Z,open,,C,,,,,,,,,", "case: bad_row: it is needed here"},
    {"no_entitlement", "2014-07-01T09:00:00Z,cancel_entitlement,,,,,,,,,,,",
     "entitlement: bad_row: it is needed here"},
    {"no_entitlement_to_change_to", "2014-07-01T09:00:00Z,change_entitlement,c,,,,,,,,,,",
     "entitlement: bad_row: it is needed here"},
    {"case_too_long", "2014-07-01T09:00:00Z,cancel," + std::string(201, 'x') + ",,,,,,,,,,",
     "case: bad_row: \"" + std::string(60, 'x') + "…\" is longer than 200 characters"},
    {"asset_too_long", "2014-07-01T09:00:00Z,open,d,C,,,,,,," + std::string(201, 'x') + ",,",
     "asset: bad_row: \"" + std::string(60, 'x') + "…\" is longer than 200 characters"},
    {"origin_too_long", "2014-07-01T09:00:00Z,open,d,C,,," + std::string(32, 'x') + ",,,,,,",
     "origin: bad_row: \"" + std::string(32, 'x') + "\" is longer than 31 bytes"},
    {"origin_counts_bytes", "2014-07-01T09:00:00Z,change_origin,c,,,,ÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜ,,,,,,",
     "origin: bad_row: \"ÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜÜ\" is longer than 31 bytes"},
    {"minutes_negative", resolve("-1", ""),
     "minutes: bad_row: \"-1\" is not a whole number from 0 to 1,000,000,000"},
    {"minutes_with_a_part", resolve("1.5", ""),
     "minutes: bad_row: \"1.5\" is not a whole number from 0 to 1,000,000,000"},
    {"minutes_too_many", resolve("1000000001", ""),
     "minutes: bad_row: \"1000000001\" is not a whole number from 0 to 1,000,000,000"},
    {"minutes_far_too_many", resolve("99999999999999999999", ""),
     "minutes: bad_row: \"99999999999999999999\" is not a whole number from 0 to 1,000,000,000"},
    {"cost_negative", resolve("", "-1"), "cost: bad_row: \"-1\" is not a decimal number"},
    {"cost_with_a_comma", resolve("", "\"1,5\""), "cost: bad_row: \"1,5\" is not a decimal number"},
    {"cost_without_digits", resolve("", "."), "cost: bad_row: \".\" is not a decimal number"},
    {"cost_not_whole", resolve("", "0.001"),
     "cost: bad_row: \"0.001\" is not a whole number of the currency's smallest unit"},
    {"decrement", "2014-07-01T09:00:00Z,open,d,C,,,,,,true,,,",
     "decrement: bad_row: \"true\" is neither yes nor no"},
    {"not_utf8", "2014-07-01T09:00:00Z,open,d,C\xFC,,,,,,,,,",
     R"(row: bad_row: column 4 is not UTF-8: "C\xfc")"},
    {"not_utf8_where_nobody_looks", "2014-07-01T09:00:00Z,cancel,c,\xC3,,,,,,,,,",
     R"(row: bad_row: column 4 is not UTF-8: "\xc3")"},
    {"text_after_a_quote", "2014-07-01T09:00:00Z,open,\"d\"e,C,,,,,,,,,",
     "row: bad_row: text after a closing quote"},
    {"a_quote_inside", "2014-07-01T09:00:00Z,open,d\"e,C,,,,,,,,,",
     "row: bad_row: a quote inside a field that does not begin with one"},
    {"control_characters_are_shown", "2014-07-01T09:00:00Z,o\x1b[2Jpen,d,C,,,,,,,,,",
     R"(event: bad_row: "o\x1b[2Jpen" is not an event)"},
};

class BadRows : public ProgramTest, public testing::WithParamInterface<Bad> {};

/// The row stands between two good ones, on an entitlement that counts money.
TEST_P(BadRows, are_told_counted_and_passed_over) {
    const std::string plan =
        R"({"entitlements": [{"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01",
            "last_day": "2014-12-31", "allocation": "money", "currency": "EUR", "total": "5", "decrease_on": "resolution"}]})";
    const std::string events = std::string{long_header} + "2014-07-01T08:00:00Z,open,c,C,,,,,,,,,\n" +
                               GetParam().row + "\n2014-07-01T10:00:00Z,resolve,c,,,,,,,,,,1.25\n";
    const Ran run = replay(plan, events);
    EXPECT_EQ(run.err, "events.csv:3:" + GetParam().line + "\n");
    EXPECT_EQ(run.status, 1);
    EXPECT_EQ(run.trace,
              std::string{trace_header} + "1,ok,,E,0,500,,\n2,bad_row,,,0,,,\n3,ok,,E,-125,375,,\n");
    EXPECT_THAT(run.out, testing::HasSubstr(R"("bad_row": 1)"));
}

INSTANTIATE_TEST_SUITE_P(Each, BadRows, testing::ValuesIn(bad_rows),
                         [](const auto& one) { return std::string{one.param.name}; });

}  // namespace

using BadRow = ProgramTest;

TEST_F(BadRow, columns_that_an_event_does_not_use_are_ignored) {
    const std::string garbage(300, 'x');
    const Ran run = replay(plan_of(), std::string{header} + "2014-07-01T08:00:00Z,open,c,C,,,,,garbage,\n" +
                                          "2014-07-01T08:00:00Z,cancel,c," + garbage + ",,," + garbage + "," +
                                          garbage + ",garbage,garbage\n");
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.trace, std::string{trace_header} + "1,ok,,E,-1,4,,\n2,ok,,E,1,5,,\n");
}

TEST_F(BadRow, with_a_readable_instant_counts_for_the_summary) {
    const Ran run = replay(plan_of(), std::string{header} + "2015-07-01T08:00:00Z,nothing,c,C,,,,,,\n");
    EXPECT_THAT(run.out, testing::HasSubstr(R"("at": "2015-07-01T08:00:00Z")"));
    EXPECT_THAT(run.out, testing::HasSubstr(R"("status": "expired")"));
}

TEST_F(BadRow, lines_are_counted_through_quoted_line_breaks_and_blank_lines) {
    const Ran run =
        replay(plan_of(),
               std::string{header} +
                   "\n2014-07-01T08:00:00Z,open,\"c\n\n1\",C,,,,,,\n\r\n2014-07-01T08:00:00Z,x,c,C,,,,,,\n");
    EXPECT_EQ(run.err, "events.csv:7:event: bad_row: \"x\" is not an event\n");
    EXPECT_EQ(run.trace, std::string{trace_header} + "1,ok,,E,-1,4,,\n2,bad_row,,,0,,,\n");
}

}  // namespace program_test
