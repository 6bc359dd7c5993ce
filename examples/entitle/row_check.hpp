#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <entitle/value/channel.hpp>
#include <entitle/value/instant.hpp>

#include "csv.hpp"
#include "event.hpp"

/// What makes a row bad, whatever the format. The first reason stays.
namespace program {

/// One line of standard error: `events.csv:12:minutes: bad_row: reason`.
void report_bad_row(std::string_view file, const Row& row);

void refuse_row(Row& row, std::string_view column, std::string reason);

/// Well quoted, with as many columns as the header.
bool is_readable(const CsvRecord& record, std::size_t columns, Row& row);
void check_utf8(const CsvRecord& record, Row& row);
/// At most `max_key` code points.
void check_key(Row& row, std::string_view column, std::string_view key);
/// None where it is empty.
[[nodiscard]] entitle::Channel check_origin(Row& row, std::string_view column, std::string_view name);

/// None where it is empty.
[[nodiscard]] std::optional<entitle::Instant> check_instant(Row& row, std::string_view column,
                                                            std::string_view text);

/// Exactly `2014-07-01T09:00:00Z`.
[[nodiscard]] std::optional<entitle::Instant> parse_at(std::string_view text);
/// Exactly `2014-07-01`, a day that exists.
[[nodiscard]] std::optional<entitle::Day> parse_day(std::string_view text);
/// A whole number, 0 to 1,000,000,000; empty is 0.
[[nodiscard]] std::optional<std::int64_t> parse_number(std::string_view text);
/// Digits only, and not more than nine of them.
[[nodiscard]] std::optional<int> parse_digits(std::string_view text);

}  // namespace program
