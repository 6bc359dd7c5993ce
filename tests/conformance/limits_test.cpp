// Limits that other tests do not meet on their way: at each, and one past it.

#include <cstdlib>
#include <utility>
#include <vector>

#include "in_force.hpp"

namespace conformance {
namespace {

/// Straight to the engine: a desk that looks at everything around each command would take its time.
struct Plain {
    explicit Plain(const MemoryStore::Options& options = {})
        : store{options}, engine{store, {.ids = UuidV7{2014}}} {}

    MemoryStore store;
    Engine engine;
};

TEST(Limits, entitlements_of_a_customer) {
    const char* const scale = std::getenv("ENTITLE_TEST_SCALE");
    if (scale != nullptr && std::strtod(scale, nullptr) < 1)
        GTEST_SKIP() << "each draft writes all of its customer's anew; the rule's own test tells it at once";
    Plain it;
    for (std::size_t i = 1; i <= max_entitlements; ++i) {
        Draft draft = agreed(on_creation(1));
        draft.id = EntitlementId::from_integer(i);
        ASSERT_THAT(it.engine.draft(std::move(draft), july), ok()) << i;
    }
    EXPECT_THAT(it.engine.draft(agreed(on_creation(1)), july), refused(ErrorCode::too_many_entitlements));
    const EntitlementId last = EntitlementId::from_integer(max_entitlements);
    EXPECT_THAT(it.engine.remove({.customer = acme, .id = last}, july), ok());
    EXPECT_THAT(it.engine.draft(agreed(on_creation(1)), july), ok());
    EXPECT_TRUE(it.engine.audit()->ok());
}

/// Terms that come anew each day, and a day of so many boundaries later.
Outcome opened_after(std::size_t boundaries, std::vector<LowWater> marks = {}) {
    Plain it;
    const Day first = 1800_y / 1 / 1;
    const Instant begin = date::sys_days{first};
    Draft draft = agreed(on_creation(5));
    draft.id = "daily"_entitlement;
    draft.coverage = {first, 2014_y / 12 / 31, "UTC"};
    draft.period = PeriodTerms{{1, Cycle::Step::days}, cases(1)};
    draft.low_water = std::move(marks);
    EXPECT_THAT(it.engine.draft(std::move(draft), begin), ok());
    EXPECT_THAT(it.engine.activate({.customer = acme, .id = "daily"_entitlement}, begin), ok());
    const Outcome out = it.engine.open_case({.customer = acme, .id = "a"_case},
                                            begin + date::days{static_cast<int>(boundaries)});
    EXPECT_TRUE(it.engine.audit()->ok());
    return out;
}

TEST(Limits, entries_of_one_command) {
    // the posting is one of them
    EXPECT_THAT(opened_after(max_entries - 1), ok());
    EXPECT_THAT(opened_after(max_entries), refused(ErrorCode::too_many_periods));
}

TEST(Limits, entries_of_one_entitlement_take_no_room_from_anothers) {
    Plain it;
    const Day first = 1800_y / 1 / 1;
    const Instant begin = date::sys_days{first};
    const auto grant = [&](EntitlementId id, Cycle::Step step) {
        Draft draft = agreed(on_creation(5));
        draft.id = id;
        draft.coverage = {first, 2014_y / 12 / 31, "UTC"};
        draft.period = PeriodTerms{{1, step}, cases(1)};
        EXPECT_THAT(it.engine.draft(std::move(draft), begin), ok());
        EXPECT_THAT(it.engine.activate({.customer = acme, .id = id}, begin), ok());
    };
    grant("daily"_entitlement, Cycle::Step::days);
    grant("yearly"_entitlement, Cycle::Step::years);
    const OpenCase open{.customer = acme, .id = "a"_case, .entitlement = "yearly"_entitlement};
    EXPECT_THAT(it.engine.open_case(open, begin + date::days{static_cast<int>(max_entries / 2) + 1}), ok());
    EXPECT_TRUE(it.engine.audit()->ok());
}

TEST(Limits, entries_of_a_memory_store) {
    Plain it{{.max_entries = 4}};
    Draft draft = agreed(on_creation(5));
    draft.id = "E"_entitlement;
    EXPECT_THAT(it.engine.draft(std::move(draft), july), ok());
    EXPECT_THAT(it.engine.activate({.customer = acme, .id = "E"_entitlement}, july), ok());
    EXPECT_THAT(it.engine.open_case({.customer = acme, .id = "a"_case}, july), ok());
    EXPECT_THAT(it.engine.open_case({.customer = acme, .id = "b"_case}, july), ok());
    const Everything before = everything(it.store);
    EXPECT_THAT(it.engine.open_case({.customer = acme, .id = "c"_case}, july),
                refused(ErrorCode::store_limit));
    EXPECT_TRUE(everything(it.store) == before) << "nothing is half applied";
    EXPECT_TRUE(it.engine.audit()->ok());
}

TEST(Limits, entries_of_a_memory_store_are_never_more_than_it_can_name) {
    const MemoryStore::Options by_default;
    Plain it{{.max_entries = 0xFFFF'FFFF}};
    EXPECT_LT(by_default.max_entries, 0xFFFF'FFFF);
    Draft draft = agreed(on_creation(5));
    EXPECT_THAT(it.engine.draft(std::move(draft), july), ok());
}

TEST(Limits, entries_of_one_command_that_reaches_a_mark) {
    // the posting is one of them, and the mark
    EXPECT_THAT(opened_after(max_entries - 2, {{.left = cases(5)}}), ok());
    EXPECT_THAT(opened_after(max_entries - 1, {{.left = cases(5)}}), refused(ErrorCode::too_many_periods));
}

TEST(Limits, reason_of_an_adjustment) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    const auto adjusted = [&](std::size_t length) {
        return desk.run(Adjust{.id = id, .quantity = cases(1), .reason = std::string(length, 'r')});
    };
    EXPECT_THAT(adjusted(2000), ok());
    EXPECT_THAT(adjusted(2001), refused(ErrorCode::description_length));
}

TEST(Limits, amount_of_a_top_up) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(0)));
    EXPECT_THAT(desk.run(TopUp{.id = id, .amount = cases(max_terms + 1)}),
                refused(ErrorCode::total_out_of_range));
    EXPECT_THAT(desk.run(TopUp{.id = id, .amount = cases(max_terms)}), ok());
    EXPECT_THAT(desk.run(TopUp{.id = id, .amount = cases(1)}), refused(ErrorCode::terms_overflow));
}

/// Brings what is left of the total, and of a channel, to so much.
void bring_to(InForce& it, std::int64_t total, const Channel& channel = {}, std::int64_t of_channel = 0) {
    const Unit unit = it.is().agreement.unit();
    const Adjust command{.id = it.id,
                         .quantity = {total - it.left(), unit},
                         .channel = channel,
                         .channel_quantity = {channel ? of_channel - it.left(channel) : 0, unit},
                         .reason = "a letter"};
    ASSERT_THAT(it.desk.run(command), ok());
}

TEST(Limits, a_case_changes_its_channel_at_the_lowest_balance) {
    InForce it{unrestricted(0), {{Channel::phone, cases(0)}, {Channel::web, cases(0)}}};
    ASSERT_THAT(it.desk.open("c", Channel::phone), ok());
    bring_to(it, -max_terms);
    ASSERT_THAT(it.desk.change_origin("c", Channel::web), ok());
    EXPECT_EQ(it.left(), -max_terms);
}

TEST(Limits, what_a_late_hold_does_not_cost_comes_back_at_the_highest_balance) {
    const Terms ten{.total = Hours{10h}, .decrease_on = DecreaseOn::resolution, .restricted = true};
    InForce it{ten, {}, a_month(Hours{5h})};
    ASSERT_THAT(it.desk.open("c"), ok());
    ASSERT_THAT(it.desk.run(HoldTerms{.id = "c"_case, .quantity = Hours{3h}}), ok());
    bring_to(it, 3600);
    it.at(2014_y / 2 / 5);
    bring_to(it, max_terms * 3600);
    ASSERT_THAT(it.desk.resolve("c", 3h), ok());
    EXPECT_EQ(it.left(), (max_terms - 1) * 3600) << "January had but one of them";
}

TEST(Limits, what_comes_back_late_stays_within_the_highest_balance) {
    InForce it{unrestricted(5), {{Channel::phone, cases(5)}}, a_month(cases(5))};
    ASSERT_THAT(it.desk.open("c", Channel::phone), ok());
    it.at(2014_y / 2 / 5);
    bring_to(it, max_terms, Channel::phone, 9);
    EXPECT_THAT(it.desk.cancel("c"), refused(ErrorCode::terms_overflow));
    bring_to(it, 9, Channel::phone, max_terms);
    EXPECT_THAT(it.desk.cancel("c"), refused(ErrorCode::terms_overflow));
    bring_to(it, max_terms - 1, Channel::phone, max_terms - 1);
    EXPECT_THAT(it.desk.cancel("c"), ok());
    EXPECT_EQ(it.left(), max_terms);
    EXPECT_EQ(it.left(Channel::phone), max_terms);
}

TEST(Limits, what_comes_back_late_is_limited_in_terms_not_in_seconds) {
    const Hours many{10'000h};
    InForce it{{.total = many, .decrease_on = DecreaseOn::resolution, .restricted = true}, {}, a_month(many)};
    ASSERT_THAT(it.desk.open("c"), ok());
    ASSERT_THAT(it.desk.resolve("c", 1h), ok());
    it.at(2014_y / 2 / 5);
    ASSERT_THAT(it.desk.reactivate("c"), ok());
    EXPECT_EQ(it.left(), 20'000 * 3600);
}

TEST(Limits, a_total_raised_under_a_channel_at_the_highest_balance) {
    InForce it{unrestricted(10), {{Channel::phone, cases(5)}}};
    bring_to(it, 10, Channel::phone, max_terms);
    const auto amended = [&](std::int64_t total) {
        const Changes changes{.channels = {{{Channel::phone, cases(total)}}}};
        return it.desk.run(Amend{.id = it.id, .changes = changes});
    };
    EXPECT_THAT(amended(6), refused(ErrorCode::terms_overflow));
    EXPECT_THAT(amended(4), ok());
    EXPECT_THAT(amended(5), ok());
}

TEST(Limits, of_a_balance_refuse_what_would_come_back_beyond_them) {
    Desk desk;
    const EntitlementId id =
        desk.grant(agreed(on_creation(5), {{Channel::phone, cases(5)}, {Channel::email, cases(5)}}));
    const EntitlementId other = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open_on(id, "c", Channel::phone), ok());
    ASSERT_THAT(desk.run(Adjust{.id = id, .quantity = cases(max_terms - 4), .reason = "a gift"}), ok());
    EXPECT_EQ(desk.left(id), max_terms);
    EXPECT_THAT(desk.cancel("c"), refused(ErrorCode::terms_overflow));
    EXPECT_THAT(desk.change_origin("c", Channel::email), refused(ErrorCode::terms_overflow));
    EXPECT_THAT(desk.run(ChangeEntitlement{.id = "c"_case, .entitlement = other}),
                refused(ErrorCode::terms_overflow));
}

TEST(Limits, overage_of_one_case) {
    Desk desk{{.overage = Overage::split}};
    constexpr std::chrono::seconds most = max_terms * std::chrono::hours{1};
    (void)desk.grant(agreed({.total = hours(2h), .decrease_on = DecreaseOn::resolution, .restricted = true}));
    ASSERT_THAT(desk.open("c"), ok());
    EXPECT_THAT(desk.resolve("c", 2h + most + 1s), refused(ErrorCode::terms_overflow));
    ASSERT_THAT(desk.resolve("c", 2h + most), ok());
    EXPECT_EQ(desk.support_case("c").overage, most.count());
}

TEST(Limits, length_of_a_period_and_of_a_template) {
    Desk desk;
    Draft draft = agreed(on_creation(5));
    draft.period = PeriodTerms{{65'535, Cycle::Step::years}};
    EXPECT_THAT(desk.run(draft), ok());
    draft.period = PeriodTerms{{0, Cycle::Step::years}};
    EXPECT_THAT(desk.run(draft), refused(ErrorCode::period_length));
    // Past 65,535 there is no number.
    static_assert(std::is_same_v<decltype(Cycle{}.every), std::uint16_t>);
    static_assert(std::is_same_v<decltype(Length{}.count), std::uint16_t>);
}

}  // namespace
}  // namespace conformance
