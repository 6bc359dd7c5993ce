// expect: deleted function|explicitly deleted|call to deleted
#include <entitle/value/quantity.hpp>

// No floating point in an amount.
int main() {
    (void)entitle::cases(5);
#ifdef MUST_NOT_COMPILE
    (void)entitle::cases(2.5);
#endif
}
