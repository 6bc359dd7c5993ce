#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "entitle/ledger/finding.hpp"
#include "entitle/rule/accounts.hpp"
#include "entitle/rule/burn_order.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/top_up.hpp"
#include "entitle/value/top_up_text.hpp"

/// Section 8 again, from the entries alone: what top-ups are open, and whether each paid what was its to pay.
namespace entitle::inline v0::ledger {

/// Holds what an entitlement's entries say of its top-ups against what must have come.
class TopUpAuditor {
public:
    using Found = std::optional<Finding>;

    [[nodiscard]] const TopUps& top_ups() const { return top_ups_; }

    /// The next entry; `total` and `channel`: what was left before it, of the total and of its channel.
    [[nodiscard]] Found add(const Entry& entry, std::int64_t total, std::int64_t channel) {
        if (entry.number != number_) {
            if (auto found = end_command()) return found;
        }
        number_ = entry.number;
        if (entry.kind != EntryKind::settlement) {
            if (auto found = end_settlements()) return found;
        }
        auto found = check(entry, total, channel);
        left_ = entry.remaining;
        return found;
    }
    /// No more entries of the last command: what top-ups paid at its end was owed, and they left nothing owed.
    [[nodiscard]] Found end_command() {
        if (auto found = end_settlements()) return found;
        for (const rule::Share& one : std::exchange(back_, {}))
            return Finding{"return to a top-up", one.counter, 0, one.amount};
        std::vector<rule::Share> paid = std::exchange(paid_, {});
        if (!paid.empty()) {
            TopUps before = with(paid);
            // one counter after another: each by itself
            for (auto at = paid.begin(); at != paid.end();) {
                const Channel counter = at->counter;
                const auto end = std::find_if(at, paid.end(),
                                              [&](const rule::Share& one) { return one.counter != counter; });
                if (auto found = check_paid(before, counter, 0, {at, end})) return found;
                at = end;
            }
        }
        const std::int64_t rest =
            top_ups_.left({});  // (of a channel whose total has changed no entry need tell)
        if (rest > 0 && left_ < rest && number_ != 0)
            return Finding{"what is owed while top-ups have", {}, rest, left_};
        return std::nullopt;
    }
    /// What a reversal that has just been added gives back to top-ups.
    [[nodiscard]] Found check_back(const rule::Returned& back) {
        const std::vector<rule::Share> found = std::exchange(back_, {});
        if (found == back.shares) return std::nullopt;
        return Finding{"return to top-ups", {}, sum_of(back.shares), sum_of(found)};
    }

    /// A posting within a late hold that has just been added, on counters that had so much before it: of what is within
    /// top-ups paid what the end of the hold's period says, and of what is beyond what was theirs then.
    [[nodiscard]] Found check_within(const Entry& entry, const rule::Returned& within, std::int64_t beyond,
                                     rule::Returned changed, std::int64_t total, std::int64_t channel) {
        const std::vector<rule::Share> paid = std::exchange(paid_, {});
        TopUps before = with(paid);
        const auto check_on = [&](const Channel& counter, std::int64_t left) -> Found {
            std::vector<rule::Share> expected;
            for (const rule::Share& one : within.shares) {
                if (one.counter != counter) continue;
                expected.push_back(one);
                if (TopUpState* const known = before.find(one.top_up)) known->rest(counter) -= one.amount;
            }
            const std::int64_t base = left + changed.of(counter) - before.left(counter);
            rule::burn(before, counter, base, beyond, [&](const TopUpState& one, std::int64_t pays) {
                expected.push_back({one.number, counter, pays});
            });
            std::vector<rule::Share> told;
            for (const rule::Share& one : paid) {
                if (one.counter == counter) told.push_back(one);
            }
            if (told == expected) return std::nullopt;
            return Finding{"what top-ups paid", counter, sum_of(expected), sum_of(told)};
        };
        if (auto found = check_on({}, total)) return found;
        return entry.channel ? check_on(entry.channel, channel) : std::nullopt;
    }

