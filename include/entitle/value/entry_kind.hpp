#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"

namespace entitle::inline v0 {

/// What an entry is. The values are stored: they never change.
enum class EntryKind : std::uint8_t {
    note = 0,        ///< records a command that moved nothing
    posting = 1,     ///< what a case used
    reversal = 2,    ///< takes a posting back
    adjustment = 3,  ///< a correction by hand
    carried_in = 4,  ///< what was used before an import
    // what moves no counter, but has an amount
    hold = 5,     ///< reserves terms for a case
    release = 6,  ///< frees what was reserved
    overage = 7,  ///< what a resolution needed and did not find: to bill
    // periods
    period = 8,  ///< a boundary between two of them; its amount says what is carried over
    forfeit =
        9,  ///< what does not come back of a reversal, because boundaries lie between it and its posting
    // marks
    low_water = 10,  ///< a movement took a counter down to a mark, which is its amount
    // top-ups: but the first, each refers to the entry that made its own
    top_up = 11,     ///< makes one, of its amount; its terms are its reason
    inception = 12,  ///< it begins; its amount says what of it pays what is owed already
    draw = 13,       ///< it pays its amount of the posting or correction that follows; or gets it back (-)
    lapse = 14,      ///< its amount does not pass the boundary that follows
    expiry = 15,     ///< its rest is gone, because its time has come
    voiding = 16,    ///< its rest is gone, because somebody said so
    allotment = 17,  ///< from here on what was agreed ends at its amount, in microseconds since 1970
    // holds; of the last, it refers to the top-up's entry
    set_aside = 18,    ///< its amount is held of what was agreed, and passes the boundary that follows whole
    hold_expiry = 19,  ///< frees what was reserved, because its time has come; moves what is lost of it
    settlement = 20    ///< a top-up pays its amount of what the end of a hold has just left owed
};

inline constexpr EntryKind last_entry_kind = EntryKind::settlement;

/// The enumerator's name, as in `carried_in`.
[[nodiscard]] constexpr std::string_view name_of(EntryKind kind) {
    constexpr std::array<std::string_view, 21> names{
        "note",    "posting", "reversal", "adjustment", "carried_in", "hold",        "release",
        "overage", "period",  "forfeit",  "low_water",  "top_up",     "inception",   "draw",
        "lapse",   "expiry",  "voiding",  "allotment",  "set_aside",  "hold_expiry", "settlement"};
    return names[static_cast<std::size_t>(kind)];
}

/// Whether an entry of this kind moves no counter, but sets terms apart for its case.
[[nodiscard]] constexpr bool sets_apart(EntryKind kind) {
    return kind == EntryKind::hold || kind == EntryKind::release || kind == EntryKind::overage;
}
/// Whether an entry of this kind changes what is held: by its amount.
[[nodiscard]] constexpr bool changes_held(EntryKind kind) {
    return kind == EntryKind::hold || kind == EntryKind::release || kind == EntryKind::hold_expiry;
}
/// Whether an entry of this kind only explains others: it moves nothing, and no receipt tells of it.
[[nodiscard]] constexpr bool explains(EntryKind kind) {
    switch (kind) {
        case EntryKind::low_water:
        case EntryKind::draw:
        case EntryKind::lapse:
        case EntryKind::allotment:
        case EntryKind::set_aside:
        case EntryKind::settlement: return true;
        default: return false;
    }
}
/// Whether time brought an entry of this kind, and no command; `refers`: it names another.
[[nodiscard]] constexpr bool comes_by_time(EntryKind kind, bool refers) {
    switch (kind) {
        case EntryKind::period:
        case EntryKind::lapse:
        case EntryKind::set_aside:
        case EntryKind::hold_expiry:
        case EntryKind::settlement:
        case EntryKind::expiry: return true;
        case EntryKind::inception: return refers;  // else the command that makes the top-up lets it begin
        default: return false;
    }
}
/// Whether an entry of this kind has an amount besides what it moves.
[[nodiscard]] constexpr bool has_amount(EntryKind kind) {
    switch (kind) {
        case EntryKind::period:
        case EntryKind::low_water:
        case EntryKind::top_up:
        case EntryKind::inception:
        case EntryKind::draw:
        case EntryKind::lapse:
        case EntryKind::allotment:
        case EntryKind::set_aside:
        case EntryKind::hold_expiry:
        case EntryKind::settlement: return true;
        default: return sets_apart(kind);
    }
}

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::EntryKind> : entitle::detail::PlainFormatter {
    auto format(entitle::EntryKind kind, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{}", entitle::name_of(kind));
    }
};
