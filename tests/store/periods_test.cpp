#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "postgres_desk.hpp"
#include "sqlite_file.hpp"
#include "stores.hpp"

// Section 8 over every store: what is kept of an entitlement's periods, and the entries of boundaries.

namespace store_contract {
namespace {

using Step = Cycle::Step;

Instant boundary(Day date) { return date::sys_days{date}; }

Draft monthly(EntitlementId id, bool preserve_overage = false) {
    Draft draft = agreed(on_creation(5), {{Channel::phone, cases(2)}});
    draft.id = id;
    draft.period = PeriodTerms{{1, Step::months, 2014_y / 1 / 1}, cases(3), preserve_overage};
    return draft;
}

class PeriodContract : public Contract {
protected:
    PeriodContract() { make(gold, monthly(gold)); }

    void make(EntitlementId id, const Draft& draft) {
        EXPECT_THAT(engine.draft(draft, day(2014_y / 1 / 1)), ok());
        EXPECT_THAT(engine.activate({.customer = acme, .id = id}, day(2014_y / 1 / 1)), ok());
    }
    OpenCase open_on(CaseId id, RequestId request = {}) const {
        return {
            .customer = acme, .id = id, .origin = Channel::phone, .entitlement = gold, .request = request};
    }
    [[nodiscard]] View seen() {
        View out;
        const Footprint footprint{acme, {}, {}, {}};
        EXPECT_TRUE(store->begin({&footprint, 1}, Access::read, print));
        EXPECT_TRUE(store->view(footprint, out));
        const Instant due = out.due;
        const std::uint64_t shape = out.shape;
        store->abandon();
        View kept;
        kept.due = due;
        kept.shape = shape;
        return kept;
    }
    void expect_audit() {
        const auto report = engine.audit();
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->ok()) << fmt::format("{}", *report->first);
    }

    Engine engine{*store};
};

TEST_P(PeriodContract, terms_and_progress_are_kept) {
    Draft draft = monthly(silver, true);
    draft.period->cycle = {2, Step::weeks, 1999_y / 12 / 31};
    make(silver, draft);
    Draft bare = monthly("bronze"_entitlement);
    bare.period = PeriodTerms{{7, Step::years}};
    make("bronze"_entitlement, bare);
    const auto reopened = open();
    const Store& now = store->capabilities().shared ? *reopened : *store;
    std::vector<Entitlement> all;
    for (Cursor cursor; !cursor.done;) ASSERT_TRUE(now.scan({acme, {}}, cursor, all));
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].agreement.period, monthly(gold).period);
    EXPECT_EQ(all[0].periods,
              (PeriodProgress{day(2014_y / 1 / 1), boundary(2014_y / 2 / 1), Instant::min(), 0}));
    EXPECT_EQ(all[1].agreement.period, draft.period);
    EXPECT_EQ(all[2].agreement.period, bare.period);
    EXPECT_EQ(all[2].periods.due, Instant::max());
}

TEST_P(PeriodContract, view_shows_the_first_that_is_due) {
    EXPECT_EQ(seen().due, boundary(2014_y / 2 / 1));
    Draft sooner = monthly(silver);
    sooner.period->cycle.step = Step::weeks;
    make(silver, sooner);
    EXPECT_EQ(seen().due, boundary(2014_y / 1 / 8));
    EXPECT_THAT(engine.cancel({.customer = acme, .id = silver}, day(2014_y / 1 / 5)), ok());
    EXPECT_EQ(seen().due, boundary(2014_y / 2 / 1));
    EXPECT_THAT(engine.cancel({.customer = acme, .id = gold}, day(2014_y / 1 / 5)), ok());
    EXPECT_EQ(seen().due, Instant::max());
}

