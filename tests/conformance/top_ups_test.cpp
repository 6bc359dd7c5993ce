#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "in_force.hpp"
#include "tampered_store.hpp"

// Section 8, top-ups: what is added besides what was agreed, in which order it is used, and when it is gone.

namespace conformance {
namespace {

Quantity spent(std::chrono::seconds time) { return {time.count(), {Allocation::hours, {}}}; }

struct ToppedUp : InForce {
    using InForce::InForce;

    Outcome add(TopUp command) {
        command.id = id;
        return desk.run(std::move(command));
    }
    /// Adds cases, and returns the top-up's number.
    std::uint64_t add(std::int64_t count, TopUp terms = {}) {
        terms.amount = cases(count);
        const Outcome outcome = add(std::move(terms));
        EXPECT_THAT(outcome, ok());
        return outcome ? outcome->number : 0;
    }
    Outcome void_it(std::uint64_t top_up) { return desk.run(VoidTopUp{.id = id, .top_up = top_up}); }
    void open(int count, const Channel& origin = {}) {
        for (int i = 0; i < count; ++i)
            EXPECT_THAT(desk.open(std::to_string(++opened), origin), ok()) << opened;
    }

    /// What is left of a top-up's total; nothing where it has ended.
    [[nodiscard]] std::optional<std::int64_t> rest(std::uint64_t top_up) const {
        Entitlement now = is();
        const TopUpState* const one = now.top_ups.find(top_up);
        return one == nullptr ? std::nullopt : std::optional{one->left};
    }
    int opened = 0;
};

// What a top-up is.

TEST(TopUps, raise_the_total_only) {
    ToppedUp it{on_creation(2), {{Channel::phone, cases(1)}}};
    const Outcome added = it.add({.amount = cases(3)});
    ASSERT_THAT(added, ok());
    EXPECT_EQ(added->moved, cases(3));
    EXPECT_EQ(added->remaining, cases(5));
    EXPECT_FALSE(added->channel);
    EXPECT_EQ(it.left(Channel::phone), 1);
}

TEST(TopUps, raise_the_channel_that_they_name_too) {
    ToppedUp it{on_creation(2), {{Channel::phone, cases(1)}, {Channel::web, cases(2)}}};
    const Outcome added = it.add({.amount = cases(3), .channel = Channel::phone});
    ASSERT_THAT(added, ok());
    EXPECT_EQ(added->moved, cases(3));
    EXPECT_EQ(added->channel, Channel::phone);
    EXPECT_EQ(added->channel_moved, cases(3));
    EXPECT_EQ(it.left(), 5);
    EXPECT_EQ(it.left(Channel::phone), 4);
    EXPECT_EQ(it.left(Channel::web), 2);
    it.open(4, Channel::phone);
    EXPECT_THAT(it.desk.open("more", Channel::phone), refused(ErrorCode::not_entitled));
}

TEST(TopUps, let_a_case_in_that_exhausted_terms_refuse) {
    ToppedUp it{on_creation(1)};
    it.open(1);
    EXPECT_THAT(it.desk.open("more"), refused(ErrorCode::not_entitled));
    it.add(1);
    it.open(1);
    EXPECT_THAT(it.desk.open("more"), refused(ErrorCode::not_entitled));
}

TEST(TopUps, are_for_draft_waiting_and_active) {
    Desk desk;
    desk.now = year_before;
    const EntitlementId id = desk.draft(agreed(on_creation(1)));
    const TopUp command{.id = id, .amount = cases(1)};
    EXPECT_THAT(desk.run(command), ok());
    EXPECT_THAT(desk.activate(id), ok());
    EXPECT_THAT(desk.run(command), ok());
    desk.now = july;
    EXPECT_THAT(desk.run(command), ok());
    desk.now = year_after;
    const Outcome late = desk.run(command);
    EXPECT_THAT(late, refused(ErrorCode::not_active));
    EXPECT_EQ(late.error().status, Status::expired);
    desk.now = july;
    EXPECT_THAT(desk.run(Cancel{.id = id}), ok());
    EXPECT_THAT(desk.run(command), refused(ErrorCode::not_active));
    EXPECT_EQ(desk.left(id), 4);
}

TEST(TopUps, refuse_what_is_no_top_up) {
    ToppedUp it{on_creation(2), {{Channel::phone, cases(1)}}};
    const auto code = [&](TopUp command) { return why(it.add(std::move(command))); };
    EXPECT_EQ(code({.amount = cases(0)}), ErrorCode::total_out_of_range);
    EXPECT_EQ(code({.amount = cases(-1)}), ErrorCode::total_out_of_range);
    EXPECT_EQ(code({.amount = cases(max_terms + 1)}), ErrorCode::total_out_of_range);
    EXPECT_EQ(code({.amount = cases(max_terms)}), ErrorCode::terms_overflow);
    EXPECT_EQ(code({.amount = spent(1h)}), ErrorCode::unit_mismatch);
    EXPECT_EQ(code({.amount = cases(1), .rollover = spent(1h)}), ErrorCode::unit_mismatch);
    EXPECT_EQ(code({.amount = cases(1), .rollover = cases(-1)}), ErrorCode::rollover_out_of_range);
    EXPECT_EQ(code({.amount = cases(1), .channel = Channel::web}), ErrorCode::channel_not_listed);
    EXPECT_EQ(code({.amount = cases(1), .expires = it.desk.now}), ErrorCode::top_up_span);
    EXPECT_EQ(code({.amount = cases(1), .from = july, .expires = july}), ErrorCode::top_up_span);
    EXPECT_EQ(why(it.desk.run(TopUp{.id = "none"_entitlement, .amount = cases(1)})),
              ErrorCode::unknown_entitlement);
    EXPECT_EQ(it.left(), 2);
}

TEST(TopUps, of_coverage_only_are_none) {
    ToppedUp it{coverage_only()};
    EXPECT_THAT(it.add({.amount = cases(1)}), refused(ErrorCode::total_not_allowed));
}

TEST(TopUps, have_a_limit) {
    ToppedUp it{on_creation(1)};
    for (std::size_t i = 0; i < max_top_ups; ++i) {
        ASSERT_TRUE(it.desk.engine.top_up({.customer = acme, .id = it.id, .amount = cases(1)}, it.desk.now));
    }
    EXPECT_THAT(it.add({.amount = cases(1)}), refused(ErrorCode::too_many_top_ups));
    EXPECT_EQ(it.left(), 1'001);
}

TEST(TopUps, to_come_count_for_the_limit_of_a_balance) {
    ToppedUp it{on_creation(1)};
    EXPECT_THAT(it.add({.amount = cases(max_terms - 1), .from = july}), ok());
    EXPECT_THAT(it.add({.amount = cases(1)}), refused(ErrorCode::terms_overflow));
}

TEST(TopUps, count_as_history) {
    ToppedUp it{on_creation(1)};
    it.add(1, {.from = july});
    EXPECT_THAT(it.desk.deactivate(it.id), ok());
    EXPECT_THAT(
        it.desk.revise(it.id, {.terms = Terms{.total = spent(1h), .decrease_on = DecreaseOn::resolution}}),
        refused(ErrorCode::has_history));
}

TEST(TopUps, are_made_once_however_often_they_are_asked_for) {
    ToppedUp it{on_creation(1)};
    const TopUp command{.id = it.id, .amount = cases(2), .request = "r"_request};
    const Outcome first = it.desk.run(command);
    const Outcome again = it.desk.run(command);
    ASSERT_THAT(first, ok());
    ASSERT_THAT(again, repeated());
    EXPECT_EQ(again->number, first->number);
    EXPECT_EQ(again->moved, cases(2));
    EXPECT_EQ(it.left(), 3);
    TopUp other = command;
    other.priority = 1;
    EXPECT_THAT(it.desk.run(other), refused(ErrorCode::request_id_reused));
}

// In which order.

struct BurnOrder {
    const char* name;
    TopUp first;
    TopUp second;
    int uses;
    std::int64_t first_left;
    std::int64_t second_left;
};

class TopUpsBurn : public testing::TestWithParam<BurnOrder> {};

TEST_P(TopUpsBurn, in_order) {
    ToppedUp it{on_creation(2)};
    const std::uint64_t first = it.add(2, GetParam().first);
    const std::uint64_t second = it.add(2, GetParam().second);
    it.open(GetParam().uses);
    EXPECT_EQ(it.rest(first), GetParam().first_left);
    EXPECT_EQ(it.rest(second), GetParam().second_left);
}

const Instant april = day(2014_y / 4 / 1);
const Instant august = day(2014_y / 8 / 1);

INSTANTIATE_TEST_SUITE_P(
    Rows, TopUpsBurn,
    testing::Values(
        BurnOrder{"lower_priority_number_first", {.priority = 50}, {.priority = 10}, 3, 1, 0},
        BurnOrder{"earlier_expiry_first", {.expires = august}, {.expires = april}, 3, 1, 0},
        BurnOrder{"priority_before_expiry", {.priority = 5}, {.priority = 6, .expires = april}, 2, 0, 2},
        BurnOrder{"earlier_made_first",
                  {.priority = 5, .expires = april},
                  {.priority = 5, .expires = april},
                  3,
                  0,
                  1},
        BurnOrder{"base_before_what_never_expires", {}, {}, 2, 2, 2},
        BurnOrder{
            "base_before_a_higher_number", {.priority = 101, .expires = april}, {.priority = 101}, 3, 1, 2},
        BurnOrder{"base_behind_a_lower_number", {.priority = 99}, {}, 2, 0, 2},
        BurnOrder{"base_behind_an_earlier_expiry", {.expires = april}, {}, 2, 0, 2},
        BurnOrder{"base_before_an_equal_expiry", {.expires = end_2014}, {}, 2, 2, 2},
        BurnOrder{"all_of_them", {.priority = 99}, {}, 5, 0, 1}),
    [](const auto& row) { return row.param.name; });

TEST(TopUps, base_ends_with_its_period) {
    ToppedUp it{on_creation(2), {}, a_month()};
    const std::uint64_t soon = it.add(1, {.expires = day(2014_y / 1 / 20)});
    const std::uint64_t late = it.add(1, {.expires = day(2014_y / 2 / 20)});
    it.open(3);
    EXPECT_EQ(it.rest(soon), 0);
    EXPECT_EQ(it.rest(late), 1);
    it.at(2014_y / 2 / 10);  // a new period: base ends at its end, behind the late one
    it.open(1);
    EXPECT_EQ(it.rest(late), 0);
    EXPECT_EQ(it.left(), 2);
}

TEST(TopUps, the_ledger_tells_who_paid_for_what) {
    ToppedUp it{unrestricted(1)};
    const std::uint64_t top_up = it.add(1, {.priority = 1});
    it.open(3);
    const auto draws = it.of(EntryKind::draw);
    ASSERT_EQ(draws.size(), 1U);
    EXPECT_EQ(draws[0].amount, 1);
    EXPECT_EQ(draws[0].reverses, (EntryRef{top_up, 0}));
    EXPECT_EQ(draws[0].support_case, "1"_case);
    EXPECT_EQ(draws[0].total_moved, 0);
    EXPECT_EQ(it.desk.support_case("1").posted.entry, (EntryRef{draws[0].number, 1}));
    EXPECT_EQ(it.left(), -1);
}

TEST(TopUps, a_posting_may_take_of_several) {
    ToppedUp it{{.total = spent(1h), .decrease_on = DecreaseOn::resolution, .restricted = true}};
    const Outcome first = it.add({.amount = spent(30min), .priority = 1});
    const Outcome last = it.add({.amount = spent(30min)});
    ASSERT_THAT(last, ok());
    EXPECT_THAT(it.desk.open("a"), ok());
    const Outcome resolved = it.desk.resolve("a", 100min);
    ASSERT_THAT(resolved, ok());
    EXPECT_EQ(resolved->moved, spent(-100min));
    EXPECT_EQ(it.rest(first->number), 0);
    EXPECT_EQ(it.rest(last->number), 20 * 60);
    EXPECT_THAT(it.desk.reactivate("a"), ok());
    EXPECT_EQ(it.rest(first->number), 30 * 60);
    EXPECT_EQ(it.rest(last->number), 30 * 60);
    EXPECT_EQ(it.left(), 2 * 3600);
}

TEST(TopUps, corrections_take_in_burn_order_and_give_to_what_was_agreed) {
    ToppedUp it{on_creation(2)};
    const std::uint64_t top_up = it.add(2, {.priority = 1});
    EXPECT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = cases(-3), .reason = "lost"}), ok());
    EXPECT_EQ(it.rest(top_up), 0);
    EXPECT_EQ(it.left(), 1);
    EXPECT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = cases(2), .reason = "found"}), ok());
    EXPECT_EQ(it.rest(top_up), 0);
    EXPECT_EQ(it.left(), 3);
}

