#include <optional>

#include <entitle/sla/kpi.hpp>
#include <entitle/value/quantity_text.hpp>
#include <fmt/format.h>

#include "amount.hpp"
#include "command/families.hpp"
#include "host/plan_json_writer.hpp"
#include "host/service_levels.hpp"
#include "text.hpp"
#include "view/promises.hpp"

/// Service levels: what is promised, and what is about to be missed.
namespace program {

namespace {

struct DueOptions {
    std::string customer, until, within;
};
struct ShowOptions {
    std::string key;
};

/// As a plan writes it, but in base units.
[[nodiscard]] Json level_json(Session& session, const entitle::ServiceLevel& level, bool is_default) {
    Json out = json_of(node_of(session, level, is_default));
    out["default"] = is_default;
    for (std::size_t i = 0; i < level.kpis.size(); ++i) {
        const entitle::KpiTerms& kpi = level.kpis[i];
        out["kpis"][i]["fail_after"] = kpi.fail_after.count();
        if (kpi.warn_after) out["kpis"][i]["warn_after"] = kpi.warn_after->count();
    }
    return out;
}

/// `A, B`, after a word for what they are; words of a row are told apart by `; `.
template <class Item, class Write>
void add_words(std::string& words, std::string_view what, const std::vector<Item>& items,
               const Write& write) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i != 0) words += ", ";
        else words += fmt::format("{}{} ", words.empty() ? "" : "; ", what);
        words += write(items[i]);
    }
}

/// To which cases a promise is made; nothing: to all.
[[nodiscard]] std::string scope_words(Session& session, const entitle::KpiScope& scope) {
    const auto key = [&session](auto id) { return escaped(session.keys().of(id)); };
    std::string words;
    add_words(words, "priority", scope.priorities,
              [](entitle::CasePriority priority) { return std::to_string(priority); });
    add_words(words, "channel", scope.channels,
              [](const entitle::Channel& channel) { return escaped(channel.name()); });
    add_words(words, "product", scope.about.products, key);
    add_words(words, "contact", scope.about.contacts, key);
    add_words(words, "asset", scope.about.assets, key);
    add_words(words, "case type", scope.about.case_types, key);
    return words;
}

void add_level(Session& session, const entitle::ServiceLevel& level, bool is_default, Table& table) {
    for (const entitle::KpiTerms& kpi : level.kpis) {
        std::string stages;
        add_words(stages, "in", kpi.pausing,
                  [](const entitle::Stage& stage) { return escaped(stage.name()); });
        table.add({escaped(session.keys().of(level.id)) + (is_default ? " *" : ""), escaped(kpi.name),
                   goal_words(kpi.goal), kpi.warn_after ? time_text(*kpi.warn_after) : std::string{},
                   time_text(kpi.fail_after),
                   kpi.calendar ? escaped(session.keys().of(kpi.calendar)) : std::string{"all hours"},
                   scope_words(session, kpi.applies), stages});
    }
}

[[nodiscard]] Or<Told> list_levels(Session& session, const NoOptions& /*options*/) {
    const auto levels = session.engine().service_levels();
    if (!levels) return passed_on(levels);
    Told out{Json::array(), {}};
    Table table{{{"service level"},
                 {"KPI"},
                 {"goal"},
                 {"warned after", Align::right},
                 {"missed after", Align::right},
                 {"calendar"},
                 {"for"},
                 {"paused"}}};
    for (const auto& [id, level] : levels->all()) {
        const bool is_default = id == levels->by_default();
        out.json.push_back(level_json(session, level, is_default));
        add_level(session, level, is_default, table);
    }
    out.text = table.empty() ? "no service levels yet; `entitle import` takes those of a plan over\n"
                             : table.shown();
    return out;
}

/// Until when it is looked ahead.
[[nodiscard]] Or<entitle::Instant> until_in(Session& session, const DueOptions& options) {
    if (!options.until.empty()) return instant_of(options.until);
    const entitle::Unit hours{entitle::Allocation::hours, {}};
    const std::string within = options.within.empty() ? "24" : options.within;
    const auto time = entitle::parse_quantity(within, hours);
    constexpr auto most =
        std::chrono::seconds{entitle::max_kpi_time}.count();  // nothing is promised for longer
    if (time && time->value >= 0 && time->value <= most)
        return session.now() + std::chrono::seconds{time->value};
    return misused(fmt::format(
        "\"{}\" is no number of hours up to a hundred years; write one as 8 or 0:30:00", printable(within)));
}

