#include "host/desk_policy.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "fault.hpp"
#include "plan_json.hpp"
#include "plan_policy.hpp"

namespace program {

namespace {

/// `field=value` as a plan would have it.
[[nodiscard]] Node choice_in(std::string_view written) {
    const std::size_t equals = written.find('=');
    Node node{Node::Kind::text, std::string{written.substr(0, equals)}, {}, {}};
    if (equals == std::string_view::npos) return node;
    node.text = written.substr(equals + 1);
    if (node.text == "true" || node.text == "false") node.kind = Node::Kind::boolean;
    else if (node.text == "null") node.kind = Node::Kind::null;
    else if (!node.text.empty() && node.text.find_first_not_of("0123456789") == std::string::npos)
        node.kind = Node::Kind::whole_number;
    return node;
}

/// `base,field=value,…` of what differs from a preset.
[[nodiscard]] std::pair<std::size_t, std::string> difference(const entitle::Policy& policy,
                                                             const entitle::policy::Preset& from) {
    const auto base = choices_of(from.policy);
    const auto is = choices_of(policy);
    std::pair<std::size_t, std::string> out{0, from.name};
    for (std::size_t i = 0; i < is.size(); ++i) {
        if (is[i] == base[i]) continue;
        ++out.first;
        out.second += fmt::format(",{}={}", is[i].first, is[i].second);
    }
    return out;
}

}  // namespace

Or<entitle::Policy> policy_in(const std::string& written) {
    Node node{Node::Kind::object, {}, {}, {}};
    std::string_view rest = written;
    bool is_first = true;
    while (is_first || !rest.empty()) {
        const std::size_t comma = rest.find(',');
        Node item = is_first ? Node{Node::Kind::text, "base", std::string{rest.substr(0, comma)}, {}}
                             : choice_in(rest.substr(0, comma));
        node.items.push_back(std::move(item));
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
        is_first = false;
    }
    entitle::Policy policy;
    Faults faults{"entitle"};
    read_policy(node, policy, faults);
    if (faults.count() != 0) return fail(ExitStatus::misuse, "unknown_policy", {});
    return policy;
}

std::string text_of(const entitle::Policy& policy) {
    auto nearest = difference(policy, entitle::policy::presets.front());
    for (const entitle::policy::Preset& preset : entitle::policy::presets) {
        if (auto other = difference(policy, preset); other.first < nearest.first) nearest = std::move(other);
    }
    return nearest.second;
}

}  // namespace program