// When.

TEST(TopUps, begin_when_their_time_comes) {
    ToppedUp it{on_creation(1)};
    const std::uint64_t top_up = it.add(2, {.from = day(2014_y / 3 / 1)});
    EXPECT_EQ(it.left(), 1);
    EXPECT_EQ(it.rest(top_up), 0);
    it.open(1);
    EXPECT_THAT(it.desk.open("early"), refused(ErrorCode::not_entitled));
    it.at(2014_y / 3 / 1);
    EXPECT_EQ(it.left(), 2);
    it.open(1);
    const auto begun = it.of(EntryKind::inception);
    ASSERT_EQ(begun.size(), 1U);
    EXPECT_EQ(begun[0].at, day(2014_y / 3 / 1));
    EXPECT_EQ(begun[0].command, CommandKind::open_case);
    EXPECT_FALSE(begun[0].support_case) << "it is not the case's";
    EXPECT_EQ(it.rest(top_up), 1);
}

TEST(TopUps, expire_at_an_instant_that_is_theirs_no_more) {
    ToppedUp it{on_creation(1)};
    const std::uint64_t top_up = it.add(2, {.priority = 1, .expires = day(2014_y / 3 / 1)});
    it.open(1);
    it.at(2014_y / 3 / 1, 9h - 1us);
    EXPECT_EQ(it.left(), 2);
    it.at(2014_y / 3 / 1);
    EXPECT_EQ(it.left(), 1);
    it.open(1);
    const auto gone = it.of(EntryKind::expiry);
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_EQ(gone[0].total_moved, -1);
    EXPECT_EQ(gone[0].reverses.number, top_up);
    EXPECT_EQ(it.rest(top_up), std::nullopt);
}

