#include <ostream>
#include <string>
#include <string_view>

#include "run_program.hpp"

/// Every fault of a plan: nothing runs, status 2, a line of standard error with its path and name.
namespace program_test {

namespace {

struct Fault {
    std::string_view name;
    std::string plan;
    std::string line;  ///< what follows `plan.json: `

    friend std::ostream& operator<<(std::ostream& out, const Fault& fault) { return out << fault.line; }
};

std::string two_of(std::string_view first, std::string_view second) {
    constexpr std::string_view rest =
        R"("name": "Gold", "first_day": "2014-01-01", "last_day": "2014-12-31", "allocation": "cases", "total": 5,
        "decrease_on": "creation", )";
    return R"({"entitlements": [{)" + std::string{rest} + std::string{first} + "}, {" + std::string{rest} +
           std::string{second} + "}]}";
}

/// As `plan_of`, but it decreases on resolution.
std::string late_plan_of(std::string_view more_keys) {
    std::string plan = plan_of(more_keys);
    constexpr std::string_view creation = "creation";
    return plan.replace(plan.find(creation), creation.size(), "resolution");
}

/// All keys of an entitlement but one.
std::string without(const std::string& key) {
    const std::string whole =
        R"({"entitlements": [{"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-01", )"
        R"("last_day": "2014-12-31", "allocation": "cases", "decrease_on": "creation", "total": 5}]})";
    const std::size_t begin = whole.find("\"" + key + "\"");
    const std::size_t comma = whole.find(", ", begin);
    return comma == std::string::npos ? whole.substr(0, begin - 2) + "}]}"
                                      : whole.substr(0, begin) + whole.substr(comma + 2);
}

const std::string whole_cases = R"("allocation": "cases", "total": 5, )";

const std::vector<Fault> faults{
    {"empty", "",
     "line 1, column 1: bad_json: syntax error while parsing value - unexpected end of input; expected "
     "'[', '{', or a literal"},
    {"not_an_object", "[]", "plan: wrong_type: an object is wanted"},
    {"a_number", "5", "plan: wrong_type: an object is wanted"},
    {"nothing_in_it", "{}",
     "entitlements: missing_key: entitlements, for_each_customer, templates, service_levels or calendars is "
     "needed"},
    {"unknown_key_of_the_plan", R"({"entitlements": [], "colour": {"a": [1, {}]}})",
     "colour: unknown_key: a plan has policy, entitlements, for_each_customer, templates, rules, calendars "
     "and service_levels"},
    {"repeated_key_of_the_plan", R"({"entitlements": [], "entitlements": []})",
     "entitlements: repeated_key: given twice"},
    {"entitlements_not_a_list", R"({"entitlements": {"id": "E"}})",
     "entitlements: wrong_type: a list is wanted"},
    {"an_entitlement_not_an_object", R"({"entitlements": ["E"]})",
     "entitlements[0]: wrong_type: an object is wanted"},
    {"unknown_key", plan_of(whole_cases + R"("colour": "red")"),
     "entitlements[0].colour: unknown_key: not a key of an entitlement"},
    {"repeated_key", plan_of(whole_cases + R"("name": "Silver")"),
     "entitlements[0].name: repeated_key: given twice"},
    {"missing_id", without("id"), "entitlements[0].id: missing_key: it is required"},
    {"missing_name", without("name"), "entitlements[0].name: missing_key: it is required"},
    {"missing_customer", without("customer"), "entitlements[0].customer: missing_key: it is required"},
    {"missing_first_day", without("first_day"), "entitlements[0].first_day: missing_key: it is required"},
    {"missing_last_day", without("last_day"), "entitlements[0].last_day: missing_key: it is required"},
    {"missing_allocation", without("allocation"), "entitlements[0].allocation: missing_key: it is required"},
    {"missing_decrease_on", without("decrease_on"),
     "entitlements[0].decrease_on: missing_key: it is required"},
    {"total_missing", without("total"), "entitlements[0].total: total_missing: it is required"},
    {"total_not_allowed", plan_of(R"("allocation": "coverage", "total": 1)"),
     "entitlements[0].total: total_not_allowed: coverage has no total"},
    {"period_unknown", plan_of(whole_cases + R"("period": "decade")"),
     "entitlements[0].period: unknown_value: \"decade\" is none of day, week, month, year"},
    {"period_of_another_type", plan_of(whole_cases + R"("period": 1)"),
     "entitlements[0].period: wrong_type: a text or an object is wanted"},
    {"period_without_a_step", plan_of(whole_cases + R"("period": {"every": 2})"),
     "entitlements[0].period.step: missing_key: it is required"},
    {"period_step_unknown", plan_of(whole_cases + R"("period": {"step": "month"})"),
     "entitlements[0].period.step: unknown_value: \"month\" is none of days, weeks, months, years"},
    {"period_of_nothing", plan_of(whole_cases + R"("period": {"every": 0, "step": "days"})"),
     "entitlements[0].period.every: period_length: a period lasts 1 to 65,535 steps"},
    {"period_too_long", plan_of(whole_cases + R"("period": {"every": 65536, "step": "days"})"),
     "entitlements[0].period.every: period_length: a period lasts 1 to 65,535 steps"},
    {"period_as_a_fraction", plan_of(whole_cases + R"("period": {"every": 1.5, "step": "days"})"),
     "entitlements[0].period.every: wrong_type: a whole number is wanted"},
    {"period_anchor", plan_of(whole_cases + R"("period": {"step": "days", "anchor": "2014-02-30"})"),
     "entitlements[0].period.anchor: day_invalid: \"2014-02-30\" is not a day as 2014-06-25"},
    {"period_key_unknown", plan_of(whole_cases + R"("period": {"step": "days", "colour": 1})"),
     "entitlements[0].period.colour: unknown_key: not a key of a period"},
    {"period_key_repeated", plan_of(whole_cases + R"("period": {"step": "days", "step": "days"})"),
     "entitlements[0].period.step: repeated_key: given twice"},
    {"period_of_coverage", plan_of(R"("allocation": "coverage", "period": "month")"),
     "entitlements[0].period: period_not_allowed: coverage has no total that could come anew"},
    {"rollover_without_a_period", plan_of(whole_cases + R"("rollover": 1)"),
     "entitlements[0].period: missing_key: rollover needs it"},
    {"preserve_overage_without_a_period", plan_of(whole_cases + R"("preserve_overage": true)"),
     "entitlements[0].period: missing_key: preserve_overage needs it"},
    {"preserve_overage_as_text", plan_of(whole_cases + R"("period": "day", "preserve_overage": "yes")"),
     "entitlements[0].preserve_overage: wrong_type: true or false is wanted"},
    {"rollover_not_whole", plan_of(whole_cases + R"("period": "day", "rollover": 0.5)"),
     "entitlements[0].rollover: total_not_whole: 0.5 cases is not a whole number"},
    {"rollover_beyond_the_limit", plan_of(whole_cases + R"("period": "day", "rollover": 100000000000)"),
     "entitlements[0].rollover: rollover_out_of_range: with the total it is more than 100,000,000,000 "
     "terms"},
    {"cases_not_whole", plan_of(R"("allocation": "cases", "total": 2.5)"),
     "entitlements[0].total: total_not_whole: 2.5 cases is not a whole number"},
    {"cases_as_text", plan_of(R"("allocation": "cases", "total": "5")"),
     "entitlements[0].total: wrong_type: a whole number is wanted"},
    {"exponents_are_not_plain", plan_of(R"("allocation": "cases", "total": 1e1)"),
     "entitlements[0].total: not_a_number: \"1e1\" is not a plain decimal number"},
    {"total_negative", plan_of(R"("allocation": "cases", "total": -1)"),
     "entitlements[0].total: total_out_of_range: -1 does not lie between 0 and 100,000,000,000"},
    {"total_too_large", plan_of(R"("allocation": "cases", "total": 100000000001)"),
     "entitlements[0].total: total_out_of_range: 100000000001 does not lie between 0 and 100,000,000,000"},
    {"total_beyond_64_bits", plan_of(R"("allocation": "cases", "total": 99999999999999999999999)"),
     "entitlements[0].total: total_out_of_range: 99999999999999999999999 does not lie between 0 and "
     "100,000,000,000"},
    {"total_beyond_every_number", plan_of(R"("allocation": "cases", "total": 1e999)"),
     "entitlements[0].total: total_out_of_range: a number beyond every limit"},
    {"total_null", plan_of(R"("allocation": "cases", "total": null)"),
     "entitlements[0].total: wrong_type: a whole number is wanted"},
    {"hours_not_whole_seconds", late_plan_of(R"("allocation": "hours", "total": 0.0001)"),
     "entitlements[0].total: total_not_whole: 0.0001 hours is not a whole number of seconds"},
    {"hours_with_61_minutes", late_plan_of(R"("allocation": "hours", "total": "1:61:00")"),
     "entitlements[0].total: not_a_number: \"1:61:00\" is not a plain decimal number"},
    {"hours_as_a_decimal_text", late_plan_of(R"("allocation": "hours", "total": "9.5")"),
     "entitlements[0].total: wrong_type: a number of hours, or \"H:MM:SS\", is wanted"},
    {"hours_need_resolution", plan_of(R"("allocation": "hours", "total": 9.5)"),
     "entitlements[0].decrease_on: hours_need_resolution: hours and money are known at resolution only"},
    {"money_needs_a_currency", late_plan_of(R"("allocation": "money", "total": "5")"),
     "entitlements[0].currency: missing_key: it is required"},
    {"currency_unknown", late_plan_of(R"("allocation": "money", "total": "5", "currency": "EURO")"),
     "entitlements[0].currency: currency_unknown: \"EURO\" is not in ISO 4217"},
    {"money_as_a_number", late_plan_of(R"("allocation": "money", "total": 5, "currency": "EUR")"),
     "entitlements[0].total: wrong_type: a text with a decimal number is wanted"},
    {"money_not_whole", late_plan_of(R"("allocation": "money", "total": "0.001", "currency": "EUR")"),
     "entitlements[0].total: total_not_whole: 0.001 EUR is not a whole number of its smallest unit"},
    {"allocation_unknown", plan_of(R"("allocation": "minutes", "total": 5)"),
     "entitlements[0].allocation: unknown_value: \"minutes\" is none of cases, hours, money, coverage"},
    {"allocation_not_a_text", plan_of(R"("allocation": 1, "total": 5)"),
     "entitlements[0].allocation: wrong_type: a text is wanted"},
    {"start_after_end",
     R"({"entitlements": [{"id": "E", "name": "N", "customer": "C", "first_day": "2014-01-02", "last_day": "2014-01-01",
         "allocation": "coverage", "decrease_on": "creation"}]})",
     "entitlements[0].last_day: start_after_end: 2014-01-01 is before the first day, 2014-01-02"},
    {"day_invalid",
     R"({"entitlements": [{"id": "E", "name": "N", "customer": "C", "first_day": "2014-02-30", "last_day": "2015-01-01",
         "allocation": "coverage", "decrease_on": "creation"}]})",
     "entitlements[0].first_day: day_invalid: \"2014-02-30\" is not a day as 2014-06-25"},
    {"decrease_on_unknown",
     R"({"entitlements": [{"id": "E", "name": "N", "customer": "C", "first_day": "2014-02-01", "last_day": "2015-01-01",
         "allocation": "coverage", "decrease_on": "closing"}]})",
     "entitlements[0].decrease_on: unknown_value: \"closing\" is neither creation nor resolution"},
    {"unknown_time_zone", plan_of(whole_cases + R"("time_zone": "Europe/Atlantis")"),
     "entitlements[0].time_zone: unknown_time_zone: \"Europe/Atlantis\" is not in this system's database"},
    {"time_zone_outside_the_database", plan_of(whole_cases + R"("time_zone": "../../../etc/passwd")"),
     "entitlements[0].time_zone: unknown_time_zone: \"../../../etc/passwd\" is not in this system's "
     "database"},
    {"channels_not_an_object", plan_of(whole_cases + R"("channels": ["email"])"),
     "entitlements[0].channels: wrong_type: an object is wanted"},
    {"duplicate_channel", plan_of(whole_cases + R"("channels": {"email": 1, "EMail": 1})"),
     "entitlements[0].channels.EMail: duplicate_channel: listed twice"},
    {"duplicate_channel_letter_by_letter", plan_of(whole_cases + R"("channels": {"email": 1, "email": 1})"),
     "entitlements[0].channels.email: duplicate_channel: listed twice"},
    {"channel_exceeds_total", plan_of(whole_cases + R"("channels": {"email": 6})"),
     "entitlements[0].channels.email: channel_exceeds_total: 6 cases is more than the total of 5 cases"},
    {"channel_not_whole", plan_of(whole_cases + R"("channels": {"email": 0.5})"),
     "entitlements[0].channels.email: total_not_whole: 0.5 cases is not a whole number"},
    {"channel_name_too_long", plan_of(whole_cases + R"("channels": {"12345678901234567890123456789012": 1})"),
     "entitlements[0].channels.12345678901234567890123456789012: channel_name: a channel's name has 1 to 31 "
     "bytes"},
    {"channel_name_empty", plan_of(whole_cases + R"("channels": {"": 1})"),
     "entitlements[0].channels.: channel_name: a channel's name has 1 to 31 bytes"},
    {"restrict_not_boolean", plan_of(whole_cases + R"("restrict": "yes")"),
     "entitlements[0].restrict: wrong_type: true or false is wanted"},
    {"default_not_boolean", plan_of(whole_cases + R"("default": 1)"),
     "entitlements[0].default: wrong_type: true or false is wanted"},
    {"priority_not_whole", plan_of(whole_cases + R"("priority": 1.5)"),
     "entitlements[0].priority: wrong_type: a whole number of at most 32 bits is wanted"},
    {"priority_too_large", plan_of(whole_cases + R"("priority": 2147483648)"),
     "entitlements[0].priority: wrong_type: a whole number of at most 32 bits is wanted"},
    {"products_not_a_list", plan_of(whole_cases + R"("products": "P")"),
     "entitlements[0].products: wrong_type: a list of keys is wanted"},
    {"a_contact_not_a_text", plan_of(whole_cases + R"("contacts": ["a", 5])"),
     "entitlements[0].contacts[1]: wrong_type: a text is wanted"},
    {"an_asset_without_a_key", plan_of(whole_cases + R"("assets": [""])"),
     "entitlements[0].assets[0]: key_length: a key has 1 to 200 characters"},
    {"name_empty",
     R"({"entitlements": [{"id": "E", "name": "", "customer": "C", "first_day": "2014-02-01", "last_day": "2015-01-01",
         "allocation": "coverage", "decrease_on": "creation"}]})",
     "entitlements[0].name: name_length: a name has 1 to 100 characters"},
    {"id_too_long",
     two_of(R"("id": "A", "customer": "C")", R"("customer": "C", "id": ")" + std::string(201, 'x') + "\""),
     "entitlements[1].id: key_length: a key has 1 to 200 characters"},
    {"duplicate_id", two_of(R"("id": "E", "customer": "C")", R"("id": "E", "customer": "D")"),
     "entitlements[1].id: duplicate_id: \"E\" is given twice"},
    {"two_defaults",
     two_of(R"("id": "E", "customer": "C", "default": true)",
            R"("id": "F", "customer": "C", "default": true)"),
     "entitlements[1].default: two_defaults: \"C\" has a default already"},
    {"for_each_customer_has_no_id",
     R"({"for_each_customer": {"id": "E", "name": "N", "first_day": "2014-01-01", "last_day": "2014-12-31",
         "allocation": "coverage", "decrease_on": "creation"}})",
     "for_each_customer.id: unknown_key: not a key of for_each_customer"},
    {"policy_unknown", R"({"policy": "crm2013", "entitlements": []})",
     "policy: unknown_policy: \"crm2013\" is none of standard, dynamics365, crm2014, desk"},
    {"policy_not_a_text", R"({"policy": 7, "entitlements": []})",
     "policy: wrong_type: the name of a policy is wanted"},
    {"policy_base_unknown", R"({"policy": {"base": "x"}, "entitlements": []})",
     "policy.base: unknown_policy: \"x\" is none of standard, dynamics365, crm2014, desk"},
    {"policy_unknown_choice", R"({"policy": {"base": "crm2014", "colour": "red"}, "entitlements": []})",
     "policy.colour: unknown_key: a policy has no such choice"},
    {"policy_unknown_value", R"({"policy": {"exhausted_channel": "admit"}, "entitlements": []})",
     "policy.exhausted_channel: unknown_policy: \"admit\" is none of refuse, count_negative"},
    {"policy_wrong_type", R"({"policy": {"renewable": true}, "entitlements": []})",
     "policy.renewable: wrong_type: a text is wanted"},
    {"policy_repeated_key", R"({"policy": {"base": "standard", "base": "crm2014"}, "entitlements": []})",
     "policy.base: repeated_key: given twice"},
    {"policy_days", R"({"policy": {"reopen_within_days": 1.5}, "entitlements": []})",
     "policy.reopen_within_days: wrong_type: null, or a whole number of days from 0 to 1,000,000 is wanted"},
    {"policy_hold", R"({"policy": {"hold_on_creation": "no"}, "entitlements": []})",
     "policy.hold_on_creation: wrong_type: true or false is wanted"},
};

