#include <atomic>

#include "postgres_desk.hpp"

// What the PostgreSQL store promises beyond the contract: its tables, what goes in and what an error says, and the
// host's transaction.

namespace store_contract {
namespace {

// Tables.

TEST_F(Postgres, every_key_and_reference_contains_the_customer) {
    ASSERT_TRUE(open());
    // Few and small, with a copy on each server: entitle_meta, and the catalog.
    const std::string keys =
        "SELECT count(*) FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
        " WHERE t.relnamespace = current_schema::regnamespace AND i.indisunique AND t.relname NOT IN "
        "('entitle_meta', 'entitle_templates', 'entitle_rules', 'entitle_service_terms')";
    EXPECT_EQ(value(keys), "10");
    EXPECT_EQ(value(keys + " AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid"
                           " AND a.attnum = ANY (i.indkey) AND a.attname = 'customer_id')"),
              "0");
    const std::string references =
        "SELECT count(*) FROM pg_constraint c WHERE c.connamespace = current_schema::regnamespace AND "
        "contype = 'f' AND conrelid <> 'entitle_rules'::regclass";
    EXPECT_EQ(value(references), "5");
    EXPECT_EQ(value(references + " AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.conrelid"
                                 " AND a.attnum = ANY (c.conkey) AND a.attname = 'customer_id')"),
              "0");
}

TEST_F(Postgres, nothing_is_counted_that_customers_share_and_everything_is_called_entitle) {
    ASSERT_TRUE(open());
    EXPECT_EQ(value("SELECT count(*) FROM pg_class WHERE relnamespace = current_schema::regnamespace AND "
                    "relkind = 'S'"),
              "0");
    EXPECT_EQ(value("SELECT count(*) FROM pg_class WHERE relnamespace = current_schema::regnamespace"
                    " AND relname NOT LIKE 'entitle\\_%'"),
              "0");
    EXPECT_EQ(value("SELECT count(*) FROM pg_proc WHERE pronamespace = current_schema::regnamespace"), "0");
}

TEST_F(Postgres, the_views_say_what_people_want_to_know) {
    Engine engine{open().value()};
    grant(engine, 5);
    ASSERT_THAT(open_case(engine, 7), ok());
    EXPECT_EQ(
        value("SELECT string_agg(counter || ' ' || remaining || ' of ' || total, ', ') FROM entitle_left"),
        "(total) 4 of 5, phone 4 of 5");
    EXPECT_EQ(value("SELECT command || ' ' || kind || ' ' || at || ' ' || moved || ' ' || remaining FROM"
                    " entitle_statement WHERE number = 3"),
              "open_case posting 2014-07-01T09:00:00Z -1 4");
    EXPECT_EQ(value("SELECT support_case || ' ' || state || ' ' || posted FROM entitle_case_list"),
              "00000000-0000-0000-0000-000000000007 open 1");
    Draft draft = agreed({.total = hours(9h + 30min), .decrease_on = DecreaseOn::resolution});
    draft.id = silver;
    ASSERT_THAT(engine.draft(draft, july), ok());
    EXPECT_EQ(value("SELECT remaining FROM entitle_left WHERE counts = 'hours'"), "9:30:00");
    draft.id = "bronze"_entitlement;
    draft.terms = {.total = Money{1250, Currency::of("EUR").value()}, .decrease_on = DecreaseOn::resolution};
    ASSERT_THAT(engine.draft(draft, july), ok());
    EXPECT_EQ(value("SELECT remaining FROM entitle_left WHERE counts = 'money'"), "12.50 EUR");
}

TEST_F(Postgres, many_that_begin_at_once_all_find_the_tables_made) {
    std::vector<std::thread> threads;
    std::atomic<int> opened = 0;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] { opened += open() ? 1 : 0; });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(opened, 8);
}

