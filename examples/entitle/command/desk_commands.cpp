#include <fmt/format.h>

#include "command/families.hpp"
#include "command/without_request.hpp"
#include "host/desk_policy.hpp"
#include "progress.hpp"
#include "text.hpp"
#include "view/words.hpp"

/// What is about the desk as a whole.
namespace program {

namespace {

struct InitOptions {
    std::string policy = "standard";
};

[[nodiscard]] Or<Told> init(const Common& common, const InitOptions& options) {
    const auto policy = policy_in(options.policy);
    if (!policy) return passed_on(policy);
    const auto session = Session::make(common, *policy);
    if (!session) return passed_on(session);
    if (auto done = (*session)->commit(); !done) return passed_on(done);
    const std::string kept = text_of(*policy);
    return Told{{{"policy", kept}}, fmt::format("a new desk, under the policy {}\n", kept)};
}

struct SealOptions {
    std::string customer;
};

/// What was expected and what is there, as instants where they are some.
[[nodiscard]] std::string values_of(const entitle::AuditFinding& finding) {
    const auto shown = [&](std::int64_t value) {
        const entitle::Instant at{entitle::Instant::duration{value}};
        if (!finding.are_instants) return std::to_string(value);
        return at == entitle::Instant::max() ? std::string{"never"} : fmt::format("{}", entitle::as_utc(at));
    };
    return fmt::format("{} expected, {} found", shown(finding.expected), shown(finding.found));
}

/// Where it shows: whose, of what, and in which entry.
[[nodiscard]] std::string place_of(Session& session, const entitle::AuditFinding& finding) {
    Keys& keys = session.keys();
    std::string out = escaped(keys.of(finding.customer));
    if (finding.entitlement) out += ", " + escaped(keys.of(finding.entitlement));
    if (finding.channel) out += ", " + escaped(finding.channel.name());
    if (finding.support_case) out += ", case " + escaped(keys.of(finding.support_case));
    if (finding.entry.number == 0) return out;
    return out + fmt::format(", entry {}.{}", finding.entry.number, finding.entry.ordinal);
}

[[nodiscard]] Json finding_json(Session& session, const entitle::AuditFinding& finding) {
    Json out{{"customer", session.keys().of(finding.customer)},
             {"entitlement", session.keys().of(finding.entitlement)},
             {"what", finding.what},
             {"expected", finding.expected},
             {"found", finding.found}};
    if (finding.channel) out["channel"] = finding.channel.name();
    if (finding.support_case) out["case"] = session.keys().of(finding.support_case);
    if (finding.entry.number != 0) {
        out["number"] = finding.entry.number;
        out["ordinal"] = finding.entry.ordinal;
    }
    return out;
}

/// With its progress, by the share of the customers that are done.
[[nodiscard]] entitle::Result<entitle::AuditReport> audited(Session& session, std::uint64_t customers) {
    Progress progress;
    return session.engine().audit({}, [&](const entitle::AuditReport& so_far) {
        const auto share = static_cast<double>(so_far.customers) / static_cast<double>(customers);
        progress.update(so_far.entries, customers == 0 ? std::nullopt : std::optional{share});
    });
}

[[nodiscard]] Or<Told> audit(Session& session, const NoOptions& /*options*/) {
    const auto customers = session.keys().all<entitle::CustomerId>();
    if (!customers) return passed_on(customers);
    const auto report = audited(session, customers->size());
    if (!report) return passed_on(report);
    Told told{{{"audit", report->ok() ? "ok" : "failed"},
               {"customers", report->customers},
               {"entitlements", report->entitlements},
               {"cases", report->cases},
               {"entries", report->entries}},
              fmt::format("{} customers, {} entitlements, {} cases, {} entries: ", grouped(report->customers),
                          grouped(report->entitlements), grouped(report->cases), grouped(report->entries))};
    if (report->ok()) {
        told.text += "ok\n";
        return told;
    }
    const entitle::AuditFinding& first = *report->first;
    told.json["finding"] = finding_json(session, first);
    told.text += fmt::format("NOT ok\n{}: {}: {}\n", place_of(session, first), first.what, values_of(first));
    told.status = ExitStatus::storage;
    return told;
}

[[nodiscard]] Or<Told> seal(Session& session, const SealOptions& options) {
    std::vector<entitle::Seal> seals;
    if (options.customer.empty()) {
        auto all = session.engine().seal();
        if (!all) return passed_on(all);
        seals = std::move(*all);
    } else {
        const auto customer = session.keys().get<entitle::CustomerId>(options.customer);
        if (!customer) return passed_on(customer);
        auto one = session.engine().seal(customer->id);
        if (!one) return passed_on(one);
        seals.push_back(*one);
    }
    Told told{Json::array(), {}};
    Table table{{{"customer"}, {"number", Align::right}, {"head"}}};
    for (const entitle::Seal& one : seals) {
        const std::string customer = session.keys().of(one.customer);
        const std::string head = fmt::format("{}", one.head);
        told.json.push_back({{"customer", customer}, {"number", one.number}, {"head", head}});
        table.add({escaped(customer), grouped(one.number), head});
    }
    told.text = table.shown() + "Keep these where nobody who can write to the desk can change them.\n";
    return told;
}

struct BackupOptions {
    std::string file;
};

[[nodiscard]] Or<Told> backup(const Common& common, const BackupOptions& options) {
    const auto session = Session::open(common, Use::read);
    if (!session) return passed_on(session);
    if (auto done = (*session)->commit(); !done) return passed_on(done);
    if (auto copied = (*session)->database().copy_to(options.file); !copied) return passed_on(copied);
    return Told{{{"backup", options.file}}, fmt::format("copied to {}\n", escaped(options.file))};
}

}  // namespace

void add_desk_commands(Commands& commands) {
    commands.add_free<InitOptions>(
        commands.top(),
        {"init", "Make a desk",
         "  entitle init --store desk.db\n"
         "  entitle init --store desk.db --policy desk\n"
         "  entitle init --store postgresql://db/support --policy "
         "crm2014,exhausted_channel=count_negative\n"},
        Use::make, init, [](CLI::App& app, InitOptions& options) {
            app.add_option("--policy", options.policy,
                           "standard, dynamics365, crm2014 or desk, and perhaps choices: NAME,FIELD=VALUE…")
                ->capture_default_str();
        });
    commands.add<NoOptions>(
        commands.top(),
        {"audit", "Recompute every balance and case from the ledger, and tell of a difference",
         "  entitle audit\n"},
        Use::read, audit, [](CLI::App&, NoOptions&) {});
    commands.add<SealOptions>(
        commands.top(),
        {"seal", "Seal the ledger, so that an audit names what was edited since",
         "  entitle seal\n  entitle seal --customer \"Blue Yonder\" --json > seals.json\n"},
        Use::write, seal, [](CLI::App& app, SealOptions& options) {
            without_request(app);
            app.add_option("--customer", options.customer, "Of this customer only");
        });
    commands.add_free<BackupOptions>(commands.top(),
                                     {"backup", "Copy the desk to a new file, while others go on using it",
                                      "  entitle backup monday.db\n"},
                                     Use::read, backup, [](CLI::App& app, BackupOptions& options) {
                                         app.add_option("FILE", options.file, "The new file")->required();
                                     });
}

}  // namespace program
