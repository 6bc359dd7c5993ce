#include <ostream>
#include <vector>

#include "desk.hpp"

// Section 5: every step, their order, and explain. R13 beside it.

namespace conformance {
namespace {

/// One entitlement that limits everything.
struct Limited : Desk {
    explicit Limited(const Policy& policy = policy::standard) : Desk{policy} {}

    EntitlementId id = [this] {
        Draft agreement = agreed(on_creation(1), {{Channel::phone, cases(1)}, {Channel::email, cases(0)}});
        agreement.scope = {.contacts = {"ann"_contact},
                           .products = {"router"_product},
                           .assets = {"pump"_asset},
                           .case_types = {"question"_case_type}};
        return grant(agreement);
    }();

    /// A case that the entitlement admits.
    [[nodiscard]] OpenCase fitting() const {
        return {.id = "c1"_case,
                .contact = "ann"_contact,
                .product = "router"_product,
                .asset = "pump"_asset,
                .case_type = "question"_case_type,
                .origin = Channel::phone,
                .entitlement = id};
    }

    /// Nothing about it is right.
    [[nodiscard]] OpenCase unfitting() const {
        return {.id = "c1"_case,
                .contact = "eve"_contact,
                .product = "hub"_product,
                .asset = "hose"_asset,
                .case_type = "request"_case_type,
                .origin = Channel::web,
                .entitlement = id};
    }
};

TEST(Admission, what_passes_every_step_is_admitted) {
    Limited desk;
    EXPECT_THAT(desk.run(desk.fitting()), ok());
}

TEST(AdmissionStep1, an_entitlement_of_another_customer_is_not_the_customers) {
    Limited desk;
    Draft theirs = agreed(on_creation(5));
    theirs.customer = other_customer;
    OpenCase command = desk.fitting();
    command.entitlement = desk.draft(theirs);
    EXPECT_THAT(desk.run(command), refused(ErrorCode::not_customers));
}

TEST(AdmissionStep1, an_entitlement_of_nobody_is_unknown) {
    Limited desk;
    OpenCase command = desk.fitting();
    command.entitlement = "nobodys"_entitlement;
    EXPECT_THAT(desk.run(command), refused(ErrorCode::unknown_entitlement));
}

TEST(AdmissionStep2, what_is_not_active_now_refuses_with_its_status) {
    Limited desk;
    const auto expect_refusal = [&](Status status) {
        const auto outcome = desk.run(desk.fitting());
        ASSERT_THAT(outcome, refused(ErrorCode::not_active));
        EXPECT_EQ(outcome.error().status, status);
        EXPECT_EQ(outcome.error().entitlement, desk.id);
    };
    desk.now = year_before;
    expect_refusal(Status::waiting);
    desk.now = year_after;
    expect_refusal(Status::expired);
    desk.now = july;
    ASSERT_THAT(desk.deactivate(desk.id), ok());
    expect_refusal(Status::draft);
    ASSERT_THAT(desk.activate(desk.id), ok());
    ASSERT_THAT(desk.run(Cancel{.id = desk.id}), ok());
    expect_refusal(Status::canceled);
}

struct OutOfScope {
    const char* fact;
    ErrorCode code;
    void (*change)(OpenCase&);
    void (*leave_out)(OpenCase&);

