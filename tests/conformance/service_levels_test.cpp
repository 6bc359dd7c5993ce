#include <algorithm>
#include <string>
#include <vector>

#include "desk.hpp"
#include "forwarding_store.hpp"

// Section 11 through the engine: which service level counts, what commands do to promises, what is due, and what time
// brings. What the clocks of promises come to is `tests/unit/case_clock_test.cpp`.

namespace conformance {
namespace {

using enum KpiStatus;
using testing::ElementsAre;
using testing::IsEmpty;

/// June 2, 2014 is a Monday.
Instant mon(std::chrono::microseconds time) { return date::sys_days{2014_y / 6 / 2} + time; }
Instant tue(std::chrono::microseconds time) { return mon(24h + time); }

const Stage waiting = *Stage::named("waiting");
const CalendarId office = CalendarId::from_name("office");

/// Gold: an answer within an office hour, a solution within eight, a review of the host's own; silver: a day for all.
struct Promising : Desk {
    Promising() {
        now = mon(9h);
        const std::vector<sla::OpenHours> hours{{9h, 17h}};
        EXPECT_TRUE(engine.set_calendar(office, {.week = {hours, hours, hours, hours, hours, {}, {}}}));
        EXPECT_TRUE(engine.set_service_level(level_gold()));
        EXPECT_TRUE(engine.set_service_level(
            {.id = silver, .name = "silver", .kpis = {{.name = "resolve", .fail_after = 24h}}}));
        Draft draft = agreed(on_creation(50), {{Channel::phone, cases(50)}});
        draft.sla = gold;
        premium = grant(draft);
        basic = grant(agreed(on_resolution(50)));
    }
    static ServiceLevel level_gold() {
        return {
            .id = gold,
            .name = "gold",
            .kpis = {
                {.name = "respond", .goal = KpiGoal::first_response, .fail_after = 1h, .calendar = office},
                {.name = "resolve",
                 .warn_after = 6h,
                 .fail_after = 8h,
                 .calendar = office,
                 .pausing = {waiting}},
                {.name = "urgent", .fail_after = 2h, .applies = {.priorities = {1}}},
                {.name = "review", .goal = KpiGoal::own, .fail_after = 4h, .calendar = office}}};
    }

    /// Of each promise to a case its level, name and status.
    [[nodiscard]] std::vector<std::string> told(std::string_view id) const {
        std::vector<std::string> out;
        const auto promises = engine.promises(acme, CaseId::from_name(id), now);
        EXPECT_THAT(promises, ok());
        for (const Promise& one : promises.value()) out.push_back(fmt::format("{} {}", one.name, one.status));
        return out;
    }
    /// Of each change of a promise in (after, until] when, to which case, and what.
    [[nodiscard]] std::vector<std::string> changed(Instant after, Instant until) const {
        std::vector<std::string> out;
        const auto changes = engine.changes_between(after, until);
        for (const Change& one : changes.value()) {
            if (one.kind != Change::Kind::kpi_nearing && one.kind != Change::Kind::kpi_missed) continue;
            out.push_back(fmt::format("{} {} {}",
                                      date::format("%d %H:%M", date::floor<std::chrono::minutes>(one.at)),
                                      level_gold().kpis.at(one.kpi).name,
                                      one.kind == Change::Kind::kpi_missed ? "missed" : "nearing"));
        }
        return out;
    }

