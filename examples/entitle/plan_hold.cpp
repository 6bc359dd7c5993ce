#include "plan_hold.hpp"

#include <entitle/value/error_code.hpp>

#include "plan_value.hpp"

namespace program {

using entitle::ErrorCode;

namespace {

void read_held(const Node& item, const std::string& path, const std::optional<entitle::Unit>& unit,
               entitle::Quantity& out, Faults& faults) {
    const auto amount = read_amount(item, path, unit, faults);
    if (!amount) return;
    out = *amount;
    if (amount->value != 0) return;
    faults.add(path, entitle::name_of(ErrorCode::amount_out_of_range), "a hold is of more than nothing");
}

PlannedHold read_hold(const Node& node, const std::string& path, const std::optional<entitle::Unit>& unit,
                      Faults& faults) {
    PlannedHold out;
    out.path = path;
    read_members(node, path, {"case", "amount"}, "a hold has case, amount, origin and expires", faults,
                 [&](const Node& item, const std::string& at) {
                     if (item.key == "case") out.case_key = read_key(item, at, faults);
                     else if (item.key == "amount") read_held(item, at, unit, out.amount, faults);
                     else if (item.key == "origin") out.origin = read_channel(item, at, faults);
                     else if (item.key == "expires") out.expires = read_instant(item, at, faults);
                     else return false;
                     return true;
                 });
    return out;
}

}  // namespace

std::vector<PlannedHold> read_holds(const Node& node, const std::string& path,
                                    const std::optional<entitle::Unit>& unit, Faults& faults) {
    std::vector<PlannedHold> found;
    read_list(node, path, faults, [&](const Node& element, const std::string& at) {
        found.push_back(read_hold(element, at, unit, faults));
    });
    return found;
}

}  // namespace program
