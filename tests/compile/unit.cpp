#include "unit.hpp"

tl::expected<std::string, int> version_of_unit() { return version_here(); }

long standard_of_unit() { return __cplusplus; }

entitle::Result<entitle::Receipt> grant_of_unit(entitle::Engine& desk, entitle::CustomerId customer,
                                                entitle::Instant now) {
    return grant_here(desk, customer, now);
}