    friend void PrintTo(const OutOfScope& row, std::ostream* out) { *out << row.fact; }
};

const OutOfScope facts_out_of_scope[] = {
    {"contact", ErrorCode::contact_out_of_scope, [](OpenCase& c) { c.contact = "eve"_contact; },
     [](OpenCase& c) { c.contact = {}; }},
    {"product", ErrorCode::product_out_of_scope, [](OpenCase& c) { c.product = "hub"_product; },
     [](OpenCase& c) { c.product = {}; }},
    {"asset", ErrorCode::asset_out_of_scope, [](OpenCase& c) { c.asset = "hose"_asset; },
     [](OpenCase& c) { c.asset = {}; }},
    {"case_type", ErrorCode::case_type_out_of_scope, [](OpenCase& c) { c.case_type = "request"_case_type; },
     [](OpenCase& c) { c.case_type = {}; }},
};

class AdmissionStep3 : public testing::TestWithParam<OutOfScope> {};

TEST_P(AdmissionStep3, a_fact_out_of_scope_refuses) {
    Limited desk;
    OpenCase command = desk.fitting();
    GetParam().change(command);
    EXPECT_EQ(why(desk.run(command)), GetParam().code);
}

TEST_P(AdmissionStep3, a_fact_left_out_is_out_of_a_scope_that_lists_something) {
    Limited desk;
    OpenCase command = desk.fitting();
    GetParam().leave_out(command);
    EXPECT_EQ(why(desk.run(command)), GetParam().code);
}

TEST_P(AdmissionStep3, an_empty_scope_limits_nothing) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    OpenCase command{.id = "c1"_case, .entitlement = id};
    GetParam().change(command);
    EXPECT_THAT(desk.run(command), ok());
}

INSTANTIATE_TEST_SUITE_P(, AdmissionStep3, testing::ValuesIn(facts_out_of_scope),
                         [](const auto& run) { return std::string{run.param.fact}; });

TEST(AdmissionStep3Of, any_listed_fact_is_in_scope) {
    Desk desk;
    Draft agreement = agreed(on_creation(5));
    agreement.scope.products = {"router"_product, "switch"_product, "hub"_product};
    const EntitlementId id = desk.grant(agreement);
    for (const ProductId product : agreement.scope.products) {
        EXPECT_THAT(desk.run(OpenCase{.id = CaseId{product.bits()}, .product = product, .entitlement = id}),
                    ok());
    }
}

TEST(AdmissionStep4, without_listed_channels_any_origin_passes_and_moves_no_channel) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    const auto opened = desk.open_on(id, "t1", Channel::twitter);
    ASSERT_THAT(opened, ok());
    EXPECT_TRUE(opened->channel.is_none());
}

TEST(AdmissionStep4, without_an_origin_it_passes) {
    Limited desk;
    OpenCase command = desk.fitting();
    command.origin = {};
    EXPECT_THAT(desk.run(command), ok());
    EXPECT_EQ(desk.left(desk.id, Channel::phone), 1);
}

TEST(AdmissionStep4, an_origin_that_is_not_listed_refuses_when_restricted) {
    Limited desk;
    OpenCase command = desk.fitting();
    command.origin = Channel::web;
    const auto outcome = desk.run(command);
    ASSERT_THAT(outcome, refused(ErrorCode::channel_not_listed));
    EXPECT_EQ(outcome.error().channel, Channel::web);
}

TEST(AdmissionStep4, an_origin_that_is_not_listed_passes_unrestricted_and_moves_no_channel) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(unrestricted(5), {{Channel::phone, cases(1)}}));
    const auto opened = desk.open_on(id, "w1", Channel::web);
    ASSERT_THAT(opened, ok());
    EXPECT_TRUE(opened->channel.is_none());
    EXPECT_EQ(desk.left(id), 4);
}

TEST(AdmissionStep4, names_compare_without_regard_to_case) {
    Limited desk;
    OpenCase command = desk.fitting();
    command.origin = Channel::named("PhONE").value();
    EXPECT_THAT(desk.run(command), ok());
    EXPECT_EQ(desk.left(desk.id, Channel::phone), 0);
}

TEST(AdmissionStep4, long_names_that_share_a_key_are_told_apart) {
    const Channel listed = Channel::named("c2xjjvfslduxd").value();
    const Channel other = Channel::named("jfsbhxueeu20b").value();
    ASSERT_EQ(listed.key(), other.key()) << "found by search";
    Desk desk;
    const EntitlementId one = desk.grant(agreed(on_creation(5), {{listed, cases(1)}}));
    const EntitlementId both = desk.grant(agreed(on_creation(5), {{listed, cases(1)}, {other, cases(1)}}));
    EXPECT_THAT(desk.open_on(one, "c1", other), refused(ErrorCode::channel_not_listed));
    ASSERT_THAT(desk.open_on(both, "c1", other), ok());
    EXPECT_EQ(desk.left(both, listed), 1);
    EXPECT_EQ(desk.left(both, other), 0);
    EXPECT_EQ(desk.support_case("c1").posted.channel, other);
    ASSERT_THAT(desk.cancel("c1"), ok());
    EXPECT_EQ(desk.left(both, other), 1);
}

