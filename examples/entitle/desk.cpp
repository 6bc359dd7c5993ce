#include "desk.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "amount.hpp"
#include "text.hpp"

namespace program {

using entitle::CaseId;
using entitle::Channel;
using entitle::EntitlementId;
using entitle::ErrorCode;
using entitle::Instant;
using entitle::Outcome;

namespace {

template <class Id>
std::vector<Id> ids_of(KeyTable<Id>& table, const std::vector<std::string>& keys) {
    std::vector<Id> ids;
    ids.reserve(keys.size());
    for (const std::string& key : keys) ids.push_back(table.id_of(key));
    return ids;
}

Answer refused(ErrorCode code, ErrorCode reason = ErrorCode::none) {
    Answer answer;
    answer.outcome = entitle::name_of(code);
    if (reason != ErrorCode::none) answer.reason = entitle::name_of(reason);
    return answer;
}

/// A cost in the currency of the case. What is not whole in its smallest unit is not an amount of it.
entitle::Result<entitle::Money> cost_in(entitle::Unit unit, const std::string& written) {
    if (written.empty()) return entitle::Money{0, unit.currency};
    return amount_in(unit, written).map([](const entitle::Quantity& cost) {
        return entitle::Money{cost.value, cost.unit.currency};
    });
}

/// The row is no event after all.
Answer bad_cost(const Event& event) {
    Answer answer;
    answer.outcome = "bad_row";
    answer.bad = BadRow{"cost", fmt::format("\"{}\" is not a whole number of the currency's smallest unit",
                                            printable(event.cost))};
    return answer;
}

template <class Id>
typename KeyTable<Id>::Listener listener_of(KeyKeeper* keeper) {
    if (keeper == nullptr) return {};
    return [keeper](std::string_view key, Id id) { keeper->keep(key, id); };
}

}  // namespace

Desk::Desk(const entitle::Policy& policy, entitle::Store& store, KeyKeeper* keeper)
    : store_{store},
      keeper_{keeper},
      engine_{store, {.policy = policy}},
      customer_ids_{listener_of<entitle::CustomerId>(keeper)},
      contact_ids_{listener_of<entitle::ContactId>(keeper)},
      product_ids_{listener_of<entitle::ProductId>(keeper)},
      asset_ids_{listener_of<entitle::AssetId>(keeper)},
      case_type_ids_{listener_of<entitle::CaseTypeId>(keeper)},
      template_ids_{listener_of<entitle::TemplateId>(keeper)} {}

Instant Desk::instant_before(const entitle::Coverage& coverage) {
    const Instant early = date::sys_days{coverage.first_day} - date::days{2};
    return std::min(Instant{}, early);
}

entitle::Result<void> Desk::grant(const PlannedEntitlement& planned, const std::string& key,
                                  const std::string& customer) {
    entitle::Draft draft = planned.draft;
    draft.customer = customer_ids_.id_of(customer);
    draft.id = EntitlementId::from_integer(held_.size() + 1);
    draft.scope = scope_of(planned);
    const Instant before_all = instant_before(draft.coverage);
    if (const auto drafted = engine_.draft(draft, before_all); !drafted) {
        return tl::unexpected<entitle::Error>{drafted.error()};
    }
    if (const auto active = engine_.activate({.customer = draft.customer, .id = draft.id}, before_all);
        !active) {
        return tl::unexpected<entitle::Error>{active.error()};
    }
    hold({.key = key, .id = draft.id, .customer = draft.customer});
    keep_level(planned);
    return {};
}

/// Whoever opens the desk later asks for its name.
void Desk::keep_level(const PlannedEntitlement& planned) {
    if (keeper_ == nullptr || planned.sla.empty() || !levels_.insert(planned.sla).second) return;
    keeper_->keep(planned.sla, planned.draft.sla);
}

entitle::Scope Desk::scope_of(const PlannedEntitlement& planned) {
    return {.contacts = ids_of(contact_ids_, planned.contacts),
            .products = ids_of(product_ids_, planned.products),
            .assets = ids_of(asset_ids_, planned.assets),
            .case_types = ids_of(case_type_ids_, planned.case_types)};
}

entitle::Result<void> Desk::set_template(const PlannedTemplate& planned) {
    entitle::Template made{.id = template_ids_.id_of(planned.made.id),
                           .agreement = entitle::rule::agreement_of(planned.made.draft),
                           .lasts = planned.lasts};
    made.agreement.scope = scope_of(planned.made);
    keep_level(planned.made);
    return engine_.set_template(std::move(made));
}

entitle::Result<void> Desk::set_rule(const PlannedRule& planned) {
    return engine_.set_rule(
        {product_ids_.id_of(planned.product), planned.at_least, template_ids_.id_of(planned.from)});
}

entitle::SlaId Desk::service_level_of(std::string_view entitlement) const {
    const Held* const held = find_entitlement(entitlement);
    if (held == nullptr) return {};
    const auto is = engine_.entitlement(held->customer, held->id);
    return is ? is->agreement.sla : entitle::SlaId{};
}

const Held* Desk::find_entitlement(std::string_view key) const {
    const auto at = by_key_.find(key);
    return at == by_key_.end() ? nullptr : &held_[at->second];
}

void Desk::hold(Held made) {
    by_key_.emplace(made.key, held_.size());
    places_.emplace(made.id, held_.size());
    if (keeper_ != nullptr) keeper_->keep(made.key, made.id, made.customer);
    held_.push_back(std::move(made));
}

/// `<from>/n`, the first n that is free.
std::string Desk::free_key(const std::string& from, std::uint64_t& next) const {
    const auto key = [&] { return fmt::format("{}/{}", from, next); };
    while (has_entitlement(key())) ++next;
    return key();
}

Answer Desk::apply(const Event& event) {
    if (event.kind == EventKind::open) return open(event);
    return is_of_case(event.kind) ? change(event) : manage(event);
}

Desk::Look::Look(Desk& desk, const KnownCase& known) : store_{desk.store_} {
    const entitle::Footprint footprint{known.customer, known.id, {}, {}};
    const auto begun = store_.begin({&footprint, 1}, entitle::Access::read,
                                    entitle::policy::fingerprint(desk.engine_.policy()));
    const auto shown = begun ? store_.view(footprint, view_) : begun;
    if (shown) return;
    view_ = {};
    desk.failure_ = shown.error();
}

Channel Desk::origin_of(const KnownCase& known) {
    const Look look{*this, known};
    return look->has_case ? look->support_case.facts.origin : Channel{};
}

std::optional<entitle::Unit> Desk::counted_by(const KnownCase& known) {
    const Look look{*this, known};
    const std::uint32_t at = look->find(look->support_case.entitlement);
    const bool counts = look->support_case.state == entitle::CaseState::open && look->support_case.decrement;
    if (at == entitle::no_row || !counts) return std::nullopt;
    return look->rows[at].record->agreement.unit();
}

Answer Desk::refused(const entitle::Error& error) {
    if (error.code >= ErrorCode::store_limit) failure_ = error;  // the store's own come last
    return program::refused(error.code, error.reason);
}

Answer Desk::told(const Outcome& outcome, const KnownCase& known) {
    if (!outcome) return refused(outcome.error());
    return told(outcome, known, origin_of(known));
}

/// Balances are read from the rows: a receipt tells only what its command's entries touched.
Answer Desk::told(const Outcome& outcome, const KnownCase& known, const Channel& origin) {
    if (!outcome) return refused(outcome.error());
    Answer answer;
    answer.entitlement = key_of(outcome->entitlement);
    answer.quantity = outcome->moved.value;
    const Look look{*this, known};
    const std::uint32_t at = look->find(outcome->entitlement);
    if (at == entitle::no_row) return answer;
    if (look->due <= outcome->at) return told_at(outcome->at, *look, at, answer, origin);
    const entitle::EntitlementRow& row = look->rows[at];
    answer.remaining = row.remaining;
    if (origin.is_none()) return answer;
    const auto* const channels = look->channels_of(row);
    const std::uint16_t channel = entitle::find_channel(row, channels, origin, row.listed);
    if (channel == entitle::no_channel) return answer;
    answer.channel = entitle::channel_name(row, channel).name();
    answer.channel_remaining = channels[channel].remaining;
    return answer;
}

/// The same once the boundaries have passed that are due: an event that changed nothing records none.
Answer Desk::told_at(Instant now, const entitle::View& view, std::uint32_t row, Answer answer,
                     const Channel& origin) const {
    const auto is = engine_.entitlement_at(view.customer, view.rows[row].id, now);
    if (!is) return answer;
    answer.remaining = is->remaining;
    for (const entitle::ChannelBalance& channel : is->channels) {
        if (origin.is_none() || !channel.listed || channel.channel != origin) continue;
        answer.channel = channel.channel.name();
        answer.channel_remaining = channel.remaining;
    }
    return answer;
}

Answer Desk::open(const Event& event) {
    const Held* const named = find_entitlement(event.entitlement);
    if (!event.entitlement.empty() && !named) return program::refused(ErrorCode::unknown_entitlement);
    const auto customer = customer_ids_.id_of(event.customer);
    const auto known = cases_.find(event.case_key);
    const bool is_new = known == cases_.end();
    if (!is_new && known->second.customer != customer) return program::refused(ErrorCode::case_exists);
    const KnownCase opened{is_new ? CaseId::from_integer(cases_opened_ + 1) : known->second.id, customer};
    const Outcome outcome = engine_.open_case({.customer = customer,
                                               .id = opened.id,
                                               .contact = contact_ids_.id_of(event.contact),
                                               .product = product_ids_.id_of(event.product),
                                               .asset = asset_ids_.id_of(event.asset),
                                               .case_type = case_type_ids_.id_of(event.case_type),
                                               .origin = event.origin,
                                               .entitlement = named == nullptr ? EntitlementId{} : named->id,
                                               .decrement = event.decrement},
                                              event.at);
    if (outcome && is_new) {
        ++cases_opened_;
        cases_.emplace(event.case_key, opened);
        if (keeper_ != nullptr) keeper_->keep(event.case_key, opened.id, opened.customer);
    }
    return told(outcome, opened);
}

Answer Desk::change(const Event& event) {
    const auto at = cases_.find(event.case_key);
    if (at == cases_.end()) return program::refused(ErrorCode::unknown_case);
    const KnownCase known = at->second;
    const auto& [id, customer] = known;
    switch (event.kind) {
        case EventKind::resolve: return resolve(known, event);
        case EventKind::cancel:
            return told(engine_.cancel_case({.customer = customer, .id = id}, event.at), known);
        case EventKind::reactivate:
            return told(
                engine_.reactivate_case({.customer = customer, .id = id, .origin = event.origin}, event.at),
                known);
        case EventKind::change_origin:
            return told(
                engine_.change_origin({.customer = customer, .id = id, .origin = event.origin}, event.at),
                known);
        case EventKind::change_entitlement: return change_entitlement(known, event);
        case EventKind::hold: return hold(known, event);
        case EventKind::release:
            return told(engine_.release_terms({.customer = customer, .id = id}, event.at), known);
        default: return remove(known, event);
    }
}

/// What the cost is in is known only now; it is looked at where it is going to be posted.
Answer Desk::resolve(const KnownCase& known, const Event& event) {
    entitle::ResolveCase command{.customer = known.customer, .id = known.id, .time_spent = event.spent};
    const auto unit = counted_by(known);
    if (unit && unit->allocation == entitle::Allocation::money) {
        const auto cost = cost_in(*unit, event.cost);
        if (!cost) return bad_cost(event);
        command.cost = *cost;
    }
    return told(engine_.resolve_case(command, event.at), known);
}

/// As much as a resolution with the same columns would use.
Answer Desk::hold(const KnownCase& known, const Event& event) {
    entitle::HoldTerms command{
        .customer = known.customer, .id = known.id, .quantity = entitle::cases(1), .expires = event.expires};
    const auto unit = counted_by(known);
    if (unit && unit->allocation == entitle::Allocation::hours)
        command.quantity = entitle::hours(event.spent);
    if (unit && unit->allocation == entitle::Allocation::money) {
        const auto cost = cost_in(*unit, event.cost);
        if (!cost) return bad_cost(event);
        command.quantity = *cost;
    }
    return told(engine_.hold_terms(command, event.at), known);
}

Answer Desk::change_entitlement(const KnownCase& known, const Event& event) {
    const Held* const to = find_entitlement(event.entitlement);
    if (to == nullptr) return program::refused(ErrorCode::unknown_entitlement);
    return told(engine_.change_entitlement(
                    {.customer = known.customer, .id = known.id, .entitlement = to->id}, event.at),
                known);
}

/// Its key is free afterwards; its last origin is told.
Answer Desk::remove(const KnownCase& known, const Event& event) {
    const Channel origin = origin_of(known);
    const Outcome outcome = engine_.delete_case({.customer = known.customer, .id = known.id}, event.at);
    if (outcome) {
        cases_.erase(event.case_key);
        if (keeper_ != nullptr) keeper_->drop_case(event.case_key);
    }
    return told(outcome, known, origin);
}

Answer Desk::manage(const Event& event) {
    if (event.kind == EventKind::purchase) return purchase(event);
    const auto named = by_key_.find(event.entitlement);
    if (named == by_key_.end()) return program::refused(ErrorCode::unknown_entitlement);
    Held& held = held_[named->second];
    const entitle::CustomerId customer = held.customer;
    const KnownCase no_case{{}, customer};
    switch (event.kind) {
        case EventKind::cancel_entitlement:
            return told(engine_.cancel({.customer = customer, .id = held.id}, event.at), no_case);
        case EventKind::deactivate_entitlement:
            return told(engine_.deactivate({.customer = customer, .id = held.id}, event.at), no_case);
        case EventKind::activate_entitlement:
            return told(engine_.activate({.customer = customer, .id = held.id}, event.at), no_case);
        case EventKind::set_default:
            return told(engine_.set_default({.customer = customer, .id = held.id}, event.at), no_case);
        case EventKind::top_up: return top_up(held, event);
        case EventKind::void_top_up: return void_top_up(held, event);
        default: return renew(held, event);
    }
}

/// The draft's key is `<named key>/n`, n from 2, the first that is free.
Answer Desk::renew(Held& old, const Event& event) {
    const std::string key = free_key(old.key, old.next_renewal);
    const EntitlementId new_id = EntitlementId::from_integer(held_.size() + 1);
    const entitle::CustomerId customer = old.customer;
    const Outcome outcome = engine_.renew({.customer = customer, .id = old.id, .new_id = new_id}, event.at);
    if (outcome) hold({.key = key, .id = new_id, .customer = customer});
    return told(outcome, {{}, customer});
}

/// What is assigned has the purchase's key, or `<key>/n` where that is an entitlement's. A purchase key is one
/// purchase, whoever its customer.
Answer Desk::purchase(const Event& event) {
    const auto id = purchase_ids_.next_id_of(event.purchase);
    const auto customer = customer_ids_.id_of(event.customer);
    const auto buyer = buyers_.find(id);
    if (buyer != buyers_.end() && buyer->second != customer) {
        return program::refused(ErrorCode::purchase_exists);
    }
    const Outcome outcome = engine_.assign({.customer = customer,
                                            .id = id,
                                            .product = product_ids_.id_of(event.product),
                                            .quantity = event.quantity},
                                           event.at);
    if (outcome && buyer == buyers_.end()) {
        std::uint64_t next = 2;
        const bool is_free = !has_entitlement(event.purchase);
        hold({.key = is_free ? event.purchase : free_key(event.purchase, next),
              .id = outcome->entitlement,
              .customer = customer});
        buyers_.emplace(purchase_ids_.id_of(event.purchase), customer);
        if (keeper_ != nullptr) keeper_->keep(event.purchase, id, customer);
    }
    return told(outcome, {{}, customer});
}

}  // namespace program
