#include "summary.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "text.hpp"

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

std::string summary_as_json(const Desk& desk, const Tally& tally, const std::string& audit) {
    using Json = nlohmann::ordered_json;
    Json entitlements = Json::array();
    for (const Entitlement& one : in_order(desk, tally)) {
        Json channels = Json::array();
        for (const entitle::ChannelBalance& channel : one.channels) {
            channels.push_back({{"channel", channel.channel.name()},
                                {"total", channel.total},
                                {"remaining", channel.remaining}});
        }
        entitlements.push_back({{"id", key_of(desk, one)},
                                {"status", entitle::name_of(status_at(one, tally))},
                                {"total", one.agreement.total()},
                                {"remaining", one.remaining},
                                {"channels", std::move(channels)}});
    }
    Json refused = Json::object();
    for (const auto& [name, count] : tally.refused) refused[std::string{name}] = count;
    Json out{{"events", tally.events}, {"ok", tally.ok}, {"refused", std::move(refused)}, {"at", nullptr}};
    if (tally.latest) out["at"] = at_of(tally);
    out["entitlements"] = std::move(entitlements);
    out["audit"] = audit;
    return out.dump(2) + "\n";
}

std::string summary_as_table(const Desk& desk, const Tally& tally, const std::string& audit) {
    std::string out;
    const auto end = std::back_inserter(out);
    fmt::format_to(end, "{} events: {} ok, {} refused", grouped(tally.events), grouped(tally.ok),
                   grouped(tally.events - tally.ok));
    if (tally.latest) fmt::format_to(end, "; as of {}", at_of(tally));
    fmt::format_to(end, "; audit: {}\n\n", audit);
    std::vector<Cells> rows{{"entitlement", "status", "total", "remaining", "channel", "total", "remaining"}};
    for (const Entitlement& one : in_order(desk, tally)) {
        add_rows(rows, key_of(desk, one), one, status_at(one, tally));
    }
    out += table_of(rows);
    if (tally.refused.empty()) return out;
    out += "\nrefused\n";
    for (const auto& [name, count] : tally.refused) {
        fmt::format_to(end, "{}  {}\n", right(grouped(count), 9), name);
    }
    return out;
}

}  // namespace program
