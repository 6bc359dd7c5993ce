#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "in_force.hpp"
#include "tampered_store.hpp"

// Section 8: holds that expire meet top-ups, changes of entitlement, forecasts, archives and long silence.

namespace conformance {
namespace {

using Time = std::chrono::hours;

/// Hours that are used when a case is resolved, anew each month.
struct Meeting : InForce {
    explicit Meeting(Time total, std::optional<Quantity> rollover = {},
                     const Policy& policy = policy::standard)
        : InForce{{.total = Hours{total}, .decrease_on = DecreaseOn::resolution, .restricted = true},
                  {},
                  a_month(rollover),
                  policy} {}

    void hold(const std::string& name, Time amount, std::optional<Instant> until) {
        EXPECT_THAT(desk.open_on(id, name), ok());
        EXPECT_THAT(
            desk.run(HoldTerms{.id = CaseId::from_name(name), .quantity = Hours{amount}, .expires = until}),
            ok());
    }
    void spend(const std::string& name, Time time) {
        EXPECT_THAT(desk.open_on(id, name), ok());
        EXPECT_THAT(desk.resolve(name, time), ok());
    }
    void top_up(Time amount, std::int32_t priority) {
        EXPECT_THAT(desk.run(TopUp{.id = id, .amount = Hours{amount}, .priority = priority}), ok());
    }
    /// A command that only lets time be recorded.
    void touch() {
        EXPECT_THAT(desk.run(Amend{.id = id, .changes = {.description = std::to_string(++touched)}}), ok());
    }
    [[nodiscard]] Time left_hours() const { return std::chrono::floor<Time>(std::chrono::seconds{left()}); }
    [[nodiscard]] Time top_up_left() const {
        return std::chrono::floor<Time>(std::chrono::seconds{is().top_ups.open.front().left});
    }

    int touched = 0;
};

TEST(ExpiringHoldBesideATopUp, is_still_ended_by_its_instant) {
    Meeting it{10h};
    it.top_up(1h, 200);
    it.hold("c", 3h, day(2014_y / 1 / 10, 0us));
    it.top_up(2h, 200);
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, day(2014_y / 1 / 10, 0us));
    it.at(2014_y / 1 / 11);
    EXPECT_EQ(it.is().held, 0);
    it.hold("d", 3h, day(2014_y / 1 / 20, 0us));
    EXPECT_THAT(it.desk.run(VoidTopUp{.id = it.id, .top_up = it.is().top_ups.open.front().number}), ok());
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, day(2014_y / 1 / 20, 0us));
}

/// 10 a month, 5 more that are used last, and 3 held over a boundary, whose loss others have used.
struct Lost : Meeting {
    Lost() : Meeting{10h} {
        top_up(5h, 200);
        hold("c", 3h, day(2014_y / 2 / 20, 0us));
        at(2014_y / 2 / 5);
        spend("other", 12h);
        EXPECT_EQ(left_hours(), 6h) << "1 of what was agreed, with what is set aside, and 5";
    }
};

TEST(ExpiringHoldBesideATopUp, whose_loss_is_owed_is_settled_by_it_at_once) {
    Lost it;
    it.at(2014_y / 2 / 21);
    EXPECT_EQ(it.left_hours(), 3h);
    EXPECT_EQ(it.top_up_left(), 3h);
    it.touch();
    const auto settled = it.of(EntryKind::settlement);
    ASSERT_EQ(settled.size(), 1U);
    EXPECT_EQ(settled[0].amount, 2 * 3600);
    EXPECT_EQ(settled[0].at, day(2014_y / 2 / 20, 0us));
    EXPECT_EQ(settled[0].total_moved, 0);
    EXPECT_EQ(settled[0].reverses.number, it.of(EntryKind::top_up)[0].number);
    EXPECT_EQ(fmt::format("{}", settled[0]).substr(5),
              "amend settlement: +0 (10800 left), +7200 paid by top-up #3");
}

