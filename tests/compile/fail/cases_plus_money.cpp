// expect: no match for .operator\+.|invalid operands
#include <entitle/value/quantity.hpp>

// Amounts of different sorts do not add.
int main() {
    (void)(entitle::cases(5) + entitle::cases(1));
#ifdef MUST_NOT_COMPILE
    (void)(entitle::cases(5) + entitle::money(1, entitle::eur));
#endif
}
