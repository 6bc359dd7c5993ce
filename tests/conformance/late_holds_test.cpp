#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "in_force.hpp"
#include "tampered_store.hpp"

// Section 8: a hold belongs to the period that it was made in.

namespace conformance {
namespace {

using Time = std::chrono::hours;

/// Hours that come anew each month and are used when a case is resolved.
struct MonthlyHours : InForce {
    explicit MonthlyHours(Time total, PeriodTerms period = a_month(), std::vector<ChannelTerms> channels = {},
                          const Policy& policy = policy::standard)
        : InForce{{.total = Hours{total}, .decrease_on = DecreaseOn::resolution, .restricted = true},
                  std::move(channels),
                  std::move(period),
                  policy} {}

    /// Opens a case and holds so much for it.
    void hold(const std::string& name, Time amount, const Channel& origin = {}) {
        EXPECT_THAT(desk.open(name, origin), ok());
        EXPECT_THAT(desk.run(HoldTerms{.id = CaseId::from_name(name), .quantity = Hours{amount}}), ok());
    }
    [[nodiscard]] Outcome resolve(const std::string& name, Time spent) { return desk.resolve(name, spent); }
    [[nodiscard]] Time left_hours() const { return std::chrono::floor<Time>(std::chrono::seconds{left()}); }
    [[nodiscard]] Time available() const {
        const Entitlement now = is();
        return std::chrono::floor<Time>(std::chrono::seconds{now.remaining - now.held});
    }
    void february() { at(2014_y / 2 / 10); }
};

TEST(LateHold, is_set_aside_before_rollover) {
    MonthlyHours it{10h, a_month(Hours{5h})};
    it.hold("c", 3h);
    it.february();
    EXPECT_EQ(it.available(), 15h) << "7 were left that nobody held, of which 5 pass";
    EXPECT_EQ(it.left_hours(), 18h);
    ASSERT_THAT(it.desk.open("other"), ok());
    const auto entries = it.desk.entries();
    const Entry& aside = entries[entries.size() - 3];
    EXPECT_EQ(aside.kind, EntryKind::set_aside);
    EXPECT_EQ(aside.amount, 3 * 3600);
    EXPECT_EQ(aside.total_moved, 0);
    EXPECT_EQ(entries[entries.size() - 2].kind, EntryKind::period);
    EXPECT_EQ(entries[entries.size() - 2].total_moved, 8 * 3600);
}

TEST(LateHold, posting_within_it_is_of_its_period) {
    MonthlyHours it{10h};
    it.hold("c", 3h);
    it.february();
    EXPECT_EQ(it.available(), 10h);
    const Outcome resolved = it.resolve("c", 2h);
    ASSERT_THAT(resolved, ok());
    EXPECT_EQ(it.left_hours(), 10h) << "February has all of its own";
    EXPECT_EQ(it.of(EntryKind::posting).back().total_moved, -2 * 3600);
    EXPECT_EQ(it.of(EntryKind::posting).back().reverses, it.of(EntryKind::release).back().reverses);
    EXPECT_EQ(it.of(EntryKind::forfeit).back().total_moved, -3600) << "the third hour is gone with January";
    EXPECT_EQ(it.desk.support_case("c").posted.entry, it.of(EntryKind::posting).back().reverses);
}

TEST(LateHold, posting_within_it_is_not_asked_what_is_left_today) {
    MonthlyHours it{10h};
    it.hold("c", 3h);
    it.february();
    ASSERT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = Hours{-11h}, .reason = "a slip"}), ok());
    EXPECT_EQ(it.available(), -1h);
    ASSERT_THAT(it.resolve("c", 3h), ok());
    EXPECT_EQ(it.left_hours(), -1h);
}

TEST(LateHold, is_none_since_which_no_boundary_but_another_thing_has_come) {
    MonthlyHours it{10h};
    it.february();
    const TopUp top_up{.id = it.id, .amount = Hours{1h}, .from = day(2014_y / 2 / 12)};
    ASSERT_THAT(it.desk.run(top_up), ok());
    it.hold("c", 3h);
    it.at(2014_y / 2 / 15);
    ASSERT_THAT(it.resolve("c", 2h), ok());
    EXPECT_TRUE(it.of(EntryKind::posting).back().reverses.is_none());
    EXPECT_EQ(it.left_hours(), 9h);
}

