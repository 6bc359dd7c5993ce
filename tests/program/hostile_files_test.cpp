#include "run_program.hpp"

/// Files that nobody means well with: an answer, never a crash, and never more memory than `max_memory`.
namespace program_test {

using testing::HasSubstr;
using testing::StartsWith;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

const std::string good_row = "2014-07-01T09:00:00Z,open,c,C,,,,,,\n";

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

std::string a_hundred_megabytes(char filler) {
    std::string out;
    out.resize(100'000'000, filler);
    return out;
}

std::string as_utf16(std::string_view text) {
    std::string out = "\xFF\xFE";
    for (const char c : text) {
        out.push_back(c);
        out.push_back('\0');
    }
    return out;
}

}  // namespace

class HostileFiles : public ProgramTest {
public:
    /// A fault of the plan, and nothing else.
    void expect_fault(const std::string& plan, std::string_view told) const {
        const Ran run = replay(plan, std::string{header} + good_row);
        EXPECT_EQ(run.status, 2);
        EXPECT_THAT(run.err, StartsWith("plan.json: "));
        EXPECT_THAT(run.err, HasSubstr(std::string{told}));
        EXPECT_LT(run.err.size(), 1000);
        EXPECT_EQ(run.out, "");
    }
};

TEST_F(HostileFiles, plans_cut_off_anywhere) {
    const std::string plan = read_file(std::string{ENTITLE_SOURCE_DIR} + "/examples/data/plan.json");
    ASSERT_GT(plan.size(), 1000);
    for (std::size_t size = 0; size < plan.size() - 2; size += 97)
        expect_fault(plan.substr(0, size), "bad_json");
}

TEST_F(HostileFiles, plans_that_are_not_text) {
    expect_fault(std::string(1000, '\0'), "bad_json");
    expect_fault(as_utf16(plan_of()), "bad_json");
    expect_fault(plan_of("\"allocation\": \"cases\", \"total\": 5, \"products\": [\"B\xFCro\"]"), "bad_json");
    expect_fault(plan_of("\"allocation\": \"cases\", \"total\": 5, \"products\": [\"a\nb\"]"), "bad_json");
    expect_fault(plan_of() + " more", "bad_json");
    expect_fault(
        "\x7F"
        "ELF\x02\x01\x01",
        "bad_json");
}

TEST_F(HostileFiles, plans_nested_deep) {
    expect_fault(repeated("[", 1'000'000), "wrong_type");
    expect_fault(R"({"entitlements": )" + repeated("[", 1'000'000), "too_deep");
    expect_fault(R"({"policy": )" + repeated(R"({"a":)", 1'000'000), "too_deep");
    expect_fault(R"({"unknown": )" + repeated("[", 1'000'000), "too_deep");
}

TEST_F(HostileFiles, plans_with_a_huge_value) {
    const Ran run = replay(R"({"policy": [)" + repeated("[],", 10'000'000) + "]}", header);
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.err, "plan.json: policy[100000]: too_large: more than 100,000 values\n");
}

TEST_F(HostileFiles, plans_with_a_huge_text) {
    expect_fault(R"({"policy": ")" + std::string(5 * mebibyte, 'x') + "\"}", "unknown_policy");
    expect_fault(R"({"policy": ")" + std::string(5 * mebibyte, 'x'), "bad_json");
    expect_fault(R"({"policy": )" + std::string(5 * mebibyte, '9') + "}", "total_out_of_range");
}

