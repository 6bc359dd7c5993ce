#pragma once

#include <CLI/CLI.hpp>

namespace program {

/// Of a command that no customer's ledger tells of: it may be repeated as it is, and nobody is named.
inline void without_request(CLI::App& app) {
    for (const char* const name : {"--request", "--actor"}) {
        if (CLI::Option* const option = app.get_option_no_throw(name)) app.remove_option(option);
    }
}

}  // namespace program
