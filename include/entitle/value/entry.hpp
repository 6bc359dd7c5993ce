#pragma once

#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "entitle/value/channel.hpp"
#include "entitle/value/command_kind.hpp"
#include "entitle/value/entry_kind.hpp"
#include "entitle/value/format.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/quantity.hpp"
#include "entitle/value/support_case.hpp"

namespace entitle::inline v0 {

/// One line of the ledger (section 10). Append-only: an entry is never changed or deleted. Quantities are
/// base units of the entitlement's unit.
struct Entry {
    CustomerId customer{};
    std::uint64_t number = 0;   ///< of the command, 1, 2, … without gaps within the customer
    std::uint32_t ordinal = 0;  ///< within the command, 0, 1, …
    CommandKind command = CommandKind::none;
    EntryKind kind = EntryKind::note;
    EntitlementId entitlement{};
    CaseId support_case{};
    Channel channel{};
    std::int64_t total_moved = 0;
    std::int64_t channel_moved = 0;
    std::int64_t remaining = 0;          ///< of the entitlement, after it
    std::int64_t channel_remaining = 0;  ///< of `channel`, after it
    /// What a hold reserves (+) and a release frees (-), of the entitlement and alike of `channel`; what an overage leaves
    /// to bill, or takes back (-); of a boundary: `Rollover::amount`; of a mark, the mark, of `channel` where there is one;
    /// of top-ups, of what is set aside, and of a hold's expiry: see `EntryKind`. 0 for all other kinds.
    std::int64_t amount = 0;
    /// What it takes back. Of a posting within a hold that boundaries have passed since, the hold, in whose period it
    /// counts; of a forfeit, what the entry that it follows refers to; of a top-up, the command that made it, ordinal 0,
    /// unless that is its own.
    EntryRef reverses{};
    Instant at{};
    ActorId actor{};
    RequestId request{};
    /// Of an adjustment; of an assignment, the purchase; of a top-up, its terms; of a hold that expires, when.
    std::string reason{};
    Unit unit{};  ///< what the quantities count

    /// Whether time brought it, and no command.
    [[nodiscard]] bool comes_by_time() const { return entitle::comes_by_time(kind, !reverses.is_none()); }
    /// Whether its command's receipt tells of it.
    [[nodiscard]] bool is_own() const { return !explains(kind) && !comes_by_time(); }

    friend bool operator==(const Entry&, const Entry&) = default;
};

/// Whether an entry refers to the command that made a top-up.
[[nodiscard]] inline bool names_top_up(const Entry& entry) {
    switch (entry.kind) {
        case EntryKind::inception:
        case EntryKind::draw:
        case EntryKind::lapse:
        case EntryKind::expiry:
        case EntryKind::settlement:
        case EntryKind::voiding: return !entry.reverses.is_none();
        default: return false;
    }
}

}  // namespace entitle::inline v0

/// `#7.0 resolve_case posting: -1 (4 left), phone -1 (1 left)`, in base units.
template <>
struct fmt::formatter<entitle::Entry> : entitle::detail::PlainFormatter {
    auto format(const entitle::Entry& entry, fmt::format_context& ctx) const {
        auto out = fmt::format_to(ctx.out(), "#{}.{} {} {}: {:+} ({} left)", entry.number, entry.ordinal,
                                  entry.command, entry.kind, entry.total_moved, entry.remaining);
        if (entitle::has_amount(entry.kind)) out = amount(out, entry);
        if (entitle::names_top_up(entry)) out = fmt::format_to(out, " by top-up #{}", entry.reverses.number);
        if (!entry.channel) return out;
        return fmt::format_to(out, ", {} {:+} ({} left)", entry.channel, entry.channel_moved,
                              entry.channel_remaining);
    }

private:
    static fmt::appender amount(fmt::appender out, const entitle::Entry& entry) {
        using entitle::EntryKind;
        switch (entry.kind) {
            case EntryKind::low_water: return fmt::format_to(out, ", down to {}", entry.amount);
            case EntryKind::top_up: return fmt::format_to(out, ", of {}", entry.amount);
            case EntryKind::draw:
            case EntryKind::settlement:
            case EntryKind::inception: return fmt::format_to(out, ", {:+} paid", entry.amount);
            case EntryKind::lapse: return fmt::format_to(out, ", {} lapsed", entry.amount);
            case EntryKind::set_aside: return fmt::format_to(out, ", {} set aside", entry.amount);
            case EntryKind::allotment: {
                const entitle::Instant until{entitle::Instant::duration{entry.amount}};
                return fmt::format_to(out, ", until {}", entitle::as_utc(until));
            }
            default: return fmt::format_to(out, ", {:+} set apart", entry.amount);
        }
    }
};
