#include <array>
#include <ostream>
#include <string>

#include "desk.hpp"

// Section 4: every cell of the case table, R6 to R9.

namespace conformance {
namespace {

/// Five cases, two each by phone and e-mail, restricted; and another entitlement like it.
struct OnCreation : Desk {
    explicit OnCreation(const Policy& policy = policy::standard) : Desk{policy} {}
    EntitlementId id =
        grant(agreed(on_creation(5), {{Channel::phone, cases(2)}, {Channel::email, cases(2)}}));

    void expect_left(std::int64_t total, std::int64_t phone, std::int64_t email) const {
        EXPECT_EQ(left(id), total);
        EXPECT_EQ(left(id, Channel::phone), phone);
        EXPECT_EQ(left(id, Channel::email), email);
    }
};

struct OnResolution : Desk {
    explicit OnResolution(const Policy& policy = policy::standard) : Desk{policy} {}
    EntitlementId id =
        grant(agreed(on_resolution(5), {{Channel::phone, cases(2)}, {Channel::email, cases(2)}}));

    void expect_left(std::int64_t total, std::int64_t phone, std::int64_t email) const {
        EXPECT_EQ(left(id), total);
        EXPECT_EQ(left(id, Channel::phone), phone);
        EXPECT_EQ(left(id, Channel::email), email);
    }
};

/// The quantity that stands posted for a case.
std::int64_t posted(const Desk& desk, std::string_view id) {
    const SupportCase support_case = desk.support_case(id);
    return support_case.posted.stands() ? support_case.posted.quantity : 0;
}

// Open.

TEST(OpenOnCreation, posts_one) {
    OnCreation desk;
    const auto opened = desk.open("p1", Channel::phone);
    ASSERT_THAT(opened, ok());
    EXPECT_EQ(opened->moved, Quantity(cases(-1)));
    desk.expect_left(4, 1, 2);
    EXPECT_EQ(desk.support_case("p1").posted.channel, Channel::phone);
    EXPECT_EQ(desk.last_entry().kind, EntryKind::posting);
}

TEST(OpenOnResolution, is_admitted_and_posts_nothing) {
    OnResolution desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    desk.expect_left(5, 2, 2);
    EXPECT_FALSE(desk.support_case("p1").posted.stands());
    EXPECT_EQ(desk.last_entry().kind, EntryKind::note);
}

// Resolve.

TEST(ResolveOnCreation, moves_nothing) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    desk.expect_left(4, 1, 2);
    EXPECT_EQ(desk.support_case("p1").state, CaseState::resolved);
}

TEST(ResolveOnCreation, asks_nothing) {
    OnCreation desk;
    for (const char* c : {"p1", "p2"}) ASSERT_THAT(desk.open(c, Channel::phone), ok());
    for (const char* c : {"e1", "e2"}) ASSERT_THAT(desk.open(c, Channel::email), ok());
    ASSERT_THAT(desk.open("n1"), ok());
    for (const char* c : {"p1", "p2", "e1", "e2", "n1"}) EXPECT_THAT(desk.resolve(c), ok());
    desk.expect_left(0, 0, 0);
}

TEST(ResolveOnResolution, posts_one) {
    OnResolution desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    desk.expect_left(4, 1, 2);
    EXPECT_EQ(posted(desk, "p1"), 1);
}

TEST(ResolveOnResolution, posts_the_time_spent) {
    Desk desk;
    const EntitlementId id =
        desk.grant(agreed({.total = hours(10h), .decrease_on = DecreaseOn::resolution, .restricted = true},
                          {{Channel::phone, hours(5h)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1", 90min), ok());
    EXPECT_EQ(desk.left(id), 10 * 3600 - 5400);
    EXPECT_EQ(desk.left(id, Channel::phone), 5 * 3600 - 5400);
    EXPECT_EQ(posted(desk, "p1"), 5400);
}

TEST(ResolveOnResolution, posts_the_cost) {
    Desk desk;
    const EntitlementId id =
        desk.grant(agreed({.total = money(100'00, eur), .decrease_on = DecreaseOn::resolution}));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.resolve("c1", 0s, money(12'50, eur)), ok());
    EXPECT_EQ(desk.left(id), 87'50);
}

TEST(ResolveOnResolution, asks_for_channel_and_terms) {
    OnResolution desk;
    for (const char* c : {"p1", "p2", "p3"}) ASSERT_THAT(desk.open(c, Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    ASSERT_THAT(desk.resolve("p2"), ok());
    EXPECT_THAT(desk.resolve("p3"), refused(ErrorCode::channel_exhausted));
    EXPECT_EQ(desk.support_case("p3").state, CaseState::open);
    for (const char* c : {"n1", "n2", "n3", "n4"}) ASSERT_THAT(desk.open(c), ok());
    for (const char* c : {"n1", "n2", "n3"}) ASSERT_THAT(desk.resolve(c), ok());
    EXPECT_THAT(desk.resolve("n4"), refused(ErrorCode::terms_exhausted));
}

// Cancel.

TEST(CancelOnCreation, reverses) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    const Entry posting = desk.last_entry();
    ASSERT_THAT(desk.cancel("p1"), ok());
    desk.expect_left(5, 2, 2);
    EXPECT_EQ(desk.support_case("p1").state, CaseState::canceled);
    EXPECT_FALSE(desk.support_case("p1").posted.stands());
    EXPECT_EQ(desk.last_entry().kind, EntryKind::reversal);
    EXPECT_EQ(desk.last_entry().reverses, (EntryRef{posting.number, posting.ordinal}));
}

TEST(CancelOnResolution, moves_nothing) {
    OnResolution desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.cancel("p1"), ok());
    desk.expect_left(5, 2, 2);
    EXPECT_EQ(desk.last_entry().kind, EntryKind::note);
}

// Reactivate from canceled.

TEST(ReactivateCanceledOnCreation, is_admitted_and_posts_again) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.cancel("p1"), ok());
    ASSERT_THAT(desk.reactivate("p1"), ok());
    desk.expect_left(4, 1, 2);
    EXPECT_EQ(desk.support_case("p1").state, CaseState::open);
}

TEST(ReactivateCanceledOnCreation, is_admitted_on_the_new_origin) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.cancel("p1"), ok());
    EXPECT_THAT(desk.reactivate("p1", Channel::web), refused(ErrorCode::channel_not_listed));
    ASSERT_THAT(desk.reactivate("p1", Channel::email), ok());
    desk.expect_left(4, 2, 1);
    EXPECT_EQ(desk.support_case("p1").facts.origin, Channel::email);
}

TEST(ReactivateCanceledOnCreation, is_refused_as_an_opening_is) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.cancel("p1"), ok());
    for (const char* c : {"p2", "p3"}) ASSERT_THAT(desk.open(c, Channel::phone), ok());
    EXPECT_THAT(desk.reactivate("p1"), refused(ErrorCode::channel_exhausted));
    desk.now = year_after;
    EXPECT_THAT(desk.reactivate("p1"), refused(ErrorCode::not_active));
}

TEST(ReactivateCanceledOnResolution, is_admitted_and_posts_nothing) {
    OnResolution desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.cancel("p1"), ok());
    ASSERT_THAT(desk.reactivate("p1"), ok());
    desk.expect_left(5, 2, 2);
}

