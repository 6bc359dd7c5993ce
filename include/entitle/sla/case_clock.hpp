#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "entitle/sla/calendars.hpp"
#include "entitle/sla/kpi.hpp"
#include "entitle/sla/service_level.hpp"
#include "entitle/value/case_service.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/kpi.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/service_level.hpp"
#include "entitle/value/support_case.hpp"

namespace entitle::inline v0::sla {

/// Section 11: what the events of a case do to the promises made to it by the service level that counts for it. Clocks
/// may go back: an instant before the last one at which something happened to the case's promises counts as that one.
///
/// `level` (none: nothing is promised) and `calendars` outlive it; the level has passed `check` with them. It keeps
/// nothing besides: threads may use one together, each for its own cases. It allocates only where promises are added.
class CaseClock {
public:
    CaseClock(const ServiceLevel* level, const Calendars& calendars)
        : level_{level}, calendars_{&calendars} {}

    /// The case has been opened, or something about it has changed that promises ask: its facts, its priority, its stage,
    /// the service level. Promises of another level, and those not made to such a case, are canceled; those that are made
    /// start now, unless they have been met, or missed, since the case was opened; clocks stand in the stages that pause
    /// them, and run in others.
    void follow(CaseService& is, const CaseFacts& about, Instant now) const {
        now = std::max(now, is.latest);
        is.level = level_ == nullptr ? SlaId{} : level_->id;
        for_each_open(is, [&](KpiInstance& kpi) {
            if (!is_known(kpi) || !applies(terms(kpi).applies, about, is.priority)) {
                kpi = ended(kpi, KpiEnd::canceled, now);
            } else {
                kpi = in_stage(kpi, is.stage, now);
            }
        });
        if (level_ != nullptr) start_missing(is, about, now);
        note(is, now);
    }

    /// The case has been opened again, in no stage and without a response: with the next `follow` every promise starts
    /// anew.
    static void reopen(CaseService& is, Instant now) {
        cancel(is, now);
        if (!is.kpis.empty()) ++is.opening;
        is.stage = {};
        is.is_responded = false;
    }

    /// The first response was given.
    void respond(CaseService& is, Instant now) const {
        now = std::max(now, is.latest);
        is.is_responded = true;
        for_each_open(is, [&](KpiInstance& kpi) {
            if (is_known(kpi) && terms(kpi).goal == KpiGoal::first_response)
                kpi = ended(kpi, KpiEnd::met, now);
        });
        note(is, now);
    }

    /// What one of the host's own promises waits for has happened. Errors: `unknown_kpi` (the service level makes no such
    /// promise), `kpi_not_own`, `kpi_not_open` (none of it is waited for).
    [[nodiscard]] Result<void> meet(CaseService& is, std::string_view kpi, Instant now) const {
        if (level_ == nullptr) return refuse(ErrorCode::unknown_kpi);
        const auto found = std::ranges::find(level_->kpis, kpi, &KpiTerms::name);
        if (found == level_->kpis.end()) return refuse(ErrorCode::unknown_kpi);
        if (found->goal != KpiGoal::own) return refuse(ErrorCode::kpi_not_own);
        now = std::max(now, is.latest);
        bool is_found = false;
        for_each_open(is, [&](KpiInstance& each) {
            if (!is_known(each) || &terms(each) != &*found) return;
            each = ended(each, KpiEnd::met, now);
            is_found = true;
        });
        if (!is_found) return refuse(ErrorCode::kpi_not_open);
        note(is, now);
        return {};
    }

    /// The case was resolved: that is its first response too, if it had none. The host's own promises are not waited for
    /// any more.
    void resolve(CaseService& is, Instant now) const {
        now = std::max(now, is.latest);
        for_each_open(is, [&](KpiInstance& kpi) {
            const bool is_met = is_known(kpi) && terms(kpi).goal != KpiGoal::own;
            kpi = ended(kpi, is_met ? KpiEnd::met : KpiEnd::canceled, now);
        });
        note(is, now);
    }

    /// The case was canceled.
    static void cancel(CaseService& is, Instant now) {
        now = std::max(now, is.latest);
        for_each_open(is, [&](KpiInstance& kpi) { kpi = ended(kpi, KpiEnd::canceled, now); });
        note(is, now);
    }

private:
    /// Whether an instance is of a promise that this level makes.
    [[nodiscard]] bool is_known(const KpiInstance& kpi) const {
        return level_ != nullptr && kpi.sla == level_->id && kpi.kpi < level_->kpis.size();
    }
    [[nodiscard]] const KpiTerms& terms(const KpiInstance& kpi) const { return level_->kpis[kpi.kpi]; }
    [[nodiscard]] const Calendar& calendar(const KpiTerms& terms) const {
        return (*calendars_)[terms.calendar];
    }

    template <class Do>
    static void for_each_open(CaseService& is, const Do& act) {
        for (KpiInstance& kpi : is.kpis) {
            if (kpi.is_open()) act(kpi);
        }
    }
    static void note(CaseService& is, Instant now) {
        if (!is.kpis.empty()) is.latest = now;
    }

    [[nodiscard]] KpiInstance in_stage(const KpiInstance& kpi, const Stage& stage, Instant now) const {
        const KpiTerms& of = terms(kpi);
        if (pauses(of, stage)) return paused(kpi, now);
        return counted_again(resumed(kpi, calendar(of), now), of, calendar(of));
    }

    void start_missing(CaseService& is, const CaseFacts& about, Instant now) const {
        const std::size_t had = is.kpis.size();
        const auto count = static_cast<std::uint16_t>(level_->kpis.size());
        for (std::uint16_t place = 0; place < count; ++place) {
            const KpiTerms& of = level_->kpis[place];
            const bool is_given = of.goal == KpiGoal::first_response && is.is_responded;
            if (is_given || !applies(of.applies, about, is.priority) || is_kept(is, had, place, now))
                continue;
            KpiInstance made = started(*level_, place, calendar(of), now);
            made.opening = is.opening;
            is.kpis.push_back(pauses(of, is.stage) ? paused(made, now) : made);
        }
        forget_oldest(is, now);
    }

    /// Whether one of the first `count` waits for it, or was met, or missed, since the case was opened.
    [[nodiscard]] bool is_kept(const CaseService& is, std::size_t count, std::uint16_t place,
                               Instant now) const {
        return std::any_of(is.kpis.begin(), is.kpis.begin() + static_cast<std::ptrdiff_t>(count),
                           [&](const KpiInstance& kpi) {
                               const bool is_it =
                                   is_known(kpi) && kpi.kpi == place && kpi.opening == is.opening;
                               return is_it && (kpi.end != KpiEnd::canceled || is_missed(kpi, now));
                           });
    }

    /// A case that goes back and forth for ever keeps what has ended last, and before that what is not promised again
    /// because it was met, or missed.
    static void forget_oldest(CaseService& is, Instant now) {
        std::size_t over = is.kpis.size() - std::min(is.kpis.size(), max_case_promises);
        const auto forget = [&](auto may_go) {
            std::erase_if(is.kpis, [&](const KpiInstance& kpi) {
                if (over == 0 || kpi.is_open() || !may_go(kpi)) return false;
                --over;
                return true;
            });
        };
        forget([&](const KpiInstance& kpi) {
            return kpi.opening != is.opening || (kpi.end == KpiEnd::canceled && !is_missed(kpi, now));
        });
        forget([](const KpiInstance&) { return true; });
    }

    const ServiceLevel* level_;
    const Calendars* calendars_;
};

}  // namespace entitle::inline v0::sla
