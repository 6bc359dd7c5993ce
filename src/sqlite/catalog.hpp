#pragma once

#include <vector>

#include "entitle/value/template.hpp"

#include "connection.hpp"

/// Templates and assignment rules, inside the caller's transaction; what is appended is so whole or not at all.
namespace entitle::inline v0::sqlite {

[[nodiscard]] int keep(Connection& connection, const Template& made);
/// Off: its template is not there, and nothing is kept.
[[nodiscard]] int keep(Connection& connection, const AssignmentRule& rule, bool& is_kept);
/// Off: a rule refers to it, and it stays.
[[nodiscard]] int drop(Connection& connection, TemplateId id, bool& is_dropped);
[[nodiscard]] int drop(Connection& connection, const AssignmentRule& rule);
/// Appends what is there of it, or, where none is named, of all.
[[nodiscard]] int list(Connection& connection, TemplateId only, std::vector<Template>& out);
[[nodiscard]] int list(Connection& connection, ProductId only, std::vector<AssignmentRule>& out);

}  // namespace entitle::inline v0::sqlite
