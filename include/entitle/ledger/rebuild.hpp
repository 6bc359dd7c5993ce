#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "entitle/value/entry.hpp"
#include "entitle/value/expiring_hold_text.hpp"
#include "entitle/value/receipt.hpp"
#include "entitle/value/seal.hpp"
#include "entitle/value/support_case.hpp"

/// Section 10: balances, case states and receipts again, from the entries alone.
namespace entitle::inline v0::ledger {

/// A counter as its entries tell it.
struct RebuiltCounter {
    std::int64_t moved = 0;  ///< the sum of what they moved
    std::int64_t after = 0;  ///< as the last one says
    EntryRef last{};

    /// The total that the last entry was written under.
    [[nodiscard]] std::int64_t total() const { return after - moved; }
};

/// A case as its entries tell it.
struct RebuiltCase {
    CaseState state = CaseState::open;
    EntitlementId entitlement{};
    Posted posted{};
    Held held{};
    std::int64_t overage = 0;
    Instant since{};
    std::uint64_t last_number = 0;
    bool deleted = false;
};

/// One customer's ledger, replayed.
struct Rebuilt {
    std::map<EntitlementId, RebuiltCounter> totals{};
    std::map<std::pair<EntitlementId, std::string>, RebuiltCounter> channels{};  ///< by lower-case name
    std::map<CaseId, RebuiltCase> cases{};
    std::map<EntryRef, CaseId> holders{};  ///< of holds that expire, whether they stand or not
};

[[nodiscard]] inline std::string folded(const Channel& channel) {
    std::string name{channel.name()};
    for (char& c : name) c = ascii_lower(c);
    return name;
}

/// As an archived prefix left it.
[[nodiscard]] inline Rebuilt rebuilt_from(const Base& base) {
    Rebuilt rebuilt;
    for (const BaseCounter& counter : base.counters) {
        const RebuiltCounter known{counter.moved, counter.after, counter.last};
        if (counter.channel) rebuilt.channels[{counter.entitlement, folded(counter.channel)}] = known;
        else rebuilt.totals[counter.entitlement] = known;
    }
    for (const BaseCase& known : base.cases) {
        rebuilt.cases[known.id] = {known.state,   known.entitlement, known.posted,      known.held,
                                   known.overage, known.since,       known.last_number, false};
        if (known.held.expires()) rebuilt.holders[known.held.entry] = known.id;
    }
    return rebuilt;
}

/// The last number, by entitlement, that may have changed what was agreed.
[[nodiscard]] inline std::map<EntitlementId, std::uint64_t> revised_in(const Base& base) {
    std::map<EntitlementId, std::uint64_t> revised;
    for (const BaseCounter& counter : base.counters) {
        if (counter.revised != 0) revised[counter.entitlement] = counter.revised;
    }
    return revised;
}

namespace detail {

inline void count(RebuiltCounter& counter, std::int64_t moved, std::int64_t after, EntryRef entry) {
    counter.moved += moved;
    counter.after = after;
    counter.last = entry;
}

inline void enter(RebuiltCase& known, CaseState state, Instant at) {
    known.state = state;
    known.since = at;
}

/// A removed entitlement has no counters any more.
inline void forget(Rebuilt& rebuilt, EntitlementId entitlement) {
    rebuilt.totals.erase(entitlement);
    std::erase_if(rebuilt.channels, [&](const auto& one) { return one.first.first == entitlement; });
}

/// What a command does to its case, told once per command.
inline void follow(RebuiltCase& known, const Entry& entry) {
    switch (entry.command) {
        case CommandKind::open_case:
            known = {};
            enter(known, CaseState::open, entry.at);
            break;
        case CommandKind::resolve_case: enter(known, CaseState::resolved, entry.at); break;
        case CommandKind::cancel_case: enter(known, CaseState::canceled, entry.at); break;
        case CommandKind::reactivate_case: enter(known, CaseState::open, entry.at); break;
        case CommandKind::delete_case: known.deleted = true; break;
        default: break;
    }
}

/// What an entry does to what stands for its case.
inline void stand(RebuiltCase& known, const Entry& entry) {
    const EntryRef self{entry.number, entry.ordinal};
    switch (entry.kind) {
        case EntryKind::posting:
            if (entry.total_moved == 0) break;
            known.posted = {entry.reverses.is_none() ? self : entry.reverses, -entry.total_moved,
                            entry.channel};
            break;
        case EntryKind::reversal: known.posted = {}; break;
        case EntryKind::hold:
            known.held = {{self, entry.amount, entry.channel}, until_from(entry.reason)};
            break;
        case EntryKind::release: known.held = {}; break;
        case EntryKind::overage:
            known.overage = entitle::detail::saturating_add(known.overage, entry.amount);
            break;
        default: break;
    }
}

/// A hold that time has ended.
inline void expire(Rebuilt& rebuilt, const Entry& entry) {
    const auto holder = rebuilt.holders.find(entry.reverses);
    if (holder == rebuilt.holders.end()) return;
    Held& held = rebuilt.cases[holder->second].held;
    if (held.entry == entry.reverses) held = {};
}

}  // namespace detail

/// Adds one entry, in the ledger's order.
inline void add(Rebuilt& rebuilt, const Entry& entry) {
    const EntryRef self{entry.number, entry.ordinal};
    if (entry.command == CommandKind::remove && entry.is_own())
        return detail::forget(rebuilt, entry.entitlement);
    detail::count(rebuilt.totals[entry.entitlement], entry.total_moved, entry.remaining, self);
    if (entry.channel) {
        detail::count(rebuilt.channels[{entry.entitlement, folded(entry.channel)}], entry.channel_moved,
                      entry.channel_remaining, self);
    }
    if (entry.kind == EntryKind::hold_expiry) detail::expire(rebuilt, entry);
    if (!entry.support_case || entry.comes_by_time()) return;  // which is not its command's own
    RebuiltCase& known = rebuilt.cases[entry.support_case];
    if (known.last_number != entry.number) detail::follow(known, entry);
    known.last_number = entry.number;
    known.entitlement = entry.entitlement;
    detail::stand(known, entry);
    if (entry.kind == EntryKind::hold && known.held.expires()) rebuilt.holders[self] = entry.support_case;
}

[[nodiscard]] inline Rebuilt rebuild(std::span<const Entry> entries) {
    Rebuilt rebuilt;
    for (const Entry& entry : entries) add(rebuilt, entry);
    return rebuilt;
}

/// A command's receipt out of its entries; `unit` is of the last one's entitlement.
[[nodiscard]] inline Receipt receipt_of(std::span<const Entry> command, Unit unit) {
    const Entry& last = command.back();
    Receipt receipt;
    receipt.command = last.command;
    receipt.customer = last.customer;
    receipt.number = last.number;
    receipt.entitlement = last.entitlement;
    receipt.support_case = last.support_case;
    receipt.request = last.request;
    receipt.at = last.at;
    receipt.set_unit(unit);
    for (const Entry& entry : command) {
        if (entry.entitlement != last.entitlement) continue;
        if (entry.kind == EntryKind::low_water) receipt.add_mark(entry.channel, entry.amount);
        if (!entry.is_own()) continue;
        receipt.add(entry.total_moved, entry.remaining, entry.channel, entry.channel_moved,
                    entry.channel_remaining);
        if (has_amount(entry.kind)) receipt.add_amount(entry.kind, entry.amount);
    }
    return receipt;
}

}  // namespace entitle::inline v0::ledger
