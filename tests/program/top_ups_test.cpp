#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "run_program.hpp"

/// Top-ups in the program's files: of a plan, and by events.
namespace program_test {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr std::string_view top_up_header =
    "at,event,case,customer,contact,product,origin,entitlement,minutes,decrement,amount,priority,from,"
    "expires,rollover\n";

/// A day of 2014, at midnight.
std::string at(std::string_view day) { return "2014-" + std::string{day} + "T00:00:00Z"; }

std::string opens(std::string_view day, std::string_view key, std::string_view origin = "") {
    return at(day) + ",open," + std::string{key} + ",C,,," + std::string{origin} + ",,,,,,,,";
}
std::string of_case(std::string_view day, std::string_view event, std::string_view key) {
    return at(day) + "," + std::string{event} + "," + std::string{key} + ",,,,,,,,,,,,";
}
std::string of_entitlement(std::string_view day, std::string_view event, std::string_view key = "E") {
    return at(day) + "," + std::string{event} + ",,,,,," + std::string{key} + ",,,,,,,";
}
/// Of `E`; `terms` are its amount and, after commas, what follows.
std::string top_up(std::string_view day, std::string terms, std::string_view origin = "") {
    const auto commas = std::count(terms.begin(), terms.end(), ',');
    terms.append(static_cast<std::size_t>(4 - commas), ',');
    return at(day) + ",top_up,,,,," + std::string{origin} + ",E,,," + terms;
}
std::string void_top_up(std::string_view day, std::string_view which, std::string_view key = "E") {
    return at(day) + ",void_top_up,,,,,," + std::string{key} + ",,," + std::string{which} + ",,,,";
}

/// Two cases, and these top-ups; restricted.
std::string plan_with(std::string_view top_ups, std::string_view more_keys = "") {
    return plan_of(R"("allocation": "cases", "total": 2, "restrict": true, "top_ups": [)" +
                   std::string{top_ups} + "]" + std::string{more_keys});
}
const std::string two_cases = plan_of(R"("allocation": "cases", "total": 2, "restrict": true)");

std::string compact(std::string text) {
    const auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
    text.erase(std::remove_if(text.begin(), text.end(), is_space), text.end());
    return text;
}

}  // namespace

class TopUps : public ProgramTest {
public:
    [[nodiscard]] std::vector<std::string> outcomes(std::string_view plan,
                                                    const std::vector<std::string>& rows) const {
        return ProgramTest::outcomes(plan, rows, top_up_header);
    }
    [[nodiscard]] Ran run(std::string_view plan, const std::vector<std::string>& rows,
                          const std::vector<std::string>& more = {}) const {
        std::string events{top_up_header};
        for (const std::string& row : rows) events += row + "\n";
        return replay(plan, events, more);
    }
    /// The summary, without its spaces.
    [[nodiscard]] std::string summary(std::string_view plan, const std::vector<std::string>& rows) const {
        const Ran ran = run(plan, rows);
        EXPECT_EQ(ran.status, 0) << ran.err;
        EXPECT_THAT(ran.out, HasSubstr(R"("audit": "ok")"));
        return compact(ran.out);
    }
};

TEST_F(TopUps, of_an_event_raise_what_is_left) {
    EXPECT_THAT(outcomes(two_cases, {opens("07-01", "a"), opens("07-01", "b"), opens("07-01", "c"),
                                     top_up("07-02", "3"), opens("07-03", "c")}),
                ElementsAre("ok,,E,-1,1,,", "ok,,E,-1,0,,", "not_entitled,terms_exhausted,,0,,,",
                            "ok,,E,3,3,,", "ok,,E,-1,2,,"));
}

TEST_F(TopUps, pay_what_is_owed_when_they_begin) {
    const std::string plan = plan_of(R"("allocation": "cases", "total": 1)");
    const std::vector<std::string> rows{opens("07-01", "a"), opens("07-01", "b"), opens("07-01", "c"),
                                        top_up("07-02", "5")};
    EXPECT_THAT(outcomes(plan, rows),
                ElementsAre("ok,,E,-1,0,,", "ok,,E,-1,-1,,", "ok,,E,-1,-2,,", "ok,,E,5,3,,"));
    EXPECT_THAT(summary(plan, rows), HasSubstr(R"("amount":5,"left":3,)"));
}

