#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "spread.hpp"

namespace benchmark_of_entitle {

enum class Goal { at_most, at_least };

/// A row of the table that `run.sh --all` ends with.
struct TableRow {
    std::string_view row;
    std::string_view title;
    Spread measured;
    std::string_view unit;
    Goal direction;
    double goal;
};

/// A single number, as a spread.
[[nodiscard]] inline Spread exactly(double value) { return {value, value, value}; }

/// Added as a line to the file that the environment names, if it does: row;title;value;unit;low;high;goal;direction
inline void add_to_table(const TableRow& row) {
    const char* path = std::getenv("ENTITLE_BENCHMARK_TABLE");
    if (path == nullptr) return;
    std::FILE* file = std::fopen(path, "a");
    if (file == nullptr) {
        fmt::print(stderr, "the table cannot be written: {}\n", path);
        std::exit(EXIT_FAILURE);
    }
    fmt::print(file, "{};{};{};{};{};{};{};{}\n", row.row, row.title, row.measured.median, row.unit,
               row.measured.low, row.measured.high, row.goal, row.direction == Goal::at_most ? "<=" : ">=");
    std::fclose(file);
}

}  // namespace benchmark_of_entitle
