// SPDX-License-Identifier: GPL-3.0-or-later
// Prints in resin. The first tests run the real PrusaSlicer; without it they say so and check
// nothing.

#include "node-agent/machine_code/sl1_gate.hpp"
#include "tests/node-agent/prepare/slicing_task.hpp"

#include <catch2/catch.hpp>

#include <iostream>
#include <utility>

namespace nearfab::agent {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using test_parts::box;
using test_parts::text_of;

bool slicer_missing() {
    if (fs::exists(SlicerPrograms{}.prusa_slicer)) return false;
    WARN("skipped: the package prusa-slicer is not installed");
    return true;
}

SlicingTask resin_task(const test::ScratchDirectory& scratch, geometry::Mesh part) {
    SlicingTask task = test_parts::small_task(scratch, std::move(part), "resin_printer.ini");
    task.machine.envelope = {110, 60, 140};
    return task;
}

// The resin printer's profile with lines replaced or added.
fs::path profile_with(const test::ScratchDirectory& scratch,
                      const std::vector<std::pair<std::string, std::string>>& settings) {
    std::string text = text_of(test_parts::example_profiles() / "resin_printer.ini");
    for (const auto& [name, value] : settings) {
        const std::size_t start = text.find("\n" + name + " =");
        if (start != std::string::npos) {
            text.erase(start + 1, text.find('\n', start + 1) - start);
        }
        if (!value.empty()) text += name + " = " + value + "\n";
    }
    const fs::path path = scratch / "profile.ini";
    std::ofstream{path} << text;
    return path;
}

const std::vector<std::pair<std::string, std::string>> on_the_plate{{"supports_enable", "0"},
                                                                    {"pad_enable", "0"}};

TEST_CASE("a part becomes layers that the resin printer accepts") {
    if (slicer_missing()) return;
    const test::ScratchDirectory scratch;
    SlicingTask task = resin_task(scratch, box(12, 8, 3));
    task.profile = load_print_profile(profile_with(scratch, on_the_plate)).value();
    task.density_g_cm3 = 1.2;
    const auto sliced = slice(task);
    if (!sliced) FAIL(sliced.error().message);
    CHECK(sliced->file.extension() == ".sl1");
    CHECK(sliced->layers == 60);
    // The slicer's own estimate: 60 exposures and tilts, the first layers longer.
    CHECK(sliced->seconds > 60 * 7 + 35);
    CHECK(sliced->seconds < 3600);
    CHECK(sliced->grams == Approx(12 * 8 * 3 / 1000.0 * 1.2).epsilon(0.1));
    CHECK(sliced->hash == hash_of(text_of(sliced->file)));
    CHECK(sliced->bytes == fs::file_size(sliced->file));
    CHECK(sliced->facts.lines == 0);
    std::cout << "resin: " << sliced->layers << " layers, " << sliced->seconds << " s, "
              << sliced->grams << " g, " << sliced->bytes << " bytes\n";
}

TEST_CASE("with supports and pad the part needs more, and stands higher") {
    if (slicer_missing()) return;
    const test::ScratchDirectory scratch;
    const auto sliced = slice(resin_task(scratch, box(6, 6, 3)));
    if (!sliced) FAIL(sliced.error().message);
    CHECK(sliced->layers > 60 + 80);  // Raised by 5 mm on a pad.
    CHECK(sliced->grams > 6 * 6 * 3 / 1000.0 * 1.1);
}

TEST_CASE("what would be lit at the edge of the display is refused") {
    if (slicer_missing()) return;
    const test::ScratchDirectory scratch;
    SlicingTask task = resin_task(scratch, box(110, 68, 0.2));
    auto settings = on_the_plate;
    settings.emplace_back("bed_shape", "0x0,120x0,120x68,0x68");
    task.profile = load_print_profile(profile_with(scratch, settings)).value();
    task.machine.envelope = {120, 68, 140};
    const auto sliced = slice(task);
    REQUIRE_FALSE(sliced);
    CHECK_THAT(sliced.error().message, Contains("lit at the edge of the display"));
}

TEST_CASE("an exposure that the machine does not allow is refused") {
    if (slicer_missing()) return;
    const test::ScratchDirectory scratch;
    SlicingTask task = resin_task(scratch, box(6, 6, 1));
    task.profile = load_print_profile(profile_with(scratch, on_the_plate)).value();
    task.profile.resin->limits.exposure_s_max = 5;
    const auto sliced = slice(task);
    REQUIRE_FALSE(sliced);
    CHECK_THAT(sliced.error().message,
               Contains("not safe for this machine: config.ini: expTime is 7") &&
                   Contains("allows 0.1 to 5"));
    CHECK_THAT(sliced.error().next, Contains("profile"));
}

TEST_CASE("another display than the profile's is refused") {
    if (slicer_missing()) return;
    const test::ScratchDirectory scratch;
    SlicingTask task = resin_task(scratch, box(6, 6, 1));
    task.profile = load_print_profile(profile_with(scratch, on_the_plate)).value();
    task.profile.resin->limits.pixels_x = 3840;
    task.profile.resin->limits.pixels_y = 2400;
    const auto sliced = slice(task);
    REQUIRE_FALSE(sliced);
    CHECK_THAT(sliced.error().message, Contains("2560 x 1440 pixels, and the display has 3840"));
}

TEST_CASE("a slicer that writes no layers is told apart") {
    const test::ScratchDirectory scratch;
    SlicingTask task = resin_task(scratch, box(6, 6, 1));
    const auto failure = [&](const std::string& commands) {
        task.programs.prusa_slicer = test_parts::script(scratch, "slicer.sh", commands);
        const auto sliced = slice(task);
        REQUIRE_FALSE(sliced);
        return sliced.error().message;
    };
    CHECK_THAT(failure("exit 0"), Contains("wrote no file"));
    CHECK_THAT(failure(": > part.sl1"), Contains("wrote an empty file"));
    CHECK_THAT(failure("echo hello > part.sl1"), Contains("layers are not safe"));
    CHECK_THAT(failure("echo oops >&2; exit 1"), Contains("it said: oops"));
}

TEST_CASE("a resin printer's profile says display, height and bed") {
    const auto profile = load_print_profile(test_parts::example_profiles() / "resin_printer.ini");
    if (!profile) FAIL(profile.error().message);
    REQUIRE(profile->resin);
    const ResinPrinter& printer = *profile->resin;
    CHECK(printer.limits.pixels_x == 2560);
    CHECK(printer.limits.pixels_y == 1440);
    CHECK(printer.limits.display_x_mm == 120);
    CHECK(printer.limits.height_mm == 150);
    CHECK(printer.limits.exposure_s_max == 120);
    CHECK(printer.bed_mm.x == Approx(118.04));
    CHECK(printer.bed_centre_mm.y == Approx(34.02));
    CHECK(printer.resin_g_cm3 == 1.1);
    CHECK_FALSE(
        load_print_profile(test_parts::example_profiles() / "small_printer.ini").value().resin);

    const test::ScratchDirectory scratch;
    for (const auto& [name, value] : {std::pair{"display_pixels_x", ""},
                                      std::pair{"display_pixels_x", "many"},
                                      std::pair{"display_width", "0"},
                                      std::pair{"max_print_height", "-1"},
                                      std::pair{"bed_shape", ""},
                                      std::pair{"bed_shape", "0x0,120x0"},
                                      std::pair{"bed_shape", "0x0,1x,2"},
                                      std::pair{"bed_shape", ",,,"},
                                      std::pair{"bed_shape", "0x0,10x0,20x0"},
                                      std::pair{"max_exposure_time", "0"},
                                      std::pair{"material_density", "nan"}}) {
        CAPTURE(name, value);
        const auto wrong = load_print_profile(profile_with(scratch, {{name, value}}));
        REQUIRE_FALSE(wrong);
        CHECK(wrong.error().code == ErrorCode::config);
        CHECK_THAT(wrong.error().message, Contains(std::string{name} + " is missing"));
    }
    const auto odd = load_print_profile(profile_with(scratch, {{"printer_technology", "SLS"}}));
    REQUIRE_FALSE(odd);
    CHECK_THAT(odd.error().message, Contains("neither FFF nor SLA"));
}

}  // namespace
}  // namespace nearfab::agent
