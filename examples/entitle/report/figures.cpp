#include "report/figures.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "host/past.hpp"
#include "progress.hpp"
#include "view/words.hpp"

namespace program {

using entitle::Entitlement;
using entitle::Entry;

namespace {

/// A counter's balances as its entries tell them, from what it began with up to now.
[[nodiscard]] std::vector<BurnPoint> curve_of(const entitle::Statement& statement,
                                              const entitle::Channel& channel, std::int64_t left,
                                              entitle::Instant now) {
    std::vector<BurnPoint> curve;
    for (const Entry& entry : statement.entries) {
        if (entry.at > now || (channel && entry.channel != channel)) continue;
        const std::int64_t after = channel ? entry.channel_remaining : entry.remaining;
        const std::int64_t moved = channel ? entry.channel_moved : entry.total_moved;
        if (curve.empty())
            curve.push_back({std::min(entry.at, statement.entitlement.span.begin), after - moved});
        curve.push_back({entry.at, after});
    }
    if (curve.empty()) curve.push_back({statement.entitlement.span.begin, left});
    curve.push_back({std::max(now, curve.back().at), left});
    return curve;
}

[[nodiscard]] CounterFigures counter_of(const entitle::Forecast& forecast, const Entitlement& one) {
    CounterFigures out;
    out.used = forecast.used;
    out.exhausted = forecast.exhausted;
    if (!forecast.channel) {
        out.total = one.agreement.total();
        out.left = one.remaining;
        out.held = one.held;
        return out;
    }
    const auto balance = std::find_if(
        one.channels.begin(), one.channels.end(),
        [&](const entitle::ChannelBalance& channel) { return channel.channel == forecast.channel; });
    out.channel = forecast.channel.name();
    if (balance == one.channels.end()) return out;
    out.channel = balance->channel.name();
    out.total = balance->total;
    out.left = balance->remaining;
    out.held = balance->held;
    return out;
}

[[nodiscard]] Or<EntitlementFigures> entitlement_figures(Session& session, Entitlement one,
                                                         std::uint32_t days) {
    const entitle::Instant now = session.now();
    const auto forecasts = session.engine().forecast(one.customer, one.id, days, now);
    if (!forecasts) return passed_on(forecasts);
    const auto statement = session.engine().statement(one.customer, one.id);
    if (!statement) return passed_on(statement);
    const auto is_past = put_past(session, *statement, one);
    if (!is_past) return passed_on(is_past);
    EntitlementFigures out{session.keys().of(one.id),
                           one.agreement.name,
                           session.keys().of(one.customer),
                           entitle::rule::status_of(one, now),
                           one.span,
                           one.agreement.coverage.time_zone,
                           fmt::format("{}", entitle::as_day(one.agreement.coverage.last_day)),
                           entitle::rule::channel_unit(one.agreement),
                           {}};
    for (const entitle::Forecast& forecast : *forecasts) out.counters.push_back(counter_of(forecast, one));
    for (std::size_t i = 0; i < out.counters.size(); ++i) {
        if (*is_past)
            out.counters[i].exhausted.reset();  // how long it was going to last nobody asks any more
        out.counters[i].curve = curve_of(*statement, (*forecasts)[i].channel, out.counters[i].left, now);
    }
    return out;
}

[[nodiscard]] Done add_changes(Session& session, Figures& figures) {
    const entitle::Instant until = figures.at + date::days{figures.days};
    const auto changes = session.engine().changes_between(figures.at, until);
    if (!changes) return passed_on(changes);
    const auto levels = session.engine().service_levels();
    if (!levels) return passed_on(levels);
    Clocks clocks{session};
    for (const entitle::Change& change : *changes) {
        figures.changes.push_back({change.at,
                                   clocks.of(change.customer, change.entitlement).minute(change.at),
                                   session.keys().of(change.customer), session.keys().of(change.entitlement),
                                   words_for(session, *levels, change)});
    }
    return {};
}

[[nodiscard]] Done add_refusals(Session& session, Figures& figures) {
    // of what customers asked for: what the desk's own people mistyped is nobody's wish
    const auto rows = session.database().run(
        "select code, reason, count(*) from desk_refusals where at <= $1 and (command in ('replay', 'hold') "
        "or command like 'case %') and command not in ('case respond', 'case stage', 'case priority', "
        "'case sla', 'case meet') group by code, reason order by 3 desc, 1, 2",
        {fmt::format("{}", entitle::as_utc(figures.at))});
    if (!rows) return passed_on(rows);
    for (const DatabaseRow& row : *rows) figures.refusals.push_back({row[0], row[1], std::stoull(row[2])});
    return {};
}

}  // namespace

Or<Figures> figures_of(Session& session, std::uint32_t days) {
    Figures figures{.at = session.now(), .days = days};
    auto all = session.engine().entitlements_at(figures.at);
    if (!all) return passed_on(all);
    std::sort(all->begin(), all->end(), [](const Entitlement& a, const Entitlement& b) {
        return std::pair{a.customer, a.sequence} < std::pair{b.customer, b.sequence};
    });
    Progress progress{"entitlements"};
    for (const Entitlement& one : *all) {
        auto told = entitlement_figures(session, one, days);
        if (!told) return passed_on(told);
        figures.entitlements.push_back(std::move(*told));
        const std::size_t count = figures.entitlements.size();
        progress.update(count, static_cast<double>(count) / static_cast<double>(all->size()));
    }
    if (auto added = add_changes(session, figures); !added) return passed_on(added);
    if (auto added = add_refusals(session, figures); !added) return passed_on(added);
    auto attainment = attainment_of(session);
    if (!attainment) return passed_on(attainment);
    figures.attainment = std::move(*attainment);
    return figures;
}

}  // namespace program