TEST_F(Postgres, tables_that_are_not_there_are_made_only_where_that_is_wanted) {
    EXPECT_EQ(why_not({.create = false}), ErrorCode::not_a_database);
    EXPECT_EQ(why_not({.read_only = true}), ErrorCode::not_a_database);
    EXPECT_EQ(why_not(), ErrorCode::none);
    EXPECT_EQ(why_not({.create = false}), ErrorCode::none);
}

TEST_F(Postgres, newer_tables_are_left_alone_unless_they_say_otherwise) {
    ASSERT_TRUE(open());
    (void)value("UPDATE entitle_meta SET value = 9 WHERE name <> 'policy'");
    EXPECT_EQ(why_not(), ErrorCode::schema_newer);
    EXPECT_EQ(why_not({.read_only = true}), ErrorCode::schema_newer);
    (void)value("UPDATE entitle_meta SET value = 2 WHERE name = 'min_reader'");
    EXPECT_EQ(why_not({.read_only = true}), ErrorCode::none);
    EXPECT_EQ(why_not(), ErrorCode::schema_newer);
    (void)value("UPDATE entitle_meta SET value = 2 WHERE name = 'min_writer'");
    EXPECT_EQ(why_not(), ErrorCode::none);
}

/// Tables of version 5, which had no service levels.
constexpr const char* as_tables_5 =
    "DROP TABLE entitle_service_terms;"
    "ALTER TABLE entitle_cases DROP COLUMN service, DROP COLUMN next_due, DROP COLUMN last_change;"
    "UPDATE entitle_meta SET value = 5 WHERE name <> 'policy'";

/// Tables of version 4, which knew no hold that expires.
constexpr const char* as_tables_4 =
    "ALTER TABLE entitle_entitlements DROP COLUMN holds; ALTER TABLE entitle_cases DROP COLUMN held_until;"
    "ALTER TABLE entitle_base_cases DROP COLUMN held_until;"
    "UPDATE entitle_meta SET value = 4 WHERE name <> 'policy'";

/// Tables of version 3, which had no marks.
constexpr const char* as_tables_3 =
    "ALTER TABLE entitle_entitlements DROP COLUMN low_water, DROP COLUMN top_ups;"
    "ALTER TABLE entitle_templates DROP COLUMN low_water;"
    "UPDATE entitle_meta SET value = 3 WHERE name <> 'policy'";

/// Tables of version 2, which had no templates.
constexpr const char* as_tables_2 =
    "ALTER TABLE entitle_entitlements DROP COLUMN purchase_id, DROP COLUMN purchase_product,"
    " DROP COLUMN purchase_quantity; DROP TABLE entitle_templates, entitle_rules;"
    "UPDATE entitle_meta SET value = 2 WHERE name <> 'policy'";

/// Tables of version 1, which had neither holds nor periods, and a host's view on one of ours.
constexpr const char* as_tables_1 =
    "DROP VIEW entitle_left, entitle_statement, entitle_case_list;"
    "ALTER TABLE entitle_customers DROP COLUMN held;"
    "ALTER TABLE entitle_cases DROP COLUMN held_number, DROP COLUMN held_ordinal, DROP COLUMN held_quantity,"
    " DROP COLUMN held_channel, DROP COLUMN overage;"
    "ALTER TABLE entitle_base_cases DROP COLUMN held_number, DROP COLUMN held_ordinal,"
    " DROP COLUMN held_quantity, DROP COLUMN held_channel, DROP COLUMN overage;"
    "ALTER TABLE entitle_entries DROP COLUMN amount;"
    "ALTER TABLE entitle_entitlements DROP COLUMN period_every, DROP COLUMN period_step,"
    " DROP COLUMN period_anchor, DROP COLUMN rollover, DROP COLUMN preserve_overage,"
    " DROP COLUMN counts_from, DROP COLUMN due, DROP COLUMN last_boundary, DROP COLUMN rolled;"
    "CREATE VIEW entitle_left AS SELECT NULL::uuid AS customer, NULL::uuid AS entitlement, NULL::text AS "
    "name,"
    " NULL::text AS phase, NULL::text AS first_day, NULL::text AS last_day, NULL::text AS time_zone,"
    " NULL::text AS counts, NULL::text AS counter, NULL::boolean AS listed, NULL::text AS total,"
    " NULL::text AS remaining;"
    "CREATE VIEW left_of_all AS SELECT remaining FROM entitle_left;"
    "UPDATE entitle_meta SET value = 1 WHERE name <> 'policy'";