TEST(ReactivateCanceledOnResolution, is_refused_as_an_opening_is) {
    OnResolution desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.cancel("p1"), ok());
    EXPECT_THAT(desk.reactivate("p1", Channel::web), refused(ErrorCode::channel_not_listed));
    for (const char* c : {"p2", "p3"}) {
        ASSERT_THAT(desk.open(c, Channel::phone), ok());
        ASSERT_THAT(desk.resolve(c), ok());
    }
    EXPECT_THAT(desk.reactivate("p1"), refused(ErrorCode::channel_exhausted));
}

// Reactivate from resolved.

TEST(ReactivateResolvedOnCreation, moves_nothing) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    ASSERT_THAT(desk.reactivate("p1"), ok());
    desk.expect_left(4, 1, 2);
    EXPECT_EQ(posted(desk, "p1"), 1);
}

TEST(ReactivateResolvedOnCreation, a_new_origin_is_a_change_of_origin) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    ASSERT_THAT(desk.reactivate("p1", Channel::email), ok());
    desk.expect_left(4, 2, 1);
}

TEST(ReactivateResolvedOnCreation, where_the_change_of_origin_is_refused_so_is_it) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    EXPECT_THAT(desk.reactivate("p1", Channel::web), refused(ErrorCode::channel_not_listed));
    for (const char* c : {"e1", "e2"}) ASSERT_THAT(desk.open(c, Channel::email), ok());
    EXPECT_THAT(desk.reactivate("p1", Channel::email), refused(ErrorCode::channel_exhausted));
    EXPECT_EQ(desk.support_case("p1").state, CaseState::resolved);
}

TEST(ReactivateResolvedOnCreation, is_not_asked_for_coverage) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    desk.now = year_after;
    EXPECT_THAT(desk.reactivate("p1"), ok());
}

TEST(ReactivateResolvedOnResolution, reverses) {
    OnResolution desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    ASSERT_THAT(desk.reactivate("p1"), ok());
    desk.expect_left(5, 2, 2);
    EXPECT_FALSE(desk.support_case("p1").posted.stands());
}