TEST(LateHold, of_which_less_is_used_leaves_what_january_would_have_carried_over) {
    MonthlyHours it{10h, a_month(Hours{20h})};
    it.hold("c", 3h);
    it.february();
    ASSERT_THAT(it.resolve("c", 2h), ok());
    EXPECT_EQ(it.left_hours(), 18h);
    EXPECT_TRUE(it.of(EntryKind::forfeit).empty());
}

TEST(LateHold, released_leaves_what_january_would_have_carried_over) {
    struct Case {
        Time rollover, left;
    };
    for (const auto& [rollover, left] : {Case{0h, 10h}, Case{8h, 18h}, Case{20h, 20h}}) {
        MonthlyHours it{10h, a_month(Hours{rollover})};
        it.hold("c", 3h);
        it.february();
        ASSERT_THAT(it.desk.run(ReleaseTerms{.id = "c"_case}), ok());
        EXPECT_EQ(it.left_hours(), left) << rollover.count();
        EXPECT_EQ(it.available(), left);
    }
}

TEST(LateHold, canceled_deleted_and_moved_cases_free_it_alike) {
    const std::vector<std::function<Outcome(MonthlyHours&)>> commands{
        [](MonthlyHours& it) { return it.desk.cancel("c"); },
        [](MonthlyHours& it) { return it.desk.run(DeleteCase{.id = "c"_case}); },
        [](MonthlyHours& it) { return it.desk.set_decrement("c", false); }};
    for (const auto& command : commands) {
        MonthlyHours it{10h, a_month(Hours{8h})};
        it.hold("c", 3h);
        it.february();
        ASSERT_THAT(command(it), ok());
        EXPECT_EQ(it.left_hours(), 18h);
        EXPECT_EQ(it.is().held, 0);
    }
}

TEST(LateHold, what_is_beyond_it_is_of_today) {
    MonthlyHours it{10h};
    it.hold("c", 3h);
    it.february();
    ASSERT_THAT(it.resolve("c", 5h), ok());
    EXPECT_EQ(it.left_hours(), 8h);
    EXPECT_TRUE(it.of(EntryKind::forfeit).empty());
    ASSERT_THAT(it.desk.reactivate("c"), ok());
    EXPECT_EQ(it.left_hours(), 10h) << "two come back to February, three to January, which is over";
}

TEST(LateHold, what_is_beyond_it_is_asked_for_today) {
    MonthlyHours it{10h};
    it.hold("c", 3h);
    it.february();
    it.hold("other", 9h);
    const Outcome refused_one = it.resolve("c", 5h);
    EXPECT_THAT(refused_one, refused(ErrorCode::terms_exhausted));
    EXPECT_EQ(refused_one.error().remaining, Quantity(Hours{4h})) << "three held, one of February";
    ASSERT_THAT(it.resolve("c", 4h), ok());
    EXPECT_EQ(it.available(), 0h);
}

TEST(LateHold, what_is_beyond_it_is_asked_of_the_channel_as_it_is_today) {
    MonthlyHours it{20h, a_month(), {{Channel::phone, Hours{10h}}}};
    it.hold("c", 3h, Channel::phone);
    it.february();
    const Outcome refusal = it.resolve("c", 14h);
    ASSERT_THAT(refusal, refused(ErrorCode::channel_exhausted));
    EXPECT_EQ(refusal.error().remaining, Quantity(Hours{13h}));
    ASSERT_THAT(it.resolve("c", 13h), ok());
    EXPECT_EQ(it.left(Channel::phone), 0);
    EXPECT_EQ(it.left_hours(), 10h);
}

TEST(LateHold, what_is_beyond_it_is_split) {
    MonthlyHours it{10h, a_month(), {}, {.overage = Overage::split}};
    it.hold("c", 3h);
    it.february();
    it.hold("other", 9h);
    const Outcome resolved = it.resolve("c", 6h);
    ASSERT_THAT(resolved, ok());
    EXPECT_EQ(resolved->moved, Quantity(Hours{-4h}));
    EXPECT_EQ(it.desk.support_case("c").overage, 2 * 3600);
}

TEST(LateHold, reversal_of_what_was_posted_within_it_is_of_its_period) {
    MonthlyHours it{10h, a_month(Hours{8h})};
    it.hold("c", 3h);
    it.february();
    ASSERT_THAT(it.resolve("c", 3h), ok());
    EXPECT_EQ(it.left_hours(), 17h) << "7 of January passed";
    ASSERT_THAT(it.desk.reactivate("c"), ok());
    EXPECT_EQ(it.left_hours(), 18h) << "of 3 that come back to January, 1 would have passed";
}

