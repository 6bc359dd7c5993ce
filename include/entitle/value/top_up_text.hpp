#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/channel.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/top_up.hpp"
#include "entitle/value/words.hpp"

/// Top-ups as text: their terms, as the reason of the entry that makes one, and all that are open, as stores keep
/// them. Instants are microseconds since 1970, amounts base units.
namespace entitle::inline v0 {

namespace detail {

template <class Out>
Out write_terms(Out out, const TopUpState& terms) {
    out = fmt::format_to(out, "priority {} from {} expires ", terms.priority, ticks(terms.from));
    out = write_unless(out, "never", terms.expires == Instant::max(), ticks(terms.expires));
    out = fmt::format_to(out, " rollover ");
    return write_unless(out, "all", !terms.rollover, terms.rollover.value_or(0));
}

[[nodiscard]] inline bool read_terms(Words& words, TopUpState& terms) {
    std::int64_t from = 0;
    std::optional<std::int64_t> expires;
    const bool read = words.skip("priority") && words.read(terms.priority) && words.skip("from") &&
                      words.read(from) && words.skip("expires") && words.read_unless("never", expires) &&
                      words.skip("rollover") && words.read_unless("all", terms.rollover);
    terms.from = Instant{Instant::duration{from}};
    terms.expires = expires ? Instant{Instant::duration{*expires}} : Instant::max();
    return read && terms.from < terms.expires && terms.rollover.value_or(0) >= 0;
}

[[nodiscard]] inline bool read_state(Words& words, TopUpState& one) {
    int begun = 0;
    if (!words.skip("number") || !words.read(one.number) || !words.skip("amount") ||
        !words.read(one.amount) || !read_terms(words, one) || !words.skip("begun") || !words.read(begun) ||
        !words.skip("left") || !words.read(one.left) || !words.read(one.channel_left) ||
        !words.skip("channel") || !words.read_name(one.channel)) {
        return false;
    }
    one.begun = begun == 1;
    return begun == 0 || begun == 1;
}

/// Whether a top-up can be as a text says. (Whatever is counted, the limit of terms is less, and as many as may be open
/// fit into a sum.)
[[nodiscard]] inline bool is_possible(const TopUpState& one) {
    constexpr std::int64_t most = std::int64_t{1} << 52;
    const auto within = [&one](std::int64_t rest) { return rest >= 0 && rest <= one.amount; };
    return one.number != 0 && one.amount > 0 && one.amount <= most && within(one.left) &&
           within(one.channel_left) && (one.begun || (one.left == 0 && one.channel_left == 0)) &&
           (one.channel || one.channel_left == 0);
}

}  // namespace detail

/// `priority 100 from 1404172800000000 expires never rollover all`.
[[nodiscard]] inline std::string terms_text(const TopUpState& terms) {
    std::string text;
    detail::write_terms(std::back_inserter(text), terms);
    return text;
}

/// The terms of a top-up from that text; nothing where it is another.
[[nodiscard]] inline std::optional<TopUpState> top_up_terms(std::string_view text) {
    TopUpState terms;
    detail::Words words{text};
    if (!detail::read_terms(words, terms) || !words.at_end()) return std::nullopt;
    return terms;
}

/// All of what is kept of an entitlement's top-ups; empty where it never had any.
[[nodiscard]] inline std::string text_of(const TopUps& top_ups) {
    std::string text;
    if (top_ups.first == 0) return text;
    auto out = fmt::format_to(std::back_inserter(text), "first {} base ", top_ups.first);
    out = detail::write_unless(out, "never", top_ups.base_ends == Instant::max(),
                               detail::ticks(top_ups.base_ends));
    for (const TopUpState& one : top_ups.open) {
        out = fmt::format_to(out, " number {} amount {} ", one.number, one.amount);
        out = detail::write_terms(out, one);
        out = fmt::format_to(out, " begun {} left {} {} channel {} {}", int{one.begun}, one.left,
                             one.channel_left, one.channel.name().size(), one.channel.name());
    }
    return text;
}

/// … and back; nothing where the text does not hold together.
[[nodiscard]] inline std::optional<TopUps> top_ups_from(std::string_view text) {
    TopUps all;
    if (text.empty()) return all;
    detail::Words words{text};
    std::optional<std::int64_t> base_ends;
    if (!words.skip("first") || !words.read(all.first) || all.first == 0 || !words.skip("base") ||
        !words.read_unless("never", base_ends)) {
        return std::nullopt;
    }
    if (base_ends) all.base_ends = Instant{Instant::duration{*base_ends}};
    while (!words.at_end()) {
        TopUpState one;
        const std::uint64_t last = all.open.empty() ? all.first - 1 : all.open.back().number;
        if (!detail::read_state(words, one) || !detail::is_possible(one) || one.number <= last ||
            all.open.size() == max_top_ups)
            return std::nullopt;
        all.open.push_back(one);
    }
    return all;
}

}  // namespace entitle::inline v0
