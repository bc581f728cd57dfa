// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/off.hpp"

#include "tests/geometry/readers/soup_checks.hpp"

#include <catch2/catch.hpp>

namespace nearfab::geometry {
namespace {

using namespace sample;
using Catch::Matchers::Contains;

const std::string tetrahedron_faces = "3 0 2 1\n3 0 1 3\n3 1 2 3\n3 2 0 3\n";
const std::string tetrahedron = "OFF\n4 4 6\n0 0 0\n6 0 0\n0 6 0\n0 0 6\n" + tetrahedron_faces;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

void is_tetrahedron(const std::string& text) {
    INFO(text);
    const TriangleSoup soup = soup_of(text);
    CHECK(soup.triangles.size() == 4);
    CHECK(is_closed(soup));
    CHECK(signed_volume_mm3(soup) == Approx(36));
    CHECK(soup.unit == Unit::unstated);
}

TEST_CASE("an OFF is read with its counts and comments wherever they stand") {
    is_tetrahedron(tetrahedron);
    is_tetrahedron(replaced(tetrahedron, "OFF\n4 4 6", "OFF 4 4 0"));
    is_tetrahedron(replaced(tetrahedron, "OFF\n4 4 6", "\n# before\nOFF # kind\n\n# n\n4\n4"));
    is_tetrahedron(replaced(tetrahedron, "6 0 0\n", "  6\t0 0 # a corner\n\n"));
    is_tetrahedron(replaced(tetrahedron, "3 0 2 1\n", "3 0 2 1 0.5 0.5 0.5 1\n"));
    is_tetrahedron(tetrahedron + "\n# the end\n\n");
    std::string windows;
    for (const char c : tetrahedron)
        windows += c == '\n' ? "\r\n" : std::string(1, c);
    is_tetrahedron(windows);
}

TEST_CASE("colours, normals and texture after a vertex are passed over when the header says so") {
    const std::string rest = "\n4 4 6\n0 0 0 1 2 3\n6 0 0 1 2 3\n0 6 0 1 2 3\n0 0 6 1 2 3\n";
    for (const char* header : {"COFF", "NOFF", "CNOFF", "STOFF", "STCNOFF"}) {
        is_tetrahedron(header + rest + tetrahedron_faces);
    }
    CHECK_THAT(refusal_of("OFF" + rest + tetrahedron_faces).message,
               Contains("vertex 0") && Contains("COFF"));
}

TEST_CASE("polygons of an OFF become triangles") {
    const TriangleSoup soup = soup_of(
        "OFF 6 1 0\n0 0 0\n4 0 0\n4 4 0\n2 1 0\n1 3 0\n0 4 0\n"
        "6 0 1 2 3 4 5\n");
    CHECK(soup.triangles.size() == 4);
    CHECK(area_mm2(soup) == Approx(10.5));
}

TEST_CASE("kinds of OFF that are not read are refused in words") {
    CHECK_THAT(refusal_of("OFF BINARY\n" + std::string(100, 'x')).message, Contains("binary OFF"));
    CHECK_THAT(refusal_of("4OFF\n1 1 0\n").message, Contains("dimension"));
    CHECK_THAT(refusal_of("nOFF\n3\n1 1 0\n").message, Contains("dimension"));
}

TEST_CASE("counts are checked against the size of the file before anything is allocated") {
    const auto message = [](const std::string& counts, const ReadLimits& limits = {}) {
        return refusal_of("OFF\n" + counts + "\n0 0 0\n", limits).message;
    };
    CHECK_THAT(message("1000000 1000000 0"), Contains("more than the 7 bytes that follow"));
    CHECK_THAT(message("18446744073709551615 1 0"), Contains("18446744073709551615"));
    CHECK_THAT(message("4000000000 1 0"), Contains("more than the limit of 6000000"));
    CHECK_THAT(message("1 4000000000 0"), Contains("more than the limit of 2000000"));
    CHECK_THAT(message("-1 1 0"), Contains("\"-1\""));
    CHECK_THAT(message("many 1 0"), Contains("\"many\""));
    CHECK_THAT(message("1 1 x"), Contains("edges"));
    CHECK(refusal_of(tetrahedron, {.triangles = 3}).code == ErrorCode::too_large);
    CHECK(soup_of(tetrahedron, {.triangles = 4}).triangles.size() == 4);
}

TEST_CASE("a wrong line names itself and the element") {
    const auto message = [](std::string_view from, std::string_view to) {
        return refusal_of(replaced(tetrahedron, from, to)).message;
    };
    CHECK_THAT(message("6 0 0", "6 nan 0"),
               Contains("line 4") && Contains("vertex 1") && Contains("not a finite number"));
    CHECK_THAT(message("6 0 0", "6 0"), Contains("vertex 1 of 4"));
    CHECK_THAT(message("6 0 0", "60000 0 0"), Contains("beyond the limit of 10000"));
    CHECK_THAT(message("3 0 2 1", "3 0 2 4"),
               Contains("line 7") && Contains("face 0 names vertex \"4\"") && Contains("has 4"));
    CHECK_THAT(message("3 0 2 1", "3 0 2 -1"), Contains("\"-1\""));
    CHECK_THAT(message("3 0 2 1", "3 0 2"), Contains("face 0 has 2 corners, but announces 3"));
    CHECK_THAT(message("3 0 2 1", "2 0 2"), Contains("has to have 3"));
    CHECK_THAT(message("3 0 2 1", "4000000000 0 2 1"), Contains("more than the rest"));
    CHECK_THAT(message("3 2 0 3", "#      "), Contains("face 3 of 4"));
    CHECK_THAT(message("4 4 6", "4 5 6"), Contains("5 faces need more than the 57 bytes"));
    CHECK_THAT(message("4 4 6", "4 3 6"), Contains("goes on with \"3\" after its 3 faces"));
}

}  // namespace
}  // namespace nearfab::geometry
