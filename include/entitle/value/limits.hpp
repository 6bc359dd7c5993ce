#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// What is counted has a limit, and going past it is an error value, never a surprise.
namespace entitle::inline v0 {

inline constexpr std::size_t max_name = 100;          ///< code points: `name_length`
inline constexpr std::size_t max_description = 2000;  ///< code points: `description_length`
/// Channels of one entitlement, those that were removed but still count old entries among them:
/// `too_many_channels`.
inline constexpr std::size_t max_channels = 250;
/// Things in one list of a scope: `too_many_scope_items`.
inline constexpr std::size_t max_scope_items = 10'000;
/// Entitlements of one customer: `too_many_entitlements`. Section 6 asks them one by one.
inline constexpr std::size_t max_entitlements = 10'000;
/// Entries of one command, those of boundaries that have come since the last one among them:
/// `too_many_periods`.
inline constexpr std::size_t max_entries = 65'535;
/// Top-ups of one entitlement that have not ended: `too_many_top_ups`.
inline constexpr std::size_t max_top_ups = 1'000;
/// Holds of one entitlement's cases that expire and have not: `too_many_holds`.
inline constexpr std::size_t max_expiring_holds = 1'000;
/// Marks of one entitlement: `low_water_invalid`.
inline constexpr std::size_t max_low_water = 8;
/// Promises of one service level: `too_many_kpis`.
inline constexpr std::size_t max_kpis = 100;
/// Promises that are kept of one case: of more, the first that have ended are forgotten.
inline constexpr std::size_t max_case_promises = 1'000;
/// Business time of a promise, about a century: `duration_too_long`.
inline constexpr std::chrono::hours max_kpi_time{24 * 36'500};
/// Days that a forecast looks back, a century: `window_out_of_range`.
inline constexpr std::uint32_t max_window_days = 36'525;

}  // namespace entitle::inline v0
