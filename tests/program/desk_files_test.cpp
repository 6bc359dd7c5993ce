#include <filesystem>

#include "desk_fixture.hpp"

/// What a desk takes in and gives out: plans, backups.
namespace program_test {

using testing::AllOf;
using testing::HasSubstr;

using DeskFiles = OnEachStore;
INSTANTIATE_TEST_SUITE_P(Places, DeskFiles, testing::Values("sqlite", "postgres"),
                         [](const auto& place) { return std::string{place.param}; });

namespace {

constexpr std::string_view whole_plan = R"({
  "policy": {
    "base": "desk",
    "overage": "negative"
  },
  "entitlements": [
    {
      "id": "cases",
      "name": "Support by the case",
      "customer": "Lumen",
      "first_day": "2014-01-01",
      "last_day": "2014-12-31",
      "time_zone": "Europe/Berlin",
      "allocation": "cases",
      "total": 8,
      "decrease_on": "creation",
      "restrict": true,
      "channels": {
        "email": 5,
        "phone": 3
      },
      "default": true,
      "top_ups": [
        {
          "amount": 3,
          "channel": "phone",
          "expires": "2014-09-01T00:00:00Z"
        },
        {
          "amount": 5,
          "priority": 200,
          "from": "2014-08-01T00:00:00Z"
        }
      ]
    },
    {
      "id": "hours",
      "name": "An engineer",
      "customer": "Harbour",
      "first_day": "2014-01-01",
      "last_day": "2014-12-31",
      "allocation": "hours",
      "total": "9:30:00",
      "decrease_on": "resolution",
      "period": {
        "every": 2,
        "step": "weeks",
        "anchor": "2014-01-06"
      },
      "rollover": 4,
      "preserve_overage": true,
      "products": [
        "Scanner"
      ],
      "priority": 7
    },
    {
      "id": "money",
      "name": "A budget",
      "customer": "Harbour",
      "first_day": "2014-01-01",
      "last_day": "2014-12-31",
      "allocation": "money",
      "currency": "EUR",
      "total": "1500.00",
      "decrease_on": "resolution",
      "contacts": [
        "Ida",
        "Jon"
      ]
    },
    {
      "id": "any",
      "name": "Any number",
      "customer": "Harbour",
      "first_day": "2014-01-01",
      "last_day": "2014-12-31",
      "allocation": "coverage",
      "decrease_on": "resolution"
    }
  ],
  "templates": [
    {
      "id": "Premium",
      "name": "Premium",
      "lasts": {
        "months": 12
      },
      "allocation": "cases",
      "total": 200,
      "decrease_on": "creation",
      "period": "month"
    }
  ],
  "rules": [
    {
      "product": "computer",
      "at_least": 500,
      "template": "Premium"
    }
  ]
}
)";

}  // namespace

TEST_P(DeskFiles, what_was_imported_is_exported) {
    done("init");
    EXPECT_EQ(done("import " + write("plan.json", whole_plan)),
              "imported: 4 entitlements, 1 templates, 1 rules\n");
    EXPECT_EQ(done("export"), whole_plan);
    EXPECT_THAT(done("purchase P --customer Lumen --product computer --quantity 500"),
                HasSubstr("200 cases left"));
    EXPECT_THAT(done("audit"), HasSubstr("ok"));
}

TEST_P(DeskFiles, an_import_is_whole_or_nothing) {
    make_desk();
    const std::string plan =
        write("plan.json", R"({"for_each_customer": {"name": "Basic", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "allocation": "cases", "total": 3, "decrease_on": "creation"},
        "entitlements": [{"id": "F", "name": "F", "customer": "Pine", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "allocation": "cases", "total": 3, "decrease_on": "creation"},
        {"id": "E", "name": "E", "customer": "Pine", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "allocation": "cases", "total": 3, "decrease_on": "creation"}]})");
    const std::string before = done("export");
    EXPECT_THAT(refused("import " + plan, 2),
                HasSubstr("plan.json: entitlements[1]: key_taken: there is an entitlement \"E\" already"));
    EXPECT_EQ(done("export"), before);
    EXPECT_THAT(done("customer list"), testing::Not(HasSubstr("Pine")));
    done("entitlement cancel E");
    done("entitlement renew E --as G");
    const Ran ran = desk("export");
    EXPECT_THAT(ran.err, HasSubstr("2 drafts and canceled entitlements are left out"));
}

TEST_P(DeskFiles, a_plan_of_another_policy_is_refused_once_there_is_something) {
    make_desk();
    const std::string plan = write("plan.json", whole_plan);
    EXPECT_THAT(refused("import " + plan), HasSubstr("(policy_mismatch)"));
    EXPECT_THAT(refused("import " + path_of("nowhere.json"), 2), HasSubstr("unreadable"));
    EXPECT_THAT(refused("import " + write("bad.json", "{"), 2), HasSubstr("bad_json"));
}

TEST_P(DeskFiles, each_customer_is_granted_what_the_plan_has_for_each) {
    done("init");
    done("customer add Lumen Harbour");
    done("import " + write("plan.json", R"({"for_each_customer": {"name": "Basic", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "allocation": "cases", "total": 3, "decrease_on": "creation"}})"));
    EXPECT_THAT(done("entitlement list"),
                AllOf(HasSubstr("Lumen        Lumen"), HasSubstr("Harbour      Harbour")));
}

TEST_P(DeskFiles, a_backup_is_a_desk) {
    make_desk();
    const std::string file = path_of("copy.db");
    const Ran ran = desk("backup " + file);
    if (std::string_view{GetParam()} == "postgres") {
        EXPECT_EQ(ran.status, 2);
        EXPECT_THAT(ran.err, HasSubstr("pg_dump"));
        return;
    }
    EXPECT_EQ(ran.status, 0);
    EXPECT_THAT(refused("backup " + file, 2), HasSubstr("is there already"));
    EXPECT_EQ(entitle({"export", "--store", file}).out, done("export"));
    EXPECT_THAT(refused("backup " + path_of("no/such/folder/copy.db"), 3), HasSubstr("entitle: "));
    EXPECT_THAT(refused("backup ''", 2), HasSubstr("\"\" is no name of a file"));
    EXPECT_THAT(refused("backup :memory:", 2), HasSubstr("no name of a file"));
    EXPECT_FALSE(std::filesystem::exists(":memory:"));
    EXPECT_FALSE(std::filesystem::exists(path_of("no")));
}

}  // namespace program_test
