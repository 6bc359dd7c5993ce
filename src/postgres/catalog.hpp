#pragma once

#include <vector>

#include "entitle/value/template.hpp"

#include "connection.hpp"

/// Templates and assignment rules, inside the caller's transaction; what is appended is so whole or not at all.
namespace entitle::inline v0::postgres {

[[nodiscard]] Code keep(Connection& connection, const Template& made);
/// `referred`: its template is not there.
[[nodiscard]] Code keep(Connection& connection, const AssignmentRule& rule);
/// `referred`: a rule needs it.
[[nodiscard]] Code drop(Connection& connection, TemplateId id);
[[nodiscard]] Code drop(Connection& connection, const AssignmentRule& rule);
/// Appends what is there of it, or, where none is named, of all.
[[nodiscard]] Code list(Connection& connection, TemplateId only, std::vector<Template>& out);
[[nodiscard]] Code list(Connection& connection, ProductId only, std::vector<AssignmentRule>& out);

}  // namespace entitle::inline v0::postgres
