#include <map>
#include <random>

#include "stores.hpp"

// S11: the ledger is append-only and the truth. Receipts, balances and cases come out of its entries.

namespace store_contract {
namespace {

/// A random history of two customers: many commands, some of them refused.
class RandomHistory {
public:
    explicit RandomHistory(unsigned seed) : random_{seed} {}

    /// The next command.
    [[nodiscard]] Command next() {
        ++step_;
        const CustomerId customer = pick(2) == 0 ? acme : other_customer;
        const EntitlementId entitlement = EntitlementId::from_integer(1 + pick(4));
        const CaseId id = CaseId::from_integer(1 + pick(12));
        const Channel origin = std::array{Channel{}, Channel::phone, Channel::email, Channel::web}[pick(4)];
        const RequestId request = pick(3) == 0 ? RequestId::from_integer(1 + pick(60)) : RequestId{};
        const ActorId actor = pick(2) == 0 ? "ann"_actor : ActorId{};
        switch (pick(20)) {
            case 0:
            case 1: {
                Draft draft =
                    agreed(Terms{.total = cases(static_cast<std::int64_t>(4 + pick(9))),
                                 .decrease_on = pick(2) == 0 ? DecreaseOn::creation : DecreaseOn::resolution,
                                 .restricted = pick(2) == 0},
                           {{Channel::phone, cases(3)}, {Channel::email, cases(2)}});
                draft.customer = customer;
                draft.id = entitlement;
                draft.priority = static_cast<std::int32_t>(pick(3));
                draft.request = request;
                draft.actor = actor;
                return draft;
            }
            case 2:
            case 3: return Activate{customer, entitlement, request, actor};
            case 4:
                return pick(3) == 0 ? Command{Deactivate{customer, entitlement, request, actor}}
                                    : Command{Cancel{customer, EntitlementId::from_integer(4), request}};
            case 5: return SetDefault{customer, entitlement, request, actor};
            case 6:
                return Adjust{.customer = customer,
                              .id = entitlement,
                              .quantity = cases(static_cast<std::int64_t>(pick(5)) - 2),
                              .channel = Channel::phone,
                              .channel_quantity = cases(static_cast<std::int64_t>(pick(3)) - 1),
                              .reason = "counted by hand",
                              .request = request};
            case 7:
                return Amend{.customer = customer,
                             .id = entitlement,
                             .changes = {.priority = static_cast<std::int32_t>(pick(4))},
                             .request = request};
            case 8:
            case 9:
            case 10:
            case 11:
                return OpenCase{
                    .customer = customer, .id = id, .origin = origin, .request = request, .actor = actor};
            case 12:
            case 13: return ResolveCase{.customer = customer, .id = id, .request = request, .actor = actor};
            case 14: return CancelCase{customer, id, request, actor};
            case 15: return ReactivateCase{customer, id, origin, request, actor};
            case 16: return ChangeOrigin{customer, id, origin, request, actor};
            case 17: return ChangeEntitlement{customer, id, entitlement, request, actor};
            case 18: return SetDecrement{customer, id, pick(2) == 0, request, actor};
            default:
                return pick(3) == 0 ? Command{DeleteCase{customer, id, request, actor}}
                                    : Command{Remove{customer, EntitlementId::from_integer(4), request}};
        }
    }
    [[nodiscard]] Instant now() const { return july + step_ * 1min; }

private:
    [[nodiscard]] std::size_t pick(std::size_t count) { return random_() % count; }

    std::mt19937 random_;
    int step_ = 0;
};

Outcome run_any(Engine& engine, const Command& command, Instant now) {
    return std::visit([&](const auto& one) { return engine.execute(one, now); }, command);
}

/// What one customer's store shows.
Everything of_customer(const Store& store, CustomerId customer) {
    Everything all = everything(store);
    std::erase_if(all.entitlements, [&](const auto& one) { return one.customer != customer; });
    std::erase_if(all.cases, [&](const auto& one) { return one.customer != customer; });
    std::erase_if(all.entries, [&](const auto& one) { return one.customer != customer; });
    return all;
}

class Replay : public testing::TestWithParam<StoreSort> {
protected:
    static constexpr int steps = 600;

    [[nodiscard]] std::unique_ptr<Store> fresh(const std::string& place) const {
        return GetParam().open(scratch_.file(place));
    }

private:
    Scratch scratch_;
};

TEST_P(Replay, S11_entries_are_never_changed_or_deleted) {
    for (const unsigned seed : {1U, 2U, 3U}) {
        const auto store = fresh(fmt::format("kept_{}", seed));
        Engine engine{*store};
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
        Engine engine{*store};
        RandomHistory history{seed};
        std::map<std::pair<CustomerId, std::uint64_t>, Receipt> receipts;
        for (int i = 0; i < steps; ++i) {
            const Command command = history.next();
            const Outcome outcome = run_any(engine, command, history.now());
            if (outcome && outcome->number != 0 && !outcome->repeated) {
                receipts[{outcome->customer, outcome->number}] = *outcome;
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
    Engine engine{*store};
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
            EXPECT_EQ(told.entitlement, one.entitlement);
            EXPECT_EQ(told.since, one.since);
            EXPECT_EQ(told.last_number, one.last_number);
            EXPECT_FALSE(told.deleted);
        }
    }
}

TEST_P(Replay, S11_one_customers_commands_replayed_into_an_empty_store_give_the_same) {
    const auto store = fresh("original");
    Engine engine{*store};
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
    Engine again{empty};
    for (const Done& one : done) {
        const Outcome outcome = run_any(again, one.command, one.now);
        ASSERT_THAT(outcome, ok());
        ASSERT_EQ(*outcome, one.receipt) << "refused commands and other customers left nothing to depend on";
    }
    EXPECT_TRUE(everything(empty) == of_customer(*store, acme));
}

INSTANTIATE_TEST_SUITE_P(, Replay, testing::ValuesIn(stores()),
                         [](const auto& sort) { return std::string{sort.param.name}; });

}  // namespace
}  // namespace store_contract