TEST_F(TopUps, of_a_plan_begin_with_the_coverage) {
    const std::string plan = plan_with(R"({"amount": 3})", R"(, "time_zone": "America/New_York")");
    EXPECT_THAT(outcomes(plan, {"2014-01-01T04:59:59Z,open,a,C,,,,,,,,,,,", opens("01-02", "b")}),
                ElementsAre("not_entitled,not_active,,0,,,", "ok,,E,-1,4,,"));
    EXPECT_THAT(compact(replay(plan, top_up_header).out),
                HasSubstr(R"("remaining":2,"channels":[],"top_ups":[{"amount":3,"left":0,"priority":100,)"
                          R"("from":"2014-01-01T05:00:00Z","expires":null}])"));
}

TEST_F(TopUps, of_a_plan_begin_when_they_say) {
    EXPECT_THAT(
        outcomes(plan_with(R"({"amount": 3, "from": "2014-07-01T09:00:00Z"})"),
                 {"2014-07-01T08:59:59Z,open,a,C,,,,,,,,,,,", "2014-07-01T09:00:00Z,open,b,C,,,,,,,,,,,"}),
        ElementsAre("ok,,E,-1,1,,", "ok,,E,-1,3,,"));
    EXPECT_THAT(
        outcomes(plan_with(R"({"amount": 3, "from": "2013-07-01T09:00:00Z"})"), {opens("01-01", "a")}),
        ElementsAre("ok,,E,-1,4,,"));
}

/// What was agreed has priority 100, ends with the coverage and was made first.
TEST_F(TopUps, are_used_by_priority_then_expiry_then_age) {
    const std::string plan = plan_with(
        R"({"amount": 2, "expires": "2014-08-01T00:00:00Z"}, {"amount": 2, "priority": 50}, {"amount": 2},
           {"amount": 1, "expires": "2015-01-01T00:00:00Z"}, {"amount": 1, "priority": 101}, {"amount": 2})");
    const auto left_after = [&](int cases, std::string_view day) {
        std::vector<std::string> rows;
        rows.reserve(static_cast<std::size_t>(cases));
        for (int i = 0; i < cases; ++i) rows.push_back(opens(day, std::to_string(i)));
        const std::string told = summary(plan, rows);
        std::string left;
        constexpr std::string_view key = R"("left":)";
        for (std::size_t i = 0; (i = told.find(key, i)) != std::string::npos; ++i) {
            left += told[i + key.size()];
        }
        return left;
    };
    EXPECT_EQ(left_after(1, "07-01"), "212112");
    EXPECT_EQ(left_after(2, "07-01"), "202112");
    EXPECT_EQ(left_after(3, "07-01"), "102112");
    EXPECT_EQ(left_after(4, "07-01"), "002112");
    EXPECT_EQ(left_after(6, "07-01"), "002112");
    EXPECT_EQ(left_after(7, "07-01"), "002012");
    EXPECT_EQ(left_after(8, "07-01"), "001012");
    EXPECT_EQ(left_after(9, "07-01"), "000012");
    EXPECT_EQ(left_after(10, "07-01"), "000011");
    EXPECT_EQ(left_after(12, "07-01"), "000000");
    EXPECT_EQ(left_after(1, "08-01"), "12112");  // the first is gone by then
}

TEST_F(TopUps, expire_and_what_is_left_of_them_is_gone) {
    EXPECT_THAT(outcomes(two_cases, {top_up("07-01", "3,,,2014-08-01T00:00:00Z"), opens("07-02", "a"),
                                     "2014-07-31T23:59:59Z,set_default,,,,,,E,,,,,,,",
                                     of_entitlement("08-01", "set_default"), opens("08-01", "b")}),
                ElementsAre("ok,,E,3,5,,", "ok,,E,-1,4,,", "ok,,E,0,4,,", "ok,,E,0,2,,", "ok,,E,-1,1,,"));
}

