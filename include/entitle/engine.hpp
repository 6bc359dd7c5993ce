#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "entitle/ledger/archive.hpp"
#include "entitle/ledger/audit.hpp"
#include "entitle/ledger/balances.hpp"
#include "entitle/ledger/statement.hpp"
#include "entitle/rule/adjustment.hpp"
#include "entitle/rule/assignment.hpp"
#include "entitle/rule/catch_up.hpp"
#include "entitle/rule/change_case.hpp"
#include "entitle/rule/changes.hpp"
#include "entitle/rule/close_case.hpp"
#include "entitle/rule/completion.hpp"
#include "entitle/rule/explanation.hpp"
#include "entitle/rule/forecast.hpp"
#include "entitle/rule/grant.hpp"
#include "entitle/rule/hold_terms.hpp"
#include "entitle/rule/lifecycle_plan.hpp"
#include "entitle/rule/open_case.hpp"
#include "entitle/rule/reactivate_case.hpp"
#include "entitle/rule/renewal.hpp"
#include "entitle/rule/revision.hpp"
#include "entitle/rule/serve_case.hpp"
#include "entitle/rule/template.hpp"
#include "entitle/rule/top_up.hpp"
#include "entitle/sla/service_levels.hpp"
#include "entitle/sla/serving.hpp"
#include "entitle/store/store.hpp"
#include "entitle/value/arguments.hpp"
#include "entitle/value/command.hpp"
#include "entitle/value/id_source.hpp"
#include "entitle/value/promise.hpp"

namespace entitle::inline v0 {

/// What a command came to: its receipt, or why not.
using Outcome = Result<Receipt>;

/// What a check found: the entitlement that would be used, and what is left of it now.
struct Allowed {
    EntitlementId entitlement{};
    Quantity remaining{};
    Channel channel{};  ///< the one that would be counted; none: only the total
    Quantity channel_remaining{};
};

namespace detail {

[[nodiscard, gnu::noinline]] inline tl::unexpected<Error> as_refused(const Error& error,
                                                                     CommandKind command) {
    tl::unexpected<Error> refused{error};
    refused.value().command = command;
    return refused;
}

[[nodiscard, gnu::noinline]] inline tl::unexpected<Error> as_refused(ErrorCode code, CommandKind command) {
    tl::unexpected<Error> refused = refuse(code);
    refused.value().command = command;
    return refused;
}

/// An error of the catalog's says which command met it.
[[nodiscard]] inline Result<void> by(CommandKind command, const Result<void>& done) {
    return done ? done : as_refused(done.error(), command);
}

/// The zone that an agreement's days are of: `unknown_time_zone`.
[[nodiscard]] inline Result<Zone> zone_of(const Agreement& agreement) {
    const auto zone = Zone::named(agreement.coverage.time_zone);
    if (!zone) return refuse(ErrorCode::unknown_time_zone);
    return *zone;
}

}  // namespace detail

/// Decides, and remembers what it decided: the rules over one store.
///
/// Every command takes its own *now* and returns a receipt, or the error of the first rule that refuses; a
/// refused or failed command leaves no trace (R10). Time is what the host says; it may go back (R14).
/// Threads: one engine, one thread at a time; const members are safe together where the store's reading
/// units are (S1). Several engines over one shared store are safe where the store says so. Customers can be divided among
/// engines by `shard_of` (`value/shard.hpp`), each with a thread of its own.
/// Allocates nothing per command of a case in the steady state, over a store that does not.
class Engine {
public:
    struct Options {
        Policy policy = policy::standard;
        IdSource ids = UuidV7{};  ///< for ids that commands leave out
    };

    /// Over a store of its own.
    explicit Engine(std::unique_ptr<Store> store) : Engine{std::move(store), Options{}} {}
    Engine(std::unique_ptr<Store> store, Options options)
        : owned_{std::move(store)},
          store_{owned_.get()},
          policy_{options.policy},
          ids_{std::move(options.ids)} {}
    /// Over a store that the host keeps, and that outlives the engine.
    explicit Engine(Store& store) : Engine{store, Options{}} {}
    Engine(Store& store, Options options)
        : store_{&store}, policy_{options.policy}, ids_{std::move(options.ids)} {}

    [[nodiscard]] const Policy& policy() const { return policy_; }

