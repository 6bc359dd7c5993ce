#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace program {

/// A script for bash that completes the program's commands and options: `source <(entitle completion bash)`.
[[nodiscard]] std::string bash_completion(const CLI::App& app);

}  // namespace program
