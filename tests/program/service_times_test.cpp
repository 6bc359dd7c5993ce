#include <algorithm>
#include <ostream>
#include <string>

#include <nlohmann/json.hpp>

#include "run_program.hpp"

/// Incidents timed by the service levels of a plan: `replay --sla`.
namespace program_test {

using testing::AllOf;
using testing::HasSubstr;
using Json = nlohmann::json;

namespace {

const std::string incident_columns =
    "number,incident_state,opened_at,sys_updated_at,caller_id,contact_type,location,category,priority,made_"
    "sla\n";

const std::string support =
    R"("for_each_customer": {"name": "N", "first_day": "2016-01-01", "last_day": "2016-12-31",
    "allocation": "cases", "total": 100, "decrease_on": "resolution"})";

const std::string office = R"("calendars": [{"id": "office", "week": {"monday": ["09:00-17:00"],
    "tuesday": ["09:00-17:00"], "wednesday": ["09:00-17:00"], "thursday": ["09:00-17:00"],
    "friday": ["09:00-17:00"]}}])";

const std::string gold = R"({"id": "gold", "default": true, "kpis": [
    {"name": "respond", "goal": "first_response", "fail_after": 1, "calendar": "office"},
    {"name": "resolve", "goal": "resolution", "warn_after": 6, "fail_after": "8:00:00", "calendar": "office",
     "pausing": ["Awaiting User Info"]},
    {"name": "urgent", "goal": "resolution", "fail_after": 2, "priorities": [1]}]})";

const std::string plan = "{" + support + ", " + office + R"(, "service_levels": [)" + gold + "]}";

/// March 1, 2016 is a Tuesday.
const std::string three_incidents =
    "I1,New,01-03-2016 10:00,01-03-2016 10:05,Ann,Phone,North,Print,3 - Moderate,TRUE\n"
    "I1,Active,01-03-2016 10:00,01-03-2016 10:30,Ann,Phone,North,Print,3 - Moderate,TRUE\n"
    "I1,Awaiting User Info,01-03-2016 10:00,01-03-2016 12:00,Ann,Phone,North,Print,3 - Moderate,TRUE\n"
    "I1,Active,01-03-2016 10:00,02-03-2016 10:00,Ann,Phone,North,Print,3 - Moderate,TRUE\n"
    "I1,Resolved,01-03-2016 10:00,02-03-2016 15:00,Ann,Phone,North,Print,3 - Moderate,TRUE\n"
    "I1,Active,01-03-2016 10:00,03-03-2016 09:00,Ann,Phone,North,Print,3 - Moderate,TRUE\n"
    "I1,Closed,01-03-2016 10:00,03-03-2016 09:30,Ann,Phone,North,Print,3 - Moderate,TRUE\n"
    "I2,Active,01-03-2016 09:00,01-03-2016 11:00,Ben,Phone,South,Print,1 - Critical,TRUE\n"
    "I2,Resolved,01-03-2016 09:00,01-03-2016 12:00,Ben,Phone,South,Print,1 - Critical,TRUE\n"
    "I3,New,01-03-2016 09:00,01-03-2016 09:00,Ben,Phone,South,Print,2 - High,FALSE\n"
    "I3,New,01-03-2016 09:00,01-03-2016 09:30,Ben,Phone,South,Print,1 - Critical,FALSE\n"
    "I3,Resolved,01-03-2016 09:00,01-03-2016 11:00,Ben,Phone,South,Print,1 - Critical,FALSE\n";

Json kpi(const char* name, int priority, int succeeded, int noncompliant, int median, int most,
         int paused = 0) {
    return {
        {"service_level", "gold"},      {"kpi", name},      {"priority", priority}, {"succeeded", succeeded},
        {"noncompliant", noncompliant}, {"in_progress", 0}, {"canceled", 0},        {"median", median},
        {"percentile_90", most},        {"paused", paused}};
}

}  // namespace

