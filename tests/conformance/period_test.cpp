#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "in_force.hpp"
#include "tampered_store.hpp"

// Section 8, periods: "200 cases a month", through the ledger.

namespace conformance {
namespace {

using Step = Cycle::Step;

constexpr Cycle monthly{1, Step::months};

/// Monthly, unless a test says otherwise.
struct Monthly : InForce {
    explicit Monthly(Terms terms, std::vector<ChannelTerms> channels = {}, PeriodTerms period = a_month(),
                     const Policy& policy = policy::standard)
        : InForce{std::move(terms), std::move(channels), std::move(period), policy} {}

    /// The instants and movements of the boundaries that are recorded.
    [[nodiscard]] std::vector<std::pair<Instant, std::int64_t>> boundaries() const {
        std::vector<std::pair<Instant, std::int64_t>> out;
        for (const Entry& entry : desk.entries()) {
            if (entry.kind == EntryKind::period && !entry.channel)
                out.push_back({entry.at, entry.total_moved});
        }
        return out;
    }
};

TEST(Periods, give_the_full_total_again) {
    Monthly it{on_creation(2)};
    EXPECT_THAT(it.desk.open("a"), ok());
    EXPECT_THAT(it.desk.open("b"), ok());
    EXPECT_THAT(it.desk.open("c"), refused(ErrorCode::not_entitled));
    it.at(2014_y / 1 / 31, 24h - 1us);
    EXPECT_THAT(it.desk.open("c"), refused(ErrorCode::not_entitled));
    it.at(2014_y / 2 / 1, 0us);
    const Outcome opened = it.desk.open("c");
    ASSERT_THAT(opened, ok());
    EXPECT_EQ(opened->moved, cases(-1));
    EXPECT_EQ(opened->remaining, cases(1));
    EXPECT_THAT(it.boundaries(), testing::ElementsAre(std::pair{day(2014_y / 2 / 1, 0us), 2}));
}

TEST(Periods, are_recorded_with_the_next_command_and_before_it) {
    Monthly it{on_creation(5), {{Channel::phone, cases(2)}}};
    EXPECT_THAT(it.desk.open("a", Channel::phone), ok());
    it.at(2014_y / 3 / 10);
    EXPECT_THAT(it.desk.open("b", Channel::phone), ok());
    const std::vector<Entry> entries = it.desk.entries();
    ASSERT_EQ(entries.size(), 7U);
    const auto number = entries.back().number;
    const auto expect = [&](std::size_t at, EntryKind kind, Day date, std::int64_t total,
                            const Channel& channel, std::int64_t moved) {
        const Entry& entry = entries[at];
        EXPECT_EQ(entry.number, number);
        EXPECT_EQ(entry.kind, kind);
        EXPECT_EQ(entry.command, CommandKind::open_case);
        EXPECT_EQ(date::floor<date::days>(entry.at), date::sys_days{date});
        EXPECT_EQ(entry.total_moved, total);
        EXPECT_EQ(entry.channel, channel);
        EXPECT_EQ(entry.channel_moved, moved);
    };
    expect(3, EntryKind::period, 2014_y / 2 / 1, 1, {}, 0);
    expect(4, EntryKind::period, 2014_y / 2 / 1, 0, Channel::phone, 1);
    expect(5, EntryKind::period, 2014_y / 3 / 1, 0, {}, 0);
    expect(6, EntryKind::posting, 2014_y / 3 / 10, -1, Channel::phone, -1);
    EXPECT_EQ(it.desk.support_case("b").posted.entry, (EntryRef{number, 3}));
}

TEST(Periods, boundary_equal_to_the_start_is_none) {
    Monthly it{on_creation(5)};
    EXPECT_THAT(it.desk.open("a"), ok());
    EXPECT_TRUE(it.boundaries().empty());
    EXPECT_EQ(it.left(), 4);
}

TEST(Periods, written_down_at_a_boundary_do_not_pass_it) {
    Monthly it{on_creation(5)};
    it.desk.now = day(2014_y / 3 / 1, 0us);
    Draft draft = agreed(on_creation(3));
    draft.period = a_month();
    const EntitlementId late = it.desk.grant(draft);
    EXPECT_THAT(it.desk.open_on(late, "a"), ok());
    EXPECT_TRUE(it.boundaries().empty()) << "nothing is rolled retroactively";
    EXPECT_EQ(it.desk.entitlement(late).periods.due, day(2014_y / 4 / 1, 0us));
}

TEST(Periods, boundary_equal_to_a_reset_is_counted_once) {
    Monthly it{on_creation(5)};
    EXPECT_THAT(it.desk.open("a"), ok());
    it.at(2014_y / 2 / 1, 0us);
    EXPECT_THAT(
        it.desk.run(Amend{.id = it.id, .changes = {.period = PeriodTerms{{1, Step::months}, cases(1)}}}),
        ok());
    EXPECT_THAT(it.desk.open("b"), ok());
    EXPECT_THAT(it.boundaries(), testing::ElementsAre(std::pair{day(2014_y / 2 / 1, 0us), 1}));
    EXPECT_EQ(it.left(), 4);
}

TEST(Periods, unrelated_changes_never_apply_a_boundary_again) {
    Monthly it{on_creation(5)};
    EXPECT_THAT(it.desk.open("a"), ok());
    it.at(2014_y / 2 / 10);
    EXPECT_THAT(it.desk.open("b"), ok());
    for (const char* name : {"Renamed", "Renamed again"}) {
        EXPECT_THAT(it.desk.run(Amend{.id = it.id, .changes = {.name = name}}), ok());
    }
    EXPECT_THAT(it.desk.deactivate(it.id), ok());
    EXPECT_THAT(it.desk.run(SetChannel{.id = it.id, .channel = Channel::web, .total = cases(1)}), ok());
    EXPECT_THAT(it.desk.activate(it.id), ok());
    EXPECT_EQ(it.left(), 4);
    EXPECT_EQ(it.boundaries().size(), 1U);
}

TEST(Periods, one_long_catch_up_equals_many_short_ones) {
    const auto desk = [] {
        return Monthly{unrestricted(5), {{Channel::phone, cases(2)}}, a_month(cases(3))};
    };
    Monthly many = desk();
    Monthly one = desk();
    for (Monthly* it : {&many, &one}) {
        for (const char* id : {"a", "b", "c"}) EXPECT_THAT(it->desk.open(id, Channel::phone), ok());
    }
    for (unsigned month = 2; month <= 11; ++month) {
        many.at(2014_y / date::month{month} / 15);
        EXPECT_THAT(many.desk.run(Amend{.id = many.id, .changes = {.description = std::to_string(month)}}),
                    ok());
    }
    one.at(2014_y / 11 / 15);
    EXPECT_EQ(one.desk.engine.entitlement_at(acme, one.id, one.desk.now)->remaining, many.left());
    EXPECT_THAT(one.desk.run(Amend{.id = one.id, .changes = {.description = "11"}}), ok());
    EXPECT_EQ(one.boundaries(), many.boundaries());
    const auto moves = [](const Monthly& it) {
        std::vector<std::tuple<Instant, std::int64_t, std::int64_t, std::int64_t, std::int64_t>> out;
        for (const Entry& entry : it.of(EntryKind::period)) {
            out.emplace_back(entry.at, entry.total_moved, entry.remaining, entry.channel_moved,
                             entry.channel_remaining);
        }
        return out;
    };
    EXPECT_EQ(moves(one), moves(many));
    EXPECT_EQ(one.left(Channel::phone), many.left(Channel::phone));
}

TEST(Periods, clamp_the_ends_of_months) {
    Monthly it{on_creation(5), {}, {{1, Step::months, 2013_y / 12 / 31}}};
    it.at(2014_y / 5 / 1);
    EXPECT_THAT(it.desk.open("a"), ok());
    std::vector<Day> first_days;
    for (const auto& [at, moved] : it.boundaries()) first_days.emplace_back(date::floor<date::days>(at));
    EXPECT_THAT(first_days,
                testing::ElementsAre(2014_y / 1 / 31, 2014_y / 2 / 28, 2014_y / 3 / 31, 2014_y / 4 / 30));
}

TEST(Periods, end_with_the_coverage) {
    Monthly it{on_resolution(5)};
    it.at(2014_y / 12 / 15);
    EXPECT_THAT(it.desk.open("a"), ok());
    it.at(2015_y / 3 / 15);
    EXPECT_THAT(it.desk.resolve("a"), ok());
    EXPECT_EQ(it.left(), 4) << "belongs to the last period";
    EXPECT_EQ(it.boundaries().size(), 11U);
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, Instant::max());
}

TEST(Periods, pass_in_draft_too) {
    Monthly it{on_creation(5)};
    EXPECT_THAT(it.desk.open("a"), ok());
    EXPECT_THAT(it.desk.deactivate(it.id), ok());
    it.at(2014_y / 4 / 2);
    EXPECT_EQ(it.left(), 5);
    EXPECT_THAT(it.desk.activate(it.id), ok());
    EXPECT_EQ(it.boundaries().size(), 3U);
}

TEST(Periods, end_when_it_is_canceled) {
    Monthly it{on_creation(5)};
    EXPECT_THAT(it.desk.open("a"), ok());
    it.at(2014_y / 2 / 2);
    EXPECT_THAT(it.desk.open("b"), ok());
    it.at(2014_y / 3 / 2);
    EXPECT_THAT(it.desk.run(Cancel{.id = it.id}), ok());
    EXPECT_EQ(it.left(), 5) << "those that had come have passed";
    it.at(2014_y / 4 / 2);
    EXPECT_THAT(it.desk.cancel("b"), ok());
    EXPECT_EQ(it.boundaries().size(), 2U);
    EXPECT_EQ(it.left(), 5) << "what comes back to February is forfeited";
}

TEST(Periods, carry_over_what_is_left_up_to_the_cap) {
    Monthly it{on_creation(5), {{Channel::phone, cases(4)}}, a_month(cases(3))};
    EXPECT_THAT(it.desk.open("a", Channel::phone), ok());
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 8);
    EXPECT_EQ(it.left(Channel::phone), 7);
    for (const char* id : {"b", "c", "d", "e", "f", "g"}) EXPECT_THAT(it.desk.open(id, Channel::phone), ok());
    it.at(2014_y / 3 / 2);
    EXPECT_EQ(it.left(), 7);
    EXPECT_EQ(it.left(Channel::phone), 5);
}

