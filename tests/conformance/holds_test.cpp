// Section 8: holds and split overage, as the policy makes them.

#include "desk.hpp"

namespace conformance {
namespace {

constexpr Policy holding{.hold_on_creation = true};
constexpr Policy splitting{.overage = Overage::split};

[[nodiscard]] Terms timed(Hours total) {
    return {.total = total, .decrease_on = DecreaseOn::resolution, .restricted = true};
}

/// Two cases, both by phone, of which phone may take one.
[[nodiscard]] Draft two_cases_one_by_phone() {
    return agreed(on_resolution(2), {{Channel::phone, cases(1)}, {Channel::email, cases(2)}});
}

[[nodiscard]] std::int64_t held(const Desk& desk, EntitlementId id) { return desk.entitlement(id).held; }

[[nodiscard]] std::int64_t held(const Desk& desk, EntitlementId id, const Channel& channel) {
    for (const ChannelBalance& one : desk.entitlement(id).channels) {
        if (one.channel == channel) return one.held;
    }
    return 0;
}

TEST(HoldOnCreation, reserves_at_opening_and_moves_nothing) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    const Outcome opened = desk.open("c1", Channel::phone);
    ASSERT_THAT(opened, ok());
    EXPECT_EQ(opened->moved.value, 0);
    EXPECT_EQ(opened->held_terms(), Quantity(cases(1)));
    EXPECT_EQ(desk.left(id), 2);
    EXPECT_EQ(held(desk, id), 1);
    EXPECT_EQ(held(desk, id, Channel::phone), 1);
    EXPECT_EQ(desk.entitlement(id).available_terms(), Quantity(cases(1)));
    const Entry entry = desk.last_entry();
    EXPECT_EQ(entry.kind, EntryKind::hold);
    EXPECT_EQ(entry.amount, 1);
    EXPECT_EQ(entry.channel, Channel::phone);
    EXPECT_EQ(fmt::format("{}", *opened), "open_case: 2 cases left; phone: 1 case left; 1 case held");
}

TEST(HoldOnCreation, restriction_looks_at_what_is_available) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    const Outcome second = desk.open_on(id, "c2", Channel::phone);
    EXPECT_THAT(second, refused(ErrorCode::channel_exhausted));
    EXPECT_EQ(second.error().remaining, Quantity(cases(0)));
    ASSERT_THAT(desk.open("c2", Channel::email), ok());
    EXPECT_THAT(desk.open_on(id, "c3"), refused(ErrorCode::terms_exhausted));
    EXPECT_EQ(desk.engine.check({.customer = acme}, july).error().reason, ErrorCode::terms_exhausted);
}

TEST(HoldOnCreation, a_resolution_posts_within_it_whatever_has_become_of_the_rest) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(desk.run(Adjust{.id = id,
                                .quantity = cases(-2),
                                .channel = Channel::phone,
                                .channel_quantity = cases(-1),
                                .reason = "counted"}),
                ok());
    const Outcome resolved = desk.resolve("c1");
    ASSERT_THAT(resolved, ok());
    EXPECT_EQ(resolved->moved.value, -1);
    EXPECT_EQ(resolved->held, -1);
    EXPECT_EQ(desk.left(id), -1);
    EXPECT_EQ(desk.left(id, Channel::phone), -1);
    EXPECT_EQ(held(desk, id), 0);
}

TEST(HoldOnCreation, a_resolution_needs_no_listed_channel_within_it) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.channels = {{{Channel::email, cases(2)}}}}}), ok());
    EXPECT_EQ(held(desk, id, Channel::phone), 1) << "a channel that was removed still counts its holds";
    ASSERT_THAT(desk.resolve("c1"), ok());
    EXPECT_EQ(desk.left(id, Channel::phone), -1);
    EXPECT_EQ(held(desk, id, Channel::phone), 0);
}

TEST(HoldOnCreation, a_resolution_beyond_it_is_asked_for_all_but_its_own) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(agreed(timed(hours(1h))));
    for (const char* c : {"c1", "c2"}) ASSERT_THAT(desk.open(c), ok());
    EXPECT_EQ(held(desk, id), 2) << "more than nothing, which is a second each";
    EXPECT_THAT(desk.resolve("c1", 1h), refused(ErrorCode::terms_exhausted)) << "the other holds one";
    EXPECT_EQ(held(desk, id), 2);
    ASSERT_THAT(desk.resolve("c1", 59min + 59s), ok());
    EXPECT_THAT(desk.resolve("c2", 1s), ok());
    EXPECT_EQ(desk.left(id), 0);
}

