#include "view/table.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

#include "row_check.hpp"
#include "text.hpp"

namespace program {

namespace {

constexpr std::string_view gap = "  ";
constexpr std::string_view below = "    ";  ///< how far a line that goes on below is from the edge
constexpr std::string_view owed_mark = " !";

[[nodiscard]] std::string_view variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string_view{} : value;
}

[[nodiscard]] std::optional<std::size_t> width_of_output() {
    if (isatty(STDOUT_FILENO) != 1) return std::nullopt;
    if (const auto columns = parse_digits(variable("COLUMNS")); columns && *columns > 0) {
        return static_cast<std::size_t>(*columns);
    }
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
    return size.ws_col;
}

/// As much of it as takes so many columns, the last of them `…` where there is more.
[[nodiscard]] std::string cut(const std::string& text, std::size_t width) {
    if (width_of(text) <= width || width == 0) return text;
    return std::string{within_columns(text, width - 1)} + "…";
}

[[nodiscard]] std::string marked(const Cell& cell) {
    return cell.is_owed ? cell.text + std::string{owed_mark} : cell.text;
}

[[nodiscard]] std::string coloured(std::string text, std::string_view code, const Screen& screen) {
    if (!screen.colour) return text;
    return "\x1b[" + std::string{code} + "m" + text + "\x1b[0m";
}

}  // namespace

Screen Screen::of_output() {
    const bool has_colour = isatty(STDOUT_FILENO) == 1 && variable("NO_COLOR").empty() &&
                            variable("TERM") != "dumb" && !variable("TERM").empty();
    return {width_of_output(), has_colour};
}

/// 0: a column without any value is not shown.
std::vector<std::size_t> Table::widths() const {
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(marked(row[i])));
    }
    for (std::size_t i = 0; i < widths.size(); ++i) {
        if (widths[i] > 0) widths[i] = std::max(widths[i], width_of(columns_[i].name));
    }
    return widths;
}

bool Table::narrow(std::vector<std::size_t>& widths, Line line, std::size_t to, std::size_t least) const {
    const auto is_too_wide = [&] {
        std::size_t sum = line.begin == 0 ? 0 : below.size() + gap.size();
        for (std::size_t i = line.begin; i < line.end; ++i)
            sum += widths[i] == 0 ? 0 : widths[i] + gap.size();
        return sum > to + gap.size();
    };
    while (is_too_wide()) {
        std::size_t widest = line.end;
        for (std::size_t i = line.begin; i < line.end; ++i) {
            if (columns_[i].align != Align::left || widths[i] <= least) continue;
            if (widest == line.end || widths[i] > widths[widest]) widest = i;
        }
        if (widest == line.end) return false;
        --widths[widest];
    }
    return true;
}

/// As few lines as will do; a single column that is too wide for a screen is cut all the same.
std::vector<Table::Line> Table::fit(std::vector<std::size_t>& widths, std::size_t to) const {
    constexpr std::size_t readable = 12;  // a name that is cut is no shorter
    auto cut = widths;
    if (narrow(cut, {0, widths.size()}, to, readable)) {
        widths = std::move(cut);
        return {{0, widths.size()}};
    }
    std::vector<Line> lines{{0, 1}};
    for (std::size_t i = 1; i < widths.size(); ++i) {
        auto whole = widths;
        const Line longer{lines.back().begin, i + 1};
        if (narrow(whole, longer, to, std::string::npos)) {
            lines.back() = longer;
        } else {
            lines.push_back({i, i + 1});
        }
    }
    for (const Line line : lines) narrow(widths, line, to, readable);
    return lines;
}

std::string Table::line(const std::vector<Cell>& row, Line line, const std::vector<std::size_t>& widths,
                        const Screen& screen) const {
    std::string out;
    std::size_t trailing =
        line.begin == 0 ? 0 : below.size() + gap.size();  // spaces at the end are not written
    bool is_first = true;
    for (std::size_t i = line.begin; i < line.end; ++i) {
        if (widths[i] == 0) continue;
        const std::string text = cut(marked(row[i]), widths[i]);
        const std::size_t space = widths[i] - std::min(widths[i], width_of(text));
        const bool is_right = columns_[i].align == Align::right;
        const std::size_t before = (is_first ? 0 : gap.size()) + trailing + (is_right ? space : 0);
        trailing = is_right ? 0 : space;
        is_first = false;
        if (text.empty()) {
            trailing += before;
            continue;
        }
        out.append(before, ' ');
        out += row[i].is_owed ? coloured(text, "31", screen) : text;
    }
    return out;
}

/// The first, and those below it that say something.
std::string Table::lines(const std::vector<Cell>& row, const std::vector<Line>& of,
                         const std::vector<std::size_t>& widths, const Screen& screen) const {
    std::string out;
    for (const Line each : of) {
        const std::string text = line(row, each, widths, screen);
        if (!text.empty() || (out.empty() && of.size() == 1)) out += text + "\n";
    }
    return out;
}

std::string Table::shown(const Screen& screen) const {
    auto widths = this->widths();
    const std::vector<Line> of =
        screen.width ? fit(widths, *screen.width) : std::vector<Line>{{0, widths.size()}};
    const Screen plain{screen.width, false};
    std::vector<Cell> head;
    for (const Column& column : columns_) head.emplace_back(column.name);
    std::string out = lines(head, of, widths, plain);
    out.pop_back();
    out = coloured(std::move(out), "1", screen) + "\n";
    for (const auto& row : rows_) out += lines(row, of, widths, screen);
    return out;
}

std::string FactList::shown(const Screen& screen) const {
    std::size_t width = 0;
    for (const auto& [name, value] : facts_) width = std::max(width, width_of(name));
    std::string out;
    for (const auto& [name, value] : facts_) {
        const std::string text = marked(value);
        out += left(name, width) + std::string{gap};
        out += (value.is_owed ? coloured(text, "31", screen) : text) + "\n";
    }
    return out;
}

}  // namespace program
