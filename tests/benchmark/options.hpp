#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace benchmark_of_entitle {

/// What a benchmark of several rows is asked for.
struct Options {
    std::vector<std::string> rows{};  ///< none: all
    bool quick = false;
    bool agree_only = false;
    std::size_t repetitions = 0;  ///< 0: as the row likes

    [[nodiscard]] bool wants(std::string_view row) const {
        return rows.empty() || std::find(rows.begin(), rows.end(), row) != rows.end();
    }
    [[nodiscard]] std::size_t repetitions_or_usual() const {
        return repetitions != 0 ? repetitions : agree_only ? 2 : quick ? 7 : 25;
    }
};

/// None: one of them is not known.
[[nodiscard]] inline std::optional<Options> read_options(int count, char** arguments,
                                                         std::span<const std::string_view> known_rows) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        const bool has_value = i + 1 < count;
        if (argument == "--quick") options.quick = true;
        else if (argument == "--agree") options.agree_only = true;
        else if (argument == "--row" && has_value) options.rows.emplace_back(arguments[++i]);
        else if (argument == "--repetitions" && has_value)
            options.repetitions = std::strtoul(arguments[++i], nullptr, 10);
        else return std::nullopt;
    }
    for (const std::string& row : options.rows) {
        if (std::find(known_rows.begin(), known_rows.end(), row) == known_rows.end()) return std::nullopt;
    }
    return options;
}

}  // namespace benchmark_of_entitle
