#include "cutting_proxy.hpp"
#include "postgres_desk.hpp"

// How often a command waits for a PostgreSQL server, and when it need not.

namespace store_contract {
namespace {

class PostgresRoundTrips : public Postgres {
protected:
    PostgresRoundTrips() {
        Engine direct{open().value()};
        grant(direct, 1000);
    }
    [[nodiscard]] Engine far(const PostgresOptions& options = {}) const {
        return Engine{PostgresStore::connect(conninfo + " host=" + proxy.folder(), options).value()};
    }
    template <class Work>
    [[nodiscard]] std::uint64_t trips(Work work) const {
        const std::uint64_t before = proxy.round_trips();
        work();
        return proxy.round_trips() - before;
    }

    CuttingProxy proxy{PostgresServer::shared().folder()};
};

TEST_F(PostgresRoundTrips, one_once_the_customer_is_known) {
    Engine engine = far();
    ASSERT_THAT(open_case(engine, 1), ok());
    EXPECT_EQ(trips([&] {
                  for (std::uint64_t id = 2; id < 12; ++id) ASSERT_THAT(open_case(engine, id), ok());
              }),
              10U);
    EXPECT_EQ(trips([&] {
                  for (std::uint64_t id = 1; id < 11; ++id) {
                      const CaseId support_case = CaseId::from_integer(id);
                      ASSERT_THAT(engine.resolve_case({.customer = acme, .id = support_case}, july), ok());
                  }
              }),
              10U);
    const CaseId last = CaseId::from_integer(11);
    EXPECT_EQ(trips([&] { ASSERT_THAT(engine.cancel_case({.customer = acme, .id = last}, july), ok()); }),
              1U);
    EXPECT_EQ(trips([&] { ASSERT_THAT(engine.reactivate_case({.customer = acme, .id = last}, july), ok()); }),
              1U);
    EXPECT_EQ(trips([&] {
                  ASSERT_THAT(engine.adjust({.customer = acme,
                                             .id = gold,
                                             .quantity = cases(-1),
                                             .reason = "a letter",
                                             .request = "r"_request},
                                            july),
                              ok());
              }),
              1U);
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresRoundTrips, two_of_a_customer_or_a_case_not_seen_before) {
    {
        Engine another{open().value()};
        ASSERT_THAT(open_case(another, 1), ok());
    }
    Engine engine = far();
    ASSERT_TRUE(engine.reload_service_levels());
    EXPECT_EQ(trips([&] { ASSERT_THAT(open_case(engine, 2), ok()); }), 2U);
    const CaseId anothers = CaseId::from_integer(1);
    EXPECT_EQ(
        trips([&] { ASSERT_THAT(engine.resolve_case({.customer = acme, .id = anothers}, july), ok()); }), 2U);
    EXPECT_EQ(
        trips([&] { ASSERT_THAT(engine.reactivate_case({.customer = acme, .id = anothers}, july), ok()); }),
        1U)
        << "now it was seen";
}

TEST_F(PostgresRoundTrips, two_for_what_is_refused_or_is_more_than_one_entry) {
    Engine engine = far();
    ASSERT_THAT(open_case(engine, 1), ok());
    EXPECT_EQ(trips([&] {
                  ASSERT_THAT(
                      engine.open_case({.customer = acme, .id = "c"_case, .origin = Channel::web}, july),
                      refused(ErrorCode::not_entitled));
              }),
              2U);
    EXPECT_EQ(trips([&] {
                  ASSERT_THAT(engine.amend({.customer = acme, .id = gold, .changes = {.priority = 3}}, july),
                              ok());
              }),
              2U);
    EXPECT_EQ(trips([&] {
                  std::vector<OpenCase> commands;
                  for (std::uint64_t id = 10; id < 110; ++id)
                      commands.push_back(
                          {.customer = acme, .id = CaseId::from_integer(id), .origin = Channel::phone});
                  std::vector<Outcome> outcomes(commands.size());
                  ASSERT_TRUE(engine.apply(std::span<const OpenCase>{commands}, july, outcomes));
              }),
              2U)
        << "of a batch as of a command";
}

TEST_F(PostgresRoundTrips, two_of_every_command_where_a_statement_must_not_do_it_all) {
    Engine engine = far({.one_statement = false});
    ASSERT_TRUE(engine.reload_service_levels());
    for (std::uint64_t id = 1; id < 4; ++id)
        EXPECT_EQ(trips([&] { ASSERT_THAT(open_case(engine, id), ok()); }), 2U) << id;
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresRoundTrips, three_more_for_the_service_levels_with_an_engines_first_case) {
    Engine engine = far();
    EXPECT_EQ(trips([&] { ASSERT_THAT(open_case(engine, 1), ok()); }), 5U);
    EXPECT_EQ(trips([&] { ASSERT_THAT(open_case(engine, 2), ok()); }), 1U);
}

TEST_F(PostgresRoundTrips, one_of_cases_with_promises_too_unless_the_ledger_could_not_tell_it_from_another) {
    Engine direct{open().value()};
    ASSERT_TRUE(direct.set_service_level(
        {.id = SlaId::from_name("gold"), .name = "gold", .kpis = {{.name = "resolve", .fail_after = 8h}}}));
    ASSERT_TRUE(direct.set_default_service_level(SlaId::from_name("gold")));
    Engine engine = far();
    ASSERT_THAT(open_case(engine, 1), ok());
    const CaseId one = CaseId::from_integer(2);
    const Stage waiting = *Stage::named("waiting");
    EXPECT_EQ(trips([&] { ASSERT_THAT(open_case(engine, 2), ok()); }), 1U);
    const auto kept = direct.case_service(acme, one).value();
    ASSERT_EQ(kept.kpis.size(), 1U);
    EXPECT_EQ(kept.kpis[0].fail_at, july + 8h);
    EXPECT_EQ(direct.due(july + 8h)->size(), 2U);
    const ChangeStage change{.customer = acme, .id = one, .stage = waiting};
    EXPECT_EQ(trips([&] { ASSERT_THAT(engine.change_stage(change, july), ok()); }), 2U);
    EXPECT_EQ(trips([&] {
                  ASSERT_THAT(
                      engine.change_stage({.customer = acme, .id = one, .request = "s"_request}, july), ok());
              }),
              1U);
    EXPECT_FALSE(direct.case_service(acme, one)->stage);
    EXPECT_EQ(
        trips([&] { ASSERT_THAT(engine.resolve_case({.customer = acme, .id = one}, july + 1h), ok()); }), 1U);
    EXPECT_EQ(direct.case_service(acme, one)->kpis[0].end, KpiEnd::met);
    EXPECT_EQ(direct.due(july + 8h)->size(), 1U);
    EXPECT_EQ(
        trips([&] { ASSERT_THAT(engine.reactivate_case({.customer = acme, .id = one}, july + 2h), ok()); }),
        1U);
    EXPECT_EQ(direct.due(july + 99h)->size(), 2U);
    EXPECT_EQ(trips([&] {
                  ASSERT_THAT(
                      engine.set_decrement(
                          {.customer = acme, .id = CaseId::from_integer(2), .decrement = false}, july),
                      ok());
              }),
              2U);
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(PostgresRoundTrips, three_where_another_has_changed_what_was_relied_on) {
    Engine engine = far();
    Engine another{open().value()};
    ASSERT_THAT(open_case(engine, 1), ok());
    ASSERT_THAT(open_case(another, 2), ok());
    EXPECT_EQ(trips([&] { ASSERT_THAT(open_case(engine, 3), ok()); }), 1U) << "there is enough left";
    ASSERT_THAT(another.amend({.customer = acme, .id = gold, .changes = {.name = "Platinum"}}, july), ok());
    EXPECT_EQ(trips([&] { ASSERT_THAT(open_case(engine, 4), ok()); }), 3U);
    ASSERT_THAT(
        another.adjust({.customer = acme, .id = gold, .quantity = cases(-996), .reason = "all"}, july), ok());
    EXPECT_EQ(trips([&] { EXPECT_THAT(open_case(engine, 5), refused(ErrorCode::not_entitled)); }), 3U);
    EXPECT_EQ(engine.entitlement(acme, gold)->remaining, 0);
    EXPECT_TRUE(engine.audit()->ok());
}

}  // namespace
}  // namespace store_contract
