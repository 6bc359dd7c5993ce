#include "desk.hpp"

// R3: revising a draft that was used. R5a: amending what is in force.

namespace conformance {
namespace {

/// Five cases, two by phone; three were used, one of them by phone; now a draft again.
struct UsedDraft : Desk {
    explicit UsedDraft(bool restricted = true) {
        Draft agreement = agreed(on_creation(5), {{Channel::phone, cases(2)}, {Channel::web, cases(5)}});
        agreement.terms.restricted = restricted;
        id = grant(agreement);
        EXPECT_THAT(open("p1", Channel::phone), ok());
        EXPECT_THAT(open("w1", Channel::web), ok());
        EXPECT_THAT(open("w2", Channel::web), ok());
        EXPECT_THAT(deactivate(id), ok());
    }

    Outcome revise_total(std::int64_t total, bool restricted = true) {
        Terms terms = on_creation(total);
        terms.restricted = restricted;
        return revise(id, {.terms = terms, .channels = std::vector<ChannelTerms>{}});
    }

    EntitlementId id{};
};

TEST(R3, remaining_is_the_new_total_less_what_was_used) {
    UsedDraft desk;
    ASSERT_THAT(desk.revise_total(10), ok());
    EXPECT_EQ(desk.left(desk.id), 7);
    ASSERT_THAT(desk.revise_total(4), ok());
    EXPECT_EQ(desk.left(desk.id), 1);
}

TEST(R3, a_restricted_total_may_come_down_to_what_was_used) {
    UsedDraft desk;
    ASSERT_THAT(desk.revise_total(3), ok());
    EXPECT_EQ(desk.left(desk.id), 0);
}

TEST(R3, a_restricted_total_below_what_was_used_is_refused) {
    UsedDraft desk;
    EXPECT_THAT(desk.revise_total(2), refused(ErrorCode::total_below_used));
    EXPECT_EQ(desk.left(desk.id), 2);
}

TEST(R3, an_unrestricted_total_may_come_below_what_was_used) {
    UsedDraft desk;
    ASSERT_THAT(desk.revise_total(2, false), ok());
    EXPECT_EQ(desk.left(desk.id), -1);
}

TEST(R3, restricting_what_is_overdrawn_is_refused) {
    UsedDraft desk{false};
    ASSERT_THAT(desk.revise_total(1, false), ok());
    EXPECT_THAT(desk.revise_total(1, true), refused(ErrorCode::total_below_used));
}

TEST(R3, a_channel_total_is_judged_like_the_total) {
    UsedDraft desk;
    const auto set_web = [&](std::int64_t total) {
        return desk.run(SetChannel{.id = desk.id, .channel = Channel::web, .total = cases(total)});
    };
    const auto below = set_web(1);
    ASSERT_THAT(below, refused(ErrorCode::total_below_used));
    EXPECT_EQ(below.error().channel, Channel::web);
    EXPECT_EQ(below.error().remaining, cases(-1));
    ASSERT_THAT(set_web(2), ok());
    EXPECT_EQ(desk.left(desk.id, Channel::web), 0);
    ASSERT_THAT(set_web(4), ok());
    EXPECT_EQ(desk.left(desk.id, Channel::web), 2);
}

TEST(R3, what_was_used_fixes_the_allocation) {
    UsedDraft desk;
    const Terms by_the_hour{.total = hours(9h), .decrease_on = DecreaseOn::resolution};
    EXPECT_THAT(desk.revise(desk.id, {.terms = by_the_hour, .channels = std::vector<ChannelTerms>{}}),
                refused(ErrorCode::has_history));
    EXPECT_THAT(desk.revise(desk.id, {.terms = coverage_only(), .channels = std::vector<ChannelTerms>{}}),
                refused(ErrorCode::has_history));
}

TEST(R3, what_was_used_fixes_the_currency) {
    Desk desk;
    const auto priced = [](Currency currency) {
        return Terms{.total = money(100'00, currency), .decrease_on = DecreaseOn::resolution};
    };
    const EntitlementId id = desk.grant(agreed(priced(eur)));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.resolve("c1", 0s, money(5'00, eur)), ok());
    ASSERT_THAT(desk.deactivate(id), ok());
    EXPECT_THAT(desk.revise(id, {.terms = priced(usd)}), refused(ErrorCode::has_history));
    EXPECT_THAT(
        desk.revise(id, {.terms = Terms{.total = money(50'00, eur), .decrease_on = DecreaseOn::resolution}}),
        ok());
    EXPECT_EQ(desk.left(id), 45'00);
}

TEST(R3, an_unused_draft_may_count_something_else) {
    Desk desk;
    const EntitlementId id = desk.draft(agreed(on_creation(5)));
    ASSERT_THAT(desk.revise(id, {.terms = Terms{.total = hours(9h), .decrease_on = DecreaseOn::resolution}}),
                ok());
    EXPECT_EQ(desk.entitlement(id).remaining_terms(), Quantity(hours(9h)));
}

TEST(R3, a_channel_removed_and_listed_again_still_counts_its_old_entries) {
    UsedDraft desk;
    ASSERT_THAT(desk.run(RemoveChannel{.id = desk.id, .channel = Channel::phone}), ok());
    EXPECT_EQ(desk.left(desk.id, Channel::phone), -1) << "no total any more, one used";
    ASSERT_THAT(desk.run(SetChannel{.id = desk.id, .channel = Channel::phone, .total = cases(4)}), ok());
    EXPECT_EQ(desk.left(desk.id, Channel::phone), 3);
}

TEST(R3, a_reversal_of_a_posting_on_a_removed_channel_is_recorded_there) {
    UsedDraft desk;
    ASSERT_THAT(desk.run(RemoveChannel{.id = desk.id, .channel = Channel::phone}), ok());
    ASSERT_THAT(desk.cancel("p1"), ok());
    const Entry entry = desk.last_entry();
    EXPECT_EQ(entry.kind, EntryKind::reversal);
    EXPECT_EQ(entry.channel, Channel::phone);
    EXPECT_EQ(entry.channel_moved, 1);
    EXPECT_EQ(entry.channel_remaining, 0);
    EXPECT_EQ(desk.left(desk.id), 3);
    const std::vector<ChannelBalance> channels = desk.entitlement(desk.id).channels;
    ASSERT_EQ(channels.size(), 2U);
    EXPECT_EQ(channels[1], (ChannelBalance{Channel::phone, false, 0, 0}));
}

TEST(R3, removing_a_channel_that_is_not_listed_is_refused) {
    UsedDraft desk;
    const Outcome removed = desk.run(RemoveChannel{.id = desk.id, .channel = Channel::email});
    ASSERT_THAT(removed, refused(ErrorCode::channel_not_listed));
    EXPECT_EQ(removed.error().channel, Channel::email);
}

TEST(R3, revising_to_what_is_agreed_already_records_nothing) {
    UsedDraft desk;
    EXPECT_THAT(desk.revise(desk.id, {.name = "Mobile Accessories"}), repeated());
    EXPECT_THAT(desk.revise(desk.id, {}), repeated());
    EXPECT_THAT(desk.run(SetChannel{.id = desk.id, .channel = Channel::phone, .total = cases(2)}),
                repeated());
}

TEST(R3, every_field_can_be_revised_on_its_own) {
    Desk desk;
    const EntitlementId id = desk.draft(agreed(on_creation(5)));
    Agreement expected = desk.entitlement(id).agreement;
    const auto expect_revised = [&](const Changes& changes) {
        EXPECT_THAT(desk.revise(id, changes), ok());
        EXPECT_EQ(desk.entitlement(id).agreement, expected);
    };
    expected.name = "Renamed";
    expect_revised({.name = "Renamed"});
    expected.description = "Described";
    expect_revised({.description = "Described"});
    expected.coverage = {2015_y / 2 / 1, 2015_y / 3 / 31, "America/New_York"};
    expect_revised({.coverage = expected.coverage});
    expected.terms.total = cases(7);
    expect_revised({.terms = on_creation(7)});
    expected.channels = {{Channel::phone, cases(3)}};
    expect_revised({.channels = expected.channels});
    expected.scope.contacts = {"ann"_contact};
    expect_revised({.scope = expected.scope});
    expected.priority = -1;
    expect_revised({.priority = -1});
    expected.sla = SlaId::from_integer(1);
    expect_revised({.sla = expected.sla});
    expected.owner = OwnerId::from_integer(2);
    expect_revised({.owner = expected.owner});
    expected.knowledge_base = KnowledgeBase::standard;
    expect_revised({.knowledge_base = KnowledgeBase::standard});
    expected.discount_percent = 100;
    expect_revised({.discount_percent = 100});
}

TEST(R3, scope_items_are_added_and_taken_away) {
    Desk desk;
    const EntitlementId id = desk.draft(agreed(on_creation(5)));
    ASSERT_THAT(desk.run(ReviseScope{.id = id, .add = {.contacts = {"ann"_contact, "bob"_contact}}}), ok());
    ASSERT_THAT(desk.run(ReviseScope{.id = id,
                                     .add = {.contacts = {"bob"_contact}, .assets = {"pump"_asset}},
                                     .remove = {.contacts = {"ann"_contact}}}),
                ok());
    EXPECT_EQ(desk.entitlement(id).agreement.scope,
              (Scope{.contacts = {"bob"_contact}, .assets = {"pump"_asset}}));
    EXPECT_THAT(desk.run(ReviseScope{.id = id, .add = {.assets = {"pump"_asset}}}), repeated());
}

// R5a: deactivate, revise and activate in one commit.

TEST(R5a, an_amended_entitlement_stays_in_force_under_one_number) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open("c1"), ok());
    const std::uint64_t before = desk.last_entry().number;
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.terms = on_creation(10)}}), ok());
    EXPECT_EQ(desk.status(id), Status::active);
    EXPECT_EQ(desk.left(id), 9);
    EXPECT_EQ(desk.last_entry().number, before + 1);
    EXPECT_EQ(desk.last_entry().command, CommandKind::amend);
    EXPECT_EQ(desk.last_entry().remaining, 9);
}

TEST(R5a, an_amended_draft_stays_a_draft) {
    Desk desk;
    const EntitlementId id = desk.draft(agreed(on_creation(5)));
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.name = "Amended"}}), ok());
    EXPECT_EQ(desk.status(id), Status::draft);
}

TEST(R5a, an_amended_coverage_decides_the_status) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    const Coverage spring{2014_y / 3 / 1, 2014_y / 5 / 31};
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.coverage = spring}}), ok());
    EXPECT_EQ(desk.status(id), Status::expired);
}

TEST(R5a, it_is_refused_as_a_whole) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.open("c2"), ok());
    EXPECT_THAT(desk.run(Amend{.id = id, .changes = {.name = "Amended", .terms = on_creation(1)}}),
                refused(ErrorCode::total_below_used));
    EXPECT_EQ(desk.entitlement(id).agreement.name, "Mobile Accessories");
    EXPECT_EQ(desk.status(id), Status::active);
    EXPECT_THAT(desk.open("c3"), ok()) << "still in force";
}

}  // namespace
}  // namespace conformance
