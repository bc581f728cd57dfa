// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/search/bvh.hpp"

#include "geometry/facts/weld.hpp"
#include "geometry/search/vector_maths.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

namespace nearfab::geometry {
namespace {

using namespace sample;

Mesh mesh_of(const Triangles& triangles) {
    const Result<Mesh> mesh = read_mesh(binary(triangles));
    REQUIRE(mesh);
    return *mesh;
}

Vec3 random_point(std::mt19937& random, double size) {
    std::uniform_real_distribution<double> any(-size, size);
    return {any(random), any(random), any(random)};
}

// Triangles of all sizes, some flat, some equal.
Mesh random_soup(std::mt19937& random, std::size_t count) {
    Triangles triangles;
    for (std::size_t i = 0; i < count; ++i) {
        const Vec3 at = random_point(random, 20);
        const double size = i % 7 == 0 ? 15 : 1;
        triangles.push_back({maths::plus(at, random_point(random, size)),
                             maths::plus(at, random_point(random, size)),
                             maths::plus(at, random_point(random, size))});
        if (i % 11 == 0) triangles.push_back(triangles.back());
    }
    return mesh_of(triangles);
}

const Vec3& corner(const Mesh& mesh, std::uint32_t triangle, std::size_t i) {
    return mesh.vertices[mesh.triangles[triangle][i]];
}

// A ray through a triangle, with no other thing in mind than to be plain.
std::optional<double> plain_hit(const Mesh& mesh, std::uint32_t t, const Vec3& o, const Vec3& d) {
    using namespace maths;
    const Vec3 a = corner(mesh, t, 0);
    const Vec3 ab = minus(corner(mesh, t, 1), a);
    const Vec3 ac = minus(corner(mesh, t, 2), a);
    const Vec3 p = cross(d, ac);
    const double det = dot(ab, p);
    const Vec3 ao = minus(o, a);
    const double u = dot(ao, p) / det;
    const Vec3 q = cross(ao, ab);
    const double v = dot(d, q) / det;
    const double at = dot(ac, q) / det;
    if (!(u >= 0 && v >= 0 && u + v <= 1 && at >= 0)) return std::nullopt;
    return at;
}

TEST_CASE("rays hit what a look at every triangle finds") {
    std::mt19937 random(11);
    for (const std::size_t size : {1U, 2U, 5U, 40U, 3000U}) {
        const Mesh mesh = random_soup(random, size);
        const Bvh bvh(mesh);
        for (int i = 0; i < 200; ++i) {
            const Vec3 origin = random_point(random, 30);
            Vec3 direction = random_point(random, 3);
            if (i % 5 == 0) direction.x = 0;
            if (i % 15 == 0) direction.y = -0.0;
            std::size_t expected = 0;
            double nearest = Bvh::infinity;
            for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
                const std::optional<double> hit = plain_hit(mesh, t, origin, direction);
                expected += hit ? 1U : 0U;
                nearest = std::min(nearest, hit.value_or(Bvh::infinity));
            }
            const std::vector<RayHit> hits = bvh.all_hits(origin, direction, 0, Bvh::infinity, 1e5);
            REQUIRE(hits.size() == expected);
            const std::optional<RayHit> first = bvh.first_hit(origin, direction);
            REQUIRE(first.has_value() == (expected > 0));
            if (!first) continue;
            CHECK(first->t == Approx(nearest));
            CHECK(first->triangle == hits.front().triangle);
            const std::uint32_t t = first->triangle;
            const Vec3 normal = maths::cross(maths::minus(corner(mesh, t, 1), corner(mesh, t, 0)),
                                             maths::minus(corner(mesh, t, 2), corner(mesh, t, 0)));
            CHECK(first->leaving == (maths::dot(normal, direction) > 0));
        }
    }
}

TEST_CASE("no ray from inside slips out through an edge or a corner") {
    const Mesh mesh = mesh_of(sphere(10, 40));
    const Bvh bvh(mesh);
    std::mt19937 random(5);
    for (const Vec3& origin : {Vec3{0, 0, 0}, Vec3{1.25, -2.5, 3}, Vec3{7, 0, 0}}) {
        for (const auto& t : mesh.triangles) {
            for (std::size_t i = 0; i < 3; ++i) {
                const Vec3 a = mesh.vertices[t[i]];
                const Vec3 b = mesh.vertices[t[(i + 1) % 3]];
                const double part = std::uniform_real_distribution<double>(0, 1)(random);
                const Vec3 on_edge = maths::along(a, part, maths::minus(b, a));
                for (const Vec3& at : {a, on_edge}) {
                    const auto hit = bvh.first_hit(origin, maths::minus(at, origin));
                    REQUIRE(hit);
                    CHECK(hit->t == Approx(1));
                    CHECK(hit->leaving);
                    CHECK(hit->grazing);
                }
            }
        }
    }
}

TEST_CASE("the range of a ray holds at both ends") {
    const Mesh mesh = mesh_of(cube(10));
    const Bvh bvh(mesh);
    const Vec3 origin{3, 4, -5};
    const auto hits = bvh.all_hits(origin, {0, 0, 2});
    REQUIRE(hits.size() == 2);
    CHECK(hits[0].t == 2.5);
    CHECK_FALSE(hits[0].leaving);
    CHECK(hits[1].t == 7.5);
    CHECK(hits[1].leaving);
    CHECK(bvh.first_hit(origin, {0, 0, 2}, 2.5, 2.5));
    CHECK_FALSE(bvh.first_hit(origin, {0, 0, 2}, 2.6, 7.4));
    CHECK_FALSE(bvh.first_hit(origin, {0, 0, -2}));
    CHECK(bvh.all_hits(origin, {0, 0, 2}, 0, Bvh::infinity, 1).size() == 2);
}

TEST_CASE("the nearest point is that of a look at every triangle") {
    std::mt19937 random(23);
    const Mesh mesh = random_soup(random, 2000);
    const Bvh bvh(mesh);
    for (int i = 0; i < 300; ++i) {
        const Vec3 from = random_point(random, 30);
        double best = Bvh::infinity;
        for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
            const Vec3 on = nearest_on_triangle(
                from, corner(mesh, t, 0), corner(mesh, t, 1), corner(mesh, t, 2));
            best = std::min(best, maths::distance(on, from));
        }
        const std::optional<NearestPoint> found = bvh.nearest(from);
        REQUIRE(found);
        CHECK(found->distance_mm == Approx(best));
        CHECK(maths::distance(found->point, from) == Approx(best));
        CHECK_FALSE(bvh.nearest(from, best * 0.999));
        CHECK(bvh.nearest(from, best * 1.001));
    }
}

