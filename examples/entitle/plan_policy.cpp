#include "plan_policy.hpp"

#include <array>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "row_check.hpp"
#include "text.hpp"

namespace program {

namespace {

using entitle::Policy;

template <class E>
struct Choice {
    std::string_view name;
    E value;
};

constexpr std::array<Choice<entitle::Renewable>, 2> renewables{
    {{"canceled", entitle::Renewable::canceled},
     {"canceled_and_expired", entitle::Renewable::canceled_and_expired}}};
constexpr std::array<Choice<entitle::RenewalSpan>, 2> renewal_spans{
    {{"days", entitle::RenewalSpan::days}, {"whole_months", entitle::RenewalSpan::whole_months}}};
constexpr std::array<Choice<entitle::UnlistedChannel>, 2> unlisted_channels{
    {{"refuse", entitle::UnlistedChannel::refuse},
     {"admit_total_only", entitle::UnlistedChannel::admit_total_only}}};
constexpr std::array<Choice<entitle::ExhaustedAtOpening>, 2> exhausted_at_openings{
    {{"refuse", entitle::ExhaustedAtOpening::refuse}, {"admit", entitle::ExhaustedAtOpening::admit}}};
constexpr std::array<Choice<entitle::ExhaustedChannel>, 2> exhausted_channels{
    {{"refuse", entitle::ExhaustedChannel::refuse},
     {"count_negative", entitle::ExhaustedChannel::count_negative}}};
constexpr std::array<Choice<entitle::OriginChange>, 2> origin_changes{
    {{"ask_and_move", entitle::OriginChange::ask_and_move}, {"ignore", entitle::OriginChange::ignore}}};
constexpr std::array<Choice<entitle::ReactivationReturns>, 2> reactivation_returns{
    {{"what_stands", entitle::ReactivationReturns::what_stands},
     {"current_listing", entitle::ReactivationReturns::current_listing}}};
constexpr std::array<Choice<entitle::Overage>, 3> overages{{{"refuse", entitle::Overage::refuse},
                                                            {"negative", entitle::Overage::negative},
                                                            {"split", entitle::Overage::split}}};

/// A limit beyond every log, and within every clock.
constexpr int max_reopen_days = 1'000'000;

class PolicyReader {
public:
    PolicyReader(Policy& policy, Faults& faults) : policy_{policy}, faults_{faults} {}

    void read_base(const Node& node, const std::string& path);
    void read_object(const Node& node);

private:
    void read_field(const Node& node);
    void wrong_type(const Node& node, std::string_view wanted) {
        faults_.add("policy." + node.key, "wrong_type", fmt::format("{} is wanted", wanted));
    }
    template <class E, std::size_t count>
    void choose(const Node& node, const std::array<Choice<E>, count>& choices, E& field);
    void read_hold(const Node& node);
    void read_reopen(const Node& node);

    Policy& policy_;
    Faults& faults_;
};

void PolicyReader::read_base(const Node& node, const std::string& path) {
    if (node.kind != Node::Kind::text)
        return faults_.add(path, "wrong_type", "the name of a policy is wanted");
    if (const auto preset = entitle::policy::named(node.text)) policy_ = *preset;
    else {
        faults_.add(
            path, "unknown_policy",
            fmt::format("\"{}\" is none of standard, dynamics365, crm2014, desk", printable(node.text)));
    }
}

/// `base` first, wherever it stands.
void PolicyReader::read_object(const Node& node) {
    std::set<std::string_view> met;
    for (const Node& field : node.items) {
        if (!met.insert(field.key).second) faults_.add("policy." + field.key, "repeated_key", "given twice");
        else if (field.key == "base") read_base(field, "policy.base");
    }
    for (const Node& field : node.items) {
        if (field.key != "base") read_field(field);
    }
}

void PolicyReader::read_field(const Node& node) {
    const std::string_view key = node.key;
    if (key == "renewable") choose(node, renewables, policy_.renewable);
    else if (key == "renewal_span") choose(node, renewal_spans, policy_.renewal_span);
    else if (key == "unlisted_at_opening") choose(node, unlisted_channels, policy_.unlisted_at_opening);
    else if (key == "unlisted_at_resolution") choose(node, unlisted_channels, policy_.unlisted_at_resolution);
    else if (key == "exhausted_at_opening") choose(node, exhausted_at_openings, policy_.exhausted_at_opening);
    else if (key == "exhausted_channel") choose(node, exhausted_channels, policy_.exhausted_channel);
    else if (key == "origin_change") choose(node, origin_changes, policy_.origin_change);
    else if (key == "reactivation_returns") choose(node, reactivation_returns, policy_.reactivation_returns);
    else if (key == "overage") choose(node, overages, policy_.overage);
    else if (key == "hold_on_creation") read_hold(node);
    else if (key == "reopen_within_days") read_reopen(node);
    else faults_.add("policy." + node.key, "unknown_key", "a policy has no such choice");
}

template <class E, std::size_t count>
void PolicyReader::choose(const Node& node, const std::array<Choice<E>, count>& choices, E& field) {
    if (node.kind != Node::Kind::text) return wrong_type(node, "a text");
    std::string names;
    for (const Choice<E>& choice : choices) {
        if (choice.name == node.text) {
            field = choice.value;
            return;
        }
        names += (names.empty() ? "" : ", ") + std::string{choice.name};
    }
    faults_.add("policy." + node.key, "unknown_policy",
                fmt::format("\"{}\" is none of {}", printable(node.text), names));
}

void PolicyReader::read_hold(const Node& node) {
    if (node.kind != Node::Kind::boolean) return wrong_type(node, "true or false");
    policy_.hold_on_creation = node.text == "true";
}

void PolicyReader::read_reopen(const Node& node) {
    if (node.kind == Node::Kind::null) {
        policy_.reopen_within_days.reset();
        return;
    }
    const auto days = parse_digits(node.text);
    if (node.kind != Node::Kind::whole_number || !days || *days > max_reopen_days) {
        return wrong_type(
            node, fmt::format("null, or a whole number of days from 0 to {}", grouped(max_reopen_days)));
    }
    policy_.reopen_within_days = *days;
}

}  // namespace

void read_policy(const Node& node, Policy& policy, Faults& faults) {
    PolicyReader reader{policy, faults};
    if (node.kind == Node::Kind::object) reader.read_object(node);
    else reader.read_base(node, "policy");
}

namespace {

template <class E, std::size_t count>
std::string chosen(const std::array<Choice<E>, count>& choices, E value) {
    for (const Choice<E>& choice : choices) {
        if (choice.value == value) return std::string{choice.name};
    }
    return {};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> choices_of(const Policy& is) {
    return {{"renewable", chosen(renewables, is.renewable)},
            {"renewal_span", chosen(renewal_spans, is.renewal_span)},
            {"unlisted_at_opening", chosen(unlisted_channels, is.unlisted_at_opening)},
            {"unlisted_at_resolution", chosen(unlisted_channels, is.unlisted_at_resolution)},
            {"exhausted_at_opening", chosen(exhausted_at_openings, is.exhausted_at_opening)},
            {"exhausted_channel", chosen(exhausted_channels, is.exhausted_channel)},
            {"origin_change", chosen(origin_changes, is.origin_change)},
            {"reactivation_returns", chosen(reactivation_returns, is.reactivation_returns)},
            {"overage", chosen(overages, is.overage)},
            {"hold_on_creation", is.hold_on_creation ? "true" : "false"},
            {"reopen_within_days",
             is.reopen_within_days ? std::to_string(*is.reopen_within_days) : std::string{"null"}}};
}

}  // namespace program
