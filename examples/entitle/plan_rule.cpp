#include "plan_rule.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <set>
#include <string_view>

#include <entitle/value/error_code.hpp>
#include <entitle/value/text.hpp>
#include <fmt/format.h>

#include "text.hpp"

namespace program {

namespace {

void read_key(const Node& node, const std::string& path, std::string& out, Faults& faults) {
    const std::size_t length = entitle::code_points(node.text).value_or(0);
    if (node.kind != Node::Kind::text) faults.add(path, "wrong_type", "a text is wanted");
    else if (length < 1 || length > max_key) {
        faults.add(path, "key_length", fmt::format("a key has 1 to {} characters", max_key));
    }
    out = node.text;
}

void read_quantity(const Node& node, const std::string& path, std::int64_t& out, Faults& faults) {
    const std::string& text = node.text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (node.kind != Node::Kind::whole_number || end != text.data() + text.size()) {
        faults.add(path, "wrong_type", "a whole number is wanted");
    } else if (error != std::errc{} || out < 0) {
        faults.add(path, entitle::name_of(entitle::ErrorCode::quantity_out_of_range),
                   "a rule is for 0 or more");
    }
}

}  // namespace

PlannedRule read_rule(const Node& node, const std::string& path, Faults& faults) {
    PlannedRule rule;
    rule.path = path;
    if (node.kind != Node::Kind::object) {
        faults.add(path, "wrong_type", "an object is wanted");
        return rule;
    }
    std::set<std::string_view> met;
    for (const Node& item : node.items) {
        const std::string place = fmt::format("{}.{}", path, item.key);
        if (!met.insert(item.key).second) faults.add(place, "repeated_key", "given twice");
        else if (item.key == "product") read_key(item, place, rule.product, faults);
        else if (item.key == "template") read_key(item, place, rule.from, faults);
        else if (item.key == "at_least") read_quantity(item, place, rule.at_least, faults);
        else faults.add(place, "unknown_key", "a rule has product, at_least and template");
    }
    for (const std::string_view key : {"product", "at_least", "template"}) {
        if (!met.contains(key)) faults.add(fmt::format("{}.{}", path, key), "missing_key", "it is required");
    }
    return rule;
}

}  // namespace program
