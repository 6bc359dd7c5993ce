#pragma once

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "entitle/sla/calendars.hpp"
#include "entitle/sla/service_level.hpp"
#include "entitle/sla/service_terms_text.hpp"
#include "entitle/value/business_hours.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/service_level.hpp"
#include "entitle/value/service_terms.hpp"

namespace entitle::inline v0::sla {

/// What a desk promises (section 11): its service levels, the calendars that they count by, and the one that is the
/// default. Made once, then read only: threads may read one together.
class ServiceLevels {
public:
    /// Takes what a store keeps, calendars first, in the place of all that was there. `database_corrupt`: it is not
    /// what was kept; then all is as before. By a calendar whose zone this system's database does not have nothing can be
    /// counted: see `can_count`.
    [[nodiscard]] Result<void> load(std::span<const ServiceTerms> kept) {
        ServiceLevels read;
        for (const auto kind : {ServiceTerms::Kind::calendar, ServiceTerms::Kind::service_level,
                                ServiceTerms::Kind::default_service}) {
            for (const ServiceTerms& terms : kept) {
                if (terms.kind != kind) continue;
                if (auto added = read.add(terms); !added) return added;
            }
        }
        *this = std::move(read);
        return {};
    }

    /// Whether there is none: then nothing is promised to any case.
    [[nodiscard]] bool is_empty() const { return levels_.empty(); }
    [[nodiscard]] const ServiceLevel* find(SlaId id) const {
        const auto found = levels_.find(id);
        return found == levels_.end() ? nullptr : &found->second;
    }
    /// Whether the zones of its calendars are known here; of one that is not kept nothing is counted.
    [[nodiscard]] bool can_count(SlaId id) const {
        const ServiceLevel* level = find(id);
        return level == nullptr || std::ranges::all_of(level->kpis, [this](const KpiTerms& terms) {
                   return calendars_.can_count(terms.calendar);
               });
    }
    [[nodiscard]] const std::map<SlaId, ServiceLevel>& all() const { return levels_; }
    [[nodiscard]] const Calendars& calendars() const { return calendars_; }
    /// The calendars as they were written down.
    [[nodiscard]] const std::map<CalendarId, BusinessHours>& hours() const { return hours_; }
    [[nodiscard]] SlaId by_default() const { return default_; }

    /// One more of what a store keeps, or another in its place; errors as of `load`.
    [[nodiscard]] Result<void> add(const ServiceTerms& terms) {
        switch (terms.kind) {
            case ServiceTerms::Kind::calendar: {
                const auto hours = business_hours_from(terms.text);
                if (!hours) return refuse(ErrorCode::database_corrupt);
                hours_.insert_or_assign(CalendarId{terms.id}, *hours);
                return add(CalendarId{terms.id}, *hours);
            }
            case ServiceTerms::Kind::service_level: {
                auto level = service_level_from(SlaId{terms.id}, terms.text);
                if (!level || !check(*level, calendars_)) return refuse(ErrorCode::database_corrupt);
                levels_.insert_or_assign(level->id, std::move(*level));
                return {};
            }
            default: {
                const auto level = default_service_from(terms.text);
                if (!level) return refuse(ErrorCode::database_corrupt);
                default_ = *level;
                return {};
            }
        }
    }

private:
    /// What was kept passed its check once; only the zone may be missing where it is read.
    [[nodiscard]] Result<void> add(CalendarId id, const BusinessHours& hours) {
        const auto made = calendars_.set(id, hours);
        if (made) return {};
        if (made.error().code != ErrorCode::unknown_time_zone) return refuse(ErrorCode::database_corrupt);
        calendars_.set_without_zone(id);
        return {};
    }

    std::map<SlaId, ServiceLevel> levels_{};
    std::map<CalendarId, BusinessHours> hours_{};
    Calendars calendars_{};
    SlaId default_{};
};

}  // namespace entitle::inline v0::sla
