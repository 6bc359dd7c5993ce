#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "entitle/value/quantity_text.hpp"

// Amounts: exact, read and printed without a floating point.

namespace entitle {
namespace {

using namespace std::chrono_literals;

constexpr Unit in_cases{Allocation::cases, {}};
constexpr Unit in_hours{Allocation::hours, {}};
constexpr Unit in_eur{Allocation::money, eur};
constexpr Unit in_jpy{Allocation::money, jpy};
constexpr Unit in_kwd{Allocation::money, Currency::of("KWD").value()};
constexpr Unit in_clf{Allocation::money, Currency::of("CLF").value()};

struct Reading {
    std::string_view text;
    Unit unit;
    std::int64_t value;                 ///< base units
    ErrorCode error = ErrorCode::none;  ///< instead
};

constexpr Reading readings[] = {
    {"5", in_cases, 5},
    {"0", in_cases, 0},
    {"-3", in_cases, -3},
    {"-0", in_cases, 0},
    {"007", in_cases, 7},
    {"2.0", in_cases, 2},
    {"2.5", in_cases, 0, ErrorCode::total_not_whole},
    {"100000000000", in_cases, 100'000'000'000},
    {"100000000001", in_cases, 0, ErrorCode::total_out_of_range},
    {"99999999999999999999999999999999999999", in_cases, 0, ErrorCode::total_out_of_range},
    {"-99999999999999999999999999999999999999", in_cases, 0, ErrorCode::total_out_of_range},

    {"9.5", in_hours, 34'200},
    {"0.1", in_hours, 360},
    {"0.25", in_hours, 900},
    {"0.0025", in_hours, 9},
    {"0.00250000000000000000000000", in_hours, 9},
    {"0.0001", in_hours, 0, ErrorCode::total_not_whole},
    {"0.33", in_hours, 1188},
    {"0.333", in_hours, 0, ErrorCode::total_not_whole},
    {"9:30:00", in_hours, 34'200},
    {"0:00:01", in_hours, 1},
    {"-0:00:01", in_hours, -1},
    {"0:59:59", in_hours, 3599},
    {"100:00:00", in_hours, 360'000},
    {"0:60:00", in_hours, 0, ErrorCode::not_a_number},
    {"0:00:60", in_hours, 0, ErrorCode::not_a_number},
    {"9:30", in_hours, 0, ErrorCode::not_a_number},
    {"9:3:00", in_hours, 0, ErrorCode::not_a_number},
    {":30:00", in_hours, 0, ErrorCode::not_a_number},
    {"9:-1:00", in_hours, 0, ErrorCode::not_a_number},
    {"9:30:00.5", in_hours, 0, ErrorCode::not_a_number},
    {"9.5:00:00", in_hours, 0, ErrorCode::not_a_number},
    {"100000000000", in_hours, 360'000'000'000'000},
    {"100000000001:00:00", in_hours, 0, ErrorCode::total_out_of_range},
    {"99999999999999999999999:00:00", in_hours, 0, ErrorCode::total_out_of_range},

    {"12.50", in_eur, 1250},
    {"12.5", in_eur, 1250},
    {"12", in_eur, 1200},
    {"0.01", in_eur, 1},
    {"-0.01", in_eur, -1},
    {"0.005", in_eur, 0, ErrorCode::total_not_whole},
    {"0.010000", in_eur, 1},
    {"0.010001", in_eur, 0, ErrorCode::total_not_whole},
    {"100000000000", in_eur, 10'000'000'000'000},
    {"1", in_jpy, 1},
    {"1.0", in_jpy, 1},
    {"1.5", in_jpy, 0, ErrorCode::total_not_whole},
    {"0.005", in_kwd, 5},
    {"0.0005", in_kwd, 0, ErrorCode::total_not_whole},
    {"0.0001", in_clf, 1},

    {"", in_cases, 0, ErrorCode::not_a_number},
    {"-", in_cases, 0, ErrorCode::not_a_number},
    {"--5", in_cases, 0, ErrorCode::not_a_number},
    {"+5", in_cases, 0, ErrorCode::not_a_number},
    {" 5", in_cases, 0, ErrorCode::not_a_number},
    {"5 ", in_cases, 0, ErrorCode::not_a_number},
    {"five", in_cases, 0, ErrorCode::not_a_number},
    {"5x", in_cases, 0, ErrorCode::not_a_number},
    {"0x5", in_cases, 0, ErrorCode::not_a_number},
    {"1e3", in_cases, 0, ErrorCode::not_a_number},
    {"1,000", in_cases, 0, ErrorCode::not_a_number},
    {".", in_cases, 0, ErrorCode::not_a_number},
    {".5", in_eur, 0, ErrorCode::not_a_number},
    {"5.", in_eur, 0, ErrorCode::not_a_number},
    {"5.-1", in_eur, 0, ErrorCode::not_a_number},
    {"1.2.3", in_eur, 0, ErrorCode::not_a_number},
    {"nan", in_eur, 0, ErrorCode::not_a_number},
    {"inf", in_eur, 0, ErrorCode::not_a_number},
    {"9:30:00", in_cases, 0, ErrorCode::not_a_number},
    {"٥", in_cases, 0, ErrorCode::not_a_number},
    {{"5\0", 2}, in_cases, 0, ErrorCode::not_a_number},
};

TEST(ParseQuantity, reads_what_the_table_says) {
    for (const Reading& row : readings) {
        const auto read = parse_quantity(row.text, row.unit);
        SCOPED_TRACE(fmt::format("'{}' in {}", row.text, row.unit.allocation));
        if (row.error != ErrorCode::none) {
            ASSERT_FALSE(read.has_value());
            EXPECT_EQ(name_of(read.error().code), name_of(row.error));
            continue;
        }
        ASSERT_TRUE(read.has_value());
        EXPECT_EQ(read->value, row.value);
        EXPECT_EQ(read->unit, row.unit);
    }
}

TEST(ParseQuantity, is_known_at_compile_time) {
    static_assert(parse_quantity("9.5", in_hours).has_value());
    static_assert(!parse_quantity("2.5", in_cases));
}

TEST(Quantity, prints_what_it_reads) {
    const auto print = [](Quantity quantity) { return fmt::format("{}", quantity); };
    EXPECT_EQ(print(cases(5)), "5 cases");
    EXPECT_EQ(print(cases(1)), "1 case");
    EXPECT_EQ(print(cases(-1)), "-1 case");
    EXPECT_EQ(print(cases(0)), "0 cases");
    EXPECT_EQ(print(hours(9h + 30min)), "9:30:00 hours");
    EXPECT_EQ(print(hours(-1s)), "-0:00:01 hours");
    EXPECT_EQ(print(hours(1000h)), "1000:00:00 hours");
    EXPECT_EQ(print(money(12'50, eur)), "12.50 EUR");
    EXPECT_EQ(print(money(-5, eur)), "-0.05 EUR");
    EXPECT_EQ(print(money(12'50, jpy)), "1250 JPY");
    EXPECT_EQ(print(money(5, in_kwd.currency)), "0.005 KWD");
    EXPECT_EQ(print({-3, {Allocation::coverage_only, {}}}), "-3 cases");
    EXPECT_EQ(print(cases(std::numeric_limits<std::int64_t>::min())), "-9223372036854775808 cases");
    EXPECT_EQ(fmt::format("{}", Allocation::coverage_only), "coverage only");
}

TEST(Quantity, sums_of_one_sort_add_and_stop_at_the_ends) {
    static_assert(cases(2) + cases(3) == cases(5));
    static_assert(hours(20min) + hours(20min) + hours(20min) == hours(1h));
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(cases(most) + cases(1), cases(most));
    EXPECT_EQ(cases(-most) + cases(-most), cases(std::numeric_limits<std::int64_t>::min()));
}

TEST(Quantity, lies_within_the_limit_of_terms_of_its_unit) {
    EXPECT_TRUE(within_terms(max_terms, in_cases.per_term()));
    EXPECT_FALSE(within_terms(max_terms + 1, in_cases.per_term()));
    EXPECT_TRUE(within_terms(-max_terms * 3600, in_hours.per_term()));
    EXPECT_FALSE(within_terms(-max_terms * 3600 - 1, in_hours.per_term()));
    EXPECT_TRUE(within_terms(max_terms * 10'000, in_clf.per_term()));
    EXPECT_EQ(in_jpy.per_term(), 1);
}

}  // namespace
}  // namespace entitle
