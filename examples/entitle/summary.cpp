#include "summary.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "text.hpp"
#include "view/json.hpp"

namespace program {

using entitle::Entitlement;

namespace {

/// In the order in which they were made, with what is left as of the latest event.
std::vector<Entitlement> in_order(const Desk& desk, const Tally& tally) {
    const auto known =
        tally.latest ? desk.engine().entitlements_at(*tally.latest) : desk.engine().entitlements();
    auto all = known.value_or(std::vector<Entitlement>{});
    std::sort(all.begin(), all.end(), [&](const Entitlement& a, const Entitlement& b) {
        return desk.place_of(a.id) < desk.place_of(b.id);
    });
    return all;
}

const std::string& key_of(const Desk& desk, const Entitlement& one) { return desk.key_of(one.id); }

/// As of the latest event; without any, as of its own first instant.
entitle::Status status_at(const Entitlement& one, const Tally& tally) {
    return entitle::rule::status_of(one, tally.latest.value_or(one.span.begin));
}

std::string at_of(const Tally& tally) { return fmt::format("{}", entitle::as_utc(*tally.latest)); }

using Cells = std::array<std::string, 7>;

/// Lines up columns; the last four are numbers.
std::string table_of(const std::vector<Cells>& rows) {
    std::array<std::size_t, std::tuple_size_v<Cells>> widths{};
    for (const Cells& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    }
    std::string out;
    for (const Cells& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const bool is_amount = i == 2 || i == 3 || i >= 5;
            line += (i == 0 ? "" : "  ") + (is_amount ? right(row[i], widths[i]) : left(row[i], widths[i]));
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

/// One line for the entitlement and its first channel, one for each other.
void add_rows(std::vector<Cells>& rows, const std::string& key, const Entitlement& one,
              entitle::Status status) {
    const entitle::Unit unit = one.agreement.unit();
    const auto amount = [&unit](std::int64_t value) {
        return fmt::format("{}", entitle::Quantity{value, unit});
    };
    const bool counts_only = unit.allocation == entitle::Allocation::coverage_only;
    Cells cells{printable(key),
                fmt::format("{}", status),
                counts_only ? "any" : amount(one.agreement.total()),
                amount(one.remaining),
                "",
                "",
                ""};
    for (const entitle::ChannelBalance& channel : one.channels) {
        cells[4] = printable(channel.channel.name());
        cells[5] = amount(channel.total);
        cells[6] = amount(channel.remaining);
        rows.push_back(cells);
        cells = {};
    }
    if (one.channels.empty()) rows.push_back(cells);
}

/// A channel as the entitlement's list writes it.
std::string_view name_in(const Entitlement& one, const entitle::Channel& channel) {
    const auto listed =
        std::find_if(one.channels.begin(), one.channels.end(),
                     [&](const entitle::ChannelBalance& balance) { return balance.channel == channel; });
    return listed == one.channels.end() ? channel.name() : listed->channel.name();
}

/// `3 cases of 5 cases left; phone: 2 cases left; priority 100; from 2014-07-01T00:00:00Z on`
std::string sentence_of(const Entitlement& one, const entitle::TopUpState& top_up) {
    const auto amount = [&](std::int64_t value) { return entitle::Quantity{value, one.agreement.unit()}; };
    std::string out = fmt::format("{} of {} left", amount(top_up.left), amount(top_up.amount));
    const auto end = std::back_inserter(out);
    if (top_up.channel) {
        fmt::format_to(end, "; {}: {} left", printable(name_in(one, top_up.channel)),
                       amount(top_up.channel_left));
    }
    fmt::format_to(end, "; priority {}; from {}", top_up.priority, entitle::as_utc(top_up.from));
    if (top_up.expires == entitle::Instant::max()) return out + " on";
    return out + fmt::format(" until {}", entitle::as_utc(top_up.expires));
}

/// A line for each that has not ended; empty where there are none.
std::string top_ups_of(const Desk& desk, const std::vector<Entitlement>& all) {
    std::size_t width = 0;
    for (const Entitlement& one : all) {
        if (!one.top_ups.open.empty()) width = std::max(width, width_of(printable(key_of(desk, one))));
    }
    std::string out;
    for (const Entitlement& one : all) {
        for (const entitle::TopUpState& top_up : one.top_ups.open) {
            out += left(printable(key_of(desk, one)), width) + "  " + sentence_of(one, top_up) + "\n";
        }
    }
    return out.empty() ? out : "\ntop-ups\n" + out;
}

Json channels_as_json(const Entitlement& one) {
    Json channels = Json::array();
    for (const entitle::ChannelBalance& channel : one.channels) {
        channels.push_back({{"channel", channel.channel.name()},
                            {"total", channel.total},
                            {"remaining", channel.remaining}});
    }
    return channels;
}

Json top_ups_as_json(const Entitlement& one) {
    Json top_ups = Json::array();
    for (const entitle::TopUpState& top_up : one.top_ups.open) {
        Json told{{"amount", top_up.amount},
                  {"left", top_up.left},
                  {"priority", top_up.priority},
                  {"from", fmt::format("{}", entitle::as_utc(top_up.from))},
                  {"expires", nullptr}};
        if (top_up.expires != entitle::Instant::max()) {
            told["expires"] = fmt::format("{}", entitle::as_utc(top_up.expires));
        }
        if (top_up.channel) {
            told["channel"] = name_in(one, top_up.channel);
            told["channel_left"] = top_up.channel_left;
        }
        top_ups.push_back(std::move(told));
    }
    return top_ups;
}

}  // namespace

void Tally::add(const Answer& answer, const std::optional<entitle::Instant>& at) {
    ++events;
    if (answer.is_ok()) ++ok;
    else ++refused[answer.outcome];
    if (at && (!latest || *at > *latest)) latest = at;
}

std::string audit_of(const Desk& desk) {
    const auto report = desk.engine().audit();
    if (!report) return fmt::format("{}", report.error());
    return report->ok() ? "ok" : fmt::format("{}", *report->first);
}

std::string summary_as_json(const Desk& desk, const Tally& tally, const std::string& audit,
                            const ServiceTimes* times) {
    Json entitlements = Json::array();
    for (const Entitlement& one : in_order(desk, tally)) {
        entitlements.push_back({{"id", key_of(desk, one)},
                                {"status", entitle::name_of(status_at(one, tally))},
                                {"total", one.agreement.total()},
                                {"remaining", one.remaining},
                                {"channels", channels_as_json(one)}});
        if (!one.top_ups.open.empty()) entitlements.back()["top_ups"] = top_ups_as_json(one);
    }
    Json refused = Json::object();
    for (const auto& [name, count] : tally.refused) refused[std::string{name}] = count;
    Json out{{"events", tally.events}, {"ok", tally.ok}, {"refused", std::move(refused)}, {"at", nullptr}};
    if (tally.latest) out["at"] = at_of(tally);
    out["entitlements"] = std::move(entitlements);
    out["audit"] = audit;
    if (times != nullptr) out["service_levels"] = times->as_json();
    return out.dump(2) + "\n";
}

std::string summary_as_table(const Desk& desk, const Tally& tally, const std::string& audit,
                             const ServiceTimes* times) {
    std::string out;
    const auto end = std::back_inserter(out);
    fmt::format_to(end, "{} events: {} ok, {} refused", grouped(tally.events), grouped(tally.ok),
                   grouped(tally.events - tally.ok));
    if (tally.latest) fmt::format_to(end, "; as of {}", at_of(tally));
    fmt::format_to(end, "; audit: {}\n\n", audit);
    std::vector<Cells> rows{{"entitlement", "status", "total", "remaining", "channel", "total", "remaining"}};
    const std::vector<Entitlement> all = in_order(desk, tally);
    for (const Entitlement& one : all) add_rows(rows, key_of(desk, one), one, status_at(one, tally));
    out += table_of(rows);
    out += top_ups_of(desk, all);
    if (!tally.refused.empty()) out += "\nrefused\n";
    for (const auto& [name, count] : tally.refused) {
        fmt::format_to(end, "{}  {}\n", right(grouped(count), 9), name);
    }
    if (times != nullptr) out += times->as_table();
    return out;
}

}  // namespace program