TEST(TopUps, expire_on_their_channel_too) {
    ToppedUp it{on_creation(5), {{Channel::phone, cases(1)}}};
    it.add(3, {.channel = Channel::phone, .priority = 1, .expires = day(2014_y / 3 / 1)});
    it.open(1, Channel::phone);
    it.open(1, {});
    it.at(2014_y / 3 / 1);
    EXPECT_EQ(it.left(), 5) << "three of the total were its, and two of them are used";
    EXPECT_EQ(it.left(Channel::phone), 1) << "one of the channel is used, and it was its";
    it.open(1, Channel::phone);
    EXPECT_EQ(it.of(EntryKind::expiry).size(), 2U);
}

TEST(TopUps, at_a_boundary_belong_to_the_new_period) {
    ToppedUp it{on_creation(1), {}, a_month()};
    it.add(2, {.priority = 1, .expires = day(2014_y / 2 / 1, 0us)});
    const std::uint64_t later = it.add(3, {.from = day(2014_y / 2 / 1, 0us), .rollover = cases(0)});
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 4);
    it.open(1);
    EXPECT_EQ(it.rest(later), 3);
    std::vector<EntryKind> kinds;
    for (const Entry& entry : it.desk.entries()) {
        if (entry.number == it.desk.last_entry().number) kinds.push_back(entry.kind);
    }
    EXPECT_THAT(kinds, testing::ElementsAre(EntryKind::expiry, EntryKind::period, EntryKind::allotment,
                                            EntryKind::inception, EntryKind::posting));
}

TEST(TopUps, issued_at_the_boundary_belong_to_the_new_period) {
    ToppedUp it{on_creation(1), {}, a_month()};
    it.open(1);
    it.at(2014_y / 2 / 1, 0us);
    const std::uint64_t top_up = it.add(3, {.rollover = cases(1)});
    EXPECT_EQ(it.left(), 4);
    EXPECT_EQ(it.rest(top_up), 3);
}

