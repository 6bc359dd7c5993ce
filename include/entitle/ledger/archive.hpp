#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "entitle/ledger/audit.hpp"
#include "entitle/ledger/chain.hpp"
#include "entitle/ledger/rebuild.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/seal.hpp"

namespace entitle::inline v0 {

/// A sealed prefix of a customer's ledger, taken out of its store.
struct Archive {
    Base former{};                 ///< what stood before these entries; number 0: nothing
    std::vector<Entry> entries{};  ///< in number order, up to the base
    Base base{};                   ///< what the store keeps in their place
};

namespace ledger {

/// The heads after each command of one customer's entries; nothing where their numbers have gaps.
[[nodiscard]] inline std::optional<std::vector<Digest>> heads_of(const Seal& from,
                                                                 std::span<const Entry> entries) {
    Chain chain{from.number, from.head};
    std::vector<Digest> heads;
    const auto keep = [&](bool ended) {
        if (ended) heads.push_back(chain.head());
        return chain.number() == from.number + heads.size();
    };
    for (const Entry& entry : entries) {
        if (!keep(chain.add(entry))) return std::nullopt;
    }
    if (!keep(chain.end())) return std::nullopt;
    return heads;
}

/// What an audit needs to start after these entries.
[[nodiscard]] inline Base base_after(const Base& former, std::span<const Entry> entries, const Digest& head) {
    Rebuilt rebuilt = rebuilt_from(former);
    std::map<EntitlementId, std::uint64_t> revised = revised_in(former);
    for (const Entry& entry : entries) {
        add(rebuilt, entry);
        if (changes_agreement(entry.command)) revised[entry.entitlement] = entry.number;
    }
    Base base;
    base.seal = {former.seal.customer, entries.empty() ? former.seal.number : entries.back().number, head};
    for (const auto& [id, counter] : rebuilt.totals) {
        base.counters.push_back({id, {}, counter.moved, counter.after, counter.last, revised[id]});
    }
    for (const auto& [key, counter] : rebuilt.channels) {
        const Channel channel = Channel::named(key.second).value_or(Channel{});
        base.counters.push_back(
            {key.first, channel, counter.moved, counter.after, counter.last, revised[key.first]});
    }
    for (const auto& [id, known] : rebuilt.cases) {
        if (known.deleted) continue;
        base.cases.push_back({id, known.entitlement, known.state, known.posted, known.held, known.overage,
                              known.since, known.last_number});
    }
    return base;
}

/// Whether entries of a customer behind a command refer to others up to it of which an audit would have to know what
/// boundaries and top-ups did since.
[[nodiscard]] inline bool reach_across(std::span<const Entry> entries, std::uint64_t through) {
    std::map<EntitlementId, std::uint64_t> boundaries;           // the last command that told of one
    std::set<std::pair<EntitlementId, std::uint64_t>> paid_for;  // commands of which top-ups paid something
    for (const Entry& entry : entries) {
        if (entry.number <= through) {
            if (entry.kind == EntryKind::period) boundaries[entry.entitlement] = entry.number;
            if (entry.kind == EntryKind::draw) paid_for.emplace(entry.entitlement, entry.number);
            continue;
        }
        if (entry.reverses.is_none() || entry.reverses.number > through) continue;
        const auto last = boundaries.find(entry.entitlement);
        const bool is_late = last != boundaries.end() && entry.reverses.number < last->second;
        if (is_late || names_top_up(entry) || paid_for.contains({entry.entitlement, entry.reverses.number}))
            return true;
    }
    return false;
}

/// Whether an archive's entries are what its base's seal says, and lead from the one base to the other.
[[nodiscard]] inline bool is_whole(const Archive& archive) {
    const auto heads = heads_of(archive.former.seal, archive.entries);
    const Digest& last = heads && !heads->empty() ? heads->back() : archive.former.seal.head;
    return heads && last == archive.base.seal.head &&
           archive.base == base_after(archive.former, archive.entries, last);
}

}  // namespace ledger

}  // namespace entitle::inline v0
