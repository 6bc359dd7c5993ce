#include "desk_fixture.hpp"

/// A help desk at a terminal: each subcommand, done, refused and misused, on a file and on a database.
namespace program_test {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Desk = OnEachStore;
INSTANTIATE_TEST_SUITE_P(Places, Desk, testing::Values("sqlite", "postgres"),
                         [](const auto& place) { return std::string{place.param}; });

TEST_P(Desk, init_makes_a_desk_once_under_a_policy) {
    EXPECT_EQ(done("init --policy crm2014,exhausted_channel=count_negative"),
              "a new desk, under the policy crm2014,exhausted_channel=count_negative\n");
    EXPECT_THAT(refused("init"), HasSubstr("is a desk already, and is not made anew"));
    EXPECT_THAT(refused("init --policy strict", 2),
                HasSubstr("\"strict\" is none of standard, dynamics365, crm2014, desk"));
}

TEST_P(Desk, a_place_without_a_desk_is_a_matter_of_storage) {
    EXPECT_THAT(refused("customer list", 3), HasSubstr("`entitle init"));
}

TEST_P(Desk, an_instant_has_one_form) {
    make_desk();
    const Ran ran = desk("customer list", "yesterday");
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.err, HasSubstr("write one as 2014-07-01T09:00:00Z"));
}

TEST_P(Desk, customers) {
    make_desk();
    EXPECT_EQ(done("customer list"),
              "customer  entitlements  active  open cases\n"
              "Lumen                1       1           0\n"
              "Harbour              0       0           0\n");
    EXPECT_EQ(refused("customer add Pine Lumen"),
              "entitle: there is a customer \"Lumen\" already (key_taken); choose another key\n");
    EXPECT_THAT(done("customer list"), Not(HasSubstr("Pine")));  // all of a command, or nothing
    EXPECT_THAT(done("customer show Lumen"), HasSubstr("E "));
    EXPECT_THAT(refused("customer show Pine"), HasSubstr("(unknown_customer); `entitle customer list`"));
    (void)refused("customer add", 2);
}

TEST_P(Desk, entitlements_are_listed_with_what_is_left) {
    make_desk();
    EXPECT_EQ(done("entitlement list"),
              "entitlement  customer  status  ends           left    total\n"
              "E            Lumen     active  2014-12-31  5 cases  5 cases\n"
              "  phone                                    2 cases  2 cases\n"
              "  email                                    4 cases  4 cases\n");
    EXPECT_THAT(done("entitlement list --status draft"), HasSubstr("no entitlements"));
    EXPECT_THAT(done("entitlement list --customer Harbour --json"), HasSubstr("[]"));
    (void)refused("entitlement list --status sleeping", 2);
}

TEST_P(Desk, an_entitlement_that_cannot_be_is_told_of_as_in_a_plan) {
    make_desk();
    EXPECT_EQ(refused("entitlement add F --customer Lumen --from 2014-01-01 --to 2014-12-31 --cases 2.5", 2),
              "entitle: entitlement.total: total_not_whole: 2.5 cases is not a whole number\n");
    EXPECT_EQ(
        refused("entitlement add F --customer Lumen --from 2014-01-01 --to 2013-12-31 --cases 2", 2),
        "entitle: entitlement.last_day: start_after_end: 2013-12-31 is before the first day, 2014-01-01\n");
    EXPECT_THAT(refused("entitlement add E --customer Lumen --from 2014-01-01 --to 2014-12-31 --cases 2"),
                HasSubstr("key_taken"));
    EXPECT_THAT(refused("entitlement add F --customer Nobody --from 2014-01-01 --to 2014-12-31 --cases 2"),
                HasSubstr("unknown_customer"));
    EXPECT_THAT(refused("entitlement show F"), HasSubstr("unknown_entitlement"));
}

