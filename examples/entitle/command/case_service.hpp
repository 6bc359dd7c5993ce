#pragma once

#include <string>

#include "command/commands.hpp"

namespace program {

/// What service levels ask of a case, as arguments say it.
struct CaseServiceOptions {
    unsigned priority = 0;
    std::string stage, sla;
};

void add_case_service(CLI::App& app, CaseServiceOptions& options);

/// Adds it to the opening that is meant.
[[nodiscard]] Done put_service(Session& session, const CaseServiceOptions& options,
                               entitle::OpenCase& command);

/// `case respond`, `stage`, `priority`, `sla` and `meet`.
void add_case_service_commands(Commands& commands, CLI::App& group);

}  // namespace program
