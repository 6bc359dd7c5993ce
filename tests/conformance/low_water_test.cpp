#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "in_force.hpp"
#include "tampered_store.hpp"

// Marks: a command that takes a counter down to one tells of it, once per crossing.

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Unit counted{Allocation::cases, {}};

LowWater left(std::int64_t count, const Channel& channel = {}) {
    return {.channel = channel, .left = Quantity{count, counted}};
}
LowWater share(std::int32_t percent, const Channel& channel = {}) {
    return {.channel = channel, .percent = percent};
}
Draft marked(Terms terms, std::vector<LowWater> marks, std::vector<ChannelTerms> channels = {}) {
    Draft draft = agreed(std::move(terms), std::move(channels));
    draft.low_water = std::move(marks);
    return draft;
}

using Told = std::pair<std::string, std::int64_t>;

/// The marks that a command told of, in order: the channel's name and the level.
std::vector<Told> told(const Desk& desk, const Outcome& outcome) {
    std::vector<Told> out;
    for (const Entry& entry : desk.entries()) {
        if (entry.number != outcome->number || entry.kind != EntryKind::low_water) continue;
        EXPECT_EQ(entry.total_moved, 0);
        EXPECT_EQ(entry.channel_moved, 0);
        EXPECT_EQ(entry.at, outcome->at);
        EXPECT_EQ(entry.support_case, outcome->support_case);
        out.push_back({std::string{entry.channel.name()}, entry.amount});
    }
    return out;
}

std::optional<LowWaterCrossing> down_to(std::int64_t level, const Channel& channel = {}) {
    return LowWaterCrossing{channel, {level, counted}};
}

TEST(LowWater, is_told_by_the_command_that_reaches_it) {
    Desk desk;
    desk.grant(marked(on_creation(4), {left(2)}));
    EXPECT_EQ(desk.open("a")->low_water, std::nullopt);
    const Outcome opened = desk.open("b");
    EXPECT_EQ(opened->low_water, down_to(2));
    EXPECT_THAT(told(desk, opened), ElementsAre(Told{"", 2}));
    EXPECT_EQ(fmt::format("{}", *opened), "open_case: -1 case, 2 cases left; down to 2 cases");
    EXPECT_EQ(fmt::format("{}", desk.last_entry()), "#4.1 open_case low_water: +0 (2 left), down to 2");
    EXPECT_EQ(desk.open("c")->low_water, std::nullopt) << "once";
}

TEST(LowWater, is_an_amount_or_a_share_rounded_down) {
    struct Row {
        std::int64_t total;
        LowWater mark;
        std::int64_t level;
    };
    const std::vector<Row> rows{{5, left(0), 0},   {5, left(4), 4},   {5, share(0), 0},  {5, share(20), 1},
                                {5, share(39), 1}, {5, share(40), 2}, {3, share(99), 2}, {3, share(33), 0}};
    for (const Row& row : rows) {
        Desk desk;
        desk.grant(marked(on_creation(row.total), {row.mark}));
        for (std::int64_t left = row.total - 1; left >= 0; --left) {
            const Outcome opened = desk.open(std::to_string(left));
            ASSERT_THAT(opened, ok());
            const auto expected = left == row.level ? down_to(row.level) : std::nullopt;
            EXPECT_EQ(opened->low_water, expected) << row.total << ' ' << row.mark.percent << ' ' << left;
        }
    }
}

TEST(LowWater, of_all_is_never_reached_from_above_and_of_more_than_that_neither) {
    Desk desk;
    desk.grant(marked(on_creation(3), {share(100), left(3), left(9)}));
    EXPECT_THAT(told(desk, desk.open("a")), IsEmpty());
}

