#include <utility>

#include <fmt/format.h>

#include "report/burn_down.hpp"
#include "report/forms.hpp"
#include "text.hpp"
#include "view/words.hpp"

namespace program {

namespace {

constexpr const char* page_begin = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>What customers are entitled to</title>
<link rel="icon" href="data:,">
<style>
:root { --ink: #1c1e21; --paper: #fff; --faint: #5c6370; --rule: #d7dae0; --owed: #b3261e;
  --c0: #1b5faa; --c1: #a34700; --c2: #2e7d32; --c3: #7b3fa0; --c4: #00707a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e7ea; --paper: #16181c; --faint: #a2a8b4; --rule: #3a3f48;
  --owed: #ff8a80; --c0: #7db3f0; --c1: #ffb074; --c2: #84cf88; --c3: #cfa0ea; --c4: #66ccd6; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.45 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; } h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; }
p, caption { color: var(--faint); text-align: left; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th { font-weight: 600; } tbody th[scope=row] { font-weight: 400; } .of th { padding-top: 1rem; }
.faint { color: var(--faint); font-weight: 400; } .key-of { font-weight: 400; } .n { text-align: right; white-space: nowrap; } .owed { color: var(--owed); font-weight: 600; }
.n + td:not(.n), .n + th:not(.n) { padding-left: 1rem; }
.burn { width: 100%; height: auto; border: 1px solid var(--rule); border-radius: 4px; }
.axis { display: flex; justify-content: space-between; margin: 0; font-size: .85rem; }
@media (max-width: 30rem) { table { font-size: .8rem; } th, td { padding-right: .35rem; } }
.line, .ahead { fill: none; stroke-width: 2; } .ahead { stroke-dasharray: 1 5; stroke-linecap: round; }
.zero { stroke: var(--rule); } .now { stroke: var(--faint); stroke-dasharray: 1 3; }
.c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); } .c3 { stroke: var(--c3); } .c4 { stroke: var(--c4); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; margin: .2rem 0 0; padding: 0; font-size: .9rem; }
.key { width: 30px; height: 6px; margin-right: .4rem; vertical-align: middle; }
</style>
</head>
<body>
)html";

/// A figure, with the number that the other forms of the report tell.
[[nodiscard]] std::string figure(std::int64_t value, entitle::Unit unit, bool is_balance) {
    const bool is_owed = is_balance && value < 0;
    return fmt::format(R"(<td class="n{}"><data value="{}">{}</data>{}</td>)", is_owed ? " owed" : "", value,
                       html_text(bare_amount(value, unit)), is_owed ? " !" : "");
}

[[nodiscard]] std::string head_of(std::initializer_list<std::pair<const char*, bool>> columns) {
    std::string out = R"(<div class="wide" tabindex="0"><table><thead><tr>)";
    for (const auto& [name, is_number] : columns) {
        out += fmt::format(R"(<th scope="col"{}>{}</th>)", is_number ? R"( class="n")" : "", name);
    }
    return out + "</tr></thead><tbody>\n";
}

constexpr const char* table_end = "</tbody></table></div>\n";

/// A row that says whose the rows behind it are, one for each counter.
[[nodiscard]] std::string balance_rows(const EntitlementFigures& one) {
    if (one.counters.empty()) return {};
    std::string out = fmt::format(
        R"(<tr class="of"><th scope="colgroup" colspan="5">{} <span class="key-of">{}</span> <span class="faint">{}, to {}; in {}</span></th></tr>)"
        "\n",
        html_text(one.customer), html_text(one.key), entitle::name_of(one.status), one.last_day,
        html_text(unit_words(one.unit)));
    const LocalClock clock{{{}, {}, one.time_zone}};
    for (const CounterFigures& counter : one.counters) {
        out += fmt::format(R"(<tr><th scope="row">{}</th>)",
                           counter.channel.empty() ? "total" : html_text(counter.channel));
        out += figure(counter.total, one.unit, false) + figure(counter.left, one.unit, true) +
               figure(counter.used, one.unit, false);
        out += fmt::format("<td>{}</td></tr>\n", counter.exhausted ? clock.minute(*counter.exhausted) : "");
    }
    return out;
}

[[nodiscard]] std::string curves_of(const Figures& figures) {
    std::string out =
        "<h2>How terms are used up</h2>\n<p>What was left, from the first day to the last. The dotted "
        "line is the report's moment; dots ahead lead to where terms end at the present pace.</p>\n";
    for (const EntitlementFigures& one : figures.entitlements) {
        if (one.counters.empty()) continue;
        out += fmt::format("<section><h3>{}: {}</h3>\n<p>{}, {}, to {}</p>\n{}</section>\n",
                           html_text(one.key), html_text(one.name), html_text(one.customer),
                           entitle::name_of(one.status), one.last_day, burn_down_svg(one, figures.at));
    }
    return out;
}

[[nodiscard]] std::string changes_of(const Figures& figures) {
    std::string out = fmt::format("<h2>What the next {} days bring</h2>\n", figures.days);
    if (figures.changes.empty()) return out + "<p>Nothing ends, begins or comes anew.</p>\n";
    out += "<p>In each entitlement's own time zone.</p>\n";
    out += head_of({{"at", false}, {"customer", false}, {"entitlement", false}, {"what", false}});
    for (const ChangeFigures& change : figures.changes) {
        out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", change.local,
                           html_text(change.customer), html_text(change.entitlement), html_text(change.what));
    }
    return out + table_end;
}