TEST(Periods, drop_what_is_owed) {
    Monthly it{unrestricted(1)};
    for (const char* id : {"a", "b", "c"}) EXPECT_THAT(it.desk.open(id), ok());
    EXPECT_EQ(it.left(), -2);
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 1);
}

TEST(Periods, carry_what_is_owed_where_overage_is_preserved) {
    Monthly it{unrestricted(1), {{Channel::phone, cases(1)}}, a_month(cases(1), true)};
    for (const char* id : {"a", "b", "c", "d"}) EXPECT_THAT(it.desk.open(id, Channel::phone), ok());
    EXPECT_EQ(it.left(), -3);
    std::vector<std::int64_t> left;
    for (unsigned month = 2; month <= 7; ++month) {
        it.at(2014_y / date::month{month} / 2);
        left.push_back(it.left());
        EXPECT_EQ(it.left(Channel::phone), it.left());
    }
    EXPECT_THAT(left, testing::ElementsAre(-2, -1, 0, 1, 2, 2));
    EXPECT_THAT(it.desk.open("e", Channel::phone), ok());
    EXPECT_EQ(it.left(), 1);
}

TEST(Periods, leave_no_trace_of_a_command_that_is_refused) {
    Monthly it{on_creation(1), {{Channel::phone, cases(1)}}};
    it.at(2014_y / 2 / 2);
    EXPECT_THAT(it.desk.open("a", Channel::facebook), refused(ErrorCode::not_entitled));
    EXPECT_THAT(it.desk.resolve("nobody"), refused(ErrorCode::unknown_case));
    EXPECT_TRUE(it.boundaries().empty());  // the desk has looked for any other trace
}

