#include <array>
#include <vector>

#include "forwarding_store.hpp"

// R10: all or nothing. Batches beside it.

namespace conformance {
namespace {

TEST(R10, a_refused_command_leaves_no_trace) {
    Desk desk;  // compares everything before and after each refusal
    const EntitlementId gold = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    const EntitlementId spent = desk.grant(agreed(on_creation(0)));
    ASSERT_THAT(desk.open_on(gold, "p1", Channel::phone), ok());
    // Each of these would have moved something before the step that refuses it.
    EXPECT_THAT(desk.run(ChangeEntitlement{.id = "p1"_case, .entitlement = spent}),
                refused(ErrorCode::terms_exhausted));
    EXPECT_THAT(desk.change_origin("p1", Channel::web), refused(ErrorCode::channel_not_listed));
    ASSERT_THAT(desk.resolve("p1"), ok());
    EXPECT_THAT(desk.reactivate("p1", Channel::web), refused(ErrorCode::channel_not_listed));
    Draft wrong = agreed(on_creation(5), {{Channel::phone, cases(6)}});
    wrong.is_default = true;
    EXPECT_THAT(desk.run(wrong), refused(ErrorCode::channel_exceeds_total));
    EXPECT_THAT(desk.run(Amend{.id = gold, .changes = {.name = "Silver", .discount_percent = 101}}),
                refused(ErrorCode::discount_out_of_range));
}

/// Fails at one of its calls.
class FailingStore : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;
    int fails_at = -1;  ///< counts list, customer_of, begin, view, stage and commit
    mutable int calls = 0;

    [[nodiscard]] Result<void> begin(std::span<const Footprint> unit, Access access,
                                     std::uint64_t policy) override {
        if (fails()) return refuse(ErrorCode::store_failed);
        return ForwardingStore::begin(unit, access, policy);
    }
    [[nodiscard]] Result<void> view(const Footprint& footprint, View& out) override {
        if (fails()) return refuse(ErrorCode::store_failed);
        return ForwardingStore::view(footprint, out);
    }
    [[nodiscard]] Result<Commit> stage(const Plan& plan, Receipt& receipt) override {
        if (fails()) return refuse(ErrorCode::store_failed);
        return ForwardingStore::stage(plan, receipt);
    }
    [[nodiscard]] Result<Commit> commit() override {
        if (fails()) {
            ForwardingStore::abandon();
            return refuse(ErrorCode::store_failed);
        }
        return ForwardingStore::commit();
    }

    using ForwardingStore::list;
    [[nodiscard]] Result<void> list(ProductId only, std::vector<AssignmentRule>& out) const override {
        if (fails()) return refuse(ErrorCode::store_failed);
        return ForwardingStore::list(only, out);
    }
    [[nodiscard]] Result<void> list(TemplateId only, std::vector<Template>& out) const override {
        if (fails()) return refuse(ErrorCode::store_failed);
        return ForwardingStore::list(only, out);
    }
    using ForwardingStore::customer_of;
    [[nodiscard]] Result<CustomerId> customer_of(CaseId support_case) const override {
        if (fails()) return refuse(ErrorCode::store_failed);
        return ForwardingStore::customer_of(support_case);
    }

private:
    [[nodiscard]] bool fails() const { return calls++ == fails_at; }
};

TEST(R10, a_purchase_that_the_store_failed_leaves_no_trace_wherever_it_failed) {
    Desk desk;
    const TemplateId basic = TemplateId::from_integer(1);
    const Agreement made{.name = "Basic", .coverage = year_2014, .terms = on_creation(5)};
    ASSERT_TRUE(desk.engine.set_template({.id = basic, .agreement = made}));
    ASSERT_TRUE(desk.engine.set_rule({"router"_product, 1, basic}));
    FailingStore failing{desk.store};
    Engine engine{failing};
    const Everything before = everything(desk.store);
    int failures = 0;
    for (failing.fails_at = 0;; ++failing.fails_at) {
        failing.calls = 0;
        const auto outcome = engine.assign({acme, PurchaseId::from_integer(1), "router"_product, 1}, july);
        if (outcome) break;
        ++failures;
        EXPECT_THAT(outcome, refused(ErrorCode::store_failed));
        EXPECT_EQ(outcome.error().command, CommandKind::assign);
        EXPECT_TRUE(everything(desk.store) == before) << "call " << failing.fails_at;
    }
    EXPECT_EQ(failures, 6) << "rules, template, begin, view, stage, commit";
}

TEST(Batch, an_error_of_the_store_before_its_unit_is_every_outcome) {
    Desk desk;
    FailingStore failing{desk.store};
    failing.fails_at = 0;
    Engine engine{failing};
    const std::array<Command, 2> commands{OpenCase{.customer = acme, .id = "c1"_case},
                                          ResolveCase{.id = "c1"_case}};  // whose it is is asked
    std::array<Outcome, 2> outcomes;
    EXPECT_EQ(engine.apply(std::span<const Command>{commands}, july, outcomes).error().code,
              ErrorCode::store_failed);
    for (const Outcome& outcome : outcomes) EXPECT_THAT(outcome, refused(ErrorCode::store_failed));
}

TEST(R10, a_command_that_the_store_failed_leaves_no_trace_wherever_it_failed) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    FailingStore failing{desk.store};
    Engine engine{failing};
    const OpenCase command{
        .customer = acme, .id = "p1"_case, .origin = Channel::phone, .request = "r1"_request};
    const Everything before = everything(desk.store);
    int failures = 0;
    for (failing.fails_at = 0;; ++failing.fails_at) {
        failing.calls = 0;
        const auto outcome = engine.open_case(command, july);
        if (outcome) break;
        ++failures;
        EXPECT_THAT(outcome, refused(ErrorCode::store_failed));
        EXPECT_TRUE(everything(desk.store) == before) << "call " << failing.fails_at;
    }
    EXPECT_EQ(failures, 4) << "begin, view, stage, commit";
    EXPECT_TRUE(engine.audit()->ok());
}