TEST(HoldOnCreation, a_resolution_of_less_frees_the_rest) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(agreed(timed(hours(1h))));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.resolve("c1"), ok()) << "nothing was spent";
    EXPECT_EQ(desk.left(id), 3600);
    EXPECT_EQ(held(desk, id), 0);
}

TEST(HoldOnCreation, canceling_releases_and_reactivating_asks_and_holds_again) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(desk.cancel("c1"), ok());
    EXPECT_EQ(desk.last_entry().kind, EntryKind::release);
    EXPECT_EQ(held(desk, id, Channel::phone), 0);
    ASSERT_THAT(desk.open("c2", Channel::phone), ok());
    EXPECT_THAT(desk.reactivate("c1"), refused(ErrorCode::channel_exhausted));
    ASSERT_THAT(desk.reactivate("c1", Channel::email), ok());
    EXPECT_EQ(held(desk, id, Channel::email), 1);
}

TEST(HoldOnCreation, deleting_an_open_case_releases) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(desk.run(DeleteCase{.id = "c1"_case}), ok());
    EXPECT_EQ(held(desk, id), 0);
    EXPECT_EQ(held(desk, id, Channel::phone), 0);
}

TEST(HoldOnCreation, reactivation_from_resolved_holds_what_the_reversal_returned) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(agreed(timed(hours(2h))));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.resolve("c1", 90min), ok());
    ASSERT_THAT(desk.reactivate("c1"), ok());
    EXPECT_EQ(desk.left(id), 7200);
    EXPECT_EQ(held(desk, id), 5400);
    ASSERT_THAT(desk.open("c2"), ok());
    EXPECT_THAT(desk.resolve("c2", 31min), refused(ErrorCode::terms_exhausted));
    EXPECT_THAT(desk.resolve("c1", 90min), ok());
}

TEST(HoldOnCreation, reactivation_with_another_origin_asks_its_channel) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    ASSERT_THAT(desk.open("c1", Channel::email), ok());
    ASSERT_THAT(desk.resolve("c1"), ok());
    ASSERT_THAT(desk.open("c2", Channel::phone), ok());
    EXPECT_THAT(desk.reactivate("c1", Channel::phone), refused(ErrorCode::channel_exhausted));
    EXPECT_THAT(desk.reactivate("c1", Channel::facebook), refused(ErrorCode::channel_not_listed));
    ASSERT_THAT(desk.cancel("c2"), ok());
    ASSERT_THAT(desk.reactivate("c1", Channel::phone), ok());
    EXPECT_EQ(desk.left(id, Channel::email), 2);
    EXPECT_EQ(held(desk, id, Channel::email), 0);
    EXPECT_EQ(held(desk, id, Channel::phone), 1);
}

TEST(HoldOnCreation, reactivation_with_another_origin_asks_nothing_where_the_policy_ignores_it) {
    Policy ignoring = holding;
    ignoring.origin_change = OriginChange::ignore;
    Desk desk{ignoring};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("c1"), ok());
    ASSERT_THAT(desk.reactivate("c1", Channel::web), ok()) << "which is not listed";
    EXPECT_EQ(held(desk, id, Channel::phone), 1);
}

TEST(HoldOnCreation, a_changed_origin_is_asked_and_moves_it) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    EXPECT_THAT(desk.change_origin("c1", Channel::web), refused(ErrorCode::channel_not_listed));
    ASSERT_THAT(desk.change_origin("c1", Channel::email), ok());
    EXPECT_EQ(held(desk, id), 1);
    EXPECT_EQ(held(desk, id, Channel::phone), 0);
    EXPECT_EQ(held(desk, id, Channel::email), 1);
    ASSERT_THAT(desk.change_origin("c1", {}), ok());
    EXPECT_EQ(held(desk, id), 1);
    EXPECT_EQ(held(desk, id, Channel::email), 0);
}

