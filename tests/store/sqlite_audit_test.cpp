#include "sqlite_file.hpp"

// What was edited, removed or added by hand in the file is named.

namespace store_contract {
namespace {

class EditedFile : public SqliteFile {
protected:
    EditedFile() { make(10); }

    /// What audit finds first after an edit.
    [[nodiscard]] std::string found_after(const std::string& sql) const {
        edit(sql);
        const Engine engine{open().value()};
        const auto report = engine.audit();
        if (!report) return fmt::format("{}", report.error());
        return report->first ? fmt::format("{}", *report->first) : "nothing";
    }
    [[nodiscard]] static std::string says(const std::string& what) {
        return fmt::format("customer {}{}", acme, what);
    }
};

using testing::HasSubstr;
using testing::StartsWith;

TEST_F(EditedFile, untouched_is_fine) { EXPECT_EQ(found_after("SELECT 1"), "nothing"); }

TEST_F(EditedFile, an_edited_entry_is_named) {
    EXPECT_THAT(found_after("UPDATE entitle_entries SET total_moved = -2 WHERE number = 7"),
                StartsWith(says(", entry #7.0: balance after")));
}

TEST_F(EditedFile, an_edited_balance_after_is_named) {
    EXPECT_THAT(found_after("UPDATE entitle_entries SET channel_remaining = 1000 WHERE number = 7"),
                StartsWith(says(", entry #7.0: balance after")));
}

TEST_F(EditedFile, a_removed_entry_is_named) {
    EXPECT_THAT(found_after("DELETE FROM entitle_entries WHERE number = 7"),
                StartsWith(says(", entry #8.0: number is 8, must be 7")));
}

TEST_F(EditedFile, a_removed_last_entry_is_named_by_what_refers_to_it) {
    EXPECT_THAT(found_after("DELETE FROM entitle_entries WHERE number = 12"),
                StartsWith(says(": remaining is")));
}

TEST_F(EditedFile, a_removed_last_entry_that_moved_nothing_is_found) {
    {
        Engine engine{open().value()};
        EXPECT_THAT(engine.set_default({.customer = acme, .id = gold}, july), ok());
    }
    EXPECT_THAT(found_after("DELETE FROM entitle_entries WHERE number = 13"), HasSubstr("database_corrupt"));
}

TEST_F(EditedFile, an_added_entry_is_named) {
    EXPECT_THAT(
        found_after("INSERT INTO entitle_entries SELECT 13, 12, customer, 13, ordinal, command, kind,"
                    " entitlement, support_case, channel, total_moved, channel_moved, remaining,"
                    " channel_remaining, reverses_number, reverses_ordinal, at, actor, request, reason,"
                    " counts, currency, archived, amount FROM entitle_entries WHERE number = 12;"
                    "UPDATE entitle_customers SET last_entry = 13, last_number = 13"),
        StartsWith(says(", entry #13.0: ")));
}

TEST_F(EditedFile, an_added_entry_that_no_other_row_leads_to_is_named) {
    EXPECT_THAT(
        found_after("INSERT INTO entitle_entries SELECT 99, 5, customer, 7, ordinal, command, kind,"
                    " entitlement, support_case, channel, total_moved, channel_moved, remaining,"
                    " channel_remaining, reverses_number, reverses_ordinal, at, actor, request, reason,"
                    " counts, currency, archived, amount FROM entitle_entries WHERE number = 12"),
        StartsWith(says(", entry #7.0: ")));
    for (const char* edit : {"number = 13", "customer = 7"}) {
        EXPECT_THAT(found_after(fmt::format("UPDATE entitle_entries SET {} WHERE entry = 99", edit)),
                    HasSubstr("database_corrupt"))
            << edit;
    }
}

TEST_F(EditedFile, an_added_case_that_no_other_row_leads_to_is_found) {
    EXPECT_THAT(
        found_after(
            "INSERT INTO entitle_cases SELECT 99, 5, customer, randomblob(16), entitlement, state,"
            " since, last_number, decrement, named, deleted, origin, contact, product, asset,"
            " case_type, posted_number, posted_ordinal, posted_quantity, posted_channel, held_number,"
            " held_ordinal, held_quantity, held_channel, overage, held_until, service, next_due, last_change"
            " FROM entitle_cases WHERE support_case = 6"),
        HasSubstr("database_corrupt"));
}

TEST_F(EditedFile, an_entry_that_was_taken_out_of_the_chain_is_named) {
    EXPECT_THAT(found_after("UPDATE entitle_entries SET previous = 6 WHERE entry = 8"),
                StartsWith(says(", entry #8.0: number is 8, must be 7")));
    EXPECT_THAT(found_after("UPDATE entitle_entries SET previous = NULL WHERE entry = 8"),
                StartsWith(says(", entry #8.0: number is 8, must be 1")));
}

TEST_F(EditedFile, entries_in_another_order_are_named) {
    EXPECT_THAT(found_after("UPDATE entitle_entries SET number = 19 - number WHERE number IN (9, 10)"),
                StartsWith(says(", entry #10.0: number is 10, must be 9")));
}

TEST_F(EditedFile, an_edited_last_entry_or_number_is_found) {
    EXPECT_THAT(found_after("UPDATE entitle_customers SET last_entry = 11"), HasSubstr("database_corrupt"));
    EXPECT_THAT(found_after("UPDATE entitle_customers SET last_entry = NULL"),
                StartsWith(says(", entry #12.0: number is 12, must be 1")));
    EXPECT_THAT(found_after("UPDATE entitle_customers SET last_entry = 99"), HasSubstr("database_corrupt"));
    {
        Engine engine{open().value()};
        EXPECT_THAT(open_case(engine, 77), refused(ErrorCode::database_corrupt))
            << "it would come before #99";
    }
    EXPECT_THAT(found_after("UPDATE entitle_customers SET last_entry = 12, last_number = 20"),
                HasSubstr("database_corrupt"));
    EXPECT_THAT(found_after("UPDATE entitle_customers SET last_number = 11"), HasSubstr("database_corrupt"));
}

TEST_F(EditedFile, an_edited_balance_is_named) {
    EXPECT_THAT(found_after(R"(UPDATE entitle_customers SET remaining = '{"1":[991,990]}')"),
                StartsWith(says(": remaining is 991, must be 990")));
    EXPECT_THAT(found_after(R"(UPDATE entitle_customers SET remaining = ' { "1" : [ 990 , 989 ] } ')"),
                HasSubstr("channel phone"));
}

TEST_F(EditedFile, an_edited_or_added_case_is_named) {
    EXPECT_THAT(found_after("UPDATE entitle_cases SET state = 'canceled' WHERE support_case = 5"),
                HasSubstr("state of a case"));
    EXPECT_THAT(
        found_after("UPDATE entitle_cases SET state = 'open', posted_quantity = 2 WHERE support_case = 5"),
        HasSubstr("what stands posted"));
    EXPECT_THAT(
        found_after("UPDATE entitle_cases SET posted_quantity = 1, deleted = 1 WHERE support_case = 5"),
        HasSubstr("number of cases"));
    EXPECT_THAT(
        found_after(
            "UPDATE entitle_cases SET deleted = 0 WHERE support_case = 5; INSERT INTO entitle_cases SELECT"
            " 99, 10, customer, randomblob(16), entitlement, state, since, last_number, decrement, named,"
            " deleted, origin, contact, product, asset, case_type, posted_number, posted_ordinal,"
            " posted_quantity, posted_channel, held_number, held_ordinal, held_quantity, held_channel, "
            "overage, held_until, service, next_due, last_change FROM entitle_cases WHERE support_case = 6;"
            "UPDATE entitle_customers SET last_case = 99"),
        HasSubstr("case never opened"));
}

TEST_F(EditedFile, a_case_that_was_taken_out_of_the_chain_is_named) {
    EXPECT_THAT(found_after("UPDATE entitle_cases SET previous = 4 WHERE support_case = 6"),
                HasSubstr("number of cases"));
    EXPECT_THAT(found_after("UPDATE entitle_customers SET last_case = 3"), HasSubstr("number of cases"));
}

TEST_F(EditedFile, an_entitlement_that_no_entry_tells_of_is_named) {
    EXPECT_THAT(
        found_after("INSERT INTO entitle_entitlements SELECT customer, 99, randomblob(16), 1, phase, 0, name,"
                    " description, first_day, last_day, time_zone, begins_at, ends_at, counts, currency,"
                    " per_term, decrease_on, restricted, priority, knowledge_base, discount_percent, sla,"
                    " made_from, owner, renewed_from, period_every, period_step, period_anchor, rollover,"
                    " preserve_overage, counts_from, due, last_boundary, rolled, NULL, NULL, NULL, NULL, "
                    "NULL, NULL FROM "
                    "entitle_entitlements;"
                    "INSERT INTO entitle_balances VALUES (1, 99, 0, NULL, 1, 5);"
                    R"(UPDATE entitle_customers SET remaining = '{"1":[990,990],"99":[5]}')"),
        HasSubstr("entitlement never granted"));
}

/// What no balance tells of, a seal does.
TEST_F(EditedFile, a_sealed_entry_is_named_whatever_was_edited_in_it) {
    Seal kept;
    {
        Engine engine{open().value()};
        kept = engine.seal(acme).value();
    }
    EXPECT_EQ(kept.number, 12U);
    const std::string whole = bytes_of(path);
    const std::vector<std::string> edits{
        "UPDATE entitle_entries SET actor = randomblob(16) WHERE number = 7",
        "UPDATE entitle_entries SET request = randomblob(16) WHERE number = 7",
        "UPDATE entitle_entries SET reason = 'another' WHERE number = 7",
        "UPDATE entitle_entries SET at = at + 1 WHERE number = 7",
        "UPDATE entitle_seals SET head = randomblob(32) WHERE number = 7",
    };
    EXPECT_EQ(found_after("SELECT 1"), "nothing");
    for (const std::string& sql : edits) {
        write_bytes(path, whole);
        EXPECT_EQ(found_after(sql), says(", entry #7.0: not what was sealed")) << sql;
    }
    write_bytes(path, whole);
    edit("UPDATE entitle_entries SET actor = randomblob(16) WHERE number = 12; DELETE FROM entitle_seals");
    const Engine engine{open().value()};
    EXPECT_TRUE(engine.audit().value().ok());  // whoever can write the file can unseal it
    EXPECT_EQ(engine.audit({&kept, 1}).value().first.value_or(AuditFinding{}).entry, (EntryRef{12, 0}));
}

TEST_F(EditedFile, an_archived_file_opens_again_and_audits) {
    const Archive archive = [&] {
        Engine engine{open().value()};
        EXPECT_TRUE(engine.seal(acme));
        return engine.archive(acme, 8).value();
    }();
    EXPECT_TRUE(ledger::is_whole(archive));
    EXPECT_EQ(found_after("SELECT 1"), "nothing");
    {
        Engine engine{open().value()};
        const auto again = open_case(engine, 3);  // its request is remembered
        ASSERT_TRUE(again);
        EXPECT_TRUE(again->repeated);
        EXPECT_EQ(again->number, 5U);
        EXPECT_THAT(open_case(engine, 11), ok());
    }
    EXPECT_EQ(number("SELECT count(*) FROM entitle_entries WHERE archived = 1"), 6);
    {
        const auto store = open().value();
        EXPECT_EQ(store->forget_requests(july + std::chrono::hours{1}).value(), 11U);
    }
    EXPECT_EQ(number("SELECT count(*) FROM entitle_entries WHERE archived = 1"), 0);
    EXPECT_EQ(found_after("SELECT 1"), "nothing");
    EXPECT_THAT(found_after("UPDATE entitle_base_counters SET moved = moved - 1 WHERE place = 0"),
                HasSubstr("remaining is"));
}

TEST_F(EditedFile, a_value_that_cannot_be_is_database_corrupt) {
    std::vector<std::string> edits{
        "UPDATE entitle_entries SET command = 99 WHERE number = 7",
        "UPDATE entitle_entries SET kind = -1 WHERE number = 7",
        "UPDATE entitle_entries SET actor = x'00' WHERE number = 7",
        "UPDATE entitle_entries SET channel = '' WHERE number = 7",
        "UPDATE entitle_entries SET counts = 2 WHERE number = 7",
        "UPDATE entitle_balances SET place = 7 WHERE place = 1",
        "DELETE FROM entitle_balances WHERE place = 0",
        "UPDATE entitle_entitlements SET first_day = '2014-13-01'",
        "UPDATE entitle_entitlements SET sla = x'0102'",
        "DELETE FROM entitle_customers",
        "UPDATE entitle_customers SET last_entry = -1",
        "UPDATE entitle_customers SET last_number = -1",
        "UPDATE entitle_entries SET previous = 8 WHERE entry = 7",
        "UPDATE entitle_entries SET previous = 7 WHERE entry = 7",
        "UPDATE entitle_entries SET previous = -1 WHERE entry = 7",
        "UPDATE entitle_cases SET previous = 9 WHERE support_case = 5",
        "INSERT INTO entitle_customers (customer, id, shape) VALUES (2, randomblob(16), 0);"
        "UPDATE entitle_entries SET customer = 2 WHERE entry = 7",
        "INSERT INTO entitle_customers (customer, id, shape) VALUES (2, randomblob(16), 0);"
        "UPDATE entitle_cases SET customer = 2 WHERE support_case = 7",
        "DELETE FROM entitle_cases WHERE support_case = 5",
        "DELETE FROM entitle_entitlements",
        "UPDATE entitle_customers SET unmoved = '[2]'",
        "UPDATE entitle_customers SET unmoved = '{}'",
        "UPDATE entitle_customers SET unmoved = '[1'",
    };
    for (const char* remaining : {"",
                                  "{",
                                  "{}",
                                  "[]",
                                  "x",
                                  R"({"1":[990,990]}})",
                                  R"({"1":[990,990],})",
                                  R"({"1":[990]})",
                                  R"({"1":[990,990,990]})",
                                  R"({"1":[]})",
                                  R"({"1":[990,990],"1":[990,990]})",
                                  R"({"2":[990,990]})",
                                  R"({"1":[990,990],"2":[1]})",
                                  R"({"1":[990,9.9]})",
                                  R"({"1":[990,"990"]})",
                                  R"({"1":[990,99999999999999999999]})",
                                  R"({"1":[990,990)",
                                  R"({"1":)",
                                  R"({1:[990,990]})",
                                  R"({"-1":[990,990]})",
                                  R"({"1":[990,null]})"}) {
        edits.push_back(fmt::format("UPDATE entitle_customers SET remaining = '{}'", remaining));
    }
    const std::string whole = bytes_of(path);
    for (const std::string& sql : edits) {
        write_bytes(path, whole);
        EXPECT_THAT(found_after("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; " + sql),
                    HasSubstr("database_corrupt"))
            << sql;
    }
}

/// Two cases that hold terms, and one that was short of some.
class EditedHolds : public EditedFile {
protected:
    EditedHolds() {
        Engine engine{open().value(), {.policy = policy::desk}};
        EXPECT_TRUE(engine.adopt_policy());
        const EntitlementId silver = "silver"_entitlement;
        Draft draft = agreed({.total = hours(1h), .decrease_on = DecreaseOn::resolution, .restricted = true},
                             {{Channel::phone, hours(1h)}});
        draft.id = silver;
        EXPECT_THAT(engine.draft(draft, july), ok());
        EXPECT_THAT(engine.activate({.customer = acme, .id = silver}, july), ok());
        for (const CaseId id : {"h1"_case, "h2"_case, "h3"_case}) {
            EXPECT_THAT(
                engine.open_case(
                    {.customer = acme, .id = id, .origin = Channel::phone, .entitlement = silver}, july),
                ok());
        }
        EXPECT_THAT(engine.resolve_case({.customer = acme, .id = "h3"_case, .time_spent = 2h}, july), ok());
        edit("DELETE FROM entitle_meta WHERE name = 'policy'");
    }
};

TEST_F(EditedHolds, untouched_are_fine) { EXPECT_EQ(found_after("SELECT 1"), "nothing"); }

TEST_F(EditedHolds, an_edited_sum_is_named) {
    EXPECT_THAT(found_after("UPDATE entitle_customers SET held = replace(held, '[2,2]', '[3,2]')"),
                StartsWith(says(": held is 3, must be 2")));
    EXPECT_THAT(found_after("UPDATE entitle_customers SET held = replace(held, '[3,2]', '[2,1]')"),
                AllOf(StartsWith(says(": held is 1, must be 2")), HasSubstr("channel phone")));
    EXPECT_THAT(found_after("UPDATE entitle_customers SET held = '{}'"),
                StartsWith(says(": held is 0, must be 2")));
}

TEST_F(EditedHolds, an_edited_amount_is_named) {
    EXPECT_THAT(found_after("UPDATE entitle_entries SET amount = 5 WHERE kind = 5"),
                HasSubstr("release of what is held is 1, must be 5"));
}

TEST_F(EditedHolds, an_amount_of_an_entry_that_has_none_and_a_missing_one_are_found) {
    EXPECT_THAT(found_after("UPDATE entitle_entries SET amount = 5 WHERE number = 7"),
                HasSubstr("database_corrupt"));
    EXPECT_THAT(found_after("UPDATE entitle_entries SET amount = NULL"), HasSubstr("database_corrupt"));
}

TEST_F(EditedHolds, an_edited_hold_or_overage_of_a_case_is_named) {
    EXPECT_THAT(found_after("UPDATE entitle_cases SET held_quantity = 7 WHERE held_quantity = 1"),
                StartsWith(says(", entry #")));
    edit("UPDATE entitle_cases SET held_quantity = 1 WHERE held_quantity = 7");
    EXPECT_THAT(found_after("UPDATE entitle_cases SET overage = 1 WHERE overage IS NOT NULL"),
                HasSubstr("overage of a case is 1, must be 3602"));
}

TEST_F(EditedHolds, what_cannot_be_a_hold_is_found) {
    EXPECT_THAT(found_after("UPDATE entitle_customers SET held = '{\"7\":[1]}'"),
                HasSubstr("database_corrupt"));
    edit("UPDATE entitle_customers SET held = '{}'");
    EXPECT_THAT(found_after("UPDATE entitle_cases SET held_number = NULL WHERE held_number IS NOT NULL"),
                HasSubstr("database_corrupt"));
}

}  // namespace
}  // namespace store_contract
