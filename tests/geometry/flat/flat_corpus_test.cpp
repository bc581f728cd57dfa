// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>

// These tests use a collection of real and broken files that is not part of the repository:
// NEARFAB_CORPUS names its folder. Lengths and sizes are those of ezdxf 0.18 and svgelements 1.7,
// in drawing units (DXF) and with a px of 1/96 inch (SVG).

namespace nearfab::geometry {
namespace {

using namespace sample;

std::string corpus() {
    const char* const folder = std::getenv("NEARFAB_CORPUS");
    return folder == nullptr ? "" : folder;
}

bool skipped() {
    if (!corpus().empty()) return false;
    WARN("skipped: set NEARFAB_CORPUS to the folder of the file collection");
    return true;
}

std::string text_in(const std::string& path) {
    std::ifstream file(corpus() + "/" + path, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Known {
    const char* file;
    std::size_t paths;
    double length;
    double width;
    double height;
};

TEST_CASE("real drawings have the lengths and sizes that others measure", "[corpus]") {
    if (skipped()) return;
    DrawingOptions options;
    const auto check = [](const Known& known, const Drawing& drawing) {
        INFO(known.file);
        CHECK(drawing.paths.size() == known.paths);
        CHECK(length_of_all(drawing) == Approx(known.length).epsilon(1.1e-3));
        CHECK(bounds_of(drawing)->size().x == Approx(known.width).margin(0.005));
        CHECK(bounds_of(drawing)->size().y == Approx(known.height).margin(0.005));
        CHECK(flat_facts(drawing));
    };
    options.unit = LengthUnit::millimetre;
    for (const Known& known : {
             Known{"ezdxf-cc_dxflib.dxf", 1, 3.906059, 1.148600, 1.217546},
             Known{"ezdxf-closed-loop-arcs.dxf", 11, 653.062229, 140.721464, 178.925143},
             Known{"ezdxf-multi-insert.dxf", 50, 399.643672, 53.371136, 54.219424},
             Known{"ezdxf-polyline-r12.dxf", 30, 118.935531, 16.251819, 14.040951},
             Known{"ezdxf-r12-trash-after-eof.dxf", 1, 9.424778, 3, 3},
             // The reference counts what dimensions are made of, too: 717.25 without.
             Known{"ezdxf-uncommon.dxf", 29, 717.25, 70, 60},
             Known{"prusa-mk3-front-plate.dxf", 552, 719.478929, 205, 50},
             // The reference draws the frames of two splines, too: 7847.23 with.
             Known{"prusa3-frame-sc10uu.dxf", 122, 7723.61, 370, 370},
             Known{"prusa3-mini-plate.dxf", 314, 4207.444690, 273.247059, 255.741840},
         }) {
        check(known, drawing_of_dxf(text_in(std::string{"2d/"} + known.file), options));
    }
    for (const Known& known : {
             Known{"boxes-ABox.svg", 34, 3193.841757, 201.900109, 315.300170},
             Known{"boxes-Gears.svg", 10, 1111.560001, 100.100054, 117.550048},
             Known{"visicut-bendable-material.svg", 313, 2674.321550, 115.778227, 57.000246},
             Known{"visicut-box-6x3x3.svg", 54, 1340.298287, 87.616506, 67.499706},
             Known{"visicut-corel18-stroke.svg", 56, 1281.195277, 90.000049, 90.000049},
             Known{"visicut-inkscape091-transforms.svg", 55, 1286.224352, 84.375003, 84.375003},
         }) {
        const std::string svg = text_in(std::string{"2d/"} + known.file);
        const Drawing drawing = drawing_of_svg(svg);
        options.unit = drawing.unit.stated ? LengthUnit::unstated : LengthUnit::pixel;
        check(known, drawing_of_svg(svg, options));
    }
}

TEST_CASE("loose lines of real drawings become loops", "[corpus]") {
    if (skipped()) return;
    DrawingOptions options;
    options.unit = LengthUnit::millimetre;
    const auto front = flat_facts(drawing_of_dxf(text_in("2d/prusa-mk3-front-plate.dxf"), options));
    REQUIRE(front);
    CHECK(front->outer_loops == 1);
    CHECK(front->inner_loops == 18);
    CHECK(front->open_ends == 0);
    const auto mini = flat_facts(drawing_of_dxf(text_in("2d/prusa3-mini-plate.dxf"), options));
    REQUIRE(mini);
    CHECK(mini->open_ends == 0);
    CHECK(mini->loops.size() == 54);
    const auto box = flat_facts(drawing_of_svg(text_in("2d/boxes-ABox.svg")));
    REQUIRE(box);
    CHECK(box->outer_loops == 6);
    CHECK(box->inner_loops == 28);
    CHECK(box->crossings + box->self_crossings == 0);
}

TEST_CASE("the bad drawings get the verdicts that they deserve", "[corpus]") {
    if (skipped()) return;
    for (const char* file : {"bad/dxf/block_cycle.dxf", "bad/dxf/truncated.dxf"})
        CHECK(error_of_dxf(text_in(file)).code == ErrorCode::invalid_file);
    for (const char* file : {"bad/svg/entity_bomb.svg",
                             "bad/svg/external_image.svg",
                             "bad/svg/nan_path.svg",
                             "bad/svg/xxe.svg"}) {
        INFO(file);
        CHECK(error_of_svg(text_in(file)).code == ErrorCode::invalid_file);
    }
    CHECK(says(drawing_of_svg(text_in("bad/svg/no_units.svg")), "unit_unstated"));
    CHECK(error_of_dxf(text_in("2d/ezdxf-binary-r2000.dxf")).code == ErrorCode::invalid_file);
}

}  // namespace
}  // namespace nearfab::geometry
