// expect: unused-result
#include <entitle/engine.hpp>

// What became of a batch is looked at.
void use(entitle::Engine& desk, std::span<const entitle::Command> commands, entitle::Instant now,
         std::span<entitle::Outcome> outcomes) {
    (void)desk.apply(commands, now, outcomes);
#ifdef MUST_NOT_COMPILE
    desk.apply(commands, now, outcomes);
#endif
}
int main() {}
