#pragma once

#include <string>

#include "report/figures.hpp"

namespace program {

/// Text inside a page.
[[nodiscard]] std::string html_text(std::string_view text);

/// How an entitlement's counters were used up, as a drawing of its own: time to the right, what is left upwards; steps,
/// one line for each counter, told apart by their dashes and not only by colour. Dashed on: up to when it is
/// exhausted at its pace.
[[nodiscard]] std::string burn_down_svg(const EntitlementFigures& figures, entitle::Instant now);

}  // namespace program
