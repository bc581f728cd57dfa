// SPDX-License-Identifier: GPL-3.0-or-later
// The first tests run the real CuraEngine; without it they say so and check nothing. What an
// engine may do wrong is shown by scripts in its place.

#include "node-agent/machine_code/gcode_run.hpp"
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

bool engine_missing() {
    if (fs::exists(SlicerPrograms{}.cura_engine)) return false;
    WARN("skipped: the package cura-engine is not installed");
    return true;
}

SlicingTask cura_task(const test::ScratchDirectory& scratch, geometry::Mesh part) {
    return test_parts::small_task(scratch, std::move(part), "small_printer_cura.toml");
}

SlicedFile sliced(const SlicingTask& task) {
    auto file = slice(task);
    if (!file) FAIL(file.error().message);
    return std::move(*file);
}

TEST_CASE("CuraEngine slices a part where it was matched, and the code passes the gate") {
    if (engine_missing()) return;
    const test::ScratchDirectory scratch;
    SlicingTask task = cura_task(scratch, box(20, 30, 10));
    task.orientation = {geometry::UpAxis::x, 90};
    const SlicedFile file = sliced(task);
    CHECK(file.layers == 100);  // The 20 mm axis is up, at 0.2 mm.
    CHECK(file.seconds > 60);
    CHECK(file.seconds != 6666);  // The engine's placeholder.
    CHECK(file.filament_mm > 100);
    CHECK(file.grams == Approx(file.filament_mm * 2.405 * 1.24 / 1000).epsilon(0.02));
    CHECK(file.hash == hash_of(text_of(file.file)));
    CHECK(file.bytes == fs::file_size(file.file));
    CHECK(file.isolated == file.not_isolated_why.empty());
    CHECK(file.facts.nozzle_c_max == 215);
    CHECK(file.facts.bed_c_max == 60);
    // Up is x, and before the turn the part lies y by z = 30 x 10, after it 10 x 30: the outer
    // wall's corner is half a line width inside of 90 + 5 and 90 + 15.
    CHECK_THAT(text_of(file.file), Contains("X94.8 Y104.8"));
    CHECK(file.facts.travel.max.z == 30);  // The end code, 10 mm above the part.
}

TEST_CASE("CuraEngine uses as much of the bed as the machine has, and no more") {
    if (engine_missing()) return;
    const test::ScratchDirectory scratch;
    const SlicedFile flat = sliced(cura_task(scratch, box(170, 170, 1)));
    CHECK(flat.facts.travel.max.x > 170);
    CHECK(flat.facts.travel.max.x <= 180);
    const SlicedFile tall = sliced(cura_task(scratch, box(4, 4, 179)));
    CHECK(tall.facts.travel.max.z == 180);
    SECTION("a delta's middle is 0, 0") {
        SlicingTask task = cura_task(scratch, box(20, 20, 2));
        task.machine.origin_mm = {-90, -90, 0};
        task.profile.cura["machine_end_gcode"] = "M104 S0\nM140 S0\nM84\n";
        const SlicedFile delta = sliced(task);
        CHECK(delta.facts.travel.max.x == Approx(13).margin(1.5));
        CHECK(delta.facts.travel.min.x == Approx(-13).margin(1.5));
    }
    SECTION("an origin of any kind") {
        SlicingTask task = cura_task(scratch, box(20, 20, 2));
        task.machine.origin_mm = {10, -30, 0};
        task.profile.cura["machine_end_gcode"] = "M104 S0\nM140 S0\nM84\n";
        CHECK_THAT(text_of(sliced(task).file), Contains("X109.8 Y69.8"));
    }
}

TEST_CASE("CuraEngine and PrusaSlicer agree about time and filament") {
    if (engine_missing()) return;
    if (!fs::exists(SlicerPrograms{}.prusa_slicer)) {
        WARN("skipped: the package prusa-slicer is not installed");
        return;
    }
    const test::ScratchDirectory scratch;
    SlicingTask task = cura_task(scratch, box(40, 30, 20));
    const SlicedFile cura = sliced(task);
    task.profile = load_print_profile(test_parts::example_profiles() / "small_printer.ini").value();
    const SlicedFile prusa = sliced(task);
    std::cout << "CuraEngine " << cura.seconds << " s, " << cura.grams << " g; PrusaSlicer "
              << prusa.seconds << " s, " << prusa.grams << " g\n";
    CHECK(cura.grams == Approx(prusa.grams).epsilon(0.15));
    CHECK(static_cast<double>(cura.seconds) ==
          Approx(static_cast<double>(prusa.seconds)).epsilon(0.35));
}

TEST_CASE("the simulated time agrees with CuraEngine's estimate") {
    if (engine_missing()) return;
    const auto part = GENERATE(box(20, 20, 20), box(100, 20, 10));
    const test::ScratchDirectory scratch;
    const SlicedFile file = sliced(cura_task(scratch, part));
    const auto run = plan_run(text_of(file.file));
    REQUIRE(run);
    const double ratio = run->motion_s / static_cast<double>(file.seconds);
    std::cout << "simulated " << run->motion_s << " s, CuraEngine " << file.seconds << " s, ratio "
              << ratio << "\n";
    CHECK(ratio > 0.9);
    CHECK(ratio < 1.1);
}

