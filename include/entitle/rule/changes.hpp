#pragma once

#include <cstdint>
#include <vector>

#include "entitle/rule/lifecycle.hpp"
#include "entitle/value/entitlement.hpp"

/// What time alone changes (sections 3 and 8).
namespace entitle::inline v0 {

/// One change of an entitlement's status that no command made.
struct StatusChange {
    Instant at{};
    CustomerId customer{};
    EntitlementId entitlement{};
    std::uint64_t sequence = 0;
    Status from = Status::waiting;
    Status to = Status::active;

    friend bool operator==(const StatusChange&, const StatusChange&) = default;
};

namespace rule {

[[nodiscard]] inline Status status_of(const Entitlement& entitlement, Instant now) {
    return status_of(entitlement.phase, entitlement.span.begin, entitlement.span.end, now);
}

/// Appends an entitlement's changes in (after, until]. An empty span goes from Waiting to Expired at once.
inline void changes_between(const Entitlement& entitlement, Instant after, Instant until,
                            std::vector<StatusChange>& out) {
    if (entitlement.phase != Phase::activated) return;
    const Span span = entitlement.span;
    const auto report = [&](Instant at, Status from, Status to) {
        if (at <= after || at > until) return;
        out.push_back({at, entitlement.customer, entitlement.id, entitlement.sequence, from, to});
    };
    if (span.begin >= span.end) return report(span.end, Status::waiting, Status::expired);
    report(span.begin, Status::waiting, Status::active);
    report(span.end, Status::active, Status::expired);
}

}  // namespace rule

}  // namespace entitle::inline v0
