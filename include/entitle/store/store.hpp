#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "entitle/value/case_service.hpp"
#include "entitle/value/entitlement.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/receipt.hpp"
#include "entitle/value/seal.hpp"
#include "entitle/value/service_terms.hpp"
#include "entitle/value/support_case.hpp"
#include "entitle/value/template.hpp"
#include "entitle/value/view.hpp"

namespace entitle::inline v0 {

/// What one command can touch, said before anything is loaded.
struct Footprint {
    CustomerId customer{};
    CaseId support_case{};        ///< none: no case
    RequestId request{};          ///< none: not remembered
    EntitlementId entitlement{};  ///< asks for `View::referred` and `View::known`; none: neither
};

enum class Access : std::uint8_t {
    read,   ///< nothing will be staged
    write,  ///< plans will be staged; what is shown may be out of date, the guards decide
    locked  ///< as write, after `stale`: what is seen stays so until the unit ends
};

enum class Commit : std::uint8_t {
    done,
    stale  ///< something that a plan relied on no longer holds: nothing happened
};

/// What a store promises beyond the contract.
struct Capabilities {
    bool durable = false;   ///< what was reported done survives a crash
    bool shared = false;    ///< other processes may write too, so `stale` is to be expected
    bool isolated = false;  ///< nothing moves between a unit's `view` and its `stage`: plans need no guards
    std::chrono::hours request_retention{24 * 30};  ///< how long a request id is remembered (R11)
};

/// Which records a scan lists.
struct Filter {
    CustomerId customer{};        ///< none: every customer
    EntitlementId entitlement{};  ///< entries only; none: every entitlement
    /// Served cases only: those where time alone brings, or has brought, something to a promise after it.
    Instant changed_after = Instant::min();
};

/// Where a scan goes on. Begin with a fresh one; `done` says that there is no more.
struct Cursor {
    std::uint64_t position = 0;
    CustomerId customer{};        ///< where a position alone does not say whose
    Instant at = Instant::min();  ///< … or how far in time
    bool done = false;
};

/// Where an engine keeps what it must remember. It holds no rule: it applies plans and shows what there is.
/// The engine says up front everything that a unit of commands can touch; a store may therefore load with
/// one look, and answer without waiting.
///
/// The contract, held by one suite of tests that runs over every store:
///
///  S1  *Units.* `begin` opens a unit, `commit` or `abandon` ends it; one unit at a time per store object.
///      Units that only read may overlap each other on several threads.
///  S2  *Atomic.* A committed unit happened whole; one that was abandoned, answered `stale`, or met an error
///      from any of its calls left no trace. After such an error the unit is over.
///  S3  *Own writes.* `view` shows what the unit has staged.
///  S4  *Guards.* A plan takes effect only where its customer's shape, its case's version and every bound
///      still hold when it is applied; else the unit is `stale`, from `stage` or from `commit`.
///      The same of a plan that changes what an entitlement counts, once something has moved its counters;
///      and of one that removes an entitlement, once a case refers to it.
///  S5  *Serial.* For each customer the committed plans are one sequence, and each saw all before it. Two
///      writers never both spend the last term.
///  S6  *Numbers.* A plan with entries gets the customer's next number, 1, 2, … without gaps, its entries the
///      ordinals 0, 1, …; a plan without entries gets none.
///  S7  *Balances.* Every entry carries the balances after it: the former plus what it moved. Those of
///      what time brought come before anything else that their plan does, at their own instants; how far periods
///      and top-ups have come is as it says from then on (a top-up that it makes gets the plan's number), and
///      `View::due` is when time brings something next to the customer's.
///  S8  *Order.* Rows are shown in the order that the last plan with an order gave.
///  S9  *Requests.* The request id of a staged plan is remembered with the receipt, within its customer, for at
///      least `request_retention`; remembering it again replaces the former.
///  S10 *Openings.* What a case was inserted with is kept and shown once its facts have changed.
///  S11 *Ledger.* Entries are never changed, whatever happens to what they are about, and never deleted but
///      by `archive`. Replayed in number order into an empty store they give the same receipts.
///  S12 *Policy.* The policy fingerprint of the first unit that writes is kept; a unit under another is `policy_mismatch` until
///      `change_policy`.
///  S13 *Durable.* Where `capabilities().durable`: what was reported done survives a crash of the process or
///      the machine.
///  S14 *Seals.* A head once kept is never changed. Those of a customer follow each other without gaps, after
///      its base where it has one; keeping one again, the same or another, changes nothing.
///  S15 *Archives.* A base takes the place of the entries and heads up to its number, whole or not at all;
///      balances, cases, remembered requests and the numbers to come stay as they are.
///  S16 *Refusals.* A unit that may write and has staged nothing is `done` only where what it was shown was so
///       while it was open; else it is `stale`. So a refusal, or a repeated answer, is never by what has been.
///  S17 *Catalog.* Templates and rules are kept whole, each in the place of the former, and shown as they are:
///      within a unit too, whose own they are not. A rule's template is there, whoever else keeps and drops.
///  S18 *Service.* What a plan says of a case's service is kept and shown with the case until another says otherwise; a case
///      that is erased has none. Service terms are kept as templates are.
class Store {
public:
    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    [[nodiscard]] virtual Capabilities capabilities() const = 0;

