#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "desk.hpp"

// What one process has decided holds only as long as what it relied on: where another was sooner, it decides again.

namespace conformance {
namespace {

constexpr Policy splitting{.overage = Overage::split};

[[nodiscard]] Terms timed(Hours total) {
    return {.total = total, .decrease_on = DecreaseOn::resolution, .restricted = true};
}

/// A desk beside which another process works on the same store.
struct TwoProcesses : Desk {
    explicit TwoProcesses(const Policy& policy = policy::standard) : Desk{policy}, chosen{policy} {}

    /// What the other process decides, by what it sees now, as the engine would, into the memory of a former plan.
    template <class C>
    [[nodiscard]] Plan decided(C command, Plan plan = {}) {
        command.customer = acme;
        Footprint place{acme, {}, {}, {}};
        if constexpr (CaseCommand<C>) place.support_case = command.id;
        else place.entitlement = command.id;
        View view;
        EXPECT_TRUE(store.begin({&place, 1}, Access::write, policy::fingerprint(chosen)));
        EXPECT_TRUE(store.view(place, view));
        rule::CatchUp rolled;
        const bool is_due = view.due <= now;
        if (is_due) {
            rolled.begin(view, now);
            for (std::uint32_t i = 0; i < view.rows.size(); ++i) rolled.roll(i, Zone{});
        }
        const rule::Facts facts{.view = view, .policy = chosen, .now = now, .zone = Zone{}};
        EXPECT_TRUE(rule::decide(command, facts, plan));
        History history;
        while (plan.history_from != 0) {
            history = {plan.history_from, {}};
            const EntitlementId row = view.rows[plan.history_row].id;
            EXPECT_TRUE(store.history(acme, row, history.from, history.entries));
            if (is_due) rolled.tell(plan.history_row, history.entries);
            view.history = &history;
            EXPECT_TRUE(rule::decide(command, facts, plan));
        }
        view.history = nullptr;
        EXPECT_TRUE(rule::complete(plan, view, is_due ? &rolled : nullptr));
        store.abandon();
        return plan;
    }
    /// What becomes of it.
    [[nodiscard]] Commit applied(const Plan& plan) {
        const Footprint place{acme, plan.support_case_id, {}, {}};
        EXPECT_TRUE(store.begin({&place, 1}, Access::write, policy::fingerprint(chosen)));
        Receipt receipt;
        const Commit commit = store.stage(plan, receipt).value();
        store.abandon();
        return commit;
    }
    void adjust(EntitlementId id, Quantity quantity) {
        EXPECT_THAT(run(Adjust{.id = id, .quantity = quantity, .reason = "a letter"}), ok());
    }

    Policy chosen;
};

TEST(StalePlans, nothing_has_happened_and_it_holds) {
    TwoProcesses desk{splitting};
    (void)desk.grant(agreed(timed(hours(2h))));
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_EQ(desk.applied(desk.decided(ResolveCase{.id = "c1"_case, .time_spent = 3h})), Commit::done);
}

TEST(StalePlans, a_split_one_once_more_or_less_is_left) {
    TwoProcesses desk{splitting};
    const EntitlementId id = desk.grant(agreed(timed(hours(2h))));
    ASSERT_THAT(desk.open("c1"), ok());
    const Plan plan = desk.decided(ResolveCase{.id = "c1"_case, .time_spent = 3h});
    desk.adjust(id, hours(-30min));
    EXPECT_EQ(desk.applied(plan), Commit::stale);
    desk.adjust(id, hours(45min));
    EXPECT_EQ(desk.applied(plan), Commit::stale);
    desk.adjust(id, hours(-15min));
    EXPECT_EQ(desk.applied(plan), Commit::done) << "as much as then";
}

TEST(StalePlans, a_split_one_once_something_is_held) {
    TwoProcesses desk{splitting};
    (void)desk.grant(agreed(timed(hours(2h))));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.open("c2"), ok());
    const Plan plan = desk.decided(ResolveCase{.id = "c1"_case, .time_spent = 3h});
    ASSERT_THAT(desk.run(HoldTerms{.id = "c2"_case, .quantity = hours(1h)}), ok());
    EXPECT_EQ(desk.applied(plan), Commit::stale);
}

TEST(StalePlans, a_whole_one_once_the_rest_does_not_cover_it) {
    TwoProcesses desk{splitting};
    const EntitlementId id = desk.grant(agreed(timed(hours(4h))));
    ASSERT_THAT(desk.open("c1"), ok());
    const Plan plan = desk.decided(ResolveCase{.id = "c1"_case, .time_spent = 3h});
    desk.adjust(id, hours(-1h));
    EXPECT_EQ(desk.applied(plan), Commit::done);
    desk.adjust(id, hours(-1s));
    EXPECT_EQ(desk.applied(plan), Commit::stale);
}

TEST(StalePlans, a_whole_one_counts_what_the_case_holds_as_its_own) {
    TwoProcesses desk{splitting};
    const EntitlementId id = desk.grant(agreed(timed(hours(4h))));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.run(HoldTerms{.id = "c1"_case, .quantity = hours(1h)}), ok());
    const Plan plan = desk.decided(ResolveCase{.id = "c1"_case, .time_spent = 3h});
    desk.adjust(id, hours(-1h));
    EXPECT_EQ(desk.applied(plan), Commit::done) << "2 that nobody holds, and its own";
    desk.adjust(id, hours(-1s));
    EXPECT_EQ(desk.applied(plan), Commit::stale);
}

