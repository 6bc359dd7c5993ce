#pragma once

#include <algorithm>
#include <vector>

#include "entitle/engine.hpp"

/// Templates and assignment rules: how the engine keeps them, and what of them a command may need.
namespace entitle::inline v0 {

namespace detail {

/// An error of the catalog's says which command met it.
[[nodiscard]] inline Result<void> by(CommandKind command, const Result<void>& done) {
    return done ? done : as_refused(done.error(), command);
}

}  // namespace detail

inline Result<void> Engine::set_template(Template made) {
    const auto zone = Zone::named(made.agreement.coverage.time_zone);
    auto kept = rule::check_template(made, zone);
    if (kept) kept = store_->keep(made);
    return detail::by(CommandKind::set_template, kept);
}

inline Result<void> Engine::remove_template(TemplateId id) {
    std::vector<AssignmentRule> known;
    auto removed = store_->list(ProductId{}, known);
    const bool is_used =
        std::any_of(known.begin(), known.end(), [id](const AssignmentRule& rule) { return rule.from == id; });
    if (removed && is_used) removed = refuse(ErrorCode::template_in_use);
    if (removed) removed = store_->drop(id);
    return detail::by(CommandKind::remove_template, removed);
}

inline Result<void> Engine::set_rule(const AssignmentRule& rule) {
    std::vector<Template> used;
    auto kept = rule::check_rule(rule);
    if (kept) kept = store_->list(rule.from, used);
    if (kept && used.empty()) kept = refuse(ErrorCode::unknown_template);
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

inline Result<void> Engine::load_catalog(const Assign& command) {
    if (command.product.is_none()) return {};
    const bool is_there =
        std::any_of(catalog_.rules.begin(), catalog_.rules.end(),
                    [&](const AssignmentRule& rule) { return rule.product == command.product; });
    if (!is_there) {
        if (auto listed = store_->list(command.product, catalog_.rules); !listed) return listed;
    }
    const AssignmentRule* rule = rule::rule_for(command, catalog_);
    if (rule == nullptr || rule::find_template(catalog_, rule->from) != nullptr) return {};
    return store_->list(rule->from, catalog_.templates);
}

}  // namespace entitle::inline v0
