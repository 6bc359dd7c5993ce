#pragma once

#include <algorithm>
#include <cstdint>

#include "property/history.hpp"

namespace store_contract {

/// Faults strike at each of very many places: at every one where ENTITLE_TEST_SCALE is `usual` or more, else at
/// one in so many.
[[nodiscard]] inline std::uint64_t fault_stride(std::uint64_t usual) {
    return std::clamp<std::uint64_t>(usual * 100 / entitle_property::scaled(100), 1, 17);
}

}  // namespace store_contract
