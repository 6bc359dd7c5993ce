#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "entitle/rule/passing.hpp"
#include "entitle/rule/period.hpp"
#include "entitle/rule/stock.hpp"
#include "entitle/value/entitlement.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/view.hpp"

/// Section 8: what time brings, boundaries, top-ups that begin and end, holds that end, is applied late, when somebody
/// looks. A
/// command that comes after it decides by what is left then, and what it records on an entitlement comes after
/// the entries of what is due there.
namespace entitle::inline v0::rule {

/// The agreed total of an entitlement's channel row; 0 of one that is not listed any more.
[[nodiscard]] inline std::int64_t channel_total(const EntitlementRow& row, std::size_t channel) {
    return channel < row.listed ? row.record->agreement.channels[channel].total.value : 0;
}

/// A customer's balances as at an instant, and the entries that lead there. Its memory is used again.
class CatchUp {
public:
    /// Shows, from now on, what is left at the instant in the view's stead. The rows that are due are then
    /// rolled one by one. What the view shows must stay where it is.
    void begin(View& view, Instant now) {
        now_ = now;
        raw_ = view.rows;
        raw_channels_ = view.channels;
        raw_held_ = view.held;
        entries_.clear();
        pending_.clear();
        records_.clear();
        rows_.assign(raw_.begin(), raw_.end());
        std::size_t channels = 0;
        for (const EntitlementRow& row : rows_) {
            channels = std::max(channels, std::size_t{row.channel_at} + row.kept);
        }
        channels_.assign(raw_channels_, raw_channels_ + channels);
        view.rows = rows_;
        view.channels = channels_.data();
        held_.clear();
        if (raw_held_ == nullptr) return;
        held_.assign(raw_held_, raw_held_ + rows_.size() + channels);
        view.held = held_.data();
    }

    /// Rolls a row to the instant. The zone is its coverage's.
    void roll(std::uint32_t index, const Zone& zone) {
        EntitlementRow& row = rows_[index];
        TopUps no_top_ups;
        ExpiringHolds no_holds;
        EntitlementRecord* const own = row.topped_up || row.holds_expire ? &own_record(row) : nullptr;
        const Timed timed = own == nullptr ? Timed{no_top_ups, no_holds} : Timed{own->top_ups, own->holds};
        const EntitlementRecord& record = *row.record;
        Passing passing{record.agreement, {row.begin, row.end}, zone, record.periods};
        Pending pending{.row = index, .first = entries_.size(), .count = 0};
        const auto name_of = [&row](std::size_t channel) { return channel_name(row, channel); };
        const auto total_of = [&row](std::uint16_t channel) { return channel_total(row, channel); };
        const auto tell = [&](Instant at, const Moved& one) { add(index, at, one); };
        std::int64_t nothing = 0;
        const auto held_of = [&](std::uint16_t channel) -> std::int64_t& {
            return held_.empty() ? nothing : held_[held_at(index, channel)];
        };
        Stock stock{row.remaining, std::span{channels_}.subspan(row.channel_at, row.kept), name_of, held_of,
                    timed};
        while (passing.due(stock) <= now_ && passing.due(stock) != Instant::max()) {
            const bool moved = passing.step(stock, total_of, tell);
            row.has_history = row.has_history || moved;
            pending.is_too_long = pending.is_too_long || entries_.size() - pending.first > max_entries;
            if (!pending.is_too_long) continue;
            entries_.resize(pending.first);
            if (!moved) passing.skip(stock, now_);
        }
        pending.last = passing.last();
        pending.due = passing.due(stock);
        pending.count = entries_.size() - pending.first;
        row.rolled = row.rolled || pending.last != Instant::min();
        if (own != nullptr) advance_record(own->periods, pending);
        pending_.push_back(pending);
    }

    /// Whether a row has more boundaries than a command can record.
    [[nodiscard]] bool is_too_long(std::uint32_t row) const {
        return std::any_of(pending_.begin(), pending_.end(),
                           [row](const Pending& one) { return one.row == row && one.is_too_long; });
    }

    /// Adds the entries of a row's boundaries, as they would stand in the ledger.
    void tell(std::uint32_t row, std::vector<Entry>& history) const;

    /// Puts the boundaries before what a rule has decided, on each row that it touches: `too_many_periods`. A
    /// plan that records nothing stays so, and says what is left.
    [[nodiscard]] Result<void> weave(Plan& plan) const;

private:
    /// A row that was rolled.
    struct Pending {
        std::uint32_t row = no_row;
        std::size_t first = 0;  ///< of its entries
        std::size_t count = 0;
        Instant last = Instant::min();
        Instant due = Instant::max();  ///< the boundary after those
        bool is_too_long = false;
    };