TEST(Periods, of_another_entitlement_wait_for_a_command_there) {
    Monthly it{on_creation(1)};
    Draft draft = agreed(on_creation(3));
    draft.period = a_month();
    const EntitlementId other = it.desk.grant(draft);
    EXPECT_THAT(it.desk.open("a"), ok());
    it.at(2014_y / 2 / 2);
    EXPECT_THAT(it.desk.open_on(other, "b"), ok());
    EXPECT_EQ(it.boundaries().size(), 1U);
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, day(2014_y / 2 / 1, 0us));
    EXPECT_EQ(it.left(), 1);
}

TEST(Periods, retried_command_returns_the_first_receipt) {
    Monthly it{on_creation(5), {{Channel::phone, cases(2)}}, a_month(cases(1))};
    it.at(2014_y / 3 / 2);
    const OpenCase open{.id = "a"_case, .origin = Channel::phone, .request = "r"_request};
    const Outcome first = it.desk.run(open);
    ASSERT_THAT(first, ok());
    EXPECT_EQ(first->at, it.desk.now);
    it.at(2014_y / 3 / 20);
    Outcome again = it.desk.run(open);
    ASSERT_THAT(again, repeated());
    again->repeated = false;
    EXPECT_EQ(*again, *first);
    const std::vector<Entry> entries = it.desk.entries();
    std::vector<Entry> command;
    for (const Entry& entry : entries) {
        if (entry.number == first->number) command.push_back(entry);
    }
    EXPECT_EQ(ledger::receipt_of(command, command.back().unit), *first);
}

TEST(Periods, answer_to_a_repeat_is_what_is_left_today) {
    Monthly it{on_creation(5)};
    EXPECT_THAT(it.desk.open("a"), ok());
    it.at(2014_y / 2 / 2);
    const Outcome again = it.desk.open("a");
    ASSERT_THAT(again, repeated());
    EXPECT_EQ(again->remaining, cases(5));
}

TEST(Periods, clock_that_goes_back_un_applies_nothing) {
    Monthly it{on_creation(5)};
    EXPECT_THAT(it.desk.open("a"), ok());
    it.at(2014_y / 2 / 2);
    EXPECT_THAT(it.desk.open("b"), ok());
    it.at(2014_y / 1 / 20);
    EXPECT_THAT(it.desk.open("c"), ok());
    EXPECT_EQ(it.left(), 3) << "counts for the period that has begun (R14)";
    EXPECT_THAT(it.desk.cancel("c"), ok());
    EXPECT_EQ(it.left(), 4);
    EXPECT_THAT(
        it.desk.run(Amend{.id = it.id, .changes = {.period = PeriodTerms{{1, Step::months}, cases(9)}}}),
        ok());
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, day(2014_y / 3 / 1, 0us)) << "nor applies it again";
}

TEST(Periods, that_are_changed_count_from_then_on) {
    Monthly it{on_creation(5)};
    EXPECT_THAT(it.desk.open("a"), ok());
    it.at(2014_y / 3 / 10);
    EXPECT_THAT(it.desk.run(Amend{.id = it.id, .changes = {.period = PeriodTerms{{1, Step::weeks}}}}), ok());
    EXPECT_EQ(it.boundaries().size(), 2U) << "first those that were due";
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, day(2014_y / 3 / 12, 0us));
    EXPECT_THAT(it.desk.run(Amend{.id = it.id, .changes = {.period = PeriodTerms{}}}), ok());
    EXPECT_FALSE(it.desk.entitlement(it.id).agreement.period);
    EXPECT_EQ(it.desk.entitlement(it.id).periods.due, Instant::max());
    it.at(2014_y / 12 / 10);
    EXPECT_THAT(it.desk.open("b"), ok());
    EXPECT_EQ(it.left(), 4);
}

TEST(Periods, pass_under_the_old_total_before_it_is_changed) {
    Monthly it{on_creation(5), {{Channel::phone, cases(2)}}, a_month(cases(10))};
    EXPECT_THAT(it.desk.open("a", Channel::phone), ok());
    it.at(2014_y / 2 / 10);
    EXPECT_THAT(
        it.desk.run(Amend{.id = it.id,
                          .changes = {.terms = on_creation(7),
                                      .channels = std::vector<ChannelTerms>{{Channel::web, cases(1)},
                                                                            {Channel::phone, cases(3)}}}}),
        ok());
    EXPECT_THAT(it.boundaries(), testing::ElementsAre(std::pair{day(2014_y / 2 / 1, 0us), 5}));
    EXPECT_EQ(it.left(), 11);
    EXPECT_EQ(it.left(Channel::phone), 4);
}

TEST(Periods, renewed_agreement_has_its_own) {
    Monthly it{on_creation(5)};
    it.at(2014_y / 2 / 10);
    EXPECT_THAT(it.desk.run(Cancel{.id = it.id}), ok());
    const Outcome renewed = it.desk.run(Renew{.id = it.id});
    ASSERT_THAT(renewed, ok());
    EXPECT_EQ(it.desk.entitlement(renewed->entitlement).periods.due, day(2014_y / 3 / 10, 0us));
}

