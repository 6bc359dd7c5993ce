#include <utility>

#include "desk.hpp"
#include "forwarding_store.hpp"

// Section 7: an entitlement for a purchase, automatically.

namespace conformance {
namespace {

const ProductId computer = "computer"_product;
const TemplateId premium = TemplateId::from_name("Premium");
const TemplateId standard = TemplateId::from_name("Standard");

PurchaseId purchase(std::uint64_t key) { return PurchaseId::from_integer(key); }

constexpr PeriodTerms each_month{.cycle = {.every = 1}};

/// A desk that gives its best customers Premium, and the others Standard.
class ComputerShop : public Desk {
public:
    ComputerShop() {
        const Agreement best{.name = "Premium", .terms = on_creation(200), .period = each_month};
        const Agreement plain{.name = "Standard",
                              .terms = on_creation(100),
                              .period = each_month,
                              .channels = {{Channel::phone, cases(50)}, {Channel::email, cases(50)}}};
        EXPECT_TRUE(engine.set_template({premium, best, Length{12}}));
        EXPECT_TRUE(engine.set_template({standard, plain, Length{12}}));
        EXPECT_TRUE(engine.set_rule({computer, 500, premium}));
        EXPECT_TRUE(engine.set_rule({computer, 0, standard}));
    }

    Outcome buy(std::int64_t quantity, std::uint64_t key = 1, CustomerId customer = acme) {
        return run(Assign{customer, purchase(key), computer, quantity});
    }
    std::string made_for(std::int64_t quantity) {
        const auto id = buy(quantity, static_cast<std::uint64_t>(quantity)).value().entitlement;
        return entitlement(id).agreement.name;
    }
};

TEST(Assignment, the_example_of_the_computers) {
    ComputerShop desk;
    const auto big = "big"_customer;
    const auto small = "small"_customer;
    const auto for_big = desk.buy(500, 1, big).value().entitlement;
    const auto for_small = desk.buy(499, 2, small).value().entitlement;

    const Entitlement best = desk.engine.entitlement(big, for_big).value();
    EXPECT_EQ(best.agreement.name, "Premium");
    EXPECT_EQ(best.agreement.coverage, (Coverage{2014_y / 7 / 1, 2015_y / 6 / 30}));
    EXPECT_EQ(best.total_terms(), cases(200));
    const Entitlement plain = desk.engine.entitlement(small, for_small).value();
    EXPECT_EQ(plain.agreement.name, "Standard");

    // Every channel for one; for the other, phone and email, and nothing through social media.
    const auto ask = [&](CustomerId customer, const Channel& channel) {
        const auto answer = desk.engine.check({.customer = customer, .origin = channel}, desk.now);
        return answer ? ErrorCode::none : answer.error().reason;
    };
    for (const Channel& channel : {Channel::phone, Channel::email, Channel::twitter, Channel::facebook}) {
        EXPECT_EQ(ask(big, channel), ErrorCode::none);
    }
    for (const Channel& channel : {Channel::phone, Channel::email}) {
        EXPECT_EQ(ask(small, channel), ErrorCode::none);
    }
    for (const Channel& channel : {Channel::twitter, Channel::facebook}) {
        EXPECT_EQ(ask(small, channel), ErrorCode::channel_not_listed);
    }

    // 50 by phone and 50 by email are all of a month's, and the next month has them again.
    const auto open = [&](int count, const Channel& channel) {
        static int cases_opened = 0;
        ErrorCode last = ErrorCode::none;
        for (int i = 0; i < count && last == ErrorCode::none; ++i) {
            const Outcome opened =
                desk.run(OpenCase{.customer = small,
                                  .id = CaseId::from_integer(static_cast<std::uint64_t>(++cases_opened)),
                                  .origin = channel});
            last = opened ? ErrorCode::none : opened.error().reason;
        }
        return last;
    };
    EXPECT_EQ(open(50, Channel::phone), ErrorCode::none);
    EXPECT_EQ(open(1, Channel::phone), ErrorCode::channel_exhausted);
    EXPECT_EQ(open(50, Channel::email), ErrorCode::none);
    EXPECT_EQ(open(1, Channel::email), ErrorCode::terms_exhausted);
    desk.now = date::sys_days{2014_y / 8 / 1};
    EXPECT_EQ(open(1, Channel::phone), ErrorCode::none);
    EXPECT_EQ(open(1, Channel::twitter), ErrorCode::channel_not_listed);
}

TEST(Assignment, takes_the_rule_with_the_largest_quantity_not_above_the_purchases) {
    ComputerShop desk;
    EXPECT_EQ(desk.made_for(1), "Standard");
    EXPECT_EQ(desk.made_for(499), "Standard");
    EXPECT_EQ(desk.made_for(500), "Premium");
    EXPECT_EQ(desk.made_for(1'000'000'000'000), "Premium");
}

TEST(Assignment, begins_on_the_day_that_it_is_in_the_templates_zone) {
    ComputerShop desk;
    Agreement far{.name = "Far", .terms = on_creation(1)};
    far.coverage.time_zone = "Pacific/Auckland";
    ASSERT_TRUE(desk.engine.set_template({premium, far, Length{1}}));
    desk.now = july + 5h;
    const EntitlementId id = desk.buy(500).value().entitlement;
    EXPECT_EQ(desk.entitlement(id).agreement.coverage,
              (Coverage{2014_y / 7 / 2, 2014_y / 8 / 1, "Pacific/Auckland"}));
}

TEST(Assignment, makes_and_activates_in_one_command_with_one_entry) {
    ComputerShop desk;
    const Receipt receipt = desk.buy(500).value();
    EXPECT_EQ(desk.status(receipt.entitlement), Status::active);
    const Entitlement made = desk.entitlement(receipt.entitlement);
    EXPECT_EQ(made.purchase, (Purchase{purchase(1), computer, 500}));
    EXPECT_EQ(made.agreement.made_from, premium);
    EXPECT_EQ(receipt.remaining, cases(200));
    ASSERT_EQ(desk.entries().size(), 1);
    EXPECT_EQ(desk.last_entry().reason,
              fmt::format("purchase 1: 500 of product {}, by the rule for 500 or more", computer));
}

TEST(Assignment, no_rule_for_the_product_or_for_so_few) {
    ComputerShop desk;
    EXPECT_THAT(desk.run(Assign{acme, purchase(1), "pump"_product, 500}), refused(ErrorCode::no_rule));
    ASSERT_TRUE(desk.engine.remove_rule(computer, 0));
    EXPECT_THAT(desk.buy(499), refused(ErrorCode::no_rule));
    EXPECT_THAT(desk.buy(500), ok()) << "a refusal is not remembered";
}

TEST(Assignment, looks_at_one_purchase) {
    ComputerShop desk;
    EXPECT_EQ(desk.made_for(300), "Standard");
    EXPECT_EQ(desk.made_for(301), "Standard") << "not at 601 together";
}

TEST(Assignment, of_the_same_purchase_again_is_a_repeat) {
    ComputerShop desk;
    const Receipt first = desk.buy(500).value();
    EXPECT_THAT(desk.run(OpenCase{.id = "c1"_case}), ok());
    desk.now = year_after;
    ASSERT_TRUE(desk.engine.set_rule({computer, 400, standard}));
    ASSERT_TRUE(desk.engine.remove_rule(computer, 500));
    const Outcome again = desk.buy(500);
    EXPECT_THAT(again, repeated());
    EXPECT_EQ(again->entitlement, first.entitlement);
    EXPECT_EQ(desk.engine.entitlements(acme)->size(), 1);
}

TEST(Assignment, a_repeat_says_what_is_left_today) {
    ComputerShop desk;
    ASSERT_THAT(desk.buy(500), ok());
    ASSERT_THAT(desk.run(OpenCase{.id = "c1"_case}), ok());
    EXPECT_EQ(desk.buy(500)->remaining, cases(199));
    desk.now = date::sys_days{2014_y / 8 / 1};
    EXPECT_EQ(desk.buy(500)->remaining, cases(200)) << "a new month has begun";
}

TEST(Assignment, of_the_same_purchase_with_other_facts_is_purchase_exists) {
    ComputerShop desk;
    ASSERT_TRUE(desk.engine.set_rule({"pump"_product, 0, standard}));
    ASSERT_THAT(desk.buy(500), ok());
    EXPECT_THAT(desk.buy(501), refused(ErrorCode::purchase_exists));
    EXPECT_THAT(desk.run(Assign{acme, purchase(1), "pump"_product, 500}),
                refused(ErrorCode::purchase_exists));
}

TEST(Assignment, a_purchase_is_the_customers) {
    ComputerShop desk;
    const auto ours = desk.buy(500).value().entitlement;
    const auto theirs = desk.buy(499, 1, other_customer).value().entitlement;
    EXPECT_NE(ours, theirs);
    EXPECT_EQ(desk.engine.entitlement(other_customer, theirs)->agreement.name, "Standard");
}

TEST(Assignment, is_not_made_again_when_it_was_canceled_renewed_or_removed) {
    ComputerShop desk;
    const auto id = desk.buy(500).value().entitlement;
    ASSERT_THAT(desk.run(Cancel{.id = id}), ok());
    const auto renewed = desk.run(Renew{.id = id}).value().entitlement;
    EXPECT_EQ(desk.entitlement(renewed).purchase, Purchase{}) << "nobody bought it";
    EXPECT_EQ(desk.entitlement(renewed).agreement.made_from, premium);
    EXPECT_THAT(desk.buy(500), repeated());

    const auto other = desk.buy(499, 2).value().entitlement;
    ASSERT_THAT(desk.run(Deactivate{.id = other}), ok());
    ASSERT_THAT(desk.run(Remove{.id = other}), ok());
    EXPECT_THAT(desk.buy(499, 2), refused(ErrorCode::purchase_exists));
}

TEST(Assignment, keeps_its_purchase_when_it_is_revised) {
    ComputerShop desk;
    const auto id = desk.buy(500).value().entitlement;
    ASSERT_THAT(desk.run(Amend{.id = id, .changes = {.priority = 3}}), ok());
    EXPECT_EQ(desk.entitlement(id).purchase.quantity, 500);
    EXPECT_THAT(desk.buy(500), repeated());
}

TEST(Assignment, needs_a_customer_a_purchase_a_product_and_a_quantity) {
    ComputerShop desk;
    EXPECT_THAT(desk.engine.assign({{}, purchase(1), computer, 1}, july),
                refused(ErrorCode::customer_missing));
    EXPECT_THAT(desk.run(Assign{acme, {}, computer, 1}), refused(ErrorCode::id_missing));
    EXPECT_THAT(desk.run(Assign{acme, purchase(1), {}, 1}), refused(ErrorCode::id_missing));
    EXPECT_THAT(desk.buy(0), refused(ErrorCode::quantity_out_of_range));
    EXPECT_THAT(desk.buy(-1), refused(ErrorCode::quantity_out_of_range));
}

TEST(Assignment, again_with_its_request_id_is_the_first_answer) {
    ComputerShop desk;
    Assign command{.customer = acme, .id = purchase(1), .product = computer, .quantity = 500};
    command.request = "r1"_request;
    const Receipt first = desk.run(command).value();
    ASSERT_THAT(desk.run(OpenCase{.id = "c1"_case}), ok());
    const Outcome again = desk.run(command);
    EXPECT_THAT(again, repeated());
    EXPECT_EQ(again->remaining, first.remaining) << "the first receipt, not today's balance";
    command.quantity = 499;
    EXPECT_THAT(desk.run(command), refused(ErrorCode::request_id_reused));
}

TEST(Assignment, in_a_batch_each_sees_those_before_it) {
    ComputerShop desk;
    std::vector<Assign> batch(3, Assign{acme, purchase(1), computer, 500});
    batch[2].quantity = 499;
    std::vector<Outcome> outcomes(batch.size());
    ASSERT_TRUE(desk.engine.apply(std::span<const Assign>{batch}, july, std::span{outcomes}));
    EXPECT_THAT(outcomes[0], ok());
    EXPECT_THAT(outcomes[1], repeated());
    EXPECT_THAT(outcomes[2], refused(ErrorCode::purchase_exists));
}

TEST(AssignmentRules, are_listed_by_product_and_quantity_one_for_each) {
    ComputerShop desk;
    ASSERT_TRUE(desk.engine.set_rule({computer, 500, standard}));
    const auto rules = desk.engine.rules().value();
    EXPECT_EQ(rules, (std::vector<AssignmentRule>{{computer, 0, standard}, {computer, 500, standard}}));
    ASSERT_TRUE(desk.engine.remove_rule(computer, 7)) << "there is none";
    EXPECT_EQ(desk.engine.rules()->size(), 2);
}

TEST(AssignmentRules, refer_to_a_template_that_is_there_and_stays) {
    ComputerShop desk;
    const auto error_of = [](const Result<void>& done) { return done ? Error{} : done.error(); };
    EXPECT_EQ(error_of(desk.engine.set_rule({computer, 5, TemplateId::from_name("none")})).code,
              ErrorCode::unknown_template);
    EXPECT_EQ(error_of(desk.engine.remove_template(premium)).code, ErrorCode::template_in_use);
    EXPECT_EQ(error_of(desk.engine.remove_template(premium)).command, CommandKind::remove_template);
    ASSERT_TRUE(desk.engine.remove_rule(computer, 500));
    EXPECT_TRUE(desk.engine.remove_template(premium));
    EXPECT_EQ(desk.engine.templates()->size(), 1);
}

TEST(AssignmentRules, need_a_product_a_template_and_no_negative_quantity) {
    ComputerShop desk;
    const auto why = [&](const AssignmentRule& rule) { return desk.engine.set_rule(rule).error().code; };
    EXPECT_EQ(why({{}, 1, premium}), ErrorCode::id_missing);
    EXPECT_EQ(why({computer, 1, {}}), ErrorCode::id_missing);
    EXPECT_EQ(why({computer, -1, premium}), ErrorCode::quantity_out_of_range);
    EXPECT_EQ(desk.engine.rules()->size(), 2);
}

/// Another changes a rule, and removes the template that it had, just after the rule was read.
class Meanwhile : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;
    mutable bool happens = true;

    using ForwardingStore::list;
    [[nodiscard]] Result<void> list(ProductId only, std::vector<AssignmentRule>& out) const override {
        auto listed = ForwardingStore::list(only, out);
        if (std::exchange(happens, false)) {
            EXPECT_TRUE(others.keep(AssignmentRule{computer, 500, standard}));
            EXPECT_TRUE(others.drop(premium));
        }
        return listed;
    }
    Store& others;
    explicit Meanwhile(Store& store) : ForwardingStore{store}, others{store} {}
};

TEST(AssignmentRules, that_change_while_they_are_read_are_read_again) {
    ComputerShop desk;
    Meanwhile store{desk.store};
    Engine engine{store};
    const auto made = engine.assign({acme, purchase(1), computer, 500}, july).value().entitlement;
    EXPECT_EQ(desk.entitlement(made).agreement.name, "Standard");
}

}  // namespace
}  // namespace conformance
