// expect: unused-result
#include <entitle/engine.hpp>

// What became of a command is looked at.
void use(entitle::Engine& desk, entitle::Instant now) {
    (void)desk.open_case({}, now);
#ifdef MUST_NOT_COMPILE
    desk.open_case({}, now);
#endif
}
int main() {}
