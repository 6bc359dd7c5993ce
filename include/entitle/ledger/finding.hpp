#pragma once

#include <cstdint>
#include <string_view>

#include "entitle/value/channel.hpp"
#include "entitle/value/id.hpp"

namespace entitle::inline v0::ledger {

/// What does not follow from the entries before it.
struct Finding {
    std::string_view what{};  ///< of static text
    Channel channel{};        ///< none: the total
    std::int64_t expected = 0;
    std::int64_t found = 0;
    EntitlementId entitlement{};
    bool are_instants = false;  ///< expected and found are
};

}  // namespace entitle::inline v0::ledger
