#include "entitle/value/id.hpp"

#include <limits>
#include <set>
#include <type_traits>

#include <gtest/gtest.h>

#include "entitle/value/id_source.hpp"

// Ids, and where the engine takes those that a host leaves out.

namespace entitle {
namespace {

TEST(Id, the_default_is_none) {
    EXPECT_TRUE(CaseId{}.is_none());
    EXPECT_FALSE(CaseId{});
    EXPECT_EQ(CaseId{}, CaseId::from_integer(0));
    EXPECT_TRUE(CaseId::from_integer(1));
    EXPECT_TRUE((CaseId{Uuid{1, 0}}));
}

TEST(Id, of_an_integer_prints_as_that_integer) {
    EXPECT_EQ(fmt::format("{}", CaseId::from_integer(7)), "7");
    EXPECT_EQ(fmt::format("{}", CaseId::from_integer(std::numeric_limits<std::uint64_t>::max())),
              "18446744073709551615");
    EXPECT_EQ(fmt::format("{}", CaseId{}), "-");
}

TEST(Id, of_a_name_is_the_version_5_uuid_in_the_librarys_name_space) {
    // Computed by another implementation.
    const auto uuid_of = [](std::string_view name) { return fmt::format("{}", CustomerId::from_name(name)); };
    EXPECT_EQ(uuid_of(""), "5b14dc81-ac8e-58bf-a5ab-e890a07a6319");
    EXPECT_EQ(uuid_of("acme"), "8abb7e71-79dc-54f9-9904-8e3390314ad3");
    EXPECT_EQ(uuid_of("Mobile Accessories"), "d11a7de7-489e-592a-962c-cdf911315798");
    EXPECT_EQ(uuid_of("Zürich"), "e54c7c8a-1091-5d00-8ad4-ffee41af17cf");
    EXPECT_EQ(uuid_of(std::string(55, 'a')), "e4c4f49a-158a-52ba-91db-3686d262ffb4");
    EXPECT_EQ(uuid_of(std::string(64, 'a')), "e69d6d1f-dcf7-5774-a2e6-b14e365ca409");
    EXPECT_EQ(uuid_of(std::string(200, 'b')), "8b2d5df6-ebb0-52fa-9898-af54411b4f19");
}

TEST(Id, of_a_name_is_known_at_compile_time) {
    static_assert(CustomerId::from_name("acme") == CustomerId::parse("8abb7e71-79dc-54f9-9904-8e3390314ad3"));
}

TEST(UuidFromName, matches_the_vector_of_rfc_9562) {
    const auto dns = parse_uuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    EXPECT_EQ(uuid_from_name(*dns, "www.example.com"), parse_uuid("2ed6657d-e927-568b-95e1-2665a8aea6a2"));
}

TEST(Id, parses_what_it_prints) {
    const CaseId id{Uuid{0x0123'4567'89AB'CDEF, 0xFEDC'BA98'7654'3210}};
    EXPECT_EQ(fmt::format("{}", id), "01234567-89ab-cdef-fedc-ba9876543210");
    EXPECT_EQ(CaseId::parse("01234567-89ab-cdef-fedc-ba9876543210"), id);
    EXPECT_EQ(CaseId::parse("01234567-89AB-CDEF-FEDC-BA9876543210"), id);
    EXPECT_EQ(CaseId::parse("00000000-0000-0000-0000-000000000007"), CaseId::from_integer(7));
}

TEST(Id, parses_nothing_else) {
    for (const char* text :
         {"", "7", "-", "0123456789abcdeffedcba9876543210", "01234567-89ab-cdef-fedc-ba987654321",
          "01234567-89ab-cdef-fedc-ba98765432100", "01234567-89ab-cdef-fedc-ba987654321g",
          "{1234567-89ab-cdef-fedc-ba987654321}", "01234567_89ab-cdef-fedc-ba9876543210",
          "01234567-89ab-cdef-fedc+ba9876543210", "0123456-789ab-cdef-fedc-ba9876543210",
          "-1234567-89ab-cdef-fedc-ba9876543210", " 1234567-89ab-cdef-fedc-ba9876543210"}) {
        EXPECT_EQ(CaseId::parse(text), std::nullopt) << text;
    }
}

TEST(Id, of_different_things_do_not_mix) {
    static_assert(!std::is_convertible_v<CaseId, CustomerId>);
    static_assert(!std::is_convertible_v<std::uint64_t, CaseId>);
    static_assert(!std::is_convertible_v<Uuid, CaseId>);
    static_assert(std::is_trivially_copyable_v<CaseId>);
    static_assert(sizeof(CaseId) == 16);
}

TEST(Id, orders_by_its_bits_most_significant_first) {
    EXPECT_LT(CaseId::from_integer(1), CaseId::from_integer(2));
    EXPECT_LT(CaseId::from_integer(std::numeric_limits<std::uint64_t>::max()), (CaseId{Uuid{1, 0}}));
}

// UuidV7.

constexpr Instant at_ms(std::int64_t ms) { return Instant{std::chrono::milliseconds{ms}}; }

TEST(UuidV7, begins_with_the_milliseconds_and_says_version_and_variant) {
    UuidV7 source{1};
    for (int i = 0; i < 1000; ++i) {
        const Uuid id = source(at_ms(0x0123'4567'89AB));
        EXPECT_EQ(id.hi >> 16, 0x0123'4567'89ABU);
        EXPECT_EQ((id.hi >> 12) & 0xF, 7U);
        EXPECT_EQ(id.lo >> 62, 2U);
    }
}

TEST(UuidV7, orders_by_time_to_the_millisecond) {
    UuidV7 source{1};
    Uuid last;
    for (std::int64_t ms = 1'400'000'000'000; ms < 1'400'000'001'000; ++ms) {
        const Uuid id = source(at_ms(ms));
        EXPECT_LT(last, id);
        last = id;
    }
}

TEST(UuidV7, repeats_no_id_at_one_instant) {
    UuidV7 source{1};
    std::set<Uuid> seen;
    for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(seen.insert(source(at_ms(1'400'000'000'000))).second);
}

TEST(UuidV7, repeats_itself_from_the_same_seed_only) {
    UuidV7 a{7};
    UuidV7 b{7};
    UuidV7 c{8};
    const Uuid first = a(at_ms(1));
    EXPECT_EQ(first, b(at_ms(1)));
    EXPECT_NE(first, c(at_ms(1)));
    EXPECT_NE(UuidV7{}(at_ms(1)), UuidV7{}(at_ms(1)));
}

}  // namespace
}  // namespace entitle