TEST(HoldOnCreation, changing_the_entitlement_releases_the_old_and_holds_the_new) {
    Desk desk{holding};
    const EntitlementId first = desk.grant(two_cases_one_by_phone());
    const EntitlementId second = desk.grant(two_cases_one_by_phone());
    const EntitlementId posting = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open_on(first, "c1", Channel::phone), ok());
    ASSERT_THAT(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = second}), ok());
    EXPECT_EQ(held(desk, first), 0);
    EXPECT_EQ(held(desk, second, Channel::phone), 1);
    ASSERT_THAT(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = posting}), ok());
    EXPECT_EQ(held(desk, second), 0);
    EXPECT_EQ(held(desk, posting), 0) << "it posts on creation";
    EXPECT_EQ(desk.left(posting), 4);
}

TEST(HoldOnCreation, reactivation_in_another_period_holds_what_came_back_of_it) {
    Desk desk{holding};
    Draft draft = agreed(timed(hours(2h)));
    draft.period = PeriodTerms{.cycle = {.every = 1, .step = Cycle::Step::months}, .rollover = hours(1h)};
    const EntitlementId id = desk.grant(draft);
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.resolve("c1", 2h), ok());
    desk.now += date::days{31};
    const Outcome reactivated = desk.reactivate("c1");
    ASSERT_THAT(reactivated, ok());
    EXPECT_EQ(reactivated->moved, Quantity(hours(1h))) << "one of the two would have been carried over";
    EXPECT_EQ(held(desk, id), 3600);
    EXPECT_EQ(desk.left(id), 3 * 3600);
}

TEST(HoldOnCreation, a_plan_across_a_boundary_is_stale_once_something_is_held_before_it) {
    Desk desk{holding};
    Draft draft = agreed(on_resolution(1));
    draft.period = PeriodTerms{.cycle = {.every = 1, .step = Cycle::Step::months}};
    const EntitlementId id = desk.grant(draft);
    const Instant later = july + date::days{31};
    const OpenCase open{.customer = acme, .id = "late"_case};
    const Footprint place{acme, open.id, {}, {}};
    const std::uint64_t print = policy::fingerprint(holding);
    // What another process decided, by what it saw before.
    Plan plan;
    ASSERT_TRUE(desk.store.begin({&place, 1}, Access::write, print));
    {
        View view;
        ASSERT_TRUE(desk.store.view(place, view));
        rule::CatchUp caught_up;
        caught_up.begin(view, later);
        caught_up.roll(0, Zone{});
        ASSERT_TRUE(rule::decide(open, rule::Facts{view, holding, later}, plan));
        ASSERT_TRUE(caught_up.weave(plan));
    }
    desk.store.abandon();
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_EQ(held(desk, id), 1);
    Receipt receipt;
    ASSERT_TRUE(desk.store.begin({&place, 1}, Access::write, print));
    EXPECT_EQ(desk.store.stage(plan, receipt).value(), Commit::stale);
}

TEST(HoldOnCreation, do_not_decrement_holds_nothing) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(agreed(on_resolution(1)));
    ASSERT_THAT(desk.run(OpenCase{.id = "c1"_case, .decrement = false}), ok());
    EXPECT_EQ(held(desk, id), 0);
    ASSERT_THAT(desk.open("c2"), ok());
    EXPECT_THAT(desk.set_decrement("c1", true), refused(ErrorCode::terms_exhausted));
    ASSERT_THAT(desk.set_decrement("c2", false), ok());
    EXPECT_EQ(held(desk, id), 0);
    ASSERT_THAT(desk.set_decrement("c1", true), ok());
    EXPECT_EQ(held(desk, id), 1);
}

TEST(HoldOnCreation, an_unrestricted_agreement_holds_and_refuses_nothing) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(agreed(unrestricted(1, DecreaseOn::resolution)));
    for (const char* c : {"c1", "c2", "c3"}) ASSERT_THAT(desk.open(c), ok());
    EXPECT_EQ(held(desk, id), 3);
    EXPECT_EQ(desk.entitlement(id).available_terms(), Quantity(cases(-2)));
}

TEST(HoldOnCreation, decrease_on_creation_posts_instead) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(agreed(on_creation(1)));
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_EQ(desk.left(id), 0);
    EXPECT_EQ(held(desk, id), 0);
}

TEST(HoldOnCreation, an_agreement_that_came_to_decrease_on_creation_still_frees_it) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(agreed(on_resolution(2)));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.terms = on_creation(2)}}), ok());
    ASSERT_THAT(desk.resolve("c1"), ok());
    EXPECT_EQ(held(desk, id), 0);
    EXPECT_EQ(desk.left(id), 2);
}