TEST(TopUps, pass_boundaries_whole_unless_they_say_how_much) {
    ToppedUp it{on_creation(2), {}, a_month(cases(1))};
    const std::uint64_t whole = it.add(5);
    const std::uint64_t some = it.add(5, {.rollover = cases(2)});
    const std::uint64_t none = it.add(5, {.rollover = cases(0)});
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 2 + 1 + 5 + 2);
    it.open(1);
    EXPECT_EQ(it.rest(whole), 5);
    EXPECT_EQ(it.rest(some), 2);
    EXPECT_EQ(it.rest(none), 0);
    const auto lapses = it.of(EntryKind::lapse);
    ASSERT_EQ(lapses.size(), 2U);
    EXPECT_EQ(lapses[0].amount, 3);
    EXPECT_EQ(lapses[1].amount, 5);
    it.at(2014_y / 3 / 2);
    EXPECT_EQ(it.left(), 2 + 1 + 5 + 2);
}

TEST(TopUps, that_lapse_at_a_boundary_that_moves_nothing_leave_the_next_one_to_move) {
    for (const Channel& origin : {Channel{}, Channel{Channel::phone}}) {
        const std::int64_t on_phone = origin ? 3 : 0;
        ToppedUp it{on_creation(3), {{Channel::phone, cases(on_phone)}}, a_month(cases(10))};
        it.add(5, {.channel = origin, .rollover = cases(2)});
        it.open(3, origin);
        EXPECT_EQ(it.left(), 5);
        it.at(2014_y / 2 / 2);
        EXPECT_EQ(it.left(), 5) << "3 come anew, and 3 lapse";
        it.at(2014_y / 3 / 2);
        EXPECT_EQ(it.left(), 3 + 3 + 2);
    }
}

/// A case that holds three of ten a month.
struct ToppedUpHeld : ToppedUp {
    ToppedUpHeld() : ToppedUp{on_resolution(10), {}, a_month()} {
        open(1);
        EXPECT_THAT(desk.run(HoldTerms{.id = "1"_case, .quantity = cases(3)}), ok());
    }
};

TEST(TopUps, that_expire_at_a_boundary_cover_no_hold_at_it) {
    ToppedUpHeld it;
    it.add(5, {.priority = 1, .expires = day(2014_y / 4 / 1, 0us)});
    it.at(2014_y / 3 / 2);
    EXPECT_EQ(it.left(), 10 + 5) << "it covers the hold: nothing is set aside";
    it.at(2014_y / 4 / 2);
    EXPECT_EQ(it.left(), 10 + 3);
}

TEST(TopUps, that_begin_at_a_boundary_cover_holds_at_the_next) {
    ToppedUpHeld it;
    it.add(5, {.priority = 1, .from = day(2014_y / 3 / 1, 0us)});
    it.at(2014_y / 3 / 2);
    EXPECT_EQ(it.left(), 10 + 3 + 5);
    it.at(2014_y / 4 / 2);
    EXPECT_EQ(it.left(), 10 + 5);
}

TEST(TopUps, after_boundaries_that_moved_nothing_know_when_what_was_agreed_ends) {
    ToppedUp it{on_creation(2), {}, a_month()};
    it.add(1);
    it.at(2014_y / 4 / 10);
    EXPECT_EQ(it.is().top_ups.base_ends, day(2014_y / 5 / 1, 0us));
}

TEST(TopUps, one_long_catch_up_equals_many_short_ones) {
    const auto run = [](bool daily) {
        ToppedUp it{unrestricted(2), {{Channel::phone, cases(1)}}, a_month(cases(1), true)};
        it.add(7, {.channel = Channel::phone, .expires = day(2014_y / 5 / 3), .rollover = cases(4)});
        it.add(3, {.priority = 7, .from = day(2014_y / 2 / 1, 0us)});
        it.open(4, Channel::phone);
        for (Day date = 2014_y / 1 / 2; date < 2014_y / 7 / 1;
             date = Day{date::sys_days{date} + date::days{1}}) {
            it.at(date);
            if (!daily) continue;
            EXPECT_THAT(it.desk.deactivate(it.id), ok());
            EXPECT_THAT(it.desk.activate(it.id), ok());
        }
        return std::pair{it.left(), it.left(Channel::phone)};
    };
    EXPECT_EQ(run(false), run(true));
}

TEST(TopUps, nothing_comes_after_cancel) {
    ToppedUp it{on_creation(1)};
    it.add(2, {.from = day(2014_y / 3 / 1)});
    it.add(3, {.expires = day(2014_y / 3 / 1)});
    EXPECT_THAT(it.desk.run(Cancel{.id = it.id}), ok());
    it.at(2014_y / 4 / 1);
    EXPECT_EQ(it.left(), 4);
    EXPECT_TRUE(it.desk.engine.changes_between(begin_2014, end_2014)->empty());
}

TEST(TopUps, outlive_the_coverage) {
    ToppedUp it{unrestricted(1, DecreaseOn::resolution)};
    EXPECT_THAT(it.desk.open("a"), ok());
    const std::uint64_t top_up = it.add(2, {.priority = 1, .expires = year_after});
    it.at(2015_y / 2 / 1);
    EXPECT_THAT(it.desk.resolve("a"), ok());
    EXPECT_EQ(it.rest(top_up), 1);
    it.desk.now = year_after;
    EXPECT_EQ(it.left(), 1);
}

