#pragma once

#include <string>

#include "report/figures.hpp"
#include "view/told.hpp"

/// The forms of a report.
namespace program {

/// One page that needs nothing else: no network, no script; light and dark, and as narrow as a telephone.
[[nodiscard]] std::string report_html(const Figures& figures);
/// A line for each counter, each change, each sort of refusal and each way that a promise may end, under one head.
[[nodiscard]] std::string report_csv(const Figures& figures);
[[nodiscard]] Json report_json(const Figures& figures);
[[nodiscard]] std::string report_text(const Figures& figures);

}  // namespace program
