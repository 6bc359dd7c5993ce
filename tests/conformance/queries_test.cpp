#include <vector>

#include "desk.hpp"

// Section 7, queries: they record nothing.

namespace conformance {
namespace {

std::vector<EntitlementId> ids_of(const std::vector<Entitlement>& entitlements) {
    std::vector<EntitlementId> ids;
    for (const Entitlement& one : entitlements) ids.push_back(one.id);
    return ids;
}

EntitlementId granted_for(Desk& desk, Day first, Day last, CustomerId customer = acme) {
    Draft agreement = agreed(on_creation(5));
    agreement.customer = customer;
    agreement.coverage = {first, last};
    const EntitlementId id = desk.draft(agreement);
    EXPECT_THAT(desk.run(Activate{.customer = customer, .id = id}), ok());
    return id;
}

TEST(Entitlements, are_listed_in_the_order_they_were_made_with_status_remaining_and_channels) {
    Desk desk;
    const EntitlementId first = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    Draft preferred = agreed(on_creation(3));
    preferred.priority = 1;
    const EntitlementId second = desk.draft(preferred);
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());

    const std::vector<Entitlement> known = desk.engine.entitlements(acme).value();
    ASSERT_THAT(ids_of(known), testing::ElementsAre(first, second));
    EXPECT_EQ(rule::status_of(known[0], july), Status::active);
    EXPECT_EQ(known[0].remaining_terms(), Quantity(cases(4)));
    EXPECT_THAT(known[0].channels, testing::ElementsAre(ChannelBalance{Channel::phone, true, 2, 1}));
    EXPECT_EQ(rule::status_of(known[1], july), Status::draft);
}

TEST(Entitlements, of_a_customer_without_any_are_none) {
    Desk desk;
    (void)desk.draft(agreed(on_creation(5)));
    EXPECT_TRUE(desk.engine.entitlements("stranger"_customer)->empty());
    EXPECT_EQ(desk.engine.entitlements()->size(), 1U);
}

// Usage.

struct Used : Desk {
    Used() {
        gold = grant(agreed(on_creation(10), {{Channel::phone, cases(5)}, {Channel::web, cases(5)}}));
        silver = grant(agreed(on_creation(10)));
        for (const char* c : {"p1", "p2", "p3"}) EXPECT_THAT(open_on(gold, c, Channel::phone), ok());
        now += 24h;
        EXPECT_THAT(open_on(gold, "n1"), ok());
        EXPECT_THAT(open_on(silver, "w1", Channel::web), ok());
        now += 24h;
        EXPECT_THAT(cancel("p1"), ok());
        EXPECT_THAT(run(Adjust{.id = gold, .quantity = cases(-3), .reason = "a letter"}), ok());
    }
    EntitlementId gold{};
    EntitlementId silver{};
};

TEST(Usage, is_told_by_entitlement_and_channel_for_the_customer) {
    const Used desk;
    const auto lines = desk.engine.usage(acme, july, july + 72h).value();
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0].entitlement, desk.gold);
    EXPECT_EQ(lines[0].channel, Channel::phone);
    EXPECT_EQ(lines[0].used, 2) << "three less one reversed";
    EXPECT_EQ(lines[0].postings, 3U);
    EXPECT_EQ(lines[0].reversals, 1U);
    EXPECT_EQ(lines[0].period, (Span{begin_2014, end_2014}));
    EXPECT_TRUE(lines[1].channel.is_none()) << "moved no channel";
    EXPECT_EQ(lines[1].used, 1) << "adjustments are not what cases used";
    EXPECT_EQ(lines[2].entitlement, desk.silver);
    EXPECT_TRUE(lines[2].channel.is_none()) << "it lists no channels";
}

TEST(Usage, counts_instants_from_the_first_up_to_the_last) {
    const Used desk;
    const auto used_between = [&](Instant from, Instant until) {
        std::int64_t sum = 0;
        const std::vector<entitle::Usage> lines = desk.engine.usage(acme, from, until).value();
        for (const entitle::Usage& line : lines) sum += line.used;
        return sum;
    };
    EXPECT_EQ(used_between(july, july + 1us), 3);
    EXPECT_EQ(used_between(july - 1h, july), 0);
    EXPECT_EQ(used_between(july + 1us, july + 24h), 0);
    EXPECT_EQ(used_between(july + 24h, july + 48h), 2);
    EXPECT_EQ(used_between(july + 48h, july + 72h), -1) << "only the reversal";
}

TEST(Usage, of_one_entitlement_tells_of_no_other) {
    const Used desk;
    const auto lines = desk.engine.usage(acme, july, july + 72h, desk.silver).value();
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].entitlement, desk.silver);
    EXPECT_EQ(desk.engine.usage(acme, july, july + 72h, "nobodys"_entitlement).error().code,
              ErrorCode::unknown_entitlement);
}

TEST(Usage, counts_in_the_entitlements_unit) {
    Desk desk;
    (void)desk.grant(agreed({.total = hours(10h), .decrease_on = DecreaseOn::resolution}));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.resolve("c1", 90min), ok());
    const auto lines = desk.engine.usage(acme, july, july + 1h).value();
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ((Quantity{lines[0].used, lines[0].unit}), Quantity(hours(90min)));
}

