// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/grbl_text.hpp"

#include "tests/toolpath/sample_sheets.hpp"

#include <catch2/catch.hpp>

#include <sstream>
#include <string>

namespace nearfab::toolpath {
namespace {

Toolpath laser_path(std::vector<Move> moves) {
    Toolpath path;
    path.s_full = 1000;
    path.moves = std::move(moves);
    return path;
}

TEST_CASE("a laser's program, line by line", "[grbl_text]") {
    Toolpath path = laser_path({{MoveKind::travel, {10, 20, 0}, 0, 0, 0},
                                {MoveKind::cut, {30, 20, 0}, 0, 600, 0.8},
                                {MoveKind::cut, {30, 40, 0}, 1, 600, 0.8},
                                {MoveKind::cut, {10.1234, 40, 0}, 0, 600, 0},
                                {MoveKind::travel, {0, 0, 0}, 0, 0, 0}});
    path.assist = true;
    CHECK(grbl_text(path) ==
          "G21\nG90\nG94\nG17\nG54\nM5\nM8\nM4 S0\n"
          "G0 X10 Y20\nG1 X30 F600 S800\nG3 Y40 I0 J10\nG1 X10.123 S0\nG0 X0 Y0\n"
          "M5\nM9\nG0 X0 Y0\nM2\n");
}

TEST_CASE("a mill rises first, spins up, and ends at its safe height", "[grbl_text]") {
    Toolpath path;
    path.kind = MachineKind::mill;
    path.start = {0, 0, 5};
    path.s_full = 12'000;
    path.spin_up_s = 4;
    path.moves = {{MoveKind::travel, {10, 0, 5}, 0, 0, 0},
                  {MoveKind::plunge, {10, 0, -1}, 0, 200, 0},
                  {MoveKind::travel, {10, 0, 5}, 0, 0, 0}};
    CHECK(grbl_text(path) ==
          "G21\nG90\nG94\nG17\nG54\nM5\nG0 Z5\nM3 S12000\nG4 P4\n"
          "G0 X10 Y0\nG1 Z-1 F200\nG0 Z5\nM5\nG0 X0 Y0\nM2\n");
}

TEST_CASE("arcs too short or too flat to survive rounding are lines", "[grbl_text]") {
    const std::string text = grbl_text(laser_path({{MoveKind::travel, {10, 10, 0}, 0, 0, 0},
                                                   {MoveKind::cut, {10.03, 10, 0}, 1, 600, 1},
                                                   {MoveKind::cut, {12, 10, 0}, 0.001, 600, 1}}));
    CHECK(text.find("G3") == std::string::npos);
    CHECK(text.find("G1 X12") != std::string::npos);
}

TEST_CASE("steps that vanish in rounding are not written", "[grbl_text]") {
    const std::string text = grbl_text(laser_path({{MoveKind::travel, {10, 10, 0}, 0, 0, 0},
                                                   {MoveKind::cut, {10.0003, 10, 0}, 0, 600, 1},
                                                   {MoveKind::cut, {-0.0001, 10, 0}, 0, 600, 1}}));
    CHECK(text.find("G1 X10") == std::string::npos);
    CHECK(text.find("G1 X0 ") != std::string::npos);
    CHECK(text.find("-0") == std::string::npos);
}

TEST_CASE("no line is longer than GRBL's buffer, whatever the plan", "[grbl_text]") {
    auto plan = plan_mill(sample::cuts({sample::star(3, {100, 100}, 60, 90, 11)}), sample::mill());
    REQUIRE(plan);
    std::istringstream lines{grbl_text(plan->path)};
    for (std::string line; std::getline(lines, line);)
        CHECK(line.size() <= 79);
}

}  // namespace
}  // namespace nearfab::toolpath
