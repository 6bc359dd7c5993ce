#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace entitle_property {

/// The steps of a history that still fails without the others, large pieces of them first.
template <class Step, class Fails>
[[nodiscard]] std::vector<Step> shrunk(std::vector<Step> steps, const Fails& fails) {
    for (std::size_t piece = steps.size() / 2; piece > 0; piece /= 2) {
        for (std::size_t from = 0; from + piece <= steps.size();) {
            std::vector<Step> fewer = steps;
            const auto begin = fewer.begin() + static_cast<std::ptrdiff_t>(from);
            fewer.erase(begin, begin + static_cast<std::ptrdiff_t>(piece));
            if (fails(fewer)) steps = std::move(fewer);
            else from += piece;
        }
    }
    return steps;
}

}  // namespace entitle_property
