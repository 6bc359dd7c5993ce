#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/channel.hpp"
#include "entitle/value/command_kind.hpp"
#include "entitle/value/format.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/quantity.hpp"
#include "entitle/value/support_case.hpp"

namespace entitle::inline v0 {

/// What an entry is. The values are stored: they never change.
enum class EntryKind : std::uint8_t {
    note = 0,        ///< records a command that moved nothing
    posting = 1,     ///< what a case used
    reversal = 2,    ///< takes a posting back
    adjustment = 3,  ///< a correction by hand
    carried_in = 4,  ///< what was used before an import
    period = 8,      ///< a boundary between two periods
    forfeit = 9,     ///< what boundaries since a posting leave of its reversal is less: the difference
};

inline constexpr std::size_t entry_kind_count = 10;

/// `note`, `posting`, `reversal`, `adjustment`, `carried_in`, `period`, `forfeit`.
[[nodiscard]] constexpr std::string_view name_of(EntryKind kind) {
    constexpr std::array<std::string_view, entry_kind_count> names{
        "note", "posting", "reversal", "adjustment", "carried_in", "", "", "", "period", "forfeit"};
    return names[static_cast<std::size_t>(kind)];
}

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
    EntryRef reverses{};                 ///< a forfeit: the posting whose reversal it follows
    std::int64_t amount = 0;             ///< of a boundary: `Rollover::amount`
    Instant at{};
    ActorId actor{};
    RequestId request{};
    std::string reason{};  ///< of an adjustment
    Unit unit{};           ///< what the quantities count

    friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::EntryKind> : entitle::detail::PlainFormatter {
    auto format(entitle::EntryKind kind, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{}", entitle::name_of(kind));
    }
};

/// `#7.0 resolve_case posting: -1 (4 left), phone -1 (1 left)`, in base units.
template <>
struct fmt::formatter<entitle::Entry> : entitle::detail::PlainFormatter {
    auto format(const entitle::Entry& entry, fmt::format_context& ctx) const {
        auto out = fmt::format_to(ctx.out(), "#{}.{} {} {}: {:+} ({} left)", entry.number, entry.ordinal,
                                  entry.command, entry.kind, entry.total_moved, entry.remaining);
        if (!entry.channel) return out;
        return fmt::format_to(out, ", {} {:+} ({} left)", entry.channel, entry.channel_moved,
                              entry.channel_remaining);
    }
};
