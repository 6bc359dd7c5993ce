#include "unit.hpp"

/// An engine made here is used there: both see the same types, whatever standard each was compiled as.
bool desks_agree() {
    const auto customer = entitle::CustomerId::from_integer(1);
    const entitle::Instant now{};
    entitle::Engine desk{std::make_unique<entitle::MemoryStore>()};
    const auto there = grant_of_unit(desk, customer, now);
    const auto here = grant_here(desk, customer, now);
    return there && here && there->remaining == here->remaining && here->number == 2;
}

int main() {
#ifdef HOST_IS_NEWER
    const bool standards = standard_of_unit() < __cplusplus;
#else
    const bool standards = standard_of_unit() == __cplusplus;
#endif
    return standards && version_of_unit() == version_here() && desks_agree() ? 0 : 1;
}
