#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "growth.hpp"

namespace benchmark_of_entitle {

/// The curves on paper of powers of ten both ways: how many times its first point each costs. Text and axes have the colour
/// of the page that shows it.
class GrowthDrawing {
public:
    explicit GrowthDrawing(const std::vector<Curve>& curves) : curves_{curves} {}

    [[nodiscard]] std::string svg() const {
        std::string out = fmt::format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" "
            "font-family=\"sans-serif\" "
            "font-size=\"13\" fill=\"currentColor\" stroke-linejoin=\"round\">\n<title>What one command "
            "costs, as the desk "
            "grows</title>\n",
            width, top + height + 46 + 20 * static_cast<double>(curves_.size()));
        out += fmt::format(
            "<text x=\"{}\" y=\"22\" font-size=\"15\">What one command costs, times its first point</text>\n",
            left);
        out += axes();
        for (std::size_t i = 0; i < curves_.size(); ++i) out += line(i);
        return out + "</svg>\n";
    }

private:
    static constexpr double width = 720, left = 64, top = 40, height = 260, right = 20;
    static constexpr double decades = 7;                      // from 1 on
    static constexpr double lowest = 0.1, highest = 1'000.0;  // times
    static constexpr std::array<std::string_view, 8> colours{"#4477aa", "#ee6677", "#228833", "#ccbb44",
                                                             "#66ccee", "#aa3377", "#888888", "#ee8866"};

    [[nodiscard]] static double x(double size) {
        return left + std::log10(size) / decades * (width - left - right);
    }
    [[nodiscard]] static double y(double times) {
        const double at =
            std::log10(std::clamp(times, lowest, highest) / lowest) / std::log10(highest / lowest);
        return top + height - at * height;
    }

    [[nodiscard]] static std::string axes() {
        std::string out;
        for (double times = lowest; times <= highest * 1.01; times *= 10) {
            out += fmt::format(
                "<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"currentColor\" "
                "stroke-opacity=\"{}\"/>"
                "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:g}</text>\n",
                left, width - right, y(times), y(times), std::abs(times - 1) < 0.01 ? "0.6" : "0.2", left - 8,
                y(times) + 4, times);
        }
        for (int power = 0; power <= static_cast<int>(decades); ++power) {
            out += fmt::format(
                "<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">10<tspan dy=\"-5\" "
                "font-size=\"10\">{}</tspan></text>\n",
                x(std::pow(10, power)), top + height + 20, power);
        }
        return out;
    }

    [[nodiscard]] std::string line(std::size_t i) const {
        const Curve& curve = curves_[i];
        std::string points;
        for (const Point& point : curve.points)
            points += fmt::format("{:.1f},{:.1f} ", x(point.size), y(curve.ratio(point)));
        const double at = top + height + 48 + 20 * static_cast<double>(i);
        return fmt::format(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>\n"
            "<line x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"3\"/>"
            "<text x=\"{}\" y=\"{}\">{}, over {}</text>\n",
            points, colours[i % colours.size()], left, left + 24, at - 4, at - 4, colours[i % colours.size()],
            left + 34, at, curve.what, curve.over);
    }

    const std::vector<Curve>& curves_;
};

}  // namespace benchmark_of_entitle
