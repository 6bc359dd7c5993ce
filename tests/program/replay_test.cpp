#include "run_program.hpp"

/// What the program adds to the library as its host: keys, units, the order of things.
namespace program_test {

using testing::HasSubstr;

class Replay : public ProgramTest {
public:
    [[nodiscard]] std::vector<std::string> outcomes(std::string_view plan,
                                                    const std::vector<std::string>& rows,
                                                    std::string_view columns = header) const {
        return ProgramTest::outcomes(plan, rows, columns);
    }
};

using testing::ElementsAre;

TEST_F(Replay, events_are_applied_in_the_order_of_the_file_each_at_its_own_instant) {
    EXPECT_THAT(
        outcomes(plan_of(), {"2014-07-02T00:00:00Z,open,a,C,,,,,,", "2014-07-01T00:00:00Z,cancel,a,,,,,,,",
                             "2015-01-01T00:00:00Z,open,b,C,,,,,,", "2014-12-31T23:59:59Z,open,b,C,,,,,,"}),
        ElementsAre("ok,,E,-1,4,,", "ok,,E,1,5,,", "not_entitled,not_active,,0,,,", "ok,,E,-1,4,,"));
}

TEST_F(Replay, terms_that_come_anew_each_month) {
    const std::string plan = plan_of(
        R"("allocation": "cases", "total": 2, "restrict": true, "channels": {"phone": 1}, "period": "month",)"
        R"( "rollover": 1)");
    EXPECT_THAT(
        outcomes(plan, {"2014-01-05T00:00:00Z,open,a,C,,,phone,,,", "2014-01-06T00:00:00Z,open,b,C,,,,,,",
                        "2014-01-07T00:00:00Z,open,c,C,,,,,,", "2014-02-01T00:00:00Z,open,c,C,,,phone,,,",
                        "2014-03-01T00:00:00Z,open,c,C,,,phone,,,", "2014-03-02T00:00:00Z,cancel,a,,,,,,,"}),
        ElementsAre("ok,,E,-1,1,phone,0", "ok,,E,-1,0,,", "not_entitled,terms_exhausted,,0,,,",
                    "ok,,E,-1,1,phone,0", "ok,,E,0,3,phone,1", "ok,,E,0,3,phone,2"))
        << "an event that changes nothing shows what is left at its instant";
}

TEST_F(Replay, terms_that_come_anew_every_so_many_steps_from_an_anchor) {
    const std::string plan = plan_of(R"("allocation": "cases", "total": 2, "preserve_overage": true,)"
                                     R"( "period": {"every": 2, "step": "weeks", "anchor": "2013-12-30"})");
    EXPECT_THAT(
        outcomes(plan, {"2014-01-05T00:00:00Z,open,a,C,,,,,,", "2014-01-06T00:00:00Z,open,b,C,,,,,,",
                        "2014-01-07T00:00:00Z,open,c,C,,,,,,", "2014-01-13T00:00:00Z,open,d,C,,,,,,"}),
        ElementsAre("ok,,E,-1,1,,", "ok,,E,-1,0,,", "ok,,E,-1,-1,,", "ok,,E,-1,0,,"));
}

TEST_F(Replay, summary_shows_what_is_left_as_of_the_latest_event) {
    const std::string plan = plan_of(R"("allocation": "cases", "total": 2, "period": "month")");
    const std::string events = std::string{header} + "2014-01-05T00:00:00Z,open,a,C,,,,,,\n" +
                               "2014-02-05T00:00:00Z,resolve,nobody,,,,,,,\n";
    EXPECT_THAT(replay(plan, events).out, HasSubstr("\"remaining\": 2"));
}

TEST_F(Replay, a_case_key_is_one_case_whoever_its_customer) {
    const std::string plan = R"({"entitlements": [
        {"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01", "last_day": "2014-12-31",
         "allocation": "cases", "total": 5, "decrease_on": "creation"},
        {"id": "F", "name": "N", "customer": "D", "first_day": "2014-01-01", "last_day": "2014-12-31",
         "allocation": "cases", "total": 5, "decrease_on": "creation"}]})";
    EXPECT_THAT(
        outcomes(plan, {"2014-07-01T00:00:00Z,open,a,C,,,,,,", "2014-07-01T00:00:00Z,open,a,D,,,,,,",
                        "2014-07-01T00:00:00Z,open,a,,,,,,,", "2014-07-01T00:00:00Z,open,a,C,,,,,,",
                        "2014-07-01T00:00:00Z,open,a,C,,,web,,,",
                        "2014-07-01T00:00:00Z,open,a,D,,,,nowhere,,", "2014-07-01T00:00:00Z,delete,a,,,,,,,",
                        "2014-07-01T00:00:00Z,open,a,D,,,,,,", "2014-07-01T00:00:00Z,resolve,a,,,,,,,"}),
        ElementsAre("ok,,E,-1,4,,", "case_exists,,,0,,,", "case_exists,,,0,,,", "ok,,E,0,4,,",
                    "case_exists,,,0,,,", "unknown_entitlement,,,0,,,", "ok,,E,1,5,,", "ok,,F,-1,4,,",
                    "ok,,F,0,4,,"));
}