TEST_F(TopUps, raise_the_channel_that_they_name) {
    const std::string plan = plan_with(R"({"amount": 1, "channel": "PHONE", "from": "2014-07-01T00:00:00Z"})",
                                       R"(, "channels": {"Phone": 1, "Email": 1})");
    EXPECT_THAT(
        outcomes(plan, {opens("06-30", "a", "phone"), opens("07-01", "b", "phone"),
                        top_up("07-01", "2,,,2014-08-01T00:00:00Z", "phone"), opens("07-02", "c", "phone"),
                        opens("08-01", "d", "email"), opens("08-01", "e", "phone")}),
        ElementsAre("ok,,E,-1,1,Phone,0", "ok,,E,-1,1,Phone,0", "ok,,E,2,3,Phone,2", "ok,,E,-1,2,Phone,1",
                    "ok,,E,-1,0,Email,0", "not_entitled,terms_exhausted,,0,,,"));
}

TEST_F(TopUps, pass_boundaries_whole_or_as_far_as_their_rollover) {
    EXPECT_THAT(outcomes(plan_with(R"({"amount": 5, "rollover": 3})", R"(, "period": "month")"),
                         {opens("01-01", "a"), opens("02-01", "b"), opens("03-01", "c")}),
                ElementsAre("ok,,E,-1,6,,", "ok,,E,-1,4,,", "ok,,E,-1,4,,"));
    EXPECT_THAT(
        outcomes(plan_with(R"({"amount": 5})", R"(, "period": "month")"),
                 {opens("01-01", "a"), opens("02-01", "b"), top_up("02-02", "1,,,,0"), opens("03-01", "c")}),
        ElementsAre("ok,,E,-1,6,,", "ok,,E,-1,6,,", "ok,,E,1,7,,", "ok,,E,-1,6,,"));
}

TEST_F(TopUps, get_back_what_they_paid_unless_they_have_ended) {
    EXPECT_THAT(outcomes(two_cases, {top_up("07-01", "2,,,2014-08-01T00:00:00Z"), opens("07-02", "a"),
                                     opens("07-02", "b"), of_case("07-03", "cancel", "a"),
                                     of_case("08-01", "cancel", "b"), opens("08-01", "c")}),
                ElementsAre("ok,,E,2,4,,", "ok,,E,-1,3,,", "ok,,E,-1,2,,", "ok,,E,1,3,,", "ok,,E,0,2,,",
                            "ok,,E,-1,1,,"));
}

TEST_F(TopUps, are_voided_by_their_place_among_the_entitlements) {
    EXPECT_THAT(
        outcomes(plan_with(R"({"amount": 3})"),
                 {top_up("07-01", "0"), top_up("07-01", "4"), void_top_up("07-02", "2"),
                  void_top_up("07-02", "2"), void_top_up("07-02", "3"), void_top_up("07-02", "1"),
                  top_up("07-03", "1"), void_top_up("07-03", "3"), void_top_up("07-03", "1000000000")}),
        ElementsAre("total_out_of_range,,,0,,,", "ok,,E,4,9,,", "ok,,E,-4,5,,", "unknown_top_up,,,0,,,",
                    "unknown_top_up,,,0,,,", "ok,,E,-3,2,,", "ok,,E,1,3,,", "ok,,E,-1,2,,",
                    "unknown_top_up,,,0,,,"));
}

TEST_F(TopUps, voided_before_they_begin_never_do_and_ended_ones_are_not_known) {
    EXPECT_THAT(
        outcomes(two_cases,
                 {top_up("07-01", "3,,2014-08-01T00:00:00Z"), void_top_up("07-02", "1"), opens("08-02", "a"),
                  top_up("08-03", "1,,,2014-08-04T00:00:00Z"), void_top_up("08-04", "2")}),
        ElementsAre("ok,,E,0,2,,", "ok,,E,0,2,,", "ok,,E,-1,1,,", "ok,,E,1,2,,", "unknown_top_up,,,0,,,"));
}