class PlanFaults : public ProgramTest, public testing::WithParamInterface<Fault> {};

TEST_P(PlanFaults, nothing_runs_and_the_path_is_named) {
    const Ran run = replay(GetParam().plan, header);
    EXPECT_EQ(run.err, "plan.json: " + GetParam().line + "\n");
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.trace, "");
}

INSTANTIATE_TEST_SUITE_P(Each, PlanFaults, testing::ValuesIn(faults),
                         [](const auto& one) { return std::string{one.param.name}; });

}  // namespace

using PlanFault = ProgramTest;

TEST_F(PlanFault, every_fault_is_told_a_line_each) {
    const Ran run =
        replay(R"({"policy": "x", "entitlements": [{"id": 5, "colour": 1, "total": true}]})", header);
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(
        lines_of(run.err),
        testing::ElementsAre("plan.json: policy: unknown_policy: \"x\" is none of standard, dynamics365, "
                             "crm2014, desk",
                             "plan.json: entitlements[0].colour: unknown_key: not a key of an entitlement",
                             "plan.json: entitlements[0].id: wrong_type: a text is wanted",
                             "plan.json: entitlements[0].customer: missing_key: it is required",
                             "plan.json: entitlements[0].name: missing_key: it is required",
                             "plan.json: entitlements[0].first_day: missing_key: it is required",
                             "plan.json: entitlements[0].last_day: missing_key: it is required",
                             "plan.json: entitlements[0].allocation: missing_key: it is required",
                             "plan.json: entitlements[0].decrease_on: missing_key: it is required"));
}

