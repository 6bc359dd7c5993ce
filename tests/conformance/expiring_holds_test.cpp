#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "in_force.hpp"
#include "tampered_store.hpp"

// Section 8: a hold may expire.

namespace conformance {
namespace {

using Time = std::chrono::hours;

/// Hours that are used when a case is resolved.
struct HeldHours : InForce {
    explicit HeldHours(Time total, std::optional<PeriodTerms> period = {},
                       std::vector<ChannelTerms> channels = {})
        : InForce{{.total = Hours{total}, .decrease_on = DecreaseOn::resolution, .restricted = true},
                  std::move(channels),
                  std::move(period)} {}

    /// Opens a case and holds so much for it, until the first instant of a day.
    void hold(const std::string& name, Time amount, Day until, const Channel& origin = {}) {
        EXPECT_THAT(desk.open(name, origin), ok());
        EXPECT_THAT(hold_again(name, amount, until), ok());
    }
    Outcome hold_again(const std::string& name, Time amount, Day until) {
        return desk.run(
            HoldTerms{.id = CaseId::from_name(name), .quantity = Hours{amount}, .expires = day(until, 0us)});
    }
    [[nodiscard]] Time left_hours() const { return std::chrono::floor<Time>(std::chrono::seconds{left()}); }
    [[nodiscard]] Time available() const {
        const Entitlement now = is();
        return std::chrono::floor<Time>(std::chrono::seconds{now.remaining - now.held});
    }
};

TEST(ExpiringHold, stands_until_its_instant_whoever_looks) {
    HeldHours it{10h};
    it.hold("c", 3h, 2014_y / 1 / 10);
    EXPECT_EQ(it.desk.support_case("c").held.until, day(2014_y / 1 / 10, 0us));
    it.at(2014_y / 1 / 9, 24h - 1us);
    EXPECT_EQ(it.available(), 7h);
    it.at(2014_y / 1 / 10, 0us);
    EXPECT_EQ(it.available(), 10h);
    EXPECT_EQ(it.is().held, 0);
    EXPECT_EQ(it.desk.entitlement(it.id).held, 3 * 3600) << "nothing is recorded yet";
    EXPECT_TRUE(it.of(EntryKind::hold_expiry).empty());
}

TEST(ExpiringHold, is_ended_with_the_next_command_and_once) {
    HeldHours it{10h};
    it.hold("c", 3h, 2014_y / 1 / 10);
    it.at(2014_y / 1 / 20);
    ASSERT_THAT(it.desk.open("other"), ok());
    const auto ended = it.of(EntryKind::hold_expiry);
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].at, day(2014_y / 1 / 10, 0us));
    EXPECT_EQ(ended[0].amount, -3 * 3600);
    EXPECT_EQ(ended[0].total_moved, 0);
    EXPECT_EQ(ended[0].reverses, it.of(EntryKind::hold)[0].reverses.is_none()
                                     ? (EntryRef{it.of(EntryKind::hold)[0].number, 0})
                                     : EntryRef{});
    EXPECT_TRUE(ended[0].comes_by_time());
    ASSERT_THAT(it.desk.open("another"), ok());
    EXPECT_EQ(it.of(EntryKind::hold_expiry).size(), 1U);
    EXPECT_EQ(it.desk.entitlement(it.id).held, 0);
    EXPECT_EQ(it.desk.entitlement(it.id).holds.open.size(), 0U);
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, Instant::max());
}

TEST(ExpiringHold, is_given_to_others_from_then_on) {
    HeldHours it{10h};
    it.hold("c", 8h, 2014_y / 1 / 10);
    ASSERT_THAT(it.desk.open("other"), ok());
    EXPECT_THAT(it.desk.resolve("other", 5h), refused(ErrorCode::terms_exhausted));
    it.at(2014_y / 1 / 10, 0us);
    EXPECT_TRUE(it.desk.engine.check({.customer = acme}, it.desk.now).has_value());
    ASSERT_THAT(it.desk.resolve("other", 5h), ok());
    EXPECT_THAT(it.desk.resolve("c", 6h), refused(ErrorCode::terms_exhausted)) << "5 are left";
    ASSERT_THAT(it.desk.resolve("c", 5h), ok());
    EXPECT_EQ(it.left_hours(), 0h);
}

