// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/polygon.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace nearfab::geometry {
namespace {

using Polygon = std::vector<Corner>;

// Areas of the triangles and of the polygon in the xy plane; a clean cut has only positive
// triangles, and they sum up to the polygon.
struct Areas {
    double smallest = 0;
    double sum = 0;
    double polygon = 0;
};

double area(const Corner& a, const Corner& b, const Corner& c) {
    const auto d = [](float x) { return static_cast<double>(x); };
    return ((d(b[0]) - d(a[0])) * (d(c[1]) - d(a[1])) - (d(b[1]) - d(a[1])) * (d(c[0]) - d(a[0]))) /
           2;
}

double area_in_space(const Corner& a, const Corner& b, const Corner& c) {
    const auto side = [&](const Corner& p, std::size_t axis) {
        return static_cast<double>(p[axis]) - static_cast<double>(a[axis]);
    };
    std::array<double, 3> normal{};
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t j = (i + 1) % 3;
        const std::size_t k = (i + 2) % 3;
        normal[i] = side(b, j) * side(c, k) - side(b, k) * side(c, j);
    }
    return std::hypot(normal[0], normal[1], normal[2]) / 2;
}

Areas areas_of(const Polygon& polygon, PolygonCutter& cutter) {
    const auto cut = cutter.cut(polygon);
    REQUIRE(cut);
    CHECK(cut->size() == polygon.size() - 2);
    Areas areas;
    areas.smallest = 1e300;
    for (const auto& [a, b, c] : *cut) {
        const double one = area(polygon[a], polygon[b], polygon[c]);
        areas.smallest = std::min(areas.smallest, one);
        areas.sum += one;
    }
    for (std::size_t i = 1; i + 1 < polygon.size(); ++i)
        areas.polygon += area(polygon[0], polygon[i], polygon[i + 1]);
    return areas;
}

void is_clean(const Polygon& polygon) {
    PolygonCutter cutter;
    const Areas areas = areas_of(polygon, cutter);
    CHECK(areas.smallest > 0);
    CHECK(areas.sum == Approx(areas.polygon));
    CHECK(cutter.tangled() == 0);
    CHECK(cutter.bent().count == 0);
}

Polygon gear(int teeth) {
    Polygon out;
    for (int i = 0; i < 4 * teeth; ++i) {
        const double radius = i % 4 < 2 ? 10 : 8;
        const double turn = 2 * std::numbers::pi * i / (4 * teeth);
        out.push_back({static_cast<float>(radius * std::cos(turn)),
                       static_cast<float>(radius * std::sin(turn)),
                       0});
    }
    return out;
}

TEST_CASE("convex and concave polygons are cut into triangles that do not overlap") {
    is_clean({{0, 0, 0}, {10, 0, 0}, {10, 10, 0}, {0, 10, 0}});
    is_clean({{0, 0, 0}, {10, 0, 0}, {2, 2, 0}, {0, 10, 0}});  // The third corner is reflex.
    is_clean({{2, 2, 0}, {0, 10, 0}, {0, 0, 0}, {10, 0, 0}});  // The first one is.
    is_clean({{0, 0, 0},
              {30, 0, 0},
              {30, 10, 0},
              {20, 10, 0},
              {20, 5, 0},
              {10, 5, 0},
              {10, 10, 0},
              {0, 10, 0}});
    is_clean(gear(5));
    is_clean(gear(200));
}

TEST_CASE("a convex polygon is a fan around its first corner") {
    PolygonCutter cutter;
    const auto cut = cutter.cut(Polygon{{0, 0, 0}, {4, 0, 0}, {5, 3, 0}, {2, 5, 0}, {-1, 3, 0}});
    REQUIRE(cut);
    CHECK(std::vector(cut->begin(), cut->end()) ==
          std::vector<std::array<std::uint32_t, 3>>{{0, 1, 2}, {0, 2, 3}, {0, 3, 4}});
}

TEST_CASE("corners on a straight edge and bridges to an inner ring make no overlap") {
    is_clean({{0, 0, 0}, {5, 0, 0}, {10, 0, 0}, {10, 10, 0}, {5, 10, 0}, {0, 10, 0}});
    // A square with a square hole, joined by a bridge that is walked twice.
    PolygonCutter cutter;
    const Areas areas = areas_of({{0, 0, 0},
                                  {10, 0, 0},
                                  {10, 10, 0},
                                  {0, 10, 0},
                                  {0, 0, 0},
                                  {3, 3, 0},
                                  {3, 7, 0},
                                  {7, 7, 0},
                                  {7, 3, 0},
                                  {3, 3, 0}},
                                 cutter);
    CHECK(areas.sum == Approx(100 - 16));
    CHECK(areas.smallest >= 0);
    CHECK(cutter.tangled() == 0);
}

