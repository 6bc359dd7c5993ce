#pragma once

#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "entitle/value/digest.hpp"
#include "entitle/value/format.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/support_case.hpp"

namespace entitle::inline v0 {

/// A customer's ledger up to a command, in one number: whoever keeps it elsewhere can prove the history up
/// to there. It proves nothing of what came later, nor that nothing was cut off after it.
struct Seal {
    CustomerId customer{};
    std::uint64_t number = 0;  ///< of the last command under it
    Digest head{};             ///< of the chain after that command

    friend bool operator==(const Seal&, const Seal&) = default;
};

/// A counter as an archived prefix left it: a channel's, or the total's where there is none.
struct BaseCounter {
    EntitlementId entitlement{};
    Channel channel{};
    std::int64_t moved = 0;     ///< the sum of what its entries moved
    std::int64_t after = 0;     ///< as the last of them says
    EntryRef last{};            ///< … which was this one
    std::uint64_t revised = 0;  ///< the last number that may have changed what was agreed; 0: none

    friend bool operator==(const BaseCounter&, const BaseCounter&) = default;
};

/// A case as an archived prefix left it.
struct BaseCase {
    CaseId id{};
    EntitlementId entitlement{};
    CaseState state = CaseState::open;
    Posted posted{};
    Held held{};
    std::int64_t overage = 0;
    Instant since{};
    std::uint64_t last_number = 0;

    friend bool operator==(const BaseCase&, const BaseCase&) = default;
};

/// What stands in the place of an archived prefix of a customer's ledger: where an audit starts from.
struct Base {
    Seal seal{};
    std::vector<BaseCounter> counters{};
    std::vector<BaseCase> cases{};  ///< those not deleted

    friend bool operator==(const Base&, const Base&) = default;
};

}  // namespace entitle::inline v0

/// `customer 7 to command 12: 9f86d0…` with all 64 digits.
template <>
struct fmt::formatter<entitle::Seal> : entitle::detail::PlainFormatter {
    auto format(const entitle::Seal& seal, fmt::format_context& ctx) const {
        return fmt::format_to(ctx.out(), "customer {} to command {}: {}", seal.customer, seal.number,
                              seal.head);
    }
};
