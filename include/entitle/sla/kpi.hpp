#pragma once

#include <algorithm>
#include <cassert>
#include <chrono>
#include <optional>

#include "entitle/sla/calendar.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/kpi.hpp"
#include "entitle/value/service_level.hpp"

/// Section 11: the clock of one promise. What is asked or changed is always given the instant; what changes an instance
/// comes in the order of time (`CaseClock` sees to that). Nothing allocates.
namespace entitle::inline v0::sla {

namespace detail {

/// `after` from then on, or never where the calendar is not open for so long.
[[nodiscard]] inline Instant moved(Instant at, const Calendar& calendar, std::chrono::microseconds by) {
    return at == KpiInstance::never ? at : calendar.add(at, by).value_or(KpiInstance::never);
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
    return kpi.fail_at <= std::min(now, kpi.stopped()) && kpi.fail_at != KpiInstance::never;
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

/// The next instant after `after` at which time alone brings, or has brought, another status; nothing where none does.
/// At `fail_at` that is the miss, at any other the warning.
[[nodiscard]] constexpr std::optional<Instant> next_change(const KpiInstance& kpi, Instant after) {
    const Instant next = kpi.warn_at > after ? std::min(kpi.warn_at, kpi.fail_at) : kpi.fail_at;
    const bool comes = next > after && next <= kpi.stopped() && next != KpiInstance::never;
    return comes ? std::optional{next} : std::nullopt;
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
    if (kpi.stopped() == KpiInstance::never && !is_missed(kpi, at)) kpi.paused_since = at;
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

/// What the calendar had no time for when it was counted, it may have now.
[[nodiscard]] inline KpiInstance counted_again(KpiInstance kpi, const KpiTerms& terms,
                                               const Calendar& calendar) {
    if (!is_running(kpi) || kpi.fail_at != KpiInstance::never) return kpi;
    kpi.fail_at = detail::moved(kpi.started, calendar, terms.fail_after + kpi.paused);
    if (kpi.warn_at == KpiInstance::never && terms.warn_after) {
        kpi.warn_at = detail::moved(kpi.started, calendar, *terms.warn_after + kpi.paused);
    }
    return kpi;
}

/// Ends it, paused or not: met or canceled. What has ended stays as it ended.
[[nodiscard]] constexpr KpiInstance ended(KpiInstance kpi, KpiEnd how, Instant now) {
    assert(how != KpiEnd::none);
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
    const auto run = calendar.between(kpi.started, std::min(now, kpi.stopped())) - kpi.paused;
    return std::max(run, std::chrono::microseconds{0});
}

}  // namespace entitle::inline v0::sla