TEST(StalePlans, one_that_a_top_up_pays_once_what_was_agreed_can) {
    TwoProcesses desk;
    const EntitlementId id = desk.grant(agreed(on_creation(1)));
    ASSERT_THAT(desk.run(TopUp{.id = id, .amount = cases(2)}), ok());
    ASSERT_THAT(desk.open("c1"), ok());
    const Plan plan = desk.decided(OpenCase{.id = "c2"_case});
    ASSERT_THAT(desk.cancel("c1"), ok());
    EXPECT_EQ(desk.applied(plan), Commit::stale);
}

TEST(StalePlans, one_that_pays_what_is_owed_once_less_is) {
    TwoProcesses desk;
    const EntitlementId id = desk.grant(agreed(unrestricted(1)));
    ASSERT_THAT(desk.run(TopUp{.id = id, .amount = cases(1), .priority = 1}), ok());
    ASSERT_THAT(desk.open("topped up"), ok());
    ASSERT_THAT(desk.open("agreed"), ok());
    ASSERT_THAT(desk.open("owed"), ok());
    const Plan plan = desk.decided(CancelCase{.id = "topped up"_case});
    EXPECT_EQ(desk.applied(plan), Commit::done);
    ASSERT_THAT(desk.cancel("agreed"), ok());
    EXPECT_EQ(desk.applied(plan), Commit::stale);
}

/// Five cases a month, all by phone if need be; a case of January, and February has come.
struct AcrossABoundary : TwoProcesses {
    AcrossABoundary() {
        now = begin_2014;
        Draft draft = agreed(on_creation(5), {{Channel::web, cases(5)}, {Channel::phone, cases(5)}});
        draft.period = PeriodTerms{.cycle = {1, Cycle::Step::months}, .rollover = cases(5)};
        id = grant(draft);
        EXPECT_THAT(open("january", Channel::phone), ok());
        now = february;
    }
    /// The other process's clock is behind.
    void adjust_in_january(const Channel& channel, std::int64_t total, std::int64_t of_channel) {
        now = begin_2014;
        EXPECT_THAT(run(Adjust{.id = id,
                               .quantity = cases(total),
                               .channel = channel,
                               .channel_quantity = cases(of_channel),
                               .reason = "a letter"}),
                    ok());
        now = february;
    }

    static constexpr Instant february = date::sys_days{2014_y / 2 / 10};
    EntitlementId id;
};

TEST(StalePlans, one_across_a_boundary_once_any_counter_is_not_what_it_was_before_it) {
    AcrossABoundary desk;
    const Plan plan = desk.decided(OpenCase{.id = "c"_case, .origin = Channel::phone});
    EXPECT_EQ(desk.applied(plan), Commit::done);
    for (const Channel& channel : {Channel{Channel::web}, Channel{Channel::phone}}) {
        desk.adjust_in_january(channel, 0, -1);
        EXPECT_EQ(desk.applied(plan), Commit::stale) << channel.name();
        desk.adjust_in_january(channel, 0, 1);
        EXPECT_EQ(desk.applied(plan), Commit::done);
    }
    desk.adjust_in_january({}, -1, 0);
    EXPECT_EQ(desk.applied(plan), Commit::stale);
}

