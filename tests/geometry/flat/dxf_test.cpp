// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/dxf.hpp"

#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace sample;
using Catch::Matchers::Contains;
constexpr double pi = std::numbers::pi;

const std::string a_line =
    groups({{0, "LINE"}, {8, "0"}, {10, "1"}, {20, "2"}, {11, "4"}, {21, "6"}});
const std::string a_circle = groups({{0, "CIRCLE"}, {8, "0"}, {10, "5"}, {20, "5"}, {40, "2"}});

TEST_CASE("a line has its ends and its length") {
    const Drawing drawing = drawing_of_dxf(dxf(a_line));
    REQUIRE(drawing.paths.size() == 1);
    CHECK(drawing.paths[0].points.front().at == Vec2{1, 2});
    CHECK(drawing.paths[0].points.back().at == Vec2{4, 6});
    CHECK_FALSE(drawing.paths[0].closed);
    CHECK(length_of(drawing.paths[0]) == Approx(5));
    CHECK(drawing.paths[0].operation == Operation::cut);
    CHECK(drawing.remarks.empty());
}

TEST_CASE("a circle is two exact half circles") {
    const Drawing drawing = drawing_of_dxf(dxf(a_circle));
    REQUIRE(drawing.paths.size() == 1);
    const Path& path = drawing.paths[0];
    CHECK(path.points.size() == 2);
    CHECK(path.closed);
    CHECK(length_of(path) == Approx(4 * pi).epsilon(1e-14));
    CHECK(signed_area_of(path) == Approx(4 * pi).epsilon(1e-14));
    CHECK(bounds_of(drawing)->min.x == Approx(3));
    CHECK(bounds_of(drawing)->max.y == Approx(7));
}

TEST_CASE("an arc runs counter-clockwise from its first to its second angle, over zero too") {
    const auto arc = [](std::string_view from, std::string_view to) {
        return drawing_of_dxf(
            dxf(groups({{0, "ARC"}, {10, "0"}, {20, "0"}, {40, "10"}, {50, from}, {51, to}})));
    };
    CHECK(length_of(arc("0", "90").paths[0]) == Approx(5 * pi));
    CHECK(length_of(arc("90", "0").paths[0]) == Approx(15 * pi));
    const Drawing over_zero = arc("350", "10");
    CHECK(length_of(over_zero.paths[0]) == Approx(10 * pi * 20 / 180));
    CHECK(bounds_of(over_zero)->max.x == Approx(10));
    CHECK(length_of(arc("0", "360").paths[0]) == Approx(20 * pi));
}

TEST_CASE("a bulge of 1 is a half circle, and a bulge beyond 1 is divided") {
    const auto polyline = [](std::string_view bulge) {
        return drawing_of_dxf(dxf(groups({{0, "LWPOLYLINE"},
                                          {90, "2"},
                                          {70, "1"},
                                          {10, "0"},
                                          {20, "0"},
                                          {42, bulge},
                                          {10, "10"},
                                          {20, "0"}})));
    };
    const Path half = polyline("1").paths[0];
    CHECK(length_of(half) == Approx(5 * pi + 10));
    CHECK(signed_area_of(half) == Approx(12.5 * pi));
    // tan(67.5 degrees): three quarters of a circle over a chord of 10.
    const Path most = polyline("2.414213562373095").paths[0];
    const double radius = 10 / std::sqrt(2.0);
    CHECK(length_of(most) == Approx(1.5 * pi * radius + 10));
    for (const PathPoint& point : most.points)
        CHECK(std::abs(point.bulge) <= 1);
    CHECK(signed_area_of(polyline("-1").paths[0]) == Approx(-12.5 * pi));
}

TEST_CASE("an ellipse is within the tolerance of the true one") {
    const Drawing drawing = drawing_of_dxf(dxf(groups({{0, "ELLIPSE"},
                                                       {10, "3"},
                                                       {20, "4"},
                                                       {11, "0"},
                                                       {21, "20"},
                                                       {40, "0.5"},
                                                       {41, "0"},
                                                       {42, "6.283185307179586"}})));
    REQUIRE(drawing.paths.size() == 1);
    CHECK(drawing.paths[0].closed);
    CHECK(std::abs(signed_area_of(drawing.paths[0])) == Approx(200 * pi).epsilon(1e-3));
    for (const PathPoint& point : drawing.paths[0].points) {
        const double x = (point.at.x - 3) / 10;
        const double y = (point.at.y - 4) / 20;
        CHECK(x * x + y * y == Approx(1));
    }
    const auto quarter = drawing_of_dxf(dxf(groups({{0, "ELLIPSE"},
                                                    {10, "0"},
                                                    {20, "0"},
                                                    {11, "10"},
                                                    {21, "0"},
                                                    {40, "1"},
                                                    {41, "0"},
                                                    {42, "1.5707963267948966"}})));
    CHECK(quarter.paths[0].points.size() == 2);  // A circle's quarter stays an arc.
    CHECK(length_of(quarter.paths[0]) == Approx(5 * pi));
}