TEST(ReactivateResolvedOnResolution, a_new_origin_is_recorded_only_and_the_next_resolution_asks) {
    OnResolution desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    ASSERT_THAT(desk.reactivate("p1", Channel::web), ok());
    EXPECT_EQ(desk.support_case("p1").facts.origin, Channel::web);
    desk.expect_left(5, 2, 2);
    EXPECT_THAT(desk.resolve("p1"), refused(ErrorCode::channel_not_listed));
}

// Change entitlement.

TEST(ChangeEntitlementOnCreation, reverses_the_old_and_posts_on_the_new) {
    OnCreation desk;
    const EntitlementId other = desk.grant(agreed(on_creation(3), {{Channel::phone, cases(3)}}));
    ASSERT_THAT(desk.open_on(desk.id, "p1", Channel::phone), ok());
    const auto changed = desk.run(ChangeEntitlement{.id = "p1"_case, .entitlement = other});
    ASSERT_THAT(changed, ok());
    desk.expect_left(5, 2, 2);
    EXPECT_EQ(desk.left(other), 2);
    EXPECT_EQ(desk.left(other, Channel::phone), 2);
    EXPECT_EQ(desk.support_case("p1").entitlement, other);
    EXPECT_EQ(changed->entitlement, other) << "the receipt is about the new one";
    EXPECT_EQ(changed->moved, Quantity(cases(-1)));
    const std::vector<Entry> entries = desk.entries();
    EXPECT_EQ(entries[entries.size() - 2].kind, EntryKind::reversal);
    EXPECT_EQ(entries[entries.size() - 1].kind, EntryKind::posting);
    EXPECT_EQ(entries[entries.size() - 2].number, entries[entries.size() - 1].number) << "one number";
}

TEST(ChangeEntitlementOnCreation, is_refused_by_the_new_ones_admission) {
    OnCreation desk;
    const EntitlementId empty = desk.grant(agreed(on_creation(0)));
    ASSERT_THAT(desk.open_on(desk.id, "p1", Channel::phone), ok());
    EXPECT_THAT(desk.run(ChangeEntitlement{.id = "p1"_case, .entitlement = empty}),
                refused(ErrorCode::terms_exhausted));
    desk.expect_left(4, 1, 2);
}

TEST(ChangeEntitlementOnResolution, is_admitted_on_the_new_and_moves_nothing) {
    OnResolution desk;
    const EntitlementId other = desk.grant(agreed(on_resolution(3)));
    const EntitlementId empty = desk.grant(agreed(on_resolution(0)));
    ASSERT_THAT(desk.open_on(desk.id, "p1", Channel::phone), ok());
    EXPECT_THAT(desk.run(ChangeEntitlement{.id = "p1"_case, .entitlement = empty}),
                refused(ErrorCode::terms_exhausted));
    ASSERT_THAT(desk.run(ChangeEntitlement{.id = "p1"_case, .entitlement = other}), ok());
    EXPECT_EQ(desk.left(other), 3);
    ASSERT_THAT(desk.resolve("p1"), ok());
    EXPECT_EQ(desk.left(other), 2);
    desk.expect_left(5, 2, 2);
}

TEST(ChangeEntitlement, between_creation_and_resolution_posts_where_that_one_says) {
    OnCreation desk;
    const EntitlementId late = desk.grant(agreed(on_resolution(3)));
    ASSERT_THAT(desk.open_on(desk.id, "c1"), ok());
    ASSERT_THAT(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = late}), ok());
    desk.expect_left(5, 2, 2);
    EXPECT_EQ(desk.left(late), 3);
    ASSERT_THAT(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = desk.id}), ok());
    desk.expect_left(4, 2, 2);
}

TEST(ChangeEntitlement, of_another_customer_or_of_nobody_is_refused) {
    OnCreation desk;
    Draft theirs = agreed(on_creation(3));
    theirs.customer = other_customer;
    const EntitlementId other = desk.draft(theirs);
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_THAT(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = other}),
                refused(ErrorCode::not_customers));
    EXPECT_THAT(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = "none"_entitlement}),
                refused(ErrorCode::unknown_entitlement));
}

// Change origin.

TEST(ChangeOriginOnCreation, moves_the_channel_posting) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.change_origin("p1", Channel::email), ok());
    desk.expect_left(4, 2, 1);
    EXPECT_EQ(desk.support_case("p1").posted.channel, Channel::email);
    const std::vector<Entry> entries = desk.entries();
    EXPECT_EQ(entries[entries.size() - 2].number, entries.back().number) << "one number";
}

TEST(ChangeOriginOnCreation, to_none_gives_the_channel_back_and_keeps_the_total) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.change_origin("p1", {}), ok());
    desk.expect_left(4, 2, 2);
    ASSERT_THAT(desk.change_origin("p1", Channel::phone), ok());
    desk.expect_left(4, 1, 2);
}

