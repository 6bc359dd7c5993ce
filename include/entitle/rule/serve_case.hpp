#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "entitle/rule/change_case.hpp"
#include "entitle/rule/posting.hpp"
#include "entitle/value/case_command.hpp"
#include "entitle/value/case_service.hpp"

/// What is told of an open case for its service level (section 11): an entry notes it, and moves nothing. What it does to
/// the case's promises is `sla::serve`'s to say.
namespace entitle::inline v0::rule {

namespace detail {

/// What a case is now, or nothing.
template <class T>
[[nodiscard]] T served(const View& view, T CaseService::*fact) {
    return view.service == nullptr ? T{} : view.service->*fact;
}

[[nodiscard]] inline Result<void> note_service(Plan& plan, const Facts& facts, std::uint32_t row,
                                               std::string_view what) {
    plan.case_change = CaseChange::update;
    plan.reason = what;
    note(plan, row, origin_channel(facts.view, row, plan.support_case.facts.origin));
    return {};
}

/// Notes that one of its facts changes, unless it is so already.
template <class C, class T>
[[nodiscard]] Result<void> change_service(const C& command, const Facts& facts, Plan& plan,
                                          T CaseService::*fact, const T& to, std::string_view what) {
    const auto row = begin_change(plan, command, facts);
    if (!row) return tl::unexpected<Error>{row.error()};
    if (served(facts.view, fact) == to) return {};
    return note_service(plan, facts, *row, what);
}

}  // namespace detail

[[nodiscard]] inline Result<void> decide(const RespondToCase& command, const Facts& facts, Plan& plan) {
    return detail::change_service(command, facts, plan, &CaseService::is_responded, true, {});
}

[[nodiscard]] inline Result<void> decide(const ChangeStage& command, const Facts& facts, Plan& plan) {
    return detail::change_service(command, facts, plan, &CaseService::stage, command.stage,
                                  command.stage.name());
}

[[nodiscard]] inline Result<void> decide(const ChangePriority& command, const Facts& facts, Plan& plan) {
    return detail::change_service(command, facts, plan, &CaseService::priority, command.priority,
                                  fmt::to_string(command.priority));
}

[[nodiscard]] inline Result<void> decide(const ChangeServiceLevel& command, const Facts& facts, Plan& plan) {
    return detail::change_service(command, facts, plan, &CaseService::own, command.sla,
                                  fmt::format("{}", command.sla));
}

[[nodiscard]] inline Result<void> decide(const MeetKpi& command, const Facts& facts, Plan& plan) {
    const auto row = begin_change(plan, command, facts);
    if (!row) return tl::unexpected<Error>{row.error()};
    return detail::note_service(plan, facts, *row, command.kpi);
}

}  // namespace entitle::inline v0::rule
