// expect: unused-result
#include <entitle/engine.hpp>

// An audit has no other use than its report.
void use(const entitle::Engine& desk) {
    (void)desk.audit();
#ifdef MUST_NOT_COMPILE
    desk.audit();
#endif
}
int main() {}