TEST_F(TopUps, voided_say_what_is_left_on_their_channel) {
    EXPECT_THAT(
        outcomes(plan_with("", R"(, "channels": {"phone": 1})"),
                 {top_up("07-01", "3,1", "phone"), opens("07-02", "a", "phone"), void_top_up("07-03", "1")}),
        ElementsAre("ok,,E,3,5,phone,4", "ok,,E,-1,4,phone,3", "ok,,E,-2,2,phone,1"));
}

TEST_F(TopUps, stay_when_their_entitlement_is_a_draft_and_renewals_have_none) {
    EXPECT_THAT(outcomes(plan_with(R"({"amount": 3})"),
                         {of_entitlement("07-01", "deactivate_entitlement"), top_up("07-02", "1"),
                          of_entitlement("07-03", "activate_entitlement"), void_top_up("07-03", "1"),
                          of_entitlement("07-04", "cancel_entitlement"), void_top_up("07-04", "2"),
                          void_top_up("07-04", "3"), top_up("07-04", "1"),
                          of_entitlement("07-05", "renew_entitlement"), void_top_up("07-05", "1", "E/2")}),
                ElementsAre("ok,,E,0,5,,", "ok,,E,1,6,,", "ok,,E,0,6,,", "ok,,E,-3,3,,", "ok,,E,0,3,,",
                            "not_active,,,0,,,", "unknown_top_up,,,0,,,", "not_active,,,0,,,",
                            "ok,,E/2,0,2,,", "unknown_top_up,,,0,,,"));
}

TEST_F(TopUps, of_each_customer) {
    const std::string plan =
        R"({"for_each_customer": {"name": "N", "first_day": "2014-01-01", "last_day": "2014-12-31",
        "allocation": "cases", "total": 1, "decrease_on": "creation", "top_ups": [{"amount": 2}]}})";
    EXPECT_THAT(outcomes(plan, {at("07-01") + ",open,a,C,,,,,,,,,,,", at("07-01") + ",open,b,D,,,,,,,,,,,",
                                void_top_up("07-02", "1", "D")}),
                ElementsAre("ok,,C,-1,2,,", "ok,,D,-1,2,,", "ok,,D,-2,0,,"));
}

/// What was agreed ends before a top-up that never does, and is used first.
TEST_F(TopUps, of_hours_and_of_money) {
    const std::string hours = R"({"entitlements": [{"id": "E", "name": "N", "customer": "C",
        "first_day": "2014-01-01", "last_day": "2014-12-31", "decrease_on": "resolution",
        "allocation": "hours", "total": "9:30:00", "top_ups": [{"amount": 1.5}, {"amount": "0:15:00"}]}]})";
    EXPECT_THAT(
        outcomes(hours, {opens("07-01", "a"), top_up("07-01", "0:30:00,,,,0.25"), top_up("07-01", "0.1"),
                         at("07-02") + ",resolve,a,,,,,,600,,,,,,"}),
        ElementsAre("ok,,E,0,40500,,", "ok,,E,1800,42300,,", "ok,,E,360,42660,,", "ok,,E,-36000,6660,,"));
    const std::string money = R"({"entitlements": [{"id": "E", "name": "N", "customer": "C",
        "first_day": "2014-01-01", "last_day": "2014-12-31", "decrease_on": "resolution",
        "allocation": "money", "currency": "EUR", "total": "5", "top_ups": [{"amount": "1.25"}]}]})";
    EXPECT_THAT(outcomes(money, {opens("07-01", "a"), top_up("07-01", "2.5")}),
                ElementsAre("ok,,E,0,625,,", "ok,,E,250,875,,"));
}

