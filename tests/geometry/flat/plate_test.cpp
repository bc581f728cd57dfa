// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/plate.hpp"

#include "geometry/flat/flat_facts.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <numbers>

namespace nearfab::geometry {
namespace {

constexpr double pi = std::numbers::pi;

// A ring of quads between an outer and an inner outline of as many corners, from z = 0 to height.
Mesh ring(const std::vector<Vec2>& outer, const std::vector<Vec2>& inner, double height) {
    Mesh mesh;
    const auto n = static_cast<std::uint32_t>(outer.size());
    for (const double z : {0.0, height}) {
        for (const Vec2& p : outer)
            mesh.vertices.push_back({p.x, p.y, z});
        for (const Vec2& p : inner)
            mesh.vertices.push_back({p.x, p.y, z});
    }
    const auto quad = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
        mesh.triangles.push_back({a, b, c});
        mesh.triangles.push_back({a, c, d});
    };
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint32_t j = (i + 1) % n;
        quad(2 * n + i, 2 * n + j, 3 * n + j, 3 * n + i);  // Top.
        quad(j, i, n + i, n + j);                          // Bottom.
        quad(i, j, 2 * n + j, 2 * n + i);                  // Outside.
        quad(n + j, n + i, 3 * n + i, 3 * n + j);          // Inside.
    }
    return mesh;
}

std::vector<Vec2> polygon(int corners, const std::function<double(double)>& radius) {
    std::vector<Vec2> points;
    for (int i = 0; i < corners; ++i) {
        const double a = 2 * pi * i / corners;
        points.push_back({radius(a) * std::cos(a), radius(a) * std::sin(a)});
    }
    return points;
}

// A square of 40 mm round a hole of 5 mm, with corners where the hole has them.
Mesh plate_with_hole(double thickness) {
    const auto square = [](double a) {
        return 20 / std::max(std::abs(std::cos(a)), std::abs(std::sin(a)));
    };
    return ring(polygon(48, square), polygon(48, [](double) { return 2.5; }), thickness);
}

Mesh turned(Mesh mesh, double a, double b) {
    for (Vec3& v : mesh.vertices) {
        v = {std::cos(a) * v.x - std::sin(a) * v.y, std::sin(a) * v.x + std::cos(a) * v.y, v.z};
        v = {v.x, std::cos(b) * v.y - std::sin(b) * v.z, std::sin(b) * v.y + std::cos(b) * v.z};
        // As a file would have them.
        v = {static_cast<float>(v.x + 5), static_cast<float>(v.y - 3), static_cast<float>(v.z)};
    }
    return mesh;
}

TEST_CASE("a plate with a hole is known in any direction, with its true circle") {
    for (const auto& [a, b] : {std::pair{0.0, 0.0}, {0.3, 0.0}, {0.3, 1.2}, {2.0, pi / 2}}) {
        INFO(a << " " << b);
        const auto plate = plate_of(turned(plate_with_hole(3), a, b));
        REQUIRE(plate);
        CHECK(plate->thickness_mm == Approx(3).margin(1e-4));
        REQUIRE(plate->profile.paths.size() == 2);
        REQUIRE(plate->round_holes.size() == 1);
        CHECK(plate->round_holes[0].diameter_mm == Approx(5).margin(1e-4));
        const auto facts = flat_facts(plate->profile);
        REQUIRE(facts);
        CHECK(facts->outer_loops == 1);
        CHECK(facts->inner_loops == 1);
        CHECK(facts->net_area_mm2 == Approx(1600 - 6.25 * pi).epsilon(1e-4));
        CHECK(facts->smallest_rectangle.long_mm == Approx(40).margin(1e-3));
        CHECK(facts->loops[0].length_mm == Approx(160).margin(1e-2));
    }
}

TEST_CASE("arcs of an outline become arcs, few corners stay corners") {
    // A slot of 10 x 4 with round ends in a hexagonal plate is drawn by hand: 18 chords an end.
    std::vector<Vec2> slot;
    for (int i = 0; i < 36; ++i) {
        const double a = 2 * pi * (i + (i < 18 ? 0 : 0)) / 35 - pi / 2;
        slot.push_back({2 * std::cos(a) + (std::cos(a) >= 0 ? 5.0 : -5.0), 2 * std::sin(a)});
    }
    const auto around = polygon(36, [](double) { return 30.0; });
    const auto plate = plate_of(ring(around, slot, 2));
    REQUIRE(plate);
    REQUIRE(plate->profile.paths.size() == 2);
    CHECK(plate->round_holes.empty());
    for (const Path& path : plate->profile.paths)
        CHECK(path.points.size() <= 6);
    const auto hexagon = plate_of(
        ring(polygon(6, [](double) { return 30.0; }), polygon(6, [](double) { return 5.0; }), 2));
    REQUIRE(hexagon);
    CHECK(hexagon->round_holes.empty());
    CHECK(hexagon->profile.paths[0].points.size() == 6);
}

TEST_CASE("what is no flat plate is not taken for one") {
    CHECK_FALSE(plate_of({}));
    CHECK_FALSE(plate_of(plate_with_hole(60)));  // A bar.
    Mesh draft = plate_with_hole(3);
    for (std::size_t i = 96; i < draft.vertices.size(); ++i)
        draft.vertices[i] = {draft.vertices[i].x * 0.98, draft.vertices[i].y * 0.98, 3};
    CHECK_FALSE(plate_of(draft));
    Mesh bump = plate_with_hole(3);
    bump.vertices[100].z = 3.5;
    CHECK_FALSE(plate_of(bump));
    Mesh open = plate_with_hole(3);
    open.triangles.erase(open.triangles.begin(), open.triangles.begin() + 8);
    CHECK_FALSE(plate_of(open));
}

}  // namespace
}  // namespace nearfab::geometry
