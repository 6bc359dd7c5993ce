#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "entitle/ledger/audit.hpp"
#include "entitle/ledger/statement.hpp"
#include "entitle/rule/adjustment.hpp"
#include "entitle/rule/change_case.hpp"
#include "entitle/rule/changes.hpp"
#include "entitle/rule/close_case.hpp"
#include "entitle/rule/explanation.hpp"
#include "entitle/rule/grant.hpp"
#include "entitle/rule/lifecycle_plan.hpp"
#include "entitle/rule/open_case.hpp"
#include "entitle/rule/reactivate_case.hpp"
#include "entitle/rule/renewal.hpp"
#include "entitle/rule/revision.hpp"
#include "entitle/store/store.hpp"
#include "entitle/value/arguments.hpp"
#include "entitle/value/command.hpp"
#include "entitle/value/id_source.hpp"

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

[[nodiscard]] inline tl::unexpected<Error> as_refused(Error error, CommandKind command) {
    error.command = command;
    return tl::unexpected<Error>{error};
}

[[nodiscard]] inline tl::unexpected<Error> as_refused(ErrorCode code, CommandKind command) {
    Error error;
    error.code = code;
    return as_refused(error, command);
}

}  // namespace detail

/// Decides, and remembers what it decided: the rules over one store.
///
/// Every command takes its own *now* and returns a receipt, or the error of the first rule that refuses; a
/// refused or failed command leaves no trace (R10). Time is what the host says; it may go back (R14).
/// Threads: one engine, one thread at a time; const members are safe together where the store's reading
/// units are (S1). Several engines over one shared store are safe where the store says so.
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
    [[nodiscard]] Outcome import_entitlement(const ImportEntitlement& command, Instant now) {
        return execute(command, now);
    }

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

    /// Any one command.
    template <class C>
    [[nodiscard]] Outcome execute(const C& command, Instant now) {
        if (!policy::is_supported(policy_)) return detail::as_refused(ErrorCode::policy_unsupported, C::kind);
        const auto footprint = footprint_of(command, now);
        if (!footprint) return detail::as_refused(footprint.error(), C::kind);
        Outcome outcome{blank_};
        const auto ran =
            run_until_done(std::span{&command, 1}, std::span{&*footprint, 1}, now, std::span{&outcome, 1});
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

    // Queries. They record nothing.

    /// Whether this opening would be admitted now, without recording it. The case's id is not looked at.
    [[nodiscard]] Result<Allowed> check(const OpenCase& command, Instant now) const;
    /// The same for many, in one look at the store.
    [[nodiscard]] Result<void> check(std::span<const OpenCase> commands, Instant now,
                                     std::span<Result<Allowed>> answers) const;
    /// Every candidate for an opening, and every reason against it.
    [[nodiscard]] Result<Explanation> explain(const OpenCase& command, Instant now) const;

    /// One entitlement: `unknown_entitlement`. Its status at an instant is `rule::status_of`.
    [[nodiscard]] Result<Entitlement> entitlement(CustomerId customer, EntitlementId id) const;
    /// One case, and what stands posted for it: `unknown_case`.
    [[nodiscard]] Result<SupportCase> support_case(CustomerId customer, CaseId id) const;
    /// A customer's entitlements, in the order they were made; of every customer where none is named.
    [[nodiscard]] Result<std::vector<Entitlement>> entitlements(CustomerId customer = {}) const {
        return all<Entitlement>({customer, {}});
    }
    [[nodiscard]] Result<std::vector<SupportCase>> cases(CustomerId customer = {}) const {
        return all<SupportCase>({customer, {}});
    }
    /// A customer's ledger, in number order.
    [[nodiscard]] Result<std::vector<Entry>> entries(CustomerId customer) const {
        return all<Entry>({customer, {}});
    }
    /// An entitlement's entries with the balances after each.
    [[nodiscard]] Result<Statement> statement(CustomerId customer, EntitlementId id) const;
    /// What cases used at instants in [from, until), by entitlement and channel; of one entitlement, or all.
    [[nodiscard]] Result<std::vector<Usage>> usage(CustomerId customer, Instant from, Instant until,
                                                   EntitlementId only = {}) const;
    /// What the policy lets renew now.
    [[nodiscard]] Result<std::vector<Entitlement>> renewable(Instant now, CustomerId customer = {}) const;
    /// What is in force and ends at an instant in (after, until], soonest first.
    [[nodiscard]] Result<std::vector<Entitlement>> expiring(Instant after, Instant until,
                                                            CustomerId customer = {}) const;
    /// Every change that time alone brings in (after, until], by instant, then customer, then the order in
    /// which the entitlements were made. The caller keeps the cursor; the future may be asked.
    [[nodiscard]] Result<std::vector<StatusChange>> changes_between(Instant after, Instant until,
                                                                    CustomerId customer = {}) const;
    /// Recomputes every balance and case from the ledger, and names the first difference (section 10).
    [[nodiscard]] Result<AuditReport> audit() const;

private:
    /// A command's place in a unit, with what had to be asked before it.
    template <class C>
    [[nodiscard]] Result<Footprint> footprint_of(const C& command, Instant now);
    [[nodiscard]] Result<Footprint> footprint_of(const Command& command, Instant now) {
        return std::visit([&](const auto& c) { return footprint_of(c, now); }, command);
    }
    template <class C>
    [[nodiscard]] EntitlementId new_id_for(const C& command, Instant now);
    template <class C>
    [[nodiscard]] std::optional<Zone> zone_for(const C& command, const View& view) const;
    template <class C>
    [[nodiscard]] Result<void> look_elsewhere(const C& command, const View& view, bool& elsewhere) const;

    /// One command inside a unit. The outcome's refusals are its own; an error is the store's.
    template <class C>
    [[nodiscard]] Result<Commit> run(const C& command, const Footprint& footprint, Instant now,
                                     Outcome& outcome);
    [[nodiscard]] Result<Commit> run(const Command& command, const Footprint& footprint, Instant now,
                                     Outcome& outcome) {
        return std::visit([&](const auto& c) { return run(c, footprint, now, outcome); }, command);
    }
    template <class C>
    [[nodiscard]] Result<Commit> run_found(const C& command, Footprint footprint, Instant now,
                                           Outcome& outcome);
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
    [[nodiscard]] Result<void> audit_held(const ledger::Auditor& auditor, AuditReport& report) const;
    [[nodiscard]] Result<void> audit_entries(std::set<CustomerId>& audited, AuditReport& report) const;
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
    Receipt blank_{};  ///< copied: quicker than to clear one
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

/// A retry's place in the contract: remembered under the same id, not yet forgotten (R11).
[[nodiscard]] inline bool is_remembered(const View& view, Instant now, std::chrono::hours retention) {
    return view.has_first && std::chrono::floor<std::chrono::hours>(now - view.first.receipt.at) < retention;
}

}  // namespace detail

