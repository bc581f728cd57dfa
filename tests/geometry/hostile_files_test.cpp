// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/drawing_file.hpp"
#include "geometry/part_check.hpp"
#include "tests/geometry/readers/package_writer.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

// Files as a stranger might send them, through the door that `nearfab check` uses. Each is refused
// with a reason and a next step, or read and told what is wrong with it; none is slow.

namespace nearfab::geometry {
namespace {

using namespace sample;

void refused(const Bytes& file, ErrorCode code = ErrorCode::invalid_file) {
    const auto check = check_part(file);
    CHECK_FALSE(check);
    if (check) return;
    INFO(check.error().message);
    CHECK(check.error().code == code);
    CHECK_FALSE(check.error().message.empty());
    CHECK_FALSE(check.error().next.empty());
}

void refused(std::string_view text, ErrorCode code = ErrorCode::invalid_file) {
    INFO(text.substr(0, 200));
    refused(bytes_of(text), code);
}

// Read, but not to be made: the finding names the defect.
void unmakeable(const Bytes& file, std::string_view rule) {
    const auto check = check_part(file);
    REQUIRE(check);
    REQUIRE(check->solid);
    CHECK_FALSE(check->solid->report.makeable());
    CHECK(has(check->solid->report, Severity::error, rule));
}

std::string svg_of(std::string_view inside, std::string_view before = "") {
    return std::string{before} +
           R"(<svg xmlns="http://www.w3.org/2000/svg" )"
           R"(xmlns:xlink="http://www.w3.org/1999/xlink" width="9mm" height="9mm" )"
           R"(viewBox="0 0 9 9">)" +
           std::string{inside} + "</svg>";
}

std::string dxf_of(std::string_view entities, std::string_view blocks = "") {
    return "0\nSECTION\n2\nBLOCKS\n" + std::string{blocks} +
           "0\nENDSEC\n0\nSECTION\n2\nENTITIES\n" + std::string{entities} + "0\nENDSEC\n0\nEOF\n";
}

std::string off_cube() {
    return "OFF\n8 6 0\n0 0 0\n9 0 0\n9 9 0\n0 9 0\n0 0 9\n9 0 9\n9 9 9\n0 9 9\n"
           "4 3 2 1 0\n4 4 5 6 7\n4 0 1 5 4\n4 1 2 6 5\n4 2 3 7 6\n4 3 0 4 7\n";
}

TEST_CASE("a file cut off anywhere is refused or told to be open, whatever its format") {
    const Bytes stl = binary(cube(9));
    const Bytes threemf = package_of(model_of(cube_object(1, 9), "<item objectid=\"1\"/>"));
    const std::string svg = svg_of("<rect width='5' height='5' fill='none' stroke='#000'/>");
    const std::string dxf = dxf_of("0\nCIRCLE\n8\n0\n10\n5\n20\n5\n40\n3\n");
    for (const Bytes& whole : {stl,
                               threemf,
                               bytes_of(text(cube(9))),
                               bytes_of(off_cube()),
                               bytes_of(svg),
                               bytes_of(dxf)}) {
        REQUIRE(check_part(whole));
        // Formats without an end mark (text STL, OFF's last number) may be whole a little earlier.
        const std::size_t surely_cut = whole.size() - std::min<std::size_t>(whole.size(), 16);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            if (is_drawing(part)) {
                CHECK((!read_drawing(part) || size >= surely_cut));
                continue;
            }
            const auto report = analyse_part(part);  // What check_part does first, and quick.
            if (!report) {
                CHECK_FALSE(report.error().next.empty());
            } else if (size < surely_cut) {
                CHECK_FALSE(report->makeable());
            }
        }
    }
}

TEST_CASE("counts that lie cost nothing") {
    Bytes stl = binary(cube(9));
    for (const std::uint32_t count : {0U, 11U, 13U, 85'899'345U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
        std::memcpy(stl.data() + 80, &count, sizeof count);
        refused(stl);
    }
    refused("OFF\n2147483647 2147483647 0\n", ErrorCode::too_large);
    refused("OFF\n18446744073709551615 1 0\n");
    refused("OFF\n-1 1 0\n0 0 0\n");
    refused("OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n4294967299 0 1 2\n");
    refused("OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 4294967298\n");
    refused("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 18446744073709551619\n");
    refused("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 -4\n");
    refused(dxf_of("0\nLWPOLYLINE\n8\n0\n90\n2000000000\n70\n1\n10\nnan\n20\n0\n"));
    refused(dxf_of("0\nINSERT\n2\nA\n70\n32767\n71\n32767\n10\n0\n20\n0\n44\n1\n45\n1\n",
                   "0\nBLOCK\n2\nA\n10\n0\n20\n0\n0\nLINE\n8\n0\n10\n0\n20\n0\n11\n1\n21\n1\n"
                   "0\nENDBLK\n"),
            ErrorCode::too_large);
}

TEST_CASE("coordinates that are no numbers, or are beyond any workshop, are refused") {
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(),
                            std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()}) {
        Bytes stl = binary(cube(9));
        std::memcpy(stl.data() + 84 + 12, &bad, sizeof bad);
        refused(stl);
    }
    for (const float huge : {10'001.0F, -1e7F, 3e38F}) {
        Bytes stl = binary(cube(9));
        std::memcpy(stl.data() + 84 + 12, &huge, sizeof huge);
        refused(stl, ErrorCode::too_large);
    }
    for (const char* const word : {"nan", "inf", "-inf", "0x1p3", "1e", "--1", "1,5", "1e999"}) {
        const std::string at{word};
        refused("v " + at + " 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n");
        refused("OFF\n3 1 0\n" + at + " 0 0\n1 0 0\n0 1 0\n3 0 1 2\n");
        refused(dxf_of("0\nLINE\n8\n0\n10\n" + at + "\n20\n0\n11\n1\n21\n1\n"));
    }
    for (const char* const path : {"M nan 0 L 1 1", "M 0 0 L 1e999 0", "M 0 0 A 1 1 0 7 0 5 5"})
        refused(svg_of("<path stroke='#000' fill='none' d='" + std::string{path} + "'/>"));
    refused(svg_of("<g transform='scale(1e30)'><path stroke='#000' d='M0 0 L1e9 1e9'/></g>"),
            ErrorCode::too_large);
    // Coordinates that are hardly more than 0 are numbers, but no unit that anybody means.
    const auto tiny = check_part(binary(cube(1e-42)));
    REQUIRE(tiny);
    CHECK(has(tiny->solid->report, Severity::warning, "tiny_part_maybe_inches"));
}

TEST_CASE("packages that try to be more than they are get refused") {
    const std::string model = model_of(cube_object(1, 9), "<item objectid=\"1\"/>");
    const auto package = [&](std::vector<ZipPart> more) {
        std::vector<ZipPart> parts{
            content_types(), relations_to("/3D/3dmodel.model"), {"3D/3dmodel.model", model}};
        parts.insert(parts.end(), more.begin(), more.end());
        return zip_of(parts);
    };
    REQUIRE(check_part(package({})));
    // A bomb in the model itself, and one that hides its size.
    const std::string spaces(20'000'000, ' ');
    refused(package_of(model_of(cube_object(1, 9) + spaces, "<item objectid=\"1\"/>")),
            ErrorCode::too_large);
    refused(
        zip_of({content_types(),
                relations_to("/3D/3dmodel.model"),
                {.name = "3D/3dmodel.model", .contents = model + spaces, .stated_bytes = 900}}));
    // Names lead to nothing but parts of the package, so foreign ones are harmless; two of one name
    // are not.
    for (const char* const name :
         {"/etc/passwd", "../../evil", "3D/../../evil", "C:\\evil", "a\\..\\b"}) {
        INFO(name);
        CHECK(check_part(package({{.name = name, .contents = "x"}})));
    }
    refused(package({{.name = "3D/3dmodel.model", .contents = "x"}}));
    refused(zip_of({content_types(), relations_to("/../../etc/passwd")}));
    refused(package({{.name = "link", .contents = "/etc/passwd", .attributes = 0120777U << 16U}}));
    refused(zip_of({content_types(), relations_to("/3D/missing.model")}));
    refused(zip_of({content_types(), relations_to("http://example.org/3dmodel.model")}));
    refused(zip_of({{"notes.txt", "hello"}}));
    std::vector<ZipPart> many;
    for (int i = 0; i < 2000; ++i)
        many.push_back({"part" + std::to_string(i), "x"});
    refused(package(many), ErrorCode::too_large);
}

TEST_CASE("XML that eats memory or stacks is refused") {
    const std::string item = "<item objectid=\"1\"/>";
    for (const char* const doctype :
         {"<!DOCTYPE m>",
          "<!DOCTYPE m [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>",
          "<!DOCTYPE m [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
          "<!DOCTYPE m SYSTEM \"http://127.0.0.1/x.dtd\">"}) {
        std::string model = model_of(cube_object(1, 9), item);
        model.insert(model.find("<model"), doctype);
        refused(package_of(model));
    }
    refused(svg_of("&b;", "<!DOCTYPE svg [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]>"));
    std::string deep;
    for (int i = 0; i < 100'000; ++i)
        deep += "<g>";
    refused(svg_of(deep), ErrorCode::too_large);
    std::string metadata;
    for (int i = 0; i < 3000; ++i)
        metadata += "<a>";
    const auto nested = check_part(package_of(model_of(cube_object(1, 9) + metadata, item)));
    CHECK_FALSE(nested);
}

TEST_CASE("things that contain themselves are refused") {
    const auto object = [](int id, int child) {
        return "<object id=\"" + std::to_string(id) + "\"><components><component objectid=\"" +
               std::to_string(child) + "\"/></components></object>";
    };
    refused(package_of(model_of(object(1, 1), "<item objectid=\"1\"/>")));
    refused(package_of(model_of(object(1, 2) + object(2, 1), "<item objectid=\"1\"/>")));
    // 2^30 cubes of 30 objects.
    std::string doubling = cube_object(1, 9);
    for (int id = 2; id <= 31; ++id) {
        const std::string child = "<component objectid=\"" + std::to_string(id - 1) + "\"/>";
        doubling += "<object id=\"" + std::to_string(id) + "\"><components>" + child + child +
                    "</components></object>";
    }
    CHECK_FALSE(check_part(package_of(model_of(doubling, "<item objectid=\"31\"/>"))));
    const std::string insert = "0\nINSERT\n8\n0\n2\nA\n10\n0\n20\n0\n";
    refused(dxf_of(insert, "0\nBLOCK\n2\nA\n10\n0\n20\n0\n" + insert + "0\nENDBLK\n"));
    refused(svg_of("<g id='a'><use href='#a'/></g>"));
    refused(svg_of("<g id='a'><use href='#b'/></g><g id='b'><use xlink:href='#a'/></g>"));
    std::string uses = "<g id='u0'><path stroke='#000' d='M0 0L1 1'/></g>";
    for (int i = 1; i <= 15; ++i) {
        const std::string use = "<use href='#u" + std::to_string(i - 1) + "'/>";
        uses += "<g id='u" + std::to_string(i) + "'>" + use + use + use + use + "</g>";
    }
    refused(svg_of(uses), ErrorCode::too_large);
    refused(svg_of("<use href='file:///etc/passwd#a'/>"));
}

TEST_CASE("meshes with the defects that break slicers are told so") {
    unmakeable(binary(cube(9) + flipped(cube(9))), "non_manifold");
    unmakeable(binary(cube(9) + cube(9)), "non_manifold");
    unmakeable(binary(moebius_strip(24)), "open_mesh");
    unmakeable(binary(moebius_strip(24)), "misoriented");
    unmakeable(binary(flipped(cube(9))), "inside_out");
    unmakeable(binary({{Vec3{0, 0, 0}, Vec3{9, 0, 0}, Vec3{0, 9, 0}},
                       {Vec3{0, 0, 0}, Vec3{0, 9, 0}, Vec3{9, 0, 0}}}),
               "no_volume");
    unmakeable(bytes_of("OFF\n4 1 0\n0 0 0\n1 0 0\n1 1 1\n0 1 0\n4 0 1 2 3\n"), "open_mesh");
}

TEST_CASE("a fan of very many triangles and a heap of random ones are looked at in seconds") {
    Triangles fan;
    const int count = 1500;
    for (int i = 0; i < count; ++i) {
        const auto rim = [&](int k) {
            const double turn = 6.283185307179586 * k / count;
            return Vec3{50 * std::cos(turn), 50 * std::sin(turn), 0};
        };
        fan.push_back({Vec3{0, 0, 30}, rim(i), rim(i + 1 == count ? 0 : i + 1)});
    }
    unmakeable(binary(fan), "open_mesh");
    Triangles heap;
    std::uint32_t state = 1;
    const auto any = [&] {
        state = state * 1664525U + 1013904223U;
        return static_cast<double>(state >> 16U) / 655.36;
    };
    for (int i = 0; i < 200; ++i)
        heap.push_back(
            {Vec3{any(), any(), any()}, Vec3{any(), any(), any()}, Vec3{any(), any(), any()}});
    const auto check = check_part(binary(heap));
    REQUIRE(check);
    CHECK(check->solid->intersections.pairs > 20);
    CHECK(has(check->solid->report, Severity::warning, "self_intersecting"));
}

}  // namespace
}  // namespace nearfab::geometry
