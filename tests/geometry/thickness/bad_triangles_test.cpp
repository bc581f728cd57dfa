// SPDX-License-Identifier: GPL-3.0-or-later
// Walls are those of the solid, whatever triangles its surface is cut into.

#include "tests/geometry/thickness/bad_triangles.hpp"

#include "geometry/thickness/wall_thickness.hpp"
#include "tests/geometry/thickness/solids.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace sample;

constexpr double degrees = std::numbers::pi / 180;
constexpr std::array<std::uint32_t, 3> seeds{1, 2, 10};

WallThickness measured(const Triangles& triangles) {
    ThicknessOptions options;
    options.samples = 6'000;
    options.gap_samples = 3'000;
    const Mesh mesh = mesh_of(triangles);
    return wall_thickness(Bvh(mesh), options);
}

// Within 2 % or 0.02 mm.
Approx about(double expected) {
    return Approx(expected).epsilon(0.02).margin(0.02);
}

void all_about(const Widths& widths, double expected) {
    CHECK(widths.min_mm == about(expected));
    CHECK(widths.one_percent_mm == about(expected));
    CHECK(widths.five_percent_mm == about(expected));
    CHECK(widths.median_mm == about(expected));
}

TEST_CASE("the bad triangles are bad, and bound the same solid") {
    const Triangles plain = fine_box({0, 0, 0}, {20, 20, 2}, 2);
    const Triangles bad = badly_split(plain, 400, 1);
    CHECK(bad.size() > 2 * plain.size() + 400);
    CHECK(worst_aspect(plain) < 25);
    CHECK(worst_aspect(bad) > 1000);
    const PartReport report = report_on(binary(bad));
    CHECK(report.mesh.closed);
    CHECK(report.mesh.oriented);
    CHECK(report.volume_mm3 == Approx(800).epsilon(1e-5));
}

TEST_CASE("a plate in bad triangles is as thick as it is") {
    for (const std::uint32_t seed : seeds) {
        for (const double thickness : {0.05, 0.4, 3.0}) {
            INFO(thickness << " mm, seed " << seed);
            const WallThickness found =
                measured(badly_split(fine_box({5, -3, 0}, {55, 27, thickness}, 2), 600, seed));
            CHECK(found.walls.min_mm == about(thickness));
            CHECK(found.walls.median_mm == about(thickness));
        }
    }
}

TEST_CASE("a thick cube in bad triangles has no thin wall") {
    for (const std::uint32_t seed : seeds)
        all_about(measured(badly_split(cube(20), 600, seed)).walls, 20);
}

TEST_CASE("tubes and rods in bad triangles are as thick as they are") {
    const double shrink = std::cos(std::numbers::pi / 32);
    for (const std::uint32_t seed : seeds) {
        INFO("seed " << seed);
        const WallThickness pipe = measured(badly_split(tube(4, 5, 20, 32, 3), 800, seed));
        all_about(pipe.walls, 1);
        all_about(pipe.gaps, 8 * shrink);
        all_about(measured(badly_split(tube(0, 5, 20, 32, 3), 800, seed)).walls, 10 * shrink);
        all_about(measured(badly_split(tube(0, 0.2, 20, 32, 3), 800, seed)).walls, 0.4);
    }
}

TEST_CASE("spheres in bad triangles are as thick as they are") {
    const int rings = 24;
    const double shrink = std::cos(std::numbers::pi / 2 / rings);
    for (const std::uint32_t seed : seeds) {
        INFO("seed " << seed);
        all_about(measured(badly_split(sphere(10, rings), 2000, seed)).walls, 20 * shrink);
        const WallThickness hollow =
            measured(badly_split(sphere(10, rings) + flipped(sphere(8.5, rings)), 2000, seed));
        all_about(hollow.walls, 1.5);
        all_about(hollow.gaps, 17 * shrink);
    }
}

TEST_CASE("a wedge in bad triangles has the same knife edge and the same width beside it") {
    const double angle = 20 * degrees;
    const Triangles wedge = prism({{0, 0}, {20, 0}, {20, 20 * std::tan(angle)}}, 20, 1);
    for (const std::uint32_t seed : seeds) {
        INFO("seed " << seed);
        const WallThickness found = measured(badly_split(wedge, 500, seed));
        CHECK(found.walls.sharp.length_mm == Approx(20));
        CHECK(found.walls.sharp.sharpest_deg == Approx(20).epsilon(0.01));
        CHECK(found.walls.min_mm == about(2 * 0.5 * std::tan(angle / 2)));
    }
}

TEST_CASE("a rib with draft in bad triangles is as thin as its top") {
    const double half = 2 * degrees;
    const double start = 0.4 / std::tan(half);
    const double end = start + 30;
    const double foot = end * std::tan(half);
    const Triangles rib = prism({{start, -0.4}, {end, -foot}, {end, foot}, {start, 0.4}}, 20, 1);
    for (const std::uint32_t seed : seeds) {
        INFO("seed " << seed);
        const WallThickness found = measured(badly_split(rib, 500, seed));
        CHECK(found.walls.min_mm == about(0.8));
        CHECK(found.walls.sharp.edges == 0);
    }
}

TEST_CASE("a gyroid in bad triangles has its thickness everywhere but at its open rim") {
    for (const std::uint32_t seed : seeds) {
        INFO("seed " << seed);
        const Triangles sheet = gyroid_sheet(10, 0.8, 12, 24);
        const WallThickness found = measured(badly_split(sheet, sheet.size() / 3, seed));
        CHECK(found.walls.one_percent_mm == about(0.8));
        CHECK(found.walls.five_percent_mm == about(0.8));
        CHECK(found.walls.median_mm == about(0.8));
    }
}

}  // namespace
}  // namespace nearfab::geometry
