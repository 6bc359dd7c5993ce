#include <algorithm>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "command/families.hpp"
#include "fault.hpp"
#include "host/agreements.hpp"
#include "host/desk_policy.hpp"
#include "host/plan_json_writer.hpp"
#include "host/service_levels.hpp"
#include "plan_file.hpp"
#include "plan_policy.hpp"
#include "progress.hpp"
#include "text.hpp"
#include "view/words.hpp"

/// Plan files, in and out.
namespace program {

using entitle::EntitlementId;

namespace {

struct ImportOptions {
    std::string file;
};

/// Takes a plan over: all of it, or nothing.
class Import {
public:
    Import(Session& session, const Plan& plan, Faults& faults)
        : session_{session}, plan_{plan}, faults_{faults} {}

    /// Of all things that are at fault, each is told; an error is the desk's own.
    [[nodiscard]] Done run();
    [[nodiscard]] Told told() const;

private:
    [[nodiscard]] Done agree_on_policy();
    [[nodiscard]] Done keep_service_levels();
    [[nodiscard]] Done keep_catalog();
    [[nodiscard]] Done grant(const PlannedEntitlement& planned, const std::string& key,
                             const std::string& customer);
    [[nodiscard]] Done hold(const PlannedEntitlement& planned, entitle::CustomerId customer,
                            EntitlementId id);
    [[nodiscard]] Done issue(const PlannedEntitlement& planned, entitle::CustomerId customer,
                             EntitlementId id);
    [[nodiscard]] Done grant_to_each();
    /// A refusal is a fault of what stands there; what the desk cannot do ends it all.
    [[nodiscard]] Done note(const std::string& path, const Done& done);

