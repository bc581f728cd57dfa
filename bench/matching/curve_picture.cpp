// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/curve_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace nearfab::bench {
namespace {

constexpr double left_px = 60;
constexpr double top_px = 50;
constexpr double width_px = 560;
constexpr double height_px = 300;
constexpr std::array<const char*, query_classes.size()> colours{
    "#3a6ea5", "#2a9d8f", "#e9c46a", "#8d99ae", "#d1495b"};

double cost_us(const CurvePoint& point, std::size_t query_class) {
    const double rate = point.figures.classes[query_class].queries_per_s;
    return rate > 0 ? 1e6 / rate : 0;
}

double decades(const CurvePoint& point) {
    return std::log10(static_cast<double>(point.machines));
}

struct Scale {
    double decade_min = 0;
    double decade_max = 0;
    double us_max = 0;

    [[nodiscard]] double x(double decade) const {
        return left_px + (decade - decade_min) / (decade_max - decade_min) * width_px;
    }
    [[nodiscard]] double y(double us) const { return top_px + height_px - us / us_max * height_px; }
};

Scale scale_of(std::span<const CurvePoint> points) {
    Scale scale{decades(points.front()), decades(points.front()), 1};
    for (const CurvePoint& point : points) {
        scale.decade_min = std::min(scale.decade_min, decades(point));
        scale.decade_max = std::max(scale.decade_max, decades(point));
        for (std::size_t c = 0; c < query_classes.size(); ++c)
            scale.us_max = std::max(scale.us_max, std::ceil(cost_us(point, c)));
    }
    return scale;
}

std::string axes(std::span<const CurvePoint> points, const Scale& scale) {
    std::string svg;
    const double step = scale.us_max > 10 ? std::ceil(scale.us_max / 10) : 1;
    for (double us = 0; us <= scale.us_max; us += step) {
        svg += fmt::format(
            "<line x1=\"{0:.0f}\" y1=\"{1:.1f}\" x2=\"{2:.0f}\" y2=\"{1:.1f}\" "
            "stroke=\"#ddd\"/>\n<text x=\"{3:.0f}\" y=\"{4:.1f}\" "
            "text-anchor=\"end\">{5:.0f} us</text>\n",
            left_px,
            scale.y(us),
            left_px + width_px,
            left_px - 6,
            scale.y(us) + 4,
            us);
    }
    for (const CurvePoint& point : points) {
        svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>\n",
                           scale.x(decades(point)),
                           top_px + height_px + 18,
                           point.machines);
    }
    return svg;
}

std::string measured_line(std::span<const CurvePoint> points, const Scale& scale, std::size_t c) {
    std::string path;
    std::string marks;
    for (const CurvePoint& point : points) {
        const double x = scale.x(decades(point));
        const double y = scale.y(cost_us(point, c));
        path += fmt::format("{}{:.1f},{:.1f}", path.empty() ? "" : " ", x, y);
        marks += fmt::format(
            "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\" fill=\"{}\"/>\n", x, y, colours[c]);
    }
    return fmt::format(
               "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>\n",
               path,
               colours[c]) +
           marks;
}

std::string fitted_line(const Scale& scale, const LogFit& fit, std::size_t c) {
    const auto at = [&fit](double decade) { return fit.a_us + fit.b_us * decade; };
    return fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" "
        "stroke=\"{}\" stroke-dasharray=\"5 4\"/>\n",
        scale.x(scale.decade_min),
        scale.y(at(scale.decade_min)),
        scale.x(scale.decade_max),
        scale.y(at(scale.decade_max)),
        colours[c]);
}

std::string legend_line(const LogFit& fit, std::size_t c) {
    const double x = left_px + width_px + 20;
    const double y = top_px + 10 + 40 * static_cast<double>(c);
    return fmt::format(
        "<rect x=\"{:.0f}\" y=\"{:.0f}\" width=\"10\" height=\"10\" fill=\"{}\"/>"
        "<text x=\"{:.0f}\" y=\"{:.0f}\">{}</text>"
        "<text x=\"{:.0f}\" y=\"{:.0f}\" fill=\"#666\">{:+.2f} us per tenfold</text>\n",
        x,
        y,
        colours[c],
        x + 16,
        y + 9,
        query_classes[c],
        x + 16,
        y + 24,
        fit.b_us);
}

}  // namespace

LogFit fit_log(std::span<const CurvePoint> points, std::size_t query_class) {
    const auto n = static_cast<double>(points.size());
    double sum_x = 0;
    double sum_y = 0;
    double sum_xx = 0;
    double sum_xy = 0;
    for (const CurvePoint& point : points) {
        const double x = decades(point);
        const double y = cost_us(point, query_class);
        sum_x += x;
        sum_y += y;
        sum_xx += x * x;
        sum_xy += x * y;
    }
    LogFit fit;
    fit.b_us = (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x);
    fit.a_us = (sum_y - fit.b_us * sum_x) / n;
    for (const CurvePoint& point : points) {
        const double line = fit.a_us + fit.b_us * decades(point);
        fit.off_percent_max =
            std::max(fit.off_percent_max,
                     100 * std::abs(cost_us(point, query_class) - line) / std::abs(line));
    }
    return fit;
}

std::string curve_text(std::span<const CurvePoint> points) {
    std::string text = fmt::format("\n{:>10}", "machines");
    for (const std::string_view name : query_classes)
        text += fmt::format(" {:>11}", name);
    text += "   CPU microseconds of one query\n";
    for (const CurvePoint& point : points) {
        text += fmt::format("{:>10}", point.machines);
        for (std::size_t c = 0; c < query_classes.size(); ++c)
            text += fmt::format(" {:>11.2f}", cost_us(point, c));
        text += "\n";
    }
    const auto row = [&](const char* what, auto value) {
        text += fmt::format("{:>10}", what);
        for (std::size_t c = 0; c < query_classes.size(); ++c)
            text += fmt::format(" {:>11.2f}", value(fit_log(points, c)));
        text += "\n";
    };
    row("per 10x", [](const LogFit& fit) { return fit.b_us; });
    row("off, %", [](const LogFit& fit) { return fit.off_percent_max; });
    return text;
}

std::string curve_picture(std::span<const CurvePoint> points) {
    const Scale scale = scale_of(points);
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 820 400\" "
        "font-family=\"sans-serif\" font-size=\"12\">\n"
        "<rect width=\"820\" height=\"400\" fill=\"white\"/>\n"
        "<text x=\"{:.0f}\" y=\"28\" font-size=\"16\">CPU time of one query for the nearest 10, by "
        "machines known (dashed: a + b log n)</text>\n",
        left_px);
    svg += axes(points, scale);
    for (std::size_t c = 0; c < query_classes.size(); ++c) {
        const LogFit fit = fit_log(points, c);
        svg += fitted_line(scale, fit, c) + measured_line(points, scale, c) + legend_line(fit, c);
    }
    return svg + "</svg>\n";
}

}  // namespace nearfab::bench