    static inline const SlaId gold = SlaId::from_name("gold");
    static inline const SlaId silver = SlaId::from_name("silver");
    EntitlementId premium{};
    EntitlementId basic{};
};

TEST(ServiceLevels, opening_starts_what_the_entitlements_level_promises_and_the_receipt_says_until_when) {
    Promising desk;
    const auto opened = desk.open_on(desk.premium, "c1", Channel::phone);
    ASSERT_THAT(opened, ok());
    EXPECT_EQ(opened->respond_by, (Deadline{KpiInstance::never, mon(10h)}));
    EXPECT_EQ(opened->resolve_by, (Deadline{mon(15h), mon(17h)}));
    EXPECT_THAT(desk.told("c1"),
                ElementsAre("respond in_progress", "resolve in_progress", "review in_progress"));
    EXPECT_THAT(desk.open_on(desk.basic, "c2"), ok());
    EXPECT_THAT(desk.told("c2"), IsEmpty()) << "nothing was agreed";
}

TEST(ServiceLevels, the_cases_own_comes_first_then_the_entitlements_then_the_default) {
    Promising desk;
    const auto on = [&](const char* id, EntitlementId entitlement, SlaId own) {
        EXPECT_THAT(desk.run(OpenCase{.id = CaseId::from_name(id), .entitlement = entitlement, .sla = own}),
                    ok());
        return desk.engine.case_service(acme, CaseId::from_name(id)).value().level;
    };
    EXPECT_EQ(on("c1", desk.premium, desk.silver), desk.silver);
    EXPECT_EQ(on("c2", desk.premium, {}), desk.gold);
    EXPECT_EQ(on("c3", desk.basic, {}), SlaId{});
    ASSERT_TRUE(desk.engine.set_default_service_level(desk.silver));
    EXPECT_EQ(on("c4", desk.basic, {}), desk.silver);
    EXPECT_EQ(on("c5", desk.premium, {}), desk.gold);
    ASSERT_TRUE(desk.engine.set_default_service_level({}));
    EXPECT_EQ(on("c6", desk.basic, {}), SlaId{});
}

TEST(ServiceLevels, a_level_that_is_not_kept_is_refused_of_a_case_and_promises_nothing_of_an_entitlement) {
    Promising desk;
    EXPECT_THAT(desk.run(OpenCase{.id = "c1"_case, .sla = SlaId::from_name("bronze")}),
                refused(ErrorCode::unknown_service_level));
    Draft draft = agreed(on_creation(5));
    draft.sla = SlaId::from_name("bronze");
    const EntitlementId carried = desk.grant(draft);
    ASSERT_TRUE(desk.engine.set_default_service_level(desk.silver));
    EXPECT_THAT(desk.open_on(carried, "c1"), ok());
    EXPECT_THAT(desk.told("c1"), IsEmpty());
    EXPECT_EQ(desk.engine.set_default_service_level(SlaId::from_name("bronze")).error().code,
              ErrorCode::unknown_service_level);
}

TEST(ServiceLevels, a_response_and_a_resolution_succeed_their_promises) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    desk.now = mon(9h + 30min);
    const auto responded = desk.run(RespondToCase{.id = "c1"_case});
    ASSERT_THAT(responded, ok());
    EXPECT_EQ(responded->respond_by, Deadline{});
    EXPECT_EQ(responded->resolve_by.fail_at, mon(17h));
    EXPECT_THAT(desk.run(RespondToCase{.id = "c1"_case}), repeated());
    desk.now = mon(12h);
    EXPECT_THAT(desk.run(MeetKpi{.id = "c1"_case, .kpi = "review"}), ok());
    EXPECT_THAT(desk.run(MeetKpi{.id = "c1"_case, .kpi = "review"}), refused(ErrorCode::kpi_not_open));
    EXPECT_THAT(desk.run(MeetKpi{.id = "c1"_case, .kpi = "resolve"}), refused(ErrorCode::kpi_not_own));
    EXPECT_THAT(desk.run(MeetKpi{.id = "c1"_case, .kpi = "revue"}), refused(ErrorCode::unknown_kpi));
    desk.now = mon(16h);
    EXPECT_THAT(desk.resolve("c1"), ok());
    desk.now = tue(9h);
    EXPECT_THAT(desk.told("c1"), ElementsAre("respond succeeded", "resolve succeeded", "review succeeded"));
    const auto promises = desk.engine.promises(acme, "c1"_case, desk.now).value();
    EXPECT_EQ(promises[0].elapsed, 30min);
    EXPECT_EQ(promises[1].elapsed, 7h);
    EXPECT_EQ(promises[1].goal, KpiGoal::resolution);
}

TEST(ServiceLevels, stages_pause_and_the_receipt_says_how_the_deadline_moved) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    desk.now = mon(12h);
    const auto waits = desk.run(ChangeStage{.id = "c1"_case, .stage = waiting});
    ASSERT_THAT(waits, ok());
    EXPECT_EQ(waits->resolve_by, Deadline{}) << "its clock stands";
    EXPECT_THAT(desk.run(ChangeStage{.id = "c1"_case, .stage = *Stage::named("WAITING")}), repeated());
    desk.now = mon(14h);
    const auto runs = desk.run(ChangeStage{.id = "c1"_case});
    ASSERT_THAT(runs, ok());
    EXPECT_EQ(runs->resolve_by, (Deadline{mon(17h), tue(11h)}));
    EXPECT_EQ(desk.engine.promises(acme, "c1"_case, tue(9h)).value()[1].paused, 2h);
    EXPECT_EQ(desk.last_entry().command, CommandKind::change_stage);
    EXPECT_EQ(desk.entries().at(desk.entries().size() - 2).reason, "waiting");
}

