// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/curve_picture.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <vector>

namespace nearfab::bench {
namespace {

constexpr std::size_t mixed = query_classes.size() - 1;

CurvePoint point(std::size_t machines, double us) {
    CurvePoint made;
    made.machines = machines;
    for (ClassFigures& figures : made.figures.classes)
        figures.queries_per_s = 1e6 / us;
    return made;
}

TEST_CASE("a cost that grows like log n lies on its line", "[bench]") {
    std::vector<CurvePoint> points;
    for (const std::size_t machines : std::array<std::size_t, 3>{10'000, 100'000, 1'000'000})
        points.push_back(point(machines, 1.0 + 0.5 * std::log10(static_cast<double>(machines))));
    const LogFit fit = fit_log(points, mixed);
    CHECK(fit.a_us == Approx(1.0));
    CHECK(fit.b_us == Approx(0.5));
    CHECK(fit.off_percent_max < 1e-6);
}

TEST_CASE("a cost that grows like n is seen not to", "[bench]") {
    const std::vector<CurvePoint> points{
        point(10'000, 1.0), point(100'000, 10.0), point(1'000'000, 100.0)};
    CHECK(fit_log(points, mixed).off_percent_max > 50);
}

TEST_CASE("the curve names every size, and stays in its picture", "[bench]") {
    const std::vector<CurvePoint> points{point(10'000, 2.0), point(1'000'000, 4.0)};
    const std::string svg = curve_picture(points);
    CHECK(svg.find(">10000<") != std::string::npos);
    CHECK(svg.find(">1000000<") != std::string::npos);
    CHECK(svg.find("+1.00 us per tenfold") != std::string::npos);
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(curve_text(points).find("per 10x") != std::string::npos);
}

}  // namespace
}  // namespace nearfab::bench
