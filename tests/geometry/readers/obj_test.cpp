// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/obj.hpp"

#include "tests/geometry/readers/soup_checks.hpp"

#include <catch2/catch.hpp>

namespace nearfab::geometry {
namespace {

using namespace sample;
using namespace std::string_view_literals;
using Catch::Matchers::Contains;

const std::string corners =
    "v 0 0 0\nv 10 0 0\nv 10 10 0\nv 0 10 0\nv 0 0 10\nv 10 0 10\nv 10 10 10\nv 0 10 10\n";
const std::string faces = "f 4 3 2 1\nf 5 6 7 8\nf 1 2 6 5\nf 3 4 8 7\nf 2 3 7 6\nf 4 1 5 8\n";
const std::string cube_text = corners + faces;

std::string message_of(const std::string& text) {
    return refusal_of(text).message;
}

TEST_CASE("an OBJ of quads is a closed cube without a unit") {
    const TriangleSoup soup = soup_of(cube_text);
    CHECK(soup.triangles.size() == 12);
    CHECK(soup.unit == Unit::unstated);
    CHECK(soup.objects.empty());
    CHECK(soup.remarks.empty());
    CHECK(is_closed(soup));
    CHECK(signed_volume_mm3(soup) == Approx(1000));
}

TEST_CASE("indices are taken in all their forms") {
    const std::string more = "vt 0 0\nvn 0 0 1\n";
    for (const char* face : {"f 1/1 2/1 3/1",
                             "f 1//1 2//1 3//1",
                             "f 1/1/1 2/1/1 3/1/1",
                             "f 1/ 2/ 3/",
                             "f 1// 2// 3//",
                             "f -8 -7 -6",
                             "f -8/-1 -7/-1/-1 -6//-1",
                             "fo 1 2 3",
                             "f 1 2 3 # a comment",
                             "f  1\t2   3  ",
                             "f 1 \\\n 2 \\\r\n 3",
                             "f +1 2 3"}) {
        INFO(face);
        const TriangleSoup soup = soup_of(corners + more + face + "\n");
        REQUIRE(soup.triangles.size() == 1);
        CHECK(soup.triangles[0] == std::array<float, 9>{0, 0, 0, 10, 0, 0, 10, 10, 0});
    }
    CHECK(soup_of(faces + corners).triangles.size() == 12);  // Faces may come first.
}

TEST_CASE("any line end will do, and a last line needs none") {
    std::string text = cube_text;
    text.pop_back();
    CHECK(soup_of(text).triangles.size() == 12);
    for (const std::string end : {"\r", "\r\n"}) {
        std::string other;
        for (const char c : cube_text)
            other += c == '\n' ? end : std::string(1, c);
        CHECK(soup_of(other).triangles.size() == 12);
    }
}

TEST_CASE("colours, materials and lines are passed over, and a material file is never opened") {
    const TriangleSoup soup =
        soup_of("mtllib ../../etc/passwd\n" + corners + "usemtl x\ns off\nl 1 2\np 3\n" + faces);
    CHECK(soup.triangles.size() == 12);
    CHECK(has_remark(soup, "lines_left_out"));
    CHECK(soup_of("v 0 0 0 nan nan nan\nv 1 0 0 1 1 1\nv 0 1 0\nf 1 2 3\n").triangles.size() == 1);
}

TEST_CASE("objects, or else groups, divide the triangles") {
    const TriangleSoup soup =
        soup_of("o left part\ng a\n" + cube_text + "g b\no empty\no right\ng c\nf 1 2 3\n");
    REQUIRE(soup.objects.size() == 2);
    CHECK(soup.objects[0] == SoupObject{"left part", 0, 12});
    CHECK(soup.objects[1] == SoupObject{"right", 12, 1});
    const TriangleSoup grouped = soup_of(corners + "f 1 2 3\ng one\nf 1 2 3\ng two\nf 1 2 3\n");
    REQUIRE(grouped.objects.size() == 3);
    CHECK(grouped.objects[0] == SoupObject{"", 0, 1});
    CHECK(grouped.objects[2] == SoupObject{"two", 2, 1});
}

TEST_CASE("more objects than are listed fall to the last one") {
    std::string text = corners;
    for (int i = 0; i < 1500; ++i)
        text += "o n" + std::to_string(i) + "\nf 1 2 3\n";
    const TriangleSoup soup = soup_of(text);
    REQUIRE(soup.objects.size() == most_objects);
    CHECK(soup.objects.back().first_triangle == 999);
    CHECK(soup.objects.back().triangles == 501);
}

TEST_CASE("a concave face is cut without overlap, a bent one is remarked") {
    const TriangleSoup arrow = soup_of("v 0 0 0\nv 10 0 0\nv 2 2 0\nv 0 10 0\nf 1 2 3 4\n");
    CHECK(area_mm2(arrow) == Approx(20));
    CHECK_FALSE(has_remark(arrow, "polygon_not_flat"));
    const TriangleSoup bent = soup_of("v 0 0 0\nv 10 0 0\nv 10 10 5\nv 0 10 0\nf 1 2 3 4\n");
    CHECK(has_remark(bent, "polygon_not_flat"));
}

TEST_CASE("a wrong face names its line and the index") {
    CHECK_THAT(message_of(corners + "f 1 2 9\n"),
               Contains("line 9") && Contains("\"9\"") && Contains("the 8 of the file"));
    CHECK_THAT(message_of(corners + "f 0 1 2\n"), Contains("counts from 1"));
    CHECK_THAT(message_of("v 0 0 0\nf -2 -1 -1\n"), Contains("line 2") && Contains("counts back"));
    CHECK_THAT(message_of(corners + "f 1 2 18446744073709551617\n"), Contains("no index"));
    CHECK_THAT(message_of(corners + "f 1 2\n"), Contains("2 corners"));
    CHECK_THAT(message_of(corners + "f\n"), Contains("0 corners"));
    CHECK_THAT(message_of(corners + "f 1 2 \\"), Contains("no index"));
    CHECK_THAT(message_of(corners + "f 1/2/3/4 2 3\n"), Contains("no index"));
    CHECK_THAT(message_of(corners + "f 1.5 2 3\n"), Contains("no index"));
    CHECK_THAT(message_of(corners + "f 1/x 2 3\n"), Contains("no index"));
}

TEST_CASE("a line joined to an object's name is no statement in either pass") {
    CHECK_THAT(message_of("o \\\nv 0 0 0\nf -1 \\\n -2"), Contains("counts back beyond the 0"));
    CHECK(soup_of("o a \\\n b\n" + cube_text).triangles.size() == 12);
}

TEST_CASE("a wrong vertex names its line and the number") {
    CHECK_THAT(message_of("v 0 0 0\nv 1 2\n"), Contains("line 2") && Contains("fewer than three"));
    CHECK_THAT(message_of("v nan 0 0\n"), Contains("line 1") && Contains("not a finite number"));
    CHECK_THAT(message_of("v 1e999 0 0\n"), Contains("not a finite number"));
    CHECK_THAT(message_of("v 3.1+e2 0 0\n"), Contains("not a decimal number"));
    CHECK_THAT(message_of("v 0x1p3 0 0\n"), Contains("not a decimal number"));
    const Error comma = refusal_of("v 0,5 0 0\n");
    CHECK_THAT(comma.next, Contains("decimal point"));
    const Error far = refusal_of("v 10001 0 0\n");
    CHECK(far.code == ErrorCode::too_large);
    CHECK_THAT(far.message, Contains("10000"));
}

TEST_CASE("what cannot be made of polygons is refused with a reason of its own") {
    CHECK_THAT(message_of(corners + "cstype bezier\ndeg 3 3\nsurf 0 1 0 1 1 2 3 4\nend\n"),
               Contains("line 9") && Contains("free-form"));
    CHECK_THAT(message_of(corners + "call other.obj\n"), Contains("outside this file"));
    CHECK_THAT(message_of(corners + "csh rm -rf\n"), Contains("outside this file"));
    CHECK_THAT(message_of(corners + "F 1 2 3\n"), Contains("\"F\" is no statement"));
    CHECK_THAT(message_of(corners), Contains("without a single triangle"));
    CHECK_THAT(message_of(corners + std::string("f 1 2 \0 3\n", 11)), Contains("NUL"));
}

TEST_CASE("limits hold for triangles, also those of polygons, and for vertices") {
    CHECK(refusal_of(cube_text, {.triangles = 11}).code == ErrorCode::too_large);
    CHECK(soup_of(cube_text, {.triangles = 12}).triangles.size() == 12);
    CHECK_THAT(refusal_of(cube_text, {.triangles = 2}).message, Contains("vertices"));
    CHECK(refusal_of(corners + "f 1 2 3 4 5 6 7 8\n", {.triangles = 5}).code ==
          ErrorCode::too_large);
}

}  // namespace
}  // namespace nearfab::geometry
