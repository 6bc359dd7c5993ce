// A plan made at one state and accepted at a later one is the plan that would be made there.

#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "property/commands.hpp"
#include "property/execute.hpp"
#include "property/history.hpp"
#include "property/must.hpp"
#include "property/planning.hpp"
#include "property/show.hpp"

namespace entitle_property {
namespace {

struct Counts {
    std::uint64_t accepted = 0;  ///< after something else had been recorded
    std::uint64_t stale = 0;
    std::uint64_t needless = 0;  ///< stale, though the plan would have been the same
};

/// All but what it relied on.
bool does_the_same(const entitle::Plan& one, entitle::Plan other) {
    other.shape = one.shape;
    other.case_version = one.case_version;
    other.guards = one.guards;
    return one == other;
}

/// A world whose commands are planned at one state and staged at another.
class World {
public:
    explicit World(std::uint64_t seed)
        : random_{seed},
          policy_{engine_policy(random_policy(random_))},
          store_{{.hash_seed = seed | 1}},
          engine_{store_, {.policy = policy_, .ids = entitle::UuidV7{seed}}},
          generator_{seed} {
        for (const model::Op& op : generator_.history(16)) run(op);
    }

    /// Plans one command, lets others go first, and stages it. What is wrong, or nothing.
    std::string race(Counts& counts) {
        model::Op op = generator_.next();
        if (model::is_of_catalog(op.kind)) {
            (void)run(op);
            return "";
        }
        op.request = 0;  // what is remembered is the engine's question, before any rule's
        const entitle::Command command = command_of(op);
        const entitle::Catalog catalog = catalog_of(store_);
        const auto early = planned(command, instant(op.now), catalog);
        std::string others;
        bool recorded = false;
        for (int count = random_.between(1, 3); count > 0; --count) {
            const model::Op other = generator_.next();
            others += to_text(other) + "\n";
            recorded = run(other) || recorded;
        }
        if (!early || !recorded) return "";
        const auto late = planned(command, instant(op.now), catalog);
        const std::string wrong = judge(*early, late, counts);
        return wrong.empty() ? ""
                             : fmt::format("{}\nplanned: {}\nmeanwhile:\n{}", wrong, to_text(op), others);
    }

    /// Plans one command, and lets the engine do it. What the plan says of its case, and is not so, or nothing.
    std::string foresee() {
        model::Op op = generator_.next();
        op.request = 0;
        if (model::is_of_catalog(op.kind)) return "";
        const auto plan = planned(command_of(op), instant(op.now), catalog_of(store_));
        if (!run(op) || !plan) return "";
        const bool is_kept = plan->case_change == entitle::CaseChange::insert ||
                             plan->case_change == entitle::CaseChange::update;
        if (!is_kept) return "";
        const auto is = engine_.support_case(plan->customer, plan->support_case_id);
        return is && kept(plan->support_case, *is) == *is ? "" : fmt::format("planned: {}", to_text(op));
    }

private:
    /// A plan's case as a store keeps it: the places in the ledger are the store's to fill in.
    static entitle::SupportCase kept(entitle::SupportCase planned, const entitle::SupportCase& is) {
        planned.customer = is.customer;
        planned.entitlement = is.entitlement;
        planned.named = is.named;
        planned.last_number = is.last_number;
        planned.posted.entry = is.posted.entry;
        planned.held.entry = is.held.entry;
        return planned;
    }

    bool run(const model::Op& op) {
        const entitle::Outcome outcome = execute(engine_, op);
        return outcome && !outcome->repeated && outcome->number != 0;
    }

    void begin() { must(store_.begin({}, entitle::Access::write, entitle::policy::fingerprint(policy_))); }

    std::optional<entitle::Plan> planned(const entitle::Command& command, entitle::Instant now,
                                         const entitle::Catalog& catalog) {
        begin();
        auto plan = plan_for(store_, command, policy_, now, catalog);
        store_.abandon();
        return plan;
    }

    std::string judge(const entitle::Plan& early, const std::optional<entitle::Plan>& late, Counts& counts) {
        begin();
        entitle::Receipt receipt;
        const entitle::Commit commit = store_.stage(early, receipt).value();
        if (commit == entitle::Commit::stale) {
            ++counts.stale;
            counts.needless += late && does_the_same(early, *late) ? 1U : 0U;
            return "";
        }
        store_.abandon();
        ++counts.accepted;
        if (!late) return "accepted, though the rule would refuse it now";
        return early == *late ? "" : "accepted, though the rule would plan something else now";
    }

    Random random_;
    entitle::Policy policy_;
    entitle::MemoryStore store_;
    entitle::Engine engine_;
    Generator generator_;
};

/// Hosts' clocks differ (R14): while one removes what has expired, another's clock still lets a case open.
TEST(Plans, ARemovalIsStaleOnceACaseRefersToIt) {
    const entitle::Policy policy = entitle::policy::standard;
    entitle::MemoryStore store{{.hash_seed = 1}};
    entitle::Engine engine{store, {.policy = policy, .ids = entitle::UuidV7{1}}};
    model::Op op;
    op.customer = 1;
    op.entitlement = 1;
    op.now = 20000 * model::microseconds_per_day;
    op.agreement.first_day = op.agreement.last_day = 20000;
    op.agreement.total = 1;
    const auto run = [&](model::Kind kind) {
        op.kind = kind;
        return execute(engine, op).has_value();
    };
    ASSERT_TRUE(run(model::Kind::draft) && run(model::Kind::activate));

    const entitle::Command removal = entitle::Remove{.customer = customer_id(1), .id = entitlement_id(1)};
    must(store.begin({}, entitle::Access::write, entitle::policy::fingerprint(policy)));
    const auto plan = plan_for(store, removal, policy, instant(op.now + model::microseconds_per_day), {});
    store.abandon();
    ASSERT_TRUE(plan.has_value());

    op.case_key = 1;
    ASSERT_TRUE(run(model::Kind::open));
    must(store.begin({}, entitle::Access::write, entitle::policy::fingerprint(policy)));
    entitle::Receipt receipt;
    EXPECT_EQ(store.stage(*plan, receipt).value(), entitle::Commit::stale);
}

TEST(Plans, AcceptedLaterIsAsIfMadeLater) {
    Counts counts;
    const std::uint64_t worlds = scaled(4000);
    for (std::uint64_t i = 0; i < worlds; ++i) {
        const std::uint64_t seed = 30'000'000'000 + i;
        World world{seed};
        for (int races = 0; races < 12; ++races) {
            const std::string wrong = world.race(counts);
            ASSERT_EQ(wrong, "") << "seed " << seed << ", race " << races;
        }
    }
    EXPECT_GE(counts.accepted, worlds / 2);
    EXPECT_GE(counts.stale, worlds / 2);
    fmt::print("accepted {}, stale {}, of these needlessly {}\n", counts.accepted, counts.stale,
               counts.needless);
}

TEST(Plans, SayWhatTheirCaseIsFromThenOn) {
    const std::uint64_t worlds = scaled(1000);
    for (std::uint64_t i = 0; i < worlds; ++i) {
        const std::uint64_t seed = 31'000'000'000 + i;
        World world{seed};
        for (int commands = 0; commands < 48; ++commands) {
            const std::string wrong = world.foresee();
            ASSERT_EQ(wrong, "") << "seed " << seed << ", command " << commands;
        }
    }
}

}  // namespace
}  // namespace entitle_property