TEST(ExpiringHoldBesideATopUp, whose_loss_is_owed_on_its_channel_too_is_settled_there_too) {
    const Quantity ten = Hours{10h};
    InForce it{{.total = ten, .decrease_on = DecreaseOn::resolution, .restricted = true},
               {{Channel::phone, ten}},
               a_month()};
    const Outcome top_up =
        it.desk.run(TopUp{.id = it.id, .amount = Hours{5h}, .channel = Channel::phone, .priority = 200});
    ASSERT_THAT(top_up, ok());
    ASSERT_THAT(it.desk.open("c", Channel::phone), ok());
    ASSERT_THAT(
        it.desk.run(HoldTerms{.id = "c"_case, .quantity = Hours{3h}, .expires = day(2014_y / 2 / 20, 0us)}),
        ok());
    it.at(2014_y / 2 / 5);
    ASSERT_THAT(it.desk.open("other", Channel::phone), ok());
    ASSERT_THAT(it.desk.resolve("other", 12h), ok());
    it.at(2014_y / 2 / 21);
    ASSERT_THAT(it.desk.cancel("c"), ok());
    const auto settled = it.of(EntryKind::settlement);
    ASSERT_EQ(settled.size(), 2U);
    for (const Entry& one : settled) {
        EXPECT_EQ(one.amount, 2 * 3600);
        EXPECT_EQ(one.total_moved, 0);
        EXPECT_EQ(one.channel_moved, 0);
        EXPECT_EQ(one.reverses, (EntryRef{top_up->number, 0}));
    }
    EXPECT_TRUE(settled[0].channel.is_none());
    EXPECT_EQ(settled[1].channel, Channel{Channel::phone});
    const TopUpState rest = it.is().top_ups.open.front();
    EXPECT_EQ(rest.left, 3 * 3600);
    EXPECT_EQ(rest.channel_left, 3 * 3600);
    EXPECT_EQ(it.left(), 3 * 3600);
    EXPECT_EQ(it.left(Channel::phone), 3 * 3600);
}

TEST(ExpiringHoldBesideATopUp, whose_loss_is_owed_by_a_second_is_settled_too) {
    Meeting it{10h};
    it.top_up(5h, 200);
    it.hold("c", 3h, day(2014_y / 2 / 20, 0us));
    it.at(2014_y / 2 / 5);
    ASSERT_THAT(it.desk.open_on(it.id, "other"), ok());
    ASSERT_THAT(it.desk.resolve("other", 10h + 1s), ok());
    it.at(2014_y / 2 / 21);
    EXPECT_EQ(it.left(), 5 * 3600 - 1);
    EXPECT_EQ(it.is().top_ups.open.front().left, 5 * 3600 - 1);
}

TEST(ExpiringHoldBesideATopUp, comes_to_the_same_whoever_looks_when) {
    for (const bool looks : {true, false}) {
        Lost it;
        it.at(2014_y / 2 / 21);
        if (looks) it.touch();
        it.at(2014_y / 3 / 2);
        EXPECT_EQ(it.left_hours(), 13h);
        it.touch();
        EXPECT_EQ(it.left_hours(), 13h);
        EXPECT_EQ(it.top_up_left(), 3h);
    }
}

TEST(ExpiringHoldBesideATopUp, whose_loss_it_has_settled_leaves_nothing_owed_to_what_comes_back_later) {
    Meeting it{10h, Hours{4h}};
    it.top_up(5h, 200);
    it.hold("c", 3h, day(2014_y / 2 / 20, 0us));
    it.at(2014_y / 2 / 5);
    it.spend("more", 14h);
    it.spend("less", 2h);
    it.at(2014_y / 3 / 5);
    EXPECT_EQ(it.left_hours(), 13h) << "10 anew, and 3 of the top-up, which has settled 2";
    ASSERT_THAT(it.desk.reactivate("less"), ok());
    EXPECT_EQ(it.left_hours(), 15h);
}

