// Looks for random histories that tell mutants from the rules, for tests/property/rare_test.cpp:
//
//     judge.py <output folder> survivors.txt --open > numbers
//     hunt <policy> <first seed> <seconds> <most histories for one mutant> < numbers
//
// Each history runs once as it is, and once for each mutant that it came by. Prints `<mutant> <seed>` of those that
// it tells, and at the end `<mutant> met <histories>` of the others.

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "mutation/mutant.hpp"
#include "property/history.hpp"
#include "property/rare.hpp"

namespace {

using namespace entitle_property;  // NOLINT(google-build-using-namespace)

/// In a process of its own: a mutant may crash, or never end.
bool is_told(const Trial& trial, int mutant) {
    const pid_t child = fork();
    if (child == 0) {
        alarm(10);
        entitle_mutation::alive = mutant;
        std::_Exit(engine_differs_from_model(trial, false) ? 1 : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status != 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 5) return 2;
    const std::string policy = arguments[1];
    std::uint64_t seed = std::strtoull(arguments[2], nullptr, 10);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{std::atoi(arguments[3])};
    const int most = std::atoi(arguments[4]);
    std::map<int, int> met;
    for (int mutant = 0; std::cin >> mutant;) met[mutant] = 0;
    for (; !met.empty() && std::chrono::steady_clock::now() < end; ++seed) {
        const Trial trial = rare_trial(policy, seed);
        std::memset(entitle_mutation::Reached::flags, 0, sizeof(entitle_mutation::Reached::flags));
        if (engine_differs_from_model(trial, false)) return 1;
        for (auto one = met.begin(); one != met.end();) {
            const auto [mutant, times] = *one;
            const bool reached = times < most && entitle_mutation::Reached::flags[mutant] != 0;
            if (reached) ++one->second;
            if (reached && is_told(trial, mutant)) {
                std::cout << mutant << ' ' << seed << std::endl;
                one = met.erase(one);
            } else {
                ++one;
            }
        }
    }
    for (const auto& [mutant, times] : met) std::cout << mutant << " met " << times << '\n';
    return 0;
}
