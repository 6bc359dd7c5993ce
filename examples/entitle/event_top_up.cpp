#include "event_top_up.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "amount.hpp"
#include "row_check.hpp"
#include "text.hpp"

namespace program {

namespace {

std::string check_amount(Row& row, std::string_view column, std::string_view text) {
    if (is_amount(text)) return std::string{text};
    refuse_row(row, column,
               fmt::format("\"{}\" is neither a decimal number nor as 9:30:00", printable(text)));
    return {};
}

void check_priority(Row& row, std::string_view text) {
    if (text.empty()) return;
    const char* const end = text.data() + text.size();
    std::int32_t priority = 0;
    const auto read = std::from_chars(text.data(), end, priority);
    if (read.ec == std::errc{} && read.ptr == end) row.event.priority = priority;
    else {
        refuse_row(row, "priority",
                   fmt::format("\"{}\" is not a whole number of at most 32 bits", printable(text)));
    }
}

}  // namespace

void read_top_up(Row& row, const TopUpColumns& columns) {
    Event& event = row.event;
    if (columns.amount.empty()) refuse_row(row, "amount", "it is needed here");
    event.amount = check_amount(row, "amount", columns.amount);
    check_priority(row, columns.priority);
    event.from = check_instant(row, "from", columns.from);
    event.expires = check_instant(row, "expires", columns.expires);
    if (!columns.rollover.empty()) event.rollover = check_amount(row, "rollover", columns.rollover);
}

void read_void_top_up(Row& row, std::string_view amount) {
    const auto place = parse_number(amount);
    if (place && *place > 0) row.event.top_up = *place;
    else {
        refuse_row(row, "amount",
                   fmt::format("\"{}\" is not a whole number from 1 to 1,000,000,000", printable(amount)));
    }
}

}  // namespace program