    Session& session_;
    const Plan& plan_;
    Faults& faults_;
    Progress progress_{"entitlements"};
    std::size_t granted_ = 0;
};

Told Import::told() const {
    Told out{{{"entitlements", granted_},
              {"templates", plan_.templates.size()},
              {"rules", plan_.rules.size()},
              {"calendars", plan_.written_calendars.size()},
              {"service_levels", plan_.service_levels.size()}},
             fmt::format("imported: {} entitlements, {} templates, {} rules", grouped(granted_),
                         grouped(plan_.templates.size()), grouped(plan_.rules.size()))};
    if (!plan_.written_calendars.empty() || !plan_.service_levels.empty()) {
        out.text += fmt::format(", {} calendars, {} service levels", grouped(plan_.written_calendars.size()),
                                grouped(plan_.service_levels.size()));
    }
    out.text += "\n";
    return out;
}

Done Import::note(const std::string& path, const Done& done) {
    if (done) return {};
    if (done.error().status == ExitStatus::storage) return done;
    const std::string code = fmt::format(" ({})", done.error().code);
    std::string sentence = done.error().sentence;
    if (const auto at = sentence.find(code); at != std::string::npos) sentence.resize(at);
    faults_.add(path, done.error().code, sentence);
    return {};
}

/// An empty desk takes over the plan's.
Done Import::agree_on_policy() {
    if (!plan_.names_policy || plan_.policy == session_.engine().policy()) return {};
    const auto there = session_.engine().entitlements();
    if (!there) return passed_on(there);
    if (there->empty()) return session_.adopt(plan_.policy);
    return fail(
        ExitStatus::refused, "policy_mismatch",
        fmt::format("the desk is under the policy {}, the plan under {} (policy_mismatch); make a desk "
                    "of its own for it",
                    text_of(session_.engine().policy()), text_of(plan_.policy)));
}

/// Before what names them.
Done Import::keep_service_levels() {
    for (const PlannedCalendar& one : plan_.written_calendars) {
        if (auto noted = note(one.path, keep_calendar(session_, one)); !noted) return noted;
    }
    for (const PlannedServiceLevel& one : plan_.service_levels) {
        if (auto noted = note(one.path, keep_service_level(session_, one)); !noted) return noted;
    }
    return {};
}

Done Import::keep_catalog() {
    for (const PlannedTemplate& one : plan_.templates) {
        if (auto noted = note(one.made.path, keep_template(session_, one)); !noted) return noted;
    }
    for (const PlannedRule& one : plan_.rules) {
        if (auto noted = note(one.path, keep_rule(session_, one)); !noted) return noted;
    }
    return {};
}

Done Import::grant(const PlannedEntitlement& planned, const std::string& key,
                   const std::string& customer_key) {
    const auto customer = session_.keys().get_or_make<entitle::CustomerId>(customer_key);
    if (!customer) return passed_on(customer);
    const auto id = session_.keys().make<EntitlementId>(key, *customer);
    if (!id) return passed_on(id);
    auto draft = draft_of(session_, planned);
    if (!draft) return passed_on(draft);
    draft->customer = *customer;
    draft->id = *id;
    if (const auto made = session_.run(std::move(*draft)); !made) return passed_on(made);
    const auto active = session_.run(entitle::Activate{.customer = *customer, .id = *id});
    if (!active) return passed_on(active);
    ++granted_;
    progress_.update(granted_,
                     static_cast<double>(granted_) / static_cast<double>(plan_.entitlements.size() + 1));
    if (auto issued = issue(planned, *customer, *id); !issued) return issued;
    return hold(planned, *customer, *id);
}

/// Cases that are open already, from now on.
Done Import::hold(const PlannedEntitlement& planned, entitle::CustomerId customer, EntitlementId id) {
    for (const PlannedHold& one : planned.holds) {
        const auto held_for = session_.keys().make<entitle::CaseId>(one.case_key, customer);
        if (!held_for) return passed_on(held_for);
        const auto opened = session_.run(entitle::OpenCase{
            .customer = customer, .id = *held_for, .origin = one.origin, .entitlement = id});
        if (auto noted = note(one.path, opened ? Done{} : passed_on(opened)); !noted) return noted;
        if (!opened) continue;
        const auto held = session_.run(entitle::HoldTerms{
            .customer = customer, .id = *held_for, .quantity = one.amount, .expires = one.expires});
        if (auto noted = note(one.path, held ? Done{} : passed_on(held)); !noted) return noted;
    }
    return {};
}

/// What the plan says of no beginning begins with the coverage, or now.
Done Import::issue(const PlannedEntitlement& planned, entitle::CustomerId customer, EntitlementId id) {
    if (planned.top_ups.empty()) return {};
    const auto made = session_.engine().entitlement(customer, id);
    if (!made) return passed_on(made);
    for (const PlannedTopUp& one : planned.top_ups) {
        entitle::TopUp command = one.terms;
        command.customer = customer;
        command.id = id;
        command.from = command.from.value_or(made->span.begin);
        const auto issued = session_.run(std::move(command));
        if (auto noted = note(one.path, issued ? Done{} : passed_on(issued)); !noted) return noted;
    }
    return {};
}

/// Everyone that the desk knows by then.
Done Import::grant_to_each() {
    if (!plan_.for_each_customer) return {};
    const auto customers = session_.keys().all<entitle::CustomerId>();
    if (!customers) return passed_on(customers);
    const PlannedEntitlement& each = *plan_.for_each_customer;
    for (const auto& [key, id] : *customers) {
        if (auto noted = note(each.path, grant(each, key, key)); !noted) return noted;
    }
    return {};
}

Done Import::run() {
    if (auto agreed = agree_on_policy(); !agreed) return agreed;
    if (auto kept = keep_service_levels(); !kept) return kept;
    if (auto kept = keep_catalog(); !kept) return kept;
    for (const PlannedEntitlement& one : plan_.entitlements) {
        if (auto noted = note(one.path, grant(one, one.id, one.customer)); !noted) return noted;
    }
    return grant_to_each();
}

[[nodiscard]] Or<Told> import_plan(Session& session, const ImportOptions& options) {
    Faults faults{options.file};
    const auto plan = read_plan(options.file, faults);
    if (!plan) return fail(ExitStatus::misuse, "bad_plan", {});
    Import import{session, *plan, faults};
    if (auto done = import.run(); !done) return passed_on(done);
    if (faults.count() != 0) return fail(ExitStatus::misuse, "bad_plan", {});
    return import.told();
}

/// A preset's name, or an object of what differs from one.
[[nodiscard]] Json policy_json(const entitle::Policy& policy) {
    const std::string text = text_of(policy);
    const std::size_t comma = text.find(',');
    if (comma == std::string::npos) return text;
    Json out{{"base", text.substr(0, comma)}};
    const auto base = choices_of(*entitle::policy::named(text.substr(0, comma)));
    const auto choices = choices_of(policy);
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const auto& [name, value] = choices[i];
        if (choices[i] == base[i]) continue;
        if (name == "hold_on_creation") out[name] = value == "true";
        else if (name != "reopen_within_days") out[name] = value;
        else if (policy.reopen_within_days) out[name] = *policy.reopen_within_days;
        else out[name] = nullptr;
    }
    return out;
}

/// Of a top-up that began when it was issued, no beginning is written: whoever imports it issues it anew.
[[nodiscard]] Or<Json> top_ups_json(Session& session, const entitle::Entitlement& one) {
    const auto told = session.engine().statement(one.customer, one.id);
    if (!told) return passed_on(told);
    const entitle::Unit unit = one.agreement.unit();
    Json out = Json::array();
    for (const entitle::TopUpState& top_up : one.top_ups.open) {
        const auto issued =
            std::find_if(told->entries.begin(), told->entries.end(), [&](const entitle::Entry& entry) {
                return entry.number == top_up.number && entry.kind == entitle::EntryKind::top_up;
            });
        const bool begins_later = issued != told->entries.end() && top_up.from > issued->at;
        Json written{{"amount", json_of(amount_node({}, top_up.amount, unit))}};
        if (top_up.channel) written["channel"] = top_up.channel.name();
        constexpr std::int32_t usual = 100;
        if (top_up.priority != usual) written["priority"] = top_up.priority;
        if (begins_later && top_up.from != one.span.begin) written["from"] = instant_json(top_up.from);
        if (top_up.expires != entitle::Instant::max()) written["expires"] = instant_json(top_up.expires);
        if (top_up.rollover) written["rollover"] = json_of(amount_node({}, *top_up.rollover, unit));
        out.push_back(std::move(written));
    }
    return out;
}

/// … of which a plan has none, is left out.
[[nodiscard]] Or<std::size_t> add_entitlements(Session& session, Json& plan) {
    auto all = session.engine().entitlements();
    if (!all) return passed_on(all);
    // Ids ascend in the order of making.
    std::sort(all->begin(), all->end(),
              [](const entitle::Entitlement& a, const entitle::Entitlement& b) { return a.id < b.id; });
    std::size_t left_out = 0;
    for (const entitle::Entitlement& one : *all) {
        if (one.phase != entitle::Phase::activated) {
            ++left_out;
            continue;
        }
        Json written = json_of(node_of(session, one));
        if (!one.top_ups.open.empty()) {
            auto top_ups = top_ups_json(session, one);
            if (!top_ups) return passed_on(top_ups);
            written["top_ups"] = std::move(*top_ups);
        }
        plan["entitlements"].push_back(std::move(written));
    }
    return left_out;
}

[[nodiscard]] Done add_catalog(Session& session, Json& plan) {
    const auto templates = session.engine().templates();
    if (!templates) return passed_on(templates);
    for (const entitle::Template& one : *templates)
        plan["templates"].push_back(json_of(node_of(session, one)));
    const auto rules = session.engine().rules();
    if (!rules) return passed_on(rules);
    for (const entitle::AssignmentRule& rule : *rules) {
        plan["rules"].push_back({{"product", session.keys().of(rule.product)},
                                 {"at_least", rule.at_least},
                                 {"template", session.keys().of(rule.from)}});
    }
    return {};
}

[[nodiscard]] Done add_service_levels(Session& session, Json& plan) {
    const auto levels = session.engine().service_levels();
    if (!levels) return passed_on(levels);
    for (const auto& [id, hours] : levels->hours())
        plan["calendars"].push_back(json_of(node_of(session, id, hours)));
    for (const auto& [id, level] : levels->all()) {
        plan["service_levels"].push_back(json_of(node_of(session, level, id == levels->by_default())));
    }
    return {};
}

/// What has been agreed and put in force: a plan has no drafts, and nothing that was canceled.
[[nodiscard]] Or<Told> export_plan(Session& session, const NoOptions& /*options*/) {
    Json plan{{"policy", policy_json(session.engine().policy())}, {"entitlements", Json::array()}};
    const auto left_out = add_entitlements(session, plan);
    if (!left_out) return passed_on(left_out);
    if (auto added = add_catalog(session, plan); !added) return passed_on(added);
    if (auto added = add_service_levels(session, plan); !added) return passed_on(added);
    if (*left_out != 0) {
        complain("entitle", fmt::format("{} drafts and canceled entitlements are left out: a plan has none",
                                        grouped(*left_out)));
    }
    std::string text = plan.dump(2) + "\n";
    return Told{std::move(plan), std::move(text)};
}

}  // namespace

void add_plan_commands(Commands& commands) {
    commands.add<ImportOptions>(commands.top(),
                                {"import", "Take over the agreements of a plan: all of them, or none",
                                 "  entitle import plan.json\n"
                                 "  entitle import plan.json --at 2014-06-25T00:00:00Z\n"},
                                Use::write, import_plan, [](CLI::App& app, ImportOptions& options) {
                                    app.add_option("PLAN", options.file, "The agreements (JSON)")->required();
                                });
    commands.add<NoOptions>(commands.top(),
                            {"export", "Print what is in force as a plan", "  entitle export > plan.json\n"},
                            Use::read, export_plan, [](CLI::App&, NoOptions&) {});
}

}  // namespace program
