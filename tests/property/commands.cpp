#include "property/commands.hpp"

#include <chrono>
#include <vector>

#include "entitle/rule/assignment.hpp"

namespace entitle_property {

using model::Allocation;
using model::Kind;
using model::Op;

entitle::EntitlementId entitlement_id(int key) {
    if (key < model::keys_of_a_customer) return id_of<entitle::EntitlementId>(key);
    return entitle::rule::assigned_for(customer_id(key / model::keys_of_a_customer),
                                       id_of<entitle::PurchaseId>(key % model::keys_of_a_customer));
}

entitle::Instant instant(long long microseconds) {
    return entitle::Instant{std::chrono::microseconds{microseconds}};
}

entitle::Channel channel(const std::string& name) {
    return entitle::Channel::named(name).value_or(entitle::Channel{});
}

entitle::Unit unit_of(Allocation allocation, const std::string& currency) {
    entitle::Unit unit{static_cast<entitle::Allocation>(allocation), {}};
    if (allocation == Allocation::money) {
        unit.currency = entitle::Currency::of(currency).value_or(entitle::Currency{});
    }
    return unit;
}

namespace {

/// What channels are counted in: coverage only counts cases.
entitle::Unit channel_unit(const model::Agreement& from) {
    const bool coverage = from.allocation == Allocation::coverage;
    return unit_of(coverage ? Allocation::cases : from.allocation, from.currency);
}

entitle::Coverage coverage(const model::Agreement& from) {
    const auto day = [](int days) { return entitle::Day{date::sys_days{date::days{days}}}; };
    return {day(from.first_day), day(from.last_day), "UTC"};
}

entitle::Terms terms(const model::Agreement& from) {
    entitle::Terms terms;
    if (from.total) terms.total = entitle::Quantity{*from.total, unit_of(from.allocation, from.currency)};
    terms.allocation = static_cast<entitle::Allocation>(from.allocation);
    terms.decrease_on =
        from.decrease_on_resolution ? entitle::DecreaseOn::resolution : entitle::DecreaseOn::creation;
    terms.restricted = from.restricted;
    return terms;
}

std::optional<entitle::PeriodTerms> period(const model::Agreement& from) {
    if (!from.period) return std::nullopt;
    entitle::PeriodTerms out;
    out.cycle.every = static_cast<std::uint16_t>(from.period->every);
    out.cycle.step = static_cast<entitle::Cycle::Step>(from.period->step);
    if (from.period->anchor) {
        out.cycle.anchor = entitle::Day{date::sys_days{date::days{*from.period->anchor}}};
    }
    if (from.period->rollover) {
        out.rollover = entitle::Quantity{*from.period->rollover, unit_of(from.allocation, from.currency)};
    }
    out.preserve_overage = from.period->preserve_overage;
    return out;
}

std::vector<entitle::ChannelTerms> channels(const model::Agreement& from) {
    std::vector<entitle::ChannelTerms> out;
    for (const auto& [name, total] : from.channels)
        out.push_back({channel(name), {total, channel_unit(from)}});
    return out;
}

template <class From>
entitle::Scope scope(const From& from) {
    entitle::Scope out;
    const auto copy = []<class Id>(const std::vector<int>& keys, std::vector<Id>& ids) {
        for (const int key : keys) ids.push_back(id_of<Id>(key));
    };
    copy(from.contacts, out.contacts);
    copy(from.products, out.products);
    copy(from.assets, out.assets);
    copy(from.case_types, out.case_types);
    return out;
}

entitle::Changes changes(const model::Agreement& from) {
    entitle::Changes out;
    out.name = from.name;
    out.coverage = coverage(from);
    out.terms = terms(from);
    out.period = period(from).value_or(entitle::PeriodTerms{});
    out.channels = channels(from);
    out.scope = scope(from);
    out.priority = from.priority;
    return out;
}

entitle::Quantity quantity(const Op& op, long long value) { return {value, unit_of(op.unit, op.currency)}; }

entitle::Draft draft(const Op& op) {
    entitle::Draft out;
    out.name = op.agreement.name;
    out.coverage = coverage(op.agreement);
    out.terms = terms(op.agreement);
    out.period = period(op.agreement);
    out.channels = channels(op.agreement);
    out.scope = scope(op.agreement);
    out.priority = op.agreement.priority;
    out.is_default = op.agreement.is_default;
    return out;
}

entitle::ImportEntitlement import(const Op& op) {
    const model::Agreement& from = op.agreement;
    entitle::ImportEntitlement out;
    out.name = from.name;
    out.coverage = coverage(from);
    out.terms = terms(from);
    out.period = period(from);
    out.remaining = entitle::Quantity{op.quantity, channel_unit(from)};
    for (const auto& [name, total] : from.channels) {
        entitle::ImportedChannel row{
            entitlement_id(op.entitlement), channel(name), {total, channel_unit(from)}, {}};
        for (const auto& [stated, remaining] : op.channel_remaining) {
            if (channel(stated) == row.channel)
                row.remaining = entitle::Quantity{remaining, channel_unit(from)};
        }
        out.channels.push_back(row);
    }
    out.scope = scope(from);
    out.priority = from.priority;
    out.is_default = from.is_default;
    out.status = static_cast<entitle::Status>(op.stated_status);
    return out;
}

entitle::Adjust adjust(const Op& op) {
    entitle::Adjust out;
    out.quantity = quantity(op, op.quantity);
    out.channel = channel(op.channel);
    out.channel_quantity = quantity(op, op.channel_quantity);
    out.reason = op.reason;
    return out;
}

entitle::TopUp top_up(const Op& op) {
    entitle::TopUp out;
    out.amount = quantity(op, op.quantity);
    out.channel = channel(op.channel);
    out.priority = op.burn_priority;
    if (op.begins) out.from = instant(*op.begins);
    if (op.expires) out.expires = instant(*op.expires);
    if (op.rollover) {
        out.rollover = entitle::Quantity{*op.rollover, unit_of(op.rollover_unit, op.rollover_currency)};
    }
    return out;
}

entitle::OpenCase open(const Op& op) {
    entitle::OpenCase out;
    out.contact = id_of<entitle::ContactId>(op.contact);
    out.product = id_of<entitle::ProductId>(op.product);
    out.asset = id_of<entitle::AssetId>(op.asset);
    out.case_type = id_of<entitle::CaseTypeId>(op.case_type);
    out.origin = channel(op.channel);
    out.entitlement = entitlement_id(op.entitlement);
    out.decrement = op.decrement;
    return out;
}

entitle::ResolveCase resolve(const Op& op) {
    entitle::ResolveCase out;
    if (op.unit == Allocation::hours) out.time_spent = std::chrono::seconds{op.quantity};
    if (op.unit == Allocation::money) out.cost = {op.quantity, unit_of(op.unit, op.currency).currency};
    return out;
}

/// What every command has alike.
template <class C>
entitle::Command sent(C command, const Op& op, bool names_customer) {
    constexpr bool about_case = entitle::CaseCommand<C>;
    constexpr bool needs_customer = entitle::GrantCommand<C> || C::kind == entitle::CommandKind::open_case;
    if (names_customer || needs_customer) command.customer = customer_id(op.customer);
    if constexpr (about_case) command.id = case_id(op.case_key);
    else if constexpr (C::kind == entitle::CommandKind::assign)
        command.id = id_of<entitle::PurchaseId>(op.purchase);
    else command.id = entitlement_id(op.entitlement);
    command.request = id_of<entitle::RequestId>(op.request);
    command.actor = id_of<entitle::ActorId>(op.actor);
    return command;
}

}  // namespace

entitle::Agreement agreement(const model::Agreement& from) {
    entitle::Agreement out;
    out.name = from.name;
    out.coverage = coverage(from);
    out.terms = terms(from);
    out.period = period(from);
    out.channels = channels(from);
    out.scope = scope(from);
    out.priority = from.priority;
    return out;
}

entitle::Template template_of(int key, const model::Template& from) {
    entitle::Template out{id_of<entitle::TemplateId>(key), agreement(from.agreement), {}};
    if (!from.lasts) return out;
    const bool days = from.lasts->step == model::Step::days;
    out.lasts = entitle::Length{static_cast<std::uint16_t>(from.lasts->count),
                                days ? entitle::Length::Step::days : entitle::Length::Step::months};
    return out;
}

entitle::OpenCase opening(const model::CaseFacts& facts) {
    Op op;
    op.contact = facts.contact;
    op.product = facts.product;
    op.asset = facts.asset;
    op.case_type = facts.case_type;
    op.channel = facts.origin;
    op.entitlement = facts.entitlement;
    op.decrement = facts.decrement;
    entitle::OpenCase out = open(op);
    out.customer = customer_id(facts.customer);
    return out;
}

entitle::Command command_of(const Op& op, bool names_customer) {
    const auto send = [&](auto command) { return sent(std::move(command), op, names_customer); };
    switch (op.kind) {
        case Kind::draft: return send(draft(op));
        case Kind::revise: return send(entitle::Revise{.changes = changes(op.agreement)});
        case Kind::set_channel:
            return send(
                entitle::SetChannel{.channel = channel(op.channel), .total = quantity(op, op.quantity)});
        case Kind::remove_channel: return send(entitle::RemoveChannel{.channel = channel(op.channel)});
        case Kind::revise_scope:
            return send(
                entitle::ReviseScope{.add = scope(op.scope_added), .remove = scope(op.scope_removed)});
        case Kind::amend: return send(entitle::Amend{.changes = changes(op.agreement)});
        case Kind::activate: return send(entitle::Activate{});
        case Kind::deactivate: return send(entitle::Deactivate{});
        case Kind::cancel: return send(entitle::Cancel{});
        case Kind::renew: return send(entitle::Renew{.new_id = entitlement_id(op.new_entitlement)});
        case Kind::set_default: return send(entitle::SetDefault{});
        case Kind::remove: return send(entitle::Remove{});
        case Kind::adjust: return send(adjust(op));
        case Kind::import_entitlement: return send(import(op));
        case Kind::top_up: return send(top_up(op));
        case Kind::void_top_up:
            return send(entitle::VoidTopUp{.top_up = static_cast<std::uint64_t>(op.top_up)});
        case Kind::instantiate:
            return send(entitle::Instantiate{.from = id_of<entitle::TemplateId>(op.from),
                                             .is_default = op.agreement.is_default});
        case Kind::assign:
            return send(
                entitle::Assign{.product = id_of<entitle::ProductId>(op.product), .quantity = op.quantity});
        case Kind::set_template:
        case Kind::remove_template:
        case Kind::set_rule:
        case Kind::remove_rule: break;
        case Kind::open: return send(open(op));
        case Kind::resolve: return send(resolve(op));
        case Kind::cancel_case: return send(entitle::CancelCase{});
        case Kind::reactivate: return send(entitle::ReactivateCase{.origin = channel(op.channel)});
        case Kind::change_origin: return send(entitle::ChangeOrigin{.origin = channel(op.channel)});
        case Kind::change_entitlement:
            return send(entitle::ChangeEntitlement{.entitlement = entitlement_id(op.entitlement)});
        case Kind::change_contact:
            return send(entitle::ChangeContact{.contact = id_of<entitle::ContactId>(op.contact)});
        case Kind::change_product:
            return send(entitle::ChangeProduct{.product = id_of<entitle::ProductId>(op.product)});
        case Kind::change_asset:
            return send(entitle::ChangeAsset{.asset = id_of<entitle::AssetId>(op.asset)});
        case Kind::change_case_type:
            return send(entitle::ChangeCaseType{.case_type = id_of<entitle::CaseTypeId>(op.case_type)});
        case Kind::set_decrement: return send(entitle::SetDecrement{.decrement = op.decrement});
        case Kind::delete_case: return send(entitle::DeleteCase{});
        case Kind::hold_terms: {
            entitle::HoldTerms out{.quantity = quantity(op, op.quantity)};
            if (op.expires) out.expires = instant(*op.expires);
            return send(std::move(out));
        }
        case Kind::release_terms: return send(entitle::ReleaseTerms{});
    }
    return {};
}

}  // namespace entitle_property