template <class C>
Result<Footprint> Engine::footprint_of(const C& command, Instant now) {
    Footprint footprint{command.customer, {}, command.request, {}};
    if constexpr (CaseCommand<C>) footprint.support_case = command.id;
    else footprint.entitlement = C::kind == CommandKind::remove ? command.id : new_id_for(command, now);
    if constexpr (C::kind != CommandKind::draft && C::kind != CommandKind::import_entitlement &&
                  C::kind != CommandKind::open_case) {
        if (command.customer.is_none() && command.id) {
            const auto customer = store_->customer_of(command.id);
            if (!customer) return tl::unexpected<Error>{customer.error()};
            footprint.customer = *customer;
        }
    }
    return footprint;
}

template <class C>
EntitlementId Engine::new_id_for(const C& command, Instant now) {
    if constexpr (C::kind == CommandKind::draft || C::kind == CommandKind::import_entitlement) {
        return command.id ? command.id : EntitlementId{ids_(now)};
    } else if constexpr (C::kind == CommandKind::renew) {
        return command.new_id ? command.new_id : EntitlementId{ids_(now)};
    } else {
        return {};
    }
}

/// The zone database is asked here, before the rule: a rule asks nobody.
template <class C>
std::optional<Zone> Engine::zone_for(const C& command, const View& view) const {
    if constexpr (requires { command.coverage; }) {
        return Zone::named(command.coverage.time_zone);
    } else if constexpr (C::kind == CommandKind::renew ||
                         (C::kind >= CommandKind::revise && C::kind <= CommandKind::amend)) {
        if constexpr (requires { command.changes; }) {
            if (command.changes.coverage) return Zone::named(command.changes.coverage->time_zone);
        }
        const std::uint32_t row = view.find(command.id);
        if (row == no_row) return Zone{};
        return Zone::named(view.rows[row].record->agreement.coverage.time_zone);
    } else {
        return Zone{};
    }
}

