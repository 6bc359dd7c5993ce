#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sqlite_file.hpp"
#include "stores.hpp"

// Section 8 over every store: holds that expire, and holds of periods that have ended.

namespace store_contract {
namespace {

class ExpiringHoldContract : public Contract {
protected:
    ExpiringHoldContract() {
        Draft draft = agreed(Terms{.total = cases(10), .decrease_on = DecreaseOn::resolution},
                             {{odd, cases(10)}, {Channel::phone, cases(5)}});
        draft.id = gold;
        draft.period = PeriodTerms{{1, Cycle::Step::months}, cases(8)};
        EXPECT_THAT(engine.draft(draft, at(2014_y / 1 / 1)), ok());
        EXPECT_THAT(engine.activate({.customer = acme, .id = gold}, at(2014_y / 1 / 1)), ok());
    }

    [[nodiscard]] static Instant at(Day date) { return date::sys_days{date} + 9h; }
    [[nodiscard]] static Instant end(Day date) { return date::sys_days{date}; }

    void hold(CaseId id, std::int64_t amount, std::optional<Instant> until, Instant now,
              const Channel& origin = {}) {
        EXPECT_THAT(
            engine.open_case({.customer = acme, .id = id, .origin = origin, .entitlement = gold}, now), ok());
        EXPECT_THAT(
            engine.hold_terms({.customer = acme, .id = id, .quantity = cases(amount), .expires = until}, now),
            ok());
    }
    [[nodiscard]] Entitlement kept() {
        const auto reopened = open();
        const Store& now = store->capabilities().shared ? *reopened : *store;
        std::vector<Entitlement> all;
        for (Cursor cursor; !cursor.done;) EXPECT_TRUE(now.scan({acme, {}}, cursor, all));
        return all.at(0);
    }
    void expect_audit() {
        const auto report = engine.audit();
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->ok()) << fmt::format("{}", *report->first);
    }

