#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <regex>

#include "run_program.hpp"

/// Incident audit exports of ServiceNow.
namespace program_test {

using testing::HasSubstr;

namespace {

const std::string columns =
    "number,incident_state,opened_at,sys_updated_at,caller_id,contact_type,location,category\n";

const std::string desk_plan =
    R"({"for_each_customer": {"name": "N", "first_day": "2016-01-01", "last_day": "2016-12-31",
    "allocation": "hours", "total": 100, "decrease_on": "resolution", "restrict": true}})";

/// The numbers of a summary up to its `at`: of events, of those that are ok, and of each refusal.
std::vector<std::size_t> leading_counts(const std::string& summary) {
    const std::string head = summary.substr(0, summary.find("\"at\""));
    const std::regex count{": ([0-9]+)"};
    std::vector<std::size_t> counts;
    for (std::sregex_iterator at{head.begin(), head.end(), count}, end; at != end; ++at) {
        counts.push_back(std::stoul((*at)[1]));
    }
    return counts;
}

}  // namespace

class ServiceNow : public ProgramTest {
public:
    [[nodiscard]] Ran replay_rows(const std::string& rows) const {
        return replay(desk_plan, columns + rows, {"--format", "servicenow"});
    }
};

TEST_F(ServiceNow, incidents_become_events_merged_by_instant) {
    const Ran run = replay_rows(
        "I1,New,01-03-2016 10:00,01-03-2016 10:05,Ann,Phone,North,Print\n"
        "I1,Resolved,01-03-2016 10:00,01-03-2016 11:30,Ann,Phone,South,Print\n"
        "I1,Closed,01-03-2016 10:00,05-03-2016 11:30,Ann,Phone,North,Print\n"
        "I1,Active,01-03-2016 10:00,06-03-2016 09:00,Ann,Phone,North,Print\n"
        "I1,Awaiting User Info,01-03-2016 10:00,06-03-2016 09:30,Ann,Phone,North,Print\n"
        "I1,Closed,01-03-2016 10:00,06-03-2016 10:00,Ann,Phone,North,Print\n"
        "I2,Closed,1/3/2016 9:00,1/3/2016 10:00,?,?,South,?\n");
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.trace, std::string{trace_header} +
                             "1,ok,,South,0,360000,,\n"      // 09:00 I2 opens
                             "2,ok,,North,0,360000,,\n"      // 10:00 I1 opens: it was made first
                             "3,ok,,South,-3600,356400,,\n"  // 10:00 I2 is closed
                             "4,ok,,North,-5400,354600,,\n"  // 11:30 I1 is resolved
                             "5,ok,,North,5400,360000,,\n"   // reopened
                             "6,ok,,North,-3600,356400,,\n");
    EXPECT_THAT(run.out, HasSubstr(R"("at": "2016-03-06T10:00:00Z")"));
}

TEST_F(ServiceNow, time_never_counts_below_zero) {
    const Ran run = replay_rows("I1,Closed,01-03-2016 10:00,01-03-2016 09:00,Ann,Phone,North,Print\n");
    EXPECT_EQ(run.trace, std::string{trace_header} + "1,unknown_case,,,0,,,\n2,ok,,North,0,360000,,\n");
}

TEST_F(ServiceNow, question_marks_are_absent_facts) {
    const Ran run = replay_rows("I1,New,01-03-2016 10:00,01-03-2016 10:00,?,?,?,?\n");
    EXPECT_EQ(run.trace, std::string{trace_header} + "1,not_entitled,no_entitlement,,0,,,\n");
}

