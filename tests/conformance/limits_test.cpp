// Limits that other tests do not meet on their way: at each, and one past it.

#include "desk.hpp"

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
Outcome opened_after(std::size_t boundaries) {
    Plain it;
    const Day first = 1800_y / 1 / 1;
    const Instant begin = date::sys_days{first};
    Draft draft = agreed(on_creation(5));
    draft.id = "daily"_entitlement;
    draft.coverage = {first, 2014_y / 12 / 31, "UTC"};
    draft.period = PeriodTerms{{1, Cycle::Step::days}, cases(1)};
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
