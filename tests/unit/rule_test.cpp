#include <gtest/gtest.h>

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

}  // namespace
}  // namespace entitle
