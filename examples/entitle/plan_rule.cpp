#include "plan_rule.hpp"

#include <charconv>
#include <system_error>

#include <entitle/value/error_code.hpp>

#include "plan_value.hpp"

namespace program {

namespace {

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
    read_members(node, path, {"product", "at_least", "template"}, "a rule has product, at_least and template",
                 faults, [&](const Node& item, const std::string& at) {
                     if (item.key == "product") rule.product = read_key(item, at, faults);
                     else if (item.key == "template") rule.from = read_key(item, at, faults);
                     else if (item.key == "at_least") read_quantity(item, at, rule.at_least, faults);
                     else return false;
                     return true;
                 });
    return rule;
}

}  // namespace program
