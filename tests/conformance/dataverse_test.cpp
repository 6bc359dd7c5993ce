#include <ostream>
#include <string>

#include "desk.hpp"

// Section 12: every error that Dataverse publishes for entitlements, produced and mapped.

namespace conformance {
namespace {

/// A row of the published list: how the situation comes about, and what it is published as.
struct Published {
    const char* name;
    std::uint32_t hex;
    std::int32_t decimal;
    Error (*produce)();

    friend void PrintTo(const Published& row, std::ostream* out) { *out << row.name; }
};

Error error_of(const Outcome& outcome) {
    EXPECT_FALSE(outcome.has_value());
    return outcome ? Error{} : outcome.error();
}

/// An entitlement that expired, on a desk whose time it is.
EntitlementId expired(Desk& desk) {
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    desk.now = year_after;
    return id;
}

const Published all_published[] = {
    {"EntitlementAlreadyInactiveState", 0x80060615, -2147088875,
     [] {
         Desk desk;
         return error_of(desk.activate(desk.grant(agreed(on_creation(5)))));
     }},
    {"InvalidEntitlementActivate", 0x80060606, -2147088890,
     [] {
         Desk desk;
         return error_of(desk.activate(expired(desk)));
     }},
    {"EntitlementAlreadyInDraftState", 0x80060614, -2147088876,
     [] {
         Desk desk;
         return error_of(desk.deactivate(desk.draft(agreed(on_creation(5)))));
     }},
    {"InvalidEntitlementDeactivate", 0x80060608, -2147088888,
     [] {
         Desk desk;
         return error_of(desk.deactivate(expired(desk)));
     }},
    {"EntitlementAlreadyInCanceledState", 0x80044208, -2147204600,
     [] {
         Desk desk;
         const EntitlementId id = desk.grant(agreed(on_creation(5)));
         EXPECT_THAT(desk.run(Cancel{.id = id}), ok());
         return error_of(desk.run(Cancel{.id = id}));
     }},
    {"InvalidEntitlementCancel", 0x80060607, -2147088889,
     [] {
         Desk desk;
         return error_of(desk.run(Cancel{.id = desk.draft(agreed(on_creation(5)))}));
     }},
    {"InvalidEntitlementRenew", 0x80060610, -2147088880,
     [] {
         Desk desk;
         return error_of(desk.run(Renew{.id = expired(desk)}));
     }},
    {"InvalidEntitlementExpire", 0x80060618, -2147088872,
     [] {
         Desk desk;
         return error_of(desk.run(ImportEntitlement{.name = "Gold",
                                                    .customer = acme,
                                                    .coverage = year_2014,
                                                    .terms = on_creation(5),
                                                    .status = Status::expired}));
     }},
    {"EntitlementInvalidState", 0x80060601, -2147088895,
     [] {
         Desk desk;
         return error_of(desk.run(Remove{.id = desk.grant(agreed(on_creation(5)))}));
     }},
    {"EntitlementEditDraft", 0x80060613, -2147088877,
     [] {
         Desk desk;
         return error_of(desk.revise(desk.grant(agreed(on_creation(5))), {.name = "Silver"}));
     }},
    {"EntitlementChannelInvalidState", 0x80060603, -2147088893,
     [] {
         Desk desk;
         return error_of(desk.run(SetChannel{
             .id = desk.grant(agreed(on_creation(5))), .channel = Channel::phone, .total = cases(1)}));
     }},
    {"EntitlementChannelWithoutEntitlementId", 0x80060612, -2147088878,
     [] {
         Desk desk;
         return error_of(desk.run(ImportEntitlement{.name = "Gold",
                                                    .customer = acme,
                                                    .coverage = year_2014,
                                                    .terms = on_creation(5),
                                                    .channels = {{{}, Channel::phone, cases(1)}}}));
     }},
    {"EntitlementInvalidStartEndDate", 0x80060600, -2147088896,
     [] {
         Desk desk;
         Draft draft = agreed(on_creation(5));
         draft.coverage = {2014_y / 2 / 2, 2014_y / 2 / 1};
         return error_of(desk.run(draft));
     }},
    {"EntitlementBlankTerms", 0x80060622, -2147088862,
     [] {
         Desk desk;
         return error_of(desk.run(agreed({})));
     }},
    {"EntitlementTotalTerms", 0x80060619, -2147088871,
     [] {
         const auto total = parse_quantity("2.5", {Allocation::cases, {}});
         EXPECT_FALSE(total.has_value());
         return total ? Error{} : total.error();
     }},
    {"EntitlementTemplateTotalTerms", 0x80060620, -2147088864,
     [] {
         const auto total = parse_quantity("2.5", {Allocation::cases, {}});
         EXPECT_FALSE(total.has_value());
         Error error = total ? Error{} : total.error();
         error.command = CommandKind::set_template;  // as whoever reads a template's says
         return error;
     }},
    {"EntitlementInvalidTerms", 0x80060604, -2147088892,
     [] {
         Desk desk;
         const EntitlementId id = desk.grant(agreed(on_creation(5)));
         for (const char* c : {"c1", "c2"}) EXPECT_THAT(desk.open(c), ok());
         EXPECT_THAT(desk.deactivate(id), ok());
         return error_of(desk.revise(id, {.terms = on_creation(1)}));
     }},
    {"EntitlementInvalidRemainingTerms", 0x80060624, -2147088860,
     [] {
         Desk desk;
         return error_of(desk.run(ImportEntitlement{.name = "Gold",
                                                    .customer = acme,
                                                    .coverage = year_2014,
                                                    .terms = on_creation(5),
                                                    .remaining = cases(6)}));
     }},
    {"InvalidEntitlementChannelTerms", 0x80060605, -2147088891,
     [] {
         Desk desk;
         return error_of(desk.run(SetChannel{
             .id = desk.draft(agreed(on_creation(5))), .channel = Channel::phone, .total = cases(6)}));
     }},
    {"InvalidEntitlementTotalTerms", 0x800443FF, -2147204097,
     [] {
         Desk desk;
         const EntitlementId id = desk.draft(agreed(on_creation(5), {{Channel::phone, cases(5)}}));
         return error_of(desk.revise(id, {.terms = on_creation(4)}));
     }},
    {"EntitlementNotActiveInAssociationToCase", 0x80060616, -2147088874,
     [] {
         Desk desk;
         return error_of(desk.open_on(expired(desk), "c1"));
     }},
    {"InvalidEntitlementStateAssociateToCase", 0x80060611, -2147088879,
     [] {
         Desk desk;
         const EntitlementId draft = desk.draft(agreed(on_creation(5)));
         (void)desk.grant(agreed(on_creation(5)));
         EXPECT_THAT(desk.open("c1"), ok());
         return error_of(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = draft}));
     }},
    {"InvalidEntitlementAssociationToCase", 0x80060609, -2147088887,
     [] {
         Desk desk;
         return error_of(desk.open_on(desk.grant(agreed(on_creation(0))), "c1"));
     }},
    {"InvalidEntitlementContacts", 0x80044207, -2147204601,
     [] {
         Desk desk;
         Draft draft = agreed(on_creation(5));
         draft.scope.contacts = {"ann"_contact};
         return error_of(desk.open_on(desk.grant(draft), "c1"));
     }},
    {"InvalidEntitlementForSelectedCustomerOrProduct", 0x8004F866, -2147157914,
     [] {
         Desk desk;
         Draft theirs = agreed(on_creation(5));
         theirs.customer = other_customer;
         return error_of(desk.open_on(desk.draft(theirs), "c1"));
     }},
};