TEST(LowWater, is_told_whether_reached_or_passed) {
    Desk desk;
    const EntitlementId id = desk.grant(marked(unrestricted(10), {left(8), left(6), share(50), left(1)}));
    const auto adjust = [&](std::int64_t by) {
        return desk.run(Adjust{.id = id, .quantity = cases(by), .reason = "a count"});
    };
    const Outcome down = adjust(-5);
    EXPECT_THAT(told(desk, down), ElementsAre(Told{"", 8}, Told{"", 6}, Told{"", 5}));
    EXPECT_EQ(down->low_water, down_to(5)) << "the lowest";
    EXPECT_EQ(desk.last_entry().reason, "a count");
    const Outcome further = adjust(-10);
    EXPECT_THAT(told(desk, further), ElementsAre(Told{"", 1}));
    EXPECT_EQ(further->remaining, cases(-5));
    EXPECT_THAT(told(desk, adjust(-1)), IsEmpty());
}

TEST(LowWater, is_told_again_once_the_counter_has_been_above_it) {
    Desk desk;
    const EntitlementId id = desk.grant(marked(on_creation(3), {left(1)}));
    EXPECT_THAT(desk.open("a"), ok());
    EXPECT_EQ(desk.open("b")->low_water, down_to(1));
    EXPECT_EQ(desk.cancel("b")->low_water, std::nullopt) << "up";
    EXPECT_EQ(desk.open("c")->low_water, down_to(1));
    EXPECT_THAT(desk.open("d"), ok());
    EXPECT_EQ(desk.cancel("d")->low_water, std::nullopt) << "up to the mark, not above it";
    EXPECT_EQ(desk.open("e")->low_water, std::nullopt);
    EXPECT_EQ(desk.left(id), 0);
}

TEST(LowWater, of_channels_comes_after_the_totals) {
    Desk desk;
    desk.grant(marked(on_creation(3), {share(50, Channel::phone), left(2), left(1, Channel::web)},
                      {{Channel::web, cases(2)}, {Channel::phone, cases(2)}}));
    const Outcome first = desk.open("a", Channel::phone);
    EXPECT_THAT(told(desk, first), ElementsAre(Told{"", 2}, Told{"phone", 1}));
    EXPECT_EQ(first->low_water, down_to(2)) << "the total's, where it has one";
    EXPECT_EQ(first->channel, Channel::phone);
    EXPECT_EQ(first->channel_moved, cases(-1));
    EXPECT_EQ(first->channel_remaining, cases(1));
    const Outcome second = desk.open("b", Channel::web);
    EXPECT_EQ(second->low_water, down_to(1, Channel::web));
    EXPECT_EQ(fmt::format("{}", *second),
              "open_case: -1 case, 1 case left; web: -1 case, 1 case left; web down to 1 case");
    const Entry mark = desk.last_entry();
    EXPECT_EQ(mark.remaining, 1);
    EXPECT_EQ(mark.channel_remaining, 1);
    EXPECT_EQ(desk.support_case("b").posted.entry, (EntryRef{second->number, 0}));
}

TEST(LowWater, of_coverage_only_is_of_its_channels) {
    Desk desk;
    desk.grant(marked(coverage_only(), {left(1, Channel::phone)}, {{Channel::phone, cases(2)}}));
    const Outcome opened = desk.open("a", Channel::phone);
    ASSERT_TRUE(opened->low_water);
    EXPECT_EQ(opened->low_water->channel, Channel::phone);
    EXPECT_EQ(opened->low_water->level.value, 1);
}

TEST(LowWater, is_told_of_hours_and_money_when_they_are_known) {
    Desk desk;
    Draft draft = agreed({.total = hours(10h), .decrease_on = DecreaseOn::resolution, .restricted = true});
    draft.low_water = {{.left = hours(2h)}, {.percent = 15}};
    desk.grant(draft);
    EXPECT_THAT(desk.open("a"), ok());
    const Outcome resolved = desk.resolve("a", 8h + 30min);
    EXPECT_THAT(told(desk, resolved), ElementsAre(Told{"", 7200}, Told{"", 5400}));
    EXPECT_EQ(resolved->low_water, (LowWaterCrossing{{}, hours(90min)}));
}

TEST(LowWater, is_not_reached_by_a_hold) {
    Desk desk{Policy{.hold_on_creation = true}};
    desk.grant(marked(on_resolution(3), {left(2)}));
    EXPECT_EQ(desk.open("a")->held, 1);
    EXPECT_EQ(desk.open("b")->low_water, std::nullopt);
    const Outcome resolved = desk.resolve("a");
    EXPECT_EQ(resolved->low_water, down_to(2));
    EXPECT_EQ(resolved->held, -1);
}

