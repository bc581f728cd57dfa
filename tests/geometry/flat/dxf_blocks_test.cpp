// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace sample;
using Catch::Matchers::Contains;
constexpr double pi = std::numbers::pi;

std::string block(std::string_view name, std::string_view inside, std::string_view base_x = "0") {
    return groups({{0, "BLOCK"}, {8, "0"}, {2, name}, {10, base_x}, {20, "0"}}) +
           std::string{inside} + groups({{0, "ENDBLK"}, {8, "0"}});
}

const std::string unit_line =
    groups({{0, "LINE"}, {8, "0"}, {62, "0"}, {10, "0"}, {20, "0"}, {11, "1"}, {21, "0"}});
const std::string unit_circle =
    groups({{0, "CIRCLE"}, {8, "Own"}, {10, "0"}, {20, "0"}, {40, "1"}});

TEST_CASE("an insertion moves, scales and turns its block about its base point") {
    const Drawing drawing = drawing_of_dxf(dxf(groups({{0, "INSERT"},
                                                       {2, "b"},
                                                       {8, "Lines"},
                                                       {62, "1"},
                                                       {10, "10"},
                                                       {20, "20"},
                                                       {41, "3"},
                                                       {42, "3"},
                                                       {50, "90"}}),
                                               block("B", unit_line, "1")));
    REQUIRE(drawing.paths.size() == 1);
    // From (0, 0) to (1, 0) about the base (1, 0): (-3, 0) to (0, 0), turned to (0, -3).
    CHECK(drawing.paths[0].points.front().at.x == Approx(10));
    CHECK(drawing.paths[0].points.front().at.y == Approx(17));
    CHECK(drawing.paths[0].points.back().at.y == Approx(20));
    // Layer 0 and colour BYBLOCK come from the insertion.
    CHECK(drawing.layers[drawing.paths[0].layer] == "Lines");
    CHECK(drawing.paths[0].colour == Colour{255, 0, 0});
}

TEST_CASE("circles stay circles when mirrored, and become ellipses when stretched") {
    const auto inserted = [](std::string_view sx, std::string_view sy) {
        return drawing_of_dxf(
            dxf(groups({{0, "INSERT"}, {2, "B"}, {10, "0"}, {20, "0"}, {41, sx}, {42, sy}}),
                block("B", unit_circle)));
    };
    const Drawing mirrored = inserted("-5", "5");
    CHECK(mirrored.paths[0].points.size() == 2);
    CHECK(signed_area_of(mirrored.paths[0]) == Approx(-25 * pi));
    CHECK(mirrored.layers[mirrored.paths[0].layer] == "Own");
    const Drawing stretched = inserted("5", "10");
    CHECK(stretched.paths[0].points.size() > 20);
    CHECK(signed_area_of(stretched.paths[0]) == Approx(50 * pi).epsilon(2e-3));
}

TEST_CASE("arrays repeat along turned axes, and blocks nest") {
    const Drawing drawing = drawing_of_dxf(
        dxf(groups({{0, "INSERT"},
                    {2, "Outer"},
                    {10, "0"},
                    {20, "0"},
                    {50, "90"},
                    {70, "3"},
                    {71, "2"},
                    {44, "10"},
                    {45, "100"}}),
            block("Inner", unit_circle) +
                block("Outer", groups({{0, "INSERT"}, {2, "Inner"}, {10, "2"}, {20, "0"}}))));
    CHECK(drawing.paths.size() == 6);
    const auto bounds = bounds_of(drawing);
    CHECK(bounds->min.x == Approx(-101));
    CHECK(bounds->max.x == Approx(1));
    CHECK(bounds->max.y == Approx(23));
}

TEST_CASE("blocks that insert themselves, or that nobody defines, are refused") {
    const auto insert = [](std::string_view name) {
        return groups({{0, "INSERT"}, {2, name}, {10, "0"}, {20, "0"}});
    };
    CHECK_THAT(
        error_of_dxf(dxf(insert("A"), block("A", insert("B")) + block("B", insert("A")))).message,
        Contains("inserts itself"));
    CHECK_THAT(error_of_dxf(dxf(insert("Nobody"))).message, Contains("does not define"));
}

TEST_CASE("insertions that multiply beyond the limit are refused in a moment") {
    const auto tenfold = [](std::string_view name) {
        return groups({{0, "INSERT"},
                       {2, name},
                       {10, "0"},
                       {20, "0"},
                       {70, "100"},
                       {71, "100"},
                       {44, "1"},
                       {45, "1"}});
    };
    // Nothing is drawn until the innermost block, and nothing at all in the second case.
    const std::string blocks = block("A", tenfold("B")) + block("B", tenfold("C")) +
                               block("C", unit_line) + block("Empty", "");
    DrawingOptions options;
    options.limits.entities = 20'000;
    CHECK(error_of_dxf(dxf(tenfold("A"), blocks), options).code == ErrorCode::too_large);
    const std::string empty =
        groups({{0, "INSERT"}, {2, "Empty"}, {10, "0"}, {20, "0"}, {70, "32767"}, {71, "32767"}});
    CHECK(error_of_dxf(dxf(empty, blocks), options).code == ErrorCode::too_large);
}

}  // namespace
}  // namespace nearfab::geometry
