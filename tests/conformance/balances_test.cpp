#include <utility>

#include "desk.hpp"

// How an entitlement stood at an instant, and in each of its periods.

namespace conformance {
namespace {

Instant at(Day day, Instant::duration later = 0s) { return Instant{date::sys_days{day}} + later; }

/// Five a month, two of them by phone; one of each may be carried over.
Draft five_a_month(Terms terms = unrestricted(5)) {
    Draft draft = agreed(std::move(terms), {{Channel::phone, cases(2)}});
    draft.period = PeriodTerms{.cycle = {.every = 1}, .rollover = cases(1)};
    return draft;
}

struct Monthly : Desk {
    Monthly() {
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

CounterBalance total(std::int64_t remaining, std::int64_t used = 0) { return {{}, remaining, 0, used, 0}; }
CounterBalance phone(std::int64_t remaining, std::int64_t used = 0) {
    return {Channel::phone, remaining, 0, used, 0};
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
    Monthly desk;
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
    Monthly desk;
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
    Monthly desk;
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
    Monthly desk;
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
    EXPECT_THAT(balance(july + 1h), testing::ElementsAre(CounterBalance{{}, 7200, 1800, 0, 0},
                                                         CounterBalance{Channel::phone, 3600, 1800, 0, 0}));
    EXPECT_EQ(balance(july + 1h)[0].available(), 5400);
    EXPECT_THAT(balance(july + 2h), testing::ElementsAre(CounterBalance{{}, 3600, 0, 3600, 1800},
                                                         CounterBalance{Channel::phone, 0, 0, 3600, 0}));
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

TEST(Balances, of_what_is_canceled_have_no_more_periods) {
    Monthly desk;
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