TEST(TopUps, that_end_with_nothing_left_keep_no_boundary_from_passing) {
    ToppedUp it{on_creation(5), {}, a_month()};
    it.add(1, {.priority = 1, .expires = day(2014_y / 1 / 10)});
    it.open(4);
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 5);
    EXPECT_EQ(it.desk.engine.balance_at(acme, it.id, it.desk.now)->total().remaining, 5);
    it.open(1);
    EXPECT_EQ(it.left(), 4);
}

TEST(TopUps, that_begin_by_time_may_pass_the_limit_of_a_balance) {
    ToppedUp it{unrestricted(10)};
    it.open(2);
    const std::uint64_t top_up = it.add(max_terms - 20, {.from = day(2014_y / 2 / 1)});
    EXPECT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = cases(max_terms - 20), .reason = "x"}), ok());
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 2 * max_terms - 32);
    EXPECT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = cases(1), .reason = "x"}),
                refused(ErrorCode::terms_overflow));
    it.open(1);
    EXPECT_THAT(it.void_it(top_up), ok()) << "what lowers it is accepted";
    EXPECT_EQ(it.left(), max_terms - 13);
}

TEST(TopUps, begin_on_a_channel_whose_total_was_amended) {
    ToppedUp it{unrestricted(5), {{Channel::phone, cases(3)}}};
    it.open(1, Channel::phone);
    it.add(4, {.channel = Channel::phone, .from = day(2014_y / 2 / 1)});
    EXPECT_THAT(it.desk.run(Amend{.id = it.id, .changes = {.channels = {{{Channel::phone, cases(0)}}}}}),
                ok());
    it.at(2014_y / 2 / 2);
    it.open(1, Channel::phone);
    EXPECT_EQ(it.left(Channel::phone), 2);
}

// What is owed.

TEST(TopUps, pay_what_is_owed_when_they_begin) {
    ToppedUp it{unrestricted(1), {}, a_month()};
    it.open(4);
    const std::uint64_t top_up = it.add(5);
    EXPECT_EQ(it.left(), 2);
    EXPECT_EQ(it.rest(top_up), 2);
    EXPECT_EQ(it.of(EntryKind::inception).at(0).amount, 3);
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 1 + 2) << "what was paid stays paid";
}

TEST(TopUps, pay_what_a_revision_leaves_owed) {
    ToppedUp it{unrestricted(5)};
    it.open(4);
    const std::uint64_t top_up = it.add(5);
    EXPECT_THAT(it.desk.run(Amend{.id = it.id, .changes = {.terms = unrestricted(2)}}), ok());
    EXPECT_EQ(it.left(), 3);
    EXPECT_EQ(it.rest(top_up), 3);
    EXPECT_EQ(it.desk.last_entry().kind, EntryKind::draw);
    EXPECT_EQ(it.desk.last_entry().amount, 2);
}

TEST(TopUps, pay_what_a_revision_leaves_owed_on_a_channel) {
    ToppedUp it{unrestricted(5), {{Channel::phone, cases(3)}}};
    it.open(2, Channel::phone);
    it.add(5, {.channel = Channel::phone});
    const Changes changes{.channels = {{{Channel::web, cases(1)}, {Channel::phone, cases(0)}}}};
    EXPECT_THAT(it.desk.run(Amend{.id = it.id, .changes = changes}), ok());
    EXPECT_EQ(it.left(Channel::phone), 3);
    EXPECT_EQ(it.is().top_ups.open.front().channel_left, 3);
    EXPECT_EQ(it.is().top_ups.open.front().left, 5);
    const auto draws = it.of(EntryKind::draw);
    ASSERT_EQ(draws.size(), 1U);
    EXPECT_EQ(draws[0].channel, Channel::phone);
    EXPECT_EQ(draws[0].amount, 2);
}

TEST(TopUps, pay_what_is_owed_out_of_what_comes_back) {
    ToppedUp it{unrestricted(0)};
    const std::uint64_t top_up = it.add(1);
    it.open(3);
    EXPECT_EQ(it.left(), -2);
    EXPECT_THAT(it.desk.cancel("1"), ok());
    EXPECT_EQ(it.left(), -1);
    EXPECT_EQ(it.rest(top_up), 0) << "it got one back, and paid one of what was owed";
}

TEST(TopUps, pay_what_is_owed_on_a_channel_out_of_what_comes_back_there) {
    ToppedUp it{unrestricted(5), {{Channel::phone, cases(0)}}};
    it.add(1, {.channel = Channel::phone});
    it.open(3, Channel::phone);
    EXPECT_EQ(it.left(Channel::phone), -2);
    EXPECT_THAT(it.desk.cancel("1"), ok());
    EXPECT_EQ(it.left(Channel::phone), -1);
    EXPECT_EQ(it.is().top_ups.open.front().channel_left, 0);
    EXPECT_EQ(it.is().top_ups.open.front().left, 1) << "of the total nothing is owed";
}

// What comes back.

TEST(TopUps, get_back_what_they_paid) {
    ToppedUp it{on_creation(1)};
    const std::uint64_t top_up = it.add(2, {.priority = 1});
    it.open(3);
    EXPECT_THAT(it.desk.cancel("3"), ok());
    EXPECT_EQ(it.rest(top_up), 0);
    EXPECT_THAT(it.desk.cancel("1"), ok());
    EXPECT_EQ(it.rest(top_up), 1);
    EXPECT_EQ(it.left(), 2);
}