TEST_P(Desk, the_life_of_an_entitlement) {
    make_desk();
    EXPECT_THAT(refused("entitlement activate E"), HasSubstr("(already_active)"));
    EXPECT_THAT(refused("entitlement revise E --cases 8"), HasSubstr("(not_draft); deactivate it first"));
    EXPECT_EQ(done("entitlement revise E --cases 8 --amend"), "entitlement E amended; E: 8 cases left\n");
    EXPECT_THAT(done("entitlement deactivate E"), HasSubstr("is a draft again"));
    EXPECT_THAT(done("entitlement revise E --channel phone=3 --priority 7 --to 2015-06-30"),
                HasSubstr("revised"));
    EXPECT_THAT(done("entitlement show E"),
                AllOf(HasSubstr("priority     7"), HasSubstr("2014-01-01 to 2015-06-30 (UTC)"),
                      HasSubstr("phone    3 cases"), Not(HasSubstr("email"))));
    EXPECT_THAT(done("entitlement activate E"), HasSubstr("activated"));
    EXPECT_THAT(done("entitlement default E"), HasSubstr("default"));
    EXPECT_THAT(refused("entitlement renew E"), HasSubstr("(cannot_renew)"));
    EXPECT_THAT(refused("entitlement remove E"), HasSubstr("(cannot_delete)"));
    EXPECT_THAT(done("entitlement cancel E"), HasSubstr("canceled"));
    EXPECT_THAT(done("entitlement renew E"), HasSubstr("renewed as the draft E/2"));
    EXPECT_THAT(done("entitlement renew E --as F"), HasSubstr("renewed as the draft F"));
    EXPECT_THAT(done("entitlement remove E/2"), HasSubstr("removed"));
    EXPECT_THAT(refused("entitlement show E/2"), HasSubstr("unknown_entitlement"));
}

TEST_P(Desk, a_case_from_its_opening_to_its_end) {
    make_desk();
    EXPECT_EQ(done("case open K-1 --customer Lumen --origin phone --contact Ida"),
              "case K-1 opened; E: -1 case, 4 cases left; phone: -1 case, 1 case left\n");
    EXPECT_THAT(done("case open K-1 --customer Lumen --origin phone --contact Ida"),
                HasSubstr("was opened already"));
    EXPECT_THAT(refused("case open K-1 --customer Lumen --origin email"), HasSubstr("(case_exists)"));
    EXPECT_THAT(refused("case open K-1 --customer Harbour"), HasSubstr("(case_exists)"));
    EXPECT_EQ(done("case change K-1 --origin email --product Scanner"),
              "case K-1 has another product; E: 4 cases left; phone: 1 case left\n"
              "case K-1 has another origin; E: 4 cases left; email: -1 case, 3 cases left\n");
    EXPECT_THAT(done("case show K-1"),
                AllOf(HasSubstr("origin       email"), HasSubstr("product      Scanner"),
                      HasSubstr("contact      Ida"), HasSubstr("used         1 case")));
    EXPECT_THAT(done("case resolve K-1"), HasSubstr("case K-1 resolved"));
    EXPECT_THAT(refused("case cancel K-1"), HasSubstr("the case is resolved (case_state)"));
    EXPECT_THAT(done("case reactivate K-1"), HasSubstr("is open again"));
    EXPECT_THAT(done("case list --state open"), HasSubstr("K-1   Lumen     open   2014-07-01 12:00  E"));
    EXPECT_EQ(done("case cancel K-1"),
              "case K-1 canceled; E: +1 case, 5 cases left; email: +1 case, 4 cases left\n");
    EXPECT_THAT(done("case delete K-1"), HasSubstr("deleted"));
    EXPECT_THAT(refused("case resolve K-1"), HasSubstr("unknown_case"));
    EXPECT_THAT(refused("case change K-1 --origin fax"), HasSubstr("unknown_case"));
    (void)refused("case change K-1", 2);
    EXPECT_THAT(done("statement E"), HasSubstr("K-1"));  // its key is told, though it is free
    EXPECT_THAT(done("case open K-1 --customer Lumen"), HasSubstr("case K-1 opened"));
}

TEST_P(Desk, a_refused_command_leaves_nothing_behind_but_a_note) {
    make_desk();
    EXPECT_THAT(refused("case open K-1 --customer Lumen --origin fax --contact Ida"),
                HasSubstr("fax: not a channel of the entitlement (channel_not_listed) (not_entitled); "
                          "`entitle check` tells"));
    EXPECT_THAT(refused("case show K-1"), HasSubstr("unknown_case"));
    const Ran json = desk("case open K-1 --customer Lumen --origin fax --json");
    EXPECT_EQ(json.status, 1);
    EXPECT_THAT(json.out, HasSubstr("\"error\": \"not_entitled\""));
}

TEST_P(Desk, check_tells_what_each_entitlement_says) {
    make_desk();
    EXPECT_EQ(done("check --customer Lumen --origin phone"),
              "allowed, by E\n"
              "entitlement  status     left  says\n"
              "E            active  5 cases  yes\n");
    const Ran ran = desk("check --customer Lumen --origin fax");
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.out, AllOf(HasSubstr("not allowed"),
                               HasSubstr("E            active  5 cases  fax: not a channel")));
    EXPECT_EQ(desk("check --customer Harbour").status, 1);
    EXPECT_THAT(desk("check --customer Lumen --origin phone --json", "2015-01-01T00:00:00Z").out,
                AllOf(HasSubstr("\"allowed\": false"), HasSubstr("\"error\": \"not_active\"")));
    EXPECT_THAT(refused("check --customer Nobody"), HasSubstr("unknown_customer"));
}