TEST(Periods, removed_with_boundaries_that_are_due) {
    Monthly it{on_creation(5)};
    EXPECT_THAT(it.desk.deactivate(it.id), ok());
    it.at(2014_y / 2 / 10);
    EXPECT_THAT(it.desk.run(Remove{.id = it.id}), ok());
    EXPECT_EQ(it.boundaries().size(), 1U);
}

TEST(Periods, of_an_import_count_from_the_import) {
    Desk desk;
    desk.now = day(2014_y / 3 / 10);
    ImportEntitlement import{.name = "Imported",
                             .coverage = year_2014,
                             .terms = on_creation(5),
                             .period = a_month(cases(2)),
                             .remaining = cases(7),
                             .status = Status::active};
    ASSERT_THAT(desk.run(import), ok());
    import.remaining = cases(8);
    EXPECT_THAT(desk.run(import), refused(ErrorCode::remaining_above_total)) << "above total and rollover";
    const Entitlement is = desk.engine.entitlements(acme)->front();
    EXPECT_EQ(is.periods.due, day(2014_y / 4 / 1, 0us));
    EXPECT_EQ(desk.engine.entitlement_at(acme, is.id, day(2014_y / 4 / 1))->remaining, 7);
}

struct BadTerms {
    Terms terms;
    PeriodTerms period;
    ErrorCode why;
};

TEST(Periods, are_checked_field_by_field) {
    Desk desk;
    const std::vector<BadTerms> all{
        {on_creation(5), {{0, Step::months}}, ErrorCode::period_length},
        {on_creation(5), {{1, static_cast<Step>(7)}}, ErrorCode::period_length},
        {on_creation(5), {{1, Step::months, 2014_y / 2 / 30}}, ErrorCode::day_invalid},
        {on_creation(5), {monthly, cases(-1)}, ErrorCode::rollover_out_of_range},
        {on_creation(5), {monthly, cases(100'000'000'000 - 4)}, ErrorCode::rollover_out_of_range},
        {on_creation(5), {monthly, hours(1h)}, ErrorCode::unit_mismatch},
        {coverage_only(), {monthly}, ErrorCode::period_not_allowed}};
    for (const BadTerms& bad : all) {
        Draft draft = agreed(bad.terms);
        draft.period = bad.period;
        EXPECT_THAT(desk.run(draft), refused(bad.why));
    }
    Draft draft = agreed(on_creation(5));
    draft.period = a_month(cases(100'000'000'000 - 5));
    EXPECT_THAT(desk.run(draft), ok());
}

TEST(Periods, too_many_to_record_at_once_are_refused_and_can_be_caught_up_in_steps) {
    Desk desk;
    desk.now = day(1014_y / 1 / 1);
    Draft draft = agreed(on_creation(5));
    draft.coverage = {1014_y / 1 / 1, 2014_y / 12 / 31, "UTC"};
    draft.period = PeriodTerms{{1, Step::days}, cases(2)};
    const EntitlementId id = desk.grant(draft);
    desk.now = july;
    EXPECT_THAT(desk.open("a"), refused(ErrorCode::too_many_periods));
    EXPECT_EQ(desk.engine.check({.customer = acme}, july).error().code, ErrorCode::too_many_periods);
    EXPECT_EQ(desk.engine.entitlement_at(acme, id, july)->remaining, 7);
    EXPECT_EQ(desk.engine.explain({.customer = acme}, july)->candidates[0].remaining, cases(7));
    for (const Day step : {1193_y / 1 / 1, 1372_y / 1 / 1, 1551_y / 1 / 1, 1730_y / 1 / 1, 1909_y / 1 / 1}) {
        ASSERT_TRUE(desk.engine.amend(
            {.customer = acme, .id = id, .changes = {.name = fmt::format("{}", as_day(step))}}, day(step)));
    }
    ASSERT_TRUE(desk.engine.open_case({.customer = acme, .id = "a"_case}, july));
    EXPECT_TRUE(desk.engine.audit()->ok());
}

// Forfeits: a reversal into a period that has ended.

TEST(Forfeit, of_what_comes_back_to_a_period_that_has_ended) {
    Monthly it{on_creation(5), {{Channel::phone, cases(2)}}};
    EXPECT_THAT(it.desk.open("a", Channel::phone), ok());
    it.at(2014_y / 2 / 2);
    const Outcome canceled = it.desk.cancel("a");
    ASSERT_THAT(canceled, ok());
    EXPECT_EQ(canceled->moved, cases(0));
    EXPECT_EQ(canceled->remaining, cases(5));
    EXPECT_EQ(it.left(Channel::phone), 2);
    const std::vector<Entry> entries = it.desk.entries();
    const Entry& reversal = entries[entries.size() - 2];
    const Entry& forfeit = entries.back();
    EXPECT_EQ(reversal.kind, EntryKind::reversal);
    EXPECT_EQ(reversal.total_moved, 1);
    EXPECT_EQ(reversal.channel_moved, 1);
    EXPECT_EQ(forfeit.kind, EntryKind::forfeit);
    EXPECT_EQ(forfeit.total_moved, -1);
    EXPECT_EQ(forfeit.channel_moved, -1);
    EXPECT_EQ(forfeit.reverses, reversal.reverses);
}

TEST(Forfeit, is_none_within_the_period) {
    Monthly it{on_creation(5)};
    it.at(2014_y / 2 / 2);
    EXPECT_THAT(it.desk.open("a"), ok());
    EXPECT_THAT(it.desk.cancel("a"), ok());
    EXPECT_TRUE(it.of(EntryKind::forfeit).empty());
    EXPECT_EQ(it.left(), 5);
}

TEST(Forfeit, is_less_by_what_would_have_been_carried_over) {
    Monthly it{on_creation(5), {}, a_month(cases(3))};
    for (const char* id : {"a", "b", "c", "d"}) EXPECT_THAT(it.desk.open(id), ok());
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 6);
    EXPECT_THAT(it.desk.cancel("a"), ok());
    EXPECT_THAT(it.desk.cancel("b"), ok());
    EXPECT_EQ(it.left(), 8) << "two more would have been left, and carried";
    EXPECT_TRUE(it.of(EntryKind::forfeit).empty());
    EXPECT_THAT(it.desk.cancel("c"), ok());
    EXPECT_EQ(it.left(), 8) << "of the third the cap leaves nothing";
    EXPECT_EQ(it.of(EntryKind::forfeit).size(), 1U);
}

TEST(Forfeit, passes_every_boundary_since) {
    Monthly it{on_creation(5), {}, a_month(cases(3))};
    for (const char* id : {"a", "b", "c"}) EXPECT_THAT(it.desk.open(id), ok());
    it.at(2014_y / 2 / 2);  // 5 + 2
    for (const char* id : {"d", "e", "f", "g", "h"}) EXPECT_THAT(it.desk.open(id), ok());
    it.at(2014_y / 3 / 2);  // 5 + 2
    EXPECT_EQ(it.left(), 7);
    EXPECT_THAT(it.desk.cancel("a"), ok());  // would have been 8, 3 left, 8
    EXPECT_EQ(it.left(), 8);
    it.at(2014_y / 5 / 2);
    EXPECT_EQ(it.left(), 8);
    EXPECT_THAT(it.desk.cancel("d"), ok());
    EXPECT_EQ(it.left(), 8);
}

TEST(Forfeit, of_hours_in_part) {
    Monthly it{{.total = hours(10h), .decrease_on = DecreaseOn::resolution, .restricted = true},
               {},
               a_month(hours(3h))};
    EXPECT_THAT(it.desk.open("a"), ok());
    EXPECT_THAT(it.desk.resolve("a", 9h), ok());
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 11 * 3600);
    EXPECT_THAT(it.desk.reactivate("a"), ok());
    EXPECT_EQ(it.left(), 13 * 3600);
    EXPECT_EQ(it.desk.last_entry().total_moved, -7 * 3600);
}

TEST(Forfeit, where_overage_was_preserved_comes_back_whole_while_it_is_owed) {
    Monthly it{unrestricted(1), {}, a_month({}, true)};
    for (const char* id : {"a", "b", "c", "d"}) EXPECT_THAT(it.desk.open(id), ok());  // -3
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), -2);
    EXPECT_THAT(it.desk.cancel("a"), ok());
    EXPECT_EQ(it.left(), -1) << "-2 were owed, -1 is left";
    for (const char* id : {"b", "c"}) EXPECT_THAT(it.desk.cancel(id), ok());
    EXPECT_EQ(it.left(), 1);
    EXPECT_THAT(it.desk.cancel("d"), ok());
    EXPECT_EQ(it.left(), 1) << "nothing is carried over";
}

TEST(Forfeit, where_overage_was_dropped) {
    Monthly it{unrestricted(1), {}, a_month(cases(5))};
    for (const char* id : {"a", "b", "c"}) EXPECT_THAT(it.desk.open(id), ok());  // -2
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 1);
    for (const char* id : {"a", "b"}) EXPECT_THAT(it.desk.cancel(id), ok());
    EXPECT_EQ(it.left(), 1 + 0);
}