TEST_CASE("the nearest point of a triangle is not farther than any other point of it") {
    std::mt19937 random(31);
    std::uniform_real_distribution<double> share(0, 1);
    for (int i = 0; i < 500; ++i) {
        const Vec3 a = random_point(random, 1);
        const Vec3 b = random_point(random, 1);
        const Vec3 c = i % 10 == 0 ? maths::plus(a, maths::times(0.5, maths::minus(b, a)))
                                   : random_point(random, 1);
        const Vec3 p = random_point(random, 2);
        const double found = maths::distance(p, nearest_on_triangle(p, a, b, c));
        for (int k = 0; k < 50; ++k) {
            double u = share(random);
            double v = share(random);
            if (u + v > 1) {
                u = 1 - u;
                v = 1 - v;
            }
            const Vec3 on =
                maths::along(maths::along(a, u, maths::minus(b, a)), v, maths::minus(c, a));
            CHECK(found <= maths::distance(p, on) + 1e-12);
        }
    }
}

bool boxes_meet(const Mesh& mesh, std::uint32_t s, std::uint32_t t) {
    const auto apart = [&](double Vec3::*axis) {
        const auto low = [&](std::uint32_t i) {
            return std::min(
                {corner(mesh, i, 0).*axis, corner(mesh, i, 1).*axis, corner(mesh, i, 2).*axis});
        };
        const auto high = [&](std::uint32_t i) {
            return std::max(
                {corner(mesh, i, 0).*axis, corner(mesh, i, 1).*axis, corner(mesh, i, 2).*axis});
        };
        return high(s) < low(t) || high(t) < low(s);
    };
    return !apart(&Vec3::x) && !apart(&Vec3::y) && !apart(&Vec3::z);
}