// What can be renewed, what expires.

TEST(Renewable, is_what_the_policy_lets_renew_now) {
    for (const Policy& policy : {policy::standard, policy::dynamics365}) {
        Desk desk{policy};
        const EntitlementId canceled = desk.grant(agreed(on_creation(5)));
        const EntitlementId lasting = desk.grant(agreed(on_creation(5)));
        (void)desk.draft(agreed(on_creation(5)));
        ASSERT_THAT(desk.run(Cancel{.id = canceled}), ok());
        EXPECT_THAT(ids_of(*desk.engine.renewable(july, acme)), testing::ElementsAre(canceled));
        if (policy == policy::standard) {
            EXPECT_THAT(ids_of(*desk.engine.renewable(end_2014)), testing::ElementsAre(canceled));
        } else {
            EXPECT_THAT(ids_of(*desk.engine.renewable(end_2014)), testing::ElementsAre(canceled, lasting));
        }
    }
}

TEST(Expiring, lists_what_ends_after_one_instant_and_not_after_the_other_soonest_first) {
    Desk desk;
    const EntitlementId later = granted_for(desk, 2014_y / 1 / 1, 2014_y / 8 / 31);
    const EntitlementId sooner = granted_for(desk, 2014_y / 1 / 1, 2014_y / 7 / 31);
    const EntitlementId theirs = granted_for(desk, 2014_y / 1 / 1, 2014_y / 8 / 15, other_customer);
    Draft never_begun = agreed(on_creation(5));
    never_begun.coverage.last_day = 2014_y / 8 / 1;
    (void)desk.draft(never_begun);
    const EntitlementId canceled = granted_for(desk, 2014_y / 1 / 1, 2014_y / 8 / 1);
    ASSERT_THAT(desk.run(Cancel{.id = canceled}), ok());
    const Instant august = date::sys_days{2014_y / 8 / 1};
    const Instant september = date::sys_days{2014_y / 9 / 1};

    EXPECT_THAT(ids_of(*desk.engine.expiring(july, september)), testing::ElementsAre(sooner, theirs, later));
    EXPECT_THAT(ids_of(*desk.engine.expiring(july, september, acme)), testing::ElementsAre(sooner, later));
    EXPECT_THAT(ids_of(*desk.engine.expiring(august, september - 1us, acme)), testing::IsEmpty());
    EXPECT_THAT(ids_of(*desk.engine.expiring(august - 1us, august, acme)), testing::ElementsAre(sooner));
}

// Per case, what stands posted.

TEST(SupportCaseQuery, tells_what_stands_posted) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    const auto opened = desk.open("p1", Channel::phone);
    const SupportCase support_case = desk.support_case("p1");
    EXPECT_EQ(support_case.posted, (Posted{{opened->number, 0}, 1, Channel::phone}));
    EXPECT_EQ(support_case.entitlement, id);
    EXPECT_EQ(support_case.customer, acme);
    EXPECT_EQ(support_case.since, july);
    EXPECT_EQ(desk.engine.support_case(acme, "nobodys"_case).error().code, ErrorCode::unknown_case);
    EXPECT_EQ(desk.engine.cases(acme)->size(), 1U);
}

TEST(StatementQuery, is_the_entitlement_and_its_entries_alone) {
    Desk desk;
    const EntitlementId first = desk.grant(agreed(on_creation(5)));
    const EntitlementId second = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open_on(first, "c1"), ok());
    ASSERT_THAT(desk.open_on(second, "c2"), ok());
    ASSERT_THAT(desk.run(ChangeEntitlement{.id = "c2"_case, .entitlement = first}), ok());

    const Statement statement = desk.engine.statement(acme, first).value();
    EXPECT_EQ(statement.entitlement, desk.entitlement(first));
    std::vector<CommandKind> kinds;
    for (const Entry& entry : statement.entries) {
        EXPECT_EQ(entry.entitlement, first);
        kinds.push_back(entry.command);
    }
    EXPECT_THAT(kinds, testing::ElementsAre(CommandKind::draft, CommandKind::activate, CommandKind::open_case,
                                            CommandKind::change_entitlement));
    EXPECT_EQ(statement.entries.back().remaining, statement.entitlement.remaining);
    EXPECT_EQ(desk.engine.statement(acme, "nobodys"_entitlement).error().code,
              ErrorCode::unknown_entitlement);
}

// Changes that time alone brings.

TEST(ChangesBetween, tells_the_beginning_and_the_end_of_what_is_activated) {
    Desk desk;
    const EntitlementId id = granted_for(desk, 2014_y / 8 / 1, 2014_y / 8 / 31);
    (void)desk.draft(agreed(on_creation(5)));
    const Instant begin = date::sys_days{2014_y / 8 / 1};
    const Instant end = date::sys_days{2014_y / 9 / 1};
    const auto changes = desk.engine.changes_between(july, year_after).value();
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0], (Change{Change::Kind::status, begin, acme, id, changes[0].sequence, Status::waiting,
                                  Status::active}));
    EXPECT_EQ(changes[1], (Change{Change::Kind::status, end, acme, id, changes[1].sequence, Status::active,
                                  Status::expired}));
}

