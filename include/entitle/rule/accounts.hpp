#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "entitle/rule/burn_order.hpp"
#include "entitle/rule/past_boundaries.hpp"
#include "entitle/value/channel.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/expiring_hold.hpp"
#include "entitle/value/support_case.hpp"
#include "entitle/value/top_up.hpp"
#include "entitle/value/top_up_text.hpp"

/// Section 8: what an event of a period that has ended leaves today, and whose the terms were.
namespace entitle::inline v0::rule {

/// What such an event changes today, of the total and of its channel.
struct Returned {
    std::int64_t total = 0;
    std::int64_t channel = 0;
    std::vector<Share> shares{};  ///< of it, what top-ups get back of a reversal, or pay of a posting

    [[nodiscard]] std::int64_t& of(const Channel& counter) { return counter ? channel : total; }
};

/// One entitlement's counters as its entries tell of them, one after another: what each boundary of its periods
/// found, and what top-ups paid. What comes late (a reversal, the release of a hold, a posting within one) counts,
/// from then on, as if it had been there at the end of its period: so all that comes back to one period shares its
/// rollover. Of a boundary whose entries were archived nothing is known any more: it is taken for one that everything
/// passed; of a posting, that what was agreed paid it.
class Accounts {
public:
    /// The next entry. What it comes to, where it is a reversal, a release, or a posting within a late hold.
    Returned add(const Entry& entry) {
        Returned comes_to;
        if (entry.number != number_) last_paid_.clear();
        number_ = entry.number;
        switch (entry.kind) {
            case EntryKind::period: add_boundary(entry); break;
            case EntryKind::set_aside: asides_.emplace_back(entry.channel, entry.amount); break;
            case EntryKind::draw: draw(entry); break;
            case EntryKind::settlement: take(share_of(entry), entry.amount); break;
            case EntryKind::lapse: lapsed_.push_back(share_of(entry)); break;
            case EntryKind::posting: comes_to = post(entry); break;
            case EntryKind::reversal: comes_to = reverse(entry); break;
            case EntryKind::release:
                released_ = {entry.reverses, -entry.amount, entry.channel};
                comes_to = release(released_, place_of(entry));
                break;
            case EntryKind::hold_expiry:
                comes_to = release({entry.reverses, -entry.amount, entry.channel}, place_of(entry));
                break;
            default: note_top_up(entry); break;
        }
        if (entry.kind != EntryKind::draw) last_paid_.clear();
        note_channel(entry);
        return comes_to;
    }

    /// Gives back, by an entry at `at`, what was posted by another: what is left of it then. `today`: what is left
    /// on the channel, where no entry tells. What was posted within a late hold counts where that does.
    Returned give_back(const Standing& posted, EntryRef at, std::int64_t today) {
        const auto within = std::find_if(within_.begin(), within_.end(),
                                         [&](const Within& one) { return one.hold == posted.entry; });
        if (within == within_.end()) return give_back_of(posted, shares_of(posted), at, today);
        Standing part = posted;
        part.quantity = std::min(posted.quantity, within->amount);
        Returned back = give_back_of(part, within->shares, at, today);
        part = {within->posting, posted.quantity - part.quantity, posted.channel};
        Returned beyond = give_back_of(part, shares_of(part), at, today);
        back.total += beyond.total;
        back.channel += beyond.channel;
        for (const Share& one : beyond.shares) add_to(back.shares, one);
        return back;
    }

    /// Frees what was held, by an entry at `at`: nothing of it is set aside any more at the boundaries since.
    Returned release(const Standing& held, EntryRef at) {
        Returned lost;
        for_counters(held.channel, [&](const Channel& counter) {
            lost.of(counter) = boundaries_.shift(held.entry, at, counter, {0, -held.quantity}, told);
        });
        return lost;
    }

    /// Posts, by an entry at `at`, so much of what was held and has been released. What top-ups would have paid of it
    /// at the end of the hold's period they pay now, as far as they have it; the base allotment pays the rest.
    Returned post_within(const Standing& held, EntryRef at) { return post_as_held(held, at).today; }

