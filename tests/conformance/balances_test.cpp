#include <utility>

#include "desk.hpp"

// How an entitlement stood at an instant, and in each of its periods.

namespace conformance {
namespace {

/// Five a month, two of them by phone; one of each may be carried over.
Draft five_a_month(Terms terms = unrestricted(5)) {
    Draft draft = agreed(std::move(terms), {{Channel::phone, cases(2)}});
    draft.period = PeriodTerms{.cycle = {.every = 1}, .rollover = cases(1)};
    return draft;
}

struct FiveAMonth : Desk {
    FiveAMonth() {
        now = year_before;
        id = grant(five_a_month());
    }
    void open_at(Instant instant, std::string_view key, const Channel& origin = {}) {
        now = instant;
        EXPECT_THAT(open(key, origin), ok());
    }
    [[nodiscard]] PeriodBalance balance(Instant instant) const {
        return engine.balance_at(acme, id, instant).value();
    }
    [[nodiscard]] std::vector<PeriodBalance> by_period(Instant until) const {
        return engine.balances_by_period(acme, id, until).value();
    }
    EntitlementId id{};
};

CounterBalance total(std::int64_t remaining, std::int64_t used = 0) { return {{}, remaining, 0, used}; }
CounterBalance phone(std::int64_t remaining, std::int64_t used = 0) {
    return {Channel::phone, remaining, 0, used};
}

TEST(Balances, at_each_instant_are_what_was_left_then) {
    Desk desk;
    desk.now = at(2014_y / 2 / 1);
    const EntitlementId id = desk.grant(agreed(unrestricted(5), {{Channel::phone, cases(2)}}));
    desk.now = at(2014_y / 3 / 1);
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    desk.now = at(2014_y / 4 / 1);
    ASSERT_THAT(desk.open("n1"), ok());
    desk.now = at(2014_y / 5 / 1);
    ASSERT_THAT(desk.cancel("p1"), ok());
    struct {
        Instant at;
        CounterBalance total, phone;
    } const expected[] = {{at(2014_y / 1 / 1), total(5), phone(2)},
                          {at(2014_y / 3 / 1) - 1us, total(5), phone(2)},
                          {at(2014_y / 3 / 1), total(4, 1), phone(1, 1)},
                          {at(2014_y / 4 / 1), total(3, 2), phone(1, 1)},
                          {at(2014_y / 5 / 1) - 1us, total(3, 2), phone(1, 1)},
                          {at(2014_y / 5 / 1), total(4, 1), phone(2, 0)},
                          {at(2020_y / 1 / 1), total(4, 1), phone(2, 0)}};
    for (const auto& one : expected) {
        const PeriodBalance found = desk.engine.balance_at(acme, id, one.at).value();
        EXPECT_EQ(found.period, (Span{begin_2014, end_2014}));
        EXPECT_THAT(found.counters, testing::ElementsAre(one.total, one.phone))
            << one.at.time_since_epoch().count();
    }
}

TEST(Balances, of_each_period_are_as_it_ended) {
    FiveAMonth desk;
    desk.open_at(at(2014_y / 1 / 10), "a", Channel::phone);
    desk.open_at(at(2014_y / 1 / 11), "b");
    desk.open_at(at(2014_y / 3 / 10), "c");  // nothing in February
    const auto all = desk.by_period(at(2014_y / 4 / 15));
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[0].period, (Span{begin_2014, at(2014_y / 2 / 1)}));
    EXPECT_THAT(all[0].counters, testing::ElementsAre(total(3, 2), phone(1, 1)));
    EXPECT_EQ(all[1].period, (Span{at(2014_y / 2 / 1), at(2014_y / 3 / 1)}));
    EXPECT_THAT(all[1].counters, testing::ElementsAre(total(6), phone(3))) << "one of each was carried over";
    EXPECT_THAT(all[2].counters, testing::ElementsAre(total(5, 1), phone(3)));
    EXPECT_EQ(all[3].period, (Span{at(2014_y / 4 / 1), at(2014_y / 5 / 1)})) << "recorded by nothing yet";
    EXPECT_THAT(all[3].counters, testing::ElementsAre(total(6), phone(3)));
}

TEST(Balances, of_periods_in_which_nothing_moved_are_told_too) {
    FiveAMonth desk;
    desk.open_at(at(2014_y / 10 / 10), "a");
    const auto all = desk.by_period(at(2014_y / 12 / 31));
    ASSERT_EQ(all.size(), 12U);
    for (std::size_t month = 0; month < 12; ++month) {
        const std::int64_t left = month == 0 ? 5 : month == 9 ? 5 : 6;
        EXPECT_EQ(all[month].total(), total(left, month == 9 ? 1 : 0)) << month + 1;
    }
    EXPECT_EQ(desk.by_period(at(2020_y / 1 / 1)), all) << "no period begins after the end";
}

TEST(Balances, at_an_instant_that_lies_back_are_as_the_ledger_tells) {
    FiveAMonth desk;
    desk.open_at(at(2014_y / 1 / 10), "a");
    desk.open_at(at(2014_y / 3 / 10), "b");
    const PeriodBalance february = desk.balance(at(2014_y / 2 / 15));
    EXPECT_EQ(february.period, (Span{at(2014_y / 2 / 1), at(2014_y / 3 / 1)}));
    EXPECT_EQ(february.total(), total(6))
        << "the boundary was recorded in March, for February's first instant";
    EXPECT_EQ(desk.balance(at(2014_y / 1 / 5)).total(), total(5));
    EXPECT_EQ(desk.balance(year_before - 24h).total(), total(5)) << "before it was written down: as at first";
}

TEST(Balances, now_are_what_entitlement_at_shows) {
    FiveAMonth desk;
    desk.open_at(at(2014_y / 1 / 10), "a", Channel::phone);
    for (const Instant now : {at(2014_y / 1 / 10), at(2014_y / 1 / 31), at(2014_y / 2 / 1),
                              at(2014_y / 7 / 9), at(2015_y / 1 / 1)}) {
        const Entitlement is = desk.engine.entitlement_at(acme, desk.id, now).value();
        const PeriodBalance balance = desk.balance(now);
        EXPECT_EQ(balance.total().remaining, is.remaining);
        EXPECT_EQ(balance.counters[1].remaining, is.channels[0].remaining);
    }
}

TEST(Balances, tell_what_was_held_and_what_is_left_to_bill) {
    Desk desk{policy::desk};
    Terms terms{.total = hours(2h), .decrease_on = DecreaseOn::resolution, .restricted = true};
    const EntitlementId id = desk.grant(agreed(std::move(terms), {{Channel::phone, hours(1h)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    desk.now += 1h;
    ASSERT_THAT(desk.run(HoldTerms{.id = "p1"_case, .quantity = hours(30min)}), ok());
    desk.now += 1h;
    ASSERT_THAT(desk.resolve("p1", 90min), ok());
    const auto balance = [&](Instant instant) {
        return desk.engine.balance_at(acme, id, instant).value().counters;
    };
    EXPECT_THAT(balance(july + 1h), testing::ElementsAre(CounterBalance{{}, 7200, 1800, 0},
                                                         CounterBalance{Channel::phone, 3600, 1800, 0}));
    EXPECT_EQ(balance(july + 1h)[0].available(), 5400);
    EXPECT_THAT(balance(july + 2h), testing::ElementsAre(CounterBalance{{}, 3600, 0, 3600},
                                                         CounterBalance{Channel::phone, 0, 0, 3600}));
}

TEST(Balances, of_an_amended_entitlement_are_those_of_then) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(unrestricted(5)));
    desk.now += 1h;
    ASSERT_THAT(desk.open("a"), ok());
    desk.now += 1h;
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.terms = unrestricted(50)}}), ok());
    EXPECT_EQ(desk.engine.balance_at(acme, id, july + 1h)->total(), total(4, 1));
    EXPECT_EQ(desk.engine.balance_at(acme, id, july + 2h)->total(), total(49, 1));
}

