#include <algorithm>
#include <functional>

#include "tampered_store.hpp"

// Section 10: audit() recomputes everything, and names the first difference.

namespace conformance {
namespace {

using entitle::Entry;

/// Eleven entries: drafted, activated, three opened by phone, one resolved, one canceled, one moved to
/// e-mail and two adjusted.
struct Audited : Desk {
    Audited() {
        id = grant(agreed(on_creation(20),
                          {{Channel::phone, entitle::cases(9)}, {Channel::email, entitle::cases(9)}}));
        for (const char* c : {"p1", "p2", "p3"}) EXPECT_THAT(open(c, Channel::phone), ok());
        EXPECT_THAT(resolve("p1"), ok());
        EXPECT_THAT(cancel("p2"), ok());
        EXPECT_THAT(change_origin("p3", Channel::email), ok());
        for (const int by : {-2, 3}) {
            EXPECT_THAT(run(Adjust{.id = id, .quantity = entitle::cases(by), .reason = "a letter"}), ok());
        }
    }

    [[nodiscard]] AuditReport audit() const { return Engine{tampered}.audit().value(); }
    /// The finding after somebody changed the entries.
    [[nodiscard]] AuditFinding after_entries(std::function<void(std::vector<Entry>&)> tamper) {
        tampered.entries = std::move(tamper);
        const AuditReport report = audit();
        EXPECT_FALSE(report.ok());
        EXPECT_EQ(report.first.value_or(AuditFinding{}).customer, acme);
        return report.first.value_or(AuditFinding{});
    }

    EntitlementId id{};
    mutable TamperedStore tampered{store};
};

TEST(Audit, of_what_nobody_touched_is_ok_and_counts_it) {
    const Audited desk;
    const AuditReport report = desk.audit();
    EXPECT_TRUE(report.ok());
    EXPECT_EQ(report.customers, 1U);
    EXPECT_EQ(report.entitlements, 1U);
    EXPECT_EQ(report.cases, 3U);
    EXPECT_EQ(report.entries, 11U);
}

TEST(Audit, names_an_entry_whose_movement_was_edited) {
    Audited desk;
    const AuditFinding found = desk.after_entries([](auto& entries) { entries[3].total_moved = -2; });
    EXPECT_EQ(found.entry, (EntryRef{4, 0}));
    EXPECT_EQ(found.what, "balance after");
    EXPECT_EQ(found.expected, 17);
    EXPECT_EQ(found.found, 18);
}

TEST(Audit, names_an_entry_whose_balance_was_edited) {
    Audited desk;
    const AuditFinding found = desk.after_entries([](auto& entries) { entries[4].remaining = 19; });
    EXPECT_EQ(found.entry, (EntryRef{5, 0}));
    EXPECT_EQ(found.expected, 17);
    EXPECT_EQ(found.found, 19);
}

TEST(Audit, names_an_entry_whose_channel_balance_was_edited) {
    Audited desk;
    const AuditFinding found = desk.after_entries([](auto& entries) { entries[4].channel_remaining = 9; });
    EXPECT_EQ(found.entry, (EntryRef{5, 0}));
    EXPECT_EQ(found.channel, Channel::phone);
}

TEST(Audit, names_a_reversal_that_was_made_larger) {
    Audited desk;
    const AuditFinding found = desk.after_entries([](auto& entries) {
        for (std::size_t i = 6; i < entries.size(); ++i) ++entries[i].remaining;
        ++entries[6].total_moved;
    });
    EXPECT_EQ(found.entry, (EntryRef{7, 0}));
    EXPECT_EQ(found.what, "reversal of what stands posted");
}

TEST(Audit, names_an_entry_moved_to_another_entitlement) {
    Audited desk;
    const AuditFinding found =
        desk.after_entries([](auto& entries) { entries[3].entitlement = "nobodys"_entitlement; });
    EXPECT_EQ(found.entry, (EntryRef{4, 0}));
    EXPECT_EQ(found.what, "entitlement never granted");
}

TEST(Audit, names_the_gap_where_an_entry_was_removed) {
    Audited desk;
    const AuditFinding found = desk.after_entries([](auto& entries) { entries.erase(entries.begin() + 3); });
    EXPECT_EQ(found.what, "number");
    EXPECT_EQ(found.entry, (EntryRef{5, 0}));
    EXPECT_EQ(found.expected, 4);
    EXPECT_EQ(found.found, 5);
}

TEST(Audit, names_the_gap_where_part_of_a_command_was_removed) {
    Audited desk;
    const AuditFinding found = desk.after_entries([](auto& entries) { entries.erase(entries.begin() + 7); });
    EXPECT_EQ(found.what, "ordinal");
    EXPECT_EQ(found.entry, (EntryRef{8, 1}));
}

TEST(Audit, sees_that_the_last_entry_was_removed) {
    Audited desk;
    const AuditFinding found = desk.after_entries([](auto& entries) { entries.pop_back(); });
    EXPECT_EQ(found.what, "remaining");
    EXPECT_EQ(found.entitlement, desk.id);
    EXPECT_EQ(found.expected, 16);
    EXPECT_EQ(found.found, 19);
}

TEST(Audit, names_the_first_of_two_entries_that_changed_places) {
    Audited desk;
    const AuditFinding found = desk.after_entries([](auto& entries) { std::swap(entries[3], entries[4]); });
    EXPECT_EQ(found.what, "number");
    EXPECT_EQ(found.entry, (EntryRef{5, 0}));
}

TEST(Audit, names_an_entry_that_was_added) {
    Audited desk;
    const AuditFinding found = desk.after_entries([](auto& entries) {
        entries.push_back(entries.back());
        entries.back().ordinal = 1;
    });
    EXPECT_EQ(found.what, "balance after");
    const AuditFinding twice =
        desk.after_entries([](auto& entries) { entries.insert(entries.begin() + 3, entries[3]); });
    EXPECT_EQ(twice.what, "ordinal");
    EXPECT_EQ(twice.entry, (EntryRef{4, 0}));
}

TEST(Audit, names_an_added_command_that_posts_a_second_time_for_a_case) {
    Audited desk;
    const AuditFinding found = desk.after_entries([](auto& entries) {
        Entry entry = entries[2];
        entry.number = entries.back().number + 1;
        entry.command = CommandKind::resolve_case;
        entry.remaining = entries.back().remaining - 1;
        entry.channel_remaining = 7;
        entries.push_back(entry);
    });
    EXPECT_EQ(found.what, "second posting of a case");
    EXPECT_EQ(found.support_case, "p1"_case);
}

TEST(Audit, names_a_balance_that_was_edited) {
    Audited desk;
    desk.tampered.entitlements = [](auto& entitlements) { entitlements[0].remaining = 100; };
    const AuditReport report = desk.audit();
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.first->what, "remaining");
    EXPECT_EQ(report.first->expected, 19);
    EXPECT_EQ(report.first->found, 100);
    EXPECT_TRUE(report.first->channel.is_none());
}

TEST(Audit, names_a_channel_balance_that_was_edited) {
    Audited desk;
    desk.tampered.entitlements = [](auto& entitlements) { entitlements[0].channels[1].remaining = 9; };
    const AuditReport report = desk.audit();
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.first->channel, Channel::email);
    EXPECT_EQ(report.first->expected, 8);
}