TEST(ServiceLevels, a_case_opened_in_a_pausing_stage_begins_paused) {
    Promising desk;
    ASSERT_THAT(
        desk.run(OpenCase{.id = "c1"_case, .entitlement = desk.premium, .priority = 2, .stage = waiting}),
        ok());
    EXPECT_THAT(desk.told("c1"), ElementsAre("respond in_progress", "resolve paused", "review in_progress"));
}

TEST(ServiceLevels, a_change_of_priority_promises_what_is_for_it) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    desk.now = mon(9h + 30min);
    const auto urgent = desk.run(ChangePriority{.id = "c1"_case, .priority = 1});
    ASSERT_THAT(urgent, ok());
    EXPECT_EQ(urgent->resolve_by.fail_at, mon(11h + 30min)) << "the soonest";
    EXPECT_THAT(desk.run(ChangePriority{.id = "c1"_case, .priority = 1}), repeated());
    EXPECT_THAT(desk.run(ChangePriority{.id = "c1"_case}), ok());
    EXPECT_EQ(desk.told("c1").back(), "urgent canceled");
}

TEST(ServiceLevels, another_level_cancels_the_formers_promises) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    desk.now = mon(9h + 30min);
    ASSERT_THAT(desk.run(ChangeServiceLevel{.id = "c1"_case, .sla = desk.silver}), ok());
    EXPECT_THAT(desk.told("c1"), ElementsAre("respond canceled", "resolve canceled", "review canceled",
                                             "resolve in_progress"));
    EXPECT_THAT(desk.run(ChangeServiceLevel{.id = "c1"_case, .sla = desk.silver}), repeated());
    EXPECT_THAT(desk.run(ChangeServiceLevel{.id = "c1"_case}), ok()) << "its entitlement's again";
    EXPECT_EQ(desk.engine.case_service(acme, "c1"_case)->level, desk.gold);
    EXPECT_THAT(desk.run(ChangeServiceLevel{.id = "c1"_case, .sla = SlaId::from_name("bronze")}),
                refused(ErrorCode::unknown_service_level));
}

TEST(ServiceLevels, another_entitlement_brings_its_level) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    ASSERT_THAT(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = desk.basic}), ok());
    EXPECT_THAT(desk.told("c1"), ElementsAre("respond canceled", "resolve canceled", "review canceled"));
    EXPECT_FALSE(desk.engine.case_service(acme, "c1"_case)->level);
}

TEST(ServiceLevels, of_all_cases_those_are_listed_that_have_some) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    ASSERT_THAT(desk.open_on(desk.basic, "c2"), ok());
    ASSERT_THAT(desk.open_on(desk.premium, "c3"), ok());
    ASSERT_THAT(desk.run(DeleteCase{.id = "c3"_case}), ok());
    const auto served = desk.engine.served_cases().value();
    ASSERT_EQ(served.size(), 1U);
    EXPECT_EQ(served[0].id, "c1"_case);
    EXPECT_EQ(served[0].service, desk.engine.case_service(acme, "c1"_case).value());
    EXPECT_TRUE(desk.engine.served_cases("nobody"_customer).value().empty());
}

