#include <filesystem>
#include <span>
#include <stdexcept>

#include "sqlite_file.hpp"
#include "version_2.hpp"

// A file of an older version is brought forward, and is then as if this version had written it.

namespace store_contract {
namespace {

/// What a desk did with version 2: of every sort of row, some.
[[nodiscard]] std::vector<Command> old_days() {
    const EntitlementId silver = "silver"_entitlement;
    const EntitlementId bronze = "bronze"_entitlement;
    Draft first = agreed(on_creation(50), {{Channel::phone, cases(20)}, {Channel::web, cases(10)}});
    first.id = gold;
    first.scope.products = {"pump"_product, "router"_product};
    first.request = "r1"_request;
    Draft second =
        agreed({.total = Quantity{90'000, {Allocation::hours, {}}}, .decrease_on = DecreaseOn::resolution});
    second.id = silver;
    Draft third = agreed(unrestricted(7));
    third.id = bronze;
    Draft others = agreed(on_creation(5), {{Channel::phone, cases(2)}});
    others.customer = other_customer;
    others.id = gold;
    std::vector<Command> commands{
        first,
        second,
        Activate{.customer = acme, .id = gold, .request = "r2"_request, .actor = "eve"_actor},
        OpenCase{.customer = acme,
                 .id = "c1"_case,
                 .product = "pump"_product,
                 .origin = Channel::phone,
                 .request = "r3"_request},
        others,
        OpenCase{.customer = acme,
                 .id = "c2"_case,
                 .product = "pump"_product,
                 .origin = Channel::web,
                 .entitlement = gold},
        Activate{.customer = other_customer, .id = gold},
        OpenCase{
            .customer = other_customer, .id = "c1"_case, .origin = Channel::phone, .request = "r3"_request},
        ChangeOrigin{.customer = acme, .id = "c1"_case, .origin = Channel::web, .request = "r4"_request},
        OpenCase{.customer = acme, .id = "c3"_case, .product = "pump"_product, .origin = Channel::phone},
        DeleteCase{.customer = acme, .id = "c3"_case},
        ResolveCase{.customer = acme, .id = "c1"_case},
        CancelCase{.customer = acme, .id = "c2"_case, .request = "r5"_request},
        Adjust{.customer = acme, .id = gold, .quantity = cases(3), .reason = "a gift"},
        Remove{.customer = acme, .id = silver},
        third,
        Deactivate{.customer = acme, .id = gold},
        RemoveChannel{.customer = acme, .id = gold, .channel = Channel::web},
        Activate{.customer = acme, .id = gold},
        SetDefault{.customer = acme, .id = gold, .request = "r6"_request},
        SetDefault{.customer = acme, .id = gold, .request = "r7"_request},
        OpenCase{.customer = other_customer, .id = "c2"_case},
    };
    return commands;
}

/// … and then sealed and archived some of it.
void live_old_days(Engine& engine) {
    for (const Command& command : old_days()) {
        std::vector<Outcome> outcomes(1);
        if (!engine.apply(std::span<const Command>{&command, 1}, july, std::span{outcomes}) || !outcomes[0])
            throw std::runtime_error{fmt::format("refused: {}", outcomes[0].error())};
    }
    if (!engine.seal(acme) || !engine.seal(other_customer) || !engine.archive(other_customer, 3))
        throw std::runtime_error{"not archived"};
}

/// Version 7 had no service levels.
constexpr const char* as_version_7 =
    "DROP VIEW entitle_case_list; CREATE VIEW entitle_case_list AS SELECT 1;"
    "DROP INDEX entitle_cases_by_due; DROP INDEX entitle_cases_by_change; DROP TABLE entitle_service_terms;"
    "ALTER TABLE entitle_cases DROP COLUMN service; ALTER TABLE entitle_cases DROP COLUMN next_due;"
    "ALTER TABLE entitle_cases DROP COLUMN last_change;"
    "UPDATE entitle_meta SET value = 7 WHERE name <> 'policy'";

/// Version 6 knew no hold that expires.
constexpr const char* as_version_6 =
    "ALTER TABLE entitle_entitlements DROP COLUMN holds; ALTER TABLE entitle_cases DROP COLUMN held_until;"
    "ALTER TABLE entitle_base_cases DROP COLUMN held_until;"
    "UPDATE entitle_meta SET value = 6 WHERE name <> 'policy'";

/// Version 5 had no marks.
constexpr const char* as_version_5 =
    "ALTER TABLE entitle_entitlements DROP COLUMN low_water;"
    "ALTER TABLE entitle_entitlements DROP COLUMN top_ups; ALTER TABLE entitle_templates DROP COLUMN "
    "low_water;"
    "UPDATE entitle_meta SET value = 5 WHERE name <> 'policy'";

/// Version 4 had no templates.
constexpr const char* as_version_4 =
    "ALTER TABLE entitle_entitlements DROP COLUMN purchase;"
    "ALTER TABLE entitle_entitlements DROP COLUMN purchase_product;"
    "ALTER TABLE entitle_entitlements DROP COLUMN purchase_quantity;"
    "DROP TABLE entitle_rules; DROP TABLE entitle_template_scope; DROP TABLE entitle_template_channels;"
    "DROP TABLE entitle_templates; UPDATE entitle_meta SET value = 4 WHERE name <> 'policy'";

/// Version 3 had neither holds nor periods.
constexpr const char* as_version_3 =
    "DROP VIEW entitle_left; DROP VIEW entitle_statement; DROP VIEW entitle_case_list;"
    "ALTER TABLE entitle_entitlements DROP COLUMN period_step;"
    "ALTER TABLE entitle_entitlements DROP COLUMN period_every;"
    "ALTER TABLE entitle_entitlements DROP COLUMN period_anchor;"
    "ALTER TABLE entitle_entitlements DROP COLUMN rollover;"
    "ALTER TABLE entitle_entitlements DROP COLUMN preserve_overage;"
    "ALTER TABLE entitle_entitlements DROP COLUMN counts_from;"
    "ALTER TABLE entitle_entitlements DROP COLUMN due;"
    "ALTER TABLE entitle_entitlements DROP COLUMN last_boundary;"
    "ALTER TABLE entitle_entitlements DROP COLUMN rolled;"
    "ALTER TABLE entitle_customers DROP COLUMN held;"
    "ALTER TABLE entitle_cases DROP COLUMN held_number; ALTER TABLE entitle_cases DROP COLUMN held_ordinal;"
    "ALTER TABLE entitle_cases DROP COLUMN held_quantity; ALTER TABLE entitle_cases DROP COLUMN held_channel;"
    "ALTER TABLE entitle_cases DROP COLUMN overage; ALTER TABLE entitle_entries DROP COLUMN amount;"
    "ALTER TABLE entitle_base_cases DROP COLUMN held_number;"
    "ALTER TABLE entitle_base_cases DROP COLUMN held_ordinal;"
    "ALTER TABLE entitle_base_cases DROP COLUMN held_quantity;"
    "ALTER TABLE entitle_base_cases DROP COLUMN held_channel; ALTER TABLE entitle_base_cases DROP COLUMN "
    "overage;"
    "CREATE VIEW entitle_left AS SELECT 1; CREATE VIEW entitle_statement AS SELECT 1;"
    "CREATE VIEW entitle_case_list AS SELECT 1; UPDATE entitle_meta SET value = 3 WHERE name <> 'policy'";

class OlderFile : public SqliteFile {
protected:
    /// What the older version wrote, with its views or, as version 1 had none, without. Versions 3 to 7 had what this
    /// one has, but for what came since.
    void make_older(std::int64_t version) const {
        if (version >= 3) {
            {
                Engine engine{SqliteStore::open(path).value()};
                live_old_days(engine);
            }
            edit(as_version_7);
            if (version <= 6) edit(as_version_6);
            if (version <= 5) edit(as_version_5);
            if (version <= 4) edit(as_version_4);
            if (version == 3) edit(as_version_3);
            return;
        }
        edit(version_2);
        if (version == 1) {
            edit(
                "DROP VIEW entitle_left; DROP VIEW entitle_statement; DROP VIEW entitle_case_list;"
                "UPDATE entitle_meta SET value = 1 WHERE name = 'schema'");
        }
    }
    [[nodiscard]] std::unique_ptr<SqliteStore> made_anew() const {
        auto store = SqliteStore::open(scratch.file("anew.db")).value();
        Engine engine{*store};
        live_old_days(engine);
        return store;
    }
    template <class T>
    [[nodiscard]] static std::vector<T> all(const Store& store) {
        std::vector<T> out;
        for (Cursor cursor; !cursor.done;) EXPECT_TRUE(store.scan({}, cursor, out));
        return out;
    }
    /// Each command again: those with a request id are answered as they were.
    [[nodiscard]] static std::vector<Outcome> again(Engine& engine) {
        std::vector<Outcome> all;
        for (const Command& command : old_days()) {
            const bool remembered = std::visit([](const auto& c) { return !c.request.is_none(); }, command);
            if (!remembered) continue;
            std::vector<Outcome> outcomes(1);
            EXPECT_TRUE(engine.apply(std::span<const Command>{&command, 1}, july, std::span{outcomes}));
            EXPECT_THAT(outcomes[0], repeated());
            all.push_back(outcomes[0]);
        }
        return all;
    }
    [[nodiscard]] std::int64_t schema() const {
        return number("SELECT value FROM entitle_meta WHERE name = 'schema'");
    }
};

TEST_F(OlderFile, is_as_if_this_version_had_written_it) {
    for (const std::int64_t version : {1, 2, 3, 4, 5, 6, 7}) {
        std::filesystem::remove(path);
        std::filesystem::remove(scratch.file("anew.db"));
        make_older(version);
        const auto forward = open().value();
        const auto anew = made_anew();
        EXPECT_EQ(schema(), 8);
        EXPECT_TRUE(everything(*forward) == everything(*anew));
        EXPECT_TRUE(all<Seal>(*forward) == all<Seal>(*anew));
        EXPECT_TRUE(all<Base>(*forward) == all<Base>(*anew));
        Engine engine{*forward};
        Engine engine_anew{*anew};
        EXPECT_TRUE(engine.audit()->ok());
        const auto answers = again(engine);
        const auto answers_anew = again(engine_anew);
        ASSERT_EQ(answers.size(), answers_anew.size());
        for (std::size_t i = 0; i < answers.size(); ++i) {
            ASSERT_TRUE(answers[i] && answers_anew[i]);
            EXPECT_TRUE(*answers[i] == *answers_anew[i]) << i;
        }
        EXPECT_EQ(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
        EXPECT_EQ(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
        EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'entitle_2_%'"), 0);
    }
}

class OlderFileOf : public OlderFile, public testing::WithParamInterface<std::int64_t> {};

TEST_P(OlderFileOf, has_the_columns_that_a_new_one_has) {
    make_older(GetParam());
    EXPECT_EQ(why_not(), ErrorCode::none);
    EXPECT_EQ(SqliteStore::open(scratch.file("anew.db")).has_value(), true);
    const HostConnection host{path};
    host.run("ATTACH '" + scratch.file("anew.db") + "' AS anew");
    EXPECT_EQ(host.number("SELECT count(*) FROM (SELECT t.name, t.type, c.* FROM sqlite_schema t"
                          " JOIN pragma_table_xinfo(t.name, 'main') c EXCEPT"
                          " SELECT t.name, t.type, c.* FROM anew.sqlite_schema t"
                          " JOIN pragma_table_xinfo(t.name, 'anew') c)"),
              0);
    EXPECT_EQ(host.number("SELECT count(*) FROM sqlite_schema"),
              host.number("SELECT count(*) FROM anew.sqlite_schema"));
}

INSTANTIATE_TEST_SUITE_P(, OlderFileOf, testing::Values(1, 2, 3, 4, 5, 6, 7),
                         testing::PrintToStringParamName());

TEST_F(OlderFile, of_version_5_keeps_its_templates_and_takes_marks) {
    {
        Engine engine{open().value()};
        Template made{.id = TemplateId::from_name("basic"), .agreement = {.name = "Basic"}};
        made.agreement.coverage = year_2014;
        made.agreement.terms = on_creation(5);
        ASSERT_TRUE(engine.set_template(made));
        live_old_days(engine);
    }
    edit(as_version_7);
    edit(as_version_6);
    edit(as_version_5);
    Engine engine{open().value()};
    EXPECT_EQ(schema(), 8);
    ASSERT_EQ(engine.templates()->size(), 1U);
    EXPECT_TRUE(engine.templates()->front().agreement.low_water.empty());
    Changes changes;
    changes.low_water = std::vector<LowWater>{{.percent = 99}};
    ASSERT_THAT(engine.amend({.customer = acme, .id = gold, .changes = changes}, july), ok());
    const OpenCase next{
        .customer = acme, .id = "c9"_case, .product = "pump"_product, .origin = Channel::phone};
    EXPECT_EQ(engine.open_case(next, july)->low_water, std::nullopt) << "52 of 50";
    ASSERT_THAT(
        engine.adjust({.customer = acme, .id = gold, .quantity = cases(-3), .reason = "a count"}, july),
        ok());
    EXPECT_EQ(number("SELECT count(*) FROM entitle_statement WHERE kind = 'low_water'"), 1);
}

TEST_F(OlderFile, goes_on_being_written) {
    make_older(2);
    Engine engine{open().value()};
    const OpenCase next{
        .customer = acme, .id = "c9"_case, .product = "pump"_product, .origin = Channel::phone};
    EXPECT_THAT(engine.open_case(next, july), ok());
    EXPECT_THAT(engine.change_contact({.customer = acme, .id = "c9"_case, .contact = "bob"_contact}, july),
                ok());
    EXPECT_THAT(engine.deactivate({.customer = acme, .id = gold}, july), ok());
    EXPECT_THAT(engine.remove({.customer = acme, .id = gold}, july), refused(ErrorCode::in_use));
    EXPECT_THAT(engine.seal(other_customer), ok());
    EXPECT_TRUE(engine.archive(other_customer, 4));
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(OlderFile, can_be_a_hosts_that_has_foreign_keys_and_views_on_our_tables) {
    make_older(2);
    const HostConnection host{path};
    host.run(
        "PRAGMA foreign_keys = ON; CREATE VIEW tickets AS SELECT * FROM entitle_cases;"
        "CREATE VIEW amounts AS SELECT remaining FROM entitle_balances");
    {
        const auto store = SqliteStore::attach(host.handle()).value();
        EXPECT_TRUE(Engine{*store}.audit()->ok());
    }
    EXPECT_EQ(host.number("SELECT count(*) FROM tickets"), 5);
}

TEST_F(OlderFile, cannot_be_read_without_being_brought_forward) {
    for (const std::int64_t version : {1, 2, 3, 4, 5, 6, 7}) {
        std::filesystem::remove(path);
        make_older(version);
        EXPECT_EQ(why_not({.read_only = true}), ErrorCode::store_read_only);
        EXPECT_EQ(schema(), version);
    }
}

TEST_F(OlderFile, is_left_as_it_was_where_the_step_forward_fails) {
    make_older(1);
    edit("CREATE VIEW entitle_case_list AS SELECT 1");
    EXPECT_EQ(why_not(), ErrorCode::store_failed) << "one of the views is there already";
    EXPECT_EQ(schema(), 1);
    EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'entitle_2_%'"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM entitle_balances WHERE remaining IS NOT NULL"), 6);
}

}  // namespace
}  // namespace store_contract
