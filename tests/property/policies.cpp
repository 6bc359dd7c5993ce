#include "property/policies.hpp"

#include <fmt/format.h>

namespace entitle_property {

entitle::Policy engine_policy(const model::Policy& policy) {
    entitle::Policy out;
    const auto same = [](auto& to, auto from) {
        to = static_cast<std::remove_reference_t<decltype(to)>>(from);
    };
    same(out.renewable, policy.renewable);
    same(out.renewal_span, policy.renewal_span);
    same(out.unlisted_at_opening, policy.unlisted_at_opening);
    same(out.unlisted_at_resolution, policy.unlisted_at_resolution);
    same(out.exhausted_at_opening, policy.exhausted_at_opening);
    same(out.exhausted_channel, policy.exhausted_channel);
    same(out.origin_change, policy.origin_change);
    same(out.reactivation_returns, policy.reactivation_returns);
    same(out.overage, policy.overage);
    same(out.hold_on_creation, policy.hold_on_creation);
    if (policy.reopen_within_days > 0) out.reopen_within_days = policy.reopen_within_days;
    return out;
}

model::Policy random_policy(Random& random) {
    model::Policy policy;
    const auto either = [&random](auto& field) {
        field = static_cast<std::remove_reference_t<decltype(field)>>(random.below(2));
    };
    either(policy.renewable);
    either(policy.renewal_span);
    either(policy.unlisted_at_opening);
    either(policy.unlisted_at_resolution);
    either(policy.exhausted_at_opening);
    either(policy.exhausted_channel);
    either(policy.origin_change);
    either(policy.reactivation_returns);
    policy.overage = static_cast<model::Overage>(random.below(3));
    policy.hold_on_creation = random.percent(40);
    policy.reopen_within_days = random.one_of({0, 0, 1, 30});
    return policy;
}

std::string to_text(const model::Policy& policy) {
    const auto number = [](auto choice) { return static_cast<int>(choice); };
    return fmt::format(
        "renewable {}, renewal span {}, unlisted at opening {}, unlisted at resolution {}, exhausted at "
        "opening {}, exhausted channel {}, origin change {}, reactivation returns {}, overage {}, hold on "
        "creation {}, "
        "reopen within {} days",
        number(policy.renewable), number(policy.renewal_span), number(policy.unlisted_at_opening),
        number(policy.unlisted_at_resolution), number(policy.exhausted_at_opening),
        number(policy.exhausted_channel), number(policy.origin_change), number(policy.reactivation_returns),
        number(policy.overage), policy.hold_on_creation, policy.reopen_within_days);
}

}  // namespace entitle_property
