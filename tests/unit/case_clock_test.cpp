#include "entitle/sla/case_clock.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Section 11: what happens to a case, and what becomes of the promises made to it. By instants computed by hand.

namespace entitle::sla {
namespace {

using namespace date::literals;
using namespace std::chrono_literals;
using std::chrono::microseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using enum KpiStatus;

/// June 2, 2014 is a Monday.
constexpr Instant mon(microseconds time) { return date::sys_days{2014_y / 6 / 2} + time; }
constexpr Instant tue(microseconds time) { return mon(24h + time); }
constexpr Instant wed(microseconds time) { return mon(48h + time); }

const CalendarId office_id = CalendarId::from_integer(1);
const Stage waiting = *Stage::named("waiting for the customer");

const Calendars& calendars() {
    static const Calendars made = [] {
        const std::vector<OpenHours> hours{{9h, 17h}};
        Calendars all;
        EXPECT_TRUE(all.set(office_id, {.week = {hours, hours, hours, hours, hours, {}, {}}}));
        return all;
    }();
    return made;
}

/// A response within an office hour, a resolution within eight, urgent ones within two hours of any day, and a
/// review of the host's own.
const ServiceLevel& gold() {
    static const ServiceLevel level{
        .id = SlaId::from_integer(1),
        .name = "gold",
        .kpis = {
            {.name = "respond", .goal = KpiGoal::first_response, .fail_after = 1h, .calendar = office_id},
            {.name = "resolve",
             .warn_after = 6h,
             .fail_after = 8h,
             .calendar = office_id,
             .pausing = {waiting}},
            {.name = "urgent", .fail_after = 2h, .applies = {.priorities = {1}}},
            {.name = "review", .goal = KpiGoal::own, .fail_after = 4h, .calendar = office_id}}};
    return level;
}

/// A case on a service level, and what its promises are.
struct Case {
    CaseService is{};
    CaseFacts about{};
    CaseClock clock{&gold(), calendars()};
    std::vector<KpiInstance>& kpis = is.kpis;

    explicit Case(Instant at, CasePriority priority = 3, const Stage& stage = {}) {
        is.priority = priority;
        is.stage = stage;
        clock.follow(is, about, at);
    }
    Case(const Case&) = delete;
    Case& operator=(const Case&) = delete;
    ~Case() = default;

