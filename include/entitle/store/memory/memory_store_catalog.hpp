#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "entitle/store/memory_store.hpp"

/// A `MemoryStore`'s templates and assignment rules: few, and read by no case.
namespace entitle::inline v0 {

inline Result<void> MemoryStore::keep(const Template& made) {
    Template copy = made;  // first: what was there stays where there is no memory for it
    templates_[made.id] = std::move(copy);
    return {};
}

inline Result<void> MemoryStore::keep(const AssignmentRule& rule) {
    if (!templates_.contains(rule.from)) return refuse(ErrorCode::unknown_template);
    rules_[{rule.product, rule.at_least}] = rule.from;
    return {};
}

inline Result<void> MemoryStore::drop(TemplateId id) {
    const bool is_used =
        std::any_of(rules_.begin(), rules_.end(), [id](const auto& rule) { return rule.second == id; });
    if (is_used) return refuse(ErrorCode::template_in_use);
    templates_.erase(id);
    return {};
}

inline Result<void> MemoryStore::drop(const AssignmentRule& rule) {
    rules_.erase({rule.product, rule.at_least});
    return {};
}

inline Result<void> MemoryStore::list(TemplateId only, std::vector<Template>& out) const {
    for (auto at = templates_.lower_bound(only); at != templates_.end(); ++at) {
        if (only && at->first != only) break;
        out.push_back(at->second);
    }
    return {};
}

inline Result<void> MemoryStore::list(ProductId only, std::vector<AssignmentRule>& out) const {
    for (const auto& [key, from] : rules_) {
        if (!only || key.first == only) out.push_back({key.first, key.second, from});
    }
    return {};
}

}  // namespace entitle::inline v0
