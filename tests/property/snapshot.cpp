#include "property/snapshot.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "property/commands.hpp"
#include "property/generator.hpp"
#include "property/must.hpp"
#include "property/planning.hpp"

namespace entitle_property {

namespace {

/// Collects the text.
class Writer {
public:
    template <class... T>
    void line(fmt::format_string<T...> format, T&&... values) {
        fmt::format_to(std::back_inserter(text_), format, std::forward<T>(values)...);
        text_ += '\n';
    }
    [[nodiscard]] std::string text() { return std::move(text_); }

private:
    std::string text_;
};

long long micros(entitle::Instant at) { return at.time_since_epoch().count(); }

template <class E>
int number(E value) {
    return static_cast<int>(value);
}

std::string text_of(const entitle::Agreement& a) {
    std::string channels;
    for (const auto& item : a.channels) channels += fmt::format(" {}:{}", item.channel, item.total);
    const std::string period =
        a.period
            ? fmt::format(
                  "every {} {} from {} {} {}", a.period->cycle.every, number(a.period->cycle.step),
                  a.period->cycle.anchor ? fmt::format("{}", entitle::as_day(*a.period->cycle.anchor)) : "-",
                  a.period->rollover ? fmt::format("{}", *a.period->rollover) : "-",
                  a.period->preserve_overage)
            : "no period";
    return fmt::format(
        "{} '{}' '{}' {} total {} allocation {} on {} restricted {} channels{} scope {} {} {} {} "
        "priority {} others {} {} {} {} {}",
        period, a.name, a.description, a.coverage, a.terms.total ? fmt::format("{}", *a.terms.total) : "-",
        a.terms.allocation ? number(*a.terms.allocation) : -1, number(a.terms.decrease_on),
        a.terms.restricted, channels, a.scope.contacts, a.scope.products, a.scope.assets, a.scope.case_types,
        a.priority, a.sla, a.made_from, a.owner, number(a.knowledge_base), a.discount_percent);
}

std::string text_of(const entitle::CaseFacts& f) {
    return fmt::format("contact {} product {} asset {} type {} origin {}", f.contact, f.product, f.asset,
                       f.case_type, f.origin);
}

std::string text_of(const entitle::Receipt& r) {
    return fmt::format(
        "{} repeated {} customer {} number {} entitlement {} case {} request {} at {} moved {} "
        "left {} channel {} moved {} left {} held {} overage {}",
        r.command, r.repeated, r.customer, r.number, r.entitlement, r.support_case, r.request, micros(r.at),
        r.moved, r.remaining, r.channel, r.channel_moved, r.channel_remaining, r.held, r.overage);
}

void write(Writer& out, const entitle::Entitlement& e) {
    out.line("entitlement {} of {}: sequence {} phase {} span {} {} default {} from {} left {} held {} {}",
             e.id, e.customer, e.sequence, number(e.phase), micros(e.span.begin), micros(e.span.end),
             e.is_default, e.renewed_from, e.remaining, e.held, text_of(e.agreement));
    out.line("  bought {}: {} of {}", e.purchase.id, e.purchase.quantity, e.purchase.product);
    out.line("  periods from {} due {} last {} rolled {}", micros(e.periods.from), micros(e.periods.due),
             micros(e.periods.last), e.periods.rolled);
    out.line("  first top-up {}", e.top_ups.first);
    for (const entitle::TopUpState& t : e.top_ups.open) {
        out.line("  top-up {} of {} {} priority {} from {} until {} rollover {} begun {} left {} {}",
                 t.number, t.amount, t.channel, t.priority, micros(t.from), micros(t.expires),
                 t.rollover.value_or(-1), t.begun, t.left, t.channel_left);
    }
    for (const entitle::ExpiringHold& h : e.holds.open) {
        out.line("  hold #{}.{} of case {}: {} of {} until {} lost {} {}", h.entry.number, h.entry.ordinal,
                 h.support_case, h.quantity, h.channel, micros(h.until), h.lost, h.channel_lost);
    }
    for (const entitle::ChannelBalance& c : e.channels) {
        out.line("  {} listed {} total {} left {} held {}", c.channel, c.listed, c.total, c.remaining,
                 c.held);
    }
}

void write(Writer& out, const entitle::SupportCase& c) {
    out.line(
        "case {} of {}: entitlement {} {} state {} decrement {} named {} since {} posted #{}.{} {} {} "
        "held #{}.{} {} {} until {} overage {} version {}",
        c.id, c.customer, c.entitlement, text_of(c.facts), number(c.state), c.decrement, c.named,
        micros(c.since), c.posted.entry.number, c.posted.entry.ordinal, c.posted.quantity, c.posted.channel,
        c.held.entry.number, c.held.entry.ordinal, c.held.quantity, c.held.channel, micros(c.held.until),
        c.overage, c.last_number);
}

void write(Writer& out, const entitle::Entry& e) {
    out.line(
        "entry {} of {}: entitlement {} case {} left {} channel left {} reverses #{}.{} at {} actor {} "
        "request {} '{}' channel {} moved {} amount {}",
        e, e.customer, e.entitlement, e.support_case, e.remaining, e.channel_remaining, e.reverses.number,
        e.reverses.ordinal, micros(e.at), e.actor, e.request, e.reason, e.channel, e.channel_moved, e.amount);
}

template <class T>
std::vector<T> all(const entitle::Store& store, entitle::CustomerId customer) {
    std::vector<T> out;
    for (entitle::Cursor cursor; !cursor.done;) must(store.scan({customer, {}}, cursor, out));
    return out;
}

void write_rows(Writer& out, const entitle::View& view) {
    out.line("shape {} number {} due {}", view.shape, view.last_number, micros(view.due));
    for (const entitle::EntitlementRow& row : view.rows) {
        out.line("row {} left {} listed {} kept {} scope {} phase {} default {} history {} topped up {}",
                 row.id, row.remaining, row.listed, row.kept, +row.scope, number(row.phase),
                 row.is_default != 0, row.has_history != 0, row.topped_up != 0);
    }
}

void write_opening(Writer& out, const entitle::View& view) {
    if (view.opening == nullptr) return;
    out.line("case {} opened with {} named {} decrement {}", view.support_case.id,
             text_of(view.opening->facts), view.opening->named, view.opening->decrement);
}

void write_first(Writer& out, const entitle::View& view) {
    if (!view.has_first) return;
    out.line("remembered {:x}: {}", view.first.arguments, text_of(view.first.receipt));
}

void write_customer(Writer& out, entitle::Store& store, int key, int requests, int except) {
    const entitle::CustomerId customer = customer_id(key);
    out.line("customer {}", customer);
    for (const auto& entitlement : all<entitle::Entitlement>(store, customer)) write(out, entitlement);
    for (const auto& entry : all<entitle::Entry>(store, customer)) write(out, entry);
    entitle::View view;
    must(store.view({customer, {}, {}, {}}, view));
    write_rows(out, view);
    for (const auto& support_case : all<entitle::SupportCase>(store, customer)) {
        write(out, support_case);
        must(store.view({customer, support_case.id, {}, {}}, view));
        write(out, view.support_case);
        write_opening(out, view);
    }
    for (int request = 1; request <= requests; ++request) {
        if (request == except) continue;
        must(store.view({customer, {}, id_of<entitle::RequestId>(request), {}}, view));
        write_first(out, view);
    }
    const auto write_id = [&](int id) {
        must(store.view({customer, {}, {}, entitlement_id(id)}, view));
        out.line("id {} known {} referred {}", id, view.known, view.referred);
    };
    for (int id = 1; id <= 9; ++id) write_id(id);
    for (int purchase = 1; purchase <= most_purchases; ++purchase) {
        write_id(model::assigned_key(key, purchase));
    }
}

void write_catalog(Writer& out, const entitle::Catalog& catalog) {
    for (const entitle::Template& one : catalog.templates) {
        const entitle::Length lasts = one.lasts.value_or(entitle::Length{});
        out.line("template {} lasts {} {} {}", one.id, lasts.count, number(lasts.step),
                 text_of(one.agreement));
    }
    for (const entitle::AssignmentRule& rule : catalog.rules) {
        out.line("{} or more of {}: {}", rule.at_least, rule.product, rule.from);
    }
}

}  // namespace

std::string snapshot(entitle::Store& store, std::uint64_t policy, int requests, int except) {
    Writer out;
    must(store.begin({}, entitle::Access::read, policy));
    for (int customer = 1; customer <= 3; ++customer) {
        write_customer(out, store, customer, requests, except);
    }
    write_catalog(out, catalog_of(store));
    store.abandon();
    return out.text();
}

std::string first_difference(const std::string& before, const std::string& after) {
    if (before == after) return "";
    std::istringstream old_text{before};
    std::istringstream new_text{after};
    std::string old_line;
    std::string new_line;
    while (std::getline(old_text, old_line) && std::getline(new_text, new_line)) {
        if (old_line != new_line) break;
    }
    return fmt::format("before: {}\n after: {}", old_line, new_line);
}

}  // namespace entitle_property
