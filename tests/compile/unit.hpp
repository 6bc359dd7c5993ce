#pragma once

#include <string>

#include <entitle/entitle.hpp>
#include <fmt/format.h>
#include <tl/expected.hpp>

inline std::string version_here() {
    return fmt::format("{}.{}.{}", ENTITLE_VERSION_MAJOR, ENTITLE_VERSION_MINOR, ENTITLE_VERSION_PATCH);
}

// Of another translation unit, perhaps compiled by another standard.
tl::expected<std::string, int> version_of_unit();
long standard_of_unit();