TEST(ChangeOriginOnCreation, asks_for_the_channel_only) {
    Desk desk;
    const EntitlementId id =
        desk.grant(agreed(on_creation(1), {{Channel::phone, cases(1)}, {Channel::email, cases(0)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    EXPECT_THAT(desk.change_origin("p1", Channel::web), refused(ErrorCode::channel_not_listed));
    EXPECT_THAT(desk.change_origin("p1", Channel::email), refused(ErrorCode::channel_exhausted));
    desk.now = year_after;
    EXPECT_THAT(desk.change_origin("p1", {}), ok()) << "neither coverage nor the spent total is asked";
    EXPECT_EQ(desk.left(id), 0);
}

TEST(ChangeOriginOnCreation, does_not_ask_a_total_that_has_been_overdrawn) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.run(Adjust{.id = desk.id, .quantity = cases(-9), .reason = "counted"}), ok());
    ASSERT_THAT(desk.change_origin("p1", Channel::email), ok());
    desk.expect_left(-5, 2, 1);
}

TEST(ChangeOriginOnCreation, to_the_same_by_another_name_records_nothing) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(1)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.change_origin("p1", Channel::named("PHONE").value()), repeated());
    EXPECT_EQ(desk.left(id, Channel::phone), 0);
}

TEST(ChangeOriginOnCreation, asks_as_if_its_own_posting_were_given_back) {
    // The posting stays behind where a change of origin is neither asked nor moves it.
    Desk desk{{.origin_change = OriginChange::ignore}};
    const EntitlementId id =
        desk.grant(agreed(on_creation(5), {{Channel::phone, cases(1)}, {Channel::email, cases(1)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.change_origin("p1", Channel::email), ok());
    Engine asking{desk.store};
    ASSERT_TRUE(asking.adopt_policy());
    const ChangeOrigin back{.customer = acme, .id = "p1"_case, .origin = Channel::phone};
    EXPECT_THAT(asking.change_origin(back, desk.now), ok());
    EXPECT_EQ(desk.left(id, Channel::phone), 0);
    EXPECT_EQ(desk.left(id, Channel::email), 1);
}

TEST(ChangeOriginOnResolution, asks_the_same_and_moves_nothing) {
    OnResolution desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    EXPECT_THAT(desk.change_origin("p1", Channel::web), refused(ErrorCode::channel_not_listed));
    ASSERT_THAT(desk.change_origin("p1", Channel::email), ok());
    desk.expect_left(5, 2, 2);
    ASSERT_THAT(desk.resolve("p1"), ok());
    desk.expect_left(4, 2, 1);
    for (const char* c : {"e2", "p2"}) ASSERT_THAT(desk.open(c, Channel::email), ok());
    ASSERT_THAT(desk.resolve("e2"), ok());
    ASSERT_THAT(desk.change_origin("p2", Channel::phone), ok());
    EXPECT_THAT(desk.change_origin("p2", Channel::email), refused(ErrorCode::channel_exhausted));
}

// Change contact, product, asset, type: step 3 for the changed fact only.

struct Scoped : Desk {
    explicit Scoped(DecreaseOn event) {
        Draft agreement = agreed(unrestricted(5, event));
        agreement.scope = {.contacts = {"ann"_contact, "bob"_contact},
                           .products = {"router"_product, "switch"_product},
                           .assets = {"pump"_asset, "valve"_asset},
                           .case_types = {"question"_case_type, "problem"_case_type}};
        id = grant(agreement);
        EXPECT_THAT(run(OpenCase{.id = "c1"_case,
                                 .contact = "ann"_contact,
                                 .product = "router"_product,
                                 .asset = "pump"_asset,
                                 .case_type = "question"_case_type}),
                    ok());
    }
    EntitlementId id{};
};

class ChangeFact : public testing::TestWithParam<DecreaseOn> {};

TEST_P(ChangeFact, within_the_scope_is_recorded_and_moves_nothing) {
    Scoped desk{GetParam()};
    const std::int64_t before = desk.left(desk.id);
    EXPECT_THAT(desk.run(ChangeContact{.id = "c1"_case, .contact = "bob"_contact}), ok());
    EXPECT_THAT(desk.run(ChangeProduct{.id = "c1"_case, .product = "switch"_product}), ok());
    EXPECT_THAT(desk.run(ChangeAsset{.id = "c1"_case, .asset = "valve"_asset}), ok());
    EXPECT_THAT(desk.run(ChangeCaseType{.id = "c1"_case, .case_type = "problem"_case_type}), ok());
    EXPECT_EQ(desk.support_case("c1").facts,
              (CaseFacts{"bob"_contact, "switch"_product, "valve"_asset, "problem"_case_type, {}}));
    EXPECT_EQ(desk.left(desk.id), before);
}

TEST_P(ChangeFact, out_of_the_scope_is_refused) {
    Scoped desk{GetParam()};
    EXPECT_THAT(desk.run(ChangeContact{.id = "c1"_case, .contact = "eve"_contact}),
                refused(ErrorCode::contact_out_of_scope));
    EXPECT_THAT(desk.run(ChangeProduct{.id = "c1"_case, .product = "hub"_product}),
                refused(ErrorCode::product_out_of_scope));
    EXPECT_THAT(desk.run(ChangeAsset{.id = "c1"_case, .asset = "hose"_asset}),
                refused(ErrorCode::asset_out_of_scope));
    EXPECT_THAT(desk.run(ChangeCaseType{.id = "c1"_case, .case_type = "request"_case_type}),
                refused(ErrorCode::case_type_out_of_scope));
}

TEST_P(ChangeFact, to_none_is_out_of_a_scope_that_lists_something) {
    Scoped desk{GetParam()};
    EXPECT_THAT(desk.run(ChangeContact{.id = "c1"_case}), refused(ErrorCode::contact_out_of_scope));
    EXPECT_THAT(desk.run(ChangeProduct{.id = "c1"_case}), refused(ErrorCode::product_out_of_scope));
    EXPECT_THAT(desk.run(ChangeAsset{.id = "c1"_case}), refused(ErrorCode::asset_out_of_scope));
    EXPECT_THAT(desk.run(ChangeCaseType{.id = "c1"_case}), refused(ErrorCode::case_type_out_of_scope));
}

TEST_P(ChangeFact, asks_for_the_changed_fact_only) {
    Scoped desk{GetParam()};
    const Scope without_ann{.contacts = {"bob"_contact}, .products = {"switch"_product}};
    ASSERT_THAT(desk.run(Amend{.id = desk.id, .changes = {.scope = without_ann}}), ok());
    desk.now = year_after;  // nor for coverage
    EXPECT_THAT(desk.run(ChangeProduct{.id = "c1"_case, .product = "switch"_product}), ok());
}

INSTANTIATE_TEST_SUITE_P(, ChangeFact, testing::Values(DecreaseOn::creation, DecreaseOn::resolution),
                         [](const auto& run) { return run.index == 0 ? "on_creation" : "on_resolution"; });

// Do not decrement.

TEST(SetDecrementOnCreation, off_reverses) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.set_decrement("p1", false), ok());
    desk.expect_left(5, 2, 2);
}

TEST(SetDecrementOnCreation, on_again_asks_step_5_and_posts) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.set_decrement("p1", false), ok());
    ASSERT_THAT(desk.set_decrement("p1", true), ok());
    desk.expect_left(4, 1, 2);
    ASSERT_THAT(desk.set_decrement("p1", false), ok());
    for (const char* c : {"p2", "p3"}) ASSERT_THAT(desk.open(c, Channel::phone), ok());
    EXPECT_THAT(desk.set_decrement("p1", true), refused(ErrorCode::channel_exhausted));
    for (const char* c : {"n1", "n2", "n3"}) ASSERT_THAT(desk.open(c), ok());
    EXPECT_THAT(desk.set_decrement("p1", true), refused(ErrorCode::terms_exhausted));
}

