#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "entitle/value/channel.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/top_up.hpp"

/// Section 8: in which order what was agreed and what was added to it are used.
namespace entitle::inline v0::rule {

/// The priority of what was agreed, the base allotment, among top-ups.
inline constexpr std::int32_t base_priority = 100;

namespace detail {

/// Whether the base allotment is used before a top-up: lower priority number, then earlier end, then earlier
/// made, which it was.
[[nodiscard]] inline bool base_comes_before(Instant base_ends, const TopUpState& one) {
    return std::tuple{base_priority, base_ends} <= std::tuple{one.priority, one.expires};
}

/// Whether a top-up is used before another that was made later.
[[nodiscard]] inline bool comes_before(const TopUpState& one, const TopUpState& other) {
    return std::tie(one.priority, one.expires) < std::tie(other.priority, other.expires);
}

/// The begun top-ups of a counter that have something left, in burn order.
[[nodiscard]] inline std::vector<std::size_t> in_burn_order(const TopUps& all, const Channel& counter) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < all.open.size(); ++i) {
        const TopUpState& one = all.open[i];
        if (one.begun && one.raises(counter) && one.rest(counter) > 0) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return comes_before(all.open[a], all.open[b]); });
    return order;
}

}  // namespace detail

/// Uses so much of a counter (the total where there is no channel), whose base allotment has `base`: each has what
/// it has left, and what nobody has is the base allotment's to owe. `tell(top_up, amount)` hears what each
/// top-up pays, in burn order.
template <class Tell>
void burn(TopUps& all, const Channel& counter, std::int64_t base, std::int64_t quantity, Tell tell) {
    base = std::max(base, std::int64_t{0});
    bool base_came = false;
    for (const std::size_t at : detail::in_burn_order(all, counter)) {
        TopUpState& one = all.open[at];
        if (!base_came && detail::base_comes_before(all.base_ends, one)) {
            base_came = true;
            quantity -= std::min(quantity, base);
        }
        const std::int64_t pays = std::min(quantity, one.rest(counter));
        if (pays == 0) continue;
        one.rest(counter) -= pays;
        quantity -= pays;
        tell(one, pays);
    }
}

/// What holds of so much ask of the base allotment of a counter, which ends at an instant: what is left of the top-ups
/// that are used before it does not cover.
[[nodiscard]] inline std::int64_t held_of_base(const TopUps& all, const Channel& counter, Instant base_ends,
                                               std::int64_t held) {
    for (const TopUpState& one : all.open) {
        const bool is_before = one.begun && one.raises(counter) && !detail::base_comes_before(base_ends, one);
        if (is_before) held -= one.rest(counter);
    }
    return std::max(held, std::int64_t{0});
}

/// What of a top-up's amount pays, when it begins, what is owed already on a counter.
[[nodiscard]] inline std::int64_t paid_at_once(std::int64_t amount, std::int64_t base) {
    return std::min(amount, std::max(-base, std::int64_t{0}));
}

}  // namespace entitle::inline v0::rule
