#include <algorithm>
#include <array>

#include "run_program.hpp"

/// R12 by files: the worked example under three policies, number by number.
namespace program_test {

using WorkedExample = ProgramTest;

namespace {

std::string plan_under(std::string_view policy) {
    return R"({"policy": ")" + std::string{policy} + R"(", "entitlements": [
        { "id": "MA-1", "name": "Mobile Accessories", "customer": "Blue Yonder Airlines",
          "first_day": "2014-06-25", "last_day": "2015-06-24", "time_zone": "UTC",
          "allocation": "cases", "total": 5, "decrease_on": "resolution", "restrict": true,
          "channels": { "email": 2, "facebook": 1, "phone": 2, "web": 1 } }]})";
}

std::string events() {
    std::string text{header};
    const auto open = [&text](const std::string& key, const std::string& origin) {
        text += "2014-07-01T09:00:00Z,open," + key + ",Blue Yonder Airlines,,," + origin + ",MA-1,,\n";
    };
    const auto resolve = [&text](const std::string& key) {
        text += "2014-07-02T09:00:00Z,resolve," + key + ",,,,,,,\n";
    };
    open("p0", "phone");
    resolve("p0");
    text += "2014-07-03T09:00:00Z,reactivate,p0,,,,,,,\n";
    open("p1", "phone");
    open("p2", "Phone");
    open("f1", "facebook");
    open("f2", "facebook");
    open("t1", "twitter");
    open("e1", "email");
    open("e2", "EMAIL");
    open("w1", "web");
    for (const char* key : {"p1", "f1", "f2", "t1", "e1", "e2", "p2", "w1"}) resolve(key);
    return text;
}

/// What the policy `crm2014` makes of it; the others differ in a few lines.
using Trace = std::array<std::string, 19>;
const Trace under_crm2014{"1,ok,,MA-1,0,5,phone,2",        //
                          "2,ok,,MA-1,-1,4,phone,1",       //
                          "3,ok,,MA-1,1,5,phone,2",        //
                          "4,ok,,MA-1,0,5,phone,2",        //
                          "5,ok,,MA-1,0,5,phone,2",        //
                          "6,ok,,MA-1,0,5,facebook,1",     //
                          "7,ok,,MA-1,0,5,facebook,1",     //
                          "8,ok,,MA-1,0,5,,",              //
                          "9,ok,,MA-1,0,5,email,2",        //
                          "10,ok,,MA-1,0,5,email,2",       //
                          "11,ok,,MA-1,0,5,web,1",         //
                          "12,ok,,MA-1,-1,4,phone,1",      //
                          "13,ok,,MA-1,-1,3,facebook,0",   //
                          "14,channel_exhausted,,,0,,,",   //
                          "15,channel_not_listed,,,0,,,",  //
                          "16,ok,,MA-1,-1,2,email,1",      //
                          "17,ok,,MA-1,-1,1,email,0",      //
                          "18,ok,,MA-1,-1,0,phone,0",      //
                          "19,terms_exhausted,,,0,,,"};

std::string as_file(const Trace& lines) {
    std::string text{trace_header};
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

}  // namespace

TEST_F(WorkedExample, R12_crm2014) {
    const Ran run = replay(plan_under("crm2014"), events());
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.err, "");
    EXPECT_EQ(run.trace, as_file(under_crm2014));
    EXPECT_EQ(run.out, R"({
  "events": 19,
  "ok": 16,
  "refused": {
    "channel_exhausted": 1,
    "channel_not_listed": 1,
    "terms_exhausted": 1
  },
  "at": "2014-07-03T09:00:00Z",
  "entitlements": [
    {
      "id": "MA-1",
      "status": "active",
      "total": 5,
      "remaining": 0,
      "channels": [
        {
          "channel": "email",
          "total": 2,
          "remaining": 0
        },
        {
          "channel": "facebook",
          "total": 1,
          "remaining": 0
        },
        {
          "channel": "phone",
          "total": 2,
          "remaining": 0
        },
        {
          "channel": "web",
          "total": 1,
          "remaining": 1
        }
      ]
    }
  ],
  "audit": "ok"
}
)");
}

TEST_F(WorkedExample, R12_standard_refuses_the_unlisted_channel_at_opening) {
    Trace expected = under_crm2014;
    expected[7] = "8,channel_not_listed,,,0,,,";
    expected[14] = "15,unknown_case,,,0,,,";
    EXPECT_EQ(replay(plan_under("standard"), events()).trace, as_file(expected));
}

TEST_F(WorkedExample, R12_dynamics365_lets_the_unlisted_channel_use_the_total) {
    Trace expected = under_crm2014;
    expected[14] = "15,ok,,MA-1,-1,2,,";
    expected[15] = "16,ok,,MA-1,-1,1,email,1";
    expected[16] = "17,ok,,MA-1,-1,0,email,0";
    expected[17] = "18,terms_exhausted,,,0,,,";
    EXPECT_EQ(replay(plan_under("dynamics365"), events()).trace, as_file(expected));
}

