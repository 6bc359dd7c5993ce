#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "postgres_desk.hpp"
#include "sqlite_file.hpp"
#include "stores.hpp"

// Marks over every store: what is kept of them, the entries that tell of them, and the receipts out of those.

namespace store_contract {
namespace {

LowWater left(std::int64_t count, const Channel& channel = {}) {
    return {.channel = channel, .left = Quantity{count, {Allocation::cases, {}}}};
}

/// A name that a text of marks has to write with care.
const Channel oddly_named = *Channel::named("a\"b\\c\n\x01\u00e4,}]");

Draft marked() {
    Draft draft = agreed(on_creation(9), {{Channel::phone, cases(4)}, {oddly_named, cases(4)}});
    draft.low_water = {
        left(8), {.percent = 50}, left(3, Channel::phone), {.channel = oddly_named, .percent = 75}};
    return draft;
}

class LowWaterContract : public Contract {
protected:
    LowWaterContract() {
        Draft draft = marked();
        draft.id = gold;
        EXPECT_THAT(engine.draft(draft, july), ok());
        EXPECT_THAT(engine.activate({.customer = acme, .id = gold}, july), ok());
    }
    static OpenCase open_on(CaseId id, const Channel& origin, RequestId request = {}) {
        return {.customer = acme, .id = id, .origin = origin, .request = request};
    }
    /// Whatever another object on the same place has; else this one.
    template <class Look>
    void anew(Look look) {
        if (!store->capabilities().shared) return look(*store);
        const auto reopened = open();
        look(*reopened);
    }

