// R10: a refused command leaves everything as it was, and so does one to where things already are.

#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

#include "property/commands.hpp"
#include "property/execute.hpp"
#include "property/history.hpp"
#include "property/snapshot.hpp"

namespace entitle_property {
namespace {

/// Whether the outcome says that nothing was recorded.
bool records_nothing(const entitle::Outcome& outcome) { return !outcome || outcome->repeated; }

std::optional<Difference> nothing_leaves_a_trace(const Trial& trial, bool) {
    entitle::MemoryStore store{{.hash_seed = trial.seed | 1}};
    const entitle::Policy policy = engine_policy(trial.policy);
    const std::uint64_t fingerprint = entitle::policy::fingerprint(policy);
    entitle::Engine engine{store, {.policy = policy, .ids = entitle::UuidV7{trial.seed}}};
    for (std::size_t i = 0; i < trial.history.size(); ++i) {
        const model::Op& op = trial.history[i];
        const std::string before = snapshot(store, fingerprint, most_requests);
        const entitle::Outcome outcome = execute(engine, op);
        if (!records_nothing(outcome)) continue;
        if (!outcome && snapshot(store, fingerprint, most_requests) != before) {
            return Difference{i, first_difference(before, snapshot(store, fingerprint, most_requests))};
        }
        // A success is remembered, also where there was nothing to do (R11).
        if (outcome && outcome->number == 0) continue;
        const std::string after = snapshot(store, fingerprint, most_requests);
        if (after != before) return Difference{i, first_difference(before, after)};
    }
    return std::nullopt;
}

/// The successes that found nothing to do: only their own request is remembered.
std::optional<Difference> nothing_to_do_leaves_a_trace(const Trial& trial, bool) {
    entitle::MemoryStore store{{.hash_seed = trial.seed | 1}};
    const entitle::Policy policy = engine_policy(trial.policy);
    const std::uint64_t fingerprint = entitle::policy::fingerprint(policy);
    entitle::Engine engine{store, {.policy = policy, .ids = entitle::UuidV7{trial.seed}}};
    for (std::size_t i = 0; i < trial.history.size(); ++i) {
        const model::Op& op = trial.history[i];
        const std::string before = snapshot(store, fingerprint, most_requests, op.request);
        const entitle::Outcome outcome = execute(engine, op);
        if (!outcome || !outcome->repeated) continue;
        const std::string after = snapshot(store, fingerprint, most_requests, op.request);
        if (after != before) return Difference{i, first_difference(before, after)};
    }
    return std::nullopt;
}

TEST(Refusals, LeaveNoTrace) { check({20'000'000'000, 25'000, 40, random_policy}, nothing_leaves_a_trace); }

TEST(Refusals, NorDoRepeats) {
    check({21'000'000'000, 25'000, 40, random_policy}, nothing_to_do_leaves_a_trace);
}

}  // namespace
}  // namespace entitle_property