TEST(ServiceLevels, canceled_cases_wait_for_nothing_and_reactivated_ones_anew) {
    Promising desk;
    ASSERT_THAT(desk.run(OpenCase{.id = "c1"_case, .entitlement = desk.premium, .stage = waiting}), ok());
    EXPECT_THAT(desk.cancel("c1"), ok());
    EXPECT_THAT(desk.told("c1"), ElementsAre("respond canceled", "resolve canceled", "review canceled"));
    desk.now = tue(9h);
    const auto again = desk.reactivate("c1");
    ASSERT_THAT(again, ok());
    EXPECT_EQ(again->respond_by.fail_at, tue(10h));
    EXPECT_EQ(again->resolve_by.fail_at, tue(17h)) << "in no stage";
    EXPECT_EQ(desk.told("c1").size(), 6U);
}

TEST(ServiceLevels, of_a_deleted_case_nothing_is_kept) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    ASSERT_THAT(desk.run(DeleteCase{.id = "c1"_case}), ok());
    EXPECT_EQ(desk.engine.promises(acme, "c1"_case, desk.now).error().code, ErrorCode::unknown_case);
    EXPECT_THAT(desk.engine.due(tue(24h)).value(), IsEmpty());
    ASSERT_THAT(desk.open_on(desk.basic, "c1"), ok());
    EXPECT_THAT(desk.told("c1"), IsEmpty());
}

TEST(ServiceLevels, only_open_cases_are_served) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    ASSERT_THAT(desk.resolve("c1"), ok());
    EXPECT_THAT(desk.run(RespondToCase{.id = "c1"_case}), refused(ErrorCode::case_state));
    EXPECT_THAT(desk.run(ChangeStage{.id = "c1"_case, .stage = waiting}), refused(ErrorCode::case_state));
    EXPECT_THAT(desk.run(ChangePriority{.id = "c1"_case, .priority = 1}), refused(ErrorCode::case_state));
    EXPECT_THAT(desk.run(ChangeServiceLevel{.id = "c1"_case, .sla = desk.silver}),
                refused(ErrorCode::case_state));
    EXPECT_THAT(desk.run(MeetKpi{.id = "c1"_case, .kpi = "review"}), refused(ErrorCode::case_state));
    EXPECT_THAT(desk.run(RespondToCase{.id = "c2"_case}), refused(ErrorCode::unknown_case));
}

TEST(ServiceLevels, priorities_and_stages_are_kept_where_nothing_is_promised) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.basic, "c1"), ok());
    ASSERT_THAT(desk.run(ChangePriority{.id = "c1"_case, .priority = 1}), ok());
    ASSERT_THAT(desk.run(RespondToCase{.id = "c1"_case}), ok());
    ASSERT_THAT(desk.run(ChangeServiceLevel{.id = "c1"_case, .sla = desk.gold}), ok());
    EXPECT_THAT(desk.told("c1"),
                ElementsAre("resolve in_progress", "urgent in_progress", "review in_progress"))
        << "it has had its response";
}