struct SettlementEdit {
    const char* name;
    std::function<void(Entry&)> edit;
};

class SettlementAudit : public testing::TestWithParam<SettlementEdit> {};

TEST_P(SettlementAudit, finds_it) {
    Lost it;
    it.at(2014_y / 3 / 2);
    it.touch();
    TamperedStore tampered{it.desk.store};
    ASSERT_TRUE(Engine{tampered}.audit()->ok());
    tampered.entries = [](std::vector<Entry>& all) {
        for (Entry& entry : all) {
            if (entry.kind == EntryKind::settlement) GetParam().edit(entry);
        }
    };
    EXPECT_FALSE(Engine{tampered}.audit()->ok());
}

INSTANTIATE_TEST_SUITE_P(
    Edits, SettlementAudit,
    testing::Values(SettlementEdit{"of_more", [](Entry& e) { e.amount += 1; }},
                    SettlementEdit{"of_less", [](Entry& e) { e.amount -= 1; }},
                    SettlementEdit{"by_another", [](Entry& e) { e.reverses.number += 1; }},
                    SettlementEdit{"of_another_counter", [](Entry& e) { e.channel = Channel::phone; }},
                    SettlementEdit{"that_is_another_thing", [](Entry& e) { e.kind = EntryKind::lapse; }}),
    [](const auto& row) { return row.param.name; });

TEST(ExpiringHold, is_ended_on_the_entitlement_that_its_case_leaves) {
    Meeting it{10h};
    const EntitlementId other = it.desk.grant(
        agreed({.total = Hours{5h}, .decrease_on = DecreaseOn::resolution, .restricted = true}));
    it.hold("c", 3h, day(2014_y / 1 / 10, 0us));
    it.at(2014_y / 1 / 11);
    EXPECT_THAT(it.desk.run(ChangeEntitlement{.id = "c"_case, .entitlement = other}), ok());
    const auto ended = it.of(EntryKind::hold_expiry);
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].entitlement, it.id);
    EXPECT_EQ(it.desk.entitlement(it.id).held, 0);
    EXPECT_TRUE(it.desk.entitlement(it.id).holds.open.empty());
    it.touch();
    EXPECT_EQ(it.of(EntryKind::hold_expiry).size(), 1U);
}

/// A store as it looks to a host that does not know the time zones of its agreements.
class ElsewhereStore : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;

    [[nodiscard]] Result<void> view(const Footprint& footprint, View& out) override {
        auto shown = ForwardingStore::view(footprint, out);
        if (!shown) return shown;
        rows_.assign(out.rows.begin(), out.rows.end());
        records_.clear();
        for (EntitlementRow& row : rows_) {
            EntitlementRecord& record = records_.emplace_back(*row.record);
            record.agreement.coverage.time_zone = "Moon/Base";
            row.record = &record;
        }
        out.rows = rows_;
        return shown;
    }

private:
    std::vector<EntitlementRow> rows_{};
    std::deque<EntitlementRecord> records_{};
};

TEST(ExpiringHold, is_not_ended_where_nobody_knows_when_its_period_does) {
    Meeting it{10h};
    it.hold("c", 3h, day(2014_y / 3 / 20, 0us));
    ElsewhereStore elsewhere{it.desk.store};
    Engine there{elsewhere};
    const auto resolve = [&] {
        return there.resolve_case({.customer = acme, .id = "c"_case, .time_spent = 1h}, it.desk.now);
    };
    EXPECT_THAT(there.release_terms({.customer = acme, .id = "c"_case}, it.desk.now),
                refused(ErrorCode::unknown_time_zone));
    EXPECT_THAT(resolve(), refused(ErrorCode::unknown_time_zone));
    it.at(2014_y / 2 / 10);
    it.touch();
    EXPECT_THAT(resolve(), refused(ErrorCode::unknown_time_zone)) << "nor once it is of a former one";
}

