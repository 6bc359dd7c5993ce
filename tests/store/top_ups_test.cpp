#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sqlite_file.hpp"
#include "stores.hpp"

// Section 8 over every store: top-ups that have not ended, and the entries of theirs.

namespace store_contract {
namespace {

class TopUpContract : public Contract {
protected:
    TopUpContract() {
        Draft draft = agreed(unrestricted(2), {{Channel::phone, cases(2)}, {Channel::web, cases(1)}});
        draft.id = gold;
        draft.period = PeriodTerms{{1, Cycle::Step::months}, cases(1), true};
        EXPECT_THAT(engine.draft(draft, day(2014_y / 1 / 1)), ok());
        EXPECT_THAT(engine.activate({.customer = acme, .id = gold}, day(2014_y / 1 / 1)), ok());
    }

    Outcome add(TopUp command, Instant now) {
        command.customer = acme;
        command.id = gold;
        return engine.top_up(command, now);
    }
    [[nodiscard]] TopUps kept() {
        const auto reopened = open();
        const Store& now = store->capabilities().shared ? *reopened : *store;
        std::vector<Entitlement> all;
        for (Cursor cursor; !cursor.done;) EXPECT_TRUE(now.scan({acme, {}}, cursor, all));
        for (Entitlement& one : all) {
            if (one.id == gold) return std::move(one.top_ups);
        }
        return {};
    }
    void expect_audit() {
        const auto report = engine.audit();
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->ok()) << fmt::format("{}", *report->first);
    }

