// SPDX-License-Identifier: GPL-3.0-or-later
// What a mill reaches of parts whose setups, pockets and corners are known.

#include "geometry/process/milling.hpp"

#include "geometry/process/distance_map.hpp"
#include "geometry/process/slices.hpp"
#include "tests/geometry/process/process_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace sample;

std::vector<Vec2> rectangle(double width, double depth) {
    return rounded_rectangle(width, depth, 0, 0);
}

TEST_CASE("a plain block is one setup and an underside") {
    const MillingFacts m = milling_of(mesh_of(box({0, 0, 0}, {40, 30, 20})));
    CHECK(m.setups.size() == 2);
    CHECK(m.second_is_underside);
    CHECK(m.reached_share == Approx(1));
    CHECK(m.undercut_area_mm2 == 0);
    CHECK_FALSE(m.deepest);
    CHECK_FALSE(m.tightest);
    CHECK(m.stock_mm == Vec3{44, 34, 24});
    CHECK(m.removed_volume_mm3 == Approx(44 * 34 * 24 - 24'000));
    CHECK(m.area_mm2 == Approx(5200));
    // From above: the top and four walls of six faces.
    CHECK(m.axis_share[4] == Approx((1200 + 2800) / 5200.0).margin(0.01));
}

TEST_CASE("a pocket has its depth, its width and the radius of its corners") {
    const Mesh part = pocketed_block(rectangle(60, 40), rounded_rectangle(30, 14, 4, 8), 25, 18);
    const MillingFacts m = milling_of(part);
    REQUIRE(m.setups.size() == 2);
    CHECK(m.setups[0].from == Vec3{0, 0, 1});
    CHECK(m.second_is_underside);
    CHECK(m.undercut_area_mm2 == 0);
    REQUIRE(m.deepest);
    CHECK(m.deepest->depth_mm == Approx(18).margin(0.2));
    CHECK(m.deepest->width_mm == Approx(14).margin(0.5));
    CHECK_FALSE(m.deepest->through);
    CHECK(m.deepest->place.z == Approx(7).margin(0.2));
    REQUIRE(m.tightest);
    CHECK(m.tightest->radius_mm == Approx(4).epsilon(0.01));
    CHECK(m.tightest->turn_deg == Approx(90).margin(1));
    CHECK(m.sharp_corners == 0);
}

TEST_CASE("the width of a pocket is the surface's, not the grid's") {
    // A slot of 2 mm across a large block, where a cell is 0.3 mm.
    const Mesh slotted = blocks({0, 49, 51, 100}, {0, 80}, {0, 10, 30}, [](const Vec3& p) {
        return p.z < 10 || p.x < 49 || p.x > 51;
    });
    const MillingFacts slot = milling_of(slotted);
    REQUIRE(slot.slimmest);
    CHECK(slot.slimmest->width_mm == Approx(2).epsilon(1e-3));
    CHECK(slot.slimmest->ratio() == Approx(10).epsilon(0.01));
    // A round hole of 64 sides: the circle between its facets.
    const Mesh drilled = pocketed_block(rectangle(100, 80), circle(2.5, 64), 30, 28);
    const MillingFacts hole = milling_of(drilled);
    REQUIRE(hole.slimmest);
    CHECK(hole.slimmest->width_mm == Approx(5 * std::cos(std::numbers::pi / 64)).epsilon(1e-3));
}

TEST_CASE("radii are found however finely an arc is cut into facets") {
    for (const int steps : {3, 5, 12, 60}) {
        INFO("facets of a quarter: " << steps);
        const MillingFacts m = milling_of(
            pocketed_block(rectangle(60, 40), rounded_rectangle(30, 20, 3, steps), 20, 10));
        REQUIRE(m.tightest);
        CHECK(m.tightest->radius_mm == Approx(3).epsilon(0.02));
    }
    const MillingFacts hole = milling_of(pocketed_block(rectangle(60, 40), circle(5, 48), 20, 20));
    REQUIRE(hole.tightest);
    CHECK(hole.tightest->radius_mm == Approx(5).epsilon(0.01));
    CHECK(hole.tightest->turn_deg == Approx(360).margin(1));
    REQUIRE(hole.deepest);
    CHECK(hole.deepest->through);
    CHECK(hole.deepest->width_mm == Approx(10).margin(0.5));
    CHECK(hole.deepest->depth_mm == Approx(20).margin(0.2));
}

TEST_CASE("a sharp pocket corner cannot be milled round, a step can be milled sharp") {
    const MillingFacts pocket =
        milling_of(pocketed_block(rectangle(60, 40), rectangle(30, 20), 20, 10));
    REQUIRE(pocket.tightest);
    CHECK(pocket.tightest->radius_mm == 0);
    CHECK(pocket.tightest->turn_deg == Approx(90));
    CHECK(pocket.sharp_corners >= 4);
    // An L: its inner edge is where an end mill's end and side meet.
    const Mesh ell =
        blocks({0, 10, 40}, {0, 30}, {0, 8, 30}, [](const Vec3& p) { return p.z < 8 || p.x < 10; });
    const MillingFacts l = milling_of(ell);
    CHECK(l.reached_share == Approx(1).margin(0.003));
    CHECK_FALSE(l.tightest);
}

TEST_CASE("a closed T-slot is an undercut, with its place") {
    // A slot 6 wide above, 16 wide below, that ends inside the block.
    const Mesh part =
        blocks({-20, -8, -3, 3, 8, 20}, {0, 10, 50, 60}, {0, 6, 12, 25}, [](const Vec3& p) {
            if (p.y < 10 || p.y > 50 || p.z < 6) return true;
            return p.z < 12 ? std::abs(p.x) > 8 : std::abs(p.x) > 3;
        });
    const MillingFacts m = milling_of(part);
    // Out of sight: twice the ceiling (5 x 40), the floor below it, the side wall (6 x 40), and
    // twice both ends (5 x 6).
    const double hidden = 2 * (5 * 40 + 5 * 40 + 6 * 40 + 2 * 5 * 6);
    CHECK(m.undercut_area_mm2 == Approx(hidden).epsilon(0.08));
    REQUIRE_FALSE(m.undercuts.empty());
    CHECK(m.undercuts.size() == 2);
    CHECK(std::abs(m.undercuts[0].centre.x) == Approx(5.9).margin(0.7));
    CHECK(m.undercuts[0].centre.z == Approx(9).margin(0.7));
    CHECK(m.reached_share < 0.95);
    REQUIRE(m.slimmest);
    CHECK(m.slimmest->width_mm == Approx(6).margin(0.4));
    CHECK(m.slimmest->depth_mm == Approx(19).margin(0.3));
}

TEST_CASE("an open T-slot is reached from its ends") {
    const Mesh part = blocks({-20, -8, -3, 3, 8, 20}, {0, 60}, {0, 6, 12, 25}, [](const Vec3& p) {
        if (p.z < 6) return true;
        return p.z < 12 ? std::abs(p.x) > 8 : std::abs(p.x) > 3;
    });
    const MillingFacts m = milling_of(part);
    CHECK(m.undercut_area_mm2 == 0);
    CHECK(std::any_of(m.setups.begin(), m.setups.end(), [](const MillingSetup& s) {
        return std::abs(s.from.y) == 1;
    }));
}

TEST_CASE("a ball takes two opposite setups, a part with holes from three sides three") {
    const MillingFacts ball = milling_of(mesh_of(sphere(20, 60)));
    CHECK(ball.setups.size() == 2);
    CHECK_FALSE(ball.second_is_underside);
    CHECK(ball.reached_share > 0.99);
    // Blind square holes from +z, +x and +y.
    const std::vector<double> cuts{0, 12, 18, 22, 30};
    const Mesh part = blocks(cuts, cuts, cuts, [](const Vec3& p) {
        const auto in = [](double t) { return t > 12 && t < 18; };
        const bool hole = (in(p.x) && in(p.y) && p.z > 22) || (in(p.y) && in(p.z) && p.x > 22) ||
                          (in(p.x) && in(p.z) && p.y > 22);
        return !hole;
    });
    const MillingFacts three = milling_of(part);
    // The three that look into the holes, and those for the sides they do not see.
    CHECK(three.setups.size() == 3);
    CHECK(three.undercut_area_mm2 == 0);
}

TEST_CASE("a hollow part has surface that no mill reaches") {
    const Mesh shell =
        mesh_of(box({0, 0, 0}, {30, 30, 30}) + flipped(box({10, 10, 10}, {20, 20, 20})));
    const MillingFacts m = milling_of(shell);
    CHECK(m.undercut_area_mm2 == Approx(600).epsilon(0.02));
    REQUIRE(m.undercuts.size() == 1);
    CHECK(m.undercuts[0].centre.x == Approx(15).margin(0.3));
}

TEST_CASE("slices are closed loops with the solid on their left") {
    const Mesh part = pocketed_block(rectangle(60, 40), circle(5, 48), 20, 10);
    const std::vector<Slice> slices =
        slices_of(part, turned(part, frame_with_up({0, 0, 1})), {5, 15, 25});
    REQUIRE(slices.size() == 3);
    REQUIRE(slices[0].loops.size() == 1);
    CHECK(signed_area(slices[0].loops[0].points) == Approx(2400));
    REQUIRE(slices[1].loops.size() == 2);
    double area = 0;
    for (const SliceLoop& loop : slices[1].loops) {
        CHECK(loop.closed);
        area += signed_area(loop.points);
    }
    CHECK(area == Approx(2400 - 24 * 25 * std::sin(2 * std::numbers::pi / 48)));
    CHECK(slices[2].loops.empty());
}

TEST_CASE("distances to the nearest marked cell are exact") {
    constexpr int nx = 23;
    constexpr int ny = 17;
    std::vector<std::uint8_t> marked(nx * ny, 0);
    for (const std::size_t at : {3U, 77U, 200U, 201U, 388U})
        marked[at] = 1;
    const DistanceMap map(nx, ny, marked);
    for (int y = 0; y < ny; ++y) {
        for (int x = 0; x < nx; ++x) {
            double nearest = 1e9;
            for (int i = 0; i < nx * ny; ++i) {
                if (marked[static_cast<std::size_t>(i)] != 0)
                    nearest = std::min(nearest, std::hypot(i % nx - x, i / nx - y));
            }
            CHECK(map.at(x, y) == Approx(nearest));
        }
    }
}

}  // namespace
}  // namespace nearfab::geometry
