#include <fmt/format.h>

#include "command/families.hpp"
#include "text.hpp"
#include "view/promises.hpp"
#include "view/words.hpp"

/// What the ledger tells: of one entitlement, of what was used, of what time brings.
namespace program {

namespace {

struct StatementOptions {
    std::string entitlement;
};
struct UsageOptions {
    std::string customer, entitlement, from, until;
};
struct ChangesOptions {
    std::string customer, until;
    std::uint32_t days = 30;
};

/// Why, or to what: the ledger knows a service level by its id, people by its key.
[[nodiscard]] std::string reason_of(Session& session, const entitle::Entry& entry) {
    if (entry.command != entitle::CommandKind::change_service_level) return entry.reason;
    return session.keys().of_text<entitle::SlaId>(entry.reason);
}

[[nodiscard]] Json entry_json(Session& session, const entitle::Entry& entry) {
    Keys& keys = session.keys();
    Json out{{"number", entry.number},
             {"ordinal", entry.ordinal},
             {"at", instant_json(entry.at)},
             {"command", fmt::format("{}", entry.command)},
             {"kind", entitle::name_of(entry.kind)}};
    if (entry.support_case) out["case"] = keys.of(entry.support_case);
    out["moved"] = entry.total_moved;
    out["remaining"] = entry.remaining;
    if (entry.channel) {
        out["channel"] = entry.channel.name();
        out["channel_moved"] = entry.channel_moved;
        out["channel_remaining"] = entry.channel_remaining;
    }
    if (entitle::has_amount(entry.kind)) out["amount"] = entry.amount;
    if (entry.actor) out["actor"] = keys.of(entry.actor);
    if (!entry.reason.empty()) out["reason"] = reason_of(session, entry);
    return out;
}

/// What moved, with its sign; nothing where nothing did.
[[nodiscard]] std::string movement(std::int64_t moved, entitle::Unit unit) {
    if (moved == 0) return {};
    return (moved > 0 ? "+" : "") + bare_amount(moved, unit);
}

[[nodiscard]] Cell left_cell(std::int64_t left, entitle::Unit unit) {
    if (unit.allocation == entitle::Allocation::coverage_only) return "any";
    return {bare_amount(left, unit), left < 0};
}

/// What an entry is about, for people.
[[nodiscard]] std::string subject(Session& session, const entitle::Entry& entry) {
    std::string out = entry.support_case ? escaped(session.keys().of(entry.support_case)) : "";
    const bool is_service = entry.command >= entitle::CommandKind::respond_to_case &&
                            entry.command <= entitle::CommandKind::meet_kpi;
    const bool has_words =
        entry.kind == entitle::EntryKind::adjustment || (is_service && !entry.reason.empty());
    if (has_words) out += (out.empty() ? "" : ", ") + escaped(reason_of(session, entry));
    if (entry.actor) out += (out.empty() ? "" : ", ") + ("by " + escaped(session.keys().of(entry.actor)));
    return out;
}

[[nodiscard]] std::string event_name(const entitle::Entry& entry) {
    std::string kind{entitle::name_of(entry.kind)};
    if (entry.comes_by_time()) return kind;
    const std::string command = fmt::format("{}", entry.command);
    return entry.kind == entitle::EntryKind::note || command == kind ? command : command + ": " + kind;
}

[[nodiscard]] Or<Told> statement(Session& session, const StatementOptions& options) {
    const auto known = session.keys().get<entitle::EntitlementId>(options.entitlement);
    if (!known) return passed_on(known);
    const auto is = session.engine().statement(known->owner, known->id);
    if (!is) return passed_on(is);
    const entitle::Agreement& agreement = is->entitlement.agreement;
    const entitle::Unit unit = agreement.unit();
    const entitle::Unit counted = entitle::rule::channel_unit(agreement);
    const LocalClock clock{agreement.coverage};
    Told out{{{"entitlement", options.entitlement},
              {"customer", session.keys().of(known->owner)},
              {"unit", base_unit(unit)},
              {"entries", Json::array()}},
             fmt::format("{}: {}, {}; in {}\n", escaped(options.entitlement), escaped(agreement.name),
                         agreement.coverage, unit_words(counted))};
    Table table{{{"#", Align::right},
                 {"at", Align::instant},
                 {"what"},
                 {"about"},
                 {"moved", Align::right},
                 {"left", Align::right},
                 {"channel"},
                 {"moved", Align::right},
                 {"left", Align::right}}};
    for (const entitle::Entry& entry : is->entries) {
        out.json["entries"].push_back(entry_json(session, entry));
        std::vector<Cell> row{fmt::format("{}.{}", entry.number, entry.ordinal),
                              clock.second(entry.at),
                              event_name(entry),
                              subject(session, entry),
                              movement(entry.total_moved, counted),
                              left_cell(entry.remaining, unit)};
        if (entry.channel) {
            row.insert(row.end(), {escaped(entry.channel.name()), movement(entry.channel_moved, counted),
                                   left_cell(entry.channel_remaining, counted)});
        }
        row.resize(9, Cell{""});
        table.add(std::move(row));
    }
    out.text += table.shown();
    return out;
}

/// `2014-07-01T09:00:00Z` or the day it begins with.
[[nodiscard]] Or<entitle::Instant> bound_in(const std::string& text, entitle::Instant otherwise) {
    if (text.empty()) return otherwise;
    return instant_of(text);
}

[[nodiscard]] Or<Told> usage(Session& session, const UsageOptions& options) {
    entitle::CustomerId customer;
    entitle::EntitlementId only;
    if (!options.entitlement.empty()) {
        const auto known = session.keys().get<entitle::EntitlementId>(options.entitlement);
        if (!known) return passed_on(known);
        customer = known->owner;
        only = known->id;
    } else if (!options.customer.empty()) {
        const auto known = session.keys().get<entitle::CustomerId>(options.customer);
        if (!known) return passed_on(known);
        customer = known->id;
    } else {
        return misused("say whose: --customer KEY or --entitlement KEY");
    }
    const auto from = bound_in(options.from, entitle::Instant::min());
    if (!from) return passed_on(from);
    const auto until = bound_in(options.until, entitle::Instant::max());
    if (!until) return passed_on(until);
    const auto lines = session.engine().usage(customer, *from, *until, only);
    if (!lines) return passed_on(lines);
    Told out{Json::array(), {}};
    Table table{{{"entitlement"},
                 {"channel"},
                 {"from", Align::instant},
                 {"until", Align::instant},
                 {"used", Align::right},
                 {"postings", Align::right},
                 {"taken back", Align::right}}};
    Clocks clocks{session};
    for (const entitle::Usage& line : *lines) {
        const LocalClock& clock = clocks.of(customer, line.entitlement);
        const std::string key = session.keys().of(line.entitlement);
        const bool is_known = line.period.begin != line.period.end;
        out.json.push_back({{"entitlement", key},
                            {"channel", line.channel ? Json(line.channel.name()) : Json(nullptr)},
                            {"from", is_known ? instant_json(line.period.begin) : Json(nullptr)},
                            {"until", is_known ? instant_json(line.period.end) : Json(nullptr)},
                            {"unit", base_unit(line.unit)},
                            {"used", line.used},
                            {"postings", line.postings},
                            {"reversals", line.reversals}});
        table.add({escaped(key), escaped(line.channel.name()),
                   is_known ? clock.minute(line.period.begin) : std::string{},
                   is_known ? clock.minute(line.period.end) : std::string{}, amount(line.used, line.unit),
                   grouped(line.postings), grouped(line.reversals)});
    }
    out.text = table.empty() ? "nothing was used\n" : table.shown();
    return out;
}

[[nodiscard]] Json change_json(Session& session, const entitle::sla::ServiceLevels& levels,
                               const entitle::Change& change) {
    constexpr std::array<std::string_view, 7> names{
        "status", "period", "top_up_begins", "top_up_expires", "hold_expires", "kpi_nearing", "kpi_missed"};
    Json out{{"at", instant_json(change.at)},
             {"customer", session.keys().of(change.customer)},
             {"entitlement", session.keys().of(change.entitlement)},
             {"kind", names[static_cast<std::size_t>(change.kind)]}};
    if (change.kind == entitle::Change::Kind::status) {
        out["from"] = entitle::name_of(change.from);
        out["to"] = entitle::name_of(change.to);
    }
    if (change.top_up != 0) out["top_up"] = change.top_up;
    if (change.support_case) out["case"] = session.keys().of(change.support_case);
    if (change.sla) {
        out["service_level"] = session.keys().of(change.sla);
        out["kpi"] = kpi_name(levels, change.sla, change.kpi);
    }
    return out;
}

[[nodiscard]] Or<Told> changes(Session& session, const ChangesOptions& options) {
    entitle::CustomerId customer;
    if (!options.customer.empty()) {
        const auto known = session.keys().get<entitle::CustomerId>(options.customer);
        if (!known) return passed_on(known);
        customer = known->id;
    }
    const auto until = bound_in(options.until, session.now() + date::days{options.days});
    if (!until) return passed_on(until);
    const auto all = session.engine().changes_between(session.now(), *until, customer);
    if (!all) return passed_on(all);
    const auto levels = session.engine().service_levels();
    if (!levels) return passed_on(levels);
    Told out{Json::array(), {}};
    Table table{{{"at", Align::instant}, {"customer"}, {"entitlement"}, {"what"}}};
    Clocks clocks{session};
    for (const entitle::Change& change : *all) {
        out.json.push_back(change_json(session, *levels, change));
        table.add({clocks.of(change.customer, change.entitlement).minute(change.at),
                   escaped(session.keys().of(change.customer)),
                   escaped(session.keys().of(change.entitlement)), words_for(session, *levels, change)});
    }
    out.text = table.empty() ? fmt::format("time changes nothing until {}\n", entitle::as_utc(*until))
                             : table.shown();
    return out;
}

}  // namespace

void add_account_commands(Commands& commands) {
    commands.add<StatementOptions>(
        commands.top(),
        {"statement", "Tell every entry of an entitlement, and what was left after it",
         "  entitle statement MA-1\n  entitle statement MA-1 --json\n"},
        Use::read, statement, [](CLI::App& app, StatementOptions& options) {
            app.add_option("KEY", options.entitlement, "The entitlement")->required();
        });
    commands.add<UsageOptions>(
        commands.top(),
        {"usage", "Tell what cases used, by entitlement, channel and period",
         "  entitle usage --customer \"Blue Yonder\"\n"
         "  entitle usage --entitlement MA-1 --from 2014-07-01T00:00:00Z\n"},
        Use::read, usage, [](CLI::App& app, UsageOptions& options) {
            app.add_option("--customer", options.customer, "Of this customer");
            app.add_option("--entitlement", options.entitlement, "Of this entitlement only");
            app.add_option("--from", options.from, "From this instant on");
            app.add_option("--until", options.until, "Up to, not including, this instant");
        });
    commands.add<ChangesOptions>(
        commands.top(),
        {"changes", "Tell what time alone will change, after now",
         "  entitle changes\n"
         "  entitle changes --at 2014-06-01T00:00:00Z --until 2015-01-01T00:00:00Z\n"},
        Use::read, changes, [](CLI::App& app, ChangesOptions& options) {
            app.add_option("--customer", options.customer, "Of this customer only");
            app.add_option("--until", options.until, "Up to this instant");
            app.add_option("--days", options.days, "… or for so many days")
                ->check(CLI::Range(1U, 36525U))
                ->capture_default_str();
        });
}

}  // namespace program