    /// What a boundary moves of a counter besides its base allotment: what passes of top-ups, less what they had.
    [[nodiscard]] std::int64_t passes(const Channel& counter) const {
        std::int64_t sum = 0;
        for (const TopUpState& one : top_ups_.open) {
            if (one.raises(counter)) sum += one.passes(one.rest(counter));
        }
        return sum;
    }
    /// The entry of a boundary of the total, behind the entries of what lapses at it.
    [[nodiscard]] Found pass() {
        std::vector<rule::Share> lapsed = std::exchange(lapsed_, {});
        for (TopUpState& one : top_ups_.open) {
            if (auto found = pass_one(one, {}, lapsed)) return found;
            if (!one.channel) continue;
            if (auto found = pass_one(one, one.channel, lapsed)) return found;
        }
        if (lapsed.empty()) return std::nullopt;
        return Finding{"lapse of a top-up", lapsed.front().counter, 0, lapsed.front().amount};
    }

private:
    [[nodiscard]] static std::int64_t sum_of(std::span<const rule::Share> shares) {
        std::int64_t sum = 0;
        for (const rule::Share& one : shares) sum += one.amount;
        return sum;
    }
    [[nodiscard]] TopUps with(const std::vector<rule::Share>& paid) const {
        TopUps before = top_ups_;
        for (const rule::Share& one : paid) {
            if (TopUpState* const known = before.find(one.top_up)) known->rest(one.counter) += one.amount;
        }
        return before;
    }
    /// Whether so much was paid in burn order, of a counter whose base allotment had so much. Absent quantity: of
    /// what was owed.
    [[nodiscard]] static Found check_paid(TopUps& before, const Channel& counter, std::int64_t base,
                                          std::span<const rule::Share> paid,
                                          std::optional<std::int64_t> quantity = std::nullopt) {
        const std::int64_t sum = sum_of(paid);
        std::vector<rule::Share> expected;
        rule::burn(before, counter, base, quantity.value_or(sum),
                   [&](const TopUpState& one, std::int64_t pays) {
                       expected.push_back({one.number, counter, pays});
                   });
        if (std::equal(expected.begin(), expected.end(), paid.begin(), paid.end())) return std::nullopt;
        return Finding{"what top-ups paid", counter, sum_of(expected), sum};
    }
    /// Before a posting, or a correction that takes something away.
    [[nodiscard]] Found check_use(const Entry& entry, std::int64_t total, std::int64_t channel) {
        const std::vector<rule::Share> paid = std::exchange(paid_, {});
        TopUps before = with(paid);
        const auto split = std::find_if(paid.begin(), paid.end(),
                                        [](const rule::Share& one) { return !one.counter.is_none(); });
        const std::int64_t of_total = std::max(-entry.total_moved, std::int64_t{0});
        if (auto found = check_paid(before, {}, total - before.left({}), {paid.begin(), split}, of_total))
            return found;
        if (!entry.channel) return check_paid(before, {}, 0, {split, paid.end()}, 0);
        const std::int64_t of_channel = std::max(-entry.channel_moved, std::int64_t{0});
        const std::int64_t base = channel - before.left(entry.channel);
        return check_paid(before, entry.channel, base, {split, paid.end()}, of_channel);
    }

