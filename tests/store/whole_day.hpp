#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "names.hpp"

namespace store_contract {

/// Something a desk does, and why it did not happen. Asked again, it happens, or has.
struct DayStep {
    std::string name;
    std::function<ErrorCode(Engine&)> run;
};

/// Everything that an engine can be asked, once: the catalog, each sort of command under a request id of its own, a
/// batch, each query, seals and an archive.
[[nodiscard]] const std::vector<DayStep>& whole_day();

/// Whether a store's trouble is why, and nothing that was asked.
[[nodiscard]] inline bool is_trouble(ErrorCode code) { return code >= ErrorCode::store_limit; }

/// Runs the day, each step again where there was trouble, as a host would; what it has found wrong, or nothing.
/// `trouble` counts the steps that had some.
[[nodiscard]] std::string live_through(Engine& engine, int& trouble);

}  // namespace store_contract