TEST(LowWater, is_reached_from_what_a_boundary_leaves) {
    Desk desk;
    desk.now = day(2014_y / 1 / 1);
    Draft draft = marked(on_creation(2), {left(1)});
    draft.period = PeriodTerms{{1, Cycle::Step::months}};
    desk.grant(draft);
    EXPECT_EQ(desk.open("a")->low_water, down_to(1));
    EXPECT_EQ(desk.open("b")->low_water, std::nullopt);
    desk.now = day(2014_y / 2 / 3);
    const Outcome opened = desk.open("c");
    EXPECT_THAT(told(desk, opened), ElementsAre(Told{"", 1})) << "up at the boundary, down by the case";
    EXPECT_EQ(desk.support_case("c").posted.entry, (EntryRef{opened->number, 1}));
    EXPECT_EQ(desk.entries().back().ordinal, 2U);
}

TEST(LowWater, is_reached_where_a_boundary_takes_terms_away) {
    Desk desk;
    desk.now = day(2014_y / 1 / 1);
    Draft draft = marked(on_creation(3), {left(5), left(2)});
    draft.period = PeriodTerms{{1, Cycle::Step::months}, cases(3)};
    const EntitlementId id = desk.grant(draft);
    desk.now = day(2014_y / 2 / 3);
    EXPECT_EQ(desk.open("a")->low_water, down_to(5)) << "six, of which three were carried over";
    Changes changes;
    changes.period = PeriodTerms{{1, Cycle::Step::months}};
    EXPECT_THAT(desk.run(Amend{.id = id, .changes = changes}), ok());
    EXPECT_THAT(desk.run(Adjust{.id = id, .quantity = cases(4), .reason = "a gift"}), ok());
    desk.now = day(2014_y / 3 / 3);
    const Outcome opened = desk.open("b");
    EXPECT_EQ(opened->remaining, cases(2));
    EXPECT_THAT(told(desk, opened), ElementsAre(Told{"", 5}, Told{"", 2}));
}

TEST(LowWater, of_two_entitlements_leaves_the_receipts_last) {
    Desk desk;
    Draft draft = marked(on_creation(9), {left(8)});
    draft.period = PeriodTerms{{1, Cycle::Step::months}};
    desk.now = day(2014_y / 1 / 1);
    const EntitlementId first = desk.grant(draft);
    const EntitlementId second = desk.grant(marked(on_creation(9), {left(8)}));
    EXPECT_THAT(desk.run(Adjust{.id = first, .quantity = cases(5), .reason = "a gift"}), ok());
    EXPECT_THAT(desk.run(Adjust{.id = first, .quantity = cases(-8), .reason = "a slip"}), ok());
    EXPECT_THAT(desk.run(Adjust{.id = first, .quantity = cases(8), .reason = "a slip"}), ok());
    EXPECT_THAT(desk.open_on(first, "a"), ok());
    desk.now = day(2014_y / 2 / 3);
    EXPECT_THAT(desk.open_on(first, "b"), ok());
    EXPECT_THAT(desk.open_on(first, "c"), ok());
    const Outcome changed = desk.run(ChangeEntitlement{.id = "c"_case, .entitlement = second});
    ASSERT_THAT(changed, ok());
    EXPECT_EQ(changed->entitlement, second);
    EXPECT_EQ(changed->low_water, down_to(8));
    EXPECT_EQ(desk.support_case("c").posted.entry, (EntryRef{changed->number, 1}));
}

