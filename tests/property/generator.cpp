#include "property/generator.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>

namespace entitle_property {

using model::Agreement;
using model::Allocation;
using model::Kind;
using model::Op;

namespace {

constexpr long long day = model::microseconds_per_day;
constexpr int today = 20000;

// The same five, some of them as another hand would write them; two are longer than eight bytes and of one
// length, and one has all the bytes that a name may have.
const std::vector<std::vector<std::string>> spellings{
    {"phone", "Phone", "PHONE"},
    {"email", "eMail"},
    {"web"},
    {"customer-portal", "Customer-Portal", "CUSTOMER-PORTAL"},
    {"customer-counter", "Customer-counteR"},
    {"chat on the web site, day+night", "CHAT on the web site, DAY+NIGHT"}};

/// Kinds by how often they come.
struct Weighted {
    Kind kind;
    int weight;
};

constexpr Weighted case_kinds[]{{Kind::open, 24},          {Kind::resolve, 15},
                                {Kind::cancel_case, 6},    {Kind::reactivate, 10},
                                {Kind::change_origin, 8},  {Kind::change_entitlement, 7},
                                {Kind::change_contact, 1}, {Kind::change_product, 2},
                                {Kind::change_asset, 1},   {Kind::change_case_type, 1},
                                {Kind::set_decrement, 7},  {Kind::delete_case, 4},
                                {Kind::hold_terms, 6},     {Kind::release_terms, 3}};

constexpr Weighted entitlement_kinds[]{{Kind::draft, 5},        {Kind::revise, 5},
                                       {Kind::set_channel, 7},  {Kind::remove_channel, 5},
                                       {Kind::revise_scope, 3}, {Kind::amend, 10},
                                       {Kind::activate, 12},    {Kind::deactivate, 6},
                                       {Kind::cancel, 3},       {Kind::renew, 5},
                                       {Kind::set_default, 5},  {Kind::remove, 5},
                                       {Kind::adjust, 12},      {Kind::import_entitlement, 5}};

constexpr Weighted template_kinds[]{{Kind::set_template, 3}, {Kind::remove_template, 2}, {Kind::set_rule, 3},
                                    {Kind::remove_rule, 1},  {Kind::instantiate, 5},     {Kind::assign, 12}};

template <std::size_t count>
Kind pick(Random& random, const Weighted (&kinds)[count]) {
    int sum = 0;
    for (const Weighted& item : kinds) sum += item.weight;
    int at = random.below(sum);
    for (const Weighted& item : kinds) {
        if (at < item.weight) return item.kind;
        at -= item.weight;
    }
    return Kind::open;
}

long long units_per_term(Allocation allocation) {
    return allocation == Allocation::hours ? 3600 : allocation == Allocation::money ? 100 : 1;
}

bool is_measured(Allocation allocation) {
    return allocation == Allocation::hours || allocation == Allocation::money;
}

}  // namespace

Generator::Generator(Random random, const model::Policy& policy)
    : random_{std::move(random)}, world_{policy} {
    usual_now_ = now_ = today * day + day / 2;
    customers_ = random_.one_of({1, 1, 1, 2, 2, 3});
    entitlements_ = random_.between(1, 5);
    cases_ = random_.between(2, 8);
    requests_ = random_.between(3, most_requests);
    case_share_ = random_.one_of({50, 70, 70, 85});
    usual_allocation_ = random_.one_of(
        {Allocation::cases, Allocation::cases, Allocation::hours, Allocation::money, Allocation::coverage});
    huge_ = random_.percent(12);
    period_share_ = random_.one_of({0, 30, 60, 90});
    template_share_ = random_.one_of({0, 0, 10, 25});
    top_up_share_ = random_.one_of({0, 0, 12, 25});
    if (usual_allocation_ == Allocation::coverage) top_up_share_ /= 4;  // it refuses them all
    templates_ = random_.between(2, 4);
    purchases_ = random_.between(2, most_purchases);
    if (random_.percent(15)) concentrate_on_top_ups();
    channels_ = random_.one_of(spellings);
    for (int more = random_.between(0, 2); more > 0; --more) {
        const auto& names = random_.one_of(spellings);
        channels_.insert(channels_.end(), names.begin(), names.end());
    }
}

/// One entitlement whose cases meet several top-ups, and late reversals.
void Generator::concentrate_on_top_ups() {
    customers_ = entitlements_ = 1;
    cases_ = random_.between(4, 10);
    case_share_ = 92;
    template_share_ = 0;
    top_up_share_ = 15;
    period_share_ = random_.one_of({0, 90});
    if (usual_allocation_ == Allocation::coverage) usual_allocation_ = Allocation::cases;
}

History Generator::history(int length) {
    if (template_share_ != 0) begin_with_templates();
    for (int customer = 1; customer <= customers_; ++customer) {
        const int wanted = customer == 1 ? entitlements_ : 1;
        for (int key = 1; key <= wanted; ++key) begin_with(customer, key);
    }
    while (static_cast<int>(sent_.size()) < length) (void)next();
    return sent_;
}

void Generator::begin_with(int customer, int key) {
    Op op;
    op.kind = Kind::draft;
    op.now = now_;
    op.customer = customer;
    op.entitlement = key;
    op.agreement = agreements_[{customer, key}] = agreement();
    sent_.push_back(op);
    op.kind = Kind::activate;
    op.agreement = {};
    if (random_.percent(90)) sent_.push_back(op);
}

/// Templates, and rules for some products, of several quantities.
void Generator::begin_with_templates() {
    for (int key = 1; key <= templates_; ++key) {
        Op op;
        op.kind = Kind::set_template;
        op.now = now_;
        op.from = key;
        add_template(op);
        sent_.push_back(op);
    }
    for (int count = random_.between(2, 6); count > 0; --count) sent_.push_back(catalog_op(Kind::set_rule));
}

Op Generator::next() {
    move_clock();
    Op op = !sent_.empty() && random_.percent(10) ? repeated() : fresh();
    sent_.push_back(op);
    return op;
}

Op Generator::fresh() {
    Op op;
    if (random_.percent(template_share_)) op = template_op(pick(random_, template_kinds));
    else if (random_.percent(top_up_share_))
        op = entitlement_op(random_.percent(85) ? Kind::top_up : Kind::void_top_up);
    else if (random_.percent(case_share_)) op = case_op(pick(random_, case_kinds));
    else op = entitlement_op(pick(random_, entitlement_kinds));
    if (model::is_of_catalog(op.kind)) return op;
    if (op.request != 0) return op;  // a retry
    const bool makes = op.kind == Kind::assign || op.kind == Kind::instantiate || op.kind == Kind::top_up ||
                       op.kind == Kind::void_top_up;
    if (random_.percent(makes ? 40 : 18)) op.request = random_.between(1, requests_);
    if (random_.percent(10)) op.actor = random_.between(1, 2);
    const bool is_bought = op.kind == Kind::assign && op.purchase != 0 && op.product != 0 && op.quantity > 0;
    if (is_bought) bought_.try_emplace({op.customer, op.purchase}, op);
    return op;
}

/// One of the earlier commands again; now and then it says something else under the same request id.
Op Generator::repeated() {
    const int back = random_.between(1, std::min(20, static_cast<int>(sent_.size())));
    Op op = sent_[sent_.size() - static_cast<std::size_t>(back)];
    op.now = now_;
    if (op.request == 0 || random_.percent(70)) return op;
    const int request = op.request;
    op = fresh();
    if (!model::is_of_catalog(op.kind)) op.request = request;
    return op;
}

Op Generator::made(Op op) {
    op.now = now_;
    op.customer = random_.percent(80) ? 1 : random_.between(1, customers_);
    return op;
}

Op Generator::entitlement_op(Kind kind) {
    Op op;
    op.kind = kind;
    op = made(op);
    op.entitlement = entitlement_key(op.customer, kind != Kind::draft && kind != Kind::import_entitlement);
    const bool ends = kind == Kind::cancel || kind == Kind::remove;
    if (ends && template_share_ != 0 && random_.percent(60)) {
        op.entitlement = assigned_key(op.customer).value_or(op.entitlement);
    }
    switch (kind) {
        case Kind::draft:
        case Kind::revise:
        case Kind::amend: add_agreement(op); break;
        case Kind::import_entitlement: add_import(op); break;
        case Kind::set_channel:
        case Kind::adjust: add_amounts(op); break;
        case Kind::top_up: add_top_up(op); break;
        case Kind::void_top_up: add_voided(op); break;
        case Kind::remove_channel: op.channel = channel_name(); break;
        case Kind::revise_scope: add_scope_items(op); break;
        case Kind::renew: op.new_entitlement = random_.between(1, entitlements_ + 2); break;
        default: break;
    }
    return op;
}

/// One that is there, as far as this knows, or one that is not; now and then either.
int Generator::case_key(int customer, bool existing) {
    for (int tries = random_.percent(95) ? 8 : 0; tries > 0; --tries) {
        const int key = random_.between(1, cases_);
        if ((opened_.count({customer, key}) != 0) == existing) return key;
    }
    return random_.between(1, cases_);
}

/// What was assigned to somebody, as far as this knows: mostly to this customer.
std::optional<int> Generator::assigned_key(int customer) {
    const int owner = random_.percent(95) ? customer : random_.between(1, customers_);
    std::vector<int> keys;
    for (const auto& [key, as] : agreements_) {
        if (key.first == owner && key.second >= model::keys_of_a_customer) keys.push_back(key.second);
    }
    return keys.empty() ? std::nullopt : std::optional{random_.one_of(keys)};
}

int Generator::entitlement_key(int customer, bool existing) {
    if (existing && template_share_ != 0 && random_.percent(30)) {
        if (const auto key = assigned_key(customer)) return *key;
    }
    for (int tries = random_.percent(96) ? 8 : 0; tries > 0; --tries) {
        const int key = random_.between(1, entitlements_ + 2);
        if ((agreements_.count({customer, key}) != 0) == existing) return key;
    }
    return random_.between(1, entitlements_ + 2);
}

void Generator::add_agreement(Op& op) {
    const auto known = agreements_.find({op.customer, op.entitlement});
    const bool edits = op.kind != Kind::draft && known != agreements_.end() && random_.percent(80);
    op.agreement = edits ? edited(known->second) : agreement();
    if (op.kind == Kind::draft) op.agreement.is_default = random_.percent(15);
    agreements_[{op.customer, op.entitlement}] = op.agreement;
    if (random_.percent(8)) spoil(op.agreement);
}

void Generator::add_amounts(Op& op) {
    const auto known = agreements_.find({op.customer, op.entitlement});
    const bool right = known != agreements_.end() && random_.percent(95);
    op.unit = right ? known->second.allocation : usual_allocation_;
    op.currency = right ? known->second.currency : currency(op.unit);
    if (op.unit == Allocation::coverage) op.unit = Allocation::cases;
    op.channel = channel_name();
    if (op.kind == Kind::set_channel) {
        op.quantity = amount(op.unit, 6);
        if (random_.percent(3)) op.channel.clear();
        if (random_.percent(2)) op.quantity = -1;
        return;
    }
    const auto correction = [this, &op] {
        return random_.percent(15) ? 0 : amount(op.unit, 4) * (random_.percent(50) ? 1 : -1);
    };
    op.quantity = correction();
    if (random_.percent(50)) op.channel.clear();
    if (!op.channel.empty() || random_.percent(3)) op.channel_quantity = correction();
    if (random_.percent(4)) op.reason.clear();
}

void Generator::add_import(Op& op) {
    op.agreement = agreement();
    op.agreement.is_default = random_.percent(20);
    agreements_[{op.customer, op.entitlement}] = op.agreement;
    op.stated_status =
        random_.percent(50) ? model::Status::active : static_cast<model::Status>(random_.below(5));
    const auto left = [this, &op](long long total) {
        const long long moved = amount(op.agreement.allocation, 4);
        const bool above = random_.percent(8) && total <= std::numeric_limits<long long>::max() - moved;
        return above ? total + moved : total - moved;
    };
    op.quantity = left(op.agreement.total.value_or(0));
    for (const auto& [name, total] : op.agreement.channels) {
        if (random_.percent(60)) op.channel_remaining.emplace_back(name, left(total));
    }
    if (random_.percent(8)) spoil(op.agreement);
}

/// Brings this history's own model up to what was sent.
void Generator::catch_up() {
    while (caught_up_ < sent_.size()) (void)world_.apply(sent_[caught_up_++]);
}

/// When time changes an entitlement next.
std::optional<long long> Generator::due(int customer, int entitlement) {
    catch_up();
    for (const auto& view : world_.entitlements(customer, now_)) {
        if (view.key == entitlement) return view.due;
    }
    return std::nullopt;
}

/// An instant around which something happens: a boundary, the end of a coverage or of another top-up; or any.
long long Generator::soon(const Op& op) {
    const auto known = agreements_.find({op.customer, op.entitlement});
    const long long step = random_.one_of({-1LL, 0LL, 0LL, 0LL, 1LL});
    switch (random_.below(5)) {
        case 0:
        case 1:
            if (const auto next = due(op.customer, op.entitlement)) return *next + step;
            break;
        case 2:
            if (known != agreements_.end()) return (known->second.last_day + 1) * day + step;
            break;
        case 3: return now_ + random_.between(1, 10) * 60'000'000LL;
        default: break;
    }
    return (now_ / day + random_.one_of({1, 2, 7, 31, 31, 200})) * day + step;
}

void Generator::add_top_up(Op& op) {
    const auto known = agreements_.find({op.customer, op.entitlement});
    const bool right = known != agreements_.end() && random_.percent(96);
    op.unit = right ? known->second.allocation : usual_allocation_;
    op.currency = right ? known->second.currency : currency(op.unit);
    if (op.unit == Allocation::coverage) op.unit = Allocation::cases;
    op.quantity = std::max(1LL, amount(op.unit, 4));
    const bool has_channels = known != agreements_.end() && !known->second.channels.empty();
    if (has_channels && random_.percent(50)) op.channel = random_.one_of(known->second.channels).first;
    else if (random_.percent(5)) op.channel = channel_name();
    op.burn_priority = random_.one_of({100, 100, 99, 99, 1, 1, 101, 200});
    if (random_.percent(30)) op.begins = soon(op);
    else if (random_.percent(10)) op.begins = now_ - random_.between(0, 40) * day;
    if (random_.percent(60)) op.expires = soon(op);
    const bool ends_early = op.expires && *op.expires <= std::max(now_, op.begins.value_or(now_));
    if (ends_early && random_.percent(85)) op.expires.reset();
    if (random_.percent(50)) op.rollover = random_.percent(20) ? 0 : amount(op.unit, 3);
    op.rollover_unit = op.unit;
    op.rollover_currency = op.currency;
    if (random_.percent(10)) spoil_top_up(op);
}

/// One fault.
void Generator::spoil_top_up(Op& op) {
    const long long too_much = model::most_terms * units_per_term(op.unit) + 1;
    switch (random_.below(4)) {
        case 0: op.quantity = random_.one_of({0LL, -1LL, too_much}); return;
        case 1: op.rollover = random_.one_of({-1LL, too_much}); return;
        case 2:
            op.rollover = 1;
            op.rollover_unit = allocation();
            op.rollover_currency = currency(op.rollover_unit);
            return;
        default: op.expires = std::max(now_, op.begins.value_or(now_)) - random_.below(2); return;
    }
}

/// Mostly one that has not ended; now and then one that has, another entitlement's, or none.
void Generator::add_voided(Op& op) {
    catch_up();
    std::vector<std::pair<int, int>> open;
    for (const auto& view : world_.entitlements(op.customer, now_)) {
        for (const model::TopUp& top_up : view.top_ups) open.emplace_back(view.key, top_up.terms.number);
    }
    std::vector<int> ever;
    for (const model::Entry& entry : world_.ledger(op.customer)) {
        if (entry.kind == model::EntryKind::top_up) ever.push_back(entry.id.number);
    }
    if (!open.empty() && random_.percent(85)) std::tie(op.entitlement, op.top_up) = random_.one_of(open);
    else if (!ever.empty() && random_.percent(60)) op.top_up = random_.one_of(ever);
    else op.top_up = random_.below(60);
}

void Generator::add_scope_items(Op& op) {
    op.scope_added.products = some_things();
    op.scope_removed.products = some_things();
    op.scope_added.contacts = some_things();
    op.scope_removed.contacts = some_things();
    op.scope_added.assets = some_things();
    op.scope_removed.case_types = some_things();
}

Op Generator::case_op(Kind kind) {
    Op op;
    op.kind = kind;
    op = made(op);
    const auto first = opened_.lower_bound({op.customer, 0});
    const bool has_case = first != opened_.end() && first->first == op.customer;
    if (!has_case && random_.percent(90)) op.kind = kind = Kind::open;
    op.case_key = case_key(op.customer, kind != Kind::open);
    const auto fact = [this] { return random_.one_of({0, 0, 0, 1, 1, 2}); };
    switch (kind) {
        case Kind::open:
            opened_.insert({op.customer, op.case_key});
            op.contact = fact();
            op.product = fact();
            op.asset = fact();
            op.case_type = fact();
            op.channel = random_.percent(15) ? "" : channel_name();
            if (random_.percent(45)) op.entitlement = entitlement_key(op.customer, true);
            op.decrement = !random_.percent(10);
            break;
        case Kind::resolve:
            op.unit = random_.percent(92) ? usual_allocation_ : allocation();
            op.currency = currency(op.unit);
            if (is_measured(op.unit)) op.quantity = random_.percent(4) ? -1 : amount(op.unit, 3);
            if (op.quantity == 0) {  // nothing told, in whatever unit
                op.unit = Allocation::cases;
                op.currency.clear();
            }
            break;
        case Kind::hold_terms:
            op.unit = random_.percent(92) ? usual_allocation_ : allocation();
            if (op.unit == Allocation::coverage && random_.percent(92)) op.unit = Allocation::cases;
            op.currency = currency(op.unit);
            op.quantity = random_.percent(6) ? 0 : amount(op.unit, 3);
            if (random_.percent(55)) op.expires = now_ + random_.one_of({1, 7, 20, 31, 31, 45, 70}) * day;
            else if (random_.percent(15)) op.expires = soon(op);
            if (random_.percent(3)) op.expires = now_ - random_.below(2);
            break;
        case Kind::reactivate:
            op.has_origin = random_.percent(40);
            if (op.has_origin) op.channel = channel_name();
            break;
        case Kind::change_origin: op.channel = random_.percent(15) ? "" : channel_name(); break;
        case Kind::change_entitlement: op.entitlement = entitlement_key(op.customer, true); break;
        case Kind::change_contact: op.contact = fact(); break;
        case Kind::change_product: op.product = fact(); break;
        case Kind::change_asset: op.asset = fact(); break;
        case Kind::change_case_type: op.case_type = fact(); break;
        case Kind::set_decrement: op.decrement = random_.percent(50); break;
        case Kind::delete_case: opened_.erase({op.customer, op.case_key}); break;
        default: break;
    }
    return op;
}

Op Generator::template_op(Kind kind) {
    if (model::is_of_catalog(kind)) return catalog_op(kind);
    Op op;
    op.kind = kind;
    op = made(op);
    if (kind == Kind::assign) {
        add_purchase(op);
        return op;
    }
    op.entitlement = entitlement_key(op.customer, false);
    op.from = random_.percent(90) ? random_.between(1, templates_) : random_.one_of({0, templates_ + 1});
    op.agreement.is_default = random_.percent(15);
    use(op.from, op.customer, op.entitlement);
    return op;
}

Op Generator::catalog_op(Kind kind) {
    Op op;
    op.kind = kind;
    op.now = now_;
    op.from = random_.between(1, templates_);
    switch (kind) {
        case Kind::set_template: add_template(op); break;
        case Kind::set_rule: add_rule(op); break;
        case Kind::remove_rule:
            op.from = 0;
            if (!catalog_.rules.empty() && random_.percent(80)) {
                auto at = catalog_.rules.begin();
                std::advance(at, random_.below(static_cast<int>(catalog_.rules.size())));
                std::tie(op.product, op.quantity) = at->first;
            } else {
                op.product = random_.between(1, 3);
                op.quantity = 1;
            }
            catalog_.rules.erase({op.product, op.quantity});
            break;
        default: break;
    }
    return op;
}

/// Mostly another; now and then the former with one thing that is different.
void Generator::add_template(Op& op) {
    const auto known = catalog_.templates.find(op.from);
    const bool edits = known != catalog_.templates.end() && random_.percent(40);
    op.agreement = edits ? edited(known->second.agreement) : agreement();
    if (random_.percent(60)) {
        const bool months = random_.percent(60);
        op.lasts = model::Length{months ? random_.one_of({1, 1, 2, 3, 12}) : random_.one_of({1, 2, 30, 365}),
                                 months ? model::Step::months : model::Step::days};
    }
    catalog_.templates[op.from] = {op.agreement, op.lasts};
    if (random_.percent(8)) spoil(op.agreement);
    else if (op.lasts && random_.percent(3)) op.lasts->count = 0;
    else if (random_.percent(2)) op.from = 0;
}

void Generator::add_rule(Op& op) {
    op.product = random_.one_of({1, 1, 2, 2, 3});
    op.quantity = random_.one_of({0LL, 1LL, 5LL, 10LL, 500LL});
    catalog_.rules[{op.product, op.quantity}] = op.from;
    if (random_.percent(4)) op.from = random_.one_of({0, templates_ + 1});
    else if (random_.percent(3)) op.quantity = -1;
    else if (random_.percent(2)) op.product = 0;
}

/// Of those made before, one again, mostly with the same facts, half of these under the same request id; or
/// another.
void Generator::add_purchase(Op& op) {
    op.purchase = random_.between(1, purchases_);
    const auto known = bought_.find({op.customer, op.purchase});
    if (known != bought_.end() && random_.percent(75)) {
        op.product = known->second.product;
        op.quantity = known->second.quantity;
        if (random_.percent(50)) return;
        op.request = known->second.request;
        op.actor = known->second.actor;
        return;
    }
    op.product = random_.one_of({1, 1, 2, 2, 3});
    op.quantity = random_.one_of({1LL, 4LL, 5LL, 9LL, 10LL, 499LL, 500LL, 900LL});
    if (huge_ && random_.percent(10)) op.quantity = 9223372036854775807LL;
    use(model::template_for(catalog_, op.product, op.quantity), op.customer,
        model::assigned_key(op.customer, op.purchase));
    switch (random_.below(40)) {
        case 0: op.quantity = random_.one_of({0LL, -1LL}); break;
        case 1: op.product = 0; break;
        case 2: op.purchase = 0; break;
        default: break;
    }
}

/// Notes what may have been made from a template.
void Generator::use(int from, int customer, int key) {
    const auto known = catalog_.templates.find(from);
    if (known == catalog_.templates.end()) return;
    agreements_.try_emplace({customer, key}, model::agreement_from(known->second, now_));
}

model::CaseFacts Generator::question() {
    const Op op = case_op(Kind::open);
    model::CaseFacts facts;
    facts.customer = op.customer;
    facts.contact = op.contact;
    facts.product = op.product;
    facts.asset = op.asset;
    facts.case_type = op.case_type;
    facts.origin = op.channel;
    facts.decrement = op.decrement;
    return facts;
}

Agreement Generator::agreement() {
    Agreement made;
    made.first_day = today + random_.one_of({-3, -1, -1, -1, -1, 0, 0, 1});
    made.last_day = made.first_day + random_.one_of({1, 5, 30, 59, 364, 364, 364, 364, 364, 364});
    made.allocation = random_.percent(80) ? usual_allocation_ : allocation();
    made.currency = currency(made.allocation);
    if (made.allocation != Allocation::coverage) made.total = amount(made.allocation, 6);
    made.decrease_on_resolution = is_measured(made.allocation) || random_.percent(50);
    made.restricted = random_.percent(70);
    made.priority = random_.one_of({100, 100, 100, 1, 2, 200});
    add_period(made);
    add_channels(made);
    add_scope(made);
    return made;
}

/// One thing about it is different.
Agreement Generator::edited(Agreement from) {
    switch (random_.below(11)) {
        case 0: from.last_day += random_.one_of({-1, 1, 30}); break;
        case 1: from.restricted = !from.restricted; break;
        case 2:
            from.decrease_on_resolution = is_measured(from.allocation) || !from.decrease_on_resolution;
            break;
        case 3: from.priority = random_.one_of({1, 100, 200}); break;
        case 4:
        case 5: add_channels(from); break;
        case 6: add_scope(from); break;
        case 7: std::reverse(from.channels.begin(), from.channels.end()); break;
        case 8:
            if (!from.total) break;
            from.total = amount(from.allocation, 6);
            for (auto& channel : from.channels) channel.second = std::min(channel.second, *from.total);
            break;
        case 9: add_period(from); break;
        default: break;
    }
    return from;
}

void Generator::add_channels(Agreement& agreement) {
    agreement.channels.clear();
    for (int wanted = random_.one_of({0, 1, 1, 2, 2, 3}); wanted > 0; --wanted) {
        const std::string name = channel_name();
        const auto lower = [](std::string text) {
            for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            return text;
        };
        const bool listed = std::any_of(agreement.channels.begin(), agreement.channels.end(),
                                        [&](const auto& item) { return lower(item.first) == lower(name); });
        if (listed) continue;
        long long total = amount(agreement.allocation, 4);
        if (agreement.total) total = std::min(total, *agreement.total);
        agreement.channels.emplace_back(name, total);
    }
}

/// Only where there is a total; in some histories, never.
void Generator::add_period(Agreement& agreement) {
    agreement.period.reset();
    if (!agreement.total || !random_.percent(period_share_)) return;
    model::Period period;
    period.every = random_.one_of({1, 1, 1, 2, 3});
    period.step = random_.one_of({model::Step::days, model::Step::weeks, model::Step::months,
                                  model::Step::months, model::Step::years});
    if (random_.percent(30)) period.anchor = today + random_.between(-400, 400);
    if (random_.percent(60)) {
        period.rollover = random_.percent(10) ? *agreement.total : amount(agreement.allocation, 4);
        const long long room = model::most_terms * units_per_term(agreement.allocation) - *agreement.total;
        if (random_.percent(95)) period.rollover = std::min(*period.rollover, std::max(room, 0LL));
    }
    period.preserve_overage = random_.percent(40);
    agreement.period = period;
}

void Generator::add_scope(Agreement& agreement) {
    const bool limited = random_.percent(25);
    const auto things = [&] { return limited ? some_things() : std::vector<int>{}; };
    agreement.products = things();
    agreement.contacts = things();
    agreement.assets = things();
    agreement.case_types = things();
}

std::vector<int> Generator::some_things() {
    switch (random_.below(10)) {
        case 0:
        case 1: return {1};
        case 2: return {2};
        case 3: return {2, 1};
        default: return {};
    }
}

/// Exactly one fault, so that the order in which faults are looked for does not matter.
void Generator::spoil(Agreement& agreement) {
    const bool coverage = agreement.allocation == Allocation::coverage;
    switch (random_.below(7)) {
        case 0: agreement.name.assign(random_.percent(50) ? 0 : 101, 'n'); return;
        case 1: agreement.first_day = agreement.last_day + 1; return;
        case 2:
            if (coverage) agreement.total = 1;
            else agreement.total.reset();
            return;
        case 3:
        case 4: spoil_unit(agreement); return;
        default: spoil_channels(agreement); return;
    }
}

void Generator::spoil_unit(Agreement& agreement) {
    if (is_measured(agreement.allocation) && random_.percent(50)) agreement.decrease_on_resolution = false;
    else if (agreement.allocation == Allocation::money) agreement.currency.clear();
    else if (agreement.total) agreement.total = model::most_terms * units_per_term(agreement.allocation) + 1;
}

void Generator::spoil_channels(Agreement& agreement) {
    if (agreement.channels.empty()) return;
    auto& first = agreement.channels.front();
    switch (random_.below(3)) {
        case 0: agreement.channels.push_back(first); return;
        case 1: first.first.clear(); return;
        default:
            if (agreement.total) first.second = *agreement.total + 1;
            else first.second = -1;
            return;
    }
}

Allocation Generator::allocation() {
    return random_.one_of({Allocation::cases, Allocation::hours, Allocation::money, Allocation::coverage});
}

std::string Generator::currency(Allocation allocation) {
    if (allocation != Allocation::money) return "";
    return random_.percent(95) ? "EUR" : "USD";
}

/// Up to so many terms, in base units; in some histories, up to the limit.
long long Generator::amount(Allocation allocation, int terms) {
    const long long per_term = units_per_term(allocation);
    if (huge_ && random_.percent(30)) return model::most_terms * per_term - random_.below(3);
    if (huge_ && random_.percent(3)) return random_.one_of({9223372036854775807LL, 1LL << 62, 1LL << 40});
    if (per_term == 1) return random_.below(terms + 1);
    return random_.below(terms * 4 + 1) * per_term / 4 + (random_.percent(10) ? 1 : 0);
}

std::string Generator::channel_name() {
    return random_.percent(95) ? random_.one_of(channels_) : random_.one_of(random_.one_of(spellings));
}

/// To where time brings something, in histories with top-ups.
bool Generator::moves_to_what_is_due() {
    if (top_up_share_ == 0 || agreements_.empty() || !random_.percent(4)) return false;
    auto at = agreements_.begin();
    std::advance(at, random_.below(static_cast<int>(agreements_.size())));
    const auto next = due(at->first.first, at->first.second);
    if (!next || *next < usual_now_ || *next > usual_now_ + 400 * day) return false;
    now_ = usual_now_ = *next + random_.one_of({-1LL, 0LL, 0LL, 0LL, 1LL});
    away_ = false;
    return true;
}

/// Mostly a little later; sometimes to the edge of a coverage or of the memory for requests, and back.
void Generator::move_clock() {
    if (away_ && random_.percent(25)) {
        away_ = false;
        now_ = usual_now_;
        return;
    }
    if (moves_to_what_is_due()) return;
    if (period_share_ != 0 && random_.percent(7)) {  // into another period, at its edge or within
        usual_now_ += random_.one_of({1LL, 7LL, 31LL, 31LL, 62LL, 93LL}) * day;
        if (random_.percent(30)) usual_now_ = usual_now_ / day * day + random_.between(-1, 1);
        now_ = usual_now_;
        away_ = false;
        return;
    }
    const int dice = random_.below(100);
    if (dice < 65) return;
    away_ = away_ || dice >= 95;
    if (dice < 95) {
        now_ += random_.between(1, 3) * 60'000'000LL;
        if (!away_) usual_now_ = now_;
    } else if (dice < 98 && !agreements_.empty()) {
        auto at = agreements_.begin();
        std::advance(at, random_.below(static_cast<int>(agreements_.size())));
        const int edge = random_.percent(50) ? at->second.first_day : at->second.last_day + 1;
        now_ = edge * day + random_.between(-1, 1);
    } else {
        now_ += random_.one_of({1LL, 30LL, 30LL, -1LL}) * day + random_.between(-1, 1);
    }
}

}  // namespace entitle_property