TEST(LateHold, passes_every_boundary_until_it_ends) {
    MonthlyHours it{10h, a_month(Hours{5h})};
    it.hold("c", 3h);
    it.at(2014_y / 5 / 2);
    EXPECT_EQ(it.available(), 15h);
    EXPECT_EQ(it.left_hours(), 18h);
    ASSERT_THAT(it.resolve("c", 3h), ok());
    EXPECT_EQ(it.left_hours(), 15h);
}

TEST(LateHold, channels_are_set_aside_alike) {
    MonthlyHours it{10h, a_month(Hours{1h}), {{Channel::phone, Hours{4h}}, {Channel::email, Hours{10h}}}};
    it.hold("c", 3h, Channel::phone);
    it.february();
    EXPECT_EQ(it.left(Channel::phone), (4 + 1 + 3) * 3600) << "1 was left that nobody held";
    EXPECT_EQ(it.left(Channel::email), 11 * 3600);
    ASSERT_THAT(it.resolve("c", 3h), ok());
    EXPECT_EQ(it.left(Channel::phone), 5 * 3600);
    EXPECT_EQ(it.left_hours(), 11h);
}

TEST(LateHold, stays_where_it_is_when_the_origin_changes) {
    MonthlyHours it{10h, a_month(), {{Channel::phone, Hours{4h}}, {Channel::email, Hours{10h}}}};
    it.hold("c", 3h, Channel::phone);
    it.february();
    ASSERT_THAT(it.desk.change_origin("c", Channel::email), ok());
    EXPECT_EQ(it.desk.support_case("c").held.channel, Channel::phone);
    EXPECT_THAT(it.desk.change_origin("c", Channel::web), refused(ErrorCode::channel_not_listed));
    ASSERT_THAT(it.resolve("c", 3h), ok());
    EXPECT_EQ(it.left(Channel::phone), 4 * 3600);
    EXPECT_EQ(it.left(Channel::email), 10 * 3600);
}

TEST(LateHold, beyond_it_on_another_channel_all_is_of_today) {
    MonthlyHours it{10h, a_month(), {{Channel::phone, Hours{4h}}, {Channel::email, Hours{10h}}}};
    it.hold("c", 3h, Channel::phone);
    it.february();
    ASSERT_THAT(it.desk.change_origin("c", Channel::email), ok());
    ASSERT_THAT(it.resolve("c", 4h), ok());
    EXPECT_EQ(it.left_hours(), 6h);
    EXPECT_EQ(it.left(Channel::phone), 4 * 3600);
    EXPECT_EQ(it.left(Channel::email), 6 * 3600);
}

TEST(LateHold, another_in_its_place_is_of_today) {
    MonthlyHours it{10h};
    it.hold("c", 3h);
    it.february();
    ASSERT_THAT(it.desk.run(HoldTerms{.id = "c"_case, .quantity = Hours{4h}}), ok());
    EXPECT_EQ(it.available(), 6h);
    EXPECT_EQ(it.left_hours(), 10h);
    ASSERT_THAT(it.resolve("c", 4h), ok());
    EXPECT_EQ(it.left_hours(), 6h);
}

TEST(LateHold, another_in_its_place_has_no_more_than_is_there_today) {
    MonthlyHours it{10h};
    it.hold("c", 3h);
    it.february();
    const auto hold = [&](std::chrono::seconds amount) {
        return it.desk.run(HoldTerms{.id = "c"_case, .quantity = Hours{amount}});
    };
    EXPECT_THAT(hold(10h + 1s), refused(ErrorCode::terms_exhausted));
    EXPECT_THAT(hold(10h), ok());
}

TEST(LateHold, on_creation_is_held_again_of_what_came_back) {
    InForce it{on_resolution(5), {}, a_month(), policy::desk};
    ASSERT_THAT(it.desk.open("c"), ok());
    it.at(2014_y / 2 / 10);
    ASSERT_THAT(it.desk.resolve("c"), ok());
    EXPECT_EQ(it.left(), 5);
    ASSERT_THAT(it.desk.reactivate("c"), ok());
    EXPECT_EQ(it.is().held, 0) << "nothing came back of January";
    ASSERT_THAT(it.desk.resolve("c"), ok());
    EXPECT_EQ(it.left(), 4);
}

