#pragma once

#include <cstdint>
#include <optional>
#include <type_traits>

#include <fmt/format.h>

#include "entitle/value/channel.hpp"
#include "entitle/value/command_kind.hpp"
#include "entitle/value/entry_kind.hpp"
#include "entitle/value/format.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/kpi.hpp"
#include "entitle/value/low_water.hpp"
#include "entitle/value/quantity.hpp"

namespace entitle::inline v0 {

/// What a command did: a summary of its entries, and rebuilt from them when it is asked for again (R11).
struct Receipt {
    CommandKind command = CommandKind::none;
    /// It was answered from memory or there was nothing to do: nothing was recorded by this call.
    bool repeated = false;
    CustomerId customer{};
    /// The command's number in the customer's ledger; 0 where nothing was recorded.
    std::uint64_t number = 0;
    EntitlementId
        entitlement{};  ///< the one that the command is about; after a change or renewal, the new one
    CaseId support_case{};
    RequestId request{};
    Instant at{};
    Quantity moved{};      ///< signed, of that entitlement's total
    Quantity remaining{};  ///< of that entitlement, after
    /// The channel of the command's last entry on that entitlement, or none.
    Channel channel{};
    Quantity channel_moved{};
    Quantity channel_remaining{};
    std::int64_t held = 0;  ///< base units, signed: what it reserved for the case there, less what it freed
    std::int64_t overage =
        0;  ///< base units that it needed there and did not find: to bill; taken back where negative
    /// The lowest mark that the command took that entitlement's total down to; where it took the total to none, the
    /// lowest of the first channel that it took to one. The ledger tells of all of them.
    std::optional<LowWaterCrossing> low_water{};
    /// Until when the case is promised its first response, and its resolution, of all running promises the soonest: as
    /// it was when the receipt was given, also of a repeat. No other number of a receipt depends on service levels.
    Deadline respond_by{}, resolve_by{};

    /// Adds one of the command's entries on the receipt's entitlement, in order. Those of boundaries are none
    /// of the command's own, and are left out: what is left after the others includes them.
    void add(std::int64_t total_moved, std::int64_t remaining_after, const Channel& by, std::int64_t by_moved,
             std::int64_t by_remaining) {
        moved.value += total_moved;
        remaining.value = remaining_after;
        channel_moved.value = by == channel ? channel_moved.value + by_moved : by_moved;
        channel_remaining.value = by_remaining;
        channel = by;
    }
    /// Adds what an entry sets apart, where it has an amount.
    void add_amount(EntryKind kind, std::int64_t amount) {
        if (kind == EntryKind::hold || kind == EntryKind::release) held += amount;
        if (kind == EntryKind::overage) overage += amount;
    }
    /// Adds a mark that the command tells of on the receipt's entitlement, in order: a counter's come from the highest
    /// down, the total's before the channels'.
    void add_mark(const Channel& by, std::int64_t level) {
        if (!low_water || low_water->channel == by) low_water = {by, {level, remaining.unit}};
    }
    [[nodiscard]] Quantity held_terms() const { return {held, remaining.unit}; }
    [[nodiscard]] Quantity overage_terms() const { return {overage, remaining.unit}; }

    void set_deadlines(const Deadlines& of_case) {
        respond_by = of_case.respond_by;
        resolve_by = of_case.resolve_by;
    }
    void set_unit(Unit unit) {
        moved.unit = unit;
        remaining.unit = unit;
        channel_moved.unit = unit;
        channel_remaining.unit = unit;
    }

    friend bool operator==(const Receipt&, const Receipt&) = default;
};

static_assert(std::is_trivially_copyable_v<Receipt>, "an engine copies a blank one for each command");

}  // namespace entitle::inline v0

/// `resolve_case: -1 case, 4 cases left; phone: -1 case, 1 case left`; what did not move is left out. What was held
/// or is to be billed comes then: `; 1 case held`, `; 2 cases more to bill`; and last the mark that was reached: `; down to
/// 2 cases`, `; phone down to 1 case`.
template <>
struct fmt::formatter<entitle::Receipt> : entitle::detail::PlainFormatter {
    auto format(const entitle::Receipt& receipt, fmt::format_context& ctx) const {
        auto out = fmt::format_to(ctx.out(), "{}: ", receipt.command);
        out = left(out, receipt.moved, receipt.remaining);
        if (receipt.channel) {
            out = fmt::format_to(out, "; {}: ", receipt.channel);
            out = left(out, receipt.channel_moved, receipt.channel_remaining);
        }
        if (receipt.held > 0) out = fmt::format_to(out, "; {} held", receipt.held_terms());
        if (receipt.overage > 0) out = fmt::format_to(out, "; {} more to bill", receipt.overage_terms());
        if (receipt.low_water) out = mark(out, *receipt.low_water);
        return receipt.repeated ? fmt::format_to(out, " (repeated)") : out;
    }

private:
    static fmt::appender mark(fmt::appender out, const entitle::LowWaterCrossing& reached) {
        out = fmt::format_to(out, "; ");
        if (reached.channel) out = fmt::format_to(out, "{} ", reached.channel);
        return fmt::format_to(out, "down to {}", reached.level);
    }
    static fmt::appender left(fmt::appender out, const entitle::Quantity& moved,
                              const entitle::Quantity& remaining) {
        if (moved.value != 0) out = fmt::format_to(out, "{}{}, ", moved.value > 0 ? "+" : "", moved);
        return fmt::format_to(out, "{} left", remaining);
    }
};
