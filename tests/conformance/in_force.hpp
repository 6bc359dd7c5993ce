#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "desk.hpp"

namespace conformance {

[[nodiscard]] inline Instant day(Day date, std::chrono::microseconds time = 9h) {
    return date::sys_days{date} + time;
}

/// Terms that come anew each month.
[[nodiscard]] inline PeriodTerms a_month(std::optional<Quantity> rollover = {},
                                         bool preserve_overage = false) {
    return {{1, Cycle::Step::months}, rollover, preserve_overage};
}

/// A desk with one agreement, made on the first day of 2014 and in force since.
struct InForce {
    explicit InForce(Terms terms, std::vector<ChannelTerms> channels = {},
                     std::optional<PeriodTerms> period = {}, const Policy& policy = policy::standard)
        : desk{policy} {
        desk.now = day(2014_y / 1 / 1);
        Draft draft = agreed(std::move(terms), std::move(channels));
        draft.period = std::move(period);
        id = desk.grant(draft);
    }

    void at(Day date, std::chrono::microseconds time = 9h) { desk.now = day(date, time); }
    /// The agreement as it is now.
    [[nodiscard]] Entitlement is() const { return desk.engine.entitlement_at(acme, id, desk.now).value(); }
    [[nodiscard]] std::int64_t left() const { return is().remaining; }
    [[nodiscard]] std::int64_t left(const Channel& channel) const {
        const Entitlement now = is();
        for (const ChannelBalance& balance : now.channels) {
            if (balance.channel == channel) return balance.remaining;
        }
        ADD_FAILURE() << "no channel " << channel.name();
        return 0;
    }
    [[nodiscard]] std::vector<Entry> of(EntryKind kind) const {
        std::vector<Entry> out;
        for (const Entry& entry : desk.entries()) {
            if (entry.kind == kind) out.push_back(entry);
        }
        return out;
    }

    Desk desk;
    EntitlementId id;
};

}  // namespace conformance