TEST_F(PlanFault, a_misspelt_list_is_unknown_and_missing) {
    EXPECT_EQ(
        replay(R"({"entitlement": []})", header).err,
        "plan.json: entitlement: unknown_key: a plan has policy, entitlements, for_each_customer, templates, "
        "rules, calendars and service_levels\n"
        "plan.json: entitlements: missing_key: entitlements, for_each_customer, templates, service_levels or "
        "calendars "
        "is needed\n");
}

TEST_F(PlanFault, of_an_entitlement_for_each_customer_that_has_one_of_that_name) {
    const std::string plan =
        R"({"for_each_customer": {"name": "N", "first_day": "2014-01-01", "last_day": "2014-12-31",
        "allocation": "coverage", "decrease_on": "creation", "default": true},)" +
        plan_of().substr(1);
    const std::string events{header};
    const Ran same_id = replay(plan, events + "2014-07-01T09:00:00Z,open,c,E,,,,,,\n");
    EXPECT_EQ(same_id.status, 2);
    EXPECT_EQ(same_id.err, "plan.json: for_each_customer: duplicate_id: \"E\" is an entitlement's id\n");
}

TEST_F(PlanFault, of_a_default_for_each_customer_that_has_one) {
    const std::string plan =
        R"({"for_each_customer": {"name": "N", "first_day": "2014-01-01", "last_day": "2014-12-31",
        "allocation": "coverage", "decrease_on": "creation", "default": true},)" +
        plan_of(R"("allocation": "cases", "total": 5, "default": true)").substr(1);
    const Ran run = replay(plan, std::string{header} + "2014-07-01T09:00:00Z,open,c,C,,,,,,\n");
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.err, "plan.json: for_each_customer.default: two_defaults: \"C\" has a default already\n");
}

TEST_F(PlanFault, too_many_channels) {
    std::string channels;
    for (int i = 0; i < 251; ++i) channels += (i == 0 ? "" : ", ") + ("\"c" + std::to_string(i)) + "\": 1";
    const Ran run = replay(plan_of(whole_cases + R"("channels": {)" + channels + "}"), header);
    EXPECT_EQ(run.err,
              "plan.json: entitlements[0].channels: too_many_channels: an entitlement has at most 250\n");
}

}  // namespace program_test
