#pragma once

#include <cstdint>

#include "entitle/value/id.hpp"

namespace entitle::inline v0 {

/// What a customer bought: so many of a product. An entitlement that was assigned for one keeps it.
struct Purchase {
    PurchaseId id{};  ///< the host's own, unique within the customer
    ProductId product{};
    std::int64_t quantity = 0;  ///< 1 or more

    friend bool operator==(const Purchase&, const Purchase&) = default;
};

}  // namespace entitle::inline v0