TEST(LowWater, of_the_entitlement_that_a_case_leaves_stands_before_the_others_entries) {
    Desk desk;
    desk.now = day(2014_y / 1 / 1);
    Draft draft = marked(on_creation(5), {left(6)});
    draft.period = PeriodTerms{{1, Cycle::Step::months}};
    const EntitlementId first = desk.grant(draft);
    const EntitlementId second = desk.grant(agreed(on_creation(5)));
    EXPECT_THAT(desk.open_on(first, "a"), ok());
    EXPECT_THAT(desk.run(Adjust{.id = first, .quantity = cases(5), .reason = "a gift"}), ok());
    desk.now = day(2014_y / 2 / 3);
    const Outcome changed =
        desk.run(ChangeEntitlement{.id = "a"_case, .entitlement = second, .request = "r"_request});
    ASSERT_THAT(changed, ok());
    EXPECT_THAT(told(desk, changed), ElementsAre(Told{"", 6})) << "nine at the end of January, five since";
    EXPECT_EQ(changed->entitlement, second);
    EXPECT_EQ(changed->low_water, std::nullopt) << "not of the entitlement that it is about";
    EXPECT_EQ(desk.support_case("a").entitlement, second);
    const EntryRef posted = desk.support_case("a").posted.entry;
    EXPECT_EQ(posted, (EntryRef{changed->number, desk.last_entry().ordinal}));
    Outcome again =
        desk.run(ChangeEntitlement{.id = "a"_case, .entitlement = second, .request = "r"_request});
    ASSERT_THAT(again, repeated());
    again->repeated = false;
    EXPECT_EQ(*again, *changed);
}

TEST(LowWater, is_told_by_no_command_that_changes_what_is_agreed) {
    Desk desk;
    const EntitlementId id = desk.grant(marked(on_creation(9), {left(4)}));
    Changes changes;
    changes.terms = on_creation(3);
    const Outcome amended = desk.run(Amend{.id = id, .changes = changes});
    EXPECT_EQ(amended->remaining, cases(3));
    EXPECT_EQ(amended->low_water, std::nullopt);
    changes = {};
    changes.low_water = std::vector{left(2), left(1)};
    EXPECT_EQ(desk.run(Amend{.id = id, .changes = changes})->low_water, std::nullopt);
    EXPECT_EQ(desk.open("a")->low_water, down_to(2));
    changes.low_water.emplace();
    EXPECT_THAT(desk.run(Amend{.id = id, .changes = changes}), ok());
    EXPECT_THAT(desk.entitlement(id).agreement.low_water, IsEmpty());
    EXPECT_EQ(desk.open("b")->low_water, std::nullopt);
    EXPECT_THAT(desk.run(Amend{.id = id, .changes = changes}), repeated()) << "as it is";
}

TEST(LowWater, is_told_in_the_same_words_to_a_retry) {
    Desk desk;
    desk.grant(marked(on_creation(2), {left(1), left(1, Channel::phone)}, {{Channel::phone, cases(2)}}));
    const OpenCase command{.id = "a"_case, .origin = Channel::phone, .request = "r"_request};
    const Outcome opened = desk.run(command);
    EXPECT_EQ(opened->low_water, down_to(1));
    Outcome again = desk.run(command);
    ASSERT_THAT(again, repeated());
    again->repeated = false;
    EXPECT_EQ(*again, *opened);
}

TEST(LowWater, is_told_by_each_command_of_a_batch_that_reaches_one) {
    Desk desk;
    desk.grant(marked(on_creation(4), {left(3), left(1), left(0)}));
    std::vector<OpenCase> commands;
    for (const char* id : {"a", "b", "c", "d", "e"}) {
        commands.push_back({.customer = acme, .id = CaseId::from_name(id)});
    }
    std::vector<Outcome> outcomes(commands.size());
    ASSERT_TRUE(desk.engine.apply(std::span<const OpenCase>{commands}, july, std::span{outcomes}));
    EXPECT_EQ(outcomes[0]->low_water, down_to(3));
    EXPECT_EQ(outcomes[1]->low_water, std::nullopt);
    EXPECT_EQ(outcomes[2]->low_water, down_to(1));
    EXPECT_EQ(outcomes[3]->low_water, down_to(0));
    EXPECT_THAT(outcomes[4], refused(ErrorCode::not_entitled));
    EXPECT_TRUE(desk.engine.audit()->ok());
}

