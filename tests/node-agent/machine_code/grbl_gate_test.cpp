// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/grbl_gate.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace nearfab::agent {
namespace {

const std::string head = "G21\nG90\nG94\nG17\nG54\nM5\n";
const std::string laser_head = head + "M4 S0\nG0 X10 Y10\n";
const std::string laser_tail = "M5\nG0 X0 Y0 S0\nM2\n";
const std::string mill_head = head + "G0 Z5\nM3 S12000\nG4 P4\nG0 X10 Y10\n";
const std::string mill_tail = "G0 Z5\nM5\nG0 X0 Y0\nM2\n";

CutterLimits laser() {
    CutterLimits limits;
    limits.area_mm = {300, 200};
    return limits;
}

CutterLimits mill() {
    CutterLimits limits;
    limits.kind = CutterKind::mill;
    limits.area_mm = {300, 200};
    limits.s_min = 5000;
    limits.s_max = 24'000;
    limits.depth_mm = 6.5;
    return limits;
}

std::string why_laser(const std::string& middle) {
    const auto checked = check_grbl(laser_head + middle + laser_tail, laser());
    return checked ? "" : checked.error().message;
}

std::string why_mill(const std::string& middle) {
    const auto checked = check_grbl(mill_head + middle + mill_tail, mill());
    return checked ? "" : checked.error().message;
}

bool says(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

TEST_CASE("a plain cut passes, and its facts are true", "[grbl_gate]") {
    const auto checked = check_grbl(
        laser_head + "G1 X50 F600 S800\nG3 X50 Y50 I0 J20\nG0 X5 Y5 S0\n" + laser_tail, laser());
    REQUIRE(checked);
    CHECK(checked->cuts);
    CHECK(checked->s_max == 800);
    CHECK(checked->feed_mm_min == 600);
    // The arc bulges to the right by its radius.
    CHECK(checked->travel.max.x == Approx(70));
    CHECK(why_mill("G1 Z-6 F200\nG1 X100 F800\n").empty());
}

TEST_CASE("one word outside the list refuses the file and names the line", "[grbl_gate]") {
    for (const char* word : {"G91",      "G20",      "G92 X0",    "G10 L2 P1 X0",
                             "G28",      "G53",      "M3 S100",   "M6",
                             "M0",       "M1",       "M30",       "G55",
                             "T1",       "M7",       "G38.2 Z-1", "G2.1 X1 Y1 I1 J1",
                             "G80",      "G43.1 Z1", "M62",       "G1 X1 A2",
                             "G1 X1 E2", "G4 S1"}) {
        const std::string why = why_laser(std::string{word} + "\n");
        INFO(word);
        CHECK(says(why, "line 9"));
    }
}

TEST_CASE("real-time bytes and anything unprintable are refused, wherever they stand",
          "[grbl_gate]") {
    for (const std::string bad : {"?",
                                  "!",
                                  "~",
                                  "\x18",
                                  "\x80",
                                  "\xA0",
                                  "\x9E",
                                  "\r",
                                  "\t",
                                  ";",
                                  "(",
                                  "%",
                                  "$",
                                  "x",
                                  "[",
                                  "\x7F"}) {
        CHECK(says(why_laser("G1 X20 F100 S1" + bad + "\n"), "line 9"));
    }
    CHECK(says(why_laser("G1 X20 F100 S1~\n"), "real-time"));
    CHECK(says(why_laser(std::string{"G1 X20\0 F100", 12} + "\n"), "line 9"));
}

TEST_CASE("a line of 79 bytes is held by GRBL, one of 80 is not", "[grbl_gate]") {
    const auto line = [](std::size_t bytes) {
        std::string text = "G1 X20 Y20 F100 S1 ";
        return text + std::string(bytes - text.size(), ' ') + "\n";
    };
    CHECK(why_laser(line(79)).empty());
    CHECK(says(why_laser(line(80)), "holds 79"));
    CHECK(says(why_laser("\n"), "empty"));
}

TEST_CASE("positions stay in the work area, arcs by their true extent", "[grbl_gate]") {
    CHECK(says(why_laser("G1 X301 F100 S1\n"), "X 301 mm, outside 0 to 300"));
    CHECK(says(why_laser("G1 Y-0.01 F100 S1\n"), "Y -0.01"));
    // Both ends inside; the arc below goes to y = -10.
    CHECK(says(why_laser("G3 X50 Y10 I20 J0 F100 S1\n"), "Y -10"));
    CHECK(says(why_mill("G1 Z-6.6 F100\n"), "Z -6.6"));
    CHECK(says(why_mill("G0 Z5.1\n"), "Z 5.1"));
}

TEST_CASE("feeds and powers stay within the machine's", "[grbl_gate]") {
    CHECK(says(why_laser("G1 X20 F3001 S1\n"), "F is 3001"));
    CHECK(says(why_laser("G1 X20 F0 S1\n"), "F is 0"));
    CHECK(says(why_laser("G1 X20 S1\n"), "before any feed"));
    CHECK(says(why_laser("G1 X20 F100 S1001\n"), "S is 1001"));
    CHECK(says(why_laser("G1 X20 F100 S-1\n"), "S is -1"));
    CHECK(says(why_laser("G4 P11\n"), "P10"));
}

TEST_CASE("a beam never travels, waits or stands switched on", "[grbl_gate]") {
    CHECK(says(why_laser("G1 X20 F100 S500\nG0 X30\n"), "travel (G0) with the beam"));
    CHECK(says(why_laser("G1 X20 F100 S500\nG4 P1\n"), "wait with the beam"));
    CHECK(says(why_laser("M4 S500\n"), "standing"));
    CHECK(says(why_laser("G1 Z1 F100\n"), "no Z"));
    CHECK(says(why_laser("M3 S1\n"), "lasers use M4"));
}

TEST_CASE("a mill goes into the material with its spindle running, and at feed", "[grbl_gate]") {
    CHECK(says(why_mill("G0 Z-1\n"), "rapid move (G0)"));
    CHECK(says(why_mill("G1 Z-1 F100\nG0 X20\n"), "rapid move (G0)"));
    CHECK(says(why_mill("M5\nG1 Z-1 F100\n"), "before the spindle runs"));
    CHECK(says(why_mill("M5\nM3 S12000\nG1 Z-1 F100\n"), "before the spindle runs"));
    CHECK(says(why_mill("M5\nM3 S4000\n"), "slowest"));
    CHECK(says(why_mill("G1 X20 F100 S0\n"), "slowest"));
    CHECK(says(why_mill("M4 S12000\n"), "backwards"));
    CHECK(says(why_mill("G1 Z-1 F100\nM5\n"), "while the tool is in the material"));
    CHECK(why_mill("G1 Z-1 F100\nG1 X20\nG0 Z5\n").empty());
}

TEST_CASE("nobody knows where the machine stands before the first full place", "[grbl_gate]") {
    CHECK(says(check_grbl(head + "M4 S0\nG0 X10\n" + laser_tail, laser()).error().message,
               "stand anywhere"));
    CHECK(
        says(check_grbl(head + "M4 S0\nG1 X10 Y10 F100 S1\n" + laser_tail, laser()).error().message,
             "stand anywhere"));
    CHECK(says(check_grbl(head + "G0 X1 Y1\n" + mill_tail, mill()).error().message,
               "before Z is at its safe height"));
    CHECK(says(check_grbl("G21\nG90\nG94\nM4 S0\nG0 X1 Y1\n", laser()).error().message,
               "before G21, G90, G94 and G17"));
}

TEST_CASE("arcs that GRBL would refuse or misread are refused before", "[grbl_gate]") {
    CHECK(says(why_laser("G2 X20 Y10 I5.01 J0 F100 S1\n"), "off its circle"));
    CHECK(says(why_laser("G2 X10 Y10 I5 J0 F100 S1\n"), "full circle"));
    CHECK(says(why_laser("G2 X20 Y10 F100 S1\n"), "needs I and J"));
    CHECK(says(why_laser("G2 X20 Y10 R5 F100 S1\n"), "may not have the word R"));
}

TEST_CASE("a program ends off, high, with M2, and with nothing after it", "[grbl_gate]") {
    const auto whole = [](const std::string& code) {
        const auto checked = check_grbl(code, laser());
        return checked ? std::string{} : checked.error().message;
    };
    CHECK(says(whole(laser_head + "G1 X20 F100 S1\n"), "does not end with M2"));
    CHECK(says(whole(laser_head + "M2\n"), "armed"));
    CHECK(says(whole(laser_head + laser_tail + "G0 X1\n"), "after the program's end"));
    CHECK(says(whole(""), "does not end with M2"));
    const auto low = check_grbl(mill_head + "G1 Z-1 F100\nG0 Z4\nM5\nM2\n", mill());
    CHECK(says(low.error().message, "below the safe height"));
    CHECK(check_grbl(std::string(100, 'G'), laser()).error().code == ErrorCode::invalid_file);
    CutterLimits small = laser();
    small.file_bytes = 10;
    CHECK(check_grbl(laser_head, small).error().code == ErrorCode::too_large);
}

}  // namespace
}  // namespace nearfab::agent
