// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/stl.hpp"

#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>

namespace nearfab::geometry {
namespace {

using namespace sample;
using Catch::Matchers::Contains;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

Bytes with_float(Bytes file, std::size_t facet, std::size_t corner_value, float value) {
    std::memcpy(file.data() + 84 + 50 * facet + 12 + 4 * corner_value, &value, sizeof value);
    return file;
}

TEST_CASE("text and binary files of one cube give the same report but for the format") {
    PartReport from_text = report_on(bytes_of(text(cube(20))));
    const PartReport from_binary = report_on(binary(cube(20)));
    CHECK(from_text.format == FileFormat::stl_ascii);
    CHECK(from_binary.format == FileFormat::stl_binary);
    CHECK(from_text.volume_mm3 == from_binary.volume_mm3);
    CHECK(from_text.mesh == from_binary.mesh);
    CHECK(from_text.stances == from_binary.stances);
    CHECK(to_string(from_text.format) == "stl_ascii");
}

TEST_CASE("a binary file that begins with the word solid is read as binary") {
    const PartReport report = report_on(binary(cube(20), "solid made by a CAD program\nfacet"));
    CHECK(report.format == FileFormat::stl_binary);
    CHECK(report.mesh.triangles == 12);
}

TEST_CASE("a truncated binary file that begins with solid is named as truncated") {
    Bytes file = binary(cube(20), "solid made by a CAD program");
    file.resize(file.size() - 10);
    CHECK_THAT(
        error_of(file).message,
        Contains("truncated") && Contains("12 triangles = 684 bytes") && Contains("674 bytes"));
}

TEST_CASE("text is read with any line end, in upper case, and with several solids") {
    for (const char* line_end : {"\n", "\r\n", "\r"}) {
        CHECK(report_on(bytes_of(text(cube(20), line_end))).volume_mm3 == Approx(8000));
    }
    std::string shouting = text(cube(20));
    for (char& c : shouting)
        c = c >= 'a' && c <= 'z' && c != 'e' ? static_cast<char>(c - 32) : c;
    CHECK(report_on(bytes_of(shouting)).volume_mm3 == Approx(8000));

    const std::string two =
        text(cube(20)) + "\n\nsolid\nendsolid\n" + text(box({30, 0, 0}, {40, 10, 10}));
    CHECK(report_on(bytes_of(two)).mesh.triangles == 24);
    CHECK(report_on(bytes_of("\xEF\xBB\xBF" + text(cube(20)))).mesh.closed);
}

TEST_CASE("numbers are taken as exporters write them") {
    std::string file = replaced(text(cube(20)), "vertex 0 20 0", "vertex +0.0 2.0E+01 -0");
    file = replaced(file, "facet normal 0 0 0", "facet normal nan nan -1.#IND");
    file = replaced(file, "vertex 0 0 0", "vertex 1e-400 0 -0.0");
    const PartReport report = report_on(bytes_of(file));
    CHECK(report.mesh.vertices == 8);
    CHECK(report.mesh.closed);
}

TEST_CASE("an error in a text file names the line, the facet and what was found") {
    const std::string good = text(cube(20));
    const auto message = [](const std::string& file) { return error_of(bytes_of(file)).message; };
    CHECK_THAT(message(replaced(good, "endloop", "endlop")),
               Contains("line 7, facet 1") && Contains("\"endloop\"") && Contains("\"endlop\""));
    CHECK_THAT(message(replaced(good, "vertex 0 0 0", "vertex 0x1p3 0 0")),
               Contains("\"0x1p3\" is not a decimal number"));
    CHECK_THAT(message(replaced(good, "vertex 0 0 0", "vertex nan 0 0")),
               Contains("facet 1") && Contains("not a finite number"));
    CHECK_THAT(message(replaced(good, "vertex 0 0 0", "vertex 1e999 0 0")),
               Contains("not a finite number"));
    CHECK_THAT(message(replaced(good, "vertex 0 0 0", "vertex 10001 0 0")),
               Contains("beyond the limit of 10000"));
    CHECK_THAT(message(good.substr(0, good.size() / 2)), Contains("the file ends"));
    CHECK_THAT(message(good + "rubbish"), Contains("expected \"solid\""));
    const Error comma = error_of(bytes_of(replaced(good, "vertex 0 0 0", "vertex 0,5 0 0")));
    CHECK_THAT(comma.next, Contains("decimal point"));
}

TEST_CASE("a text file without its endsolid is read with a remark") {
    const std::string good = text(cube(20));
    const auto soup = read_stl(bytes_of(good.substr(0, good.rfind("endsolid"))));
    REQUIRE(soup);
    CHECK(soup->triangles.size() == 12);
    REQUIRE(soup->remarks.size() == 1);
    CHECK(soup->remarks[0].rule == "endsolid_missing");
    CHECK_THAT(soup->remarks[0].message, Contains("12 facets"));
    CHECK_FALSE(read_stl(bytes_of(good.substr(0, good.rfind("endloop")))));
}

TEST_CASE("the solids of a text file are its objects") {
    std::string second = text(box({30, 0, 0}, {40, 10, 10}));
    second.replace(0, 10, "solid  arm \t");
    const auto soup = read_stl(bytes_of(text(cube(20)) + second));
    REQUIRE(soup);
    REQUIRE(soup->objects.size() == 2);
    CHECK(soup->objects[0] == SoupObject{"part", 0, 12});
    CHECK(soup->objects[1] == SoupObject{"arm", 12, 12});
    CHECK(soup->unit == Unit::unstated);
}

TEST_CASE("files that are no STL are refused with a reason of their own") {
    using namespace std::string_view_literals;
    CHECK_THAT(error_of({}).message, Contains("empty"));
    CHECK_THAT(error_of(bytes_of("hello")).message, Contains("no mesh") && Contains("5 bytes"));
    CHECK_THAT(error_of(bytes_of("PK\x03\x04 and so on")).message, Contains("ZIP"));
    CHECK_THAT(error_of(bytes_of("\xFF\xFEs\0o\0l\0i\0d\0"sv)).message, Contains("UTF-16"));
    CHECK_THAT(error_of(bytes_of("solid a\nendsolid a\n")).message,
               Contains("without a single triangle"));
    CHECK_THAT(error_of(binary({})).message, Contains("without a single triangle"));
    std::string nul = text(cube(20));
    nul[100] = '\0';
    CHECK_THAT(error_of(bytes_of(nul)).message, Contains("byte 100") && Contains("NUL"));
    Bytes longer = binary(cube(20));
    longer.push_back(0);
    CHECK_THAT(error_of(longer).message, Contains("bytes after its end") && Contains("685 bytes"));
}

TEST_CASE("a coordinate that is no number or out of range names its facet") {
    const Bytes good = binary(cube(20));
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    CHECK_THAT(error_of(with_float(good, 4, 0, nan)).message,
               Contains("facet 5") && Contains("NaN"));
    CHECK_THAT(error_of(with_float(good, 11, 8, -infinity)).message,
               Contains("facet 12") && Contains("infinity"));
    const Error far = error_of(with_float(good, 0, 3, -10001.0F));
    CHECK(far.code == ErrorCode::too_large);
    CHECK_THAT(far.message, Contains("-10001") && Contains("10000"));
}

TEST_CASE("limits are checked before anything is allocated") {
    Bytes file = binary(cube(20));
    CHECK(error_of(file, {.triangles = 11}).code == ErrorCode::too_large);
    CHECK_THAT(error_of(file, {.triangles = 11}).message, Contains("12") && Contains("11"));
    CHECK(error_of(bytes_of(text(cube(20))), {.triangles = 11}).code == ErrorCode::too_large);
    CHECK(error_of(file, {.file_bytes = 683}).code == ErrorCode::too_large);
    const std::uint32_t most = 0xFFFFFFFF;
    std::memcpy(file.data() + 80, &most, sizeof most);
    CHECK_THAT(error_of(file).message, Contains("4294967295 triangles = 214748364834 bytes"));
}

TEST_CASE("hostile text costs no more than its length") {
    // Quadratic work on these would not end within the test's time-out.
    const std::string much(20'000'000, 'A');
    CHECK(error_of(bytes_of("solid " + much)).code == ErrorCode::invalid_file);
    CHECK(error_of(bytes_of("solid x\nfacet normal 0 0 0\nouter loop\nvertex " +
                            std::string(20'000'000, '0')))
              .code == ErrorCode::invalid_file);
    std::string solids;
    for (int i = 0; i < 500'000; ++i)
        solids += "solid a\nendsolid a\n";
    CHECK(error_of(bytes_of(solids)).code == ErrorCode::invalid_file);
}

TEST_CASE("a written STL holds bare geometry and reads back as the same mesh") {
    const Result<Mesh> mesh = read_mesh(bytes_of(text(sphere(12.3, 12))));
    REQUIRE(mesh);
    const Bytes file = write_stl(*mesh);
    CHECK(file.size() == 84 + 50 * mesh->triangles.size());
    CHECK(std::all_of(file.begin(), file.begin() + 80, [](std::uint8_t b) { return b == 0; }));
    const Result<Mesh> again = read_mesh(file);
    REQUIRE(again);
    CHECK(*again == *mesh);
    std::array<float, 3> normal{};
    std::memcpy(normal.data(), file.data() + 84, sizeof normal);
    CHECK(std::hypot(normal[0], normal[1], normal[2]) == Approx(1));
}

}  // namespace
}  // namespace nearfab::geometry
