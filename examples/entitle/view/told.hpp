#pragma once

#include <string>

#include "host/failure.hpp"
#include "view/json.hpp"
#include "view/table.hpp"

namespace program {

/// What a command came to: the same for programs and for people. It is printed once the transaction is committed.
struct Told {
    Json json{};
    std::string text{};
    ExitStatus status = ExitStatus::ok;
};

/// Prints it; `store_io` where standard output cannot take it.
[[nodiscard]] ExitStatus print(const Told& told, bool as_json);
/// Prints why there is nothing, on standard error; for programs on standard output too.
[[nodiscard]] ExitStatus print(const Failure& failure, bool as_json);

}  // namespace program
