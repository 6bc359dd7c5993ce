#include <map>
#include <string>

#include "desk.hpp"

// Section 10: the ledger.

namespace conformance {
namespace {

/// A desk on which one of everything has happened.
struct History : Desk {
    History() {
        Draft agreement = agreed(on_creation(20), {{Channel::phone, cases(9)}, {Channel::email, cases(9)}});
        gold = grant(agreement);
        silver = grant(agreed(on_resolution(20)));
        EXPECT_THAT(run(SetDefault{.id = gold}), ok());
        for (const char* c : {"p1", "p2", "p3", "p4"}) EXPECT_THAT(open_on(gold, c, Channel::phone), ok());
        EXPECT_THAT(resolve("p1"), ok());
        EXPECT_THAT(cancel("p2"), ok());
        EXPECT_THAT(reactivate("p2"), ok());
        EXPECT_THAT(change_origin("p3", Channel::email), ok());
        EXPECT_THAT(run(ChangeEntitlement{.id = "p4"_case, .entitlement = silver}), ok());
        EXPECT_THAT(run(HoldTerms{.id = "p4"_case, .quantity = cases(2)}), ok());
        EXPECT_THAT(run(ReleaseTerms{.id = "p4"_case}), ok());
        EXPECT_THAT(resolve("p4"), ok());
        EXPECT_THAT(set_decrement("p3", false), ok());
        EXPECT_THAT(set_decrement("p3", true), ok());
        EXPECT_THAT(run(ChangeContact{.id = "p3"_case, .contact = "ann"_contact}), ok());
        EXPECT_THAT(run(ChangeProduct{.id = "p3"_case, .product = "router"_product}), ok());
        EXPECT_THAT(run(ChangeAsset{.id = "p3"_case, .asset = "pump"_asset}), ok());
        EXPECT_THAT(run(ChangeCaseType{.id = "p3"_case, .case_type = "question"_case_type}), ok());
        EXPECT_THAT(run(Adjust{.id = gold, .quantity = cases(-2), .reason = "a letter"}), ok());
        EXPECT_THAT(run(Amend{.id = gold, .changes = {.terms = on_creation(30)}}), ok());
        EXPECT_THAT(deactivate(gold), ok());
        EXPECT_THAT(revise(gold, {.terms = on_creation(25)}), ok());
        EXPECT_THAT(run(SetChannel{.id = gold, .channel = Channel::web, .total = cases(3)}), ok());
        EXPECT_THAT(run(RemoveChannel{.id = gold, .channel = Channel::phone}), ok());
        EXPECT_THAT(run(ReviseScope{.id = gold, .add = {.products = {"router"_product}}}), ok());
        EXPECT_THAT(activate(gold), ok());
        EXPECT_THAT(run(DeleteCase{.id = "p2"_case}), ok());
        EXPECT_THAT(run(Cancel{.id = silver}), ok());
        EXPECT_THAT(run(Renew{.id = silver, .new_id = "renewed"_entitlement}), ok());
        EXPECT_THAT(run(Remove{.id = "renewed"_entitlement}), ok());
        EXPECT_THAT(run(ImportEntitlement{.name = "Old",
                                          .customer = acme,
                                          .coverage = year_2014,
                                          .terms = on_creation(5),
                                          .remaining = cases(3)}),
                    ok());
        const auto basic = TemplateId::from_name("Basic");
        EXPECT_TRUE(engine.set_template({.id = basic, .agreement = agreed_for_all()}));
        EXPECT_TRUE(engine.set_rule({"router"_product, 1, basic}));
        EXPECT_THAT(run(Instantiate{.from = basic}), ok());
        EXPECT_THAT(run(Assign{acme, PurchaseId::from_integer(1), "router"_product, 1}), ok());
        const Outcome added = run(TopUp{.id = gold, .amount = cases(2)});
        EXPECT_THAT(added, ok());
        EXPECT_THAT(run(VoidTopUp{.id = gold, .top_up = added->number}), ok());
        serve();
    }
    void serve() {
        const auto sla = SlaId::from_name("sla");
        EXPECT_TRUE(engine.set_service_level(
            {.id = sla, .name = "Gold", .kpis = {{.name = "call", .goal = KpiGoal::own, .fail_after = 1h}}}));
        EXPECT_THAT(run(ChangeServiceLevel{.id = "p3"_case, .sla = sla}), ok());
        EXPECT_THAT(run(ChangePriority{.id = "p3"_case, .priority = 1}), ok());
        EXPECT_THAT(run(ChangeStage{.id = "p3"_case, .stage = *Stage::named("waiting")}), ok());
        EXPECT_THAT(run(RespondToCase{.id = "p3"_case}), ok());
        EXPECT_THAT(run(MeetKpi{.id = "p3"_case, .kpi = "call"}), ok());
    }
    static Agreement agreed_for_all() {
        return {.name = "Basic", .coverage = year_2014, .terms = on_creation(5)};
    }
    EntitlementId gold{};
    EntitlementId silver{};
};

TEST(Ledger, every_command_that_changes_anything_appends_an_entry) {
    const History desk;  // holds each of its commands against it
    std::map<CommandKind, int> seen;
    const std::vector<Entry> entries = desk.entries();
    for (const Entry& entry : entries) ++seen[entry.command];
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(last_command_kind)) << "one of everything has happened";
}

TEST(Ledger, numbers_and_ordinals_have_no_gaps) {
    const History desk;
    std::uint64_t number = 0;
    std::uint32_t ordinal = 0;
    const std::vector<Entry> entries = desk.entries();
    for (const Entry& entry : entries) {
        if (entry.number == number) {
            EXPECT_EQ(entry.ordinal, ++ordinal);
            continue;
        }
        EXPECT_EQ(entry.number, ++number);
        EXPECT_EQ(entry.ordinal, 0U);
        ordinal = 0;
    }
}

TEST(Ledger, refused_and_repeated_commands_take_no_number) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(1)));
    ASSERT_THAT(desk.open("c1"), ok());
    const std::uint64_t before = desk.last_entry().number;
    EXPECT_THAT(desk.open("c2"), refused(ErrorCode::not_entitled));
    EXPECT_THAT(desk.open("c1"), repeated());
    EXPECT_THAT(desk.activate(id), refused(ErrorCode::already_active));
    EXPECT_EQ(desk.resolve("c1")->number, before + 1);
}

