#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "run_program.hpp"

/// How the files may be written, where they may come from, and where results may go.
namespace program_test {

using testing::HasSubstr;
using testing::StartsWith;

using Files = ProgramTest;

namespace {

const std::string one_case = std::string{header} + "2014-07-01T09:00:00Z,open,c,C,,,,,,\n";
const std::string one_case_trace = std::string{trace_header} + "1,ok,,E,-1,4,,\n";

/// With CRLF, after a byte-order mark.
std::string as_elsewhere(std::string_view text) {
    std::string out = "\xEF\xBB\xBF";
    for (const char c : text) {
        if (c == '\n') out.push_back('\r');
        out.push_back(c);
    }
    return out;
}

}  // namespace

TEST_F(Files, byte_order_marks_and_crlf_change_nothing) {
    const Ran plain = replay(plan_of(), one_case);
    const Ran other = replay(as_elsewhere(plan_of()), as_elsewhere(one_case));
    EXPECT_EQ(other.status, 0);
    EXPECT_EQ(other.err, "");
    EXPECT_EQ(other.out, plain.out);
    EXPECT_EQ(other.trace, plain.trace);
    EXPECT_EQ(other.out.find('\r'), std::string::npos);
}

TEST_F(Files, blank_lines_are_passed_over_and_the_last_line_needs_no_end) {
    const Ran run =
        replay(plan_of(), "\n\r\n" + std::string{header} + "\n\r\n2014-07-01T09:00:00Z,open,c,C,,,,,,\n\n" +
                              "2014-07-01T09:00:00Z,open,d,C,,,,,,");
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.trace, one_case_trace + "2,ok,,E,-1,3,,\n");
}

TEST_F(Files, quoted_fields_keep_commas_quotes_and_line_breaks) {
    const std::string plan =
        R"({"entitlements": [{"id": "E, \"1\"\n", "name": "N", "customer": "C,\n\"D\"", "first_day": "2014-01-01",
            "last_day": "2014-12-31", "allocation": "coverage", "decrease_on": "creation"}]})";
    const Ran run = replay(
        plan, std::string{header} +
                  "\"2014-07-01T09:00:00Z\",\"open\",c,\"C,\n\"\"D\"\"\",,,,\"E, \"\"1\"\"\n\",,\"\"\n");
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.trace, std::string{trace_header} + "1,ok,,\"E, \"\"1\"\"\n\",-1,-1,,\n");
}

TEST_F(Files, keys_are_not_trimmed_and_compare_exactly) {
    const Ran run =
        replay(plan_of(), std::string{header} + "2014-07-01T09:00:00Z,open,c, C,,,,,,\n" +
                              "2014-07-01T09:00:00Z,open,c,c,,,,,,\n2014-07-01T09:00:00Z,open,c,C,,,,e,,\n");
    EXPECT_EQ(run.trace, std::string{trace_header} + "1,not_entitled,no_entitlement,,0,,,\n" +
                             "2,not_entitled,no_entitlement,,0,,,\n3,unknown_entitlement,,,0,,,\n");
}

TEST_F(Files, keys_have_200_code_points_and_any_of_unicode) {
    std::string key;
    for (int i = 0; i < 200; ++i) key += "日";
    const Ran run =
        replay(plan_of(), std::string{header} + "2014-07-01T09:00:00Z,open," + key + ",C,,,,,,\n");
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.trace, one_case_trace);
}

TEST_F(Files, events_may_come_from_standard_input) {
    const std::string plan = write("plan.json", plan_of());
    const Ran run = entitle({"replay", plan, "-", "--json", "--trace", path_of("trace.csv")}, one_case);
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.trace, one_case_trace);
}

TEST_F(Files, standard_input_is_read_twice_where_each_customer_gets_an_entitlement) {
    const std::string plan =
        write("plan.json", R"({"for_each_customer": {"name": "N", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "allocation": "cases", "total": 1, "decrease_on": "creation"}})");
    std::string events{header};
    for (int i = 0; i < 5000; ++i) {
        events += "2014-07-01T09:00:00Z,open,c" + std::to_string(i) + ",C" + std::to_string(i) + ",,,,,,\n";
    }
    const Ran run = entitle({"replay", plan, "-", "--json"}, events);
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_THAT(run.out, HasSubstr(R"("ok": 5000)"));
    EXPECT_EQ(run.out, entitle({"replay", plan, write("events.csv", events), "--json"}).out);
}

