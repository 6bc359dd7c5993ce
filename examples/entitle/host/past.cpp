#include "host/past.hpp"

#include <algorithm>

namespace program {

namespace {

[[nodiscard]] const entitle::CounterBalance* counter_in(const entitle::PeriodBalance& then,
                                                        const entitle::Channel& channel) {
    const auto at =
        std::find_if(then.counters.begin(), then.counters.end(),
                     [&](const entitle::CounterBalance& counter) { return counter.channel == channel; });
    return at == then.counters.end() ? nullptr : &*at;
}

[[nodiscard]] Done put_past(Session& session, entitle::Entitlement& one) {
    const auto statement = session.engine().statement(one.customer, one.id);
    if (!statement) return passed_on(statement);
    const auto put = put_past(session, *statement, one);
    return put ? Done{} : passed_on(put);
}

}  // namespace

Or<bool> put_past(Session& session, const entitle::Statement& statement, entitle::Entitlement& one) {
    if (statement.entries.empty() || statement.entries.back().at <= session.now()) return false;
    const auto then = session.engine().balance_at(one.customer, one.id, session.now());
    if (!then) return passed_on(then);
    if (const auto* const total = counter_in(*then, {})) {
        one.remaining = total->remaining;
        one.held = total->held;
    }
    for (entitle::ChannelBalance& channel : one.channels) {
        const auto* const counter = counter_in(*then, channel.channel);
        if (counter == nullptr) continue;
        channel.remaining = counter->remaining;
        channel.held = counter->held;
    }
    one.top_ups.open.clear();
    return true;
}

Or<entitle::Entitlement> entitlement_then(Session& session, entitle::CustomerId customer,
                                          entitle::EntitlementId id) {
    auto one = session.engine().entitlement_at(customer, id, session.now());
    if (!one) return passed_on(one);
    if (!session.is_at_another_time()) return std::move(*one);
    if (const auto put = put_past(session, *one); !put) return passed_on(put);
    return std::move(*one);
}

Or<std::vector<entitle::Entitlement>> entitlements_then(Session& session, entitle::CustomerId customer) {
    auto all = session.engine().entitlements_at(session.now(), customer);
    if (!all) return passed_on(all);
    if (!session.is_at_another_time()) return std::move(*all);
    for (entitle::Entitlement& one : *all) {
        if (const auto put = put_past(session, one); !put) return passed_on(put);
    }
    return std::move(*all);
}

}  // namespace program
