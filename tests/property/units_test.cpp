// Many commands in one unit: a batch is as its commands one by one, an abandoned unit never was.

#include <memory>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

#include "property/commands.hpp"
#include "property/compare.hpp"
#include "property/execute.hpp"
#include "property/history.hpp"
#include "property/must.hpp"
#include "property/planning.hpp"
#include "property/snapshot.hpp"
#include "property/stores.hpp"

namespace entitle_property {
namespace {

using model::Kind;
using model::Op;

/// A store and its engine under a trial's policy.
struct Place {
    Place(const Trial& trial, const StoreOf& store_of)
        : policy{engine_policy(trial.policy)},
          fingerprint{entitle::policy::fingerprint(policy)},
          kept{store_of(trial)},
          store{*kept},
          engine{store, {.policy = policy, .ids = entitle::UuidV7{trial.seed}}} {}

    [[nodiscard]] std::string shown() { return snapshot(store, fingerprint, most_requests); }

    entitle::Policy policy;
    std::uint64_t fingerprint;
    std::unique_ptr<entitle::Store> kept;
    entitle::Store& store;
    entitle::Engine engine;
};

std::string text_of(const entitle::Outcome& outcome) {
    return outcome ? fmt::format("#{} {}", outcome->number, *outcome) : fmt::format("{}", outcome.error());
}

/// A change of the catalog is of no batch: it comes here and there between them.
std::optional<Difference> catalog_differs(const Trial& trial, std::size_t at, Place& batched, Place& single) {
    const entitle::Outcome here = execute(batched.engine, trial.history[at]);
    const entitle::Outcome there = execute(single.engine, trial.history[at]);
    if (here == there) return std::nullopt;
    return Difference{at, fmt::format("one: {}\nthe other: {}", text_of(there), text_of(here))};
}

/// Where a stretch that begins there ends: after so many commands, or before the catalog changes.
std::size_t end_of_batch(const History& history, std::size_t from, std::size_t wanted) {
    std::size_t to = from;
    while (to < std::min(history.size(), from + wanted) && !model::is_of_catalog(history[to].kind)) ++to;
    return to;
}

/// Runs a stretch of the history as one batch here and one by one there.
std::optional<Difference> batch_differs(const Trial& trial, std::size_t from, std::size_t to, Place& batched,
                                        Place& single) {
    const entitle::Instant now = instant(trial.history[from].now);
    std::vector<entitle::Command> commands;
    for (std::size_t i = from; i < to; ++i) commands.push_back(command_of(trial.history[i]));
    std::vector<entitle::Outcome> outcomes(commands.size());
    must(batched.engine.apply(std::span<const entitle::Command>{commands}, now, std::span{outcomes}));
    for (std::size_t i = from; i < to; ++i) {
        const entitle::Outcome alone = execute(single.engine, commands[i - from], now);
        if (!(alone == outcomes[i - from])) {
            return Difference{
                i, fmt::format("alone: {}\nin a batch: {}", text_of(alone), text_of(outcomes[i - from]))};
        }
    }
    return std::nullopt;
}

std::optional<Difference> batches_differ(const Trial& trial, bool look_often, const StoreOf& store) {
    Place batched{trial, store};
    Place single{trial, memory_store};
    Random sizes{trial.seed};
    for (std::size_t from = 0; from < trial.history.size();) {
        const auto wanted = static_cast<std::size_t>(sizes.one_of({1, 2, 3, 8, 20, 64}));
        const bool is_of_catalog = model::is_of_catalog(trial.history[from].kind);
        const std::size_t to = is_of_catalog ? from + 1 : end_of_batch(trial.history, from, wanted);
        const auto found = is_of_catalog ? catalog_differs(trial, from, batched, single)
                                         : batch_differs(trial, from, to, batched, single);
        if (found) return found;
        const std::string what = look_often || to == trial.history.size() || sizes.percent(20)
                                     ? first_difference(single.shown(), batched.shown())
                                     : "";
        if (!what.empty()) return Difference{to - 1, what};
        from = to;
    }
    return std::nullopt;
}

class Units : public testing::TestWithParam<StoreSort> {
protected:
    /// A durable store is slower: fewer commands for it.
    [[nodiscard]] static std::uint64_t commands(std::uint64_t count) { return count / GetParam().slower; }
};

TEST_P(Units, ABatchIsAsItsCommandsOneByOne) {
    check({50'000'000'000, commands(200'000), 64, random_policy}, [](const Trial& trial, bool look_often) {
        return batches_differ(trial, look_often, GetParam().open);
    });
}

/// What units did before they were abandoned.
struct Done {
    int inserted = 0, replaced = 0, reordered = 0, removed = 0, reopened = 0;
};

/// A unit that is staged command by command.
class Unit {
public:
    Unit(Place& place, Done& done) : place_{place}, done_{done} {
        must(place.store.begin({}, entitle::Access::write, place.fingerprint));
    }

