// expect: narrowing conversion|cannot be narrowed
#include <entitle/value/quantity.hpp>

// No floating point in an amount.
int main() {
    entitle::Quantity amount{5, {entitle::Allocation::cases, {}}};
#ifdef MUST_NOT_COMPILE
    amount = entitle::Quantity{2.5, {entitle::Allocation::cases, {}}};
#endif
    (void)amount;
}