    /// A rule that asks for a row's top-ups or holds must find them as they are then: a copy of its record, which is
    /// long.
    EntitlementRecord& own_record(EntitlementRow& row) {
        EntitlementRecord& record = records_.emplace_back(*row.record);
        row.record = &record;
        return record;
    }
    static void advance_record(PeriodProgress& progress, const Pending& pending) {
        progress.due = pending.due;
        if (pending.last != Instant::min())
            progress.rolled = std::numeric_limits<std::uint64_t>::max();  // the command that is decided
    }

    void add(std::uint32_t row, Instant at, const Moved& one) {
        PlannedEntry& entry = entries_.emplace_back();
        entry.kind = one.kind;
        entry.row = row;
        entry.channel = one.channel;
        entry.total_moved = one.total_moved();
        entry.channel_moved = one.channel_moved();
        entry.amount = one.amount;
        entry.reverses = one.reverses;
        entry.at = at;
    }

    /// Whether what time brought to a row belongs before what the plan records: the end of its case's hold, too, which
    /// the case's row tells no more of.
    [[nodiscard]] bool touches(const Plan& plan, const Pending& pending) const {
        const auto own = std::span{entries_}.subspan(pending.first, pending.count);
        return touches(plan, pending.row) ||
               (!plan.expired.is_none() && std::any_of(own.begin(), own.end(), [&](const PlannedEntry& one) {
                   return one.kind == EntryKind::hold_expiry && one.reverses == plan.expired;
               }));
    }
    [[nodiscard]] static bool touches(const Plan& plan, std::uint32_t row) {
        using Kind = EntitlementChange::Kind;
        const Kind kind = plan.entitlement.kind;
        if (kind != Kind::none && kind != Kind::insert && plan.entitlement.row == row) return true;
        return std::any_of(plan.entries.begin(), plan.entries.end(),
                           [row](const PlannedEntry& entry) { return entry.row == row; });
    }
    [[nodiscard]] bool is_pending(std::uint32_t row) const {
        return std::any_of(pending_.begin(), pending_.end(),
                           [row](const Pending& one) { return one.row == row; });
    }
    [[nodiscard]] std::int64_t raw(std::uint32_t row, std::uint16_t channel) const {
        return channel == no_channel ? raw_[row].remaining
                                     : raw_channels_[raw_[row].channel_at + channel].remaining;
    }
    [[nodiscard]] std::size_t held_at(std::uint32_t row, std::uint16_t channel) const {
        return channel == no_channel ? row : raw_.size() + raw_[row].channel_at + channel;
    }
    [[nodiscard]] std::int64_t raw_held(std::uint32_t row, std::uint16_t channel) const {
        return raw_held_ == nullptr ? 0 : raw_held_[held_at(row, channel)];
    }
    /// What was decided by a rolled counter holds of the balance that it came from, and of what was held of it.
    void guard_exactly(Plan& plan, std::uint32_t row, std::uint16_t channel) const {
        const std::int64_t is = raw(row, channel);
        const std::int64_t available = is - raw_held(row, channel);
        plan.guards.push_back({row, channel, is, is});
        plan.guards.push_back({row, channel, available, available, true});
    }
    void guard(Plan& plan) const {
        const std::size_t count = plan.guards.size();
        for (std::size_t i = 0; i < count; ++i) {
            const Guard decided = plan.guards[i];
            if (is_pending(decided.row)) guard_exactly(plan, decided.row, decided.channel);
        }
        const auto end = plan.guards.begin() + static_cast<std::ptrdiff_t>(count);
        plan.guards.erase(std::remove_if(plan.guards.begin(), end,
                                         [&](const Guard& decided) { return is_pending(decided.row); }),
                          end);
    }
    /// The row's boundaries are recorded with the plan.
    void advance(Plan& plan, const Pending& pending) const {
        using Kind = EntitlementChange::Kind;
        if (plan.guarded) {
            guard_exactly(plan, pending.row, no_channel);
            for (std::uint16_t i = 0; i < raw_[pending.row].kept; ++i) guard_exactly(plan, pending.row, i);
        }
        if (plan.entitlement.kind == Kind::remove && plan.entitlement.row == pending.row) return;
        const auto decided =
            std::find_if(plan.periods.begin(), plan.periods.end(),
                         [&](const PeriodChange& change) { return change.row == pending.row; });
        const EntitlementRecord& rolled = *rows_[pending.row].record;
        PeriodChange& change = decided != plan.periods.end() ? *decided : plan.periods.emplace_back();
        if (change.row != pending.row) {
            change.row = pending.row;
            change.from = rolled.periods.from;
            change.due = pending.due;
        }
        change.last = pending.last;
        if (!change.top_ups && rows_[pending.row].topped_up) change.top_ups = rolled.top_ups;
        if (!change.holds && rows_[pending.row].holds_expire) change.holds = rolled.holds;
    }

