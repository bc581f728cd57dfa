// SPDX-License-Identifier: GPL-3.0-or-later
// Estimates: what must hold whatever the factors are, and parts a slicer was asked about.

#include "geometry/process/estimate.hpp"

#include "tests/geometry/process/process_parts.hpp"

#include <catch2/catch.hpp>

#include <cmath>

namespace nearfab::geometry {
namespace {

using namespace sample;

const ProcessLimits& limits_for(std::string_view process) {
    const ProcessLimits* found = find_limits(builtin_limits(), process);
    REQUIRE(found != nullptr);
    return *found;
}

Estimate printed(const Mesh& mesh, const PrintSettings& settings = {}) {
    return estimate_filament(print_work_of(mesh, {0, 0, 1}, settings), settings);
}

TEST_CASE("a cube costs what PrusaSlicer says, within the error that is promised") {
    // 20 mm, examples/profiles/small_printer.ini: 970 s and 2.97 cm3.
    const Estimate e = printed(mesh_of(cube(20)));
    CHECK(e.time_s == Approx(970).epsilon(0.15));
    CHECK(e.material_mm3 == Approx(2970).epsilon(0.1));
    CHECK(e.mass_g == Approx(e.material_mm3 * 1.24e-3));
    CHECK(e.measured);
    // 60 x 40 x 3: 1284 s and 4.39 cm3.
    const Estimate plate = printed(mesh_of(box({0, 0, 0}, {60, 40, 3})));
    CHECK(plate.time_s == Approx(1284).epsilon(0.15));
    CHECK(plate.material_mm3 == Approx(4390).epsilon(0.1));
}

TEST_CASE("more infill, more walls and finer layers cost more") {
    const Mesh part = mesh_of(box({0, 0, 0}, {40, 30, 20}));
    const Estimate usual = printed(part);
    PrintSettings more;
    more.infill = 0.4;
    CHECK(printed(part, more).material_mm3 > 1.3 * usual.material_mm3);
    CHECK(printed(part, more).time_s > usual.time_s);
    PrintSettings walls;
    walls.perimeters = 4;
    CHECK(printed(part, walls).material_mm3 > usual.material_mm3);
    PrintSettings fine;
    fine.layer_mm = 0.1;
    CHECK(printed(part, fine).time_s > 1.6 * usual.time_s);
    // Solid through and through: the plastic is the part.
    PrintSettings full;
    full.infill = 1;
    full.skirt_distance_mm = -1;
    CHECK(printed(part, full).material_mm3 == Approx(24'000).epsilon(0.12));
}

TEST_CASE("support is paid for, unless the part is turned so that it needs none") {
    const Mesh tee = blocks({-25, -5, 5, 25}, {0, 20}, {0, 30, 35}, [](const Vec3& p) {
        return p.z > 30 || std::abs(p.x) < 5;
    });
    const PrintSettings s;
    const Estimate up = estimate_filament(print_work_of(tee, {0, 0, 1}, s), s);
    const Estimate down = estimate_filament(print_work_of(tee, {0, 0, -1}, s), s);
    CHECK(up.material_mm3 > 1.3 * down.material_mm3);
    CHECK(up.time_s > 1.2 * down.time_s);
    PrintSettings none = s;
    none.support = false;
    CHECK(estimate_filament(print_work_of(tee, {0, 0, 1}, none), none).material_mm3 ==
          Approx(down.material_mm3).epsilon(0.1));
}

TEST_CASE("a move is never faster than its speed and costs its ramps once") {
    const PrintSettings s;
    CHECK(move_time_s(100, 50, s) > 2);
    CHECK(move_time_s(100, 50, s) == Approx(2 + 42.0 * 42 / (1250 * 50)));
    CHECK(move_time_s(0, 50, s) == 0);
    // Continuous where a move gets too short to reach its speed.
    const double ramps = (50.0 * 50 - 8 * 8) / 1250;
    CHECK(move_time_s(ramps - 1e-9, 50, s) == Approx(move_time_s(ramps + 1e-9, 50, s)));
}

TEST_CASE("a resin print takes as long as it is high, a mill as long as it removes") {
    const std::optional<Estimate> low = estimate_by_height(limits_for("sla"), 10, 5000, 0, 1.1);
    const std::optional<Estimate> high = estimate_by_height(limits_for("sla"), 30, 5000, 0, 1.1);
    REQUIRE((low && high));
    CHECK(high->time_s == Approx(3 * low->time_s));
    CHECK(low->material_mm3 == 5000);
    CHECK_FALSE(low->measured);
    const MillingFacts m = milling_of(mesh_of(box({0, 0, 0}, {40, 30, 20})));
    const std::optional<Estimate> mill = estimate_milling(limits_for("cnc_mill"), m, 0.7);
    REQUIRE(mill);
    CHECK(mill->material_mm3 == Approx(44 * 34 * 24));
    CHECK(mill->time_s ==
          Approx(m.removed_volume_mm3 / 1000 / 5 * 60 + m.area_mm2 / 100 / 2.3 * 60 + 1800));
    CHECK_FALSE(estimate_by_height(limits_for("laser_cut"), 10, 1, 0, 1));
}

TEST_CASE("a cutter takes its length, its pierces and its setup") {
    SheetFacts sheet;
    sheet.cut_length_mm = 1200;
    sheet.contours = 4;
    sheet.bounding_area_mm2 = 10'000;
    const std::optional<Estimate> e = estimate_cutting(limits_for("laser_cut"), sheet, 3, 0.7);
    REQUIRE(e);
    CHECK(e->time_s == Approx(100 + 2 + 300));
    CHECK(e->mass_g == Approx(21));
    CHECK(estimate_cutting(limits_for("laser_cut"), sheet, 6, 0.7)->time_s == Approx(200 + 302));
}

TEST_CASE("one word asks for whatever estimate a process and its facts allow") {
    const Mesh part = mesh_of(cube(20));
    PartFacts facts;
    const PrintSettings s;
    const PrintWork work = print_work_of(part, {0, 0, 1}, s);
    for (const ProcessLimits& l : builtin_limits()) {
        INFO(l.process);
        CHECK(estimate(l, facts, &work, s).has_value() == (l.process == "fdm"));
    }
    facts.printing = overhangs_of(part, {0, 0, 1});
    facts.milling = milling_of(part);
    facts.sheet = SheetFacts{};
    facts.sheet->thickness_mm = 3;
    for (const ProcessLimits& l : builtin_limits()) {
        INFO(l.process);
        CHECK(estimate(l, facts, &work, s).has_value());
    }
}

}  // namespace
}  // namespace nearfab::geometry
