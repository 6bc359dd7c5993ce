#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "entitle/ledger/finding.hpp"
#include "entitle/ledger/rebuild.hpp"
#include "entitle/ledger/top_ups.hpp"
#include "entitle/rule/accounts.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/period_terms.hpp"

/// Section 8 again, from the entries alone: what each boundary of a period moved, and what it leaves of an
/// amount that is given back before it.
namespace entitle::inline v0::ledger {

/// One boundary of an entitlement.
struct Boundary {
    EntryRef place{};  ///< of the total's entry
    Instant at{};
    Rollover rollover{};
    std::set<std::string> channels{};  ///< those that entries had told of; by lower-case name
};

/// Holds what time, top-ups and late reversals did in one customer's ledger, entry by entry, against what must have
/// come.
class BoundaryAuditor {
public:
    using Found = std::optional<Finding>;

    /// The next entry of any kind. `before`: the ledger up to it.
    [[nodiscard]] Found add(const Entry& entry, const Rebuilt& before) {
        const bool is_boundary = entry.kind == EntryKind::period;
        if (!is_boundary || !entry.channel) {
            if (auto found = end_group()) return found;
        }
        Known& known = known_[entry.entitlement];
        if (auto found = known.top_ups.add(entry, total_before(entry, before),
                                           entry.channel_remaining - entry.channel_moved))
            return of(entry.entitlement, *found);
        if (is_boundary) {
            if (auto found = entry.channel ? add_channel(entry) : add_total(entry, before)) return found;
        }
        known.back = known.accounts.add(entry);
        if (entry.kind != EntryKind::reversal) return std::nullopt;
        if (auto found = known.top_ups.check_back(known.back)) return of(entry.entitlement, *found);
        return std::nullopt;
    }

    /// No more entries of the last boundary: each channel that it moves must have had one.
    [[nodiscard]] Found end_group() {
        if (expected_.empty()) return std::nullopt;
        const auto [channel, moved] = *expected_.begin();
        return Finding{"boundary of a channel", named(channel), moved, 0, group_};
    }

    /// No more entries at all.
    [[nodiscard]] Found finish() {
        if (auto found = end_group()) return found;
        for (auto& [entitlement, known] : known_) {
            if (const auto found = known.top_ups.end_command()) return of(entitlement, *found);
        }
        return std::nullopt;
    }

    /// What the last entry of an entitlement, a reversal, returns.
    [[nodiscard]] const rule::Returned& left_of(const Entry& reversal) const {
        return known_.at(reversal.entitlement).back;
    }

    /// The last boundary of an entitlement, or none.
    [[nodiscard]] const Boundary* last_of(EntitlementId entitlement) const {
        const auto known = known_.find(entitlement);
        return known == known_.end() || !known->second.last ? nullptr : &*known->second.last;
    }

    /// An entitlement's top-ups that have not ended.
    [[nodiscard]] TopUps top_ups_of(EntitlementId entitlement) const {
        const auto known = known_.find(entitlement);
        return known == known_.end() ? TopUps{} : known->second.top_ups.top_ups();
    }

private:
    struct Known {
        rule::Accounts accounts{};
        TopUpAuditor top_ups{};
        rule::Returned back{};
        std::optional<Boundary> last{};
    };

    /// What does not follow of one of the customer's.
    [[nodiscard]] static Finding of(EntitlementId entitlement, Finding found) {
        found.entitlement = entitlement;
        return found;
    }
    [[nodiscard]] static std::int64_t total_before(const Entry& entry, const Rebuilt& before) {
        const auto known = before.totals.find(entry.entitlement);
        return known == before.totals.end() ? entry.remaining - entry.total_moved : known->second.after;
    }
    [[nodiscard]] static Channel named(const std::string& channel) {
        return Channel::named(channel).value_or(Channel{});
    }
    /// What a boundary moves of a counter, and of it of top-ups.
    [[nodiscard]] static std::int64_t move_of(const RebuiltCounter& counter, const Rollover& rollover,
                                              std::int64_t agreed, const TopUpAuditor& top_ups,
                                              const Channel& channel) {
        const std::int64_t base = counter.after - top_ups.top_ups().left(channel);
        return agreed + rollover.of(base) + top_ups.passes(channel) - counter.after;
    }

    [[nodiscard]] Found add_total(const Entry& entry, const Rebuilt& before) {
        const auto total = before.totals.find(entry.entitlement);
        if (total == before.totals.end()) return std::nullopt;  // never granted: said elsewhere
        const Boundary* last = last_of(entry.entitlement);
        if (last != nullptr && last->at >= entry.at) {
            return Finding{"boundary after the last",
                           {},
                           last->at.time_since_epoch().count(),
                           entry.at.time_since_epoch().count(),
                           entry.entitlement};
        }
        Known& known = known_[entry.entitlement];
        Boundary boundary{{entry.number, entry.ordinal}, entry.at, Rollover::from(entry.amount), {}};
        const auto move = [&](const RebuiltCounter& counter, const Channel& channel) {
            return move_of(counter, boundary.rollover, counter.total(), known.top_ups, channel);
        };
        const std::int64_t moved = move(total->second, {});
        if (entry.total_moved != moved || entry.channel_moved != 0) {
            return Finding{"boundary of the total", {}, moved, entry.total_moved, entry.entitlement};
        }
        group_ = entry.entitlement;
        for (auto it = before.channels.lower_bound({group_, {}});
             it != before.channels.end() && it->first.first == group_; ++it) {
            boundary.channels.insert(it->first.second);
            const std::int64_t channel_moved = move(it->second, named(it->first.second));
            if (channel_moved != 0) expected_[it->first.second] = channel_moved;
        }
        known.last = std::move(boundary);
        if (const auto found = known.top_ups.pass()) return of(entry.entitlement, *found);
        return std::nullopt;
    }

    /// Of one that no entry has told of before, what was left was its total.
    [[nodiscard]] Found add_channel(const Entry& entry) {
        const std::string name = folded(entry.channel);
        const Boundary* group = last_of(entry.entitlement);
        const std::int64_t before = entry.channel_remaining - entry.channel_moved;
        const bool belongs = group != nullptr && entry.entitlement == group_ &&
                             entry.number == group->place.number && entry.at == group->at &&
                             entry.amount == group->rollover.amount() && entry.total_moved == 0;
        const auto expected = expected_.find(name);
        const bool is_told = belongs && group->channels.contains(name);
        std::int64_t moved = 0;
        if (belongs && !is_told) moved = group->rollover.of(before);
        else if (expected != expected_.end()) moved = expected->second;
        if (!belongs || moved == 0 || entry.channel_moved != moved) {
            return Finding{"boundary of a channel", entry.channel, moved, entry.channel_moved,
                           entry.entitlement};
        }
        if (expected != expected_.end()) expected_.erase(expected);
        return std::nullopt;
    }

    std::map<EntitlementId, Known> known_;
    EntitlementId group_{};                         ///< whose boundary the last entry was of
    std::map<std::string, std::int64_t> expected_;  ///< what that one moves of channels, as yet without entry
};

}  // namespace entitle::inline v0::ledger
