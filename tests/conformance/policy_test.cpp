#include <ostream>
#include <string>

#include "desk.hpp"

// Section 9: every field on its own in all its values, and every column of every preset.

namespace conformance {
namespace {

// What each choice does, whatever the preset. Each gives a field's value back from what the engine does.

Renewable observed_renewable(const Policy& policy) {
    Desk desk{policy};
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    desk.now = year_after;
    return desk.run(Renew{.id = id}) ? Renewable::canceled_and_expired : Renewable::canceled;
}

RenewalSpan observed_renewal_span(const Policy& policy) {
    Desk desk{policy};
    Draft february = agreed(on_creation(5));
    february.coverage = {2014_y / 2 / 1, 2014_y / 2 / 28};
    desk.now = date::sys_days{2014_y / 2 / 3};
    const EntitlementId id = desk.grant(february);
    EXPECT_THAT(desk.run(Cancel{.id = id}), ok());
    desk.now = date::sys_days{2014_y / 7 / 1};
    const EntitlementId made = desk.run(Renew{.id = id}).value().entitlement;
    const Day last = desk.entitlement(made).agreement.coverage.last_day;
    if (last == 2014_y / 7 / 31) return RenewalSpan::whole_months;
    EXPECT_EQ(last, 2014_y / 7 / 28);
    return RenewalSpan::days;
}

UnlistedChannel observed_unlisted_at_opening(const Policy& policy) {
    Desk desk{policy};
    const EntitlementId id = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    const auto opened = desk.open_on(id, "t1", Channel::twitter);
    if (!opened) {
        EXPECT_EQ(why(opened), ErrorCode::channel_not_listed);
        return UnlistedChannel::refuse;
    }
    EXPECT_EQ(desk.left(id), 4) << "the total only";
    EXPECT_EQ(desk.left(id, Channel::phone), 2);
    return UnlistedChannel::admit_total_only;
}

UnlistedChannel observed_unlisted_at_resolution(const Policy& policy) {
    Desk desk{policy};
    // Hours, so that it needs more than an opening may hold.
    const EntitlementId id =
        desk.grant(agreed({.total = hours(5h), .decrease_on = DecreaseOn::resolution, .restricted = true}));
    EXPECT_THAT(desk.open("t1", Channel::twitter), ok());
    EXPECT_THAT(desk.run(Amend{.id = id, .changes = {.channels = {{{Channel::phone, hours(2h)}}}}}), ok());
    const auto resolved = desk.resolve("t1", 1h);
    if (!resolved) {
        EXPECT_EQ(why(resolved), ErrorCode::channel_not_listed);
        return UnlistedChannel::refuse;
    }
    EXPECT_EQ(desk.left(id), 4 * 3600) << "the total only";
    return UnlistedChannel::admit_total_only;
}

ExhaustedAtOpening observed_exhausted_at_opening(const Policy& policy) {
    Desk desk{policy};
    const EntitlementId early = desk.grant(agreed(on_creation(0)));
    EXPECT_THAT(desk.open_on(early, "c0"), refused(ErrorCode::terms_exhausted)) << "decrease on creation";
    const EntitlementId late = desk.grant(agreed(on_resolution(0)));
    const auto opened = desk.open_on(late, "c1");
    if (opened) return ExhaustedAtOpening::admit;
    EXPECT_EQ(why(opened), ErrorCode::terms_exhausted);
    return ExhaustedAtOpening::refuse;
}

ExhaustedChannel observed_exhausted_channel(const Policy& policy) {
    Desk desk{policy};
    const EntitlementId id = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(0)}}));
    const auto opened = desk.open_on(id, "p1", Channel::phone);
    if (!opened) {
        EXPECT_EQ(why(opened), ErrorCode::channel_exhausted);
        return ExhaustedChannel::refuse;
    }
    EXPECT_EQ(desk.left(id, Channel::phone), -1);
    return ExhaustedChannel::count_negative;
}

