#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <sys/wait.h>
#include <unistd.h>

#include "desk_fixture.hpp"

/// A log replayed into a desk that the other commands then read, its report, and a program that is killed.
namespace program_test {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using DeskReport = OnEachStore;
INSTANTIATE_TEST_SUITE_P(Places, DeskReport, testing::Values("sqlite", "postgres"),
                         [](const auto& place) { return std::string{place.param}; });

namespace {

/// Every `value="…"` of a page, in order.
std::vector<std::string> values_of(const std::string& page) {
    constexpr std::string_view before = "<data value=\"";
    std::vector<std::string> values;
    for (std::size_t at = page.find(before); at != std::string::npos; at = page.find(before, at)) {
        at += before.size();
        values.push_back(page.substr(at, page.find('"', at) - at));
    }
    return values;
}

/// Total, remaining and used of each balance of the table, then the counts of refusals.
std::vector<std::string> values_of_csv(const std::string& csv) {
    std::vector<std::string> values;
    std::vector<std::string> counts;
    for (const std::string& line : lines_of(csv)) {
        std::vector<std::string> fields{""};
        bool is_quoted = false;
        for (const char c : line) {
            if (c == '"') is_quoted = !is_quoted;
            else if (c == ',' && !is_quoted) fields.emplace_back();
            else fields.back() += c;
        }
        if (fields[0] == "balance") values.insert(values.end(), {fields[7], fields[8], fields[10]});
        if (fields[0] == "refusal") counts.push_back(fields.back());
    }
    values.insert(values.end(), counts.begin(), counts.end());
    return values;
}

}  // namespace

TEST_P(DeskReport, a_replayed_log_is_a_desk_with_its_keys) {
    const Ran ran = entitle({"replay", data + "plan.json", data + "events.csv", "--store", place()});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(ran.out, entitle({"replay", data + "plan.json", data + "events.csv"}).out);
    EXPECT_THAT(done("customer list", "2025-03-15T00:00:00Z"),
                AllOf(HasSubstr("Harbour Logistics"), HasSubstr("Lumen Clinic")));
    EXPECT_THAT(done("statement harbour-cases"), HasSubstr("open_case: posting"));
    EXPECT_THAT(done("audit"), HasSubstr("entries: ok\n"));
    // Ids go on where the replay ended.
    done("case open new-1 --customer 'Harbour Logistics' --origin email --product 'Scanner S2' --contact Zoe",
         "2025-03-15T00:00:00Z");
    EXPECT_THAT(done("case show new-1"),
                AllOf(HasSubstr("harbour"), HasSubstr("Zoe"), HasSubstr("Scanner S2")));
    EXPECT_EQ(entitle({"replay", data + "plan.json", data + "events.csv", "--store", place()}).status, 2);
}

TEST_P(DeskReport, its_forms_tell_the_same_numbers) {
    (void)entitle({"replay", data + "plan.json", data + "events.csv", "--store", place()});
    const std::string html = path_of("report.html");
    const std::string csv = path_of("report.csv");
    const std::string at = "2025-03-15T00:00:00Z";
    EXPECT_THAT(done("report --html " + html + " --csv " + csv, at), HasSubstr("report.html written"));
    const std::string page = read_file(html);
    EXPECT_EQ(values_of(page), values_of_csv(read_file(csv)));
    EXPECT_GE(values_of(page).size(), 20U);
    const std::string json = done("report --json", at);
    for (const std::string& value : values_of(page)) EXPECT_THAT(json, HasSubstr(": " + value)) << value;
    EXPECT_THAT(done("report", at),
                AllOf(HasSubstr("as of 2025-03-15T00:00:00Z"), HasSubstr("not_entitled")));
}

TEST_P(DeskReport, its_page_needs_nothing_else) {
    make_desk();
    done("customer add '<b>&co'");
    done("entitlement add '<i>' --customer '<b>&co' --from 2014-01-01 --to 2014-12-31 --hours 2 --activate");
    done("case open K-1 --customer '<b>&co'");
    done("case resolve K-1 --minutes 300");
    (void)refused("case open K-2 --customer Lumen --origin fax");
    done("report --html " + path_of("report.html"));
    const std::string page = read_file(path_of("report.html"));
    EXPECT_THAT(page, AllOf(HasSubstr("<svg class=\"burn\""), HasSubstr("prefers-color-scheme: dark"),
                            HasSubstr("default-src 'none'"), HasSubstr("-3:00:00</data> !"),
                            HasSubstr("&lt;b&gt;&amp;co"), HasSubstr("channel_not_listed")));
    EXPECT_THAT(page, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("http://")), Not(HasSubstr("https://")),
                            Not(HasSubstr("url(")), Not(HasSubstr("<b>")), Not(HasSubstr("src="))));
    EXPECT_THAT(refused("report --html " + path_of("no/such/report.html"), 2),
                HasSubstr("cannot be written"));
    EXPECT_FALSE(std::filesystem::exists(path_of("report.html.part")));
}