TEST(ChangesBetween, tells_of_a_boundary_whose_it_is_and_nothing_else) {
    Desk desk;
    Draft draft = agreed(on_creation(5));
    draft.period = PeriodTerms{{1, Cycle::Step::months}};
    const EntitlementId id = desk.grant(draft);
    const Instant august = date::sys_days{2014_y / 8 / 1};
    const auto changes = desk.engine.changes_between(july, august).value();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0], (Change{Change::Kind::period, august, acme, id, changes[0].sequence, Status::active,
                                  Status::active}));
}

TEST(ChangesBetween, excludes_the_first_instant_and_includes_the_last) {
    Desk desk;
    (void)granted_for(desk, 2014_y / 8 / 1, 2014_y / 8 / 31);
    const Instant begin = date::sys_days{2014_y / 8 / 1};
    EXPECT_EQ(desk.engine.changes_between(begin - 1us, begin)->size(), 1U);
    EXPECT_TRUE(desk.engine.changes_between(begin, begin + 24h)->empty());
    EXPECT_TRUE(desk.engine.changes_between(july, begin - 1us)->empty());
    EXPECT_TRUE(desk.engine.changes_between(begin + 24h, begin)->empty()) << "nor backwards";
}

TEST(ChangesBetween, are_in_the_order_of_instants_then_of_entitlements) {
    Desk desk;
    Draft preferred = agreed(on_creation(5));
    preferred.coverage = {2014_y / 8 / 1, 2014_y / 8 / 31};
    const EntitlementId first = desk.grant(preferred);
    preferred.priority = 1;
    const EntitlementId second = desk.grant(preferred);
    const EntitlementId sooner = granted_for(desk, 2014_y / 7 / 15, 2014_y / 8 / 31);
    std::vector<EntitlementId> order;
    const std::vector<Change> changes = desk.engine.changes_between(july, year_after, acme).value();
    for (const Change& change : changes) order.push_back(change.entitlement);
    EXPECT_THAT(order, testing::ElementsAre(sooner, first, second, first, second, sooner));
}

TEST(ChangesBetween, one_long_look_equals_many_short_ones) {
    Desk desk;
    for (int i = 0; i < 6; ++i) {
        (void)granted_for(desk, Day{date::sys_days{2014_y / 8 / 1} + date::days{i * 3}},
                          Day{date::sys_days{2014_y / 8 / 20} + date::days{i}});
    }
    const auto whole = desk.engine.changes_between(july, year_after).value();
    std::vector<Change> pieces;
    for (Instant at = july; at < year_after; at += 12h) {
        const auto piece = desk.engine.changes_between(at, std::min(at + 12h, year_after)).value();
        pieces.insert(pieces.end(), piece.begin(), piece.end());
    }
    EXPECT_EQ(whole.size(), 12U);
    EXPECT_EQ(pieces, whole);
}

TEST(ChangesBetween, of_an_empty_coverage_is_one_step_to_expired) {
    Desk desk;
    Draft skipped = agreed(on_creation(5));
    skipped.coverage = {2011_y / 12 / 30, 2011_y / 12 / 30, "Pacific/Apia"};
    (void)desk.grant(skipped);
    const auto changes = desk.engine.changes_between(Instant{}, july).value();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].from, Status::waiting);
    EXPECT_EQ(changes[0].to, Status::expired);
}

TEST(ChangesBetween, tells_of_no_customer_but_the_one_asked_for) {
    Desk desk;
    (void)granted_for(desk, 2014_y / 8 / 1, 2014_y / 8 / 31, other_customer);
    EXPECT_TRUE(desk.engine.changes_between(july, year_after, acme)->empty());
    EXPECT_EQ(desk.engine.changes_between(july, year_after, other_customer)->size(), 2U);
}

TEST(Queries, record_nothing) {
    const Used desk;
    const Everything before = everything(desk.store);
    EXPECT_TRUE(desk.engine.entitlements());
    EXPECT_TRUE(desk.engine.cases());
    EXPECT_TRUE(desk.engine.entries(acme));
    EXPECT_TRUE(desk.engine.statement(acme, desk.gold));
    EXPECT_TRUE(desk.engine.usage(acme, year_before, year_after));
    EXPECT_TRUE(desk.engine.renewable(july));
    EXPECT_TRUE(desk.engine.expiring(year_before, year_after));
    EXPECT_TRUE(desk.engine.changes_between(year_before, year_after));
    EXPECT_TRUE(desk.engine.forecast(acme, desk.gold, 30, desk.now));
    EXPECT_TRUE(desk.engine.explain({.customer = acme}, july));
    EXPECT_TRUE(desk.engine.audit());
    EXPECT_TRUE(everything(desk.store) == before);
}

}  // namespace
}  // namespace conformance