TEST(LateHold, on_creation_is_held_again_of_what_came_back_of_all_its_counters) {
    InForce it{on_resolution(5), {{Channel::phone, cases(5)}}, a_month(cases(3)), {.hold_on_creation = true}};
    EXPECT_THAT(it.desk.open("c", Channel::phone), ok());
    EXPECT_THAT(it.desk.resolve("c"), ok());
    EXPECT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = cases(-3), .reason = "a slip"}), ok());
    it.at(2014_y / 2 / 10);
    EXPECT_EQ(it.left(), 5 + 1);
    EXPECT_EQ(it.left(Channel::phone), 5 + 3) << "one more would not have passed";
    EXPECT_THAT(it.desk.reactivate("c"), ok());
    EXPECT_EQ(it.left(), 5 + 2);
    EXPECT_EQ(it.left(Channel::phone), 5 + 3);
    EXPECT_EQ(it.is().held, 0) << "phone has nothing of it";
}

TEST(LateHold, usage_and_balances_tell_of_it_in_its_period) {
    MonthlyHours it{10h};
    it.hold("c", 3h);
    it.february();
    ASSERT_THAT(it.resolve("c", 5h), ok());
    const auto periods = it.desk.engine.balances_by_period(acme, it.id, it.desk.now).value();
    ASSERT_EQ(periods.size(), 2U);
    EXPECT_EQ(periods[0].total().used, 3 * 3600);
    EXPECT_EQ(periods[1].total().used, 2 * 3600);
    const auto used = it.desk.engine.usage(acme, day(2014_y / 1 / 1), it.desk.now + 1us).value();
    ASSERT_EQ(used.size(), 2U);
    EXPECT_EQ(used[0].used, 3 * 3600);
    EXPECT_EQ(used[0].postings, 1U);
    EXPECT_EQ(used[1].used, 2 * 3600);
    EXPECT_EQ(used[1].postings, 0U);
}

TEST(LateHold, top_ups_that_come_first_in_burn_order_carry_it) {
    MonthlyHours it{10h};
    ASSERT_THAT(it.desk.run(TopUp{.id = it.id, .amount = Hours{2h}, .priority = 1}), ok());
    it.hold("c", 3h);
    it.february();
    EXPECT_EQ(it.left_hours(), 13h) << "10 anew, 2 of the top-up, 1 set aside";
    EXPECT_EQ(it.available(), 10h);
    ASSERT_THAT(it.resolve("c", 3h), ok());
    EXPECT_EQ(it.left_hours(), 10h);
    EXPECT_EQ(it.of(EntryKind::draw).back().amount, 2 * 3600);
    EXPECT_EQ(it.is().top_ups.open.front().left, 0);
    ASSERT_THAT(it.desk.reactivate("c"), ok());
    EXPECT_EQ(it.is().top_ups.open.front().left, 2 * 3600);
    EXPECT_EQ(it.left_hours(), 12h);
}

TEST(LateHold, what_is_lost_of_it_and_owed_is_paid_by_top_ups) {
    MonthlyHours it{10h};
    ASSERT_THAT(it.desk.run(TopUp{.id = it.id, .amount = Hours{5h}, .priority = 200}), ok());
    it.hold("c", 3h);
    it.february();
    ASSERT_THAT(it.desk.open("other"), ok());
    ASSERT_THAT(it.resolve("other", 12h), ok());
    EXPECT_EQ(it.is().top_ups.open.front().left, 5 * 3600) << "2 were of what is set aside";
    ASSERT_THAT(it.desk.run(ReleaseTerms{.id = "c"_case}), ok());
    EXPECT_EQ(it.is().top_ups.open.front().left, 3 * 3600);
    EXPECT_EQ(it.left_hours(), 3h);
}