TEST_CASE("a polygon keeps its sense of rotation in every plane") {
    for (std::size_t axis = 0; axis < 3; ++axis) {
        for (const float side : {1.0F, -1.0F}) {
            Polygon turned;
            for (const Corner& p : Polygon{{0, 0, 0}, {10, 0, 0}, {2, 2, 0}, {0, 10, 0}}) {
                Corner q{};
                q[axis] = p[0] * side;
                q[(axis + 1) % 3] = p[1];
                q[(axis + 2) % 3] = 7;
                turned.push_back(q);
            }
            PolygonCutter cutter;
            const auto cut = cutter.cut(turned);
            REQUIRE(cut);
            double sum = 0;
            for (const auto& [a, b, c] : *cut) {
                const auto flat = [&](std::uint32_t i) {
                    return Corner{turned[i][axis], turned[i][(axis + 1) % 3], 0};
                };
                const double one = area(flat(a), flat(b), flat(c));
                CHECK(one * static_cast<double>(side) > 0);
                sum += one;
            }
            CHECK(sum == Approx(static_cast<double>(side) * 20));
        }
    }
}

TEST_CASE("a polygon that crosses itself or has no area still gives n - 2 triangles") {
    PolygonCutter cutter;
    const auto count = [&](const Polygon& polygon) {
        const auto cut = cutter.cut(polygon);
        REQUIRE(cut);
        return cut->size();
    };
    CHECK(count(Polygon(5, Corner{1, 1, 1})) == 3);
    CHECK(count({{0, 0, 0}, {1, 0, 0}, {2, 0, 0}, {3, 0, 0}}) == 2);
    // A pentagram, one with two turns.
    CHECK(count({{0, 10, 0}, {6, -8, 0}, {-10, 3, 0}, {10, 3, 0}, {-6, -8, 0}}) == 3);
    Polygon again;
    for (int i = 0; i < 100; ++i)
        for (const Corner& p : Polygon{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}})
            again.push_back(p);
    CHECK(count(again) == 398);
}

TEST_CASE("a polygon that is not flat is counted with the height of its bend") {
    PolygonCutter cutter;
    REQUIRE(cutter.cut(Polygon{{0, 0, 0}, {10, 0, 0}, {10, 10, 5}, {0, 10, 0}}));
    CHECK(cutter.bent().count == 1);
    CHECK(cutter.bent().worst_mm > 1);
    REQUIRE(cutter.cut(Polygon{{0, 0, 0}, {10, 0, 0}, {10, 10, 0.001F}, {0, 10, 0}}));
    CHECK(cutter.bent().count == 1);
}

TEST_CASE("cutting is bounded for a whole file") {
    // A comb whose every tooth has to be looked at for every ear.
    Polygon comb;
    for (int i = 0; i < 2'000; ++i) {
        const auto x = static_cast<float>(i);
        comb.push_back({x, i % 2 == 0 ? 0.0F : 1000.0F, 0});
    }
    comb.push_back({2'000, -1, 0});
    comb.push_back({0, -1, 0});
    std::reverse(comb.begin(), comb.end());
    PolygonCutter cutter(5'000'000);
    bool refused = false;
    for (int i = 0; i < 200 && !refused; ++i) {
        const auto cut = cutter.cut(comb);
        refused = !cut;
        if (cut) continue;
        CHECK(cut.error().code == ErrorCode::too_large);
        CHECK(cut.error().where == "at 0, -1, 0");
    }
    CHECK(refused);
}

TEST_CASE("a bent quadrilateral is cut along the diagonal with the smaller surface") {
    // A strip folded along its diagonal from corner 1 to corner 3, from whichever corner it begins.
    const Polygon strip{{0, 0, 0}, {10, 0, 5}, {12, 2, 0}, {2, 2, 5}};
    for (std::size_t first = 0; first < 4; ++first) {
        Polygon turned = strip;
        std::rotate(
            turned.begin(), turned.begin() + static_cast<std::ptrdiff_t>(first), turned.end());
        PolygonCutter cutter;
        const auto cut = cutter.cut(turned);
        REQUIRE(cut);
        REQUIRE(cut->size() == 2);
        CHECK(cutter.bent().count == 1);
        double sum = 0;
        for (const auto& [a, b, c] : *cut)
            sum += area_in_space(turned[a], turned[b], turned[c]);
        const double one_way = area_in_space(strip[0], strip[1], strip[2]) +
                               area_in_space(strip[0], strip[2], strip[3]);
        const double other_way = area_in_space(strip[1], strip[2], strip[3]) +
                                 area_in_space(strip[1], strip[3], strip[0]);
        CHECK(one_way != Approx(other_way).epsilon(0.01));
        CHECK(sum == Approx(std::min(one_way, other_way)));
    }
}

}  // namespace
}  // namespace nearfab::geometry
