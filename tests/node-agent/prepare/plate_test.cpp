// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/plate.hpp"

#include "geometry/part_report.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace nearfab::agent {
namespace {

// A box of this size, standing at this place on the bed.
geometry::Mesh box(double x, double y, double z, geometry::Vec2 at = {}) {
    geometry::Mesh mesh;
    for (const double up : {0.0, z}) {
        mesh.vertices.push_back({at.x - x / 2, at.y - y / 2, up});
        mesh.vertices.push_back({at.x + x / 2, at.y - y / 2, up});
        mesh.vertices.push_back({at.x + x / 2, at.y + y / 2, up});
        mesh.vertices.push_back({at.x - x / 2, at.y + y / 2, up});
    }
    mesh.triangles = {{0, 2, 1},
                      {0, 3, 2},
                      {4, 5, 6},
                      {4, 6, 7},
                      {0, 1, 5},
                      {0, 5, 4},
                      {1, 2, 6},
                      {1, 6, 5},
                      {2, 3, 7},
                      {2, 7, 6},
                      {3, 0, 4},
                      {3, 4, 7}};
    return mesh;
}

// Of a plate that is made of such boxes.
std::vector<geometry::Bounds> boxes_of(const geometry::Mesh& plate) {
    REQUIRE(plate.vertices.size() % 8 == 0);
    std::vector<geometry::Bounds> found;
    for (std::size_t first = 0; first < plate.vertices.size(); first += 8) {
        geometry::Mesh one;
        const auto from = plate.vertices.begin() + static_cast<std::ptrdiff_t>(first);
        one.vertices.assign(from, from + 8);
        one.triangles = box(1, 1, 1).triangles;
        found.push_back(geometry::bounds_of(one));
    }
    return found;
}

double gap_between(const geometry::Bounds& a, const geometry::Bounds& b) {
    const double x = std::max(a.min.x - b.max.x, b.min.x - a.max.x);
    const double y = std::max(a.min.y - b.max.y, b.min.y - a.max.y);
    return std::max(x, y);
}

TEST_CASE("pieces stand beside each other on the bed, with room between them", "[plate]") {
    // The long one does not fit beside the others along y, and has to be turned.
    const std::vector<geometry::Mesh> laid{
        box(60, 40, 5), box(40, 40, 30), box(20, 90, 10), box(30, 30, 8)};
    const geometry::WorkEnvelope bed{120, 100, 100};
    const auto plate = side_by_side(laid, bed);
    if (!plate) FAIL(plate.error().message);
    const geometry::Bounds all = geometry::bounds_of(*plate);
    CHECK(all.size().x <= bed.x_mm);
    CHECK(all.size().y <= bed.y_mm);
    CHECK(all.size().z == 30);
    CHECK(all.min.x == Approx(-all.max.x));
    CHECK(all.min.y == Approx(-all.max.y));
    const auto boxes = boxes_of(*plate);
    REQUIRE(boxes.size() == laid.size());
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        INFO("piece " << i);
        CHECK(boxes[i].min.z == 0);
        for (std::size_t j = 0; j < i; ++j)
            CHECK(gap_between(boxes[i], boxes[j]) >= plate_gap_mm - 1e-6);
    }
    // Turned by quarters, each keeps its size and its volume.
    std::vector<double> heights;
    for (const geometry::Bounds& one : boxes)
        heights.push_back(one.size().z);
    std::sort(heights.begin(), heights.end());
    CHECK(heights == std::vector<double>{5, 8, 10, 30});
}

TEST_CASE("a plate is the same each time", "[plate]") {
    const std::vector<geometry::Mesh> laid{box(60, 40, 5), box(40, 40, 30), box(20, 90, 10)};
    const auto once = side_by_side(laid, {160, 140, 100});
    const auto again = side_by_side(laid, {160, 140, 100});
    REQUIRE(once);
    REQUIRE(again);
    CHECK(once->vertices == again->vertices);
}

TEST_CASE("one piece stays where it is", "[plate]") {
    const geometry::Mesh only = box(10, 20, 30, {3, 4});
    const auto plate = side_by_side({only}, {200, 200, 200});
    REQUIRE(plate);
    CHECK(plate->vertices == only.vertices);
}

TEST_CASE("more than fits is refused, with how many it was", "[plate]") {
    const auto plate = side_by_side({box(90, 90, 5), box(90, 90, 5)}, {150, 150, 100});
    REQUIRE_FALSE(plate);
    CHECK(plate.error().code == ErrorCode::invalid_argument);
    CHECK(plate.error().message.find("2 pieces do not fit beside each other") != std::string::npos);
}

}  // namespace
}  // namespace nearfab::agent
