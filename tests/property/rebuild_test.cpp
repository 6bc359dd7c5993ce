// Section 10: balances, case states and receipts come out of the entries alone.

#include "entitle/ledger/rebuild.hpp"

#include <map>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

#include "property/commands.hpp"
#include "property/execute.hpp"
#include "property/history.hpp"

namespace entitle_property {
namespace {

using entitle::ledger::Rebuilt;

std::string balance_difference(const Rebuilt& rebuilt, const entitle::Entitlement& live) {
    const auto total = rebuilt.totals.find(live.id);
    if (total == rebuilt.totals.end()) return fmt::format("entitlement {} has no entry", live.id);
    if (total->second.after != live.remaining || total->second.total() != live.agreement.total()) {
        return fmt::format("entitlement {}: {} of {} left, rebuilt {} of {}", live.id, live.remaining,
                           live.agreement.total(), total->second.after, total->second.total());
    }
    for (const entitle::ChannelBalance& channel : live.channels) {
        const auto known = rebuilt.channels.find({live.id, entitle::ledger::folded(channel.channel)});
        const std::int64_t moved = known == rebuilt.channels.end() ? 0 : known->second.moved;
        if (channel.total + moved != channel.remaining) {
            return fmt::format("entitlement {}, {}: {} left, rebuilt {}", live.id, channel.channel,
                               channel.remaining, channel.total + moved);
        }
    }
    return "";
}

std::string case_difference(const Rebuilt& rebuilt, const entitle::SupportCase& live) {
    const auto known = rebuilt.cases.find(live.id);
    const bool same = known != rebuilt.cases.end() && !known->second.deleted &&
                      known->second.state == live.state && known->second.posted == live.posted &&
                      known->second.entitlement == live.entitlement && known->second.since == live.since &&
                      known->second.last_number == live.last_number;
    return same ? "" : fmt::format("case {} differs from the one rebuilt", live.id);
}

std::string state_rebuilt(const entitle::Engine& engine, entitle::CustomerId customer) {
    const Rebuilt rebuilt = entitle::ledger::rebuild(engine.entries(customer).value());
    const auto entitlements = engine.entitlements(customer).value();
    for (const auto& live : entitlements) {
        if (std::string what = balance_difference(rebuilt, live); !what.empty()) return what;
    }
    const auto cases = engine.cases(customer).value();
    for (const auto& live : cases) {
        if (std::string what = case_difference(rebuilt, live); !what.empty()) return what;
    }
    std::size_t kept = 0;
    for (const auto& [id, known] : rebuilt.cases) kept += known.deleted ? 0U : 1U;
    return kept == cases.size() ? "" : fmt::format("{} cases, rebuilt {}", cases.size(), kept);
}

/// The receipts that the commands were given, by their numbers.
using Receipts = std::map<std::uint64_t, entitle::Receipt>;

std::string receipts_rebuilt(const std::vector<entitle::Entry>& entries, const Receipts& given) {
    std::size_t commands = 0;
    for (std::size_t from = 0; from < entries.size();) {
        std::size_t to = from;
        while (to < entries.size() && entries[to].number == entries[from].number) ++to;
        const auto known = given.find(entries[from].number);
        if (known == given.end()) return fmt::format("no receipt has number {}", entries[from].number);
        const auto again = entitle::ledger::receipt_of(std::span{entries}.subspan(from, to - from),
                                                       known->second.remaining.unit);
        if (again != known->second) return fmt::format("given ({}), rebuilt ({})", known->second, again);
        ++commands;
        from = to;
    }
    return commands == given.size() ? "" : "some receipt has no entry";
}

std::optional<Difference> entries_do_not_tell_all(const Trial& trial, bool) {
    entitle::MemoryStore store{{.hash_seed = trial.seed | 1}};
    entitle::Engine engine{store,
                           {.policy = engine_policy(trial.policy), .ids = entitle::UuidV7{trial.seed}}};
    std::map<int, Receipts> given;
    for (std::size_t i = 0; i < trial.history.size(); ++i) {
        const model::Op& op = trial.history[i];
        const entitle::Outcome outcome = execute(engine, op);
        const bool recorded = outcome && !outcome->repeated && outcome->number != 0;
        if (recorded) given[op.customer][outcome->number] = *outcome;
        if (i % 16 != 15 && i + 1 != trial.history.size()) continue;
        for (int key = 1; key <= 3; ++key) {
            const entitle::CustomerId customer = customer_id(key);
            if (std::string what = state_rebuilt(engine, customer); !what.empty()) return Difference{i, what};
            const auto entries = engine.entries(customer).value();
            if (std::string what = receipts_rebuilt(entries, given[key]); !what.empty()) {
                return Difference{i, what};
            }
        }
    }
    return std::nullopt;
}

TEST(Rebuild, EntriesTellBalancesCasesAndReceipts) {
    check({40'000'000'000, 200'000, 64, random_policy}, entries_do_not_tell_all);
}

}  // namespace
}  // namespace entitle_property