TEST_P(Desk, a_request_that_is_made_again_is_done_once) {
    make_desk();
    const std::string add =
        "entitlement add F --customer Harbour --from 2014-01-01 --to 2014-12-31 --cases 5 --activate "
        "--request r-1";
    EXPECT_EQ(done(add), done(add));
    EXPECT_THAT(done("top-up add F 3 --request r-2"), HasSubstr("8 cases left"));
    EXPECT_THAT(done("top-up add F 3 --request r-2"), HasSubstr("(repeated)"));
    EXPECT_THAT(refused("top-up add F 4 --request r-2"), HasSubstr("(request_id_reused)"));
    EXPECT_THAT(done("entitlement list --customer Harbour"), HasSubstr("8 cases"));
}

TEST_P(Desk, a_request_that_is_made_again_means_the_case_whose_key_it_had_then) {
    make_desk();
    done("case open K-1 --customer Lumen --origin phone --request r-1");
    EXPECT_THAT(done("case delete K-1 --request r-2"), Not(HasSubstr("(repeated)")));
    EXPECT_THAT(done("case delete K-1 --request r-2"), HasSubstr("(repeated)"));
    EXPECT_THAT(done("case open K-1 --customer Lumen --origin phone --request r-1"),
                HasSubstr("was opened already"));
    EXPECT_THAT(refused("case show K-1"), HasSubstr("unknown_case"));

    done("case open K-1 --customer Lumen --origin email");
    EXPECT_THAT(done("case delete K-1 --request r-2"), HasSubstr("(repeated)"));
    EXPECT_THAT(done("case show K-1"), HasSubstr("email"));
}

TEST_P(Desk, a_request_that_is_made_again_means_the_entitlement_whose_key_it_had_then) {
    make_desk();
    done("entitlement cancel E");
    EXPECT_EQ(done("entitlement renew E --request r-1"), done("entitlement renew E --request r-1"));
    EXPECT_THAT(done("entitlement list"), AllOf(HasSubstr("E/2"), Not(HasSubstr("E/3"))));
    EXPECT_THAT(done("entitlement renew E"), HasSubstr("E/3"));

    EXPECT_THAT(done("entitlement remove E/2 --request r-2"), HasSubstr("removed"));
    EXPECT_THAT(done("entitlement remove E/2 --request r-2"), HasSubstr("removed"));
    EXPECT_THAT(refused("entitlement remove E/2 --request r-3"), HasSubstr("unknown_entitlement"));
}

TEST_P(Desk, statement_and_usage) {
    make_desk();
    done("case open K-1 --customer Lumen --origin phone --actor ann");
    EXPECT_THAT(done("statement E"),
                AllOf(HasSubstr("E: Support by the case, 2014-01-01 to 2014-12-31 (UTC); in cases\n"),
                      HasSubstr("3.0  2014-07-01 12:00:00  open_case: posting  K-1, by "
                                "ann     -1     4  phone       -1     1\n")));
    EXPECT_THAT(done("statement E --json"),
                AllOf(HasSubstr("\"moved\": -1"), HasSubstr("\"actor\": \"ann\"")));
    EXPECT_EQ(done("usage --customer Lumen"),
              "entitlement  channel  from              until               used  postings  taken back\n"
              "E            phone    2014-01-01 00:00  2015-01-01 00:00  1 case         1           0\n");
    EXPECT_EQ(done("usage --entitlement E --until 2014-07-01T12:00:00Z"), "nothing was used\n");
    EXPECT_THAT(refused("usage", 2), HasSubstr("say whose"));
    EXPECT_THAT(refused("statement F"), HasSubstr("unknown_entitlement"));
}

