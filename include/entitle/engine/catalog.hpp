#pragma once

#include <algorithm>
#include <vector>

#include "entitle/engine.hpp"

/// Templates and assignment rules: how the engine keeps them, and what of them a command may need.
namespace entitle::inline v0 {

inline Result<void> Engine::set_template(Template made) {
    const auto zone = Zone::named(made.agreement.coverage.time_zone);
    auto kept = rule::check_template(made, zone);
    if (kept) kept = store_->keep(made);
    return detail::by(CommandKind::set_template, kept);
}

inline Result<void> Engine::remove_template(TemplateId id) {
    return detail::by(CommandKind::remove_template, store_->drop(id));
}

inline Result<void> Engine::set_rule(const AssignmentRule& rule) {
    auto kept = rule::check_rule(rule);
    if (kept) kept = store_->keep(rule);
    return detail::by(CommandKind::set_rule, kept);
}

inline Result<void> Engine::remove_rule(ProductId product, std::int64_t at_least) {
    return detail::by(CommandKind::remove_rule, store_->drop(AssignmentRule{product, at_least, {}}));
}

inline Result<std::vector<Template>> Engine::templates() const {
    std::vector<Template> known;
    if (auto listed = store_->list(TemplateId{}, known); !listed)
        return tl::unexpected<Error>{listed.error()};
    return known;
}

inline Result<std::vector<AssignmentRule>> Engine::rules() const {
    std::vector<AssignmentRule> known;
    if (auto listed = store_->list(ProductId{}, known); !listed) return tl::unexpected<Error>{listed.error()};
    return known;
}

/// Adds what the command may need to what is there. None of it is read twice for one batch, but what is not there.
inline Result<void> Engine::load_catalog(const Instantiate& command) {
    if (command.from.is_none() || rule::find_template(catalog_, command.from) != nullptr) return {};
    return store_->list(command.from, catalog_.templates);
}

/// A rule and its template are read one after the other: where another has changed the rule and removed the template in
/// between, they are read again.
inline Result<void> Engine::load_catalog(const Assign& command) {
    if (command.product.is_none()) return {};
    const auto is_of_product = [&](const AssignmentRule& rule) { return rule.product == command.product; };
    const auto& rules = catalog_.rules;
    constexpr int attempts = 3;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (attempt > 0) std::erase_if(catalog_.rules, is_of_product);
        if (std::none_of(rules.begin(), rules.end(), is_of_product)) {
            if (auto listed = store_->list(command.product, catalog_.rules); !listed) return listed;
        }
        const AssignmentRule* rule = rule::rule_for(command, catalog_);
        if (rule == nullptr || rule::find_template(catalog_, rule->from) != nullptr) return {};
        if (auto listed = store_->list(rule->from, catalog_.templates); !listed) return listed;
        if (rule::find_template(catalog_, rule->from) != nullptr) return {};
    }
    return {};
}

}  // namespace entitle::inline v0
