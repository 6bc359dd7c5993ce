#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "entitle/engine.hpp"

/// The engine's queries: what they ask of the store and of the rules. They record nothing.
namespace entitle::inline v0 {

/// Answers by what the view shows; where boundaries were due, by what is left after them.
[[gnu::always_inline]] inline void Engine::answer(const OpenCase& command, const View& view, Instant now,
                                                  bool elsewhere, const rule::CatchUp* caught_up,
                                                  Result<Allowed>& out) const {
    if (command.entitlement && !elsewhere && view.find(command.entitlement) == no_row) {
        out = detail::as_refused(ErrorCode::unknown_entitlement, CommandKind::open_case);
        return;
    }
    const CaseFacts asked = rule::facts_of(command);
    const rule::Question question{
        asked, policy_, now, rule::Moment::opening, command.decrement, rule::needed_at_opening};
    const rule::Selection chosen = rule::choose(view, question, command.entitlement, elsewhere, {});
    if (!chosen.answer.admitted()) {
        out = detail::as_refused(rule::refusal(view, question, command.entitlement, chosen),
                                 CommandKind::open_case);
        return;
    }
    if (caught_up != nullptr && caught_up->is_too_long(chosen.row)) {
        out = detail::as_refused(ErrorCode::too_many_periods, CommandKind::open_case);
        return;
    }
    const EntitlementRow& row = view.rows[chosen.row];
    const Unit unit = unit_of(row);
    const bool counts = chosen.answer.channel != no_channel;
    if (!out) out = Allowed{};
    Allowed& allowed = *out;  // filled in where it stands: a copy of what was just written waits
    allowed.entitlement = row.id;
    allowed.remaining = {row.remaining, unit};
    allowed.channel = counts ? command.origin : Channel{};
    allowed.channel_remaining = {counts ? view.channels_of(row)[chosen.answer.channel].remaining : 0, unit};
}

[[gnu::noinline]] inline void Engine::check_when_due(const OpenCase& command, View& view, Instant now,
                                                     bool elsewhere, Result<Allowed>& out) const {
    rule::CatchUp with;  // not a member: others may be asking too
    const auto is_wanted = [now](const EntitlementRow& row) { return rule::is_active(row, now); };
    if (auto caught_up = catch_up(view, now, with, is_wanted); !caught_up) {
        out = detail::as_refused(caught_up.error(), CommandKind::open_case);
        return;
    }
    answer(command, view, now, elsewhere, &with, out);
}

[[gnu::always_inline]] inline Result<void> Engine::check_one(const OpenCase& command,
                                                             const Footprint& footprint, Instant now,
                                                             View& view, Result<Allowed>& out) const {
    if (auto shown = store_->view(footprint, view); !shown) return shown;
    bool elsewhere = false;
    if (auto looked = look_elsewhere(command, view, elsewhere); !looked) return looked;
    if (view.due <= now) [[unlikely]]
        check_when_due(command, view, now, elsewhere, out);
    else answer(command, view, now, elsewhere, nullptr, out);
    return {};
}

inline Result<void> Engine::check_unit(std::span<const OpenCase> commands, std::span<const Footprint> unit,
                                       Instant now, std::span<Result<Allowed>> answers) const {
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
    const Footprint footprint{command.customer, {}, {}, {}};
    if (auto begun = store_->begin({&footprint, 1}, Access::read, policy_print_); !begun) {
        return tl::unexpected<Error>{begun.error()};
    }
    const detail::OpenUnit open{*store_};
    View view;
    auto looked = store_->view(footprint, view);
    rule::Facts facts{view, policy_, now, false};
    if (looked) looked = look_elsewhere(command, view, facts.elsewhere);
    rule::CatchUp catching;
    if (looked && view.due <= now) {
        looked = catch_up(view, now, catching, [](const EntitlementRow&) { return true; });
    }
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

namespace detail {

[[nodiscard]] inline Result<void> roll(Entitlement& entitlement, Instant now) {
    if (!entitlement.periods.is_due(now)) return {};
    const auto zone = zone_of(entitlement.agreement);
    if (!zone) return tl::unexpected<Error>{zone.error()};
    rule::roll(entitlement, *zone, now);
    return {};
}

}  // namespace detail

inline Result<Entitlement> Engine::entitlement_at(CustomerId customer, EntitlementId id, Instant now) const {
    auto known = entitlement(customer, id);
    if (!known) return known;
    if (auto rolled = detail::roll(*known, now); !rolled) return tl::unexpected<Error>{rolled.error()};
    return known;
}

inline Result<std::vector<Entitlement>> Engine::entitlements_at(Instant now, CustomerId customer) const {
    auto known = entitlements(customer);
    if (!known) return known;
    for (Entitlement& one : *known) {
        if (auto rolled = detail::roll(one, now); !rolled) return tl::unexpected<Error>{rolled.error()};
    }
    return known;
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
    auto lines = all<Entry>({known->customer, id});  // another customer may have one of its id
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

namespace detail {

/// What was used through a channel; of none: in all.
[[nodiscard]] inline std::int64_t sum_of(std::span<const Usage> lines, const Channel& channel) {
    std::int64_t sum = 0;
    for (const Usage& line : lines) {
        if (channel.is_none() || line.channel == channel) sum = saturating_add(sum, line.used);
    }
    return sum;
}

}  // namespace detail

inline Result<std::vector<Forecast>> Engine::forecast(CustomerId customer, EntitlementId id,
                                                      std::uint32_t days, Instant now) const {
    const auto window = rule::pace_window(days, now);
    if (!window) return tl::unexpected<Error>{window.error()};
    const auto known = entitlement_at(customer, id, now);
    if (!known) return tl::unexpected<Error>{known.error()};
    const auto zone = known->agreement.period ? detail::zone_of(known->agreement) : Zone{};
    if (!zone) return tl::unexpected<Error>{zone.error()};
    const auto lines = all<Entry>({known->customer, id});
    if (!lines) return tl::unexpected<Error>{lines.error()};
    const auto used = ledger::usage({&*known, 1}, *lines, window->begin, window->end);
    return rule::forecast(*known, *zone, days, now,
                          [&](const Channel& channel) { return detail::sum_of(used, channel); });
}

namespace detail {

/// What `tell` says of a statement, and of the zone of its days.
template <class Tell>
[[nodiscard]] auto told(const Result<Statement>& known, Tell tell) -> Result<decltype(tell(*known, Zone{}))> {
    if (!known) return tl::unexpected<Error>{known.error()};
    const auto zone = zone_of(known->entitlement.agreement);
    if (!zone) return tl::unexpected<Error>{zone.error()};
    return tell(*known, *zone);
}

}  // namespace detail

inline Result<std::vector<PeriodBalance>> Engine::balances_by_period(CustomerId customer, EntitlementId id,
                                                                     Instant until) const {
    return detail::told(statement(customer, id), [until](const Statement& known, const Zone& zone) {
        return ledger::balances(known, zone, until);
    });
}

inline Result<PeriodBalance> Engine::balance_at(CustomerId customer, EntitlementId id, Instant at) const {
    return detail::told(statement(customer, id), [at](const Statement& known, const Zone& zone) {
        return ledger::balance_at(known, zone, at);
    });
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

inline Result<std::vector<Change>> Engine::changes_between(Instant after, Instant until,
                                                           CustomerId customer) const {
    const auto known = entitlements(customer);
    if (!known) return tl::unexpected<Error>{known.error()};
    std::vector<Change> changes;
    for (const Entitlement& one : *known) {
        rule::changes_between(one, after, until, changes);
        if (one.top_ups.first != 0 || one.holds.first != 0) {
            const auto lines = all<Entry>({one.customer, one.id});
            if (!lines) return tl::unexpected<Error>{lines.error()};
            rule::holds_between(one, *lines, after, until, changes);
            rule::top_ups_told(one, *lines, after, until, changes);
        }
        rule::top_ups_between(one, Change::Kind::top_up_expires, after, until, changes);
        if (one.agreement.period) {
            const auto zone = detail::zone_of(one.agreement);
            if (!zone) return tl::unexpected<Error>{zone.error()};
            rule::boundaries_between(one, *zone, after, until, changes);
        }
        rule::top_ups_between(one, Change::Kind::top_up_begins, after, until, changes);
    }
    const auto of_promises = kpi_changes(*known, after, until, customer);
    if (!of_promises) return tl::unexpected<Error>{of_promises.error()};
    changes.insert(changes.end(), of_promises->begin(), of_promises->end());
    std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
        return std::tie(a.at, a.customer, a.sequence) < std::tie(b.at, b.customer, b.sequence);
    });
    return changes;
}

}  // namespace entitle::inline v0
