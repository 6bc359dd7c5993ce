#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "entitle/value/channel.hpp"
#include "entitle/value/command_kind.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/quantity.hpp"
#include "entitle/value/service_level.hpp"
#include "entitle/value/stage.hpp"

/// The commands about a case. `id` is the case's. The customer may be left out of all but `OpenCase`; the
/// store may then have to search (R8a), and once the case is gone a retry finds nobody: name the customer.
namespace entitle::inline v0 {

/// Opens a case on the entitlement named, or on the first that admits it (section 6). Opening an existing
/// case with the facts it was first given is a repeat: ok, nothing posted (R11).
struct OpenCase {
    static constexpr CommandKind kind = CommandKind::open_case;
    CustomerId customer{};
    CaseId id{};
    ContactId contact{};
    ProductId product{};
    AssetId asset{};
    CaseTypeId case_type{};
    Channel origin{};
    EntitlementId entitlement{};  ///< absent: select one
    bool decrement = true;        ///< off: posts nothing (R6)
    // for its service level (section 11); a repeat is not asked for them
    CasePriority priority = 0;
    Stage stage{};
    SlaId sla{};  ///< the case's own service level; absent: the entitlement's, else the default
    RequestId request{};
    ActorId actor{};
};

/// Resolves an open case; one that decreases on resolution posts now.
struct ResolveCase {
    static constexpr CommandKind kind = CommandKind::resolve_case;
    CustomerId customer{};
    CaseId id{};
    std::chrono::seconds time_spent{0};  ///< used by entitlements that count hours
    Money cost{};                        ///< used by entitlements that count money, in their currency
    RequestId request{};
    ActorId actor{};
};

struct CancelCase {
    static constexpr CommandKind kind = CommandKind::cancel_case;
    CustomerId customer{};
    CaseId id{};
    RequestId request{};
    ActorId actor{};
};

/// Opens a canceled or resolved case again. Its promises start anew, and it is in no stage.
struct ReactivateCase {
    static constexpr CommandKind kind = CommandKind::reactivate_case;
    CustomerId customer{};
    CaseId id{};
    Channel origin{};  ///< the new one; absent leaves the old
    RequestId request{};
    ActorId actor{};
};

struct ChangeOrigin {
    static constexpr CommandKind kind = CommandKind::change_origin;
    CustomerId customer{};
    CaseId id{};
    Channel origin{};  ///< absent takes it away
    RequestId request{};
    ActorId actor{};
};

struct ChangeEntitlement {
    static constexpr CommandKind kind = CommandKind::change_entitlement;
    CustomerId customer{};
    CaseId id{};
    EntitlementId entitlement{};
    RequestId request{};
    ActorId actor{};
};

struct ChangeContact {
    static constexpr CommandKind kind = CommandKind::change_contact;
    CustomerId customer{};
    CaseId id{};
    ContactId contact{};  ///< absent takes it away
    RequestId request{};
    ActorId actor{};
};

struct ChangeProduct {
    static constexpr CommandKind kind = CommandKind::change_product;
    CustomerId customer{};
    CaseId id{};
    ProductId product{};  ///< absent takes it away
    RequestId request{};
    ActorId actor{};
};

struct ChangeAsset {
    static constexpr CommandKind kind = CommandKind::change_asset;
    CustomerId customer{};
    CaseId id{};
    AssetId asset{};  ///< absent takes it away
    RequestId request{};
    ActorId actor{};
};

struct ChangeCaseType {
    static constexpr CommandKind kind = CommandKind::change_case_type;
    CustomerId customer{};
    CaseId id{};
    CaseTypeId case_type{};  ///< absent takes it away
    RequestId request{};
    ActorId actor{};
};

/// Sets or clears a case's *do not decrement* flag (R6).
struct SetDecrement {
    static constexpr CommandKind kind = CommandKind::set_decrement;
    CustomerId customer{};
    CaseId id{};
    bool decrement = true;
    RequestId request{};
    ActorId actor{};
};

/// Deletes a case; its id is free afterwards, its entries stay.
struct DeleteCase {
    static constexpr CommandKind kind = CommandKind::delete_case;
    CustomerId customer{};
    CaseId id{};
    RequestId request{};
    ActorId actor{};
};

/// Reserves terms for an open case that will use them when it is resolved, in the place of what is held for it
/// (section 8). Asks the channel and the terms, its own hold left aside. `nothing_to_hold`: its resolution uses none.
/// `hold_expired`, `too_many_holds`.
struct HoldTerms {
    static constexpr CommandKind kind = CommandKind::hold_terms;
    CustomerId customer{};
    CaseId id{};
    Quantity quantity{};  ///< 1 or more base units, in the entitlement's unit; coverage only counts cases
    std::optional<Instant> expires{};  ///< when it is freed by itself, later than now; absent: never
    RequestId request{};
    ActorId actor{};
};

/// Frees what is held for an open case.
struct ReleaseTerms {
    static constexpr CommandKind kind = CommandKind::release_terms;
    CustomerId customer{};
    CaseId id{};
    RequestId request{};
    ActorId actor{};
};

// What service levels ask about (section 11). An open case only; to what it is already: ok, nothing recorded (R9).

/// Tells that the customer has had the first response.
struct RespondToCase {
    static constexpr CommandKind kind = CommandKind::respond_to_case;
    CustomerId customer{};
    CaseId id{};
    RequestId request{};
    ActorId actor{};
};

/// Brings a case into a stage of the host's own work: the clocks of promises stand in those that pause them.
struct ChangeStage {
    static constexpr CommandKind kind = CommandKind::change_stage;
    CustomerId customer{};
    CaseId id{};
    Stage stage{};  ///< absent: none
    RequestId request{};
    ActorId actor{};
};

/// What is not promised to a case of the new priority is canceled; what is now starts now.
struct ChangePriority {
    static constexpr CommandKind kind = CommandKind::change_priority;
    CustomerId customer{};
    CaseId id{};
    CasePriority priority = 0;  ///< 0: none
    RequestId request{};
    ActorId actor{};
};

/// Gives a case a service level of its own: the promises of the former are canceled, those of the new one start.
/// `unknown_service_level`.
struct ChangeServiceLevel {
    static constexpr CommandKind kind = CommandKind::change_service_level;
    CustomerId customer{};
    CaseId id{};
    SlaId sla{};  ///< absent: the entitlement's again, else the default
    RequestId request{};
    ActorId actor{};
};

/// Tells that one of the host's own promises is met. `unknown_kpi` (its service level has none of the name),
/// `kpi_not_own`, `kpi_not_open`.
struct MeetKpi {
    static constexpr CommandKind kind = CommandKind::meet_kpi;
    CustomerId customer{};
    CaseId id{};
    std::string kpi{};  ///< its name
    RequestId request{};
    ActorId actor{};
};

}  // namespace entitle::inline v0
