#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include "entitle/rule/admission.hpp"
#include "entitle/value/view.hpp"

/// Section 6: which entitlement a case gets when it names none, and in which order they are tried.
namespace entitle::inline v0::rule {

/// What decides an entitlement's place among its customer's.
struct SelectionKey {
    bool is_default = false;
    std::int32_t priority = 0;
    std::uint8_t scope = 0;  ///< the more specific, the larger: see `ScopeBit`
    Instant end{};
    std::uint64_t sequence = 0;

    /// Default first → lower priority number → more specific → earlier end → made earlier.
    friend bool operator<(const SelectionKey& a, const SelectionKey& b) {
        return std::tuple(!a.is_default, a.priority, -int{a.scope}, a.end, a.sequence) <
               std::tuple(!b.is_default, b.priority, -int{b.scope}, b.end, b.sequence);
    }
};

[[nodiscard]] inline SelectionKey selection_key(const EntitlementRow& row) {
    return {row.is_default, row.record->agreement.priority, row.scope, row.end, row.record->sequence};
}

/// One row's new key; `no_row` is the entitlement that the plan inserts.
struct Rekeyed {
    std::uint32_t row;
    SelectionKey key;
};

/// The rows' order once some have new keys, by their former indexes.
[[nodiscard]] inline std::vector<std::uint32_t> order_after(const View& view,
                                                            std::span<const Rekeyed> changed,
                                                            std::uint32_t removed = no_row) {
    std::vector<Rekeyed> keyed(changed.begin(), changed.end());
    for (std::uint32_t i = 0; i < view.rows.size(); ++i) {
        const bool given =
            std::any_of(changed.begin(), changed.end(), [i](const Rekeyed& c) { return c.row == i; });
        if (!given && i != removed) keyed.push_back({i, selection_key(view.rows[i])});
    }
    std::sort(keyed.begin(), keyed.end(), [](const Rekeyed& a, const Rekeyed& b) { return a.key < b.key; });
    std::vector<std::uint32_t> order;
    order.reserve(keyed.size());
    for (const Rekeyed& item : keyed) order.push_back(item.row);
    return order;
}

/// The entitlement chosen, or the refusal of the one that got furthest.
struct Selection {
    std::uint32_t row = no_row;  ///< chosen, or furthest; none: the customer has no entitlement
    Admission answer{ErrorCode::no_entitlement, no_channel};
};

/// The first that admits; else the one that got furthest in section 5 (ties: the first in order). Where a
/// row is named, it alone is asked.
[[nodiscard]] inline Selection select(const View& view, const Question& question, const GuardLog& log = {},
                                      std::uint32_t named = no_row) {
    Selection furthest;
    int steps = 0;
    const auto first = named == no_row ? 0 : named;
    const auto end = named == no_row ? static_cast<std::uint32_t>(view.rows.size()) : named + 1;
    for (std::uint32_t i = first; i < end; ++i) {
        const Admission answer = admit(Candidate{view, i}, question, log);
        if (answer.admitted()) return {i, answer};
        if (step_of(answer.refusal) > steps) {
            steps = step_of(answer.refusal);
            furthest = {i, answer};
        }
    }
    return furthest;
}

}  // namespace entitle::inline v0::rule