TEST(HoldOnCreation, a_retry_is_the_first_receipt) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    const OpenCase open{.id = "c1"_case, .origin = Channel::phone, .request = "r1"_request};
    const Outcome first = desk.run(open);
    Outcome again = desk.run(open);
    ASSERT_THAT(again, repeated());
    again->repeated = false;
    EXPECT_EQ(again, first);
    EXPECT_EQ(held(desk, id), 1);
}

TEST(HoldOnCreation, what_is_not_there_is_not_held_whatever_the_policy_admits) {
    Desk desk{{.exhausted_at_opening = ExhaustedAtOpening::admit, .hold_on_creation = true}};
    const EntitlementId id = desk.grant(agreed(on_resolution(1)));
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_THAT(desk.open_on(id, "c2"), refused(ErrorCode::terms_exhausted));
}

TEST(HoldOnCreation, what_is_counted_is_fixed_once_something_is_held) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(agreed(on_resolution(5)));
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_THAT(desk.run(Amend{.id = id, .changes = {.terms = timed(hours(2h))}}),
                refused(ErrorCode::has_history));
}

TEST(HoldOnCreation, another_policy_resolves_what_it_left) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    Engine plain{desk.store};
    ASSERT_TRUE(plain.adopt_policy());
    ASSERT_THAT(plain.resolve_case({.customer = acme, .id = "c1"_case}, july), ok());
    EXPECT_EQ(held(desk, id), 0);
    ASSERT_TRUE(desk.engine.adopt_policy());
}

// Holds that the host sets.

[[nodiscard]] Outcome hold(Desk& desk, CaseId id, Quantity quantity) {
    return desk.run(HoldTerms{.id = id, .quantity = quantity});
}

TEST(HoldTerms, reserves_the_stated_amount_under_any_policy) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(timed(hours(10h)), {{Channel::phone, hours(4h)}}));
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    EXPECT_EQ(held(desk, id), 0);
    const Outcome done = hold(desk, "c1"_case, hours(3h));
    ASSERT_THAT(done, ok());
    EXPECT_EQ(done->held_terms(), Quantity(hours(3h)));
    EXPECT_EQ(held(desk, id, Channel::phone), 3 * 3600);
    ASSERT_THAT(desk.open("c2", Channel::phone), ok());
    EXPECT_THAT(desk.resolve("c2", 2h), refused(ErrorCode::channel_exhausted));
    EXPECT_THAT(desk.resolve("c1", 2h), ok()) << "less";
    EXPECT_EQ(held(desk, id), 0);
    EXPECT_THAT(desk.resolve("c2", 2h), ok());
}

TEST(HoldTerms, another_amount_takes_the_place_of_the_first) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(timed(hours(10h))));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(hold(desk, "c1"_case, hours(9h)), ok());
    const Outcome more = hold(desk, "c1"_case, hours(10h));
    ASSERT_THAT(more, ok()) << "its own nine are left aside";
    EXPECT_EQ(more->held, 3600);
    EXPECT_EQ(held(desk, id), 36'000);
    EXPECT_THAT(hold(desk, "c1"_case, hours(11h)), refused(ErrorCode::terms_exhausted));
    EXPECT_THAT(hold(desk, "c1"_case, hours(10h)), repeated()) << "there already (R9)";
}

TEST(HoldTerms, is_asked_whatever_a_resolution_may_do) {
    for (const Policy& policy : {Policy{.overage = Overage::negative}, Policy{.overage = Overage::split},
                                 Policy{.exhausted_at_opening = ExhaustedAtOpening::admit}}) {
        Desk desk{policy};
        (void)desk.grant(agreed(on_resolution(2)));
        ASSERT_THAT(desk.open("c1"), ok());
        const Outcome refusal = hold(desk, "c1"_case, cases(3));
        EXPECT_THAT(refusal, refused(ErrorCode::terms_exhausted));
        EXPECT_EQ(refusal.error().remaining, Quantity(cases(2)));
    }
}

TEST(HoldTerms, asks_for_a_listed_channel) {
    Desk desk;
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.channels = {{{Channel::email, cases(2)}}}}}), ok());
    EXPECT_THAT(hold(desk, "c1"_case, cases(1)), refused(ErrorCode::channel_not_listed));
}

