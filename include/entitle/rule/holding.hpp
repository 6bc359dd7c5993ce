#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "entitle/rule/accounts.hpp"
#include "entitle/rule/admission.hpp"
#include "entitle/rule/period.hpp"
#include "entitle/rule/posting.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/expiring_hold_text.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/plan.hpp"

/// Section 8: how a plan holds terms for a case, and frees them; also once boundaries have passed since.
namespace entitle::inline v0::rule {

namespace detail {

/// What the plan's entries so far make available of a row's total.
[[nodiscard]] inline std::int64_t freed_so_far(const Plan& plan, std::uint32_t row) {
    std::int64_t sum = moved_so_far(plan, {row, no_channel});
    for (const PlannedEntry& entry : plan.entries) {
        const bool holds = entry.kind == EntryKind::hold || entry.kind == EntryKind::release;
        if (holds && entry.row == row) sum -= entry.amount;
    }
    return sum;
}

/// Time will end what the plan holds for its case. (The entry's place is the store's to fill in.)
[[nodiscard]] inline Result<void> let_expire(Plan& plan, const Facts& facts, std::uint32_t row) {
    const Held& held = plan.support_case.held;
    ExpiringHolds& holds = holds_after(plan, facts.view, row);
    if (holds.open.size() >= max_expiring_holds) return refuse(ErrorCode::too_many_holds);
    holds.open.push_back({{}, plan.support_case_id, held.quantity, held.channel, held.until, 0, 0});
    plan.reason = until_text(held.until);
    return set_due(plan, facts, row);
}

/// … or no longer will.
[[nodiscard]] inline Result<void> forget_expiry(Plan& plan, const Facts& facts, std::uint32_t row) {
    const EntryRef entry = plan.support_case.held.entry;
    ExpiringHolds& holds = holds_after(plan, facts.view, row);
    std::erase_if(holds.open, [&](const ExpiringHold& one) { return one.entry == entry; });
    return set_due(plan, facts, row);
}

}  // namespace detail

/// Reserves terms for the case, of the total and of a channel alike. Never refused but by the limit of a balance, which
/// nothing available passes either.
[[nodiscard]] inline Result<void> hold(Plan& plan, const Facts& facts, std::uint32_t row,
                                       std::uint16_t channel, std::int64_t quantity,
                                       Instant until = Instant::max()) {
    if (quantity == 0) return {};
    const Candidate at{facts.view, row};
    const std::int64_t bound = 2 * max_terms * unit_of(at.row).per_term();
    const std::int64_t lowest = quantity - bound - detail::freed_so_far(plan, row);
    if (!guard_log(plan).covers(row, no_channel, at.available(), lowest)) {
        return detail::overflow(at, no_channel, quantity);
    }
    plan.held_by = static_cast<std::uint16_t>(plan.entries.size());
    plan.support_case.held.entry = {};
    plan.support_case.held.quantity = quantity;
    plan.support_case.held.channel = channel == no_channel ? Channel{} : channel_name(at.row, channel);
    plan.support_case.held.until = until;
    plan.add(EntryKind::hold, row, channel, 0, 0).amount = quantity;
    if (until != Instant::max()) [[unlikely]]
        return detail::let_expire(plan, facts, row);
    return {};
}

/// Whether a command may make a hold that expires.
template <class C>
[[nodiscard]] constexpr bool may_expire(const C& command) {
    if constexpr (C::kind == CommandKind::hold_terms) return command.expires.has_value();
    else return false;
}

/// Whether boundaries have passed since the case's hold was made: it is of a period that has ended, and what it holds
/// was set aside at each of them.
[[nodiscard]] inline bool holds_late(const Plan& plan, const EntitlementRow& row) {
    const Held& held = plan.support_case.held;
    return held.stands() && detail::is_late(plan, row, held);
}

namespace detail {

/// The counters of a hold.
[[nodiscard]] inline Counters counters_of(const View& view, std::uint32_t row, const Held& held) {
    return {row, kept_channel(view, row, held.channel)};
}

/// The end of what is held for the case, whatever comes of it.
[[nodiscard]] inline Result<void> end_hold(Plan& plan, const Facts& facts, Counters at) {
    const Held held = plan.support_case.held;
    if (held.expires()) [[unlikely]] {
        if (auto forgotten = forget_expiry(plan, facts, at.row); !forgotten) return forgotten;
    }
    plan.support_case.held = {};
    plan.add(EntryKind::release, at.row, at.channel, 0, 0, held.entry).amount = -held.quantity;
    return {};
}

/// An end of a late hold, once the ledger has been asked what it comes to.
class LateHold {
public:
    /// Nothing where the plan has to see more of the ledger first.
    [[nodiscard]] static std::optional<LateHold> of(Plan& plan, const View& view, std::uint32_t row) {
        const Held held = plan.support_case.held;
        const History* const history = history_for(plan, view, row, held, true);
        if (history == nullptr) return std::nullopt;
        LateHold made{plan, view, counters_of(view, row, held), held};
        for (const Entry& entry : history->entries) (void)made.accounts_.add(entry);
        made.lost_ = made.accounts_.release(held, now_in_ledger);
        return made;
    }