TEST_F(WorkedExample, the_table_for_people_says_the_same) {
    const Ran run =
        entitle({"replay", write("plan.json", plan_under("crm2014")), write("events.csv", events())});
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.out,
              "19 events: 16 ok, 3 refused; as of 2014-07-03T09:00:00Z; audit: ok\n"
              "\n"
              "entitlement  status    total  remaining  channel     total  remaining\n"
              "MA-1         active  5 cases    0 cases  email     2 cases    0 cases\n"
              "                                         facebook   1 case    0 cases\n"
              "                                         phone     2 cases    0 cases\n"
              "                                         web        1 case     1 case\n"
              "\n"
              "refused\n"
              "        1  channel_exhausted\n"
              "        1  channel_not_listed\n"
              "        1  terms_exhausted\n");
}

/// Every opening holds what its resolution will use, so p2, f2 and w1 are refused at once, and whatever opened resolves.
TEST_F(WorkedExample, R12_desk) {
    const Ran run = replay(plan_under("desk"), events());
    EXPECT_EQ(run.err, "");
    EXPECT_EQ(run.trace, as_file({"1,ok,,MA-1,0,5,phone,2",       //
                                  "2,ok,,MA-1,-1,4,phone,1",      //
                                  "3,ok,,MA-1,1,5,phone,2",       // p0 is open again, and holds
                                  "4,ok,,MA-1,0,5,phone,2",       //
                                  "5,channel_exhausted,,,0,,,",   //
                                  "6,ok,,MA-1,0,5,facebook,1",    //
                                  "7,channel_exhausted,,,0,,,",   //
                                  "8,channel_not_listed,,,0,,,",  //
                                  "9,ok,,MA-1,0,5,email,2",       //
                                  "10,ok,,MA-1,0,5,email,2",      //
                                  "11,terms_exhausted,,,0,,,",    //
                                  "12,ok,,MA-1,-1,4,phone,1",     //
                                  "13,ok,,MA-1,-1,3,facebook,0",  //
                                  "14,unknown_case,,,0,,,",       //
                                  "15,unknown_case,,,0,,,",       //
                                  "16,ok,,MA-1,-1,2,email,1",     //
                                  "17,ok,,MA-1,-1,1,email,0",     //
                                  "18,unknown_case,,,0,,,",       //
                                  "19,unknown_case,,,0,,,"}));
    EXPECT_THAT(run.out, testing::HasSubstr(R"("audit": "ok")"));
}

/// Split overage: three hours of two that are left, and the rest to bill.
TEST_F(WorkedExample, hours_that_are_split) {
    const Ran run = replay(
        R"({"policy": {"overage": "split"}, "entitlements": [
            {"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01", "last_day": "2014-12-31",
             "allocation": "hours", "total": 2, "decrease_on": "resolution", "restrict": true}]})",
        std::string{header} +
            "2014-07-01T09:00:00Z,open,c1,C,,,,,,\n2014-07-01T10:00:00Z,resolve,c1,,,,,,180,\n");
    EXPECT_EQ(run.trace, std::string{trace_header} + "1,ok,,E,0,7200,,\n2,ok,,E,-7200,0,,\n");
}

/// Holds that the host sets: others find what is left without them.
TEST_F(WorkedExample, hours_that_are_held) {
    const auto row = [](int hour, const std::string& rest) {
        return "2014-07-01T" + std::to_string(hour) + ":00:00Z," + rest + "\n";
    };
    const Ran run = replay(
        R"({"entitlements": [
            {"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01", "last_day": "2014-12-31",
             "allocation": "hours", "total": 2, "decrease_on": "resolution", "restrict": true}]})",
        std::string{header} + row(10, "open,c1,C,,,,,,") + row(11, "hold,c1,,,,,,90,") +
            row(12, "open,c2,C,,,,,,") + row(13, "resolve,c2,,,,,,31,") + row(14, "hold,c2,,,,,,30,") +
            row(15, "hold,c2,,,,,,0,") + row(16, "release,c1,,,,,,,") + row(17, "resolve,c2,,,,,,31,") +
            row(18, "release,c9,,,,,,,"));
    EXPECT_EQ(run.trace, std::string{trace_header} +
                             "1,ok,,E,0,7200,,\n"
                             "2,ok,,E,0,7200,,\n"
                             "3,ok,,E,0,7200,,\n"
                             "4,terms_exhausted,,,0,,,\n"
                             "5,ok,,E,0,7200,,\n"
                             "6,amount_out_of_range,,,0,,,\n"
                             "7,ok,,E,0,7200,,\n"
                             "8,ok,,E,-1860,5340,,\n"
                             "9,unknown_case,,,0,,,\n");
}

}  // namespace program_test
