#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "entitle/value/agreement.hpp"
#include "entitle/value/channel.hpp"
#include "entitle/value/coverage.hpp"
#include "entitle/value/expiring_hold.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/period_terms.hpp"
#include "entitle/value/purchase.hpp"
#include "entitle/value/status.hpp"
#include "entitle/value/top_up.hpp"

/// The rows that deciding reads: small, fixed, side by side. A store keeps them; a rule only looks.
namespace entitle::inline v0 {

/// What changes rarely or is read rarely about an entitlement.
struct EntitlementRecord {
    CustomerId customer{};
    std::uint64_t sequence = 0;  ///< of the ledger command that made it
    EntitlementId renewed_from{};
    Purchase purchase{};  ///< that it was assigned for
    Agreement agreement{};
    std::vector<Channel>
        removed{};  ///< channels once listed, in the order of the channel rows after the listed
    PeriodProgress periods{};
    TopUps top_ups{};
    ExpiringHolds holds{};
};

/// One entitlement as the hot path sees it: 64 bytes, one cache line.
struct EntitlementRow {
    EntitlementId id{};
    const EntitlementRecord* record = nullptr;  ///< owned by the store, valid while the unit lasts
    Instant begin{};
    Instant end{};
    std::int64_t remaining = 0;    ///< base units
    std::uint32_t channel_at = 0;  ///< where its channel rows begin among the customer's
    std::uint32_t scope_at = 0;    ///< where its scope's words begin among the customer's
    std::uint32_t handle = 0;      ///< the store's own mark
    std::uint8_t listed = 0;       ///< channel rows that the agreement lists
    std::uint8_t kept = 0;         ///< channel rows with those once listed
    std::uint8_t scope : 4 = 0;    ///< which lists of the scope are not empty: see `ScopeBit`
    Phase phase : 2 = Phase::draft;
    Allocation allocation : 2 = Allocation::cases;
    DecreaseOn decrease_on : 1 = DecreaseOn::creation;
    bool restricted : 1 = false;
    bool is_default : 1 = false;
    bool rolled : 1 = false;     ///< a boundary of its periods has been recorded
    bool topped_up : 1 = false;  ///< a top-up has been made for it: see `EntitlementRecord::top_ups`
    bool holds_expire : 1 =
        false;  ///< … a hold that expires, for one of its cases: see `EntitlementRecord::holds`
    bool marked : 1 = false;       ///< its agreement has marks: see `Agreement::low_water`
    bool has_history : 1 = false;  ///< something has moved its counters
};
static_assert(sizeof(EntitlementRow) == 64);

/// What is left on one channel of an entitlement. Its total stands in the agreement.
struct ChannelRow {
    ChannelKey key{};
    std::int64_t remaining = 0;  ///< base units
};
static_assert(sizeof(ChannelRow) == 16);

/// The lists of a scope, from the most specific fact on (section 6).
struct ScopeBit {
    static constexpr std::uint8_t case_types = 1;
    static constexpr std::uint8_t contacts = 2;
    static constexpr std::uint8_t products = 4;
    static constexpr std::uint8_t assets = 8;
};

/// Which lists of a scope are not empty.
[[nodiscard]] inline std::uint8_t scope_bits(const Scope& scope) {
    unsigned bits = 0;
    if (!scope.assets.empty()) bits |= ScopeBit::assets;
    if (!scope.products.empty()) bits |= ScopeBit::products;
    if (!scope.contacts.empty()) bits |= ScopeBit::contacts;
    if (!scope.case_types.empty()) bits |= ScopeBit::case_types;
    return static_cast<std::uint8_t>(bits);
}

inline constexpr std::uint32_t no_row = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::uint16_t no_channel = std::numeric_limits<std::uint16_t>::max();

/// What a row counts; only money has to look at the agreement.
[[nodiscard]] inline Unit unit_of(const EntitlementRow& row) {
    return row.allocation == Allocation::money ? row.record->agreement.unit() : Unit{row.allocation, {}};
}

/// The name of an entitlement's channel row, listed or removed.
[[nodiscard]] inline const Channel& channel_name(const EntitlementRow& row, std::size_t index) {
    const auto& listed = row.record->agreement.channels;
    return index < listed.size() ? listed[index].channel : row.record->removed[index - listed.size()];
}

/// Long names may share a key: the first by name, from `at` on.
[[nodiscard, gnu::noinline]] inline std::uint16_t find_long_channel(const EntitlementRow& row,
                                                                    const ChannelRow* rows,
                                                                    const Channel& channel, std::size_t at,
                                                                    std::size_t count) {
    while (at < count && !(rows[at].key == channel.key() && channel_name(row, at) == channel)) ++at;
    return at < count ? static_cast<std::uint16_t>(at) : no_channel;
}

/// The channel among the first `count` of an entitlement's channel rows, or `no_channel`.
[[nodiscard]] inline std::uint16_t find_channel(const EntitlementRow& row, const ChannelRow* rows,
                                                const Channel& channel, std::size_t count) {
    const ChannelKey key = channel.key();
    const ChannelRow* const end = rows + count;
    const ChannelRow* found = end;
    // Every row, without a branch: which one it will be cannot be foreseen.
    for (const ChannelRow* at = end; at != rows;) {
        --at;
        found = at->key == key ? at : found;
    }
    if (found == end) return no_channel;
    const auto at = static_cast<std::size_t>(found - rows);
    if (!key.is_exact()) [[unlikely]]
        return find_long_channel(row, rows, channel, at, count);
    return static_cast<std::uint16_t>(at);
}

}  // namespace entitle::inline v0