TEST_F(Postgres, older_tables_are_brought_forward) {
    Everything before;
    {
        const auto store = open().value();
        Engine engine{*store};
        grant(engine, 5);
        for (const std::uint64_t c : {1U, 2U, 3U}) ASSERT_THAT(open_case(engine, c), ok());
        ASSERT_THAT(engine.seal(acme), ok());
        ASSERT_TRUE(engine.archive(acme, 3));
        before = everything(*store);
    }
    const std::string columns =
        "SELECT string_agg(table_name || '.' || column_name || ' ' || data_type, ',' ORDER BY table_name,"
        " column_name) FROM information_schema.columns WHERE table_schema = current_schema"
        " AND table_name LIKE 'entitle%'";
    const std::string new_columns = value(columns);
    const std::string indexes =
        "SELECT string_agg(indexdef, ',' ORDER BY indexname) FROM pg_indexes WHERE schemaname = "
        "current_schema";
    const std::string new_indexes = value(indexes);
    (void)value(as_tables_5);
    EXPECT_EQ(why_not(), ErrorCode::none);
    EXPECT_EQ(value(columns), new_columns);
    (void)value(as_tables_5);
    (void)value(as_tables_4);
    EXPECT_EQ(why_not(), ErrorCode::none);
    EXPECT_EQ(value(columns), new_columns);
    (void)value(as_tables_5);
    (void)value(as_tables_4);
    (void)value(as_tables_3);
    EXPECT_EQ(why_not(), ErrorCode::none);
    EXPECT_EQ(value(columns), new_columns);
    (void)value(as_tables_5);
    (void)value(as_tables_4);
    (void)value(as_tables_3);
    (void)value(as_tables_2);
    EXPECT_EQ(why_not(), ErrorCode::none);
    EXPECT_EQ(value(columns), new_columns);
    (void)value(as_tables_5);
    (void)value(as_tables_4);
    (void)value(as_tables_3);
    (void)value(as_tables_2);
    (void)value(as_tables_1);
    EXPECT_EQ(why_not({.read_only = true}), ErrorCode::store_read_only) << "it would have to change them";
    std::vector<std::thread> threads;
    std::atomic<int> opened = 0;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { opened += open() ? 1 : 0; });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(opened, 4);
    EXPECT_EQ(value(columns), new_columns);
    EXPECT_EQ(value(indexes), new_indexes);
    EXPECT_EQ(value("SELECT string_agg(name || value, ' ' ORDER BY name) FROM entitle_meta WHERE name <> "
                    "'policy'"),
              "min_reader6 min_writer6 schema6");
    const auto store = open().value();
    EXPECT_TRUE(everything(*store) == before);
    Engine engine{*store};
    EXPECT_TRUE(engine.audit()->ok());
    EXPECT_THAT(open_case(engine, 4), ok());
    EXPECT_EQ(value("SELECT max(remaining) FROM left_of_all"), "1") << "a host's view is left alone";
}

