// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/mends.hpp"

#include "geometry/facts/measure.hpp"
#include "geometry/facts/sharp_edges.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <cmath>

namespace nearfab::geometry {
namespace {

using namespace sample;

Mesh mesh_of(const Triangles& triangles) {
    const Result<Mesh> mesh = read_mesh(binary(triangles));
    REQUIRE(mesh);
    return *mesh;
}

Mends mends_for(const Triangles& triangles, std::vector<std::uint32_t> depth = {}) {
    const Mesh mesh = mesh_of(triangles);
    return mends_of(mesh, topology_of(mesh), depth);
}

TEST_CASE("a good part has nothing to mend") {
    for (const Triangles& part :
         {cube(20), sphere(5, 12), cube(20) + box({30, 0, 0}, {40, 9, 9})}) {
        const Mends mends = mends_for(part);
        CHECK_FALSE(mends.anything_to_do());
        CHECK(mends.closed_after);
        CHECK(mends.oriented_after);
        CHECK(mends.non_manifold_vertices == 0);
        CHECK(mends.tolerance_mm == 1e-3);
    }
}

TEST_CASE("corners less than a micrometre apart would be welded, and the part be closed") {
    Triangles part = cube(20);
    part[0][0].x += 4e-4;
    part[5][1].y -= 4e-4;
    const Mends mends = mends_for(part);
    CHECK(mends.open_edges > 0);
    CHECK(mends.would_weld_vertices == 2);
    CHECK(mends.open_edges_after == 0);
    CHECK(mends.closed_after);
    CHECK(mends.oriented_after);
    CHECK(mends.would_flip_triangles == 0);
}

TEST_CASE("a gap wider than the tolerance stays open") {
    Triangles part = cube(20);
    part[0][0].x += 0.01;
    const Mends mends = mends_for(part);
    CHECK(mends.would_weld_vertices == 0);
    CHECK(mends.open_edges_after == mends.open_edges);
    CHECK_FALSE(mends.closed_after);
    const Mesh mesh = mesh_of(part);
    CHECK(mends_of(mesh, topology_of(mesh), {}, 0.02).closed_after);
}

TEST_CASE("triangles that a weld collapses would be dropped") {
    Triangles part = cube(20);
    // One triangle is cut so that a splinter with a side of 0.2 micrometres is left.
    const auto [a, b, c] = part[0];
    const Vec3 near{a.x, a.y + 2e-4, a.z};
    part[0] = {near, b, c};
    part.push_back({a, b, near});
    const Mends mends = mends_for(part);
    CHECK(mends.open_edges > 0);
    CHECK(mends.would_weld_vertices == 1);
    CHECK(mends.would_drop_degenerate == 1);
    CHECK(mends.closed_after);
}

TEST_CASE("of equal triangles the second would be dropped") {
    Triangles part = cube(20);
    part.push_back(part[3]);
    part.push_back(flipped({part[7]}).front());
    const Mends mends = mends_for(part);
    CHECK(mends.would_drop_duplicates == 2);
    CHECK(mends.closed_after);
    CHECK(mends.oriented_after);
}

TEST_CASE("a wall without thickness in a part would be dropped whole, and no hole be torn") {
    // Two boxes that share a face, which stands there twice, once for each.
    const Triangles boxes = box({0, 0, 0}, {10, 10, 10}) + box({10, 0, 0}, {20, 10, 10});
    const Mends mends = mends_for(boxes);
    CHECK(mends.would_drop_duplicates == 4);
    CHECK(mends.open_edges_after == 0);
    CHECK(mends.non_manifold_edges_after == 0);
    CHECK(mends.closed_after);
}

TEST_CASE("turned triangles would be flipped, the fewer against the more") {
    Triangles part = cube(20);
    for (const std::size_t i : {2U, 9U})
        std::swap(part[i][0], part[i][1]);
    const Mends mends = mends_for(part);
    CHECK(mends.would_flip_triangles == 2);
    CHECK(mends.oriented_after);
    CHECK(mends.would_flip_shells == 0);
    CHECK_FALSE(mends_for(moebius_strip(24)).oriented_after);
}

TEST_CASE("shells that look the wrong way would be flipped") {
    CHECK(mends_for(flipped(cube(20))).would_flip_shells == 1);
    const Triangles nested = cube(20) + box({5, 5, 5}, {15, 15, 15});
    CHECK(mends_for(nested).would_flip_shells == 0);
    CHECK(mends_for(nested, {0, 1}).would_flip_shells == 1);
    CHECK(mends_for(cube(20) + flipped(box({30, 0, 0}, {35, 5, 5})), {0, 0}).would_flip_shells ==
          1);
}

TEST_CASE("two cubes that share a corner have one vertex that is not manifold") {
    const Mends mends = mends_for(cube(10) + box({10, 10, 10}, {20, 20, 20}));
    CHECK(mends.non_manifold_vertices == 1);
    CHECK_FALSE(mends.anything_to_do());
    // Two fans in an open sheet.
    const Triangles bow{{{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}}},
                        {{{0, 0, 0}, {-1, 0, 0}, {-1, -1, 0}}}};
    CHECK(mends_for(bow).non_manifold_vertices == 1);
}

TEST_CASE("points heaped on one place do not take for ever") {
    Triangles heap;
    for (int i = 0; i < 3000; ++i) {
        const double off = i * 1e-7;
        heap.push_back({Vec3{off, 0, 0}, Vec3{1 + i * 0.01, 1, 0}, Vec3{0, 1, 1 + i * 0.01}});
    }
    const Mends mends = mends_for(heap);
    CHECK(mends.would_weld_vertices > 2000);
    CHECK_FALSE(mends.closed_after);
}

TEST_CASE("the centre of mass is that of the body, cavities left out") {
    const auto centre = [](const Triangles& triangles) {
        const Mesh mesh = mesh_of(triangles);
        return measure(mesh, bounds_of(mesh), topology_of(mesh)).centre_of_mass;
    };
    const Vec3 plain = centre(box({1, 2, 3}, {5, 10, 4}));
    CHECK(plain.x == Approx(3));
    CHECK(plain.y == Approx(6));
    CHECK(plain.z == Approx(3.5));
    // A cube of 20 with a hole of 10 near its end: (8000 * 10 - 1000 * 14) / 7000.
    const Vec3 hollow = centre(cube(20) + flipped(box({9, 5, 5}, {19, 15, 15})));
    CHECK(hollow.x == Approx(66.0 / 7));
    CHECK(hollow.y == Approx(10));
    // A half cone: its centre is at a quarter of the height.
    const Triangles pyramid{{{{0, 0, 0}, {0, 8, 0}, {8, 0, 0}}},
                            {{{0, 0, 0}, {8, 0, 0}, {0, 0, 8}}},
                            {{{0, 0, 0}, {0, 0, 8}, {0, 8, 0}}},
                            {{{8, 0, 0}, {0, 8, 0}, {0, 0, 8}}}};
    CHECK(centre(pyramid).z == Approx(2));
}

TEST_CASE("sharp edges are found with their angle, and grooves are told from knives") {
    const auto wedge = [](double degrees) {
        const double high = 20 * std::tan(degrees * 3.14159265358979 / 180);
        return Triangles{{{{0, 0, 0}, {20, 0, 10}, {20, 0, 0}}},
                         {{{0, 0, 0}, {0, 0, 10}, {20, 0, 10}}},
                         {{{0, 0, 0}, {20, high, 0}, {20, high, 10}}},
                         {{{0, 0, 0}, {20, high, 10}, {0, 0, 10}}},
                         {{{20, 0, 0}, {20, 0, 10}, {20, high, 10}}},
                         {{{20, 0, 0}, {20, high, 10}, {20, high, 0}}},
                         {{{0, 0, 0}, {20, 0, 0}, {20, high, 0}}},
                         {{{0, 0, 10}, {20, high, 10}, {20, 0, 10}}}};
    };
    // As written it looks inwards.
    const Mesh sharp = mesh_of(flipped(wedge(20)));
    const auto edges = sharp_edges(sharp, 60);
    REQUIRE(edges.size() == 1);
    CHECK(edges[0].angle_deg == Approx(20));
    CHECK_FALSE(edges[0].groove);
    const auto turned = sharp_edges(mesh_of(wedge(20)), 60);
    REQUIRE(turned.size() == 1);
    CHECK(turned[0].groove);
    CHECK(sharp_edges(sharp, 15).empty());
    CHECK(sharp_edges(mesh_of(cube(5)), 89).empty());
    CHECK(sharp_edges(mesh_of(cube(5)), 91).size() == 12);
}

}  // namespace
}  // namespace nearfab::geometry
