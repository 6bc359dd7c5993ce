#include "run_program.hpp"

/// Templates, assignment rules and purchases in the program's files.
namespace program_test {

using testing::ElementsAre;
using testing::HasSubstr;

/// Computers: 500 or more are Premium, fewer are Standard.
constexpr std::string_view shop = R"({
  "templates": [
    {"id": "Premium", "name": "Premium", "lasts": {"months": 12}, "allocation": "cases", "total": 200,
     "decrease_on": "creation", "period": "month"},
    {"id": "Standard", "name": "Standard", "lasts": {"months": 12}, "allocation": "cases", "total": 100,
     "decrease_on": "creation", "restrict": true, "period": "month", "channels": {"phone": 50, "email": 50}}],
  "rules": [
    {"product": "computer", "at_least": 500, "template": "Premium"},
    {"product": "computer", "at_least": 1, "template": "Standard"}]})";

constexpr std::string_view purchase_header =
    "at,event,case,customer,contact,product,origin,entitlement,minutes,decrement,purchase,quantity\n";

class Purchases : public ProgramTest {
public:
    [[nodiscard]] std::vector<std::string> outcomes(std::string_view plan,
                                                    const std::vector<std::string>& rows) const {
        return ProgramTest::outcomes(plan, rows, purchase_header);
    }
    [[nodiscard]] std::string fault(std::string_view plan) const {
        const Ran ran = replay(plan, purchase_header);
        EXPECT_EQ(ran.status, 2);
        return ran.err;
    }
};

TEST_F(Purchases, the_example_of_the_computers) {
    EXPECT_THAT(
        outcomes(shop, {"2014-07-01T00:00:00Z,purchase,,big,,computer,,,,,P-1,500",
                        "2014-07-01T00:00:00Z,purchase,,small,,computer,,,,,P-2,499",
                        "2014-07-02T00:00:00Z,open,a,big,,,twitter,,,,,",
                        "2014-07-02T00:00:00Z,open,b,small,,,twitter,,,,,",
                        "2014-07-02T00:00:00Z,open,b,small,,,phone,,,,,",
                        "2014-08-01T00:00:00Z,open,c,small,,,email,,,,,",
                        "2015-06-30T23:59:59Z,open,d,small,,,email,,,,,",
                        "2015-07-01T00:00:00Z,open,e,small,,,email,,,,,"}),
        ElementsAre("ok,,P-1,0,200,,", "ok,,P-2,0,100,,", "ok,,P-1,-1,199,,",
                    "not_entitled,channel_not_listed,,0,,,", "ok,,P-2,-1,99,phone,49",
                    "ok,,P-2,-1,99,email,49", "ok,,P-2,-1,99,email,49", "not_entitled,not_active,,0,,,"));
}

TEST_F(Purchases, again_are_repeats_and_with_other_facts_purchase_exists) {
    EXPECT_THAT(outcomes(shop, {"2014-07-01T00:00:00Z,purchase,,big,,computer,,,,,P-1,500",
                                "2014-07-02T00:00:00Z,open,a,big,,,,,,,,",
                                "2014-07-03T00:00:00Z,purchase,,big,,computer,,,,,P-1,500",
                                "2014-07-03T00:00:00Z,purchase,,big,,computer,,,,,P-1,501",
                                "2014-07-03T00:00:00Z,purchase,,small,,computer,,,,,P-1,500"}),
                ElementsAre("ok,,P-1,0,200,,", "ok,,P-1,-1,199,,", "ok,,P-1,0,199,,",
                            "purchase_exists,,,0,,,", "purchase_exists,,,0,,,"));
}

TEST_F(Purchases, that_no_rule_is_for_are_refused_and_may_come_again) {
    EXPECT_THAT(outcomes(shop, {"2014-07-01T00:00:00Z,purchase,,big,,pump,,,,,P-1,500",
                                "2014-07-01T00:00:00Z,purchase,,,,computer,,,,,P-1,500",
                                "2014-07-01T00:00:00Z,purchase,,big,,computer,,,,,P-1,500"}),
                ElementsAre("no_rule,,,0,,,", "customer_missing,,,0,,,", "ok,,P-1,0,200,,"));
}