OriginChange observed_origin_change(const Policy& policy) {
    Desk desk{policy};
    const EntitlementId id =
        desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}, {Channel::email, cases(2)}}));
    EXPECT_THAT(desk.open("p1", Channel::phone), ok());
    EXPECT_THAT(desk.change_origin("p1", Channel::email), ok());
    const bool moved = desk.left(id, Channel::phone) == 2 && desk.left(id, Channel::email) == 1;
    EXPECT_TRUE(moved || desk.left(id, Channel::phone) == 1) << "stays where it was posted";
    EXPECT_EQ(desk.left(id), 4);
    EXPECT_EQ(desk.support_case("p1").facts.origin, Channel::email);
    return moved ? OriginChange::ask_and_move : OriginChange::ignore;
}

ReactivationReturns observed_reactivation_returns(const Policy& policy) {
    Desk desk{policy};
    const EntitlementId id = desk.grant(agreed(on_resolution(5)));
    EXPECT_THAT(desk.open("p1", Channel::phone), ok());
    EXPECT_THAT(desk.resolve("p1"), ok());
    EXPECT_THAT(desk.run(Amend{.id = id, .changes = {.channels = {{{Channel::phone, cases(2)}}}}}), ok());
    EXPECT_THAT(desk.reactivate("p1"), ok());
    EXPECT_EQ(desk.left(id), 5);
    if (desk.left(id, Channel::phone) == 3) return ReactivationReturns::current_listing;
    EXPECT_EQ(desk.left(id, Channel::phone), 2);
    return ReactivationReturns::what_stands;
}

Overage observed_overage(const Policy& policy) {
    Desk desk{policy};
    const EntitlementId id =
        desk.grant(agreed({.total = hours(1h), .decrease_on = DecreaseOn::resolution, .restricted = true}));
    EXPECT_THAT(desk.open("c1"), ok());
    const auto resolved = desk.resolve("c1", 90min);
    if (!resolved) {
        EXPECT_EQ(why(resolved), ErrorCode::terms_exhausted);
        return Overage::refuse;
    }
    if (desk.support_case("c1").overage != 0) {
        EXPECT_EQ(desk.left(id), 0);
        EXPECT_EQ(desk.support_case("c1").overage, 1800);
        return Overage::split;
    }
    EXPECT_EQ(desk.left(id), -1800);
    return Overage::negative;
}

bool observed_hold_on_creation(const Policy& policy) {
    Desk desk{policy};
    const EntitlementId id = desk.grant(agreed(on_resolution(1)));
    EXPECT_THAT(desk.open("c1"), ok());
    EXPECT_EQ(desk.left(id), 1);
    const Outcome second = desk.open_on(id, "c2");
    if (second) return false;
    EXPECT_EQ(why(second), ErrorCode::terms_exhausted);
    return true;
}

/// Days after a resolution on which it may still be reopened; absent: always.
std::optional<std::int32_t> observed_reopen_within(const Policy& policy) {
    Desk desk{policy};
    (void)desk.grant(agreed(on_creation(5)));
    EXPECT_THAT(desk.open("c1"), ok());
    EXPECT_THAT(desk.resolve("c1"), ok());
    Instant resolved = july;
    for (const int days : {30, 400}) {
        desk.now = resolved + date::days{days} + 1us;
        const auto late = desk.reactivate("c1");
        if (!late) {
            EXPECT_EQ(why(late), ErrorCode::reopen_too_late);
            desk.now -= 1us;
            EXPECT_THAT(desk.reactivate("c1"), ok()) << "within, to the microsecond";
            return days;
        }
        resolved = desk.now;
        EXPECT_THAT(desk.resolve("c1"), ok());
    }
    return std::nullopt;
}

// Every field on its own, in all its values.

TEST(PolicyField, renewable) {
    for (const auto choice : {Renewable::canceled, Renewable::canceled_and_expired}) {
        EXPECT_EQ(observed_renewable({.renewable = choice}), choice);
    }
}

TEST(PolicyField, renewal_span) {
    for (const auto choice : {RenewalSpan::days, RenewalSpan::whole_months}) {
        EXPECT_EQ(observed_renewal_span({.renewal_span = choice}), choice);
    }
}

TEST(PolicyField, unlisted_at_opening) {
    for (const auto choice : {UnlistedChannel::refuse, UnlistedChannel::admit_total_only}) {
        const Policy policy{.unlisted_at_opening = choice};
        EXPECT_EQ(observed_unlisted_at_opening(policy), choice);
        EXPECT_EQ(observed_unlisted_at_resolution(policy), UnlistedChannel::refuse) << "nothing else";
    }
}