TEST(SetDecrementOnResolution, moves_nothing_until_resolution) {
    OnResolution desk;
    for (const char* c : {"p1", "p2"}) ASSERT_THAT(desk.open(c, Channel::phone), ok());
    ASSERT_THAT(desk.set_decrement("p1", false), ok());
    desk.expect_left(5, 2, 2);
    ASSERT_THAT(desk.resolve("p1"), ok());
    desk.expect_left(5, 2, 2);
    ASSERT_THAT(desk.set_decrement("p2", false), ok());
    ASSERT_THAT(desk.set_decrement("p2", true), ok());
    ASSERT_THAT(desk.resolve("p2"), ok());
    desk.expect_left(4, 1, 2);
}

TEST(SetDecrementOnResolution, asks_nothing_until_resolution) {
    OnResolution desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.set_decrement("p1", false), ok());
    ASSERT_THAT(desk.run(Adjust{.id = desk.id, .quantity = cases(-5), .reason = "counted"}), ok());
    ASSERT_THAT(desk.set_decrement("p1", true), ok());
    EXPECT_THAT(desk.resolve("p1"), refused(ErrorCode::terms_exhausted));
}

// Delete.

TEST(DeleteOnCreation, reverses_an_open_case) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.run(DeleteCase{.id = "p1"_case}), ok());
    desk.expect_left(5, 2, 2);
    EXPECT_EQ(desk.engine.support_case(acme, "p1"_case).error().code, ErrorCode::unknown_case);
}

TEST(DeleteOnCreation, leaves_a_resolved_cases_use) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    ASSERT_THAT(desk.run(DeleteCase{.id = "p1"_case}), ok());
    desk.expect_left(4, 1, 2);
}