TEST(LateHold, top_ups_get_back_what_they_paid_within_it_and_beyond_it) {
    MonthlyHours it{10h};
    const auto top_up = [&](Time amount, std::int32_t priority) {
        const Outcome made = it.desk.run(TopUp{.id = it.id, .amount = Hours{amount}, .priority = priority});
        EXPECT_THAT(made, ok());
        return made->number;
    };
    const auto rest = [&](std::uint64_t number) {
        Entitlement now = it.is();
        return std::chrono::floor<Time>(std::chrono::seconds{now.top_ups.find(number)->left});
    };
    const std::uint64_t first = top_up(4h, 1);
    const std::uint64_t second = top_up(2h, 2);
    it.hold("c", 3h);
    it.february();
    ASSERT_THAT(it.resolve("c", 6h), ok());
    EXPECT_EQ(rest(first), 0h) << "3 within the hold, and 1 beyond it";
    EXPECT_EQ(rest(second), 0h);
    EXPECT_EQ(it.left_hours(), 10h);
    ASSERT_THAT(it.desk.reactivate("c"), ok());
    EXPECT_EQ(rest(first), 4h);
    EXPECT_EQ(rest(second), 2h);
    EXPECT_EQ(it.left_hours(), 16h);
}

TEST(LateHold, of_top_ups_that_are_used_together_the_one_that_was_made_first_pays_though_it_began_later) {
    MonthlyHours it{10h};
    const Instant later = day(2014_y / 1 / 20);
    for (const auto& [from, rollover] : {std::pair{later, Hours{0h}}, std::pair{it.desk.now, Hours{1h}}}) {
        ASSERT_THAT(it.desk.run(TopUp{
                        .id = it.id, .amount = Hours{2h}, .priority = 1, .from = from, .rollover = rollover}),
                    ok());
    }
    it.hold("c", 2h);
    it.february();
    EXPECT_EQ(it.left_hours(), 11h) << "of the one that was made second an hour has passed";
    ASSERT_THAT(it.resolve("c", 2h), ok());
    EXPECT_EQ(it.left_hours(), 11h) << "January's two hours were those of the one that lapsed";
    EXPECT_EQ(it.is().top_ups.open.back().left, 3600);
}

TEST(LateHold, a_top_up_pays_within_it_what_it_still_has) {
    MonthlyHours it{10h};
    ASSERT_THAT(it.desk.run(TopUp{.id = it.id, .amount = Hours{3h}, .priority = 1}), ok());
    it.hold("c", 3h);
    it.february();
    ASSERT_THAT(it.desk.open("other"), ok());
    ASSERT_THAT(it.resolve("other", 2h), ok());
    EXPECT_EQ(it.left_hours(), 11h) << "1 of the top-up";
    ASSERT_THAT(it.resolve("c", 3h), ok());
    EXPECT_EQ(it.is().top_ups.open.front().left, 0);
    EXPECT_EQ(it.left_hours(), 8h);
    ASSERT_THAT(it.desk.reactivate("c"), ok());
    EXPECT_EQ(it.is().top_ups.open.front().left, 3600);
}

/// A ledger whose top-ups somebody numbered anew, behind the engine's back.
class RenumberedTopUps : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;

    [[nodiscard]] Result<Commit> history(CustomerId customer, EntitlementId entitlement, std::uint64_t from,
                                         std::vector<entitle::Entry>& out) override {
        auto found = ForwardingStore::history(customer, entitlement, from, out);
        for (entitle::Entry& entry : out) {
            if (entry.command == CommandKind::top_up) entry.number += 1'000;
        }
        return found;
    }
};

TEST(LateHold, that_a_top_up_paid_which_is_nowhere_else_is_paid_by_what_was_agreed) {
    MonthlyHours it{10h};
    ASSERT_THAT(it.desk.run(TopUp{.id = it.id, .amount = Hours{2h}, .priority = 1}), ok());
    it.hold("c", 3h);
    it.february();
    RenumberedTopUps store{it.desk.store};
    Engine engine{store};
    ASSERT_THAT(engine.resolve_case({.customer = acme, .id = "c"_case, .time_spent = 3h}, it.desk.now), ok());
    EXPECT_EQ(it.is().top_ups.open.front().left, 2 * 3600);
}