    /// What top-ups paid of what was posted.
    [[nodiscard]] std::vector<Share> shares_of(const Standing& posted) const {
        const auto found =
            std::lower_bound(posted_.begin(), posted_.end(), posted.entry,
                             [](const auto& one, const EntryRef& place) { return one.first < place; });
        if (found == posted_.end() || found->first != posted.entry) return {};
        std::vector<Share> shares = found->second;
        std::erase_if(shares, [&](const Share& one) { return one.counter && one.counter != posted.channel; });
        return shares;
    }

private:
    struct Terms {
        std::uint64_t top_up = 0;
        TopUpState terms{};
    };
    /// What of a posting counts in the period of its hold.
    struct Within {
        EntryRef hold{};
        EntryRef posting{};
        std::int64_t amount = 0;
        std::vector<Share> shares{};  ///< of top-ups, as they were at the end of that period
    };
    struct PostedAsHeld {
        Returned today{};
        std::vector<Share> then{};
    };

    [[nodiscard]] static EntryRef place_of(const Entry& entry) { return {entry.number, entry.ordinal}; }
    [[nodiscard]] static Share share_of(const Entry& entry) {
        return {entry.reverses.number, entry.channel, entry.amount};
    }
    [[nodiscard]] static Share* find(std::vector<Share>& shares, std::uint64_t top_up,
                                     const Channel& counter) {
        const auto found = std::find_if(shares.begin(), shares.end(), [&](const Share& one) {
            return one.top_up == top_up && one.counter == counter;
        });
        return found == shares.end() ? nullptr : &*found;
    }
    static void add_to(std::vector<Share>& shares, const Share& share) {
        Share* const known = find(shares, share.top_up, share.counter);
        if (known != nullptr) known->amount += share.amount;
        else shares.push_back(share);
    }
    template <class List>
    [[nodiscard]] static auto find_channel(List& list, const Channel& channel) {
        return std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.first == channel; });
    }
    template <class Do>
    static void for_counters(const Channel& channel, Do each) {
        each(Channel{});
        if (channel) each(channel);
    }
    [[nodiscard]] const TopUpState* terms_of(std::uint64_t top_up) const {
        const auto made = std::find_if(terms_.begin(), terms_.end(),
                                       [&](const Terms& one) { return one.top_up == top_up; });
        return made == terms_.end() ? nullptr : &made->terms;
    }
    [[nodiscard]] std::int64_t rest(const Channel& counter) const {
        std::int64_t sum = 0;
        for (const Share& one : rests_) sum += one.counter == counter ? one.amount : 0;
        return sum;
    }

    /// In the place of what would be unknown of a hold's channel: each boundary that it passed was told of it before, by
    /// what was set aside there, or by a top-up that spared it that.
    static constexpr std::int64_t told = 0;
    /// A channel's base before a boundary: where no entry had told of it yet, nothing had moved it, nor raised it.
    [[nodiscard]] std::int64_t unknown(const Channel& channel, std::int64_t today) const {
        const auto first = find_channel(first_, channel);
        return first == first_.end() ? today : first->second;
    }
    Returned give_back_of(const Standing& posted, std::vector<Share> shares, EntryRef at,
                          std::int64_t today) {
        Returned back;
        for_counters(posted.channel, [&](const Channel& counter) {
            std::int64_t of_base = posted.quantity;
            for (const Share& one : shares) of_base -= one.counter == counter ? one.amount : 0;
            back.of(counter) =
                boundaries_.shift(posted.entry, at, counter, {of_base, 0}, unknown(counter, today));
        });
        for (Share& one : shares) pass_share(one, posted.entry, at);
        std::erase_if(shares, [](const Share& one) { return one.amount == 0; });
        for (const Share& one : shares) back.of(one.counter) += one.amount;
        back.shares = std::move(shares);
        return back;
    }
    PostedAsHeld post_as_held(const Standing& held, EntryRef at) {
        PostedAsHeld posted;
        PastBoundary* const end = boundaries_.first_between(held.entry, at);
        for_counters(held.channel, [&](const Channel& counter) {
            std::int64_t of_base = held.quantity;
            if (end != nullptr && !end->rests.empty()) {
                TopUps then = top_ups_at(*end, counter);
                burn(then, counter, end->found(counter, told).base, held.quantity,
                     [&](const TopUpState& one, std::int64_t pays) {
                         of_base -= pays;
                         posted.then.push_back({one.number, counter, pays});
                     });
            }
            posted.today.of(counter) = boundaries_.shift(held.entry, at, counter, {-of_base, 0}, told);
        });
        for (Share& one : posted.then) pay_as_held(one, held.entry, at, posted.today);
        return posted;
    }
    /// What a top-up paid then it pays today, as far as it has not ended and has it; the rest the base allotment does.
    void pay_as_held(Share& then, EntryRef held, EntryRef at, Returned& today) {
        Share share{then.top_up, then.counter, -then.amount};
        pass_share(share, held, at);
        today.of(then.counter) += share.amount;
        const Share* const rest = find(rests_, then.top_up, then.counter);
        const std::int64_t pays = std::min(-share.amount, rest == nullptr ? 0 : rest->amount);
        then.amount -= -share.amount - pays;
        if (pays != 0) today.shares.push_back({then.top_up, then.counter, pays});
    }
    /// The top-ups of a counter that had begun, as a boundary found them.
    [[nodiscard]] TopUps top_ups_at(const PastBoundary& boundary, const Channel& counter) const {
        TopUps all;
        all.base_ends = boundary.at;
        for (const Share& rest : boundary.rests) {
            const TopUpState* const terms = terms_of(rest.top_up);
            if (rest.counter != counter || terms == nullptr) continue;
            TopUpState& one = all.open.emplace_back(*terms);
            one.number = rest.top_up;
            one.channel = counter;
            one.begun = true;
            one.rest(counter) = rest.amount;
        }
        // Of those that are used together, the one that was made first: `rests` has them as they began.
        std::sort(all.open.begin(), all.open.end(),
                  [](const TopUpState& a, const TopUpState& b) { return a.number < b.number; });
        return all;
    }
    /// What of a top-up's share is left today; nothing of one that has ended.
    void pass_share(Share& share, EntryRef from, EntryRef at) {
        const TopUpState* const terms = terms_of(share.top_up);
        boundaries_.between(from, at, [&](PastBoundary& boundary) {
            Share* const before = find(boundary.rests, share.top_up, share.counter);
            if (before == nullptr || terms == nullptr) return;
            const std::int64_t with = before->amount + share.amount;
            share.amount = terms->passes(with) - terms->passes(before->amount);
            before->amount = with;
        });
        if (find(rests_, share.top_up, share.counter) == nullptr) share.amount = 0;
    }
    void add_boundary(const Entry& entry) {
        if (entry.channel) return;
        PastBoundary boundary;
        boundary.place = place_of(entry);
        boundary.at = entry.at;
        boundary.rollover = Rollover::from(entry.amount);
        boundary.counters.push_back({{}, {entry.remaining - entry.total_moved - rest({}), 0}});
        for (const auto& [channel, left] : channels_) {
            boundary.counters.push_back({channel, {left - rest(channel), 0}});
        }
        for (const auto& [counter, held] : std::exchange(asides_, {})) boundary.found(counter, 0).held = held;
        boundary.rests = rests_;
        boundaries_.add(std::move(boundary));
        for (const Share& one : std::exchange(lapsed_, {})) take(one, one.amount);
    }
    void take(const Share& share, std::int64_t amount) {
        Share* const rest = find(rests_, share.top_up, share.counter);
        if (rest != nullptr) rest->amount -= amount;
    }
    void draw(const Entry& entry) {
        const Share share = share_of(entry);
        take(share, share.amount);
        if (share.amount > 0) last_paid_.push_back(share);
    }
    Returned reverse(const Entry& entry) {
        const Channel channel = entry.channel_moved != 0 ? entry.channel : Channel{};
        return give_back({entry.reverses, entry.total_moved, channel}, place_of(entry),
                         entry.channel_remaining - entry.channel_moved);
    }
    Returned post(const Entry& entry) {
        Returned comes_to;
        if (!entry.reverses.is_none()) {
            for (const Share& one : last_paid_) take(one, -one.amount);  // as they were before it
            const Standing held{entry.reverses, std::min(-entry.total_moved, released_.quantity),
                                entry.channel};
            PostedAsHeld within = post_as_held(held, place_of(entry));
            for (const Share& one : last_paid_) take(one, one.amount);
            for (const Share& one : within.today.shares) pay_less(one);
            within_.push_back({held.entry, place_of(entry), held.quantity, std::move(within.then)});
            comes_to = std::move(within.today);
        }
        if (!last_paid_.empty()) posted_.emplace_back(place_of(entry), std::exchange(last_paid_, {}));
        return comes_to;
    }
    /// A share of what top-ups pay of the next posting is not of the part beyond its hold.
    void pay_less(const Share& share) {
        const auto same = std::find(last_paid_.begin(), last_paid_.end(), share);
        if (same != last_paid_.end()) last_paid_.erase(same);
    }
    void note_top_up(const Entry& entry) {
        // in the command that makes it, its beginning refers to itself
        const std::uint64_t top_up = entry.reverses.is_none() ? entry.number : entry.reverses.number;
        if (entry.kind == EntryKind::top_up) {
            if (auto terms = top_up_terms(entry.reason)) terms_.push_back({top_up, std::move(*terms)});
        } else if (entry.kind == EntryKind::inception) {
            const std::int64_t amount = entry.channel ? entry.channel_moved : entry.total_moved;
            rests_.push_back({top_up, entry.channel, amount - entry.amount});
        } else if (entry.kind == EntryKind::expiry || entry.kind == EntryKind::voiding) {
            std::erase_if(rests_, [&](const Share& one) {
                return one.top_up == top_up && one.counter == entry.channel;
            });
        }
    }
    void note_channel(const Entry& entry) {
        if (!entry.channel) return;
        const auto known = find_channel(channels_, entry.channel);
        if (known != channels_.end()) {
            known->second = entry.channel_remaining;
        } else {
            channels_.emplace_back(entry.channel, entry.channel_remaining);
            first_.emplace_back(entry.channel, entry.channel_remaining - entry.channel_moved);
        }
    }

    std::vector<Terms> terms_;
    std::vector<Share> rests_;   ///< what begun top-ups have left
    std::vector<Share> lapsed_;  ///< at the boundary that comes next
    std::vector<std::pair<Channel, std::int64_t>>
        asides_;  ///< likewise, what holds ask of the base allotment
    std::vector<Share> last_paid_;
    Standing released_{};  ///< the last that was: what is posted within a hold comes right behind its end
    std::vector<std::pair<EntryRef, std::vector<Share>>> posted_;
    std::vector<Within> within_;
    PastBoundaries boundaries_;
    std::vector<std::pair<Channel, std::int64_t>> channels_;  ///< what is left of those that entries told of
    std::vector<std::pair<Channel, std::int64_t>> first_;     ///< … and was before the first that did
    std::uint64_t number_ = 0;
};

/// Counts what each hold that expires would lose, were all of them freed by entries at `at`, in the order of their
/// ends.
inline void count_losses(Accounts accounts, ExpiringHolds& holds, EntryRef at) {
    for (ExpiringHold* const one : holds.by_end()) {
        const Returned lost = accounts.release({one->entry, one->quantity, one->channel}, at);
        one->lost = -lost.total;
        one->channel_lost = -lost.channel;
    }
}

/// The command from which on the history must be known to take back, or free, what stands: others have come late,
/// too, from before it; and top-ups may have paid.
[[nodiscard]] inline std::uint64_t history_needed(const Standing& stands, std::uint64_t first_top_up,
                                                  std::span<const Entry> history) {
    std::uint64_t from = stands.entry.number;
    if (first_top_up != 0) from = std::min(from, first_top_up);
    bool has_boundary = false;
    for (const Entry& entry : history) {
        has_boundary = has_boundary || entry.kind == EntryKind::period;
        const bool may_be_late = entry.kind == EntryKind::reversal || entry.kind == EntryKind::release ||
                                 entry.kind == EntryKind::hold_expiry;
        if (may_be_late && has_boundary) from = std::min(from, entry.reverses.number);
    }
    return from;
}

}  // namespace entitle::inline v0::rule