/// Whether the entitlement that a case command names is another customer's.
template <class C>
Result<void> Engine::look_elsewhere(const C& command, const View& view, bool& elsewhere) const {
    if constexpr (C::kind == CommandKind::open_case || C::kind == CommandKind::change_entitlement) {
        if (command.entitlement && view.find(command.entitlement) == no_row) {
            const auto owner = store_->customer_of(command.entitlement);
            if (!owner) return tl::unexpected<Error>{owner.error()};
            elsewhere = !owner->is_none();
        }
    }
    return {};
}

template <class C>
Result<Commit> Engine::run(const C& command, const Footprint& footprint, Instant now, Outcome& outcome) {
    if constexpr (C::kind != CommandKind::open_case) {
        if (footprint.customer.is_none() && command.customer.is_none() && command.id) {
            return run_found(command, footprint, now, outcome);
        }
    }
    return run_on(command, footprint, now, outcome);
}

/// A customer that was left out may have come with an earlier command of the batch: it is asked for again.
template <class C>
Result<Commit> Engine::run_found(const C& command, Footprint footprint, Instant now, Outcome& outcome) {
    const auto customer = store_->customer_of(command.id);
    if (!customer) return detail::as_refused(customer.error(), C::kind);
    footprint.customer = *customer;
    return run_on(command, footprint, now, outcome);
}