TEST(StalePlans, none_across_a_boundary_once_another_entitlement_is_not_what_it_was) {
    AcrossABoundary desk;
    const EntitlementId other = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(5)}}));
    const Plan plan = desk.decided(CancelCase{.id = "january"_case});
    ASSERT_THAT(desk.run(Adjust{.id = other,
                                .quantity = cases(-1),
                                .channel = Channel::phone,
                                .channel_quantity = cases(-1),
                                .reason = "a letter"}),
                ok());
    EXPECT_EQ(desk.applied(plan), Commit::done);
}

TEST(StalePlans, one_for_another_entitlement_once_what_was_held_of_the_first_is_used) {
    TwoProcesses desk;
    desk.now = begin_2014;
    Draft draft = agreed(on_resolution(1));
    draft.period = PeriodTerms{.cycle = {1, Cycle::Step::months}};
    const EntitlementId first = desk.grant(draft);
    const EntitlementId second = desk.grant(agreed(on_resolution(1)));
    ASSERT_THAT(desk.open_on(first, "held"), ok());
    ASSERT_THAT(desk.run(HoldTerms{.id = "held"_case, .quantity = cases(1)}), ok());
    desk.adjust(first, cases(-1));
    desk.now = AcrossABoundary::february;
    const Plan plan = desk.decided(OpenCase{.id = "c"_case});
    EXPECT_EQ(plan.subject, second);
    desk.now = begin_2014;
    ASSERT_THAT(desk.resolve("held"), ok());
    desk.now = AcrossABoundary::february;
    EXPECT_EQ(desk.applied(plan), Commit::stale) << "available is what was, and comes anew as another";
    EXPECT_EQ(desk.decided(OpenCase{.id = "c"_case}).subject, first);
}

TEST(StalePlans, one_that_moves_nothing_but_the_boundary_once_that_moves_something_else) {
    AcrossABoundary desk;
    const Plan plan = desk.decided(ResolveCase{.id = "january"_case});
    EXPECT_EQ(desk.applied(plan), Commit::done);
    desk.adjust_in_january({}, -1, 0);
    EXPECT_EQ(desk.applied(plan), Commit::stale);
}

TEST(StalePlans, none_that_needs_what_only_the_boundary_brings) {
    AcrossABoundary desk;
    desk.adjust_in_january(Channel::phone, -4, -4);
    EXPECT_EQ(desk.left(desk.id), 0);
    const Plan plan = desk.decided(OpenCase{.id = "c"_case, .origin = Channel::phone});
    EXPECT_EQ(desk.applied(plan), Commit::done);
}

TEST(StalePlans, one_that_records_nothing_once_its_receipt_would_say_something_else) {
    AcrossABoundary desk;
    const Plan plan = desk.decided(ChangeOrigin{.id = "january"_case, .origin = Channel::phone});
    ASSERT_TRUE(plan.entries.empty());
    EXPECT_EQ(plan.left, 9);
    EXPECT_EQ(desk.applied(plan), Commit::done);
    desk.adjust_in_january({}, -1, 0);
    EXPECT_EQ(desk.applied(plan), Commit::stale);
}

TEST(StalePlans, none_that_moves_a_counter_from_its_mark_or_below_it) {
    TwoProcesses desk;
    Draft draft = agreed(on_creation(5));
    draft.low_water = {{.left = cases(4)}};
    (void)desk.grant(draft);
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_EQ(desk.applied(desk.decided(OpenCase{.id = "at it"_case})), Commit::done);
    ASSERT_THAT(desk.open("c2"), ok());
    EXPECT_EQ(desk.applied(desk.decided(OpenCase{.id = "below it"_case})), Commit::done);
}

TEST(StalePlans, none_that_lowers_a_total_of_which_all_is_held_but_enough_is_left) {
    TwoProcesses desk;
    const EntitlementId id = desk.grant(agreed(on_resolution(5), {{Channel::phone, cases(5)}}));
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(desk.run(HoldTerms{.id = "c1"_case, .quantity = cases(5)}), ok());
    const Changes less{.terms = on_resolution(2),
                       .channels = std::vector<ChannelTerms>{{Channel::phone, cases(2)}}};
    EXPECT_EQ(desk.applied(desk.decided(Amend{.id = id, .changes = less})), Commit::done);
}

TEST(ReleaseTerms, of_nothing_plans_no_change_of_the_case) {
    TwoProcesses desk;
    (void)desk.grant(agreed(on_resolution(5)));
    ASSERT_THAT(desk.open("c"), ok());
    EXPECT_EQ(desk.decided(ReleaseTerms{.id = "c"_case}).case_change, CaseChange::none);
}

