#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "entitle/value/agreement.hpp"
#include "entitle/value/command_kind.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/status.hpp"

/// The commands about an entitlement. Each is an aggregate with an optional request id (a retry with the
/// same one returns the first receipt, R11) and an optional actor, which its entries keep. The customer may
/// be left out of all but `Draft` and `ImportEntitlement`; the store may then have to search (R8a).
namespace entitle::inline v0 {

/// Writes down a new agreement. Ledger: one entry.
struct Draft {
    static constexpr CommandKind kind = CommandKind::draft;

    std::string name{};
    std::string description{};
    CustomerId customer{};
    Coverage coverage{};
    Terms terms{};
    std::optional<PeriodTerms> period{};
    std::vector<ChannelTerms> channels{};
    std::vector<LowWater> low_water{};
    Scope scope{};
    std::int32_t priority = 100;
    bool is_default = false;  ///< flags it as its customer's default, to count once it is Active
    SlaId sla{};
    TemplateId made_from{};
    OwnerId owner{};
    KnowledgeBase knowledge_base = KnowledgeBase::none;
    std::int32_t discount_percent = 0;
    EntitlementId id{};  ///< where absent, the engine makes one: see the receipt
    RequestId request{};
    ActorId actor{};
};

/// What a revision changes; what is absent stays, what is given takes the whole field's place: a new
/// `coverage` brings its own time zone, new `terms` their own `restricted` and `decrease_on`.
struct Changes {
    std::optional<std::string> name{};
    std::optional<std::string> description{};
    std::optional<Coverage> coverage{};
    std::optional<Terms> terms{};
    std::optional<PeriodTerms> period{};  ///< `PeriodTerms{}` takes the periods away
    std::optional<std::vector<ChannelTerms>> channels{};
    std::optional<std::vector<LowWater>> low_water{};  ///< an empty list takes the marks away
    std::optional<Scope> scope{};
    std::optional<std::int32_t> priority{};
    std::optional<SlaId> sla{};
    std::optional<OwnerId> owner{};
    std::optional<KnowledgeBase> knowledge_base{};
    std::optional<std::int32_t> discount_percent{};
};

/// Revises a draft (R3). The customer stays: what hangs on it is another ledger.
struct Revise {
    static constexpr CommandKind kind = CommandKind::revise;
    CustomerId customer{};
    EntitlementId id{};
    Changes changes{};
    RequestId request{};
    ActorId actor{};
};

/// Lists a channel of a draft, or changes its total.
struct SetChannel {
    static constexpr CommandKind kind = CommandKind::set_channel;
    CustomerId customer{};
    EntitlementId id{};
    Channel channel{};
    Quantity total{};
    RequestId request{};
    ActorId actor{};
};

/// Takes a channel off a draft's list, with its marks; its old entries still count if it is listed again (R3).
struct RemoveChannel {
    static constexpr CommandKind kind = CommandKind::remove_channel;
    CustomerId customer{};
    EntitlementId id{};
    Channel channel{};
    RequestId request{};
    ActorId actor{};
};

/// Adds things to a draft's scope, and takes others away.
struct ReviseScope {
    static constexpr CommandKind kind = CommandKind::revise_scope;
    CustomerId customer{};
    EntitlementId id{};
    Scope add{};
    Scope remove{};
    RequestId request{};
    ActorId actor{};
};

/// Deactivates, revises and activates in one commit, refused as a whole (R5a).
struct Amend {
    static constexpr CommandKind kind = CommandKind::amend;
    CustomerId customer{};
    EntitlementId id{};
    Changes changes{};
    RequestId request{};
    ActorId actor{};
};

struct Activate {
    static constexpr CommandKind kind = CommandKind::activate;
    CustomerId customer{};
    EntitlementId id{};
    RequestId request{};
    ActorId actor{};
};

/// Back to draft; the balance is kept.
struct Deactivate {
    static constexpr CommandKind kind = CommandKind::deactivate;
    CustomerId customer{};
    EntitlementId id{};
    RequestId request{};
    ActorId actor{};
};

struct Cancel {
    static constexpr CommandKind kind = CommandKind::cancel;
    CustomerId customer{};
    EntitlementId id{};
    RequestId request{};
    ActorId actor{};
};

/// Makes a new draft from a canceled entitlement, or whatever the policy lets renew (R1, R2).
struct Renew {
    static constexpr CommandKind kind = CommandKind::renew;
    CustomerId customer{};
    EntitlementId id{};      ///< the one to renew
    EntitlementId new_id{};  ///< of the draft; where absent, the engine makes one
    RequestId request{};
    ActorId actor{};
};

/// Makes an Active entitlement its customer's default, instead of the former (R4).
struct SetDefault {
    static constexpr CommandKind kind = CommandKind::set_default;
    CustomerId customer{};
    EntitlementId id{};
    RequestId request{};
    ActorId actor{};
};

/// Takes the record away where no case refers to it; its ledger stays (R5).
struct Remove {
    static constexpr CommandKind kind = CommandKind::remove;
    CustomerId customer{};
    EntitlementId id{};
    RequestId request{};
    ActorId actor{};
};

/// Corrects a balance by hand. Moves the total, a channel, or both; needs a reason.
struct Adjust {
    static constexpr CommandKind kind = CommandKind::adjust;
    CustomerId customer{};
    EntitlementId id{};
    Quantity quantity{};  ///< signed, of the total
    Channel channel{};
    Quantity channel_quantity{};  ///< signed, of `channel`
    std::string reason{};
    RequestId request{};
    ActorId actor{};
};

/// Adds terms to an entitlement that is not Expired or Canceled, besides what was agreed (section 8). The
/// receipt's number is the top-up's own, by which it is voided.
struct TopUp {
    static constexpr CommandKind kind = CommandKind::top_up;
    CustomerId customer{};
    EntitlementId id{};
    Quantity amount{};                 ///< more than nothing
    Channel channel{};                 ///< a listed one, which it raises too; none: it raises the total only
    std::int32_t priority = 100;       ///< lower is used first; what was agreed has 100
    std::optional<Instant> from{};     ///< begins then; absent, or past: now
    std::optional<Instant> expires{};  ///< the first instant at which its rest is gone; absent: never
    std::optional<Quantity> rollover{};  ///< the most of it that passes a boundary of a period; absent: all
    RequestId request{};
    ActorId actor{};
};

/// Takes the rest of a top-up away from now on.
struct VoidTopUp {
    static constexpr CommandKind kind = CommandKind::void_top_up;
    CustomerId customer{};
    EntitlementId id{};
    std::uint64_t top_up = 0;  ///< the number of the command that made it
    RequestId request{};
    ActorId actor{};
};

/// A channel's row as another system exported it.
struct ImportedChannel {
    EntitlementId entitlement{};  ///< its parent; absent or another's is `channel_without_entitlement`
    Channel channel{};
    Quantity total{};
    std::optional<Quantity> remaining{};  ///< absent: the total
};

/// Takes over an entitlement from another system, its status and balances as stated there. What was used
/// before is an opening entry (`carried_in`), and one for each channel that was used.
struct ImportEntitlement {
    static constexpr CommandKind kind = CommandKind::import_entitlement;

    std::string name{};
    std::string description{};
    CustomerId customer{};
    Coverage coverage{};
    Terms terms{};
    std::optional<PeriodTerms> period{};
    std::optional<Quantity> remaining{};  ///< absent: the total
    std::vector<ImportedChannel> channels{};
    std::vector<LowWater> low_water{};
    Scope scope{};
    std::int32_t priority = 100;
    bool is_default = false;
    Status status = Status::draft;  ///< expired before its end is `cannot_expire`
    SlaId sla{};
    TemplateId made_from{};
    OwnerId owner{};
    KnowledgeBase knowledge_base = KnowledgeBase::none;
    std::int32_t discount_percent = 0;
    EntitlementId id{};  ///< needed where channels are given: they name it as their parent
    RequestId request{};
    ActorId actor{};
};

}  // namespace entitle::inline v0