TEST_CASE("a rational spline of degree 2 draws a true quarter circle") {
    const Drawing drawing = drawing_of_dxf(dxf(groups({{0, "SPLINE"},
                                                       {70, "4"},
                                                       {71, "2"},
                                                       {72, "6"},
                                                       {73, "3"},
                                                       {40, "0"},
                                                       {40, "0"},
                                                       {40, "0"},
                                                       {40, "1"},
                                                       {40, "1"},
                                                       {40, "1"},
                                                       {41, "1"},
                                                       {41, "0.7071067811865476"},
                                                       {41, "1"},
                                                       {10, "10"},
                                                       {20, "0"},
                                                       {10, "10"},
                                                       {20, "10"},
                                                       {10, "0"},
                                                       {20, "10"}})));
    REQUIRE(drawing.paths.size() == 1);
    for (const PathPoint& point : drawing.paths[0].points)
        CHECK(std::hypot(point.at.x, point.at.y) == Approx(10).epsilon(1e-12));
    CHECK(length_of(drawing.paths[0]) == Approx(5 * pi).epsilon(1e-3));
}

TEST_CASE("a spline of degree 3 with one span is its Bezier curve") {
    const Drawing drawing = drawing_of_dxf(dxf(groups({{0, "SPLINE"},
                                                       {71, "3"},
                                                       {40, "0"},
                                                       {40, "0"},
                                                       {40, "0"},
                                                       {40, "0"},
                                                       {40, "2"},
                                                       {40, "2"},
                                                       {40, "2"},
                                                       {40, "2"},
                                                       {10, "0"},
                                                       {20, "0"},
                                                       {10, "10"},
                                                       {20, "30"},
                                                       {10, "20"},
                                                       {20, "-30"},
                                                       {10, "30"},
                                                       {20, "0"}})));
    // x = 30 t and y = 90 t (1 - t) (1 - 2 t).
    for (const PathPoint& point : drawing.paths[0].points) {
        const double t = point.at.x / 30;
        CHECK(point.at.y == Approx(90 * t * (1 - t) * (1 - 2 * t)).margin(1e-9));
    }
    CHECK(drawing.paths[0].points.size() > 20);
}

TEST_CASE("a spline of fit points goes through them, and that is remarked") {
    const Drawing drawing = drawing_of_dxf(dxf(groups({{0, "SPLINE"},
                                                       {71, "3"},
                                                       {74, "3"},
                                                       {11, "0"},
                                                       {21, "0"},
                                                       {11, "10"},
                                                       {21, "5"},
                                                       {11, "20"},
                                                       {21, "0"}})));
    CHECK(says(drawing, "fitted_spline"));
    const auto& points = drawing.paths[0].points;
    CHECK(points.front().at == Vec2{0, 0});
    CHECK(points.back().at == Vec2{20, 0});
    CHECK(bounds_of(drawing)->max.y == Approx(5).margin(0.02));
}

TEST_CASE("old polylines are read, without the frame of a spline fit") {
    const std::string head = groups({{0, "POLYLINE"}, {66, "1"}, {70, "1"}});
    const auto vertex = [](std::string_view x, std::string_view y, std::string_view flags) {
        return groups({{0, "VERTEX"}, {10, x}, {20, y}, {70, flags}});
    };
    const Drawing drawing = drawing_of_dxf(dxf(head + vertex("0", "0", "0") +
                                               vertex("10", "0", "8") + vertex("99", "99", "16") +
                                               vertex("10", "10", "0") + groups({{0, "SEQEND"}})));
    REQUIRE(drawing.paths.size() == 1);
    CHECK(signed_area_of(drawing.paths[0]) == Approx(50));
    const std::string mesh = groups({{0, "POLYLINE"}, {66, "1"}, {70, "64"}});
    const Drawing with_mesh =
        drawing_of_dxf(dxf(a_line + mesh + vertex("0", "0", "192") + groups({{0, "SEQEND"}})));
    CHECK(with_mesh.paths.size() == 1);
    CHECK(says(with_mesh, "not_drawn"));
}

