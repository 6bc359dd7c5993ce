#include "plan_top_up.hpp"

#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

#include <entitle/value/error_code.hpp>
#include <entitle/value/limits.hpp>
#include <fmt/format.h>

#include "plan_value.hpp"
#include "text.hpp"

namespace program {

using entitle::ErrorCode;

namespace {

class TopUpReader {
public:
    TopUpReader(std::string path, const std::optional<entitle::Unit>& unit, Faults& faults)
        : path_{std::move(path)}, unit_{unit}, faults_{faults} {}

    PlannedTopUp read(const Node& node);

private:
    [[nodiscard]] std::string at(std::string_view key) const { return fmt::format("{}.{}", path_, key); }
    void read_member(const Node& item);
    void read_what(const Node& item);
    void check_span();

    std::string path_;
    const std::optional<entitle::Unit>& unit_;
    Faults& faults_;
    std::set<std::string_view> met_;
    entitle::TopUp terms_;
};

PlannedTopUp TopUpReader::read(const Node& node) {
    if (node.kind != Node::Kind::object) {
        faults_.add(path_, "wrong_type", "an object is wanted");
        return {};
    }
    for (const Node& item : node.items) read_member(item);
    if (!met_.contains("amount")) faults_.add(at("amount"), "missing_key", "it is required");
    check_span();
    return {path_, std::move(terms_)};
}

/// The first of a repeated one.
void TopUpReader::read_member(const Node& item) {
    if (!met_.insert(item.key).second) faults_.add(at(item.key), "repeated_key", "given twice");
    else if (item.key == "amount") read_what(item);
    else if (item.key == "channel") terms_.channel = read_channel(item, at(item.key), faults_);
    else if (item.key == "priority") terms_.priority = read_priority(item, at(item.key), faults_);
    else if (item.key == "from") terms_.from = read_instant(item, at(item.key), faults_);
    else if (item.key == "expires") terms_.expires = read_instant(item, at(item.key), faults_);
    else if (item.key == "rollover") terms_.rollover = read_amount(item, at(item.key), unit_, faults_);
    else {
        faults_.add(at(item.key), "unknown_key",
                    "a top-up has amount, channel, priority, from, expires and rollover");
    }
}

void TopUpReader::read_what(const Node& item) {
    const auto amount = read_amount(item, at(item.key), unit_, faults_);
    if (!amount) return;
    terms_.amount = *amount;
    if (amount->value != 0) return;
    faults_.add(at(item.key), entitle::name_of(ErrorCode::total_out_of_range),
                "a top-up is of more than nothing");
}

/// One without `from` begins with its entitlement's coverage: whether it ends before that is the engine's to say.
void TopUpReader::check_span() {
    if (!terms_.from || !terms_.expires || *terms_.expires > *terms_.from) return;
    faults_.add(at("expires"), entitle::name_of(ErrorCode::top_up_span),
                fmt::format("{} is not after {}, when it begins", entitle::as_utc(*terms_.expires),
                            entitle::as_utc(*terms_.from)));
}

}  // namespace

std::vector<PlannedTopUp> read_top_ups(const Node& node, const std::string& path,
                                       const std::optional<entitle::Unit>& unit, Faults& faults) {
    std::vector<PlannedTopUp> found;
    if (node.kind != Node::Kind::list) {
        faults.add(path, "wrong_type", "a list of top-ups is wanted");
        return found;
    }
    if (node.items.size() > entitle::max_top_ups) {
        faults.add(path, entitle::name_of(ErrorCode::too_many_top_ups),
                   fmt::format("an entitlement has at most {} at a time", grouped(entitle::max_top_ups)));
        return found;
    }
    found.reserve(node.items.size());
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        found.push_back(TopUpReader{fmt::format("{}[{}]", path, i), unit, faults}.read(node.items[i]));
    }
    return found;
}

}  // namespace program
