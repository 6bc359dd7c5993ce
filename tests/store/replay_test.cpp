#include <algorithm>
#include <map>

#include "random_history.hpp"
#include "stores.hpp"

// S11: the ledger is append-only and the truth. Receipts, balances and cases come out of its entries. The policy is the
// one that writes every kind of them.

namespace store_contract {
namespace {

class Replay : public testing::TestWithParam<StoreSort> {
protected:
    static constexpr int steps = 600;

    /// Nothing but the catalog.
    [[nodiscard]] std::unique_ptr<Store> fresh(const std::string& place) const {
        auto store = GetParam().open(scratch_.file(place));
        Engine engine{*store};
        set_catalog(engine);
        return store;
    }

private:
    Scratch scratch_;
};

TEST_P(Replay, S11_entries_are_never_changed_or_deleted) {
    for (const unsigned seed : {1U, 2U, 3U}) {
        const auto store = fresh(fmt::format("kept_{}", seed));
        Engine engine{*store, {.policy = policy::desk}};
        RandomHistory history{seed};
        std::map<CustomerId, std::vector<Entry>> known;
        for (int i = 0; i < steps; ++i) {
            const Command command = history.next();
            (void)run_any(engine, command, history.now());
            if (i % 20 != 0) continue;
            for (const CustomerId customer : {acme, other_customer}) {
                const std::vector<Entry> now = engine.entries(customer).value();
                std::vector<Entry>& before = known[customer];
                ASSERT_GE(now.size(), before.size());
                ASSERT_TRUE(std::equal(before.begin(), before.end(), now.begin())) << "seed " << seed;
                before = now;
            }
        }
        EXPECT_GT(known[acme].size(), 50U);
        EXPECT_TRUE(engine.audit()->ok());
    }
}

TEST_P(Replay, S11_receipts_come_out_of_the_entries) {
    for (const unsigned seed : {4U, 5U, 6U}) {
        const auto store = fresh(fmt::format("receipts_{}", seed));
        Engine engine{*store, {.policy = policy::desk}};
        RandomHistory history{seed};
        std::map<std::pair<CustomerId, std::uint64_t>, Receipt> receipts;
        for (int i = 0; i < steps; ++i) {
            const Command command = history.next();
            const Outcome outcome = run_any(engine, command, history.now());
            if (outcome && outcome->number != 0 && !outcome->repeated) {
                Receipt& receipt = receipts[{outcome->customer, outcome->number}] = *outcome;
                receipt.set_deadlines({});  // no ledger tells of promises
            }
        }
        std::size_t compared = 0;
        for (const CustomerId customer : {acme, other_customer}) {
            const std::vector<Entry> entries = engine.entries(customer).value();
            for (std::size_t first = 0; first < entries.size();) {
                std::size_t last = first;
                while (last < entries.size() && entries[last].number == entries[first].number) ++last;
                const std::span<const Entry> command{entries.data() + first, last - first};
                EXPECT_EQ(ledger::receipt_of(command, {}), (receipts[{customer, entries[first].number}]))
                    << "seed " << seed << ", number " << entries[first].number;
                ++compared;
                first = last;
            }
        }
        EXPECT_EQ(compared, receipts.size());
        EXPECT_GT(compared, 100U);
    }
}

TEST_P(Replay, S11_balances_and_cases_come_out_of_the_entries) {
    const auto store = fresh("rebuilt");
    Engine engine{*store, {.policy = policy::desk}};
    RandomHistory history{7};
    for (int i = 0; i < steps; ++i) {
        const Command command = history.next();
        (void)run_any(engine, command, history.now());
    }
    for (const CustomerId customer : {acme, other_customer}) {
        const std::vector<Entry> entries = engine.entries(customer).value();
        const ledger::Rebuilt rebuilt = ledger::rebuild(entries);
        const std::vector<Entitlement> entitlements = engine.entitlements(customer).value();
        for (const Entitlement& one : entitlements) {
            EXPECT_EQ(rebuilt.totals.at(one.id).after, one.remaining);
            EXPECT_EQ(rebuilt.totals.at(one.id).total(), one.agreement.total());
        }
        const std::vector<SupportCase> cases = engine.cases(customer).value();
        for (const SupportCase& one : cases) {
            const ledger::RebuiltCase& told = rebuilt.cases.at(one.id);
            EXPECT_EQ(told.state, one.state);
            EXPECT_EQ(told.posted, one.posted);
            const auto holder = std::find_if(entitlements.begin(), entitlements.end(),
                                             [&](const auto& each) { return each.id == one.entitlement; });
            ASSERT_NE(holder, entitlements.end());
            // what time has ended stays with its case until the next command about it
            EXPECT_EQ(told.held, still_stands(one.held, holder->holds) ? one.held : Held{});
            EXPECT_EQ(told.overage, one.overage);
            EXPECT_EQ(told.entitlement, one.entitlement);
            EXPECT_EQ(told.since, one.since);
            EXPECT_EQ(told.last_number, one.last_number);
            EXPECT_FALSE(told.deleted);
        }
    }
}

TEST_P(Replay, S11_one_customers_commands_replayed_into_an_empty_store_give_the_same) {
    const auto store = fresh("original");
    Engine engine{*store, {.policy = policy::desk}};
    RandomHistory history{8};
    struct Done {
        Command command;
        Instant now;
        Receipt receipt;
    };
    std::vector<Done> done;
    for (int i = 0; i < steps; ++i) {
        const Command command = history.next();
        const Outcome outcome = run_any(engine, command, history.now());
        const bool recorded = outcome && !outcome->repeated && outcome->customer == acme;
        if (recorded) done.push_back({command, history.now(), *outcome});
    }
    ASSERT_GT(done.size(), 50U);

    MemoryStore empty;
    Engine again{empty, {.policy = policy::desk}};
    set_catalog(again);
    for (const Done& one : done) {
        const Outcome outcome = run_any(again, one.command, one.now);
        ASSERT_THAT(outcome, ok());
        ASSERT_EQ(*outcome, one.receipt) << "refused commands and other customers left nothing to depend on";
    }
    EXPECT_TRUE(everything(empty) == of_customer(*store, acme));
    EXPECT_GT(everything(empty).served.size(), 3U);
    EXPECT_EQ(again.due(Instant::max(), acme), engine.due(Instant::max(), acme));
}

INSTANTIATE_TEST_SUITE_P(, Replay, testing::ValuesIn(stores()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

}  // namespace
}  // namespace store_contract