TEST_CASE("every pair of triangles with meeting boxes comes once") {
    std::mt19937 random(47);
    const Mesh mesh = random_soup(random, 400);
    const Bvh bvh(mesh);
    std::set<std::pair<std::uint32_t, std::uint32_t>> found;
    std::size_t calls = 0;
    CHECK(bvh.overlapping_pairs([&](std::uint32_t a, std::uint32_t b) {
        CHECK(a < b);
        found.insert({a, b});
        ++calls;
        return true;
    }));
    std::size_t expected = 0;
    for (std::uint32_t s = 0; s < mesh.triangles.size(); ++s) {
        for (std::uint32_t t = s + 1; t < mesh.triangles.size(); ++t) {
            if (boxes_meet(mesh, s, t)) {
                ++expected;
                CHECK(found.contains({s, t}));
            }
        }
    }
    CHECK(calls == expected);
    CHECK(found.size() == expected);
    calls = 0;
    CHECK_FALSE(bvh.overlapping_pairs([&](std::uint32_t, std::uint32_t) { return ++calls < 3; }));
    CHECK(calls == 3);
}

TEST_CASE("a box query gives the triangles whose boxes meet it") {
    const Mesh mesh = mesh_of(cube(2) + box({5, 5, 5}, {6, 6, 6}));
    const Bvh bvh(mesh);
    std::set<std::uint32_t> found;
    const auto take = [&](std::uint32_t t) { return found.insert(t).second; };
    CHECK(bvh.triangles_in({{4, 4, 4}, {7, 7, 7}}, take));
    CHECK(found.size() == 12);
    CHECK(*found.begin() == 12);
    CHECK(bvh.triangles_in({{3, 3, 3}, {4, 4, 4}}, take));
    CHECK(found.size() == 12);
}

TEST_CASE("a mesh without triangles has a tree without hits") {
    const Mesh mesh;
    const Bvh bvh(mesh);
    CHECK_FALSE(bvh.first_hit({0, 0, 0}, {1, 0, 0}));
    CHECK_FALSE(bvh.nearest({0, 0, 0}));
    CHECK(bvh.overlapping_pairs([](std::uint32_t, std::uint32_t) { return false; }));
    CHECK(bvh.triangles_in({{-1, -1, -1}, {1, 1, 1}}, [](std::uint32_t) { return false; }));
}

TEST_CASE("triangles that all lie in one place do not make the tree deep or slow") {
    Triangles triangles;
    for (int i = 0; i < 20000; ++i)
        triangles.push_back({Vec3{0, 0, 0}, Vec3{10, 0, 0}, Vec3{0, 10, 0}});
    const Mesh mesh = mesh_of(triangles);
    const Bvh bvh(mesh);
    const auto hit = bvh.first_hit({1, 1, 5}, {0, 0, -1});
    REQUIRE(hit);
    CHECK(hit->triangle == 0);
    std::uint64_t steps = 0;
    bool hasty = false;
    const auto any = [](std::uint32_t) { return true; };
    const auto none = [](std::uint32_t, double) { return std::optional<Vec3>{}; };
    CHECK_FALSE(bvh.nearest_where({1, 1, 5}, 4.9, any, none, 10, &hasty, &steps));
    CHECK(steps <= 2);
    CHECK_FALSE(hasty);
    CHECK_FALSE(bvh.nearest_where({1, 1, 5}, 6, any, none, 50, &hasty, &steps));
    CHECK(steps <= 200);
    CHECK(hasty);
}

}  // namespace
}  // namespace nearfab::geometry