    Engine engine{*store};
};

TEST_P(LowWaterContract, marks_are_kept) {
    const auto expect = [](const std::vector<LowWater>& marks) {
        return [marks](const Store& now) {
            std::vector<Entitlement> all;
            for (Cursor cursor; !cursor.done;) ASSERT_TRUE(now.scan({acme, {}}, cursor, all));
            ASSERT_EQ(all.size(), 1U);
            EXPECT_EQ(all[0].agreement.low_water, marks);
        };
    };
    anew(expect(marked().low_water));
    Changes changes;
    changes.low_water = std::vector{left(0)};
    EXPECT_THAT(engine.amend({.customer = acme, .id = gold, .changes = changes}, july), ok());
    anew(expect({left(0)}));
    changes.low_water.emplace();
    EXPECT_THAT(engine.amend({.customer = acme, .id = gold, .changes = changes}, july), ok());
    anew(expect({}));
}

TEST_P(LowWaterContract, marks_of_templates_are_kept) {
    Template made{.id = TemplateId::from_name("basic"), .agreement = {.name = "Basic"}};
    made.agreement.coverage = year_2014;
    made.agreement.terms = on_creation(9);
    made.agreement.channels = marked().channels;
    made.agreement.low_water = marked().low_water;
    ASSERT_TRUE(engine.set_template(made));
    anew([&](Store& now) {
        const auto all = Engine{now}.templates();
        ASSERT_TRUE(all);
        ASSERT_EQ(all->size(), 1U);
        EXPECT_EQ(all->front().agreement.low_water, made.agreement.low_water);
    });
}

TEST_P(LowWaterContract, receipts_come_back_as_they_were) {
    std::vector<Outcome> first;
    const std::vector<OpenCase> commands{open_on("a"_case, Channel::phone, "r1"_request),
                                         open_on("b"_case, oddly_named, "r2"_request),
                                         open_on("c"_case, {}, "r3"_request)};
    for (const OpenCase& command : commands) first.push_back(engine.open_case(command, july));
    EXPECT_EQ(first[0]->low_water, (LowWaterCrossing{{}, cases(8)})) << "of two";
    EXPECT_EQ(first[1]->low_water, (LowWaterCrossing{oddly_named, cases(3)}));
    EXPECT_EQ(first[2]->low_water, std::nullopt);
    anew([&](Store& now) {
        Engine other{now};
        for (std::size_t i = 0; i < commands.size(); ++i) {
            Outcome again = other.open_case(commands[i], july);
            ASSERT_THAT(again, repeated());
            again->repeated = false;
            EXPECT_TRUE(*again == *first[i]) << fmt::format("{} {}", *again, *first[i]);
        }
    });
}

TEST_P(LowWaterContract, entries_are_those_of_the_memory_store) {
    MemoryStore memory;
    Engine other{memory};
    Draft draft = marked();
    draft.id = gold;
    EXPECT_THAT(other.draft(draft, july), ok());
    EXPECT_THAT(other.activate({.customer = acme, .id = gold}, july), ok());
    for (Engine* one : {&engine, &other}) {
        EXPECT_THAT(one->open_case(open_on("a"_case, Channel::phone, "r"_request), july), ok());
        EXPECT_THAT(one->open_case(open_on("b"_case, oddly_named), july), ok());
        EXPECT_THAT(one->adjust({.customer = acme,
                                 .id = gold,
                                 .quantity = cases(-5),
                                 .reason = "a count",
                                 .actor = "eve"_actor},
                                july),
                    ok());
        EXPECT_THAT(one->cancel_case({.customer = acme, .id = "b"_case}, july), ok());
        EXPECT_THAT(one->open_case(open_on("c"_case, oddly_named), july), ok());
    }
    const std::vector<Entry> entries = engine.entries(acme).value();
    EXPECT_EQ(entries, other.entries(acme).value());
    EXPECT_EQ(std::count_if(entries.begin(), entries.end(),
                            [](const Entry& entry) { return entry.kind == EntryKind::low_water; }),
              5);
    const auto report = engine.audit();
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->ok()) << fmt::format("{}", *report->first);
    EXPECT_EQ(engine.seal(acme)->head, other.seal(acme)->head);
}

TEST_P(LowWaterContract, a_plan_is_stale_where_it_would_tell_otherwise) {
    const OpenCase command = open_on("late"_case, {});
    begin(Access::write, command);
    Plan plan = planned(command);
    ASSERT_TRUE(rule::tell_low_water(plan, view_for(command)));
    store->abandon();
    ASSERT_EQ(plan.entries.size(), 2U) << "nine, and then eight";
    EXPECT_THAT(engine.open_case(open_on("quick"_case, {}), july), ok());
    EXPECT_EQ(run_plan(plan), Commit::stale);
    EXPECT_THAT(engine.cancel_case({.customer = acme, .id = "quick"_case}, july), ok());
    Receipt receipt;
    EXPECT_EQ(run_plan(plan, receipt), Commit::done);
    EXPECT_EQ(receipt.low_water, (LowWaterCrossing{{}, cases(8)}));
}

TEST_P(LowWaterContract, of_many_writers_one_tells_of_each) {
    if (!store->capabilities().shared) GTEST_SKIP() << "of stores that others share";
    std::atomic<int> told = 0;
    std::vector<std::thread> threads;
    for (std::uint64_t writer = 0; writer < 3; ++writer) {
        threads.emplace_back([&, writer] {
            Engine one{open()};
            for (std::uint64_t i = 0; i < 3; ++i) {
                const auto opened =
                    one.open_case({.customer = acme, .id = CaseId::from_integer(10 * writer + i + 1)}, july);
                EXPECT_THAT(opened, ok());
                told += opened && opened->low_water ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(told, 2);
    EXPECT_TRUE(engine.audit()->ok());
}

INSTANTIATE_TEST_SUITE_P(, LowWaterContract, testing::ValuesIn(stores()), testing::PrintToStringParamName());

TEST_F(SqliteFile, marks_stand_in_it_as_people_read_them) {
    {
        Engine engine{open().value()};
        Draft draft = marked();
        draft.channels.pop_back();
        draft.low_water.pop_back();
        draft.id = gold;
        ASSERT_THAT(engine.draft(draft, july), ok());
        ASSERT_THAT(engine.activate({.customer = acme, .id = gold}, july), ok());
        ASSERT_THAT(engine.open_case({.customer = acme, .id = "a"_case}, july), ok());
    }
    EXPECT_EQ(number("SELECT json_extract(low_water, '$[2].left') FROM entitle_entitlements"
                     " WHERE json_extract(low_water, '$[2].channel') = 'phone'"),
              3);
    EXPECT_EQ(number("SELECT count(*) FROM entitle_statement WHERE kind = 'low_water' AND amount = '8'"), 1);
    for (const char* text :
         {"", "[]", "[{\"left\":2}", "[{\"left\":2}]]", "[{\"left\":-2}]", "[{\"left\":}]",
          "[{\"percent\":101}]", "[{\"percent\":5,\"channel\":\"\"}]",
          "[{\"percent\":5,\"channel\":\"\\u0020\"}]", "[{\"percent\":5,\"channel\":\"\\n\"}]",
          "[{\"left\":9223372036854775807}]", "{\"left\":2}",
          "[{\"left\":0},{\"left\":1},{\"left\":2},{\"left\":3},{\"left\":4},{\"left\":5},"
          "{\"left\":6},{\"left\":7},{\"left\":8}]"}) {
        edit("UPDATE entitle_entitlements SET low_water = '" + std::string{text} + "'");
        Engine engine{open().value()};
        EXPECT_EQ(why(engine.open_case({.customer = acme, .id = "b"_case}, july)),
                  ErrorCode::database_corrupt)
            << text;
    }
}

}  // namespace
}  // namespace store_contract