TEST_F(TopUps, that_are_refused) {
    const std::string huge(200, '9');
    EXPECT_THAT(outcomes(plan_with("", R"(, "channels": {"phone": 1})"),
                         {top_up("07-01", "1", "email"),
                          top_up("07-01", "1,,2014-08-01T00:00:00Z,2014-08-01T00:00:00Z"),
                          top_up("07-01", "1,,,2014-07-01T00:00:00Z"),
                          top_up("07-01", "1,,2014-01-01T00:00:00Z,2014-06-01T00:00:00Z"),
                          top_up("07-01", "0"), top_up("07-01", "100000000001"), top_up("07-01", huge),
                          top_up("07-01", "1,,,," + huge), top_up("07-01", "100000000000"),
                          at("07-01") + ",top_up,,,,,,F,,,1,,,,", void_top_up("07-01", "1", "F"),
                          void_top_up("07-01", "1"), "2015-01-01T00:00:00Z,top_up,,,,,,E,,,1,,,,"}),
                ElementsAre("channel_not_listed,,,0,,,", "top_up_span,,,0,,,", "top_up_span,,,0,,,",
                            "top_up_span,,,0,,,", "total_out_of_range,,,0,,,", "total_out_of_range,,,0,,,",
                            "total_out_of_range,,,0,,,", "rollover_out_of_range,,,0,,,",
                            "terms_overflow,,,0,,,", "unknown_entitlement,,,0,,,",
                            "unknown_entitlement,,,0,,,", "unknown_top_up,,,0,,,", "not_active,,,0,,,"));
    EXPECT_THAT(outcomes(plan_of(R"("allocation": "coverage")"), {top_up("07-01", "1")}),
                ElementsAre("total_not_allowed,,,0,,,"));
}

TEST_F(TopUps, of_one_entitlement_are_at_most_a_thousand) {
    std::string most;
    for (int i = 0; i < 1000; ++i) most += (i == 0 ? "" : ", ") + std::string{R"({"amount": 1})"};
    EXPECT_THAT(
        outcomes(plan_with(most), {top_up("01-01", "1"), void_top_up("01-01", "1000"), top_up("01-01", "1")}),
        ElementsAre("too_many_top_ups,,,0,,,", "ok,,E,-1,1001,,", "ok,,E,1,1002,,"));
    const Ran ran = run(plan_with(most + R"(, {"amount": 1})"), {});
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.err,
              "plan.json: entitlements[0].top_ups: too_many_top_ups: an entitlement has at most 1,000 at a "
              "time\n");
}

TEST_F(TopUps, that_have_not_ended_are_listed_in_the_summary) {
    const std::string plan = plan_with(
        R"({"amount": 4, "channel": "PHONE", "priority": 7, "expires": "2014-09-01T00:00:00Z", "rollover": 1},
           {"amount": 1, "expires": "2014-07-02T00:00:00Z"}, {"amount": 1, "from": "2014-12-01T00:00:00Z"})",
        R"(, "channels": {"phone": 1})");
    const std::vector<std::string> rows{opens("07-01", "a", "phone"), opens("07-02", "b")};
    EXPECT_THAT(
        summary(plan, rows),
        HasSubstr(R"("remaining":4,"channels":[{"channel":"phone","total":1,"remaining":4}],"top_ups":[)"
                  R"({"amount":4,"left":2,"priority":7,"from":"2014-01-01T00:00:00Z",)"
                  R"("expires":"2014-09-01T00:00:00Z","channel":"phone","channel_left":3},)"
                  R"({"amount":1,"left":0,"priority":100,"from":"2014-12-01T00:00:00Z","expires":null}]})"));
    EXPECT_THAT(summary(two_cases, rows), Not(HasSubstr("top_ups")));
}

TEST_F(TopUps, that_have_not_ended_are_listed_for_people) {
    const std::string plan = write(
        "plan.json",
        plan_with(
            R"({"amount": 4, "channel": "phone", "priority": 7, "expires": "2014-09-01T00:00:00Z"}, {"amount": 1})",
            R"(, "channels": {"phone": 1})"));
    const std::string events = write("events.csv", std::string{top_up_header} + opens("07-01", "a", "phone") +
                                                       "\n" + opens("07-01", "b", "fax") + "\n");
    EXPECT_THAT(entitle({"replay", plan, events}).out,
                HasSubstr("\n\ntop-ups\n"
                          "E  3 cases of 4 cases left; phone: 3 cases left; priority 7; "
                          "from 2014-01-01T00:00:00Z until 2014-09-01T00:00:00Z\n"
                          "E  1 case of 1 case left; priority 100; from 2014-01-01T00:00:00Z on\n"
                          "\nrefused\n"));
}

