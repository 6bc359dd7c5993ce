#include "plan_file.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "plan_entitlement.hpp"
#include "plan_json.hpp"
#include "plan_policy.hpp"
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
    std::set<std::string> met_, ids_, with_default_;
};

bool PlanReader::begin(const std::string& key) {
    constexpr std::array<std::string_view, 3> known{"policy", "entitlements", "for_each_customer"};
    if (std::find(known.begin(), known.end(), key) == known.end()) {
        faults_.add(key, "unknown_key", "a plan has policy, entitlements and for_each_customer");
        return false;
    }
    if (met_.insert(key).second) return true;
    faults_.add(key, "repeated_key", "given twice");
    return false;
}

void PlanReader::piece(const std::string& path, const Node& node) {
    if (path == "policy") read_policy(node, plan_.policy, faults_);
    else if (path == "entitlements") faults_.add(path, "wrong_type", "a list is wanted");
    else plan_.for_each_customer = read_entitlement(node, path, true, faults_);
}

void PlanReader::listed(const std::string& path, const Node& element) {
    auto one = read_entitlement(element, path, false, faults_);
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
    if (!met_.contains("entitlements") && !met_.contains("for_each_customer")) {
        faults_.add("entitlements", "missing_key", "entitlements or for_each_customer is needed");
    }
}

}  // namespace

std::optional<Plan> read_plan(const std::string& path, Faults& faults) {
    Plan plan;
    PlanReader reader{plan, faults};
    if (read_plan_json(path, "entitlements", reader, faults)) reader.finish();
    return faults.count() == 0 ? std::optional{std::move(plan)} : std::nullopt;
}

}  // namespace program
