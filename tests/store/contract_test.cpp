#include <limits>
#include <set>
#include <thread>

#include "names.hpp"
#include "stores.hpp"

// S1 to S10, S12, S13 and S16 of the store's contract, by the guarantee that each test proves.

namespace store_contract {
namespace {

OpenCase opening(CaseId id, const Channel& origin = Channel::phone, RequestId request = {}) {
    return {.customer = acme, .id = id, .origin = origin, .entitlement = gold, .request = request};
}

// S1. Units.

TEST_P(Contract, S1_units_follow_one_another) {
    grant(gold);
    begin(Access::write, opening("c1"_case));
    store->abandon();
    begin(Access::read, opening("c1"_case));
    store->abandon();
    begin(Access::locked, opening("c1"_case));
    store->abandon();
    EXPECT_EQ(run(opening("c1"_case)).number, 3U);
}

TEST_P(Contract, S1_a_unit_under_the_lock_writes_too) {
    grant(gold);
    begin(Access::locked, opening("c1"_case));
    Receipt receipt;
    ASSERT_EQ(store->stage(planned(opening("c1"_case)), receipt).value(), Commit::done);
    ASSERT_EQ(store->commit().value(), Commit::done);
    EXPECT_EQ(receipt.number, 3U);
}

TEST_P(Contract, S1_reading_units_overlap_on_several_threads) {
    grant(gold);
    const Engine engine{*store};
    const auto look = [&engine](bool& agreed_always) {
        for (int i = 0; i < 500; ++i) {
            const auto answer = engine.check({.customer = acme, .origin = Channel::phone}, july);
            const auto refusal = engine.check({.customer = acme, .origin = Channel::web}, july);
            agreed_always = agreed_always && answer && answer->entitlement == gold && !refusal;
        }
    };
    std::array<bool, 4> right{true, true, true, true};
    std::vector<std::thread> threads;
    for (bool& mine : right) threads.emplace_back(look, std::ref(mine));
    for (std::thread& thread : threads) thread.join();
    EXPECT_THAT(right, testing::Each(true));
}

// S2. Atomic.

/// Runs a command's unit up to its end, ends it otherwise, and expects no trace.
#define EXPECT_NO_TRACE_WHEN_ABANDONED(command)                              \
    {                                                                        \
        const Everything before = everything(*store);                        \
        begin(Access::write, command);                                       \
        Receipt receipt;                                                     \
        EXPECT_EQ(store->stage(planned(command), receipt), Commit::done);    \
        store->abandon();                                                    \
        EXPECT_TRUE(everything(*store) == before) << name_of(command.kind);  \
        begin(Access::write, command);                                       \
        EXPECT_FALSE(view_for(command).has_first) << name_of(command.kind);  \
        store->abandon();                                                    \
        (void)run(command);                                                  \
        EXPECT_FALSE(everything(*store) == before) << name_of(command.kind); \
    }

TEST_P(Contract, S1_calls_outside_a_unit_fail_and_harm_nothing) {
    if (std::string_view{GetParam().name} == "memory") GTEST_SKIP() << "it asserts that there is one";
    const EntitlementId id = grant("e"_entitlement);
    const OpenCase command{.customer = acme, .id = "c"_case};
    const Plan plan = planned_before(command);
    const Footprint place = footprint_of(command);
    const auto failed = [](const auto& result) {
        return !result && result.error().code == ErrorCode::store_failed;
    };
    View seen;
    Receipt receipt;
    std::vector<Entry> entries;
    store->abandon();
    EXPECT_TRUE(failed(store->view(place, seen)));
    EXPECT_TRUE(failed(store->history(acme, id, 1, entries)));
    EXPECT_TRUE(failed(store->stage(plan, receipt)));
    EXPECT_TRUE(failed(store->commit()));

    begin(Access::read, command);
    EXPECT_TRUE(failed(store->stage(plan, receipt))) << "it only reads";
    store->abandon();
    EXPECT_EQ(run_plan(plan), Commit::done);
}

TEST_P(Contract, S1_a_unit_that_begins_within_another_takes_its_place) {
    (void)grant("e"_entitlement);
    const OpenCase command{.customer = acme, .id = "c"_case};
    Receipt receipt;
    begin(Access::write, command);
    EXPECT_EQ(store->stage(planned(command), receipt), Commit::done);
    EXPECT_EQ(run_once(Access::write, command, july, receipt), Commit::done)
        << "what it had staged never was";
    EXPECT_EQ(scanned<SupportCase>({acme, {}}).size(), 1U);
}

TEST_P(Contract, S2_an_abandoned_unit_leaves_no_trace_whatever_was_staged) {
    const RequestId request = "r1"_request;
    grant(silver);
    Draft draft = agreed(on_creation(5), {{Channel::phone, cases(2)}});
    draft.id = gold;
    draft.is_default = true;
    draft.request = request;
    EXPECT_NO_TRACE_WHEN_ABANDONED(draft);
    const auto with = [](auto command, RequestId id) {
        command.customer = acme;
        command.request = id;
        return command;
    };
    EXPECT_NO_TRACE_WHEN_ABANDONED(with(Revise{.id = gold, .changes = {.name = "Gold"}}, "r2"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(
        with(SetChannel{.id = gold, .channel = Channel::web, .total = cases(1)}, "r3"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(with(RemoveChannel{.id = gold, .channel = Channel::web}, "r4"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(
        with(ReviseScope{.id = gold, .add = {.contacts = {"ann"_contact}}}, "r5"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(with(Activate{.id = gold}, "r6"_request));
    OpenCase open = opening("c1"_case, Channel::phone, "r7"_request);
    open.contact = "ann"_contact;
    EXPECT_NO_TRACE_WHEN_ABANDONED(open);
    EXPECT_NO_TRACE_WHEN_ABANDONED(
        with(ChangeProduct{.id = "c1"_case, .product = "router"_product}, "r8"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(with(ChangeOrigin{.id = "c1"_case}, "r9"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(with(ResolveCase{.id = "c1"_case}, "r10"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(
        with(ReactivateCase{.id = "c1"_case, .origin = Channel::phone}, "r11"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(
        with(ChangeEntitlement{.id = "c1"_case, .entitlement = silver}, "r12"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(with(CancelCase{.id = "c1"_case}, "r13"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(
        with(Adjust{.id = gold, .quantity = cases(-2), .reason = "a letter"}, "r14"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(with(SetDefault{.id = silver}, "r15"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(with(DeleteCase{.id = "c1"_case}, "r16"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(with(Cancel{.id = silver}, "r17"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(with(Renew{.id = silver, .new_id = "renewed"_entitlement}, "r18"_request));
    EXPECT_NO_TRACE_WHEN_ABANDONED(with(Remove{.id = silver}, "r19"_request));
    EXPECT_TRUE(Engine{*store}.audit()->ok());
}
#undef EXPECT_NO_TRACE_WHEN_ABANDONED

TEST_P(Contract, S2_an_abandoned_unit_of_a_new_customer_leaves_none) {
    Draft draft = agreed(on_creation(5));
    draft.id = gold;
    begin(Access::write, draft);
    Receipt receipt;
    ASSERT_EQ(store->stage(planned(draft), receipt).value(), Commit::done);
    store->abandon();
    EXPECT_TRUE(store->customer_of(gold)->is_none());
    EXPECT_EQ(run(draft).number, 1U);
}

TEST_P(Contract, S2_a_stale_plan_undoes_the_whole_unit) {
    grant(gold);
    const OpenCase first = opening("c1"_case, Channel::phone, "r1"_request);
    const OpenCase second = opening("c2"_case, Channel::phone, "r2"_request);
    const Everything before = everything(*store);
    begin(Access::write, first, second);
    Receipt receipts[2];
    ASSERT_EQ(store->stage(planned(first), receipts[0]).value(), Commit::done);
    Plan plan = planned(second);
    plan.guards = {{0, no_channel, 100, 200}};
    const auto staged = store->stage(plan, receipts[1]);
    ASSERT_TRUE(staged);
    if (*staged == Commit::done) {
        EXPECT_EQ(store->commit().value(), Commit::stale);
    }
    EXPECT_TRUE(everything(*store) == before);
    begin(Access::write, first);
    EXPECT_FALSE(view_for(first).has_first);
    EXPECT_FALSE(view_for(first).has_case);
    store->abandon();
}

TEST_P(Contract, S2_after_stale_or_an_error_the_unit_is_over) {
    grant(gold);
    Plan stale = planned_before(opening("c1"_case));
    ++stale.shape;
    EXPECT_EQ(run_plan(stale), Commit::stale);
    EXPECT_EQ(run(opening("c2"_case)).number, 3U);
    const Footprint footprint{acme, {}, {}, {}};
    EXPECT_FALSE(store->begin({&footprint, 1}, Access::write, print + 1));
    EXPECT_EQ(run(opening("c3"_case)).number, 4U);
}

// S3. Own writes.

TEST_P(Contract, S3_a_unit_sees_what_it_has_staged) {
    Draft draft = agreed(on_creation(5), {{Channel::phone, cases(2)}});
    draft.id = gold;
    const Activate activate{.customer = acme, .id = gold};
    const OpenCase open = opening("c1"_case, Channel::phone, "r1"_request);
    const CancelCase cancel{.customer = acme, .id = "c1"_case};
    begin(Access::write, draft, activate, open, cancel);
    EXPECT_TRUE(view_for(draft).rows.empty());
    Receipt receipts[4];

    ASSERT_EQ(store->stage(planned(draft), receipts[0]).value(), Commit::done);
    View seen = view_for(activate);
    ASSERT_EQ(seen.rows.size(), 1U);
    EXPECT_EQ(seen.rows[0].phase, Phase::draft);
    EXPECT_TRUE(view_for(draft).known);

    ASSERT_EQ(store->stage(planned(activate), receipts[1]).value(), Commit::done);
    EXPECT_EQ(view_for(open).rows[0].phase, Phase::activated);

    ASSERT_EQ(store->stage(planned(open), receipts[2]).value(), Commit::done);
    seen = view_for(cancel);
    EXPECT_EQ(seen.rows[0].remaining, 4);
    EXPECT_EQ(seen.channels_of(seen.rows[0])[0].remaining, 1);
    ASSERT_TRUE(seen.has_case);
    EXPECT_EQ(seen.support_case.posted.quantity, 1);
    EXPECT_TRUE(view_for(open).has_first);

    ASSERT_EQ(store->stage(planned(cancel), receipts[3]).value(), Commit::done);
    seen = view_for(cancel);
    EXPECT_EQ(seen.rows[0].remaining, 5);
    EXPECT_EQ(seen.support_case.state, CaseState::canceled);
    ASSERT_EQ(store->commit().value(), Commit::done);
    EXPECT_EQ(receipts[3].number, 4U);
    EXPECT_EQ(receipts[3].remaining, Quantity(cases(5)));
}

TEST_P(Contract, S3_a_view_shows_whether_a_case_refers_to_an_entitlement_and_whether_it_was_ever_known) {
    grant(gold);
    grant(silver);
    (void)run(opening("c1"_case));
    const auto shows = [&](EntitlementId id, bool referred, bool known) {
        const Remove remove{.customer = acme, .id = id};
        begin(Access::write, remove);
        const View seen = view_for(remove);
        EXPECT_EQ(seen.referred, referred);
        EXPECT_EQ(seen.known, known);
        store->abandon();
    };
    shows(gold, true, true);
    shows(silver, false, true);
    shows("nobodys"_entitlement, false, false);
    (void)run(ChangeEntitlement{.customer = acme, .id = "c1"_case, .entitlement = silver});
    shows(gold, false, true);
    shows(silver, true, true);
    (void)run(DeleteCase{.customer = acme, .id = "c1"_case});
    shows(silver, false, true);
    (void)run(Cancel{.customer = acme, .id = silver});
    (void)run(Remove{.customer = acme, .id = silver});
    shows(silver, false, true);
}

// S4. Guards.

TEST_P(Contract, S4_a_plan_holds_while_the_counters_stay_within_its_bounds) {
    grant(gold);
    const Plan plan = planned_before(opening("c1"_case));
    (void)run(opening("c2"_case));
    Receipt receipt;
    EXPECT_EQ(run_plan(plan, receipt), Commit::done) << "one is left on the channel, three in total";
    EXPECT_EQ(receipt.remaining, Quantity(cases(3)));
    EXPECT_EQ(receipt.channel_remaining, Quantity(cases(0)));
    EXPECT_EQ(receipt.number, 4U);
}

TEST_P(Contract, S4_a_plan_is_stale_when_the_last_term_is_gone) {
    grant(gold, agreed(on_creation(1)));
    const Plan plan = planned_before(opening("c1"_case));
    (void)run(opening("c2"_case));
    EXPECT_EQ(run_plan(plan), Commit::stale);
}

TEST_P(Contract, S4_a_plan_is_stale_when_the_channels_last_term_is_gone) {
    grant(gold, agreed(on_creation(5), {{Channel::phone, cases(1)}}));
    const Plan plan = planned_before(opening("c1"_case));
    (void)run(opening("c2"_case));
    EXPECT_EQ(run_plan(plan), Commit::stale);
}

TEST_P(Contract, S4_each_bound_holds_exactly_at_the_bound_and_not_one_past_it) {
    grant(gold);
    constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
    constexpr auto highest = std::numeric_limits<std::int64_t>::max();
    const auto holds = [&](std::uint16_t channel, std::int64_t lower, std::int64_t upper) {
        Plan plan = planned_before(SetDefault{.customer = acme, .id = gold});
        plan.guards = {{0, channel, lower, upper}};
        const Footprint footprint{acme, {}, {}, gold};
        EXPECT_TRUE(store->begin({&footprint, 1}, Access::write, print));
        Receipt receipt;
        const auto staged = store->stage(plan, receipt);
        EXPECT_TRUE(staged);
        if (staged && *staged == Commit::done) store->abandon();
        return staged && *staged == Commit::done;
    };
    EXPECT_TRUE(holds(no_channel, 5, highest));
    EXPECT_FALSE(holds(no_channel, 6, highest));
    EXPECT_TRUE(holds(no_channel, lowest, 5));
    EXPECT_FALSE(holds(no_channel, lowest, 4));
    EXPECT_TRUE(holds(no_channel, 5, 5));
    EXPECT_TRUE(holds(0, 2, highest));
    EXPECT_FALSE(holds(0, 3, highest));
    EXPECT_TRUE(holds(0, lowest, 2));
    EXPECT_FALSE(holds(0, lowest, 1));
    EXPECT_TRUE(holds(no_channel, lowest, highest));
}

TEST_P(Contract, S4_a_bound_of_what_is_available_leaves_out_what_is_held) {
    policy = policy::desk;
    grant(gold, agreed(on_resolution(2), {{Channel::phone, cases(1)}}));
    const Plan by_phone = planned_before(opening("c1"_case));
    const Plan plain = planned_before(OpenCase{.customer = acme, .id = "c2"_case});
    (void)run(opening("c3"_case));
    EXPECT_EQ(run_plan(by_phone), Commit::stale) << "the channel's one is held";
    EXPECT_EQ(run_plan(plain), Commit::done) << "one of the total is not";
    const Plan last = planned_before(ResolveCase{.customer = acme, .id = "c3"_case});
    EXPECT_EQ(run_plan(last), Commit::done) << "within its own hold";
    const Entitlement after = entitlement(gold);
    EXPECT_EQ(after.remaining, 1);
    EXPECT_EQ(after.held, 1);
    EXPECT_EQ(after.channels[0].held, 0);
}

TEST_P(Contract, S2_a_hold_that_was_abandoned_left_no_trace) {
    policy = policy::desk;
    grant(gold, agreed(on_resolution(2), {{Channel::phone, cases(2)}}));
    (void)run(opening("c1"_case));
    const Everything before = everything(*store);
    begin(Access::write, opening("c2"_case), ResolveCase{.customer = acme, .id = "c1"_case});
    Receipt receipt;
    EXPECT_TRUE(store->stage(planned(opening("c2"_case)), receipt));
    Receipt resolved;
    EXPECT_TRUE(store->stage(planned(ResolveCase{.customer = acme, .id = "c1"_case}), resolved));
    store->abandon();
    EXPECT_TRUE(everything(*store) == before);
    begin(Access::read, opening("c2"_case));
    EXPECT_EQ(view_for(opening("c2"_case)).held_of(0), 1);
    EXPECT_EQ(view_for(opening("c2"_case)).held_of(0, 0), 1);
    store->abandon();
}

TEST_P(Contract, S3_a_unit_sees_what_it_holds) {
    policy = policy::desk;
    grant(gold, agreed(on_resolution(2), {{Channel::phone, cases(2)}}));
    begin(Access::write, opening("c1"_case), opening("c2"_case));
    Receipt first;
    EXPECT_TRUE(store->stage(planned(opening("c1"_case)), first));
    EXPECT_EQ(view_for(opening("c2"_case)).held_of(0), 1);
    EXPECT_EQ(view_for(opening("c1"_case)).support_case.held.quantity, 1);
    Receipt second;
    EXPECT_TRUE(store->stage(planned(opening("c2"_case)), second));
    EXPECT_EQ(store->commit().value(), Commit::done);
    EXPECT_EQ(second.held_terms(), Quantity(cases(1)));
    EXPECT_EQ(entitlement(gold).held, 2);
    EXPECT_EQ(entitlement(gold).channels[0].held, 2);
    for (const SupportCase& one : scanned<SupportCase>({acme, {}})) {
        EXPECT_EQ(one.held.quantity, 1);
        EXPECT_EQ(one.held.channel, Channel::phone);
    }
}

TEST_P(Contract, S10_what_is_held_moves_with_a_revised_agreement) {
    policy = policy::desk;
    grant(gold, agreed(on_resolution(2), {{Channel::phone, cases(2)}, {Channel::web, cases(1)}}));
    (void)run(opening("c1"_case));
    const std::vector<ChannelTerms> swapped{{Channel::web, cases(1)}, {Channel::email, cases(1)}};
    (void)run(Amend{.customer = acme, .id = gold, .changes = {.channels = swapped}});
    const Entitlement after = entitlement(gold);
    ASSERT_EQ(after.channels.size(), 3U);
    EXPECT_EQ(after.held, 1);
    EXPECT_EQ(after.channels[0].held, 0);
    EXPECT_EQ(after.channels[1].held, 0);
    EXPECT_EQ(after.channels[2].channel, Channel::phone);
    EXPECT_EQ(after.channels[2].held, 1);
    EXPECT_TRUE(Engine{*store}.audit()->ok());
}

TEST_P(Contract, S7_overage_is_kept_with_its_case) {
    policy = policy::desk;
    grant(gold, agreed({.total = hours(1h), .decrease_on = DecreaseOn::resolution, .restricted = true}));
    (void)run(OpenCase{.customer = acme, .id = "c1"_case});
    const Receipt receipt = run(ResolveCase{.customer = acme, .id = "c1"_case, .time_spent = 3h});
    EXPECT_EQ(receipt.overage_terms(), Quantity(hours(2h)));
    EXPECT_EQ(scanned<SupportCase>({acme, {}}).front().overage, 7200);
    const std::vector<Entry> entries = scanned<Entry>({acme, {}});
    EXPECT_EQ(entries[entries.size() - 2].amount, 7200);
    (void)run(ReactivateCase{.customer = acme, .id = "c1"_case});
    EXPECT_EQ(scanned<SupportCase>({acme, {}}).front().overage, 0);
    EXPECT_EQ(scanned<SupportCase>({acme, {}}).front().held.quantity, 3600);
    EXPECT_TRUE(Engine{*store}.audit()->ok());
}

TEST_P(Contract, S4_every_guard_of_a_plan_counts) {
    grant(gold);
    Plan plan = planned_before(opening("c1"_case));
    plan.guards = {{0, no_channel, 5, 5}, {0, 0, 2, 2}, {0, 0, 3, 3}};
    EXPECT_EQ(run_plan(plan), Commit::stale);
    plan.guards.pop_back();
    EXPECT_EQ(run_plan(plan), Commit::done);
}

TEST_P(Contract, S4_a_plan_is_stale_when_the_customers_agreements_changed) {
    grant(gold);
    const auto expect_stale_after = [&](const auto& command, CaseId id) {
        const Plan plan = planned_before(opening(id));
        (void)run(command);
        EXPECT_EQ(run_plan(plan), Commit::stale) << name_of(command.kind);
    };
    Draft another = agreed(on_creation(5));
    another.id = silver;
    expect_stale_after(another, "c1"_case);
    expect_stale_after(Amend{.customer = acme, .id = gold, .changes = {.name = "Gold"}}, "c2"_case);
    expect_stale_after(SetDefault{.customer = acme, .id = gold}, "c3"_case);
    expect_stale_after(Remove{.customer = acme, .id = silver}, "c4"_case);
    expect_stale_after(Deactivate{.customer = acme, .id = gold}, "c5"_case);
}

TEST_P(Contract, S4_another_customers_agreements_change_nothing) {
    grant(gold);
    const Plan plan = planned_before(opening("c1"_case));
    Draft theirs = agreed(on_creation(5));
    theirs.customer = other_customer;
    grant(gold, theirs);
    EXPECT_EQ(run_plan(plan), Commit::done);
}

TEST_P(Contract, S4_a_plan_is_stale_when_its_case_changed) {
    grant(gold);
    (void)run(opening("c1"_case));
    const Plan resolving = planned_before(ResolveCase{.customer = acme, .id = "c1"_case});
    (void)run(ChangeContact{.customer = acme, .id = "c1"_case, .contact = "ann"_contact});
    EXPECT_EQ(run_plan(resolving), Commit::stale);
}

TEST_P(Contract, S4_a_plan_is_stale_when_its_case_was_opened_or_deleted_meanwhile) {
    grant(gold);
    const Plan first = planned_before(opening("c1"_case));
    (void)run(opening("c1"_case));
    EXPECT_EQ(run_plan(first), Commit::stale);
    const Plan cancel = planned_before(CancelCase{.customer = acme, .id = "c1"_case});
    (void)run(DeleteCase{.customer = acme, .id = "c1"_case});
    EXPECT_EQ(run_plan(cancel), Commit::stale);
}

TEST_P(Contract, S4_another_case_changes_nothing) {
    grant(gold);
    (void)run(opening("c1"_case));
    const Plan plan = planned_before(ResolveCase{.customer = acme, .id = "c1"_case});
    (void)run(opening("c2"_case));
    EXPECT_EQ(run_plan(plan), Commit::done);
}

// S5. Serial.

TEST_P(Contract, S5_two_writers_never_both_spend_the_last_term) {
    grant(gold, agreed(on_creation(50)));
    const bool shared = store->capabilities().shared;
    const std::unique_ptr<Store> second = shared ? open() : nullptr;
    Engine engines[2] = {Engine{*store}, Engine{shared ? *second : *store}};
    std::array<int, 2> opened{};
    const auto open_next = [&](std::size_t writer, std::uint64_t i) {
        const CaseId id = CaseId::from_integer(1 + writer + 2 * i);
        opened[writer] += engines[writer].open_case({.customer = acme, .id = id}, july) ? 1 : 0;
    };
    if (shared) {
        std::thread other{[&] {
            for (std::uint64_t i = 0; i < 50; ++i) open_next(1, i);
        }};
        for (std::uint64_t i = 0; i < 50; ++i) open_next(0, i);
        other.join();
    } else {
        for (std::uint64_t i = 0; i < 50; ++i) {
            open_next(0, i);
            open_next(1, i);
        }
    }
    EXPECT_EQ(opened[0] + opened[1], 50);
    EXPECT_EQ(entitlement(gold).remaining, 0);
    EXPECT_TRUE(Engine{*store}.audit()->ok());
}

// S6. Numbers.

TEST_P(Contract, S6_plans_with_entries_are_numbered_without_gaps_within_their_customer) {
    grant(gold);
    Draft theirs = agreed(on_creation(5));
    theirs.customer = other_customer;
    theirs.id = gold;
    EXPECT_EQ(run(theirs).number, 1U);
    for (std::uint64_t i = 1; i <= 5; ++i) {
        EXPECT_EQ(run(opening(CaseId::from_integer(i), {})).number, i + 2);
    }
}

TEST_P(Contract, S6_a_plan_without_entries_takes_no_number) {
    grant(gold);
    (void)run(opening("c1"_case));
    const Receipt same = run(
        ChangeOrigin{.customer = acme, .id = "c1"_case, .origin = Channel::phone, .request = "r1"_request});
    EXPECT_EQ(same.number, 0U);
    EXPECT_TRUE(same.repeated);
    EXPECT_EQ(same.remaining, Quantity(cases(4))) << "with today's balance";
    EXPECT_EQ(run(opening("c2"_case)).number, 4U);
}

TEST_P(Contract, S6_the_entries_of_a_plan_have_ordinals_from_0_on) {
    grant(gold);
    grant(silver);
    (void)run(opening("c1"_case));
    const Receipt changed = run(ChangeEntitlement{.customer = acme, .id = "c1"_case, .entitlement = silver});
    const std::vector<Entry> entries = scanned<Entry>({acme, {}});
    ASSERT_EQ(entries.size(), 7U);
    EXPECT_EQ(entries[5].number, changed.number);
    EXPECT_EQ(entries[5].ordinal, 0U);
    EXPECT_EQ(entries[6].number, changed.number);
    EXPECT_EQ(entries[6].ordinal, 1U);
}

// S7. Balances.

TEST_P(Contract, S7_every_entry_carries_the_balances_after_it) {
    grant(gold);
    (void)run(opening("c1"_case));
    (void)run(Adjust{.customer = acme,
                     .id = gold,
                     .quantity = cases(10),
                     .channel = Channel::phone,
                     .channel_quantity = cases(-3),
                     .reason = "a letter"});
    (void)run(CancelCase{.customer = acme, .id = "c1"_case});
    const std::vector<Entry> entries = scanned<Entry>({acme, {}});
    ASSERT_EQ(entries.size(), 5U);
    EXPECT_EQ(entries[2].remaining, 4);
    EXPECT_EQ(entries[2].channel_remaining, 1);
    EXPECT_EQ(entries[3].remaining, 14);
    EXPECT_EQ(entries[3].channel_remaining, -2);
    EXPECT_EQ(entries[4].remaining, 15);
    EXPECT_EQ(entries[4].channel_remaining, -1);
}

TEST_P(Contract, S7_two_entries_of_one_plan_follow_one_another) {
    grant(gold, agreed(on_creation(5), {{Channel::phone, cases(2)}, {Channel::web, cases(2)}}));
    (void)run(opening("c1"_case));
    (void)run(ChangeOrigin{.customer = acme, .id = "c1"_case, .origin = Channel::web});
    const std::vector<Entry> entries = scanned<Entry>({acme, {}});
    ASSERT_EQ(entries.size(), 5U);
    EXPECT_EQ(entries[3].remaining, 5) << "given back";
    EXPECT_EQ(entries[4].remaining, 4) << "and posted again";
}

// S8. Order.

TEST_P(Contract, S8_rows_are_shown_in_the_order_that_the_last_plan_gave) {
    const auto grant_with = [&](EntitlementId id, std::int32_t priority) {
        Draft agreement = agreed(on_creation(5));
        agreement.priority = priority;
        grant(id, agreement);
    };
    const auto order = [&] {
        std::vector<EntitlementId> ids;
        const OpenCase looking = opening("c9"_case);
        begin(Access::read, looking);
        const View seen = view_for(looking);
        for (const EntitlementRow& row : seen.rows) ids.push_back(row.id);
        store->abandon();
        return ids;
    };
    const EntitlementId bronze = "bronze"_entitlement;
    grant_with(gold, 2);
    grant_with(silver, 1);
    grant_with(bronze, 3);
    EXPECT_THAT(order(), testing::ElementsAre(silver, gold, bronze));
    (void)run(SetDefault{.customer = acme, .id = bronze});
    EXPECT_THAT(order(), testing::ElementsAre(bronze, silver, gold));
    (void)run(Amend{.customer = acme, .id = gold, .changes = {.priority = 0}});
    EXPECT_THAT(order(), testing::ElementsAre(bronze, gold, silver));
    (void)run(Cancel{.customer = acme, .id = bronze});
    EXPECT_THAT(order(), testing::ElementsAre(gold, silver, bronze));
    (void)run(Remove{.customer = acme, .id = bronze});
    EXPECT_THAT(order(), testing::ElementsAre(gold, silver));
    (void)run(opening("c1"_case));
    EXPECT_THAT(order(), testing::ElementsAre(gold, silver)) << "a plan without an order keeps it";
}

TEST_P(Contract, S8_counters_scopes_and_channels_move_with_their_rows) {
    Draft first = agreed(on_creation(5), {{Channel::phone, cases(2)}, {Channel::web, cases(3)}});
    first.scope = {.contacts = {"ann"_contact}, .products = {"router"_product}};
    first.priority = 5;
    grant(gold, first);
    OpenCase open = opening("c1"_case);
    open.contact = "ann"_contact;
    open.product = "router"_product;
    (void)run(open);
    Draft second = agreed(on_creation(7), {{Channel::email, cases(4)}});
    second.scope = {.assets = {"pump"_asset}};
    second.priority = 1;
    grant(silver, second);

    begin(Access::read, open);
    const View seen = view_for(open);
    ASSERT_EQ(seen.rows.size(), 2U);
    EXPECT_EQ(seen.rows[0].id, silver);
    EXPECT_EQ(seen.rows[0].remaining, 7);
    EXPECT_EQ(seen.channels_of(seen.rows[0])[0].key, Channel::email.key());
    EXPECT_EQ(seen.channels_of(seen.rows[0])[0].remaining, 4);
    EXPECT_EQ(seen.rows[1].id, gold);
    EXPECT_EQ(seen.rows[1].remaining, 4);
    EXPECT_EQ(seen.channels_of(seen.rows[1])[0].remaining, 1);
    EXPECT_EQ(seen.channels_of(seen.rows[1])[1].key, Channel::web.key());
    const rule::Candidate candidate{seen, 1};
    EXPECT_EQ(rule::out_of_scope(candidate, open.contact), ErrorCode::none);
    EXPECT_EQ(rule::out_of_scope(candidate, "eve"_contact), ErrorCode::contact_out_of_scope);
    store->abandon();
}

// S9. Requests.

TEST_P(Contract, S9_a_request_is_remembered_with_its_receipt_within_its_customer) {
    grant(gold);
    Draft theirs = agreed(on_creation(5));
    theirs.customer = other_customer;
    grant(gold, theirs);
    const OpenCase open = opening("c1"_case, Channel::phone, "r1"_request);
    const Receipt receipt = run(open);
    begin(Access::read, open);
    const View seen = view_for(open);
    ASSERT_TRUE(seen.has_first);
    EXPECT_EQ(seen.first.receipt, receipt);
    EXPECT_EQ(seen.first.arguments, arguments_of(open));
    OpenCase elsewhere = open;
    elsewhere.customer = other_customer;
    EXPECT_FALSE(view_for(elsewhere).has_first);
    store->abandon();
}

TEST_P(Contract, S9_a_request_without_entries_is_remembered_too) {
    grant(gold);
    (void)run(opening("c1"_case));
    const ChangeOrigin same{
        .customer = acme, .id = "c1"_case, .origin = Channel::phone, .request = "r1"_request};
    const Receipt receipt = run(same);
    (void)run(opening("c2"_case));
    begin(Access::read, same);
    ASSERT_TRUE(view_for(same).has_first);
    EXPECT_EQ(view_for(same).first.receipt, receipt);
    store->abandon();
}

TEST_P(Contract, S9_remembering_a_request_again_replaces_the_former) {
    grant(gold);
    (void)run(opening("c1"_case, Channel::phone, "r1"_request));
    const OpenCase second = opening("c2"_case, Channel::phone, "r1"_request);
    const Receipt receipt = run(second);
    begin(Access::locked, second);
    EXPECT_EQ(view_for(second).first.receipt, receipt);
    EXPECT_EQ(view_for(second).first.arguments, arguments_of(second));
    Receipt abandoned;
    const OpenCase third = opening("c3"_case, {}, "r1"_request);
    ASSERT_EQ(store->stage(planned(third), abandoned).value(), Commit::done);
    store->abandon();
    begin(Access::read, second);
    EXPECT_EQ(view_for(second).first.receipt, receipt) << "not by what was abandoned";
    store->abandon();
}

TEST_P(Contract, S9_is_remembered_for_30_days_at_least) {
    EXPECT_GE(store->capabilities().request_retention, 30 * 24h);
}

// S10. Openings.

TEST_P(Contract, S10_what_a_case_was_opened_with_is_shown_once_its_facts_have_changed) {
    grant(gold);
    grant(silver);
    OpenCase open = opening("c1"_case);
    open.contact = "ann"_contact;
    (void)run(open);
    const auto shown = [&]() -> std::optional<Opening> {
        begin(Access::read, open);
        const View seen = view_for(open);
        std::optional<Opening> found;
        if (seen.opening != nullptr) found = *seen.opening;
        store->abandon();
        return found;
    };
    EXPECT_EQ(shown(), std::nullopt);
    (void)run(ResolveCase{.customer = acme, .id = "c1"_case});
    (void)run(ReactivateCase{.customer = acme, .id = "c1"_case});
    EXPECT_EQ(shown(), std::nullopt) << "its facts are what they were";
    const Opening first{{"ann"_contact, {}, {}, {}, Channel::phone}, gold, true};
    (void)run(ChangeContact{.customer = acme, .id = "c1"_case, .contact = "bob"_contact});
    EXPECT_EQ(shown(), first);
    (void)run(ChangeOrigin{.customer = acme, .id = "c1"_case});
    (void)run(SetDecrement{.customer = acme, .id = "c1"_case, .decrement = false});
    (void)run(ChangeEntitlement{.customer = acme, .id = "c1"_case, .entitlement = silver});
    EXPECT_EQ(shown(), first) << "the first facts, not those in between";
}

TEST_P(Contract, S10_a_case_opened_again_after_delete_has_its_own) {
    grant(gold);
    (void)run(opening("c1"_case));
    (void)run(ChangeOrigin{.customer = acme, .id = "c1"_case});
    (void)run(DeleteCase{.customer = acme, .id = "c1"_case});
    (void)run(opening("c1"_case, {}));
    begin(Access::read, opening("c1"_case));
    EXPECT_EQ(view_for(opening("c1"_case)).opening, nullptr);
    store->abandon();
}

// S12. Policy.

TEST_P(Contract, S12_a_unit_under_another_policy_is_policy_mismatch_until_it_is_changed) {
    grant(gold);
    const Footprint footprint{acme, {}, {}, {}};
    const std::uint64_t other = policy::fingerprint(policy::crm2014);
    for (const Access access : {Access::read, Access::write, Access::locked}) {
        const auto begun = store->begin({&footprint, 1}, access, other);
        ASSERT_FALSE(begun);
        EXPECT_EQ(begun.error().code, ErrorCode::policy_mismatch);
    }
    ASSERT_TRUE(store->change_policy(other));
    ASSERT_TRUE(store->begin({&footprint, 1}, Access::write, other));
    store->abandon();
    EXPECT_EQ(store->begin({&footprint, 1}, Access::write, print).error().code, ErrorCode::policy_mismatch);
}

// S13. Durable.

TEST_P(Contract, S12_a_unit_from_which_nothing_came_keeps_no_policy) {
    const std::uint64_t other = print ^ 1;
    ASSERT_TRUE(store->begin({}, Access::write, other));
    store->abandon();
    ASSERT_TRUE(store->begin({}, Access::write, other));
    ASSERT_TRUE(store->commit());
    ASSERT_TRUE(store->begin({}, Access::write, print));
    store->abandon();
}

TEST_P(Contract, S13_what_was_reported_done_is_there_when_the_store_is_opened_again) {
    if (!store->capabilities().durable) GTEST_SKIP() << "not durable";
    grant(gold);
    const OpenCase open_command = opening("c1"_case, Channel::phone, "r1"_request);
    const Receipt receipt = run(open_command);
    const Everything before = everything(*store);
    store = nullptr;
    store = open();
    EXPECT_TRUE(everything(*store) == before);
    begin(Access::write, open_command);
    EXPECT_EQ(view_for(open_command).first.receipt, receipt);
    store->abandon();
    EXPECT_EQ(run(opening("c2"_case)).number, receipt.number + 1);
}

// S16. Refusals.

TEST_P(Contract, S16_a_unit_that_staged_nothing_was_shown_what_is_or_is_stale) {
    grant(gold, agreed(on_creation(1)));
    (void)run(opening("c1"_case, {}));
    const OpenCase refused = opening("c2"_case, {});
    begin(Access::write, refused);
    (void)store->commit();  // it knows the customer now, if it ever does
    const std::unique_ptr<Store> another = store->capabilities().shared ? open() : nullptr;
    Engine engine{another ? *another : *store};
    ASSERT_THAT(engine.adjust({.customer = acme, .id = gold, .quantity = cases(3), .reason = "a gift"}, july),
                ok());
    begin(Access::write, refused);
    const std::int64_t left = view_for(refused).rows[0].remaining;
    const Commit commit = store->commit().value();
    EXPECT_EQ(commit, left == 3 ? commit : Commit::stale) << left << " were shown";
    begin(Access::locked, refused);
    EXPECT_EQ(view_for(refused).rows[0].remaining, 3);
    EXPECT_EQ(store->commit().value(), Commit::done);
}

TEST_P(Contract, S16_a_case_or_a_request_of_anothers_is_never_taken_for_missing) {
    grant(gold);
    const OpenCase first = opening("c1"_case, {}, "r1"_request);
    const Receipt receipt = run(first);
    const std::unique_ptr<Store> another = store->capabilities().shared ? open() : nullptr;
    Engine engine{another ? *another : *store};
    ASSERT_THAT(engine.open_case(opening("c2"_case, {}, "r2"_request), july), ok());
    EXPECT_EQ(engine.open_case(first, july)->number, receipt.number);
    Engine mine{*store};
    const Outcome again = mine.open_case(opening("c2"_case, {}, "r2"_request), july);
    ASSERT_THAT(again, repeated());
    EXPECT_EQ(again->number, 4U);
    EXPECT_THAT(mine.open_case(opening("c3"_case, {}, "r2"_request), july),
                refused(ErrorCode::request_id_reused));
    EXPECT_THAT(mine.resolve_case({.customer = acme, .id = "c2"_case}, july), ok());
    EXPECT_THAT(engine.reactivate_case({.customer = acme, .id = "c2"_case}, july), ok());
    EXPECT_EQ(scanned<Entry>({acme, {}}).size(), 6U);
    EXPECT_TRUE(engine.audit()->ok());
}

// Scans and searches.

TEST_P(Contract, scan_lists_customer_after_customer_each_in_its_order_in_pages) {
    constexpr std::uint64_t customers = 5;
    constexpr std::uint64_t each = 2000;
    Engine engine{*store};
    for (std::uint64_t c = 1; c <= customers; ++c) {
        Draft agreement = agreed(unrestricted(0));
        agreement.customer = CustomerId::from_integer(c);
        agreement.id = EntitlementId::from_integer(1);
        std::vector<Command> commands{agreement,
                                      Activate{.customer = agreement.customer, .id = agreement.id}};
        for (std::uint64_t i = 1; i <= each; ++i) {
            commands.push_back(OpenCase{.customer = agreement.customer, .id = CaseId::from_integer(i)});
        }
        std::vector<Outcome> outcomes(commands.size());
        ASSERT_TRUE(engine.apply(commands, july, outcomes));
    }

    std::vector<Entry> entries;
    Cursor cursor;
    while (!cursor.done) {
        const std::size_t before = entries.size();
        ASSERT_TRUE(store->scan({}, cursor, entries));
        EXPECT_TRUE(cursor.done || entries.size() > before) << "every page brings something";
    }
    ASSERT_EQ(entries.size(), customers * (each + 2));
    std::set<CustomerId> seen;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const bool first = i == 0 || entries[i].customer != entries[i - 1].customer;
        if (first) {
            EXPECT_TRUE(seen.insert(entries[i].customer).second) << "a customer comes once";
        }
        EXPECT_EQ(entries[i].number, first ? 1 : entries[i - 1].number + 1);
    }
    const auto all_cases = scanned<SupportCase>({});
    ASSERT_EQ(all_cases.size(), customers * each);
    for (std::size_t i = 0; i < all_cases.size(); ++i) {
        EXPECT_EQ(all_cases[i].id, CaseId::from_integer(i % each + 1)) << "in the order they were opened";
    }
    EXPECT_EQ(scanned<Entitlement>({}).size(), customers);
}

TEST_P(Contract, scan_of_a_customer_lists_no_other) {
    grant(gold);
    Draft theirs = agreed(on_creation(5));
    theirs.customer = other_customer;
    grant(gold, theirs);
    (void)run(opening("c1"_case));
    EXPECT_EQ(scanned<Entitlement>({acme, {}}).size(), 1U);
    EXPECT_EQ(scanned<Entitlement>({other_customer, {}}).size(), 1U);
    EXPECT_EQ(scanned<Entry>({acme, {}}).size(), 3U);
    EXPECT_EQ(scanned<Entry>({other_customer, {}}).size(), 2U);
    EXPECT_EQ(scanned<SupportCase>({other_customer, {}}).size(), 0U);
    EXPECT_EQ(scanned<Entry>({"stranger"_customer, {}}).size(), 0U);
    EXPECT_EQ(scanned<Entitlement>({"stranger"_customer, {}}).size(), 0U);
}

TEST_P(Contract, scan_of_an_entitlements_entries_lists_no_others) {
    grant(gold);
    grant(silver);
    (void)run(opening("c1"_case));
    const auto entries = scanned<Entry>({acme, gold});
    EXPECT_EQ(entries.size(), 3U);
    for (const Entry& entry : entries) EXPECT_EQ(entry.entitlement, gold);
    EXPECT_TRUE(scanned<Entry>({acme, "nobodys"_entitlement}).empty());
}

TEST_P(Contract, scan_lists_entitlements_in_the_order_they_were_made) {
    Draft later = agreed(on_creation(5));
    grant(gold, later);
    later.priority = 1;
    grant(silver, later);
    const auto all = scanned<Entitlement>({acme, {}});
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].id, gold);
    EXPECT_EQ(all[1].id, silver);
    EXPECT_LT(all[0].sequence, all[1].sequence);
}

TEST_P(Contract, customer_of_finds_whose_a_thing_is_while_it_is) {
    EXPECT_TRUE(store->customer_of(gold)->is_none());
    EXPECT_TRUE(store->customer_of("c1"_case)->is_none());
    grant(gold);
    (void)run(opening("c1"_case));
    EXPECT_EQ(store->customer_of(gold).value(), acme);
    EXPECT_EQ(store->customer_of("c1"_case).value(), acme);
    (void)run(DeleteCase{.customer = acme, .id = "c1"_case});
    EXPECT_TRUE(store->customer_of("c1"_case)->is_none());
    (void)run(Cancel{.customer = acme, .id = gold});
    (void)run(Remove{.customer = acme, .id = gold});
    EXPECT_TRUE(store->customer_of(gold)->is_none());
}

TEST_P(Contract, what_is_shown_is_what_was_planned) {
    Draft agreement = agreed(on_creation(5), {{Channel::phone, cases(2)}});
    agreement.description = "Spare parts";
    agreement.scope = {.contacts = {"ann"_contact, "bob"_contact}, .case_types = {"question"_case_type}};
    grant(gold, agreement);
    OpenCase open = opening("c1"_case);
    open.contact = "bob"_contact;
    open.case_type = "question"_case_type;
    open.actor = "eve"_actor;
    const Receipt receipt = run(open);

    const Entitlement kept = entitlement(gold);
    EXPECT_EQ(kept.agreement.description, "Spare parts");
    EXPECT_EQ(kept.agreement.scope, agreement.scope);
    EXPECT_EQ(kept.span, (Span{begin_2014, end_2014}));
    EXPECT_EQ(kept.phase, Phase::activated);
    EXPECT_EQ(kept.remaining, 4);
    EXPECT_THAT(kept.channels, testing::ElementsAre(ChannelBalance{Channel::phone, true, 2, 1}));

    const SupportCase support_case = scanned<SupportCase>({acme, {}}).at(0);
    EXPECT_EQ(support_case.facts, rule::facts_of(open));
    EXPECT_EQ(support_case.entitlement, gold);
    EXPECT_TRUE(support_case.named);
    EXPECT_EQ(support_case.last_number, receipt.number);
    EXPECT_EQ(support_case.posted, (Posted{{receipt.number, 0}, 1, Channel::phone}));
    EXPECT_EQ(scanned<Entry>({acme, {}}).back().actor, "eve"_actor);
}

INSTANTIATE_TEST_SUITE_P(, Contract, testing::ValuesIn(stores()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

}  // namespace
}  // namespace store_contract
