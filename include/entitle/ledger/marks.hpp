#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "entitle/ledger/finding.hpp"
#include "entitle/value/channel.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/id.hpp"

/// Marks again, from the entries alone. They do not tell what was agreed, but each mark that is told of lies between
/// what its command found and what it left.
namespace entitle::inline v0::ledger {

/// Holds the marks of one customer's ledger, entry by entry, against what their commands moved.
class MarkAuditor {
public:
    /// The next entry of any kind.
    [[nodiscard]] std::optional<Finding> add(const Entry& entry) {
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
        if (entry.comes_by_time()) course->after_time = after;
    }

    [[nodiscard]] std::optional<Finding> check(const Entry& entry) {
        if (entry.total_moved != 0 || entry.channel_moved != 0)
            return Finding{"movement of a mark", entry.channel, 0,
                           entry.total_moved != 0 ? entry.total_moved : entry.channel_moved,
                           entry.entitlement};
        const Course* course = find(entry.entitlement, entry.channel);
        if (course == nullptr)
            return Finding{"mark that nothing came down to", entry.channel, 0, 1, entry.entitlement};
        const std::int64_t start = std::max(course->before, course->after_time);
        const std::int64_t least = std::max(course->now, std::int64_t{0});
        if (entry.amount >= start)
            return Finding{"mark that was reached before", entry.channel, start - 1, entry.amount,
                           entry.entitlement};
        if (entry.amount < least)
            return Finding{"mark that is not reached", entry.channel, least, entry.amount, entry.entitlement};
        return std::nullopt;
    }

    std::uint64_t number_ = 0;
    std::vector<Course> courses_;  ///< of the counters that the last command has moved
};

}  // namespace entitle::inline v0::ledger