TEST(TopUps, that_have_expired_get_nothing_back) {
    ToppedUp it{on_creation(2)};
    it.add(1, {.priority = 1, .expires = day(2014_y / 3 / 1)});
    it.open(2);
    it.at(2014_y / 3 / 2);
    const Outcome canceled = it.desk.cancel("1");
    ASSERT_THAT(canceled, ok());
    EXPECT_EQ(canceled->moved, cases(0));
    EXPECT_EQ(it.left(), 1);
    ASSERT_EQ(it.of(EntryKind::forfeit).size(), 1U);
    EXPECT_EQ(it.of(EntryKind::forfeit)[0].total_moved, -1);
    EXPECT_THAT(it.desk.cancel("2"), ok());
    EXPECT_EQ(it.left(), 2);
}

TEST(TopUps, that_were_voided_get_nothing_back) {
    ToppedUp it{on_creation(2)};
    const std::uint64_t top_up = it.add(2, {.priority = 1});
    it.open(1);
    EXPECT_THAT(it.void_it(top_up), ok());
    EXPECT_EQ(it.left(), 2);
    EXPECT_THAT(it.desk.cancel("1"), ok());
    EXPECT_EQ(it.left(), 2);
}

TEST(TopUps, get_back_late_what_would_have_passed_the_boundaries) {
    ToppedUp it{on_creation(2), {}, a_month()};
    const std::uint64_t top_up = it.add(4, {.priority = 1, .rollover = cases(2)});
    it.open(3);
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 2 + 1);
    EXPECT_THAT(it.desk.cancel("1"), ok());
    EXPECT_EQ(it.rest(top_up), 2);
    EXPECT_THAT(it.desk.cancel("2"), ok());
    EXPECT_EQ(it.rest(top_up), 2) << "two had been carried over at most";
    EXPECT_EQ(it.left(), 2 + 2);
    EXPECT_EQ(it.of(EntryKind::forfeit).size(), 1U);
}

TEST(TopUps, leave_late_reversals_of_what_was_agreed_as_they_are) {
    ToppedUp it{on_creation(2), {}, a_month(cases(1))};
    it.open(2);
    const std::uint64_t top_up = it.add(4);
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 2 + 4);
    EXPECT_THAT(it.desk.cancel("1"), ok());
    EXPECT_EQ(it.left(), 3 + 4);
    EXPECT_THAT(it.desk.cancel("2"), ok());
    EXPECT_EQ(it.left(), 3 + 4) << "one is carried over at most";
    EXPECT_EQ(it.rest(top_up), 4);
}

TEST(TopUps, get_back_what_a_deleted_case_used) {
    ToppedUp it{on_creation(1)};
    const std::uint64_t top_up = it.add(1, {.priority = 1});
    it.open(1);
    EXPECT_THAT(it.desk.run(DeleteCase{.id = "1"_case}), ok());
    EXPECT_EQ(it.rest(top_up), 1);
}

TEST(TopUps, follow_a_case_to_another_entitlement) {
    ToppedUp it{on_creation(1)};
    const std::uint64_t top_up = it.add(1, {.priority = 1});
    const EntitlementId other = it.desk.grant(agreed(on_creation(1)));
    EXPECT_THAT(it.desk.open_on(it.id, "a"), ok());
    EXPECT_EQ(it.rest(top_up), 0);
    const Outcome changed = it.desk.run(ChangeEntitlement{.id = "a"_case, .entitlement = other});
    ASSERT_THAT(changed, ok());
    EXPECT_EQ(changed->entitlement, other);
    EXPECT_EQ(it.rest(top_up), 1);
}

TEST(TopUps, that_pay_at_a_change_leave_the_receipt_alone) {
    ToppedUp it{unrestricted(0)};
    it.add(1);
    const EntitlementId other = it.desk.grant(agreed(on_creation(1)));
    EXPECT_THAT(it.desk.open_on(it.id, "a"), ok());
    EXPECT_THAT(it.desk.open_on(it.id, "b"), ok());
    const Outcome changed =
        it.desk.run(ChangeEntitlement{.id = "a"_case, .entitlement = other, .request = "r"_request});
    ASSERT_THAT(changed, ok());
    EXPECT_EQ(changed->entitlement, other);
    EXPECT_EQ(it.desk.support_case("a").entitlement, other);
    EXPECT_EQ(it.left(), 0);
    const Outcome again =
        it.desk.run(ChangeEntitlement{.id = "a"_case, .entitlement = other, .request = "r"_request});
    ASSERT_THAT(again, repeated());
    EXPECT_EQ(again->entitlement, other);
    EXPECT_EQ(again->moved, changed->moved);
}

// Voiding.

TEST(TopUps, voided_are_gone) {
    ToppedUp it{on_creation(1), {{Channel::phone, cases(1)}}};
    const std::uint64_t top_up = it.add(3, {.channel = Channel::phone, .priority = 1});
    it.open(1, Channel::phone);
    const Outcome voided = it.void_it(top_up);
    ASSERT_THAT(voided, ok());
    EXPECT_EQ(voided->moved, cases(-2));
    EXPECT_EQ(voided->channel_moved, cases(-2));
    EXPECT_EQ(it.left(), 1);
    EXPECT_EQ(it.left(Channel::phone), 1);
    EXPECT_THAT(it.void_it(top_up), refused(ErrorCode::unknown_top_up));
}

TEST(TopUps, voided_before_they_begin_never_do) {
    ToppedUp it{on_creation(1)};
    const std::uint64_t top_up = it.add(3, {.from = july});
    EXPECT_THAT(it.void_it(top_up), ok());
    it.desk.now = august;
    EXPECT_EQ(it.left(), 1);
}