TEST(ExpiringHold, is_posted_and_released_like_any_other_before) {
    HeldHours it{10h};
    it.hold("c", 3h, 2014_y / 1 / 10);
    it.hold("d", 2h, 2014_y / 1 / 8);
    it.at(2014_y / 1 / 5);
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, day(2014_y / 1 / 8, 0us));
    ASSERT_THAT(it.desk.run(ReleaseTerms{.id = "d"_case}), ok());
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, day(2014_y / 1 / 10, 0us));
    ASSERT_THAT(it.desk.resolve("c", 3h), ok());
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, Instant::max());
    it.at(2014_y / 2 / 1);
    EXPECT_EQ(it.left_hours(), 7h);
    EXPECT_EQ(it.is().held, 0);
    ASSERT_THAT(it.desk.open("other"), ok());
    EXPECT_TRUE(it.of(EntryKind::hold_expiry).empty());
}

TEST(ExpiringHold, once_ended_there_is_nothing_to_release) {
    HeldHours it{10h};
    it.hold("c", 3h, 2014_y / 1 / 10);
    it.at(2014_y / 1 / 11);
    EXPECT_THAT(it.desk.run(ReleaseTerms{.id = "c"_case}), repeated());
    ASSERT_THAT(it.desk.cancel("c"), ok());
    EXPECT_EQ(it.of(EntryKind::hold_expiry).size(), 1U);
    EXPECT_TRUE(it.of(EntryKind::release).empty());
    EXPECT_FALSE(it.desk.support_case("c").held.stands());
}

TEST(ExpiringHold, another_in_its_place_has_an_end_of_its_own) {
    HeldHours it{10h};
    it.hold("c", 3h, 2014_y / 1 / 10);
    EXPECT_THAT(it.hold_again("c", 3h, 2014_y / 1 / 10), repeated());
    ASSERT_THAT(it.hold_again("c", 3h, 2014_y / 1 / 20), ok());
    EXPECT_EQ(it.desk.entitlement(it.id).holds.open.size(), 1U);
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, day(2014_y / 1 / 20, 0us));
    ASSERT_THAT(it.desk.run(HoldTerms{.id = "c"_case, .quantity = Hours{3h}}), ok());
    EXPECT_TRUE(it.desk.entitlement(it.id).holds.open.empty());
    it.at(2014_y / 3 / 1);
    EXPECT_EQ(it.available(), 7h) << "that one never ends";
}

TEST(ExpiringHold, ends_later_than_now) {
    HeldHours it{10h};
    ASSERT_THAT(it.desk.open("c"), ok());
    const auto until = [&](Instant at) {
        return it.desk.run(HoldTerms{.id = "c"_case, .quantity = Hours{1h}, .expires = at});
    };
    EXPECT_THAT(until(it.desk.now), refused(ErrorCode::hold_expired));
    EXPECT_THAT(until(it.desk.now - 1h), refused(ErrorCode::hold_expired));
    EXPECT_THAT(until(it.desk.now + 1us), ok());
}

TEST(ExpiringHold, moves_with_the_origin_and_keeps_its_end) {
    HeldHours it{10h, {}, {{Channel::phone, Hours{4h}}, {Channel::email, Hours{4h}}}};
    it.hold("c", 3h, 2014_y / 1 / 10, Channel::phone);
    ASSERT_THAT(it.desk.change_origin("c", Channel::email), ok());
    EXPECT_EQ(it.desk.support_case("c").held.until, day(2014_y / 1 / 10, 0us));
    ASSERT_EQ(it.desk.entitlement(it.id).holds.open.size(), 1U);
    EXPECT_EQ(it.desk.entitlement(it.id).holds.open[0].channel, Channel::email);
    it.at(2014_y / 1 / 10, 0us);
    EXPECT_EQ(it.is().channels[1].held, 0);
}