TEST(DeleteOnResolution, moves_nothing) {
    OnResolution desk;
    for (const char* c : {"p1", "p2", "p3"}) ASSERT_THAT(desk.open(c, Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p2"), ok());
    ASSERT_THAT(desk.cancel("p3"), ok());
    for (const auto id : {"p1"_case, "p2"_case, "p3"_case}) ASSERT_THAT(desk.run(DeleteCase{.id = id}), ok());
    desk.expect_left(4, 1, 2);
}

TEST(Delete, frees_the_id) {
    OnCreation desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.run(DeleteCase{.id = "p1"_case}), ok());
    EXPECT_THAT(desk.run(DeleteCase{.id = "p1"_case}), refused(ErrorCode::unknown_case));
    const auto again = desk.open("p1", Channel::email);
    ASSERT_THAT(again, ok());
    EXPECT_FALSE(again->repeated);
    desk.expect_left(4, 2, 1);
}

// R6.

TEST(R6, a_case_that_does_not_decrement_posts_nothing) {
    OnCreation early;
    ASSERT_THAT(early.run(OpenCase{.id = "p1"_case, .origin = Channel::phone, .decrement = false}), ok());
    ASSERT_THAT(early.resolve("p1"), ok());
    early.expect_left(5, 2, 2);

    OnResolution late;
    ASSERT_THAT(late.run(OpenCase{.id = "p1"_case, .origin = Channel::phone, .decrement = false}), ok());
    ASSERT_THAT(late.resolve("p1"), ok());
    late.expect_left(5, 2, 2);
    ASSERT_THAT(late.reactivate("p1"), ok());
    late.expect_left(5, 2, 2);
}

TEST(R6, a_case_that_does_not_decrement_is_never_asked_step_5) {
    Desk desk;
    const EntitlementId early = desk.grant(agreed(on_creation(0), {{Channel::phone, cases(0)}}));
    const EntitlementId late = desk.grant(agreed(on_resolution(0), {{Channel::phone, cases(0)}}));
    for (const EntitlementId id : {early, late}) {
        const CaseId c = CaseId{id.bits()};
        EXPECT_THAT(
            desk.run(OpenCase{.id = c, .origin = Channel::phone, .entitlement = id, .decrement = false}),
            ok());
        EXPECT_THAT(desk.run(ChangeOrigin{.id = c, .origin = {}}), ok());
        EXPECT_THAT(desk.run(ChangeOrigin{.id = c, .origin = Channel::phone}), ok());
        EXPECT_THAT(desk.run(CancelCase{.id = c}), ok());
        EXPECT_THAT(desk.run(ReactivateCase{.id = c}), ok());
        EXPECT_THAT(desk.run(ResolveCase{.id = c}), ok());
    }
}

TEST(R6, a_case_that_does_not_decrement_is_asked_for_the_rest) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(0), {{Channel::phone, cases(0)}}));
    EXPECT_THAT(
        desk.run(OpenCase{.id = "w1"_case, .origin = Channel::web, .entitlement = id, .decrement = false}),
        refused(ErrorCode::channel_not_listed));
    desk.now = year_after;
    EXPECT_THAT(desk.run(OpenCase{.id = "c1"_case, .entitlement = id, .decrement = false}),
                refused(ErrorCode::not_active));
}

// R7.

TEST(R7, a_case_without_an_origin_moves_the_total_and_no_channel) {
    OnCreation early;
    ASSERT_THAT(early.open("c1"), ok());
    early.expect_left(4, 2, 2);
    EXPECT_TRUE(early.last_entry().channel.is_none());

    OnResolution late;
    ASSERT_THAT(late.open("c1"), ok());
    ASSERT_THAT(late.resolve("c1"), ok());
    late.expect_left(4, 2, 2);
}

// R8.

TEST(R8, a_phone_case_reactivated_with_origin_email_gives_phone_back) {
    OnResolution desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    desk.expect_left(4, 1, 2);
    ASSERT_THAT(desk.reactivate("p1", Channel::email), ok());
    desk.expect_left(5, 2, 2);
}

TEST(R8, resolved_before_its_channel_was_listed_it_returns_the_total_only) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_resolution(5)));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.channels = {{{Channel::phone, cases(2)}}}}}), ok());
    ASSERT_THAT(desk.reactivate("p1"), ok());
    EXPECT_EQ(desk.left(id), 5);
    EXPECT_EQ(desk.left(id, Channel::phone), 2);
}

