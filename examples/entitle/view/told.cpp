#include "view/told.hpp"

#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "fault.hpp"

namespace program {

namespace {

[[nodiscard]] bool write_out(std::string_view text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

/// What is not UTF-8 is replaced: JSON is.
[[nodiscard]] std::string dumped(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

ExitStatus print(const Told& told, bool as_json) {
    if (write_out(as_json ? dumped(told.json) : told.text)) return told.status;
    complain("entitle", "standard output cannot be written; what was asked for has happened");
    return ExitStatus::storage;
}

/// One without a sentence has been told already, line by line.
ExitStatus print(const Failure& failure, bool as_json) {
    if (!failure.sentence.empty()) complain("entitle", failure.sentence);
    if (as_json && !write_out(dumped({{"error", failure.code}, {"message", failure.sentence}}))) {
        return ExitStatus::storage;
    }
    return failure.status;
}

}  // namespace program