TEST_F(Files, a_wrong_header_stops_the_run) {
    const std::vector<std::string> wrong{
        "",
        "\n\n",
        "x\n",
        "at,event,case,customer,contact,product,origin,entitlement,minutes\n",
        "at,event,case,customer,contact,product,origin,entitlement,minutes,Decrement\n",
        " at,event,case,customer,contact,product,origin,entitlement,minutes,decrement\n",
        "event,at,case,customer,contact,product,origin,entitlement,minutes,decrement\n",
        "at,event,case,customer,contact,product,origin,entitlement,minutes,decrement,\n",
        "at,event,case,customer,contact,product,origin,entitlement,minutes,decrement,cost,asset\n",
        "at,event,case,customer,contact,product,origin,entitlement,minutes,decrement,cost,cost\n",
        "at,event,case,customer,contact,product,origin,entitlement,minutes,\"decrement\n"};
    for (const std::string& text : wrong) {
        const Ran run = replay(plan_of(), text);
        EXPECT_EQ(run.status, 2) << text;
        EXPECT_THAT(run.err, StartsWith("events.csv: wrong_header: ")) << text;
        EXPECT_EQ(lines_of(run.err).size(), 1) << text;
        EXPECT_EQ(run.out, "") << text;
        EXPECT_EQ(run.trace, "") << text;
    }
}

TEST_F(Files, each_optional_column_may_be_there_in_its_order) {
    const std::string base{header.substr(0, header.size() - 1)};
    for (const std::string more : {"", ",asset", ",case_type", ",cost", ",asset,case_type", ",asset,cost",
                                   ",case_type,cost", ",asset,case_type,cost"}) {
        const auto commas = static_cast<std::size_t>(std::count(more.begin(), more.end(), ','));
        const Ran run = replay(plan_of(), base + more + "\n2014-07-01T09:00:00Z,open,c,C,,,,,," +
                                              std::string(commas, ',') + "\n");
        EXPECT_EQ(run.trace, one_case_trace) << more;
    }
}

TEST_F(Files, no_events_are_a_summary_too) {
    const Ran run = replay(plan_of(), header);
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.out,
                StartsWith("{\n  \"events\": 0,\n  \"ok\": 0,\n  \"refused\": {},\n  \"at\": null,\n"));
    EXPECT_THAT(run.out, HasSubstr(R"("status": "active")"));
    EXPECT_EQ(run.trace, trace_header);
}

TEST_F(Files, a_trace_that_cannot_be_written_is_an_error) {
    const std::string plan = write("plan.json", plan_of());
    const std::string events = write("events.csv", one_case);
    for (const std::string path : {"/nowhere/trace.csv", "/", "/dev/full"}) {
        const Ran run = entitle({"replay", plan, events, "--json", "--trace", path});
        EXPECT_EQ(run.status, 2) << path;
        EXPECT_THAT(run.err, StartsWith(path + ": the trace cannot be written: ")) << path;
        EXPECT_EQ(run.out, "") << path;
    }
}

TEST_F(Files, a_trace_is_not_written_over_what_is_read) {
    const std::string plan = write("plan.json", plan_of());
    const std::string events = write("events.csv", one_case);
    std::filesystem::create_symlink(events, path_of("link"));
    for (const std::string& path : {plan, events, path_of("link")}) {
        const Ran run = entitle({"replay", plan, events, "--trace", path});
        EXPECT_EQ(run.status, 2);
        EXPECT_THAT(run.err, HasSubstr("would be written over what is read"));
    }
    EXPECT_EQ(read_file(events), one_case);
    EXPECT_EQ(read_file(plan), plan_of());
}

TEST_F(Files, a_summary_that_cannot_be_written_is_an_error) {
    const std::string command = std::string{ENTITLE_PROGRAM} + " replay " + write("plan.json", plan_of()) +
                                " " + write("events.csv", one_case) + " >/dev/full 2>" + path_of("stderr");
    EXPECT_EQ(std::system(command.c_str()) >> 8, 2);
    EXPECT_EQ(read_file(path_of("stderr")), "standard output: cannot be written\n");
}

TEST_F(Files, nothing_but_bad_rows_is_told_on_standard_error) {
    EXPECT_EQ(replay(plan_of(), one_case).err, "");
}

}  // namespace program_test
