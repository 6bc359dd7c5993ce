#pragma once

#include <cstdint>
#include <vector>

#include "entitle/value/agreement.hpp"
#include "entitle/value/expiring_hold.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/purchase.hpp"
#include "entitle/value/status.hpp"
#include "entitle/value/top_up.hpp"

namespace entitle::inline v0 {

/// What is left of one channel. `listed` is off for a channel that was removed but still counts entries.
struct ChannelBalance {
    Channel channel{};
    bool listed = true;
    std::int64_t total = 0;      ///< base units; 0 where not listed
    std::int64_t remaining = 0;  ///< total plus the sum of its entries
    std::int64_t held = 0;       ///< reserved for open cases

    [[nodiscard]] std::int64_t available() const { return remaining - held; }
    friend bool operator==(const ChannelBalance&, const ChannelBalance&) = default;
};

/// The record that a customer may receive a stated amount of support, in a stated time, through stated
/// channels: what was agreed, how far its life has come, and what is left. A copy, as queries return it.
struct Entitlement {
    EntitlementId id{};
    CustomerId customer{};
    std::uint64_t sequence = 0;  ///< its place among the customer's, in the order they were made
    Phase phase = Phase::draft;
    Span span{};
    bool is_default = false;
    EntitlementId renewed_from{};
    Purchase purchase{};  ///< that it was assigned for; its id none: for none
    Agreement agreement{};
    std::int64_t remaining = 0;              ///< base units; may be negative where rules allow (R13)
    std::int64_t held = 0;                   ///< base units, reserved for open cases (section 8)
    std::vector<ChannelBalance> channels{};  ///< in the agreement's order, then the removed ones
    PeriodProgress periods{};                ///< up to where its balances are
    TopUps top_ups{};                        ///< that have not ended, and what is left of each
    ExpiringHolds holds{};                   ///< of its cases, that time will end

    [[nodiscard]] Quantity total_terms() const { return {agreement.total(), agreement.unit()}; }
    [[nodiscard]] Quantity remaining_terms() const { return {remaining, agreement.unit()}; }
    [[nodiscard]] Quantity held_terms() const { return {held, agreement.unit()}; }
    /// What is left that no case has reserved: what a restricted entitlement asks.
    [[nodiscard]] Quantity available_terms() const { return {remaining - held, agreement.unit()}; }

    friend bool operator==(const Entitlement&, const Entitlement&) = default;
};

}  // namespace entitle::inline v0
