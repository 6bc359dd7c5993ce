#include "desk.hpp"

// Section 7, import: an entitlement taken over from another system.

namespace conformance {
namespace {

ImportEntitlement imported(Status status = Status::active) {
    return {.name = "Mobile Accessories",
            .customer = acme,
            .coverage = year_2014,
            .terms = on_creation(5),
            .status = status,
            .id = "gold"_entitlement};
}

ImportedChannel channel_of(const char* parent, const Channel& channel, std::int64_t total,
                           std::int64_t remaining) {
    return {EntitlementId::from_name(parent), channel, cases(total), cases(remaining)};
}

TEST(Import, takes_over_status_total_remaining_and_channels) {
    Desk desk;
    ImportEntitlement command = imported();
    command.remaining = cases(3);
    command.channels = {channel_of("gold", Channel::phone, 2, 1), channel_of("gold", Channel::web, 2, 2)};
    ASSERT_THAT(desk.run(command), ok());
    EXPECT_EQ(desk.status("gold"_entitlement), Status::active);
    EXPECT_EQ(desk.entitlement("gold"_entitlement).total_terms(), Quantity(cases(5)));
    EXPECT_EQ(desk.left("gold"_entitlement), 3);
    EXPECT_EQ(desk.left("gold"_entitlement, Channel::phone), 1);
    EXPECT_EQ(desk.left("gold"_entitlement, Channel::web), 2);
}

TEST(Import, what_was_used_before_is_an_opening_entry) {
    Desk desk;
    ImportEntitlement command = imported();
    command.remaining = cases(3);
    command.channels = {channel_of("gold", Channel::phone, 2, 1), channel_of("gold", Channel::web, 2, 2)};
    ASSERT_THAT(desk.run(command), ok());
    const auto entries = desk.entries();
    ASSERT_EQ(entries.size(), 2U) << "one, and one for the channel that was used";
    EXPECT_EQ(entries[0].kind, EntryKind::carried_in);
    EXPECT_EQ(entries[0].total_moved, -2);
    EXPECT_EQ(entries[0].remaining, 3);
    EXPECT_EQ(entries[1].kind, EntryKind::carried_in);
    EXPECT_EQ(entries[1].channel, Channel::phone);
    EXPECT_EQ(entries[1].channel_moved, -1);
    EXPECT_EQ(entries[1].total_moved, 0);
    EXPECT_EQ(entries[1].number, entries[0].number);
}

TEST(Import, without_a_remaining_everything_is_left) {
    Desk desk;
    ImportEntitlement command = imported();
    command.channels = {{"gold"_entitlement, Channel::phone, cases(2)}};
    ASSERT_THAT(desk.run(command), ok());
    EXPECT_EQ(desk.left("gold"_entitlement), 5);
    EXPECT_EQ(desk.left("gold"_entitlement, Channel::phone), 2);
}

TEST(Import, a_stated_draft_or_canceled_one_is_that) {
    Desk desk;
    ASSERT_THAT(desk.run(imported(Status::draft)), ok());
    EXPECT_EQ(desk.status("gold"_entitlement), Status::draft);
    ImportEntitlement canceled = imported(Status::canceled);
    canceled.id = "old"_entitlement;
    canceled.is_default = true;
    ASSERT_THAT(desk.run(canceled), ok());
    EXPECT_EQ(desk.status("old"_entitlement), Status::canceled);
    EXPECT_FALSE(desk.entitlement("old"_entitlement).is_default) << "R4";
}

TEST(Import, a_stated_expired_one_is_expired_from_its_end_on) {
    Desk desk;
    desk.now = end_2014;
    ASSERT_THAT(desk.run(imported(Status::expired)), ok());
    EXPECT_EQ(desk.status("gold"_entitlement), Status::expired);
}

TEST(Import, a_stated_expired_one_before_its_end_is_cannot_expire) {
    Desk desk;
    desk.now = end_2014 - 1us;
    EXPECT_THAT(desk.run(imported(Status::expired)), refused(ErrorCode::cannot_expire));
}

TEST(Import, a_channel_row_without_a_parent_is_channel_without_entitlement) {
    Desk desk;
    ImportEntitlement command = imported();
    command.channels = {{{}, Channel::phone, cases(2)}};
    const auto outcome = desk.run(command);
    ASSERT_THAT(outcome, refused(ErrorCode::channel_without_entitlement));
    EXPECT_EQ(outcome.error().channel, Channel::phone);
    command.channels = {{"another"_entitlement, Channel::phone, cases(2)}};
    EXPECT_THAT(desk.run(command), refused(ErrorCode::channel_without_entitlement));
}

TEST(Import, a_remaining_above_the_total_is_refused) {
    Desk desk;
    ImportEntitlement command = imported();
    command.remaining = cases(6);
    const auto outcome = desk.run(command);
    ASSERT_THAT(outcome, refused(ErrorCode::remaining_above_total));
    EXPECT_EQ(outcome.error().remaining, Quantity(cases(6)));
    EXPECT_EQ(outcome.error().limit, Quantity(cases(5)));
    command.remaining = cases(5);
    command.channels = {channel_of("gold", Channel::phone, 2, 3)};
    EXPECT_THAT(desk.run(command), refused(ErrorCode::remaining_above_total));
}

TEST(Import, under_crm2014_a_remaining_above_the_total_is_taken_over) {
    Desk desk{policy::crm2014};
    ImportEntitlement command = imported();
    command.remaining = cases(6);
    ASSERT_THAT(desk.run(command), ok());
    EXPECT_EQ(desk.left("gold"_entitlement), 6);
}

TEST(Import, a_negative_remaining_is_taken_over_within_the_limit) {
    Desk desk;
    ImportEntitlement command = imported();
    command.remaining = cases(-100'000'000'000);
    ASSERT_THAT(desk.run(command), ok());
    EXPECT_EQ(desk.left("gold"_entitlement), -100'000'000'000);
    command.id = "other"_entitlement;
    command.remaining = cases(-100'000'000'001);
    EXPECT_THAT(desk.run(command), refused(ErrorCode::terms_overflow));
}

TEST(Import, a_remaining_in_another_unit_is_unit_mismatch) {
    Desk desk;
    ImportEntitlement command = imported();
    command.remaining = hours(1h);
    EXPECT_THAT(desk.run(command), refused(ErrorCode::unit_mismatch));
    command.remaining = cases(1);
    command.channels = {{"gold"_entitlement, Channel::phone, cases(2), Quantity(hours(1h))}};
    EXPECT_THAT(desk.run(command), refused(ErrorCode::unit_mismatch));
}

TEST(Import, coverage_only_carries_the_cases_it_counted) {
    Desk desk;
    ImportEntitlement command = imported();
    command.terms = coverage_only();
    command.remaining = cases(-7);
    ASSERT_THAT(desk.run(command), ok());
    EXPECT_EQ(desk.left("gold"_entitlement), -7);
}

TEST(Import, is_judged_by_the_rules_of_the_record_too) {
    Desk desk;
    const auto expect_refusal = [&](ErrorCode code, void (*change)(ImportEntitlement&)) {
        ImportEntitlement command = imported();
        change(command);
        EXPECT_EQ(why(desk.engine.import_entitlement(command, july)), code);
    };
    expect_refusal(ErrorCode::customer_missing, [](ImportEntitlement& i) { i.customer = {}; });
    expect_refusal(ErrorCode::name_length, [](ImportEntitlement& i) { i.name.clear(); });
    expect_refusal(ErrorCode::start_after_end, [](ImportEntitlement& i) {
        i.coverage = {2014_y / 2 / 2, 2014_y / 2 / 1};
    });
    expect_refusal(ErrorCode::unknown_time_zone, [](ImportEntitlement& i) { i.coverage.time_zone = "?"; });
    expect_refusal(ErrorCode::total_missing, [](ImportEntitlement& i) { i.terms.total.reset(); });
    expect_refusal(ErrorCode::channel_exceeds_total,
                   [](ImportEntitlement& i) { i.channels = {channel_of("gold", Channel::phone, 6, 6)}; });
    expect_refusal(ErrorCode::duplicate_channel, [](ImportEntitlement& i) {
        i.channels = {channel_of("gold", Channel::phone, 1, 1), channel_of("gold", Channel::phone, 1, 1)};
    });
    expect_refusal(ErrorCode::discount_out_of_range, [](ImportEntitlement& i) { i.discount_percent = 101; });
    EXPECT_TRUE(everything(desk.store).entitlements.empty());
}

TEST(Import, an_id_that_exists_is_duplicate_id) {
    Desk desk;
    ASSERT_THAT(desk.run(imported()), ok());
    EXPECT_THAT(desk.run(imported()), refused(ErrorCode::duplicate_id));
}

TEST(Import, what_was_taken_over_is_used_like_any_other) {
    Desk desk;
    ImportEntitlement command = imported();
    command.remaining = cases(1);
    ASSERT_THAT(desk.run(command), ok());
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_THAT(desk.open_on("gold"_entitlement, "c2"), refused(ErrorCode::terms_exhausted));
    ASSERT_THAT(desk.deactivate("gold"_entitlement), ok());
    EXPECT_THAT(desk.revise("gold"_entitlement, {.terms = on_creation(4)}),
                refused(ErrorCode::total_below_used));
}

}  // namespace
}  // namespace conformance