TEST(HoldTerms, a_changed_origin_is_asked_for_all_of_it) {
    Desk desk;
    const EntitlementId id =
        desk.grant(agreed(timed(hours(10h)), {{Channel::phone, hours(4h)}, {Channel::email, hours(2h)}}));
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(hold(desk, "c1"_case, hours(3h)), ok());
    EXPECT_THAT(desk.change_origin("c1", Channel::email), refused(ErrorCode::channel_exhausted));
    ASSERT_THAT(desk.run(ReleaseTerms{.id = "c1"_case}), ok());
    ASSERT_THAT(hold(desk, "c1"_case, hours(2h)), ok());
    ASSERT_THAT(desk.change_origin("c1", Channel::email), ok());
    EXPECT_EQ(held(desk, id, Channel::email), 2 * 3600);
}

/// Four hours by phone of which a case holds three, and whose origin has gone where nobody asked or moved it.
struct LeftBehind : Desk {
    LeftBehind() : Desk{{.origin_change = OriginChange::ignore}} {
        id = grant(agreed(timed(hours(10h)), {{Channel::phone, hours(4h)}, {Channel::email, hours(4h)}}));
        EXPECT_THAT(open("c1", Channel::phone), ok());
        EXPECT_THAT(run(HoldTerms{.id = "c1"_case, .quantity = hours(3h)}), ok());
        EXPECT_THAT(change_origin("c1", Channel::email), ok());
        EXPECT_EQ(held(*this, id, Channel::phone), 3 * 3600);
    }

    EntitlementId id;
};

TEST(HoldTerms, a_changed_origin_is_asked_as_if_it_were_released) {
    LeftBehind desk;
    Engine asking{desk.store};
    ASSERT_TRUE(asking.adopt_policy());
    const ChangeOrigin back{.customer = acme, .id = "c1"_case, .origin = Channel::phone};
    EXPECT_THAT(asking.change_origin(back, desk.now), ok());
    EXPECT_EQ(held(desk, desk.id, Channel::phone), 3 * 3600);
    EXPECT_EQ(held(desk, desk.id, Channel::email), 0);
}

TEST(HoldTerms, what_is_posted_within_it_comes_back_where_it_was_held) {
    LeftBehind desk;
    ASSERT_THAT(desk.resolve("c1", 2h), ok());
    EXPECT_EQ(desk.left(desk.id, Channel::phone), 2 * 3600);
    EXPECT_EQ(desk.support_case("c1").posted.channel, Channel::phone);
    ASSERT_THAT(desk.reactivate("c1"), ok());
    EXPECT_EQ(desk.left(desk.id, Channel::phone), 4 * 3600);
    EXPECT_EQ(desk.left(desk.id, Channel::email), 4 * 3600);
}

TEST(HoldTerms, a_resolution_beyond_it_is_asked_for_the_rest) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(timed(hours(2h))));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(hold(desk, "c1"_case, hours(1h)), ok());
    EXPECT_THAT(desk.resolve("c1", 3h), refused(ErrorCode::terms_exhausted));
    EXPECT_EQ(held(desk, id), 3600) << "a refusal leaves it (R10)";
    EXPECT_THAT(desk.resolve("c1", 2h), ok());
    EXPECT_EQ(desk.left(id), 0);
}

TEST(HoldTerms, needs_a_case_that_will_use_terms_when_it_is_resolved) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open("posts"), ok());
    EXPECT_THAT(hold(desk, "posts"_case, cases(1)), refused(ErrorCode::nothing_to_hold));
    const EntitlementId id = desk.grant(agreed(on_resolution(5)));
    ASSERT_THAT(desk.run(OpenCase{.id = "free"_case, .entitlement = id, .decrement = false}), ok());
    EXPECT_THAT(hold(desk, "free"_case, cases(1)), refused(ErrorCode::nothing_to_hold));
    ASSERT_THAT(desk.open_on(id, "closed"), ok());
    ASSERT_THAT(desk.resolve("closed"), ok());
    EXPECT_THAT(hold(desk, "closed"_case, cases(1)), refused(ErrorCode::case_state));
    EXPECT_THAT(hold(desk, "nowhere"_case, cases(1)), refused(ErrorCode::unknown_case));
}

