#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entitle/ledger/rebuild.hpp"
#include "entitle/rule/forfeit.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/period_terms.hpp"

/// Section 8 again, from the entries alone: what each boundary of a period moved, and what it leaves of an
/// amount that is given back before it.
namespace entitle::inline v0::ledger {

/// One boundary of an entitlement, and the balances before it, with what has been given back late to the
/// periods before it.
struct Boundary {
    EntryRef place{};  ///< of the total's entry
    Instant at{};
    Rollover rollover{};
    std::int64_t total = 0;
    std::map<std::string, std::int64_t> channels{};  ///< those that entries have told of; by lower-case name
};

/// What does not follow.
struct BoundaryFinding {
    std::string_view what{};
    EntitlementId entitlement{};
    Channel channel{};
    std::int64_t expected = 0;
    std::int64_t found = 0;
};

/// Holds the boundaries of one customer's ledger, entry by entry, against what must have come.
class BoundaryAuditor {
public:
    /// The next entry of any kind. `before`: the ledger up to it.
    [[nodiscard]] std::optional<BoundaryFinding> add(const Entry& entry, const Rebuilt& before) {
        if (entry.channel) note_channel(entry);
        const bool is_boundary = entry.kind == EntryKind::period;
        if (!is_boundary || !entry.channel) {
            if (auto found = end_group()) return found;
        }
        if (!is_boundary) return std::nullopt;
        return entry.channel ? add_channel(entry) : add_total(entry, before);
    }

    /// No more entries of the last boundary: each channel that it moves must have had one.
    [[nodiscard]] std::optional<BoundaryFinding> end_group() {
        if (expected_.empty()) return std::nullopt;
        const auto [channel, moved] = *expected_.begin();
        return BoundaryFinding{"boundary of a channel", group_, Channel::named(channel).value_or(Channel{}),
                               moved, 0};
    }

    /// What a reversal, which is the next entry, returns today.
    [[nodiscard]] rule::Returned left_of(const Entry& reversal, const Posted& posted) {
        const rule::Returned whole{posted.quantity, posted.quantity};
        const auto known = known_.find(reversal.entitlement);
        if (known == known_.end()) return whole;
        const std::string name = folded(reversal.channel);
        const auto channel_of = [&](Boundary& boundary) -> std::int64_t& {
            return boundary.channels.try_emplace(name, first_balance(reversal, name)).first->second;
        };
        return rule::give_back(known->second, whole, posted.entry, {reversal.number, reversal.ordinal},
                               channel_of);
    }

    /// The last boundary of an entitlement, or none.
    [[nodiscard]] const Boundary* last_of(EntitlementId entitlement) const {
        const auto known = known_.find(entitlement);
        return known == known_.end() ? nullptr : &known->second.back();
    }

private:
    using ChannelOf = std::pair<EntitlementId, std::string>;

    [[nodiscard]] static std::int64_t move_of(const RebuiltCounter& counter, const Rollover& rollover) {
        return counter.total() + rollover.of(counter.after) - counter.after;
    }

    [[nodiscard]] std::optional<BoundaryFinding> add_total(const Entry& entry, const Rebuilt& before) {
        const auto total = before.totals.find(entry.entitlement);
        if (total == before.totals.end()) return std::nullopt;  // never granted: said elsewhere
        const Boundary* last = last_of(entry.entitlement);
        if (last != nullptr && last->at >= entry.at) {
            return BoundaryFinding{"boundary after the last",
                                   entry.entitlement,
                                   {},
                                   last->at.time_since_epoch().count(),
                                   entry.at.time_since_epoch().count()};
        }
        Boundary boundary{
            {entry.number, entry.ordinal}, entry.at, Rollover::from(entry.amount), total->second.after, {}};
        const std::int64_t moved = move_of(total->second, boundary.rollover);
        if (entry.total_moved != moved || entry.channel_moved != 0) {
            return BoundaryFinding{"boundary of the total", entry.entitlement, {}, moved, entry.total_moved};
        }
        group_ = entry.entitlement;
        for (auto it = before.channels.lower_bound({group_, {}});
             it != before.channels.end() && it->first.first == group_; ++it) {
            boundary.channels[it->first.second] = it->second.after;
            const std::int64_t channel_moved = move_of(it->second, boundary.rollover);
            if (channel_moved != 0) expected_[it->first.second] = channel_moved;
        }
        known_[group_].push_back(std::move(boundary));
        return std::nullopt;
    }

    /// Of one that no entry has told of before, what was left was its total.
    [[nodiscard]] std::optional<BoundaryFinding> add_channel(const Entry& entry) {
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
            return BoundaryFinding{"boundary of a channel", entry.entitlement, entry.channel, moved,
                                   entry.channel_moved};
        }
        if (expected != expected_.end()) expected_.erase(expected);
        if (!is_told) known_[group_].back().channels[name] = before;
        return std::nullopt;
    }

    void note_channel(const Entry& entry) {
        first_.try_emplace({entry.entitlement, folded(entry.channel)},
                           entry.channel_remaining - entry.channel_moved);
    }
    /// What was left of a channel until entries told of it.
    [[nodiscard]] std::int64_t first_balance(const Entry& reversal, const std::string& name) const {
        const auto first = first_.find({reversal.entitlement, name});
        return first == first_.end() ? reversal.channel_remaining - reversal.channel_moved : first->second;
    }

    std::map<EntitlementId, std::vector<Boundary>> known_;
    std::map<ChannelOf, std::int64_t> first_;
    EntitlementId group_{};                         ///< whose boundary the last entry was of
    std::map<std::string, std::int64_t> expected_;  ///< what that one moves of channels, as yet without entry
};

}  // namespace entitle::inline v0::ledger