    const Channel odd = Channel::named("a 7:\"x\"").value();
    const EntitlementId gold = "gold"_entitlement;
    Engine engine{*store};
};

TEST_P(ExpiringHoldContract, are_kept_with_their_end) {
    hold("a"_case, 3, end(2014_y / 2 / 5), at(2014_y / 1 / 2), odd);
    hold(CaseId::from_integer(7), 2, end(2014_y / 1 / 20), at(2014_y / 1 / 3));
    hold("c"_case, 1, {}, at(2014_y / 1 / 3));
    const Entitlement is = kept();
    EXPECT_EQ(is.held, 6);
    EXPECT_EQ(is.periods.due, end(2014_y / 1 / 20));
    ASSERT_EQ(is.holds.open.size(), 2U);
    EXPECT_EQ(is.holds.open[0].support_case, "a"_case);
    EXPECT_EQ(is.holds.open[0].channel, odd);
    EXPECT_EQ(is.holds.open[0].quantity, 3);
    EXPECT_EQ(is.holds.open[0].until, end(2014_y / 2 / 5));
    EXPECT_EQ(is.holds.open[1].support_case, CaseId::from_integer(7));
    const auto held = engine.support_case(acme, "a"_case)->held;
    EXPECT_EQ(held.entry, is.holds.open[0].entry);
    EXPECT_EQ(held.until, end(2014_y / 2 / 5));
    EXPECT_FALSE(engine.support_case(acme, "c"_case)->held.expires());
    expect_audit();
}

TEST_P(ExpiringHoldContract, are_ended_by_whoever_comes_next_and_once) {
    hold("a"_case, 3, end(2014_y / 2 / 5), at(2014_y / 1 / 2), odd);
    hold("b"_case, 4, end(2014_y / 3 / 1), at(2014_y / 1 / 2), odd);
    EXPECT_THAT(engine.open_case({.customer = acme, .id = "c"_case}, at(2014_y / 2 / 2)), ok());
    EXPECT_EQ(kept().remaining, 10 + 3 + 7) << "3 of 10 that nobody held, and 7 set aside";
    EXPECT_EQ(kept().holds.open.at(0).lost, 0) << "5 more may pass";
    EXPECT_EQ(kept().holds.open.at(1).lost, 2) << "of all 10, 8 would have";
    EXPECT_THAT(engine.cancel_case({.customer = acme, .id = "c"_case}, at(2014_y / 2 / 6)), ok());
    EXPECT_EQ(kept().remaining, 20);
    EXPECT_EQ(kept().held, 4);
    EXPECT_THAT(engine.open_case({.customer = acme, .id = "d"_case}, at(2014_y / 3 / 2)), ok());
    const Entitlement is = kept();
    EXPECT_EQ(is.held, 0);
    EXPECT_EQ(is.remaining, 18);
    EXPECT_EQ(is.channels[0].remaining, 18);
    EXPECT_TRUE(is.holds.open.empty());
    expect_audit();
    EXPECT_THAT(engine.resolve_case({.customer = acme, .id = "a"_case}, at(2014_y / 3 / 2)), ok());
    expect_audit();
}

TEST_P(ExpiringHoldContract, that_are_posted_late_stand_for_their_case) {
    hold("a"_case, 3, end(2014_y / 4 / 5), at(2014_y / 1 / 2), Channel::phone);
    const Held held = engine.support_case(acme, "a"_case)->held;
    EXPECT_THAT(engine.resolve_case({.customer = acme, .id = "a"_case}, at(2014_y / 3 / 2)), ok());
    const SupportCase is = *engine.support_case(acme, "a"_case);
    EXPECT_EQ(is.posted.entry, held.entry);
    EXPECT_EQ(is.posted.quantity, 1);
    EXPECT_FALSE(is.held.stands());
    EXPECT_TRUE(kept().holds.open.empty());
    expect_audit();
    EXPECT_THAT(engine.reactivate_case({.customer = acme, .id = "a"_case}, at(2014_y / 3 / 3)), ok());
    EXPECT_FALSE(engine.support_case(acme, "a"_case)->posted.stands());
    expect_audit();
}

TEST_P(ExpiringHoldContract, abandoned_leave_no_trace) {
    hold("a"_case, 3, end(2014_y / 2 / 5), at(2014_y / 1 / 2), odd);
    const Entitlement before = kept();
    const std::vector<Command> batch{
        ReleaseTerms{.customer = acme, .id = "a"_case},
        HoldTerms{.customer = acme, .id = "a"_case, .quantity = cases(1), .expires = end(2014_y / 5 / 1)},
        Adjust{.customer = acme, .id = "nobody's"_entitlement, .quantity = cases(1), .reason = "x"}};
    const std::vector<Footprint> unit{{acme, "a"_case, {}, {}}};
    ASSERT_TRUE(store->begin(unit, Access::write, policy::fingerprint(policy::standard)));
    store->abandon();
    EXPECT_EQ(kept(), before);
    std::vector<Outcome> outcomes(batch.size());
    ASSERT_TRUE(engine.apply(batch, at(2014_y / 2 / 10), outcomes));
    EXPECT_THAT(outcomes[1], ok());
    EXPECT_EQ(kept().held, 1);
    expect_audit();
}

TEST_P(ExpiringHoldContract, stand_in_a_base_once_others_are_archived) {
    hold("a"_case, 3, end(2014_y / 1 / 5), at(2014_y / 1 / 2), odd);
    hold("c"_case, 2, {}, at(2014_y / 1 / 2));
    const auto early = engine.seal(acme);
    ASSERT_TRUE(early);
    EXPECT_EQ(engine.archive(acme, early->number).error().code, ErrorCode::holds_open);
    EXPECT_THAT(engine.open_case({.customer = acme, .id = "b"_case}, at(2014_y / 1 / 6)), ok());
    const auto later = engine.seal(acme);
    ASSERT_TRUE(engine.archive(acme, later->number));
    hold("d"_case, 2, end(2014_y / 2 / 6), at(2014_y / 1 / 7));
    EXPECT_THAT(engine.resolve_case({.customer = acme, .id = "a"_case}, at(2014_y / 2 / 10)), ok());
    expect_audit();
}

INSTANTIATE_TEST_SUITE_P(, ExpiringHoldContract, testing::ValuesIn(stores()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

TEST_F(SqliteFile, holds_that_make_no_sense_are_database_corrupt) {
    for (const char* text :
         {"x", "first 0", "first 1 number 1", "first 1 number 1 0 case 0 7 of 2 until 9 lost 3 0 channel 0 ",
          "first 1 number 1 0 case 0 7 of 2 until 9 lost 0 0 channel 9 phone"}) {
        make(1);
        edit(std::string{"UPDATE entitle_entitlements SET holds = '"} + text + "'");
        Engine engine{open().value()};
        const auto all = engine.entitlements();
        ASSERT_FALSE(all) << text;
        EXPECT_EQ(all.error().code, ErrorCode::database_corrupt) << text;
        std::filesystem::remove(path);
    }
}

}  // namespace
}  // namespace store_contract