TEST_F(Replay, an_opening_that_was_refused_leaves_no_case) {
    EXPECT_THAT(outcomes(plan_of(R"("allocation": "cases", "total": 0, "restrict": true)"),
                         {"2014-07-01T00:00:00Z,open,a,C,,,,,,", "2014-07-01T00:00:00Z,resolve,a,,,,,,,",
                          "2014-07-01T00:00:00Z,change_entitlement,a,,,,,nowhere,,",
                          "2014-07-01T00:00:00Z,open,a,C,,,,,,no"}),
                ElementsAre("not_entitled,terms_exhausted,,0,,,", "unknown_case,,,0,,,",
                            "unknown_case,,,0,,,", "ok,,E,0,0,,"));
}

TEST_F(Replay, without_a_customer) {
    EXPECT_THAT(
        outcomes(plan_of(), {"2014-07-01T00:00:00Z,open,a,,,,,,,", "2014-07-01T00:00:00Z,open,a,,,,,E,,",
                             "2014-07-01T00:00:00Z,open,a,D,,,,E,,"}),
        ElementsAre("not_entitled,no_entitlement,,0,,,", "not_customers,,,0,,,", "not_customers,,,0,,,"));
}

TEST_F(Replay, hours_are_read_exactly_and_counted_in_seconds) {
    for (const auto& [total, seconds] :
         std::vector<std::pair<std::string, std::string>>{{"9.5", "34200"},
                                                          {"0.1", "360"},
                                                          {"\"9:30:00\"", "34200"},
                                                          {"\"0:00:01\"", "1"},
                                                          {"1.0", "3600"}}) {
        const std::string plan =
            R"({"entitlements": [{"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01",
            "last_day": "2014-12-31", "decrease_on": "resolution", "allocation": "hours", "total": )" +
            total + "}]}";
        EXPECT_THAT(outcomes(plan, {"2014-07-01T00:00:00Z,open,a,C,,,,,,"}),
                    ElementsAre("ok,,E,0," + seconds + ",,"));
    }
    const std::string hour =
        R"({"entitlements": [{"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "decrease_on": "resolution", "restrict": true, "allocation": "hours", "total": 1}]})";
    std::vector<std::string> thirds;
    for (const std::string key : {"a", "b", "c"}) {
        thirds.push_back("2014-07-01T00:00:00Z,open," + key + ",C,,,,,,");
        thirds.push_back("2014-07-01T00:20:00Z,resolve," + key + ",,,,,,20,");
    }
    EXPECT_EQ(outcomes(hour, thirds).back(), "ok,,E,-1200,0,,");
}

TEST_F(Replay, money_is_read_in_the_currency_of_the_case) {
    const std::string plan =
        R"({"entitlements": [{"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "decrease_on": "resolution", "allocation": "money", "currency": "KWD",
        "total": "1.005", "channels": {"Web": "0.5"}}]})";
    EXPECT_THAT(
        outcomes(
            plan,
            {"2014-07-01T00:00:00Z,open,a,C,,,WEB,,,,,,", "2014-07-01T00:00:00Z,resolve,a,,,,,,,,,,0.125",
             "2014-07-01T00:00:00Z,open,b,C,,,,,,,,,", "2014-07-01T00:00:00Z,resolve,b,,,,,,,,,,",
             "2014-07-01T00:00:00Z,open,c,C,,,,,,,,,", "2014-07-01T00:00:00Z,resolve,c,,,,,,,,,,2.000"},
            long_header),
        ElementsAre("ok,,E,0,1005,Web,500", "ok,,E,-125,880,Web,375", "ok,,E,0,880,,", "ok,,E,0,880,,",
                    "ok,,E,0,880,,", "ok,,E,-2000,-1120,,"));
}

TEST_F(Replay, a_cost_that_no_balance_holds_is_refused_and_posts_nothing) {
    const std::string plan =
        R"({"entitlements": [{"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "decrease_on": "resolution", "allocation": "money", "currency": "EUR", "total": "1"}]})";
    const auto told = outcomes(plan,
                               {"2014-07-01T00:00:00Z,open,a,C,,,,,,,,,",
                                "2014-07-01T00:00:00Z,resolve,a,,,,,,,,,," + std::string(200, '9'),
                                "2014-07-01T00:00:00Z,resolve,a,,,,,,,,,,0.01"},
                               long_header);
    ASSERT_EQ(told.size(), 3);
    EXPECT_THAT(told[1], testing::MatchesRegex("[a-z_]+,,,0,,,"));
    EXPECT_EQ(told[2], "ok,,E,-1,99,,");
}

