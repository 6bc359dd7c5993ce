#include "plan_value.hpp"

#include <charconv>
#include <cstddef>
#include <set>
#include <string_view>
#include <system_error>

#include <entitle/value/error_code.hpp>
#include <entitle/value/quantity_text.hpp>
#include <entitle/value/text.hpp>
#include <fmt/format.h>

#include "amount.hpp"
#include "row_check.hpp"
#include "text.hpp"

namespace program {

using entitle::Allocation;
using entitle::ErrorCode;

namespace {

std::string_view form_of(Allocation allocation) {
    if (allocation == Allocation::hours) return "a number of hours, or \"H:MM:SS\",";
    return allocation == Allocation::money ? "a text with a decimal number" : "a whole number";
}

/// Whether the value is of the type that the unit is written in.
bool has_form(const Node& node, Allocation allocation) {
    if (allocation == Allocation::money) return node.kind == Node::Kind::text;
    if (node.is_number()) return true;
    if (allocation != Allocation::hours || node.kind != Node::Kind::text) return false;
    const std::string_view text = node.text;
    return !text.empty() && text.front() != '-' && text.find(':') != std::string_view::npos;
}

}  // namespace

std::optional<entitle::Quantity> read_amount(const Node& node, const std::string& path,
                                             const std::optional<entitle::Unit>& unit, Faults& faults) {
    if (!unit) return std::nullopt;
    if (!has_form(node, unit->allocation)) {
        faults.add(path, "wrong_type", fmt::format("{} is wanted", form_of(unit->allocation)));
        return std::nullopt;
    }
    const auto found = entitle::parse_quantity(node.text, *unit);
    ErrorCode code = found ? ErrorCode::none : found.error().code;
    if (found && (found->value < 0 || !entitle::within_terms(found->value, unit->per_term()))) {
        code = ErrorCode::total_out_of_range;
    }
    if (code == ErrorCode::none) return *found;
    faults.add(path, entitle::name_of(code), why_no_amount(code, node.text, *unit));
    return std::nullopt;
}

std::string read_key(const Node& node, const std::string& path, Faults& faults) {
    if (node.kind != Node::Kind::text) {
        faults.add(path, "wrong_type", "a text is wanted");
        return {};
    }
    const std::size_t length = entitle::code_points(node.text).value_or(0);
    if (length >= 1 && length <= max_key) return node.text;
    faults.add(path, "key_length", fmt::format("a key has 1 to {} characters", max_key));
    return {};
}

entitle::Channel read_channel(const Node& node, const std::string& path, Faults& faults) {
    if (node.kind != Node::Kind::text) {
        faults.add(path, "wrong_type", "a text is wanted");
        return {};
    }
    const auto channel = entitle::Channel::named(node.text);
    if (channel) return *channel;
    faults.add(path, entitle::name_of(ErrorCode::channel_name), "a channel's name has 1 to 31 bytes");
    return {};
}

std::optional<entitle::Instant> read_instant(const Node& node, const std::string& path, Faults& faults) {
    if (node.kind != Node::Kind::text) {
        faults.add(path, "wrong_type", "a text is wanted");
        return std::nullopt;
    }
    const auto found = parse_at(node.text);
    if (!found) {
        faults.add(path, "instant_invalid",
                   fmt::format("\"{}\" is not as 2014-07-01T09:00:00Z", printable(node.text)));
    }
    return found;
}

void read_members(const Node& node, const std::string& path, std::initializer_list<std::string_view> needed,
                  std::string_view has, Faults& faults,
                  const std::function<bool(const Node& item, const std::string& path)>& take) {
    if (node.kind != Node::Kind::object) return faults.add(path, "wrong_type", "an object is wanted");
    std::set<std::string_view> met;
    for (const Node& item : node.items) {
        const std::string at = fmt::format("{}.{}", path, item.key);
        if (!met.insert(item.key).second) faults.add(at, "repeated_key", "given twice");
        else if (!take(item, at)) faults.add(at, "unknown_key", has);
    }
    for (const std::string_view key : needed) {
        if (!met.contains(key)) faults.add(fmt::format("{}.{}", path, key), "missing_key", "it is required");
    }
}

void read_list(const Node& node, const std::string& path, Faults& faults,
               const std::function<void(const Node& element, const std::string& path)>& take) {
    if (node.kind != Node::Kind::list) return faults.add(path, "wrong_type", "a list is wanted");
    for (std::size_t i = 0; i < node.items.size(); ++i) take(node.items[i], fmt::format("{}[{}]", path, i));
}

std::int32_t read_priority(const Node& node, const std::string& path, Faults& faults) {
    constexpr std::int32_t usual = 100;
    std::int32_t value = usual;
    const char* const end = node.text.data() + node.text.size();
    const auto read = std::from_chars(node.text.data(), end, value);
    if (node.kind == Node::Kind::whole_number && read.ec == std::errc{} && read.ptr == end) return value;
    faults.add(path, "wrong_type", "a whole number of at most 32 bits is wanted");
    return usual;
}

}  // namespace program
