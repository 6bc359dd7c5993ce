#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/channel.hpp"
#include "entitle/value/expiring_hold.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/words.hpp"

/// Holds that expire as text: when, as the reason of the entry that makes one, and all that stand, as stores keep them.
namespace entitle::inline v0 {

/// `until 1404172800000000`.
[[nodiscard]] inline std::string until_text(Instant until) {
    return fmt::format("until {}", detail::ticks(until));
}
/// The instant from that text; `max()`, never, where it is another.
[[nodiscard]] inline Instant until_from(std::string_view text) {
    detail::Words words{text};
    std::int64_t until = 0;
    const bool is_read = words.skip("until") && words.read(until) && words.at_end();
    return is_read ? Instant{Instant::duration{until}} : Instant::max();
}

namespace detail {

[[nodiscard]] inline bool read_hold(Words& words, ExpiringHold& one) {
    std::int64_t until = 0;
    Uuid id;
    if (!words.skip("number") || !words.read(one.entry.number) || !words.read(one.entry.ordinal) ||
        !words.skip("case") || !words.read(id.hi) || !words.read(id.lo) || !words.skip("of") ||
        !words.read(one.quantity) || !words.skip("until") || !words.read(until) || !words.skip("lost") ||
        !words.read(one.lost) || !words.read(one.channel_lost) || !words.skip("channel") ||
        !words.read_name(one.channel)) {
        return false;
    }
    one.support_case = CaseId{id};
    one.until = Instant{Instant::duration{until}};
    return true;
}

/// Whether a hold can be as a text says. (Whatever is counted, the limit of terms is less.)
[[nodiscard]] inline bool is_possible(const ExpiringHold& one) {
    constexpr std::int64_t most = std::int64_t{1} << 52;
    const auto within = [&one](std::int64_t lost) { return lost >= 0 && lost <= one.quantity; };
    return !one.entry.is_none() && one.quantity > 0 && one.quantity <= most && within(one.lost) &&
           within(one.channel_lost) && (one.channel || one.channel_lost == 0) && one.until != Instant::max();
}

}  // namespace detail

/// All of what is kept of an entitlement's holds that expire; empty where it never had any.
[[nodiscard]] inline std::string text_of(const ExpiringHolds& holds) {
    std::string text;
    if (holds.first == 0) return text;
    auto out = fmt::format_to(std::back_inserter(text), "first {}", holds.first);
    for (const ExpiringHold& one : holds.open) {
        out = fmt::format_to(out, " number {} {} case {} {} of {} until {} lost {} {} channel {} {}",
                             one.entry.number, one.entry.ordinal, one.support_case.bits().hi,
                             one.support_case.bits().lo, one.quantity, detail::ticks(one.until), one.lost,
                             one.channel_lost, one.channel.name().size(), one.channel.name());
    }
    return text;
}

/// … and back; nothing where the text does not hold together.
[[nodiscard]] inline std::optional<ExpiringHolds> expiring_holds_from(std::string_view text) {
    ExpiringHolds all;
    if (text.empty()) return all;
    detail::Words words{text};
    if (!words.skip("first") || !words.read(all.first) || all.first == 0) return std::nullopt;
    while (!words.at_end()) {
        ExpiringHold one;
        const EntryRef last = all.open.empty() ? EntryRef{all.first - 1, 0} : all.open.back().entry;
        if (!detail::read_hold(words, one) || !detail::is_possible(one) || one.entry <= last ||
            all.open.size() == max_expiring_holds)
            return std::nullopt;
        all.open.push_back(one);
    }
    return all;
}

}  // namespace entitle::inline v0