    // Commands about entitlements: see `value/entitlement_command.hpp`.
    [[nodiscard]] Outcome draft(const Draft& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome revise(const Revise& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome set_channel(const SetChannel& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome remove_channel(const RemoveChannel& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome revise_scope(const ReviseScope& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome amend(const Amend& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome activate(const Activate& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome deactivate(const Deactivate& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome cancel(const Cancel& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome renew(const Renew& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome set_default(const SetDefault& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome remove(const Remove& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome adjust(const Adjust& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome top_up(const TopUp& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome void_top_up(const VoidTopUp& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome import_entitlement(const ImportEntitlement& command, Instant now) {
        return execute(command, now);
    }

    // … that make one from a template: see `value/template_command.hpp`.
    [[nodiscard]] Outcome instantiate(const Instantiate& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome assign(const Assign& command, Instant now) { return execute(command, now); }

    // Commands about cases: see `value/case_command.hpp`.
    [[nodiscard]] Outcome open_case(const OpenCase& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome resolve_case(const ResolveCase& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome cancel_case(const CancelCase& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome reactivate_case(const ReactivateCase& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome change_origin(const ChangeOrigin& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome change_entitlement(const ChangeEntitlement& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome change_contact(const ChangeContact& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome change_product(const ChangeProduct& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome change_asset(const ChangeAsset& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome change_case_type(const ChangeCaseType& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome set_decrement(const SetDecrement& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome delete_case(const DeleteCase& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome hold_terms(const HoldTerms& command, Instant now) { return execute(command, now); }
    [[nodiscard]] Outcome release_terms(const ReleaseTerms& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome respond_to_case(const RespondToCase& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome change_stage(const ChangeStage& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome change_priority(const ChangePriority& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome change_service_level(const ChangeServiceLevel& command, Instant now) {
        return execute(command, now);
    }
    [[nodiscard]] Outcome meet_kpi(const MeetKpi& command, Instant now) { return execute(command, now); }

    /// Any one command.
    template <class C>
    [[nodiscard]] Outcome execute(const C& command, Instant now) {
        Outcome outcome{blank_};
        Footprint footprint;
        if constexpr (TemplateCommand<C>) catalog_.clear();
        if (const auto found = find_place(command, now, footprint); !found) {
            outcome = detail::as_refused(found.error(), C::kind);
            return outcome;
        }
        const auto ran = run_until_done(std::span{&command, 1}, std::span<const Footprint>{&footprint, 1},
                                        now, std::span{&outcome, 1});
        if (!ran) outcome = detail::as_refused(ran.error(), C::kind);
        return outcome;
    }

    /// A batch: one unit, one outcome for each command, in order. A refusal does not undo its neighbours; an
    /// error of the store undoes the whole unit: it is returned, and is every outcome. `outcomes` must be as many as the commands
    /// (`outcome_count`). Also takes a span of one sort of command, which spares the variant.
    template <class C>
    [[nodiscard]] Result<void> apply(std::span<const C> commands, Instant now, std::span<Outcome> outcomes);
    [[nodiscard]] Result<void> apply(std::span<const Command> commands, Instant now,
                                     std::span<Outcome> outcomes) {
        return apply<Command>(commands, now, outcomes);
    }

    /// From now on the store's units run under this engine's policy (S12).
    [[nodiscard]] Result<void> adopt_policy() { return store_->change_policy(policy_print_); }

    // Templates and assignment rules (section 7). All customers share them, and no customer's ledger tells of
    // them: each of these happens whole or not at all, and may be repeated.

    /// Keeps a template in the place of the former of its id. Refused as a draft would be; `template_length`.
    [[nodiscard]] Result<void> set_template(Template made);
    /// `template_in_use`: rules refer to it. What is not there is not an error.
    [[nodiscard]] Result<void> remove_template(TemplateId id);
    /// Keeps a rule in the place of the former for as many of its product: `unknown_template`, `quantity_out_of_range`.
    [[nodiscard]] Result<void> set_rule(const AssignmentRule& rule);
    [[nodiscard]] Result<void> remove_rule(ProductId product, std::int64_t at_least);

    // Service levels (section 11). All customers share them, and no ledger tells of them. An engine keeps those that it
    // has read: what another adds is found when a case asks for it; where another changes a calendar or the default, or
    // adds a service level that entitlements name already, `reload_service_levels` has it known here.

    /// Keeps a calendar in the place of the former of its id: what is counted from now on is counted by it. Errors:
    /// `id_missing`, and those of `sla::Calendar::make`.
    [[nodiscard]] Result<void> set_calendar(CalendarId id, const sla::BusinessHours& hours);
    /// Keeps a service level. What is promised stays: `service_level_exists` where one of its id promises something else.
    /// Otherwise those of `sla::check`.
    [[nodiscard]] Result<void> set_service_level(const ServiceLevel& level);
    /// Which counts for cases that have none, nor their entitlements; none: none. From the next time on that a case
    /// chooses. `unknown_service_level`.
    [[nodiscard]] Result<void> set_default_service_level(SlaId id);
    /// Reads again what is kept.
    [[nodiscard]] Result<void> reload_service_levels();
    /// What is kept, as it is now.
    [[nodiscard]] Result<sla::ServiceLevels> service_levels() const;

    // Queries. They record nothing.

    /// By their ids.
    [[nodiscard]] Result<std::vector<Template>> templates() const;
    /// By product, then by quantity.
    [[nodiscard]] Result<std::vector<AssignmentRule>> rules() const;

    /// Whether this opening would be admitted now, without recording it. The case's id is not looked at.
    [[nodiscard]] Result<Allowed> check(const OpenCase& command, Instant now) const;
    /// The same for many, in one look at the store.
    [[nodiscard]] Result<void> check(std::span<const OpenCase> commands, Instant now,
                                     std::span<Result<Allowed>> answers) const;
    /// Every candidate for an opening, and every reason against it.
    [[nodiscard]] Result<Explanation> explain(const OpenCase& command, Instant now) const;

    /// One entitlement, as it is recorded: `unknown_entitlement`. Its status at an instant is
    /// `rule::status_of`.
    [[nodiscard]] Result<Entitlement> entitlement(CustomerId customer, EntitlementId id) const;
    /// … and as it is at an instant: boundaries of its periods that have come by then have passed, recorded
    /// or not. What is recorded of later ones stays (R14).
    [[nodiscard]] Result<Entitlement> entitlement_at(CustomerId customer, EntitlementId id,
                                                     Instant now) const;
    /// One case, and what stands posted for it: `unknown_case`.
    [[nodiscard]] Result<SupportCase> support_case(CustomerId customer, CaseId id) const;
    /// A customer's entitlements, in the order they were made; of every customer where none is named.
    [[nodiscard]] Result<std::vector<Entitlement>> entitlements(CustomerId customer = {}) const {
        return all<Entitlement>({customer, {}});
    }
    [[nodiscard]] Result<std::vector<Entitlement>> entitlements_at(Instant now,
                                                                   CustomerId customer = {}) const;
    [[nodiscard]] Result<std::vector<SupportCase>> cases(CustomerId customer = {}) const {
        return all<SupportCase>({customer, {}});
    }
    /// A customer's ledger, in number order.
    [[nodiscard]] Result<std::vector<Entry>> entries(CustomerId customer) const {
        return all<Entry>({customer, {}});
    }
    /// An entitlement's entries with the balances after each.
    [[nodiscard]] Result<Statement> statement(CustomerId customer, EntitlementId id) const;
    /// What cases used at instants in [from, until), by entitlement, channel and period; of one entitlement,
    /// or all.
    [[nodiscard]] Result<std::vector<Usage>> usage(CustomerId customer, Instant from, Instant until,
                                                   EntitlementId only = {}) const;
    /// How each counter stands at an instant, past or to come: remaining, held and available, and what was used and
    /// is left to bill in its period up to then. As `balances_by_period` has it.
    [[nodiscard]] Result<PeriodBalance> balance_at(CustomerId customer, EntitlementId id, Instant at) const;
    /// … of each period that has begun by an instant, in order, as it ended: `ledger::balances`.
    [[nodiscard]] Result<std::vector<PeriodBalance>> balances_by_period(CustomerId customer, EntitlementId id,
                                                                        Instant until) const;
    /// What the policy lets renew now.
    [[nodiscard]] Result<std::vector<Entitlement>> renewable(Instant now, CustomerId customer = {}) const;
    /// What is in force and ends at an instant in (after, until], soonest first.
    [[nodiscard]] Result<std::vector<Entitlement>> expiring(Instant after, Instant until,
                                                            CustomerId customer = {}) const;
    /// Every change that time alone brings in (after, until], by instant, then customer, then the order in
    /// which the entitlements were made. The caller keeps the cursor; the future may be asked.
    [[nodiscard]] Result<std::vector<Change>> changes_between(Instant after, Instant until,
                                                              CustomerId customer = {}) const;
    /// What was promised to a case, in the order in which it was, as it is at an instant: `unknown_case`.
    [[nodiscard]] Result<std::vector<Promise>> promises(CustomerId customer, CaseId id, Instant now) const;
    /// What service levels ask of a case, and what was promised to it: `unknown_case`.
    [[nodiscard]] Result<CaseService> case_service(CustomerId customer, CaseId id) const;
    /// … of each case of a customer that has some, in the order in which they were opened; of every customer where none
    /// is named.
    [[nodiscard]] Result<std::vector<ServedCase>> served_cases(CustomerId customer = {}) const {
        return all<ServedCase>({customer, {}});
    }
    /// The running promises whose time is over by an instant, the soonest first: those already missed, whose cases still
    /// wait, among them. Takes time in proportion to what it returns (of a customer: to what it would of all).
    [[nodiscard]] Result<std::vector<DuePromise>> due(Instant until, CustomerId customer = {}) const;
    /// When an entitlement's total, and each of its listed channels, is exhausted at the pace of the last so many
    /// days of 24 hours (1 … 36,525: `window_out_of_range`): of what cases used at instants in [now - days, now],
    /// both ends counted. What is available is that of `entitlement_at`; boundaries to come bring new terms (see
    /// `rule/forecast.hpp`). `unknown_entitlement`.
    [[nodiscard]] Result<std::vector<Forecast>> forecast(CustomerId customer, EntitlementId id,
                                                         std::uint32_t days, Instant now) const;
    /// Recomputes every balance and case from the ledger, and names the first difference (section 10).
    /// The sealed part is held against its seals too, and, for whoever kept seals elsewhere, against those: a
    /// kept seal proves the history up to it, unless it has been archived since.
    [[nodiscard]] Result<AuditReport> audit() const { return audit({}); }
    /// `progress`, where there is one, is told now and then how many customers and entries have been gone through.
    [[nodiscard]] Result<AuditReport> audit(
        std::span<const Seal> kept, const std::function<void(const AuditReport&)>& progress = {}) const;

    // Seals and archives (section 10). Commands never wait for them; they are never part of a batch.

    /// Seals the customer's ledger up to its last command, and returns the seal, to be kept elsewhere.
    /// `seal_broken`: the ledger is not what was sealed before. Takes time in proportion to the ledger.
    [[nodiscard]] Result<Seal> seal(CustomerId customer);
    /// The same for every customer, in the store's order.
    [[nodiscard]] Result<std::vector<Seal>> seal();
    /// The last seal of a customer, or of each.
    [[nodiscard]] Result<std::vector<Seal>> seals(CustomerId customer = {}) const;
    /// Takes the entries up to a command out of the store, which must be sealed so far (`not_sealed`), and
    /// leaves in their place what an audit needs to start from. They are in the result only: keep it.
    /// `top_ups_open`, `holds_open`: some tell of a top-up, or of a hold that expires, which has not ended.
    /// `boundaries_referred`: later entries refer to some of them over boundaries, or to top-ups, that an audit then
    /// would not know: archive up to another command. `seal_broken`: they are not what was sealed. Then nothing is
    /// taken. `outcome_unknown`: they may have been taken, and are not in the result; whoever archives over a network
    /// asks for `entries` first.
    [[nodiscard]] Result<Archive> archive(CustomerId customer, std::uint64_t through);

private:
    /// A command's place in a unit, with what had to be asked before it.
    template <class C>
    [[nodiscard]] Result<void> find_place(const C& command, Instant now, Footprint& footprint);
    [[nodiscard]] Result<void> find_place(const Command& command, Instant now, Footprint& footprint) {
        return std::visit([&](const auto& c) { return find_place(c, now, footprint); }, command);
    }
    /// The entitlement that a command makes, or takes away: whether there is, or was, one of its id matters.
    template <class C>
    [[nodiscard]] EntitlementId looked_for(const C& command, Instant now);
    [[nodiscard]] Result<void> load_catalog(const Instantiate& command);
    [[nodiscard]] Result<void> load_catalog(const Assign& command);
    /// Whether there is anything about service levels that a command may have to do with.
    template <class C>
    [[nodiscard]] bool asks_service(const C& command) const {
        if (!levels_.is_empty() || view_.service != nullptr) return true;
        if (sla::detail::chooses<C> && view_.names_level) return true;  // another engine may have added it
        if constexpr (C::kind == CommandKind::open_case) {
            return command.priority != 0 || command.stage || command.sla;
        } else {
            return C::kind >= CommandKind::respond_to_case && C::kind <= CommandKind::meet_kpi;
        }
    }
    /// Reads again what the store keeps of service levels.
    [[nodiscard]] Result<void> read_levels();
    /// … where a command asks for one that is not known: another engine's, which this one has not read yet.
    template <class C>
    [[nodiscard]] Result<void> know_levels(const C& command);
    [[nodiscard]] Result<void> know_level(SlaId id);
    [[nodiscard]] Result<void> keep_terms(const ServiceTerms& terms);
    /// The deadlines of now, where a command was answered before.
    [[nodiscard]] Result<void> tell_deadlines(Receipt& receipt);
    /// What a command does to the promises of its case, and which then run.
    template <class C>
    [[nodiscard]] Result<void> serve(const C& command, Result<void> decided);
    /// … the soonest of those running, as receipts have them.
    [[nodiscard]] Deadlines deadlines(const CaseService& service) const {
        return {sla::deadline(service, levels_, KpiGoal::first_response),
                sla::deadline(service, levels_, KpiGoal::resolution)};
    }
    [[nodiscard]] Result<std::vector<Change>> kpi_changes(std::span<const Entitlement> known, Instant after,
                                                          Instant until, CustomerId customer) const;
    template <class C>
    [[nodiscard]] std::optional<Zone> zone_for(const C& command, const View& view) const;
    template <class C>
    [[nodiscard]] Result<void> look_elsewhere(const C& command, const View& view, bool& elsewhere) const;
    [[nodiscard]] Result<void> ask_elsewhere(EntitlementId named, bool& elsewhere) const;

    /// One command inside a unit. The outcome's refusals are its own; an error is the store's.
    template <class C>
    [[nodiscard]] Result<Commit> run(const C& command, const Footprint& footprint, Instant now,
                                     Outcome& outcome);
    [[nodiscard]] Result<Commit> run(const Command& command, const Footprint& footprint, Instant now,
                                     Outcome& outcome) {
        return std::visit([&](const auto& c) { return run(c, footprint, now, outcome); }, command);
    }
    /// Lets the boundaries pass that are due, in what the view shows, of the rows that are wanted: `unknown_time_zone`.
    template <class Wanted>
    [[nodiscard]] static Result<void> catch_up(View& view, Instant now, rule::CatchUp& with, Wanted wanted);
    /// … of those that a command may ask what is left of: in force, the case's, and the one it names.
    template <class C>
    [[nodiscard]] Result<void> catch_up(const C& command, Instant now);
    /// What a plan needs besides: the entries that the rule asked for, the boundaries that are due.
    template <class C>
    [[nodiscard]] Result<Commit> settle(const C& command, const rule::Facts& facts, bool is_due,
                                        Result<void>& decided);
    template <class C>
    [[nodiscard]] Result<Commit> run_on(const C& command, const Footprint& footprint, Instant now,
                                        Outcome& outcome);
    template <class C>
    [[nodiscard]] Result<void> run_until_done(std::span<const C> commands, std::span<const Footprint> unit,
                                              Instant now, std::span<Outcome> outcomes);
    template <class C>
    [[nodiscard]] Result<Commit> run_unit(std::span<const C> commands, std::span<const Footprint> unit,
                                          Access access, Instant now, std::span<Outcome> outcomes);
    [[nodiscard]] Result<void> check_unit(std::span<const OpenCase> commands, std::span<const Footprint> unit,
                                          Instant now, std::span<Result<Allowed>> answers) const;
    [[nodiscard]] Result<void> check_one(const OpenCase& command, const Footprint& footprint, Instant now,
                                         View& view, Result<Allowed>& out) const;
    void check_when_due(const OpenCase& command, View& view, Instant now, bool elsewhere,
                        Result<Allowed>& out) const;
    void answer(const OpenCase& command, const View& view, Instant now, bool elsewhere,
                const rule::CatchUp* caught_up, Result<Allowed>& out) const;
    [[nodiscard]] Result<ledger::Auditor> auditor_of(CustomerId customer, std::span<const Seal> kept) const;
    [[nodiscard]] Result<void> audit_held(ledger::Auditor& auditor, AuditReport& report) const;
    [[nodiscard]] Result<void> audit_entries(std::span<const Seal> kept,
                                             const std::function<void(const AuditReport&)>& progress,
                                             std::set<CustomerId>& audited, AuditReport& report) const;
    [[nodiscard]] Result<void> audit_others(std::span<const Seal> kept, std::set<CustomerId>& audited,
                                            AuditReport& report) const;
    [[nodiscard]] Result<std::vector<CustomerId>> customers_with_entries() const;
    template <class T>
    [[nodiscard]] Result<std::vector<T>> all(const Filter& filter) const;

    std::unique_ptr<Store> owned_;
    Store* store_;
    Policy policy_;
    std::uint64_t policy_print_ = policy::fingerprint(policy_);
    Capabilities capabilities_ = store_->capabilities();
    IdSource ids_;
    // reused, so that a command allocates nothing
    Plan plan_{};
    View view_{};
    std::vector<Footprint> unit_{};
    rule::CatchUp catch_up_{};
    History history_{};
    Catalog catalog_{};  ///< what a unit may need of it
    sla::ServiceLevels levels_{};
    bool has_levels_ = false;           ///< they have been read
    std::set<SlaId> nobodys_levels_{};  ///< that agreements name, and that were not kept when they were read
    const Receipt blank_{};             ///< copied: quicker than to clear one
};

namespace detail {

/// Ends a unit that nothing came of, however it is left: an error, or out of memory in the middle.
class OpenUnit {
public:
    explicit OpenUnit(Store& store) : store_{&store} {}
    OpenUnit(const OpenUnit&) = delete;
    OpenUnit& operator=(const OpenUnit&) = delete;
    ~OpenUnit() {
        if (store_ != nullptr) store_->abandon();
    }

    [[nodiscard]] Result<Commit> commit() { return std::exchange(store_, nullptr)->commit(); }

private:
    Store* store_;
};

/// The entitlement that a command is about, by its own id.
template <class C>
[[nodiscard]] EntitlementId named_by(const C& command) {
    if constexpr (EntitlementCommand<C>) return command.id;
    else if constexpr (C::kind == CommandKind::assign)
        return rule::assigned_for(command.customer, command.id);
    else return {};
}

/// Shows a history for as long as it lives, also where a rule runs out of memory.
class ShownHistory {
public:
    ShownHistory(View& view, const History& history) : view_{view} { view.history = &history; }
    ShownHistory(const ShownHistory&) = delete;
    ShownHistory& operator=(const ShownHistory&) = delete;
    ~ShownHistory() { view_.history = nullptr; }

private:
    View& view_;
};

/// A retry's place in the contract: remembered under the same id, not yet forgotten (R11).
[[nodiscard]] inline bool is_remembered(const View& view, Instant now, std::chrono::hours retention) {
    return view.has_first && std::chrono::floor<std::chrono::hours>(now - view.first.receipt.at) < retention;
}

/// Nothing happened: no outcome may say that something did.
[[nodiscard, gnu::noinline]] inline tl::unexpected<Error> all_failed(std::span<Outcome> outcomes,
                                                                     tl::unexpected<Error> error) {
    std::fill(outcomes.begin(), outcomes.end(), error);
    return error;
}

}  // namespace detail

template <class C>
Result<void> Engine::find_place(const C& command, Instant now, Footprint& footprint) {
    footprint.customer = command.customer;
    footprint.request = command.request;
    if constexpr (CaseCommand<C>) footprint.support_case = command.id;
    else footprint.entitlement = looked_for(command, now);
    if constexpr (CaseCommand<C>) {
        if (!has_levels_) [[unlikely]] {
            if (auto loaded = read_levels(); !loaded) return loaded;
        }
    }
    if constexpr (TemplateCommand<C>) {
        if (auto loaded = load_catalog(command); !loaded) return loaded;
    }
    if constexpr (!GrantCommand<C> && C::kind != CommandKind::open_case) {
        if (command.customer.is_none() && command.id) {
            const auto customer = store_->customer_of(command.id);
            if (!customer) return tl::unexpected<Error>{customer.error()};
            footprint.customer = *customer;
        }
    }
    return {};
}

template <class C>
EntitlementId Engine::looked_for(const C& command, Instant now) {
    if constexpr (C::kind == CommandKind::draft || C::kind == CommandKind::import_entitlement ||
                  C::kind == CommandKind::instantiate) {
        return command.id ? command.id : EntitlementId{ids_(now)};
    } else if constexpr (C::kind == CommandKind::assign) {
        return rule::assigned_for(command.customer, command.id);
    } else if constexpr (C::kind == CommandKind::renew) {
        return command.new_id ? command.new_id : EntitlementId{ids_(now)};
    } else if constexpr (C::kind == CommandKind::remove) {
        return command.id;
    } else {
        return {};
    }
}

/// The zone database is asked here, before the rule: a rule asks nobody.
template <class C>
std::optional<Zone> Engine::zone_for(const C& command, const View& view) const {
    if constexpr (requires { command.coverage; }) {
        return Zone::named(command.coverage.time_zone);
    } else if constexpr (TemplateCommand<C>) {
        const Template* from = rule::template_of(command, catalog_);
        return from == nullptr ? Zone{} : Zone::named(from->agreement.coverage.time_zone);
    } else if constexpr (C::kind == CommandKind::renew || C::kind == CommandKind::top_up ||
                         C::kind == CommandKind::void_top_up ||
                         (C::kind >= CommandKind::revise && C::kind <= CommandKind::amend)) {
        if constexpr (requires { command.changes; }) {
            if (command.changes.coverage) return Zone::named(command.changes.coverage->time_zone);
        }
        const std::uint32_t row = view.find(command.id);
        if (row == no_row) return Zone{};
        return Zone::named(view.rows[row].record->agreement.coverage.time_zone);
    } else if constexpr (CaseCommand<C>) {
        const std::uint32_t row = view.has_case ? view.find(view.support_case.entitlement) : no_row;
        if (row == no_row) return Zone{};
        return Zone::named(view.rows[row].record->agreement.coverage.time_zone);
    } else {
        return Zone{};
    }
}

template <class Wanted>
[[gnu::noinline]] Result<void> Engine::catch_up(View& view, Instant now, rule::CatchUp& with, Wanted wanted) {
    with.begin(view, now);
    for (std::uint32_t i = 0; i < view.rows.size(); ++i) {
        const EntitlementRow& row = view.rows[i];
        const EntitlementRecord& record = *row.record;
        if (!record.periods.is_due(now) || !wanted(row)) continue;
        const auto zone = detail::zone_of(record.agreement);
        if (!zone) return tl::unexpected<Error>{zone.error()};
        with.roll(i, *zone);
    }
    return {};
}

template <class C>
[[gnu::noinline]] Result<void> Engine::catch_up(const C& command, Instant now) {
    const EntitlementId of_case = view_.has_case ? view_.support_case.entitlement : EntitlementId{};
    const EntitlementId named = detail::named_by(command);
    return catch_up(view_, now, catch_up_, [&](const EntitlementRow& row) {
        return rule::is_active(row, now) || row.id == of_case || row.id == named;
    });
}

template <class C>
[[gnu::noinline]] Result<Commit> Engine::settle(const C& command, const rule::Facts& facts, bool is_due,
                                                Result<void>& decided) {
    while (plan_.history_from != 0) {  // each time from further back
        history_.from = plan_.history_from;
        history_.entries.clear();
        const auto told = store_->history(view_.customer, view_.rows[plan_.history_row].id, history_.from,
                                          history_.entries);
        if (!told || *told == Commit::stale) return told;
        if (is_due) catch_up_.tell(plan_.history_row, history_.entries);
        const detail::ShownHistory shown{view_, history_};
        decided = rule::decide(command, facts, plan_);
    }
    return Commit::done;
}

/// Whether the entitlement that a case command names is another customer's.
template <class C>
[[gnu::always_inline]] inline Result<void> Engine::look_elsewhere(const C& command, const View& view,
                                                                  bool& elsewhere) const {
    if constexpr (C::kind == CommandKind::open_case || C::kind == CommandKind::change_entitlement) {
        if (command.entitlement) [[unlikely]] {
            if (view.find(command.entitlement) == no_row)
                return ask_elsewhere(command.entitlement, elsewhere);
        }
    }
    return {};
}

[[gnu::noinline]] inline Result<void> Engine::ask_elsewhere(EntitlementId named, bool& elsewhere) const {
    const auto owner = store_->customer_of(named);
    if (!owner) return tl::unexpected<Error>{owner.error()};
    elsewhere = !owner->is_none();
    return {};
}

/// A customer that was left out may have come with an earlier command of the batch: it is asked for again.
template <class C>
[[gnu::always_inline]] inline Result<Commit> Engine::run(const C& command, const Footprint& footprint,
                                                         Instant now, Outcome& outcome) {
    const Footprint* place = &footprint;
    Footprint found;
    if constexpr (!GrantCommand<C> && C::kind != CommandKind::open_case) {
        if (footprint.customer.is_none() && command.customer.is_none() && command.id) {
            const auto customer = store_->customer_of(command.id);
            if (!customer) return detail::as_refused(customer.error(), C::kind);
            found = footprint;
            found.customer = *customer;
            place = &found;
        }
    }
    return run_on(command, *place, now, outcome);
}

template <class C>
[[gnu::always_inline]] inline Result<Commit> Engine::run_on(const C& command, const Footprint& footprint,
                                                            Instant now, Outcome& outcome) {
    if (auto shown = store_->view(footprint, view_); !shown)
        return detail::as_refused(shown.error(), C::kind);
    std::uint64_t arguments = 0;
    if (command.request) {
        arguments = arguments_of(command);
        if (detail::is_remembered(view_, now, capabilities_.request_retention)) {
            if (view_.first.arguments == arguments) {
                outcome = view_.first.receipt;
                outcome->repeated = true;
                if (auto told = tell_deadlines(*outcome); !told)
                    return detail::as_refused(told.error(), C::kind);
            } else {
                outcome = detail::as_refused(ErrorCode::request_id_reused, C::kind);
            }
            return Commit::done;
        }
    }
    rule::Facts facts{view_, policy_, now, !capabilities_.isolated};
    if (auto looked = look_elsewhere(command, view_, facts.elsewhere); !looked) {
        return detail::as_refused(looked.error(), C::kind);
    }
    if constexpr (!CaseCommand<C>) {
        facts.new_id = footprint.entitlement;
        facts.zone = zone_for(command, view_);
        facts.catalog = &catalog_;
    } else if (view_.has_case && (rule::may_expire(command) || view_.support_case.held.expires()))
        [[unlikely]] {
        facts.zone = zone_for(command, view_);
    }
    const bool is_due = view_.due <= now;
    if (is_due) [[unlikely]] {
        if (auto caught_up = catch_up(command, now); !caught_up) {
            outcome = detail::as_refused(caught_up.error(), C::kind);
            return Commit::done;
        }
    }
    auto decided = rule::decide(command, facts, plan_);
    if (plan_.history_from != 0) [[unlikely]] {
        const auto settled = settle(command, facts, is_due, decided);
        if (!settled) return detail::as_refused(settled.error(), C::kind);
        if (*settled == Commit::stale) return Commit::stale;
    }
    if constexpr (CaseCommand<C>) {
        if (decided && asks_service(command)) [[unlikely]] {
            if (auto known = know_levels(command); !known) return detail::as_refused(known.error(), C::kind);
            decided = serve(command, decided);
        }
    }
    if (decided) decided = rule::complete(plan_, view_, is_due ? &catch_up_ : nullptr);
    if (!decided) {
        outcome = detail::as_refused(decided.error(), C::kind);
        return Commit::done;
    }
    plan_.arguments = arguments;
    const auto staged = store_->stage(plan_, *outcome);
    if (!staged) return detail::as_refused(staged.error(), C::kind);
    return *staged;  // not the whole result: it was just written byte by byte, and a copy of it would wait
}

template <class C>
[[gnu::always_inline]] inline Result<Commit> Engine::run_unit(std::span<const C> commands,
                                                              std::span<const Footprint> unit, Access access,
                                                              Instant now, std::span<Outcome> outcomes) {
    if (auto begun = store_->begin(unit, access, policy_print_); !begun) {
        return tl::unexpected<Error>{begun.error()};
    }
    detail::OpenUnit open{*store_};
    for (std::size_t i = 0; i < commands.size(); ++i) {
        const auto ran = run(commands[i], unit[i], now, outcomes[i]);
        if (!ran) return ran;
        if (*ran == Commit::stale) return Commit::stale;
    }
    return open.commit();
}

template <class C>
Result<void> Engine::apply(std::span<const C> commands, Instant now, std::span<Outcome> outcomes) {
    if (commands.size() != outcomes.size()) return refuse(ErrorCode::outcome_count);
    unit_.clear();
    catalog_.clear();
    for (const C& command : commands) {
        if (auto found = find_place(command, now, unit_.emplace_back()); !found) {
            return detail::all_failed(outcomes, tl::unexpected<Error>{found.error()});
        }
    }
    std::fill(outcomes.begin(), outcomes.end(), blank_);
    return run_until_done(commands, std::span<const Footprint>{unit_}, now, outcomes);
}

/// What was seen without a lock may be out of date once; under the lock it is not.
template <class C>
[[gnu::always_inline]] inline Result<void> Engine::run_until_done(std::span<const C> commands,
                                                                  std::span<const Footprint> unit,
                                                                  Instant now, std::span<Outcome> outcomes) {
    static constexpr std::array attempts{Access::write, Access::locked, Access::locked};
    for (const Access access : attempts) {
        const auto committed = run_unit(commands, unit, access, now, outcomes);
        if (!committed) return detail::all_failed(outcomes, tl::unexpected<Error>{committed.error()});
        if (*committed == Commit::done) return {};
        std::fill(outcomes.begin(), outcomes.end(), blank_);
    }
    return detail::all_failed(outcomes, refuse(ErrorCode::store_failed));
}

}  // namespace entitle::inline v0

#include "entitle/engine/catalog.hpp"  // IWYU pragma: keep
#include "entitle/engine/ledger.hpp"   // IWYU pragma: keep
#include "entitle/engine/queries.hpp"  // IWYU pragma: keep
#include "entitle/engine/service.hpp"  // IWYU pragma: keep
