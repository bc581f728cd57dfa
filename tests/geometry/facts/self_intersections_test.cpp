// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/self_intersections.hpp"

#include "geometry/detail/shell_nesting.hpp"
#include "geometry/facts/topology.hpp"
#include "geometry/facts/weld.hpp"
#include "geometry/search/triangle_pair.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace nearfab::geometry {
namespace {

using namespace sample;

Mesh mesh_of(const Triangles& triangles) {
    const Result<Mesh> mesh = read_mesh(binary(triangles));
    REQUIRE(mesh);
    return *mesh;
}

SelfIntersections found_in(const Triangles& triangles, const IntersectionLimits& limits = {}) {
    const Mesh mesh = mesh_of(triangles);
    return self_intersections(Bvh(mesh), topology_of(mesh).shell_of, limits);
}

TEST_CASE("a good part does not intersect itself, however its triangles touch") {
    for (const Triangles& part : {cube(20),
                                  sphere(10, 30),
                                  cube(20) + flipped(box({5, 5, 5}, {15, 15, 15})),
                                  moebius_strip(24)}) {
        const SelfIntersections found = found_in(part);
        CHECK(found.complete);
        CHECK(found.pairs == 0);
        CHECK(found.places.empty());
        CHECK(found.meeting_shells.empty());
    }
}

TEST_CASE("two boxes that cut each other are found, with the place and the shells") {
    const SelfIntersections found = found_in(cube(20) + box({10, 10, 10}, {30, 30, 30}));
    CHECK(found.pairs > 0);
    REQUIRE(found.meeting_shells.size() == 1);
    CHECK(found.meeting_shells.front() == std::pair{0U, 1U});
    REQUIRE_FALSE(found.places.empty());
    for (const IntersectingPair& pair : found.places) {
        CHECK(pair.one < 12);
        CHECK(pair.other >= 12);
        for (const double value : {pair.at.x, pair.at.y, pair.at.z}) {
            CHECK(value >= 9.999);
            CHECK(value <= 20.001);
        }
    }
}

TEST_CASE("a fold in one shell is found though its triangles share an edge") {
    Triangles part = cube(20);
    // The last triangle's free corner is turned over onto its neighbour.
    part.push_back({Vec3{0, 0, 0}, Vec3{20, 0, 0}, Vec3{5, 5, 0}});
    CHECK(found_in(part).pairs > 0);
}

TEST_CASE("the pairs are those of a look at every two triangles") {
    std::mt19937 random(7);
    const auto whole = [&] { return static_cast<double>(random() % 12); };
    for (int round = 0; round < 20; ++round) {
        Triangles soup;
        for (int i = 0; i < 60; ++i) {
            soup.push_back({Vec3{whole(), whole(), whole()},
                            Vec3{whole(), whole(), whole()},
                            Vec3{whole(), whole(), whole()}});
        }
        const Mesh mesh = mesh_of(soup);
        const auto flat = [&](std::uint32_t t) {
            const auto& [a, b, c] = mesh.triangles[t];
            const Vec3& p = mesh.vertices[a];
            const Vec3& q = mesh.vertices[b];
            const Vec3& r = mesh.vertices[c];
            const Vec3 u{q.x - p.x, q.y - p.y, q.z - p.z};
            const Vec3 v{r.x - p.x, r.y - p.y, r.z - p.z};
            return u.y * v.z == u.z * v.y && u.z * v.x == u.x * v.z && u.x * v.y == u.y * v.x;
        };
        std::uint64_t expected = 0;
        for (std::uint32_t s = 0; s < mesh.triangles.size(); ++s) {
            for (std::uint32_t t = s + 1; t < mesh.triangles.size(); ++t)
                expected += !flat(s) && !flat(t) && intersect(mesh, s, t) ? 1U : 0U;
        }
        CHECK(self_intersections(Bvh(mesh)).pairs == expected);
    }
}

TEST_CASE("the search ends at its limits and says so") {
    Triangles many;
    for (int i = 0; i < 40; ++i)
        many = many + box({i * 0.1, i * 0.1, i * 0.1}, {i * 0.1 + 5, i * 0.1 + 5, i * 0.1 + 5});
    IntersectionLimits limits;
    limits.pairs = 50;
    limits.places = 4;
    const SelfIntersections few = found_in(many, limits);
    CHECK_FALSE(few.complete);
    CHECK(few.pairs == 50);
    CHECK(few.places.size() == 4);
    limits = {};
    limits.candidates = 100;
    CHECK_FALSE(found_in(many, limits).complete);
    CHECK(found_in(many).complete);
}

TEST_CASE("shells that only share a corner meet, and separate ones do not") {
    const SelfIntersections corner = found_in(cube(10) + box({10, 10, 10}, {20, 20, 20}));
    CHECK(corner.pairs == 0);
    CHECK(corner.meeting_shells.size() == 1);
    CHECK(found_in(cube(10) + box({11, 11, 11}, {20, 20, 20})).meeting_shells.empty());
}

TEST_CASE("depths count the shells round each one") {
    Triangles part;
    for (int i = 0; i < 5; ++i) {
        const double low = i;
        const Triangles shell = box({low, low, low}, {20 - low, 20 - low, 20 - low});
        part = part + (i % 2 == 0 ? shell : flipped(shell));
    }
    part = part + box({30, 0, 0}, {35, 5, 5});
    const Mesh mesh = mesh_of(part);
    const detail::ShellNesting nesting = detail::nest_shells(mesh, topology_of(mesh));
    CHECK(nesting.compared);
    CHECK(nesting.meeting_pairs == 0);
    CHECK(nesting.depth == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 0});
}

TEST_CASE("spheres in spheres, whose first rays graze corners, are nested right") {
    const Triangles part = sphere(20, 24) + flipped(sphere(15, 24)) + sphere(10, 24);
    const Mesh mesh = mesh_of(part);
    const detail::ShellNesting nesting = detail::nest_shells(mesh, topology_of(mesh));
    CHECK(nesting.depth == std::vector<std::uint32_t>{0, 1, 2});
}

TEST_CASE("thousands of shells are compared") {
    Triangles part;
    for (int i = 0; i < 3000; ++i) {
        const double x = (i % 50) * 2;
        const double y = (i / 50) * 2;
        const Triangles one = box({x, y, 0}, {x + 1, y + 1, 1});
        part.insert(part.end(), one.begin(), one.end());
    }
    const Mesh mesh = mesh_of(part);
    const detail::ShellNesting nesting = detail::nest_shells(mesh, topology_of(mesh));
    CHECK(nesting.compared);
    CHECK(nesting.meeting_pairs == 0);
    CHECK(std::count(nesting.depth.begin(), nesting.depth.end(), 0U) == 3000);
}

}  // namespace
}  // namespace nearfab::geometry