TEST(PolicyField, unlisted_at_resolution) {
    for (const auto choice : {UnlistedChannel::refuse, UnlistedChannel::admit_total_only}) {
        const Policy policy{.unlisted_at_resolution = choice};
        EXPECT_EQ(observed_unlisted_at_resolution(policy), choice);
        EXPECT_EQ(observed_unlisted_at_opening(policy), UnlistedChannel::refuse) << "nothing else";
    }
}

TEST(PolicyField, exhausted_at_opening) {
    for (const auto choice : {ExhaustedAtOpening::refuse, ExhaustedAtOpening::admit}) {
        EXPECT_EQ(observed_exhausted_at_opening({.exhausted_at_opening = choice}), choice);
    }
}

TEST(PolicyField, exhausted_channel) {
    for (const auto choice : {ExhaustedChannel::refuse, ExhaustedChannel::count_negative}) {
        EXPECT_EQ(observed_exhausted_channel({.exhausted_channel = choice}), choice);
    }
}

TEST(PolicyField, exhausted_channel_counting_negative_leaves_only_the_total_to_limit) {
    Desk desk{{.exhausted_channel = ExhaustedChannel::count_negative}};
    const EntitlementId id = desk.grant(agreed(on_resolution(2), {{Channel::phone, cases(1)}}));
    for (const char* c : {"p1", "p2", "p3"}) ASSERT_THAT(desk.open(c, Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    ASSERT_THAT(desk.resolve("p2"), ok());
    EXPECT_EQ(desk.left(id, Channel::phone), -1);
    EXPECT_THAT(desk.resolve("p3"), refused(ErrorCode::terms_exhausted));
}

TEST(PolicyField, origin_change) {
    for (const auto choice : {OriginChange::ask_and_move, OriginChange::ignore}) {
        EXPECT_EQ(observed_origin_change({.origin_change = choice}), choice);
    }
}

TEST(PolicyField, origin_change_ignored_is_not_asked_and_its_reversal_goes_where_it_was_posted) {
    Desk desk{{.origin_change = OriginChange::ignore}};
    const EntitlementId id = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.change_origin("p1", Channel::web), ok()) << "it is not listed";
    ASSERT_THAT(desk.cancel("p1"), ok());
    EXPECT_EQ(desk.left(id, Channel::phone), 2);
}

TEST(PolicyField, reactivation_returns) {
    for (const auto choice : {ReactivationReturns::what_stands, ReactivationReturns::current_listing}) {
        EXPECT_EQ(observed_reactivation_returns({.reactivation_returns = choice}), choice);
    }
}

TEST(PolicyField, reactivation_returns_by_the_current_listing_can_lift_remaining_above_the_total) {
    Desk desk{{.reactivation_returns = ReactivationReturns::current_listing}};
    const EntitlementId id = desk.grant(agreed(on_resolution(5), {{Channel::phone, cases(2)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.channels = std::vector<ChannelTerms>{}}}), ok());
    ASSERT_THAT(desk.reactivate("p1"), ok());
    EXPECT_EQ(desk.left(id), 5);
    EXPECT_EQ(desk.left(id, Channel::phone), -1) << "phone is not listed now: only the total";
}

TEST(PolicyField, reactivation_returns_by_the_current_listing_to_the_origin_when_resolved) {
    Desk desk{{.reactivation_returns = ReactivationReturns::current_listing}};
    const EntitlementId id =
        desk.grant(agreed(on_resolution(5), {{Channel::phone, cases(2)}, {Channel::email, cases(2)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    ASSERT_THAT(desk.reactivate("p1", Channel::email), ok());
    EXPECT_EQ(desk.left(id, Channel::phone), 2);
    EXPECT_EQ(desk.left(id, Channel::email), 2);
}

TEST(PolicyField, overage) {
    for (const auto choice : {Overage::refuse, Overage::negative, Overage::split}) {
        EXPECT_EQ(observed_overage({.overage = choice}), choice);
    }
}

TEST(PolicyField, overage_negative_still_refuses_an_opening_on_nothing) {
    Desk desk{{.overage = Overage::negative}};
    const EntitlementId id = desk.grant(agreed(on_resolution(1)));
    for (const char* c : {"c1", "c2"}) ASSERT_THAT(desk.open(c), ok());
    ASSERT_THAT(desk.resolve("c1"), ok());
    ASSERT_THAT(desk.resolve("c2"), ok());
    EXPECT_EQ(desk.left(id), -1);
    EXPECT_THAT(desk.open_on(id, "c3"), refused(ErrorCode::terms_exhausted));
}

TEST(PolicyField, reopen_within_days) {
    EXPECT_EQ(observed_reopen_within({}), std::nullopt);
    EXPECT_EQ(observed_reopen_within({.reopen_within_days = 30}), 30);
    EXPECT_EQ(observed_reopen_within({.reopen_within_days = 400}), 400);
}

TEST(PolicyField, reopen_within_days_is_not_asked_of_a_canceled_case) {
    Desk desk{{.reopen_within_days = 1}};
    (void)desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.cancel("c1"), ok());
    desk.now = july + date::days{60};
    EXPECT_THAT(desk.reactivate("c1"), ok());
}

TEST(PolicyField, hold_on_creation) {
    for (const bool choice : {false, true}) {
        EXPECT_EQ(observed_hold_on_creation({.hold_on_creation = choice}), choice);
    }
}

// Every column of every preset: the table of section 9, written down a second time.

struct Column {
    const char* preset;
    Renewable renewable;
    RenewalSpan renewal_span;
    UnlistedChannel unlisted_at_opening;
    UnlistedChannel unlisted_at_resolution;
    ExhaustedAtOpening exhausted_at_opening;
    ExhaustedChannel exhausted_channel;
    OriginChange origin_change;
    ReactivationReturns reactivation_returns;
    Overage overage;
    bool hold_on_creation;
    std::optional<std::int32_t> reopen_within_days;
};

const Column columns[] = {
    {"standard", Renewable::canceled, RenewalSpan::days, UnlistedChannel::refuse, UnlistedChannel::refuse,
     ExhaustedAtOpening::refuse, ExhaustedChannel::refuse, OriginChange::ask_and_move,
     ReactivationReturns::what_stands, Overage::refuse, false, std::nullopt},
    {"dynamics365", Renewable::canceled_and_expired, RenewalSpan::days, UnlistedChannel::admit_total_only,
     UnlistedChannel::admit_total_only, ExhaustedAtOpening::refuse, ExhaustedChannel::refuse,
     OriginChange::ignore, ReactivationReturns::what_stands, Overage::refuse, false, std::nullopt},
    {"crm2014", Renewable::canceled_and_expired, RenewalSpan::days, UnlistedChannel::admit_total_only,
     UnlistedChannel::refuse, ExhaustedAtOpening::admit, ExhaustedChannel::refuse, OriginChange::ignore,
     ReactivationReturns::current_listing, Overage::refuse, false, std::nullopt},
    {"desk", Renewable::canceled, RenewalSpan::whole_months, UnlistedChannel::refuse, UnlistedChannel::refuse,
     ExhaustedAtOpening::refuse, ExhaustedChannel::refuse, OriginChange::ask_and_move,
     ReactivationReturns::what_stands, Overage::split, true, 30},
};

/// One cell: a preset's choice in one column, as the constant says and as the engine does.
struct PresetCell {
    std::string name;
    void (*check)(const Column& column, const Policy& constant, const Policy& run);
    const Column* column;

    friend void PrintTo(const PresetCell& cell, std::ostream* out) { *out << cell.name; }
};

const std::pair<const char*, void (*)(const Column&, const Policy&, const Policy&)> checks[] = {
    {"renewable",
     [](const Column& c, const Policy& constant, const Policy& run) {
         EXPECT_EQ(constant.renewable, c.renewable);
         EXPECT_EQ(observed_renewable(run), c.renewable);
     }},
    {"renewal_span",
     [](const Column& c, const Policy& constant, const Policy& run) {
         EXPECT_EQ(constant.renewal_span, c.renewal_span);
         EXPECT_EQ(observed_renewal_span(run), c.renewal_span);
     }},
    {"unlisted_at_opening",
     [](const Column& c, const Policy& constant, const Policy& run) {
         EXPECT_EQ(constant.unlisted_at_opening, c.unlisted_at_opening);
         EXPECT_EQ(observed_unlisted_at_opening(run), c.unlisted_at_opening);
     }},
    {"unlisted_at_resolution",
     [](const Column& c, const Policy& constant, const Policy& run) {
         EXPECT_EQ(constant.unlisted_at_resolution, c.unlisted_at_resolution);
         EXPECT_EQ(observed_unlisted_at_resolution(run), c.unlisted_at_resolution);
     }},
    {"exhausted_at_opening",
     [](const Column& c, const Policy& constant, const Policy& run) {
         EXPECT_EQ(constant.exhausted_at_opening, c.exhausted_at_opening);
         EXPECT_EQ(observed_exhausted_at_opening(run), c.exhausted_at_opening);
     }},
    {"exhausted_channel",
     [](const Column& c, const Policy& constant, const Policy& run) {
         EXPECT_EQ(constant.exhausted_channel, c.exhausted_channel);
         EXPECT_EQ(observed_exhausted_channel(run), c.exhausted_channel);
     }},
    {"origin_change",
     [](const Column& c, const Policy& constant, const Policy& run) {
         EXPECT_EQ(constant.origin_change, c.origin_change);
         EXPECT_EQ(observed_origin_change(run), c.origin_change);
     }},
    {"reactivation_returns",
     [](const Column& c, const Policy& constant, const Policy& run) {
         EXPECT_EQ(constant.reactivation_returns, c.reactivation_returns);
         EXPECT_EQ(observed_reactivation_returns(run), c.reactivation_returns);
     }},
    {"overage",
     [](const Column& c, const Policy& constant, const Policy& run) {
         EXPECT_EQ(constant.overage, c.overage);
         EXPECT_EQ(observed_overage(run), c.overage);
     }},
    {"hold_on_creation",
     [](const Column& c, const Policy& constant, const Policy& run) {
         EXPECT_EQ(constant.hold_on_creation, c.hold_on_creation);
         EXPECT_EQ(observed_hold_on_creation(run), c.hold_on_creation);
     }},
    {"reopen_within_days",
     [](const Column& c, const Policy& constant, const Policy& run) {
         EXPECT_EQ(constant.reopen_within_days, c.reopen_within_days);
         EXPECT_EQ(observed_reopen_within(run), c.reopen_within_days);
     }},
};

std::vector<PresetCell> cells() {
    std::vector<PresetCell> all;
    for (const Column& column : columns) {
        for (const auto& [field, check] : checks) {
            all.push_back({fmt::format("{}_{}", column.preset, field), check, &column});
        }
    }
    return all;
}

class PresetTable : public testing::TestWithParam<PresetCell> {};

TEST_P(PresetTable, is_section_9s) {
    const Policy policy = policy::named(GetParam().column->preset).value();
    GetParam().check(*GetParam().column, policy, policy);
}

INSTANTIATE_TEST_SUITE_P(, PresetTable, testing::ValuesIn(cells()),
                         [](const auto& run) { return run.param.name; });

TEST(PresetNames, name_their_constants_and_nothing_else) {
    EXPECT_EQ(policy::named("standard"), policy::standard);
    EXPECT_EQ(policy::named("dynamics365"), policy::dynamics365);
    EXPECT_EQ(policy::named("crm2014"), policy::crm2014);
    EXPECT_EQ(policy::named("desk"), policy::desk);
    EXPECT_EQ(policy::named(""), std::nullopt);
    EXPECT_EQ(policy::named("Standard"), std::nullopt);
    EXPECT_EQ(Policy{}, policy::standard) << "the default";
}

// A store is written under one policy.

TEST(PolicyOfAStore, another_is_policy_mismatch_until_it_is_adopted) {
    MemoryStore store;
    Engine first{store};
    ASSERT_THAT(first.draft(agreed(on_creation(5)), july), ok());
    Engine second{store, {.policy = policy::crm2014}};
    EXPECT_THAT(second.draft(agreed(on_creation(5)), july), refused(ErrorCode::policy_mismatch));
    EXPECT_EQ(second.check({.customer = acme}, july).error().code, ErrorCode::policy_mismatch);
    ASSERT_TRUE(second.adopt_policy());
    EXPECT_THAT(second.draft(agreed(on_creation(5)), july), ok());
    EXPECT_THAT(first.draft(agreed(on_creation(5)), july), refused(ErrorCode::policy_mismatch));
}

}  // namespace
}  // namespace conformance
