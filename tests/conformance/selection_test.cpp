#include "desk.hpp"

// Section 6: which entitlement a case gets when it names none.

namespace conformance {
namespace {

/// Two entitlements alike, of which the later one is better in one respect; made in that order.
struct Alike : Desk {
    template <class Improve>
    explicit Alike(Improve improve) {
        Draft agreement = agreed(on_creation(5));
        worse = grant(agreement);
        improve(agreement);
        better = grant(agreement);
    }

    [[nodiscard]] EntitlementId chosen() {
        return run(OpenCase{.id = "c1"_case,
                            .contact = "ann"_contact,
                            .product = "router"_product,
                            .asset = "pump"_asset,
                            .case_type = "question"_case_type})
            .value()
            .entitlement;
    }

    EntitlementId worse{};
    EntitlementId better{};
};

TEST(SelectionOrder, the_default_comes_first) {
    Alike desk{[](Draft& d) { d.is_default = true; }};
    EXPECT_EQ(desk.chosen(), desk.better);
}

TEST(SelectionOrder, the_default_comes_before_a_lower_priority_number) {
    Alike desk{[](Draft& d) {
        d.is_default = true;
        d.priority = 200;
    }};
    EXPECT_EQ(desk.chosen(), desk.better);
}

TEST(SelectionOrder, then_the_lower_priority_number) {
    Alike desk{[](Draft& d) { d.priority = 99; }};
    EXPECT_EQ(desk.chosen(), desk.better);
}

TEST(SelectionOrder, the_priority_comes_before_the_more_specific_scope) {
    Desk desk;
    Draft agreement = agreed(on_creation(5));
    agreement.scope.assets = {"pump"_asset};
    (void)desk.grant(agreement);
    agreement.scope = {};
    agreement.priority = 99;
    const EntitlementId preferred = desk.grant(agreement);
    EXPECT_EQ(desk.run(OpenCase{.id = "c1"_case, .asset = "pump"_asset})->entitlement, preferred);
}

TEST(SelectionOrder, then_one_that_lists_assets) {
    Alike desk{[](Draft& d) { d.scope.assets = {"pump"_asset}; }};
    EXPECT_EQ(desk.chosen(), desk.better);
}

TEST(SelectionOrder, then_one_that_lists_products) {
    Alike desk{[](Draft& d) { d.scope.products = {"router"_product}; }};
    EXPECT_EQ(desk.chosen(), desk.better);
}

TEST(SelectionOrder, then_one_that_lists_contacts) {
    Alike desk{[](Draft& d) { d.scope.contacts = {"ann"_contact}; }};
    EXPECT_EQ(desk.chosen(), desk.better);
}

TEST(SelectionOrder, then_one_that_lists_case_types) {
    Alike desk{[](Draft& d) { d.scope.case_types = {"question"_case_type}; }};
    EXPECT_EQ(desk.chosen(), desk.better);
}

TEST(SelectionOrder, assets_come_before_all_the_other_lists_together) {
    Desk desk;
    Draft agreement = agreed(on_creation(5));
    agreement.scope = {
        .contacts = {"ann"_contact}, .products = {"router"_product}, .case_types = {"question"_case_type}};
    (void)desk.grant(agreement);
    agreement.scope = {.assets = {"pump"_asset}};
    const EntitlementId by_asset = desk.grant(agreement);
    EXPECT_EQ(desk.run(OpenCase{.id = "c1"_case,
                                .contact = "ann"_contact,
                                .product = "router"_product,
                                .asset = "pump"_asset,
                                .case_type = "question"_case_type})
                  ->entitlement,
              by_asset);
}

TEST(SelectionOrder, products_come_before_contacts_and_contacts_before_case_types) {
    Desk desk;
    Draft agreement = agreed(on_creation(5));
    agreement.scope = {.case_types = {"question"_case_type}};
    (void)desk.grant(agreement);
    agreement.scope = {.contacts = {"ann"_contact}};
    const EntitlementId by_contact = desk.grant(agreement);
    OpenCase command{.id = "c1"_case,
                     .contact = "ann"_contact,
                     .product = "router"_product,
                     .case_type = "question"_case_type};
    EXPECT_EQ(desk.run(command)->entitlement, by_contact);
    agreement.scope = {.products = {"router"_product}};
    const EntitlementId by_product = desk.grant(agreement);
    command.id = "c2"_case;
    EXPECT_EQ(desk.run(command)->entitlement, by_product);
}

TEST(SelectionOrder, then_the_earlier_end) {
    Alike desk{[](Draft& d) { d.coverage.last_day = 2014_y / 12 / 30; }};
    EXPECT_EQ(desk.chosen(), desk.better);
}

TEST(SelectionOrder, then_the_one_made_earlier) {
    Alike desk{[](Draft&) {}};
    EXPECT_EQ(desk.chosen(), desk.worse);
}

TEST(SelectionOrder, follows_a_revision) {
    Alike desk{[](Draft& d) { d.priority = 99; }};
    ASSERT_THAT(desk.run(Amend{.id = desk.better, .changes = {.priority = 101}}), ok());
    EXPECT_EQ(desk.chosen(), desk.worse);
}

TEST(Selection, passes_over_what_does_not_admit) {
    Desk desk;
    Draft agreement = agreed(on_creation(0));
    agreement.priority = 1;
    (void)desk.grant(agreement);
    agreement = agreed(on_creation(5), {{Channel::email, cases(5)}});
    agreement.priority = 2;
    (void)desk.grant(agreement);
    const EntitlementId third = desk.grant(agreed(on_creation(5)));
    EXPECT_EQ(desk.open("p1", Channel::phone)->entitlement, third);
}

TEST(Selection, is_fixed_when_the_case_was_opened) {
    Desk desk;
    const EntitlementId first = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open("c1"), ok());
    Draft preferred = agreed(on_creation(5));
    preferred.priority = 1;
    (void)desk.grant(preferred);
    ASSERT_THAT(desk.cancel("c1"), ok());
    ASSERT_THAT(desk.reactivate("c1"), ok());
    EXPECT_EQ(desk.support_case("c1").entitlement, first);
}

// None admits: the failure of the candidate that got furthest.

ErrorCode reason_of(const Outcome& outcome) {
    EXPECT_THAT(outcome, refused(ErrorCode::not_entitled));
    return outcome ? ErrorCode::none : outcome.error().reason;
}

TEST(NotEntitled, without_any_entitlement_the_reason_is_no_entitlement) {
    Desk desk;
    EXPECT_EQ(reason_of(desk.open("c1")), ErrorCode::no_entitlement);
}

TEST(NotEntitled, without_a_customer_the_reason_is_no_entitlement) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5)));
    EXPECT_EQ(reason_of(desk.engine.open_case({.id = "c1"_case}, july)), ErrorCode::no_entitlement);
    EXPECT_TRUE(everything(desk.store).cases.empty());
}