TEST_F(Purchases, make_entitlements_that_other_events_can_name) {
    EXPECT_THAT(outcomes(shop, {"2014-07-01T00:00:00Z,purchase,,big,,computer,,,,,P-1,500",
                                "2014-07-02T00:00:00Z,cancel_entitlement,,,,,,P-1,,,,",
                                "2014-07-03T00:00:00Z,renew_entitlement,,,,,,P-1,,,,",
                                "2014-07-04T00:00:00Z,activate_entitlement,,,,,,P-1/2,,,,",
                                "2014-07-05T00:00:00Z,open,a,big,,,,P-1/2,,,,"}),
                ElementsAre("ok,,P-1,0,200,,", "ok,,P-1,0,200,,", "ok,,P-1/2,0,200,,", "ok,,P-1/2,0,200,,",
                            "ok,,P-1/2,-1,199,,"));
}

TEST_F(Purchases, whose_key_is_an_entitlements_are_known_by_the_next_that_is_free) {
    std::string plan{shop};
    plan.insert(1, R"("entitlements": [{"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "allocation": "cases", "total": 5, "decrease_on": "creation"}],)");
    const std::string rows = std::string{purchase_header} +
                             "2014-07-01T00:00:00Z,purchase,,C,,computer,,,,,E,500\n" +
                             "2014-07-01T00:00:00Z,purchase,,C,,computer,,,,,F,5\n";
    const Ran ran = replay(plan, rows);
    EXPECT_EQ(ran.status, 0);
    EXPECT_THAT(ran.trace, HasSubstr("1,ok,,E/2,0,200,,\n2,ok,,F,0,100,,\n"));
    const auto place = [&](const char* key) { return ran.out.find("\"id\": \"" + std::string{key} + "\""); };
    EXPECT_LT(place("E"), place("E/2"));
    EXPECT_LT(place("E/2"), place("F"));
    EXPECT_NE(place("F"), std::string::npos);
    EXPECT_THAT(ran.out, HasSubstr("\"audit\": \"ok\""));
}

TEST_F(Purchases, templates_of_fixed_days_with_a_scope_in_hours) {
    const std::string plan = R"({"templates": [{"id": "T", "name": "T", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "time_zone": "Asia/Tokyo", "allocation": "hours", "total": "9:30:00",
        "decrease_on": "resolution", "restrict": true, "products": ["computer"], "priority": 1}],
        "rules": [{"at_least": 0, "template": "T", "product": "computer"}]})";
    EXPECT_THAT(outcomes(plan, {"2014-07-01T00:00:00Z,purchase,,C,,computer,,,,,P,1",
                                "2014-12-31T14:59:59Z,open,a,C,,computer,,,,,,",
                                "2014-12-31T14:59:59Z,open,b,C,,pump,,,,,,",
                                "2014-12-31T15:00:00Z,open,b,C,,computer,,,,,,",
                                "2014-12-31T15:00:00Z,resolve,a,,,,,,30,,,"}),
                ElementsAre("ok,,P,0,34200,,", "ok,,P,0,34200,,", "not_entitled,product_out_of_scope,,0,,,",
                            "not_entitled,not_active,,0,,,", "ok,,P,-1800,32400,,"));
}

TEST_F(Purchases, that_cannot_be_read_are_bad_rows) {
    for (const auto& [row, said] : std::vector<std::pair<std::string, std::string>>{
             {"purchase,,C,,computer,,,,,,5", "purchase: bad_row: it is needed here"},
             {"purchase,,C,,,,,,,P,5", "product: bad_row: it is needed here"},
             {"purchase,,C,,computer,,,,,P,",
              "quantity: bad_row: \"\" is not a whole number from 1 to 1,000,000,000"},
             {"purchase,,C,,computer,,,,,P,0",
              "quantity: bad_row: \"0\" is not a whole number from 1 to 1,000,000,000"},
             {"purchase,,C,,computer,,,,,P,1.5", "quantity: bad_row: \"1.5\" is not"},
             {"purchase,,C,,computer,,,,,P,1000000001", "quantity: bad_row: \"1000000001\" is not"}}) {
        const Ran ran = replay(shop, std::string{purchase_header} + "2014-07-01T00:00:00Z," + row + "\n");
        EXPECT_EQ(ran.status, 1) << row;
        EXPECT_THAT(ran.err, HasSubstr(said)) << row;
    }
}

TEST_F(Purchases, in_a_file_without_their_columns_are_bad_rows) {
    const Ran ran = replay(shop, std::string{header} + "2014-07-01T00:00:00Z,purchase,,C,,computer,,,,\n");
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("purchase: bad_row: it is needed here"));
}