TEST(R8, a_reversal_returns_the_time_that_was_posted) {
    Desk desk;
    const EntitlementId id =
        desk.grant(agreed({.total = hours(2h), .decrease_on = DecreaseOn::resolution, .restricted = true}));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.resolve("c1", 95min + 7s), ok());
    EXPECT_EQ(desk.left(id), 25 * 60 - 7);
    ASSERT_THAT(desk.reactivate("c1"), ok());
    EXPECT_EQ(desk.left(id), 7200);
    ASSERT_THAT(desk.resolve("c1", 2h), ok());
    EXPECT_EQ(desk.left(id), 0);
}

TEST(R8, a_reversal_is_never_refused) {
    OnResolution desk;
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("p1"), ok());
    ASSERT_THAT(desk.run(Cancel{.id = desk.id}), ok());
    desk.now = year_after;
    ASSERT_THAT(desk.reactivate("p1"), ok()) << "neither cancellation nor expiry refuses it";
    desk.expect_left(5, 2, 2);

    OnCreation early;
    ASSERT_THAT(early.open("p1", Channel::phone), ok());
    ASSERT_THAT(early.deactivate(early.id), ok());
    ASSERT_THAT(early.cancel("p1"), ok()) << "nor does a draft";
    early.expect_left(5, 2, 2);
}

// R8a.

TEST(R8a, ids_are_unique_within_a_customer) {
    Desk desk;
    Draft ours = agreed(on_creation(5));
    ours.id = "gold"_entitlement;
    Draft theirs = ours;
    theirs.customer = other_customer;
    ASSERT_THAT(desk.run(ours), ok());
    ASSERT_THAT(desk.run(theirs), ok());
    for (const CustomerId customer : {acme, other_customer}) {
        ASSERT_THAT(desk.run(Activate{.customer = customer, .id = "gold"_entitlement}), ok());
        ASSERT_THAT(desk.run(OpenCase{.customer = customer, .id = "c1"_case, .request = "r1"_request}), ok());
    }
    ASSERT_THAT(desk.run(CancelCase{.customer = other_customer, .id = "c1"_case}), ok());
    EXPECT_EQ(desk.left("gold"_entitlement), 4);
    EXPECT_EQ(desk.support_case("c1").state, CaseState::open);
    EXPECT_EQ(desk.engine.entitlement(other_customer, "gold"_entitlement)->remaining, 5);
}

TEST(R8a, a_command_may_leave_the_customer_out) {
    Desk desk;
    const EntitlementId id = desk.draft(agreed(on_creation(5)));
    Engine& engine = desk.engine;
    EXPECT_THAT(engine.activate({.id = id}, july), ok());
    EXPECT_THAT(engine.set_default({.id = id}, july), ok());
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_THAT(engine.change_origin({.id = "c1"_case, .origin = Channel::web}, july), ok());
    const auto resolved = engine.resolve_case({.id = "c1"_case}, july);
    ASSERT_THAT(resolved, ok());
    EXPECT_EQ(resolved->customer, acme);
    EXPECT_THAT(engine.reactivate_case({.id = "c1"_case}, july), ok());
    EXPECT_THAT(engine.delete_case({.id = "c1"_case}, july), ok());
    EXPECT_THAT(engine.cancel_case({.id = "c1"_case}, july), refused(ErrorCode::unknown_case));
    EXPECT_THAT(engine.cancel({.id = id}, july), ok());
}

// R9: what the table does not have is case_state, and changes nothing.

Outcome run_event(Desk& desk, std::string_view event, CaseId id) {
    if (event == "resolve") return desk.run(ResolveCase{.id = id});
    if (event == "cancel") return desk.run(CancelCase{.id = id});
    if (event == "reactivate") return desk.run(ReactivateCase{.id = id});
    if (event == "change_entitlement") {
        const EntitlementId other = desk.grant(agreed(on_creation(5)));
        return desk.run(ChangeEntitlement{.id = id, .entitlement = other});
    }
    if (event == "change_origin") return desk.run(ChangeOrigin{.id = id, .origin = Channel::email});
    if (event == "change_contact") return desk.run(ChangeContact{.id = id, .contact = "bob"_contact});
    if (event == "change_product") return desk.run(ChangeProduct{.id = id, .product = "hub"_product});
    if (event == "change_asset") return desk.run(ChangeAsset{.id = id, .asset = "hose"_asset});
    if (event == "change_case_type") {
        return desk.run(ChangeCaseType{.id = id, .case_type = "request"_case_type});
    }
    if (event == "set_decrement") return desk.run(SetDecrement{.id = id, .decrement = false});
    ADD_FAILURE() << event;
    return {};
}

struct WrongState {
    const char* event;
    CaseState state;

    friend void PrintTo(const WrongState& row, std::ostream* out) { *out << row.event; }
};