[[nodiscard]] std::string refusals_of(const Figures& figures) {
    std::string out = "<h2>What was refused, and why</h2>\n";
    if (figures.refusals.empty()) return out + "<p>Nothing was refused.</p>\n";
    out += head_of({{"refused", false}, {"because", false}, {"times", true}});
    for (const RefusalFigures& refusal : figures.refusals) {
        out += fmt::format(R"(<tr><td>{}</td><td>{}</td><td class="n"><data value="{}">{}</data></td></tr>)",
                           refusal.code, refusal.reason, refusal.count, refusal.count) +
               "\n";
    }
    return out + table_end;
}

/// Nothing of a desk that promises nothing.
[[nodiscard]] std::string attainment_section(const Figures& figures) {
    if (figures.attainment.empty()) return {};
    std::string out =
        "<h2>Whether promises were kept</h2>\n<p>Kept: of those that were in time or missed. Late ones that "
        "are still waited for are missed.</p>\n" +
        head_of({{"promise", false},
                 {"in time", true},
                 {"missed", true},
                 {"open", true},
                 {"canceled", true},
                 {"kept", true}});
    for (const AttainmentFigures& one : figures.attainment) {
        out += fmt::format(R"(<tr><th scope="row">{} <span class="faint">{}</span></th>)", html_text(one.kpi),
                           html_text(one.level));
        for (const std::uint64_t count : {one.succeeded, one.missed, one.running, one.canceled}) {
            out += fmt::format(R"(<td class="n"><data value="{}">{}</data></td>)", count, grouped(count));
        }
        out += fmt::format("<td class=\"n\">{}</td></tr>\n", share(one.succeeded, one.missed));
    }
    return out + table_end;
}

}  // namespace

std::string report_html(const Figures& figures) {
    std::string out = page_begin;
    out += fmt::format("<h1>What customers are entitled to</h1>\n<p>As of {}.</p>\n",
                       entitle::as_utc(figures.at));
    out += fmt::format(
        "<h2>What is left</h2>\n<p>Used: in the {} days before. Exhausted: when nothing is left at "
        "that pace, in the entitlement's own time zone.</p>\n",
        figures.days);
    out += head_of({{"of", false}, {"agreed", true}, {"left", true}, {"used", true}, {"exhausted", false}});
    for (const EntitlementFigures& one : figures.entitlements) out += balance_rows(one);
    out += table_end + curves_of(figures) + changes_of(figures) + refusals_of(figures) +
           attainment_section(figures);
    return out + "</body>\n</html>\n";
}

}  // namespace program