TEST(Due, lists_the_running_promises_that_are_over_by_an_instant_soonest_first) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    desk.now = mon(9h + 15min);
    ASSERT_THAT(desk.open_on(desk.premium, "c2"), ok());
    ASSERT_THAT(desk.run(ChangeStage{.id = "c2"_case, .stage = waiting}), ok());
    const auto due = [&](Instant until, CustomerId customer = {}) {
        std::vector<std::string> out;
        const auto due_by_then = desk.engine.due(until, customer);
        for (const DuePromise& one : due_by_then.value()) {
            out.push_back(fmt::format("{} {}", one.support_case == "c1"_case ? "c1" : "c2",
                                      desk.level_gold().kpis[one.kpi.kpi].name));
        }
        return out;
    };
    EXPECT_THAT(due(mon(9h + 59min)), IsEmpty());
    EXPECT_THAT(due(mon(13h)), ElementsAre("c1 respond", "c2 respond", "c1 review"));
    EXPECT_THAT(due(tue(24h)),
                ElementsAre("c1 respond", "c2 respond", "c1 review", "c2 review", "c1 resolve"))
        << "c2 waits";
    EXPECT_THAT(due(tue(24h), other_customer), IsEmpty());
    ASSERT_THAT(desk.resolve("c1"), ok());
    EXPECT_THAT(due(tue(24h), acme), ElementsAre("c2 respond", "c2 review"));
}

TEST(ChangesOfPromises, are_told_once_each_whenever_asked) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    EXPECT_THAT(desk.changed(mon(9h), tue(0h)),
                ElementsAre("02 10:00 respond missed", "02 13:00 review missed", "02 15:00 resolve nearing",
                            "02 17:00 resolve missed"));
    EXPECT_THAT(desk.changed(mon(10h), mon(13h)), ElementsAre("02 13:00 review missed"));
    EXPECT_THAT(desk.changed(mon(17h), tue(24h)), IsEmpty());
    desk.now = mon(16h);
    ASSERT_THAT(desk.run(ChangeStage{.id = "c1"_case, .stage = waiting}), ok());
    EXPECT_THAT(desk.changed(mon(14h), tue(0h)), ElementsAre("02 15:00 resolve nearing"))
        << "it has happened";
    desk.now = tue(10h);
    ASSERT_THAT(desk.run(ChangeStage{.id = "c1"_case}), ok());
    EXPECT_THAT(desk.changed(mon(14h), tue(24h)),
                ElementsAre("02 15:00 resolve nearing", "03 11:00 resolve missed"));
    desk.now = tue(10h + 30min);
    ASSERT_THAT(desk.resolve("c1"), ok());
    EXPECT_THAT(desk.changed(mon(9h), tue(24h)),
                ElementsAre("02 10:00 respond missed", "02 13:00 review missed", "02 15:00 resolve nearing"));
}

TEST(ServiceTermsKept, a_level_stays_what_it_promised_and_a_calendar_may_change) {
    Promising desk;
    EXPECT_TRUE(desk.engine.set_service_level(desk.level_gold())) << "the same again";
    ServiceLevel other = desk.level_gold();
    other.kpis[0].fail_after = 2h;
    const auto refusal = desk.engine.set_service_level(other);
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().code, ErrorCode::service_level_exists);
    EXPECT_EQ(refusal.error().command, CommandKind::set_service_level);
    EXPECT_EQ(*desk.engine.service_levels()->find(desk.gold), desk.level_gold());
    ServiceLevel unknown = other;
    unknown.id = SlaId::from_name("new");
    unknown.kpis[0].calendar = CalendarId::from_name("moon");
    EXPECT_EQ(desk.engine.set_service_level(unknown).error().code, ErrorCode::unknown_calendar);
    EXPECT_EQ(desk.engine.set_calendar({}, {}).error().code, ErrorCode::id_missing);
    EXPECT_EQ(desk.engine.set_calendar(office, {.time_zone = "Moon/Base"}).error().code,
              ErrorCode::unknown_time_zone);
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    ASSERT_TRUE(desk.engine.set_calendar(office, {}));
    desk.now = mon(18h);
    const auto opened = desk.open_on(desk.premium, "c2");
    EXPECT_EQ(opened->respond_by.fail_at, KpiInstance::never) << "the office is never open now";
}