TEST(HoldTerms, takes_one_or_more_in_the_agreements_unit) {
    Desk desk;
    (void)desk.grant(agreed(timed(hours(2h))));
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_THAT(hold(desk, "c1"_case, cases(1)), refused(ErrorCode::unit_mismatch));
    EXPECT_THAT(hold(desk, "c1"_case, hours(0s)), refused(ErrorCode::amount_out_of_range));
    EXPECT_THAT(hold(desk, "c1"_case, hours(-1s)), refused(ErrorCode::amount_out_of_range));
    Desk counting;
    const EntitlementId id = counting.grant(agreed(coverage_only(DecreaseOn::resolution)));
    ASSERT_THAT(counting.open("c1"), ok());
    EXPECT_THAT(hold(counting, "c1"_case, cases(2)), ok());
    EXPECT_EQ(held(counting, id), 2);
}

TEST(HoldTerms, past_the_limit_of_a_balance_is_terms_overflow) {
    Desk desk;
    (void)desk.grant(agreed(unrestricted(1, DecreaseOn::resolution)));
    for (const char* c : {"c1", "c2"}) ASSERT_THAT(desk.open(c), ok());
    ASSERT_THAT(hold(desk, "c1"_case, cases(2 * max_terms + 1)), ok());
    EXPECT_THAT(hold(desk, "c2"_case, cases(1)), refused(ErrorCode::terms_overflow));
}

TEST(ReleaseTerms, frees_what_is_held_and_is_nothing_where_nothing_is) {
    Desk desk{holding};
    const EntitlementId id = desk.grant(two_cases_one_by_phone());
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    const Outcome released = desk.run(ReleaseTerms{.id = "c1"_case});
    ASSERT_THAT(released, ok());
    EXPECT_EQ(released->held, -1);
    EXPECT_EQ(held(desk, id, Channel::phone), 0);
    EXPECT_THAT(desk.run(ReleaseTerms{.id = "c1"_case}), repeated());
    ASSERT_THAT(desk.resolve("c1"), ok());
    EXPECT_THAT(desk.run(ReleaseTerms{.id = "c1"_case}), refused(ErrorCode::case_state));
}

TEST(SplitOverage, posts_what_is_covered_and_leaves_the_rest_to_bill) {
    Desk desk{splitting};
    const EntitlementId id = desk.grant(agreed(timed(hours(2h))));
    ASSERT_THAT(desk.open("c1"), ok());
    const Outcome resolved = desk.resolve("c1", 3h);
    ASSERT_THAT(resolved, ok());
    EXPECT_EQ(resolved->moved, Quantity(hours(-2h)));
    EXPECT_EQ(resolved->overage_terms(), Quantity(hours(1h)));
    EXPECT_EQ(desk.left(id), 0);
    EXPECT_EQ(desk.support_case("c1").overage, 3600);
    const std::vector<Entry> entries = desk.entries();
    EXPECT_EQ(entries[entries.size() - 2].kind, EntryKind::overage);
    EXPECT_EQ(entries[entries.size() - 2].amount, 3600);
    EXPECT_EQ(entries.back().kind, EntryKind::posting);
    EXPECT_EQ(fmt::format("{}", *resolved),
              "resolve_case: -2:00:00 hours, 0:00:00 hours left; 1:00:00 hours more to bill");
}

TEST(SplitOverage, the_channel_covers_as_little_as_it_has) {
    Desk desk{splitting};
    const EntitlementId id = desk.grant(agreed(timed(hours(5h)), {{Channel::phone, hours(1h)}}));
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("c1", 3h), ok());
    EXPECT_EQ(desk.left(id), 4 * 3600);
    EXPECT_EQ(desk.left(id, Channel::phone), 0);
    EXPECT_EQ(desk.support_case("c1").overage, 2 * 3600);
}

TEST(SplitOverage, where_nothing_is_left_all_is_to_bill) {
    Desk desk{splitting};
    const EntitlementId id = desk.grant(agreed(on_resolution(1)));
    for (const char* c : {"c1", "c2"}) ASSERT_THAT(desk.open(c), ok());
    ASSERT_THAT(desk.resolve("c1"), ok());
    ASSERT_THAT(desk.resolve("c2"), ok());
    EXPECT_EQ(desk.left(id), 0);
    EXPECT_FALSE(desk.support_case("c2").posted.stands());
    EXPECT_EQ(desk.support_case("c2").overage, 1);
}

