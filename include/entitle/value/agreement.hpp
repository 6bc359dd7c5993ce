#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "entitle/value/channel.hpp"
#include "entitle/value/coverage.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/low_water.hpp"
#include "entitle/value/period_terms.hpp"
#include "entitle/value/quantity.hpp"

namespace entitle::inline v0 {

/// The event that uses terms.
enum class DecreaseOn : std::uint8_t { creation, resolution };

enum class KnowledgeBase : std::uint8_t { none, standard, premium };

/// How much was agreed. The total says what is counted; leave it out for coverage only, and say so:
/// `{.allocation = Allocation::coverage_only}`.
struct Terms {
    std::optional<Quantity> total{};                ///< 0 … 100,000,000,000 terms
    std::optional<Allocation> allocation{};         ///< where absent, what the total counts
    DecreaseOn decrease_on = DecreaseOn::creation;  ///< hours and money are known at resolution only
    bool restricted = false;  ///< on: exhausted terms refuse a case; off: the counters go negative (R13)

    friend bool operator==(const Terms&, const Terms&) = default;
};

/// One channel of an agreement and its own total, at most the agreement's. The channels' sum may exceed it.
struct ChannelTerms {
    Channel channel{};
    Quantity total{};

    friend bool operator==(const ChannelTerms&, const ChannelTerms&) = default;
};

/// What an agreement is limited to. An empty list limits nothing; a list that names something refuses a
/// case that leaves the fact out.
struct Scope {
    std::vector<ContactId> contacts{};
    std::vector<ProductId> products{};
    std::vector<AssetId> assets{};
    std::vector<CaseTypeId> case_types{};

    friend bool operator==(const Scope&, const Scope&) = default;
};

/// What was agreed: everything about an entitlement but its customer and what changes with use.
/// Immutable while the entitlement is activated (R5a amends it in one commit).
struct Agreement {
    std::string name{};         ///< 1–100 code points of UTF-8
    std::string description{};  ///< up to 2,000 code points
    Coverage coverage{};
    Terms terms{};
    std::optional<PeriodTerms> period{};   ///< absent: there is one, the coverage
    std::vector<ChannelTerms> channels{};  ///< none listed: any channel, counted in the total only
    std::vector<LowWater> low_water{};     ///< at most 8, no two the same
    Scope scope{};
    std::int32_t priority = 100;  ///< lower is tried first (section 6)
    SlaId sla{};
    TemplateId made_from{};
    OwnerId owner{};
    KnowledgeBase knowledge_base = KnowledgeBase::none;
    std::int32_t discount_percent = 0;  ///< 0–100

    /// What is counted, once the agreement is valid (a coverage-only one counts cases).
    [[nodiscard]] Unit unit() const {
        return terms.total ? terms.total->unit : Unit{Allocation::coverage_only, {}};
    }
    /// The agreed total in base units; 0 for coverage only.
    [[nodiscard]] std::int64_t total() const { return terms.total ? terms.total->value : 0; }

    friend bool operator==(const Agreement&, const Agreement&) = default;
};

}  // namespace entitle::inline v0
