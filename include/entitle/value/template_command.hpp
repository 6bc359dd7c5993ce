#pragma once

#include <cstdint>

#include "entitle/value/command_kind.hpp"
#include "entitle/value/id.hpp"

/// The commands that make an entitlement from a template (section 7). Both need a customer. The templates and
/// rules that they use are those that the store had when the command came; one that changes meanwhile counts
/// for the next.
namespace entitle::inline v0 {

/// Makes a draft. `unknown_template`. Ledger: one entry.
struct Instantiate {
    static constexpr CommandKind kind = CommandKind::instantiate;
    CustomerId customer{};
    EntitlementId id{};  ///< of the draft; where absent, the engine makes one: see the receipt
    TemplateId from{};
    bool is_default = false;  ///< flags it as its customer's default, to count once it is Active
    RequestId request{};
    ActorId actor{};
};

/// Makes an entitlement for a purchase, by the product's rule with the largest quantity that is not above this one,
/// and activates it. `no_rule`: there is none. A purchase is looked at by itself, and answered once: the same again is
/// a repeat, which returns what was made for it; with other facts, or once that has been removed, it is
/// `purchase_exists`. Ledger: one entry, whose reason is the purchase.
struct Assign {
    static constexpr CommandKind kind = CommandKind::assign;
    CustomerId customer{};
    PurchaseId id{};  ///< of the purchase
    ProductId product{};
    std::int64_t quantity = 0;  ///< of the product, 1 or more
    RequestId request{};
    ActorId actor{};
};

}  // namespace entitle::inline v0