class ServiceTimes : public ProgramTest {
public:
    [[nodiscard]] Ran timed(const std::string& of, const std::string& rows) const {
        return replay(of, incident_columns + rows, {"--format", "servicenow", "--sla"});
    }
};

TEST_F(ServiceTimes, are_those_computed_by_hand) {
    const Ran run = timed(plan, three_incidents);
    ASSERT_EQ(run.status, 0) << run.err;
    const Json told = Json::parse(run.out).at("service_levels");
    EXPECT_EQ(told.at("kpis"),
              (Json::array({kpi("respond", 1, 0, 2, 7200, 7200), kpi("respond", 3, 1, 0, 1800, 1800),
                            kpi("resolve", 1, 2, 0, 7200, 10800), kpi("resolve", 3, 2, 0, 1800, 25200, 21600),
                            kpi("urgent", 1, 1, 1, 5400, 10800)})));
    EXPECT_EQ(told.at("untimed"), 0);
    EXPECT_EQ(told.at("made_sla"),
              (Json{{"both_kept", 1}, {"both_missed", 0}, {"kept_here_alone", 1}, {"kept_there_alone", 1}}));
}

TEST_F(ServiceTimes, are_a_table_for_people) {
    const std::string log = write("log.csv", incident_columns + three_incidents);
    const Ran run = entitle({"replay", write("p.json", plan), log, "--format", "servicenow", "--sla"});
    ASSERT_EQ(run.status, 0) << run.err;
    EXPECT_THAT(run.out,
                AllOf(HasSubstr("gold           urgent          1        1       1   50.0 %"),
                      HasSubstr("7:00:00"), HasSubstr("6:00:00"),
                      HasSubstr("made_sla agrees on 1 of 3 incidents (33.3 %); kept here alone: 1; kept "
                                "there alone: 1; its calendar is not known")));
}

TEST_F(ServiceTimes, of_what_is_open_are_as_of_the_last_event) {
    const Ran run = timed(plan,
                          "I1,New,01-03-2016 10:00,01-03-2016 10:05,Ann,Phone,North,Print,3 - Moderate,?\n"
                          "I2,Closed,01-03-2016 10:30,01-03-2016 11:00,Ben,Phone,South,Print,?,?\n");
    const Json told = Json::parse(run.out).at("service_levels");
    const Json& kpis = told.at("kpis");
    ASSERT_EQ(kpis.size(), 4U) << kpis;
    EXPECT_EQ(kpis[1].at("noncompliant"), 1) << "an hour has passed without a response";
    EXPECT_EQ(kpis[1].at("median"), nullptr);
    EXPECT_EQ(kpis[3].at("in_progress"), 1);
    EXPECT_EQ(told.at("made_sla").at("both_kept"), 0) << "the log does not say";
}

TEST_F(ServiceTimes, are_by_the_entitlements_service_level_before_the_default) {
    const std::string silver =
        R"({"id": "silver", "kpis": [{"name": "any", "goal": "resolution", "fail_after": 1}]})";
    std::string named = support;
    named.insert(named.size() - 1, R"(, "sla": "silver")");
    const Ran run =
        timed("{" + named + ", " + office + R"(, "service_levels": [)" + gold + ", " + silver + "]}",
              "I1,Closed,01-03-2016 10:30,01-03-2016 11:00,Ben,Phone,South,Print,?,?\n"
              "I2,Closed,01-03-2016 10:30,01-03-2016 11:00,?,Phone,?,Print,?,?\n");
    const Json kpis = Json::parse(run.out).at("service_levels").at("kpis");
    ASSERT_EQ(kpis.size(), 3U) << kpis;
    EXPECT_EQ(kpis[2].at("service_level"), "silver");
}

TEST_F(ServiceTimes, without_any_service_level_are_not_taken) {
    std::string none = gold;
    none.replace(none.find("true"), 4, "false");
    const Ran run = timed("{" + support + ", " + office + R"(, "service_levels": [)" + none + "]}",
                          "I1,Closed,01-03-2016 10:30,01-03-2016 11:00,Ben,Phone,South,Print,?,?\n");
    const Json told = Json::parse(run.out).at("service_levels");
    EXPECT_EQ(told.at("untimed"), 1);
    EXPECT_EQ(told.at("kpis"), Json::array());
}