TEST_P(Desk, dates_are_those_of_the_entitlements_place) {
    make_desk();
    done(
        "entitlement add B --customer Harbour --from 2014-01-01 --to 2014-12-31 --zone Europe/Berlin --cases "
        "1");
    EXPECT_THAT(done("statement B"), HasSubstr("2014-07-01 14:00:00  draft"));
    done("entitlement activate B");
    done("case open K-1 --customer Harbour");
    EXPECT_THAT(done("case list"), HasSubstr("2014-07-01 14:00"));
    EXPECT_THAT(done("usage --customer Harbour"), HasSubstr("2014-01-01 00:00  2015-01-01 00:00"));
    EXPECT_THAT(done("changes --until 2015-01-01T00:00:00Z --customer Harbour"),
                HasSubstr("2015-01-01 00:00  Harbour   B            active -> expired"));
    EXPECT_THAT(done("report --days 365"),
                HasSubstr("2015-01-01 00:00  Harbour   B            active -> expired"));
}

TEST_P(Desk, hours_and_money_are_used_by_what_was_spent) {
    make_desk();
    done("entitlement add H --customer Harbour --from 2014-01-01 --to 2014-12-31 --hours 9.5 --activate");
    done("case open K-1 --customer Harbour");
    EXPECT_EQ(done("case resolve K-1 --minutes 600"),
              "case K-1 resolved; H: -10:00:00 hours, -0:30:00 hours left\n");
    EXPECT_THAT(done("entitlement list --customer Harbour"),
                HasSubstr("-0:30:00 hours !"));  // no colour needed
    done(
        "entitlement add M --customer Harbour --from 2014-01-01 --to 2014-12-31 --money 100 --currency EUR "
        "--priority 1 --activate");
    done("case open K-2 --customer Harbour");
    EXPECT_EQ(done("case resolve K-2 --cost 12.50"), "case K-2 resolved; M: -12.50 EUR, 87.50 EUR left\n");
    done("case open K-3 --customer Harbour");
    EXPECT_THAT(refused("case resolve K-3 --cost 0.001", 2),
                HasSubstr("not a whole number of its smallest unit"));
    EXPECT_THAT(refused("case resolve K-3 --minutes many", 2),
                HasSubstr("\"many\" is no number of whole minutes"));
}

TEST_P(Desk, holds) {
    make_desk();
    done(
        "entitlement add H --customer Harbour --from 2014-01-01 --to 2014-12-31 --hours 2 --restrict "
        "--activate");
    done("case open K-1 --customer Harbour");
    EXPECT_EQ(done("hold K-1 --minutes 90"),
              "case K-1 has terms held for it; H: 2:00:00 hours left; 1:30:00 hours held\n");
    EXPECT_THAT(done("entitlement show H"), HasSubstr("held         1:30:00 hours"));
    EXPECT_THAT(refused("hold K-1 --minutes 121"), HasSubstr("(terms_exhausted)"));
    EXPECT_THAT(done("release K-1"), HasSubstr("nothing held"));
    EXPECT_THAT(refused("release K-2"), HasSubstr("unknown_case"));
    EXPECT_THAT(done("case open K-3 --customer Lumen"), HasSubstr("opened"));
    EXPECT_THAT(refused("hold K-3"), HasSubstr("(nothing_to_hold)"));
}

TEST_P(Desk, top_ups_and_corrections) {
    make_desk();
    EXPECT_EQ(done("top-up add E 3 --channel phone --expires 2014-09-01T00:00:00Z"),
              "top-up #3 added; E: +3 cases, 8 cases left; phone: +3 cases, 5 cases left\n");
    EXPECT_THAT(done("entitlement show E"),
                HasSubstr("3  3 cases  3 cases  phone    2014-07-01 12:00  2014-09-01 00:00"));
    EXPECT_EQ(done("changes --until 2015-01-01T00:00:00Z"),
              "at                customer  entitlement  what\n"
              "2014-09-01 00:00  Lumen     E            top-up #3 expires\n"
              "2015-01-01 00:00  Lumen     E            active -> expired\n");
    EXPECT_THAT(done("top-up void E 3"), HasSubstr("top-up #3 voided; E: -3 cases, 5 cases left"));
    EXPECT_THAT(refused("top-up void E 3"), HasSubstr("(unknown_top_up)"));
    EXPECT_THAT(refused("top-up add E 1.5", 2), HasSubstr("1.5 cases is not a whole number"));
    EXPECT_THAT(refused("top-up add E 1 --channel fax"), HasSubstr("(channel_not_listed)"));
    EXPECT_EQ(done("adjust E --by=-2 --channel phone --channel-by=-1 --reason recount"),
              "corrected; E: -2 cases, 3 cases left; phone: -1 case, 1 case left\n");
    EXPECT_THAT(done("statement E"), HasSubstr("recount"));
    EXPECT_THAT(refused("adjust E --reason nothing"), HasSubstr("(nothing_to_adjust)"));
    (void)refused("adjust E --by 1", 2);  // why?
    EXPECT_EQ(done("changes --days 1"), "time changes nothing until 2014-07-02T12:00:00Z\n");
}

