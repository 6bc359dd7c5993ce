#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sqlite_file.hpp"
#include "stores.hpp"

// Section 11 over every store: what service levels keep (S18).

namespace store_contract {
namespace {

using enum KpiStatus;
using testing::ElementsAre;
using testing::IsEmpty;

class ServiceContract : public Contract {
protected:
    ServiceContract() {
        EXPECT_TRUE(engine.set_calendar(office, hours()));
        EXPECT_TRUE(engine.set_service_level(level()));
        for (const CustomerId customer : {acme, other_customer}) {
            Draft draft = agreed(on_creation(9'000));
            draft.customer = customer;
            draft.sla = gold;
            const auto made = engine.draft(draft, monday);
            EXPECT_THAT(engine.activate({.customer = customer, .id = made->entitlement}, monday), ok());
        }
    }

    static sla::BusinessHours hours() {
        const std::vector<sla::OpenHours> day{{9h, 12h}, {13h, 24h}};
        return {.time_zone = "Europe/Berlin",
                .week = {day, {}, day, day, {{0h, 1h + 1s}}, {}, {}},
                .daily_breaks = {{10h, 10h + 15min}},
                .holidays = {2014_y / 12 / 25, date::year{-200} / 1 / 1},
                .shifts = {{2014_y / 12 / 27, {{9h, 10h}, {11h, 12h}}}, {2014_y / 12 / 28, {}}},
                .breaks = {{2014_y / 6 / 3, {{9h, 10h}}}}};
    }
    ServiceLevel level() const {
        return {.id = gold,
                .name = "gold: \"quoted\" 7 \xC3\xA9",
                .kpis = {{.name = "respond 1", .goal = KpiGoal::first_response, .fail_after = 1h},
                         {.name = "resolve",
                          .warn_after = 6h,
                          .fail_after = 8h,
                          .pausing = {waiting, *Stage::named("a b")}},
                         {.name = "scoped",
                          .goal = KpiGoal::own,
                          .fail_after = 0s,
                          .calendar = office,
                          .applies = {.priorities = {1, 255},
                                      .channels = {Channel::phone, *Channel::named("a 7:\"x\"")},
                                      .about = {.contacts = {"ann"_contact},
                                                .products = {"a"_product, "b"_product},
                                                .assets = {"c"_asset},
                                                .case_types = {"d"_case_type}}}}}};
    }

    void run(const Command& command, Instant now) {
        std::vector<Outcome> outcomes(1);
        ASSERT_TRUE(engine.apply(std::span{&command, 1}, now, outcomes));
        ASSERT_THAT(outcomes[0], ok());
    }
    /// The store, opened anew where it is shared.
    [[nodiscard]] std::unique_ptr<Store> again() const {
        return store->capabilities().shared ? open() : nullptr;
    }
    [[nodiscard]] CaseService kept(CaseId id, CustomerId customer = acme) {
        const auto reopened = again();
        Engine other{reopened ? *reopened : *store};
        const auto service = other.case_service(customer, id);
        EXPECT_TRUE(service) << fmt::format("{}", service.error());
        return service.value_or(CaseService{});
    }
    [[nodiscard]] std::vector<ServedCase> served(const Filter& filter) const {
        return scanned<ServedCase>(filter);
    }
    [[nodiscard]] std::vector<CaseId> due(Instant until, CustomerId only = {}) const {
        std::vector<ServedCase> all;
        for (Cursor cursor; !cursor.done;) EXPECT_TRUE(store->due(until, only, cursor, all));
        std::vector<CaseId> out;
        for (const ServedCase& one : all) out.push_back(one.id);
        return out;
    }
    [[nodiscard]] OpenCase opening(CaseId id, CasePriority priority = 0) const {
        return {.customer = acme, .id = id, .priority = priority};
    }

    const Instant monday = date::sys_days{2014_y / 6 / 2} + 9h;
    const CalendarId office = CalendarId::from_name("office");
    const SlaId gold = SlaId::from_name("gold");
    const Stage waiting = *Stage::named("waiting for 7 \"x\"");
    Engine engine{*store};
};

TEST_P(ServiceContract, S18_terms_are_kept_whole) {
    const auto reopened = again();
    Engine other{reopened ? *reopened : *store};
    const auto levels = other.service_levels();
    ASSERT_TRUE(levels) << fmt::format("{}", levels.error());
    ASSERT_NE(levels->find(gold), nullptr);
    EXPECT_EQ(*levels->find(gold), level());
    EXPECT_EQ(levels->hours().at(office), hours());
    EXPECT_FALSE(levels->by_default());
}

TEST_P(ServiceContract, S18_calendars_and_the_default_are_replaced_and_levels_stay) {
    ASSERT_TRUE(engine.set_calendar(office, {.time_zone = "Asia/Tokyo"}));
    ASSERT_TRUE(engine.set_default_service_level(gold));
    ServiceLevel other = level();
    other.kpis.pop_back();
    EXPECT_EQ(engine.set_service_level(other).error().code, ErrorCode::service_level_exists);
    EXPECT_TRUE(engine.set_service_level(level()));
    const auto levels = engine.service_levels();
    EXPECT_EQ(levels->hours().at(office).time_zone, "Asia/Tokyo");
    EXPECT_EQ(*levels->find(gold), level());
    EXPECT_EQ(levels->by_default(), gold);
    ASSERT_TRUE(engine.set_default_service_level({}));
    EXPECT_FALSE(engine.service_levels()->by_default());
}

TEST_P(ServiceContract, S18_what_a_case_has_is_kept_with_it) {
    run(OpenCase{.customer = acme, .id = "a"_case, .priority = 2, .stage = *Stage::named("new")}, monday);
    run(ChangeStage{.customer = acme, .id = "a"_case, .stage = waiting}, monday + 90min);
    CaseService is = kept("a"_case);
    EXPECT_EQ(is.priority, 2);
    EXPECT_EQ(is.stage, waiting);
    EXPECT_EQ(is.level, gold);
    ASSERT_EQ(is.kpis.size(), 2U);
    EXPECT_EQ(is.kpis[1].paused_since, monday + 90min);
    run(RespondToCase{.customer = acme, .id = "a"_case}, monday + 2h);
    run(ChangeStage{.customer = acme, .id = "a"_case}, monday + 3h);
    is = kept("a"_case);
    EXPECT_TRUE(is.is_responded);
    EXPECT_EQ(is.kpis[0].end, KpiEnd::met);
    EXPECT_EQ(is.kpis[1].paused, 90min);
    EXPECT_EQ(is.kpis[1].fail_at, monday + 9h + 30min);
    run(ChangeContact{.customer = acme, .id = "a"_case, .contact = "ann"_contact}, monday + 4h);
    EXPECT_EQ(kept("a"_case).kpis[1].fail_at, monday + 9h + 30min);
    run(SetDecrement{.customer = acme, .id = "a"_case, .decrement = false}, monday + 4h);
    EXPECT_EQ(kept("a"_case).latest, monday + 4h);
    run(ResolveCase{.customer = acme, .id = "a"_case}, monday + 5h);
    EXPECT_EQ(kept("a"_case).kpis[1].ended, monday + 5h);
    run(ReactivateCase{.customer = acme, .id = "a"_case}, monday + 6h);
    EXPECT_EQ(kept("a"_case).kpis.size(), 4U);
    run(DeleteCase{.customer = acme, .id = "a"_case}, monday + 7h);
    EXPECT_THAT(served({}), IsEmpty());
    EXPECT_THAT(due(monday + 99h), IsEmpty());
    run(opening("a"_case), monday + 8h);
    EXPECT_EQ(kept("a"_case).kpis.size(), 2U) << "another case of its id";
}

TEST_P(ServiceContract, S18_cases_without_any_have_none) {
    run(OpenCase{.customer = acme, .id = "a"_case}, monday);
    ASSERT_FALSE(kept("a"_case).is_empty());
    Draft draft = agreed(on_creation(9));
    draft.priority = 1;
    const auto made = engine.draft(draft, monday);
    ASSERT_THAT(engine.activate({.customer = acme, .id = made->entitlement}, monday), ok());
    run(OpenCase{.customer = acme, .id = "b"_case, .entitlement = made->entitlement}, monday);
    EXPECT_TRUE(kept("b"_case).is_empty());
    EXPECT_EQ(served({}).size(), 1U);
}

TEST_P(ServiceContract, S2_S3_a_unit_sees_its_own_and_an_abandoned_one_leaves_none) {
    run(opening("a"_case), monday);
    const CaseService before = kept("a"_case);
    const std::vector<Command> batch{ChangeStage{.customer = acme, .id = "a"_case, .stage = waiting},
                                     ChangePriority{.customer = acme, .id = "a"_case, .priority = 1},
                                     opening("b"_case, 2),
                                     RespondToCase{.customer = acme, .id = "b"_case},
                                     ResolveCase{.customer = acme, .id = "a"_case},
                                     ReactivateCase{.customer = acme, .id = "a"_case}};
    // by hand, so that the unit can be given up
    begin(Access::write, std::get<ChangeStage>(batch[0]));
    Plan plan = planned(std::get<ChangeStage>(batch[0]), monday + 1h);
    plan.service = before;
    plan.service->stage = waiting;
    Receipt receipt;
    ASSERT_EQ(store->stage(plan, receipt).value(), Commit::done);
    const View seen = view({acme, "a"_case, {}, {}});
    ASSERT_NE(seen.service, nullptr);
    EXPECT_EQ(seen.service->stage, waiting);
    store->abandon();
    EXPECT_EQ(kept("a"_case), before);
    std::vector<Outcome> outcomes(batch.size());
    ASSERT_TRUE(engine.apply(batch, monday + 1h, outcomes));
    for (const Outcome& one : outcomes) EXPECT_THAT(one, ok());
    EXPECT_EQ(kept("a"_case).kpis.size(), 4U);
    EXPECT_EQ(kept("b"_case).kpis[0].end, KpiEnd::met);
}

TEST_P(ServiceContract, receipts_say_until_when_and_repeats_as_it_is_then) {
    OpenCase command = opening("a"_case);
    command.request = "r1"_request;
    const auto first = engine.open_case(command, monday);
    EXPECT_EQ(first->respond_by.fail_at, monday + 1h);
    EXPECT_EQ(first->resolve_by, (Deadline{monday + 6h, monday + 8h}));
    EXPECT_EQ(engine.open_case(command, monday + 1min)->resolve_by, first->resolve_by);
    run(ChangeStage{.customer = acme, .id = "a"_case, .stage = waiting}, monday + 1h);
    EXPECT_EQ(engine.open_case(command, monday + 1h)->resolve_by, Deadline{});
    command.request = {};
    EXPECT_EQ(engine.open_case(command, monday + 1h)->respond_by.fail_at, monday + 1h) << "a repeat too";
}

TEST_P(ServiceContract, S18_served_cases_are_listed_by_customer_in_the_order_they_were_opened) {
    run(opening("c"_case), monday);
    run(OpenCase{.customer = other_customer, .id = "b"_case}, monday);
    run(opening("a"_case), monday);
    run(ResolveCase{.customer = acme, .id = "c"_case}, monday + 30min);
    const auto ids = [&](const Filter& filter) {
        std::vector<CaseId> out;
        for (const ServedCase& one : served(filter)) {
            if (one.customer == acme) out.push_back(one.id);
        }
        return out;
    };
    EXPECT_THAT(ids({}), ElementsAre("c"_case, "a"_case));
    EXPECT_EQ(served({}).size(), 3U);
    EXPECT_EQ(served({.customer = other_customer}).size(), 1U);
    EXPECT_THAT(served({.customer = "nobody"_customer}), IsEmpty());
    EXPECT_THAT(ids({.changed_after = monday}), ElementsAre("a"_case)) << "the other ended before anything";
    EXPECT_THAT(ids({.changed_after = monday + 8h}), IsEmpty());
    const ServedCase one = served({.customer = other_customer})[0];
    EXPECT_EQ(one.id, "b"_case);
    EXPECT_EQ(one.entitlement, engine.support_case(other_customer, "b"_case)->entitlement);
    EXPECT_EQ(one.service, kept("b"_case, other_customer));
}

TEST_P(ServiceContract, S18_what_is_due_comes_by_its_instant_whoevers_it_is) {
    run(opening("late"_case), monday + 3h);
    run(OpenCase{.customer = other_customer, .id = "other"_case}, monday + 2h);
    run(opening("early"_case), monday + 1h);
    run(opening("first"_case), monday);
    EXPECT_THAT(due(monday + 59min), IsEmpty());
    EXPECT_THAT(due(monday + 3h), ElementsAre("first"_case, "early"_case, "other"_case));
    EXPECT_THAT(due(monday + 3h, acme), ElementsAre("first"_case, "early"_case));
    run(RespondToCase{.customer = acme, .id = "first"_case}, monday + 3h);
    EXPECT_THAT(due(monday + 7h), ElementsAre("early"_case, "other"_case, "late"_case));
    run(CancelCase{.customer = acme, .id = "early"_case}, monday + 3h);
    EXPECT_THAT(due(monday + 8h), ElementsAre("other"_case, "late"_case, "first"_case));
}

TEST_P(ServiceContract, S18_pages_of_what_is_due_and_served_meet) {
    constexpr std::size_t count = 4'200;  // more than a page has
    std::vector<OpenCase> batch;
    for (std::size_t i = 1; i <= count; ++i) {
        batch.push_back(opening(CaseId::from_integer(i)));
        batch.back().customer = i % 2 == 0 ? acme : other_customer;
    }
    for (std::size_t at = 0; at < count; at += 700) {
        std::vector<Outcome> outcomes(700);
        ASSERT_TRUE(engine.apply(std::span<const OpenCase>{batch}.subspan(at, 700),
                                 monday + std::chrono::seconds{at / 1'400}, outcomes));
        for (const Outcome& one : outcomes) ASSERT_THAT(one, ok());
    }
    EXPECT_EQ(served({}).size(), count);
    EXPECT_EQ(served({.customer = acme}).size(), count / 2);
    EXPECT_EQ(served({.changed_after = monday}).size(), count);
    const std::vector<CaseId> all = due(monday + 2h);
    ASSERT_EQ(all.size(), count);
    EXPECT_EQ(due(monday + 1h).size(), 1'400U) << "of the first instant";
}

INSTANTIATE_TEST_SUITE_P(, ServiceContract, testing::ValuesIn(stores()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

TEST_F(SqliteFile, service_that_makes_no_sense_is_database_corrupt) {
    for (const char* text :
         {"x", "priority 1", "priority 256 own 0 0 level 0 0 stage 0  responded 0 opening 0 latest 0",
          "priority 1 own 0 0 level 0 0 stage 0  responded 2 opening 0 latest 0",
          "priority 1 own 0 0 level 0 1 stage 0  responded 0 opening 0 latest 0 kpi 1 of 0 2"}) {
        make(1);
        edit(std::string{"UPDATE entitle_cases SET service = '"} + text + "'");
        const auto opened = open().value();
        std::vector<ServedCase> all;
        Cursor cursor;
        const auto told = opened->scan(Filter{}, cursor, all);
        ASSERT_FALSE(told) << text;
        EXPECT_EQ(told.error().code, ErrorCode::database_corrupt) << text;
        std::filesystem::remove(path);
    }
}

TEST_F(SqliteFile, service_terms_that_make_no_sense_are_database_corrupt) {
    for (const char* row : {"1, zeroblob(16), 'x'", "2, zeroblob(16), 'name 1 x kpis 0'",
                            "3, zeroblob(16), '1'", "1, randomblob(16), 'zone 3 UTC monday 99999999'"}) {
        make(1);
        edit(std::string{"INSERT INTO entitle_service_terms VALUES ("} + row + ")");
        Engine engine{open().value()};
        const auto levels = engine.service_levels();
        ASSERT_FALSE(levels) << row;
        EXPECT_EQ(levels.error().code, ErrorCode::database_corrupt) << row;
        std::filesystem::remove(path);
    }
}

}  // namespace
}  // namespace store_contract
