#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/format.hpp"

namespace entitle::inline v0 {

/// Every way in which the engine says no. The names are stable: hosts may store and match them.
enum class ErrorCode : std::uint8_t {
    none,  ///< no error: never the code of an `Error`
    // what is written down for an agreement
    id_missing,
    customer_missing,
    name_length,
    description_length,
    not_utf8,
    start_after_end,
    day_invalid,
    unknown_time_zone,
    total_missing,
    total_not_allowed,
    total_not_whole,
    total_out_of_range,
    not_a_number,
    currency_missing,
    currency_unknown,
    currency_not_allowed,
    unit_mismatch,
    hours_need_resolution,
    duplicate_channel,
    channel_name,
    channel_exceeds_total,
    channel_without_entitlement,
    too_many_channels,
    scope_item_missing,
    too_many_scope_items,
    too_many_entitlements,
    discount_out_of_range,
    duplicate_id,
    // the lifecycle of an entitlement
    unknown_entitlement,
    not_draft,
    not_active,
    already_active,
    cannot_activate,
    already_draft,
    cannot_deactivate,
    already_canceled,
    cannot_cancel,
    cannot_renew,
    cannot_delete,
    cannot_expire,
    in_use,
    has_history,
    total_below_used,
    remaining_above_total,
    reason_missing,
    nothing_to_adjust,
    // cases
    unknown_case,
    case_exists,
    case_state,
    amount_out_of_range,
    reopen_too_late,
    nothing_to_hold,
    // admission (section 5)
    not_customers,
    contact_out_of_scope,
    product_out_of_scope,
    asset_out_of_scope,
    case_type_out_of_scope,
    channel_not_listed,
    terms_exhausted,
    channel_exhausted,
    not_entitled,
    no_entitlement,
    // the ledger, retries, policies
    terms_overflow,
    request_id_reused,
    policy_mismatch,
    unknown_policy,
    outcome_count,
    seal_broken,
    not_sealed,
    // periods (section 8)
    period_length,
    period_not_allowed,
    rollover_out_of_range,
    too_many_periods,
    // templates and purchases (section 7)
    unknown_template,
    template_length,
    template_in_use,
    quantity_out_of_range,
    no_rule,
    purchase_exists,
    // queries
    window_out_of_range,
    // calendars (section 11)
    hours_invalid,
    hours_overlap,
    shift_twice,
    duration_negative,
    never_open,
    calendar_exhausted,
    // the store: these come last
    store_limit,
    file_exists,
    not_a_database,
    database_corrupt,
    schema_newer,
    store_busy,
    store_read_only,
    store_full,
    store_unavailable,
    store_io,
    store_forked,
    store_memory,
    transaction_lost,
    store_failed,
    outcome_unknown,
};

inline constexpr std::size_t error_code_count = static_cast<std::size_t>(ErrorCode::outcome_unknown) + 1;

namespace detail {

inline constexpr std::array<std::string_view, error_code_count> error_names{
    "none",
    "id_missing",
    "customer_missing",
    "name_length",
    "description_length",
    "not_utf8",
    "start_after_end",
    "day_invalid",
    "unknown_time_zone",
    "total_missing",
    "total_not_allowed",
    "total_not_whole",
    "total_out_of_range",
    "not_a_number",
    "currency_missing",
    "currency_unknown",
    "currency_not_allowed",
    "unit_mismatch",
    "hours_need_resolution",
    "duplicate_channel",
    "channel_name",
    "channel_exceeds_total",
    "channel_without_entitlement",
    "too_many_channels",
    "scope_item_missing",
    "too_many_scope_items",
    "too_many_entitlements",
    "discount_out_of_range",
    "duplicate_id",
    "unknown_entitlement",
    "not_draft",
    "not_active",
    "already_active",
    "cannot_activate",
    "already_draft",
    "cannot_deactivate",
    "already_canceled",
    "cannot_cancel",
    "cannot_renew",
    "cannot_delete",
    "cannot_expire",
    "in_use",
    "has_history",
    "total_below_used",
    "remaining_above_total",
    "reason_missing",
    "nothing_to_adjust",
    "unknown_case",
    "case_exists",
    "case_state",
    "amount_out_of_range",
    "reopen_too_late",
    "nothing_to_hold",
    "not_customers",
    "contact_out_of_scope",
    "product_out_of_scope",
    "asset_out_of_scope",
    "case_type_out_of_scope",
    "channel_not_listed",
    "terms_exhausted",
    "channel_exhausted",
    "not_entitled",
    "no_entitlement",
    "terms_overflow",
    "request_id_reused",
    "policy_mismatch",
    "unknown_policy",
    "outcome_count",
    "seal_broken",
    "not_sealed",
    "period_length",
    "period_not_allowed",
    "rollover_out_of_range",
    "too_many_periods",
    "unknown_template",
    "template_length",
    "template_in_use",
    "quantity_out_of_range",
    "no_rule",
    "purchase_exists",
    "window_out_of_range",
    "hours_invalid",
    "hours_overlap",
    "shift_twice",
    "duration_negative",
    "never_open",
    "calendar_exhausted",
    "store_limit",
    "file_exists",
    "not_a_database",
    "database_corrupt",
    "schema_newer",
    "store_busy",
    "store_read_only",
    "store_full",
    "store_unavailable",
    "store_io",
    "store_forked",
    "store_memory",
    "transaction_lost",
    "store_failed",
    "outcome_unknown",
};

}  // namespace detail

/// The stable name, as in `channel_exhausted`.
[[nodiscard]] constexpr std::string_view name_of(ErrorCode code) {
    return detail::error_names[static_cast<std::size_t>(code)];
}

}  // namespace entitle::inline v0

template <>
struct fmt::formatter<entitle::ErrorCode> : entitle::detail::PlainFormatter {
    auto format(entitle::ErrorCode code, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "{}", entitle::name_of(code));
    }
};