TEST(ExpiringHold, of_a_period_that_has_ended_leaves_what_it_would_have_carried_over) {
    struct Case {
        Time rollover, left;
    };
    for (const auto& [rollover, left] : {Case{0h, 10h}, Case{8h, 18h}, Case{20h, 20h}}) {
        HeldHours it{10h, a_month(Hours{rollover}), {{Channel::phone, Hours{10h}}}};
        it.hold("c", 3h, 2014_y / 2 / 5, Channel::phone);
        it.at(2014_y / 2 / 4);
        EXPECT_EQ(it.available(), std::min(17h, 10h + rollover));
        it.at(2014_y / 2 / 10);
        EXPECT_EQ(it.left_hours(), left) << rollover.count();
        EXPECT_EQ(it.left(Channel::phone), left.count() * 3600);
        ASSERT_THAT(it.desk.open("other"), ok());
        EXPECT_EQ(it.left_hours(), left);
        EXPECT_EQ(it.of(EntryKind::hold_expiry)[0].total_moved,
                  it.of(EntryKind::hold_expiry)[0].channel_moved);
    }
}

TEST(ExpiringHold, at_a_boundary_ends_before_it) {
    HeldHours it{10h, a_month(Hours{5h})};
    it.hold("c", 3h, 2014_y / 2 / 1);
    it.at(2014_y / 2 / 1, 0us);
    ASSERT_THAT(it.desk.open("other"), ok());
    EXPECT_EQ(it.left_hours(), 15h);
    EXPECT_TRUE(it.of(EntryKind::set_aside).empty());
}

TEST(ExpiringHold, what_comes_late_to_its_period_counts_for_it_too) {
    HeldHours it{10h, a_month(Hours{8h})};
    it.hold("c", 3h, 2014_y / 2 / 20);
    ASSERT_THAT(it.desk.open("used"), ok());
    ASSERT_THAT(it.desk.resolve("used", 4h), ok());
    it.at(2014_y / 2 / 10);
    EXPECT_EQ(it.left_hours(), 16h) << "10, 3 of January that nobody held, 3 set aside";
    ASSERT_THAT(it.desk.reactivate("used"), ok());
    EXPECT_EQ(it.left_hours(), 20h) << "4 more would have passed";
    it.at(2014_y / 2 / 21);
    EXPECT_EQ(it.left_hours(), 18h) << "of 10 that nobody held in the end, 8";
    ASSERT_THAT(it.desk.open("other"), ok());
    EXPECT_EQ(it.of(EntryKind::hold_expiry)[0].total_moved, -2 * 3600);
}

TEST(ExpiringHold, two_of_a_period_that_has_ended_are_freed_one_after_the_other) {
    HeldHours it{10h, a_month(Hours{8h})};
    it.hold("c", 3h, 2014_y / 2 / 5);
    it.hold("d", 1h, 2014_y / 2 / 25);
    it.at(2014_y / 2 / 4);
    EXPECT_EQ(it.left_hours(), 20h);
    it.at(2014_y / 2 / 5);
    EXPECT_EQ(it.left_hours(), 19h) << "10, 8 of the 9 that nobody held, 1 set aside";
    it.at(2014_y / 2 / 25);
    EXPECT_EQ(it.left_hours(), 18h);
    ASSERT_THAT(it.desk.open("other"), ok());
    EXPECT_EQ(it.of(EntryKind::hold_expiry).size(), 2U);
}

TEST(ExpiringHold, loses_of_its_own_channel_only) {
    const Quantity ten = Hours{10h};
    HeldHours it{10h, a_month(), {{Channel::web, ten}, {Channel::phone, ten}}};
    it.hold("c", 3h, 2014_y / 2 / 20, Channel::web);
    it.at(2014_y / 2 / 5);
    EXPECT_EQ(it.left(Channel::web), 13 * 3600);
    EXPECT_EQ(it.left(Channel::phone), 10 * 3600);
    it.at(2014_y / 2 / 21);
    EXPECT_EQ(it.left(Channel::web), 10 * 3600);
    EXPECT_EQ(it.left(Channel::phone), 10 * 3600);
}

