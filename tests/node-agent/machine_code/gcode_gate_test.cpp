// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/gcode_gate.hpp"

#include "node-agent/machine_code/gcode_run.hpp"
#include "tests/node-agent/machine_code/sample_code.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace nearfab::agent {
namespace {

using sample::cool_down;
using sample::job;
using sample::small_machine;
using sample::warm_up;

std::string why_refused(const std::string& gcode, const MachineCodeLimits& limits) {
    const auto facts = check_marlin(gcode, limits);
    return facts ? std::string{} : facts.error().message;
}

TEST_CASE("a plain job passes and its facts are told") {
    const auto facts = check_marlin(job("G1 X10 Y20 Z0.3 F3000\nG1 X50 E5 F1200\nG1 E-2\nG1 Z12"),
                                    small_machine());
    REQUIRE(facts);
    CHECK(facts->nozzle_c_max == 210);
    CHECK(facts->bed_c_max == 60);
    CHECK(facts->filament_mm == Approx(3));
    CHECK(facts->commands == 15);
    CHECK(facts->lines == 15);
    CHECK(facts->travel.max.x == 50);
    CHECK(facts->travel.max.z == 12);
    CHECK(facts->travel.min.y == 0);
}

TEST_CASE("what slicers write is allowed") {
    const auto text = GENERATE(as<std::string>{},
                               "M73 P0 R16",
                               "M201 X1250 Y1250 Z400 E4000",
                               "M203 X180 Y180 Z12 E80",
                               "M204 P1250 R1250 T1250",
                               "M205 X8.00 Y8.00 Z2.00 E10.00",
                               "M205 S0 T0",
                               "M106 S127.5",
                               "M106 P1 S255",
                               "M107",
                               "G4 S60",
                               "G4 P500",
                               "G29",
                               "G28 X Y",
                               "G92 E0",
                               "M82\nM83",
                               "M105",
                               "M115 U3.11.0",
                               "M117 Layer 3/100, 15 %",
                               "M220 S100",
                               "M221 S95",
                               "M400",
                               "M572 D0 S0.05",
                               "M900 K0.2",
                               "M862.3 P \"MK3S\"",
                               "T0",
                               "M104 T0 S200",
                               "M109 R200",
                               "G1 X20 Y20\nG3 X30 Y30 I0 J10",
                               "G91\nG1 Z5\nG90");
    CAPTURE(text);
    CHECK(why_refused(job(text), small_machine()).empty());
}

TEST_CASE("the file is refused at the first line that is not on the list") {
    const auto [text, part] = GENERATE(table<std::string, std::string>({
        {"G20", "inches"},
        {"G53 X0", "not on the list"},
        {"G10 P1", "not on the list"},
        {"M0", "waits for a person"},
        {"M23", "files on the machine"},
        {"M28", "files on the machine"},
        {"M29", "files on the machine"},
        {"M30", "files on the machine"},
        {"M42 P4 S255", "pin"},
        {"M92 X1000", "steps"},
        {"M112", "emergency"},
        {"M118", "host"},
        {"M121", "end stops"},
        {"M141 S60", "chamber"},
        {"M206 Z-5", "home position"},
        {"M211 S0", "end stops"},
        {"M280 P0 S90", "servo"},
        {"M302 P1", "cold extrusion"},
        {"M303 E0 S200", "heaters"},
        {"M500", "saved settings"},
        {"M502", "saved settings"},
        {"M928", "files on the machine"},
        {"M997", "firmware"},
        {"M999", "restarts"},
        {"M420 S1", "not on the list"},
        {"G1.5 X1", "not on the list"},
        {"G92", "origin"},
        {"G92 X0", "origin"},
        {"G92 E0 Z0", "origin"},
        {"M600", "nobody is there"},
    }));
    CAPTURE(text);
    const std::string why = why_refused(job(text), small_machine());
    CHECK(why.find("line 8 `" + text + "`: ") == 0);
    CHECK(why.find(part) != std::string::npos);
}

TEST_CASE("values outside the machine's limits are refused with both numbers") {
    const auto [text, part] = GENERATE(table<std::string, std::string>({
        {"M104 S301", "301 C for the nozzle, and this machine allows 0 to 300"},
        {"M109 R999", "999 C"},
        {"M109 S-1", "-1 C"},
        {"M140 S121", "121 C for the bed, and this machine allows 0 to 120"},
        {"M190 R300", "300 C"},
        {"M104", "one temperature is needed"},
        {"M109 S200 R180", "one temperature is needed"},
        {"M104 S", "no number"},
        {"M104 T1 S200", "tool 1, and this machine has 1"},
        {"T1", "tool 1, and this machine has 1"},
        {"M106 S256", "0 to 255"},
        {"G4 S61", "61 s, and this machine allows 0 to 60"},
        {"G4 P60001", "60.001 s"},
        {"G4 S-1", "-1 s"},
        {"M201 X20001", "20001 mm/s2"},
        {"M203 Z1001", "1001 mm/s"},
        {"M205 X51", "51"},
        {"M220 S201", "201 %"},
        {"M220 S9", "9 %"},
        {"M221 S151", "151 %"},
        {"M900 K3", "0 to 2"},
        {"G1 X1 F60001", "60001 mm/min"},
        {"G1 X1 F0", "0 mm/min"},
        {"G1 E100.5", "100.5 mm of filament, and this machine allows 100"},
        {"G1 E-101", "-101 mm of filament"},
        {"G1 X1 I5", "may not have the word I"},
        {"G2 X10 Y10 R5", "may not have the word R"},
        {"G2 X10 Y0 I1 J0", "off its circle"},
        {"G3", "off its circle"},
        {"M117 \"", "'\"'"},
        {"M117 a*5", "'*'"},
        {"M862.3 P {x}", "'{'"},
    }));
    CAPTURE(text);
    const std::string why = why_refused(job(text), small_machine());
    CHECK(why.find("line 8 `" + text + "`: ") == 0);
    CHECK(why.find(part) != std::string::npos);
}

TEST_CASE("the tool never leaves the envelope") {
    const auto [text, part] = GENERATE(table<std::string, std::string>({
        {"G1 X180.001", "X 180.001 mm, outside the envelope 0 to 180"},
        {"G1 Y-0.001", "Y -0.001 mm"},
        {"G1 Z181", "Z 181 mm"},
        {"G91\nG1 X170\nG1 X170", "X 340 mm"},
        {"G1 X175 Y90\nG2 X175 Y70 I0 J-10", "X 185 mm"},
    }));
    CAPTURE(text);
    CHECK(why_refused(job(text), small_machine()).find(part) != std::string::npos);
    CHECK(why_refused(job("G1 X180 Y180 Z180\nG1 X0 Y0 Z0"), small_machine()).empty());
}

TEST_CASE("a bed whose origin is in its middle is an envelope like any other") {
    MachineCodeLimits delta = small_machine();
    delta.origin_mm = {-90, -90, 0};
    delta.home_mm = {0, 0, 250};  // Above the envelope: coming down from there is fine.
    CHECK(why_refused(job("G1 X-90 Y90\nG1 Z5"), delta).empty());
    CHECK(why_refused(job("G1 X91"), delta).find("-90 to 90") != std::string::npos);
    CHECK_FALSE(why_refused(job("G1 Z5\nG1 Z250"), delta).empty());
}

TEST_CASE("nothing moves before homing or after the motors are off") {
    CHECK(why_refused("G21\nG1 X5\n", small_machine()).find("before it was homed") !=
          std::string::npos);
    CHECK(why_refused("G28 X\nG1 X5\nG1 Y5\n", small_machine()).find("Y moves before") !=
          std::string::npos);
    CHECK(why_refused("G29\n", small_machine()).find("before homing") != std::string::npos);
    CHECK(why_refused(job("M84\nG1 X5"), small_machine()).find("motors") != std::string::npos);
    CHECK(why_refused(job("M18\nG28"), small_machine()).find("motors") != std::string::npos);
}

TEST_CASE("filament is never pushed through a cold nozzle") {
    CHECK(why_refused("G28\nG1 E1\n", small_machine()).find("0 C, below the 170 C") !=
          std::string::npos);
    CHECK(why_refused("G28\nG91\nG1 E-1\n", small_machine()).find("cold nozzle") !=
          std::string::npos);
    CHECK(why_refused(job("M104 S0\nG1 E-2"), small_machine()).empty());
    CHECK_FALSE(why_refused(job("M104 S0\nG1 E2"), small_machine()).empty());
}

TEST_CASE("the heaters are off at the end") {
    CHECK(why_refused(warm_up + "M140 S0\nM84\n", small_machine())
              .find("ends with nozzle 0 heated to 210 C") != std::string::npos);
    CHECK(why_refused(warm_up + "M104 S0\nM84\n", small_machine())
              .find("ends with the bed heated to 60 C") != std::string::npos);
    MachineCodeLimits two = small_machine();
    two.tools = 2;
    CHECK(why_refused(job("M104 T1 S200"), two).find("nozzle 1") != std::string::npos);
    CHECK(why_refused(job("T1\nM104 S200\nM104 S0\nT0"), two).empty());
}

TEST_CASE("a filament change waits for a person only when there is one") {
    MachineCodeLimits attended = small_machine();
    attended.operator_present = true;
    CHECK(why_refused(job("M600"), attended).empty());
}

TEST_CASE("an empty file and a file over the limit are no jobs") {
    CHECK(why_refused("; nothing\n", small_machine()).find("no command") != std::string::npos);
    MachineCodeLimits tiny = small_machine();
    tiny.file_bytes = 10;
    const auto facts = check_marlin(job(""), tiny);
    REQUIRE_FALSE(facts);
    CHECK(facts.error().code == ErrorCode::too_large);
}

TEST_CASE("more filament than a machine can hold is refused") {
    MachineCodeLimits little = small_machine();
    little.filament_mm = 150;
    CHECK(why_refused(job("G1 E80\nG1 E80"), little).find("more than 150 mm") != std::string::npos);
}

TEST_CASE("damaged code is refused or still within every limit") {
    const std::string good = job("G1 X10 Y20 Z0.3 F3000\nG91\nG2 X5 I2.5 E1\nM204 P900\nM117 hi");
    const std::string_view alphabet = "GMTXYZEFSIJ0123456789.-+ \n;*{}\r\x80";
    std::mt19937 random{20'251'121};
    int passed = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string damaged = good;
        for (std::uint32_t edit = 0; edit <= random() % 3; ++edit) {
            damaged[random() % damaged.size()] = alphabet[random() % alphabet.size()];
        }
        const auto facts = check_marlin(damaged, small_machine());
        if (facts) {
            ++passed;
            CHECK(facts->nozzle_c_max <= 300);
            CHECK(facts->bed_c_max <= 120);
            CHECK(facts->travel.min.x >= -1e-6);
            CHECK(facts->travel.max.x <= 180 + 1e-6);
        }
        (void)plan_run(damaged);
    }
    CHECK(passed > 100);
}

}  // namespace
}  // namespace nearfab::agent