TEST(NotEntitled, another_customers_entitlements_are_no_candidates) {
    Desk desk;
    Draft theirs = agreed(on_creation(5));
    theirs.customer = other_customer;
    (void)desk.draft(theirs);
    EXPECT_EQ(reason_of(desk.open("c1")), ErrorCode::no_entitlement);
}

TEST(NotEntitled, the_reason_is_the_candidate_that_got_furthest) {
    Desk desk;
    (void)desk.draft(agreed(on_creation(5)));
    EXPECT_EQ(reason_of(desk.open("p1", Channel::phone)), ErrorCode::not_active);
    Draft scoped = agreed(on_creation(5));
    scoped.scope.products = {"router"_product};
    (void)desk.grant(scoped);
    EXPECT_EQ(reason_of(desk.open("p1", Channel::phone)), ErrorCode::product_out_of_scope);
    (void)desk.grant(agreed(on_creation(5), {{Channel::email, cases(5)}}));
    EXPECT_EQ(reason_of(desk.open("p1", Channel::phone)), ErrorCode::channel_not_listed);
    const EntitlementId spent = desk.grant(agreed(on_creation(0)));
    const auto outcome = desk.open("p1", Channel::phone);
    EXPECT_EQ(reason_of(outcome), ErrorCode::terms_exhausted);
    EXPECT_EQ(outcome.error().entitlement, spent);
}

TEST(NotEntitled, among_those_equally_far_it_is_the_first_in_the_order) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(0)));
    Draft preferred = agreed(on_creation(5), {{Channel::phone, cases(0)}});
    preferred.priority = 1;
    (void)desk.grant(preferred);
    EXPECT_EQ(reason_of(desk.open("p1", Channel::phone)), ErrorCode::channel_exhausted);
}

}  // namespace
}  // namespace conformance
