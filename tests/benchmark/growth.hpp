#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "spread.hpp"
#include "stopwatch.hpp"

/// How what one command costs grows with what there is.
namespace benchmark_of_entitle {

struct Point {
    double size = 0;         ///< a power of ten
    double nanoseconds = 0;  ///< of processor time, for one command; the median of several rounds
};

struct Curve {
    std::string_view what;  ///< is asked
    std::string_view over;  ///< what grows
    std::vector<Point> points{};

    [[nodiscard]] double ratio(const Point& point) const {
        return point.nanoseconds / points.front().nanoseconds;
    }
};

/// Nanoseconds of one of `count` commands that `work()` does at once.
template <class Work>
[[nodiscard]] double cost(std::size_t rounds, std::size_t count, Work work) {
    std::vector<double> each;
    for (std::size_t i = 0; i < rounds; ++i) {
        const double from = nanoseconds_worked();
        work();
        each.push_back((nanoseconds_worked() - from) / static_cast<double>(count));
    }
    return spread_of(each).median;
}

/// A row for each curve and a column for each power of ten: how many times the first point, and nanoseconds.
inline void print_table(const std::vector<Curve>& curves) {
    int most = 0;
    for (const Curve& curve : curves) {
        for (const Point& point : curve.points)
            most = std::max(most, static_cast<int>(std::lround(std::log10(point.size))));
    }
    std::string head = "| one command | over", line = "| --- | ---";
    for (int power = 0; power <= most; ++power) {
        head += fmt::format(" | 10^{}", power);
        line += " | ---";
    }
    fmt::print("{} |\n{} |\n", head, line);
    for (const Curve& curve : curves) {
        std::string row = fmt::format("| {} | {}", curve.what, curve.over);
        std::size_t next = 0;
        for (int power = 0; power <= most; ++power) {
            const bool is_there =
                next < curve.points.size() && std::lround(std::log10(curve.points[next].size)) == power;
            if (!is_there) {
                row += " | ";
                continue;
            }
            const Point& point = curve.points[next++];
            row += fmt::format(" | {:.2f} ({:.0f} ns)", curve.ratio(point), point.nanoseconds);
        }
        fmt::print("{} |\n", row);
    }
}

}  // namespace benchmark_of_entitle