TEST(LowWater, is_invalid) {
    const Unit euros{Allocation::money, eur};
    const std::vector<LowWater> nine{left(0), left(1), left(2), left(3), left(4),
                                     left(5), left(6), left(7), left(8)};
    struct Row {
        std::vector<LowWater> marks;
        ErrorCode code = ErrorCode::low_water_invalid;
    };
    const std::vector<Row> rows{
        {{left(-1)}},
        {{left(max_terms + 1)}},
        {{share(-1)}},
        {{share(101)}},
        {{{.left = Quantity{1, counted}, .percent = 1}}},
        {{{.left = Quantity{1, euros}}}},
        {{{.left = Quantity{1, {Allocation::hours, {}}}}}},
        {{left(1), share(50), left(1)}},
        {{share(50, Channel::phone), share(50, *Channel::named("PHONE"))}},
        {nine},
        {{left(1, Channel::web)}, ErrorCode::channel_not_listed},
    };
    for (const Row& row : rows) {
        Desk desk;
        const Draft draft = marked(on_creation(5), row.marks, {{Channel::phone, cases(2)}});
        EXPECT_THAT(desk.run(draft), refused(row.code));
        const EntitlementId id = desk.draft(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
        Changes changes;
        changes.low_water = row.marks;
        EXPECT_THAT(desk.revise(id, changes), refused(row.code));
    }
    Desk desk;
    EXPECT_THAT(desk.run(marked(coverage_only(), {share(5)})), refused(ErrorCode::low_water_invalid));
    EXPECT_THAT(desk.run(marked(on_creation(9), {nine.begin(), nine.begin() + 8})), ok());
    EXPECT_THAT(desk.run(marked(on_creation(9), {left(1), share(50), share(0), left(1, Channel::phone)},
                                {{Channel::phone, cases(2)}})),
                ok());
}

TEST(LowWater, goes_with_its_channel) {
    Desk desk;
    const EntitlementId id =
        desk.draft(marked(on_creation(5), {left(1), left(1, Channel::phone)}, {{Channel::phone, cases(2)}}));
    EXPECT_THAT(desk.run(RemoveChannel{.id = id, .channel = Channel::phone}), ok());
    EXPECT_THAT(desk.entitlement(id).agreement.low_water, ElementsAre(left(1)));
}

TEST(LowWater, is_copied_by_renewals_templates_and_imports) {
    Desk desk;
    const std::vector<LowWater> marks{left(1), share(20)};
    const EntitlementId id = desk.grant(marked(on_creation(5), marks));
    EXPECT_THAT(desk.run(Cancel{.id = id}), ok());
    const Outcome renewed = desk.run(Renew{.id = id});
    ASSERT_THAT(renewed, ok());
    EXPECT_EQ(desk.entitlement(renewed->entitlement).agreement.low_water, marks);
    Template made{.id = TemplateId::from_name("basic"), .agreement = {.name = "Basic"}};
    made.agreement.coverage = year_2014;
    made.agreement.terms = on_creation(5);
    made.agreement.low_water = marks;
    ASSERT_TRUE(desk.engine.set_template(made));
    const Outcome instantiated = desk.run(Instantiate{.customer = acme, .from = made.id});
    ASSERT_THAT(instantiated, ok());
    EXPECT_EQ(desk.entitlement(instantiated->entitlement).agreement.low_water, marks);
    made.agreement.low_water.push_back(left(-1));
    EXPECT_FALSE(desk.engine.set_template(made));
    ImportEntitlement import{.name = "Old", .customer = acme, .coverage = year_2014, .terms = on_creation(5)};
    import.remaining = cases(1);
    import.low_water = marks;
    import.status = Status::active;
    const Outcome imported = desk.run(import);
    ASSERT_THAT(imported, ok());
    EXPECT_EQ(imported->low_water, std::nullopt) << "it was there already";
    EXPECT_EQ(desk.entitlement(imported->entitlement).agreement.low_water, marks);
}

TEST(LowWater, guards_bound_what_was_decided) {
    Desk desk;
    desk.grant(marked(on_creation(9), {left(3), left(6)}));
    const OpenCase command{.customer = acme, .id = "a"_case};
    const Footprint footprint{acme, command.id, {}, {}};
    const auto bounds = [&](std::int64_t moved) {
        View view;
        EXPECT_TRUE(desk.store.begin({&footprint, 1}, Access::read, policy::fingerprint(policy::standard)));
        EXPECT_TRUE(desk.store.view(footprint, view));
        Plan plan;
        plan.add(EntryKind::posting, 0, no_channel, moved, 0);
        EXPECT_TRUE(rule::may_reach_marks(plan, view));
        EXPECT_TRUE(rule::tell_low_water(plan, view));
        desk.store.abandon();
        return plan.guards.empty() ? Guard{} : plan.guards.back();
    };
    EXPECT_EQ(bounds(-1), (Guard{.row = 0, .lower = 8})) << "9: above both, before and after";
    EXPECT_EQ(bounds(-3), (Guard{.row = 0, .lower = 7, .upper = 9})) << "reaches 6, and not 3";
    EXPECT_EQ(bounds(-6), (Guard{.row = 0, .lower = 7, .upper = 9})) << "reaches both";
    EXPECT_EQ(bounds(1), Guard{});
}

/// An entitlement's marks that entries tell of, or must: the channel's name and the level.
using Marks = std::vector<std::tuple<EntitlementId, std::string, std::int64_t>>;

/// A customer's entitlements, as they are recorded and as they are once boundaries have passed.
struct Snapshot {
    explicit Snapshot(const Desk& desk)
        : recorded{desk.engine.entitlements(acme).value()},
          rolled{desk.engine.entitlements_at(desk.now, acme).value()} {}

    std::vector<Entitlement> recorded;
    std::vector<Entitlement> rolled;
};

/// What a command must tell of one counter, out of the balances around it.
void expect_of(const Entitlement& of, const Channel& channel, std::int64_t agreed, std::int64_t start,
               std::int64_t end, Marks& out) {
    std::vector<std::int64_t> levels;
    for (const LowWater& mark : of.agreement.low_water) {
        if (mark.channel == channel) levels.push_back(mark.level(agreed));
    }
    std::sort(levels.rbegin(), levels.rend());
    for (const std::int64_t level : levels) {
        if (start > level && level >= end) out.emplace_back(of.id, std::string{channel.name()}, level);
    }
}

/// … of one entitlement that it touched.
void expect_of(const Entitlement& was, const Entitlement& rolled, const Entitlement& is, Marks& out) {
    expect_of(was, {}, was.agreement.total(), std::max(was.remaining, rolled.remaining), is.remaining, out);
    for (std::size_t i = 0; i < was.channels.size(); ++i) {
        const ChannelBalance& channel = was.channels[i];
        const std::int64_t start = std::max(channel.remaining, rolled.channels[i].remaining);
        expect_of(was, channel.channel, channel.total, start, is.channels[i].remaining, out);
    }
}

/// Three entitlements with marks, two of them with periods, and whatever comes to them.
class RandomDesk : public Desk {
public:
    RandomDesk(unsigned seed, const Policy& policy) : Desk{policy}, random_{seed} {
        now = day(2014_y / 1 / 1);
        const std::vector<LowWater> marks{conformance::left(1), share(50), conformance::left(4),
                                          conformance::left(1, Channel::phone), share(0)};
        for (int i = 0; i < 3; ++i) {
            Draft draft = marked(i == 0 ? unrestricted(4) : on_creation(5 + i), marks,
                                 {{Channel::web, cases(3)}, {Channel::phone, cases(3)}});
            if (i != 1) draft.period = PeriodTerms{{1, Cycle::Step::months}, cases(2), below(2) == 0};
            if (i == 2) draft.low_water.push_back(share(40, Channel::web));
            ids_.push_back(grant(draft));
        }
    }

    void pass_time() { now += std::chrono::hours{below(150)}; }
    Outcome any() {
        const std::string id = std::to_string(below(12));
        const EntitlementId on = ids_[static_cast<std::size_t>(below(3))];
        const Channel origin =
            std::array{Channel{}, Channel::web, Channel::phone}[static_cast<std::size_t>(below(3))];
        switch (below(8)) {
            case 0: return cancel(id);
            case 1: return run(ChangeEntitlement{.id = CaseId::from_name(id), .entitlement = on});
            case 2: return change_origin(id, origin);
            case 3:
                return run(Adjust{.id = on,
                                  .quantity = cases(below(7) - 3),
                                  .channel = Channel::phone,
                                  .channel_quantity = cases(below(3) - 1),
                                  .reason = "a count"});
            case 4: return run(SetDefault{.id = on});
            case 5: return reactivate(id, origin);
            default: return open_on(on, id, origin);
        }
    }
    /// The last command's marks, by entitlement in the order in which they were made.
    [[nodiscard]] Marks found() const {
        Marks out;
        for (const EntitlementId id : ids_) {
            for (const Entry& entry : of_last(id)) {
                if (entry.kind == EntryKind::low_water)
                    out.emplace_back(id, std::string{entry.channel.name()}, entry.amount);
            }
        }
        return out;
    }
    /// … as they must be.
    [[nodiscard]] Marks expected(const Snapshot& before) const {
        const Snapshot after{*this};
        Marks out;
        for (std::size_t i = 0; i < ids_.size(); ++i) {
            if (of_last(ids_[i]).empty()) continue;
            expect_of(before.recorded[i], before.rolled[i], after.recorded[i], out);
        }
        return out;
    }

private:
    [[nodiscard]] int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
    [[nodiscard]] std::vector<Entry> of_last(EntitlementId id) const {
        std::vector<Entry> all = entries();
        const std::uint64_t last = all.back().number;
        std::erase_if(all, [&](const Entry& one) { return one.number != last || one.entitlement != id; });
        return all;
    }

    std::mt19937 random_;
    std::vector<EntitlementId> ids_;
};

TEST(LowWater, of_random_commands_follows_from_the_balances_around_them) {
    std::size_t told = 0;
    for (unsigned seed = 0; seed < 40; ++seed) {
        RandomDesk desk{seed, seed % 2 == 0 ? policy::standard : policy::dynamics365};
        for (int step = 0; step < 60; ++step) {
            desk.pass_time();
            const Snapshot before{desk};
            const Outcome outcome = desk.any();
            if (!outcome || outcome->repeated) continue;
            const Marks found = desk.found();
            ASSERT_EQ(found, desk.expected(before))
                << seed << ' ' << step << ' ' << name_of(outcome->command);
            EXPECT_EQ(desk.last_entry().entitlement, outcome->entitlement);
            told += found.size();
        }
    }
    EXPECT_GT(told, 200U);
}

class TamperedMarks : public testing::Test {
protected:
    TamperedMarks() {
        desk.grant(marked(on_creation(5), {left(4), left(3)}));
        EXPECT_THAT(desk.open("a"), ok());
    }
    [[nodiscard]] std::string finding(TamperedStore::Tamper<Entry> tamper) {
        TamperedStore tampered{desk.store};
        tampered.entries = std::move(tamper);
        const auto report = Engine{tampered}.audit().value();
        return report.first ? std::string{report.first->what} : std::string{};
    }

    Desk desk;
};

TEST_F(TamperedMarks, must_lie_between_what_was_and_what_is) {
    EXPECT_EQ(finding([](auto&) {}), "");
    EXPECT_EQ(finding([](auto& all) { all.back().amount = 5; }), "mark that was reached before");
    EXPECT_EQ(finding([](auto& all) { all.back().amount = 3; }), "mark that is not reached");
}

TEST_F(TamperedMarks, move_nothing_and_follow_a_movement) {
    EXPECT_EQ(finding([](auto& all) {
                  all.back().total_moved = -1;
                  all.back().remaining = 3;
              }),
              "movement of a mark");
    EXPECT_EQ(finding([](auto& all) {
                  all.back().channel = Channel::phone;
                  all.back().channel_remaining = 4;
              }),
              "mark that nothing came down to");
}

}  // namespace
}  // namespace conformance