    void stage(const Op& op) {
        if (model::is_of_catalog(op.kind)) return;  // of no unit
        const auto plan =
            plan_for(place_.store, command_of(op), place_.policy, instant(op.now), catalog_of(place_.store));
        if (!plan) return;
        entitle::Receipt receipt;
        ASSERT_EQ(place_.store.stage(*plan, receipt).value(), entitle::Commit::done);
        using Change = entitle::EntitlementChange::Kind;
        done_.inserted += plan->entitlement.kind == Change::insert ? 1 : 0;
        done_.replaced += plan->entitlement.kind == Change::replace ? 1 : 0;
        done_.removed += plan->entitlement.kind == Change::remove ? 1 : 0;
        done_.reordered += plan->sets_default ? 1 : 0;
        if (plan->case_change == entitle::CaseChange::erase) erased_.push_back(plan->support_case_id);
        if (plan->case_change != entitle::CaseChange::insert) return;
        for (const entitle::CaseId id : erased_) done_.reopened += id == plan->support_case_id ? 1 : 0;
    }

private:
    Place& place_;
    Done& done_;
    std::vector<entitle::CaseId> erased_;
};

/// A case of the customer deleted and opened again, its entitlements reordered, one made and removed.
History upheaval(Generator& generator) {
    History ops;
    const int customer = generator.random().between(1, generator.customers());
    const auto add = [&](Kind kind, int entitlement, int case_key) {
        Op op;
        op.kind = kind;
        op.now = generator.now();
        op.customer = customer;
        op.entitlement = entitlement;
        op.case_key = case_key;
        ops.push_back(op);
    };
    const int case_key = generator.random().between(1, 3);
    add(Kind::draft, 9, 0);
    ops.back().agreement.total = 3;
    ops.back().agreement.last_day = 20400;
    ops.back().agreement.is_default = true;
    const model::Agreement drafted = ops.back().agreement;
    add(Kind::revise, 9, 0);
    ops.back().agreement = drafted;
    ops.back().agreement.total = 4;
    add(Kind::activate, 9, 0);
    add(Kind::open, 9, case_key);
    add(Kind::delete_case, 0, case_key);
    add(Kind::open, 0, case_key);
    add(Kind::set_default, generator.random().between(1, 3), 0);
    add(Kind::cancel, 9, 0);
    add(Kind::delete_case, 0, case_key);
    add(Kind::remove, 9, 0);
    add(Kind::open, 0, case_key);
    return ops;
}

/// The history with abandoned units between its commands is the history without.
std::optional<Difference> abandoned_units_leave_a_trace(const Trial& trial, Done& done,
                                                        const StoreOf& store) {
    Place place{trial, store};
    model::Model model{trial.policy};
    Generator others{trial.seed};
    (void)others.history(10);
    for (std::size_t i = 0; i < trial.history.size(); ++i) {
        const Op& op = trial.history[i];
        const model::Answer expected = model.apply(op);
        const entitle::Outcome found = execute(place.engine, op);
        if (std::string what = difference(expected, found); !what.empty()) return Difference{i, what};
        if (i % 6 != 5) continue;
        const std::string before = place.shown();
        Unit unit{place, done};
        for (int count = others.random().below(12); count > 0; --count) unit.stage(others.next());
        if (others.random().percent(60)) {
            for (const Op& other : upheaval(others)) unit.stage(other);
        }
        place.store.abandon();
        if (std::string what = first_difference(before, place.shown()); !what.empty()) {
            return Difference{i, what};
        }
    }
    const long long now = trial.history.back().now;
    for (int customer = 1; customer <= 3; ++customer) {
        std::string what = state_difference(model, place.engine, customer, now);
        if (!what.empty()) return Difference{trial.history.size() - 1, what};
    }
    const std::string what = audit_difference(place.engine);
    return what.empty() ? std::nullopt : std::optional{Difference{trial.history.size() - 1, what}};
}

TEST_P(Units, AnAbandonedUnitNeverWas) {
    Done done;
    const Campaign campaign{60'000'000'000, commands(60'000), 48, random_policy};
    check(campaign, [&](const Trial& trial, bool) {
        return abandoned_units_leave_a_trace(trial, done, GetParam().open);
    });
    if (GetParam().slower > 1) return;  // too few commands to count on
    for (const int count : {done.inserted, done.replaced, done.reordered, done.removed, done.reopened}) {
        EXPECT_GE(count, 1);  // however few histories there are
    }
    fmt::print(
        "abandoned: {} made, {} replaced, {} reordered, {} removed, {} cases deleted and opened again\n",
        done.inserted, done.replaced, done.reordered, done.removed, done.reopened);
}

INSTANTIATE_TEST_SUITE_P(, Units, testing::ValuesIn(store_sorts()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

}  // namespace
}  // namespace entitle_property
