#include <string>
#include <string_view>
#include <vector>

#include "run_program.hpp"

/// Holds in the program's files: of a plan, and by events.
namespace program_test {

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

constexpr std::string_view hold_header =
    "at,event,case,customer,contact,product,origin,entitlement,minutes,decrement,expires\n";

/// Two hours that resolutions use, restricted.
std::string two_hours(std::string_view more_keys = "") {
    return R"({"entitlements": [{"id": "E", "name": "E", "customer": "C", "first_day": "2014-01-01",)"
           R"( "last_day": "2014-12-31", "allocation": "hours", "total": 2, "decrease_on": "resolution",)"
           R"( "restrict": true)" +
           std::string{more_keys} + "}]}";
}

std::string with_holds(std::string_view holds) {
    return two_hours(R"(, "holds": [)" + std::string{holds} + "]");
}

}  // namespace

class Holds : public ProgramTest {
public:
    [[nodiscard]] std::vector<std::string> outcomes(std::string_view plan,
                                                    const std::vector<std::string>& rows) const {
        return ProgramTest::outcomes(plan, rows, hold_header);
    }
    [[nodiscard]] std::string faults(std::string_view plan) const {
        const Ran ran = replay(plan, hold_header);
        EXPECT_EQ(ran.status, 2);
        return ran.err;
    }
};

TEST_F(Holds, of_an_event_end_when_they_say) {
    EXPECT_THAT(
        outcomes(two_hours(),
                 {"2014-07-01T09:00:00Z,open,a,C,,,,,,,", "2014-07-01T09:00:00Z,open,b,C,,,,,,,",
                  "2014-07-01T09:00:00Z,hold,a,,,,,,90,,2014-07-02T00:00:00Z",
                  "2014-07-01T23:59:59Z,resolve,b,,,,,,60,,", "2014-07-02T00:00:00Z,resolve,b,,,,,,60,,"}),
        ElementsAre("ok,,E,0,7200,,", "ok,,E,0,7200,,", "ok,,E,0,7200,,", "terms_exhausted,,,0,,,",
                    "ok,,E,-3600,3600,,"));
}

TEST_F(Holds, of_an_event_must_end_later) {
    EXPECT_THAT(outcomes(two_hours(), {"2014-07-01T09:00:00Z,open,a,C,,,,,,,",
                                       "2014-07-01T09:00:00Z,hold,a,,,,,,90,,2014-07-01T09:00:00Z"}),
                ElementsAre("ok,,E,0,7200,,", "hold_expired,,,0,,,"));
    const Ran ran = replay(two_hours(), std::string{hold_header} +
                                            "2014-07-01T09:00:00Z,open,a,C,,,,,,,\n"
                                            "2014-07-01T09:00:00Z,hold,a,,,,,,90,,tomorrow\n");
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("expires: bad_row: \"tomorrow\" is not as 2014-07-01T09:00:00Z"));
}

TEST_F(Holds, of_a_plan_are_of_cases_that_are_open_already) {
    EXPECT_THAT(
        outcomes(with_holds(R"({"case": "old", "amount": "1:30:00"})"),
                 {"2014-07-01T09:00:00Z,open,b,C,,,,,,,", "2014-07-01T09:00:00Z,resolve,b,,,,,,60,,",
                  "2014-07-01T10:00:00Z,resolve,old,,,,,,60,,", "2014-07-01T11:00:00Z,resolve,b,,,,,,60,,"}),
        ElementsAre("ok,,E,0,7200,,", "terms_exhausted,,,0,,,", "ok,,E,-3600,3600,,", "ok,,E,-3600,0,,"));
}

TEST_F(Holds, of_a_plan_end_when_they_say) {
    EXPECT_THAT(outcomes(with_holds(R"({"case": "old", "amount": 2, "expires": "2014-07-01T00:00:00Z"})"),
                         {"2014-06-30T09:00:00Z,open,b,C,,,,,,,", "2014-07-01T09:00:00Z,open,b,C,,,,,,,"}),
                ElementsAre("not_entitled,terms_exhausted,,0,,,", "ok,,E,0,7200,,"));
}

TEST_F(Holds, of_a_plan_that_the_engine_refuses_are_faults_where_they_stand) {
    EXPECT_THAT(faults(with_holds(R"({"case": "old", "amount": 3})")),
                HasSubstr("entitlements[0].holds[0]: terms_exhausted: "));
    EXPECT_THAT(faults(with_holds(R"({"case": "x", "amount": 1}, {"case": "x", "amount": 1})")),
                HasSubstr("entitlements[0].holds[1]: case_exists: "));
    EXPECT_THAT(
        faults(plan_of(R"("allocation": "cases", "total": 2, "holds": [{"case": "x", "amount": 1}])")),
        HasSubstr("entitlements[0].holds[0]: nothing_to_hold: "));
}

TEST_F(Holds, of_a_plan_are_read_strictly) {
    const auto fault = [this](std::string_view holds) { return faults(with_holds(holds)); };
    EXPECT_THAT(fault("7"), HasSubstr("holds[0]: wrong_type: an object is wanted"));
    EXPECT_THAT(fault(R"({"amount": 1})"), HasSubstr("holds[0].case: missing_key: "));
    EXPECT_THAT(fault(R"({"case": "x"})"), HasSubstr("holds[0].amount: missing_key: "));
    EXPECT_THAT(fault(R"({"case": "", "amount": 1})"), HasSubstr("holds[0].case: key_length: "));
    EXPECT_THAT(fault(R"({"case": 7, "amount": 1})"), HasSubstr("holds[0].case: wrong_type: "));
    EXPECT_THAT(fault(R"({"case": "x", "amount": 0})"), HasSubstr("holds[0].amount: amount_out_of_range: "));
    EXPECT_THAT(fault(R"({"case": "x", "amount": "x"})"), HasSubstr("holds[0].amount: wrong_type: "));
    EXPECT_THAT(fault(R"({"case": "x", "amount": 1, "origin": ""})"),
                HasSubstr("holds[0].origin: channel_name: "));
    EXPECT_THAT(fault(R"({"case": "x", "amount": 1, "expires": "soon"})"),
                HasSubstr("holds[0].expires: instant_invalid: "));
    EXPECT_THAT(fault(R"({"case": "x", "amount": 1, "until": "soon"})"),
                HasSubstr("holds[0].until: unknown_key: "));
    EXPECT_THAT(fault(R"({"case": "x", "case": "y", "amount": 1})"),
                HasSubstr("holds[0].case: repeated_key: "));
    EXPECT_THAT(faults(two_hours(R"(, "holds": {})")), HasSubstr("holds: wrong_type: a list"));
}

}  // namespace program_test