TEST_F(ServiceTimes, need_states_service_levels_and_columns) {
    EXPECT_THAT(replay(plan, header, {"--sla"}).err, HasSubstr("only incidents have states to be timed"));
    EXPECT_THAT(timed("{" + support + "}", "").err, HasSubstr("there are no service levels"));
    const Ran run = replay(
        plan, "number,incident_state,opened_at,sys_updated_at,caller_id,contact_type,location,category\n",
        {"--format", "servicenow", "--sla"});
    EXPECT_THAT(run.err, HasSubstr("wrong_header: there is no column priority"));
    EXPECT_EQ(run.status, 2);
}

// ---- every fault of a service level and a calendar ----

namespace {

struct SlaFault {
    std::string_view name;
    std::string calendar;  ///< its members but the id
    std::string kpi;       ///< the members of the only KPI
    std::string line;      ///< what follows `plan.json: `

    friend std::ostream& operator<<(std::ostream& out, const SlaFault& fault) { return out << fault.line; }
};

const std::string week = R"("week": {"monday": ["09:00-17:00"]})";
const std::string promise = R"("name": "k", "goal": "own", "fail_after": 1)";

const std::vector<SlaFault> sla_faults{
    {"hours_form", R"("week": {"monday": ["9-17"]})", promise,
     "calendars[0].week.monday[0]: hours_invalid: \"9-17\" is not as 09:00-17:30"},
    {"hours_order", R"("week": {"monday": ["09:00-08:00"]})", promise,
     "calendars[0]: hours_invalid: monday 1: hours run from one time of the day to a later one, within 0:00 "
     "and 24:00"},
    {"hours_overlap", R"("week": {"monday": ["09:00-12:00", "11:00-13:00"]})", promise,
     "calendars[0]: hours_overlap: monday 2: the hours overlap others of the same day"},
    {"hours_type", R"("week": {"monday": "09:00-12:00"})", promise,
     "calendars[0].week.monday: wrong_type: a list is wanted"},
    {"no_such_weekday", R"("week": {"mondays": []})", promise,
     "calendars[0].week.mondays: unknown_key: a week has monday to sunday"},
    {"no_week", R"("time_zone": "UTC")", promise, "calendars[0].week: missing_key: it is required"},
    {"time_zone", week + R"(, "time_zone": "Moon/Base")", promise,
     "calendars[0]: unknown_time_zone: the time zone is not in this system's database"},
    {"holiday", week + R"(, "holidays": ["2016-02-30"])", promise,
     "calendars[0].holidays[0]: day_invalid: \"2016-02-30\" is not as 2014-07-01"},
    {"shift", week + R"(, "shifts": [{"day": "2016-02-03"}])", promise,
     "calendars[0].shifts[0].hours: missing_key: it is required"},
    {"shift_twice",
     week + R"(, "shifts": [{"day": "2016-02-03", "hours": []}, {"day": "2016-02-03", "hours": []}])",
     promise, "calendars[0]: shift_twice: shift 2: the day has a shift already"},
    {"calendar_key", week + R"(, "hours": 1)", promise,
     "calendars[0].hours: unknown_key: a calendar has id, time_zone, week, daily_breaks, holidays, shifts "
     "and breaks"},
    {"no_goal", week, R"("name": "k", "fail_after": 1)",
     "service_levels[0].kpis[0].goal: missing_key: it is required"},
    {"goal", week, R"("name": "k", "goal": "soon", "fail_after": 1)",
     "service_levels[0].kpis[0].goal: unknown_goal: a goal is first_response, resolution or own"},
    {"time", week, R"("name": "k", "goal": "own", "fail_after": "soon")",
     "service_levels[0].kpis[0].fail_after: wrong_type: a number of hours, or \"H:MM:SS\", is wanted"},
    {"negative_time", week, R"("name": "k", "goal": "own", "fail_after": -1)",
     "service_levels[0].kpis[0].fail_after: total_out_of_range: -1 does not lie between 0 and "
     "100,000,000,000"},
    {"late_warning", week, promise + R"(, "warn_after": 2)",
     "service_levels[0].kpis[0]: warned_too_late: KPI 1: it is warned of after it is missed"},
    {"calendar", week, promise + R"(, "calendar": "home")",
     "service_levels[0].kpis[0]: unknown_calendar: KPI 1: there is no such calendar"},
    {"priority", week, promise + R"(, "priorities": [0])",
     "service_levels[0].kpis[0].priorities[0]: wrong_type: a case's priority is a whole number from 1 to "
     "255"},
    {"stage", week, promise + R"(, "pausing": [""])",
     "service_levels[0].kpis[0].pausing[0]: stage_name: a stage's name has 1 to 31 bytes"},
    {"kpi_key", week, promise + R"(, "colour": 1)",
     "service_levels[0].kpis[0].colour: unknown_key: a KPI has name, goal, warn_after, fail_after, calendar, "
     "priorities, channels, products, contacts, assets, case_types and pausing"},
};

class SlaFaults : public ProgramTest, public testing::WithParamInterface<SlaFault> {};

TEST_P(SlaFaults, nothing_runs_and_the_path_is_named) {
    const SlaFault& is = GetParam();
    const Ran run = replay(R"({"calendars": [{"id": "office", )" + is.calendar +
                               R"(}], "service_levels": [{"id": "gold", "kpis": [{)" + is.kpi + "}]}]}",
                           header);
    EXPECT_EQ(lines_of(run.err).front(), "plan.json: " + is.line);
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.out, "");
}

