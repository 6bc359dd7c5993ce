#include <fmt/format.h>

#include "command/case_facts.hpp"
#include "command/families.hpp"
#include "text.hpp"
#include "view/words.hpp"

/// May this customer open this case, now; and what does each entitlement say?
namespace program {

namespace {

[[nodiscard]] Or<Told> check(Session& session, const CaseFactsOptions& options) {
    const auto command = opening_in(session, options, Use::read);
    if (!command) return passed_on(command);
    const auto explained = session.engine().explain(*command, session.now());
    if (!explained) return passed_on(explained);
    Told out{{{"allowed", !explained->refusal}}, {}};
    Keys& keys = session.keys();
    if (explained->refusal) {
        const std::string sentence = fmt::format("{}", *explained->refusal);
        out.json["error"] = entitle::name_of(explained->refusal->code);
        out.json["message"] = sentence;
        out.text = fmt::format("not allowed: {}\n", sentence);
        out.status = ExitStatus::refused;
    } else {
        out.json["entitlement"] = keys.of(explained->chosen);
        out.text = fmt::format("allowed, by {}\n", escaped(keys.of(explained->chosen)));
    }
    out.json["candidates"] = Json::array();
    Table table{{{"entitlement"}, {"status"}, {"left", Align::right}, {"says"}}};
    for (const entitle::Candidacy& one : explained->candidates) {
        Json reasons = Json::array();
        std::string says =
            one.admits() ? one.entitlement == explained->chosen ? "yes" : "yes, after the first" : "";
        for (const entitle::Error& reason : one.reasons) {
            const std::string sentence = fmt::format("{}", reason);
            reasons.push_back({{"error", entitle::name_of(reason.code)}, {"message", sentence}});
            says += (says.empty() ? "" : "; ") + escaped(sentence);
        }
        out.json["candidates"].push_back({{"entitlement", keys.of(one.entitlement)},
                                          {"status", entitle::name_of(one.status)},
                                          {"remaining", one.remaining.value},
                                          {"unit", base_unit(one.remaining.unit)},
                                          {"reasons", std::move(reasons)}});
        table.add({escaped(keys.of(one.entitlement)), entitle::name_of(one.status),
                   balance(one.remaining.value, one.remaining.unit), says});
    }
    if (!table.empty()) out.text += table.shown();
    return out;
}

}  // namespace

void add_check_command(Commands& commands) {
    commands.add<CaseFactsOptions>(
        commands.top(),
        {"check", "Tell whether a case would be admitted, and what each entitlement says",
         "  entitle check --customer \"Blue Yonder\" --origin phone\n"
         "  entitle check --customer Lumen --product Scanner --at 2014-07-01T09:00:00Z --json\n"
         "\nExit status: 0 allowed; 1 not allowed.\n"},
        Use::read, check, add_case_facts);
}

}  // namespace program
