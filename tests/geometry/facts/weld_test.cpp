// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/weld.hpp"

#include "geometry/facts/measure.hpp"
#include "geometry/facts/topology.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

namespace nearfab::geometry {
namespace {

using namespace sample;

TEST_CASE("corners that are the same bits become one vertex, and minus zero is zero") {
    Triangles triangles = cube(20);
    for (auto& t : triangles) {
        for (Vec3& p : t)
            p.x = p.x == 0 ? -0.0 : p.x;
    }
    triangles = triangles + box({0, 0, -10}, {20, 20, -5});
    const PartReport report = report_on(binary(triangles));
    CHECK(report.mesh.vertices == 16);
    CHECK(report.mesh.shells == 2);
    CHECK(report.mesh.closed);
}

TEST_CASE("a corner one float32 step away stays a vertex of its own and opens the mesh") {
    Triangles triangles = cube(20);
    triangles[0][0].x += 1e-30;
    const PartReport report = report_on(binary(triangles));
    CHECK(report.mesh.vertices == 9);
    CHECK(report.mesh.open_edges == 4);
}

// Counts the plain way what topology_of counts the fast way.
Topology counted_plainly(const Mesh& mesh) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<int, int>> edges;
    std::map<std::set<std::uint32_t>, std::uint32_t> same;
    for (const auto& t : mesh.triangles) {
        for (std::size_t c = 0; c < 3; ++c) {
            const std::uint32_t from = t[c];
            const std::uint32_t to = t[(c + 1) % 3];
            auto& [up, down] = edges[{std::min(from, to), std::max(from, to)}];
            ++(from < to ? up : down);
        }
        ++same[{t.begin(), t.end()}];
    }
    Topology out;
    for (const auto& [edge, sides] : edges) {
        const int count = sides.first + sides.second;
        out.open_edges += count == 1 ? 1U : 0U;
        out.non_manifold_edges += count > 2 ? 1U : 0U;
        out.misoriented_edges += count == 2 && sides.first != 1 ? 1U : 0U;
    }
    for (const auto& [corners, count] : same)
        out.duplicate_triangles += count - 1;
    return out;
}

TEST_CASE("the edge counts are those of a plain count, for a thousand random soups") {
    std::mt19937 random(20240607);
    for (int round = 0; round < 1000; ++round) {
        Mesh mesh;
        mesh.vertices.resize(3 + random() % 8);
        const auto vertices = static_cast<std::uint32_t>(mesh.vertices.size());
        for (std::size_t i = random() % 30; i > 0; --i) {
            const std::array<std::uint32_t, 3> t{static_cast<std::uint32_t>(random() % vertices),
                                                 static_cast<std::uint32_t>(random() % vertices),
                                                 static_cast<std::uint32_t>(random() % vertices)};
            if (t[0] != t[1] && t[1] != t[2] && t[2] != t[0]) mesh.triangles.push_back(t);
        }
        const Topology fast = topology_of(mesh);
        const Topology plain = counted_plainly(mesh);
        INFO("round " << round);
        REQUIRE(fast.open_edges == plain.open_edges);
        REQUIRE(fast.non_manifold_edges == plain.non_manifold_edges);
        REQUIRE(fast.misoriented_edges == plain.misoriented_edges);
        REQUIRE(fast.duplicate_triangles == plain.duplicate_triangles);
        REQUIRE(fast.shell_of.size() == mesh.triangles.size());
    }
}

TEST_CASE("corners that very many triangles share are counted like others") {
    // A double cone; its two tips are the lowest vertices, or the highest.
    constexpr std::uint32_t around = 500;
    for (const bool tips_first : {true, false}) {
        const std::uint32_t top = tips_first ? 0 : around;
        const std::uint32_t rim = tips_first ? 2 : 0;
        Mesh mesh;
        mesh.vertices.resize(around + 2);
        for (std::uint32_t i = 0; i < around; ++i) {
            const std::uint32_t next = rim + (i + 1) % around;
            mesh.triangles.push_back({top, rim + i, next});
            mesh.triangles.push_back({top + 1, next, rim + i});
        }
        CHECK(topology_of(mesh).open_edges == 0);
        CHECK(topology_of(mesh).misoriented_edges == 0);
        CHECK(topology_of(mesh).shells == 1);
        mesh.triangles.pop_back();
        CHECK(topology_of(mesh).open_edges == 3);
        std::swap(mesh.triangles[7][0], mesh.triangles[7][1]);
        CHECK(topology_of(mesh).misoriented_edges == 3);
        mesh.triangles.push_back(mesh.triangles[20]);
        CHECK(topology_of(mesh).non_manifold_edges == 3);
        CHECK(topology_of(mesh).duplicate_triangles == 1);
    }
}

TEST_CASE("shells are numbered by their first triangle") {
    const Result<Mesh> mesh = read_mesh(binary(cube(5) + box({9, 9, 9}, {10, 10, 10})));
    REQUIRE(mesh);
    const Topology topology = topology_of(*mesh);
    CHECK(topology.shells == 2);
    CHECK(topology.shell_of.front() == 0);
    CHECK(topology.shell_of.back() == 1);
    const Measures measures = measure(*mesh, bounds_of(*mesh), topology);
    CHECK(measures.shell_volumes_mm3[0] == Approx(125));
    CHECK(measures.shell_volumes_mm3[1] == Approx(1));
}

}  // namespace
}  // namespace nearfab::geometry
