#include "command/commands.hpp"

#include <entitle/value/text.hpp>

namespace program {

CLI::App& Commands::group(const std::string& name, const std::string& description) {
    CLI::App& made = *app_.add_subcommand(name, description);
    made.require_subcommand(1);
    made.footer("See `entitle " + name + " COMMAND --help` for examples.\n");
    return made;
}

CLI::App& Commands::add_command(CLI::App& group, const CommandText& text, Use use) {
    CLI::App& command = *group.add_subcommand(text.name, text.description);
    command
        .add_option("--store", common_.store,
                    "The desk: an SQLite file, or postgresql://…; else $ENTITLE_STORE")
        ->type_name("PLACE");
    command.add_option("--at", common_.at, "Work at this instant, as 2014-07-01T09:00:00Z; else now")
        ->type_name("INSTANT");
    command.add_flag("--json", common_.json, "Print JSON, in base units");
    if (use == Use::write) {
        command
            .add_option("--request", common_.request, "A key for this request: given again, it is done once")
            ->type_name("KEY");
        command.add_option("--actor", common_.actor, "Who commands it, for the ledger")->type_name("KEY");
    }
    command.footer("Examples:\n" + text.examples);
    return command;
}

namespace {

/// Whether a rule of the library's refused it: an error of the arguments, or a key that is not there, is not told of.
[[nodiscard]] bool is_refusal(const Failure& failure) {
    return failure.status == ExitStatus::refused && !failure.code.starts_with("unknown_") &&
           failure.code != "key_taken";
}

}  // namespace

/// The transaction ends before anything is told; what fails has left no trace but the note that it was refused.
ExitStatus Commands::in_session(const std::string& name, Use use,
                                const std::function<Or<Told>(Session&)>& run) const {
    auto session = Session::open(common_, use);
    if (!session) return print(session.error(), common_.json);
    Or<Told> told = run(**session);
    if (told) {
        if (auto done = (*session)->commit(); !done) return print(done.error(), common_.json);
        return finish(told);
    }
    session->reset();  // rolls back
    if (use == Use::write && is_refusal(told.error())) {
        if (auto noted = Session::note_refusal(common_, name, told.error()); !noted) {
            (void)print(noted.error(), false);
        }
    }
    return finish(told);
}

ExitStatus Commands::finish(const Or<Told>& told) const {
    return told ? print(*told, common_.json) : print(told.error(), common_.json);
}

}  // namespace program
