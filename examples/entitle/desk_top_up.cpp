#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "amount.hpp"
#include "desk.hpp"

/// Of the desk, what is about top-ups.
namespace program {

using entitle::Outcome;
using entitle::Quantity;
using entitle::Unit;

namespace {

/// The row is no event after all.
Answer bad_amount(std::string_view column, entitle::ErrorCode code, const std::string& written, Unit unit) {
    Answer answer;
    answer.outcome = "bad_row";
    answer.bad = BadRow{std::string{column}, why_no_amount(code, written, unit)};
    return answer;
}

}  // namespace

entitle::Result<void> Desk::issue(const PlannedEntitlement& planned, const PlannedTopUp& top_up) {
    Held& held = held_.back();
    const auto made = engine_.entitlement(held.customer, held.id);
    if (!made) return tl::unexpected<entitle::Error>{made.error()};
    entitle::TopUp command = top_up.terms;
    command.customer = held.customer;
    command.id = held.id;
    command.from = command.from.value_or(made->span.begin);
    const Outcome outcome = engine_.top_up(command, instant_before(planned.draft.coverage));
    if (!outcome) return tl::unexpected<entitle::Error>{outcome.error()};
    held.top_ups.push_back(outcome->number);
    return {};
}

/// What the amounts are of is known only now.
Answer Desk::top_up(Held& held, const Event& event) {
    const auto is = engine_.entitlement(held.customer, held.id);
    if (!is) return refused(is.error());
    const Unit unit = is->agreement.unit();
    const auto amount = amount_in(unit, event.amount);
    if (!amount) return bad_amount("amount", amount.error().code, event.amount, unit);
    std::optional<Quantity> rollover;
    if (!event.rollover.empty()) {
        const auto most = amount_in(unit, event.rollover);
        if (!most) return bad_amount("rollover", most.error().code, event.rollover, unit);
        rollover = *most;
    }
    const Outcome outcome = engine_.top_up({.customer = held.customer,
                                            .id = held.id,
                                            .amount = *amount,
                                            .channel = event.origin,
                                            .priority = event.priority,
                                            .from = event.from,
                                            .expires = event.expires,
                                            .rollover = rollover},
                                           event.at);
    if (outcome) held.top_ups.push_back(outcome->number);
    return told(outcome, {{}, held.customer}, event.origin);
}

/// One that was never issued has no number: the engine says what it says of one that has ended.
Answer Desk::void_top_up(const Held& held, const Event& event) {
    const auto place = static_cast<std::size_t>(event.top_up - 1);
    const std::uint64_t number = place < held.top_ups.size() ? held.top_ups[place] : 0;
    const Outcome outcome =
        engine_.void_top_up({.customer = held.customer, .id = held.id, .top_up = number}, event.at);
    if (!outcome) return refused(outcome.error());
    return told(outcome, {{}, held.customer}, outcome->channel);
}

}  // namespace program