/// A hold of January, of which one hour passed the first boundary for its sake.
TEST(ExpiringHold, what_comes_late_to_a_later_period_leaves_what_it_lost_before) {
    HeldHours it{10h, a_month(Hours{2h})};
    const auto adjust = [&](Time by) {
        EXPECT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = Hours{by}, .reason = "a slip"}), ok());
    };
    it.hold("c", 3h, 2014_y / 3 / 20);
    adjust(-7h);
    it.at(2014_y / 2 / 5);
    EXPECT_EQ(it.left_hours(), 13h) << "2 would have passed without it";
    ASSERT_THAT(it.desk.open("late"), ok());
    ASSERT_THAT(it.desk.resolve("late", 30min), ok());
    adjust(-11h);
    it.at(2014_y / 3 / 5);
    ASSERT_THAT(it.desk.reactivate("late"), ok());
    EXPECT_EQ(it.left_hours(), 12h);
    it.at(2014_y / 3 / 21);
    EXPECT_EQ(it.left_hours(), 11h);
}

TEST(ExpiringHold, nothing_ends_on_a_canceled_entitlement) {
    HeldHours it{10h};
    it.hold("c", 3h, 2014_y / 1 / 10);
    ASSERT_THAT(it.desk.run(Cancel{.id = it.id}), ok());
    it.at(2014_y / 1 / 20);
    EXPECT_EQ(it.is().held, 3 * 3600);
    EXPECT_TRUE(it.desk.engine.changes_between(begin_2014, end_2014)->empty());
    ASSERT_THAT(it.desk.resolve("c", 3h), ok());
    EXPECT_EQ(it.desk.entitlement(it.id).held, 0);
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, Instant::max());
}

TEST(ExpiringHold, ends_in_draft_too) {
    HeldHours it{10h, a_month()};
    it.hold("c", 3h, 2014_y / 1 / 10);
    ASSERT_THAT(it.desk.deactivate(it.id), ok());
    ASSERT_THAT(it.desk.revise(it.id, {.period = PeriodTerms{{2, Cycle::Step::weeks}}}), ok());
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, day(2014_y / 1 / 10, 0us));
    it.at(2014_y / 1 / 10, 0us);
    ASSERT_THAT(it.desk.activate(it.id), ok());
    EXPECT_EQ(it.desk.entitlement(it.id).held, 0);
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, day(2014_y / 1 / 15, 0us));
}

TEST(ExpiringHold, changes_between_list_its_end_recorded_or_not) {
    HeldHours it{10h};
    it.hold("c", 3h, 2014_y / 1 / 10);
    const auto listed = [&] {
        std::vector<Change> out;
        const auto changes = it.desk.engine.changes_between(day(2014_y / 1 / 2), day(2014_y / 1 / 30));
        for (const Change& one : *changes) {
            if (one.kind == Change::Kind::hold_expires) out.push_back(one);
        }
        return out;
    };
    const auto before = listed();
    ASSERT_EQ(before.size(), 1U);
    EXPECT_EQ(before[0], (Change{Change::Kind::hold_expires, day(2014_y / 1 / 10, 0us), acme, it.id,
                                 before[0].sequence, Status::active, Status::active, 0, "c"_case}));
    it.at(2014_y / 1 / 20);
    ASSERT_THAT(it.desk.open("other"), ok());
    EXPECT_EQ(listed(), before);
}

