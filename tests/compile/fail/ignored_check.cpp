// expect: unused-result
#include <entitle/engine.hpp>

// A check has no other use than its answer.
void use(const entitle::Engine& desk, entitle::Instant now) {
    (void)desk.check(entitle::OpenCase{}, now);
#ifdef MUST_NOT_COMPILE
    desk.check(entitle::OpenCase{}, now);
#endif
}
int main() {}