TEST(TopUps, unknown_are_not_voided) {
    ToppedUp it{on_creation(1)};
    EXPECT_THAT(it.void_it(0), refused(ErrorCode::unknown_top_up));
    EXPECT_THAT(it.void_it(1), refused(ErrorCode::unknown_top_up));
    const std::uint64_t top_up = it.add(3, {.expires = april});
    it.desk.now = april;
    EXPECT_THAT(it.void_it(top_up), refused(ErrorCode::unknown_top_up)) << "it has expired";
}

// Queries.

TEST(TopUps, show_in_changes_whether_recorded_or_not) {
    ToppedUp it{on_creation(1)};
    const std::uint64_t top_up = it.add(2, {.from = day(2014_y / 2 / 1), .expires = april});
    const auto changes = [&] {
        std::vector<std::pair<Change::Kind, Instant>> out;
        const auto all = it.desk.engine.changes_between(begin_2014, day(2014_y / 12 / 1)).value();
        for (const Change& one : all) {
            out.emplace_back(one.kind, one.at);
            EXPECT_EQ(one.top_up, top_up);
        }
        return out;
    };
    const auto expected = testing::ElementsAre(std::pair{Change::Kind::top_up_begins, day(2014_y / 2 / 1)},
                                               std::pair{Change::Kind::top_up_expires, april});
    EXPECT_THAT(changes(), expected);
    it.at(2014_y / 2 / 2);
    it.open(1);
    EXPECT_THAT(changes(), expected);
    it.at(2014_y / 6 / 2);
    EXPECT_THAT(it.desk.cancel("1"), ok());
    EXPECT_THAT(changes(), expected);
}

TEST(TopUps, show_in_changes_once_at_their_instants) {
    const Instant begins = day(2014_y / 1 / 10);
    const Instant ends = day(2014_y / 1 / 20);
    for (const bool recorded : {false, true}) {
        ToppedUp it{on_creation(5)};
        it.add(2, {.from = begins, .expires = ends});
        const auto listed = [&](Instant after, Instant until) {
            return it.desk.engine.changes_between(after, until)->size();
        };
        if (recorded) {
            it.at(2014_y / 1 / 30);
            it.open(1);
        }
        for (const Instant at : {begins, ends}) {
            EXPECT_EQ(listed(at - 1us, at), 1U);
            EXPECT_EQ(listed(at, at + 1us), 0U);
            EXPECT_EQ(listed(at - 2us, at - 1us), 0U);
        }
    }
}

TEST(TopUps, show_in_balances_by_instant) {
    ToppedUp it{on_creation(1), {}, a_month()};
    it.add(4, {.from = day(2014_y / 2 / 1, 0us), .expires = day(2014_y / 4 / 1, 0us), .rollover = cases(3)});
    const auto left = [&](Day date) {
        return it.desk.engine.balance_at(acme, it.id, day(date)).value().total().remaining;
    };
    const auto expect = [&] {
        EXPECT_EQ(left(2014_y / 1 / 15), 1);
        EXPECT_EQ(left(2014_y / 2 / 15), 5);
        EXPECT_EQ(left(2014_y / 3 / 15), 4);
        EXPECT_EQ(left(2014_y / 4 / 15), 1);
        const auto periods = it.desk.engine.balances_by_period(acme, it.id, day(2014_y / 4 / 15)).value();
        ASSERT_EQ(periods.size(), 4U);
        EXPECT_EQ(periods[1].period.begin, day(2014_y / 2 / 1, 0us));
        EXPECT_EQ(periods[1].total().remaining, 5);
        EXPECT_EQ(periods[2].total().remaining, 1) << "what expired at its end is gone by then";
        EXPECT_EQ(periods[3].total().remaining, 1);
    };
    expect();
    it.at(2014_y / 4 / 10);
    EXPECT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = cases(1), .reason = "x"}), ok());
    EXPECT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = cases(-1), .reason = "x"}), ok());
    expect();
}

TEST(TopUps, put_off_when_terms_are_exhausted) {
    ToppedUp it{on_creation(30)};
    it.at(2014_y / 1 / 11);
    it.open(10);
    const auto exhausted = [&] {
        return it.desk.engine.forecast(acme, it.id, 10, it.desk.now).value().at(0).exhausted;
    };
    EXPECT_EQ(exhausted(), it.desk.now + date::days{20});
    it.add(10, {.priority = 1, .expires = it.desk.now + date::days{5}});
    EXPECT_EQ(exhausted(), it.desk.now + date::days{25}) << "five of it are used until it expires";
    it.add(7, {.from = it.desk.now + date::days{24}});
    EXPECT_EQ(exhausted(), it.desk.now + date::days{32});
}

TEST(TopUps, keep_their_entries_from_the_archive) {
    ToppedUp it{on_creation(1)};
    it.open(1);
    const std::uint64_t top_up = it.add(1);
    const auto seal = it.desk.engine.seal(acme);
    ASSERT_TRUE(seal);
    EXPECT_EQ(it.desk.engine.archive(acme, top_up).error().code, ErrorCode::top_ups_open);
    EXPECT_TRUE(it.desk.engine.archive(acme, top_up - 1));
    EXPECT_THAT(it.void_it(top_up), ok());
    EXPECT_TRUE(it.desk.engine.seal(acme));
    EXPECT_TRUE(it.desk.engine.archive(acme, top_up + 1));
    EXPECT_TRUE(it.desk.engine.audit()->ok());
    EXPECT_THAT(it.desk.cancel("1"), ok());
    EXPECT_TRUE(it.desk.engine.audit()->ok());
}