TEST(ResolveCase, within_a_hold_plans_its_posting_where_that_is) {
    TwoProcesses desk{{.origin_change = OriginChange::ignore}};
    (void)desk.grant(agreed(timed(hours(4h)), {{Channel::phone, hours(4h)}, {Channel::email, hours(4h)}}));
    ASSERT_THAT(desk.open("c", Channel::phone), ok());
    ASSERT_THAT(desk.run(HoldTerms{.id = "c"_case, .quantity = hours(2h)}), ok());
    ASSERT_THAT(desk.change_origin("c", Channel::email), ok());
    const Plan plan = desk.decided(ResolveCase{.id = "c"_case, .time_spent = 1h});
    EXPECT_EQ(plan.support_case.posted.channel, Channel::phone);
}

TEST(StalePlans, one_that_records_nothing_says_what_is_left_of_what_it_is_about) {
    AcrossABoundary desk;
    desk.now = begin_2014;
    Draft draft = agreed(on_creation(7));
    draft.period = PeriodTerms{.cycle = {1, Cycle::Step::months}};
    (void)desk.grant(draft);
    desk.now = AcrossABoundary::february;
    EXPECT_EQ(desk.decided(ChangeOrigin{.id = "january"_case, .origin = Channel::phone}).left, 9);
}

TEST(Remove, plans_no_more_boundaries_of_what_it_takes_away) {
    TwoProcesses desk;
    desk.now = begin_2014;
    Draft draft = agreed(on_creation(5));
    draft.period = PeriodTerms{.cycle = {1, Cycle::Step::months}};
    const EntitlementId id = desk.draft(draft);
    desk.now = AcrossABoundary::february;
    const Plan plan = desk.decided(Remove{.id = id});
    EXPECT_EQ(plan.boundaries, 1U) << "the one that has passed is recorded";
    EXPECT_TRUE(plan.periods.empty());
}

TEST(StalePlans, one_that_another_brings_to_the_limit_of_a_balance) {
    TwoProcesses desk;
    const EntitlementId id = desk.grant(agreed(unrestricted(0), {{Channel::phone, cases(0)}}));
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    desk.adjust(id, cases(-99'999'999'998));  // one is left until the limit
    const Plan open = desk.decided(OpenCase{.id = "c2"_case});
    ASSERT_THAT(desk.open("c3"), ok());
    EXPECT_EQ(desk.applied(open), Commit::stale);
    ASSERT_THAT(desk.cancel("c3"), ok());
    EXPECT_EQ(desk.applied(open), Commit::done);

    desk.adjust(id, cases(99'999'999'999));
    desk.adjust(id, cases(99'999'999'999));  // one more than the channel's posting took
    const Plan cancel = desk.decided(CancelCase{.id = "c1"_case});
    EXPECT_EQ(desk.applied(cancel), Commit::done);
    desk.adjust(id, cases(1));
    EXPECT_EQ(desk.applied(cancel), Commit::stale);
}

TEST(APlan, names_the_entitlement_that_it_changes_and_what_that_was_renewed_from) {
    TwoProcesses desk;
    const EntitlementId former = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.run(Cancel{.id = former}), ok());
    const EntitlementId id = desk.run(Renew{.id = former}).value().entitlement;
    const EntitlementChange activated = desk.decided(Activate{.id = id}).entitlement;
    EXPECT_EQ(activated.id, id);
    const EntitlementChange revised =
        desk.decided(Revise{.id = id, .changes = {.name = "Renamed"}}).entitlement;
    EXPECT_EQ(revised.id, id);
    EXPECT_EQ(revised.renewed_from, former);
}

TEST(APlan, takes_nothing_over_from_the_one_before) {
    TwoProcesses desk;
    const EntitlementId posting = desk.grant(agreed(on_creation(5)));
    const EntitlementId unanswered = desk.grant(agreed(on_resolution(5)));
    ASSERT_THAT(desk.open_on(posting, "c1", Channel::phone), ok());
    const Plan before = desk.decided(ResolveCase{.id = "c1"_case});
    ASSERT_TRUE(before.support_case.posted.stands());
    const OpenCase next{.id = "c2"_case, .entitlement = unanswered};
    EXPECT_EQ(desk.decided(next, before).support_case, desk.decided(next).support_case);
}

}  // namespace
}  // namespace conformance