TEST(Audit, names_a_total_that_was_edited) {
    Audited desk;
    desk.tampered.entitlements = [](auto& entitlements) {
        entitlements[0].agreement.terms.total = entitle::cases(21);
    };
    ASSERT_FALSE(desk.audit().ok());
    EXPECT_EQ(desk.audit().first->expected, 20);
}

TEST(Audit, misses_an_entitlement_that_is_gone_without_a_word) {
    Audited desk;
    desk.tampered.entitlements = [](auto& entitlements) { entitlements.clear(); };
    const AuditReport report = desk.audit();
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.first->what, "number of entitlements");
    EXPECT_EQ(report.first->expected, 1);
    EXPECT_EQ(report.first->found, 0);
}

TEST(Audit, names_a_case_whose_state_or_posting_or_entitlement_was_edited) {
    Audited desk;
    const auto expect_found = [&](std::string_view what, std::function<void(SupportCase&)> tamper) {
        desk.tampered.cases = [&](auto& cases) { tamper(cases[2]); };
        const AuditReport report = desk.audit();
        ASSERT_FALSE(report.ok());
        EXPECT_EQ(report.first->what, what);
        EXPECT_EQ(report.first->support_case, "p3"_case);
    };
    expect_found("state of a case", [](SupportCase& c) { c.state = CaseState::canceled; });
    expect_found("what stands posted for a case", [](SupportCase& c) { c.posted = {}; });
    expect_found("what stands posted for a case", [](SupportCase& c) { c.posted.channel = Channel::phone; });
    expect_found("entitlement or version of a case",
                 [](SupportCase& c) { c.entitlement = "nobodys"_entitlement; });
    expect_found("entitlement or version of a case", [](SupportCase& c) { c.since += 1us; });
}

TEST(Audit, names_a_case_that_was_added_and_misses_one_that_was_removed) {
    Audited desk;
    desk.tampered.cases = [](auto& cases) {
        cases.push_back(cases[0]);
        cases.back().id = "nobodys"_case;
    };
    ASSERT_FALSE(desk.audit().ok());
    EXPECT_EQ(desk.audit().first->what, "case never opened");
    desk.tampered.cases = [](auto& cases) { cases.pop_back(); };
    ASSERT_FALSE(desk.audit().ok());
    EXPECT_EQ(desk.audit().first->what, "number of cases");
    EXPECT_EQ(desk.audit().first->expected, 3);
    EXPECT_EQ(desk.audit().first->found, 2);
}

TEST(Audit, sees_a_customer_of_whom_nothing_but_entries_is_left) {
    Audited desk;
    Draft theirs = agreed(on_creation(5));
    theirs.customer = other_customer;
    const EntitlementId removed = desk.draft(theirs);
    ASSERT_THAT(desk.run(Remove{.customer = other_customer, .id = removed}), ok());
    EXPECT_EQ(desk.audit().customers, 2U);
    desk.tampered.entries = [](auto& entries) {
        const auto last = std::find_if(entries.rbegin(), entries.rend(),
                                       [](const Entry& entry) { return entry.customer == other_customer; });
        if (last != entries.rend()) last->remaining = 9;
    };
    ASSERT_FALSE(desk.audit().ok());
    EXPECT_EQ(desk.audit().first->customer, other_customer);
    EXPECT_EQ(desk.audit().first->entry, (EntryRef{2, 0}));
}

TEST(Audit, sees_an_entitlement_of_a_customer_without_entries) {
    Audited desk;
    desk.tampered.entries = [](auto& entries) { entries.clear(); };
    EXPECT_FALSE(desk.audit().ok());
}

TEST(Audit, prints_what_it_found) {
    AuditFinding finding;
    finding.customer = CustomerId::from_integer(7);
    finding.entry = {12, 0};
    finding.entitlement = EntitlementId::from_integer(3);
    finding.channel = Channel::phone;
    finding.what = "balance after";
    finding.expected = 3;
    finding.found = 4;
    EXPECT_EQ(fmt::format("{}", finding),
              "customer 7, entry #12.0: balance after is 4, must be 3, entitlement 3, channel phone");
}

}  // namespace
}  // namespace conformance