TEST_F(TopUps, the_example_of_the_readme) {
    const Ran ran = replay(
        R"({"entitlements": [{"id": "MA-1", "name": "Mobile Accessories", "customer": "C",
            "first_day": "2014-06-25", "last_day": "2015-06-24", "allocation": "cases", "total": 5,
            "decrease_on": "resolution", "channels": {"phone": 2}, "top_ups": [{"amount": 3, "channel":
            "phone", "expires": "2014-09-01T00:00:00Z"}, {"amount": 5, "priority": 200}]}]})",
        std::string{top_up_header} +
            "2014-07-01T09:00:00Z,top_up,,,,,phone,MA-1,,,2,,,2014-08-01T00:00:00Z,\n"
            "2014-07-02T09:00:00Z,void_top_up,,,,,,MA-1,,,2,,,,\n");
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(ran.trace, std::string{trace_header} + "1,ok,,MA-1,2,15,phone,7\n2,ok,,MA-1,-5,10,,\n");
}

TEST_F(TopUps, need_no_column_but_that_of_their_amount) {
    const std::string few{header.substr(0, header.size() - 1)};
    EXPECT_THAT(ProgramTest::outcomes(two_cases, {at("07-01") + ",top_up,,,,,,E,,,3"}, few + ",amount\n"),
                ElementsAre("ok,,E,3,5,,"));
    EXPECT_THAT(ProgramTest::outcomes(two_cases, {at("07-01") + ",top_up,,,,,,E,,,1,3,2014-07-02T00:00:00Z"},
                                      few + ",quantity,amount,expires\n"),
                ElementsAre("ok,,E,3,5,,"));
    const Ran without = replay(two_cases, std::string{header} + at("07-01") + ",top_up,,,,,,E,,\n");
    EXPECT_EQ(without.err, "events.csv:2:amount: bad_row: it is needed here\n");
    const Ran wrong = replay(two_cases, few + ",priority,amount\n");
    EXPECT_EQ(wrong.status, 2);
    EXPECT_EQ(wrong.err,
              "events.csv: wrong_header: column 12 is \"amount\"; wanted: " + few +
                  "[,asset][,case_type][,cost][,purchase][,quantity][,amount][,priority][,from][,expires]"
                  "[,rollover] in UTF-8\n");
}

