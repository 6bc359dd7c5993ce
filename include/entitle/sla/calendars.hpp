#pragma once

#include <cassert>
#include <map>
#include <set>
#include <utility>

#include "entitle/sla/calendar.hpp"
#include "entitle/value/business_hours.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/id.hpp"

namespace entitle::inline v0::sla {

/// Calendars by their ids. No id means all hours. Made once, then read only: threads may read one together.
class Calendars {
public:
    /// Adds one, or puts it in the place of the one that had the id: what is counted from now on is counted by it.
    /// Errors: `id_missing`, and those of `Calendar::make`; then all is as before.
    [[nodiscard]] Result<void> set(CalendarId id, const BusinessHours& hours) {
        if (!id) return refuse(ErrorCode::id_missing);
        auto made = Calendar::make(hours);
        if (!made) return tl::unexpected<Error>{made.error()};
        made_.insert_or_assign(id, std::move(*made));
        without_zone_.erase(id);
        return {};
    }
    /// One whose zone this system's database does not have: it is there, and nothing can be counted by it.
    void set_without_zone(CalendarId id) {
        made_.erase(id);
        without_zone_.insert(id);
    }

    [[nodiscard]] bool contains(CalendarId id) const { return can_count(id) || without_zone_.contains(id); }
    [[nodiscard]] bool can_count(CalendarId id) const { return !id || made_.contains(id); }

    /// Only of one by which it can count.
    [[nodiscard]] const Calendar& operator[](CalendarId id) const {
        if (!id) return all_hours_;
        const auto found = made_.find(id);
        assert(found != made_.end());
        return found->second;
    }

private:
    Calendar all_hours_{};
    std::map<CalendarId, Calendar> made_{};
    std::set<CalendarId> without_zone_{};
};

}  // namespace entitle::inline v0::sla