/// The boundary's entry of the total comes before that of the channel, and is the first that tells of either.
TEST(LateReversal, on_a_channel_that_no_entry_told_of_before_the_boundary_since_the_archive) {
    for (const std::int64_t back : {0, 1}) {
        InForce it{on_creation(5), {{Channel::phone, cases(5)}}, a_month(cases(3 + back))};
        for (const char* name : {"c1", "c2"}) ASSERT_THAT(it.desk.open(name, Channel::phone), ok());
        const auto seal = it.desk.engine.seal(acme);
        ASSERT_TRUE(seal && it.desk.engine.archive(acme, seal->number));
        it.at(2014_y / 2 / 10);
        ASSERT_THAT(it.desk.open("other", Channel::phone), ok());
        EXPECT_EQ(it.left(Channel::phone), 7) << "3 of January's passed, and one is used";
        ASSERT_THAT(it.desk.cancel("c1"), ok());
        EXPECT_EQ(it.left(), 7 + back) << "of 4 that January would have had left, so many would have passed";
        EXPECT_EQ(it.left(Channel::phone), 7 + back);
    }
}

TEST(LateReversal, on_a_channel_of_which_it_is_the_first_to_tell_since_the_archive) {
    // what is owed of a channel without terms of its own no boundary moves
    InForce it{unrestricted(5), {{Channel::phone, cases(0)}}, a_month({}, true)};
    for (const char* name : {"c1", "c2"}) ASSERT_THAT(it.desk.open(name, Channel::phone), ok());
    const auto seal = it.desk.engine.seal(acme);
    ASSERT_TRUE(seal && it.desk.engine.archive(acme, seal->number));
    it.at(2014_y / 2 / 10);
    ASSERT_THAT(it.desk.open("other"), ok());
    EXPECT_EQ(it.left(Channel::phone), -2);
    ASSERT_THAT(it.desk.cancel("c1"), ok());
    EXPECT_EQ(it.left(Channel::phone), -1);
}

TEST(LateReversal, what_is_posted_after_the_boundary_takes_nothing_of_the_period_before) {
    InForce it{on_resolution(5), {}, a_month(cases(2))};
    const auto use = [&](const char* name) {
        EXPECT_THAT(it.desk.open(name), ok());
        EXPECT_THAT(it.desk.resolve(name), ok());
    };
    for (const char* name : {"c1", "c2", "c3"}) use(name);
    it.at(2014_y / 2 / 10);
    ASSERT_THAT(it.desk.open("held"), ok());
    ASSERT_THAT(it.desk.run(HoldTerms{.id = "held"_case, .quantity = cases(1)}), ok());
    ASSERT_THAT(it.desk.cancel("held"), ok());
    use("c4");
    EXPECT_EQ(it.left(), 6);
    ASSERT_THAT(it.desk.reactivate("c1"), ok());
    EXPECT_EQ(it.left(), 6) << "January's 3 pass as its 2 did";
}

/// Five cases a month, of which three pass. Of January nothing more could: what comes back to it in March does not take
/// the place of what comes back to February.
struct FromJanuary : InForce {
    explicit FromJanuary(const std::function<void(InForce&)>& happens)
        : InForce{on_resolution(5), {}, a_month(cases(3))} {
        EXPECT_THAT(desk.open("january"), ok());
        happens(*this);
        at(2014_y / 2 / 10);
        for (const char* name : {"february", "f2", "f3", "f4", "f5", "f6"}) {
            EXPECT_THAT(desk.open(name), ok());
            EXPECT_THAT(desk.resolve(name), ok());
        }
        at(2014_y / 3 / 10);
    }
    void comes_back(const Outcome& of_january) {
        EXPECT_THAT(of_january, ok());
        EXPECT_EQ(left(), 7);
        EXPECT_THAT(desk.reactivate("february"), ok());
        EXPECT_EQ(left(), 8);
    }
    [[nodiscard]] static std::function<void(InForce&)> held_until(std::optional<Instant> end) {
        return [end](InForce& it) {
            const HoldTerms hold{.id = "january"_case, .quantity = cases(1), .expires = end};
            EXPECT_THAT(it.desk.run(hold), ok());
        };
    }
};

TEST(LateReversal, counts_another_of_an_earlier_period) {
    FromJanuary it{[](InForce& desk) { EXPECT_THAT(desk.desk.resolve("january"), ok()); }};
    it.comes_back(it.desk.reactivate("january"));
}

TEST(LateReversal, counts_a_release_of_an_earlier_period) {
    FromJanuary it{FromJanuary::held_until({})};
    it.comes_back(it.desk.cancel("january"));
}

TEST(LateReversal, counts_a_hold_of_an_earlier_period_that_has_expired) {
    FromJanuary it{FromJanuary::held_until(day(2014_y / 3 / 5))};
    it.comes_back(it.desk.open("march"));
}

