#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "entitle/value/error.hpp"

namespace entitle::inline v0 {

/// An error as the Dataverse web service publishes it, for hosts whose callers know those codes.
struct DataverseError {
    std::string_view name;
    std::uint32_t code;  ///< as published in hexadecimal; as a signed number it is the decimal one
};

namespace detail {

struct DataverseRow {
    ErrorCode error;
    std::string_view name;
    std::uint32_t code;
};

/// What one error means whichever command met it, unless `by_command` knows better.
inline constexpr std::array dataverse_rows{
    DataverseRow{ErrorCode::already_active, "EntitlementAlreadyInactiveState", 0x80060615},
    DataverseRow{ErrorCode::cannot_activate, "InvalidEntitlementActivate", 0x80060606},
    DataverseRow{ErrorCode::already_draft, "EntitlementAlreadyInDraftState", 0x80060614},
    DataverseRow{ErrorCode::cannot_deactivate, "InvalidEntitlementDeactivate", 0x80060608},
    DataverseRow{ErrorCode::already_canceled, "EntitlementAlreadyInCanceledState", 0x80044208},
    DataverseRow{ErrorCode::cannot_cancel, "InvalidEntitlementCancel", 0x80060607},
    DataverseRow{ErrorCode::cannot_renew, "InvalidEntitlementRenew", 0x80060610},
    DataverseRow{ErrorCode::cannot_expire, "InvalidEntitlementExpire", 0x80060618},
    DataverseRow{ErrorCode::cannot_delete, "EntitlementInvalidState", 0x80060601},
    DataverseRow{ErrorCode::not_draft, "EntitlementEditDraft", 0x80060613},
    DataverseRow{ErrorCode::channel_without_entitlement, "EntitlementChannelWithoutEntitlementId",
                 0x80060612},
    DataverseRow{ErrorCode::start_after_end, "EntitlementInvalidStartEndDate", 0x80060600},
    DataverseRow{ErrorCode::total_missing, "EntitlementBlankTerms", 0x80060622},
    DataverseRow{ErrorCode::total_not_whole, "EntitlementTotalTerms", 0x80060619},
    DataverseRow{ErrorCode::total_below_used, "EntitlementInvalidTerms", 0x80060604},
    DataverseRow{ErrorCode::remaining_above_total, "EntitlementInvalidRemainingTerms", 0x80060624},
    DataverseRow{ErrorCode::channel_exceeds_total, "InvalidEntitlementChannelTerms", 0x80060605},
    DataverseRow{ErrorCode::not_active, "EntitlementNotActiveInAssociationToCase", 0x80060616},
    DataverseRow{ErrorCode::terms_exhausted, "InvalidEntitlementAssociationToCase", 0x80060609},
    DataverseRow{ErrorCode::channel_exhausted, "InvalidEntitlementAssociationToCase", 0x80060609},
    DataverseRow{ErrorCode::contact_out_of_scope, "InvalidEntitlementContacts", 0x80044207},
    DataverseRow{ErrorCode::not_customers, "InvalidEntitlementForSelectedCustomerOrProduct", 0x8004F866},
    DataverseRow{ErrorCode::product_out_of_scope, "InvalidEntitlementForSelectedCustomerOrProduct",
                 0x8004F866},
};

[[nodiscard]] constexpr bool is_case_command(CommandKind command) {
    return command >= CommandKind::open_case && command <= CommandKind::release_terms;
}

/// The errors whose published code hangs on the command that met them.
[[nodiscard]] constexpr std::optional<DataverseError> by_command(ErrorCode error, CommandKind command) {
    const bool of_channel = command == CommandKind::set_channel || command == CommandKind::remove_channel;
    if (error == ErrorCode::not_draft && of_channel) {
        return DataverseError{"EntitlementChannelInvalidState", 0x80060603};
    }
    if (error == ErrorCode::total_not_whole && command == CommandKind::set_template) {
        return DataverseError{"EntitlementTemplateTotalTerms", 0x80060620};
    }
    const bool revises = command == CommandKind::revise || command == CommandKind::amend;
    if (error == ErrorCode::channel_exceeds_total && revises) {
        return DataverseError{"InvalidEntitlementTotalTerms", 0x800443FF};
    }
    if (error == ErrorCode::not_active && command == CommandKind::change_entitlement) {
        return DataverseError{"InvalidEntitlementStateAssociateToCase", 0x80060611};
    }
    return std::nullopt;
}

}  // namespace detail

/// The published error for (error, command), or nothing where there is none. A `not_entitled` is published
/// as its reason.
[[nodiscard]] constexpr std::optional<DataverseError> dataverse_error(ErrorCode error, CommandKind command) {
    if (const auto special = detail::by_command(error, command)) return special;
    if (error == ErrorCode::not_active && !detail::is_case_command(command)) return std::nullopt;
    for (const detail::DataverseRow& row : detail::dataverse_rows) {
        if (row.error == error) return DataverseError{row.name, row.code};
    }
    return std::nullopt;
}
[[nodiscard]] constexpr std::optional<DataverseError> dataverse_error(const Error& error) {
    return dataverse_error(error.code == ErrorCode::not_entitled ? error.reason : error.code, error.command);
}

}  // namespace entitle::inline v0