TEST_F(TopUps, that_cannot_be_read_are_bad_rows) {
    const std::string no_amount = " is neither a decimal number nor as 9:30:00";
    for (const auto& [row, said] : std::vector<std::pair<std::string, std::string>>{
             {at("07-01") + ",top_up,,,,,,,,,1,,,,", "entitlement: bad_row: it is needed here"},
             {top_up("07-01", "1", std::string(32, 'x')),
              "origin: bad_row: \"" + std::string(32, 'x') + "\" is longer than 31 bytes"},
             {top_up("07-01", ""), "amount: bad_row: it is needed here"},
             {top_up("07-01", "-1"), "amount: bad_row: \"-1\"" + no_amount},
             {top_up("07-01", "1e1"), "amount: bad_row: \"1e1\"" + no_amount},
             {top_up("07-01", "1."), "amount: bad_row: \"1.\"" + no_amount},
             {top_up("07-01", "9:30"), "amount: bad_row: \"9:30\"" + no_amount},
             {top_up("07-01", ":30:00"), "amount: bad_row: \":30:00\"" + no_amount},
             {top_up("07-01", "1.5"), "amount: bad_row: 1.5 cases is not a whole number"},
             {top_up("07-01", "1:30:00"), "amount: bad_row: \"1:30:00\" is not a plain decimal number"},
             {top_up("07-01", "1,1.0"),
              "priority: bad_row: \"1.0\" is not a whole number of at most 32 bits"},
             {top_up("07-01", "1,2147483648"),
              "priority: bad_row: \"2147483648\" is not a whole number of at most 32 bits"},
             {top_up("07-01", "1,,2014-07-01"),
              "from: bad_row: \"2014-07-01\" is not as 2014-07-01T09:00:00Z"},
             {top_up("07-01", "1,,,never"), "expires: bad_row: \"never\" is not as 2014-07-01T09:00:00Z"},
             {top_up("07-01", "1,,,,all"), "rollover: bad_row: \"all\"" + no_amount},
             {top_up("07-01", "1,,,,0.5"), "rollover: bad_row: 0.5 cases is not a whole number"},
             {void_top_up("07-01", "1", ""), "entitlement: bad_row: it is needed here"},
             {void_top_up("07-01", ""),
              "amount: bad_row: \"\" is not a whole number from 1 to 1,000,000,000"},
             {void_top_up("07-01", "0"),
              "amount: bad_row: \"0\" is not a whole number from 1 to 1,000,000,000"},
             {void_top_up("07-01", "1.0"),
              "amount: bad_row: \"1.0\" is not a whole number from 1 to 1,000,000,000"},
             {void_top_up("07-01", "1000000001"),
              "amount: bad_row: \"1000000001\" is not a whole number from 1 to 1,000,000,000"}}) {
        const Ran ran = run(two_cases, {row, top_up("07-01", "1,-5")});
        EXPECT_EQ(ran.status, 1) << row;
        EXPECT_EQ(ran.err, "events.csv:2:" + said + "\n");
        EXPECT_EQ(ran.trace, std::string{trace_header} + "1,bad_row,,,0,,,\n2,ok,,E,1,3,,\n") << row;
    }
}

TEST_F(TopUps, faults_of_a_plan_are_named_with_their_place) {
    const std::string both = R"("amount": 1, "from": "2014-07-01T00:00:00Z", "expires": )";
    const std::string place = "entitlements[0].top_ups[0]";
    for (const auto& [top_ups, said] : std::vector<std::pair<std::string, std::string>>{
             {"5", place + ": wrong_type: an object is wanted"},
             {"{}", place + ".amount: missing_key: it is required"},
             {R"({"amount": 1, "colour": 1})",
              place +
                  ".colour: unknown_key: a top-up has amount, channel, priority, from, expires and rollover"},
             {R"({"amount": 1, "amount": 2})", place + ".amount: repeated_key: given twice"},
             {R"({"amount": 2.5})", place + ".amount: total_not_whole: 2.5 cases is not a whole number"},
             {R"({"amount": "2"})", place + ".amount: wrong_type: a whole number is wanted"},
             {R"({"amount": 0})", place + ".amount: total_out_of_range: a top-up is of more than nothing"},
             {R"({"amount": -1})",
              place + ".amount: total_out_of_range: -1 does not lie between 0 and 100,000,000,000"},
             {R"({"amount": 1, "rollover": 0.5})",
              place + ".rollover: total_not_whole: 0.5 cases is not a whole number"},
             {R"({"amount": 1, "rollover": -1})",
              place + ".rollover: total_out_of_range: -1 does not lie between 0 and 100,000,000,000"},
             {R"({"amount": 1, "channel": 5})", place + ".channel: wrong_type: a text is wanted"},
             {R"({"amount": 1, "channel": ""})",
              place + ".channel: channel_name: a channel's name has 1 to 31 bytes"},
             {R"({"amount": 1, "channel": "phone"})",
              place + ": channel_not_listed: phone: not a channel of the entitlement"},
             {R"({"amount": 1, "priority": 1.5})",
              place + ".priority: wrong_type: a whole number of at most 32 bits is wanted"},
             {R"({"amount": 1, "from": 2014})", place + ".from: wrong_type: a text is wanted"},
             {R"({"amount": 1, "from": "2014-07-01"})",
              place + ".from: instant_invalid: \"2014-07-01\" is not as 2014-07-01T09:00:00Z"},
             {R"({"amount": 1, "expires": null})", place + ".expires: wrong_type: a text is wanted"},
             {"{" + both + R"("2014-07-01T00:00:00Z"})",
              place +
                  ".expires: top_up_span: 2014-07-01T00:00:00Z is not after 2014-07-01T00:00:00Z, when it "
                  "begins"},
             {R"({"amount": 1, "expires": "2014-01-01T00:00:00Z"})",
              place + ": top_up_span: a top-up ends after it begins, and after now"},
             {R"({"amount": 1}, {"amount": 1, "rollover": true})",
              "entitlements[0].top_ups[1].rollover: wrong_type: a whole number is wanted"}}) {
        const Ran ran = run(plan_with(top_ups), {opens("07-01", "a")});
        EXPECT_EQ(ran.status, 2) << top_ups;
        EXPECT_EQ(ran.err, "plan.json: " + said + "\n");
        EXPECT_EQ(ran.out, "") << top_ups;
        EXPECT_EQ(ran.trace, "") << top_ups;
    }
}

