#pragma once

namespace program {

/// Reads the arguments and runs what they ask for. Returns the exit status.
[[nodiscard]] int run(int argc, char** argv);

}  // namespace program