TEST_F(ServiceNow, bad_rows_are_told_and_counted_after_the_events) {
    const Ran run = replay_rows(
        "I1,New,2016-03-01 10:00,01-03-2016 10:00,Ann,Phone,North,Print\n"
        "I1,New,30-02-2016 10:00,01-03-2016 10:00,Ann,Phone,North,Print\n"
        "I1,New,01-03-2016 10:00,01-03/2016 10:00,Ann,Phone,North,Print\n"
        "I1,New,01-03-2016 24:00,01-03-2016 10:00,Ann,Phone,North,Print\n"
        ",New,01-03-2016 10:00,01-03-2016 10:00,Ann,Phone,North,Print\n"
        "I1,New,01-03-2016 10:00,01-03-2016 10:00,Ann,Phone,North\n"
        "I1,New,01-03-2016 10:00,01-03-2016 10:00,Ann,12345678901234567890123456789012,North,Print\n"
        "I1,New,01-03-2016 10:00,01-03-2016 10:00,Ann,Phone,North,\xFC\n"
        "I1,New,01-03-2016 10:00,01-03-2016 10:00,Ann,Phone,North,Print\n");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(lines_of(run.err),
                testing::ElementsAre(
                    "events.csv:2:opened_at: bad_row: \"2016-03-01 10:00\" is not as 29-02-2016 01:16",
                    "events.csv:3:opened_at: bad_row: \"30-02-2016 10:00\" is not as 29-02-2016 01:16",
                    "events.csv:4:sys_updated_at: bad_row: \"01-03/2016 10:00\" is not as 29-02-2016 01:16",
                    "events.csv:5:opened_at: bad_row: \"01-03-2016 24:00\" is not as 29-02-2016 01:16",
                    "events.csv:6:number: bad_row: it is needed here",
                    "events.csv:7:row: bad_row: 7 columns, where the header has 8",
                    "events.csv:8:contact_type: bad_row: \"12345678901234567890123456789012\" is longer than "
                    "31 bytes",
                    "events.csv:9:row: bad_row: column 8 is not UTF-8: \"\\xfc\""));
    EXPECT_EQ(lines_of(run.trace)[1], "1,ok,,North,0,360000,,");
    EXPECT_EQ(lines_of(run.trace).size(), 10);
    EXPECT_EQ(lines_of(run.trace).back(), "9,bad_row,,,0,,,");
    EXPECT_THAT(run.out, HasSubstr("\"events\": 9,\n  \"ok\": 1,"));
}

TEST_F(ServiceNow, a_column_that_is_not_there_stops_the_run) {
    const Ran run = replay(desk_plan, "number,incident_state\n", {"--format", "servicenow"});
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.err, "events.csv: wrong_header: there is no column opened_at\n");
}

TEST_F(ServiceNow, the_shipped_sample) {
    const std::string shipped = std::string{ENTITLE_SOURCE_DIR} + "/examples/data/servicenow/";
    const Ran run = replay(read_file(shipped + "plan.json"), read_file(shipped + "incidents.csv"),
                           {"--format", "servicenow"});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.trace, std::string{trace_header} +
                             "1,ok,,Office North,0,10800,,\n"
                             "2,ok,,Office South,0,10800,,\n"
                             "3,ok,,Office North,-5400,5400,,\n"
                             "4,ok,,Office South,-5400,5400,,\n"
                             "5,ok,,Office North,5400,10800,,\n"
                             "6,ok,,Office North,-4500,6300,,\n"
                             "7,ok,,Office North,0,6300,,\n"
                             "8,terms_exhausted,,,0,,,\n"
                             "9,not_entitled,no_entitlement,,0,,,\n");
}

/// A real log of some thousand rows, where it is at hand.
TEST_F(ServiceNow, a_real_log) {
    const char* const named = std::getenv("ENTITLE_INCIDENT_LOG");
    const std::string path =
        named != nullptr ? named : std::string{ENTITLE_SOURCE_DIR} + "/../shared/data/incident_event_log.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no log here; ENTITLE_INCIDENT_LOG names one";
    const std::string log = read_file(path);
    for (const std::string policy : {"standard", "dynamics365", "crm2014"}) {
        const std::string under = R"({"policy": ")" + policy + "\"," + desk_plan.substr(1);
        const Ran run = replay(under, log, {"--format", "servicenow"});
        EXPECT_EQ(run.status, 0) << run.err;
        EXPECT_THAT(run.out, HasSubstr(R"("audit": "ok")"));
        const std::vector<std::size_t> counts = leading_counts(run.out);
        ASSERT_GE(counts.size(), 2);
        const std::size_t counted = std::accumulate(counts.begin() + 1, counts.end(), std::size_t{0});
        EXPECT_EQ(counts.front(), counted);
        EXPECT_EQ(lines_of(run.trace).size(), counted + 1);
        EXPECT_GT(counted, 1000);
        const Ran again = replay(under, log, {"--format", "servicenow"});
        EXPECT_EQ(run.out, again.out);
        EXPECT_EQ(run.trace, again.trace);
    }
}

}  // namespace program_test
