// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/near_order.hpp"

#include "geometry/facts/measure.hpp"
#include "geometry/facts/topology.hpp"
#include "geometry/facts/weld.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>

namespace nearfab::geometry {
namespace {

using namespace sample;

TriangleSoup soup_of(const Triangles& triangles) {
    auto soup = read_stl(binary(triangles));
    REQUIRE(soup);
    return std::move(*soup);
}

TriangleSoup shuffled(TriangleSoup soup) {
    std::mt19937 random(5);
    std::shuffle(soup.triangles.begin(), soup.triangles.end(), random);
    return soup;
}

// How far apart the corners of a triangle stand in the list of vertices, in the mean.
double mean_reach(const Mesh& mesh) {
    double sum = 0;
    for (const auto& [a, b, c] : mesh.triangles)
        sum += std::max({a, b, c}) - std::min({a, b, c});
    return sum / static_cast<double>(mesh.triangles.size());
}

TEST_CASE("triangles that stand near each other, and few ones, keep the order of the file") {
    CHECK(near_order(soup_of(sphere(20, 180)).triangles).empty());
    CHECK(near_order(shuffled(soup_of(sphere(20, 100))).triangles).empty());
}

TEST_CASE("scattered triangles are all taken once, neighbours after neighbours") {
    const TriangleSoup soup = shuffled(soup_of(sphere(20, 180)));
    LargeArray<std::uint32_t> order = near_order(soup.triangles);
    REQUIRE(order.size() == 128'880);
    std::sort(order.begin(), order.end());
    for (std::uint32_t i = 0; i < order.size(); ++i)
        REQUIRE(order[i] == i);

    const WeldedMesh welded = weld(soup);
    CHECK(welded.mesh.vertices.size() == 64'442);
    CHECK(mean_reach(welded.mesh) < 1'000);  // Of 64,442; scattered they are 30,000 apart.
}

TEST_CASE("the order of a file does not change what is known of the part") {
    const TriangleSoup in_order = soup_of(sphere(20, 180));
    const TriangleSoup other = shuffled(in_order);
    const Mesh mesh = weld(other).mesh;
    const Topology topology = topology_of(mesh);
    CHECK(topology.open_edges == 0);
    CHECK(topology.non_manifold_edges == 0);
    CHECK(topology.misoriented_edges == 0);
    CHECK(topology.shells == 1);
    const Measures measures = measure(mesh, bounds_of(mesh), topology);
    const Mesh plain = weld(in_order).mesh;
    const Measures expected = measure(plain, bounds_of(plain), topology_of(plain));
    CHECK(bounds_of(mesh) == bounds_of(plain));
    CHECK(std::abs(measures.volume_mm3 / expected.volume_mm3 - 1) < 1e-12);
    CHECK(std::abs(measures.area_mm2 / expected.area_mm2 - 1) < 1e-12);
}

TEST_CASE("a flat, scattered sheet and one with a single far corner are ordered too") {
    Triangles sheet;
    for (int x = 0; x < 300; ++x) {
        for (int y = 0; y < 200; ++y) {
            const double u = x;
            const double v = y;
            sheet.push_back({{{u, v, 0}, {u + 1, v, 0}, {u + 1, v + 1, 0}}});
            sheet.push_back({{{u, v, 0}, {u + 1, v + 1, 0}, {u, v + 1, 0}}});
        }
    }
    CHECK(weld(shuffled(soup_of(sheet))).mesh.triangles.size() == 120'000);
    sheet.push_back({{{9'999, 0, 0}, {9'999, 1, 0}, {9'999, 1, 1}}});
    CHECK(weld(shuffled(soup_of(sheet))).mesh.vertices.size() == 301 * 201 + 3);
}

}  // namespace
}  // namespace nearfab::geometry
