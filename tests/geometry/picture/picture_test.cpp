// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/picture/picture.hpp"

#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>

namespace nearfab::geometry {
namespace {

Mesh cube_mesh() {
    auto mesh = read_mesh(sample::binary(sample::cube(10)));
    REQUIRE(mesh);
    return *mesh;
}

Colour pixel(const Picture& picture, std::uint32_t x, std::uint32_t y) {
    return picture.pixels[std::size_t{y} * picture.width + x];
}

// Orange in any light: much more red than blue.
bool orange(const Colour& colour) {
    return colour.red > 90 && colour.red > 2 * colour.blue;
}

std::size_t count_orange(const Picture& picture) {
    return static_cast<std::size_t>(
        std::count_if(picture.pixels.begin(), picture.pixels.end(), orange));
}

const PictureOptions small{128};

TEST_CASE("a picture shows the part twice and leaves a margin", "[geometry]") {
    const Picture picture = picture_of(cube_mesh(), {}, {}, small);
    REQUIRE(picture.width == 256);
    REQUIRE(picture.height == 128);
    REQUIRE(picture.pixels.size() == 256 * 128);
    const Colour paper = pixel(picture, 0, 0);
    for (std::uint32_t x = 0; x < picture.width; ++x) {
        CHECK(pixel(picture, x, 0) == paper);
        CHECK(pixel(picture, x, 127) == paper);
    }
    CHECK_FALSE(pixel(picture, 64, 64) == paper);
    CHECK_FALSE(pixel(picture, 192, 64) == paper);
    CHECK(pixel(picture, 127, 64) == paper);  // Between the views.
}

TEST_CASE("the faces of a cube differ in light", "[geometry]") {
    const Picture picture = picture_of(cube_mesh(), {}, {}, small);
    // Above the middle of the left view is the top, below it are two sides.
    const Colour top = pixel(picture, 64, 40);
    const Colour left = pixel(picture, 40, 80);
    const Colour right = pixel(picture, 88, 80);
    CHECK_FALSE(top == left);
    CHECK_FALSE(left == right);
    CHECK(top.green > right.green);
}

TEST_CASE("marked triangles have their colour, in the view that sees them", "[geometry]") {
    const Mesh mesh = cube_mesh();
    std::vector<Mark> marks(mesh.triangles.size(), Mark::none);
    CHECK(count_orange(picture_of(mesh, marks, {}, small)) == 0);
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const auto& corners = mesh.triangles[i];
        const bool bottom = std::all_of(corners.begin(), corners.end(), [&](std::uint32_t v) {
            return mesh.vertices[v].z == 0;
        });
        if (bottom) marks[i] = Mark::thin_wall;
    }
    const Picture picture = picture_of(mesh, marks, {}, small);
    REQUIRE(count_orange(picture) > 500);
    for (std::uint32_t y = 0; y < picture.height; ++y) {
        for (std::uint32_t x = 0; x < 128; ++x)
            CHECK_FALSE(orange(pixel(picture, x, y)));  // From above nobody sees the bottom.
    }
}

TEST_CASE("a marked edge is drawn even behind the part", "[geometry]") {
    const Mesh mesh = cube_mesh();
    const std::vector<MarkedEdge> edges{{{5, 5, 4}, {5, 5, 6}, Mark::thin_wall}};
    const Picture picture = picture_of(mesh, {}, edges, small);
    CHECK(orange(pixel(picture, 64, 64)));
    CHECK(orange(pixel(picture, 192, 64)));
}

TEST_CASE("what has no extent and what is far away can still be drawn", "[geometry]") {
    const Mesh point{{{3, 3, 3}}, {{0, 0, 0}}};
    CHECK(picture_of(point, {}, {}, small).pixels.size() == 256 * 128);
    Mesh far = cube_mesh();
    for (Vec3& vertex : far.vertices)
        vertex.x += 9990;
    const Picture there = picture_of(far, {}, {}, small);
    const Picture here = picture_of(cube_mesh(), {}, {}, small);
    CHECK(there.pixels == here.pixels);
}

}  // namespace
}  // namespace nearfab::geometry
