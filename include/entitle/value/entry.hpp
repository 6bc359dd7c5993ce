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
    /// to bill, or takes back (-); of a boundary: `Rollover::amount`; the mark that was reached, of
    /// `channel` where there is one. 0 for all other kinds.
    std::int64_t amount = 0;
    EntryRef reverses{};  ///< a forfeit: the posting whose reversal it follows
    Instant at{};
    ActorId actor{};
    RequestId request{};
    std::string reason{};  ///< of an adjustment; of an assignment, the purchase
    Unit unit{};           ///< what the quantities count

    friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace entitle::inline v0

/// `#7.0 resolve_case posting: -1 (4 left), phone -1 (1 left)`, in base units.
template <>
struct fmt::formatter<entitle::Entry> : entitle::detail::PlainFormatter {
    auto format(const entitle::Entry& entry, fmt::format_context& ctx) const {
        auto out = fmt::format_to(ctx.out(), "#{}.{} {} {}: {:+} ({} left)", entry.number, entry.ordinal,
                                  entry.command, entry.kind, entry.total_moved, entry.remaining);
        if (entry.kind == entitle::EntryKind::low_water)
            out = fmt::format_to(out, ", down to {}", entry.amount);
        else if (entitle::has_amount(entry.kind)) out = fmt::format_to(out, ", {:+} set apart", entry.amount);
        if (!entry.channel) return out;
        return fmt::format_to(out, ", {} {:+} ({} left)", entry.channel, entry.channel_moved,
                              entry.channel_remaining);
    }
};