TEST_P(PeriodContract, boundaries_come_first_at_their_instants_with_their_amounts) {
    EXPECT_THAT(engine.open_case(open_on("a"_case), day(2014_y / 1 / 2)), ok());
    const OpenCase late = open_on("b"_case, "r"_request);
    const Outcome opened = engine.open_case(late, day(2014_y / 3 / 2));
    ASSERT_THAT(opened, ok());
    EXPECT_EQ(opened->moved, cases(-1));
    EXPECT_EQ(opened->remaining, cases(7));
    EXPECT_EQ(opened->channel_remaining, cases(4));
    const auto entries = engine.entries(acme).value();
    ASSERT_EQ(entries.size(), 8U);
    for (std::size_t i = 3; i < 7; ++i) {
        EXPECT_EQ(entries[i].kind, EntryKind::period);
        EXPECT_EQ(entries[i].number, opened->number);
        EXPECT_EQ(entries[i].amount, 3);
        EXPECT_EQ(entries[i].at, boundary(2014_y / date::month{i < 5 ? 2U : 3U} / 1));
        EXPECT_TRUE(entries[i].support_case.is_none());
    }
    EXPECT_EQ(entries[7].amount, 0);
    EXPECT_EQ(engine.support_case(acme, "b"_case)->posted.entry, (EntryRef{opened->number, 4}));
    Outcome again = engine.open_case(late, day(2014_y / 3 / 3));
    ASSERT_THAT(again, repeated());
    again->repeated = false;
    EXPECT_EQ(*again, *opened);
    EXPECT_EQ(entitlement(gold).periods, (PeriodProgress{day(2014_y / 1 / 1), boundary(2014_y / 4 / 1),
                                                         boundary(2014_y / 3 / 1), opened->number}));
    expect_audit();
}

TEST_P(PeriodContract, S4_plan_that_saw_the_old_boundaries_is_stale) {
    const std::uint64_t shape = seen().shape;
    const Plan old = planned_before(open_on("a"_case));
    EXPECT_THAT(engine.open_case(open_on("b"_case), day(2014_y / 2 / 2)), ok());
    EXPECT_GT(seen().shape, shape);
    EXPECT_EQ(run_plan(old), Commit::stale);
}

TEST_P(PeriodContract, S2_refused_batch_leaves_boundaries_where_they_were) {
    EXPECT_THAT(engine.open_case(open_on("a"_case), day(2014_y / 1 / 2)), ok());
    const Everything before = everything(*store);
    const OpenCase late = open_on("b"_case);
    // the second plan's store error takes the first one's boundaries back
    begin(Access::write, late);
    View view = view_for(late);
    rule::CatchUp catching;
    catching.begin(view, day(2014_y / 2 / 2));
    catching.roll(0, Zone{});
    Plan plan;
    ASSERT_TRUE(rule::decide(late, rule::Facts{view, policy::standard, day(2014_y / 2 / 2)}, plan));
    ASSERT_TRUE(catching.weave(plan));
    Receipt receipt;
    ASSERT_EQ(store->stage(plan, receipt).value(), Commit::done);
    EXPECT_EQ(view_for(late).due, boundary(2014_y / 3 / 1)) << "S3";
    store->abandon();
    EXPECT_TRUE(everything(*store) == before);
    EXPECT_EQ(seen().due, boundary(2014_y / 2 / 1));
    EXPECT_THAT(engine.open_case(late, day(2014_y / 2 / 2)), ok());
    expect_audit();
}

TEST_P(PeriodContract, batch_passes_each_boundary_once) {
    const std::vector<OpenCase> commands{open_on("a"_case), open_on("b"_case), open_on("c"_case)};
    std::vector<Outcome> outcomes(commands.size());
    ASSERT_TRUE(engine.apply(std::span<const OpenCase>{commands}, day(2014_y / 2 / 2), std::span{outcomes}));
    for (const Outcome& outcome : outcomes) EXPECT_THAT(outcome, ok());
    EXPECT_EQ(entitlement(gold).remaining, 5);
    expect_audit();
}