TEST_F(Replay, coverage_counts_below_zero) {
    EXPECT_THAT(
        outcomes(plan_of(R"("allocation": "coverage", "channels": {"web": 1})"),
                 {"2014-07-01T00:00:00Z,open,a,C,,,web,,,", "2014-07-01T00:00:00Z,open,b,C,,,web,,,"}),
        ElementsAre("ok,,E,-1,-1,web,0", "ok,,E,-1,-2,web,-1"));
}

TEST_F(Replay, the_channel_told_is_that_of_the_origin_whatever_was_moved) {
    const std::string plan =
        R"({"entitlements": [{"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "decrease_on": "resolution", "allocation": "cases", "total": 5,
        "channels": {"Phone": 2, "Email": 2}}]})";
    EXPECT_THAT(
        outcomes(plan, {"2014-07-01T00:00:00Z,open,a,C,,,phone,,,", "2014-07-01T00:00:00Z,resolve,a,,,,,,,",
                        "2014-07-01T00:00:00Z,reactivate,a,,,,email,,,",
                        "2014-07-01T00:00:00Z,resolve,a,,,,,,,", "2014-07-01T00:00:00Z,delete,a,,,,,,,"}),
        ElementsAre("ok,,E,0,5,Phone,2", "ok,,E,-1,4,Phone,1", "ok,,E,1,5,Email,2", "ok,,E,-1,4,Email,1",
                    "ok,,E,0,4,Email,1"));
}

TEST_F(Replay, moving_between_channels_and_entitlements) {
    const std::string plan = R"({"entitlements": [
        {"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01", "last_day": "2014-12-31",
         "allocation": "cases", "total": 5, "decrease_on": "creation", "channels": {"phone": 2, "email": 2}},
        {"id": "F", "name": "N", "customer": "C", "first_day": "2014-01-01", "last_day": "2014-12-31",
         "allocation": "cases", "total": 5, "decrease_on": "creation"}]})";
    EXPECT_THAT(
        outcomes(plan, {"2014-07-01T00:00:00Z,open,a,C,,,phone,,,",
                        "2014-07-01T00:00:00Z,change_origin,a,,,,email,,,",
                        "2014-07-01T00:00:00Z,change_origin,a,,,,,,,",
                        "2014-07-01T00:00:00Z,change_entitlement,a,,,,,F,,",
                        "2014-07-01T00:00:00Z,change_entitlement,a,,,,,F,,"}),
        ElementsAre("ok,,E,-1,4,phone,1", "ok,,E,0,4,email,1", "ok,,E,0,4,,", "ok,,F,-1,4,,", "ok,,F,0,4,,"));
}

TEST_F(Replay, renewals_take_the_first_free_number) {
    const std::string plan = R"({"entitlements": [
        {"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01", "last_day": "2014-12-31",
         "allocation": "cases", "total": 5, "decrease_on": "creation"},
        {"id": "E/3", "name": "N", "customer": "D", "first_day": "2014-01-01", "last_day": "2014-12-31",
         "allocation": "cases", "total": 7, "decrease_on": "creation"}]})";
    const std::string at = "2014-07-01T00:00:00Z,";
    EXPECT_THAT(
        outcomes(plan, {at + "renew_entitlement,,,,,,E,,", at + "cancel_entitlement,,,,,,E,,",
                        at + "renew_entitlement,,,,,,E,,", at + "renew_entitlement,,,,,,E,,",
                        at + "activate_entitlement,,,,,,E/2,,", at + "set_default,,,,,,E/2,,",
                        at + "cancel_entitlement,,,,,,E/2,,", at + "renew_entitlement,,,,,,E/2,,",
                        at + "deactivate_entitlement,,,,,,E/3,,", at + "deactivate_entitlement,,,,,,E/5,,"}),
        ElementsAre("cannot_renew,,,0,,,", "ok,,E,0,5,,", "ok,,E/2,0,5,,", "ok,,E/4,0,5,,", "ok,,E/2,0,5,,",
                    "ok,,E/2,0,5,,", "ok,,E/2,0,5,,", "ok,,E/2/2,0,5,,", "ok,,E/3,0,7,,",
                    "unknown_entitlement,,,0,,,"));
}