TEST(Batch, a_refusal_does_not_undo_its_neighbours) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(2)));
    const std::vector<OpenCase> commands{{.customer = acme, .id = "c1"_case},
                                         {.customer = acme, .id = "c1"_case, .origin = Channel::web},
                                         {.customer = acme, .id = "c2"_case},
                                         {.customer = acme, .id = "c3"_case}};
    std::vector<Outcome> outcomes(commands.size());
    ASSERT_TRUE(desk.engine.apply(std::span<const OpenCase>{commands}, july, outcomes));
    EXPECT_THAT(outcomes[0], ok());
    EXPECT_THAT(outcomes[1], refused(ErrorCode::case_exists)) << "it sees its neighbour";
    EXPECT_THAT(outcomes[2], ok());
    EXPECT_THAT(outcomes[3], refused(ErrorCode::not_entitled));
    EXPECT_EQ(desk.left(id), 0);
}

TEST(Batch, of_commands_of_any_sort_runs_them_in_order) {
    Desk desk;
    Draft draft = agreed(on_creation(2));
    draft.id = "gold"_entitlement;
    const std::vector<Command> commands{draft, Activate{.customer = acme, .id = "gold"_entitlement},
                                        OpenCase{.customer = acme, .id = "c1"_case},
                                        ResolveCase{.customer = acme, .id = "c1"_case},
                                        Cancel{.customer = acme, .id = "gold"_entitlement}};
    std::vector<Outcome> outcomes(commands.size());
    ASSERT_TRUE(desk.engine.apply(commands, july, outcomes));
    for (const Outcome& outcome : outcomes) EXPECT_THAT(outcome, ok());
    EXPECT_EQ(outcomes[4]->number, 5U);
    EXPECT_TRUE(desk.engine.audit()->ok());
}

TEST(Batch, an_error_of_the_store_undoes_the_whole_unit) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5)));
    FailingStore failing{desk.store};
    Engine engine{failing};
    const std::array<OpenCase, 2> commands{OpenCase{.customer = acme, .id = "c1"_case},
                                           OpenCase{.customer = acme, .id = "c2"_case}};
    std::array<Outcome, 2> outcomes;
    const Everything before = everything(desk.store);
    failing.fails_at = 4;  // begin, view, stage, view: the second stage
    EXPECT_EQ(engine.apply(std::span<const OpenCase>{commands}, july, outcomes).error().code,
              ErrorCode::store_failed);
    EXPECT_TRUE(everything(desk.store) == before);
}

TEST(Batch, needs_room_for_every_outcome) {
    Desk desk;
    const std::array<OpenCase, 2> commands{};
    std::array<Outcome, 1> outcomes;
    EXPECT_EQ(desk.engine.apply(std::span<const OpenCase>{commands}, july, outcomes).error().code,
              ErrorCode::outcome_count);
}

TEST(Batch, of_nothing_does_nothing) {
    Desk desk;
    EXPECT_TRUE(desk.engine.apply(std::span<const Command>{}, july, {}));
}

/// Answers stale once, as a store does that another process wrote to.
class StaleOnceStore : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;
    int stale_answers = 1;
    std::vector<Access> asked;

    [[nodiscard]] Result<void> begin(std::span<const Footprint> unit, Access access,
                                     std::uint64_t policy) override {
        asked.push_back(access);
        return ForwardingStore::begin(unit, access, policy);
    }
    [[nodiscard]] Result<Commit> commit() override {
        if (stale_answers-- <= 0) return ForwardingStore::commit();
        ForwardingStore::abandon();
        return Commit::stale;
    }
};

TEST(Stale, what_was_out_of_date_is_judged_again_under_the_lock) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    StaleOnceStore store{desk.store};
    Engine engine{store};
    const auto opened = engine.open_case({.customer = acme, .id = "c1"_case}, july);
    ASSERT_THAT(opened, ok());
    EXPECT_FALSE(opened->repeated);
    EXPECT_THAT(store.asked, testing::ElementsAre(Access::write, Access::locked));
    EXPECT_EQ(desk.left(id), 4) << "posted once";
}

TEST(Stale, a_store_that_is_stale_under_the_lock_too_has_failed) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5)));
    StaleOnceStore store{desk.store};
    store.stale_answers = 1000;
    Engine engine{store};
    EXPECT_THAT(engine.open_case({.customer = acme, .id = "c1"_case}, july),
                refused(ErrorCode::store_failed));
}

}  // namespace
}  // namespace conformance