    [[nodiscard]] Counters counters() const { return at_; }
    /// What its case may use of what is there now, besides what is available to all: what was held, as far as it is not
    /// lost, and, of what is to be posted within it, what that does not cost today.
    [[nodiscard]] Own own() const {
        const std::int64_t freed = held_.quantity + within_.quantity;
        return {freed + lost_.total + posted_.total, at_.channel, freed + lost_.channel + posted_.channel};
    }
    /// So much is going to be posted within it, which must not be more than it holds.
    void use(std::int64_t amount) {
        within_.quantity = amount;
        posted_ = accounts_.post_within(within_, now_in_ledger);
    }
    /// What is lost of it: the terms are of a period that has ended.
    [[nodiscard]] Result<void> forfeit() { return forfeit(lost_.total, lost_.channel); }
    /// Posts so much, of which what was used counts where the hold does.
    [[nodiscard]] Result<void> post(std::int64_t amount) {
        draw(amount - within_.quantity);
        Posted& posted = plan_.support_case.posted;
        posted.entry = {};
        posted.quantity = amount;
        posted.channel = held_.channel;
        plan_.posted_by = static_cast<std::uint16_t>(plan_.entries.size());
        if (auto moved = move_both(plan_, view_, EntryKind::posting, at_, -amount, held_.entry); !moved)
            return moved;
        return forfeit(lost_.total + posted_.total + within_.quantity,
                       lost_.channel + posted_.channel + within_.quantity);
    }

private:
    LateHold(Plan& plan, const View& view, Counters at, const Held& held)
        : plan_{plan}, view_{view}, at_{at}, held_{held}, within_{held.entry, 0, held.channel} {
        touch_top_ups();
    }

    /// What is lost may leave something owed, which top-ups pay in the end.
    TopUps* touch_top_ups() {
        const EntitlementRow& row = view_.rows[at_.row];
        if (!row.topped_up || row.record->top_ups.open.empty()) return nullptr;
        return &top_ups_after(plan_, view_, at_.row);
    }
    [[nodiscard]] Result<void> forfeit(std::int64_t total, std::int64_t channel) {
        count_losses_again(plan_, view_, at_.row, accounts_);
        if (at_.channel == no_channel) channel = 0;
        if (total == 0 && channel == 0) return {};
        return move(plan_, view_, EntryKind::forfeit, at_, total, channel, held_.entry);
    }
    /// Top-ups pay what was theirs to pay when the hold's period ended, and, of what is beyond the hold, what is theirs
    /// now.
    void draw(std::int64_t beyond) {
        TopUps* const top_ups = touch_top_ups();
        if (top_ups == nullptr) return;
        const auto draw_on = [&](Counters at, std::int64_t changed) {
            const Channel counter = counter_name(view_, at);
            for (const Share& share : posted_.shares) {
                TopUpState* const one = top_ups->find(share.top_up);
                if (one == nullptr || share.counter != counter) continue;
                one->rest(counter) -= share.amount;
                add_draw(plan_, at, share.top_up, share.amount);
            }
            draw_from(plan_, view_, *top_ups, at, beyond, changed);
        };
        draw_on({at_.row, no_channel}, lost_.total + posted_.total);
        if (at_.channel != no_channel) draw_on(at_, lost_.channel + posted_.channel);
    }

    Plan& plan_;
    const View& view_;
    Counters at_;
    Held held_;
    Standing within_;
    Accounts accounts_{};
    Returned lost_{};
    Returned posted_{};
};

[[nodiscard, gnu::noinline]] inline Result<Own> release_late(Plan& plan, const Facts& facts,
                                                             std::uint32_t row) {
    auto hold = LateHold::of(plan, facts.view, row);
    if (!hold) return Own{};
    if (auto ended = end_hold(plan, facts, hold->counters()); !ended)
        return tl::unexpected<Error>{ended.error()};
    if (auto lost = hold->forfeit(); !lost) return tl::unexpected<Error>{lost.error()};
    return hold->own();
}

}  // namespace detail

/// Frees what is held for the case, where it is held; of a period that has ended comes back what is left of it. Without
/// anything held it does nothing. Returns what the case may use of it. Never refused but by the limit of a balance.
[[nodiscard]] inline Result<Own> release(Plan& plan, const Facts& facts, std::uint32_t row) {
    const Held held = plan.support_case.held;
    if (!held.stands()) return Own{};
    if (holds_late(plan, facts.view.rows[row])) [[unlikely]]
        return detail::release_late(plan, facts, row);
    const Counters at = detail::counters_of(facts.view, row, held);
    if (auto ended = detail::end_hold(plan, facts, at); !ended) return tl::unexpected<Error>{ended.error()};
    return Own{held.quantity, at.channel};
}

/// All that the case uses or holds, where that is.
[[nodiscard]] inline Result<void> give_back(Plan& plan, const Facts& facts, std::uint32_t row) {
    if (auto reversed = reverse(plan, facts.view, row); !reversed) return reversed;
    if (auto released = release(plan, facts, row); !released) return tl::unexpected<Error>{released.error()};
    return {};
}

}  // namespace entitle::inline v0::rule
