#include <algorithm>
#include <functional>

#include "tampered_store.hpp"

// Section 10: seals, and archives.

namespace conformance {
namespace {

using entitle::Entry;

/// Six commands: drafted, activated, two opened by phone and one by e-mail, one canceled.
struct Sealed : Desk {
    Sealed() {
        id = grant(agreed(on_creation(20),
                          {{Channel::phone, entitle::cases(9)}, {Channel::email, entitle::cases(9)}}));
        EXPECT_THAT(open("p1", Channel::phone), ok());
        EXPECT_THAT(open("p2", Channel::phone), ok());
        EXPECT_THAT(open("e1", Channel::email), ok());
        EXPECT_THAT(cancel("p1"), ok());
        seal = engine.seal(acme).value();
    }
    [[nodiscard]] AuditReport audit(std::span<const Seal> kept = {}) const {
        return Engine{tampered}.audit(kept).value();
    }
    [[nodiscard]] AuditFinding after_entries(std::function<void(std::vector<Entry>&)> tamper) const {
        tampered.entries = std::move(tamper);
        return audit().first.value_or(AuditFinding{});
    }

    EntitlementId id{};
    Seal seal{};
    mutable TamperedStore tampered{store};
};

TEST(Seal, is_of_the_last_command_and_the_same_each_time) {
    Sealed desk;
    EXPECT_EQ(desk.seal.customer, acme);
    EXPECT_EQ(desk.seal.number, 6U);
    EXPECT_EQ(desk.engine.seal(acme).value(), desk.seal);
    EXPECT_EQ(desk.engine.seals(acme).value(), std::vector{desk.seal});
    EXPECT_EQ(desk.engine.seals().value(), std::vector{desk.seal});
    EXPECT_TRUE(desk.audit().ok());
}

TEST(Seal, goes_on_where_the_last_ended) {
    Sealed desk;
    EXPECT_THAT(desk.open("p3", Channel::phone), ok());
    EXPECT_TRUE(desk.audit().ok());
    const Seal later = desk.engine.seal(acme).value();
    EXPECT_EQ(later.number, 7U);
    EXPECT_NE(later.head, desk.seal.head);
    EXPECT_EQ(desk.engine.seals(acme).value(), std::vector{later});
    EXPECT_TRUE(desk.audit().ok());
}

TEST(Seal, of_everyone_seals_each_customer) {
    Sealed desk;
    Draft other = agreed(on_creation(3));
    other.customer = other_customer;
    desk.grant(other);
    const auto seals = desk.engine.seal().value();
    ASSERT_EQ(seals.size(), 2U);
    EXPECT_EQ(seals[0], desk.seal);
    EXPECT_EQ(seals[1].customer, other_customer);
    EXPECT_EQ(seals[1].number, 2U);
    EXPECT_EQ(desk.engine.seals().value(), seals);
}

TEST(Seal, of_a_customer_without_a_ledger_is_number_0) {
    Desk desk;
    EXPECT_EQ(desk.engine.seal(acme).value(), (Seal{acme, 0, {}}));
    EXPECT_TRUE(desk.engine.seal().value().empty());
}

/// What no balance tells of: the chain does.
TEST(Audit, names_an_edited_row_under_a_seal) {
    const Sealed desk;
    const std::vector<std::function<void(Entry&)>> edits{
        [](Entry& e) { e.actor = "somebody"_actor; },       [](Entry& e) { e.reason = "another"; },
        [](Entry& e) { e.request = "another"_request; },    [](Entry& e) { e.at += 1us; },
        [](Entry& e) { e.unit = {Allocation::hours, {}}; },
    };
    for (const auto& edit : edits) {
        const auto found = desk.after_entries([&](auto& entries) { edit(entries[3]); });
        EXPECT_EQ(found.entry, (EntryRef{4, 0}));
        EXPECT_EQ(found.what, "not what was sealed");
        EXPECT_EQ(found.customer, acme);
    }
    EXPECT_TRUE(desk.after_entries([](auto&) {}).what.empty());
}

TEST(Audit, names_the_last_edited_row_under_a_seal) {
    const Sealed desk;
    const auto found = desk.after_entries([](auto& entries) { entries[5].actor = "somebody"_actor; });
    EXPECT_EQ(found.entry, (EntryRef{6, 0}));
    EXPECT_EQ(found.what, "not what was sealed");
}

TEST(Audit, names_a_removed_an_added_and_a_reordered_row_under_a_seal) {
    const Sealed desk;
    EXPECT_EQ(desk.after_entries([](auto& e) { e.erase(e.begin() + 3); }).entry, (EntryRef{5, 0}));
    EXPECT_EQ(desk.after_entries([](auto& e) { e.insert(e.begin() + 3, e[3]); }).entry, (EntryRef{4, 0}));
    EXPECT_EQ(desk.after_entries([](auto& e) { std::swap(e[2], e[3]); }).entry, (EntryRef{4, 0}));
}

/// A tail cut off with its balances and cases would pass, but for the seal.
TEST(Audit, sees_that_a_sealed_tail_was_cut_off) {
    Sealed desk;
    const auto found = desk.after_entries([](auto& entries) { entries.pop_back(); });
    EXPECT_EQ(found.entry, (EntryRef{6, 0}));
    EXPECT_EQ(found.what, "sealed, and missing");
    EXPECT_EQ(desk.after_entries([](auto& entries) { entries.clear(); }).entry, (EntryRef{1, 0}));
}

TEST(Audit, names_an_edited_seal) {
    const Sealed desk;
    desk.tampered.heads = [](auto& heads) { heads[1].head.bytes[31] ^= 1; };
    EXPECT_EQ(desk.audit().first.value_or(AuditFinding{}).entry, (EntryRef{2, 0}));
}

/// Whoever can write the file can write new seals: one that was kept elsewhere tells.
TEST(Audit, with_a_kept_seal_proves_the_history_up_to_it) {
    Sealed desk;
    EXPECT_TRUE(desk.audit({&desk.seal, 1}).ok());
    EXPECT_THAT(desk.open("p3", Channel::phone), ok());
    EXPECT_TRUE(desk.audit({&desk.seal, 1}).ok());
    desk.tampered.heads = [](auto& heads) { heads.clear(); };
    desk.tampered.entries = [](auto& entries) { entries[3].actor = "somebody"_actor; };
    EXPECT_TRUE(desk.audit().ok());  // rewritten throughout
    const AuditFinding found = desk.audit({&desk.seal, 1}).first.value_or(AuditFinding{});
    EXPECT_EQ(found.entry, (EntryRef{6, 0}));
    EXPECT_EQ(found.what, "not what was sealed");
}

TEST(Audit, with_a_kept_seal_of_a_customer_who_is_gone_says_so) {
    Desk desk;
    const Seal kept{acme, 3, Digest{{1}}};
    const AuditReport report = desk.engine.audit({&kept, 1}).value();
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.first->customer, acme);
    EXPECT_EQ(report.first->what, "sealed, and missing");
}

TEST(Seal, is_refused_over_a_ledger_that_is_not_what_was_sealed) {
    Sealed desk;
    desk.tampered.entries = [](auto& entries) { entries[3].actor = "somebody"_actor; };
    EXPECT_EQ(Engine{desk.tampered}.seal(acme).error().code, ErrorCode::seal_broken);
    desk.tampered.entries = [](auto& entries) { entries.erase(entries.begin() + 3); };
    EXPECT_EQ(Engine{desk.tampered}.seal(acme).error().code, ErrorCode::seal_broken);
    desk.tampered.entries = [](auto& entries) { entries.pop_back(); };
    EXPECT_EQ(Engine{desk.tampered}.seal(acme).error().code, ErrorCode::seal_broken);
}

TEST(Archive, takes_a_sealed_prefix_out_and_audits_go_on_after_it) {
    Sealed desk;
    const Archive archive = desk.engine.archive(acme, 4).value();
    EXPECT_EQ(archive.entries.size(), 4U);
    EXPECT_EQ(archive.base.seal.number, 4U);
    EXPECT_EQ(archive.former.seal.number, 0U);
    EXPECT_TRUE(ledger::is_whole(archive));
    EXPECT_EQ(desk.engine.entries(acme).value().size(), 2U);
    EXPECT_TRUE(desk.audit().ok());
    EXPECT_TRUE(desk.audit({&desk.seal, 1}).ok());

    EXPECT_THAT(desk.cancel("p2"), ok());
    EXPECT_THAT(desk.reactivate("p1"), ok());
    EXPECT_EQ(desk.last_entry().number, 8U);
    EXPECT_EQ(desk.left(desk.id), 18);
    EXPECT_EQ(desk.engine.seal(acme).value().number, 8U);
    EXPECT_TRUE(desk.audit().ok());
}

TEST(Archive, of_the_whole_ledger_leaves_balances_cases_and_numbers) {
    Sealed desk;
    const auto before = desk.entitlement(desk.id);
    const Archive archive = desk.engine.archive(acme, 6).value();
    EXPECT_EQ(archive.base.seal, desk.seal);
    EXPECT_TRUE(desk.engine.entries(acme).value().empty());
    EXPECT_EQ(desk.entitlement(desk.id), before);
    EXPECT_EQ(desk.engine.seals(acme).value(), std::vector{desk.seal});
    EXPECT_EQ(desk.engine.seal(acme).value(), desk.seal);
    const AuditReport report = desk.audit();
    EXPECT_TRUE(report.ok()) << fmt::format("{}", report.first.value_or(AuditFinding{}));
    EXPECT_EQ(report.customers, 1U);
    EXPECT_EQ(report.entries, 0U);
    EXPECT_THAT(desk.resolve("p2"), ok());
    EXPECT_EQ(desk.last_entry().number, 7U);
    EXPECT_TRUE(desk.audit().ok());
}

TEST(Archive, follows_an_archive) {
    Sealed desk;
    const Archive first = desk.engine.archive(acme, 2).value();
    const Archive second = desk.engine.archive(acme, 5).value();
    EXPECT_EQ(second.former, first.base);
    EXPECT_EQ(second.entries.size(), 3U);
    EXPECT_TRUE(ledger::is_whole(second));
    EXPECT_TRUE(desk.audit().ok());
}

TEST(Audit, with_a_kept_seal_of_the_base_compares_it) {
    Sealed desk;
    ASSERT_TRUE(desk.engine.archive(acme, 6));
    EXPECT_THAT(desk.open("p3", Channel::phone), ok());
    EXPECT_TRUE(desk.audit({&desk.seal, 1}).ok());
    Seal other = desk.seal;
    other.head.bytes[0] ^= 1;
    const AuditFinding found = desk.audit({&other, 1}).first.value_or(AuditFinding{});
    EXPECT_EQ(found.entry, (EntryRef{6, 0}));
    EXPECT_EQ(found.what, "not what was sealed");
}

TEST(Archive, forgets_what_was_removed) {
    Desk desk;
    const EntitlementId id = desk.draft(agreed(on_creation(3)));
    EXPECT_THAT(desk.run(Remove{.id = id}), ok());
    ASSERT_TRUE(desk.engine.seal(acme));
    EXPECT_TRUE(desk.engine.archive(acme, 2).value().base.counters.empty());
    EXPECT_TRUE(desk.engine.audit().value().ok());
}

TEST(Archive, that_was_edited_is_not_whole) {
    Sealed desk;
    Archive archive = desk.engine.archive(acme, 4).value();
    archive.entries[2].actor = "somebody"_actor;
    EXPECT_FALSE(ledger::is_whole(archive));
    archive.entries[2].actor = {};
    EXPECT_TRUE(ledger::is_whole(archive));
    archive.base.counters[0].moved = 17;
    EXPECT_FALSE(ledger::is_whole(archive));
}

TEST(Archive, is_refused_beyond_the_last_seal_and_before_the_base) {
    Sealed desk;
    EXPECT_THAT(desk.open("p3", Channel::phone), ok());
    EXPECT_EQ(desk.engine.archive(acme, 7).error().code, ErrorCode::not_sealed);
    EXPECT_EQ(desk.engine.archive(acme, 0).error().code, ErrorCode::not_sealed);
    EXPECT_EQ(desk.engine.archive(other_customer, 1).error().code, ErrorCode::not_sealed);
    ASSERT_TRUE(desk.engine.archive(acme, 4));
    EXPECT_EQ(desk.engine.archive(acme, 3).error().code, ErrorCode::not_sealed);
    EXPECT_TRUE(desk.audit().ok());
}

TEST(Archive, is_refused_where_the_entries_are_not_what_was_sealed) {
    Sealed desk;
    desk.tampered.entries = [](auto& entries) { entries[3].actor = "somebody"_actor; };
    EXPECT_EQ(Engine{desk.tampered}.archive(acme, 4).error().code, ErrorCode::seal_broken);
    EXPECT_EQ(desk.engine.entries(acme).value().size(), 6U);
}

TEST(Archive, keeps_the_receipts_of_requests) {
    Desk desk;
    desk.grant(agreed(on_creation(20)));
    const OpenCase opening{.customer = acme, .id = "p1"_case, .request = "r1"_request};
    const auto first = desk.engine.open_case(opening, desk.now);
    ASSERT_THAT(first, ok());
    ASSERT_TRUE(desk.engine.seal(acme));
    ASSERT_TRUE(desk.engine.archive(acme, 3));
    const auto again = desk.engine.open_case(opening, desk.now);
    ASSERT_THAT(again, repeated());
    EXPECT_EQ(again->number, first->number);
    EXPECT_EQ(again->remaining, first->remaining);
}

}  // namespace
}  // namespace conformance
