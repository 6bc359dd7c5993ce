// expect: no match for .operator==.|invalid operands
#include <entitle/value/id.hpp>

// Ids of different things do not compare.
int main() {
    (void)(entitle::CaseId::from_integer(1) == entitle::CaseId::from_integer(1));
#ifdef MUST_NOT_COMPILE
    (void)(entitle::CaseId::from_integer(1) == entitle::CustomerId::from_integer(1));
#endif
}
