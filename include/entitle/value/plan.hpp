#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "entitle/value/agreement.hpp"
#include "entitle/value/case_service.hpp"
#include "entitle/value/command_kind.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/expiring_hold.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/kpi.hpp"
#include "entitle/value/purchase.hpp"
#include "entitle/value/row.hpp"
#include "entitle/value/support_case.hpp"
#include "entitle/value/top_up.hpp"

namespace entitle::inline v0 {

/// The bounds within which a counter may have moved since a rule read it without changing what the rule
/// decided.
struct Guard {
    std::uint32_t row = no_row;
    std::uint16_t channel = no_channel;  ///< none: the total
    std::int64_t lower = std::numeric_limits<std::int64_t>::min();
    std::int64_t upper = std::numeric_limits<std::int64_t>::max();
    bool of_available = false;  ///< of what is left that nothing holds, rather than of what is left

    friend bool operator==(const Guard&, const Guard&) = default;
};

/// An entry to append; the store adds the number, the ordinal and the balances after it.
struct PlannedEntry {
    EntryKind kind = EntryKind::note;
    std::uint32_t row = no_row;          ///< none: the entitlement that the plan inserts
    std::uint16_t channel = no_channel;  ///< among the row's channel rows, removed ones included
    std::int64_t total_moved = 0;
    std::int64_t channel_moved = 0;
    std::int64_t amount = 0;      ///< of a kind that has one: see `Entry::amount`
    EntryRef reverses{};          ///< what it takes back; of a release, the hold
    Instant at = Instant::min();  ///< none: the plan's

    /// Whether something of the entitlement's terms has been used or promised: what it counts is fixed from then on (R3).
    [[nodiscard]] bool uses() const {
        return total_moved != 0 || channel_moved != 0 || sets_apart(kind) || kind == EntryKind::top_up;
    }

    friend bool operator==(const PlannedEntry&, const PlannedEntry&) = default;
};

/// How one channel row of a changed agreement comes out of the former ones: its ledger sum is kept.
struct ChannelCarry {
    Channel channel{};
    std::uint16_t from = no_channel;  ///< former row; none: new, with no history
    std::int64_t add = 0;             ///< new total − former total (each 0 where not listed)

    friend bool operator==(const ChannelCarry&, const ChannelCarry&) = default;
};

/// What happens to one entitlement.
struct EntitlementChange {
    enum class Kind : std::uint8_t { none, insert, replace, phase, remove };

    Kind kind = Kind::none;
    std::uint32_t row = no_row;  ///< all but insert
    EntitlementId id{};
    Phase phase = Phase::draft;
    // insert and replace only
    Agreement agreement{};
    Span span{};
    EntitlementId renewed_from{};
    Purchase purchase{};
    std::int64_t add = 0;                  ///< new total − former total
    std::vector<ChannelCarry> channels{};  ///< the listed ones in order, then the removed ones

    friend bool operator==(const EntitlementChange&, const EntitlementChange&) = default;
};

/// How far an entitlement's periods have come after a plan.
struct PeriodChange {
    std::uint32_t row = no_row;  ///< none: the entitlement that the plan inserts
    Instant from = Instant::max();
    Instant due = Instant::max();
    Instant last = Instant::min();         ///< of the boundaries that the plan records; none: it records none
    std::optional<TopUps> top_ups{};       ///< absent: they stay as they are
    std::optional<ExpiringHolds> holds{};  ///< likewise

    /// No boundary any more.
    [[nodiscard]] static PeriodChange none(std::uint32_t row) {
        PeriodChange change;
        change.row = row;
        return change;
    }

    friend bool operator==(const PeriodChange&, const PeriodChange&) = default;
};

enum class CaseChange : std::uint8_t { none, insert, update, erase };

/// What a rule decided, as a value: what it relied on and what is to happen. A store applies it whole, if
/// what it relied on still holds, or answers *stale*. (Property: a plan made at state S and accepted at S′
/// equals the plan made at S′.) The engine keeps one, which each rule clears, so that its memory is reused.
struct Plan {
    // what it relied on
    CustomerId customer{};
    std::uint64_t shape = 0;         ///< of the customer's agreements
    CaseId support_case_id{};        ///< none: it relied on no case
    std::uint64_t case_version = 0;  ///< `SupportCase::last_number`; 0: there was no such case
    bool guarded = true;             ///< off: whoever applies it knows that nothing has moved
    std::vector<Guard> guards{};