TEST(Ledger, customers_are_numbered_each_for_itself) {
    Desk desk;
    (void)desk.draft(agreed(on_creation(1)));
    Draft theirs = agreed(on_creation(1));
    theirs.customer = other_customer;
    EXPECT_EQ(desk.run(theirs)->number, 1U);
}

TEST(Ledger, remaining_is_total_plus_the_sum_and_the_after_of_the_last_entry) {
    const History desk;
    const auto entitlements = desk.engine.entitlements(acme).value();
    const auto entries = desk.entries();
    for (const Entitlement& one : entitlements) {
        std::int64_t sum = 0;
        std::int64_t after = one.remaining;
        for (const Entry& entry : entries) {
            if (entry.entitlement != one.id) continue;
            sum += entry.total_moved;
            after = entry.remaining;
        }
        EXPECT_EQ(one.remaining, one.agreement.total() + sum);
        EXPECT_EQ(one.remaining, after);
        for (const ChannelBalance& channel : one.channels) {
            std::int64_t channel_sum = 0;
            for (const Entry& entry : entries) {
                if (entry.entitlement == one.id && entry.channel == channel.channel)
                    channel_sum += entry.channel_moved;
            }
            EXPECT_EQ(channel.remaining, channel.total + channel_sum);
        }
    }
}

TEST(Ledger, at_every_moment_an_entry_says_what_was_left_after_it) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(9), {{Channel::phone, cases(5)}}));
    const auto expect_after = [&](const Outcome& outcome) {
        ASSERT_THAT(outcome, ok());
        const Entry last = desk.last_entry();
        EXPECT_EQ(last.remaining, desk.left(id));
        EXPECT_EQ(last.channel_remaining, desk.left(id, Channel::phone));
        EXPECT_EQ(outcome->remaining.value, desk.left(id));
        EXPECT_EQ(outcome->channel_remaining.value, desk.left(id, Channel::phone));
    };
    expect_after(desk.open("p1", Channel::phone));
    expect_after(desk.open("p2", Channel::phone));
    expect_after(desk.resolve("p1"));
    expect_after(desk.cancel("p2"));
    expect_after(desk.reactivate("p2"));
}

TEST(LedgerEntry, of_a_posting_says_everything) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    ASSERT_THAT(
        desk.run(OpenCase{
            .id = "p1"_case, .origin = Channel::phone, .request = "r1"_request, .actor = "ann"_actor}),
        ok());
    Entry expected;
    expected.customer = acme;
    expected.number = 3;
    expected.command = CommandKind::open_case;
    expected.kind = EntryKind::posting;
    expected.entitlement = id;
    expected.support_case = "p1"_case;
    expected.channel = Channel::phone;
    expected.total_moved = -1;
    expected.channel_moved = -1;
    expected.remaining = 4;
    expected.channel_remaining = 1;
    expected.at = july;
    expected.actor = "ann"_actor;
    expected.request = "r1"_request;
    EXPECT_EQ(desk.last_entry(), expected);
}

TEST(LedgerEntry, of_a_reversal_names_the_entry_it_reverses) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}, {Channel::web, cases(2)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.change_origin("p1", Channel::web), ok());
    ASSERT_THAT(desk.cancel("p1"), ok());
    const auto entries = desk.entries();
    ASSERT_EQ(entries.size(), 6U);
    EXPECT_EQ(entries[3].reverses, (EntryRef{3, 0})) << "the opening's posting";
    EXPECT_EQ(entries[4].kind, EntryKind::posting);
    EXPECT_EQ(entries[5].reverses, (EntryRef{4, 1})) << "the posting that was moved";
    EXPECT_EQ(entries[5].channel, Channel::web);
}