TEST(ExpiringHold, balances_tell_of_it_at_each_instant) {
    HeldHours it{10h, a_month()};
    it.hold("c", 3h, 2014_y / 2 / 5);
    const auto at = [&](Day date) {
        return it.desk.engine.balance_at(acme, it.id, day(date)).value().total();
    };
    EXPECT_EQ(at(2014_y / 1 / 20).available(), 7 * 3600);
    EXPECT_EQ(at(2014_y / 2 / 4).available(), 10 * 3600);
    EXPECT_EQ(at(2014_y / 2 / 4).held, 3 * 3600);
    EXPECT_EQ(at(2014_y / 2 / 5).held, 0);
    EXPECT_EQ(at(2014_y / 2 / 5).remaining, 10 * 3600);
    it.at(2014_y / 2 / 10);
    ASSERT_THAT(it.desk.open("other"), ok());
    EXPECT_EQ(at(2014_y / 2 / 4).held, 3 * 3600);
    EXPECT_EQ(at(2014_y / 2 / 5).held, 0);
    EXPECT_EQ(at(2014_y / 2 / 5).remaining, 10 * 3600);
}

TEST(ExpiringHold, at_most_a_thousand_of_an_entitlement) {
    HeldHours it{10000h};
    const auto hold = [&](int i) {
        const CaseId id = CaseId::from_integer(static_cast<std::uint64_t>(i) + 1);
        EXPECT_TRUE(it.desk.engine.open_case({.customer = acme, .id = id}, it.desk.now));
        return it.desk.engine.hold_terms(
            {.customer = acme, .id = id, .quantity = Hours{1h}, .expires = it.desk.now + 24h}, it.desk.now);
    };
    for (int i = 0; i < 1000; ++i) ASSERT_THAT(hold(i), ok());
    EXPECT_THAT(hold(1000), refused(ErrorCode::too_many_holds));
    it.desk.now += 48h;
    EXPECT_THAT(hold(1001), ok());
    EXPECT_EQ(it.is().held, 3600);
    EXPECT_TRUE(it.desk.engine.audit()->ok());
}

TEST(ExpiringHold, its_entries_are_not_archived_while_it_stands) {
    HeldHours it{10h};
    it.hold("c", 3h, 2014_y / 1 / 10);
    const auto seal = it.desk.engine.seal(acme);
    ASSERT_TRUE(seal.has_value());
    EXPECT_EQ(it.desk.engine.archive(acme, seal->number).error().code, ErrorCode::holds_open);
    it.at(2014_y / 1 / 20);
    ASSERT_THAT(it.desk.open("other"), ok());
    const auto later = it.desk.engine.seal(acme);
    ASSERT_TRUE(it.desk.engine.archive(acme, later->number));
    EXPECT_TRUE(it.desk.engine.audit()->ok());
}

TEST(ExpiringHoldAudit, names_what_does_not_follow) {
    HeldHours it{10h, a_month(Hours{8h})};
    it.hold("c", 3h, 2014_y / 2 / 5);
    it.hold("d", 1h, 2014_y / 2 / 25);
    it.at(2014_y / 2 / 10);
    ASSERT_THAT(it.desk.open("other"), ok());
    TamperedStore tampered{it.desk.store};
    const auto found = [&] {
        const auto report = Engine{tampered}.audit();
        return report->ok() ? "ok" : std::string{report->first->what};
    };
    EXPECT_EQ(found(), "ok");
    const auto expiry = [&](auto change) {
        tampered.entries = [change](std::vector<Entry>& entries) {
            for (Entry& one : entries) {
                if (one.kind == EntryKind::hold_expiry) change(one);
            }
        };
        return found();
    };
    EXPECT_EQ(expiry([](Entry& one) { one.at += 1us; }), "expiry of a hold");
    EXPECT_EQ(expiry([](Entry& one) { one.amount += 1; }), "expiry of a hold");
    EXPECT_EQ(expiry([](Entry& one) { one.reverses.number += 1; }), "expiry of a hold");
    tampered.entries = [](auto&) {};
    const auto kept = [&](auto change) {
        tampered.entitlements = [change](auto& all) { change(all.front().holds.open); };
        return found();
    };
    EXPECT_EQ(kept([](auto& open) { open.clear(); }), "boundary that is due");
    EXPECT_EQ(kept([](auto& open) { open[0].lost += 1; }), "holds that expire");
    EXPECT_EQ(kept([](auto& open) { open[0].quantity += 1; }), "holds that expire");
}

}  // namespace
}  // namespace conformance
