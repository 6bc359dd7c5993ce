#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// What can be shown where the output goes.
struct Screen {
    std::optional<std::size_t> width{};  ///< in columns; none: nothing is cut (a pipe, a file)
    bool colour = false;

    /// Standard output: its width by `COLUMNS`, else as the terminal says; colour on a terminal only, and not where
    /// `NO_COLOR` is set or the terminal is `dumb`.
    [[nodiscard]] static Screen of_output();
};

/// One value of a table. Whoever cannot see its colour reads its mark.
struct Cell {
    std::string text{};
    bool is_owed = false;  ///< a balance below nothing: `-2 cases !`

    Cell(std::string shown) : text{std::move(shown)} {}  // NOLINT(*-explicit-*): a table is written down
    Cell(std::string_view shown) : text{shown} {}        // NOLINT(*-explicit-*)
    Cell(const char* shown) : text{shown} {}             // NOLINT(*-explicit-*)
    Cell(std::string shown, bool owed) : text{std::move(shown)}, is_owed{owed} {}
};

/// Instants and days stand to the left, too, and are never cut.
enum class Align : unsigned char { left, right, instant };

struct Column {
    std::string_view name;
    Align align = Align::left;
};

/// Rows under a head; a column without any value is left out. Where they are wider than the screen, the widest columns
/// that are aligned to the left are cut, with `…` at the end; where that is not enough, nothing is cut that need not be,
/// and the last columns go on lines of their own below each row.
class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_{std::move(columns)} {}

    void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] std::string shown(const Screen& screen = Screen::of_output()) const;

private:
    /// A line of each row: from a column up to another.
    struct Line {
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    [[nodiscard]] std::vector<std::size_t> widths() const;
    [[nodiscard]] std::vector<Line> fit(std::vector<std::size_t>& widths, std::size_t to) const;
    /// Whether they fit now.
    bool narrow(std::vector<std::size_t>& widths, Line line, std::size_t to, std::size_t least) const;
    [[nodiscard]] std::string line(const std::vector<Cell>& row, Line line,
                                   const std::vector<std::size_t>& widths, const Screen& screen) const;
    [[nodiscard]] std::string lines(const std::vector<Cell>& row, const std::vector<Line>& of,
                                    const std::vector<std::size_t>& widths, const Screen& screen) const;

    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

/// Facts about one thing, a line each: `name  value`.
class FactList {
public:
    void add(std::string_view name, Cell value) { facts_.emplace_back(name, std::move(value)); }
    [[nodiscard]] std::string shown(const Screen& screen = Screen::of_output()) const;

private:
    std::vector<std::pair<std::string, Cell>> facts_;
};

}  // namespace program
