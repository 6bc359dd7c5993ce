// expect: cannot convert|could not convert|no viable conversion|no known conversion
#include <entitle/value/case_command.hpp>

// An integer becomes an id where somebody says so.
int main() {
    entitle::OpenCase command{.id = entitle::CaseId::from_integer(7)};
#ifdef MUST_NOT_COMPILE
    command = entitle::OpenCase{.id = 7};
#endif
    (void)command;
}
