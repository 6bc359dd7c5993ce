#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <entitle/engine.hpp>

#include "host/session.hpp"
#include "view/told.hpp"
#include "view/words.hpp"

/// How what service levels promise is written for people and for programs.
namespace program {

/// What a promise of a service level is called; `-` where the level is not kept.
[[nodiscard]] std::string kpi_name(const entitle::sla::ServiceLevels& levels, entitle::SlaId sla,
                                   std::uint16_t kpi);

/// `first response`, `resolution` or `own`
[[nodiscard]] std::string_view goal_words(entitle::KpiGoal goal);
/// `in progress`, `missed` …
[[nodiscard]] std::string_view words_for(entitle::KpiStatus status);
/// … marked where it is missed.
[[nodiscard]] Cell status_cell(entitle::KpiStatus status);

/// What time does to a promise: `resolve of K-1 is missed`.
[[nodiscard]] std::string words_for_kpi(Session& session, const entitle::sla::ServiceLevels& levels,
                                        const entitle::Change& change);

/// `; respond by 2014-07-01 10:00; resolve by …`, of what is promised, in the entitlement's zone.
[[nodiscard]] std::string deadline_words(Session& session, const entitle::Receipt& receipt);
void add_deadlines(const entitle::Receipt& receipt, Json& json);

/// What service levels ask of a case: those that are said.
void add_service(Session& session, const entitle::CaseService& service, FactList& facts, Json& json);
/// A line for each promise to a case, as it is now.
[[nodiscard]] Told promise_list(Session& session, std::span<const entitle::Promise> promises,
                                const LocalClock& clock);

}  // namespace program
