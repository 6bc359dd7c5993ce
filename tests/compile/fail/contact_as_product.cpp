// expect: cannot convert|could not convert|no viable conversion|no known conversion
#include <entitle/value/case_command.hpp>

// An id of one thing does not stand for another.
int main() {
    entitle::OpenCase command{.product = entitle::ProductId::from_integer(1)};
#ifdef MUST_NOT_COMPILE
    command = entitle::OpenCase{.product = entitle::ContactId::from_integer(1)};
#endif
    (void)command;
}
