#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "entitle/engine.hpp"

/// Service levels: how the engine keeps them, and what commands and queries make of them.
namespace entitle::inline v0 {

inline Result<sla::ServiceLevels> Engine::service_levels() const {
    std::vector<ServiceTerms> kept;
    if (auto listed = store_->list(kept); !listed) return tl::unexpected<Error>{listed.error()};
    sla::ServiceLevels read;
    if (auto loaded = read.load(kept); !loaded) return tl::unexpected<Error>{loaded.error()};
    return read;
}

inline Result<void> Engine::reload_service_levels() {
    nobodys_levels_.clear();
    return read_levels();
}

inline Result<void> Engine::read_levels() {
    auto read = service_levels();
    if (!read) return tl::unexpected<Error>{read.error()};
    levels_ = std::move(*read);
    has_levels_ = true;
    return {};
}

/// One that agreements name and nobody keeps is looked for once.
inline Result<void> Engine::know_level(SlaId id) {
    if (!id || levels_.find(id) != nullptr || nobodys_levels_.contains(id)) return {};
    if (auto read = read_levels(); !read) return read;
    if (levels_.find(id) == nullptr) nobodys_levels_.insert(id);
    return {};
}

template <class C>
[[gnu::noinline]] Result<void> Engine::know_levels(const C& command) {
    const SlaId named = sla::detail::named_by(command);
    if (named && levels_.find(named) == nullptr) {
        if (auto read = read_levels(); !read) return read;
    }
    if (view_.service != nullptr) {
        if (auto known = know_level(view_.service->level); !known) return known;
    }
    const std::uint32_t row = view_.names_level ? view_.find(plan_.support_case.entitlement) : no_row;
    return row == no_row ? Result<void>{} : know_level(view_.rows[row].record->agreement.sla);
}

namespace detail {

[[nodiscard]] inline Result<void> check(CalendarId id, const sla::BusinessHours& hours) {
    sla::Calendars alone;
    return alone.set(id, hours);
}

}  // namespace detail

/// What comes after the store has kept it cannot fail for the store's sake.
inline Result<void> Engine::keep_terms(const ServiceTerms& terms) {
    if (!has_levels_) {
        if (auto read = read_levels(); !read) return read;
    }
    if (auto kept = store_->keep(terms); !kept) return kept;
    nobodys_levels_.clear();
    return levels_.add(terms);
}

inline Result<void> Engine::set_calendar(CalendarId id, const sla::BusinessHours& hours) {
    auto kept = detail::check(id, hours);
    if (kept) kept = keep_terms({ServiceTerms::Kind::calendar, id.bits(), sla::text_of(hours)});
    return detail::by(CommandKind::set_calendar, kept);
}

/// Its calendars may be another's, and its id taken by another meanwhile.
inline Result<void> Engine::set_service_level(const ServiceLevel& level) {
    auto kept = reload_service_levels();
    if (kept) kept = sla::check(level, levels_.calendars());
    if (kept) kept = store_->keep({ServiceTerms::Kind::service_level, level.id.bits(), sla::text_of(level)});
    if (kept) kept = reload_service_levels();
    if (kept && *levels_.find(level.id) != level) kept = refuse(ErrorCode::service_level_exists);
    return detail::by(CommandKind::set_service_level, kept);
}

inline Result<void> Engine::set_default_service_level(SlaId id) {
    auto kept = reload_service_levels();
    if (kept && id && levels_.find(id) == nullptr) kept = refuse(ErrorCode::unknown_service_level);
    if (kept)
        kept = keep_terms({ServiceTerms::Kind::default_service, ServiceTerms::default_id, sla::text_of(id)});
    return detail::by(CommandKind::set_default_service_level, kept);
}

inline Result<void> Engine::tell_deadlines(Receipt& receipt) {
    if (view_.service == nullptr) {
        receipt.set_deadlines({});
        return {};
    }
    if (auto known = know_level(view_.service->level); !known) return known;
    receipt.set_deadlines(deadlines(*view_.service));
    return {};
}

template <class C>
[[gnu::noinline]] Result<void> Engine::serve(const C& command, Result<void> decided) {
    if constexpr (sla::is_served<C>) decided = sla::serve(command, view_, levels_, plan_);
    const CaseService* after = plan_.service ? &*plan_.service : view_.service;
    if (after != nullptr) plan_.deadlines = deadlines(*after);
    return decided;
}

namespace detail {

[[nodiscard]] inline Promise promise_of(const KpiInstance& kpi, const sla::ServiceLevels& levels,
                                        Instant now) {
    Promise out;
    out.kpi = kpi;
    out.status = sla::status_of(kpi, now);
    const ServiceLevel* level = levels.find(kpi.sla);
    if (level == nullptr || kpi.kpi >= level->kpis.size()) return out;
    const KpiTerms& terms = level->kpis[kpi.kpi];
    const sla::Calendar& calendar = levels.calendars()[terms.calendar];
    out.name = terms.name;
    out.goal = terms.goal;
    out.elapsed = sla::elapsed(kpi, calendar, now);
    out.paused = sla::paused_total(kpi, calendar, now);
    return out;
}

}  // namespace detail

inline Result<CaseService> Engine::case_service(CustomerId customer, CaseId id) const {
    const auto owner = customer ? Result<CustomerId>{customer} : store_->customer_of(id);
    if (!owner) return tl::unexpected<Error>{owner.error()};
    const Footprint footprint{*owner, id, {}, {}};
    if (auto begun = store_->begin({&footprint, 1}, Access::read, policy_print_); !begun) {
        return tl::unexpected<Error>{begun.error()};
    }
    const detail::OpenUnit open{*store_};
    View view;
    if (const auto looked = store_->view(footprint, view); !looked)
        return tl::unexpected<Error>{looked.error()};
    if (!view.has_case) return refuse(ErrorCode::unknown_case);
    return view.service == nullptr ? CaseService{} : *view.service;
}

inline Result<std::vector<Promise>> Engine::promises(CustomerId customer, CaseId id, Instant now) const {
    const auto service = case_service(customer, id);
    if (!service) return tl::unexpected<Error>{service.error()};
    std::vector<Promise> out;
    if (service->kpis.empty()) return out;
    const auto levels = service_levels();
    if (!levels) return tl::unexpected<Error>{levels.error()};
    for (const KpiInstance& kpi : service->kpis) {
        if (!levels->can_count(kpi.sla)) return refuse(ErrorCode::unknown_time_zone);
        out.push_back(detail::promise_of(kpi, *levels, now));
    }
    return out;
}

inline Result<std::vector<DuePromise>> Engine::due(Instant until, CustomerId customer) const {
    std::vector<ServedCase> cases;
    for (Cursor cursor; !cursor.done;) {
        if (auto told = store_->due(until, customer, cursor, cases); !told) {
            return tl::unexpected<Error>{told.error()};
        }
    }
    std::vector<DuePromise> out;
    for (const ServedCase& one : cases) {
        for (const KpiInstance& kpi : one.service.kpis) {
            if (!is_running(kpi) || kpi.fail_at > until || kpi.fail_at == KpiInstance::never) continue;
            out.push_back({one.customer, one.id, one.entitlement, kpi});
        }
    }
    std::ranges::stable_sort(out, {}, [](const DuePromise& promise) { return promise.kpi.fail_at; });
    return out;
}

namespace detail {

/// Appends what time alone changes of a case's promises in (after, until].
inline void changes_of(const ServedCase& served, const Entitlement& entitlement, Instant after, Instant until,
                       std::vector<Change>& out) {
    for (const KpiInstance& kpi : served.service.kpis) {
        for (auto at = sla::next_change(kpi, after); at && *at <= until; at = sla::next_change(kpi, *at)) {
            const auto kind = *at == kpi.fail_at ? Change::Kind::kpi_missed : Change::Kind::kpi_nearing;
            const Status status = rule::status_of(entitlement, *at);
            out.push_back({kind, *at, served.customer, entitlement.id, entitlement.sequence, status, status,
                           0, served.id, kpi.sla, kpi.kpi});
        }
    }
}

}  // namespace detail

inline Result<std::vector<Change>> Engine::kpi_changes(std::span<const Entitlement> known, Instant after,
                                                       Instant until, CustomerId customer) const {
    std::vector<ServedCase> cases;
    for (Cursor cursor; !cursor.done;) {
        const Filter filter{.customer = customer, .changed_after = after};
        if (auto told = store_->scan(filter, cursor, cases); !told)
            return tl::unexpected<Error>{told.error()};
    }
    std::map<std::pair<CustomerId, EntitlementId>, const Entitlement*> by_id;
    if (!cases.empty()) {
        for (const Entitlement& one : known) by_id[{one.customer, one.id}] = &one;
    }
    std::vector<Change> out;
    for (const ServedCase& one : cases) {
        const auto entitlement = by_id.find({one.customer, one.entitlement});
        if (entitlement != by_id.end()) detail::changes_of(one, *entitlement->second, after, until, out);
    }
    return out;
}

}  // namespace entitle::inline v0
