#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "entitle/sla/calendar.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/kpi.hpp"
#include "entitle/value/service_level.hpp"

/// Section 11: the clock of one promise. What is asked or changed is always given the instant; the clocks of
/// hosts differ, so an instant may lie before an earlier one: it then counts as that one. Nothing allocates.
namespace entitle::inline v0::sla {

namespace detail {

/// `after` from then on, or never where the calendar is not open for so long.
[[nodiscard]] inline Instant moved(Instant at, const Calendar& calendar, std::chrono::microseconds by) {
    return at == KpiInstance::never ? at : calendar.add(at, by).value_or(KpiInstance::never);
}

/// When the clock stopped: at an end, or at a pause that is not over. Never: it runs.
[[nodiscard]] constexpr Instant stopped(const KpiInstance& kpi) {
    return std::min(kpi.ended, kpi.paused_since);
}

/// The business time of the pause that is under way, or that it ended in.
[[nodiscard]] inline std::chrono::microseconds last_pause(const KpiInstance& kpi, const Calendar& calendar,
                                                          Instant now) {
    const Instant until = std::min(now, kpi.ended);
    return kpi.paused_since < until ? calendar.between(kpi.paused_since, until)
                                    : std::chrono::microseconds{0};
}

}  // namespace detail

/// Whether its time was over before it was met, canceled or paused. Nothing changes that any more.
[[nodiscard]] constexpr bool is_missed(const KpiInstance& kpi, Instant now) {
    return kpi.fail_at <= std::min(now, detail::stopped(kpi)) && kpi.fail_at != KpiInstance::never;
}

/// What it is at an instant, going by what is known of it. What is met at the very instant of `fail_at` is late.
[[nodiscard]] constexpr KpiStatus status_of(const KpiInstance& kpi, Instant now) {
    if (is_missed(kpi, now)) return KpiStatus::noncompliant;
    if (kpi.end == KpiEnd::met) return KpiStatus::succeeded;
    if (kpi.end == KpiEnd::canceled) return KpiStatus::canceled;
    if (kpi.is_paused()) return KpiStatus::paused;
    return kpi.warn_at <= now && kpi.warn_at != KpiInstance::never ? KpiStatus::nearing_noncompliance
                                                                   : KpiStatus::in_progress;
}

/// The next instant after `after` at which time alone brings another status; nothing where none does.
[[nodiscard]] constexpr std::optional<Instant> next_change(const KpiInstance& kpi, Instant after) {
    if (detail::stopped(kpi) != KpiInstance::never) return std::nullopt;
    const Instant next = kpi.warn_at > after ? std::min(kpi.warn_at, kpi.fail_at) : kpi.fail_at;
    return next > after && next != KpiInstance::never ? std::optional{next} : std::nullopt;
}

/// An instance of the `kpi`-th promise of a service level, whose clock starts now.
/// What the calendar has no time for never comes.
[[nodiscard]] inline KpiInstance started(const ServiceLevel& level, std::uint16_t kpi,
                                         const Calendar& calendar, Instant now) {
    const KpiTerms& terms = level.kpis[kpi];
    KpiInstance made;
    made.sla = level.id;
    made.kpi = kpi;
    made.started = now;
    if (terms.warn_after) made.warn_at = detail::moved(now, calendar, *terms.warn_after);
    made.fail_at = detail::moved(now, calendar, terms.fail_after);
    return made;
}

/// Stops the clock, unless it stands, or its time is over.
[[nodiscard]] constexpr KpiInstance paused(KpiInstance kpi, Instant now) {
    const Instant at = std::max(now, kpi.started);
    if (detail::stopped(kpi) == KpiInstance::never && !is_missed(kpi, at)) kpi.paused_since = at;
    return kpi;
}

/// Lets the clock run again: what had not come moves by the business time of the pause.
[[nodiscard]] inline KpiInstance resumed(KpiInstance kpi, const Calendar& calendar, Instant now) {
    if (!kpi.is_open() || !kpi.is_paused()) return kpi;
    const auto pause = detail::last_pause(kpi, calendar, now);
    if (kpi.warn_at > kpi.paused_since) kpi.warn_at = detail::moved(kpi.warn_at, calendar, pause);
    kpi.fail_at = detail::moved(kpi.fail_at, calendar, pause);
    kpi.paused += pause;
    kpi.paused_since = KpiInstance::never;
    return kpi;
}

/// Ends it, paused or not. What has ended stays as it ended.
[[nodiscard]] constexpr KpiInstance ended(KpiInstance kpi, KpiEnd how, Instant now) {
    if (!kpi.is_open()) return kpi;
    kpi.end = how;
    kpi.ended = std::max(now, kpi.is_paused() ? kpi.paused_since : kpi.started);
    return kpi;
}

/// The business time for which it has been paused in all.
[[nodiscard]] inline std::chrono::microseconds paused_total(const KpiInstance& kpi, const Calendar& calendar,
                                                            Instant now) {
    return kpi.paused + detail::last_pause(kpi, calendar, now);
}

/// The business time that its clock has run: until it ended, and on past `fail_at` where that is later.
[[nodiscard]] inline std::chrono::microseconds elapsed(const KpiInstance& kpi, const Calendar& calendar,
                                                       Instant now) {
    const auto run = calendar.between(kpi.started, std::min(now, detail::stopped(kpi))) - kpi.paused;
    return std::max(run, std::chrono::microseconds{0});
}

}  // namespace entitle::inline v0::sla
