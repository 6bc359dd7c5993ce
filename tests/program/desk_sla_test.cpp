#include <nlohmann/json.hpp>

#include "desk_fixture.hpp"

/// Service levels of a desk: kept by a plan, asked of by cases, told of before they are missed and after.
namespace program_test {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using SlaJson = nlohmann::json;

namespace {

/// As `export` writes it: everything that a plan can say of calendars and service levels.
constexpr std::string_view promised_plan = R"({
  "policy": "standard",
  "entitlements": [
    {
      "id": "G",
      "name": "Gold support",
      "customer": "Lumen",
      "first_day": "2014-01-01",
      "last_day": "2014-12-31",
      "time_zone": "Europe/Berlin",
      "allocation": "cases",
      "total": 50,
      "decrease_on": "creation",
      "sla": "gold"
    },
    {
      "id": "B",
      "name": "Basic support",
      "customer": "Harbour",
      "first_day": "2014-01-01",
      "last_day": "2014-12-31",
      "allocation": "cases",
      "total": 50,
      "decrease_on": "creation"
    }
  ],
  "templates": [
    {
      "id": "T",
      "name": "T",
      "lasts": {
        "months": 12
      },
      "allocation": "cases",
      "total": 5,
      "decrease_on": "creation",
      "sla": "gold"
    }
  ],
  "calendars": [
    {
      "id": "office",
      "time_zone": "Europe/Berlin",
      "week": {
        "monday": [
          "09:00-12:00",
          "13:00-18:00"
        ],
        "tuesday": [
          "09:00-17:00"
        ],
        "wednesday": [
          "09:00-17:00"
        ],
        "thursday": [
          "09:00-24:00"
        ],
        "friday": [
          "09:00:30-17:00"
        ]
      },
      "holidays": [
        "2014-12-25",
        "2014-12-26"
      ],
      "shifts": [
        {
          "day": "2014-07-05",
          "hours": [
            "10:00-14:00"
          ]
        }
      ],
      "breaks": [
        {
          "day": "2014-07-08",
          "hours": [
            "09:00-10:00"
          ]
        }
      ]
    },
    {
      "id": "short days",
      "week": {
        "monday": [
          "09:00-17:00"
        ]
      },
      "daily_breaks": [
        "12:00-12:30"
      ]
    }
  ],
  "service_levels": [
    {
      "id": "gold",
      "kpis": [
        {
          "name": "respond",
          "goal": "first_response",
          "fail_after": 1,
          "calendar": "office"
        },
        {
          "name": "resolve",
          "goal": "resolution",
          "warn_after": 2,
          "fail_after": "4:30:00",
          "pausing": [
            "waiting for customer"
          ]
        },
        {
          "name": "urgent",
          "goal": "resolution",
          "fail_after": 2,
          "priorities": [
            1,
            2
          ],
          "channels": [
            "phone"
          ],
          "products": [
            "Scanner"
          ],
          "contacts": [
            "Ida"
          ],
          "assets": [
            "S-1"
          ],
          "case_types": [
            "outage"
          ]
        },
        {
          "name": "review",
          "goal": "own",
          "fail_after": 3
        }
      ]
    },
    {
      "id": "silver",
      "default": true,
      "kpis": [
        {
          "name": "resolve",
          "goal": "resolution",
          "fail_after": 8
        }
      ]
    }
  ]
}
)";

}  // namespace

/// `G`, of Lumen, in Berlin, promises gold; `B`, of Harbour, the default silver. It is Tuesday.
class DeskSla : public OnEachStore {
public:
    void make_promising_desk() const {
        done("init");
        done("import " + write("promised.json", promised_plan));
    }
    [[nodiscard]] SlaJson json(const std::string& line, std::string_view at = noon) const {
        return SlaJson::parse(done(line + " --json", at));
    }
};
INSTANTIATE_TEST_SUITE_P(Places, DeskSla, testing::Values("sqlite", "postgres"),
                         [](const auto& place) { return std::string{place.param}; });

