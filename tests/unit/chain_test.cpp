#include "entitle/ledger/chain.hpp"

#include <array>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "entitle/ledger/archive.hpp"

// Section 10: the chain, against vectors that other implementations of SHA-256 gave.

namespace {

using namespace entitle;  // NOLINT(google-build-using-namespace)

[[nodiscard]] std::string sha256(std::string_view text) {
    ledger::Sha256 hash;
    for (const char c : text) hash.add(static_cast<std::uint8_t>(c));
    return fmt::format("{}", hash.finish());
}

TEST(Sha256, of_the_published_vectors) {
    EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, is_written_and_read_as_64_digits) {
    const auto digest = parse_digest("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    ASSERT_TRUE(digest);
    EXPECT_EQ(fmt::format("{}", *digest), sha256("abc"));
    EXPECT_FALSE(parse_digest(""));
    EXPECT_FALSE(parse_digest(std::string(63, '0')));
    EXPECT_FALSE(parse_digest(std::string(65, '0')));
    EXPECT_FALSE(parse_digest(std::string(63, '0') + "g"));
}

constexpr CustomerId customer = CustomerId::from_integer(7);
constexpr Instant at{std::chrono::microseconds{1'404'205'200'000'000}};

[[nodiscard]] Entry entry(std::uint64_t number, std::uint32_t ordinal, CommandKind command, EntryKind kind,
                          std::uint64_t entitlement) {
    Entry made;
    made.customer = customer;
    made.number = number;
    made.ordinal = ordinal;
    made.command = command;
    made.kind = kind;
    made.entitlement = EntitlementId::from_integer(entitlement);
    made.at = at + std::chrono::microseconds{number - 1};
    return made;
}

/// Four commands: a draft; an opening; a case that changes its entitlement, in two entries; a correction in
/// euros, below zero, before 1970, with a reason and a channel in UTF-8.
[[nodiscard]] std::vector<Entry> four_commands() {
    std::vector<Entry> entries{
        entry(1, 0, CommandKind::draft, EntryKind::note, 3),
        entry(2, 0, CommandKind::open_case, EntryKind::posting, 3),
        entry(3, 0, CommandKind::change_entitlement, EntryKind::reversal, 3),
        entry(3, 1, CommandKind::change_entitlement, EntryKind::posting, 4),
        entry(4, 0, CommandKind::adjust, EntryKind::adjustment, 5),
    };
    entries[0].remaining = 5;
    for (std::size_t i = 1; i < 4; ++i) entries[i].support_case = CaseId::from_integer(9);
    entries[1].channel = entries[2].channel = Channel::phone;
    entries[1].total_moved = entries[1].channel_moved = -1;
    entries[1].remaining = 4;
    entries[1].channel_remaining = 1;
    entries[1].actor = ActorId::from_integer(11);
    entries[1].request = RequestId::from_integer(12);
    entries[2].total_moved = entries[2].channel_moved = 1;
    entries[2].remaining = 5;
    entries[2].channel_remaining = 2;
    entries[2].reverses = {2, 0};
    entries[3].total_moved = -1;
    entries[3].remaining = 99;
    entries[4].channel = Channel::named("Ärger").value();
    entries[4].total_moved = entries[4].remaining = -250;
    entries[4].at = Instant{std::chrono::microseconds{-1}};
    entries[4].actor = ActorId{Uuid{std::uint64_t{1} << 63, 5}};
    entries[4].reason = "a letter";
    entries[4].unit = {Allocation::money, Currency::of("EUR").value()};
    return entries;
}

constexpr std::array<std::string_view, 4> heads{
    "baf9920f19d2cf0317104b5152381abd0bdbe0253298a8bd4a3cd5ecdfd3c3a4",
    "e7b932f5ad63dc7cd4a283e8ebe04e54ad7f8de1e2cf652b9e8bd93203f80817",
    "d2fac232829ee2156e5d3aebf8837def56ee3bb9197d616dabba147b8c766c53",
    "2037fab15a4426bb083e23fd9c4d4d2b5ac2c72ae9d5b3cb149b770591060468",
};

TEST(Chain, of_the_published_vectors) {
    const auto made = ledger::heads_of({customer, 0, {}}, four_commands());
    ASSERT_TRUE(made);
    ASSERT_EQ(made->size(), heads.size());
    for (std::size_t i = 0; i < heads.size(); ++i) EXPECT_EQ(fmt::format("{}", (*made)[i]), heads[i]) << i;
}

TEST(Chain, goes_on_from_a_known_head) {
    const auto entries = four_commands();
    const Seal second{customer, 2, parse_digest(heads[1]).value()};
    const auto made = ledger::heads_of(second, std::span{entries}.subspan(2));
    ASSERT_TRUE(made);
    ASSERT_EQ(made->size(), 2U);
    EXPECT_EQ(fmt::format("{}", made->back()), heads[3]);
}

TEST(Chain, has_no_heads_where_a_number_is_missing) {
    auto entries = four_commands();
    entries.erase(entries.begin() + 1);
    EXPECT_FALSE(ledger::heads_of({customer, 0, {}}, entries));
    EXPECT_FALSE(ledger::heads_of({customer, 1, {}}, four_commands()));
}

/// Whatever is edited in an entry, its head is another.
TEST(Chain, hangs_on_every_field_of_an_entry) {
    const std::array<void (*)(Entry&), 21> edits{
        [](Entry& e) { e.customer = CustomerId::from_integer(8); },
        [](Entry& e) { e.ordinal = 1; },
        [](Entry& e) { e.command = CommandKind::resolve_case; },
        [](Entry& e) { e.kind = EntryKind::note; },
        [](Entry& e) { e.entitlement = EntitlementId::from_integer(4); },
        [](Entry& e) { e.support_case = CaseId::from_integer(10); },
        [](Entry& e) { e.channel = Channel::named("Phone").value(); },
        [](Entry& e) {
            e.channel = Channel::named({"phone", 6}).value();
        },  // and a zero byte
        [](Entry& e) { e.total_moved = -2; },
        [](Entry& e) { e.channel_moved = -2; },
        [](Entry& e) { e.remaining = 5; },
        [](Entry& e) { e.channel_remaining = 0; },
        [](Entry& e) { e.reverses.number = 1; },
        [](Entry& e) { e.reverses.ordinal = 1; },
        [](Entry& e) { e.at += std::chrono::microseconds{1}; },
        [](Entry& e) { e.actor = {}; },
        [](Entry& e) { e.request = {}; },
        [](Entry& e) { e.reason = "x"; },
        [](Entry& e) { e.unit.allocation = Allocation::hours; },
        [](Entry& e) {
            e.unit = {Allocation::money, Currency::of("EUR").value()};
        },
        [](Entry& e) {
            e.unit = {Allocation::money, Currency::of("USD").value()};
        },
    };
    std::vector<std::string> seen{std::string{heads[1]}};
    for (const auto edit : edits) {
        auto entries = four_commands();
        edit(entries[1]);
        const auto made = ledger::heads_of({customer, 0, {}}, std::span{entries}.first(2));
        ASSERT_TRUE(made);
        EXPECT_THAT(seen, testing::Not(testing::Contains(fmt::format("{}", made->back())))) << seen.size();
        seen.push_back(fmt::format("{}", made->back()));
    }
}

TEST(Chain, has_the_amount_of_the_kinds_that_came_later_and_of_no_other) {
    const auto head = [](EntryKind kind, std::int64_t amount) {
        Entry made = entry(1, 0, CommandKind::draft, kind, 1);
        made.amount = amount;
        ledger::Chain chain;
        chain.add(made);
        chain.end();
        return chain.head();
    };
    for (const EntryKind kind : {EntryKind::note, EntryKind::posting, EntryKind::carried_in}) {
        EXPECT_EQ(head(kind, 0), head(kind, 7)) << "seals of older ledgers stay what they were";
    }
    for (const EntryKind kind : {EntryKind::period, EntryKind::forfeit}) {
        EXPECT_NE(head(kind, 0), head(kind, 7));
    }
}

}  // namespace