    // what is to happen
    CommandKind command = CommandKind::none;
    Instant at{};
    ActorId actor{};
    RequestId request{};
    std::uint64_t arguments = 0;          ///< fingerprint, remembered with the request id (R11)
    EntitlementId subject{};              ///< the receipt's entitlement
    std::vector<PlannedEntry> entries{};  ///< none: nothing to do, only the request id is remembered
    CaseChange case_change = CaseChange::none;
    bool opening_changed = false;  ///< the case no longer is what it was opened with
    SupportCase support_case{};    ///< after; its posting's number and version are the store's to fill in
    std::uint16_t posted_by = no_channel;  ///< which of `entries` now stands posted for the case
    std::uint16_t held_by = no_channel;    ///< which of them now holds terms for it
    EntryRef
        expired{};  ///< the hold that the case still had, and time has ended: its end is recorded with the plan
    std::optional<CaseService> service{};  ///< of the case, from now on; absent: as it was
    std::optional<Deadlines> deadlines{};  ///< what the receipt says of the case; absent: nothing
    bool sets_terms_apart = false;         ///< some of them do: see `sets_apart`
    EntitlementChange entitlement{};
    bool sets_default = false;
    std::uint32_t default_row = no_row;  ///< the customer's default from now on (`sets_default`)
    bool default_inserted = false;       ///< … or the inserted entitlement
    /// The rows' new order (section 6), by their former indexes; `no_row` is the inserted one. Empty: as before.
    std::vector<std::uint32_t> order{};
    std::string reason{};
    /// So many of `entries`, the first ones, are of boundaries: they come before anything else that happens,
    /// and name their channels as they were before it. Rows that have any are in `periods`, unless they are
    /// removed.
    std::uint32_t boundaries = 0;
    std::vector<PeriodChange> periods{};
    /// Of a plan without entries: what is left of `subject` once the boundaries have passed that it does not
    /// record.
    std::optional<std::int64_t> left{};

    // what it lacks
    /// A rule needs to see the entries of `history_row` from this command on (`View::history`): it is no plan
    /// yet.
    std::uint64_t history_from = 0;
    std::uint32_t history_row = no_row;

    /// When an entry happened.
    [[nodiscard]] Instant instant_of(const PlannedEntry& entry) const {
        return entry.at == Instant::min() ? at : entry.at;
    }
    /// Whether the customer's rows will not be what they were: their order, or what is kept of them besides
    /// balances.
    [[nodiscard]] bool changes_rows() const {
        return entitlement.kind != EntitlementChange::Kind::none || sets_default || !periods.empty();
    }

    /// Adds an entry, written where it stands.
    PlannedEntry& add(EntryKind kind, std::uint32_t row, std::uint16_t channel, std::int64_t total_moved,
                      std::int64_t channel_moved, const EntryRef& reverses = {}) {
        PlannedEntry& entry = entries.emplace_back();
        entry.kind = kind;
        entry.row = row;
        entry.channel = channel;
        entry.total_moved = total_moved;
        entry.channel_moved = channel_moved;
        entry.reverses = reverses;
        if (sets_apart(kind)) sets_terms_apart = true;
        return entry;
    }

    /// Puts an entry before another. What stands for the case by those behind it still does.
    PlannedEntry& insert(std::size_t place, const PlannedEntry& entry) {
        for (std::uint16_t* by : {&posted_by, &held_by}) {
            if (*by != no_channel && *by >= place) ++*by;
        }
        return *entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(place), entry);
    }
    /// Adds an entry about a row behind the last one that is about it: a plan ends on the entitlement that it is about.
    PlannedEntry& remark(EntryKind kind, std::uint32_t row, std::uint16_t channel,
                         const EntryRef& reverses = {}) {
        std::size_t place = entries.size();
        while (place != 0 && entries[place - 1].row != row) --place;
        PlannedEntry entry;
        entry.kind = kind;
        entry.row = row;
        entry.channel = channel;
        entry.reverses = reverses;
        return insert(place, entry);
    }

    [[gnu::always_inline]] void clear() {
        guards.clear();
        entries.clear();
        order.clear();
        if (entitlement.kind != EntitlementChange::Kind::none) entitlement = {};
        if (!reason.empty()) reason.clear();
        customer = {};
        shape = 0;
        support_case_id = {};
        case_version = 0;
        command = CommandKind::none;
        actor = {};
        request = {};
        arguments = 0;
        subject = {};
        case_change = CaseChange::none;
        opening_changed = false;
        posted_by = no_channel;
        held_by = no_channel;
        expired = {};
        sets_terms_apart = false;
        if (service) [[unlikely]]
            service.reset();
        deadlines.reset();
        if (support_case.held.quantity != 0) [[unlikely]]  // of the last case that it was about
            support_case.held = {};
        support_case.overage = 0;
        sets_default = false;
        default_row = no_row;
        default_inserted = false;
        boundaries = 0;
        if (!periods.empty()) periods.clear();
        left.reset();
        history_from = 0;
    }

    friend bool operator==(const Plan&, const Plan&) = default;
};

}  // namespace entitle::inline v0