TEST_CASE("temperatures and density of the loaded material replace those of CuraEngine's profile") {
    if (engine_missing()) return;
    const test::ScratchDirectory scratch;
    SlicingTask task = cura_task(scratch, box(10, 10, 2));
    task.nozzle_c = 235;
    task.bed_c = 80;
    task.density_g_cm3 = 2.48;
    const SlicedFile file = sliced(task);
    CHECK(file.facts.nozzle_c_max == 235);
    CHECK(file.facts.bed_c_max == 80);
    CHECK(file.grams == Approx(file.filament_mm * 2.405 * 2.48 / 1000).epsilon(0.05));
}

// What a profile may switch on must find all the settings it needs in the table.
TEST_CASE("CuraEngine has all settings of its other ways to print") {
    if (engine_missing()) return;
    const auto [name, said] = GENERATE(table<std::string, CuraSettings>(
        {{"brim", {{"adhesion_type", "brim"}}},
         {"raft", {{"adhesion_type", "raft"}, {"machine_end_gcode", "M104 S0\nM140 S0\n"}}},
         {"tree", {{"support_structure", "tree"}}},
         {"interface",
          {{"support_roof_enable", "true"},
           {"support_bottom_enable", "true"},
           {"support_brim_enable", "true"}}},
         {"gyroid", {{"infill_pattern", "gyroid"}, {"gradual_infill_steps", "2"}}},
         {"lightning", {{"infill_pattern", "lightning"}}},
         {"cubic", {{"infill_pattern", "cubicsubdiv"}}},
         {"ironing", {{"ironing_enabled", "true"}, {"roofing_layer_count", "1"}}},
         {"bridges", {{"bridge_settings_enabled", "true"}}},
         {"hop", {{"retraction_hop_enabled", "true"}, {"relative_extrusion", "true"}}},
         {"accelerations", {{"acceleration_enabled", "true"}, {"jerk_enabled", "true"}}},
         {"adaptive", {{"adaptive_layer_height_enabled", "true"}}},
         {"shields", {{"draft_shield_enabled", "true"}}},
         {"spiral", {{"magic_spiralize", "true"}}},
         {"conical", {{"support_conical_enabled", "true"}, {"coasting_enable", "true"}}},
         {"fuzzy", {{"magic_fuzzy_skin_enabled", "true"}}}}));
    CAPTURE(name);
    const test::ScratchDirectory scratch;
    // A table: its top hangs over on both sides.
    geometry::Mesh part = box(6, 20, 6);
    const geometry::Mesh top = box(20, 20, 2);
    for (geometry::Vec3 vertex : top.vertices)
        part.vertices.push_back({vertex.x - 7, vertex.y, vertex.z + 6});
    for (auto triangle : top.triangles)
        part.triangles.push_back({triangle[0] + 8, triangle[1] + 8, triangle[2] + 8});
    SlicingTask task = cura_task(scratch, std::move(part));
    for (const auto& [setting, value] : said)
        task.profile.cura[setting] = value;
    CHECK(sliced(task).layers >= 20);
}

TEST_CASE("dangerous code in a profile of CuraEngine is stopped by the gate") {
    if (engine_missing()) return;
    const auto [code, part] = GENERATE(table<std::string, std::string>({
        {"G28\nM302 P1", "M302"},
        {"G28\nM104 S999", "999 C"},
        {"G28\nG1 X-20 F3000", "X -20 mm"},
        {"G28\nG10", "G10"},
        {"G92 X0 Y0 Z0", "G92"},
    }));
    const test::ScratchDirectory scratch;
    SlicingTask task = cura_task(scratch, box(10, 10, 2));
    task.profile.cura["machine_start_gcode"] = code;
    const auto file = slice(task);
    REQUIRE_FALSE(file);
    CHECK_THAT(file.error().message,
               Contains("not safe for this machine: line ") && Contains(part));
    CHECK_THAT(file.error().next, Contains("profile"));
}

TEST_CASE("a part that is thinner than a layer is told apart from a failure") {
    if (engine_missing()) return;
    const test::ScratchDirectory scratch;
    const auto file = slice(cura_task(scratch, box(10, 10, 0.02)));
    REQUIRE_FALSE(file);
    CHECK_THAT(file.error().message, Contains("CuraEngine found nothing to print in the part"));
}

// A program that stands in for the engine; $5 is the file to write. What it writes passes the gate.
const std::string head =
    "cat > \"$5\" <<'END'\n;FLAVOR:Marlin\n;TIME:6666\n;Filament used: 0m\n"
    "M140 S60\nM104 S210\nG28\nM109 S210\nG92 E0\n;LAYER:0\n"
    "G1 F1200 X10 Y10 Z0.2\nG1 X50 E2\nG1 X60 E3\nG1 F1500 E1\n";
const std::string tail = "M104 S0\nM140 S0\nM84\nEND\n";