TEST_F(TopUps, every_fault_of_a_plan_is_told) {
    const Ran ran =
        run(plan_with(R"({"amount": 1, "channel": "fax"}, {"amount": 1}, {"amount": 100000000000})"), {});
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(
        lines_of(ran.err),
        ElementsAre("plan.json: entitlements[0].top_ups[0]: channel_not_listed: fax: not a channel of "
                    "the entitlement",
                    HasSubstr("plan.json: entitlements[0].top_ups[2]: terms_overflow: ")));
}

TEST_F(TopUps, are_a_list_of_an_entitlement_that_has_a_total) {
    for (const auto& [plan, said] : std::vector<std::pair<std::string, std::string>>{
             {plan_of(R"("allocation": "cases", "total": 5, "top_ups": {"amount": 1})"),
              "entitlements[0].top_ups: wrong_type: a list is wanted"},
             {plan_of(R"("allocation": "coverage", "top_ups": [])"),
              "entitlements[0].top_ups: total_not_allowed: coverage has no total that could be raised"},
             {R"({"templates": [{"id": "T", "name": "T", "lasts": {"days": 9}, "allocation": "cases",
                "total": 2, "decrease_on": "creation", "top_ups": [{"amount": 1}]}]})",
              "templates[0].top_ups: unknown_key: not a key of a template"},
             {R"({"for_each_customer": {"name": "N", "first_day": "2014-01-01", "last_day": "2014-12-31",
                "allocation": "cases", "total": 1, "decrease_on": "creation", "top_ups": [{}]}})",
              "for_each_customer.top_ups[0].amount: missing_key: it is required"}}) {
        const Ran ran = run(plan, {});
        EXPECT_EQ(ran.status, 2) << plan;
        EXPECT_EQ(ran.err, "plan.json: " + said + "\n");
    }
}

TEST_F(TopUps, in_a_file_or_memory_are_the_same_to_the_byte) {
    const std::string plan =
        plan_with(R"({"amount": 2, "channel": "phone", "rollover": 1}, {"amount": 1, "priority": 1})",
                  R"(, "channels": {"phone": 1}, "period": "month")");
    const std::vector<std::string> rows{opens("01-01", "a", "phone"),
                                        opens("01-02", "b", "phone"),
                                        top_up("01-03", "3,,,2014-02-10T00:00:00Z"),
                                        of_case("02-01", "cancel", "a"),
                                        opens("02-02", "c"),
                                        void_top_up("02-03", "2"),
                                        void_top_up("02-10", "3"),
                                        opens("02-11", "d")};
    const Ran memory = run(plan, rows);
    const Ran file = run(plan, rows, {"--store", path_of("desk.db")});
    EXPECT_EQ(memory.status, 0) << memory.err;
    EXPECT_EQ(file.status, 0) << file.err;
    EXPECT_EQ(memory.trace, file.trace);
    EXPECT_EQ(memory.out, file.out);
    EXPECT_THAT(memory.out, HasSubstr(R"("audit": "ok")"));
}

}  // namespace program_test
