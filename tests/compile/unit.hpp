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

/// Commands another unit's engine.
entitle::Result<entitle::Receipt> grant_of_unit(entitle::Engine& desk, entitle::CustomerId customer,
                                                entitle::Instant now);

inline entitle::Result<entitle::Receipt> grant_here(entitle::Engine& desk, entitle::CustomerId customer,
                                                    entitle::Instant now) {
    using namespace date::literals;
    return desk.draft({.name = "Support",
                       .customer = customer,
                       .coverage = {1970_y / 1 / 1, 1970_y / 12 / 31},
                       .terms = {.total = entitle::cases(5)}},
                      now);
}
