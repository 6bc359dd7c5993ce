#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "entitle/rule/lifecycle.hpp"
#include "entitle/rule/period.hpp"
#include "entitle/value/entitlement.hpp"
#include "entitle/value/entry.hpp"

/// What time alone changes (sections 3 and 8).
namespace entitle::inline v0 {

/// One change of an entitlement that no command made.
struct Change {
    enum class Kind : std::uint8_t {
        status,  ///< from one status to another
        period,  ///< its terms come anew; its status stays
        top_up_begins,
        top_up_expires,
        hold_expires,
        kpi_nearing,  ///< a promise to one of its cases is to be warned of
        kpi_missed
    };

    Kind kind = Kind::status;
    Instant at{};
    CustomerId customer{};
    EntitlementId entitlement{};
    std::uint64_t sequence = 0;
    Status from = Status::waiting;
    Status to = Status::active;
    std::uint64_t top_up = 0;  ///< the number of the one that begins or expires
    CaseId support_case{};     ///< whose hold expires, or to whom a promise was made
    SlaId sla{};               ///< of a promise: whose, and its place there
    std::uint16_t kpi = 0;

    friend bool operator==(const Change&, const Change&) = default;
};

namespace rule {

[[nodiscard]] inline Status status_of(const Entitlement& entitlement, Instant now) {
    return status_of(entitlement.phase, entitlement.span.begin, entitlement.span.end, now);
}

/// Appends an entitlement's changes in (after, until]. An empty span goes from Waiting to Expired at once.
inline void changes_between(const Entitlement& entitlement, Instant after, Instant until,
                            std::vector<Change>& out) {
    if (entitlement.phase != Phase::activated) return;
    const Span span = entitlement.span;
    const auto report = [&](Instant at, Status from, Status to) {
        if (at <= after || at > until) return;
        out.push_back({Change::Kind::status,
                       at,
                       entitlement.customer,
                       entitlement.id,
                       entitlement.sequence,
                       from,
                       to,
                       0,
                       {},
                       {},
                       0});
    };
    if (span.begin >= span.end) return report(span.end, Status::waiting, Status::expired);
    report(span.begin, Status::waiting, Status::active);
    report(span.end, Status::active, Status::expired);
}

/// Appends the boundaries in (after, until] of an entitlement that has periods, as they are agreed now, since
/// then. The zone is its coverage's.
inline void boundaries_between(const Entitlement& entitlement, const Zone& zone, Instant after, Instant until,
                               std::vector<Change>& out) {
    if (entitlement.periods.from == Instant::max() || entitlement.phase == Phase::canceled) return;
    const Periods periods = periods_of(entitlement.agreement, entitlement.span, zone);
    auto next = periods.next_after(std::max(after, entitlement.periods.from));
    for (; next && *next <= until; next = periods.next_after(*next)) {
        const Status status = status_of(entitlement, *next);
        out.push_back({Change::Kind::period,
                       *next,
                       entitlement.customer,
                       entitlement.id,
                       entitlement.sequence,
                       status,
                       status,
                       0,
                       {},
                       {},
                       0});
    }
}

namespace detail {

/// The change of a top-up, or of a case's hold.
inline void add_change(const Entitlement& entitlement, Change::Kind kind, Instant at, std::uint64_t top_up,
                       CaseId holder, Instant after, Instant until, std::vector<Change>& out) {
    if (at <= after || at > until || at == Instant::max()) return;
    const Status status = status_of(entitlement, at);
    out.push_back({kind,
                   at,
                   entitlement.customer,
                   entitlement.id,
                   entitlement.sequence,
                   status,
                   status,
                   top_up,
                   holder,
                   {},
                   0});
}

}  // namespace detail

/// Appends the expiries of holds in (after, until], those first that the entitlement's entries tell of.
inline void holds_between(const Entitlement& entitlement, std::span<const Entry> entries, Instant after,
                          Instant until, std::vector<Change>& out) {
    constexpr auto kind = Change::Kind::hold_expires;
    std::map<EntryRef, CaseId> holders;
    for (const Entry& entry : entries) {
        if (entry.kind == EntryKind::hold) holders[{entry.number, entry.ordinal}] = entry.support_case;
        if (entry.kind != EntryKind::hold_expiry) continue;
        detail::add_change(entitlement, kind, entry.at, 0, holders[entry.reverses], after, until, out);
    }
    if (entitlement.phase == Phase::canceled) return;
    for (const ExpiringHold& one : entitlement.holds.open) {
        detail::add_change(entitlement, kind, one.until, 0, one.support_case, after, until, out);
    }
}

/// Appends what time brought to an entitlement's top-ups in (after, until], as its entries tell.
inline void top_ups_told(const Entitlement& entitlement, std::span<const Entry> entries, Instant after,
                         Instant until, std::vector<Change>& out) {
    for (const Entry& entry : entries) {
        const bool begins = entry.kind == EntryKind::inception && !entry.reverses.is_none();
        if (entry.channel || (!begins && entry.kind != EntryKind::expiry)) continue;
        const auto kind = begins ? Change::Kind::top_up_begins : Change::Kind::top_up_expires;
        detail::add_change(entitlement, kind, entry.at, entry.reverses.number, {}, after, until, out);
    }
}

/// Appends what expires (or begins) of an entitlement's top-ups in (after, until] that no entry tells of yet.
inline void top_ups_between(const Entitlement& entitlement, Change::Kind kind, Instant after, Instant until,
                            std::vector<Change>& out) {
    if (entitlement.phase == Phase::canceled) return;
    for (const TopUpState& one : entitlement.top_ups.open) {
        const bool begins = kind == Change::Kind::top_up_begins;
        if (begins && one.begun) continue;
        detail::add_change(entitlement, kind, begins ? one.from : one.expires, one.number, {}, after, until,
                           out);
    }
}

}  // namespace rule

}  // namespace entitle::inline v0
