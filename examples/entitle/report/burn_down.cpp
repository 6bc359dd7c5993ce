#include "report/burn_down.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "view/words.hpp"

namespace program {

namespace {

constexpr double drawing_width = 640;
constexpr double drawing_height = 170;
constexpr double edge = 8;  ///< so that no line is cut at the edge

/// Where instants and amounts lie on the drawing. It shows the coverage, up to now where that is later: what was
/// written down before lies at its beginning.
class Scale {
public:
    Scale(const EntitlementFigures& figures, entitle::Instant now)
        : begin_{figures.span.begin}, end_{std::max(figures.span.end, now)} {
        for (const CounterFigures& counter : figures.counters) {
            highest_ = std::max(highest_, counter.total);
            for (const BurnPoint& point : counter.curve) {
                highest_ = std::max(highest_, point.left);
                lowest_ = std::min(lowest_, point.left);
            }
        }
    }

    [[nodiscard]] double x(entitle::Instant at) const {
        const auto all = static_cast<double>((end_ - begin_).count());
        const auto part = static_cast<double>((std::clamp(at, begin_, end_) - begin_).count());
        return edge + (all > 0 ? part / all : 0) * (drawing_width - 2 * edge);
    }
    [[nodiscard]] double y(std::int64_t left) const {
        const double all = static_cast<double>(highest_) - static_cast<double>(lowest_);
        const double part = static_cast<double>(highest_) - static_cast<double>(left);
        return edge + part / all * (drawing_height - 2 * edge);
    }

    [[nodiscard]] entitle::Instant begin() const { return begin_; }
    [[nodiscard]] entitle::Instant end() const { return end_; }
    [[nodiscard]] std::int64_t highest() const { return highest_; }

private:
    entitle::Instant begin_;
    entitle::Instant end_{};
    std::int64_t highest_ = 1;
    std::int64_t lowest_ = 0;
};

/// Steps; of those that fall on one place from left to right, the last is drawn.
[[nodiscard]] std::string steps_of(const CounterFigures& counter, const Scale& scale) {
    std::string path =
        fmt::format("M{:.1f} {:.1f}", scale.x(counter.curve.front().at), scale.y(counter.curve.front().left));
    for (std::size_t i = 1; i < counter.curve.size(); ++i) {
        const std::string x = fmt::format("{:.1f}", scale.x(counter.curve[i].at));
        const bool is_hidden =
            i + 1 < counter.curve.size() && fmt::format("{:.1f}", scale.x(counter.curve[i + 1].at)) == x;
        if (!is_hidden) path += fmt::format("H{}V{:.1f}", x, scale.y(counter.curve[i].left));
    }
    return path;
}

[[nodiscard]] std::string name_of_counter(const CounterFigures& counter) {
    return counter.channel.empty() ? "total" : counter.channel;
}

}  // namespace

std::string html_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else if (c == '>') out += "&gt;";
        else if (c == '"') out += "&quot;";
        else if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
    return out;
}

std::string burn_down_svg(const EntitlementFigures& figures, entitle::Instant now) {
    constexpr std::array<const char*, 5> dashes{"", "7 3", "2 3", "10 3 2 3", "4 4"};
    const Scale scale{figures, now};
    std::string label = "What was left over time.";
    std::string lines;
    std::string legend;
    for (std::size_t i = 0; i < figures.counters.size(); ++i) {
        const CounterFigures& counter = figures.counters[i];
        const char* const dash = dashes[i % dashes.size()];
        const std::size_t colour = i % dashes.size();
        lines += fmt::format(R"(<path class="line c{}" stroke-dasharray="{}" d="{}"/>)", colour, dash,
                             steps_of(counter, scale));
        if (counter.exhausted && *counter.exhausted > now) {
            lines +=
                fmt::format(R"(<path class="ahead c{}" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>)", colour,
                            scale.x(now), scale.y(counter.left), scale.x(*counter.exhausted), scale.y(0));
        }
        label += fmt::format(" {}: {} of {}.", name_of_counter(counter), amount(counter.left, figures.unit),
                             amount(counter.total, figures.unit));
        legend += fmt::format(
            R"(<li><svg class="key" viewBox="0 0 30 6" aria-hidden="true"><path class="line c{}" )"
            R"(stroke-dasharray="{}" d="M0 3H30"/></svg>{}</li>)",
            colour, dash, html_text(name_of_counter(counter)));
    }
    const LocalClock clock{{{}, {}, figures.time_zone}};
    return fmt::format(
        R"(<p class="axis"><span>{}</span></p><svg class="burn" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="zero" d="M0 {:.1f}H{}"/>)"
        R"(<path class="now" d="M{:.1f} 0V{}"/>{}</svg><p class="axis"><span>{}</span><span>{}</span></p><ul class="legend">{}</ul>)",
        html_text(amount(scale.highest(), figures.unit)), drawing_width, drawing_height, html_text(label),
        scale.y(0), drawing_width, scale.x(now), drawing_height, lines, clock.day(scale.begin()),
        clock.day(scale.end()), legend);
}

}  // namespace program
