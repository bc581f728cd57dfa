// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/thickness/wall_thickness.hpp"

#include "geometry/search/vector_maths.hpp"
#include "geometry/thickness/surface_samples.hpp"
#include "tests/geometry/thickness/solids.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace sample;

constexpr double degrees = std::numbers::pi / 180;

WallThickness measured(const Triangles& triangles, ThicknessOptions options = {}) {
    options.samples = std::min(options.samples, 6'000U);
    options.gap_samples = std::min(options.gap_samples, 3'000U);
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

TEST_CASE("a solid cube is as thick as it is wide, however fine its triangles") {
    for (const int n : {1, 7, 30}) {
        const WallThickness found = measured(fine_box({0, 0, 0}, {20, 20, 20}, n));
        all_about(found.walls, 20);
        CHECK(found.walls.measured == found.walls.samples);
        CHECK(found.walls.measured_share == Approx(1));
        CHECK(found.gaps.measured == 0);
        CHECK(found.complete);
    }
}

TEST_CASE("a plate is as thick as it is, and its narrow sides do not hide it") {
    for (const double thickness : {0.05, 0.4, 3.0}) {
        for (const int n : {1, 30}) {
            const WallThickness found = measured(fine_box({5, -3, 0}, {55, 27, thickness}, n));
            CHECK(found.walls.min_mm == Approx(thickness).epsilon(1e-3));
            CHECK(found.walls.median_mm == about(thickness));
            REQUIRE_FALSE(found.walls.places.empty());
            const NarrowPlace& place = found.walls.places.front();
            CHECK(maths::distance(place.point, place.opposite) == Approx(thickness).epsilon(1e-3));
        }
    }
}

TEST_CASE("a box with walls of 0.2 mm is thin everywhere, and its hollow is a gap") {
    const Triangles hollow =
        box({0, 0, 0}, {30, 30, 30}) + flipped(box({0.2, 0.2, 0.2}, {29.8, 29.8, 29.8}));
    ThicknessOptions options;
    options.limits_mm = {0.1, 0.4};
    const WallThickness found = measured(hollow, options);
    CHECK(found.walls.min_mm == Approx(0.2).epsilon(1e-3));
    CHECK(found.walls.median_mm == Approx(0.2).epsilon(1e-3));
    REQUIRE(found.walls.share_below.size() == 2);
    CHECK(found.walls.share_below[0] == 0);
    // All but the strips along the edges, where a sample looks along a wall instead of across.
    CHECK(found.walls.share_below[1] > 0.98);
    CHECK(found.walls.places.size() == 8);
    CHECK(found.gaps.min_mm == Approx(29.6).epsilon(1e-3));
}

TEST_CASE("one thin wall in a thick part is found, with its place") {
    // A pocket that leaves 0.3 mm below it.
    const Triangles part = box({0, 0, 0}, {40, 40, 20}) + flipped(box({10, 10, 0.3}, {13, 13, 19}));
    ThicknessOptions options;
    options.limits_mm = {1};
    const WallThickness found = measured(part, options);
    CHECK(found.walls.min_mm == Approx(0.3).epsilon(1e-3));
    const NarrowPlace& place = found.walls.places.front();
    CHECK(place.point.x > 9.9);
    CHECK(place.point.x < 13.1);
    CHECK(std::min(place.point.z, place.opposite.z) == Approx(0).margin(1e-6));
    // 3 x 3 mm on both sides, and the rim below.
    CHECK(found.walls.share_below[0] > 9.0 * 2 / 6900);
    CHECK(found.walls.share_below[0] < 0.006);
    CHECK(found.walls.median_mm > 5);
}

TEST_CASE("tubes and rods have the thickness of the round thing that their facets stand for") {
    for (const int around : {32, 120}) {
        // What the facets leave out on both sides.
        const double shrink = std::cos(std::numbers::pi / around);
        const WallThickness pipe = measured(tube(4, 5, 20, around, 5));
        all_about(pipe.walls, 1);
        all_about(pipe.gaps, 8 * shrink);
        all_about(measured(tube(0, 5, 20, around, 3)).walls, 10 * shrink);
        all_about(measured(tube(0, 0.2, 20, around, 3)).walls, 0.4);
    }
    // Twelve sides are still round, but 3.4 % narrower across the flats.
    all_about(measured(tube(0, 5, 20, 12, 3)).walls, 9.72);
}

TEST_CASE("a sphere is as thick as its diameter, a hollow one as its wall") {
    for (const int rings : {12, 24, 40}) {
        // From one facet to that across.
        const double shrink = std::cos(std::numbers::pi / 2 / rings);
        all_about(measured(sphere(10, rings)).walls, 20 * shrink);
        const WallThickness hollow = measured(sphere(10, rings) + flipped(sphere(8.5, rings)));
        all_about(hollow.walls, 1.5);
        all_about(hollow.gaps, 17 * shrink);
    }
}

TEST_CASE("in a wedge the width is that of the ball between its sides, not of a ray across") {
    const double angle = 20 * degrees;
    for (const int n : {1, 20}) {
        const Mesh mesh = mesh_of(prism({{0, 0}, {20, 0}, {20, 20 * std::tan(angle)}}, 20, n));
        const Bvh bvh(mesh);
        const SmoothNormals normals(mesh);
        const NormalRanges ranges(bvh);
        SpanProbe probe(bvh, normals, ranges, SpanSide::wall, false);
        for (const double far : {0.1, 1.0, 6.0, 12.0}) {
            const Vec3 point{far, 0, 9.77};
            const auto base = bvh.nearest(point);
            REQUIRE(base);
            const auto span = probe.at(base->triangle, point, great_care);
            REQUIRE(span);
            CHECK(span->width_mm == Approx(2 * far * std::tan(angle / 2)).epsilon(2e-3));
        }
    }
}

TEST_CASE("the knife edge of a wedge is counted as sharp and does not make the wall thin") {
    const double angle = 20 * degrees;
    const WallThickness found =
        measured(prism({{0, 0}, {20, 0}, {20, 20 * std::tan(angle)}}, 20, 1));
    CHECK(found.walls.sharp.edges == 1);
    CHECK(found.walls.sharp.length_mm == Approx(20));
    CHECK(found.walls.sharp.sharpest_deg == Approx(20));
    CHECK(found.walls.sharp.sharpest_at.z == Approx(10));
    // At the end of the edge zone of 0.5 mm.
    CHECK(found.walls.min_mm == about(2 * 0.5 * std::tan(angle / 2)));
}

TEST_CASE("beside the edge of a thin wedge nothing is measured, however little its sides lean") {
    for (const double whole : {2.0, 4.0, 8.0, 15.0}) {
        const double slope = std::tan(whole / 2 * degrees);
        const WallThickness found =
            measured(prism({{0, 0}, {20, -20 * slope}, {20, 20 * slope}}, 20, 6));
        INFO(whole);
        const double zone = std::min(0.5, 0.02 * std::sqrt(800));
        // Measured up to the zone, and not in it.
        CHECK(found.walls.min_mm > 0.97 * 2 * zone * slope);
        CHECK(found.walls.min_mm < 1.3 * 2 * zone * slope);
    }
}

// Drawn up from a regular polygon to a point, in rows of triangles.
Triangles spike(double radius, double height, int corners, int rows) {
    const auto at = [&](int row, int corner) {
        const double size = radius * (rows - row) / rows;
        const double turn = 2 * std::numbers::pi * corner / corners + 0.3;
        return Vec3{size * std::cos(turn), size * std::sin(turn), height * row / rows};
    };
    Triangles out;
    for (int i = 0; i < corners; ++i) {
        out.push_back({Vec3{0, 0, 0}, at(0, i + 1), at(0, i)});
        for (int row = 0; row < rows; ++row) {
            out.push_back({at(row, i), at(row, i + 1), at(row + 1, i)});
            if (row + 1 < rows) out.push_back({at(row, i + 1), at(row + 1, i + 1), at(row + 1, i)});
        }
    }
    return out;
}

TEST_CASE("near the tip of a thin cone, a needle or a pyramid nothing is measured") {
    struct Spike {
        double radius;
        int corners;
        int rows;
    };
    constexpr double height = 10;
    for (const Spike& s : {Spike{1, 48, 20},    // A thin cone,
                           Spike{1, 13, 5},     // with an odd number of facets,
                           Spike{0.2, 24, 10},  // a needle,
                           Spike{0.1, 36, 50},  // a very thin one,
                           Spike{1, 4, 5},      // and pyramids.
                           Spike{1, 6, 3}}) {
        const WallThickness found = measured(spike(s.radius, height, s.corners, s.rows));
        INFO(s.radius << " " << s.corners);
        CHECK(found.walls.sharp.tips == 1);
        REQUIRE_FALSE(found.walls.places.empty());
        const double diagonal = std::sqrt(height * height + 8 * s.radius * s.radius);
        const double zone = std::min(0.5, 0.02 * diagonal);
        // A polygon is narrower across its sides than across its corners.
        const double across = 2 * s.radius / height * std::cos(std::numbers::pi / s.corners);
        CHECK(found.walls.min_mm > 0.93 * zone * across);
        CHECK(height - found.walls.places.front().point.z > 0.9 * zone);
        // Most of it is measured.
        CHECK(found.walls.measured_share > 0.8);
    }
}

TEST_CASE("a rod as thin as the zone beside edges is no edge") {
    for (const int around : {7, 24, 60}) {
        std::vector<Vec2> circle;
        for (int i = 0; i < around; ++i) {
            const double turn = 2 * std::numbers::pi * i / around;
            circle.push_back({0.15 * std::cos(turn), 0.15 * std::sin(turn)});
        }
        const WallThickness rod = measured(prism(circle, 10, 10));
        CHECK(rod.walls.measured_share > 0.95);
        CHECK(rod.walls.min_mm > 0.23);
        CHECK(rod.walls.min_mm < 0.31);
    }
}

TEST_CASE("a rib with draft is as thin as its top, and has no sharp edge") {
    const double half = 2 * degrees;
    const double start = 0.4 / std::tan(half);
    const double end = start + 30;
    const double top = 0.4;
    const double foot = end * std::tan(half);
    for (const int n : {1, 25}) {
        const WallThickness found =
            measured(prism({{start, -top}, {end, -foot}, {end, foot}, {start, top}}, 20, n));
        CHECK(found.walls.min_mm == about(0.8));
        CHECK(found.walls.min_mm >= 0.8);
        CHECK(found.walls.sharp.edges == 0);
    }
}

TEST_CASE("a needle has a tip, and its walls are measured beside it") {
    Triangles cone;
    const auto rim = [](int i) {
        const double angle = 2 * std::numbers::pi * (i % 48) / 48;
        return Vec3{2 * std::cos(angle), 2 * std::sin(angle), 0};
    };
    for (int i = 0; i < 48; ++i) {
        cone.push_back({rim(i), rim(i + 1), Vec3{0, 0, 20}});
        cone.push_back({rim(i + 1), rim(i), Vec3{0, 0, 0}});
    }
    const WallThickness found = measured(cone);
    CHECK(found.walls.sharp.tips == 1);
    CHECK(found.walls.min_mm > 0.09);
    CHECK(found.walls.min_mm < 0.2);
}

TEST_CASE("a thickened gyroid has its thickness everywhere but at its open rim") {
    for (const int cells : {24, 36}) {
        ThicknessOptions options;
        options.samples = 1500;
        options.gap_samples = 0;
        const WallThickness found = measured(gyroid_sheet(10, 0.8, 12, cells), options);
        CHECK(found.walls.one_percent_mm == about(0.8));
        CHECK(found.walls.five_percent_mm == about(0.8));
        CHECK(found.walls.median_mm == about(0.8));
    }
}

TEST_CASE("a slot and a hole are gaps as wide as they are") {
    const Triangles slotted = box({0, 0, 0}, {10, 30, 10}) + box({10.35, 0, 0}, {20, 30, 10});
    const WallThickness found = measured(slotted);
    CHECK(found.gaps.min_mm == Approx(0.35).epsilon(1e-3));
    CHECK(found.walls.min_mm == about(9.65));
}

// A square plate with a round hole of this radius upright through it.
Triangles drilled_plate(double half, double radius, double height, int around) {
    const auto on_circle = [&](double u) {
        const double angle =
            2 * std::numbers::pi * std::fmod(std::round(u * around), around) / around;
        return Vec3{radius * std::cos(angle), radius * std::sin(angle), 0};
    };
    const auto on_square = [&](double u) {
        const Vec3 c = on_circle(u);
        const double stretch = half / std::max(std::abs(c.x), std::abs(c.y));
        return Vec3{c.x * stretch, c.y * stretch, 0};
    };
    const auto at = [](const Vec3& p, double z) { return Vec3{p.x, p.y, z}; };
    return patch([&](double u, double v) { return at(on_square(u), height * v); }, around, 1) +
           patch([&](double u, double v) { return at(on_circle(1 - u), height * v); }, around, 1) +
           patch(
               [&](double u, double v) {
                   return at(v < 0.5 ? on_circle(1 - u) : on_square(1 - u), height);
               },
               around,
               1) +
           patch([&](double u, double v) { return at(v < 0.5 ? on_circle(u) : on_square(u), 0); },
                 around,
                 1);
}

TEST_CASE("a round hole is told from a slot, with its diameter, its axis and its place") {
    const Triangles slot = box({50, 0, 0}, {55, 30, 8}) + box({55.7, 0, 0}, {60, 30, 8});
    const WallThickness found = measured(drilled_plate(10, 1.5, 4, 40) + slot);
    CHECK(found.gaps.min_mm == about(0.7));
    REQUIRE(found.holes.size() == 1);
    CHECK(found.holes[0].diameter_mm == about(3));
    CHECK(std::abs(found.holes[0].axis.z) == Approx(1));
    CHECK(found.holes[0].centre.x == Approx(0).margin(0.05));
    CHECK(found.holes[0].centre.y == Approx(0).margin(0.05));
    CHECK(measured(sphere(10, 24) + flipped(sphere(8.5, 24))).holes.empty());
    CHECK(measured(slot).holes.empty());
    const WallThickness pipe = measured(tube(4, 5, 20, 64, 3));
    REQUIRE(pipe.holes.size() == 1);
    CHECK(pipe.holes[0].diameter_mm == about(8));
}

TEST_CASE("a surface that is only seen through air is not the other side of a wall") {
    // Two shelves, the lower one reaching out: the underside of the upper one faces its top.
    const Triangles shelves = box({0, 0, 0}, {20, 20, 5}) + box({0, 0, 6}, {20, 20, 11});
    const WallThickness found = measured(shelves);
    CHECK(found.walls.min_mm == Approx(5).epsilon(1e-3));
    CHECK(found.gaps.min_mm == Approx(1).epsilon(1e-3));
}

TEST_CASE("where shells overlap the wall is that of the whole") {
    const Triangles crossed = box({0, 0, 0}, {20, 20, 10}) + box({5, 5, 4}, {15, 15, 18});
    const WallThickness found = measured(crossed);
    // Sides of the upper box that lie in the lower one are no walls of their own.
    CHECK(found.walls.min_mm > 3.9);
    CHECK(found.walls.median_mm == about(10));
}

TEST_CASE("an inside-out part is measured when it is said to be one") {
    ThicknessOptions options;
    options.inside_out = true;
    const WallThickness found =
        measured(flipped(box({0, 0, 0}, {30, 30, 30})) + box({1, 1, 1}, {29, 29, 29}), options);
    CHECK(found.walls.min_mm == Approx(1).epsilon(1e-3));
    CHECK(found.gaps.min_mm == Approx(28).epsilon(1e-3));
}

TEST_CASE("an open sheet has no walls, and says so") {
    Triangles sheet = cube(10);
    sheet.resize(2);
    const WallThickness found = measured(sheet);
    CHECK(found.walls.samples > 0);
    CHECK(found.walls.measured == 0);
    CHECK(found.walls.min_mm == 0);
    CHECK(found.walls.places.empty());
    CHECK(wall_thickness(Bvh(Mesh{})).walls.samples == 0);
}

TEST_CASE("the work ends where it is told to, spread over the part") {
    ThicknessOptions options;
    options.most_steps = 20'000;
    const WallThickness found = measured(sphere(10, 60), options);
    CHECK_FALSE(found.complete);
    CHECK_FALSE(found.walls.complete);
    CHECK(found.walls.samples < 3000);
    CHECK(found.walls.median_mm == about(20));
    const WallThickness whole = measured(sphere(10, 60));
    CHECK(whole.walls.complete);
    CHECK(found.walls.spacing_mm > 10 * whole.walls.spacing_mm);
}

TEST_CASE("the same mesh gives the same numbers") {
    const Triangles part = tube(4, 5, 20, 50, 5);
    const WallThickness one = measured(part);
    const WallThickness two = measured(part);
    CHECK(one.walls.min_mm == two.walls.min_mm);
    CHECK(one.walls.median_mm == two.walls.median_mm);
    CHECK(one.walls.places.front().point == two.walls.places.front().point);
}

TEST_CASE("samples lie on their triangles, stand for the area, and miss no triangle") {
    const Mesh mesh = mesh_of(tube(1, 9, 5, 40, 3));
    const Bvh bvh(mesh);
    const SurfaceSamples samples(bvh, 2000);
    CHECK(samples.size() == Approx(2000).margin(1));
    std::vector<int> hits(mesh.triangles.size());
    double area = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const SurfaceSample sample = samples[i];
        ++hits[sample.triangle];
        area += sample.area_mm2;
        const auto nearest = bvh.nearest(sample.point);
        REQUIRE(nearest);
        CHECK(nearest->distance_mm < 1e-5);
    }
    CHECK(std::count(hits.begin(), hits.end(), 0) == 0);
    double expected = 0;
    for (const auto& [a, b, c] : mesh.triangles) {
        expected += maths::length(maths::cross(maths::minus(mesh.vertices[b], mesh.vertices[a]),
                                               maths::minus(mesh.vertices[c], mesh.vertices[a]))) /
                    2;
    }
    CHECK(area == Approx(expected).epsilon(0.02));
}

}  // namespace
}  // namespace nearfab::geometry