TEST(Forfeit, of_the_total_and_of_the_channel_each_by_itself) {
    Monthly it{on_creation(10), {{Channel::phone, cases(1)}}, a_month(cases(1))};
    EXPECT_THAT(it.desk.open("a", Channel::phone), ok());
    it.at(2014_y / 2 / 2);
    EXPECT_EQ(it.left(), 11);
    EXPECT_EQ(it.left(Channel::phone), 1);
    EXPECT_THAT(it.desk.cancel("a"), ok());
    EXPECT_EQ(it.left(), 11);
    EXPECT_EQ(it.left(Channel::phone), 2);
    EXPECT_EQ(it.desk.last_entry().total_moved, -1);
    EXPECT_EQ(it.desk.last_entry().channel_moved, 0);
}

TEST(Forfeit, of_a_channel_that_was_removed) {
    Monthly it{on_creation(10), {{Channel::phone, cases(3)}}, a_month(cases(5), true)};
    EXPECT_THAT(it.desk.open("a", Channel::phone), ok());
    EXPECT_THAT(it.desk.open("b", Channel::phone), ok());
    EXPECT_THAT(it.desk.deactivate(it.id), ok());
    EXPECT_THAT(it.desk.run(RemoveChannel{.id = it.id, .channel = Channel::phone}), ok());
    EXPECT_EQ(it.left(Channel::phone), -2);
    it.at(2014_y / 3 / 2);
    EXPECT_EQ(it.left(Channel::phone), -2) << "owed, and carried twice";
    EXPECT_THAT(it.desk.cancel("a"), ok());
    EXPECT_EQ(it.left(Channel::phone), -1);
}

TEST(Forfeit, of_a_case_that_moves_to_another_channel) {
    Monthly it{on_creation(5), {{Channel::phone, cases(2)}, {Channel::web, cases(2)}}};
    EXPECT_THAT(it.desk.open("a", Channel::phone), ok());
    it.at(2014_y / 2 / 2);
    EXPECT_THAT(it.desk.change_origin("a", Channel::web), ok());
    EXPECT_EQ(it.left(Channel::phone), 2);
    EXPECT_EQ(it.left(Channel::web), 1);
    EXPECT_EQ(it.left(), 4) << "it counts for this period now";
}

TEST(Forfeit, of_what_crm2014_returns_to_the_channel_of_the_origin) {
    Monthly it{on_resolution(5), {{Channel::phone, cases(2)}}, a_month(), policy::crm2014};
    EXPECT_THAT(it.desk.open("a", Channel::phone), ok());
    EXPECT_THAT(it.desk.resolve("a"), ok());
    it.at(2014_y / 2 / 2);
    EXPECT_THAT(it.desk.reactivate("a"), ok());
    EXPECT_EQ(it.left(), 5);
    EXPECT_EQ(it.left(Channel::phone), 2);
}