TEST(AdmissionStep5, a_total_with_nothing_left_is_exhausted) {
    Limited desk;
    ASSERT_THAT(desk.run(desk.fitting()), ok());
    OpenCase command = desk.fitting();
    command.id = "c2"_case;
    const auto outcome = desk.run(command);
    ASSERT_THAT(outcome, refused(ErrorCode::terms_exhausted));
    EXPECT_EQ(outcome.error().needed, Quantity(cases(1)));
    EXPECT_EQ(outcome.error().remaining, Quantity(cases(0)));
    EXPECT_EQ(outcome.error().limit, Quantity(cases(1)));
}

TEST(AdmissionStep5, a_channel_with_nothing_left_is_exhausted) {
    Limited desk;
    OpenCase command = desk.fitting();
    command.origin = Channel::email;
    const auto outcome = desk.run(command);
    ASSERT_THAT(outcome, refused(ErrorCode::channel_exhausted));
    EXPECT_EQ(outcome.error().channel, Channel::email);
    EXPECT_EQ(outcome.error().remaining, Quantity(cases(0)));
}

// Needed: 1 for cases; for hours and money the amount at resolution, more than nothing at opening.

template <class T>
struct Metered : Desk {
    explicit Metered(T total)
        : id{grant(agreed({.total = total, .decrease_on = DecreaseOn::resolution, .restricted = true}))} {}
    EntitlementId id;
};

TEST(AdmissionNeeded, of_hours_is_more_than_nothing_at_opening) {
    Metered desk{hours(1s)};
    EXPECT_THAT(desk.open_on(desk.id, "c1"), ok());
    ASSERT_THAT(desk.resolve("c1", 1s), ok());
    EXPECT_THAT(desk.open_on(desk.id, "c2"), refused(ErrorCode::terms_exhausted));
}

TEST(AdmissionNeeded, of_hours_is_the_time_spent_at_resolution) {
    Metered desk{hours(1h)};
    ASSERT_THAT(desk.open("c1"), ok());
    const auto outcome = desk.resolve("c1", 1h + 1s);
    ASSERT_THAT(outcome, refused(ErrorCode::terms_exhausted));
    EXPECT_EQ(outcome.error().needed, Quantity(hours(1h + 1s)));
    EXPECT_THAT(desk.resolve("c1", 1h), ok());
}

TEST(AdmissionNeeded, of_money_is_the_cost_at_resolution) {
    Metered desk{money(10'00, eur)};
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_THAT(desk.resolve("c1", 0s, money(10'01, eur)), refused(ErrorCode::terms_exhausted));
    EXPECT_THAT(desk.resolve("c1", 0s, money(10'00, eur)), ok());
    EXPECT_THAT(desk.open_on(desk.id, "c2"), refused(ErrorCode::terms_exhausted));
}

// Resolution asks 4 and 5 again, if it is going to post, and never 1 to 3.

TEST(AdmissionAtResolution, never_asks_coverage_or_status_again) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_resolution(5)));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.open("c2"), ok());
    ASSERT_THAT(desk.run(Cancel{.id = id}), ok());
    EXPECT_THAT(desk.resolve("c1"), ok());
    desk.now = year_after;
    EXPECT_THAT(desk.resolve("c2"), ok());
    EXPECT_EQ(desk.left(id), 3);
}

TEST(AdmissionAtResolution, never_asks_the_scope_again) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_resolution(5)));
    ASSERT_THAT(desk.run(OpenCase{.id = "c1"_case, .product = "router"_product}), ok());
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.scope = Scope{.products = {"hub"_product}}}}), ok());
    EXPECT_THAT(desk.resolve("c1"), ok());
}

TEST(AdmissionAtResolution, asks_for_the_channel_again) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_resolution(5)));
    ASSERT_THAT(desk.open("w1", Channel::web), ok());
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.channels = {{{Channel::phone, cases(1)}}}}}), ok());
    EXPECT_THAT(desk.resolve("w1"), refused(ErrorCode::channel_not_listed));
}

