#include "command/case_service.hpp"

#include <fmt/format.h>

#include "command/on_case.hpp"
#include "host/agreements.hpp"
#include "text.hpp"

/// What is told of a case for its service level.
namespace program {

namespace {

struct RespondOptions {
    std::string key;
};
/// What a case is brought into, or out of.
struct NameOptions {
    std::string key, name;
    bool is_none = false;
};
struct PriorityOptions {
    std::string key;
    unsigned priority = 0;
};
struct MeetOptions {
    std::string key, kpi;
};

[[nodiscard]] Or<entitle::Stage> stage_in(const std::string& name) {
    if (name.empty()) return entitle::Stage{};
    if (const auto stage = entitle::Stage::named(name)) return *stage;
    return fail(ExitStatus::misuse, "stage_name",
                fmt::format("\"{}\" is no stage: a name has 1 to {} bytes of UTF-8", escaped(name),
                            entitle::Stage::max_bytes));
}

/// Either a name or `--none`: nothing is taken away by an empty variable of a script.
[[nodiscard]] Done check_named(const NameOptions& options) {
    if (options.name.empty() != options.is_none) return misused("say which: NAME, or --none");
    return {};
}

[[nodiscard]] Or<Told> respond(Session& session, const RespondOptions& options) {
    return on_case(session, options.key, entitle::RespondToCase{}, "has had its first response");
}

[[nodiscard]] Or<Told> change_stage(Session& session, const NameOptions& options) {
    if (auto named = check_named(options); !named) return passed_on(named);
    const auto stage = stage_in(options.name);
    if (!stage) return passed_on(stage);
    return on_case(session, options.key, entitle::ChangeStage{.stage = *stage},
                   options.is_none ? "is in no stage" : "is in the stage " + escaped(options.name));
}

[[nodiscard]] Or<Told> change_priority(Session& session, const PriorityOptions& options) {
    const auto priority = static_cast<entitle::CasePriority>(options.priority);
    return on_case(session, options.key, entitle::ChangePriority{.priority = priority},
                   priority == 0 ? "has no priority" : fmt::format("has priority {}", priority));
}

[[nodiscard]] Or<Told> change_level(Session& session, const NameOptions& options) {
    if (auto named = check_named(options); !named) return passed_on(named);
    const auto level = level_in(session, options.name);
    if (!level) return passed_on(level);
    return on_case(session, options.key, entitle::ChangeServiceLevel{.sla = *level},
                   options.is_none ? "has no service level of its own"
                                   : "has the service level " + escaped(options.name));
}

[[nodiscard]] Or<Told> meet(Session& session, const MeetOptions& options) {
    return on_case(session, options.key, entitle::MeetKpi{.kpi = options.kpi},
                   fmt::format("has met {}", escaped(options.kpi)));
}

void name_arguments(CLI::App& app, NameOptions& options) {
    app.add_option("KEY", options.key, "The case")->required();
    CLI::Option* const name = app.add_option("NAME", options.name, "Which one");
    app.add_flag("--none", options.is_none, "None any more")->excludes(name);
}

}  // namespace

void add_case_service(CLI::App& app, CaseServiceOptions& options) {
    app.add_option("--priority", options.priority, "How urgent it is, 1 to 255; 0: it does not say")
        ->check(CLI::Range(0U, 255U))
        ->type_name("N");
    app.add_option("--stage", options.stage, "Where it stands in your own work, as 'waiting for customer'")
        ->type_name("NAME");
    app.add_option("--sla", options.sla, "Its own service level; else its entitlement's, else the default")
        ->type_name("NAME");
}

Done put_service(Session& session, const CaseServiceOptions& options, entitle::OpenCase& command) {
    const auto stage = stage_in(options.stage);
    if (!stage) return passed_on(stage);
    const auto level = level_in(session, options.sla);
    if (!level) return passed_on(level);
    command.priority = static_cast<entitle::CasePriority>(options.priority);
    command.stage = *stage;
    command.sla = *level;
    return {};
}

void add_case_service_commands(Commands& commands, CLI::App& group) {
    commands.add<RespondOptions>(
        group,
        {"respond", "Tell that the customer has had the first response", "  entitle case respond K-1\n"},
        Use::write, respond, [](CLI::App& app, RespondOptions& options) {
            app.add_option("KEY", options.key, "The case")->required();
        });
    commands.add<NameOptions>(group,
                              {"stage", "Bring it into a stage of your own work: clocks stand in some",
                               "  entitle case stage K-1 'waiting for customer'\n"
                               "  entitle case stage K-1 --none\n"},
                              Use::write, change_stage, name_arguments);
    commands.add<PriorityOptions>(
        group,
        {"priority", "Say how urgent it is: what is not promised to such a case any more is canceled",
         "  entitle case priority K-1 2\n"},
        Use::write, change_priority, [](CLI::App& app, PriorityOptions& options) {
            app.add_option("KEY", options.key, "The case")->required();
            app.add_option("N", options.priority, "1 to 255; 0: it does not say")
                ->required()
                ->check(CLI::Range(0U, 255U));
        });
    commands.add<NameOptions>(group,
                              {"sla", "Give it a service level of its own, in the place of the other",
                               "  entitle case sla K-1 gold\n"
                               "  entitle case sla K-1 --none\n"},
                              Use::write, change_level, name_arguments);
    commands.add<MeetOptions>(
        group, {"meet", "Tell that one of your own promises is met", "  entitle case meet K-1 review\n"},
        Use::write, meet, [](CLI::App& app, MeetOptions& options) {
            app.add_option("KEY", options.key, "The case")->required();
            app.add_option("KPI", options.kpi, "Its name in the service level")->required();
        });
}

}  // namespace program
