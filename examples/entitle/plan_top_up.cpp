#include "plan_top_up.hpp"

#include <utility>

#include <entitle/value/error_code.hpp>
#include <entitle/value/limits.hpp>
#include <fmt/format.h>

#include "plan_value.hpp"
#include "text.hpp"

namespace program {

using entitle::ErrorCode;

namespace {

void read_what(const Node& item, const std::string& path, const std::optional<entitle::Unit>& unit,
               entitle::Quantity& out, Faults& faults) {
    const auto amount = read_amount(item, path, unit, faults);
    if (!amount) return;
    out = *amount;
    if (amount->value != 0) return;
    faults.add(path, entitle::name_of(ErrorCode::total_out_of_range), "a top-up is of more than nothing");
}

/// One without `from` begins with its entitlement's coverage: whether it ends before that is the engine's to say.
void check_span(const entitle::TopUp& terms, const std::string& path, Faults& faults) {
    if (!terms.from || !terms.expires || *terms.expires > *terms.from) return;
    faults.add(path + ".expires", entitle::name_of(ErrorCode::top_up_span),
               fmt::format("{} is not after {}, when it begins", entitle::as_utc(*terms.expires),
                           entitle::as_utc(*terms.from)));
}

PlannedTopUp read_top_up(const Node& node, const std::string& path, const std::optional<entitle::Unit>& unit,
                         Faults& faults) {
    entitle::TopUp terms;
    read_members(node, path, {"amount"}, "a top-up has amount, channel, priority, from, expires and rollover",
                 faults, [&](const Node& item, const std::string& at) {
                     if (item.key == "amount") read_what(item, at, unit, terms.amount, faults);
                     else if (item.key == "channel") terms.channel = read_channel(item, at, faults);
                     else if (item.key == "priority") terms.priority = read_priority(item, at, faults);
                     else if (item.key == "from") terms.from = read_instant(item, at, faults);
                     else if (item.key == "expires") terms.expires = read_instant(item, at, faults);
                     else if (item.key == "rollover") terms.rollover = read_amount(item, at, unit, faults);
                     else return false;
                     return true;
                 });
    check_span(terms, path, faults);
    return {path, std::move(terms)};
}

}  // namespace

std::vector<PlannedTopUp> read_top_ups(const Node& node, const std::string& path,
                                       const std::optional<entitle::Unit>& unit, Faults& faults) {
    std::vector<PlannedTopUp> found;
    if (node.items.size() > entitle::max_top_ups) {
        faults.add(path, entitle::name_of(ErrorCode::too_many_top_ups),
                   fmt::format("an entitlement has at most {} at a time", grouped(entitle::max_top_ups)));
        return found;
    }
    read_list(node, path, faults, [&](const Node& element, const std::string& at) {
        found.push_back(read_top_up(element, at, unit, faults));
    });
    return found;
}

}  // namespace program