TEST(AdmissionAtResolution, asks_nothing_where_it_is_not_going_to_post) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_resolution(1)));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.run(OpenCase{.id = "w1"_case, .origin = Channel::web, .decrement = false}), ok());
    ASSERT_THAT(desk.resolve("c1"), ok());
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.channels = {{{Channel::phone, cases(1)}}}}}), ok());
    EXPECT_THAT(desk.resolve("w1"), ok());
}

// The order of the steps: the error is the first that fails.

TEST(AdmissionOrder, the_error_is_the_first_step_that_fails) {
    Limited desk;
    ASSERT_THAT(desk.run(desk.fitting()), ok());  // nothing is left any more
    OpenCase command = desk.unfitting();
    command.id = "c2"_case;
    desk.now = year_after;
    EXPECT_THAT(desk.run(command), refused(ErrorCode::not_active));
    desk.now = july;
    EXPECT_THAT(desk.run(command), refused(ErrorCode::contact_out_of_scope));
    command.contact = "ann"_contact;
    EXPECT_THAT(desk.run(command), refused(ErrorCode::product_out_of_scope));
    command.product = "router"_product;
    EXPECT_THAT(desk.run(command), refused(ErrorCode::asset_out_of_scope));
    command.asset = "pump"_asset;
    EXPECT_THAT(desk.run(command), refused(ErrorCode::case_type_out_of_scope));
    command.case_type = "question"_case_type;
    EXPECT_THAT(desk.run(command), refused(ErrorCode::channel_not_listed));
    command.origin = Channel::phone;
    EXPECT_THAT(desk.run(command), refused(ErrorCode::terms_exhausted)) << "the total before the channel";
    ASSERT_THAT(desk.run(Adjust{.id = desk.id, .quantity = cases(1), .reason = "goodwill"}), ok());
    EXPECT_THAT(desk.run(command), refused(ErrorCode::channel_exhausted));
    ASSERT_THAT(
        desk.run(Adjust{
            .id = desk.id, .channel = Channel::phone, .channel_quantity = cases(1), .reason = "goodwill"}),
        ok());
    EXPECT_THAT(desk.run(command), ok());
}

// Explain returns all of them, per candidate.

std::vector<ErrorCode> reasons_of(const Candidacy& candidate) {
    std::vector<ErrorCode> codes;
    for (const Error& reason : candidate.reasons) codes.push_back(reason.code);
    return codes;
}

TEST(Explain, gives_every_reason_in_the_order_of_the_steps) {
    Limited desk;
    ASSERT_THAT(desk.run(desk.fitting()), ok());
    const auto explanation = desk.engine.explain(
        [&] {
            OpenCase command = desk.unfitting();
            command.customer = acme;
            return command;
        }(),
        year_after);
    ASSERT_TRUE(explanation);
    EXPECT_TRUE(explanation->chosen.is_none());
    ASSERT_EQ(explanation->candidates.size(), 1U);
    EXPECT_EQ(explanation->candidates[0].entitlement, desk.id);
    EXPECT_EQ(explanation->candidates[0].status, Status::expired);
    EXPECT_EQ(explanation->candidates[0].remaining, Quantity(cases(0)));
    EXPECT_THAT(reasons_of(explanation->candidates[0]),
                testing::ElementsAre(ErrorCode::not_active, ErrorCode::contact_out_of_scope,
                                     ErrorCode::product_out_of_scope, ErrorCode::asset_out_of_scope,
                                     ErrorCode::case_type_out_of_scope, ErrorCode::channel_not_listed,
                                     ErrorCode::terms_exhausted));
    EXPECT_EQ(explanation->refusal->code, ErrorCode::not_active);
}

TEST(Explain, gives_total_and_channel_exhausted_both) {
    Limited desk;
    ASSERT_THAT(desk.run(desk.fitting()), ok());
    OpenCase command = desk.fitting();
    command.customer = acme;
    EXPECT_THAT(reasons_of(desk.engine.explain(command, july)->candidates.at(0)),
                testing::ElementsAre(ErrorCode::terms_exhausted, ErrorCode::channel_exhausted));
}

