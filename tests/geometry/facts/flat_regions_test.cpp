// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/flat_regions.hpp"

#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

namespace nearfab::geometry {
namespace {

using namespace maths;
using namespace sample;

constexpr double degree = std::numbers::pi / 180;

Mesh mesh_of(const Triangles& triangles) {
    const Result<Mesh> mesh = read_mesh(binary(triangles));
    REQUIRE(mesh);
    return *mesh;
}

Vec3 unit_normal(const FlatRegions& regions, std::uint32_t triangle) {
    const Vec3 normal = regions.normal(triangle);
    REQUIRE(length(normal) > 0);
    return times(1 / length(normal), normal);
}

std::set<std::uint32_t> numbers_of(const Mesh& mesh, const FlatRegions& regions) {
    std::set<std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < mesh.triangles.size(); ++i)
        numbers.insert(regions.of(i));
    return numbers;
}

// The sides of a polygon (counter-clockwise) drawn up to a height, in strips of two triangles.
Triangles walls(const std::vector<Vec2>& polygon, double height) {
    Triangles out;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Vec2& a = polygon[i];
        const Vec2& b = polygon[(i + 1) % polygon.size()];
        out.push_back({Vec3{a.x, a.y, 0}, Vec3{b.x, b.y, 0}, Vec3{b.x, b.y, height}});
        out.push_back({Vec3{a.x, a.y, 0}, Vec3{b.x, b.y, height}, Vec3{a.x, a.y, height}});
    }
    return out;
}

// The rectangle a, b, c, d as a fan round a point in it.
void add_fan(Triangles& out,
             const Vec3& a,
             const Vec3& b,
             const Vec3& c,
             const Vec3& d,
             const Vec3& middle) {
    out.push_back({a, b, middle});
    out.push_back({b, c, middle});
    out.push_back({c, d, middle});
    out.push_back({d, a, middle});
}

TEST_CASE("each face of a box is one region, stood for by its largest triangle") {
    const Mesh mesh = mesh_of(box({0, 0, 0}, {30, 20, 10}));
    const FlatRegions regions(mesh, 91);
    const std::set<std::uint32_t> numbers = numbers_of(mesh, regions);
    CHECK(numbers.size() == 6);
    Vec3 sum;
    for (const std::uint32_t number : numbers) {
        CHECK(regions.of(number) == number);
        CHECK(regions.several(number));
        sum = plus(sum, unit_normal(regions, number));
    }
    CHECK(length(sum) < 1e-12);
    // Twelve edges of a right angle; none inside a face, none below 60.5 degrees.
    CHECK(regions.sharp_edges().size() == 12);
    CHECK(regions.sharp_edges().front().angle_deg == Approx(90));
    CHECK(FlatRegions(mesh, sharp_deg).sharp_edges().empty());
}

TEST_CASE("a sliver belongs to the face that it touches along a long side") {
    Triangles part = box({0, 0, 0}, {30, 20, 10});
    // The top anew, round a corner that lies 0.1 um inside its front edge: a sliver in front.
    std::erase_if(part, [](const auto& t) {
        return std::all_of(t.begin(), t.end(), [](const Vec3& p) { return p.z == 10; });
    });
    add_fan(part, {0, 0, 10}, {30, 0, 10}, {30, 20, 10}, {0, 20, 10}, {15, 1e-4, 10});
    const Mesh mesh = mesh_of(part);
    const FlatRegions regions(mesh, sharp_deg);
    CHECK(numbers_of(mesh, regions).size() == 6);
    std::size_t slivers = 0;
    for (std::uint32_t i = 0; i < mesh.triangles.size(); ++i) {
        if (!regions.sliver(i)) continue;
        ++slivers;
        CHECK_FALSE(regions.sliver(regions.of(i)));
        const Vec3 normal = unit_normal(regions, i);
        // Of the front or of the top: it cannot be told from where either ends.
        CHECK(std::max(-normal.y, normal.z) == Approx(1));
    }
    CHECK(slivers == 1);
    CHECK(regions.sharp_edges().empty());
}

TEST_CASE("a round surface of very small triangles is not one plane") {
    // Neighbours are 0.1 degrees apart, and joined one after the other they would go all round.
    std::vector<Vec2> circle;
    for (int i = 0; i < 3600; ++i)
        circle.push_back({10 * std::cos(0.1 * i * degree), 10 * std::sin(0.1 * i * degree)});
    const Mesh mesh = mesh_of(walls(circle, 5));
    const FlatRegions regions(mesh, sharp_deg);
    CHECK(numbers_of(mesh, regions).size() > 360);
    double farthest = 1;
    for (std::uint32_t i = 0; i < mesh.triangles.size(); ++i) {
        const auto& [a, b, c] = mesh.triangles[i];
        const Vec3 own = cross(minus(mesh.vertices[b], mesh.vertices[a]),
                               minus(mesh.vertices[c], mesh.vertices[a]));
        farthest = std::min(farthest, dot(own, unit_normal(regions, i)) / length(own));
    }
    CHECK(std::acos(farthest) < 1 * degree);
}

TEST_CASE("knife edges and grooves are told by their angle and apart") {
    const double half = std::tan(15 * degree);
    // A wedge of 30 degrees, and a block with a groove of 30 degrees in it, upright both.
    const std::vector<Vec2> wedge{{0, 0}, {10, -10 * half}, {10, 10 * half}};
    const std::vector<Vec2> grooved{
        {20, -10}, {40, -10}, {40, 10}, {20, 10}, {20, 5 * half}, {25, 0}, {20, -5 * half}};
    const Mesh mesh = mesh_of(walls(wedge, 5) + walls(grooved, 5));
    const FlatRegions regions(mesh, sharp_deg);
    REQUIRE(regions.sharp_edges().size() == 2);
    for (const SharpEdge& edge : regions.sharp_edges()) {
        CHECK(edge.angle_deg == Approx(30).margin(1e-3));
        CHECK(edge.from < edge.to);
        const double x = mesh.vertices[edge.from].x;
        CHECK(mesh.vertices[edge.to].x == x);
        CHECK(x == (edge.groove ? 25 : 0));
    }
    CHECK(regions.sharp_edges()[0].groove != regions.sharp_edges()[1].groove);
    // Below 30 degrees there is nothing.
    CHECK(FlatRegions(mesh, 29).sharp_edges().empty());
}

TEST_CASE("where all triangles are thin, only those without area are slivers") {
    Triangles part;
    for (int i = 0; i < 50; ++i) {
        const double x = 1e-4 * i;
        part.push_back({Vec3{x, 0, 0}, Vec3{x + 1e-4, 0, 0}, Vec3{x, 100, 0}});
    }
    part.push_back({Vec3{0, 0, 1}, Vec3{0, 50, 1}, Vec3{0, 100, 1}});
    const Mesh mesh = mesh_of(part);
    const FlatRegions regions(mesh, sharp_deg);
    std::size_t slivers = 0;
    for (std::uint32_t i = 0; i < mesh.triangles.size(); ++i) {
        slivers += regions.sliver(i) ? 1U : 0U;
        CHECK((length(regions.normal(i)) > 0) == !regions.sliver(i));
    }
    CHECK(slivers == 1);
}

TEST_CASE("a mesh of no triangles has no regions") {
    const Mesh mesh;
    CHECK(FlatRegions(mesh, sharp_deg).sharp_edges().empty());
}

}  // namespace
}  // namespace nearfab::geometry
