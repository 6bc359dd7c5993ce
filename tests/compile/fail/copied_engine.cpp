// expect: deleted function|implicitly.deleted|call to deleted|call to implicitly-deleted
#include <entitle/engine.hpp>

// Two engines never share one store by accident.
void use(entitle::Engine& desk) {
    (void)desk.policy();
#ifdef MUST_NOT_COMPILE
    entitle::Engine copy = desk;
#endif
}
int main() {}