TEST_F(Replay, for_each_customer_in_the_order_of_their_first_readable_opening) {
    const std::string plan = R"({"policy": {"base": "crm2014", "exhausted_channel": "count_negative"},
        "for_each_customer": {"name": "N", "first_day": "2014-01-01", "last_day": "2014-12-31", "allocation": "cases",
        "total": 1, "decrease_on": "creation", "restrict": true}, "entitlements": []})";
    const Ran run = replay(
        plan, std::string{header} + "2014-07-01T00:00:00Z,open,a,Z,,,,,,wrong\n" +
                  "2014-07-01T00:00:00Z,cancel,a,Y,,,,,,\n2014-07-01T00:00:00Z,open,a,Q,,,,nowhere,,\n" +
                  "2014-07-01T00:00:00Z,open,a,B,,,,,,\n2014-07-01T00:00:00Z,open,b,Q,,,,,,\n");
    EXPECT_EQ(run.status, 1);
    EXPECT_EQ(run.trace, std::string{trace_header} + "1,bad_row,,,0,,,\n2,unknown_case,,,0,,,\n" +
                             "3,unknown_entitlement,,,0,,,\n4,ok,,B,-1,0,,\n5,ok,,Q,-1,0,,\n");
    EXPECT_LT(run.out.find(R"("id": "Q")"), run.out.find(R"("id": "B")"));
    EXPECT_EQ(run.out.find(R"("id": "Z")"), std::string::npos);
}

TEST_F(Replay, statuses_are_as_of_the_latest_instant) {
    const std::string plan = R"({"entitlements": [
        {"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01", "last_day": "2014-06-30",
         "allocation": "coverage", "decrease_on": "creation", "time_zone": "America/New_York"},
        {"id": "F", "name": "N", "customer": "C", "first_day": "2015-01-01", "last_day": "2015-06-30",
         "allocation": "coverage", "decrease_on": "creation"}]})";
    const Ran before =
        replay(plan, std::string{header} +
                         "2014-07-01T03:59:59Z,open,a,C,,,,,,\n2014-01-01T12:00:00Z,open,b,C,,,,,,\n");
    EXPECT_THAT(before.out, HasSubstr(R"("at": "2014-07-01T03:59:59Z")"));
    EXPECT_THAT(before.out, HasSubstr(R"("status": "active")"));
    EXPECT_THAT(before.out, HasSubstr(R"("status": "waiting")"));
    const Ran after = replay(plan, std::string{header} + "2014-07-01T04:00:00Z,open,a,C,,,,,,\n");
    EXPECT_THAT(after.out, HasSubstr(R"("status": "expired")"));
}

TEST_F(Replay, every_choice_of_a_policy_is_read) {
    const std::string plan =
        R"({"policy": {"base": "desk", "renewable": "canceled_and_expired", "renewal_span": "days",
        "unlisted_at_opening": "admit_total_only", "unlisted_at_resolution": "admit_total_only",
        "exhausted_at_opening": "admit", "exhausted_channel": "count_negative", "origin_change": "ignore",
        "reactivation_returns": "current_listing", "overage": "negative", "hold_on_creation": false,
        "reopen_within_days": 30},)" +
        plan_of(R"("allocation": "cases", "total": 5)").substr(1);
    EXPECT_THAT(
        outcomes(plan, {"2014-01-01T00:00:00Z,open,a,C,,,,,,", "2014-01-01T00:00:00Z,resolve,a,,,,,,,",
                        "2014-02-01T00:00:00Z,reactivate,a,,,,,,,",
                        "2015-01-01T00:00:00Z,renew_entitlement,,,,,,E,,"}),
        ElementsAre("ok,,E,-1,4,,", "ok,,E,0,4,,", "reopen_too_late,,,0,,,", "ok,,E/2,0,5,,"));
    const std::string no_limit = R"({"policy": {"reopen_within_days": null},)" + plan_of().substr(1);
    EXPECT_THAT(outcomes(no_limit, {"2014-01-01T00:00:00Z,open,a,C,,,,,,"}), ElementsAre("ok,,E,-1,4,,"));
}

TEST_F(Replay, the_same_files_give_the_same_bytes) {
    const std::string plan = read_file(data + "plan.json");
    const std::string events = read_file(data + "events.csv");
    const Ran first = replay(plan, events);
    const Ran second = replay(plan, events);
    EXPECT_EQ(first.status, 0);
    EXPECT_EQ(first.err, "");
    EXPECT_EQ(first.out, second.out);
    EXPECT_EQ(first.trace, second.trace);
    EXPECT_THAT(first.out, HasSubstr(R"("audit": "ok")"));
    EXPECT_EQ(lines_of(first.trace).size(), lines_of(events).size());
}

TEST_F(Replay, the_shipped_log_has_every_event) {
    const std::string events = read_file(std::string{ENTITLE_SOURCE_DIR} + "/examples/data/events.csv");
    for (const std::string event :
         {"open", "resolve", "cancel", "reactivate", "change_origin", "change_entitlement", "delete",
          "cancel_entitlement", "deactivate_entitlement", "activate_entitlement", "renew_entitlement",
          "set_default"}) {
        EXPECT_THAT(events, HasSubstr("Z," + event + ",")) << event;
    }
}

}  // namespace program_test
