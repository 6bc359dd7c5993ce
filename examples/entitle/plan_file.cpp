#include "plan_file.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "plan_calendar.hpp"
#include "plan_entitlement.hpp"
#include "plan_json.hpp"
#include "plan_policy.hpp"
#include "plan_rule.hpp"
#include "plan_sla.hpp"
#include "text.hpp"

namespace program {

namespace {

class PlanReader final : public PlanPieces {
public:
    PlanReader(Plan& plan, Faults& faults) : plan_{plan}, faults_{faults} {}

    bool begin(const std::string& key) override;
    void piece(const std::string& path, const Node& node) override;
    void listed(const std::string& path, const Node& element) override;
    /// What can only be said of the whole.
    void finish();

private:
    Plan& plan_;
    Faults& faults_;
    void add_entitlement(const std::string& path, const Node& element);
    void add_template(const std::string& path, const Node& element);
    void add_rule(const std::string& path, const Node& element);
    void note_promise(const PlannedEntitlement& made) {
        if (!made.sla.empty()) promised_.push_back({made.path, made.sla});
    }

    std::set<std::string> met_, ids_, with_default_, templates_;
    std::set<std::pair<std::string, std::int64_t>> rules_;
    std::vector<NamedServiceLevel> promised_;
};

constexpr std::array<std::string_view, 5> plan_lists{"entitlements", "templates", "rules", "calendars",
                                                     "service_levels"};

bool PlanReader::begin(const std::string& key) {
    const bool is_known = std::find(plan_lists.begin(), plan_lists.end(), key) != plan_lists.end() ||
                          key == "policy" || key == "for_each_customer";
    if (!is_known) {
        faults_.add(key, "unknown_key",
                    "a plan has policy, entitlements, for_each_customer, templates, rules, calendars and "
                    "service_levels");
        return false;
    }
    if (met_.insert(key).second) return true;
    faults_.add(key, "repeated_key", "given twice");
    return false;
}

void PlanReader::piece(const std::string& path, const Node& node) {
    const bool is_list = std::find(plan_lists.begin(), plan_lists.end(), path) != plan_lists.end();
    if (is_list) faults_.add(path, "wrong_type", "a list is wanted");
    else if (path == "policy") {
        plan_.names_policy = true;
        read_policy(node, plan_.policy, faults_);
    } else {
        plan_.for_each_customer = read_for_each(node, path, faults_);
        note_promise(*plan_.for_each_customer);
    }
}

void PlanReader::listed(const std::string& path, const Node& element) {
    if (path.starts_with("templates")) add_template(path, element);
    else if (path.starts_with("rules")) add_rule(path, element);
    else if (path.starts_with("calendars")) {
        plan_.written_calendars.push_back(read_calendar(element, path, faults_));
    } else if (path.starts_with("service_levels")) {
        plan_.service_levels.push_back(read_service_level(element, path, faults_));
    } else add_entitlement(path, element);
}

void PlanReader::add_template(const std::string& path, const Node& element) {
    auto one = read_template(element, path, faults_);
    note_promise(one.made);
    if (!one.made.id.empty() && !templates_.insert(one.made.id).second) {
        faults_.add(path + ".id", "duplicate_id",
                    fmt::format("\"{}\" is given twice", printable(one.made.id)));
    }
    if (faults_.count() == 0) plan_.templates.push_back(std::move(one));
}

void PlanReader::add_rule(const std::string& path, const Node& element) {
    auto rule = read_rule(element, path, faults_);
    if (!rules_.emplace(rule.product, rule.at_least).second) {
        faults_.add(path + ".at_least", "duplicate_rule", "the product has a rule for as many already");
    }
    plan_.rules.push_back(std::move(rule));
}

void PlanReader::add_entitlement(const std::string& path, const Node& element) {
    auto one = read_entitlement(element, path, faults_);
    note_promise(one);
    if (!one.id.empty() && !ids_.insert(one.id).second) {
        faults_.add(path + ".id", "duplicate_id", fmt::format("\"{}\" is given twice", printable(one.id)));
    }
    if (one.draft.is_default && !one.customer.empty() && !with_default_.insert(one.customer).second) {
        faults_.add(path + ".default", "two_defaults",
                    fmt::format("\"{}\" has a default already", printable(one.customer)));
    }
    if (faults_.count() == 0) plan_.entitlements.push_back(std::move(one));
}

void PlanReader::finish() {
    const auto is_given = [this](const char* key) { return met_.contains(key); };
    if (!is_given("entitlements") && !is_given("for_each_customer") && !is_given("templates") &&
        !is_given("service_levels") && !is_given("calendars")) {
        faults_.add("entitlements", "missing_key",
                    "entitlements, for_each_customer, templates, service_levels or calendars is needed");
    }
    for (const PlannedRule& rule : plan_.rules) {
        if (rule.from.empty() || templates_.contains(rule.from)) continue;
        faults_.add(rule.path + ".template", "unknown_template",
                    fmt::format("\"{}\" is no template of the plan", printable(rule.from)));
    }
    finish_service_levels(plan_, faults_);
    if (is_given("service_levels")) check_promised(plan_, promised_, faults_);
}

}  // namespace

std::optional<Plan> read_plan(const std::string& path, Faults& faults) {
    Plan plan;
    PlanReader reader{plan, faults};
    if (read_plan_json(path, plan_lists, reader, faults)) reader.finish();
    return faults.count() == 0 ? std::optional{std::move(plan)} : std::nullopt;
}

}  // namespace program
