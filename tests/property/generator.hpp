#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "property/random.hpp"
#include "reference/model.hpp"

namespace entitle_property {

namespace model = entitle_reference;

/// A history's request ids are among 1 … so many.
constexpr int most_requests = 40;
/// … and its purchases among 1 … so many.
constexpr int most_purchases = 6;

using History = std::vector<model::Op>;

/// A small world in which commands meet often: few customers, few keys, few channels, one clock that jumps to
/// the edges of coverages and sometimes back.
class Generator {
public:
    /// The policy is the one under which the history will run: what is voided is known by its number there.
    explicit Generator(std::uint64_t seed, const model::Policy& policy = model::standard())
        : Generator{Random{seed}, policy} {}
    Generator(Random random, const model::Policy& policy);

    /// Some entitlements first, then anything; about `length` commands.
    [[nodiscard]] History history(int length);
    /// The next command of a history that grows elsewhere.
    [[nodiscard]] model::Op next();
    /// A question for `explain`, about whatever this world knows.
    [[nodiscard]] model::CaseFacts question();

    [[nodiscard]] long long now() const { return now_; }
    [[nodiscard]] int customers() const { return customers_; }
    [[nodiscard]] Random& random() { return random_; }

private:
    void begin_with(int customer, int key);
    void begin_with_templates();
    void concentrate_on_top_ups();
    [[nodiscard]] model::Op fresh();
    [[nodiscard]] model::Op repeated();
    [[nodiscard]] model::Op entitlement_op(model::Kind kind);
    [[nodiscard]] model::Op case_op(model::Kind kind);
    [[nodiscard]] model::Op template_op(model::Kind kind);
    [[nodiscard]] model::Op catalog_op(model::Kind kind);
    [[nodiscard]] int case_key(int customer, bool existing);
    [[nodiscard]] int entitlement_key(int customer, bool existing);
    [[nodiscard]] std::optional<int> assigned_key(int customer);
    void add_agreement(model::Op& op);
    void add_template(model::Op& op);
    void add_rule(model::Op& op);
    void add_purchase(model::Op& op);
    void use(int from, int customer, int key);
    void add_amounts(model::Op& op);
    void add_import(model::Op& op);
    void add_top_up(model::Op& op);
    void spoil_top_up(model::Op& op);
    void add_voided(model::Op& op);
    [[nodiscard]] long long soon(const model::Op& op);
    [[nodiscard]] std::optional<long long> due(int customer, int entitlement);
    void catch_up();
    void add_scope_items(model::Op& op);

    [[nodiscard]] model::Agreement agreement();
    [[nodiscard]] model::Agreement edited(model::Agreement from);
    void add_channels(model::Agreement& agreement);
    void add_period(model::Agreement& agreement);
    void add_scope(model::Agreement& agreement);
    void spoil(model::Agreement& agreement);
    void spoil_unit(model::Agreement& agreement);
    void spoil_channels(model::Agreement& agreement);
    [[nodiscard]] model::Allocation allocation();
    [[nodiscard]] std::string currency(model::Allocation allocation);
    [[nodiscard]] long long amount(model::Allocation allocation, int most_terms);
    [[nodiscard]] std::string channel_name();
    [[nodiscard]] std::vector<int> some_things();
    [[nodiscard]] model::Op made(model::Op op);
    void move_clock();
    [[nodiscard]] bool moves_to_what_is_due();

    Random random_;
    long long now_ = 0;
    long long usual_now_ = 0;
    bool away_ = false;  // the clock has jumped, and will come back
    int customers_ = 1;
    int entitlements_ = 3;
    int cases_ = 4;
    int requests_ = 6;
    int case_share_ = 70;     // percent of commands
    int template_share_ = 0;  // percent of commands, before the others share
    int templates_ = 3;
    model::Catalog catalog_;  // as last written down
    int purchases_ = most_purchases;
    std::map<std::pair<int, int>, model::Op> bought_;  // a customer's purchases, as first sent
    model::Allocation usual_allocation_ = model::Allocation::cases;
    bool huge_ = false;
    int period_share_ = 0;  // percent of the agreements that can have one
    int top_up_share_ = 0;  // percent of commands, before the others share
    std::vector<std::string> channels_;
    std::map<std::pair<int, int>, model::Agreement> agreements_;  // as last written down, valid or not
    std::set<std::pair<int, int>> opened_;                        // customer and case, admitted or not
    History sent_;
    model::Model world_;  // where a command asks for it: after so many of those sent
    std::size_t caught_up_ = 0;
};

}  // namespace entitle_property