TEST(ServiceTermsKept, another_engines_are_found_when_a_case_asks_for_them) {
    Promising desk;
    Engine other{desk.store};
    ASSERT_THAT(other.open_case({.customer = acme, .id = "c0"_case, .entitlement = desk.premium}, desk.now),
                ok());
    const SlaId bronze = SlaId::from_name("bronze");
    ASSERT_TRUE(desk.engine.set_service_level(
        {.id = bronze, .name = "bronze", .kpis = {{.name = "resolve", .fail_after = 48h}}}));
    const auto opened = other.open_case({.customer = acme, .id = "c1"_case, .sla = bronze}, desk.now);
    ASSERT_THAT(opened, ok());
    EXPECT_EQ(opened->resolve_by.fail_at, desk.now + 48h);
    ASSERT_TRUE(desk.engine.set_default_service_level(bronze));
    const auto before =
        other.open_case({.customer = acme, .id = "c2"_case, .entitlement = desk.basic}, desk.now);
    EXPECT_EQ(before->resolve_by, Deadline{});
    ASSERT_TRUE(other.reload_service_levels());
    const auto after =
        other.open_case({.customer = acme, .id = "c3"_case, .entitlement = desk.basic}, desk.now);
    EXPECT_EQ(after->resolve_by.fail_at, desk.now + 48h);
}

TEST(ServiceTermsKept, another_engines_are_found_whatever_agreement_names_them) {
    Promising desk;
    Engine other{desk.store};
    ASSERT_THAT(other.open_case({.customer = acme, .id = "c0"_case, .entitlement = desk.basic}, desk.now),
                ok());
    const SlaId bronze = SlaId::from_name("bronze");
    ASSERT_TRUE(desk.engine.set_service_level(
        {.id = bronze, .name = "bronze", .kpis = {{.name = "resolve", .fail_after = 48h}}}));
    Draft draft = agreed(on_creation(5));
    draft.sla = bronze;
    const EntitlementId made = desk.grant(draft);
    const OpenCase opening{.customer = acme, .id = "c1"_case, .entitlement = made, .request = "r1"_request};
    EXPECT_EQ(other.open_case(opening, desk.now)->resolve_by.fail_at, desk.now + 48h);
    EXPECT_EQ(other.change_entitlement({.customer = acme, .id = "c0"_case, .entitlement = made}, desk.now)
                  ->resolve_by.fail_at,
              desk.now + 48h);
    Engine third{desk.store};
    EXPECT_EQ(third.open_case(opening, desk.now)->resolve_by.fail_at, desk.now + 48h) << "repeated";
}

TEST(ServiceTermsKept, the_first_level_of_all_is_found_as_well) {
    Desk desk;
    desk.grant(agreed(on_creation(5)));
    Engine other{desk.store};
    ASSERT_THAT(other.open_case({.customer = acme, .id = "c0"_case}, desk.now), ok());
    const SlaId bronze = SlaId::from_name("bronze");
    ASSERT_TRUE(desk.engine.set_service_level(
        {.id = bronze, .name = "bronze", .kpis = {{.name = "resolve", .fail_after = 48h}}}));
    Draft draft = agreed(on_creation(5));
    draft.sla = bronze;
    draft.priority = 1;
    desk.grant(draft);
    const OpenCase opening{.customer = acme, .id = "c1"_case, .request = "r1"_request};
    EXPECT_EQ(other.open_case(opening, desk.now)->resolve_by.fail_at, desk.now + 48h);
    Engine third{desk.store};
    EXPECT_EQ(third.set_decrement({.customer = acme, .id = "c1"_case, .decrement = false}, desk.now)
                  ->resolve_by.fail_at,
              desk.now + 48h)
        << "whatever is done about the case";
}

