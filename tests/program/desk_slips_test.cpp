#include <filesystem>

#include "desk_fixture.hpp"

/// What people do by mistake, or did not mean.
namespace program_test {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using DeskSlips = OnEachStore;
INSTANTIATE_TEST_SUITE_P(Places, DeskSlips, testing::Values("sqlite", "postgres"),
                         [](const auto& place) { return std::string{place.param}; });

TEST_P(DeskSlips, a_revision_changes_nothing_but_what_it_says) {
    make_desk();
    done(
        "entitlement add F --customer Lumen --from 2014-01-01 --to 2014-12-31 --cases 5 --restrict --channel "
        "phone=2");
    for (const char* slip :
         {"--name G", "--cases 6", "--to 2014-11-30", "--priority 5", "--product Scanner"}) {
        done(std::string{"entitlement revise F "} + slip);
        EXPECT_THAT(done("entitlement show F"), AllOf(HasSubstr("restricted"), HasSubstr("phone"))) << slip;
    }
    done("entitlement revise F --no-restrict");
    EXPECT_THAT(done("entitlement show F"), Not(HasSubstr("restricted")));
}

TEST_P(DeskSlips, two_amounts_or_a_template_and_terms_are_refused) {
    make_desk();
    EXPECT_THAT(refused("entitlement add F --customer Lumen --cases 5 --hours 3", 2), HasSubstr("--cases"));
    EXPECT_THAT(refused("entitlement add F --customer Lumen --coverage --money 3", 2), HasSubstr("--money"));
    done("template add T --lasts '12 months' --cases 5");
    EXPECT_THAT(refused("entitlement add F --customer Lumen --template T --cases 3", 2),
                HasSubstr("a template says all of the terms"));
}

TEST_P(DeskSlips, a_key_in_brackets_is_one_key) {
    make_desk();
    done(
        "entitlement add F --customer Lumen --from 2014-01-01 --to 2014-12-31 --cases 5 --product [a,b] "
        "--activate");
    EXPECT_THAT(done("entitlement show F"), HasSubstr("[a,b]"));
}

TEST_P(DeskSlips, long_keys_are_told_whole_where_nobody_looks_at_a_terminal) {
    const std::string key(190, 'k');
    done("init");
    done("customer add " + key + "1 " + key + "2");
    EXPECT_THAT(done("customer list"), AllOf(HasSubstr(key + "1"), HasSubstr(key + "2")));
}

TEST_P(DeskSlips, a_report_of_the_past_tells_of_the_past) {
    make_desk();
    done("case open K-1 --customer Lumen --origin phone", "2014-03-01T00:00:00Z");
    done("case open K-2 --customer Lumen --origin phone", "2014-05-01T00:00:00Z");
    (void)refused("case open K-3 --customer Lumen --origin phone");
    const std::string then = done("report --json", "2014-04-01T00:00:00Z");
    EXPECT_THAT(then, AllOf(HasSubstr("\"remaining\": 4"), Not(HasSubstr("\"remaining\": 3")),
                            Not(HasSubstr("2014-05-01")), Not(HasSubstr("not_entitled"))));
    EXPECT_THAT(done("report --json"), AllOf(HasSubstr("\"remaining\": 3"), HasSubstr("not_entitled")));
}

TEST_P(DeskSlips, what_was_left_in_the_past_is_told_of_the_past) {
    make_desk();
    done("top-up add E 2 --expires 2014-09-01T00:00:00Z", "2014-02-01T00:00:00Z");
    done("case open K-1 --customer Lumen --origin phone", "2014-03-01T00:00:00Z");
    done("case open K-2 --customer Lumen --origin phone", "2014-05-01T00:00:00Z");
    const std::string then = "2014-04-01T00:00:00Z";
    for (const std::string ask : {"entitlement list", "entitlement show E", "customer show Lumen"}) {
        EXPECT_THAT(done(ask, then), AllOf(HasSubstr("6 cases"), HasSubstr("1 case "))) << ask;
        EXPECT_THAT(done(ask), AllOf(HasSubstr("5 cases"), HasSubstr("0 cases"))) << ask;
    }
    EXPECT_THAT(done("entitlement show E", then),
                Not(HasSubstr("top-up")));  // what was left of it is not known
    EXPECT_THAT(done("entitlement show E"), HasSubstr("top-up"));
}

TEST_P(DeskSlips, a_report_counts_what_customers_were_refused_alone) {
    make_desk();
    (void)refused("entitlement revise E --cases 9");  // not_draft
    EXPECT_THAT(done("report --json"), Not(HasSubstr("not_draft")));
}

TEST_P(DeskSlips, a_report_names_whose_every_row_is) {
    make_desk();
    done(
        "entitlement add Any --customer Harbour --from 2014-01-01 --to 2014-12-31 --coverage --on creation "
        "--channel phone=3 --activate");
    const std::string page = path_of("report.html");
    done("report --html " + page);
    EXPECT_THAT(read_file(page), HasSubstr(">Harbour <span class=\"key-of\">Any</span>"));
    EXPECT_THAT(done("report"), HasSubstr("3 cases"));
    EXPECT_THAT(refused("report --html " + page + " --csv " + page, 2), HasSubstr("name one file"));
}

using FileSlips = ProgramTest;

TEST_F(FileSlips, a_database_of_something_else_is_left_alone) {
    const std::string file = path_of("songs.db");
    ASSERT_EQ(std::system(("sqlite3 " + file + " 'create table songs (title)'").c_str()), 0);
    const std::string before = read_file(file);
    const Ran ran = entitle({"init", "--store", file});
    EXPECT_EQ(ran.status, 3);
    EXPECT_THAT(ran.err, HasSubstr("songs.db is a database of something else; give a new file\n"));
    ASSERT_EQ(std::system(("sqlite3 " + file + " 'select count(*) from sqlite_master' | grep -qx 1").c_str()),
              0);
}

TEST_F(FileSlips, an_audit_that_fails_names_the_place) {
    const std::string file = path_of("desk.db");
    const std::vector<std::vector<std::string>> made{
        {"init"},
        {"customer", "add", "Lumen"},
        {"entitlement", "add", "E", "--customer", "Lumen", "--from", "2014-01-01", "--to", "2014-12-31",
         "--cases", "5", "--activate"},
        {"case", "open", "K-1", "--customer", "Lumen"}};
    for (std::vector<std::string> words : made) {
        words.insert(words.end(), {"--store", file, "--at", "2014-07-01T12:00:00Z"});
        ASSERT_EQ(entitle(words).status, 0);
    }
    ASSERT_EQ(
        std::system(
            ("sqlite3 " + file + " 'update entitle_entries set total_moved = -2 where number = 3'").c_str()),
        0);
    const Ran ran = entitle({"audit", "--store", file});
    EXPECT_EQ(ran.status, 3);
    EXPECT_THAT(ran.out, AllOf(HasSubstr("NOT ok\n"),
                               HasSubstr("Lumen, E, entry 3.0: balance after: 3 expected, 4 found")));
    EXPECT_THAT(entitle({"audit", "--json", "--store", file}).out,
                AllOf(HasSubstr("\"number\": 3"), HasSubstr("\"expected\": 3")));
}

using ReplaySlips = ProgramTest;

TEST_F(ReplaySlips, a_faulty_plan_leaves_no_desk_in_its_way) {
    const std::string file = path_of("desk.db");
    const std::string events = write("events.csv", header);
    const std::string wrong =
        plan_of(R"("allocation": "cases", "total": 5, "top_ups": [{"amount": 1, "channel": "x"}])");
    EXPECT_EQ(entitle({"replay", write("plan.json", wrong), events, "--store", file}).status, 2);
    EXPECT_FALSE(std::filesystem::exists(file));
    EXPECT_EQ(entitle({"replay", write("plan.json", plan_of()), events, "--store", file}).status, 0);
    EXPECT_EQ(entitle({"audit", "--store", file}).status, 0);
}

}  // namespace program_test