TEST(ExpiringHold, is_not_moved_where_nobody_knows_when_its_period_does) {
    InForce it{unrestricted(1, DecreaseOn::resolution),
               {{Channel::phone, cases(1)}, {Channel::email, cases(1)}},
               a_month()};
    ASSERT_THAT(it.desk.open("c", Channel::phone), ok());
    // so much that it could not be held once more
    ASSERT_THAT(
        it.desk.run(HoldTerms{
            .id = "c"_case, .quantity = cases(2 * max_terms + 1), .expires = day(2014_y / 3 / 20, 0us)}),
        ok());
    ElsewhereStore elsewhere{it.desk.store};
    Engine there{elsewhere};
    const ChangeOrigin change{.customer = acme, .id = "c"_case, .origin = Channel::email};
    EXPECT_THAT(there.change_origin(change, it.desk.now), refused(ErrorCode::unknown_time_zone));
}

TEST(ExpiringHold, is_not_ended_on_an_entitlement_that_a_command_does_not_touch) {
    Meeting it{10h};
    const EntitlementId other = it.desk.grant(
        agreed({.total = Hours{5h}, .decrease_on = DecreaseOn::resolution, .restricted = true}));
    it.hold("c", 3h, day(2014_y / 1 / 10, 0us));
    ASSERT_THAT(it.desk.open_on(other, "d"), ok());
    ASSERT_THAT(
        it.desk.run(HoldTerms{.id = "d"_case, .quantity = Hours{1h}, .expires = day(2014_y / 1 / 10, 0us)}),
        ok());
    it.at(2014_y / 1 / 11);
    ASSERT_THAT(it.desk.cancel("c"), ok());
    EXPECT_EQ(it.of(EntryKind::hold_expiry).size(), 1U);
    EXPECT_EQ(it.desk.entitlement(other).holds.open.size(), 1U);
}

TEST(ExpiringHold, over_many_boundaries_without_movement_loses_less_at_each) {
    for (const bool looks : {true, false}) {
        Meeting it{1h, Hours{20h}};
        EXPECT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = Hours{30h}, .reason = "a gift"}), ok());
        it.hold("c", 3h, day(2014_y / 11 / 20, 0us));
        it.at(2014_y / 2 / 2);
        EXPECT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = Hours{-3h}, .reason = "a slip"}), ok());
        it.top_up(10h, 50);
        for (int month = 3; looks && month <= 11; ++month) {
            it.at(date::year{2014} / month / 3);
            it.touch();
        }
        it.at(2014_y / 11 / 25);
        EXPECT_EQ(it.left_hours(), 31h);
        EXPECT_EQ(it.desk.engine.balances_by_period(acme, it.id, it.desk.now)->back().total().remaining,
                  it.left());
        it.touch();
        EXPECT_EQ(it.left_hours(), 31h);
    }
}

TEST(LateHold, is_split_as_it_was_before_the_boundary) {
    Policy policy = policy::standard;
    policy.overage = Overage::split;
    Meeting it{10h, Hours{20h}, policy};
    it.hold("c", 3h, {});
    const auto adjust = [&](Time by) {
        EXPECT_THAT(it.desk.run(Adjust{.id = it.id, .quantity = Hours{by}, .reason = "a slip"}), ok());
    };
    adjust(-9h);
    it.at(2014_y / 2 / 5);
    it.spend("other", 8h);
    adjust(-3h);
    EXPECT_EQ(it.left_hours(), 0h);
    EXPECT_THAT(it.desk.resolve("c", 6h), ok());
    EXPECT_EQ(it.desk.support_case("c").posted.quantity, 3 * 3600) << "what was held, not what came of it";
    EXPECT_EQ(it.desk.support_case("c").overage, 3 * 3600);
}

