#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "entitle/value/channel.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/id.hpp"

/// Marks again, from the entries alone. They do not tell what was agreed, but each mark that is told of lies between
/// what its command found and what it left.
namespace entitle::inline v0::ledger {

/// What does not follow.
struct MarkFinding {
    std::string_view what{};
    std::int64_t expected = 0;
    std::int64_t found = 0;
};

/// Holds the marks of one customer's ledger, entry by entry, against what their commands moved.
class MarkAuditor {
public:
    /// The next entry of any kind.
    [[nodiscard]] std::optional<MarkFinding> add(const Entry& entry) {
        if (entry.number != number_) courses_.clear();
        number_ = entry.number;
        if (entry.kind == EntryKind::low_water) return check(entry);
        note(entry, {}, entry.total_moved, entry.remaining);
        if (entry.channel) note(entry, entry.channel, entry.channel_moved, entry.channel_remaining);
        return std::nullopt;
    }

private:
    /// How the command has moved a counter so far.
    struct Course {
        EntitlementId entitlement{};
        Channel channel{};  ///< none: the total
        std::int64_t before = 0;
        std::int64_t after_time = 0;
        std::int64_t now = 0;
    };

    [[nodiscard]] Course* find(EntitlementId entitlement, const Channel& channel) {
        const auto is_it = [&](const Course& one) {
            return one.entitlement == entitlement && one.channel == channel;
        };
        const auto found = std::find_if(courses_.begin(), courses_.end(), is_it);
        return found == courses_.end() ? nullptr : &*found;
    }

    void note(const Entry& entry, const Channel& channel, std::int64_t moved, std::int64_t after) {
        Course* course = find(entry.entitlement, channel);
        if (course == nullptr) {
            const std::int64_t before = after - moved;
            course = &courses_.emplace_back(Course{entry.entitlement, channel, before, before, before});
        }
        course->now = after;
        if (comes_by_time(entry.kind, !entry.reverses.is_none())) course->after_time = after;
    }

    [[nodiscard]] std::optional<MarkFinding> check(const Entry& entry) {
        if (entry.total_moved != 0 || entry.channel_moved != 0)
            return MarkFinding{"movement of a mark", 0,
                               entry.total_moved != 0 ? entry.total_moved : entry.channel_moved};
        const Course* course = find(entry.entitlement, entry.channel);
        if (course == nullptr) return MarkFinding{"mark that nothing came down to", 0, 1};
        const std::int64_t start = std::max(course->before, course->after_time);
        const std::int64_t least = std::max(course->now, std::int64_t{0});
        if (entry.amount >= start)
            return MarkFinding{"mark that was reached before", start - 1, entry.amount};
        if (entry.amount < least) return MarkFinding{"mark that is not reached", least, entry.amount};
        return std::nullopt;
    }

    std::uint64_t number_ = 0;
    std::vector<Course> courses_;  ///< of the counters that the last command has moved
};

}  // namespace entitle::inline v0::ledger