TEST_P(DeskReport, of_an_empty_desk) {
    done("init");
    done("report --html " + path_of("report.html"));
    EXPECT_THAT(read_file(path_of("report.html")), HasSubstr("Nothing was refused."));
    EXPECT_THAT(done("report"), HasSubstr("as of"));
    (void)refused("report --days 0", 2);
}

/// However it is stopped, what it said was done is there, and all of it audits.
TEST_P(DeskReport, a_killed_command_leaves_a_whole_desk) {
    make_desk();
    done("entitlement add H --customer Harbour --from 2014-01-01 --to 2014-12-31 --cases 1000 --activate");
    for (int i = 0; i < 24; ++i) {
        const std::string key = "K-" + std::to_string(i);
        const pid_t child = fork();
        if (child == 0) {
            if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(126);
            execl(ENTITLE_PROGRAM, ENTITLE_PROGRAM, "case", "open", key.c_str(), "--customer", "Harbour",
                  "--store", place().c_str(), "--at", "2014-07-01T12:00:00Z", "--actor", key.c_str(),
                  nullptr);
            _exit(127);
        }
        usleep(static_cast<useconds_t>(i) * 1000);
        kill(child, i % 2 == 0 ? SIGKILL : SIGINT);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        const bool is_told = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        const Ran shown = desk("case show " + key);
        EXPECT_TRUE(shown.status == 0 || !is_told) << key;
        EXPECT_TRUE(shown.status == 0 || shown.status == 1) << shown.err;
    }
    EXPECT_THAT(done("audit"), HasSubstr("entries: ok\n"));
    EXPECT_THAT(done("case open last --customer Harbour"), HasSubstr("opened"));
}

using DeskShell = ProgramTest;

TEST_F(DeskShell, completion_knows_every_command_and_option) {
    const Ran ran = entitle({"completion", "bash"});
    EXPECT_EQ(ran.status, 0);
    EXPECT_THAT(ran.out, AllOf(HasSubstr("'entitle case') words='open resolve"), HasSubstr("--origin"),
                               HasSubstr("'entitle sla') words='list due show"), HasSubstr("--within"),
                               HasSubstr("'entitle case meet')"),
                               HasSubstr("complete -o filenames -F _entitle entitle")));
    const std::string script = write("completion", ran.out);
    EXPECT_EQ(std::system(("bash -n " + script).c_str()), 0);
    EXPECT_EQ(entitle({"completion", "csh"}).status, 2);
}

TEST_F(DeskShell, no_desk_is_named) {
    const Ran ran = entitle({"customer", "list"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.err, HasSubstr("say --store FILE, or set ENTITLE_STORE"));
}

TEST_F(DeskShell, what_is_no_desk_is_left_alone) {
    const std::string file = write("notes.txt", "not a database at all, but long enough to look at");
    const Ran ran = entitle({"customer", "list", "--store", file});
    EXPECT_EQ(ran.status, 3);
    EXPECT_EQ(read_file(file), "not a database at all, but long enough to look at");
    EXPECT_EQ(entitle({"customer", "list", "--store", path_of("none.db")}).status, 3);
    EXPECT_FALSE(std::filesystem::exists(path_of("none.db")));
    const Ran secret = entitle({"customer", "list", "--store", "postgresql://ali:sesame@%2Fnowhere/desk"});
    EXPECT_EQ(secret.status, 3);
    EXPECT_THAT(secret.err, Not(HasSubstr("sesame")));
}

}  // namespace program_test