TEST(Explain, names_the_chosen_one_and_every_candidate_in_the_order_tried) {
    Limited desk;
    Draft preferred = agreed(on_creation(0));
    preferred.priority = 1;
    const EntitlementId first = desk.grant(preferred);
    OpenCase command = desk.fitting();
    command.customer = acme;
    command.entitlement = {};
    const auto explanation = desk.engine.explain(command, july);
    ASSERT_TRUE(explanation);
    EXPECT_EQ(explanation->chosen, desk.id);
    EXPECT_FALSE(explanation->refusal);
    ASSERT_EQ(explanation->candidates.size(), 2U);
    EXPECT_EQ(explanation->candidates[0].entitlement, first);
    EXPECT_FALSE(explanation->candidates[0].admits());
    EXPECT_EQ(explanation->candidates[1].entitlement, desk.id);
    EXPECT_TRUE(explanation->candidates[1].admits());
}

TEST(Explain, agrees_with_what_is_refused_without_candidates) {
    Limited desk;
    Draft theirs = agreed(on_creation(5));
    theirs.customer = other_customer;
    OpenCase command{.customer = acme, .id = "c1"_case, .entitlement = desk.draft(theirs)};
    EXPECT_EQ(desk.engine.explain(command, july)->refusal->code, ErrorCode::not_customers);
    command.entitlement = "nobodys"_entitlement;
    EXPECT_EQ(desk.engine.explain(command, july)->refusal->code, ErrorCode::unknown_entitlement);
    command = {.customer = "stranger"_customer, .id = "c1"_case};
    EXPECT_EQ(desk.engine.explain(command, july)->refusal->reason, ErrorCode::no_entitlement);
}

// Check: the answer without recording it.

TEST(Check, answers_as_the_opening_would_and_records_nothing) {
    Limited desk;
    OpenCase command = desk.fitting();
    command.customer = acme;
    const Everything before = everything(desk.store);
    const auto allowed = desk.engine.check(command, july);
    ASSERT_TRUE(allowed);
    EXPECT_EQ(allowed->entitlement, desk.id);
    EXPECT_EQ(allowed->remaining, Quantity(cases(1)));
    EXPECT_EQ(allowed->channel, Channel::phone);
    EXPECT_EQ(allowed->channel_remaining, Quantity(cases(1)));
    EXPECT_TRUE(everything(desk.store) == before);
    ASSERT_THAT(desk.run(command), ok());
    EXPECT_EQ(desk.engine.check(command, july).error().code, ErrorCode::terms_exhausted);
    EXPECT_EQ(desk.engine.check(command, year_after).error().code, ErrorCode::not_active);
}

TEST(Check, of_many_answers_each) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(1), {{Channel::phone, cases(1)}}));
    std::vector<OpenCase> commands(200, OpenCase{.customer = acme});
    for (std::size_t i = 0; i < commands.size(); i += 2) commands[i].origin = Channel::phone;
    for (std::size_t i = 1; i < commands.size(); i += 2) commands[i].origin = Channel::web;
    std::vector<Result<Allowed>> answers(commands.size());
    ASSERT_TRUE(desk.engine.check(commands, july, answers));
    for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i].has_value(), i % 2 == 0) << i;
    answers.pop_back();
    EXPECT_EQ(desk.engine.check(commands, july, answers).error().code, ErrorCode::outcome_count);
}

// R13: not restricted, step 5 refuses nothing.

TEST(R13, unrestricted_total_and_channel_go_below_zero) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(unrestricted(1), {{Channel::phone, cases(0)}}));
    const auto first = desk.open("p1", Channel::phone);
    ASSERT_THAT(first, ok());
    EXPECT_EQ(first->channel_remaining, Quantity(cases(-1))) << "phone at 0 becomes -1";
    const auto second = desk.open("p2", Channel::phone);
    ASSERT_THAT(second, ok());
    EXPECT_EQ(second->remaining, Quantity(cases(-1)));
    EXPECT_EQ(desk.left(id), -1);
    EXPECT_EQ(desk.left(id, Channel::phone), -2);
}

TEST(R13, unrestricted_at_resolution_too) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed({.total = hours(1h), .decrease_on = DecreaseOn::resolution},
                                               {{Channel::phone, hours(30min)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1", 90min), ok());
    EXPECT_EQ(desk.left(id), -1800);
    EXPECT_EQ(desk.left(id, Channel::phone), -3600);
}

}  // namespace
}  // namespace conformance
