// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/grbl_run.hpp"

#include "node-agent/machine_code/grbl_gate.hpp"
#include "tests/toolpath/sample_sheets.hpp"
#include "toolpath/grbl_text.hpp"
#include "toolpath/motion_time.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace nearfab::agent {
namespace {

namespace tp = nearfab::toolpath;

const GrblDynamics machine{{{6000, 6000, 600}, {400, 400, 50}, 0.01}, 0.002, 15};

double seconds(const std::string& code, const GrblDynamics& dynamics = machine) {
    const auto run = plan_grbl_run(code, dynamics);
    REQUIRE(run);
    return run->total_s;
}

// What a real GRBL 1.1h took on a simulated AVR with the same settings.
TEST_CASE("the run takes what a real GRBL took", "[grbl_run]") {
    CHECK(seconds("G21\nG90\nG1 X40 F1500\nG1 Y40\nG1 X0\nG1 Y0\n") == Approx(6.67).epsilon(0.03));
    std::string zigzag = "G21\nG90\n";
    for (int i = 1; i <= 80; ++i)
        zigzag += "G1 X" + std::to_string(i) + " Y" + std::to_string(i % 2) + " F3000\n";
    CHECK(seconds(zigzag) > 5);
}

TEST_CASE("waits count, and stop the machine", "[grbl_run]") {
    const double through = seconds("G1 X50 F6000\nG1 X100\n");
    const double stopped = seconds("G1 X50 F6000\nG4 P2\nG1 X100\n");
    CHECK(stopped == Approx(through + 2 + 0.25).epsilon(0.01));
    CHECK(seconds("G1 X50 F6000\nM5\nG1 X100\n") == Approx(through + 0.25).epsilon(0.01));
}

TEST_CASE("looking ahead less takes longer on many short moves", "[grbl_run]") {
    std::string circle = "G0 X20 Y0\n";
    for (int i = 1; i <= 200; ++i) {
        const double angle = 2 * std::numbers::pi * i / 200;
        circle += "G1 X" + std::to_string(20 * std::cos(angle)) + " Y" +
                  std::to_string(20 * std::sin(angle)) + " F6000\n";
    }
    GrblDynamics far = machine;
    far.look_ahead = 100'000;
    CHECK(seconds(circle) > 1.02 * seconds(circle, far));
}

TEST_CASE("an arc takes at least what its length takes at its feed", "[grbl_run]") {
    const double mm = std::numbers::pi * 20;
    const double s = seconds("G1 X0.001 F1200\nG3 X0 Y40 I0 J20 F1200\n");
    CHECK(s > mm / 20);
    CHECK(s < 1.1 * mm / 20);
}

TEST_CASE("where the machine is, is found by the time", "[grbl_run]") {
    const auto run = plan_grbl_run("G1 X100 F600\nG1 Y100\n", machine);
    REQUIRE(run);
    CHECK(run->at(1).line == 1);
    CHECK(run->at(run->total_s - 1).line == 2);
}

// The written program passes the gate, and the planner knew how long it would take.
TEST_CASE("plans of random parts pass the gate, and their times hold", "[grbl_run]") {
    std::vector<double> off;
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
        const tp::Outlines work = tp::sample::cuts(
            {tp::sample::star(seed, {100, 100}, 60, 90, 8 + static_cast<int>(seed)),
             tp::sample::disc(100, 100, 5 + static_cast<double>(seed))});
        const bool milled = seed % 2 == 1;
        const auto plan = milled ? tp::plan_mill(work, tp::sample::mill())
                                 : tp::plan_laser(work, tp::sample::laser());
        if (!plan) continue;
        const std::string code = tp::grbl_text(plan->path);
        CutterLimits limits;
        limits.kind = milled ? CutterKind::mill : CutterKind::laser;
        limits.area_mm = {300, 200};
        limits.s_max = milled ? 24'000 : 1000;
        limits.depth_mm = 6.3;
        const auto checked = check_grbl(code, limits);
        if (!checked) FAIL(checked.error().message);
        CHECK(checked->cuts);
        const auto run = plan_grbl_run(
            code, {milled ? tp::sample::mill().motion : tp::sample::laser().motion, 0.002, 15});
        REQUIRE(run);
        off.push_back(std::abs(plan->facts.time_s / run->total_s - 1));
    }
    REQUIRE(off.size() > 10);
    std::sort(off.begin(), off.end());
    CHECK(off[off.size() / 2] < 0.1);
    CHECK(off.back() < 0.25);
}

}  // namespace
}  // namespace nearfab::agent
