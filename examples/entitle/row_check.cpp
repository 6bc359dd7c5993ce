#include "row_check.hpp"

#include <chrono>
#include <utility>

#include <entitle/value/text.hpp>
#include <fmt/format.h>

#include "fault.hpp"
#include "text.hpp"

namespace program {

void report_bad_row(std::string_view file, const Row& row) {
    if (row.reported || !row.bad) return;
    complain(fmt::format("{}:{}:{}", file, row.line, row.bad->column), "bad_row: " + row.bad->reason);
}

void refuse_row(Row& row, std::string_view column, std::string reason) {
    if (!row.bad) row.bad = BadRow{std::string{column}, std::move(reason)};
}

bool is_readable(const CsvRecord& record, std::size_t columns, Row& row) {
    if (!record.broken.empty()) refuse_row(row, "row", std::string{record.broken});
    else if (record.columns != columns) {
        refuse_row(row, "row", fmt::format("{} columns, where the header has {}", record.columns, columns));
    }
    return !row.bad;
}

void check_utf8(const CsvRecord& record, Row& row) {
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
        if (entitle::code_points(record.fields[i])) continue;
        refuse_row(row, "row",
                   fmt::format("column {} is not UTF-8: \"{}\"", i + 1, printable(record.fields[i])));
        return;
    }
}

void check_key(Row& row, std::string_view column, std::string_view key) {
    if (entitle::code_points(key).value_or(0) <= max_key) return;
    refuse_row(row, column, fmt::format("\"{}\" is longer than {} characters", printable(key), max_key));
}

entitle::Channel check_origin(Row& row, std::string_view column, std::string_view name) {
    if (name.empty()) return {};
    if (const auto channel = entitle::Channel::named(name)) return *channel;
    refuse_row(row, column,
               fmt::format("\"{}\" is longer than {} bytes", printable(name), entitle::Channel::max_bytes));
    return {};
}

std::optional<entitle::Instant> check_instant(Row& row, std::string_view column, std::string_view text) {
    if (text.empty()) return std::nullopt;
    const auto instant = parse_at(text);
    if (!instant) {
        refuse_row(row, column, fmt::format("\"{}\" is not as 2014-07-01T09:00:00Z", printable(text)));
    }
    return instant;
}

std::optional<std::int64_t> parse_number(std::string_view text) {
    constexpr std::int64_t max_number = 1'000'000'000;
    std::int64_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
        if (number > max_number) return std::nullopt;
    }
    return number;
}

std::optional<int> parse_digits(std::string_view text) {
    if (text.empty() || text.size() > 9) return std::nullopt;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<entitle::Day> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = parse_digits(text.substr(0, 4));
    const auto month = parse_digits(text.substr(5, 2));
    const auto day = parse_digits(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const entitle::Day found{date::year{*year}, date::month{static_cast<unsigned>(*month)},
                             date::day{static_cast<unsigned>(*day)}};
    return found.ok() ? std::optional<entitle::Day>{found} : std::nullopt;
}

std::optional<entitle::Instant> parse_at(std::string_view text) {
    if (text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z') {
        return std::nullopt;
    }
    const auto day = parse_day(text.substr(0, 10));
    const auto hour = parse_digits(text.substr(11, 2));
    const auto minute = parse_digits(text.substr(14, 2));
    const auto second = parse_digits(text.substr(17, 2));
    if (!day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
        return std::nullopt;
    return date::sys_days{*day} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second};
}

}  // namespace program