constexpr std::array wrong_states{
    WrongState{"reactivate", CaseState::open},
    WrongState{"resolve", CaseState::resolved},
    WrongState{"cancel", CaseState::resolved},
    WrongState{"change_entitlement", CaseState::resolved},
    WrongState{"change_origin", CaseState::resolved},
    WrongState{"change_contact", CaseState::resolved},
    WrongState{"change_product", CaseState::resolved},
    WrongState{"change_asset", CaseState::resolved},
    WrongState{"change_case_type", CaseState::resolved},
    WrongState{"set_decrement", CaseState::resolved},
    WrongState{"resolve", CaseState::canceled},
    WrongState{"cancel", CaseState::canceled},
    WrongState{"change_entitlement", CaseState::canceled},
    WrongState{"change_origin", CaseState::canceled},
    WrongState{"change_contact", CaseState::canceled},
    WrongState{"change_product", CaseState::canceled},
    WrongState{"change_asset", CaseState::canceled},
    WrongState{"change_case_type", CaseState::canceled},
    WrongState{"set_decrement", CaseState::canceled},
};

class CaseStateRefusal : public testing::TestWithParam<WrongState> {};

TEST_P(CaseStateRefusal, is_case_state_and_changes_nothing) {
    for (const bool early : {true, false}) {
        Desk desk;
        (void)desk.grant(agreed(early ? on_creation(5) : on_resolution(5)));
        ASSERT_THAT(desk.open("c1"), ok());
        if (GetParam().state == CaseState::resolved) {
            ASSERT_THAT(desk.resolve("c1"), ok());
        }
        if (GetParam().state == CaseState::canceled) {
            ASSERT_THAT(desk.cancel("c1"), ok());
        }
        const auto outcome = run_event(desk, GetParam().event, "c1"_case);
        ASSERT_THAT(outcome, refused(ErrorCode::case_state));
        EXPECT_EQ(outcome.error().state, GetParam().state);
    }
}

INSTANTIATE_TEST_SUITE_P(, CaseStateRefusal, testing::ValuesIn(wrong_states), [](const auto& run) {
    return fmt::format("{}_of_{}", run.param.event, run.param.state);
});

TEST(R9, an_unknown_case_comes_before_everything) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5)));
    for (const char* event :
         {"resolve", "cancel", "reactivate", "change_entitlement", "change_origin", "change_contact",
          "change_product", "change_asset", "change_case_type", "set_decrement"}) {
        EXPECT_THAT(run_event(desk, event, "nobodys"_case), refused(ErrorCode::unknown_case)) << event;
    }
    EXPECT_THAT(desk.run(DeleteCase{.id = "nobodys"_case}), refused(ErrorCode::unknown_case));
    EXPECT_THAT(desk.run(ChangeEntitlement{.id = "nobodys"_case, .entitlement = "nobodys"_entitlement}),
                refused(ErrorCode::unknown_case));
}

TEST(R9, an_unknown_entitlement_comes_before_the_state_and_the_state_before_admission) {
    Desk desk;
    const EntitlementId empty = desk.grant(agreed(on_creation(0)));
    (void)desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.resolve("c1"), ok());
    EXPECT_THAT(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = "nobodys"_entitlement}),
                refused(ErrorCode::unknown_entitlement));
    EXPECT_THAT(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = empty}),
                refused(ErrorCode::case_state));
    EXPECT_THAT(desk.change_origin("c1", Channel::web), refused(ErrorCode::case_state));
}

TEST(R9, to_the_same_nothing_is_asked_or_recorded) {
    Scoped desk{DecreaseOn::creation};
    ASSERT_THAT(desk.run(Amend{.id = desk.id,
                               .changes = {.terms = on_creation(1),
                                           .channels = {{{Channel::phone, cases(0)}}},
                                           .scope = Scope{.contacts = {"eve"_contact},
                                                          .products = {"hub"_product},
                                                          .assets = {"hose"_asset},
                                                          .case_types = {"request"_case_type}}}}),
                ok());
    desk.now = year_after;  // all of it would be refused, if it were asked
    EXPECT_THAT(desk.change_origin("c1", {}), repeated());
    EXPECT_THAT(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = desk.id}), repeated());
    EXPECT_THAT(desk.run(ChangeContact{.id = "c1"_case, .contact = "ann"_contact}), repeated());
    EXPECT_THAT(desk.run(ChangeProduct{.id = "c1"_case, .product = "router"_product}), repeated());
    EXPECT_THAT(desk.run(ChangeAsset{.id = "c1"_case, .asset = "pump"_asset}), repeated());
    EXPECT_THAT(desk.run(ChangeCaseType{.id = "c1"_case, .case_type = "question"_case_type}), repeated());
    EXPECT_THAT(desk.set_decrement("c1", true), repeated());
}

TEST(R9, a_case_needs_an_id) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5)));
    EXPECT_THAT(desk.run(OpenCase{}), refused(ErrorCode::id_missing));
}

}  // namespace
}  // namespace conformance