TEST_CASE("the unit is what $INSUNITS says, and never guessed") {
    const Drawing inches = drawing_of_dxf(dxf(a_line, "", "", "1"));
    CHECK(inches.unit.stated);
    CHECK(length_of_all(inches) == Approx(127));
    CHECK_FALSE(says(inches, "unit_unstated"));
    for (const char* units : {"", "0", "77"}) {
        const Drawing unknown = drawing_of_dxf(dxf(a_line, "", "", units));
        CHECK_FALSE(unknown.unit.stated);
        CHECK(length_of_all(unknown) == Approx(5));
        CHECK(says(unknown, "unit_unstated"));
    }
    DrawingOptions options;
    options.unit = LengthUnit::centimetre;
    const Drawing given = drawing_of_dxf(dxf(a_line, "", "", "1"), options);
    CHECK(length_of_all(given) == Approx(50));
    CHECK(given.unit.stated);
    CHECK(given.unit.given);
    CHECK_FALSE(says(given, "unit_unstated"));
    CHECK(says(given, "unit_overridden"));
    options.unit = LengthUnit::inch;
    CHECK_FALSE(says(drawing_of_dxf(dxf(a_line, "", "", "1"), options), "unit_overridden"));
    const Drawing needed = drawing_of_dxf(dxf(a_line, "", "", ""), options);
    CHECK(length_of_all(needed) == Approx(127));
    CHECK(needed.remarks.empty());
}

TEST_CASE("a unit that makes the part too large to be true is doubted, not changed") {
    const std::string plate = groups({{0, "LINE"}, {10, "0"}, {20, "0"}, {11, "370"}, {21, "370"}});
    const Drawing drawing = drawing_of_dxf(dxf(plate, "", "", "1"));
    CHECK(says(drawing, "unit_doubtful"));
    CHECK(bounds_of(drawing)->size().x == Approx(9398));
}

TEST_CASE("lines end in LF, CR LF or CR, comments and rubbish after EOF are passed over") {
    const std::string file = "999\nmade by a test\n" + dxf(a_line) + "what a person wrote\nhere";
    std::string crlf;
    std::string cr;
    for (const char c : file) {
        crlf += c == '\n' ? "\r\n" : std::string(1, c);
        cr += c == '\n' ? '\r' : c;
    }
    for (const std::string& text : {file, crlf, cr})
        CHECK(length_of_all(drawing_of_dxf(text)) == Approx(5));
    const std::string nul(1, '\0');
    CHECK(length_of_all(drawing_of_dxf(dxf(a_line) + nul + "more" + nul)) == Approx(5));
    const Error before = error_of_dxf(nul + dxf(a_line));
    CHECK(before.where == "byte 0");
    CHECK(error_of_dxf(groups({{0, "SECTION"}, {2, nul}}) + dxf(a_line)).where == "byte 12");
}

TEST_CASE("hidden entities are no part of the drawing, and are counted") {
    const auto layer = [](std::string_view name, std::string_view flags, std::string_view colour) {
        return groups({{0, "LAYER"}, {2, name}, {70, flags}, {62, colour}});
    };
    const std::string tables = groups({{0, "TABLE"}, {2, "LAYER"}}) + layer("Off", "0", "-1") +
                               layer("Cold", "1", "2") + layer("On", "0", "3") +
                               groups({{0, "ENDTAB"}});
    const auto on = [](std::string_view name) {
        return groups({{0, "LINE"}, {8, name}, {10, "0"}, {20, "0"}, {11, "1"}, {21, "0"}});
    };
    const Drawing drawing = drawing_of_dxf(
        dxf(on("OFF") + on("Cold") + on("on") + on("Defpoints") +
                groups({{0, "LINE"}, {67, "1"}, {10, "0"}, {20, "0"}, {11, "9"}, {21, "0"}}) +
                groups({{0, "LINE"}, {60, "1"}, {10, "0"}, {20, "0"}, {11, "9"}, {21, "0"}}),
            "",
            tables));
    REQUIRE(drawing.paths.size() == 1);
    CHECK(drawing.paths[0].colour == Colour{0, 255, 0});
    CHECK(says(drawing, "hidden"));
}

TEST_CASE("what is not read as lines is named with its number") {
    const Drawing drawing =
        drawing_of_dxf(dxf(a_line + groups({{0, "TEXT"}, {1, "hello"}}) +
                           groups({{0, "HATCH"}, {2, "SOLID"}}) + groups({{0, "HATCH"}})));
    REQUIRE(says(drawing, "not_drawn"));
    CHECK_THAT(drawing.remarks.front().message, Contains("2 HATCH") && Contains("1 TEXT"));
}