// The audit.

/// What an auditor must notice, of an entry of a kind.
struct Edit {
    const char* name;
    EntryKind kind;
    void (*edit)(Entry&);
};

class TopUpsAudit : public testing::TestWithParam<Edit> {};

TEST_P(TopUpsAudit, finds_it) {
    ToppedUp it{unrestricted(3), {{Channel::phone, cases(1)}}, a_month(cases(1))};
    it.open(4, Channel::phone);
    it.add(6, {.channel = Channel::phone, .priority = 1, .rollover = cases(2)});
    it.add(2, {.priority = 2, .from = day(2014_y / 1 / 5), .expires = day(2014_y / 3 / 5)});
    const std::uint64_t other = it.add(2);
    it.open(2, Channel::phone);
    it.at(2014_y / 2 / 7);
    it.open(2, Channel::phone);
    EXPECT_THAT(it.desk.cancel("6"), ok());
    EXPECT_THAT(it.desk.cancel("8"), ok());
    it.at(2014_y / 3 / 7);
    EXPECT_THAT(it.void_it(other), ok());
    ASSERT_FALSE(it.of(GetParam().kind).empty());

    TamperedStore tampered{it.desk.store};
    Engine auditor{tampered};
    ASSERT_TRUE(auditor.audit()->ok()) << fmt::format("{}", *auditor.audit()->first);
    const std::size_t count = it.of(GetParam().kind).size();
    for (std::size_t which = 0; which < count; ++which) {
        tampered.entries = [&](std::vector<Entry>& all) {
            std::size_t seen = 0;
            for (Entry& entry : all) {
                if (entry.kind == GetParam().kind && seen++ == which) GetParam().edit(entry);
            }
        };
        EXPECT_FALSE(auditor.audit()->ok()) << which;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Edits, TopUpsAudit,
    testing::Values(Edit{"draw_of_more", EntryKind::draw, [](Entry& e) { e.amount += 1; }},
                    Edit{"draw_of_less", EntryKind::draw, [](Entry& e) { e.amount -= 1; }},
                    Edit{"draw_on_another", EntryKind::draw, [](Entry& e) { e.reverses.number += 1; }},
                    Edit{"draw_of_another_counter", EntryKind::draw,
                         [](Entry& e) { e.channel = e.channel ? Channel{} : Channel::phone; }},
                    Edit{"lapse_of_more", EntryKind::lapse, [](Entry& e) { e.amount += 1; }},
                    Edit{"lapse_of_nothing", EntryKind::lapse, [](Entry& e) { e.amount = 0; }},
                    Edit{"amount", EntryKind::top_up, [](Entry& e) { e.amount += 1; }},
                    Edit{"terms_that_are_none", EntryKind::top_up, [](Entry& e) { e.reason = "a gift"; }},
                    Edit{"paid_more_at_once", EntryKind::inception, [](Entry& e) { e.amount += 1; }},
                    Edit{"begins_with_more", EntryKind::inception, [](Entry& e) { e.total_moved += 1; }},
                    Edit{"ends_with_more", EntryKind::expiry, [](Entry& e) { e.total_moved -= 1; }},
                    Edit{"ends_another", EntryKind::expiry, [](Entry& e) { e.reverses.number += 1; }},
                    Edit{"ends_early", EntryKind::expiry, [](Entry& e) { e.at -= 1us; }},
                    Edit{"voids_more", EntryKind::voiding, [](Entry& e) { e.total_moved -= 1; }},
                    Edit{"forfeits_less", EntryKind::forfeit, [](Entry& e) { e.total_moved += 1; }},
                    Edit{"passes_more", EntryKind::period, [](Entry& e) { e.total_moved += 1; }}),
    [](const auto& row) { return row.param.name; });

TEST(TopUps, audit_finds_another_burn_order) {
    ToppedUp it{on_creation(3)};
    it.add(2, {.priority = 1});
    it.add(2, {.priority = 2});
    it.open(1);
    TamperedStore tampered{it.desk.store};
    tampered.entries = [](std::vector<Entry>& all) {
        for (Entry& entry : all) {
            if (entry.kind != EntryKind::top_up) continue;
            TopUpState terms = top_up_terms(entry.reason).value();
            terms.priority = 3 - terms.priority;
            entry.reason = terms_text(terms);
        }
    };
    EXPECT_EQ(Engine{tampered}.audit()->first->what, "what top-ups paid");
}

TEST(TopUps, audit_finds_a_state_that_the_ledger_does_not_tell_of) {
    ToppedUp it{on_creation(3)};
    it.add(6, {.priority = 1});
    it.open(2);
    TamperedStore tampered{it.desk.store};
    Engine auditor{tampered};
    const auto finds = [&](void (*edit)(TopUps&)) {
        tampered.entitlements = [edit](std::vector<Entitlement>& all) { edit(all.front().top_ups); };
        return !auditor.audit()->ok();
    };
    EXPECT_FALSE(finds([](TopUps&) {}));
    EXPECT_TRUE(finds([](TopUps& is) { is.open[0].left += 1; }));
    EXPECT_TRUE(finds([](TopUps& is) { is.open[0].expires = july; }));
    EXPECT_TRUE(finds([](TopUps& is) { is.open.clear(); }));
    EXPECT_TRUE(finds([](TopUps& is) { is.first += 1; }));
    EXPECT_TRUE(finds([](TopUps& is) { is.base_ends += 1us; }));
}

}  // namespace
}  // namespace conformance
