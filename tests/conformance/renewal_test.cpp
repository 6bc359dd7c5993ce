#include "desk.hpp"

// R1 and R2: what renews, and what comes of it.

namespace conformance {
namespace {

EntitlementId granted_and_canceled(Desk& desk, const Draft& agreement) {
    const EntitlementId id = desk.grant(agreement);
    EXPECT_THAT(desk.run(Cancel{.id = id}), ok());
    return id;
}

Coverage renewed(Desk& desk, EntitlementId id) {
    const EntitlementId draft = desk.run(Renew{.id = id}).value().entitlement;
    return desk.entitlement(draft).agreement.coverage;
}

TEST(R1, only_a_canceled_entitlement_renews) {
    Desk desk;
    const EntitlementId draft = desk.draft(agreed(on_creation(5)));
    const EntitlementId active = desk.grant(agreed(on_creation(5)));
    const EntitlementId gone = granted_and_canceled(desk, agreed(on_creation(5)));
    EXPECT_THAT(desk.run(Renew{.id = draft}), refused(ErrorCode::cannot_renew));
    EXPECT_THAT(desk.run(Renew{.id = active}), refused(ErrorCode::cannot_renew));
    EXPECT_THAT(desk.run(Renew{.id = gone}), ok());
    desk.now = year_before;
    EXPECT_THAT(desk.run(Renew{.id = active}), refused(ErrorCode::cannot_renew)) << "waiting";
    desk.now = year_after;
    EXPECT_THAT(desk.run(Renew{.id = active}), refused(ErrorCode::cannot_renew)) << "expired";
}

TEST(R1, dynamics365_renews_expired_ones_too) {
    Desk desk{policy::dynamics365};
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    EXPECT_THAT(desk.run(Renew{.id = id}), refused(ErrorCode::cannot_renew));
    desk.now = year_after;
    EXPECT_THAT(desk.run(Renew{.id = id}), ok());
}

TEST(R2, the_new_draft_begins_today_and_lasts_as_many_days) {
    Desk desk;
    const EntitlementId id = granted_and_canceled(desk, agreed(on_creation(5)));
    desk.now = date::sys_days{2015_y / 3 / 5} + 23h;
    const EntitlementId made = desk.run(Renew{.id = id}).value().entitlement;
    EXPECT_EQ(desk.status(made), Status::draft);
    const Coverage coverage = desk.entitlement(made).agreement.coverage;
    EXPECT_EQ(coverage.first_day, 2015_y / 3 / 5);
    EXPECT_EQ(coverage.last_day, 2016_y / 3 / 3) << "364 days on, over a leap day";
}

TEST(R2, today_is_the_zones_day) {
    Desk desk;
    Draft there = agreed(on_creation(5));
    there.coverage.time_zone = "Pacific/Auckland";
    const EntitlementId id = granted_and_canceled(desk, there);
    desk.now = date::sys_days{2014_y / 12 / 31} + 12h;  // one in the morning of the next day, there
    EXPECT_EQ(renewed(desk, id).first_day, 2015_y / 1 / 1);
    EXPECT_EQ(renewed(desk, id).time_zone, "Pacific/Auckland");
}

TEST(R2, every_other_agreed_field_is_copied) {
    Desk desk;
    Draft old = agreed(on_resolution(5), {{Channel::phone, cases(2)}, {Channel::web, cases(5)}});
    old.description = "Spare parts";
    old.scope = {.contacts = {"ann"_contact},
                 .products = {"router"_product},
                 .assets = {"router 7"_asset},
                 .case_types = {"question"_case_type}};
    old.priority = 7;
    old.is_default = true;
    old.sla = SlaId::from_integer(3);
    old.made_from = TemplateId::from_integer(4);
    old.owner = OwnerId::from_integer(5);
    old.knowledge_base = KnowledgeBase::premium;
    old.discount_percent = 15;
    const EntitlementId id = granted_and_canceled(desk, old);

    const EntitlementId made = desk.run(Renew{.id = id}).value().entitlement;

    const Entitlement fresh = desk.entitlement(made);
    Agreement expected = desk.entitlement(id).agreement;
    expected.coverage = fresh.agreement.coverage;
    EXPECT_EQ(fresh.agreement, expected);
    EXPECT_EQ(fresh.agreement.description, "Spare parts");
    EXPECT_FALSE(fresh.is_default);
    EXPECT_EQ(fresh.renewed_from, id);
    EXPECT_EQ(fresh.customer, acme);
}

TEST(R2, the_balance_is_fresh) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.run(Cancel{.id = id}), ok());
    const EntitlementId made = desk.run(Renew{.id = id}).value().entitlement;
    EXPECT_EQ(desk.left(made), 5);
    EXPECT_EQ(desk.left(made, Channel::phone), 2);
}