struct Fake {
    explicit Fake(const std::string& commands) {
        task = cura_task(scratch, box(10, 10, 2));
        task.programs.cura_engine = test_parts::script(scratch, "engine.sh", commands);
    }
    Error failure() {
        const auto file = slice(task);
        REQUIRE_FALSE(file);
        return file.error();
    }

    test::ScratchDirectory scratch;
    SlicingTask task;
};

TEST_CASE("only what stands in the file counts, and not what an engine says") {
    Fake fake{head + ";TIME_ELAPSED:12.4\n;TIME_ELAPSED:61.7\n" + tail +
              "echo ';TIME:99'; echo 'Filament used: 9m' >&2"};
    const SlicedFile file = sliced(fake.task);
    CHECK(file.seconds == 62);
    CHECK(file.filament_mm == 3);  // What was drawn back at the end has left the spool.
    CHECK(file.layers == 1);
    CHECK(file.grams == Approx(3 * 2.4053 * 1.24 / 1000).epsilon(0.001));
}

TEST_CASE("a file without a time, or with one that cannot be, is refused") {
    const std::string times = GENERATE("",
                                       ";TIME_ELAPSED:\n",
                                       ";TIME_ELAPSED:soon\n",
                                       ";TIME_ELAPSED:nan\n",
                                       ";TIME_ELAPSED:-4\n",
                                       ";TIME_ELAPSED:1e9\n",
                                       ";TIME_ELAPSED:99999999\n",
                                       ";TIME_ELAPSED:60\n;TIME_ELAPSED:50\n");
    CAPTURE(times);
    Fake fake{head + times + tail};
    const Error error = fake.failure();
    CHECK(error.code == ErrorCode::invalid_file);
    CHECK_THAT(error.message, Contains("does not say how long it takes"));
}

TEST_CASE("an engine that writes nothing, or too little, is told apart") {
    SECTION("no file, though an older one is there") {
        Fake fake{"exit 0"};
        std::ofstream{fake.scratch / "part.gcode"} << "G21\n";
        CHECK_THAT(fake.failure().message, Contains("CuraEngine ended well but wrote no file"));
    }
    SECTION("an empty file") {
        Fake fake{": > \"$5\""};
        CHECK_THAT(fake.failure().message, Contains("wrote an empty file"));
    }
    SECTION("half a file: the heaters are on") {
        Fake fake{head + "END\n"};
        CHECK_THAT(fake.failure().message, Contains("heated to 210 C"));
    }
    SECTION("no layer") {
        Fake fake{"printf 'M104 S0\\n;TIME_ELAPSED:5\\n' > \"$5\""};
        CHECK_THAT(fake.failure().message, Contains("found nothing to print"));
    }
    SECTION("bytes that are no G-code") {
        Fake fake{"head -c 5000 /dev/zero > \"$5\""};
        CHECK_THAT(fake.failure().message, Contains("not safe for this machine: line 1"));
    }
}

TEST_CASE("an engine that fails, crashes, hangs or floods is told apart") {
    SECTION("fails, with its own word for it") {
        Fake fake{
            "echo '[ERROR] Failed to load model' >&2\n"
            "echo 'CuraEngine slice -v -s layer_height=\"0.2\" -s a=\"b\"' >&2\nexit 2"};
        const Error error = fake.failure();
        CHECK(error.code == ErrorCode::invalid_file);
        CHECK_THAT(error.message,
                   Contains("CuraEngine ended with exit code 2") &&
                       Contains("it said: [ERROR] Failed to load model"));
    }
    SECTION("fails in silence") {
        Fake fake{"exit 1"};
        CHECK_THAT(fake.failure().message, Contains("it gave no reason"));
    }
    SECTION("crashes with a file half written") {
        Fake fake{head + "END\nkill -SEGV $$"};
        CHECK_THAT(fake.failure().message, Contains("CuraEngine") && Contains("signal"));
    }
    SECTION("hangs") {
        Fake fake{"while :; do sleep 1; done"};
        fake.task.limits.wall_clock = Duration{300};
        CHECK(fake.failure().code == ErrorCode::timed_out);
    }
    SECTION("says more than anyone reads") {
        Fake fake{"yes 'all is well' | head -c 3000000\nyes 'or not' | head -c 3000000 >&2\n" +
                  head + ";TIME_ELAPSED:5\n" + tail};
        CHECK(sliced(fake.task).seconds == 5);
    }
    SECTION("writes without end") {
        Fake fake{"yes 'G1 X1' > \"$5\""};
        fake.task.machine.file_bytes = 100'000;
        const Error error = fake.failure();
        CHECK(error.code == ErrorCode::invalid_file);
        CHECK_THAT(error.message, Contains("CuraEngine"));
    }
}

TEST_CASE("an engine that is not installed is named, with its package") {
    const test::ScratchDirectory scratch;
    SlicingTask task = cura_task(scratch, box(10, 10, 2));
    task.programs.cura_engine = "/nowhere/CuraEngine";
    const auto file = slice(task);
    REQUIRE_FALSE(file);
    CHECK(file.error().code == ErrorCode::unavailable);
    CHECK_THAT(file.error().next, Contains("install the package cura-engine"));
}

}  // namespace
}  // namespace nearfab::agent