template <class C>
Result<Commit> Engine::run_on(const C& command, const Footprint& footprint, Instant now, Outcome& outcome) {
    if (auto shown = store_->view(footprint, view_); !shown)
        return detail::as_refused(shown.error(), C::kind);
    std::uint64_t arguments = 0;
    if (command.request) {
        arguments = arguments_of(command);
        if (detail::is_remembered(view_, now, capabilities_.request_retention)) {
            if (view_.first.arguments == arguments) {
                outcome = view_.first.receipt;
                outcome->repeated = true;
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
    }
    plan_.clear();
    if (auto decided = rule::decide(command, facts, plan_); !decided) {
        outcome = detail::as_refused(decided.error(), C::kind);
        return Commit::done;
    }
    plan_.arguments = arguments;
    if (!outcome) outcome = Receipt{};
    const auto staged = store_->stage(plan_, *outcome);
    if (!staged) return detail::as_refused(staged.error(), C::kind);
    return *staged;  // not the whole result: it was just written byte by byte, and a copy of it would wait
}

template <class C>
Result<Commit> Engine::run_unit(std::span<const C> commands, std::span<const Footprint> unit, Access access,
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
    if (!policy::is_supported(policy_)) return refuse(ErrorCode::policy_unsupported);
    unit_.clear();
    for (const C& command : commands) {
        auto footprint = footprint_of(command, now);
        if (!footprint) return tl::unexpected<Error>{footprint.error()};
        unit_.push_back(*footprint);
    }
    return run_until_done(commands, std::span<const Footprint>{unit_}, now, outcomes);
}

/// What was seen without a lock may be out of date once; under the lock it is not.
template <class C>
Result<void> Engine::run_until_done(std::span<const C> commands, std::span<const Footprint> unit, Instant now,
                                    std::span<Outcome> outcomes) {
    for (const Access access : {Access::write, Access::locked, Access::locked}) {
        const auto committed = run_unit(commands, unit, access, now, outcomes);
        if (committed && *committed == Commit::done) return {};
        if (committed) continue;
        // Nothing happened: no outcome may say that something did.
        std::fill(outcomes.begin(), outcomes.end(), tl::unexpected<Error>{committed.error()});
        return tl::unexpected<Error>{committed.error()};
    }
    std::fill(outcomes.begin(), outcomes.end(), refuse(ErrorCode::store_failed));
    return refuse(ErrorCode::store_failed);
}

inline Result<void> Engine::check_one(const OpenCase& command, const Footprint& footprint, Instant now,
                                      View& view, Result<Allowed>& out) const {
    if (auto shown = store_->view(footprint, view); !shown) return shown;
    bool elsewhere = false;
    if (auto looked = look_elsewhere(command, view, elsewhere); !looked) return looked;
    if (command.entitlement && !elsewhere && view.find(command.entitlement) == no_row) {
        out = detail::as_refused(ErrorCode::unknown_entitlement, CommandKind::open_case);
        return {};
    }
    const CaseFacts asked = rule::facts_of(command);
    const rule::Question question{
        asked, policy_, now, rule::Moment::opening, command.decrement, rule::needed_at_opening};
    const rule::Selection chosen = rule::choose(view, question, command.entitlement, elsewhere, {});
    if (!chosen.answer.admitted()) {
        out = detail::as_refused(rule::refusal(view, question, command.entitlement, chosen),
                                 CommandKind::open_case);
        return {};
    }
    const EntitlementRow& row = view.rows[chosen.row];
    const Unit unit = unit_of(row);
    Allowed allowed{row.id, {row.remaining, unit}, {}, {0, unit}};
    if (chosen.answer.channel != no_channel) {
        allowed.channel = command.origin;
        allowed.channel_remaining.value = view.channels_of(row)[chosen.answer.channel].remaining;
    }
    out = allowed;
    return {};
}

inline Result<void> Engine::check_unit(std::span<const OpenCase> commands, std::span<const Footprint> unit,
                                       Instant now, std::span<Result<Allowed>> answers) const {
    if (!policy::is_supported(policy_)) return refuse(ErrorCode::policy_unsupported);
    if (auto begun = store_->begin(unit, Access::read, policy_print_); !begun) return begun;
    const detail::OpenUnit open{*store_};
    View view;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (auto looked = check_one(commands[i], unit[i], now, view, answers[i]); !looked) return looked;
    }
    return {};
}

inline Result<void> Engine::check(std::span<const OpenCase> commands, Instant now,
                                  std::span<Result<Allowed>> answers) const {
    if (commands.size() != answers.size()) return refuse(ErrorCode::outcome_count);
    constexpr std::size_t block = 64;  // as many as a look at the store is worth
    std::array<Footprint, block> unit;
    for (std::size_t done = 0; done < commands.size(); done += block) {
        const std::size_t count = std::min(block, commands.size() - done);
        for (std::size_t i = 0; i < count; ++i) unit[i].customer = commands[done + i].customer;
        const auto checked = check_unit(commands.subspan(done, count), std::span{unit}.first(count), now,
                                        answers.subspan(done, count));
        if (!checked) return checked;
    }
    return {};
}

inline Result<Allowed> Engine::check(const OpenCase& command, Instant now) const {
    const Footprint footprint{command.customer, {}, {}, {}};
    Result<Allowed> answer;
    const auto checked =
        check_unit(std::span{&command, 1}, std::span{&footprint, 1}, now, std::span{&answer, 1});
    if (!checked) answer = detail::as_refused(checked.error(), CommandKind::open_case);
    return answer;
}

inline Result<Explanation> Engine::explain(const OpenCase& command, Instant now) const {
    if (!policy::is_supported(policy_)) return refuse(ErrorCode::policy_unsupported);
    const Footprint footprint{command.customer, {}, {}, {}};
    if (auto begun = store_->begin({&footprint, 1}, Access::read, policy_print_); !begun) {
        return tl::unexpected<Error>{begun.error()};
    }
    const detail::OpenUnit open{*store_};
    View view;
    auto looked = store_->view(footprint, view);
    rule::Facts facts{view, policy_, now, false};
    if (looked) looked = look_elsewhere(command, view, facts.elsewhere);
    if (!looked) return tl::unexpected<Error>{looked.error()};
    return rule::explain(command, facts);
}

template <class T>
Result<std::vector<T>> Engine::all(const Filter& filter) const {
    std::vector<T> out;
    for (Cursor cursor; !cursor.done;) {
        if (auto scanned = store_->scan(filter, cursor, out); !scanned)
            return tl::unexpected<Error>{scanned.error()};
    }
    return out;
}

inline Result<Entitlement> Engine::entitlement(CustomerId customer, EntitlementId id) const {
    const auto owner = customer ? Result<CustomerId>{customer} : store_->customer_of(id);
    if (!owner) return tl::unexpected<Error>{owner.error()};
    if (owner->is_none()) return refuse(ErrorCode::unknown_entitlement);
    auto known = entitlements(*owner);
    if (!known) return tl::unexpected<Error>{known.error()};
    for (Entitlement& entitlement : *known) {
        if (entitlement.id == id) return std::move(entitlement);
    }
    return refuse(ErrorCode::unknown_entitlement);
}

inline Result<SupportCase> Engine::support_case(CustomerId customer, CaseId id) const {
    const auto owner = customer ? Result<CustomerId>{customer} : store_->customer_of(id);
    if (!owner) return tl::unexpected<Error>{owner.error()};
    const Footprint footprint{*owner, id, {}, {}};
    if (auto begun = store_->begin({&footprint, 1}, Access::read, policy_print_); !begun) {
        return tl::unexpected<Error>{begun.error()};
    }
    const detail::OpenUnit open{*store_};
    View view;
    const auto looked = store_->view(footprint, view);
    if (!looked) return tl::unexpected<Error>{looked.error()};
    if (!view.has_case) return refuse(ErrorCode::unknown_case);
    return view.support_case;
}

inline Result<Statement> Engine::statement(CustomerId customer, EntitlementId id) const {
    auto known = entitlement(customer, id);
    if (!known) return tl::unexpected<Error>{known.error()};
    auto lines = all<Entry>({customer, id});
    if (!lines) return tl::unexpected<Error>{lines.error()};
    return Statement{std::move(*known), std::move(*lines)};
}

inline Result<std::vector<Usage>> Engine::usage(CustomerId customer, Instant from, Instant until,
                                                EntitlementId only) const {
    auto known = entitlements(customer);
    if (!known) return tl::unexpected<Error>{known.error()};
    const auto lines = all<Entry>({customer, only});
    if (!lines) return tl::unexpected<Error>{lines.error()};
    if (only && lines->empty()) return refuse(ErrorCode::unknown_entitlement);
    return ledger::usage(*known, *lines, from, until);
}

inline Result<std::vector<Entitlement>> Engine::renewable(Instant now, CustomerId customer) const {
    auto known = entitlements(customer);
    if (!known) return known;
    std::erase_if(*known, [&](const Entitlement& one) {
        const Status status = rule::status_of(one, now);
        return rule::allowed(rule::LifecycleCommand::renew, status, policy_) != ErrorCode::none;
    });
    return known;
}

inline Result<std::vector<Entitlement>> Engine::expiring(Instant after, Instant until,
                                                         CustomerId customer) const {
    auto known = entitlements(customer);
    if (!known) return known;
    std::erase_if(*known, [&](const Entitlement& one) {
        return one.phase != Phase::activated || one.span.end <= after || one.span.end > until;
    });
    std::stable_sort(known->begin(), known->end(),
                     [](const Entitlement& a, const Entitlement& b) { return a.span.end < b.span.end; });
    return known;
}

inline Result<std::vector<StatusChange>> Engine::changes_between(Instant after, Instant until,
                                                                 CustomerId customer) const {
    const auto known = entitlements(customer);
    if (!known) return tl::unexpected<Error>{known.error()};
    std::vector<StatusChange> changes;
    for (const Entitlement& one : *known) rule::changes_between(one, after, until, changes);
    std::stable_sort(changes.begin(), changes.end(), [](const StatusChange& a, const StatusChange& b) {
        return std::tie(a.at, a.customer, a.sequence) < std::tie(b.at, b.customer, b.sequence);
    });
    return changes;
}

/// What the store holds of a customer, against what its entries told.
inline Result<void> Engine::audit_held(const ledger::Auditor& auditor, AuditReport& report) const {
    const auto held = entitlements(auditor.customer());
    if (!held) return tl::unexpected<Error>{held.error()};
    const auto known = cases(auditor.customer());
    if (!known) return tl::unexpected<Error>{known.error()};
    ++report.customers;
    report.entitlements += held->size();
    report.cases += known->size();
    report.first = auditor.finish(*held, *known);
    return {};
}

/// Every entry against those before it, customer by customer.
inline Result<void> Engine::audit_entries(std::set<CustomerId>& audited, AuditReport& report) const {
    std::optional<ledger::Auditor> auditor;
    std::vector<Entry> page;
    for (Cursor cursor; !cursor.done; page.clear()) {
        if (auto scanned = store_->scan({}, cursor, page); !scanned) return scanned;
        for (const Entry& entry : page) {
            if (!auditor || auditor->customer() != entry.customer) {
                const auto held = auditor ? audit_held(*auditor, report) : Result<void>{};
                if (!held || report.first) return held;
                auditor.emplace(entry.customer);
                audited.insert(entry.customer);
            }
            ++report.entries;
            report.first = auditor->add(entry);
            if (report.first) return {};
        }
    }
    return auditor ? audit_held(*auditor, report) : Result<void>{};
}

inline Result<AuditReport> Engine::audit() const {
    AuditReport report;
    std::set<CustomerId> audited;
    const auto entries = audit_entries(audited, report);
    if (!entries) return tl::unexpected<Error>{entries.error()};
    std::vector<Entitlement> page;
    for (Cursor cursor; !cursor.done && !report.first; page.clear()) {
        if (auto scanned = store_->scan({}, cursor, page); !scanned)
            return tl::unexpected<Error>{scanned.error()};
        const auto untold = std::find_if(page.begin(), page.end(), [&](const Entitlement& one) {
            return !audited.contains(one.customer);
        });
        if (untold != page.end()) report.first = ledger::never_granted(*untold);
    }
    return report;
}

}  // namespace entitle::inline v0