TEST(Forfeit, after_the_periods_were_taken_away) {
    Monthly it{on_creation(5)};
    EXPECT_THAT(it.desk.open("a"), ok());
    it.at(2014_y / 2 / 2);
    EXPECT_THAT(it.desk.run(Amend{.id = it.id, .changes = {.period = PeriodTerms{}}}), ok());
    EXPECT_THAT(it.desk.cancel("a"), ok());
    EXPECT_EQ(it.left(), 5);
}

// Queries

TEST(Periods, are_seen_by_check_and_explain) {
    Monthly it{on_creation(1)};
    EXPECT_THAT(it.desk.open("a"), ok());
    const OpenCase another{.customer = acme};
    EXPECT_FALSE(it.desk.engine.check(another, day(2014_y / 1 / 31)));
    EXPECT_EQ(it.desk.engine.check(another, day(2014_y / 2 / 1))->remaining, cases(1));
    EXPECT_EQ(it.desk.engine.explain(another, day(2014_y / 2 / 1))->chosen, it.id);
    EXPECT_EQ(it.desk.left(it.id), 0) << "as recorded";
    EXPECT_EQ(it.desk.engine.entitlement_at(acme, it.id, day(2014_y / 2 / 1))->remaining, 1);
    EXPECT_EQ(it.desk.engine.entitlements_at(day(2014_y / 2 / 1))->front().remaining, 1);
}

TEST(Periods, that_have_passed_unrecorded_say_how_far_they_have_come) {
    for (const std::int64_t used : {0, 1}) {  // what does not move at a boundary, and what does
        Monthly it{on_creation(5)};
        if (used != 0) {
            EXPECT_THAT(it.desk.open("a"), ok());
        }
        const auto progress = [&](Instant at) {
            return it.desk.engine.entitlement_at(acme, it.id, at)->periods;
        };
        EXPECT_EQ(progress(day(2014_y / 1 / 31)).last, Instant::min());
        EXPECT_EQ(progress(day(2014_y / 2 / 1, 0us)).last, day(2014_y / 2 / 1, 0us));
        EXPECT_EQ(progress(day(2014_y / 5 / 15)).last, day(2014_y / 5 / 1, 0us));
        EXPECT_EQ(progress(day(2014_y / 5 / 15)).due, day(2014_y / 6 / 1, 0us));
        EXPECT_EQ(progress(year_after).last, day(2014_y / 12 / 1, 0us));
        EXPECT_EQ(progress(year_after).due, Instant::max());
        it.at(2014_y / 5 / 15);
        const Entitlement seen = it.desk.engine.entitlement_at(acme, it.id, it.desk.now).value();
        EXPECT_THAT(it.desk.open("b"), ok());
        EXPECT_EQ(it.desk.entitlement(it.id).periods.last, seen.periods.last) << "as it is then recorded";
        EXPECT_EQ(it.desk.entitlement(it.id).periods.due, seen.periods.due);
    }
}

TEST(Periods, usage_is_told_by_period) {
    Monthly it{on_creation(5)};
    EXPECT_THAT(it.desk.open("a"), ok());
    EXPECT_THAT(it.desk.open("b"), ok());
    it.at(2014_y / 3 / 2);
    EXPECT_THAT(it.desk.open("c"), ok());
    const auto used = it.desk.engine.usage(acme, begin_2014, end_2014).value();
    ASSERT_EQ(used.size(), 2U);
    EXPECT_EQ(used[0].used, 2);
    EXPECT_EQ(used[0].period, (Span{begin_2014, day(2014_y / 2 / 1, 0us)}));
    EXPECT_EQ(used[1].used, 1);
    EXPECT_EQ(used[1].period, (Span{day(2014_y / 3 / 1, 0us), day(2014_y / 4 / 1, 0us)}));
}

TEST(Periods, changes_between_list_no_boundary_from_before_the_terms_were_written_down) {
    Desk desk;
    Draft draft = agreed(on_creation(5));
    draft.period = a_month();
    (void)desk.grant(draft);
    const auto changes = desk.engine.changes_between(day(2014_y / 1 / 15), day(2014_y / 8 / 10)).value();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].at, day(2014_y / 8 / 1, 0us));
}

TEST(Periods, changes_between_list_boundaries_recorded_or_not) {
    Monthly it{on_creation(5)};
    it.at(2014_y / 2 / 2);
    EXPECT_THAT(it.desk.open("a"), ok());
    const auto changes =
        it.desk.engine.changes_between(day(2014_y / 1 / 15), day(2014_y / 4 / 1, 0us)).value();
    ASSERT_EQ(changes.size(), 3U);
    for (unsigned i = 0; i < 3; ++i) {
        EXPECT_EQ(changes[i].kind, Change::Kind::period);
        EXPECT_EQ(changes[i].at, day(2014_y / date::month{i + 2} / 1, 0us));
        EXPECT_EQ(changes[i].to, Status::active);
    }
    EXPECT_THAT(it.desk.run(Cancel{.id = it.id}), ok());
    EXPECT_TRUE(it.desk.engine.changes_between(it.desk.now, end_2014)->empty());
}

// The audit recomputes boundaries and forfeits.

