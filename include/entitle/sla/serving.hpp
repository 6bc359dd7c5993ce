#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "entitle/sla/case_clock.hpp"
#include "entitle/sla/service_levels.hpp"
#include "entitle/value/case_command.hpp"
#include "entitle/value/case_service.hpp"
#include "entitle/value/command_kind.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/view.hpp"

/// Section 11: what the commands about a case do to the promises made to it.
namespace entitle::inline v0::sla {

namespace detail {

/// A case's promises while a command changes them.
class Serving {
public:
    Serving(const View& view, const ServiceLevels& levels, const Plan& plan)
        : levels_{levels}, plan_{plan}, is_{view.service == nullptr ? CaseService{} : *view.service} {
        const std::uint32_t row = view.find(plan.support_case.entitlement);
        if (row != no_row) of_entitlement_ = view.rows[row].record->agreement.sla;
    }

    [[nodiscard]] CaseService& is() { return is_; }

    /// By the service level that counts now: its own, the entitlement's, the default. One that is not kept promises
    /// nothing.
    [[nodiscard]] CaseClock choose() const { return clock(chosen_for(is_.own)); }
    [[nodiscard]] SlaId chosen_for(SlaId own) const {
        return chosen(own, of_entitlement_, levels_.by_default());
    }
    /// By the one that was chosen last.
    [[nodiscard]] CaseClock of_level() const { return clock(is_.level); }

    void follow(const CaseClock& by) { by.follow(is_, plan_.support_case.facts, plan_.at); }
    [[nodiscard]] Instant now() const { return plan_.at; }

private:
    [[nodiscard]] CaseClock clock(SlaId level) const { return {levels_.find(level), levels_.calendars()}; }

    const ServiceLevels& levels_;
    const Plan& plan_;
    CaseService is_;
    SlaId of_entitlement_{};
};

inline Result<void> serve(Serving& serving, const OpenCase& command) {
    CaseService& is = serving.is();
    is.priority = command.priority;
    is.stage = command.stage;
    is.own = command.sla;
    serving.follow(serving.choose());
    return {};
}
inline Result<void> serve(Serving& serving, const ReactivateCase&) {
    CaseClock::reopen(serving.is(), serving.now());
    serving.follow(serving.choose());
    return {};
}
inline Result<void> serve(Serving& serving, const ResolveCase&) {
    serving.of_level().resolve(serving.is(), serving.now());
    return {};
}
inline Result<void> serve(Serving& serving, const CancelCase&) {
    CaseClock::cancel(serving.is(), serving.now());
    return {};
}
inline Result<void> serve(Serving& serving, const DeleteCase&) {
    serving.is() = {};
    return {};
}
inline Result<void> serve(Serving& serving, const ChangeEntitlement&) {
    serving.follow(serving.choose());
    return {};
}
inline Result<void> serve(Serving& serving, const RespondToCase&) {
    serving.of_level().respond(serving.is(), serving.now());
    return {};
}
inline Result<void> serve(Serving& serving, const ChangeStage& command) {
    serving.is().stage = command.stage;
    serving.follow(serving.of_level());
    return {};
}
inline Result<void> serve(Serving& serving, const ChangePriority& command) {
    serving.is().priority = command.priority;
    serving.follow(serving.of_level());
    return {};
}
inline Result<void> serve(Serving& serving, const ChangeServiceLevel& command) {
    serving.is().own = command.sla;
    serving.follow(serving.choose());
    return {};
}
inline Result<void> serve(Serving& serving, const MeetKpi& command) {
    return serving.of_level().meet(serving.is(), command.kpi, serving.now());
}
/// A change of one of its facts.
template <class C>
requires(C::kind >= CommandKind::change_origin &&
         C::kind <= CommandKind::change_case_type) Result<void> serve(Serving& serving, const C&) {
    serving.follow(serving.of_level());
    return {};
}

/// The service level that a command names.
template <class C>
[[nodiscard]] SlaId named_by(const C& command) {
    if constexpr (requires { command.sla; }) return command.sla;
    else return {};
}

/// Whether the service level that a case has is chosen anew.
template <class C>
inline constexpr bool chooses =
    C::kind == CommandKind::open_case || C::kind == CommandKind::reactivate_case ||
    C::kind == CommandKind::change_entitlement || C::kind == CommandKind::change_service_level;

/// Whether it only ends what was promised, by no calendar.
template <class C>
inline constexpr bool only_ends = C::kind == CommandKind::cancel_case || C::kind == CommandKind::delete_case;

/// Whether there is a zone for each calendar by which a command counts.
template <class C>
[[nodiscard]] bool can_count(Serving& serving, const C& command, const ServiceLevels& levels) {
    if constexpr (only_ends<C>) return true;
    if constexpr (chooses<C>) {
        constexpr bool names =
            C::kind == CommandKind::open_case || C::kind == CommandKind::change_service_level;
        const SlaId own = names ? named_by(command) : serving.is().own;
        if (!levels.can_count(serving.chosen_for(own))) return false;
    }
    return levels.can_count(serving.is().level);
}

}  // namespace detail

/// Whether a command may concern service levels.
template <class C>
inline constexpr bool is_served = requires(detail::Serving& serving, const C& command) {
    detail::serve(serving, command);
};

/// Adds to a plan that was decided what the command does to the promises made to its case. A plan that records nothing
/// changes none of them. `unknown_service_level`; `unknown_time_zone`, of a calendar that it would count by; of
/// `MeetKpi`: see there.
template <class C>
requires is_served<C>
[[nodiscard]] Result<void> serve(const C& command, const View& view, const ServiceLevels& levels,
                                 Plan& plan) {
    if (plan.entries.empty()) return {};
    const SlaId named = detail::named_by(command);
    if (named && levels.find(named) == nullptr) return refuse(ErrorCode::unknown_service_level);
    detail::Serving serving{view, levels, plan};
    if (!detail::can_count(serving, command, levels)) return refuse(ErrorCode::unknown_time_zone);
    if (auto served = detail::serve(serving, command); !served) return served;
    const bool is_same = view.service == nullptr ? serving.is().is_empty() : serving.is() == *view.service;
    if (!is_same) plan.service = std::move(serving.is());
    return {};
}

/// Of a case's running promises of a goal, the soonest.
[[nodiscard]] inline Deadline deadline(const CaseService& service, const ServiceLevels& levels,
                                       KpiGoal goal) {
    Deadline soonest;
    const ServiceLevel* level = levels.find(service.level);
    for (const KpiInstance& kpi : service.kpis) {
        if (!is_running(kpi) || level == nullptr || kpi.sla != level->id || kpi.kpi >= level->kpis.size())
            continue;
        if (level->kpis[kpi.kpi].goal != goal || kpi.fail_at >= soonest.fail_at) continue;
        soonest = {kpi.warn_at, kpi.fail_at};
    }
    return soonest;
}

}  // namespace entitle::inline v0::sla