    /// Opens a unit and loads what its footprints name: the only load. They stay where they are until its end.
    [[nodiscard]] virtual Result<void> begin(std::span<const Footprint> unit, Access access,
                                             std::uint64_t policy) = 0;
    /// Shows one of the unit's footprints: no load. What `out` points at is valid until the next `stage`, or
    /// the unit's end.
    [[nodiscard]] virtual Result<void> view(const Footprint& footprint, View& out) = 0;
    /// Within a unit that writes: an entitlement's entries from a command on, in number order, those that the
    /// unit has staged among them. An archive may have taken the first. What was shown stays valid. `stale`,
    /// which ends the unit: only a unit that is locked can tell.
    [[nodiscard]] virtual Result<Commit> history(CustomerId customer, EntitlementId entitlement,
                                                 std::uint64_t from, std::vector<Entry>& out) = 0;
    /// Adds a plan to the unit. The receipt is a blank one; its facts (number, balances) are there at the latest when `commit`
    /// has answered `done`; it must stay where it is until then. `Commit::stale` ends the unit.
    [[nodiscard]] virtual Result<Commit> stage(const Plan& plan, Receipt& receipt) = 0;
    [[nodiscard]] virtual Result<Commit> commit() = 0;
    /// Ends a unit that nothing came of.
    virtual void abandon() noexcept = 0;

    /// From now on, units run under this policy's fingerprint.
    [[nodiscard]] virtual Result<void> change_policy(std::uint64_t policy) = 0;

    // Seals and archives. Not within a unit.

    /// Keeps the heads of a customer's commands, one after another from `first` on.
    [[nodiscard]] virtual Result<void> keep_heads(CustomerId customer, std::uint64_t first,
                                                  std::span<const Digest> heads) = 0;
    /// Puts a base in the place of what stands before it.
    [[nodiscard]] virtual Result<void> archive(const Base& base) = 0;

    // The catalog: templates and assignment rules, which all customers share.

    /// Each in the place of the former: a template of its id, a rule of its product and quantity.
    [[nodiscard]] virtual Result<void> keep(const Template& made) = 0;
    /// `unknown_template`: there is none for it to refer to.
    [[nodiscard]] virtual Result<void> keep(const AssignmentRule& rule) = 0;
    /// Without a word where it is not there. `template_in_use`: a rule refers to it.
    [[nodiscard]] virtual Result<void> drop(TemplateId id) = 0;
    [[nodiscard]] virtual Result<void> drop(const AssignmentRule& rule) = 0;
    /// Appends one, or, where none is named, all, by their ids.
    [[nodiscard]] virtual Result<void> list(TemplateId only, std::vector<Template>& out) const = 0;
    /// Appends the rules of a product, or all of every product; by product, then by quantity.
    [[nodiscard]] virtual Result<void> list(ProductId only, std::vector<AssignmentRule>& out) const = 0;

    // What service levels are made of (section 11), which all customers share too.

    /// In the place of the former of its kind and id, but that a service level stays as it was first kept.
    [[nodiscard]] virtual Result<void> keep(const ServiceTerms& terms) = 0;
    /// Appends all, by kind and id.
    [[nodiscard]] virtual Result<void> list(std::vector<ServiceTerms>& out) const = 0;

    // Cold: queries that no command waits for. Each call appends one page to `out` and moves the cursor.

    /// Entitlements, by customer in the store's own order of customers, each in the order they were made.
    [[nodiscard]] virtual Result<void> scan(const Filter& filter, Cursor& cursor,
                                            std::vector<Entitlement>& out) const = 0;
    /// Cases, by customer, each in the order they were opened.
    [[nodiscard]] virtual Result<void> scan(const Filter& filter, Cursor& cursor,
                                            std::vector<SupportCase>& out) const = 0;
    /// Entries, by customer, each in number order.
    [[nodiscard]] virtual Result<void> scan(const Filter& filter, Cursor& cursor,
                                            std::vector<Entry>& out) const = 0;
    /// Heads, by customer, each in number order.
    [[nodiscard]] virtual Result<void> scan(const Filter& filter, Cursor& cursor,
                                            std::vector<Seal>& out) const = 0;
    /// Bases, by customer: at most one each.
    [[nodiscard]] virtual Result<void> scan(const Filter& filter, Cursor& cursor,
                                            std::vector<Base>& out) const = 0;
    /// Cases with something kept for their service levels, by customer, each in the order they were opened.
    [[nodiscard]] virtual Result<void> scan(const Filter& filter, Cursor& cursor,
                                            std::vector<ServedCase>& out) const = 0;
    /// Cases of which a running promise is missed at some instant up to `until`, by `first_due`. Takes time in proportion
    /// to the cases of all customers that are.
    [[nodiscard]] virtual Result<void> due(Instant until, CustomerId only, Cursor& cursor,
                                           std::vector<ServedCase>& out) const = 0;
    /// Whose a thing is; none where nobody's. May have to search (R8a).
    [[nodiscard]] virtual Result<CustomerId> customer_of(EntitlementId entitlement) const = 0;
    [[nodiscard]] virtual Result<CustomerId> customer_of(CaseId support_case) const = 0;
};

}  // namespace entitle::inline v0