    void enter(const Stage& stage, Instant now) {
        is.stage = stage;
        clock.follow(is, about, now);
    }
    void prioritize(CasePriority priority, Instant now) {
        is.priority = priority;
        clock.follow(is, about, now);
    }
    void reopen(Instant now) {
        CaseClock::reopen(is, now);
        clock.follow(is, about, now);
    }
    std::vector<std::string> at(Instant now) const {
        std::vector<std::string> out;
        for (const KpiInstance& kpi : kpis) {
            out.push_back(fmt::format("{} {}", gold().kpis[kpi.kpi].name, status_of(kpi, now)));
        }
        return out;
    }
};

TEST(CaseClock, opening_starts_what_is_promised_to_such_a_case) {
    EXPECT_THAT(Case{mon(9h)}.at(mon(9h)),
                ElementsAre("respond in_progress", "resolve in_progress", "review in_progress"));
    EXPECT_THAT(Case(mon(9h), 1).at(mon(9h)), ElementsAre("respond in_progress", "resolve in_progress",
                                                          "urgent in_progress", "review in_progress"));
}

TEST(CaseClock, a_response_succeeds_its_promise_alone) {
    Case one{mon(9h)};
    one.clock.respond(one.is, mon(9h + 59min));
    EXPECT_THAT(one.at(mon(16h)),
                ElementsAre("respond succeeded", "resolve nearing_noncompliance", "review noncompliant"));
}

TEST(CaseClock, a_resolution_succeeds_the_response_too_and_the_hosts_own_are_canceled) {
    Case one{mon(9h)};
    one.clock.resolve(one.is, mon(9h + 30min));
    EXPECT_THAT(one.at(wed(9h)), ElementsAre("respond succeeded", "resolve succeeded", "review canceled"));
    Case late{mon(9h)};
    late.clock.resolve(late.is, tue(12h));
    EXPECT_THAT(late.at(wed(9h)),
                ElementsAre("respond noncompliant", "resolve noncompliant", "review noncompliant"));
}

TEST(CaseClock, the_hosts_own_is_met_when_it_says_so) {
    Case one{mon(9h)};
    EXPECT_TRUE(one.clock.meet(one.is, "review", mon(10h)));
    EXPECT_THAT(one.at(mon(10h)),
                ElementsAre("respond noncompliant", "resolve in_progress", "review succeeded"));
    EXPECT_EQ(one.clock.meet(one.is, "review", mon(10h)).error().code, ErrorCode::kpi_not_open);
    EXPECT_EQ(one.clock.meet(one.is, "resolve", mon(10h)).error().code, ErrorCode::kpi_not_own);
    EXPECT_EQ(one.clock.meet(one.is, "revue", mon(10h)).error().code, ErrorCode::unknown_kpi);
}

TEST(CaseClock, a_stage_pauses_the_promises_that_name_it) {
    Case one{mon(10h)};
    one.enter(*Stage::named("WAITING for the customer"), mon(12h));
    EXPECT_THAT(one.at(mon(12h)),
                ElementsAre("respond noncompliant", "resolve paused", "review in_progress"));
    one.enter(*Stage::named("in work"), mon(14h));
    EXPECT_EQ(one.kpis[1].warn_at, tue(10h));
    EXPECT_EQ(one.kpis[1].fail_at, tue(12h));
    one.enter(waiting, mon(16h));
    one.enter(Stage{}, tue(10h));
    EXPECT_EQ(one.kpis[1].warn_at, tue(12h));
    EXPECT_EQ(one.kpis[1].fail_at, tue(14h));
}

TEST(CaseClock, what_starts_in_a_pausing_stage_stands) {
    Case one(mon(9h), 3, waiting);
    EXPECT_THAT(one.at(wed(9h)),
                ElementsAre("respond noncompliant", "resolve paused", "review noncompliant"));
    one.enter(Stage{}, wed(9h));
    EXPECT_EQ(one.kpis[1].fail_at, wed(17h));
}

TEST(CaseClock, resolved_while_paused_has_succeeded) {
    Case one{mon(9h)};
    one.enter(waiting, mon(10h));
    one.clock.resolve(one.is, wed(16h));
    EXPECT_THAT(one.at(wed(16h)),
                ElementsAre("respond noncompliant", "resolve succeeded", "review noncompliant"));
}

TEST(CaseClock, reactivation_starts_new_ones_and_keeps_the_old) {
    Case one{mon(9h)};
    one.clock.resolve(one.is, mon(9h + 30min));
    const std::vector<KpiInstance> before = one.kpis;
    one.reopen(tue(9h));
    one.clock.resolve(one.is, wed(9h + 1s));
    EXPECT_TRUE(std::equal(before.begin(), before.end(), one.kpis.begin()));
    EXPECT_THAT(one.at(wed(10h)),
                ElementsAre("respond succeeded", "resolve succeeded", "review canceled",
                            "respond noncompliant", "resolve noncompliant", "review noncompliant"));
}

TEST(CaseClock, a_canceled_case_cancels_what_is_not_over) {
    Case one{mon(9h)};
    one.enter(waiting, mon(9h + 30min));
    CaseClock::cancel(one.is, mon(12h));
    EXPECT_THAT(one.at(wed(9h)), ElementsAre("respond noncompliant", "resolve canceled", "review canceled"));
}

TEST(CaseClock, another_service_level_cancels_the_formers_and_starts_its_own) {
    const ServiceLevel silver{.id = SlaId::from_integer(2),
                              .name = "silver",
                              .kpis = {{.name = "respond", .goal = KpiGoal::first_response, .fail_after = 4h},
                                       {.name = "resolve", .fail_after = 24h}}};
    Case one{mon(9h)};
    one.clock.respond(one.is, mon(9h + 10min));
    const CaseClock clock{&silver, calendars()};
    clock.follow(one.is, one.about, mon(9h + 30min));
    EXPECT_EQ(one.is.level, silver.id);
    ASSERT_EQ(one.kpis.size(), 4U) << "the first response was given";
    EXPECT_EQ(one.kpis[3].sla, silver.id);
    EXPECT_EQ(one.kpis[3].fail_at, tue(9h + 30min));
    clock.resolve(one.is, tue(9h));
    std::vector<KpiStatus> statuses;
    for (const KpiInstance& kpi : one.kpis) statuses.push_back(status_of(kpi, wed(9h)));
    EXPECT_THAT(statuses, ElementsAre(succeeded, canceled, canceled, succeeded));
}

TEST(CaseClock, a_case_that_becomes_urgent_is_promised_more_from_then_on) {
    Case one{mon(9h)};
    one.prioritize(1, mon(10h));
    EXPECT_THAT(one.at(mon(10h)), ElementsAre("respond noncompliant", "resolve in_progress",
                                              "review in_progress", "urgent in_progress"));
    EXPECT_EQ(one.kpis[3].fail_at, mon(12h));
    one.prioritize(2, mon(11h));
    EXPECT_EQ(one.at(mon(11h)).back(), "urgent canceled");
    one.prioritize(1, mon(11h + 30min));
    EXPECT_EQ(one.kpis.size(), 5U);
    EXPECT_EQ(one.kpis[4].fail_at, mon(13h + 30min));
}

TEST(CaseClock, what_was_met_is_not_promised_again_before_the_case_is_reopened) {
    Case one{mon(9h)};
    one.clock.respond(one.is, mon(9h + 10min));
    EXPECT_TRUE(one.clock.meet(one.is, "review", mon(10h)));
    one.about.origin = Channel::phone;
    one.clock.follow(one.is, one.about, mon(11h));
    EXPECT_THAT(one.at(mon(11h)),
                ElementsAre("respond succeeded", "resolve in_progress", "review succeeded"));
}

TEST(CaseClock, what_was_missed_is_not_promised_again_before_the_case_is_reopened) {
    Case one(mon(9h), 1);
    one.prioritize(2, mon(12h));
    one.prioritize(1, mon(12h + 1min));
    EXPECT_THAT(one.at(mon(12h + 30min)), ElementsAre("respond noncompliant", "resolve in_progress",
                                                      "urgent noncompliant", "review in_progress"));
    one.reopen(tue(9h));
    EXPECT_EQ(one.kpis.size(), 8U);
}

TEST(CaseClock, back_at_a_former_service_level_what_was_met_stays_met) {
    const ServiceLevel silver{
        .id = SlaId::from_integer(2), .name = "silver", .kpis = {{.name = "resolve", .fail_after = 24h}}};
    Case one{mon(9h)};
    EXPECT_TRUE(one.clock.meet(one.is, "review", mon(9h + 30min)));
    CaseClock{&silver, calendars()}.follow(one.is, one.about, mon(10h));
    one.clock.follow(one.is, one.about, mon(11h));
    EXPECT_THAT(one.at(mon(11h)), ElementsAre("respond noncompliant", "resolve canceled", "review succeeded",
                                              "respond canceled", "resolve in_progress"));
}

TEST(CaseClock, without_a_service_level_nothing_is_promised_and_the_formers_are_canceled) {
    Case one{mon(9h)};
    const CaseClock none{nullptr, calendars()};
    none.follow(one.is, one.about, mon(9h + 30min));
    EXPECT_THAT(one.at(mon(10h)), ElementsAre("respond canceled", "resolve canceled", "review canceled"));
    EXPECT_FALSE(one.is.level);
    EXPECT_EQ(none.meet(one.is, "review", mon(10h)).error().code, ErrorCode::unknown_kpi);
}

TEST(CaseClock, an_instance_of_another_level_or_of_no_kpi_of_this_one_is_canceled) {
    Case one{mon(9h)};
    one.kpis[0].sla = SlaId::from_integer(9);
    one.kpis[1].kpi = 40;
    one.clock.resolve(one.is, mon(9h + 10min));
    EXPECT_EQ(status_of(one.kpis[0], mon(10h)), canceled);
    EXPECT_EQ(status_of(one.kpis[1], mon(10h)), canceled);
}

TEST(CaseClock, clocks_that_go_back_count_as_the_latest) {
    Case one{mon(9h)};
    one.enter(waiting, mon(10h));
    one.enter(Stage{}, mon(12h));
    one.enter(waiting, mon(11h));
    one.enter(Stage{}, mon(13h));
    EXPECT_EQ(one.kpis[1].paused, 3h);
    EXPECT_EQ(one.kpis[1].fail_at, tue(12h));
    Case other{mon(9h)};
    other.enter(waiting, tue(13h));
    other.enter(waiting, mon(12h));
    EXPECT_EQ(status_of(other.kpis[1], tue(14h)), noncompliant) << "what was missed stays so";
}

TEST(CaseClock, a_reopening_is_told_from_the_former_one_whatever_the_clocks_say) {
    Case one{mon(9h)};
    one.clock.resolve(one.is, mon(9h + 10s));
    one.reopen(mon(9h));
    EXPECT_EQ(one.kpis.size(), 6U);
    EXPECT_EQ(one.kpis[3].started, mon(9h + 10s));
}

TEST(CaseClock, what_the_calendar_had_no_time_for_is_counted_once_it_has) {
    const CalendarId rota = CalendarId::from_integer(2);
    const auto shifts = [](std::vector<DatedHours> dated) {
        Calendars all;
        EXPECT_TRUE(all.set(CalendarId::from_integer(2), {.shifts = std::move(dated)}));
        return all;
    };
    const ServiceLevel level{.id = SlaId::from_integer(3),
                             .name = "rota",
                             .kpis = {{.name = "resolve", .fail_after = 10h, .calendar = rota}}};
    CaseService is;
    const Calendars short_rota = shifts({{2014_y / 6 / 2, {{9h, 17h}}}});
    CaseClock{&level, short_rota}.follow(is, {}, mon(9h));
    EXPECT_EQ(is.kpis[0].fail_at, KpiInstance::never);
    const Calendars longer = shifts({{2014_y / 6 / 2, {{9h, 17h}}}, {2014_y / 6 / 3, {{9h, 17h}}}});
    CaseClock{&level, longer}.follow(is, {}, mon(10h));
    EXPECT_EQ(is.kpis[0].fail_at, tue(11h));
}

TEST(CaseClock, of_a_case_that_goes_back_and_forth_the_last_promises_are_kept) {
    Case one{mon(9h)};
    for (int i = 0; i < 1'200; ++i) {
        one.prioritize(1, mon(9h));
        one.prioritize(2, mon(9h));
    }
    EXPECT_EQ(one.kpis.size(), max_case_promises);
    EXPECT_THAT(one.at(mon(9h)), testing::Contains("resolve in_progress"));
}

TEST(CaseClock, of_a_case_that_goes_back_and_forth_what_was_met_is_not_promised_again) {
    Case one{mon(9h)};
    ASSERT_TRUE(one.clock.meet(one.is, "review", mon(9h)));
    const auto met = [&] { return std::ranges::count(one.at(mon(9h)), "review succeeded"); };
    ASSERT_EQ(met(), 1);
    for (int i = 0; i < 1'200; ++i) {
        one.prioritize(1, mon(9h));
        one.prioritize(2, mon(9h));
    }
    EXPECT_EQ(met(), 1);
    EXPECT_THAT(one.at(mon(9h)), testing::Not(testing::Contains("review in_progress")));
}

// ---- to which cases ----

struct ScopeAsked {
    const char* what;
    KpiScope scope;
    bool applies;
};

class Applies : public testing::TestWithParam<ScopeAsked> {};

TEST_P(Applies, where_each_list_that_says_something_has_the_fact) {
    const CaseFacts about{.contact = ContactId::from_integer(1),
                          .product = ProductId::from_integer(2),
                          .case_type = CaseTypeId::from_integer(4),
                          .origin = Channel::phone};
    EXPECT_EQ(applies(GetParam().scope, about, 2), GetParam().applies);
}

INSTANTIATE_TEST_SUITE_P(
    All, Applies,
    testing::Values(ScopeAsked{"nothing", {}, true}, ScopeAsked{"priority", {.priorities = {1, 2}}, true},
                    ScopeAsked{"other_priority", {.priorities = {1}}, false},
                    ScopeAsked{"channel", {.channels = {*Channel::named("PHONE")}}, true},
                    ScopeAsked{"other_channel", {.channels = {Channel::web}}, false},
                    ScopeAsked{"contact", {.about = {.contacts = {ContactId::from_integer(1)}}}, true},
                    ScopeAsked{"other_contact", {.about = {.contacts = {ContactId::from_integer(2)}}}, false},
                    ScopeAsked{"product", {.about = {.products = {ProductId::from_integer(2)}}}, true},
                    ScopeAsked{"other_product", {.about = {.products = {ProductId::from_integer(1)}}}, false},
                    ScopeAsked{"no_asset", {.about = {.assets = {AssetId::from_integer(1)}}}, false},
                    ScopeAsked{"case_type", {.about = {.case_types = {CaseTypeId::from_integer(4)}}}, true},
                    ScopeAsked{
                        "other_case_type", {.about = {.case_types = {CaseTypeId::from_integer(5)}}}, false},
                    ScopeAsked{"one_of_two", {.priorities = {2}, .channels = {Channel::web}}, false}),
    [](const auto& tested) { return tested.param.what; });

TEST(WhichServiceLevel, is_the_cases_own_then_the_entitlements_then_the_default) {
    const auto id = [](std::uint64_t key) { return SlaId::from_integer(key); };
    EXPECT_EQ(chosen(id(1), id(2), id(3)), id(1));
    EXPECT_EQ(chosen({}, id(2), id(3)), id(2));
    EXPECT_EQ(chosen({}, {}, id(3)), id(3));
    EXPECT_EQ(chosen({}, {}, {}), SlaId{});
}

// ---- what can be promised ----

TEST(AServiceLevel, that_can_be_promised_is_accepted) { EXPECT_TRUE(check(gold(), calendars())); }

struct LevelFault {
    const char* what;
    std::function<void(ServiceLevel&)> makes;
    std::string said;
};

class Faulty : public testing::TestWithParam<LevelFault> {};

TEST_P(Faulty, is_refused_with_its_place) {
    ServiceLevel level = gold();
    GetParam().makes(level);
    const auto checked = check(level, calendars());
    ASSERT_FALSE(checked);
    EXPECT_EQ(fmt::format("{}", checked.error()), GetParam().said);
}

using Level = ServiceLevel;
INSTANTIATE_TEST_SUITE_P(
    All, Faulty,
    testing::Values(
        LevelFault{"no_id", [](Level& is) { is.id = {}; }, "an id is needed here (id_missing)"},
        LevelFault{"no_name", [](Level& is) { is.name = ""; },
                   "a name has 1 to 100 characters (name_length)"},
        LevelFault{"no_kpis", [](Level& is) { is.kpis.clear(); },
                   "a service level promises something (no_kpi)"},
        LevelFault{"too_many", [](Level& is) { is.kpis.resize(101); },
                   "a service level has at most 100 KPIs (too_many_kpis)"},
        LevelFault{"a_nameless_kpi", [](Level& is) { is.kpis[1].name = ""; },
                   "KPI 2: a name has 1 to 100 characters (name_length)"},
        LevelFault{"one_twice", [](Level& is) { is.kpis[2].name = "respond"; },
                   "KPI 3: another KPI has this name (duplicate_kpi)"},
        LevelFault{"negative", [](Level& is) { is.kpis[0].fail_after = -1s; },
                   "KPI 1: business time to move by is not negative (duration_negative)"},
        LevelFault{"a_negative_warning", [](Level& is) { is.kpis[0].warn_after = -1s; },
                   "KPI 1: business time to move by is not negative (duration_negative)"},
        LevelFault{"too_long", [](Level& is) { is.kpis[0].fail_after = max_kpi_time + 1s; },
                   "KPI 1: a KPI has at most 100 years of 365 days (duration_too_long)"},
        LevelFault{"warned_late", [](Level& is) { is.kpis[1].warn_after = 8h + 1s; },
                   "KPI 2: it is warned of after it is missed (warned_too_late)"},
        LevelFault{"no_such_calendar", [](Level& is) { is.kpis[3].calendar = CalendarId::from_integer(2); },
                   "KPI 4: there is no such calendar (unknown_calendar)"},
        LevelFault{"no_priority", [](Level& is) { is.kpis[2].applies.priorities.push_back(0); },
                   "KPI 3: a scope lists something without an id (scope_item_missing)"},
        LevelFault{"no_stage", [](Level& is) { is.kpis[1].pausing.emplace_back(); },
                   "KPI 2: a scope lists something without an id (scope_item_missing)"},
        LevelFault{"too_many_stages",
                   [](Level& is) { is.kpis[1].pausing.assign(max_scope_items + 1, waiting); },
                   "KPI 2: a scope lists at most 10,000 things of one sort (too_many_scope_items)"}),
    [](const auto& tested) { return tested.param.what; });

TEST(AServiceLevel, at_the_limits_is_accepted) {
    ServiceLevel level = gold();
    level.kpis[1].warn_after = 8h;
    level.kpis[3].fail_after = max_kpi_time;
    for (std::size_t i = level.kpis.size(); i < max_kpis; ++i) {
        level.kpis.push_back({.name = std::to_string(i), .fail_after = 0s});
    }
    EXPECT_TRUE(check(level, calendars()));
}

TEST(AServiceLevel, without_calendars_of_that_id_is_not_set) {
    Calendars all;
    EXPECT_EQ(all.set({}, {}).error().code, ErrorCode::id_missing);
    EXPECT_EQ(all.set(office_id, {.time_zone = "Moon/Base"}).error().code, ErrorCode::unknown_time_zone);
    EXPECT_FALSE(all.contains(office_id));
    EXPECT_TRUE(all.contains({})) << "all hours";
}

}  // namespace
}  // namespace entitle::sla
