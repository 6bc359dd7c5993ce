#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// The choices that hosts differ about (section 9). A policy belongs to an engine.
namespace entitle::inline v0 {

enum class Renewable : std::uint8_t { canceled, canceled_and_expired };
enum class RenewalSpan : std::uint8_t { days, whole_months };
enum class UnlistedChannel : std::uint8_t { refuse, admit_total_only };
enum class ExhaustedAtOpening : std::uint8_t { refuse, admit };
enum class ExhaustedChannel : std::uint8_t { refuse, count_negative };
enum class OriginChange : std::uint8_t { ask_and_move, ignore };
enum class ReactivationReturns : std::uint8_t { what_stands, current_listing };
enum class Overage : std::uint8_t { refuse, negative, split };

struct Policy {
    /// Which statuses renew (R1).
    Renewable renewable = Renewable::canceled;
    /// How long a renewed entitlement lasts (R2).
    RenewalSpan renewal_span = RenewalSpan::days;
    /// A restricted entitlement that does not list the channel, when a case opens …
    UnlistedChannel unlisted_at_opening = UnlistedChannel::refuse;
    /// … and when one is resolved and would post.
    UnlistedChannel unlisted_at_resolution = UnlistedChannel::refuse;
    /// Opening on exhausted terms, where they decrease on resolution.
    ExhaustedAtOpening exhausted_at_opening = ExhaustedAtOpening::refuse;
    /// A restricted channel with nothing left: `count_negative` lets only the total limit.
    ExhaustedChannel exhausted_channel = ExhaustedChannel::refuse;
    /// A new origin on an open case.
    OriginChange origin_change = OriginChange::ask_and_move;
    /// What reactivation from resolved returns: `current_listing` is the posted quantity to the total, and
    /// to the channel of the origin that the case had when resolved, if it is listed now.
    ReactivationReturns reactivation_returns = ReactivationReturns::what_stands;
    /// A restricted resolution that needs more than is left.
    Overage overage = Overage::refuse;
    /// Hold at opening, where a resolution is what uses terms, as much as an opening would post elsewhere.
    bool hold_on_creation = false;
    /// A case resolved longer ago than this many days is not reopened (`reopen_too_late`); absent: no limit.
    std::optional<std::int32_t> reopen_within_days{};

    friend constexpr bool operator==(const Policy&, const Policy&) = default;
};

namespace policy {

/// The default.
inline constexpr Policy standard{};

/// As the product's documentation and its users describe it.
inline constexpr Policy dynamics365{.renewable = Renewable::canceled_and_expired,
                                    .unlisted_at_opening = UnlistedChannel::admit_total_only,
                                    .unlisted_at_resolution = UnlistedChannel::admit_total_only,
                                    .origin_change = OriginChange::ignore};

/// As its 2013 release behaved: what is short is refused at resolution rather than at opening.
inline constexpr Policy crm2014{.renewable = Renewable::canceled_and_expired,
                                .unlisted_at_opening = UnlistedChannel::admit_total_only,
                                .exhausted_at_opening = ExhaustedAtOpening::admit,
                                .origin_change = OriginChange::ignore,
                                .reactivation_returns = ReactivationReturns::current_listing};

/// What a desk would choose for itself.
inline constexpr Policy desk{.renewal_span = RenewalSpan::whole_months,
                             .overage = Overage::split,
                             .hold_on_creation = true,
                             .reopen_within_days = 30};

struct Preset {
    std::string_view name;
    Policy policy;
};
inline constexpr std::array<Preset, 4> presets{
    {{"standard", standard}, {"dynamics365", dynamics365}, {"crm2014", crm2014}, {"desk", desk}}};

/// Nothing when there is no preset of that name.
[[nodiscard]] constexpr std::optional<Policy> named(std::string_view name) {
    for (const Preset& preset : presets) {
        if (preset.name == name) return preset.policy;
    }
    return std::nullopt;
}

/// Names the policy in a store: the same fields give the same word in every version and on every machine.
[[nodiscard]] constexpr std::uint64_t fingerprint(const Policy& policy) {
    const std::array<std::uint64_t, 11> fields{
        static_cast<std::uint64_t>(policy.renewable),
        static_cast<std::uint64_t>(policy.renewal_span),
        static_cast<std::uint64_t>(policy.unlisted_at_opening),
        static_cast<std::uint64_t>(policy.unlisted_at_resolution),
        static_cast<std::uint64_t>(policy.exhausted_at_opening),
        static_cast<std::uint64_t>(policy.exhausted_channel),
        static_cast<std::uint64_t>(policy.origin_change),
        static_cast<std::uint64_t>(policy.reactivation_returns),
        static_cast<std::uint64_t>(policy.overage),
        static_cast<std::uint64_t>(policy.hold_on_creation),
        policy.reopen_within_days ? static_cast<std::uint64_t>(*policy.reopen_within_days) + 1 : 0};
    std::uint64_t print = 0xCBF2'9CE4'8422'2325;
    for (const std::uint64_t field : fields) {
        for (int shift = 0; shift < 64; shift += 8)
            print = (print ^ ((field >> shift) & 0xFF)) * 0x100'0000'01B3;
    }
    return print == 0 ? 1 : print;
}

}  // namespace policy

}  // namespace entitle::inline v0
