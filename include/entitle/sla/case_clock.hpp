#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "entitle/sla/calendars.hpp"
#include "entitle/sla/kpi.hpp"
#include "entitle/sla/service_level.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/kpi.hpp"
#include "entitle/value/service_level.hpp"

namespace entitle::inline v0::sla {

/// Section 11: what the events of a case do to the instances of the promises made to it. Of instances, those of
/// earlier openings and service levels have ended and stay; the others are of this service level.
///
/// `level` and `calendars` outlive it; the level has passed `check` with them. It keeps nothing besides: threads
/// may use one together, each for its own cases. It allocates only where instances are added.
class CaseClock {
public:
    CaseClock(const ServiceLevel& level, const Calendars& calendars)
        : level_{&level}, calendars_{&calendars} {}

    /// The case was opened, reactivated, or came to this service level: each promise that is made to such a case
    /// starts. One for a first response does not where that has been given.
    void start(std::vector<KpiInstance>& kpis, const KpiFacts& is, Instant now) const {
        for_each_promised(is, [&](std::uint16_t kpi) { start_one(kpis, kpi, is, now); });
    }

    /// The case is in this stage: clocks that pause in it stand, the others run.
    void enter(std::vector<KpiInstance>& kpis, const Stage& stage, Instant now) const {
        for_each_open(kpis, [&](KpiInstance& kpi) {
            kpi = pauses(terms(kpi), stage) ? paused(kpi, now) : resumed(kpi, calendar(kpi), now);
        });
    }

    /// The facts have changed: what is not promised to such a case any more is canceled, and what is now starts now,
    /// unless it has been met since the case was opened.
    void revise(std::vector<KpiInstance>& kpis, const KpiFacts& is, Instant now) const {
        for_each_open(kpis, [&](KpiInstance& kpi) {
            if (!applies(terms(kpi).applies, is)) kpi = ended(kpi, KpiEnd::canceled, now);
        });
        const auto had = kpis.size();
        for_each_promised(is, [&](std::uint16_t kpi) {
            if (!is_kept(kpis, had, kpi, is)) start_one(kpis, kpi, is, now);
        });
    }

    /// The first response was given.
    void respond(std::vector<KpiInstance>& kpis, Instant now) const {
        for_each_open(kpis, [&](KpiInstance& kpi) {
            if (terms(kpi).goal == KpiGoal::first_response) kpi = ended(kpi, KpiEnd::met, now);
        });
    }

    /// What one of the host's own promises waits for has happened. Errors: `unknown_kpi` (it has no such promise), `kpi_not_own`,
    /// `kpi_not_open` (none of it is waited for).
    [[nodiscard]] Result<void> meet(std::vector<KpiInstance>& kpis, std::size_t kpi, Instant now) const {
        if (kpi >= level_->kpis.size()) return refuse(ErrorCode::unknown_kpi);
        if (level_->kpis[kpi].goal != KpiGoal::own) return refuse(ErrorCode::kpi_not_own);
        bool is_found = false;
        for_each_open(kpis, [&](KpiInstance& each) {
            if (each.kpi != kpi) return;
            each = ended(each, KpiEnd::met, now);
            is_found = true;
        });
        return is_found ? Result<void>{} : Result<void>{refuse(ErrorCode::kpi_not_open)};
    }

    /// The case was resolved: that is its first response too, if it had none. The host's own promises are not
    /// waited for any more.
    void resolve(std::vector<KpiInstance>& kpis, Instant now) const {
        for_each_open(kpis, [&](KpiInstance& kpi) {
            const bool is_own = terms(kpi).goal == KpiGoal::own;
            kpi = ended(kpi, is_own ? KpiEnd::canceled : KpiEnd::met, now);
        });
    }

    /// The case was canceled or deleted, or goes to another service level.
    static void cancel(std::vector<KpiInstance>& kpis, Instant now) {
        for (KpiInstance& kpi : kpis) kpi = ended(kpi, KpiEnd::canceled, now);
    }

private:
    [[nodiscard]] const KpiTerms& terms(const KpiInstance& kpi) const { return level_->kpis[kpi.kpi]; }
    [[nodiscard]] const Calendar& calendar(const KpiInstance& kpi) const {
        return (*calendars_)[terms(kpi).calendar];
    }

    template <class Do>
    void for_each_open(std::vector<KpiInstance>& kpis, const Do& act) const {
        for (KpiInstance& kpi : kpis) {
            if (!kpi.is_open()) continue;
            assert(kpi.sla == level_->id && kpi.kpi < level_->kpis.size());
            act(kpi);
        }
    }

    template <class Do>
    void for_each_promised(const KpiFacts& is, const Do& act) const {
        for (std::size_t kpi = 0; kpi < level_->kpis.size(); ++kpi) {
            const KpiTerms& terms = level_->kpis[kpi];
            const bool is_given = terms.goal == KpiGoal::first_response && is.is_responded;
            if (!is_given && applies(terms.applies, is)) act(static_cast<std::uint16_t>(kpi));
        }
    }

    /// Whether one of the first `count` waits for it, or was met since the case was opened.
    [[nodiscard]] bool is_kept(const std::vector<KpiInstance>& kpis, std::size_t count, std::uint16_t kpi,
                               const KpiFacts& is) const {
        return std::any_of(
            kpis.begin(), kpis.begin() + static_cast<std::ptrdiff_t>(count), [&](const KpiInstance& each) {
                return each.sla == level_->id && each.kpi == kpi &&
                       (each.is_open() || (each.end == KpiEnd::met && each.started >= is.opened));
            });
    }

    void start_one(std::vector<KpiInstance>& kpis, std::uint16_t kpi, const KpiFacts& is, Instant now) const {
        const KpiTerms& terms = level_->kpis[kpi];
        KpiInstance made = started(*level_, kpi, (*calendars_)[terms.calendar], now);
        kpis.push_back(pauses(terms, is.stage) ? paused(made, now) : made);
    }

    const ServiceLevel* level_;
    const Calendars* calendars_;
};

}  // namespace entitle::inline v0::sla
