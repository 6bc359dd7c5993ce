// Whatever one thing somebody changes in a ledger behind the engine's back, the audit finds it: what balances that are still
// there follow from at once, and everything once the ledger is sealed.

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "conformance/tampered_store.hpp"
#include "property/execute.hpp"
#include "property/history.hpp"
#include "property/policies.hpp"

namespace entitle_property {
namespace {

using entitle::Entry;

/// Of which entries the audit finds it though nothing is sealed.
enum class Found { no, of_totals, of_channels };

/// A change of one entry, by a number that says how much or which.
struct Tampering {
    std::string_view field;
    void (*change)(Entry&, int);
    Found unsealed = Found::no;
};

template <class E>
E other(E value, int by, int count) {
    return static_cast<E>((static_cast<int>(value) + 1 + by % (count - 1)) % count);
}

const std::array tamperings{
    Tampering{"number", [](Entry& e, int by) { e.number += static_cast<std::uint64_t>(by % 3 + 1); }},
    Tampering{"ordinal", [](Entry& e, int by) { e.ordinal += static_cast<std::uint32_t>(by % 3 + 1); }},
    Tampering{"kind", [](Entry& e, int by) { e.kind = other(e.kind, by, 12); }},
    Tampering{"total_moved", [](Entry& e, int by) { e.total_moved += by % 2 == 0 ? 1 : -1; },
              Found::of_totals},
    Tampering{"channel_moved", [](Entry& e, int by) { e.channel_moved += by % 2 == 0 ? 1 : -1; },
              Found::of_channels},
    Tampering{"remaining", [](Entry& e, int by) { e.remaining += by % 2 == 0 ? 1 : -1; }, Found::of_totals},
    Tampering{"channel_remaining", [](Entry& e, int by) { e.channel_remaining += by % 2 == 0 ? 1 : -1; },
              Found::of_channels},
    Tampering{"amount", [](Entry& e, int by) { e.amount += by % 2 == 0 ? 1 : -1; }},
    Tampering{"entitlement",
              [](Entry& e, int by) {
                  e.entitlement =
                      entitle::EntitlementId::from_integer(static_cast<std::uint64_t>(by) + 1'000'000);
              }},
    Tampering{"support_case",
              [](Entry& e, int by) {
                  e.support_case = entitle::CaseId::from_integer(static_cast<std::uint64_t>(by) + 1'000'000);
              }},
    Tampering{"channel",
              [](Entry& e, int) { e.channel = e.channel ? entitle::Channel{} : entitle::Channel::web; }},
    Tampering{"reverses",
              [](Entry& e, int by) { e.reverses.number += static_cast<std::uint64_t>(by % 3 + 1); }},
    Tampering{"command", [](Entry& e, int by) { e.command = other(e.command, by, 30); }},
    Tampering{"at", [](Entry& e, int by) { e.at += std::chrono::microseconds{by + 1}; }},
    Tampering{"actor",
              [](Entry& e, int by) {
                  e.actor = entitle::ActorId::from_integer(static_cast<std::uint64_t>(by) + 1'000'000);
              }},
    Tampering{"request",
              [](Entry& e, int by) {
                  e.request = entitle::RequestId::from_integer(static_cast<std::uint64_t>(by) + 1'000'000);
              }},
    Tampering{"reason", [](Entry& e, int) { e.reason += "."; }},
};

/// Whether the balances after an entry follow from those before it: what was agreed is the host's to change.
bool is_followed(const Tampering& how, const Entry& entry, const std::vector<Entry>& entries) {
    if (how.unsealed == Found::no || entitle::ledger::changes_agreement(entry.command)) return false;
    if (how.unsealed == Found::of_totals) return true;
    // what changes an agreement tells of its total only
    return entry.channel && std::ranges::count_if(entries, [&](const Entry& one) {
                                return one.entitlement == entry.entitlement &&
                                       entitle::ledger::changes_agreement(one.command);
                            }) == 1;
}

std::optional<Difference> goes_unnoticed(const Trial& trial, bool seals) {
    const auto store = memory_store(trial);
    entitle::Engine engine{*store, {.policy = engine_policy(trial.policy)}};
    for (const model::Op& op : trial.history) std::ignore = execute(engine, op);
    if (seals && !engine.seal()) return Difference{0, "it could not be sealed"};
    conformance::TamperedStore tampered{*store};
    const entitle::Engine auditor{tampered, {.policy = engine_policy(trial.policy)}};
    std::set<entitle::EntitlementId> there;
    const auto kept = engine.entitlements().value();
    for (const entitle::Entitlement& one : kept) there.insert(one.id);
    Random random{trial.seed};
    for (int i = 0; i < 24; ++i) {
        const Tampering& how =
            tamperings[static_cast<std::size_t>(random.below(static_cast<int>(tamperings.size())))];
        const std::uint64_t which = random.word();
        const int by = random.below(1000);
        std::string what;
        tampered.entries = [&](std::vector<Entry>& entries) {
            if (!what.empty()) return;
            Entry& entry = entries[which % entries.size()];
            if (!seals && !(there.contains(entry.entitlement) && is_followed(how, entry, entries))) return;
            how.change(entry, by);
            what = fmt::format("{} of entry {}/{} ({}, {}) of {}", how.field, entry.number, entry.ordinal,
                               entry.command, entry.kind, entries.size());
        };
        const auto report = auditor.audit();
        if (!what.empty() && report && report->ok()) return Difference{trial.history.size() - 1, what};
    }
    return std::nullopt;
}

TEST(Tampering, of_what_balances_follow_from_is_found) {
    check({.first_seed = 1, .commands = 20'000, .policy = random_policy},
          [](const Trial& trial, bool) { return goes_unnoticed(trial, false); });
}

TEST(Tampering, of_anything_that_is_sealed_is_found) {
    check({.first_seed = 1, .commands = 20'000, .policy = random_policy},
          [](const Trial& trial, bool) { return goes_unnoticed(trial, true); });
}

}  // namespace
}  // namespace entitle_property
