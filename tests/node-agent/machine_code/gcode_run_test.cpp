// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/gcode_run.hpp"

#include "tests/node-agent/machine_code/sample_code.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

namespace nearfab::agent {
namespace {

// Round numbers: 1000 mm/s2, no jerk allowed, 100 mm/s at most.
MachineDynamics textbook() {
    MachineDynamics machine;
    machine.print_acceleration_mm_s2 = 1000;
    machine.travel_acceleration_mm_s2 = 1000;
    machine.retract_acceleration_mm_s2 = 1000;
    machine.acceleration_mm_s2 = {1000, 1000, 1000, 1000};
    machine.feed_mm_s = {100, 100, 100, 100};
    machine.jerk_mm_s = {1e-9, 1e-9, 1e-9, 1e-9};
    return machine;
}

MachineRun run_of(std::string_view gcode, const MachineDynamics& machine) {
    auto run = plan_run(gcode, machine);
    REQUIRE(run);
    return std::move(*run);
}

TEST_CASE("a single move is a trapezoid") {
    // 100 mm/s after 0.1 s and 5 mm; 90 mm at full speed; 0.1 s to stop.
    CHECK(run_of("G1 X100 F6000\n", textbook()).total_s == Approx(0.1 + 0.9 + 0.1));
    // 2.5 mm never reaches full speed: up and down in 0.05 s each.
    CHECK(run_of("G1 X2.5 F6000\n", textbook()).total_s == Approx(0.1));
    // The machine is slower than the code wants.
    CHECK(run_of("G1 X100 F60000\n", textbook()).total_s == Approx(1.1));
}

TEST_CASE("moves in one line run as one, and a reversal stops in between") {
    std::string chain;
    for (int i = 1; i <= 100; ++i) {
        chain += "G1 X" + std::to_string(i) + " F6000\n";
    }
    CHECK(run_of(chain, textbook()).total_s == Approx(1.1));
    CHECK(run_of("G1 X100 F6000\nG1 X0\n", textbook()).total_s == Approx(2.2));
}

TEST_CASE("a corner within the jerk is not slowed down for") {
    MachineDynamics machine = textbook();
    machine.jerk_mm_s = {200, 200, 200, 200};
    CHECK(run_of("G1 X100 F6000\nG1 Y100\n", machine).total_s == Approx(2.0));
}

TEST_CASE("limits in the code count from there on") {
    CHECK(run_of("M203 X50\nG1 X100 F6000\n", textbook()).total_s == Approx(2.05));
    CHECK(run_of("M204 P500 T500\nG1 X100 F6000\n", textbook()).total_s == Approx(1.2));
    CHECK(run_of("M205 X100\nG1 X100 F6000\n", textbook()).total_s == Approx(1.0));
    CHECK(run_of("M201 X500\nG1 X100 F6000\n", textbook()).total_s == Approx(1.2));
}

TEST_CASE("waiting, homing and heating take their time") {
    MachineDynamics machine = textbook();
    machine.ambient_c = 20;
    machine.nozzle_heating_c_s = 2;
    machine.bed_heating_c_s = 0.5;
    machine.homing_s = 15;
    CHECK(run_of("G4 S3\nG4 P500\n", machine).total_s == Approx(3.5));
    CHECK(run_of("G28\n", machine).total_s == 15);
    CHECK(run_of("M109 S220\n", machine).total_s == Approx(100));
    // The bed warms while the nozzle is waited for: (80 - 20) / 0.5 = 120 s in all.
    CHECK(run_of("M140 S80\nM109 S220\nM190 S80\n", machine).total_s == Approx(120));
    CHECK(run_of("M109 S220\nM109 S200\nM104 S0\n", machine).total_s == Approx(100));
}

TEST_CASE("the line and the progress at any time are found") {
    MachineDynamics machine = textbook();
    machine.homing_s = 10;
    const MachineRun run = run_of("; head\nG28\nG4 S10\n; note\nG4 S20\n", machine);
    CHECK(run.total_s == 40);
    CHECK(run.lines == 5);
    CHECK(run.at(-1).line == 2);
    CHECK(run.at(0).line == 2);
    CHECK(run.at(9.9).phase == RunPhase::homing);
    CHECK(run.at(10).line == 3);
    CHECK(run.at(30).line == 5);
    CHECK(run.at(30).progress == Approx(0.75));
    CHECK(run.at(40).line == 5);
    CHECK(run.at(1000).progress == 1);
    CHECK(std::is_sorted(run.steps.begin(),
                         run.steps.end(),
                         [](const RunStep& a, const RunStep& b) { return a.end_s < b.end_s; }));
}

TEST_CASE("code that takes no time is over at once") {
    const MachineRun run = run_of("G21\nG90\n", textbook());
    CHECK(run.total_s == 0);
    CHECK(run.at(0).progress == 1);
}

TEST_CASE("filament counts what is pushed less what is drawn back") {
    CHECK(run_of("M83\nG1 X10 E2\nG1 E-0.5\n", textbook()).filament_mm == Approx(1.5));
}

TEST_CASE("strange but readable code never gives a time that is not a number") {
    const auto text = GENERATE(as<std::string>{},
                               "G1 X1 F0",
                               "G1 X1 F-5",
                               "M203 X0 Y0 Z0 E0\nG1 X1 E1",
                               "M201 X0\nM204 S0 P0\nG1 X1",
                               "M205 X0 Y0\nG1 X1\nG1 Y1",
                               "G2 X1 Y1 R5",
                               "G2",
                               "G1 X99999999 F1",
                               "G4 S-5",
                               "T3");
    CAPTURE(text);
    const MachineRun run = run_of(text, MachineDynamics{});
    CHECK(std::isfinite(run.total_s));
    CHECK(run.total_s >= 0);
}

TEST_CASE("a line that cannot be read is an error") {
    const auto run = plan_run("G21\nM104 S{x}\n");
    REQUIRE_FALSE(run);
    CHECK(run.error().message.find("line 2") == 0);
}

}  // namespace
}  // namespace nearfab::agent
