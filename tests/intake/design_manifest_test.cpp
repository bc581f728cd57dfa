// SPDX-License-Identifier: GPL-3.0-or-later

#include "intake/design_manifest.hpp"

#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

namespace nearfab::intake {
namespace {

DesignManifest parsed(std::string_view text) {
    auto manifest = parse_design_manifest(text, "okh.toml");
    INFO((manifest ? std::string{} : manifest.error().message));
    REQUIRE(manifest);
    return *manifest;
}

constexpr std::string_view complete = R"(okhv = "2.4"
name = "Bracket"
license = "CERN-OHL-S-2.0"
tsdc = ["3DP", "ASM"]
printing-process = "FDM"
material = "PETG"
[[part]]
name = "Left half"
source = "cad/left.scad"
export = ["out/left.stl", "out/left.3mf"]
[[part]]
name = "Cover"
tsdc = "LAS"
material = "acrylic"
source = "cover.dxf"
)";

}  // namespace

TEST_CASE("a complete manifest gives title, licence, material and process without a warning") {
    const DesignManifest manifest = parsed(complete);
    CHECK(manifest.title == "Bracket");
    CHECK(manifest.licence == "CERN-OHL-S-2.0");
    CHECK(manifest.material == "PETG");
    CHECK(manifest.process == ProcessId{"fdm"});
    CHECK(manifest.warnings.empty());
}

TEST_CASE("a part is found by the base name of one of its files") {
    const DesignManifest manifest = parsed(complete);
    REQUIRE(manifest.part_of_file("left.stl") != nullptr);
    CHECK(manifest.part_of_file("left.stl")->name == "Left half");
    CHECK(manifest.part_of_file("elsewhere/cover.dxf")->process == ProcessId{"laser_cut"});
    CHECK(manifest.part_of_file("cover.dxf")->material == "acrylic");
    CHECK(manifest.part_of_file("right.stl") == nullptr);
}

TEST_CASE("the first LOSH version is accepted, with its own licence fields") {
    CHECK(parsed("okhv = 'OKH-LOSHv1.0'\nname = 'A'\nspdxLicense = 'MIT'\n").licence == "MIT");
    CHECK(parsed("okhv = '2.0'\nname = 'A'\nalternativeLicense = 'LicenseRef-X'\n").licence ==
          "LicenseRef-X");
    CHECK(parsed("okhv = '2.0'\nname = 'A'\n[license]\nhardware = 'CERN-OHL-W-2.0'\n").licence ==
          "CERN-OHL-W-2.0");
}

TEST_CASE("an incomplete manifest is read with warnings") {
    const DesignManifest manifest = parsed("okhv = 'OKH-v9'\n[[part]]\nmass = 3\n");
    CHECK_FALSE(manifest.licence.has_value());
    CHECK(manifest.title.empty());
    REQUIRE(manifest.warnings.size() == 5);
    CHECK(manifest.warnings[0].line == 1);
    CHECK(manifest.warnings[0].text.find("OKH-v9") != std::string::npos);
    CHECK(manifest.warnings[4].line == 2);
}

TEST_CASE("a process is only taken from the manifest when it names exactly one") {
    CHECK_FALSE(parsed("name = 'A'\ntsdc = ['CNC', 'LAS']\n").process.has_value());
    CHECK_FALSE(parsed("name = 'A'\ntsdc = '3DP'\n").process.has_value());
    CHECK(parsed("name = 'A'\ntsdc = ['CNC', 'PCB']\n").process == ProcessId{"cnc_mill"});
    CHECK(parsed("name = 'A'\ntsdc = '3DP'\nprinting-process = 'SLA'\n").process ==
          ProcessId{"sla"});
}

TEST_CASE("an error names the file and the line") {
    const auto broken = parse_design_manifest("name = 'A'\nlicense = \n", "x/okh.toml");
    REQUIRE_FALSE(broken);
    CHECK(broken.error().code == ErrorCode::invalid_file);
    CHECK(broken.error().message.starts_with("x/okh.toml:2: "));
    const auto wrong_type = parse_design_manifest("name = 'A'\nmaterial = 7\n", "okh.toml");
    REQUIRE_FALSE(wrong_type);
    CHECK(wrong_type.error().message == "okh.toml:2: `material` must be a text in quotes");
    CHECK_FALSE(parse_design_manifest("name = 'A'\npart = 'B'\n", "okh.toml"));
    CHECK_FALSE(parse_design_manifest("name = 'A'\ntsdc = [1]\n", "okh.toml"));
}

TEST_CASE("the manifests of the example designs have nothing to complain about") {
    for (const char* name : {"hose_coupling", "tool_rack", "wall_hook"}) {
        const std::string path = tests::source_folder() + "/examples/designs/" + name + "/okh.toml";
        std::ifstream file{path};
        REQUIRE(file);
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        const DesignManifest manifest = parsed(text);
        CHECK(manifest.warnings.empty());
        CHECK(manifest.licence.has_value());
        CHECK(manifest.part_of_file(std::string{name} + ".stl") != nullptr);
    }
}

}  // namespace nearfab::intake
