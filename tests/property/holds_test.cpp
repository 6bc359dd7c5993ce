// Section 8: with hold on creation, a restricted case that opened can be resolved within its hold, whatever came between.

#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

#include "property/commands.hpp"
#include "property/execute.hpp"
#include "property/history.hpp"
#include "property/planning.hpp"

namespace entitle_property {
namespace {

model::Policy holding(Random& random) {
    model::Policy policy = random_policy(random);
    policy.hold_on_creation = true;
    return policy;
}

/// One history under way, and how many holds it has met.
class Desk {
public:
    explicit Desk(const Trial& trial)
        : policy_{engine_policy(trial.policy)},
          store_{{.hash_seed = trial.seed | 1}},
          engine_{store_, {.policy = policy_, .ids = entitle::UuidV7{trial.seed}}} {}

    void run(const model::Op& op) { (void)execute(engine_, op); }

    /// The first open case that could not be resolved, spending as much as it still holds.
    [[nodiscard]] std::string unresolvable(int customer, entitle::Instant now) {
        const auto entitlements = engine_.entitlements(customer_id(customer)).value();
        const auto cases = engine_.cases(customer_id(customer)).value();
        for (const entitle::SupportCase& one : cases) {
            if (!one.held.stands()) continue;
            for (const entitle::Entitlement& of : entitlements) {
                if (of.id != one.entitlement) continue;
                if (one.held.until <= now || !entitle::still_stands(one.held, of.holds)) continue;
                ++holds;
                if (!can_resolve(one, of, now)) return fmt::format("case {} cannot be resolved", one.id);
            }
        }
        return "";
    }

    std::uint64_t holds = 0;

private:
    [[nodiscard]] bool can_resolve(const entitle::SupportCase& one, const entitle::Entitlement& of,
                                   entitle::Instant now) {
        entitle::ResolveCase command{.customer = one.customer, .id = one.id};
        command.time_spent = std::chrono::seconds{one.held.quantity};
        command.cost = {one.held.quantity, of.agreement.unit().currency};
        (void)store_.begin({}, entitle::Access::write, entitle::policy::fingerprint(policy_));
        const bool planned = plan_for(store_, command, policy_, now, {}).has_value();
        store_.abandon();
        // A balance at the end of what may be counted refuses every movement.
        return planned ||
               !entitle::within_terms(of.remaining - one.held.quantity, of.agreement.unit().per_term()) ||
               is_at_limit(one, of);
    }
    [[nodiscard]] static bool is_at_limit(const entitle::SupportCase& one, const entitle::Entitlement& of) {
        for (const entitle::ChannelBalance& channel : of.channels) {
            if (channel.channel != one.held.channel) continue;
            return !entitle::within_terms(channel.remaining - one.held.quantity,
                                          of.agreement.unit().per_term());
        }
        return false;
    }

    entitle::Policy policy_;
    entitle::MemoryStore store_;
    entitle::Engine engine_;
};

TEST(Holds, WhatOpenedCanBeResolvedWithinItsHold) {
    std::uint64_t holds = 0;
    check({22'000'000'000, 40'000, 48, holding}, [&](const Trial& trial, bool) -> std::optional<Difference> {
        Desk desk{trial};
        for (std::size_t i = 0; i < trial.history.size(); ++i) {
            desk.run(trial.history[i]);
            for (int customer = 1; customer <= 3; ++customer) {
                std::string what = desk.unresolvable(customer, instant(trial.history[i].now));
                if (!what.empty()) return Difference{i, what};
            }
        }
        holds += desk.holds;
        return std::nullopt;
    });
    EXPECT_GT(holds, 10 * scaled(40'000) / 1000) << "it must have met some";
}

}  // namespace
}  // namespace entitle_property
