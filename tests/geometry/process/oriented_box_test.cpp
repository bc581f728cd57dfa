// SPDX-License-Identifier: GPL-3.0-or-later
// The smallest box around parts whose smallest box is known.

#include "geometry/process/oriented_box.hpp"

#include "geometry/process/frame.hpp"
#include "tests/geometry/process/process_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace nearfab::geometry {
namespace {

using namespace sample;

void check_contains(const OrientedBox& box, const Mesh& mesh) {
    const double slack = 1e-9 * (box.size_mm.x + 1);
    const std::array<double, 3> half{
        box.size_mm.x / 2 + slack, box.size_mm.y / 2 + slack, box.size_mm.z / 2 + slack};
    bool inside = true;
    for (const Vec3& p : mesh.vertices) {
        for (std::size_t i = 0; i < 3; ++i) {
            using namespace vec;
            inside = inside && std::abs(dot(p - box.centre, box.axes[i])) <= half[i];
        }
    }
    CHECK(inside);
    CHECK(vec::dot(vec::cross(box.axes[0], box.axes[1]), box.axes[2]) == Approx(1));
}

TEST_CASE("a box that was turned away is found again, exactly") {
    const Mesh part = turned_part(mesh_of(box({0, 0, 0}, {60, 25, 7})), 37, 21);
    const OrientedBox found = oriented_box_of(part);
    CHECK(found.size_mm.x == Approx(60).epsilon(1e-6));
    CHECK(found.size_mm.y == Approx(25).epsilon(1e-6));
    CHECK(found.size_mm.z == Approx(7).epsilon(1e-6));
    check_contains(found, part);
}

TEST_CASE("a round bar lies along its axis") {
    const Mesh bar = turned_part(prism(circle(4, 64), 80), 55, 10);
    const OrientedBox found = oriented_box_of(bar);
    CHECK(found.size_mm.x == Approx(80).epsilon(2e-3));
    CHECK(found.size_mm.y == Approx(8).epsilon(5e-3));
    check_contains(found, bar);
}

// The smallest box around a regular tetrahedron of edge a is the cube of side a / sqrt(2).
TEST_CASE("a tetrahedron's smallest box, none of whose sides is flush with a face, is found") {
    const Mesh tetra = turned_part(Mesh{{{0, 0, 0}, {10, 10, 0}, {10, 0, 10}, {0, 10, 10}},
                                        {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}}},
                                   20,
                                   40);
    const OrientedBox found = oriented_box_of(tetra);
    CHECK(found.volume_mm3() == Approx(1000).epsilon(0.01));
    check_contains(found, tetra);
}

TEST_CASE("a part of many vertices keeps within one percent, and flat ones have no thickness") {
    Triangles many = sphere(10, 80) + box({-20, -15, -12}, {20, 15, 12});
    const Mesh part = turned_part(mesh_of(many), 12, 34);
    const OrientedBox found = oriented_box_of(part);
    CHECK(found.volume_mm3() == Approx(40 * 30 * 24).epsilon(0.005));
    check_contains(found, part);
    const Mesh ball = mesh_of(sphere(10, 40));
    CHECK(oriented_box_of(ball).volume_mm3() <= 8000);
    const Mesh flat = turned_part(
        Mesh{{{0, 0, 0}, {10, 0, 0}, {0, 20, 0}, {10, 20, 0}}, {{0, 1, 2}, {1, 3, 2}}}, 30, 30);
    const OrientedBox sheet = oriented_box_of(flat);
    CHECK(sheet.size_mm.x == Approx(20));
    CHECK(sheet.size_mm.y == Approx(10));
    CHECK(sheet.size_mm.z == Approx(0).margin(1e-9));
    CHECK(oriented_box_of(Mesh{{{1, 2, 3}}, {}}).volume_mm3() == 0);
    CHECK(oriented_box_of(Mesh{{{1, 2, 3}, {4, 6, 3}}, {}}).size_mm.x == Approx(5));
}

}  // namespace
}  // namespace nearfab::geometry
