#pragma once

#include <cstdint>

#include "entitle/value/case_state.hpp"
#include "entitle/value/channel.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"

namespace entitle::inline v0 {

/// What a case is about, as far as an agreement asks. Every fact may be absent.
struct CaseFacts {
    ContactId contact{};
    ProductId product{};
    AssetId asset{};
    CaseTypeId case_type{};
    Channel origin{};

    friend bool operator==(const CaseFacts&, const CaseFacts&) = default;
};

/// Names one entry within a customer's ledger: the command's number and the ordinal inside it.
struct EntryRef {
    std::uint64_t number = 0;  ///< 1, 2, …; 0 is none
    std::uint32_t ordinal = 0;

    [[nodiscard]] constexpr bool is_none() const { return number == 0; }
    friend constexpr auto operator<=>(const EntryRef&, const EntryRef&) = default;
};

/// What stands for a case by an entry of the ledger.
struct Standing {
    EntryRef entry{};           ///< none: nothing stands
    std::int64_t quantity = 0;  ///< base units, 0 or more
    Channel channel{};          ///< where it concerns a channel too, else none

    [[nodiscard]] constexpr bool stands() const { return !entry.is_none(); }
    friend bool operator==(const Standing&, const Standing&) = default;
};

/// What stands posted for a case: a reversal takes back exactly this (R8). Of what was posted within a hold that
/// boundaries had passed since, `entry` is the hold: it counts in that one's period.
using Posted = Standing;
/// What is reserved for a case until it is resolved, or until an instant (section 8): no other may use it.
struct Held : Standing {
    Instant until = Instant::max();  ///< from then on it does not stand, whatever is recorded; never: `max()`

    [[nodiscard]] constexpr bool expires() const { return until != Instant::max(); }
    friend bool operator==(const Held&, const Held&) = default;
};

/// One request for support, as the engine keeps it.
struct SupportCase {
    CaseId id{};
    CustomerId customer{};
    EntitlementId entitlement{};
    CaseFacts facts{};
    CaseState state = CaseState::open;
    bool decrement = true;  ///< off: posts nothing and is never asked for terms (R6)
    bool named = false;     ///< its opening named the entitlement, rather than have one selected
    Instant since{};        ///< when it came into its state
    Posted posted{};
    Held held{};
    std::int64_t overage = 0;       ///< base units that its resolution needed and did not find: to bill
    std::uint64_t last_number = 0;  ///< the last command that changed it: its version

    friend bool operator==(const SupportCase&, const SupportCase&) = default;
};

/// What a case was opened with: opening it again with the same is a repeat (R11).
struct Opening {
    CaseFacts facts{};
    EntitlementId named{};  ///< none: the entitlement was selected
    bool decrement = true;

    friend bool operator==(const Opening&, const Opening&) = default;
};

}  // namespace entitle::inline v0