TEST(R2, the_old_record_stays_and_renews_again) {
    Desk desk;
    const EntitlementId id = granted_and_canceled(desk, agreed(on_creation(5)));
    const Entitlement before = desk.entitlement(id);
    const EntitlementId first = desk.run(Renew{.id = id}).value().entitlement;
    const EntitlementId second = desk.run(Renew{.id = id}).value().entitlement;
    EXPECT_EQ(desk.entitlement(id), before);
    EXPECT_NE(first, second);
    EXPECT_EQ(desk.entitlement(second).renewed_from, id);
}

TEST(R2, the_host_may_name_the_new_draft) {
    Desk desk;
    const EntitlementId id = granted_and_canceled(desk, agreed(on_creation(5)));
    EXPECT_EQ(desk.run(Renew{.id = id, .new_id = "gold 2"_entitlement})->entitlement, "gold 2"_entitlement);
    EXPECT_THAT(desk.run(Renew{.id = id, .new_id = "gold 2"_entitlement}), refused(ErrorCode::duplicate_id));
    EXPECT_THAT(desk.run(Renew{.id = id, .new_id = id}), refused(ErrorCode::duplicate_id));
}

// The policy's renewal span.

constexpr Policy by_months{.renewal_span = RenewalSpan::whole_months};

TEST(R2, whole_months_renew_for_as_many_months) {
    Desk desk{by_months};
    Draft half_year = agreed(on_creation(5));
    half_year.coverage = {2014_y / 1 / 15, 2014_y / 7 / 14};
    const EntitlementId id = granted_and_canceled(desk, half_year);
    desk.now = date::sys_days{2014_y / 8 / 31};
    const Coverage coverage = renewed(desk, id);
    EXPECT_EQ(coverage.first_day, 2014_y / 8 / 31);
    EXPECT_EQ(coverage.last_day, 2015_y / 2 / 27) << "clamped to the end of February, less a day";
}

TEST(R2, what_was_not_whole_months_renews_by_days) {
    Desk desk{by_months};
    Draft ten_days = agreed(on_creation(5));
    ten_days.coverage = {2014_y / 7 / 1, 2014_y / 7 / 10};
    const EntitlementId id = granted_and_canceled(desk, ten_days);
    desk.now = date::sys_days{2015_y / 2 / 25};
    EXPECT_EQ(renewed(desk, id).last_day, 2015_y / 3 / 6);
}

TEST(R2, by_days_whole_months_are_days_too) {
    Desk desk;
    Draft february = agreed(on_creation(5));
    february.coverage = {2014_y / 2 / 1, 2014_y / 2 / 28};
    desk.now = date::sys_days{2014_y / 2 / 3};
    const EntitlementId id = granted_and_canceled(desk, february);
    desk.now = date::sys_days{2014_y / 7 / 1};
    EXPECT_EQ(renewed(desk, id).last_day, 2014_y / 7 / 28);
}

TEST(Renewal, is_remembered_by_a_draft_that_is_revised) {
    Desk desk;
    const EntitlementId gone = granted_and_canceled(desk, agreed(on_creation(5)));
    const EntitlementId made = desk.run(Renew{.id = gone}).value().entitlement;
    ASSERT_THAT(desk.revise(made, {.description = "as agreed by telephone"}), ok());
    EXPECT_EQ(desk.entitlement(made).renewed_from, gone);
}

}  // namespace
}  // namespace conformance