TEST_P(PeriodContract, history_within_a_batch_tells_of_what_was_staged) {
    EXPECT_THAT(engine.open_case(open_on("a"_case), day(2014_y / 1 / 2)), ok());
    const std::vector<Command> commands{open_on("b"_case), CancelCase{.customer = acme, .id = "a"_case},
                                        CancelCase{.customer = acme, .id = "b"_case}};
    std::vector<Outcome> outcomes(commands.size());
    ASSERT_TRUE(engine.apply(std::span<const Command>{commands}, day(2014_y / 2 / 2), std::span{outcomes}));
    for (const Outcome& outcome : outcomes) EXPECT_THAT(outcome, ok());
    EXPECT_EQ(outcomes[1]->moved, cases(0)) << "of five left, three are carried anyway";
    EXPECT_EQ(outcomes[2]->moved, cases(1));
    expect_audit();
}

TEST_P(PeriodContract, changes_come_after_the_boundaries_that_were_due) {
    EXPECT_THAT(engine.open_case(open_on("a"_case), day(2014_y / 1 / 2)), ok());
    const Changes less{
        .terms = on_creation(4),
        .channels = std::vector<ChannelTerms>{{Channel::web, cases(1)}, {Channel::phone, cases(1)}}};
    EXPECT_THAT(engine.amend({.customer = acme, .id = gold, .changes = less}, day(2014_y / 2 / 2)), ok());
    EXPECT_EQ(entitlement(gold).remaining, 7);
    expect_audit();
    EXPECT_THAT(engine.deactivate({.customer = acme, .id = gold}, day(2014_y / 4 / 2)), ok());
    EXPECT_THAT(engine.cancel_case({.customer = acme, .id = "a"_case}, day(2014_y / 5 / 2)), ok());
    expect_audit();
    EXPECT_THAT(engine.seal(acme), ok());
    EXPECT_EQ(engine.archive(acme, 4).error().code, ErrorCode::boundaries_referred)
        << "command 3 was reversed later";
    EXPECT_TRUE(engine.archive(acme, 3));
    expect_audit();
}

TEST_P(PeriodContract, S11_replayed_they_give_the_same_receipts) {
    EXPECT_THAT(engine.open_case(open_on("a"_case), day(2014_y / 1 / 2)), ok());
    EXPECT_THAT(engine.open_case(open_on("b"_case), day(2014_y / 6 / 2)), ok());
    EXPECT_THAT(engine.cancel_case({.customer = acme, .id = "a"_case}, day(2014_y / 7 / 2)), ok());
    MemoryStore other;
    Engine replay{other};
    EXPECT_THAT(replay.draft(monthly(gold), day(2014_y / 1 / 1)), ok());
    EXPECT_THAT(replay.activate({.customer = acme, .id = gold}, day(2014_y / 1 / 1)), ok());
    EXPECT_THAT(replay.open_case(open_on("a"_case), day(2014_y / 1 / 2)), ok());
    EXPECT_THAT(replay.open_case(open_on("b"_case), day(2014_y / 6 / 2)), ok());
    EXPECT_THAT(replay.cancel_case({.customer = acme, .id = "a"_case}, day(2014_y / 7 / 2)), ok());
    EXPECT_TRUE(everything(other) == everything(*store));
}

INSTANTIATE_TEST_SUITE_P(, PeriodContract, testing::ValuesIn(stores()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

TEST_F(SqliteFile, period_that_makes_no_sense_is_database_corrupt) {
    for (const char* sql :
         {"period_every = 70000, period_step = 'days', preserve_overage = 0", "due = 5",
          "period_every = 1, period_step = 'days', period_anchor = 'soon', preserve_overage = 0",
          "period_every = 1, period_step = 'days', preserve_overage = 0, rollover = -1", "rolled = -1"}) {
        make(1);
        edit(std::string{"UPDATE entitle_entitlements SET "} + sql);
        Engine engine{open().value()};
        const auto all = engine.entitlements();
        ASSERT_FALSE(all) << sql;
        EXPECT_EQ(all.error().code, ErrorCode::database_corrupt) << sql;
        std::filesystem::remove(path);
    }
}

}  // namespace
}  // namespace store_contract