    [[nodiscard]] Found check(const Entry& entry, std::int64_t total, std::int64_t channel) {
        switch (entry.kind) {
            case EntryKind::draw: return draw(entry);
            case EntryKind::settlement: return settle(entry);
            case EntryKind::hold_expiry: expect_settlements(entry); return std::nullopt;
            case EntryKind::lapse:
                lapsed_.push_back({entry.reverses.number, entry.channel, entry.amount});
                return std::nullopt;
            case EntryKind::allotment:
                top_ups_.base_ends = Instant{Instant::duration{entry.amount}};
                return std::nullopt;
            case EntryKind::top_up: return make(entry);
            case EntryKind::inception: return begin(entry, entry.channel ? channel : total);
            case EntryKind::expiry:
            case EntryKind::voiding: return end(entry);
            case EntryKind::posting:
                if (!entry.reverses.is_none()) return std::nullopt;  // within a late hold: see `check_within`
                return check_use(entry, total, channel);
            case EntryKind::adjustment: return check_use(entry, total, channel);
            default: return std::nullopt;
        }
    }
    [[nodiscard]] Found draw(const Entry& entry) {
        TopUpState* const one = top_ups_.find(entry.reverses.number);
        const std::int64_t left = one != nullptr && one->begun && one->raises(entry.channel)
                                      ? one->rest(entry.channel) - entry.amount
                                      : -1;
        if (left < 0 || left > one->amount || entry.amount == 0)
            return Finding{"draw on a top-up", entry.channel, 0, entry.amount};
        one->rest(entry.channel) = left;
        const rule::Share share{one->number, entry.channel, entry.amount};
        if (entry.amount > 0) paid_.push_back(share);
        else back_.push_back({share.top_up, share.counter, -share.amount});
        return std::nullopt;
    }
    /// What the end of a hold leaves owed top-ups pay at once.
    void expect_settlements(const Entry& entry) {
        TopUps before = top_ups_;
        const auto expect_on = [&](const Channel& counter, std::int64_t left) {
            const std::int64_t owed = before.left(counter) - left;
            if (owed <= 0) return;
            rule::burn(before, counter, 0, owed, [&](const TopUpState& one, std::int64_t pays) {
                settlements_.push_back({one.number, counter, pays});
            });
        };
        expect_on({}, entry.remaining);
        if (entry.channel) expect_on(entry.channel, entry.channel_remaining);
    }
    [[nodiscard]] Found settle(const Entry& entry) {
        const rule::Share told{entry.reverses.number, entry.channel, entry.amount};
        if (settlements_.empty() || settlements_.front() != told)
            return Finding{"settlement by a top-up", entry.channel,
                           settlements_.empty() ? 0 : settlements_.front().amount, entry.amount};
        top_ups_.find(told.top_up)->rest(told.counter) -= told.amount;
        settlements_.erase(settlements_.begin());
        return std::nullopt;
    }
    [[nodiscard]] Found end_settlements() {
        if (settlements_.empty()) return std::nullopt;
        const rule::Share missing = settlements_.front();
        settlements_.clear();
        return Finding{"settlement by a top-up", missing.counter, missing.amount, 0};
    }
    [[nodiscard]] Found make(const Entry& entry) {
        auto made = top_up_terms(entry.reason);
        if (!made || entry.amount <= 0) return Finding{"terms of a top-up", {}, 1, entry.amount};
        made->number = entry.number;
        made->amount = entry.amount;
        made->channel = entry.channel;
        if (top_ups_.first == 0) top_ups_.first = entry.number;
        top_ups_.open.push_back(std::move(*made));
        return std::nullopt;
    }
    [[nodiscard]] TopUpState* named_by(const Entry& entry) {
        return top_ups_.find(entry.reverses.is_none() ? entry.number : entry.reverses.number);
    }
    [[nodiscard]] Found begin(const Entry& entry, std::int64_t before) {
        TopUpState* const one = named_by(entry);
        const std::int64_t moved = entry.channel ? entry.channel_moved : entry.total_moved;
        const bool is_next = one != nullptr && one->begun == !entry.channel.is_none() &&
                             one->raises(entry.channel) && one->from <= entry.at;
        if (!is_next || moved != one->amount)
            return Finding{"beginning of a top-up", entry.channel, is_next ? one->amount : 0, moved};
        const std::int64_t paid = rule::paid_at_once(one->amount, before - top_ups_.left(entry.channel));
        if (entry.amount != paid)
            return Finding{"what a top-up pays when it begins", entry.channel, paid, entry.amount};
        one->begun = true;
        one->rest(entry.channel) = one->amount - paid;
        return std::nullopt;
    }
    [[nodiscard]] Found end(const Entry& entry) {
        TopUpState* const one = named_by(entry);
        const std::int64_t moved = entry.channel ? entry.channel_moved : entry.total_moved;
        const bool is_due = one != nullptr && one->raises(entry.channel) &&
                            (entry.kind == EntryKind::voiding || (one->begun && one->expires <= entry.at));
        if (!is_due || moved != -one->rest(entry.channel))
            return Finding{"end of a top-up", entry.channel, is_due ? -one->rest(entry.channel) : 0, moved};
        one->rest(entry.channel) = 0;
        if (one->channel == entry.channel)
            top_ups_.open.erase(top_ups_.open.begin() + (one - top_ups_.open.data()));
        return std::nullopt;
    }
    /// What of one does not pass a boundary must be among what lapsed.
    [[nodiscard]] static Found pass_one(TopUpState& one, const Channel& counter,
                                        std::vector<rule::Share>& lapsed) {
        const std::int64_t passes = one.passes(one.rest(counter));
        const std::int64_t lapses = std::exchange(one.rest(counter), passes) - passes;
        if (lapses == 0) return std::nullopt;
        const auto told = std::find(lapsed.begin(), lapsed.end(), rule::Share{one.number, counter, lapses});
        if (told == lapsed.end()) return Finding{"lapse of a top-up", counter, lapses, 0};
        lapsed.erase(told);
        return std::nullopt;
    }

    TopUps top_ups_{};
    std::uint64_t number_ = 0;              ///< of the last command
    std::int64_t left_ = 0;                 ///< of the total after its last entry
    std::vector<rule::Share> paid_;         ///< by draws, as yet for nothing
    std::vector<rule::Share> back_;         ///< … and given back
    std::vector<rule::Share> lapsed_;       ///< at the boundary that comes next
    std::vector<rule::Share> settlements_;  ///< that must come next
};

}  // namespace entitle::inline v0::ledger
