// expect: no match for .operator\+.|invalid operands
#include <entitle/value/quantity.hpp>

// Nobody adds money: it might be in two currencies.
int main() {
    (void)(entitle::money(1, entitle::eur) == entitle::money(1, entitle::usd));
#ifdef MUST_NOT_COMPILE
    (void)(entitle::money(1, entitle::eur) + entitle::money(1, entitle::usd));
#endif
}
