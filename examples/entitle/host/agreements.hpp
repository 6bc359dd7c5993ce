#pragma once

#include <string>

#include <entitle/engine.hpp>

#include "host/session.hpp"
#include "plan.hpp"
#include "plan_json.hpp"

/// Between what a plan writes and what the engine takes: texts and ids.
namespace program {

/// Makes ids of what a plan names, and a draft of it. Keys that are new are made.
[[nodiscard]] Or<entitle::Draft> draft_of(Session& session, const PlannedEntitlement& planned);
[[nodiscard]] Or<entitle::Scope> scope_of(Session& session, const PlannedEntitlement& planned);
[[nodiscard]] Or<entitle::Scope> scope_of(Session& session, const PlannedKpi& planned);
/// The service level of a key, none where it is empty: `unknown_service_level`.
[[nodiscard]] Or<entitle::SlaId> level_in(Session& session, const std::string& key);

/// Keeps a template, or a rule, in the place of the former.
[[nodiscard]] Done keep_template(Session& session, const PlannedTemplate& planned);
[[nodiscard]] Done keep_rule(Session& session, const PlannedRule& planned);

/// An entitlement as a plan writes it, without its top-ups.
[[nodiscard]] Node node_of(Session& session, const entitle::Entitlement& one);
/// A template as a plan writes it.
[[nodiscard]] Node node_of(Session& session, const entitle::Template& one);

/// Adds what a scope lists, as a plan writes it.
void add_scope(Session& session, Node& object, const entitle::Scope& scope);

/// A member of an object.
[[nodiscard]] Node text_node(std::string key, std::string text);
[[nodiscard]] Node number_node(std::string key, std::int64_t value);
[[nodiscard]] Node flag_node(std::string key, bool value);
/// An amount in a plan's form: 5; 40 or "9:30:00"; "12.50".
[[nodiscard]] Node amount_node(std::string key, std::int64_t value, entitle::Unit unit);

}  // namespace program