TEST(LateHold, before_1970_is_of_what_was_agreed_where_that_ends_before_a_top_up) {
    Desk desk;
    desk.now = day(1901_y / 1 / 2);
    Draft draft = agreed({.total = Hours{10h}, .decrease_on = DecreaseOn::resolution, .restricted = true});
    draft.coverage = {1901_y / 1 / 1, 1901_y / 12 / 31, "UTC"};
    draft.period = a_month();
    const EntitlementId id = desk.grant(draft);
    ASSERT_THAT(desk.run(TopUp{.id = id, .amount = Hours{4h}, .expires = day(1901_y / 3 / 15)}), ok());
    ASSERT_THAT(desk.open("c"), ok());
    ASSERT_THAT(desk.run(HoldTerms{.id = "c"_case, .quantity = Hours{3h}}), ok());
    desk.now = day(1901_y / 2 / 10);
    ASSERT_THAT(desk.resolve("c", 3h), ok());
    EXPECT_EQ(desk.entitlement(id).top_ups.open.front().left, 4 * 3600);
}

TEST(LateReversal, counts_a_top_up_that_began_unseen_on_its_channel) {
    InForce it{on_creation(5), {{Channel::phone, cases(5)}}, a_month(cases(6))};
    ASSERT_THAT(it.desk.open("c", Channel::phone), ok());
    ASSERT_THAT(
        it.desk.run(
            TopUp{.id = it.id, .amount = cases(3), .channel = Channel::phone, .from = day(2014_y / 1 / 20)}),
        ok());
    it.at(2014_y / 2 / 10);
    EXPECT_EQ(it.left(Channel::phone), 5 + 4 + 3);
    ASSERT_THAT(it.desk.cancel("c"), ok());
    EXPECT_EQ(it.left(Channel::phone), 5 + 5 + 3);
}

/// What a case held is of January, in February, when the balance can sink no further.
struct AtTheLimit : InForce {
    explicit AtTheLimit(const Terms& then = on_resolution(5)) : InForce{on_resolution(5), {}, a_month()} {
        EXPECT_THAT(desk.open("c"), ok());
        EXPECT_THAT(desk.run(HoldTerms{.id = "c"_case, .quantity = cases(1)}), ok());
        EXPECT_THAT(desk.run(Amend{.id = id, .changes = {.description = "as before", .terms = then}}), ok());
        at(2014_y / 2 / 10);
        for (const std::int64_t by : {-max_terms, std::int64_t{-6}}) {
            EXPECT_THAT(desk.run(Adjust{.id = id, .quantity = cases(by), .reason = "counted"}), ok());
        }
        EXPECT_EQ(left(), -max_terms);
    }
};

TEST(LateHold, is_not_ended_where_what_is_lost_would_pass_the_limit_of_a_balance) {
    AtTheLimit it;
    const auto past_it = refused(ErrorCode::terms_overflow);
    EXPECT_THAT(it.desk.run(ReleaseTerms{.id = "c"_case}), past_it);
    EXPECT_THAT(it.desk.run(HoldTerms{.id = "c"_case, .quantity = cases(2)}), past_it);
    EXPECT_THAT(it.desk.cancel("c"), past_it);
    EXPECT_THAT(it.desk.resolve("c"), past_it);
}

TEST(LateHold, is_not_ended_past_the_limit_by_a_resolution_that_posts_nothing) {
    AtTheLimit posted_at_opening{on_creation(5)};
    EXPECT_THAT(posted_at_opening.desk.resolve("c"), refused(ErrorCode::terms_overflow));
}

TEST(LateHold, is_not_ended_past_the_limit_by_a_resolution_without_time_spent) {
    MonthlyHours it{10h};
    it.hold("c", 3h);
    it.february();
    for (const Time by : {-Time{max_terms}, Time{-13}}) {
        ASSERT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = Hours{by}, .reason = "counted"}), ok());
    }
    EXPECT_THAT(it.resolve("c", 0h), refused(ErrorCode::terms_overflow));
}

/// Shows a rule other entries than those that are kept.
class OtherHistory : public ForwardingStore {
public:
    OtherHistory(Store& inner, std::function<void(Entry&)> edit)
        : ForwardingStore{inner}, edit_{std::move(edit)} {}

