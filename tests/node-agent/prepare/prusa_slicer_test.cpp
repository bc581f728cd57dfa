// SPDX-License-Identifier: GPL-3.0-or-later
// These tests run the real PrusaSlicer; without it they say so and check nothing.

#include "node-agent/machine_code/gcode_run.hpp"
#include "tests/node-agent/prepare/slicing_task.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <iostream>
#include <utility>

namespace nearfab::agent {
namespace {

namespace fs = std::filesystem;

using test_parts::box;
using test_parts::text_of;

const fs::path profiles = test_parts::example_profiles();

bool slicer_missing() {
    if (fs::exists("/usr/bin/prusa-slicer")) {
        return false;
    }
    WARN("skipped: the package prusa-slicer is not installed");
    return true;
}

SlicingTask small_task(const test::ScratchDirectory& scratch, geometry::Mesh part) {
    return test_parts::small_task(scratch, std::move(part), "small_printer.ini");
}

// The small printer's profile with one line replaced.
fs::path profile_with(const test::ScratchDirectory& scratch,
                      const std::string& key,
                      const std::string& value) {
    const std::string text = text_of(profiles / "small_printer.ini");
    const std::size_t start = text.find("\n" + key + " =") + 1;
    REQUIRE(start != std::string::npos + 1);
    const std::size_t end = text.find('\n', start);
    const fs::path path = scratch / "profile.ini";
    std::ofstream{path} << text.substr(0, start) << key << " = " << value << text.substr(end);
    return path;
}

TEST_CASE("a part is sliced where it was matched, and the code passes the gate") {
    if (slicer_missing()) {
        return;
    }
    const test::ScratchDirectory scratch;
    SlicingTask task = small_task(scratch, box(20, 30, 10));
    task.orientation = {geometry::UpAxis::x, 90};
    const auto begun = std::chrono::steady_clock::now();
    const auto sliced = slice(task);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    REQUIRE(sliced);
    std::cout << "sliced 20 x 30 x 10 mm in " << took.count() << " s, isolated " << sliced->isolated
              << "\n";
    CHECK(sliced->layers == 100);  // The 20 mm axis is up, at 0.2 mm.
    CHECK(sliced->seconds > 60);
    CHECK(sliced->filament_mm > 100);
    CHECK(sliced->grams == Approx(sliced->filament_mm * 2.405 * 1.24 / 1000).epsilon(0.02));
    CHECK(sliced->hash == hash_of(text_of(sliced->file)));
    CHECK(sliced->bytes == fs::file_size(sliced->file));
    CHECK(sliced->isolated == sliced->not_isolated_why.empty());
    CHECK(sliced->facts.nozzle_c_max == 215);
    CHECK(sliced->facts.filament_mm == Approx(sliced->filament_mm).epsilon(0.01));
    const std::string gcode = text_of(sliced->file);
    // Up is x; before the turn the part lies y by z = 30 x 10, after it 10 x 30: the outer wall's
    // corner is half a line width inside of 90 + 5 and 90 + 15.
    CHECK(gcode.find("X94.8 Y104.8") != std::string::npos);
}

TEST_CASE("both example profiles make code that their machines accept, quickly") {
    if (slicer_missing()) {
        return;
    }
    const auto [name, bed, part, fits] =
        GENERATE(table<std::string, geometry::WorkEnvelope, double, double>({
            {"small_printer.ini", {180, 180, 180}, 40.0, 170.0},
            {"large_printer.ini", {300, 300, 400}, 40.0, 285.0},
        }));
    CAPTURE(name);
    const test::ScratchDirectory scratch;
    SlicingTask task = small_task(scratch, box(part, part, 5));
    task.profile.file = profiles / name;
    task.machine.envelope = bed;
    REQUIRE(slice(task));
    task.part = box(fits, fits, 1);  // Almost the whole bed, with the skirt around it.
    const auto sliced = slice(task);
    REQUIRE(sliced);
    CHECK(sliced->facts.travel.max.x > fits);
    CHECK(sliced->grams > 1);
}

TEST_CASE("the simulated time agrees with the slicer's estimate") {
    if (slicer_missing()) {
        return;
    }
    const auto part = GENERATE(box(20, 20, 20), box(170, 170, 2), box(3, 3, 40), box(100, 20, 10));
    const test::ScratchDirectory scratch;
    const auto sliced = slice(small_task(scratch, part));
    REQUIRE(sliced);
    const auto run = plan_run(text_of(sliced->file));
    REQUIRE(run);
    const double ratio = run->motion_s / static_cast<double>(sliced->seconds);
    std::cout << "simulated " << run->motion_s << " s, PrusaSlicer " << sliced->seconds
              << " s, ratio " << ratio << "\n";
    CHECK(ratio > 0.95);
    CHECK(ratio < 1.05);
}

TEST_CASE("temperatures and density of the loaded material replace the profile's") {
    if (slicer_missing()) {
        return;
    }
    const test::ScratchDirectory scratch;
    SlicingTask task = small_task(scratch, box(10, 10, 2));
    task.nozzle_c = 235;
    task.bed_c = 80;
    task.density_g_cm3 = 2.48;
    const auto sliced = slice(task);
    REQUIRE(sliced);
    CHECK(sliced->facts.nozzle_c_max == 235);
    CHECK(sliced->facts.bed_c_max == 80);
    CHECK(sliced->grams == Approx(sliced->filament_mm * 2.405 * 2.48 / 1000).epsilon(0.05));
}

TEST_CASE("a profile's post-processing script is never run") {
    if (slicer_missing()) {
        return;
    }
    const test::ScratchDirectory scratch;
    SlicingTask task = small_task(scratch, box(10, 10, 2));
    const fs::path script = scratch / "script.sh";
    std::ofstream{script} << "#!/bin/sh\ntouch " << (scratch / "it-ran").string() << "\n";
    fs::permissions(script, fs::perms::owner_all);
    task.profile.file = profile_with(scratch, "post_process", script.string());
    REQUIRE(slice(task));
    CHECK_FALSE(fs::exists(scratch / "it-ran"));
}

TEST_CASE("dangerous code in a profile is stopped by the gate") {
    if (slicer_missing()) {
        return;
    }
    const auto [code, part] = GENERATE(table<std::string, std::string>({
        {"G28\\nM302 P1", "M302"},
        {"G28\\nM104 S999", "999 C"},
        {"G28\\nG1 X-20 F3000", "X -20 mm"},
        {"G92 X0 Y0 Z0", "G92"},
    }));
    const test::ScratchDirectory scratch;
    SlicingTask task = small_task(scratch, box(10, 10, 2));
    task.profile.file = profile_with(scratch, "start_gcode", code);
    const auto sliced = slice(task);
    REQUIRE_FALSE(sliced);
    CHECK(sliced.error().message.find("not safe for this machine: line ") != std::string::npos);
    CHECK(sliced.error().message.find(part) != std::string::npos);
    CHECK(sliced.error().next.find("profile") != std::string::npos);
}

TEST_CASE("a part that does not fit is not sliced at all") {
    const test::ScratchDirectory scratch;
    SlicingTask task = small_task(scratch, box(10, 10, 200));
    task.programs.prusa_slicer = "/bin/false";  // Would fail if it were asked.
    const auto sliced = slice(task);
    REQUIRE_FALSE(sliced);
    CHECK(sliced.error().code == ErrorCode::invalid_argument);
    CHECK(sliced.error().message.find("200 mm in Z") != std::string::npos);
    CHECK(sliced.error().message.find("180 mm") != std::string::npos);
    CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("what is missing is named, with what to do about it") {
    const test::ScratchDirectory scratch;
    SlicingTask task = small_task(scratch, box(10, 10, 2));
    SECTION("the slicer") {
        task.programs.prusa_slicer = "/nowhere/prusa-slicer";
        const auto sliced = slice(task);
        REQUIRE_FALSE(sliced);
        CHECK(sliced.error().code == ErrorCode::unavailable);
        CHECK(sliced.error().next.find("install the package prusa-slicer") == 0);
    }
    SECTION("the profile") {
        task.programs.prusa_slicer = "/bin/false";
        task.profile.file = scratch / "none.ini";
        const auto sliced = slice(task);
        REQUIRE_FALSE(sliced);
        CHECK(sliced.error().code == ErrorCode::config);
        CHECK(sliced.error().message.find("none.ini") != std::string::npos);
    }
    SECTION("the work directory") {
        task.programs.prusa_slicer = "/bin/false";
        task.work_directory = scratch / "none";
        CHECK(slice(task).error().code == ErrorCode::storage);
    }
    SECTION("the part") {
        task.programs.prusa_slicer = "/bin/false";
        task.part = {};
        CHECK(slice(task).error().code == ErrorCode::invalid_argument);
    }
}

TEST_CASE("a slicer that fails, hangs or writes nothing is told apart") {
    const test::ScratchDirectory scratch;
    SlicingTask task = small_task(scratch, box(10, 10, 2));
    SECTION("fails") {
        task.programs.prusa_slicer = "/bin/false";
        const auto sliced = slice(task);
        REQUIRE_FALSE(sliced);
        CHECK(sliced.error().code == ErrorCode::invalid_file);
        CHECK(sliced.error().message.find("exit code 1") != std::string::npos);
    }
    SECTION("writes nothing, though an older file is there") {
        task.programs.prusa_slicer = "/bin/true";
        std::ofstream{scratch / "part.gcode"} << "G21\n";
        const auto sliced = slice(task);
        REQUIRE_FALSE(sliced);
        CHECK(sliced.error().message.find("wrote no file") != std::string::npos);
    }
    SECTION("has no time") {
        if (slicer_missing()) {
            return;
        }
        task.part = box(170, 170, 170);
        task.limits.wall_clock = Duration{50};
        const auto sliced = slice(task);
        REQUIRE_FALSE(sliced);
        CHECK(sliced.error().code == ErrorCode::timed_out);
    }
    SECTION("is stopped") {
        if (slicer_missing()) {
            return;
        }
        std::stop_source source;
        source.request_stop();
        const auto sliced = slice(task, source.get_token());
        REQUIRE_FALSE(sliced);
        CHECK(sliced.error().code == ErrorCode::unavailable);
    }
}

TEST_CASE("a profile that is no profile is the slicer's failure, with its last words") {
    if (slicer_missing()) {
        return;
    }
    const test::ScratchDirectory scratch;
    SlicingTask task = small_task(scratch, box(10, 10, 2));
    task.profile.file = profile_with(scratch, "layer_height", "-5");
    const auto sliced = slice(task);
    REQUIRE_FALSE(sliced);
    CHECK(sliced.error().code == ErrorCode::invalid_file);
    CHECK(sliced.error().message.find("; it said: ") != std::string::npos);
}

}  // namespace
}  // namespace nearfab::agent