TEST_P(Desk, templates_rules_and_purchases) {
    make_desk();
    EXPECT_EQ(done("template add Premium --cases 200 --lasts '12 months' --period month"),
              "template Premium kept\n");
    EXPECT_THAT(done("template list"), HasSubstr("Premium   Premium  200 cases  12 months"));
    EXPECT_THAT(done("template show Premium"), HasSubstr("\"period\": \"month\""));
    EXPECT_THAT(done("rule add computer 500 Premium"), HasSubstr("500 or more of computer is given Premium"));
    EXPECT_EQ(done("rule list"), "product   at least  template\ncomputer       500  Premium\n");
    EXPECT_EQ(done("purchase P-1 --customer Harbour --product computer --quantity 500"),
              "purchase P-1 answered; P-1: 200 cases left\n");
    EXPECT_THAT(done("purchase P-1 --customer Harbour --product computer --quantity 500"),
                HasSubstr("already"));
    EXPECT_THAT(refused("purchase P-1 --customer Lumen --product computer --quantity 500"),
                HasSubstr("(purchase_exists)"));
    EXPECT_THAT(refused("purchase P-2 --customer Lumen --product computer --quantity 4"),
                HasSubstr("(no_rule)"));
    EXPECT_THAT(done("entitlement add F --customer Lumen --template Premium"), HasSubstr("added, draft"));
    EXPECT_THAT(refused("template remove Premium"), HasSubstr("(template_in_use); remove its rules first"));
    EXPECT_THAT(done("rule remove computer 500"), HasSubstr("no rule for 500"));
    EXPECT_THAT(done("template remove Premium"), HasSubstr("removed"));
    EXPECT_THAT(refused("rule add computer 1 Premium"), HasSubstr("unknown_template"));
    EXPECT_THAT(refused("template add Odd --cases 1 --lasts 12", 2), HasSubstr("template.lasts"));
}

TEST_P(Desk, audit_and_seal) {
    make_desk();
    done("case open K-1 --customer Lumen");
    EXPECT_EQ(done("audit"), "1 customers, 1 entitlements, 1 cases, 3 entries: ok\n");
    EXPECT_THAT(done("audit --json"), HasSubstr("\"audit\": \"ok\""));
    EXPECT_THAT(done("seal"), HasSubstr("Lumen          3  "));
    EXPECT_THAT(done("seal --customer Lumen --json"), HasSubstr("\"number\": 3"));
    EXPECT_THAT(refused("seal --customer Nobody"), HasSubstr("unknown_customer"));
    EXPECT_EQ(done("audit"), "1 customers, 1 entitlements, 1 cases, 3 entries: ok\n");
}

TEST_P(Desk, every_command_has_help_with_examples) {
    for (const char* const command : {"init",
                                      "import",
                                      "export",
                                      "customer add",
                                      "customer list",
                                      "customer show",
                                      "entitlement add",
                                      "entitlement list",
                                      "entitlement show",
                                      "entitlement revise",
                                      "entitlement activate",
                                      "entitlement deactivate",
                                      "entitlement cancel",
                                      "entitlement renew",
                                      "entitlement default",
                                      "entitlement remove",
                                      "case open",
                                      "case resolve",
                                      "case cancel",
                                      "case reactivate",
                                      "case change",
                                      "case delete",
                                      "case respond",
                                      "case stage",
                                      "case priority",
                                      "case sla",
                                      "case meet",
                                      "sla list",
                                      "sla due",
                                      "sla show",
                                      "report",
                                      "case show",
                                      "case list",
                                      "check",
                                      "statement",
                                      "usage",
                                      "top-up add",
                                      "top-up void",
                                      "hold",
                                      "release",
                                      "changes",
                                      "adjust",
                                      "audit",
                                      "seal",
                                      "backup",
                                      "template add",
                                      "template list",
                                      "template show",
                                      "template remove",
                                      "rule add",
                                      "rule list",
                                      "rule remove",
                                      "purchase"}) {
        const Ran ran = desk(std::string{command} + " --help");
        EXPECT_EQ(ran.status, 0) << command;
        EXPECT_THAT(ran.out, AllOf(HasSubstr("Examples:\n  entitle "), HasSubstr("--json"),
                                   HasSubstr("--store"), HasSubstr("--at")))
            << command;
    }
}

}  // namespace program_test
