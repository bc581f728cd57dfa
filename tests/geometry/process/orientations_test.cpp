// SPDX-License-Identifier: GPL-3.0-or-later
// The orientation search on parts whose best way up is plain to see.

#include "geometry/process/orientations.hpp"

#include "geometry/process/frame.hpp"
#include "geometry/process/part_hull.hpp"
#include "tests/geometry/process/process_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

namespace nearfab::geometry {
namespace {

using namespace sample;

Mesh tee() {
    return blocks({-25, -5, 5, 25}, {0, 20}, {0, 30, 35}, [](const Vec3& p) {
        return p.z > 30 || std::abs(p.x) < 5;
    });
}

double largest_difference(const Vec3& a, const Vec3& b) {
    return std::max({std::abs(a.x - b.x), std::abs(a.y - b.y), std::abs(a.z - b.z)});
}

TEST_CASE("a T is laid on its back or put on its head, never on its foot") {
    const std::vector<Orientation> all = orientations_of(tee());
    REQUIRE(all.size() >= 2);
    CHECK(all.front().support_volume_mm3 == 0);
    CHECK(all.front().height_mm == Approx(20));  // On its back: no support, and the lowest.
    CHECK(all.front().contact_area_mm2 == Approx(550));
    CHECK(all.front().steady);
    CHECK(all.back().up == Vec3{0, 0, 1});
    CHECK(all.back().support_volume_mm3 == Approx(24'000).epsilon(0.02));
    CHECK(all.back().why.find("as it stands") != std::string::npos);
    for (const Orientation& o : all)
        CHECK_FALSE(o.why.empty());
}

TEST_CASE("a part that was modelled askew is laid flat again") {
    const Mesh skew = turned_part(mesh_of(box({0, 0, 0}, {60, 40, 5})), 33, 17);
    OrientationOptions by_height;
    by_height.rank = OrientationRank::height;
    const std::vector<Orientation> all = orientations_of(skew, by_height);
    CHECK(all.front().height_mm == Approx(5).epsilon(1e-4));
    CHECK(all.front().contact_area_mm2 == Approx(2400).epsilon(1e-3));
    CHECK(all.front().overhang_area_mm2 == Approx(0).margin(1e-6));
    CHECK(all.front().tip_deg > 60);
}

TEST_CASE("an orientation knows whether it fits a machine, at any turn about the vertical") {
    OrientationOptions options;
    options.envelope = WorkEnvelope{100, 100, 30};
    // 130 mm long: only across the diagonal, and only lying.
    const std::vector<Orientation> all =
        orientations_of(mesh_of(box({0, 0, 0}, {6, 5, 130})), options);
    const auto lying =
        std::find_if(all.begin(), all.end(), [](const Orientation& o) { return o.height_mm < 10; });
    REQUIRE(lying != all.end());
    REQUIRE(lying->fit);
    CHECK(lying->fit->fits);
    CHECK(std::fmod(lying->fit->turn_deg, 90) == Approx(45).margin(20));
    CHECK(all.back().up == Vec3{0, 0, 1});
    REQUIRE(all.back().fit);
    CHECK_FALSE(all.back().fit->fits);
}

TEST_CASE("a part that would fall over says so") {
    // A foot of 4 x 4 below a plate that reaches out to one side.
    const Mesh part =
        blocks({0, 4, 60}, {0, 4}, {0, 20, 24}, [](const Vec3& p) { return p.z > 20 || p.x < 4; });
    const std::vector<Orientation> all = orientations_of(part);
    const Orientation& standing = all.back();
    CHECK(standing.up == Vec3{0, 0, 1});
    CHECK(standing.tip_deg < 0);
    CHECK_FALSE(standing.steady);
    CHECK(all.front().steady);
}

TEST_CASE("the hull of a part of many vertices keeps its corners") {
    Triangles many = sphere(10, 80) + box({-20, -15, -12}, {20, 15, 12});
    const Mesh hull = hull_of_part(mesh_of(many));
    const Bounds bounds = bounds_of(hull);
    CHECK(largest_difference(bounds.min, {-20, -15, -12}) == 0);
    CHECK(largest_difference(bounds.max, {20, 15, 12}) == 0);
    CHECK(mass_point(hull).volume_mm3 == Approx(40 * 30 * 24));
    CHECK(sides_of(hull).size() == 6);
    CHECK(sides_of(hull).front().area_mm2 == Approx(1200));
    CHECK(hull_of_part(Mesh{{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}}, {{0, 1, 2}}})
              .triangles.empty());
}

TEST_CASE("a flat part and a ball are answered as well") {
    const Mesh flat{{{0, 0, 0}, {10, 0, 0}, {0, 10, 0}, {10, 10, 0}}, {{0, 1, 2}, {1, 3, 2}}};
    CHECK_FALSE(orientations_of(flat).empty());
    const std::vector<Orientation> ball = orientations_of(mesh_of(sphere(10, 40)));
    CHECK_FALSE(ball.empty());
    CHECK(ball.front().tip_deg < 15);
}

}  // namespace
}  // namespace nearfab::geometry
