// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/thickness/thin_triangles.hpp"

#include "tests/geometry/thickness/solids.hpp"

#include <catch2/catch.hpp>

namespace nearfab::geometry {
namespace {

using namespace sample;

std::size_t thin_of(const Triangles& triangles, double below_mm) {
    const Mesh mesh = mesh_of(triangles);
    return thin_triangles(Bvh(mesh), below_mm).size();
}

TEST_CASE("a thin plate is thin all over its two faces, a cube nowhere") {
    const int n = 6;
    const std::size_t of_two_faces = 2 * 2 * n * n;
    CHECK(thin_of(fine_box({0, 0, 0}, {50, 30, 0.4}, n), 0.8) == of_two_faces);
    CHECK(thin_of(fine_box({0, 0, 0}, {50, 30, 0.4}, n), 0.3) == 0);
    CHECK(thin_of(fine_box({0, 0, 0}, {20, 20, 20}, n), 0.8) == 0);
}

TEST_CASE("what is too fine to be probed one by one is left out") {
    CHECK(thin_of(fine_box({0, 0, 0}, {50, 30, 0.4}, 95), 0.8) == 0);
}

}  // namespace
}  // namespace nearfab::geometry