TEST(Forecast, sets_aside_at_boundaries_what_is_held_and_frees_it_when_it_expires) {
    const auto exhausted = [](std::optional<Instant> until) {
        Meeting it{10h};
        it.at(2014_y / 1 / 25);
        it.spend("before", 6h);
        it.at(2014_y / 2 / 2);
        it.hold("c", 8h, until);
        it.at(2014_y / 2 / 20);
        return it.desk.engine.forecast(acme, it.id, 30, it.desk.now)->front();
    };
    EXPECT_EQ(exhausted({}).available, 2 * 3600);
    EXPECT_EQ(exhausted({}).exhausted, std::nullopt) << "at 6 in 30 days 10 a month are never used up";
    EXPECT_EQ(exhausted(day(2014_y / 2 / 22, 0us)).exhausted, std::nullopt);
}

TEST(Forecast, has_top_ups_pay_what_the_end_of_a_hold_leaves_owed) {
    Meeting it{10h};
    it.top_up(8h, 200);
    it.hold("c", 3h, day(2014_y / 2 / 27, 0us));
    it.at(2014_y / 2 / 5);
    it.spend("other", 12h);
    it.at(2014_y / 2 / 26, 12h);
    const Forecast total = it.desk.engine.forecast(acme, it.id, 30, it.desk.now)->front();
    EXPECT_EQ(total.available, 6 * 3600);
    // at 0:24 a day March begins with 10 and 5 of the top-up, April with 10 and 2:36, and May with 10 and 0:36
    EXPECT_EQ(total.exhausted, day(2014_y / 5 / 27, 12h));
}

TEST(AnArchive, is_not_cut_where_later_entries_count_boundaries_again) {
    using Finish = std::function<void(Meeting&)>;
    const std::vector<Finish> late{
        [](Meeting& it) { it.touch(); },  // the hold expires
        [](Meeting& it) { EXPECT_THAT(it.desk.run(ReleaseTerms{.id = "c"_case}), ok()); },
        [](Meeting& it) { EXPECT_THAT(it.desk.resolve("c", 2h), ok()); },
        [](Meeting& it) { EXPECT_THAT(it.desk.reactivate("used"), ok()); }};
    for (std::size_t i = 0; i < late.size(); ++i) {
        SCOPED_TRACE(i);
        Meeting it{10h};
        it.spend("used", 1h);
        it.hold("c", 3h, i == 0 ? std::optional{day(2014_y / 2 / 20, 0us)} : std::nullopt);
        it.at(2014_y / 2 / 5);
        it.touch();
        const std::uint64_t cut = it.desk.engine.seal(acme)->number;
        it.at(2014_y / 2 / 21);
        late[i](it);
        const std::uint64_t last = it.desk.engine.seal(acme)->number;
        EXPECT_THAT(it.desk.engine.archive(acme, cut), refused(ErrorCode::boundaries_referred));
        EXPECT_TRUE(it.desk.engine.audit()->ok());
        EXPECT_TRUE(it.desk.engine.archive(acme, last));
        EXPECT_TRUE(it.desk.engine.audit()->ok());
    }
}

TEST(AnArchive, is_not_cut_between_a_top_up_and_its_end) {
    Meeting it{10h};
    EXPECT_THAT(it.desk.run(TopUp{.id = it.id, .amount = Hours{2h}, .expires = day(2014_y / 1 / 20, 0us)}),
                ok());
    const std::uint64_t cut = it.desk.engine.seal(acme)->number;
    it.at(2014_y / 1 / 21);
    it.touch();
    const std::uint64_t last = it.desk.engine.seal(acme)->number;
    EXPECT_THAT(it.desk.engine.archive(acme, cut), refused(ErrorCode::boundaries_referred));
    EXPECT_TRUE(it.desk.engine.archive(acme, last));
    EXPECT_TRUE(it.desk.engine.audit()->ok());
}

}  // namespace
}  // namespace conformance
