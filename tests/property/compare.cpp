#include "property/compare.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "entitle/rule/changes.hpp"

#include "property/commands.hpp"

namespace entitle_property {

namespace {

/// The first difference of many, each with the name of what is compared.
class Comparison {
public:
    explicit Comparison(std::string where) : where_{std::move(where)} {}

    template <class A, class B>
    void same(const char* what, const A& expected, const B& found) {
        if (!text_.empty() || expected == found) return;
        if constexpr (fmt::is_formattable<A>::value && fmt::is_formattable<B>::value) {
            text_ = fmt::format("{}: {} is {}, must be {}", where_, what, found, expected);
        } else {
            text_ = fmt::format("{}: {} differs", where_, what);
        }
    }
    void add(std::string other) {
        if (text_.empty()) text_ = std::move(other);
    }
    [[nodiscard]] bool differs() const { return !text_.empty(); }
    [[nodiscard]] std::string text() const { return text_; }

private:
    std::string where_;
    std::string text_;
};

std::string name(entitle::ErrorCode code) {
    return code == entitle::ErrorCode::none ? "" : std::string{entitle::name_of(code)};
}

}  // namespace

std::string difference(const model::Answer& expected, const entitle::Outcome& found) {
    Comparison compare{"answer"};
    const entitle::Error error = found ? entitle::Error{} : found.error();
    compare.same("error", expected.error, name(error.code));
    compare.same("reason", expected.reason, name(error.reason));
    if (!found || !expected.ok) return compare.text();
    compare.same("recorded", expected.recorded, !found->repeated);
    compare.same("number", static_cast<std::uint64_t>(expected.number), found->number);
    compare.same("entitlement", entitlement_id(expected.entitlement), found->entitlement);
    compare.same("moved", expected.moved, found->moved.value);
    compare.same("remaining", expected.remaining, found->remaining.value);
    compare.same("held", expected.held, found->held);
    compare.same("overage", expected.overage, found->overage);
    return compare.text();
}

namespace {

std::string channels_difference(const model::EntitlementView& expected, const entitle::Entitlement& found) {
    Comparison compare{fmt::format("entitlement {}, channels", expected.key)};
    const auto listed = expected.channels.size();
    compare.same("at least as many", true, found.channels.size() >= listed);
    if (compare.differs()) return compare.text();
    for (std::size_t i = 0; i < listed; ++i) {
        const model::ChannelView& channel_view = expected.channels[i];
        compare.same("listed", true, found.channels[i].listed);
        compare.same("name", channel(channel_view.name), found.channels[i].channel);
        compare.same("total", channel_view.total, found.channels[i].total);
        compare.same("remaining", channel_view.remaining, found.channels[i].remaining);
        compare.same("held", channel_view.held, found.channels[i].held);
    }
    // The engine also keeps removed channels that nothing ever moved.
    std::size_t moved = 0;
    for (std::size_t i = listed; i < found.channels.size(); ++i) {
        const entitle::ChannelBalance& removed = found.channels[i];
        compare.same("removed one listed", false, removed.listed);
        compare.same("removed one's total", 0, removed.total);
        const auto known =
            std::find_if(expected.removed_channels.begin(), expected.removed_channels.end(),
                         [&](const auto& item) { return channel(item.first) == removed.channel; });
        const bool is_known = known != expected.removed_channels.end();
        moved += is_known ? 1U : 0U;
        compare.same("removed one's remaining", is_known ? known->second : 0, removed.remaining);
    }
    compare.same("number removed", expected.removed_channels.size(), moved);
    return compare.text();
}

std::string top_ups_difference(const model::EntitlementView& expected, const entitle::Entitlement& found) {
    Comparison compare{fmt::format("entitlement {}, top-ups", expected.key)};
    compare.same("number of those open", expected.top_ups.size(), found.top_ups.open.size());
    if (compare.differs()) return compare.text();
    for (std::size_t i = 0; i < expected.top_ups.size(); ++i) {
        const model::TopUp& one = expected.top_ups[i];
        const model::TopUpTerms& terms = one.terms;
        const entitle::TopUpState& state = found.top_ups.open[i];
        const auto expires = terms.expires ? instant(*terms.expires) : entitle::Instant::max();
        const auto left_of = [&](const std::string& counter) {
            const auto known = one.left.find(counter);
            return known == one.left.end() ? 0 : known->second;
        };
        compare.same("number", static_cast<std::uint64_t>(terms.number), state.number);
        compare.same("amount", terms.amount, state.amount);
        compare.same("channel", channel(terms.channel), state.channel);
        compare.same("priority", terms.priority, state.priority);
        compare.same("from", entitle::as_utc(instant(terms.from)).at, state.from);
        compare.same("expires", entitle::as_utc(expires).at, state.expires);
        compare.same("has a rollover", terms.rollover.has_value(), state.rollover.has_value());
        compare.same("rollover", terms.rollover.value_or(0), state.rollover.value_or(0));
        compare.same("begun", one.begun, state.begun);
        if (!one.begun) continue;
        compare.same("left", left_of(model::the_total), state.left);
        compare.same("left on its channel", terms.channel.empty() ? 0 : left_of(terms.channel),
                     state.channel_left);
    }
    return compare.text();
}

std::string entitlement_difference(const model::EntitlementView& expected, const entitle::Entitlement& found,
                                   long long now) {
    Comparison compare{fmt::format("entitlement {}", expected.key)};
    const auto status = entitle::rule::status_of(found, instant(now));
    compare.same("status", model::name_of(expected.status), std::string{entitle::name_of(status)});
    compare.same("phase", static_cast<int>(expected.phase), static_cast<int>(found.phase));
    compare.same("total", expected.total, found.agreement.total());
    compare.same("remaining", expected.remaining, found.remaining);
    compare.same("held", expected.held, found.held);
    compare.same("default", expected.is_default, found.is_default);
    compare.same("renewed from", entitlement_id(expected.renewed_from), found.renewed_from);
    compare.same("made from", id_of<entitle::TemplateId>(expected.made_from), found.agreement.made_from);
    entitle::Agreement agreed = agreement(expected.agreement);
    agreed.made_from = found.agreement.made_from;
    compare.same("agreement", agreed, found.agreement);
    const model::Purchase& bought = expected.purchase;
    const entitle::Purchase purchase{id_of<entitle::PurchaseId>(bought.key),
                                     id_of<entitle::ProductId>(bought.product), bought.quantity};
    compare.same("purchase", purchase, found.purchase);
    const auto end = instant((expected.agreement.last_day + 1) * model::microseconds_per_day);
    compare.same("end", entitle::as_utc(end).at, found.span.end);
    const auto due = expected.due ? instant(*expected.due) : entitle::Instant::max();
    compare.same("due", entitle::as_utc(due).at, found.periods.due);
    compare.add(channels_difference(expected, found));
    compare.add(top_ups_difference(expected, found));
    return compare.text();
}

/// What is posted, or held, for a case.
template <class Standing>
std::string standing_difference(const char* what, const std::optional<model::Standing>& expected,
                                const Standing& found) {
    Comparison compare{what};
    compare.same("stands", expected.has_value(), found.stands());
    if (compare.differs() || !expected) return compare.text();
    compare.same("quantity", expected->quantity, found.quantity);
    compare.same("channel", channel(expected->channel), found.channel);
    compare.same("entry's number", static_cast<std::uint64_t>(expected->posting.number), found.entry.number);
    compare.same("entry's ordinal", static_cast<std::uint32_t>(expected->posting.ordinal),
                 found.entry.ordinal);
    return compare.text();
}

std::string held_difference(const std::optional<model::Standing>& expected, const entitle::Held& found) {
    Comparison compare{"held"};
    compare.add(standing_difference("held", expected, found));
    const auto until = expected && expected->until ? instant(*expected->until) : entitle::Instant::max();
    compare.same("until", entitle::as_utc(until).at, found.until);
    return compare.text();
}

std::string case_difference(const model::Case& expected, const entitle::SupportCase& found) {
    Comparison compare{fmt::format("case {}", expected.key)};
    const entitle::OpenCase facts = opening(expected.facts);
    const entitle::CaseFacts asked{facts.contact, facts.product, facts.asset, facts.case_type, facts.origin};
    compare.same("facts", asked, found.facts);
    compare.same("entitlement", facts.entitlement, found.entitlement);
    compare.same("state", static_cast<int>(expected.state), static_cast<int>(found.state));
    compare.same("decrement", expected.facts.decrement, found.decrement);
    compare.same("named", expected.first_given.entitlement != 0, found.named);
    if (expected.state == model::CaseState::resolved) {
        compare.same("resolved at", instant(expected.resolved_at), found.since);
    }
    compare.same("overage", expected.overage, found.overage);
    compare.add(standing_difference("posted", expected.standing, found.posted));
    compare.add(held_difference(expected.held, found.held));
    return compare.text();
}

std::string entry_difference(const model::Entry& expected, const entitle::Entry& found) {
    Comparison compare{fmt::format("entry #{}.{}", expected.id.number, expected.id.ordinal)};
    compare.same("number", static_cast<std::uint64_t>(expected.id.number), found.number);
    compare.same("ordinal", static_cast<std::uint32_t>(expected.id.ordinal), found.ordinal);
    compare.same("kind", static_cast<int>(expected.kind), static_cast<int>(found.kind));
    compare.same("entitlement", entitlement_id(expected.entitlement), found.entitlement);
    compare.same("case", case_id(expected.case_key), found.support_case);
    compare.same("moved", expected.moved_total, found.total_moved);
    compare.same("moved on channel", expected.moved_channel, found.channel_moved);
    compare.same("amount", expected.amount, found.amount);
    compare.same("remaining", expected.remaining_after, found.remaining);
    compare.same("instant", entitle::as_utc(instant(expected.instant)).at, found.at);
    compare.same("actor", id_of<entitle::ActorId>(expected.actor), found.actor);
    compare.same("request", id_of<entitle::RequestId>(expected.request), found.request);
    compare.same("reverses number", static_cast<std::uint64_t>(expected.reverses.number),
                 found.reverses.number);
    compare.same("reverses ordinal", static_cast<std::uint32_t>(expected.reverses.ordinal),
                 found.reverses.ordinal);
    // A note may name the channel that would have moved.
    if (expected.moved_total == 0 && expected.moved_channel == 0 && expected.amount == 0)
        return compare.text();
    compare.same("channel", channel(expected.channel), found.channel);
    compare.same("channel remaining", expected.channel_remaining_after, found.channel_remaining);
    return compare.text();
}

enum class At { recorded, now };

std::string entitlements_difference(const model::Model& model, const entitle::Engine& engine, int customer,
                                    long long now, At at) {
    const bool rolled = at != At::recorded;
    const auto expected = rolled ? model.entitlements_at(customer, now) : model.entitlements(customer, now);
    const auto found = rolled ? engine.entitlements_at(instant(now), customer_id(customer)).value()
                              : engine.entitlements(customer_id(customer)).value();
    Comparison compare{fmt::format("customer {}{}", customer, rolled ? ", time passed" : "")};
    compare.same("number of entitlements", expected.size(), found.size());
    for (const model::EntitlementView& view : expected) {
        const auto it = std::find_if(found.begin(), found.end(),
                                     [&](const auto& one) { return one.id == entitlement_id(view.key); });
        if (it == found.end()) compare.add(fmt::format("entitlement {} is missing", view.key));
        else compare.add(entitlement_difference(view, *it, now));
    }
    return compare.text();
}

std::string cases_difference(const model::Model& model, const entitle::Engine& engine, int customer) {
    const auto expected = model.cases(customer);
    auto found = engine.cases(customer_id(customer)).value();
    const auto entitlements = engine.entitlements(customer_id(customer)).value();
    for (entitle::SupportCase& one : found) {
        const auto of = std::find_if(entitlements.begin(), entitlements.end(),
                                     [&](const auto& other) { return other.id == one.entitlement; });
        if (of != entitlements.end() && !still_stands(one.held, of->holds)) one.held = {};
    }
    Comparison compare{fmt::format("customer {}", customer)};
    compare.same("number of cases", expected.size(), found.size());
    for (const model::Case& one : expected) {
        const auto at = std::find_if(found.begin(), found.end(),
                                     [&](const auto& other) { return other.id == case_id(one.key); });
        if (at == found.end()) compare.add(fmt::format("case {} is missing", one.key));
        else compare.add(case_difference(one, *at));
    }
    return compare.text();
}

std::string ledger_difference(const model::Model& model, const entitle::Engine& engine, int customer) {
    const auto expected = model.ledger(customer);
    const auto found = engine.entries(customer_id(customer)).value();
    Comparison compare{fmt::format("customer {}", customer)};
    compare.same("number of entries", expected.size(), found.size());
    for (std::size_t i = 0; i < std::min(expected.size(), found.size()); ++i) {
        compare.add(entry_difference(expected[i], found[i]));
    }
    return compare.text();
}

}  // namespace

std::string state_difference(const model::Model& model, const entitle::Engine& engine, int customer,
                             long long now) {
    Comparison compare{""};
    compare.add(entitlements_difference(model, engine, customer, now, At::recorded));
    compare.add(entitlements_difference(model, engine, customer, now, At::now));
    compare.add(cases_difference(model, engine, customer));
    compare.add(ledger_difference(model, engine, customer));
    return compare.text();
}

std::string catalog_difference(const model::Model& model, const entitle::Engine& engine) {
    Comparison compare{"catalog"};
    const auto templates = engine.templates().value();
    const auto rules = engine.rules().value();
    compare.same("number of templates", model.catalog().templates.size(), templates.size());
    compare.same("number of rules", model.catalog().rules.size(), rules.size());
    if (compare.differs()) return compare.text();
    auto found = templates.begin();
    for (const auto& [key, from] : model.catalog().templates) {
        entitle::Template expected = template_of(key, from);
        entitle::Coverage& coverage = expected.agreement.coverage;
        if (from.lasts) coverage.first_day = coverage.last_day = entitle::Day{};
        if (!(expected == *found++)) compare.add(fmt::format("template {} differs", key));
    }
    auto rule = rules.begin();
    for (const auto& [of, from] : model.catalog().rules) {
        const entitle::AssignmentRule expected{id_of<entitle::ProductId>(of.first), of.second,
                                               id_of<entitle::TemplateId>(from)};
        if (!(expected == *rule++)) {
            compare.add(fmt::format("rule for {} or more of product {} differs", of.second, of.first));
        }
    }
    return compare.text();
}

std::string explanation_difference(const model::Model& model, const entitle::Engine& engine,
                                   const model::CaseFacts& facts, long long now) {
    const auto expected = model.explain(facts, now);
    const auto found = engine.explain(opening(facts), instant(now)).value();
    const auto allowed = engine.check(opening(facts), instant(now));
    Comparison compare{"explanation"};
    compare.same("number of candidates", expected.size(), found.candidates.size());
    if (compare.differs()) return compare.text();
    int chosen = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const entitle::Candidacy& candidate = found.candidates[i];
        compare.same("candidate", entitlement_id(expected[i].entitlement), candidate.entitlement);
        std::vector<std::string> reasons;
        for (const entitle::Error& reason : candidate.reasons) reasons.push_back(name(reason.code));
        compare.same("reasons", fmt::to_string(fmt::join(expected[i].reasons, " ")),
                     fmt::to_string(fmt::join(reasons, " ")));
        if (expected[i].reasons.empty() && chosen == 0) chosen = expected[i].entitlement;
    }
    compare.same("chosen", entitlement_id(chosen), found.chosen);
    compare.same("refusal", chosen == 0, found.refusal.has_value());
    compare.same("check", entitlement_id(chosen), allowed ? allowed->entitlement : entitle::EntitlementId{});
    return compare.text();
}

std::string audit_difference(const entitle::Engine& engine) {
    const entitle::AuditReport report = engine.audit().value();
    return report.ok() ? "" : fmt::format("audit: {}", *report.first);
}

}  // namespace entitle_property
