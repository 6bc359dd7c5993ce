#include <gtest/gtest.h>

#include "entitle/rule/assignment.hpp"
#include "entitle/rule/burn_order.hpp"
#include "entitle/rule/grant.hpp"
#include "entitle/rule/lifecycle.hpp"
#include "entitle/rule/policy.hpp"
#include "entitle/rule/renewal.hpp"
#include "entitle/rule/selection.hpp"

// Rules that need no engine.

namespace entitle {
namespace {

using namespace date::literals;
using namespace std::chrono_literals;

constexpr Instant begin = Instant{1000us};
constexpr Instant end = Instant{2000us};

TEST(StatusOf, what_is_activated_hangs_on_the_instant) {
    using rule::status_of;
    static_assert(status_of(Phase::activated, begin, end, begin - 1us) == Status::waiting);
    static_assert(status_of(Phase::activated, begin, end, begin) == Status::active);
    static_assert(status_of(Phase::activated, begin, end, end - 1us) == Status::active);
    static_assert(status_of(Phase::activated, begin, end, end) == Status::expired);
    static_assert(status_of(Phase::activated, begin, begin, begin - 1us) == Status::waiting);
    static_assert(status_of(Phase::activated, begin, begin, begin) == Status::expired, "an empty span");
}

TEST(StatusOf, drafts_and_canceled_ones_hang_on_no_instant) {
    for (const Instant now : {Instant::min(), begin, end, Instant::max()}) {
        EXPECT_EQ(rule::status_of(Phase::draft, begin, end, now), Status::draft);
        EXPECT_EQ(rule::status_of(Phase::canceled, begin, end, now), Status::canceled);
    }
}

// Stores keep these words: they never change.
TEST(PolicyFingerprint, of_a_preset_is_the_same_in_every_version) {
    static_assert(policy::fingerprint(policy::standard) == 0x7479'744A'D77E'E805);
    static_assert(policy::fingerprint(policy::dynamics365) == 0xDC81'779E'4DD9'E165);
    static_assert(policy::fingerprint(policy::crm2014) == 0xCB3C'6153'6EE3'0704);
    static_assert(policy::fingerprint(policy::desk) == 0x5DAF'BF16'ADC1'A7F8);
}

TEST(PolicyFingerprint, hangs_on_every_field) {
    const Policy others[] = {{.renewable = Renewable::canceled_and_expired},
                             {.renewal_span = RenewalSpan::whole_months},
                             {.unlisted_at_opening = UnlistedChannel::admit_total_only},
                             {.unlisted_at_resolution = UnlistedChannel::admit_total_only},
                             {.exhausted_at_opening = ExhaustedAtOpening::admit},
                             {.exhausted_channel = ExhaustedChannel::count_negative},
                             {.origin_change = OriginChange::ignore},
                             {.reactivation_returns = ReactivationReturns::current_listing},
                             {.overage = Overage::negative},
                             {.overage = Overage::split},
                             {.hold_on_creation = true},
                             {.reopen_within_days = 0},
                             {.reopen_within_days = 30}};
    for (const Policy& a : others) {
        EXPECT_NE(policy::fingerprint(a), policy::fingerprint(policy::standard));
        for (const Policy& b : others) EXPECT_EQ(policy::fingerprint(a) == policy::fingerprint(b), a == b);
    }
}

struct Months {
    Day first, last;
    int months;  ///< 0: not whole
};

TEST(WholeMonths, are_recognised_by_their_days) {
    const Months rows[] = {
        {2014_y / 1 / 1, 2014_y / 12 / 31, 12}, {2014_y / 1 / 1, 2014_y / 1 / 31, 1},
        {2014_y / 2 / 1, 2014_y / 2 / 28, 1},   {2016_y / 2 / 1, 2016_y / 2 / 29, 1},
        {2016_y / 2 / 1, 2016_y / 2 / 28, 0},   {2014_y / 1 / 15, 2014_y / 2 / 14, 1},
        {2014_y / 1 / 15, 2014_y / 2 / 15, 0},  {2014_y / 1 / 31, 2014_y / 2 / 27, 1},
        {2014_y / 1 / 31, 2014_y / 3 / 30, 2},  {2014_y / 1 / 30, 2014_y / 2 / 27, 1},
        {2016_y / 2 / 29, 2017_y / 2 / 27, 12}, {2014_y / 7 / 1, 2014_y / 7 / 1, 0},
        {2014_y / 7 / 1, 2014_y / 7 / 30, 0},   {2014_y / 12 / 1, 2015_y / 11 / 30, 12},
    };
    for (const Months& row : rows) {
        const auto found = rule::whole_months(row.first, row.last);
        EXPECT_EQ(found.value_or(date::months{0}).count(), row.months)
            << fmt::format("{} to {}", as_day(row.first), as_day(row.last));
    }
}

TEST(WholeMonths, end_a_day_before_the_same_day_clamped_to_the_months_end) {
    EXPECT_EQ(rule::last_of_months(2014_y / 1 / 1, date::months{12}), 2014_y / 12 / 31);
    EXPECT_EQ(rule::last_of_months(2014_y / 1 / 31, date::months{1}), 2014_y / 2 / 27);
    EXPECT_EQ(rule::last_of_months(2014_y / 1 / 31, date::months{2}), 2014_y / 3 / 30) << "it does not drift";
    EXPECT_EQ(rule::last_of_months(2015_y / 8 / 31, date::months{6}), 2016_y / 2 / 28);
    EXPECT_EQ(rule::last_of_months(2014_y / 11 / 30, date::months{3}), 2015_y / 2 / 27);
}

TEST(WholeMonths, are_those_that_last_of_months_makes) {
    for (date::sys_days day = 2014_y / 1 / 1; day < date::sys_days{2016_y / 12 / 31}; day += date::days{1}) {
        for (const int count : {1, 2, 6, 12, 24}) {
            const Day last = rule::last_of_months(Day{day}, date::months{count});
            EXPECT_TRUE(rule::whole_months(Day{day}, last)) << fmt::format("{}", as_day(Day{day}));
        }
    }
}

TEST(SelectionKey, orders_by_each_level_in_turn) {
    const rule::SelectionKey base{false, 100, 0, Instant{10us}, 5};
    const auto comes_before = [&](auto change) {
        rule::SelectionKey key = base;
        change(key);
        return key < base && !(base < key);
    };
    EXPECT_TRUE(comes_before([](auto& k) { k.is_default = true; }));
    EXPECT_TRUE(comes_before([](auto& k) { k.priority = 99; }));
    EXPECT_TRUE(comes_before([](auto& k) { k.scope = ScopeBit::case_types; }));
    EXPECT_TRUE(comes_before([](auto& k) { k.end -= 1us; }));
    EXPECT_TRUE(comes_before([](auto& k) { k.sequence = 4; }));
    EXPECT_FALSE(comes_before([](auto&) {}));
}

TEST(Draft, is_refused_to_a_customer_who_has_as_many_as_there_may_be) {
    const EntitlementRecord record;
    std::vector<EntitlementRow> rows(max_entitlements);
    for (EntitlementRow& row : rows) row.record = &record;
    const auto drafted = [&](std::size_t others) {
        View view;
        view.rows = std::span{rows}.first(others);
        rule::Facts facts{view, policy::standard, begin};
        facts.zone = Zone{};
        Plan plan;
        const Draft command{.name = "Basic",
                            .customer = CustomerId::from_integer(1),
                            .coverage = {2014_y / 1 / 1, 2014_y / 12 / 31, "UTC"},
                            .terms = {.total = cases(5)}};
        const Result<void> made = rule::decide(command, facts, plan);
        return made ? ErrorCode::none : made.error().code;
    };
    EXPECT_EQ(drafted(max_entitlements - 1), ErrorCode::none);
    EXPECT_EQ(drafted(max_entitlements), ErrorCode::too_many_entitlements);
}

/// What two top-ups of 3 that are used last pay of so much, where the base allotment has `base`.
[[nodiscard]] std::vector<std::int64_t> paid(std::int64_t base, std::int64_t quantity) {
    TopUps all;
    all.base_ends = end;
    for (const std::uint64_t number : {1U, 2U}) {
        TopUpState& one = all.open.emplace_back();
        one.number = number;
        one.priority = 200;
        one.begun = true;
        one.left = 3;
    }
    std::vector<std::int64_t> out;
    rule::burn(all, {}, base, quantity, [&](const TopUpState&, std::int64_t pays) { out.push_back(pays); });
    return out;
}

TEST(Burn, takes_what_was_agreed_once_and_then_of_each_in_turn) {
    EXPECT_EQ(paid(2, 2), (std::vector<std::int64_t>{}));
    EXPECT_EQ(paid(2, 4), (std::vector<std::int64_t>{2}));
    EXPECT_EQ(paid(2, 7), (std::vector<std::int64_t>{3, 2}));
    EXPECT_EQ(paid(2, 9), (std::vector<std::int64_t>{3, 3})) << "the last is nobody's: it is owed";
    EXPECT_EQ(paid(-4, 1), (std::vector<std::int64_t>{1})) << "what is owed already is none of its business";
}

const ProductId product = ProductId::from_integer(1);

[[nodiscard]] AssignmentRule from_so_many(std::int64_t at_least) {
    return {product, at_least, TemplateId::from_integer(7)};
}

TEST(AssignmentRule, of_the_largest_quantity_is_found_wherever_it_stands) {
    const Assign purchase{.product = product, .quantity = 60};
    const Catalog rows[] = {{.rules = {from_so_many(0), from_so_many(10), from_so_many(50)}},
                            {.rules = {from_so_many(50), from_so_many(10), from_so_many(0)}},
                            {.rules = {from_so_many(10), from_so_many(50), from_so_many(70)}}};
    for (const Catalog& catalog : rows) EXPECT_EQ(rule::rule_for(purchase, catalog)->at_least, 50);
}

/// What is made from a template that says so little.
[[nodiscard]] ErrorCode why_not_made(const Catalog& catalog, const std::optional<Zone>& zone) {
    const View view;
    rule::Facts facts{view, policy::standard, begin};
    facts.catalog = &catalog;
    facts.zone = zone;
    facts.new_id = EntitlementId::from_integer(1);
    Plan plan;
    const Assign purchase{.customer = CustomerId::from_integer(1),
                          .id = PurchaseId::from_integer(1),
                          .product = product,
                          .quantity = 1};
    const Result<void> made = rule::decide(purchase, facts, plan);
    return made ? ErrorCode::none : made.error().code;
}

TEST(Assign, needs_a_template_that_is_there_and_a_zone_that_the_machine_knows) {
    Catalog catalog{.rules = {from_so_many(0)}};
    EXPECT_EQ(why_not_made(catalog, Zone{}), ErrorCode::unknown_template);
    const Agreement agreement{.name = "Basic", .terms = {.total = cases(5)}};
    catalog.templates = {{TemplateId::from_integer(7), agreement, Length{1}}};
    EXPECT_EQ(why_not_made(catalog, Zone{}), ErrorCode::none);
    EXPECT_EQ(why_not_made(catalog, {}), ErrorCode::unknown_time_zone);
}

}  // namespace
}  // namespace entitle