TEST(ServiceTermsKept, a_zone_that_this_host_does_not_know_stops_only_what_counts_by_it) {
    Promising desk;
    ASSERT_THAT(desk.open_on(desk.premium, "c1"), ok());
    ASSERT_THAT(desk.open_on(desk.basic, "c2"), ok());
    // as another host keeps it, whose time zones are newer
    std::vector<ServiceTerms> kept;
    ASSERT_TRUE(desk.store.list(kept));
    const auto it = std::ranges::find(kept, ServiceTerms::Kind::calendar, &ServiceTerms::kind);
    ASSERT_NE(it, kept.end());
    const std::string zone = "3 UTC";
    ASSERT_NE(it->text.find(zone), std::string::npos) << it->text;
    it->text.replace(it->text.find(zone), zone.size(), "9 Moon/Base");
    ASSERT_TRUE(desk.store.keep(*it));
    Engine here{desk.store};
    const auto respond = [&](CaseId id) {
        return here.respond_to_case({.customer = acme, .id = id}, desk.now);
    };
    EXPECT_THAT(respond("c2"_case), ok());
    EXPECT_THAT(respond("c1"_case), refused(ErrorCode::unknown_time_zone));
    EXPECT_THAT(here.open_case({.customer = acme, .id = "c3"_case, .entitlement = desk.premium}, desk.now),
                refused(ErrorCode::unknown_time_zone));
    EXPECT_EQ(here.promises(acme, "c1"_case, desk.now).error().code, ErrorCode::unknown_time_zone);
    EXPECT_THAT(here.open_case({.customer = acme, .id = "c4"_case, .entitlement = desk.basic}, desk.now),
                ok());
    EXPECT_THAT(here.cancel_case({.customer = acme, .id = "c1"_case}, desk.now), ok());
    ASSERT_TRUE(here.set_calendar(office, {}));
    EXPECT_THAT(here.open_case({.customer = acme, .id = "c5"_case, .entitlement = desk.premium}, desk.now),
                ok());
}

/// A store that cannot list its service levels while it is told not to.
class Unlisting : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;
    using ForwardingStore::list;

    [[nodiscard]] Result<void> list(std::vector<ServiceTerms>& out) const override {
        return fails ? Result<void>{refuse(ErrorCode::store_io)} : ForwardingStore::list(out);
    }
    bool fails = false;
};

TEST(ServiceLevelsInBatches, whose_store_fails_while_they_are_read_do_not_happen) {
    Promising desk;
    Unlisting store{desk.store};
    Engine other{store};
    ASSERT_THAT(other.open_case({.customer = acme, .id = "c0"_case, .entitlement = desk.basic}, desk.now),
                ok());
    const SlaId bronze = SlaId::from_name("bronze");
    ASSERT_TRUE(desk.engine.set_service_level(
        {.id = bronze, .name = "bronze", .kpis = {{.name = "resolve", .fail_after = 48h}}}));
    const std::vector<OpenCase> unit{{.customer = acme, .id = "c1"_case},
                                     {.customer = acme, .id = "c2"_case, .sla = bronze},
                                     {.customer = acme, .id = "c3"_case}};
    std::vector<Outcome> outcomes(unit.size());
    store.fails = true;
    const auto ran = other.apply(std::span<const OpenCase>{unit}, desk.now, outcomes);
    ASSERT_FALSE(ran);
    EXPECT_EQ(ran.error().code, ErrorCode::store_io);
    for (const Outcome& outcome : outcomes) EXPECT_THAT(outcome, refused(ErrorCode::store_io));
    EXPECT_EQ(desk.engine.cases(acme)->size(), 1U);
}

TEST(ServiceLevelsInBatches, follow_each_other_and_a_failed_unit_leaves_none) {
    Promising desk;
    const std::vector<Command> batch{
        OpenCase{.customer = acme, .id = "c1"_case, .entitlement = desk.premium},
        ChangeStage{.customer = acme, .id = "c1"_case, .stage = waiting},
        RespondToCase{.customer = acme, .id = "c1"_case},
        MeetKpi{.customer = acme, .id = "c1"_case, .kpi = "nothing"},
    };
    std::vector<Outcome> outcomes(batch.size());
    ASSERT_TRUE(desk.engine.apply(batch, desk.now, outcomes));
    EXPECT_THAT(outcomes[2], ok());
    EXPECT_THAT(outcomes[3], refused(ErrorCode::unknown_kpi));
    EXPECT_THAT(desk.told("c1"), ElementsAre("respond succeeded", "resolve paused", "review in_progress"));
}

}  // namespace
}  // namespace conformance