/// Three months of a total and a channel with rollover, a forfeit, and what somebody did to it.
struct AuditedPeriods : Monthly {
    AuditedPeriods() : Monthly{on_creation(5), {{Channel::phone, cases(4)}}, a_month(cases(3))} {
        for (const char* c : {"a", "b", "c"}) EXPECT_THAT(desk.open(c, Channel::phone), ok());
        at(2014_y / 3 / 2);
        EXPECT_THAT(desk.open("d", Channel::phone), ok());
        EXPECT_THAT(desk.cancel("a"), ok());
    }
    /// 0, 1: granted; 2 … 4: opened; 5, 6 and 7, 8: boundaries; 9: opened; 10, 11: reversal and forfeit.
    [[nodiscard]] AuditFinding after(std::function<void(std::vector<Entry>&)> tamper) {
        tampered.entries = std::move(tamper);
        return found();
    }
    [[nodiscard]] AuditFinding found() const {
        const auto report = Engine{tampered}.audit();
        EXPECT_TRUE(report && !report->ok());
        return report && report->first ? *report->first : AuditFinding{};
    }

    mutable TamperedStore tampered{desk.store};
};

TEST(PeriodAudit, of_what_nobody_touched_is_ok) {
    const AuditedPeriods it;
    ASSERT_EQ(it.desk.entries().size(), 12U);
    EXPECT_EQ(it.desk.entries()[11].kind, EntryKind::forfeit);
    EXPECT_TRUE(Engine{it.tampered}.audit()->ok());
}

TEST(PeriodAudit, names_a_boundary_that_does_not_follow) {
    AuditedPeriods it;
    const auto total = it.after([](auto& entries) { entries[5].amount = 1; });
    EXPECT_EQ(total.what, "boundary of the total");
    EXPECT_EQ(total.entry, (EntryRef{6, 0}));
    EXPECT_EQ(total.expected, 4);
    EXPECT_EQ(total.found, 5);
    const auto channel = it.after([](auto& entries) { entries[6].channel_moved = 3; });
    EXPECT_EQ(channel.what, "boundary of a channel");
    EXPECT_EQ(channel.channel, Channel::phone);
    EXPECT_EQ(it.after([](auto& entries) { entries[6].amount = 2; }).what, "boundary of a channel");
    EXPECT_EQ(it.after([](auto& entries) { entries[5].remaining = 9; }).what, "balance after");
}

TEST(PeriodAudit, names_a_channel_that_a_boundary_left_out) {
    AuditedPeriods it;
    const auto found = it.after([](auto& entries) {
        entries.erase(entries.begin() + 6);
        for (std::size_t i = 6; i < 9; ++i) --entries[i].ordinal;
    });
    EXPECT_EQ(found.what, "boundary of a channel");
    EXPECT_EQ(found.expected, 4);
}

TEST(PeriodAudit, names_boundaries_out_of_order) {
    AuditedPeriods it;
    EXPECT_EQ(it.after([](auto& entries) { entries[7].at = entries[5].at; }).what, "boundary after the last");
    EXPECT_EQ(it.after([](auto& entries) { entries[7].at = entries[9].at + 1us; }).what,
              "boundary of a channel");
    EXPECT_EQ(it.after([](auto& entries) { entries[7].at = entries[8].at = entries[9].at + 1us; }).what,
              "command of the number");
}

TEST(PeriodAudit, names_a_forfeit_that_does_not_follow) {
    AuditedPeriods it;
    EXPECT_EQ(it.after([](auto& entries) { entries[11].total_moved = 0; }).what, "forfeit");
    EXPECT_EQ(it.after([](auto& entries) { entries.pop_back(); }).what, "forfeit");
    EXPECT_EQ(it.after([](auto& entries) { entries[9].kind = EntryKind::forfeit; }).what, "forfeit");
}

TEST(PeriodAudit, names_a_boundary_that_is_not_the_next) {
    AuditedPeriods it;
    const auto due = [&](auto tamper) {
        it.tampered.entitlements = [tamper](auto& all) { tamper(all.front().periods); };
        return it.found().what;
    };
    EXPECT_EQ(due([](PeriodProgress& p) { p.due = day(2014_y / 5 / 1, 0us); }), "boundary that is due");
    EXPECT_EQ(due([](PeriodProgress& p) { p.due = Instant::max(); }), "boundary that is due");
    EXPECT_EQ(due([](PeriodProgress& p) { p.rolled = 2; }), "last command that recorded a boundary");
    EXPECT_EQ(due([](PeriodProgress& p) { p.last = p.from; }), "last boundary that was recorded");
}

// Ten years.

/// A desk that nobody watches.
struct Years {
    explicit Years(const Draft& draft) {
        EXPECT_THAT(engine.draft(draft, day(2010_y / 1 / 1)), ok());
        EXPECT_THAT(engine.activate({.customer = acme, .id = draft.id}, day(2010_y / 1 / 1)), ok());
    }
    void use(std::int64_t total, std::int64_t phone) {
        EXPECT_THAT(engine.adjust({.customer = acme,
                                   .id = "years"_entitlement,
                                   .quantity = cases(total),
                                   .channel = Channel::phone,
                                   .channel_quantity = cases(phone),
                                   .reason = "used"},
                                  day(2010_y / 1 / 1)),
                    ok());
    }
    void look(Instant now) {
        EXPECT_THAT(engine.amend({.customer = acme,
                                  .id = "years"_entitlement,
                                  .changes = {.description = fmt::format("{}", as_utc(now))}},
                                 now),
                    ok());
    }
    void add(const TopUp& top_up) { EXPECT_THAT(engine.top_up(top_up, day(2010_y / 1 / 1)), ok()); }
    void hold(const std::string& name, std::int64_t quantity, const Channel& origin, Instant until) {
        const Instant now = day(2010_y / 1 / 1);
        const CaseId id = CaseId::from_name(name);
        EXPECT_THAT(engine.open_case({.customer = acme, .id = id, .origin = origin}, now), ok());
        EXPECT_THAT(engine.hold_terms(
                        {.customer = acme, .id = id, .quantity = cases(quantity), .expires = until}, now),
                    ok());
    }
    [[nodiscard]] std::vector<Entry> by_time() const {
        std::vector<Entry> out;
        const std::vector<Entry> entries = engine.entries(acme).value();
        for (Entry entry : entries) {
            if (!entry.comes_by_time()) continue;
            entry.number = entry.ordinal = 0;
            out.push_back(entry);
        }
        return out;
    }