TEST_F(Purchases, faults_of_templates_and_rules_are_named_with_their_place) {
    const auto edited = [](std::string_view what, std::string_view with) {
        std::string plan{shop};
        plan.replace(plan.find(what), what.size(), with);
        return plan;
    };
    for (const auto& [plan, said] : std::vector<std::pair<std::string, std::string>>{
             {edited(R"("id": "Standard")", R"("id": "Premium")"),
              "templates[1].id: duplicate_id: \"Premium\" is given twice"},
             {edited(R"("id": "Premium",)", ""), "templates[0].id: missing_key"},
             {edited(R"("id": "Premium",)", R"("id": "Premium", "customer": "C",)"),
              "templates[0].customer: unknown_key: not a key of a template"},
             {edited(R"("id": "Premium",)", R"("id": "Premium", "default": true,)"),
              "templates[0].default: unknown_key: not a key of a template"},
             {edited(R"("lasts": {"months": 12})", R"("priority": 1)"),
              "templates[0].first_day: missing_key"},
             {edited(R"("lasts": {"months": 12})", R"("lasts": {"months": 12}, "first_day": "2014-01-01")"),
              "templates[0].first_day: unknown_key: it lasts from the day on which it is used"},
             {edited(R"({"months": 12})", "12"), "templates[0].lasts: wrong_type"},
             {edited(R"({"months": 12})", R"({"months": 12, "days": 1})"), "templates[0].lasts: wrong_type"},
             {edited(R"({"months": 12})", R"({"years": 12})"), "templates[0].lasts: wrong_type"},
             {edited(R"({"months": 12})", R"({"months": 0})"), "templates[0].lasts.months: template_length"},
             {edited(R"({"months": 12})", R"({"days": 65536})"), "templates[0].lasts.days: template_length"},
             {edited(R"({"months": 12})", R"({"days": "9"})"), "templates[0].lasts.days: template_length"},
             {edited(R"("total": 200)", R"("total": 2.5)"), "templates[0].total: total_not_whole"},
             {edited(R"("template": "Premium")", R"("template": "Gold")"),
              "rules[0].template: unknown_template: \"Gold\" is no template of the plan"},
             {edited(R"("at_least": 500)", R"("at_least": 1)"), "rules[1].at_least: duplicate_rule"},
             {edited(R"("at_least": 500)", R"("at_least": -1)"), "rules[0].at_least: quantity_out_of_range"},
             {edited(R"("at_least": 500)", R"("at_least": 0.5)"), "rules[0].at_least: wrong_type"},
             {edited(R"("at_least": 500, )", ""), "rules[0].at_least: missing_key"},
             {edited(R"("at_least": 500)", R"("at_least": 500, "units": 1)"), "rules[0].units: unknown_key"},
             {edited(R"("product": "computer")", R"("product": "")"), "rules[0].product: key_length"},
             {R"({"templates": {}})", "templates: wrong_type: a list is wanted"},
             {R"({"templates": [], "rules": 1})", "rules: wrong_type: a list is wanted"},
             {R"({"rules": []})", "entitlements: missing_key"},
             {R"({"templates": [], "rules": [1]})", "rules[0]: wrong_type: an object is wanted"},
             {R"({"entitlements": [{"lasts": {"days": 1}}]})", "entitlements[0].lasts: unknown_key"}}) {
        EXPECT_THAT(fault(plan), HasSubstr("plan.json: " + said)) << plan;
    }
}

TEST_F(Purchases, in_a_file_or_memory_are_the_same_to_the_byte) {
    const std::string rows = std::string{purchase_header} +
                             "2014-07-01T00:00:00Z,purchase,,big,,computer,,,,,P-1,500\n"
                             "2014-07-02T00:00:00Z,open,a,big,,,phone,,,,,\n"
                             "2014-07-03T00:00:00Z,purchase,,big,,computer,,,,,P-1,500\n"
                             "2014-07-03T00:00:00Z,purchase,,big,,computer,,,,,P-1,5\n";
    const Ran memory = replay(shop, rows);
    const Ran file = replay(shop, rows, {"--store", path_of("desk.db")});
    EXPECT_EQ(memory.status, 0);
    EXPECT_EQ(file.status, 0);
    EXPECT_EQ(memory.trace, file.trace);
    EXPECT_EQ(memory.out, file.out);
}

}  // namespace program_test