INSTANTIATE_TEST_SUITE_P(Each, SlaFaults, testing::ValuesIn(sla_faults),
                         [](const auto& one) { return std::string{one.param.name}; });

}  // namespace

TEST_F(ServiceTimes, of_two_service_levels_of_one_id_or_two_defaults_are_faults) {
    const Ran run = timed("{" + office + R"(, "service_levels": [)" + gold + ", " + gold + "]}", "");
    EXPECT_THAT(
        lines_of(run.err),
        testing::ElementsAre("plan.json: service_levels[1].id: duplicate_id: \"gold\" is given twice",
                             "plan.json: service_levels[1].default: two_defaults: another service level is "
                             "the default"));
}

/// A slip of the pen would promise nothing, and nobody would be told.
TEST_F(ServiceTimes, of_a_service_level_that_the_plan_has_not_are_a_fault_of_whoever_names_it) {
    const std::string terms = R"("name": "N", "allocation": "cases", "total": 5, "decrease_on": "creation")";
    const std::string days = R"(, "first_day": "2016-01-01", "last_day": "2016-12-31")";
    const std::string agreements = R"({"entitlements": [
        {"id": "A", "customer": "C", "sla": "gold", )" +
                                   terms + days + R"(},
        {"id": "B", "customer": "C", "sla": "silvr", )" +
                                   terms + days + R"(}],
        "for_each_customer": {"sla": "bronze", )" +
                                   terms + days + R"(},
        "templates": [{"id": "T", "lasts": {"months": 1}, "sla": "glod", )" +
                                   terms + "}]";
    const Ran run = replay(agreements + R"(, "service_levels": [{"id": "gold", "kpis": [
        {"name": "k", "goal": "own", "fail_after": 1}]}]})",
                           header);
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(
        lines_of(run.err),
        testing::UnorderedElementsAre(
            "plan.json: entitlements[1].sla: unknown_service_level: \"silvr\" is no service level of the "
            "plan",
            "plan.json: for_each_customer.sla: unknown_service_level: \"bronze\" is no service level of the "
            "plan",
            "plan.json: templates[0].sla: unknown_service_level: \"glod\" is no service level of the plan"));
    EXPECT_EQ(replay(agreements + "}", header).status, 0) << "the plan has none: somebody else has";
}

}  // namespace program_test