/// Whether the balance now is what the entitlement shows.
void expect_as_shown(const Engine& engine, EntitlementId id, Instant now) {
    const Entitlement is = engine.entitlement_at(acme, id, now).value();
    const PeriodBalance balance = engine.balance_at(acme, id, now).value();
    EXPECT_EQ(balance.total().remaining, is.remaining);
    EXPECT_EQ(balance.total().held, is.held);
    for (std::size_t i = 0; i < is.channels.size(); ++i) {
        EXPECT_EQ(balance.counters[i + 1].remaining, is.channels[i].remaining) << i;
        EXPECT_EQ(balance.counters[i + 1].held, is.channels[i].held) << i;
    }
    EXPECT_EQ(engine.balances_by_period(acme, id, now)->back(), balance);
}

TEST(Balances, of_channels_that_were_agreed_otherwise_are_those_of_then) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(unrestricted(9), {{Channel::phone, cases(2)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    for (const std::int64_t more : {5, 7}) {
        desk.now += 1h;
        const Changes changes{.channels = std::vector<ChannelTerms>{{Channel::phone, cases(more)}}};
        ASSERT_THAT(desk.run(Amend{.id = id, .changes = changes}), ok());
        expect_as_shown(desk.engine, id, desk.now);
    }
    desk.now += 1h;
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.channels = std::vector<ChannelTerms>{}}}), ok());
    expect_as_shown(desk.engine, id, desk.now);
    const auto by_phone = [&](Instant at) {
        return desk.engine.balance_at(acme, id, at)->counters[1].remaining;
    };
    EXPECT_EQ(by_phone(july - 1us), 2);
    EXPECT_EQ(by_phone(july), 1);
    EXPECT_EQ(by_phone(july + 3h), -1);
}

