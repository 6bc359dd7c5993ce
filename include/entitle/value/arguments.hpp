#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "entitle/value/command.hpp"

/// A fingerprint of a command's arguments: everything but the request id. A request id that comes again with
/// another fingerprint is `request_id_reused` (R11).
namespace entitle::inline v0 {

namespace detail {

/// Mixes one value after another into a word. Stable: stores keep it.
class ArgumentHash {
public:
    [[nodiscard]] std::uint64_t word() const { return word_; }

    void add(std::uint64_t value) {
        word_ = (word_ ^ value) * 0x9FB2'1C65'1E98'DF25;
        word_ ^= word_ >> 32;
    }
    template <class T>
    requires(std::is_enum_v<T> || std::is_integral_v<T>) void add(T value) {
        add(static_cast<std::uint64_t>(value));
    }
    template <class Tag>
    void add(Id<Tag> id) {
        add(id.bits().hi);
        add(id.bits().lo);
    }
    void add(std::string_view text) {
        add(text.size());
        for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    }
    void add(const std::string& text) { add(std::string_view{text}); }
    void add(const Channel& channel) {
        const bool is_short = channel.name().size() < 8;
        add(is_short ? channel.key().bits() : ChannelKey::hash_of(channel.name()));
        if (is_short) return;
        for (const char c : channel.name()) add(static_cast<std::uint64_t>(ascii_lower(c)));
    }
    void add(const Currency& currency) { add(currency.code()); }
    void add(const Quantity& quantity) {
        add(quantity.value);
        add(quantity.unit.allocation);
        add(quantity.unit.currency);
    }
    void add(std::chrono::seconds time) { add(time.count()); }
    void add(Instant instant) { add(instant.time_since_epoch().count()); }
    void add(const Money& money) { add(Quantity(money)); }
    void add(const Day& day) {
        add(static_cast<int>(day.year()));
        add(static_cast<unsigned>(day.month()));
        add(static_cast<unsigned>(day.day()));
    }
    void add(const Coverage& c) { add_all(c.first_day, c.last_day, c.time_zone); }
    void add(const Terms& t) { add_all(t.total, t.allocation, t.decrease_on, t.restricted); }
    void add(const PeriodTerms& p) {
        add_all(p.cycle.every, p.cycle.step, p.cycle.anchor, p.rollover, p.preserve_overage);
    }
    void add(const ChannelTerms& c) { add_all(c.channel, c.total); }
    void add(const ImportedChannel& c) { add_all(c.entitlement, c.channel, c.total, c.remaining); }
    void add(const Scope& s) { add_all(s.contacts, s.products, s.assets, s.case_types); }
    void add(const Changes& c) {
        add_all(c.name, c.description, c.coverage, c.terms, c.channels, c.scope, c.priority, c.sla, c.owner,
                c.knowledge_base, c.discount_percent);
        add_given(c.period);
        if (c.low_water) add_marks(*c.low_water);
    }
    void add(const LowWater& mark) { add_all(mark.channel, mark.left, mark.percent); }
    /// Marked off from what else came later. None are something where a change takes them away.
    void add_marks(const std::vector<LowWater>& marks) { add_all(std::string_view{"low_water"}, marks); }
    void add_given(const std::vector<LowWater>& marks) {
        if (!marks.empty()) add_marks(marks);
    }
    /// What came later than the rest, and may be absent: then the word is what it was before.
    template <class T>
    void add_given(const std::optional<T>& value) {
        if (value) add(*value);
    }
    template <class T>
    void add(const std::optional<T>& value) {
        add(value.has_value());
        if (value) add(*value);
    }
    template <class T>
    void add(const std::vector<T>& values) {
        add(values.size());
        for (const T& value : values) add(value);
    }
    template <class... T>
    void add_all(const T&... values) {
        (add(values), ...);
    }

private:
    std::uint64_t word_ = 0x243F'6A88'85A3'08D3;
};

inline void add_own(ArgumentHash& h, const Draft& c) {
    h.add_all(c.name, c.description, c.coverage, c.terms, c.channels, c.scope, c.priority, c.is_default,
              c.sla, c.made_from, c.owner, c.knowledge_base, c.discount_percent);
    h.add_given(c.period);
    h.add_given(c.low_water);
}
inline void add_own(ArgumentHash& h, const ImportEntitlement& c) {
    h.add_all(c.name, c.description, c.coverage, c.terms, c.remaining, c.channels, c.scope, c.priority,
              c.is_default, c.status, c.sla, c.made_from, c.owner, c.knowledge_base, c.discount_percent);
    h.add_given(c.period);
    h.add_given(c.low_water);
}
inline void add_own(ArgumentHash& h, const Revise& c) { h.add(c.changes); }
inline void add_own(ArgumentHash& h, const Amend& c) { h.add(c.changes); }
inline void add_own(ArgumentHash& h, const SetChannel& c) { h.add_all(c.channel, c.total); }
inline void add_own(ArgumentHash& h, const RemoveChannel& c) { h.add(c.channel); }
inline void add_own(ArgumentHash& h, const ReviseScope& c) { h.add_all(c.add, c.remove); }
inline void add_own(ArgumentHash& h, const Renew& c) { h.add(c.new_id); }
inline void add_own(ArgumentHash& h, const Adjust& c) {
    h.add_all(c.quantity, c.channel, c.channel_quantity, c.reason);
}
inline void add_own(ArgumentHash& h, const TopUp& c) {
    h.add_all(c.amount, c.channel, c.priority, c.from, c.expires, c.rollover);
}
inline void add_own(ArgumentHash& h, const VoidTopUp& c) { h.add(c.top_up); }
inline void add_own(ArgumentHash& h, const OpenCase& c) {
    h.add_all(c.contact, c.product, c.asset, c.case_type, c.origin, c.entitlement, c.decrement);
    const bool is_served =
        c.priority != 0 || c.stage || c.sla;  // what came later: else the word is what it was
    if (is_served) h.add_all(std::string_view{"service"}, c.priority, c.stage.name(), c.sla);
}
inline void add_own(ArgumentHash& h, const ResolveCase& c) { h.add_all(c.time_spent, c.cost); }
inline void add_own(ArgumentHash& h, const ReactivateCase& c) { h.add(c.origin); }
inline void add_own(ArgumentHash& h, const ChangeOrigin& c) { h.add(c.origin); }
inline void add_own(ArgumentHash& h, const ChangeEntitlement& c) { h.add(c.entitlement); }
inline void add_own(ArgumentHash& h, const ChangeContact& c) { h.add(c.contact); }
inline void add_own(ArgumentHash& h, const ChangeProduct& c) { h.add(c.product); }
inline void add_own(ArgumentHash& h, const ChangeAsset& c) { h.add(c.asset); }
inline void add_own(ArgumentHash& h, const ChangeCaseType& c) { h.add(c.case_type); }
inline void add_own(ArgumentHash& h, const SetDecrement& c) { h.add(c.decrement); }
inline void add_own(ArgumentHash& h, const ChangeStage& c) { h.add(c.stage.name()); }
inline void add_own(ArgumentHash& h, const ChangePriority& c) { h.add(c.priority); }
inline void add_own(ArgumentHash& h, const ChangeServiceLevel& c) { h.add(c.sla); }
inline void add_own(ArgumentHash& h, const MeetKpi& c) { h.add(c.kpi); }
inline void add_own(ArgumentHash& h, const Instantiate& c) { h.add_all(c.from, c.is_default); }
inline void add_own(ArgumentHash& h, const Assign& c) { h.add_all(c.product, c.quantity); }
inline void add_own(ArgumentHash& h, const HoldTerms& c) { h.add_all(c.quantity, c.expires); }
/// The commands that say nothing but what they are about.
template <class C>
requires(C::kind == CommandKind::activate || C::kind == CommandKind::deactivate ||
         C::kind == CommandKind::cancel || C::kind == CommandKind::set_default ||
         C::kind == CommandKind::remove || C::kind == CommandKind::cancel_case ||
         C::kind == CommandKind::delete_case || C::kind == CommandKind::release_terms ||
         C::kind == CommandKind::respond_to_case) void add_own(ArgumentHash&, const C&) {}

}  // namespace detail

/// The same arguments give the same word; others, but for a chance of 2⁻⁶⁴, another.
template <class C>
[[nodiscard]] std::uint64_t arguments_of(const C& command) {
    detail::ArgumentHash hash;
    hash.add_all(C::kind, command.id, command.actor);
    detail::add_own(hash, command);
    return hash.word();
}

}  // namespace entitle::inline v0
