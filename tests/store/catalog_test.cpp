#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "sqlite_file.hpp"
#include "stores.hpp"

// S17, and what is assigned from the catalog, over every store.

namespace store_contract {
namespace {

const TemplateId basic = TemplateId::from_name("Basic");
const ProductId router = "router"_product;

/// A template with every field, of an amount that has a currency.
Template complete(TemplateId id) {
    const auto euros = [](std::int64_t cents) {
        return Quantity{cents, {Allocation::money, *Currency::of("EUR")}};
    };
    return {.id = id,
            .agreement = {.name = "Complete",
                          .description = "all of it – “everything”",
                          .coverage = {2014_y / 1 / 31, 2016_y / 2 / 29, "Pacific/Auckland"},
                          .terms = {.total = euros(123'456),
                                    .allocation = Allocation::money,
                                    .decrease_on = DecreaseOn::resolution,
                                    .restricted = true},
                          .period = PeriodTerms{{3, Cycle::Step::weeks, 2014_y / 1 / 1}, euros(5), true},
                          .channels = {{Channel::phone, euros(100)}, {Channel::email, euros(123'456)}},
                          .scope = {.contacts = {"ann"_contact, "bob"_contact},
                                    .products = {router},
                                    .assets = {"pump"_asset},
                                    .case_types = {"question"_case_type}},
                          .priority = -5,
                          .sla = SlaId::from_name("gold"),
                          .owner = OwnerId::from_name("ann"),
                          .knowledge_base = KnowledgeBase::premium,
                          .discount_percent = 100}};
}

/// … with as little as there can be, that lasts for a while.
Template plain(TemplateId id, Length lasts) {
    Template made{.id = id, .agreement = {.name = "Plain"}, .lasts = lasts};
    made.agreement.terms = {.allocation = Allocation::coverage_only};
    made.agreement.coverage.first_day = made.agreement.coverage.last_day = Day{};
    return made;
}

class CatalogContract : public Contract {
protected:
    [[nodiscard]] std::vector<Template> templates(TemplateId only = {}) const {
        std::vector<Template> out;
        EXPECT_TRUE(store->list(only, out));
        return out;
    }
    [[nodiscard]] std::vector<AssignmentRule> rules(ProductId only = {}) const {
        std::vector<AssignmentRule> out;
        EXPECT_TRUE(store->list(only, out));
        return out;
    }
};

TEST_P(CatalogContract, S17_a_template_is_shown_as_it_was_kept) {
    const std::vector<Template> all{complete(TemplateId::from_integer(1)),
                                    plain(TemplateId::from_integer(2), {65'535, Length::Step::days}),
                                    plain(TemplateId::from_integer(3), {1, Length::Step::months})};
    for (const std::size_t at : {2U, 0U, 1U}) ASSERT_TRUE(store->keep(all[at]));
    EXPECT_TRUE(templates() == all);
    for (const Template& one : all) EXPECT_TRUE(templates(one.id) == std::vector{one});
    EXPECT_TRUE(templates(TemplateId::from_integer(4)).empty());
}

TEST_P(CatalogContract, S17_a_template_takes_the_place_of_the_former_whole) {
    ASSERT_TRUE(store->keep(complete(basic)));
    const Template now = plain(basic, {12});
    ASSERT_TRUE(store->keep(now));
    EXPECT_TRUE(templates() == std::vector{now});
    ASSERT_TRUE(store->drop(basic));
    ASSERT_TRUE(store->drop(basic)) << "it is not there";
    EXPECT_TRUE(templates().empty());
}

TEST_P(CatalogContract, S17_a_rule_is_kept_for_its_product_and_quantity) {
    for (const TemplateId id : {basic, TemplateId::from_integer(7)})
        ASSERT_TRUE(store->keep(plain(id, {12})));
    const ProductId pump = ProductId::from_integer(1);
    const ProductId hose = ProductId::from_integer(2);
    const TemplateId other = TemplateId::from_integer(7);
    for (const AssignmentRule& rule : {AssignmentRule{hose, 0, basic}, AssignmentRule{pump, 500, basic},
                                       AssignmentRule{pump, 10, basic}, AssignmentRule{pump, 10, other}}) {
        ASSERT_TRUE(store->keep(rule));
    }
    const std::vector<AssignmentRule> of_pump{{pump, 10, other}, {pump, 500, basic}};
    EXPECT_EQ(rules(pump), of_pump);
    EXPECT_EQ(rules(), (std::vector<AssignmentRule>{of_pump[0], of_pump[1], {hose, 0, basic}}));
    ASSERT_TRUE(store->drop(AssignmentRule{pump, 10, {}}));
    ASSERT_TRUE(store->drop(AssignmentRule{pump, 11, {}})) << "it is not there";
    EXPECT_EQ(rules(pump), std::vector{of_pump[1]});
}

TEST_P(CatalogContract, S17_a_rules_template_is_there) {
    const AssignmentRule rule{router, 1, basic};
    const auto why = [](const Result<void>& done) { return done ? ErrorCode::none : done.error().code; };
    EXPECT_EQ(why(store->keep(rule)), ErrorCode::unknown_template);
    EXPECT_TRUE(rules().empty());
    ASSERT_TRUE(store->keep(complete(basic)));
    ASSERT_TRUE(store->keep(rule));
    EXPECT_EQ(why(store->drop(basic)), ErrorCode::template_in_use);
    EXPECT_TRUE(store->keep(plain(basic, {12}))) << "it may be replaced";
    EXPECT_EQ(templates().size(), 1U);
    ASSERT_TRUE(store->drop(rule));
    EXPECT_TRUE(store->drop(basic));
}

TEST_P(CatalogContract, S17_a_rules_template_is_there_whoever_else_keeps_and_drops) {
    if (!store->capabilities().shared) GTEST_SKIP() << "of stores that others share";
    const auto keep = [&](Store& own) {
        for (int i = 0; i < 40; ++i) {
            const auto kept = own.keep(AssignmentRule{router, 1, basic});
            EXPECT_TRUE(kept || kept.error().code == ErrorCode::unknown_template);
            EXPECT_TRUE(own.drop(AssignmentRule{router, 1, {}}));
            (void)own.keep(AssignmentRule{router, 1, basic});
        }
    };
    std::thread another{[&] { keep(*open()); }};
    for (int i = 0; i < 40; ++i) {
        EXPECT_TRUE(store->keep(plain(basic, {12})));
        const auto dropped = store->drop(basic);
        EXPECT_TRUE(dropped || dropped.error().code == ErrorCode::template_in_use);
    }
    another.join();
    for (const AssignmentRule& rule : rules()) EXPECT_EQ(templates(rule.from).size(), 1U);
}

TEST_P(CatalogContract, S17_another_object_on_the_place_has_the_same) {
    if (!store->capabilities().durable) GTEST_SKIP() << "of stores that keep what they had";
    ASSERT_TRUE(store->keep(complete(basic)));
    ASSERT_TRUE(store->keep(AssignmentRule{router, 1, basic}));
    store.reset();
    store = open();
    EXPECT_TRUE(templates() == std::vector{complete(basic)});
    EXPECT_EQ(rules(), (std::vector{AssignmentRule{router, 1, basic}}));
}

TEST_P(CatalogContract, what_is_assigned_is_kept_with_its_purchase_and_answered_again) {
    const PurchaseId bought = PurchaseId::from_integer(77);
    const Assign command{.customer = acme, .id = bought, .product = router, .quantity = 5};
    EntitlementId made;
    {
        Engine engine{*store};
        ASSERT_TRUE(engine.set_template(plain(basic, {12})));
        ASSERT_TRUE(engine.set_rule({router, 5, basic}));
        made = engine.assign(command, july).value().entitlement;
        ASSERT_THAT(engine.amend({.customer = acme, .id = made, .changes = {.priority = 3}}, july), ok());
    }
    if (store->capabilities().durable) {
        store.reset();
        store = open();
    }
    Engine engine{*store};
    const Entitlement kept = engine.entitlement(acme, made).value();
    EXPECT_EQ(kept.purchase, (Purchase{bought, router, 5}));
    EXPECT_EQ(kept.agreement.made_from, basic);
    EXPECT_THAT(engine.assign(command, july), repeated());
    Assign other = command;
    other.quantity = 6;
    EXPECT_THAT(engine.assign(other, july), refused(ErrorCode::purchase_exists));
    ASSERT_THAT(engine.deactivate({.customer = acme, .id = made}, july), ok());
    ASSERT_THAT(engine.remove({.customer = acme, .id = made}, july), ok());
    EXPECT_THAT(engine.assign(command, july), refused(ErrorCode::purchase_exists)) << "it was, and is gone";
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_P(CatalogContract, two_who_assign_one_purchase_at_once_make_one_entitlement) {
    if (!store->capabilities().shared) GTEST_SKIP() << "of stores that others share";
    {
        Engine engine{*store};
        ASSERT_TRUE(engine.set_template(plain(basic, {12})));
        ASSERT_TRUE(engine.set_rule({router, 5, basic}));
        ASSERT_THAT(engine.draft(agreed(on_creation(5)), july), ok()) << "the customer is known";
    }
    constexpr int purchases = 10;
    const auto buy = [this] {
        const auto own = open();
        Engine engine{*own};
        int made = 0;
        for (int i = 1; i <= purchases; ++i) {
            const auto id = PurchaseId::from_integer(static_cast<std::uint64_t>(i));
            const Outcome bought =
                engine.assign({.customer = acme, .id = id, .product = router, .quantity = 5}, july);
            EXPECT_THAT(bought, ok());
            made += bought && !bought->repeated ? 1 : 0;
        }
        return made;
    };
    int others = 0;
    std::thread another{[&] { others = buy(); }};
    const int ours = buy();
    another.join();
    EXPECT_EQ(ours + others, purchases);
    EXPECT_EQ(Engine{*store}.entitlements(acme)->size(), purchases + 1U);
}

INSTANTIATE_TEST_SUITE_P(, CatalogContract, testing::ValuesIn(stores()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

TEST_F(SqliteFile, template_that_makes_no_sense_is_database_corrupt) {
    for (const char* sql : {"lasts = 70000", "per_term = 1, first_day = 'soon'",
                            "counts = 'cases', currency = NULL, total = -1", "period_every = 70000",
                            "currency = 'euro'", "rollover = -1"}) {
        {
            Engine engine{open().value()};
            ASSERT_TRUE(engine.set_template(complete(basic)));
        }
        edit(std::string{"PRAGMA ignore_check_constraints = 1; UPDATE entitle_templates SET "} + sql);
        const Engine engine{open().value()};
        const auto all = engine.templates();
        ASSERT_FALSE(all) << sql;
        EXPECT_EQ(all.error().code, ErrorCode::database_corrupt) << sql;
        std::filesystem::remove(path);
    }
}

TEST_F(SqliteFile, catalog_of_a_file_that_is_only_read) {
    {
        Engine engine{open().value()};
        ASSERT_TRUE(engine.set_template(complete(basic)));
    }
    Engine engine{open({.read_only = true}).value()};
    EXPECT_EQ(engine.templates()->size(), 1);
    EXPECT_EQ(engine.set_template(complete(basic)).error().code, ErrorCode::store_read_only);
    EXPECT_EQ(engine.set_template(complete(basic)).error().command, CommandKind::set_template);
    EXPECT_EQ(engine.remove_rule(router, 1).error().code, ErrorCode::store_read_only);
}

}  // namespace
}  // namespace store_contract
