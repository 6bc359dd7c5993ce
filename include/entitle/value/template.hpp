#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "entitle/value/agreement.hpp"
#include "entitle/value/id.hpp"

namespace entitle::inline v0 {

/// How long a coverage lasts that begins on the day of use.
struct Length {
    enum class Step : std::uint8_t { days, months };

    std::uint16_t count = 0;  ///< 1 … 65,535 steps
    Step step = Step::months;

    friend bool operator==(const Length&, const Length&) = default;
};

/// An agreement without a customer, from which entitlements are made (section 7). Its coverage is fixed days; or
/// it begins on the day of use, in the coverage's time zone, and lasts so long: the last day is the day of use
/// and the length later, clamped to the month's end, less one day. What is made from it is a copy: to change or
/// remove the template changes nothing that was made.
struct Template {
    TemplateId id{};
    Agreement agreement{};  ///< `made_from`, and with `lasts` the days of its coverage, are not looked at
    std::optional<Length> lasts{};  ///< absent: the coverage's own days

    friend bool operator==(const Template&, const Template&) = default;
};

/// Who buys a product is given an entitlement from a template. Of a product's rules the one with the largest
/// `at_least` that is not above the quantity counts.
struct AssignmentRule {
    ProductId product{};
    std::int64_t at_least = 0;  ///< units of the product, 0 or more
    TemplateId from{};

    friend bool operator==(const AssignmentRule&, const AssignmentRule&) = default;
};

/// Templates and rules, in no order.
struct Catalog {
    std::vector<Template> templates{};
    std::vector<AssignmentRule> rules{};

    void clear() {
        templates.clear();
        rules.clear();
    }
};

}  // namespace entitle::inline v0