    MemoryStore store;
    Engine engine{store, {.ids = UuidV7{7}}};
};

TEST(Periods, ten_years_at_once_equal_day_by_day_entry_by_entry) {
    std::mt19937 random{2010};
    const auto below = [&](unsigned most) { return static_cast<std::int64_t>(random() % most); };
    for (int trial = 0; trial < 24; ++trial) {
        Draft draft{.name = "Years",
                    .customer = acme,
                    .coverage = {2010_y / 1 / 1, 2019_y / 12 / 31, trial % 2 == 0 ? "UTC" : "Europe/Berlin"},
                    .terms = unrestricted(below(9)),
                    .id = "years"_entitlement};
        draft.terms.decrease_on = DecreaseOn::resolution;
        draft.channels = {
            {Channel::phone, cases(std::min<std::int64_t>(below(9), draft.terms.total->value))}};
        draft.period = PeriodTerms{{static_cast<std::uint16_t>(1 + below(3)), static_cast<Step>(below(4))},
                                   cases(below(20)),
                                   below(2) == 0};
        Years at_once{draft};
        Years day_by_day{draft};
        const std::int64_t total = -below(60);
        const std::int64_t phone = -below(60) - 1;
        for (Years* years : {&at_once, &day_by_day}) years->use(total, phone);
        for (int i = 0; i < 4; ++i) {
            TopUp top_up{.customer = acme, .id = draft.id, .amount = cases(1 + below(40))};
            if (below(2) == 0) top_up.channel = Channel::phone;
            top_up.priority = static_cast<std::int32_t>(99 + below(3));
            top_up.from = day(2010_y / 1 / 1) + date::days{below(2000)};
            if (below(3) != 0) top_up.expires = *top_up.from + date::days{1 + below(1000)};
            if (below(2) == 0) top_up.rollover = cases(below(30));
            const std::int64_t held = 1 + below(5);
            const Channel origin = below(2) == 0 ? Channel::phone : Channel{};
            const Instant until = day(2010_y / 1 / 1) + date::days{1 + below(3000)};
            for (Years* years : {&at_once, &day_by_day}) {
                years->add(top_up);
                years->hold("case " + std::to_string(i), held, origin, until);
            }
        }
        const Instant end = day(2020_y / 1 / 1);
        for (Instant now = day(2010_y / 1 / 2); now < end; now += 24h) day_by_day.look(now);
        at_once.look(end - 24h);
        EXPECT_EQ(at_once.by_time(), day_by_day.by_time()) << trial;
        EXPECT_EQ(at_once.engine.entitlements(acme)->front().periods.due, Instant::max());
        EXPECT_TRUE(at_once.engine.audit()->ok());
        EXPECT_TRUE(day_by_day.engine.audit()->ok());
    }
}

// A posting of an ended period that moves or comes back.

TEST(LateMove, asks_the_total_for_what_does_not_come_back) {
    Desk desk;
    Draft draft = agreed(on_creation(1), {{Channel::phone, cases(1)}, {Channel::email, cases(1)}});
    draft.period = PeriodTerms{.cycle = {.every = 1, .step = Cycle::Step::months}};
    const EntitlementId id = desk.grant(draft);
    ASSERT_THAT(desk.open("a", Channel::phone), ok());
    desk.now += date::days{31};
    ASSERT_THAT(desk.open("b", Channel::phone), ok());
    EXPECT_EQ(desk.left(id), 0);
    EXPECT_THAT(desk.change_origin("a", Channel::email), refused(ErrorCode::terms_exhausted));
    ASSERT_THAT(desk.cancel("b"), ok());
    EXPECT_THAT(desk.change_origin("a", Channel::email), ok());
    EXPECT_EQ(desk.left(id), 0);
}

TEST(LateReversal, is_not_refused_at_the_limit_of_a_balance) {
    Desk desk;
    Draft draft = agreed(on_creation(max_terms));
    draft.period = PeriodTerms{.cycle = {.every = 1, .step = Cycle::Step::months}};
    const EntitlementId id = desk.grant(draft);
    ASSERT_THAT(desk.open("a"), ok());
    desk.now += date::days{31};
    EXPECT_THAT(desk.cancel("a"), ok());
    EXPECT_EQ(desk.left(id), max_terms);
}

TEST(Periods, of_a_canceled_entitlement_are_no_changes) {
    Desk desk;
    Draft draft = agreed(on_creation(5));
    draft.period = PeriodTerms{.cycle = {.every = 1, .step = Cycle::Step::months}};
    const EntitlementId id = desk.grant(draft);
    desk.now += date::days{31};
    ASSERT_THAT(desk.open("a"), ok());
    ASSERT_THAT(desk.run(Cancel{.id = id}), ok());
    EXPECT_TRUE(desk.engine.changes_between(begin_2014, end_2014)->empty());
}

TEST(Periods, of_an_entitlement_canceled_in_its_last_are_no_changes) {
    Desk desk;
    Draft draft = agreed(on_creation(5));
    draft.period = PeriodTerms{.cycle = {.every = 1, .step = Cycle::Step::months}};
    const EntitlementId id = desk.grant(draft);
    desk.now = day(2014_y / 12 / 10);
    ASSERT_THAT(desk.open("a"), ok());
    ASSERT_THAT(desk.run(Cancel{.id = id}), ok());
    EXPECT_TRUE(desk.engine.changes_between(begin_2014, end_2014)->empty());
}

}  // namespace
}  // namespace conformance