TEST(SplitOverage, a_channel_that_is_not_listed_still_refuses) {
    Desk desk{splitting};
    const EntitlementId id = desk.grant(agreed(timed(hours(1h)), {{Channel::phone, hours(1h)}}));
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.channels = {{{Channel::email, hours(1h)}}}}}), ok());
    EXPECT_THAT(desk.resolve("c1", 2h), refused(ErrorCode::channel_not_listed));
}

TEST(SplitOverage, reactivation_takes_the_overage_back) {
    Desk desk{splitting};
    const EntitlementId id = desk.grant(agreed(timed(hours(2h))));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.resolve("c1", 3h), ok());
    const Outcome reactivated = desk.reactivate("c1");
    ASSERT_THAT(reactivated, ok());
    EXPECT_EQ(reactivated->overage_terms(), Quantity(hours(-1h)));
    EXPECT_EQ(desk.left(id), 7200);
    EXPECT_EQ(desk.support_case("c1").overage, 0);
}

TEST(SplitOverage, reactivation_of_what_was_all_to_bill_is_told_once) {
    Desk desk{splitting};
    (void)desk.grant(agreed(timed(hours(1h))));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.open("c2"), ok());
    ASSERT_THAT(desk.resolve("c1", 1h), ok());
    ASSERT_THAT(desk.resolve("c2", 1h), ok());
    const std::size_t before = desk.entries().size();
    ASSERT_THAT(desk.reactivate("c2"), ok());
    EXPECT_EQ(desk.entries().size(), before + 1);
    EXPECT_EQ(desk.last_entry().kind, EntryKind::overage);
}

TEST(SplitOverage, what_was_held_is_covered_whatever_has_become_of_it) {
    Desk desk{policy::desk};
    const EntitlementId id = desk.grant(agreed(timed(hours(1h))));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.run(Adjust{.id = id, .quantity = hours(-1h), .reason = "counted"}), ok());
    ASSERT_THAT(desk.resolve("c1", 2s), ok());
    EXPECT_EQ(desk.left(id), -1);
    EXPECT_EQ(desk.support_case("c1").overage, 1);
}

TEST(SplitOverage, an_unrestricted_agreement_goes_negative) {
    Desk desk{splitting};
    const EntitlementId id = desk.grant(agreed(unrestricted(1, DecreaseOn::resolution)));
    for (const char* c : {"c1", "c2"}) {
        ASSERT_THAT(desk.open(c), ok());
        ASSERT_THAT(desk.resolve(c), ok());
    }
    EXPECT_EQ(desk.left(id), -1);
    EXPECT_EQ(desk.support_case("c2").overage, 0);
}

TEST(SplitOverage, coverage_only_splits_by_its_channel_alone) {
    Desk desk{splitting};
    const EntitlementId id =
        desk.grant(agreed(coverage_only(DecreaseOn::resolution), {{Channel::phone, cases(1)}}));
    for (const char* c : {"c1", "c2"}) ASSERT_THAT(desk.open(c, Channel::phone), ok());
    ASSERT_THAT(desk.resolve("c1"), ok());
    ASSERT_THAT(desk.resolve("c2"), ok());
    EXPECT_EQ(desk.left(id), -1);
    EXPECT_EQ(desk.left(id, Channel::phone), 0);
    EXPECT_EQ(desk.support_case("c2").overage, 1);
}

TEST(PresetDesk, what_opened_is_resolved_and_what_is_short_is_billed) {
    Desk desk{policy::desk};
    const EntitlementId id = desk.grant(agreed(timed(hours(1h))));
    for (const char* c : {"c1", "c2"}) ASSERT_THAT(desk.open(c), ok());
    ASSERT_THAT(desk.resolve("c1", 3h), ok());
    EXPECT_EQ(desk.left(id), 1) << "the other's hold stays";
    EXPECT_EQ(desk.support_case("c1").overage, 2 * 3600 + 1);
    ASSERT_THAT(desk.resolve("c2", 1h), ok());
    EXPECT_EQ(desk.left(id), 0);
    EXPECT_EQ(desk.support_case("c2").overage, 3599);
}

}  // namespace
}  // namespace conformance