TEST(LedgerEntry, of_an_adjustment_keeps_its_reason_and_actor) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    ASSERT_THAT(desk.run(Adjust{.id = id,
                                .quantity = cases(3),
                                .channel = Channel::phone,
                                .channel_quantity = cases(-1),
                                .reason = "goodwill for the outage",
                                .actor = "ann"_actor}),
                ok());
    const Entry entry = desk.last_entry();
    EXPECT_EQ(entry.kind, EntryKind::adjustment);
    EXPECT_EQ(entry.total_moved, 3);
    EXPECT_EQ(entry.channel_moved, -1);
    EXPECT_EQ(entry.remaining, 8);
    EXPECT_EQ(entry.channel_remaining, 1);
    EXPECT_EQ(entry.reason, "goodwill for the outage");
    EXPECT_EQ(entry.actor, "ann"_actor);
}

TEST(Adjustment, is_refused_without_a_reason_a_movement_a_listed_channel_or_the_right_unit) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    EXPECT_THAT(desk.run(Adjust{.id = id, .quantity = cases(1)}), refused(ErrorCode::reason_missing));
    EXPECT_THAT(desk.run(Adjust{.id = id, .reason = "none"}), refused(ErrorCode::nothing_to_adjust));
    EXPECT_THAT(desk.run(Adjust{.id = id, .quantity = cases(0), .reason = "none"}),
                refused(ErrorCode::nothing_to_adjust));
    EXPECT_THAT(desk.run(Adjust{.id = id, .quantity = hours(1h), .reason = "time"}),
                refused(ErrorCode::unit_mismatch));
    EXPECT_THAT(
        desk.run(Adjust{.id = id, .channel = Channel::web, .channel_quantity = cases(1), .reason = "web"}),
        refused(ErrorCode::channel_not_listed));
    EXPECT_THAT(desk.run(Adjust{.id = id, .channel_quantity = cases(1), .reason = "which?"}),
                refused(ErrorCode::channel_not_listed));
    EXPECT_THAT(desk.run(Adjust{.id = id, .quantity = cases(1), .reason = "caf\xE9"}),
                refused(ErrorCode::not_utf8));
    EXPECT_THAT(desk.run(Adjust{.id = id, .quantity = cases(1), .reason = std::string(2001, 'r')}),
                refused(ErrorCode::description_length));
    EXPECT_THAT(desk.run(Adjust{.id = "nobodys"_entitlement, .quantity = cases(1), .reason = "?"}),
                refused(ErrorCode::unknown_entitlement));
}

TEST(Ledger, a_removed_entitlements_entries_stay) {
    const History desk;
    const auto entries = desk.entries();
    const auto is_renewed = [](const Entry& entry) { return entry.entitlement == "renewed"_entitlement; };
    EXPECT_EQ(std::count_if(entries.begin(), entries.end(), is_renewed), 2);
}

TEST(Ledger, a_deleted_cases_entries_stay_and_say_its_id) {
    const History desk;
    const auto entries = desk.entries();
    const auto of_case = [](const Entry& entry) { return entry.support_case == "p2"_case; };
    EXPECT_EQ(std::count_if(entries.begin(), entries.end(), of_case), 4)
        << "open, cancel, reactivate, delete";
}

TEST(Ledger, of_a_case_id_used_again_tells_both_cases) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    for (int round = 0; round < 3; ++round) {
        ASSERT_THAT(desk.open("c1"), ok());
        ASSERT_THAT(desk.resolve("c1"), ok());
        ASSERT_THAT(desk.run(DeleteCase{.id = "c1"_case}), ok());
    }
    EXPECT_EQ(desk.left(id), 2);
    EXPECT_TRUE(desk.engine.audit()->ok());
}

// R14: each command at its own now, in the order in which they arrive.

TEST(R14, an_entry_keeps_the_instant_of_its_command_even_when_a_clock_is_behind) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open("c1"), ok());
    desk.now = july - 1h;
    ASSERT_THAT(desk.open("c2"), ok());
    desk.now = july + 1h;
    ASSERT_THAT(desk.resolve("c2"), ok());
    const auto entries = desk.entries();
    ASSERT_EQ(entries.size(), 5U);
    EXPECT_EQ(entries[2].at, july);
    EXPECT_EQ(entries[3].at, july - 1h) << "later in the ledger, earlier by its clock";
    EXPECT_EQ(entries[4].at, july + 1h);
}

TEST(R14, a_command_is_judged_at_its_own_now) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    desk.now = end_2014;
    EXPECT_THAT(desk.open_on(id, "c1"), refused(ErrorCode::not_active));
    desk.now = end_2014 - 1us;
    EXPECT_THAT(desk.open_on(id, "c1"), ok()) << "its host's clock is behind";
}

TEST(R14, nothing_is_unapplied_by_an_earlier_now) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.run(Cancel{.id = id}), ok());
    desk.now = july - 24h;
    EXPECT_EQ(desk.status(id), Status::canceled);
    EXPECT_THAT(desk.open_on(id, "c1"), refused(ErrorCode::not_active));
}

}  // namespace
}  // namespace conformance
