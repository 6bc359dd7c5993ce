#include "entitle/value/text.hpp"

#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "entitle/value/channel.hpp"
#include "entitle/value/currency.hpp"

// Code points, channels' names, currencies.

namespace entitle {
namespace {

struct Utf8 {
    const char* name;
    std::string_view text;
    std::optional<std::size_t> points;

    friend void PrintTo(const Utf8& row, std::ostream* out) { *out << row.name; }
};

using namespace std::string_view_literals;

constexpr Utf8 utf8[] = {
    {"empty", "", 0},
    {"ascii", "phone", 5},
    {"a_null_byte", "\0"sv, 1},
    {"two_bytes", "ü", 1},
    {"three_bytes", "€", 1},
    {"four_bytes", "😀", 1},
    {"mixed", "aü€😀", 4},
    {"smallest_of_two_bytes", "\xC2\x80", 1},
    {"largest_of_two_bytes", "\xDF\xBF", 1},
    {"smallest_of_three_bytes", "\xE0\xA0\x80", 1},
    {"before_the_surrogates", "\xED\x9F\xBF", 1},
    {"after_the_surrogates", "\xEE\x80\x80", 1},
    {"largest_of_three_bytes", "\xEF\xBF\xBF", 1},
    {"smallest_of_four_bytes", "\xF0\x90\x80\x80", 1},
    {"the_last_code_point", "\xF4\x8F\xBF\xBF", 1},
    {"past_the_last_code_point", "\xF4\x90\x80\x80", std::nullopt},
    {"a_lead_of_five_bytes", "\xF8\x88\x80\x80\x80", std::nullopt},
    {"overlong_of_two_bytes", "\xC0\xAF", std::nullopt},
    {"overlong_of_two_bytes_c1", "\xC1\xBF", std::nullopt},
    {"overlong_of_three_bytes", "\xE0\x9F\xBF", std::nullopt},
    {"overlong_of_four_bytes", "\xF0\x8F\xBF\xBF", std::nullopt},
    {"the_first_surrogate", "\xED\xA0\x80", std::nullopt},
    {"the_last_surrogate", "\xED\xBF\xBF", std::nullopt},
    {"a_continuation_alone", "\x80", std::nullopt},
    {"cut_after_one_of_two", "\xC3", std::nullopt},
    {"cut_after_two_of_three", "\xE2\x82", std::nullopt},
    {"cut_after_three_of_four", "\xF0\x9F\x98", std::nullopt},
    {"ascii_in_the_second_place",
     "\xC3"
     "a",
     std::nullopt},
    {"ascii_in_the_third_place",
     "\xE2\x82"
     "a",
     std::nullopt},
    {"ascii_in_the_fourth_place",
     "\xF0\x9F\x98"
     "a",
     std::nullopt},
    {"latin_1", "caf\xE9", std::nullopt},
    {"byte_ff", "\xFF", std::nullopt},
};

class CodePoints : public testing::TestWithParam<Utf8> {};

TEST_P(CodePoints, are_counted_or_refused) { EXPECT_EQ(code_points(GetParam().text), GetParam().points); }

INSTANTIATE_TEST_SUITE_P(, CodePoints, testing::ValuesIn(utf8),
                         [](const auto& row) { return std::string{row.param.name}; });

// Channels.

Channel named(std::string_view name) { return Channel::named(name).value(); }

TEST(Channel, the_default_is_none) {
    EXPECT_TRUE(Channel{}.is_none());
    EXPECT_FALSE(Channel{});
    EXPECT_TRUE(Channel::phone);
    EXPECT_NE(Channel{}, Channel::phone);
    EXPECT_EQ(fmt::format("{}", Channel{}), "-");
}

TEST(Channel, has_a_name_of_1_to_31_bytes_of_utf8) {
    EXPECT_EQ(Channel::named(""), std::nullopt);
    EXPECT_EQ(named("x").name(), "x");
    EXPECT_EQ(named(std::string(31, 'x')).name(), std::string(31, 'x'));
    EXPECT_EQ(Channel::named(std::string(32, 'x')), std::nullopt);
    EXPECT_EQ(Channel::named("caf\xE9"), std::nullopt);
    std::string ten_of_three_bytes;
    for (int i = 0; i < 10; ++i) ten_of_three_bytes += "€";
    EXPECT_TRUE(Channel::named(ten_of_three_bytes + "x"));
    EXPECT_EQ(Channel::named(ten_of_three_bytes + "xy"), std::nullopt) << "bytes, not characters";
}

TEST(Channel, built_in_ones_are_the_equals_of_named_ones) {
    EXPECT_EQ(named("email"), Channel::email);
    EXPECT_EQ(named("phone"), Channel::phone);
    EXPECT_EQ(named("web"), Channel::web);
    EXPECT_EQ(named("facebook"), Channel::facebook);
    EXPECT_EQ(named("twitter"), Channel::twitter);
}

TEST(Channel, names_compare_without_regard_to_ascii_case_and_print_as_written) {
    for (const auto& [a, b] : {std::pair{"phone", "PHONE"},
                               {"facebook", "FaceBook"},    // 8 bytes: exact
                               {"by letter", "By Letter"},  // 9 bytes: hashed
                               {"Community Forum (Premium plus)", "community forum (premium PLUS)"}}) {
        EXPECT_EQ(named(a), named(b));
        EXPECT_EQ(named(a).key(), named(b).key());
        EXPECT_EQ(fmt::format("{}", named(b)), b);
    }
}

TEST(Channel, other_letters_than_ascii_keep_their_case) {
    EXPECT_NE(named("Äon"), named("äon"));
    EXPECT_NE(named("[web"), named("{web")) << "no letters, though one bit apart";
    EXPECT_NE(named("@web"), named("`web"));
}

TEST(Channel, of_names_that_begin_alike_are_not_the_same) {
    EXPECT_NE(named("web"), named("webs"));
    EXPECT_NE(named("web"), named(std::string_view{"web\0", 4}));
    EXPECT_NE(named("support"), named("support1"));
    EXPECT_NE(named(std::string(30, 'x')), named(std::string(31, 'x')));
}

TEST(ChannelKey, tells_names_of_up_to_8_bytes_exactly) {
    EXPECT_TRUE(named("x").key().is_exact());
    EXPECT_TRUE(named("1234567").key().is_exact());
    EXPECT_TRUE(named("12345678").key().is_exact());
    EXPECT_FALSE(named("123456789").key().is_exact());
    EXPECT_FALSE(named(std::string(31, 'x')).key().is_exact());
}

TEST(ChannelKey, a_name_of_8_bytes_is_not_taken_for_a_shorter_one_and_its_size) {
    for (const char size : {'\1', '\2', '\3', '\4', '\5', '\6', '\7'}) {
        std::string longer(8, '\0');
        longer[0] = size;
        const std::string shorter(static_cast<std::size_t>(size), '\0');
        EXPECT_NE(named(longer).key(), named(shorter).key()) << int{size};
    }
    EXPECT_FALSE(named("\u00e4bcdefg").key().is_exact()) << "its highest bit is taken";
}

TEST(Channel, long_names_that_share_a_key_are_told_apart) {
    const Channel one = named("c2xjjvfslduxd");
    const Channel other = named("jfsbhxueeu20b");
    ASSERT_EQ(one.key(), other.key()) << "found by search";
    EXPECT_NE(one, other);
}

// Currencies.

TEST(Currency, knows_the_digits_of_its_minor_unit) {
    const auto digits = [](std::string_view code) { return Currency::of(code).value().digits(); };
    EXPECT_EQ(digits("EUR"), 2);
    EXPECT_EQ(digits("USD"), 2);
    EXPECT_EQ(digits("CHF"), 2);
    EXPECT_EQ(digits("JPY"), 0);
    EXPECT_EQ(digits("KRW"), 0);
    EXPECT_EQ(digits("ISK"), 0);
    EXPECT_EQ(digits("KWD"), 3);
    EXPECT_EQ(digits("BHD"), 3);
    EXPECT_EQ(digits("TND"), 3);
    EXPECT_EQ(digits("CLF"), 4);
    EXPECT_EQ(digits("UYW"), 4);
    EXPECT_EQ(eur.minor_units(), 100);
    EXPECT_EQ(jpy.minor_units(), 1);
    EXPECT_EQ(Currency::of("KWD")->minor_units(), 1000);
    EXPECT_EQ(Currency::of("CLF")->minor_units(), 10'000);
}

TEST(Currency, is_one_of_iso_4217_in_capitals) {
    for (const char* code : {"", "E", "EU", "EURO", "eur", "EUr", "XXX", "XAU", "ABC", "R U", " EU", "UR "}) {
        EXPECT_EQ(Currency::of(code), std::nullopt) << code;
    }
    EXPECT_EQ(Currency::of("GBP")->code(), "GBP");
    EXPECT_EQ(fmt::format("{}", gbp), "GBP");
}

TEST(Currency, the_default_is_none) {
    EXPECT_EQ(Currency{}.code(), "");
    EXPECT_NE(Currency{}, eur);
    EXPECT_EQ(Currency{}.minor_units(), 1);
}

}  // namespace
}  // namespace entitle