class Dataverse : public testing::TestWithParam<Published> {};

TEST_P(Dataverse, is_produced_and_mapped) {
    const Published& row = GetParam();
    const auto published = dataverse_error(row.produce());
    ASSERT_TRUE(published);
    EXPECT_EQ(published->name, row.name);
    EXPECT_EQ(published->code, row.hex);
    EXPECT_EQ(static_cast<std::int32_t>(published->code), row.decimal);
}

INSTANTIATE_TEST_SUITE_P(, Dataverse, testing::ValuesIn(all_published),
                         [](const auto& row) { return std::string{row.param.name}; });

// Rows that more than one situation reaches.

std::string_view published(const Error& error) {
    return dataverse_error(error).value_or(DataverseError{"nothing", 0}).name;
}

TEST(DataverseOf, activating_a_waiting_or_canceled_one) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    desk.now = year_before;
    EXPECT_EQ(published(error_of(desk.activate(id))), "InvalidEntitlementActivate");
    desk.now = july;
    EXPECT_THAT(desk.run(Cancel{.id = id}), ok());
    EXPECT_EQ(published(error_of(desk.activate(id))), "InvalidEntitlementActivate");
}

TEST(DataverseOf, removing_a_channel_of_what_is_no_draft) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(5)}}));
    EXPECT_EQ(published(error_of(desk.run(RemoveChannel{.id = id, .channel = Channel::phone}))),
              "EntitlementChannelInvalidState");
}

TEST(DataverseOf, a_channel_exhausted_at_resolution) {
    Desk desk;
    (void)desk.grant(agreed(on_resolution(5), {{Channel::phone, cases(1)}}));
    for (const char* c : {"p1", "p2"}) EXPECT_THAT(desk.open(c, Channel::phone), ok());
    EXPECT_THAT(desk.resolve("p1"), ok());
    EXPECT_EQ(published(error_of(desk.resolve("p2"))), "InvalidEntitlementAssociationToCase");
}

TEST(DataverseOf, a_case_that_no_entitlement_admits_is_published_as_its_reason) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(0)));
    EXPECT_EQ(published(error_of(desk.open("c1"))), "InvalidEntitlementAssociationToCase");
    desk.now = year_after;
    EXPECT_EQ(published(error_of(desk.open("c1"))), "EntitlementNotActiveInAssociationToCase");
}

TEST(DataverseOf, a_product_out_of_scope) {
    Desk desk;
    Draft draft = agreed(on_creation(5));
    draft.scope.products = {"router"_product};
    EXPECT_EQ(published(error_of(desk.open_on(desk.grant(draft), "c1"))),
              "InvalidEntitlementForSelectedCustomerOrProduct");
}

TEST(DataverseOf, what_dataverse_has_no_code_for_is_nothing) {
    Desk desk;
    EXPECT_FALSE(dataverse_error(error_of(desk.resolve("nobodys"))));
    EXPECT_FALSE(dataverse_error(error_of(desk.run(SetDefault{.id = desk.draft(agreed(on_creation(1)))}))))
        << "not_active of an entitlement's own command is no association to a case";
}

}  // namespace
}  // namespace conformance