TEST(Balances, of_what_was_archived_are_what_is_left) {
    Desk desk{policy::desk};
    desk.now = at(2014_y / 1 / 1);
    const EntitlementId id = desk.grant(five_a_month(on_resolution(5)));
    desk.now = at(2014_y / 3 / 10);
    for (const char* key : {"a", "b", "c"}) ASSERT_THAT(desk.open(key, Channel::phone), ok());
    ASSERT_THAT(desk.resolve("a"), ok());
    ASSERT_TRUE(desk.engine.seal(acme));
    ASSERT_TRUE(desk.engine.archive(acme, desk.last_entry().number));
    expect_as_shown(desk.engine, id, desk.now);
    expect_as_shown(desk.engine, id, at(2014_y / 5 / 1));
    desk.now = at(2014_y / 3 / 20);
    ASSERT_THAT(desk.resolve("b"), ok());
    expect_as_shown(desk.engine, id, desk.now);
    const auto all = desk.engine.balances_by_period(acme, id, desk.now).value();
    ASSERT_EQ(all.size(), 1U) << "what was before is in the archive";
    EXPECT_EQ(all[0].period, (Span{at(2014_y / 3 / 1), at(2014_y / 4 / 1)}));
    EXPECT_EQ(all[0].total().used, 1) << "since";
}

TEST(Balances, of_a_coverage_that_was_moved_have_no_period_that_ends_before_it_begins) {
    FiveAMonth desk;
    desk.open_at(at(2014_y / 3 / 10), "a");
    desk.now = at(2014_y / 3 / 20);
    ASSERT_THAT(
        desk.run(Amend{.id = desk.id, .changes = {.coverage = Coverage{2014_y / 6 / 1, 2015_y / 5 / 31}}}),
        ok());
    const auto all = desk.by_period(at(2014_y / 8 / 1));
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_LE(all[i].period.begin, all[i].period.end) << i;
        if (i > 0) {
            EXPECT_EQ(all[i].period.begin, all[i - 1].period.end) << i;
        }
    }
    expect_as_shown(desk.engine, desk.id, at(2014_y / 8 / 1));
}

TEST(Balances, of_another_customers_entitlement_with_the_same_id_are_not_these) {
    Desk desk;
    Draft draft = agreed(unrestricted(5));
    draft.id = "same"_entitlement;
    (void)desk.grant(draft);
    draft.customer = other_customer;
    ASSERT_THAT(desk.run(draft), ok());
    ASSERT_THAT(desk.open("a"), ok());
    const auto found = desk.engine.balance_at({}, draft.id, desk.now).value();
    const auto owner = desk.store.customer_of(draft.id).value();
    EXPECT_EQ(found.total(), owner == acme ? total(4, 1) : total(5));
}

TEST(Balances, far_away_take_no_time_or_memory) {
    Desk desk;
    Draft forever = agreed(unrestricted(5));
    forever.coverage.last_day = 9999_y / 12 / 31;
    forever.period = PeriodTerms{.cycle = {.every = 1, .step = Cycle::Step::days}};
    const EntitlementId id = desk.grant(forever);
    EXPECT_EQ(desk.engine.balance_at(acme, id, at(9999_y / 6 / 1))->period,
              (Span{at(9999_y / 6 / 1), at(9999_y / 6 / 2)}));
}

TEST(Balances, of_what_is_canceled_have_no_more_periods) {
    FiveAMonth desk;
    desk.open_at(at(2014_y / 3 / 10), "a");
    ASSERT_THAT(desk.run(Cancel{.id = desk.id}), ok());
    const auto all = desk.by_period(at(2014_y / 12 / 31));
    EXPECT_EQ(all.back().period, (Span{at(2014_y / 3 / 1), end_2014}));
    EXPECT_EQ(all.back().total(), total(5, 1));
}

TEST(Balances, of_coverage_only_count_what_was_used) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(coverage_only()));
    ASSERT_THAT(desk.open("a"), ok());
    EXPECT_EQ(desk.engine.balance_at(acme, id, desk.now)->total(), total(-1, 1));
}

TEST(Balances, of_nothing_are_unknown) {
    const Desk desk;
    EXPECT_EQ(desk.engine.balance_at(acme, "nobody's"_entitlement, july).error().code,
              ErrorCode::unknown_entitlement);
}

}  // namespace
}  // namespace conformance
