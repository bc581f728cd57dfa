// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/search/triangle_pair.hpp"

#include "geometry/search/vector_maths.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <random>

namespace nearfab::geometry {
namespace {

using Corners = std::array<Vec3, 3>;

// Equal corners become one vertex, as after welding.
Mesh pair_of(const Corners& a, const Corners& b) {
    Mesh mesh;
    mesh.triangles.resize(2);
    for (std::size_t i = 0; i < 6; ++i) {
        const Vec3& p = i < 3 ? a[i] : b[i - 3];
        const auto at = std::find(mesh.vertices.begin(), mesh.vertices.end(), p);
        mesh.triangles[i / 3][i % 3] = static_cast<std::uint32_t>(at - mesh.vertices.begin());
        if (at == mesh.vertices.end()) mesh.vertices.push_back(p);
    }
    return mesh;
}

bool meet(const Corners& a, const Corners& b) {
    // However the corners are turned.
    const bool answer = intersect(pair_of(a, b), 0, 1);
    for (std::size_t i = 0; i < 3; ++i) {
        const Corners turned{b[i], b[(i + 1) % 3], b[(i + 2) % 3]};
        const Corners flipped{b[i], b[(i + 2) % 3], b[(i + 1) % 3]};
        CHECK(intersect(pair_of(a, turned), 0, 1) == answer);
        CHECK(intersect(pair_of(a, flipped), 0, 1) == answer);
        CHECK(intersect(pair_of(turned, a), 0, 1) == answer);
        CHECK(intersect(pair_of(flipped, a), 0, 1) == answer);
    }
    return answer;
}

const Corners base{{{0, 0, 0}, {10, 0, 0}, {0, 10, 0}}};

TEST_CASE("triangles without a common vertex") {
    CHECK(meet(base, {{{2, 2, -1}, {2, 2, 1}, {3, 2, 1}}}));        // Pierces.
    CHECK(meet(base, {{{-1, 3, -1}, {20, 3, -1}, {5, 3, 5}}}));     // Cuts right across.
    CHECK_FALSE(meet(base, {{{8, 8, -1}, {8, 8, 1}, {9, 8, 1}}}));  // Beside.
    CHECK_FALSE(meet(base, {{{2, 2, 1}, {3, 2, 1}, {2, 3, 1}}}));   // Above.
    CHECK(meet(base, {{{2, 2, 0}, {3, 2, 1}, {2, 3, 1}}}));         // Stands on it with a corner.
    CHECK(meet(base, {{{4, 0, 0}, {4, -3, 1}, {5, -3, 1}}}));       // Touches an edge from outside.
    CHECK(meet(base, {{{2, 0, 0}, {5, 0, 0}, {3, -3, 2}}}));        // Along part of an edge.
    CHECK_FALSE(meet(base, {{{12, 0, 0}, {15, 0, 0}, {13, -3, 2}}}));
}

TEST_CASE("coplanar triangles without a common vertex") {
    CHECK(meet(base, {{{1, 1, 0}, {2, 1, 0}, {1, 2, 0}}}));            // Inside.
    CHECK(meet(base, {{{-20, -20, 0}, {50, -20, 0}, {-20, 50, 0}}}));  // Round it.
    CHECK(meet(base, {{{5, -5, 0}, {6, -5, 0}, {5, 30, 0}}}));         // Crossing.
    CHECK(meet(base, {{{5, 5, 0}, {9, 9, 0}, {9, 8, 0}}}));            // Touching the long edge.
    CHECK_FALSE(meet(base, {{{6, 5, 0}, {9, 9, 0}, {9, 8, 0}}}));
}

TEST_CASE("triangles with one common vertex") {
    CHECK_FALSE(meet(base, {{{0, 0, 0}, {-3, 1, 2}, {-3, -1, 2}}}));
    CHECK_FALSE(meet(base, {{{0, 0, 0}, {3, 1, 2}, {3, 2, 2}}}));     // Leans over it.
    CHECK(meet(base, {{{0, 0, 0}, {3, 3, 2}, {3, 3, -2}}}));          // Cuts through it.
    CHECK(meet(base, {{{0, 0, 0}, {3, 3, 0}, {3, 3, 5}}}));           // Stands on it with an edge.
    CHECK(meet(base, {{{0, 0, 0}, {20, 0, 0}, {5, -4, 3}}}));         // A longer edge on an edge.
    CHECK(meet(base, {{{0, 0, 0}, {4, 1, 0}, {1, 4, 0}}}));           // Coplanar, inside.
    CHECK_FALSE(meet(base, {{{0, 0, 0}, {-4, 1, 0}, {-1, -4, 0}}}));  // Coplanar, beside.
}

TEST_CASE("triangles with a common edge meet only when they lie on each other") {
    CHECK_FALSE(meet(base, {{{0, 0, 0}, {10, 0, 0}, {5, -5, 0}}}));  // Flat beside it.
    CHECK_FALSE(meet(base, {{{0, 0, 0}, {10, 0, 0}, {5, 5, 1}}}));
    CHECK(meet(base, {{{0, 0, 0}, {10, 0, 0}, {5, 5, 0}}}));  // Folded back.
    CHECK(meet(base, {base[1], base[0], base[2]}));           // The same triangle.
}

TEST_CASE("the place of an intersection lies in both triangles") {
    const Mesh mesh = pair_of(base, {{{2, 2, -1}, {2, 2, 3}, {4, 2, 3}}});
    const Vec3 at = where_they_meet(mesh, 0, 1);
    CHECK(at.z == Approx(0).margin(1e-12));
    CHECK(at.x >= 2);
    CHECK(at.x <= 2.5);
    CHECK(at.y == Approx(2));
    const Vec3 flat = where_they_meet(pair_of(base, {{{1, 1, 0}, {2, 1, 0}, {1, 2, 0}}}), 0, 1);
    CHECK(flat == Vec3{1.5, 1.5, 0});
}

// Triangles on a small grid meet, touch and overlap in every way; a plain test in whole numbers
// says which have a point in common: none has if and only if some plane separates them, and for
// two triangles one along a side of each, or along one of them, will do.
bool plainly_meet(const Corners& a, const Corners& b) {
    using namespace maths;
    const auto separates = [&](const Vec3& axis) {
        if (axis == Vec3{}) return false;
        const auto range = [&](const Corners& t) {
            return std::minmax({dot(axis, t[0]), dot(axis, t[1]), dot(axis, t[2])});
        };
        const auto [low_a, high_a] = range(a);
        const auto [low_b, high_b] = range(b);
        return high_a < low_b || high_b < low_a;
    };
    const Vec3 normal_a = cross(minus(a[1], a[0]), minus(a[2], a[0]));
    const Vec3 normal_b = cross(minus(b[1], b[0]), minus(b[2], b[0]));
    if (separates(normal_a) || separates(normal_b)) return false;
    for (std::size_t i = 0; i < 3; ++i) {
        const Vec3 side_a = minus(a[(i + 1) % 3], a[i]);
        const Vec3 side_b = minus(b[(i + 1) % 3], b[i]);
        if (separates(cross(normal_a, side_a)) || separates(cross(normal_b, side_b))) return false;
        for (std::size_t j = 0; j < 3; ++j) {
            if (separates(cross(side_a, minus(b[(j + 1) % 3], b[j])))) return false;
        }
    }
    return true;
}

TEST_CASE("random triangles on a small grid meet when no plane separates them") {
    std::mt19937 random(71);
    const auto point = [&] {
        return Vec3{static_cast<double>(random() % 4),
                    static_cast<double>(random() % 4),
                    static_cast<double>(random() % 3)};
    };
    int compared = 0;
    int meeting = 0;
    while (compared < 20'000) {
        const Corners a{point(), point(), point()};
        const Corners b{point(), point(), point()};
        const auto flat = [](const Corners& t) {
            return maths::cross(maths::minus(t[1], t[0]), maths::minus(t[2], t[0])) == Vec3{};
        };
        const bool shared = std::any_of(a.begin(), a.end(), [&](const Vec3& p) {
            return std::find(b.begin(), b.end(), p) != b.end();
        });
        if (flat(a) || flat(b) || shared) continue;
        ++compared;
        const bool expected = plainly_meet(a, b);
        meeting += expected ? 1 : 0;
        REQUIRE(intersect(pair_of(a, b), 0, 1) == expected);
    }
    CHECK(meeting > 2000);
    CHECK(meeting < 18'000);
}

}  // namespace
}  // namespace nearfab::geometry