TEST_F(Postgres, a_role_that_may_only_read_can_ask_and_look_at_the_views) {
    {
        Engine engine{open().value()};
        grant(engine, 5);
    }
    const std::string role = "reader_" + value("SELECT md5(current_schema)");
    const std::string schema = value("SELECT current_schema");
    (void)value("CREATE ROLE " + role + " LOGIN");
    (void)value("GRANT USAGE ON SCHEMA " + schema + " TO " + role);
    (void)value("GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
    const std::string theirs = conninfo + " user=" + role;
    Engine engine{PostgresStore::connect(theirs, {.read_only = true}).value()};
    EXPECT_TRUE(engine.check({.customer = acme, .origin = Channel::phone}, july));
    EXPECT_TRUE(engine.audit()->ok());
    EXPECT_THAT(open_case(engine, 1), refused(ErrorCode::store_read_only));
    EXPECT_EQ(PostgresConnection{theirs}.value("SELECT count(*) FROM entitle_left"), "2");
    Engine writing{PostgresStore::connect(theirs).value()};
    EXPECT_THAT(open_case(writing, 1), refused(ErrorCode::store_read_only));
}

TEST_F(Postgres, a_role_that_may_only_change_rows_can_serve_tables_that_are_there) {
    ASSERT_TRUE(open());
    const std::string role = "writer_" + value("SELECT md5(current_schema)");
    const std::string schema = value("SELECT current_schema");
    (void)value("CREATE ROLE " + role + " LOGIN");
    (void)value("GRANT USAGE ON SCHEMA " + schema + " TO " + role);
    (void)value("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
    Engine engine{PostgresStore::connect(conninfo + " user=" + role).value()};
    grant(engine, 5);
    EXPECT_THAT(open_case(engine, 1), ok());
    EXPECT_TRUE(engine.seal(acme));
    EXPECT_TRUE(engine.archive(acme, 2));
    EXPECT_TRUE(engine.audit()->ok());
}

TEST_F(Postgres, a_command_about_nobodys_thing_is_refused_as_in_memory_and_leaves_no_row) {
    Engine engine{open().value()};
    Engine memory{std::make_unique<MemoryStore>()};
    const ResolveCase resolve{.id = "nobodys"_case};
    const Cancel cancel{.id = "nobodys"_entitlement, .request = "r"_request};
    const OpenCase open_one{.id = "c1"_case, .entitlement = "nobodys"_entitlement};
    EXPECT_EQ(engine.resolve_case(resolve, july).error().code,
              memory.resolve_case(resolve, july).error().code);
    EXPECT_EQ(engine.cancel(cancel, july).error().code, memory.cancel(cancel, july).error().code);
    EXPECT_EQ(engine.open_case(open_one, july).error().code, memory.open_case(open_one, july).error().code);
    EXPECT_THAT(open_case(engine, 1), refused(ErrorCode::not_entitled));
    EXPECT_EQ(value("SELECT count(*) FROM entitle_customers"), "0");
}

/// What is kept of a case and of its customer's agreements may be of two moments.
TEST_F(Postgres, a_case_that_another_moved_off_what_was_then_removed_is_read_anew) {
    Engine ours{open().value()};
    Engine theirs{open().value()};
    grant(ours, 5);
    Draft other = agreed(on_creation(5));
    other.id = silver;
    ASSERT_THAT(ours.draft(other, july), ok());
    ASSERT_THAT(ours.activate({.customer = acme, .id = silver}, july), ok());
    ASSERT_THAT(ours.open_case({.customer = acme, .id = "c"_case, .entitlement = silver}, july), ok());
    ASSERT_THAT(theirs.change_entitlement({.customer = acme, .id = "c"_case, .entitlement = gold}, july),
                ok());
    ASSERT_THAT(theirs.deactivate({.customer = acme, .id = silver}, july), ok());
    ASSERT_THAT(theirs.remove({.customer = acme, .id = silver}, july), ok());
    ASSERT_THAT(ours.amend({.customer = acme, .id = gold, .changes = {.priority = 3}}, july), ok())
        << "the agreements are seen anew, the case is not";
    EXPECT_THAT(ours.cancel_case({.customer = acme, .id = "c"_case}, july), ok());
    EXPECT_THAT(ours.reactivate_case({.customer = acme, .id = "c"_case}, july), ok());
    EXPECT_EQ(ours.support_case(acme, "c"_case)->entitlement, gold);
    EXPECT_TRUE(ours.audit()->ok());
}

TEST_F(Postgres, promises_that_another_moved_are_read_anew) {
    Engine ours{open().value()};
    grant(ours, 5);
    ASSERT_TRUE(ours.set_service_level(
        {.id = SlaId::from_name("gold"), .name = "gold", .kpis = {{.name = "resolve", .fail_after = 8h}}}));
    ASSERT_TRUE(ours.set_default_service_level(SlaId::from_name("gold")));
    Engine theirs{open().value()};
    ASSERT_THAT(open_case(ours, 1), ok());
    const CaseId one = CaseId::from_integer(1);
    ASSERT_THAT(theirs.change_priority({.customer = acme, .id = one, .priority = 7}, july), ok());
    ASSERT_THAT(ours.resolve_case({.customer = acme, .id = one}, july + 1h), ok());
    const CaseService kept = theirs.case_service(acme, one).value();
    EXPECT_EQ(kept.priority, 7);
    EXPECT_EQ(kept.kpis.at(0).ended, july + 1h);
    EXPECT_TRUE(theirs.due(july + 99h)->empty());
}

TEST_F(Postgres, service_that_makes_no_sense_is_database_corrupt) {
    Engine engine{open().value()};
    grant(engine, 5);
    ASSERT_THAT(open_case(engine, 1), ok());
    (void)value("UPDATE entitle_cases SET service = 'x'");
    EXPECT_EQ(Engine{open().value()}.case_service(acme, CaseId::from_integer(1)).error().code,
              ErrorCode::database_corrupt);
    std::vector<ServedCase> all;
    Cursor cursor;
    EXPECT_EQ(open().value()->scan(Filter{}, cursor, all).error().code, ErrorCode::database_corrupt);
    (void)value("UPDATE entitle_cases SET service = NULL, next_due = 0");
    EXPECT_EQ(open().value()->due(july, {}, cursor, all).error().code, ErrorCode::database_corrupt);
}

TEST_F(Postgres, without_prepared_statements_all_is_the_same) {
    Engine engine{open({.prepares = false}).value()};
    grant(engine, 5);
    for (std::uint64_t id = 1; id <= 5; ++id) EXPECT_THAT(open_case(engine, id), ok());
    EXPECT_THAT(open_case(engine, 6), refused(ErrorCode::not_entitled));
    EXPECT_TRUE(engine.audit()->ok());
}

// What goes in.

TEST_F(Postgres, text_is_never_taken_for_a_statement) {
    Engine engine{open().value()};
    const std::string evil = "'); DROP TABLE entitle_entries; -- \\ $1 {\"}\", NULL";
    Draft draft = agreed(on_creation(5), {{Channel::named("{a,\"b\\,NULL'}").value(), cases(2)}});
    draft.id = gold;
    draft.name = evil;
    draft.description = evil;
    ASSERT_THAT(engine.draft(draft, july), ok());
    ASSERT_THAT(engine.adjust({.customer = acme, .id = gold, .quantity = cases(1), .reason = evil}, july),
                ok());
    Engine another{open().value()};
    const Entitlement kept = another.entitlement(acme, gold).value();
    EXPECT_EQ(kept.agreement.name, evil);
    EXPECT_EQ(kept.agreement.description, evil);
    EXPECT_EQ(kept.agreement.channels.at(0).channel.name(), "{a,\"b\\,NULL'}");
    EXPECT_EQ(another.entries(acme)->back().reason, evil);
}

TEST_F(Postgres, text_with_a_zero_byte_is_refused_and_nothing_happens) {
    Engine engine{open().value()};
    Draft draft = agreed(on_creation(5));
    draft.id = gold;
    draft.name = std::string{"a\0b", 3};
    EXPECT_THAT(engine.draft(draft, july), refused(ErrorCode::store_limit));
    draft.name = "ab";
    EXPECT_EQ(engine.draft(draft, july)->number, 1U);
}

TEST_F(Postgres, an_error_says_nothing_of_how_the_connection_was_made) {
    const auto refused_as = [](const std::string& text) {
        const auto opened = PostgresStore::connect(text + " password=sesame connect_timeout=2");
        EXPECT_FALSE(opened);
        return opened ? std::string{} : fmt::format("{}", opened.error());
    };
    for (const std::string& text :
         {std::string{"host=/nowhere user=ali"}, conninfo + " dbname=cave", std::string{"no such text"},
          std::string{"postgresql://ali@localhost:1/x"}}) {
        EXPECT_EQ(refused_as(text), "the database cannot be opened (store_unavailable)");
    }
}

// The host's transaction.

class PostgresHost : public Postgres {
protected:
    PostgresHost() {
        host.run("CREATE TABLE tickets (ticket bigint PRIMARY KEY)");
        grant(engine, 100);
    }
    /// A ticket of the host's and the case that it is.
    bool both(std::uint64_t id) {
        host.run(fmt::format("INSERT INTO tickets VALUES ({})", id));
        return open_case(engine, id).has_value();
    }
    void expect_both_sides_agree(std::int64_t count) {
        EXPECT_EQ(host.value("SELECT count(*) FROM tickets"), std::to_string(count));
        EXPECT_EQ(engine.cases(acme)->size(), static_cast<std::size_t>(count));
        EXPECT_EQ(engine.entitlement(acme, gold)->remaining, 100 - count);
        EXPECT_TRUE(engine.audit()->ok());
    }

    PostgresConnection host{conninfo};
    std::unique_ptr<PostgresStore> store = PostgresStore::attach(host.handle()).value();
    Engine engine{*store};
};

TEST_F(PostgresHost, a_commit_keeps_the_hosts_row_and_the_terms) {
    host.run("BEGIN");
    EXPECT_TRUE(both(1));
    EXPECT_TRUE(both(2));
    host.run("COMMIT");
    expect_both_sides_agree(2);
}

TEST_F(PostgresHost, a_rollback_undoes_both_and_the_engine_knows) {
    host.run("BEGIN");
    EXPECT_TRUE(both(1));
    host.run("ROLLBACK");
    expect_both_sides_agree(0);
    EXPECT_EQ(open_case(engine, 1)->number, 3U) << "the number is free again";
}

TEST_F(PostgresHost, a_refusal_leaves_the_hosts_transaction_as_it_was) {
    host.run("BEGIN");
    EXPECT_TRUE(both(1));
    EXPECT_THAT(engine.open_case({.customer = acme, .id = "x"_case, .origin = Channel::web}, july),
                refused(ErrorCode::not_entitled));
    EXPECT_TRUE(both(2));
    host.run("SAVEPOINT mine");
    EXPECT_TRUE(both(3));
    host.run("ROLLBACK TO mine");
    host.run("COMMIT");
    expect_both_sides_agree(2);
}

TEST_F(PostgresHost, two_hosts_that_are_the_first_to_write_wait_for_each_other_and_both_go_on) {
    const std::string fresh = conninfo_of(scratch.file("first"));
    ASSERT_TRUE(PostgresStore::connect(fresh));
    const PostgresConnection one{fresh};
    const PostgresConnection two{fresh};
    const auto draft_in = [](const PostgresConnection& connection, CustomerId customer) {
        const auto attached = PostgresStore::attach(connection.handle()).value();
        connection.run("BEGIN");
        Draft draft = agreed(on_creation(5));
        draft.customer = customer;
        draft.id = gold;
        return Engine{*attached}.draft(draft, july).has_value();
    };
    EXPECT_TRUE(draft_in(one, acme));
    std::thread other{[&] { EXPECT_TRUE(draft_in(two, other_customer)); }};
    std::this_thread::sleep_for(100ms);
    one.run("COMMIT");
    other.join();
    two.run("COMMIT");
    EXPECT_EQ(Engine{PostgresStore::connect(fresh).value()}.entitlements()->size(), 2U);
}

TEST_F(PostgresHost, a_transaction_that_has_failed_is_lost_until_the_host_rolls_back) {
    host.run("BEGIN");
    EXPECT_ANY_THROW(host.run("SELECT 1 / 0"));
    EXPECT_THAT(open_case(engine, 1), refused(ErrorCode::transaction_lost));
    EXPECT_EQ(PQtransactionStatus(host.handle()), PQTRANS_INERROR) << "it is the host's to end";
    host.run("ROLLBACK");
    EXPECT_TRUE(both(1));
    expect_both_sides_agree(1);
}

/// Each statement of a host's transaction may see another moment.
TEST_F(PostgresHost, a_look_inside_a_transaction_is_of_one_moment_of_the_customer) {
    Engine writer{open().value()};
    Draft silver = agreed(on_creation(7), {{Channel::phone, cases(7)}});
    silver.id = "silver"_entitlement;
    silver.name = "silver";
    ASSERT_THAT(writer.draft(silver, july), ok());
    ASSERT_THAT(writer.activate({.customer = acme, .id = silver.id}, july), ok());
    std::atomic<bool> ended = false;
    std::thread changes{[&] {
        for (int i = 0; i < 100; ++i)  // they change places each time
            EXPECT_THAT(
                writer.amend({.customer = acme, .id = gold, .changes = {.priority = i % 2 * 200}}, july),
                ok());
        ended = true;
    }};
    host.run("BEGIN");
    // Where they change before each second look, it is busy: that is no wrong answer.
    const auto is_busy = [](const Error& error) { return error.code == ErrorCode::store_busy; };
    while (!ended) {
        const auto seen = engine.entitlements(acme);
        EXPECT_TRUE(seen || is_busy(seen.error()));
        for (const Entitlement& one : seen.value_or(std::vector<Entitlement>{})) {
            EXPECT_EQ(one.remaining, one.id == gold ? 100 : 7);
        }
        const auto allowed = engine.check({.customer = acme, .origin = Channel::phone}, july);
        EXPECT_TRUE(allowed || is_busy(allowed.error()));
        if (allowed) {
            EXPECT_EQ(allowed->remaining, Quantity(cases(allowed->entitlement == gold ? 100 : 7)));
        }
    }
    changes.join();
    EXPECT_EQ(engine.entitlements(acme).value().size(), 2U) << "now nobody changes them";
    host.run("ROLLBACK");
}

TEST_F(PostgresHost, a_transaction_that_only_reads_is_refused_and_goes_on) {
    host.run("BEGIN READ ONLY");
    EXPECT_THAT(open_case(engine, 1), refused(ErrorCode::store_read_only));
    EXPECT_EQ(host.value("SELECT 1"), "1");
    host.run("ROLLBACK");
    EXPECT_TRUE(both(1));
}

TEST_F(PostgresHost, tables_that_the_host_rolled_back_are_made_again) {
    const PostgresConnection fresh{conninfo_of(scratch.file("fresh"))};
    fresh.run("BEGIN");
    const auto attached = PostgresStore::attach(fresh.handle()).value();
    fresh.run("ROLLBACK");
    Engine theirs{*attached};
    grant(theirs, 5);
    EXPECT_THAT(open_case(theirs, 1), ok());
}

TEST_F(PostgresHost, nothing_is_left_on_the_hosts_connection) {
    EXPECT_TRUE(both(1));
    EXPECT_EQ(host.value("SELECT count(*) FROM pg_prepared_statements"), "0");
    EXPECT_EQ(PQtransactionStatus(host.handle()), PQTRANS_IDLE);
    EXPECT_EQ(PQpipelineStatus(host.handle()), PQ_PIPELINE_OFF);
}

}  // namespace
}  // namespace store_contract
