#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
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
#include "entitle/rule/burn_order.hpp"
#include "entitle/value/entitlement.hpp"
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
        if (entry.kind == EntryKind::set_aside)
            known.asides.emplace_back(folded(entry.channel), entry.amount);
        if (changes_held(entry.kind)) known.hold(entry, entry.amount);
        known.comes_to = known.accounts.add(entry);
        if (entry.kind == EntryKind::release) known.lost = known.comes_to;
        auto found = check_late(entry, known, total_before(entry, before));
        return found ? of(entry.entitlement, *found) : found;
    }

    /// What a case holds where the entries begin.
    void start_with(EntitlementId entitlement, const Held& held) {
        Entry entry;
        entry.channel = held.channel;
        known_[entitlement].hold(entry, held.quantity);
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
            if (!known.asides.empty()) return of(entitlement, not_set_aside({}, 0, known.asides.front()));
        }
        return std::nullopt;
    }

    /// What the last entry of an entitlement (a reversal, a release, a posting within a late hold) comes to.
    [[nodiscard]] const rule::Returned& comes_to(const Entry& entry) const {
        return known_.at(entry.entitlement).comes_to;
    }
    /// What would be lost of an entitlement's holds, were each freed behind the last entry in the order of their ends.
    void count_losses(EntitlementId entitlement, ExpiringHolds& holds) const {
        const auto known = known_.find(entitlement);
        if (known == known_.end()) return;
        constexpr EntryRef end{std::numeric_limits<std::uint64_t>::max(), 0};
        rule::count_losses(known->second.accounts, holds, end);
    }
    /// Whether a boundary of an entitlement has been told since an entry.
    [[nodiscard]] bool is_late(EntitlementId entitlement, EntryRef entry) const {
        const Boundary* const last = last_of(entitlement);
        return last != nullptr && entry < last->place;
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
    [[nodiscard]] static Channel named(const std::string& channel) {
        return Channel::named(channel).value_or(Channel{});
    }
    /// Of a counter, by lower-case name; the total's is empty.
    using Amount = std::pair<std::string, std::int64_t>;

    struct Known {
        rule::Accounts accounts{};
        TopUpAuditor top_ups{};
        rule::Returned comes_to{};
        rule::Returned lost{};  ///< … of the last release
        std::optional<Boundary> last{};
        std::map<std::string, std::int64_t> held{};  ///< as `Amount`
        std::vector<Amount> asides{};                ///< told of the boundary that comes next
        std::int64_t released = 0;                   ///< by the last release

        void hold(const Entry& entry, std::int64_t amount) {
            released = -amount;
            std::int64_t& total = held[{}];
            total = entitle::detail::saturating_add(total, amount);
            if (!entry.channel) return;
            std::int64_t& channel = held[folded(entry.channel)];
            channel = entitle::detail::saturating_add(channel, amount);
        }
        /// What holds ask of a counter's base allotment, which ends at an instant.
        [[nodiscard]] std::int64_t held_of_base(const std::string& counter, Instant ends) const {
            const auto on = held.find(counter);
            if (on == held.end() || on->second <= 0) return 0;
            return rule::held_of_base(top_ups.top_ups(), named(counter), ends, on->second);
        }
    };

    /// What an entry that refers to a period that has ended says of top-ups.
    [[nodiscard]] static Found check_late(const Entry& entry, Known& known, std::int64_t total) {
        if (entry.kind == EntryKind::reversal) return known.top_ups.check_back(known.comes_to);
        if (entry.kind != EntryKind::posting || entry.reverses.is_none()) return std::nullopt;
        const std::int64_t within = std::min(-entry.total_moved, known.released);
        rule::Returned changed = known.lost;
        changed.total += known.comes_to.total;
        changed.channel += known.comes_to.channel;
        return known.top_ups.check_within(entry, known.comes_to, -entry.total_moved - within, changed, total,
                                          entry.channel_remaining - entry.channel_moved);
    }
    [[nodiscard]] static Finding not_set_aside(const Channel& counter, std::int64_t expected,
                                               const Amount& told) {
        return {"what holds set aside", told.first.empty() ? counter : named(told.first), expected,
                told.second};
    }
    /// What is told to be set aside at a boundary: of each counter what holds ask of it, and no more.
    [[nodiscard]] static Found check_asides(Known& known, Instant at) {
        std::vector<Amount> told = std::exchange(known.asides, {});
        for (const auto& [counter, held] : known.held) {
            const Amount expected{counter, known.held_of_base(counter, at)};
            if (expected.second == 0) continue;
            const auto found = std::find(told.begin(), told.end(), expected);
            if (found == told.end()) return not_set_aside(named(counter), expected.second, {counter, 0});
            told.erase(found);
        }
        return told.empty() ? Found{} : not_set_aside({}, 0, told.front());
    }

    /// What does not follow of one of the customer's.
    [[nodiscard]] static Finding of(EntitlementId entitlement, Finding found) {
        found.entitlement = entitlement;
        return found;
    }
    [[nodiscard]] static std::int64_t total_before(const Entry& entry, const Rebuilt& before) {
        const auto known = before.totals.find(entry.entitlement);
        return known == before.totals.end() ? entry.remaining - entry.total_moved : known->second.after;
    }
    /// What a boundary moves of a counter, and of it of top-ups.
    [[nodiscard]] static std::int64_t move_of(const RebuiltCounter& counter, const Rollover& rollover,
                                              const Known& known, const Channel& channel, Instant at) {
        const std::int64_t base = counter.after - known.top_ups.top_ups().left(channel);
        const std::int64_t held = known.held_of_base(folded(channel), at);
        return counter.total() + rollover.of(base, held) + known.top_ups.passes(channel) - counter.after;
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
                           entry.entitlement,
                           true};
        }
        Known& known = known_[entry.entitlement];
        Boundary boundary{{entry.number, entry.ordinal}, entry.at, Rollover::from(entry.amount), {}};
        if (const auto found = check_asides(known, entry.at)) return of(entry.entitlement, *found);
        const auto move = [&](const RebuiltCounter& counter, const Channel& channel) {
            return move_of(counter, boundary.rollover, known, channel, entry.at);
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
