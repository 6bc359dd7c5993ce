#include <cstdlib>

#include <nlohmann/json.hpp>

#include "run_program.hpp"

/// What the program says when it is asked for nothing, for help, or for what it does not know.
namespace program_test {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using Arguments = ProgramTest;

TEST_F(Arguments, help_names_the_subcommands_and_gives_examples) {
    const Ran run = entitle({"--help"});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.out, AllOf(HasSubstr("replay"), HasSubstr("demo"), HasSubstr("Examples:")));
    EXPECT_THAT(run.err, IsEmpty());
}

TEST_F(Arguments, help_of_a_subcommand_gives_examples_and_exit_statuses) {
    const Ran run = entitle({"replay", "--help"});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.out, AllOf(HasSubstr("PLAN"), HasSubstr("EVENTS"), HasSubstr("--trace"),
                               HasSubstr("servicenow"), HasSubstr("Exit status")));
    EXPECT_THAT(entitle({"demo", "--help"}).out, HasSubstr("entitle demo"));
}

TEST_F(Arguments, version) {
    const Ran run = entitle({"--version"});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.out, testing::MatchesRegex("entitle [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(Arguments, wrong_ones_are_status_2_and_say_so_on_standard_error) {
    const std::vector<std::vector<std::string>> wrong{{},
                                                      {"reply"},
                                                      {"replay"},
                                                      {"replay", "plan.json"},
                                                      {"replay", "p", "e", "--colour"},
                                                      {"replay", "p", "e", "--format", "xml"},
                                                      {"replay", "p", "e", "f"},
                                                      {"demo", "more"}};
    for (const auto& arguments : wrong) {
        const Ran run = entitle(arguments);
        EXPECT_EQ(run.status, 2) << testing::PrintToString(arguments);
        EXPECT_THAT(run.out, IsEmpty()) << testing::PrintToString(arguments);
        EXPECT_THAT(run.err, testing::Not(IsEmpty())) << testing::PrintToString(arguments);
    }
}

TEST_F(Arguments, files_that_are_not_there) {
    const Ran no_plan = entitle({"replay", "nowhere.json", "nowhere.csv"});
    EXPECT_EQ(no_plan.status, 2);
    EXPECT_EQ(no_plan.err, "nowhere.json: plan: unreadable: No such file or directory\n");
    const Ran no_events = entitle({"replay", write("plan.json", plan_of()), "nowhere.csv"});
    EXPECT_EQ(no_events.status, 2);
    EXPECT_EQ(no_events.err, "nowhere.csv: No such file or directory\n");
}

TEST_F(Arguments, folders_are_not_files) {
    EXPECT_THAT(entitle({"replay", "/", "/"}).err, StartsWith("/: plan: unreadable: "));
    const Ran run = entitle({"replay", write("plan.json", plan_of()), "/"});
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(run.err, StartsWith("/: "));
}

TEST_F(Arguments, demo_tells_the_worked_example_under_three_policies) {
    const Ran run = entitle({"demo"});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.err, IsEmpty());
    EXPECT_THAT(run.out, AllOf(HasSubstr("Mobile Accessories"), HasSubstr("crm2014"), HasSubstr("standard"),
                               HasSubstr("dynamics365")));
    EXPECT_THAT(run.out, HasSubstr("p0 (phone) resolved          4      2         1      1    1   ok"));
    EXPECT_THAT(run.out, HasSubstr("p0 (phone) reopened          5      2         1      2    1   ok"));
    EXPECT_THAT(run.out, HasSubstr("f2 (facebook) resolved       3      2         0      1    1   refused"));
    EXPECT_EQ(run.out, entitle({"demo"}).out);
}

TEST_F(Arguments, demo_tells_the_same_as_json) {
    const auto stories = nlohmann::json::parse(entitle({"demo", "--json"}).out);
    ASSERT_EQ(stories.size(), 4U);
    const auto& back = stories[0]["steps"];
    EXPECT_EQ(back[1]["remaining"], 4);
    EXPECT_EQ(back[1]["channels"]["phone"], 1);
    EXPECT_EQ(back[2]["remaining"], 5);
    EXPECT_EQ(stories[1]["policy"], "crm2014");
    EXPECT_EQ(stories[1]["steps"].size(), 16U);
    EXPECT_THAT(std::string{stories[2]["steps"][4]["outcome"]}, HasSubstr("refused"));
}

TEST_F(Arguments, demo_on_a_full_disk_fails) {
    write("full.sh", std::string{"exec "} + ENTITLE_PROGRAM + " demo >/dev/full");
    EXPECT_EQ(std::system(("sh " + path_of("full.sh")).c_str()) >> 8, 2);
}

}  // namespace program_test
