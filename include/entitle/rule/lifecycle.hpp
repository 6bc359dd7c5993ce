#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "entitle/rule/policy.hpp"
#include "entitle/value/error_code.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/row.hpp"
#include "entitle/value/status.hpp"

/// Section 3: which command an entitlement's status allows. The table is data.
namespace entitle::inline v0::rule {

/// Draft and Canceled are what is stored; of what is activated, time decides.
[[nodiscard]] constexpr Status status_of(Phase phase, Instant begin, Instant end, Instant now) {
    if (phase == Phase::draft) return Status::draft;
    if (phase == Phase::canceled) return Status::canceled;
    if (now >= end) return Status::expired;
    return now < begin ? Status::waiting : Status::active;
}

[[nodiscard]] inline Status status_of(const EntitlementRow& row, Instant now) {
    return status_of(row.phase, row.begin, row.end, now);
}

/// The rows of the lifecycle table.
enum class LifecycleCommand : std::uint8_t {
    revise,  ///< also: add or remove a channel or a scope item
    amend,
    activate,
    deactivate,
    cancel,
    renew,
    set_default,
    remove
};

inline constexpr std::size_t lifecycle_command_count = 8;

using LifecycleTable = std::array<std::array<ErrorCode, status_count>, lifecycle_command_count>;

/// `none` where the command is allowed. Columns: Draft, Waiting, Active, Expired, Canceled.
inline constexpr LifecycleTable lifecycle_table = [] {
    using enum ErrorCode;
    return LifecycleTable{{
        /* revise      */ {none, not_draft, not_draft, not_draft, not_draft},
        /* amend       */ {none, none, none, not_active, not_active},
        /* activate    */ {none, cannot_activate, already_active, cannot_activate, cannot_activate},
        /* deactivate  */ {already_draft, none, none, cannot_deactivate, cannot_deactivate},
        /* cancel      */ {cannot_cancel, none, none, cannot_cancel, already_canceled},
        /* renew       */ {cannot_renew, cannot_renew, cannot_renew, cannot_renew, none},
        /* set default */ {not_active, not_active, none, not_active, not_active},
        /* remove      */ {none, cannot_delete, cannot_delete, none, none},
    }};
}();

/// Whether the status allows the command under the policy; `none` where it does.
[[nodiscard]] constexpr ErrorCode allowed(LifecycleCommand command, Status status, const Policy& policy) {
    if (command == LifecycleCommand::renew && status == Status::expired &&
        policy.renewable == Renewable::canceled_and_expired) {
        return ErrorCode::none;  // R1: the one cell that is the policy's
    }
    return lifecycle_table[static_cast<std::size_t>(command)][static_cast<std::size_t>(status)];
}

static_assert(allowed(LifecycleCommand::renew, Status::canceled, policy::standard) == ErrorCode::none);
static_assert(allowed(LifecycleCommand::renew, Status::expired, policy::standard) == ErrorCode::cannot_renew);
static_assert(allowed(LifecycleCommand::renew, Status::expired, policy::dynamics365) == ErrorCode::none);

}  // namespace entitle::inline v0::rule
