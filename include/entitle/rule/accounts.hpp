#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "entitle/value/channel.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/period_terms.hpp"
#include "entitle/value/support_case.hpp"
#include "entitle/value/top_up.hpp"
#include "entitle/value/top_up_text.hpp"

/// Section 8: what is left today of an amount that is given back to a period that has ended, and whose it was.
namespace entitle::inline v0::rule {

/// What a top-up paid of a posting on a counter (the total where there is no channel), or gets back of it.
struct Share {
    std::uint64_t top_up = 0;
    Channel counter{};
    std::int64_t amount = 0;

    friend bool operator==(const Share&, const Share&) = default;
};

/// What a reversal returns, of the total and of its channel.
struct Returned {
    std::int64_t total = 0;
    std::int64_t channel = 0;
    std::vector<Share> shares{};  ///< of it, what top-ups get back
};

/// One entitlement's counters as its entries tell of them, one after another: what each boundary of its periods
/// found, and what top-ups paid. What is given back late counts, from then on, as if it had been there at the end
/// of its period: so all that comes back to one period shares its rollover. Of a boundary whose entries were
/// archived nothing is known any more: it is taken for one that everything passed; of a posting, that what was
/// agreed paid it.
class Accounts {
public:
    /// The next entry. What is left then of what it gives back, where it is a reversal.
    Returned add(const Entry& entry) {
        Returned back;
        if (entry.number != number_) last_paid_.clear();
        number_ = entry.number;
        switch (entry.kind) {
            case EntryKind::period: add_boundary(entry); break;
            case EntryKind::draw: draw(entry); break;
            case EntryKind::lapse: lapsed_.push_back(share_of(entry)); break;
            case EntryKind::posting:
                if (!last_paid_.empty()) posted_.emplace_back(place_of(entry), std::exchange(last_paid_, {}));
                break;
            case EntryKind::reversal: back = reverse(entry); break;
            default: note_top_up(entry); break;
        }
        if (entry.kind != EntryKind::draw) last_paid_.clear();
        note_channel(entry);
        return back;
    }

    /// Gives back, by an entry at `at`, what was posted by another: what is left of it then. `today`: what is left
    /// on the channel, where no entry tells.
    Returned give_back(const Standing& posted, EntryRef at, std::int64_t today) {
        Returned back{posted.quantity, posted.channel ? posted.quantity : 0, {}};
        std::vector<Share> shares = shares_of(posted);
        for (const Share& one : shares) (one.counter ? back.channel : back.total) -= one.amount;
        for (Boundary& boundary : boundaries_) {
            if (boundary.place < posted.entry || at < boundary.place) continue;
            boundary.base = pass(boundary, boundary.base, back.total);
            if (!posted.channel) continue;
            std::int64_t& base = base_at(boundary, posted.channel, today);
            base = pass(boundary, base, back.channel);
        }
        for (Share& one : shares) pass_share(one, posted.entry, at);
        std::erase_if(shares, [](const Share& one) { return one.amount == 0; });
        for (const Share& one : shares) (one.counter ? back.channel : back.total) += one.amount;
        back.shares = std::move(shares);
        return back;
    }

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
    struct Boundary {
        EntryRef place{};
        Rollover rollover{};
        std::int64_t base = 0;                                     ///< before it, of the total
        std::vector<std::pair<Channel, std::int64_t>> channels{};  ///< likewise, of those that are known
        std::vector<Share> rests{};                                ///< what top-ups had before it
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
    template <class List>
    [[nodiscard]] static auto find_channel(List& list, const Channel& channel) {
        return std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.first == channel; });
    }
    [[nodiscard]] std::int64_t rest(const Channel& counter) const {
        std::int64_t sum = 0;
        for (const Share& one : rests_) sum += one.counter == counter ? one.amount : 0;
        return sum;
    }

    /// Counts what comes back at a boundary: what it is less after it; returns what it found, with that.
    [[nodiscard]] static std::int64_t pass(const Boundary& boundary, std::int64_t before,
                                           std::int64_t& back) {
        const std::int64_t whole = std::exchange(back, boundary.rollover.passes(before, back));
        return before + whole;
    }
    /// … of a top-up; nothing comes back to one that has ended.
    void pass_share(Share& share, EntryRef posted, EntryRef at) {
        if (find(rests_, share.top_up, share.counter) == nullptr) share.amount = 0;
        const auto made = std::find_if(terms_.begin(), terms_.end(),
                                       [&](const Terms& one) { return one.top_up == share.top_up; });
        if (made == terms_.end() || !made->terms.rollover) return;
        for (Boundary& boundary : boundaries_) {
            if (boundary.place < posted || at < boundary.place) continue;
            Share* const before = find(boundary.rests, share.top_up, share.counter);
            if (before == nullptr) continue;
            const std::int64_t with = before->amount + share.amount;
            share.amount = made->terms.passes(with) - made->terms.passes(before->amount);
            before->amount = with;
        }
    }
    void add_boundary(const Entry& entry) {
        if (entry.channel) return;
        Boundary& boundary = boundaries_.emplace_back();
        boundary.place = place_of(entry);
        boundary.rollover = Rollover::from(entry.amount);
        boundary.base = entry.remaining - entry.total_moved - rest({});
        for (const auto& [channel, left] : channels_) {
            boundary.channels.emplace_back(channel, left - rest(channel));
        }
        boundary.rests = rests_;
        for (const Share& one : std::exchange(lapsed_, {})) take(one, one.amount);
    }
    /// A channel's base before a boundary: where no entry had told of it yet, nothing had moved it, nor raised it.
    [[nodiscard]] std::int64_t& base_at(Boundary& boundary, const Channel& channel, std::int64_t today) {
        const auto known = find_channel(boundary.channels, channel);
        if (known != boundary.channels.end()) return known->second;
        const auto first = find_channel(first_, channel);
        return boundary.channels.emplace_back(channel, first == first_.end() ? today : first->second).second;
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
    std::vector<Share> last_paid_;
    std::vector<std::pair<EntryRef, std::vector<Share>>> posted_;
    std::vector<Boundary> boundaries_;
    std::vector<std::pair<Channel, std::int64_t>> channels_;  ///< what is left of those that entries told of
    std::vector<std::pair<Channel, std::int64_t>> first_;     ///< … and was before the first that did
    std::uint64_t number_ = 0;
};

/// The command from which on the history must be known to take back what was posted: others have given back
/// late, too, what was posted before it; and top-ups may have paid.
[[nodiscard]] inline std::uint64_t history_needed(const Posted& posted, std::uint64_t first_top_up,
                                                  std::span<const Entry> history) {
    std::uint64_t from = posted.entry.number;
    if (first_top_up != 0) from = std::min(from, first_top_up);
    bool has_boundary = false;
    for (const Entry& entry : history) {
        has_boundary = has_boundary || entry.kind == EntryKind::period;
        if (entry.kind == EntryKind::reversal && has_boundary) from = std::min(from, entry.reverses.number);
    }
    return from;
}

}  // namespace entitle::inline v0::rule