TEST_CASE("a mirrored or tilted plane is applied") {
    const Drawing mirrored = drawing_of_dxf(dxf(groups({{0, "ARC"},
                                                        {10, "5"},
                                                        {20, "0"},
                                                        {40, "2"},
                                                        {50, "0"},
                                                        {51, "90"},
                                                        {210, "0"},
                                                        {220, "0"},
                                                        {230, "-1"}})));
    // x turns round: the centre is at -5, the arc runs from (-7, 0) to (-5, 2).
    const auto& points = mirrored.paths[0].points;
    CHECK(points.front().at.x == Approx(-7));
    CHECK(points.back().at.x == Approx(-5));
    CHECK(points.back().at.y == Approx(2));
    CHECK(points.front().bulge < 0);
    CHECK(bounds_of(mirrored)->min.x == Approx(-7));
    const Drawing tilted = drawing_of_dxf(dxf(groups({{0, "CIRCLE"},
                                                      {10, "0"},
                                                      {20, "0"},
                                                      {40, "10"},
                                                      {210, "0"},
                                                      {220, "0.8660254037844386"},
                                                      {230, "0.5"}})));
    CHECK(says(tilted, "tilted"));
    CHECK(bounds_of(tilted)->size().x == Approx(20).margin(0.02));
    CHECK(bounds_of(tilted)->size().y == Approx(10).margin(0.02));
}

TEST_CASE("heights that differ are remarked") {
    const Drawing drawing = drawing_of_dxf(dxf(
        groups({{0, "LINE"}, {10, "0"}, {20, "0"}, {30, "0"}, {11, "1"}, {21, "0"}, {31, "5"}})));
    CHECK(says(drawing, "not_flat"));
}

TEST_CASE("broken files are refused with the line and the entity") {
    CHECK(error_of_dxf("").code == ErrorCode::invalid_file);
    CHECK_THAT(error_of_dxf("hello\nworld\n").message, Contains("line 1"));
    CHECK_THAT(error_of_dxf("AutoCAD Binary DXF\r\n\x1a").message, Contains("binary"));
    CHECK(error_of_dxf("AutoCAD Binary DXF\r\n\x1a").code == ErrorCode::invalid_file);
    const std::string whole = dxf(a_line);
    for (std::size_t size = 1; size + 5 < whole.size(); ++size)
        CHECK(error_of_dxf(whole.substr(0, size)).code == ErrorCode::invalid_file);
    const auto broken = [](const Groups& list) { return error_of_dxf(dxf(groups(list))); };
    const Error radius = broken({{0, "CIRCLE"}, {10, "0"}, {20, "0"}, {40, "-1"}});
    CHECK_THAT(radius.message, Contains("line 15 (CIRCLE)") && Contains("radius is -1"));
    CHECK_THAT(broken({{0, "CIRCLE"}, {10, "nan"}, {20, "0"}, {40, "1"}}).message,
               Contains("\"nan\" in line 18"));
    CHECK_THAT(broken({{0, "LINE"}, {10, "0"}, {20, "0"}, {11, "1e999"}, {21, "0"}}).message,
               Contains("finite"));
    CHECK_THAT(broken({{0, "LINE"}, {10, "0"}, {20, "0"}}).message, Contains("group 11"));
    CHECK_THAT(broken({{0, "LWPOLYLINE"}, {90, "3"}, {10, "0"}, {20, "0"}}).message,
               Contains("announces 3"));
    CHECK_THAT(broken({{0, "SPLINE"}, {71, "3"}, {10, "0"}, {20, "0"}}).message,
               Contains("control points"));
    CHECK_THAT(broken({{0, "TEXT"}, {1, "x"}}).message, Contains("1 TEXT"));
}

TEST_CASE("sizes beyond the limits are refused") {
    const Error far =
        error_of_dxf(dxf(groups({{0, "LINE"}, {10, "0"}, {20, "0"}, {11, "1e9"}, {21, "0"}})));
    CHECK(far.code == ErrorCode::too_large);
    CHECK_THAT(far.message, Contains("1e+06 mm"));
    DrawingOptions options;
    options.limits.points = 3;
    CHECK(error_of_dxf(dxf(a_line + a_line), options).code == ErrorCode::too_large);
    options = {};
    options.limits.entities = 1;
    CHECK(error_of_dxf(dxf(a_line + a_line), options).code == ErrorCode::too_large);
    options = {};
    options.limits.file_bytes = 10;
    CHECK(error_of_dxf(dxf(a_line), options).code == ErrorCode::too_large);
}

}  // namespace
}  // namespace nearfab::geometry