TEST_F(HostileFiles, plans_with_many_faults_are_told_in_full) {
    const Ran run = replay(R"({"entitlements": [)" + repeated("1,", 99'999) + "1]}", header);
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(lines_of(run.err).size(), 100'000);
}

TEST_F(HostileFiles, events_cut_off_anywhere) {
    const std::string events = read_file(data + "events.csv");
    const std::string plan = read_file(data + "plan.json");
    ASSERT_GT(events.size(), 1000);
    for (std::size_t size = 0; size < events.size(); size += 211) {
        const Ran run = replay(plan, events.substr(0, size));
        EXPECT_GE(run.status, 0) << size;
        EXPECT_LE(run.status, 2) << size;
        if (run.status != 2) {
            EXPECT_THAT(run.out, HasSubstr(R"("audit": "ok")")) << size;
        }
    }
}

TEST_F(HostileFiles, events_that_are_not_text) {
    for (const std::string& text : {std::string(1000, '\0'), as_utf16(std::string{header} + good_row),
                                    std::string{"\xFF\xD8\xFF\xE0\0JFIF\n\x89\n,,,\n", 16}}) {
        const Ran run = replay(plan_of(), text);
        EXPECT_EQ(run.status, 2);
        EXPECT_THAT(run.err, StartsWith("events.csv: wrong_header: "));
        EXPECT_LT(run.err.size(), 500);
    }
    const Ran nul = replay(plan_of(), std::string{header} + std::string(100, '\0') + "\n" + good_row);
    EXPECT_EQ(nul.status, 1);
    EXPECT_EQ(nul.err, "events.csv:2:row: bad_row: 1 columns, where the header has 10\n");
}

TEST_F(HostileFiles, a_key_may_hold_nul_bytes_as_any_other_character) {
    using namespace std::string_literals;
    const Ran run = replay(plan_of(), std::string{header} + "2014-07-01T09:00:00Z,open,c\0d,C,,,,,,\n"s +
                                          "2014-07-01T09:00:00Z,cancel,c,,,,,,,\n"s);
    EXPECT_EQ(run.trace, std::string{trace_header} + "1,ok,,E,-1,4,,\n2,unknown_case,,,0,,,\n");
}

TEST_F(HostileFiles, a_quote_that_is_never_closed) {
    const Ran run = replay(
        plan_of(), std::string{header} + good_row + "2014-07-01T09:00:00Z,open,\"d,C,,,,,,\n" + good_row);
    EXPECT_EQ(run.status, 1);
    EXPECT_EQ(run.err, "events.csv:3:row: bad_row: a quote is never closed\n");
    EXPECT_EQ(run.trace, std::string{trace_header} + "1,ok,,E,-1,4,,\n2,bad_row,,,0,,,\n");
}

TEST_F(HostileFiles, a_line_of_100_megabytes) {
    for (const char filler : {'x', ',', '"'}) {
        const Ran run =
            replay(plan_of(), std::string{header} + a_hundred_megabytes(filler) + "\n" + good_row);
        EXPECT_EQ(run.status, 1) << filler;
        EXPECT_THAT(run.err, HasSubstr("events.csv:2:row: bad_row: ")) << filler;
        EXPECT_LT(run.err.size(), 500) << filler;
        EXPECT_THAT(run.trace, HasSubstr("2,ok,,E,-1,4,,")) << filler;
    }
}

TEST_F(HostileFiles, a_header_of_100_megabytes) {
    for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--format", "servicenow"}}) {
        const Ran run = replay(plan_of(), a_hundred_megabytes(','), more);
        EXPECT_EQ(run.status, 2);
        EXPECT_THAT(run.err, StartsWith("events.csv: wrong_header: "));
    }
}

TEST_F(HostileFiles, many_bad_rows_cost_time_and_no_memory) {
    for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--format", "servicenow"}}) {
        const std::string first =
            more.empty() ? std::string{header}
                         : "number,incident_state,opened_at,sys_updated_at,caller_id,contact_type,"
                           "location,category\n";
        const Ran run = replay(plan_of(), first + repeated("x\n", 300'000), more);
        EXPECT_EQ(run.status, 1);
        EXPECT_EQ(lines_of(run.err).size(), 300'000);
        EXPECT_THAT(run.out, HasSubstr(R"("bad_row": 300000)"));
    }
}

TEST_F(HostileFiles, renewing_without_end_stays_quick_and_stops_at_the_limit) {
    const std::string events = std::string{header} + "2014-07-01T09:00:00Z,cancel_entitlement,,,,,,E,,\n" +
                               repeated("2014-07-01T09:00:00Z,renew_entitlement,,,,,,E,,\n", 300);
    const Ran run = replay(plan_of(), events);
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.trace, HasSubstr("\n301,ok,,E/301,0,5,,\n"));
}

}  // namespace program_test