    Instant now_{};
    std::span<const EntitlementRow> raw_{};
    const ChannelRow* raw_channels_ = nullptr;
    const std::int64_t* raw_held_ = nullptr;
    std::vector<EntitlementRow> rows_{};
    std::vector<ChannelRow> channels_{};
    std::vector<std::int64_t> held_{};  ///< as `View::held` has it; empty where nothing is held
    std::deque<EntitlementRecord>
        records_{};  ///< of the rows with top-ups or holds that were rolled, as they are then
    std::vector<PlannedEntry> entries_{};
    std::vector<Pending> pending_{};
};

inline void CatchUp::tell(std::uint32_t row, std::vector<Entry>& history) const {
    for (const Pending& pending : pending_) {
        if (pending.row != row) continue;
        std::int64_t remaining = raw_[row].remaining;
        std::vector<ChannelRow> channels(raw_channels_ + raw_[row].channel_at,
                                         raw_channels_ + raw_[row].channel_at + raw_[row].kept);
        for (const PlannedEntry& planned : std::span{entries_}.subspan(pending.first, pending.count)) {
            Entry& entry = history.emplace_back();
            entry.kind = planned.kind;
            entry.number = std::numeric_limits<std::uint64_t>::max();  // of the command that is being decided
            entry.amount = planned.amount;
            entry.at = planned.at;
            entry.reverses = planned.reverses;
            entry.total_moved = planned.total_moved;
            entry.remaining = remaining += planned.total_moved;
            if (planned.channel == no_channel) continue;
            entry.channel = channel_name(raw_[row], planned.channel);
            entry.channel_moved = planned.channel_moved;
            entry.channel_remaining = channels[planned.channel].remaining += planned.channel_moved;
        }
    }
}

inline Result<void> CatchUp::weave(Plan& plan) const {
    if (plan.entries.empty()) {
        for (const Pending& pending : pending_) {
            if (rows_[pending.row].id != plan.subject) continue;
            plan.left = rows_[pending.row].remaining;
            if (plan.guarded) guard_exactly(plan, pending.row, no_channel);
        }
        return {};
    }
    std::size_t at = 0;
    for (const Pending& pending : pending_) {
        if (!touches(plan, pending)) continue;
        if (pending.is_too_long || plan.entries.size() + pending.count > max_entries) {
            return refuse(ErrorCode::too_many_periods);
        }
        const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(pending.first);
        plan.entries.insert(plan.entries.begin() + static_cast<std::ptrdiff_t>(at), first,
                            first + static_cast<std::ptrdiff_t>(pending.count));
        at += pending.count;
        advance(plan, pending);
    }
    plan.boundaries = static_cast<std::uint32_t>(at);
    if (plan.posted_by != no_channel) {
        plan.posted_by = static_cast<std::uint16_t>(plan.posted_by + at);
    }
    if (plan.held_by != no_channel) plan.held_by = static_cast<std::uint16_t>(plan.held_by + at);
    guard(plan);
    return {};
}

/// An entitlement as it is at an instant, once all has come that is due by then. The zone is
/// its coverage's.
inline void roll(Entitlement& entitlement, const Zone& zone, Instant now) {
    const auto name_of = [&](std::size_t channel) { return entitlement.channels[channel].channel; };
    const auto total_of = [&](std::uint16_t channel) { return entitlement.channels[channel].total; };
    PeriodProgress& progress = entitlement.periods;
    Passing passing{entitlement.agreement, entitlement.span, zone, progress};
    const auto held_of = [&](std::uint16_t channel) -> std::int64_t& {
        return channel == no_channel ? entitlement.held : entitlement.channels[channel].held;
    };
    Stock stock{entitlement.remaining, std::span{entitlement.channels}, name_of, held_of,
                Timed{entitlement.top_ups, entitlement.holds}};
    while (passing.due(stock) <= now && passing.due(stock) != Instant::max()) {
        const bool moved = passing.step(stock, total_of, [](Instant, const Moved&) {});
        if (!moved) passing.skip(stock, now);
    }
    progress.last = std::max(progress.last, passing.last());
    progress.due = passing.due(stock);
}

}  // namespace entitle::inline v0::rule