    [[nodiscard]] Result<Commit> history(CustomerId customer, EntitlementId entitlement, std::uint64_t from,
                                         std::vector<Entry>& out) override {
        auto told = ForwardingStore::history(customer, entitlement, from, out);
        for (Entry& entry : out) edit_(entry);
        return told;
    }

private:
    std::function<void(Entry&)> edit_;
};

TEST(LateReversal, of_what_top_ups_paid_by_no_entry_comes_to_something) {
    const std::vector<std::function<void(Entry&)>> edits{[](Entry& entry) {
                                                             if (entry.kind == EntryKind::draw)
                                                                 entry.kind = EntryKind::note;
                                                         },
                                                         [](Entry& entry) { entry.reason.clear(); }};
    for (const auto& edit : edits) {
        MonthlyHours it{10h};
        ASSERT_THAT(it.desk.run(TopUp{.id = it.id, .amount = Hours{4h}, .priority = 1}), ok());
        it.hold("c", 3h);
        it.february();
        ASSERT_THAT(it.resolve("c", 4h), ok());
        it.at(2014_y / 3 / 10);
        OtherHistory other{it.desk.store, edit};
        Engine there{other};
        EXPECT_THAT(there.reactivate_case({.customer = acme, .id = "c"_case}, it.desk.now), ok());
    }
}

TEST(LateHold, an_archived_period_is_taken_for_one_that_everything_passed) {
    MonthlyHours it{10h};
    it.hold("c", 3h);
    it.february();
    ASSERT_THAT(it.desk.open("other"), ok());
    const auto seal = it.desk.engine.seal(acme);
    ASSERT_TRUE(seal && it.desk.engine.archive(acme, seal->number));
    ASSERT_THAT(it.resolve("c", 2h), ok());
    EXPECT_EQ(it.left_hours(), 11h);
}

// The audit.

struct AuditedHold : MonthlyHours {
    explicit AuditedHold(Time rollover) : MonthlyHours{10h, a_month(Hours{rollover})} {
        hold("c", 3h);
        february();
        EXPECT_THAT(resolve("c", 2h), ok());
    }
    /// 0, 1: granted; 2: opened; 3: held; 4, 5: set aside, boundary; 6: release; 7: posting; 8: forfeit.
    [[nodiscard]] std::string after(std::function<void(std::vector<Entry>&)> tamper) {
        TamperedStore tampered{desk.store};
        tampered.entries = std::move(tamper);
        const auto report = Engine{tampered}.audit();
        return report->ok() ? "ok" : std::string{report->first->what};
    }
};

TEST(LateHoldAudit, names_what_does_not_follow) {
    AuditedHold it{1h};
    ASSERT_EQ(it.desk.entries().size(), 9U);
    EXPECT_EQ(it.after([](auto&) {}), "ok");
    EXPECT_EQ(it.after([](auto& entries) { entries[4].amount = 3600; }), "what holds set aside");
    EXPECT_EQ(it.after([](auto& entries) { entries[4].kind = EntryKind::lapse; }), "what holds set aside");
    EXPECT_EQ(it.after([](auto& entries) { entries[5].total_moved += 1; }), "boundary of the total");
    EXPECT_EQ(it.after([](auto& entries) { entries[8].total_moved += 1; }), "forfeit");
    EXPECT_EQ(it.after([](auto& entries) { entries.pop_back(); }), "forfeit");
}

TEST(LateHoldAudit, names_a_posting_that_is_not_of_the_period_of_its_hold) {
    AuditedHold it{20h};
    ASSERT_EQ(it.desk.entries().size(), 8U) << "nothing is forfeited";
    EXPECT_EQ(it.after([](auto&) {}), "ok");
    EXPECT_EQ(it.after([](auto& entries) { entries[7].reverses = {}; }), "period of a posting");
    EXPECT_EQ(it.after([](auto& entries) { entries[7].reverses.ordinal += 1; }), "period of a posting");
}

TEST(LateHoldAudit, names_a_posting_that_is_said_to_be_of_another_period) {
    MonthlyHours it{10h};
    it.hold("c", 3h);
    ASSERT_THAT(it.resolve("c", 2h), ok());
    TamperedStore tampered{it.desk.store};
    tampered.entries = [](std::vector<Entry>& entries) {
        entries.back().reverses = {entries[3].number, entries[3].ordinal};
    };
    EXPECT_EQ(Engine{tampered}.audit()->first->what, "period of a posting");
}

}  // namespace
}  // namespace conformance