[[nodiscard]] Json due_json(Session& session, const entitle::sla::ServiceLevels& levels,
                            const entitle::DuePromise& one, entitle::KpiStatus status) {
    Keys& keys = session.keys();
    return {{"case", keys.of(one.support_case)},
            {"customer", keys.of(one.customer)},
            {"entitlement", keys.of(one.entitlement)},
            {"service_level", keys.of(one.kpi.sla)},
            {"kpi", kpi_name(levels, one.kpi.sla, one.kpi.kpi)},
            {"status", entitle::name_of(status)},
            {"warn_at", instant_json(one.kpi.warn_at)},
            {"fail_at", instant_json(one.kpi.fail_at)}};
}

[[nodiscard]] Or<Told> due(Session& session, const DueOptions& options) {
    entitle::CustomerId customer;
    if (!options.customer.empty()) {
        const auto known = session.keys().get<entitle::CustomerId>(options.customer);
        if (!known) return passed_on(known);
        customer = known->id;
    }
    const auto until = until_in(session, options);
    if (!until) return passed_on(until);
    const auto all = session.engine().due(*until, customer);
    if (!all) return passed_on(all);
    const auto levels = session.engine().service_levels();
    if (!levels) return passed_on(levels);
    Told out{Json::array(), {}};
    Table table{{{"due", Align::instant},
                 {"status"},
                 {"KPI"},
                 {"case"},
                 {"customer"},
                 {"entitlement"},
                 {"service level"}}};
    Clocks clocks{session};
    Keys& keys = session.keys();
    for (const entitle::DuePromise& one : *all) {
        const entitle::KpiStatus status = entitle::sla::status_of(one.kpi, session.now());
        out.json.push_back(due_json(session, *levels, one, status));
        table.add({clocks.of(one.customer, one.entitlement).minute(one.kpi.fail_at), status_cell(status),
                   escaped(kpi_name(*levels, one.kpi.sla, one.kpi.kpi)), escaped(keys.of(one.support_case)),
                   escaped(keys.of(one.customer)), escaped(keys.of(one.entitlement)),
                   escaped(keys.of(one.kpi.sla))});
    }
    out.text =
        table.empty() ? fmt::format("nothing is due until {}\n", entitle::as_utc(*until)) : table.shown();
    return out;
}

[[nodiscard]] Or<Told> show_promises(Session& session, const ShowOptions& options) {
    const auto known = session.keys().get<entitle::CaseId>(options.key);
    if (!known) return passed_on(known);
    const auto is = session.engine().support_case(known->owner, known->id);
    if (!is) return passed_on(is);
    const auto promises = session.engine().promises(known->owner, known->id, session.now());
    if (!promises) return passed_on(promises);
    return promise_list(session, *promises, clock_of(session, known->owner, is->entitlement));
}

}  // namespace

void add_sla_commands(Commands& commands) {
    CLI::App& group = commands.group("sla", "Service levels: by when cases are answered and resolved");
    commands.add<NoOptions>(group,
                            {"list", "List what is promised, and to which cases", "  entitle sla list\n"},
                            Use::read, list_levels, [](CLI::App&, NoOptions&) {});
    commands.add<DueOptions>(
        group,
        {"due", "Tell what is about to be missed, or was and is waited for, soonest first",
         "  entitle sla due\n"
         "  entitle sla due --within 8 --customer \"Blue Yonder\"\n"
         "  entitle sla due --until 2014-07-04T00:00:00Z --json\n"},
        Use::read, due, [](CLI::App& app, DueOptions& options) {
            app.add_option("--customer", options.customer, "Of this customer only");
            CLI::Option* const until =
                app.add_option("--until", options.until, "Up to this instant")->type_name("INSTANT");
            app.add_option("--within", options.within, "… or in so many hours, as 8 or 0:30:00; else 24")
                ->type_name("HOURS")
                ->excludes(until);
        });
    commands.add<ShowOptions>(group, {"show", "Show what is promised to a case", "  entitle sla show K-1\n"},
                              Use::read, show_promises, [](CLI::App& app, ShowOptions& options) {
                                  app.add_option("KEY", options.key, "The case")->required();
                              });
}

}  // namespace program
