#include "plan_hold.hpp"

#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

#include <entitle/value/error_code.hpp>
#include <fmt/format.h>

#include "plan_value.hpp"

namespace program {

using entitle::ErrorCode;

namespace {

class HoldReader {
public:
    HoldReader(std::string path, const std::optional<entitle::Unit>& unit, Faults& faults)
        : unit_{unit}, faults_{faults} {
        out_.path = std::move(path);
    }

    PlannedHold read(const Node& node);

private:
    [[nodiscard]] std::string at(std::string_view key) const { return fmt::format("{}.{}", out_.path, key); }
    void read_member(const Node& item);
    void read_what(const Node& item);

    const std::optional<entitle::Unit>& unit_;
    Faults& faults_;
    std::set<std::string_view> met_;
    PlannedHold out_;
};

PlannedHold HoldReader::read(const Node& node) {
    if (node.kind != Node::Kind::object) {
        faults_.add(out_.path, "wrong_type", "an object is wanted");
        return {};
    }
    for (const Node& item : node.items) read_member(item);
    for (const std::string_view key : {"case", "amount"}) {
        if (!met_.contains(key)) faults_.add(at(key), "missing_key", "it is required");
    }
    return std::move(out_);
}

/// The first of a repeated one.
void HoldReader::read_member(const Node& item) {
    if (!met_.insert(item.key).second) faults_.add(at(item.key), "repeated_key", "given twice");
    else if (item.key == "case") out_.case_key = read_key(item, at(item.key), faults_);
    else if (item.key == "amount") read_what(item);
    else if (item.key == "origin") out_.origin = read_channel(item, at(item.key), faults_);
    else if (item.key == "expires") out_.expires = read_instant(item, at(item.key), faults_);
    else faults_.add(at(item.key), "unknown_key", "a hold has case, amount, origin and expires");
}

void HoldReader::read_what(const Node& item) {
    const auto amount = read_amount(item, at(item.key), unit_, faults_);
    if (!amount) return;
    out_.amount = *amount;
    if (amount->value != 0) return;
    faults_.add(at(item.key), entitle::name_of(ErrorCode::amount_out_of_range),
                "a hold is of more than nothing");
}

}  // namespace

std::vector<PlannedHold> read_holds(const Node& node, const std::string& path,
                                    const std::optional<entitle::Unit>& unit, Faults& faults) {
    std::vector<PlannedHold> found;
    if (node.kind != Node::Kind::list) {
        faults.add(path, "wrong_type", "a list of holds is wanted");
        return found;
    }
    found.reserve(node.items.size());
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        found.push_back(HoldReader{fmt::format("{}[{}]", path, i), unit, faults}.read(node.items[i]));
    }
    return found;
}

}  // namespace program