    Engine engine{*store};
};

TEST_P(TopUpContract, are_kept_with_what_is_left) {
    EXPECT_EQ(kept(), TopUps{});
    const Channel odd = Channel::named("a 7:\"x\"").value();
    EXPECT_THAT(engine.amend({.customer = acme,
                              .id = gold,
                              .changes = {.channels = {{{odd, cases(1)}, {Channel::phone, cases(2)}}}}},
                             day(2014_y / 1 / 1)),
                ok());
    const Outcome first =
        add({.amount = cases(5), .channel = odd, .priority = -3, .rollover = cases(2)}, day(2014_y / 1 / 2));
    const Outcome second =
        add({.amount = cases(7), .from = day(2014_y / 5 / 1), .expires = day(2014_y / 6 / 1)},
            day(2014_y / 1 / 3));
    ASSERT_THAT(first, ok());
    ASSERT_THAT(second, ok());
    EXPECT_THAT(engine.open_case({.customer = acme, .id = "a"_case, .origin = odd, .entitlement = gold},
                                 day(2014_y / 1 / 4)),
                ok());
    const TopUps is = kept();
    EXPECT_EQ(is.first, first->number);
    EXPECT_EQ(is.base_ends, Instant{date::sys_days{2014_y / 2 / 1}});
    ASSERT_EQ(is.open.size(), 2U);
    TopUpState one;
    one.number = first->number;
    one.amount = 5;
    one.channel = odd;
    one.priority = -3;
    one.from = day(2014_y / 1 / 2);
    one.rollover = 2;
    one.begun = true;
    one.left = 4;
    one.channel_left = 4;
    EXPECT_EQ(is.open[0], one);
    EXPECT_EQ(is.open[1].number, second->number);
    EXPECT_FALSE(is.open[1].begun);
    EXPECT_EQ(is.open[1].expires, day(2014_y / 6 / 1));
    EXPECT_EQ(is.due(), day(2014_y / 5 / 1));
    expect_audit();
}

TEST_P(TopUpContract, what_time_brings_comes_first_at_its_instants) {
    EXPECT_THAT(add({.amount = cases(5),
                     .channel = Channel::phone,
                     .expires = day(2014_y / 3 / 3),
                     .rollover = cases(2)},
                    day(2014_y / 1 / 2)),
                ok());
    const OpenCase late{.customer = acme,
                        .id = "a"_case,
                        .origin = Channel::phone,
                        .entitlement = gold,
                        .request = "r"_request,
                        .actor = "somebody"_actor};
    const Outcome opened = engine.open_case(late, day(2014_y / 4 / 2));
    ASSERT_THAT(opened, ok());
    EXPECT_EQ(opened->moved, cases(-1));
    EXPECT_EQ(opened->remaining, cases(2));
    EXPECT_EQ(opened->channel_remaining, cases(2));
    Outcome again = engine.open_case(late, day(2014_y / 4 / 3));
    ASSERT_THAT(again, repeated());
    again->repeated = false;
    EXPECT_EQ(*again, *opened);
    EXPECT_TRUE(kept().open.empty());
    const auto entries = engine.entries(acme).value();
    for (const Entry& entry : entries) {
        const bool is_last = entry.number == opened->number;
        if (!is_last || entry.kind == EntryKind::posting) continue;
        EXPECT_TRUE(entry.support_case.is_none()) << fmt::format("{}", entry);
        EXPECT_LT(entry.at, opened->at);
    }
    EXPECT_EQ(engine.support_case(acme, "a"_case)->posted.entry.number, opened->number);
    expect_audit();
}

TEST_P(TopUpContract, receipts_are_the_same_when_asked_again) {
    const TopUp command{.customer = acme,
                        .id = gold,
                        .amount = cases(3),
                        .channel = Channel::phone,
                        .request = "top up"_request};
    const Outcome made = engine.top_up(command, day(2014_y / 1 / 2));
    ASSERT_THAT(made, ok());
    const VoidTopUp gone{.customer = acme, .id = gold, .top_up = made->number, .request = "void"_request};
    const Outcome voided = engine.void_top_up(gone, day(2014_y / 1 / 3));
    ASSERT_THAT(voided, ok());
    EXPECT_EQ(voided->moved, cases(-3));
    const auto reopened = open();
    Engine other{store->capabilities().shared ? *reopened : *store};
    Outcome again = other.top_up(command, day(2014_y / 1 / 4));
    Outcome gone_again = other.void_top_up(gone, day(2014_y / 1 / 4));
    ASSERT_THAT(again, repeated());
    ASSERT_THAT(gone_again, repeated());
    again->repeated = gone_again->repeated = false;
    EXPECT_EQ(*again, *made);
    EXPECT_EQ(*gone_again, *voided);
    expect_audit();
}

TEST_P(TopUpContract, S4_plan_that_saw_other_rests_is_stale) {
    EXPECT_THAT(add({.amount = cases(3), .priority = 1}, day(2014_y / 1 / 2)), ok());
    const OpenCase command{.customer = acme, .id = "a"_case, .entitlement = gold};
    const Plan old = planned_before(command);
    EXPECT_THAT(
        engine.open_case({.customer = acme, .id = "b"_case, .entitlement = gold}, day(2014_y / 1 / 3)), ok());
    EXPECT_EQ(run_plan(old), Commit::stale);
    EXPECT_EQ(kept().open.at(0).left, 2);
}

TEST_P(TopUpContract, S2_abandoned_units_leave_them_as_they_were) {
    EXPECT_THAT(add({.amount = cases(3), .priority = 1}, day(2014_y / 1 / 2)), ok());
    const TopUps before = kept();
    const Footprint footprint{acme, "a"_case, {}, {}};
    ASSERT_TRUE(store->begin({&footprint, 1}, Access::write, print));
    View view;
    ASSERT_TRUE(store->view(footprint, view));
    Plan plan;
    ASSERT_TRUE(rule::decide(OpenCase{.customer = acme, .id = "a"_case, .entitlement = gold},
                             rule::Facts{view, policy::standard, day(2014_y / 1 / 3)}, plan));
    ASSERT_FALSE(plan.periods.empty());
    Receipt receipt;
    EXPECT_EQ(store->stage(plan, receipt), Commit::done);
    store->abandon();
    EXPECT_EQ(kept(), before);
    expect_audit();
}

TEST_P(TopUpContract, come_back_to_by_reversals_over_boundaries) {
    EXPECT_THAT(add({.amount = cases(3), .priority = 1, .rollover = cases(2)}, day(2014_y / 1 / 2)), ok());
    for (const CaseId id : {"a"_case, "b"_case, "c"_case}) {
        EXPECT_THAT(engine.open_case({.customer = acme, .id = id, .entitlement = gold}, day(2014_y / 1 / 3)),
                    ok());
    }
    for (const CaseId id : {"a"_case, "b"_case, "c"_case}) {
        EXPECT_THAT(engine.cancel_case({.customer = acme, .id = id}, day(2014_y / 2 / 3)), ok());
    }
    EXPECT_EQ(kept().open.at(0).left, 2);
    EXPECT_EQ(entitlement(gold).remaining, 2 + 1 + 2);
    expect_audit();
}

INSTANTIATE_TEST_SUITE_P(, TopUpContract, testing::ValuesIn(stores()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

TEST_F(SqliteFile, top_ups_that_make_no_sense_are_database_corrupt) {
    constexpr const char* whole =
        "first 1 base never number 1 amount 2 priority 100 from 0 expires never rollover all begun 1 left 2 "
        "0 "
        "channel 0 ";
    EXPECT_TRUE(top_ups_from(whole));
    for (const char* text :
         {"x", "first 0 base never", "first 1", "first 1 base soon", "first 1 base never number 1",
          "first 1 base never number 1 amount 2 priority 100 from 0 expires never rollover all begun 1 left "
          "3 0 "
          "channel 0 ",
          "first 1 base never number 1 amount 2 priority 100 from 0 expires 0 rollover all begun 1 left 2 0 "
          "channel 0 ",
          "first 1 base never number 1 amount 2 priority 100 from 0 expires never rollover all begun 1 left "
          "2 0 "
          "channel 9 phone"}) {
        make(1);
        edit(std::string{"UPDATE entitle_entitlements SET top_ups = '"} + text + "'");
        Engine engine{open().value()};
        const auto all = engine.entitlements();
        ASSERT_FALSE(all) << text;
        EXPECT_EQ(all.error().code, ErrorCode::database_corrupt) << text;
        std::filesystem::remove(path);
    }
}

}  // namespace
}  // namespace store_contract