TEST_P(DeskSla, what_was_imported_is_exported_and_imported_again) {
    done("init");
    const std::string plan = write("promised.json", promised_plan);
    EXPECT_EQ(done("import " + plan),
              "imported: 2 entitlements, 1 templates, 0 rules, 2 calendars, 2 service levels\n");
    EXPECT_EQ(done("export"), promised_plan);
    const std::string other = path_of("other.db");
    EXPECT_EQ(entitle({"init", "--store", other}).status, 0);
    EXPECT_EQ(entitle({"import", plan, "--store", other}).status, 0);
    EXPECT_EQ(entitle({"export", "--store", other}).out, promised_plan);
}

TEST_P(DeskSla, a_level_that_promises_something_else_is_refused_and_nothing_is_taken_over) {
    make_promising_desk();
    const auto levels = [this](std::string_view hours) {
        return write("more.json", R"({"calendars": [{"id": "office", "week": {}}, {"id": "new", "week": {}}],
            "service_levels": [{"id": "silver", "kpis": [
            {"name": "resolve", "goal": "resolution", "fail_after": )" +
                                      std::string{hours} + "}]}]}");
    };
    EXPECT_THAT(
        refused("import " + levels("9"), 2),
        AllOf(HasSubstr("more.json: service_levels[0]: service_level_exists: the desk's service level "
                        "\"silver\" promises something else"),
              HasSubstr("give this one an id of its own\n")));
    EXPECT_EQ(done("export"), promised_plan);
    EXPECT_EQ(done("import " + levels("8")),
              "imported: 0 entitlements, 0 templates, 0 rules, 2 calendars, 1 service levels\n");
    const SlaJson now = json("export");
    EXPECT_EQ(now["calendars"].size(), 3U);
    EXPECT_EQ(now["calendars"][0]["week"], SlaJson::object()) << "in the place of the former";
    EXPECT_EQ(now["service_levels"][1]["default"], true) << "as it was";
}

TEST_P(DeskSla, a_plan_may_say_calendars_alone) {
    make_desk();
    const auto plan = write("calendars.json", R"({"calendars": [{"id": "office", "week": {}}]})");
    EXPECT_EQ(done("import " + plan),
              "imported: 0 entitlements, 0 templates, 0 rules, 1 calendars, 0 service levels\n");
    EXPECT_EQ(json("export")["calendars"].size(), 1U);
}

TEST_P(DeskSla, an_agreement_names_a_level_that_the_desk_has) {
    make_promising_desk();
    const auto agreed = [this](std::string_view level) {
        return write("more.json", R"({"entitlements": [{"id": "C", "name": "C", "customer": "Pine",
            "first_day": "2014-01-01", "last_day": "2014-12-31", "allocation": "cases", "total": 5,
            "decrease_on": "creation", "sla": ")" +
                                      std::string{level} + "\"}]}");
    };
    EXPECT_EQ(refused("import " + agreed("silvr"), 2),
              path_of("more.json") +
                  ": entitlements[0]: unknown_service_level: there is no service level \"silvr\"\n");
    done("import " + agreed("silver"));
    EXPECT_THAT(done("entitlement show C"), HasSubstr("service level  silver"));
    const std::string terms = " --customer Lumen --from 2014-01-01 --to 2014-12-31 --cases 5 --sla ";
    EXPECT_EQ(
        refused("entitlement add D" + terms + "silvr"),
        "entitle: there is no service level \"silvr\" (unknown_service_level); `entitle sla list` shows "
        "those there are\n");
    done("entitlement add D" + terms + "gold");
    EXPECT_EQ(json("entitlement show D")["sla"], "gold");
    done("entitlement revise D --cases 6");
    EXPECT_EQ(json("entitlement show D")["sla"], "gold");
    done("entitlement revise D --sla ''");
    EXPECT_EQ(json("entitlement show D")["sla"], nullptr);
    done("entitlement add F --customer Lumen --template T");
    EXPECT_EQ(json("entitlement show F")["sla"], "gold");
}

TEST_P(DeskSla, an_opening_says_by_when_in_the_entitlements_zone) {
    make_promising_desk();
    EXPECT_EQ(
        done("case open K-1 --customer Lumen"),
        "case K-1 opened; G: -1 case, 49 cases left; respond by 2014-07-01 15:00; resolve by 2014-07-01 "
        "18:30\n");
    const SlaJson told = json("case open K-2 --customer Lumen --priority 3 --stage 'waiting for customer'");
    EXPECT_EQ(told["respond_by"], (SlaJson{{"warn_at", nullptr}, {"fail_at", "2014-07-01T13:00:00Z"}}));
    EXPECT_FALSE(told.contains("resolve_by")) << "its clock stands";
    EXPECT_THAT(done("case open K-3 --customer Harbour"), HasSubstr("; resolve by 2014-07-01 20:00\n"));
    EXPECT_THAT(done("case open K-4 --customer Harbour --sla gold"),
                HasSubstr("; respond by 2014-07-01 13:00"));
    EXPECT_THAT(refused("case open K-5 --customer Lumen --sla silvr"), HasSubstr("unknown_service_level"));
    EXPECT_THAT(refused("case open K-5 --customer Lumen --stage '" + std::string(32, 's') + "'", 2),
                HasSubstr("a name has 1 to 31 bytes"));
    (void)refused("case open K-5 --customer Lumen --priority 256", 2);
    (void)refused("case show K-5");
}

TEST_P(DeskSla, a_case_shows_its_promises) {
    make_promising_desk();
    done("case open K-1 --customer Lumen --priority 3 --stage desk");
    done("case stage K-1 'waiting for customer'", "2014-07-01T13:30:00Z");
    EXPECT_EQ(done("case show K-1", "2014-07-01T14:00:00Z"),
              "case           K-1\n"
              "customer       Lumen\n"
              "state          open since 2014-07-01 14:00\n"
              "entitlement    G\n"
              "used           1 case\n"
              "priority       3\n"
              "stage          waiting for customer\n"
              "service level  gold\n"
              "\n"
              "service level  KPI      goal            status       due               elapsed   paused\n"
              "gold           respond  first response  missed !     2014-07-01 15:00  2:00:00\n"
              "gold           resolve  resolution      paused                         1:30:00  0:30:00\n"
              "gold           review   own             in progress  2014-07-01 17:00  2:00:00\n");
    const SlaJson shown = json("case show K-1", "2014-07-01T14:00:00Z");
    EXPECT_EQ(shown["priority"], 3);
    EXPECT_EQ(shown["stage"], "waiting for customer");
    EXPECT_EQ(shown["service_level"], "gold");
    EXPECT_EQ(shown["responded"], false);
    EXPECT_EQ(shown["promises"], json("sla show K-1", "2014-07-01T14:00:00Z"));
    EXPECT_EQ(shown["promises"][1],
              SlaJson::parse(R"({"service_level": "gold", "kpi": "resolve", "goal": "resolution",
        "status": "paused", "started": "2014-07-01T12:00:00Z", "warn_at": "2014-07-01T14:00:00Z",
        "fail_at": "2014-07-01T16:30:00Z", "ended": null, "elapsed": 5400, "paused": 1800})"));
    done("case open K-2 --customer Harbour");
    EXPECT_THAT(done("sla show K-2"), HasSubstr("in progress"));
    EXPECT_THAT(refused("sla show K-3"), HasSubstr("unknown_case"));
}

TEST_P(DeskSla, what_happens_to_a_case_happens_to_its_promises) {
    make_promising_desk();
    done("case open K-1 --customer Lumen");
    EXPECT_EQ(done("case respond K-1"),
              "case K-1 has had its first response; G: 49 cases left; resolve by 2014-07-01 18:30\n");
    EXPECT_EQ(done("case stage K-1 'waiting for customer'"),
              "case K-1 is in the stage waiting for customer; G: 49 cases left\n");
    EXPECT_THAT(done("case stage K-1 --none", "2014-07-01T13:00:00Z"),
                HasSubstr("is in no stage; G: 49 cases left; resolve by 2014-07-01 19:30\n"));
    EXPECT_THAT(done("case priority K-1 2", "2014-07-01T13:00:00Z"), HasSubstr("case K-1 has priority 2; "));
    EXPECT_THAT(done("case priority K-1 0", "2014-07-01T13:00:00Z"), HasSubstr("case K-1 has no priority; "));
    EXPECT_THAT(done("case meet K-1 review", "2014-07-01T13:00:00Z"), HasSubstr("case K-1 has met review; "));
    EXPECT_THAT(done("case sla K-1 silver", "2014-07-01T13:00:00Z"),
                HasSubstr("has the service level silver; G: 49 cases left; resolve by 2014-07-01 23:00\n"));
    EXPECT_THAT(done("case show K-1", "2014-07-01T13:00:00Z"),
                AllOf(HasSubstr("service level  silver, its own"), HasSubstr("responded      yes"),
                      HasSubstr("met"), HasSubstr("canceled"), HasSubstr("in progress")));
    EXPECT_THAT(done("case sla K-1 --none", "2014-07-01T13:00:00Z"),
                HasSubstr("no service level of its own"));
    EXPECT_THAT(done("case show K-1", "2014-07-01T13:00:00Z"), HasSubstr("service level  gold\n"));
    const std::string ledger = done("statement G");
    EXPECT_THAT(ledger, AllOf(HasSubstr("respond_to_case"), HasSubstr("K-1, waiting for customer"),
                              HasSubstr("K-1, review"), HasSubstr("K-1, silver")));
    EXPECT_THAT(done("statement G --json"), HasSubstr("\"reason\": \"silver\""));
    EXPECT_THAT(done("audit"), HasSubstr("entries: ok\n"));
}

TEST_P(DeskSla, what_cannot_be_told_of_a_case_is_refused) {
    make_promising_desk();
    done("case open K-1 --customer Lumen");
    EXPECT_EQ(
        refused("case meet K-1 revue"),
        "entitle: the service level has no such KPI (unknown_kpi); `entitle sla list` shows those there "
        "are\n");
    EXPECT_THAT(refused("case meet K-1 resolve"), HasSubstr("(kpi_not_own); use `entitle case respond` or"));
    done("case meet K-1 review");
    EXPECT_THAT(refused("case meet K-1 review"), HasSubstr("(kpi_not_open); `entitle sla show`"));
    EXPECT_THAT(refused("case sla K-1 silvr"), HasSubstr("(unknown_service_level)"));
    EXPECT_THAT(refused("case stage K-1", 2), HasSubstr("say which: NAME, or --none"));
    EXPECT_THAT(refused("case stage K-1 ''", 2), HasSubstr("say which"));
    EXPECT_THAT(refused("case sla K-1", 2), HasSubstr("say which"));
    (void)refused("case sla K-1 gold --none", 2);
    (void)refused("case priority K-1 -1", 2);
    (void)refused("case priority K-1 high", 2);
    (void)refused("case priority K-1", 2);
    for (const char* command :
         {"respond K-2", "stage K-2 --none", "priority K-2 1", "sla K-2 gold", "meet K-2 x"})
        EXPECT_THAT(refused(std::string{"case "} + command), HasSubstr("(unknown_case)")) << command;
    done("case resolve K-1");
    EXPECT_THAT(refused("case respond K-1"), HasSubstr("the case is resolved (case_state)"));
    EXPECT_EQ(json("report")["refusals"], SlaJson::array()) << "no customer asked for any of it";
}

TEST_P(DeskSla, levels_are_listed_with_their_calendars) {
    done("init");
    EXPECT_THAT(done("sla list"), HasSubstr("no service levels yet; `entitle import`"));
    done("import " + write("promised.json", promised_plan));
    const auto told = lines_of(done("sla list"));
    const std::string head =
        "service level  KPI      goal            warned after  missed after  calendar   for";
    ASSERT_EQ(told.size(), 6U);
    EXPECT_THAT(told[0], AllOf(testing::StartsWith(head), testing::EndsWith("  paused")));
    EXPECT_EQ(told[1], "gold           respond  first response                     1:00:00  office");
    EXPECT_THAT(told[2],
                AllOf(testing::StartsWith(
                          "gold           resolve  resolution           2:00:00       4:30:00  all hours  "),
                      testing::EndsWith("  in waiting for customer")));
    EXPECT_THAT(told[3],
                testing::EndsWith("all hours  priority 1, 2; channel phone; product Scanner; contact "
                                  "Ida; asset S-1; case type outage"));
    EXPECT_THAT(told[4], HasSubstr("review   own  "));
    EXPECT_EQ(told[5], "silver *       resolve  resolution                         8:00:00  all hours");
    const SlaJson levels = json("sla list");
    EXPECT_EQ(levels[0]["kpis"][1]["fail_after"], 16200);
    EXPECT_EQ(levels[0]["kpis"][0]["calendar"], "office");
    EXPECT_EQ(levels[0]["default"], false);
    EXPECT_EQ(levels[1]["default"], true);
}

TEST_P(DeskSla, what_is_about_to_be_missed_comes_soonest_first) {
    make_promising_desk();
    EXPECT_EQ(done("sla due"), "nothing is due until 2014-07-02T12:00:00Z\n");
    done("case open K-1 --customer Lumen");
    done("case open K-2 --customer Harbour");
    EXPECT_EQ(done("sla due --until 2014-07-01T20:00:00Z", "2014-07-01T14:30:00Z"),
              "due               status       KPI      case  customer  entitlement  service level\n"
              "2014-07-01 15:00  missed !     respond  K-1   Lumen     G            gold\n"
              "2014-07-01 17:00  in progress  review   K-1   Lumen     G            gold\n"
              "2014-07-01 18:30  nearing      resolve  K-1   Lumen     G            gold\n"
              "2014-07-01 20:00  in progress  resolve  K-2   Harbour   B            silver\n");
    EXPECT_THAT(done("sla due --within 2:59:59"), Not(HasSubstr("review")));
    EXPECT_THAT(done("sla due --within 3 --customer Lumen"), HasSubstr("review"));
    EXPECT_EQ(done("sla due --within 3 --customer Harbour"), "nothing is due until 2014-07-01T15:00:00Z\n");
    EXPECT_EQ(json("sla due", "2014-07-01T14:30:00Z")[0],
              SlaJson::parse(R"({"case": "K-1", "customer": "Lumen", "entitlement": "G",
        "service_level": "gold", "kpi": "respond", "status": "noncompliant", "warn_at": null,
        "fail_at": "2014-07-01T13:00:00Z"})"));
    EXPECT_THAT(refused("sla due --within soon", 2), HasSubstr("\"soon\" is no number of hours"));
    (void)refused("sla due --within -1", 2);
    EXPECT_THAT(refused("sla due --within 9999999999", 2), HasSubstr("hours up to a hundred years"));
    (void)refused("sla due --until tomorrow", 2);
    (void)refused("sla due --until 2014-07-01T20:00:00Z --within 3", 2);
    EXPECT_THAT(refused("sla due --customer Nobody"), HasSubstr("unknown_customer"));
}

TEST_P(DeskSla, changes_tell_what_time_does_to_promises) {
    make_promising_desk();
    done("case open K-1 --customer Lumen");
    EXPECT_EQ(done("changes --days 1"),
              "at                customer  entitlement  what\n"
              "2014-07-01 15:00  Lumen     G            respond of K-1 is missed\n"
              "2014-07-01 16:00  Lumen     G            resolve of K-1 is about to be missed\n"
              "2014-07-01 17:00  Lumen     G            review of K-1 is missed\n"
              "2014-07-01 18:30  Lumen     G            resolve of K-1 is missed\n");
    EXPECT_EQ(json("changes --days 1")[1],
              SlaJson::parse(R"({"at": "2014-07-01T14:00:00Z", "customer": "Lumen", "entitlement": "G",
        "kind": "kpi_nearing", "case": "K-1", "service_level": "gold", "kpi": "resolve"})"));
}

/// K-1 is answered in time and resolved late, K-2 is open, K-3 is canceled.
TEST_P(DeskSla, a_report_tells_in_each_form_whether_promises_were_kept) {
    make_promising_desk();
    for (const char* key : {"K-1", "K-2", "K-3"}) done(std::string{"case open "} + key + " --customer Lumen");
    done("case respond K-1", "2014-07-01T12:30:00Z");
    done("case cancel K-3", "2014-07-01T12:30:00Z");
    done("case resolve K-1", "2014-07-01T18:00:00Z");
    const std::string later = "2014-07-01T19:00:00Z";
    EXPECT_THAT(done("report", later),
                HasSubstr("\nservice level  KPI      in time  missed    kept  open  canceled\n"
                          "gold           respond        1       1  50.0 %     0         1\n"
                          "gold           resolve        0       2   0.0 %     0         1\n"
                          "gold           review         0       2   0.0 %     0         1\n"));
    const SlaJson told = json("report", later)["attainment"];
    ASSERT_EQ(told.size(), 3U);
    EXPECT_EQ(told[0], SlaJson::parse(R"({"service_level": "gold", "kpi": "respond", "goal": "first_response",
        "succeeded": 1, "noncompliant": 1, "in_progress": 0, "canceled": 1, "kept": 0.5})"));
    done("report --html " + path_of("report.html") + " --csv " + path_of("report.csv"), later);
    EXPECT_THAT(read_file(path_of("report.html")),
                AllOf(HasSubstr("Whether promises were kept"),
                      HasSubstr("<td class=\"n\"><data value=\"2\">2</data></td>"), HasSubstr("50.0 %")));
    EXPECT_THAT(read_file(path_of("report.csv")),
                AllOf(HasSubstr("attainment,,,succeeded,,,,,,,,,,gold: respond,1\n"),
                      HasSubstr("attainment,,,noncompliant,,,,,,,,,,gold: resolve,2\n"),
                      HasSubstr("attainment,,,canceled,,,,,,,,,,gold: review,1\n")));
}

TEST_P(DeskSla, a_report_of_the_past_tells_of_promises_as_they_were) {
    make_promising_desk();
    EXPECT_EQ(json("report")["attainment"], SlaJson::array());
    done("case open K-1 --customer Lumen");
    done("case resolve K-1", "2014-07-01T12:30:00Z");
    done("case open K-2 --customer Harbour", "2014-07-01T13:00:00Z");
    EXPECT_THAT(done("report", "2014-07-01T12:15:00Z"),
                AllOf(HasSubstr("gold           resolve        0       0     -     1         0\n"),
                      Not(HasSubstr("silver"))));
    EXPECT_THAT(done("report", "2014-07-01T14:00:00Z"),
                AllOf(HasSubstr("gold           resolve        1       0  100.0 %     0         0\n"),
                      HasSubstr("silver")));
}

/// A log has no priorities and no answers: what its plan promises counts from when it is imported.
TEST_P(DeskSla, a_replayed_desk_knows_the_names_of_levels_and_an_import_adds_what_they_promise) {
    const std::string levels = R"("service_levels": [{"id": "gold", "kpis": [
        {"name": "k", "goal": "resolution", "fail_after": 1}]}])";
    const std::string plan =
        "{" + levels + R"(, "entitlements": [{"id": "E", "name": "E", "customer": "C", "sla": "gold",
        "first_day": "2014-01-01", "last_day": "2014-12-31", "allocation": "cases", "total": 5,
        "decrease_on": "creation"}]})";
    const std::string events =
        write("events.csv", std::string{header} + "2014-06-01T00:00:00Z,open,K-1,C,,,,,,\n");
    EXPECT_EQ(entitle({"replay", write("plan.json", plan), events, "--store", place()}).status, 0);
    EXPECT_THAT(done("export"), HasSubstr("\"sla\": \"gold\""));
    EXPECT_THAT(done("sla list"), HasSubstr("no service levels yet"));
    EXPECT_EQ(done("sla show K-1"), "nothing is promised\n");
    done("import " + write("levels.json", "{" + levels + "}"));
    EXPECT_THAT(done("case open K-2 --customer C"), HasSubstr("resolve by 2014-07-01 13:00"));
}

}  // namespace program_test
