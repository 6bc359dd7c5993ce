#include "cli.hpp"

#include <CLI/CLI.hpp>
#include <entitle/version.hpp>
#include <fmt/format.h>

#include "command/completion.hpp"
#include "command/families.hpp"
#include "demo.hpp"
#include "replay.hpp"

namespace program {

namespace {

constexpr const char* program_examples =
    "Examples:\n"
    "  entitle demo\n"
    "  entitle init --store desk.db\n"
    "  export ENTITLE_STORE=desk.db\n"
    "  entitle import plan.json\n"
    "  entitle check --customer \"Blue Yonder\" --origin phone\n"
    "  entitle case open K-1 --customer \"Blue Yonder\" --origin phone\n"
    "  entitle sla due --within 8\n"
    "  entitle statement MA-1\n"
    "  entitle replay plan.json events.csv\n"
    "  entitle case open --help\n"
    "\n"
    "Exit status: 0 done; 1 refused by a rule; 2 wrong arguments or input; 3 the desk cannot be used.\n";

constexpr const char* replay_examples =
    "Examples:\n"
    "  entitle replay plan.json events.csv\n"
    "  entitle replay plan.json events.csv --trace trace.csv --json\n"
    "  entitle replay plan.json incidents.csv --format servicenow\n"
    "  entitle replay plan.json incidents.csv --format servicenow --sla\n"
    "  entitle replay plan.json events.csv --store desk.db\n"
    "  entitle replay plan.json events.csv --store postgresql://db/desk\n"
    "  cat events.csv | entitle replay plan.json -\n"
    "\n"
    "Exit status: 0 all well; 1 some rows were bad; 2 nothing ran, or something could not be written.\n"
    "Refused events are results, not failures.\n";

void add_replay(CLI::App& app, ReplayOptions& options) {
    CLI::App& replay =
        *app.add_subcommand("replay", "Apply a log of events to a plan, and tell what came of it");
    replay.add_option("PLAN", options.plan, "The agreements (JSON)")->required();
    replay.add_option("EVENTS", options.events, "What happened to the cases (CSV); - is standard input")
        ->required();
    replay.add_option("--format", options.format, "How EVENTS is written")
        ->check(CLI::IsMember({"entitle", "servicenow"}))
        ->capture_default_str();
    replay.add_option("--trace", options.trace, "Write what came of each event to this file (CSV)");
    replay.add_option(
        "--store", options.store,
        "Keep the desk in this new SQLite file, or in this PostgreSQL database; else in memory");
    replay.add_flag("--sla", options.sla,
                    "Time the incidents by the plan's service levels (with --format servicenow)");
    replay.add_flag("--json", options.json, "Print the summary as JSON, in base units");
    replay.footer(replay_examples);
}

}  // namespace

int run(int argc, char** argv) {
    CLI::App app{"Tells what customers are entitled to, and what they have used of it", "entitle"};
    app.set_version_flag("--version", fmt::format("entitle {}.{}.{}", ENTITLE_VERSION_MAJOR,
                                                  ENTITLE_VERSION_MINOR, ENTITLE_VERSION_PATCH));
    app.require_subcommand(1);
    app.footer(program_examples);
    Commands commands{app};
    add_desk_commands(commands);
    add_plan_commands(commands);
    add_customer_commands(commands);
    add_entitlement_commands(commands);
    add_case_commands(commands);
    add_sla_commands(commands);
    add_check_command(commands);
    add_account_commands(commands);
    add_balance_commands(commands);
    add_template_commands(commands);
    add_report_command(commands);
    ReplayOptions options;
    add_replay(app, options);
    CLI::App& demonstration = *app.add_subcommand("demo", "Tell the story of one agreement, step by step");
    demonstration.footer("Example:\n  entitle demo\n");
    bool demonstrates_in_json = false;
    demonstration.add_flag("--json", demonstrates_in_json, "Print JSON");
    CLI::App& completion =
        *app.add_subcommand("completion", "Print a script that completes commands in a shell");
    std::string shell;
    completion.add_option("SHELL", shell, "Which shell")->required()->check(CLI::IsMember({"bash"}));
    completion.footer("Example:\n  source <(entitle completion bash)\n");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        constexpr int wrong_arguments = 2;  // help and the version are no errors
        return app.exit(error) == 0 ? 0 : wrong_arguments;
    }
    if (completion.parsed()) {
        fmt::print("{}", bash_completion(app));
        return 0;
    }
    if (commands.is_asked()) return static_cast<int>(commands.run());
    return demonstration.parsed() ? demo(demonstrates_in_json) : replay(options);
}

}  // namespace program
