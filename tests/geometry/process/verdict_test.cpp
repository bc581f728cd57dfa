// SPDX-License-Identifier: GPL-3.0-or-later
// Verdicts per process, and the table of limits they rest on.

#include "geometry/process/verdict.hpp"

#include "geometry/fit/outline.hpp"
#include "geometry/process/judges.hpp"
#include "geometry/process/oriented_box.hpp"
#include "geometry/process/part_facts.hpp"
#include "tests/geometry/process/process_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

namespace nearfab::geometry {
namespace {

using namespace sample;

const ProcessLimits& limits_for(std::string_view process) {
    const ProcessLimits* found = find_limits(builtin_limits(), process);
    REQUIRE(found != nullptr);
    return *found;
}

const VerdictReason* reason(const Verdict& verdict, std::string_view rule) {
    const auto found = std::find_if(verdict.reasons.begin(),
                                    verdict.reasons.end(),
                                    [&](const VerdictReason& r) { return r.rule == rule; });
    return found == verdict.reasons.end() ? nullptr : &*found;
}

PartFacts facts_of(const Mesh& mesh) {
    PartFacts facts;
    facts.volume_mm3 = mass_point(mesh).volume_mm3;
    facts.printing = overhangs_of(mesh, {0, 0, 1});
    facts.milling = milling_of(mesh);
    return facts;
}

TEST_CASE("a gap that closes along less than a hundredth of all gaps is only remarked") {
    PartFacts facts;
    facts.narrowest_gap = PlacedLength{0.05, Vec3{1, 2, 3}};
    facts.hundredth_gap_mm = 0.1;
    CHECK(verdict_on(facts, limits_for("fdm")).feasibility == Feasibility::not_feasible);
    facts.hundredth_gap_mm = 2;
    const Verdict verdict = verdict_on(facts, limits_for("fdm"));
    CHECK(verdict.feasibility == Feasibility::with_remarks);
    CHECK(reason(verdict, "gap_narrow")->words.starts_with("a gap along less than a hundredth"));
}

TEST_CASE("the finest length that decides is judged like the verdict") {
    PartFacts facts;
    facts.thinnest_wall = PlacedLength{0.1, Vec3{1, 2, 3}};
    facts.hundredth_wall_mm = 0.6;
    facts.narrowest_gap = PlacedLength{0.05, Vec3{4, 5, 6}};
    facts.hundredth_gap_mm = 2;
    const auto finest = finest_needed(facts, "fdm");
    REQUIRE(finest);
    CHECK(finest->what == "the thinnest wall");
    CHECK(finest->length.mm == 0.6);
    ProcessLimits machine{};
    machine.process = "fdm";
    for (const double limit : {0.57, 0.63}) {  // Farther off than widths are measured.
        machine.wall_min_mm = limit;
        machine.gap_min_mm = limit;
        CHECK((verdict_on(facts, machine).feasibility == Feasibility::not_feasible) ==
              (finest->length.mm < limit));
    }
    CHECK(finest_needed(facts, "cnc_mill")->what == "the narrowest gap");
    CHECK_FALSE(finest_needed(facts, "laser_cut"));  // No sheet.
    CHECK_FALSE(finest_needed(facts, "alchemy"));
}

TEST_CASE("rules with a limit of the machine's own depend on the machine, others do not") {
    for (const char* rule : {"wall_too_thin", "gap_too_narrow"})
        CHECK(depends_on_machine(rule, "fdm"));
    for (const char* rule : {"not_solid", "nothing_to_judge"})
        CHECK_FALSE(depends_on_machine(rule, "fdm"));
    for (const char* rule : {"undercut", "pocket_too_deep", "too_many_setups", "wall_too_thin"})
        CHECK_FALSE(depends_on_machine(rule, "cnc_mill"));
    for (const char* rule : {"not_flat", "outline_open"})
        CHECK_FALSE(depends_on_machine(rule, "laser_cut"));
    CHECK(depends_on_machine("sheet_too_thick", "laser_cut"));
}

TEST_CASE("every built-in limit has a unit, a source and an honest word about it") {
    const Result<std::vector<LimitRow>> rows = read_limit_rows(builtin_limits_text());
    REQUIRE(rows);
    CHECK(rows->size() > 50);
    for (const LimitRow& row : *rows) {
        INFO(row.process << ' ' << row.key);
        CHECK_FALSE(row.unit.empty());
        CHECK(row.source.size() > 5);
        CHECK((row.confidence == "read" || row.confidence == "derived" ||
               row.confidence == "estimate"));
        CHECK(family_of(row.process));
    }
    CHECK(limits_for("fdm").wall_min_mm == 0.8);
    CHECK(limits_for("laser_cut").kerf_mm == 0.2);
    CHECK(find_limits(builtin_limits(), "alchemy") == nullptr);
}

TEST_CASE("what misses a limit by less than it is measured off is at the limit, and not refused") {
    PartFacts facts;
    facts.thinnest_wall = PlacedLength{0.69999999, Vec3{1, 2, 3}};
    facts.hundredth_wall_mm = 0.69999999;
    const Verdict plate = verdict_on(facts, limits_for("sls"));
    CHECK(plate.feasibility == Feasibility::with_remarks);
    REQUIRE(reason(plate, "wall_thin"));
    CHECK(reason(plate, "wall_thin")->words ==
          "the thinnest wall is 0.7 mm, at the limit of 0.7 mm");
    facts.thinnest_wall->mm = facts.hundredth_wall_mm.emplace(0.67);
    CHECK(verdict_on(facts, limits_for("sls")).feasibility == Feasibility::not_feasible);
    // The narrowest is a sliver when all but a hundredth are at the limit.
    facts.thinnest_wall->mm = 0.1;
    facts.hundredth_wall_mm = 0.695;
    CHECK(verdict_on(facts, limits_for("sls")).feasibility == Feasibility::with_remarks);
    // What is only recommended is not missed by rounding.
    facts.thinnest_wall->mm = facts.hundredth_wall_mm.emplace(0.99999999);
    CHECK(verdict_on(facts, limits_for("sls")).feasibility == Feasibility::feasible);

    PartFacts milled;
    milled.milling.emplace();
    milled.milling->area_mm2 = 100;
    milled.milling->tightest = InnerCorner{};
    milled.milling->tightest->radius_mm = 0.4994;
    milled.milling->slimmest = Pocket{{}, {0, 0, 1}, 10.1, 0.995, false};
    const Verdict tight = verdict_on(milled, limits_for("cnc_mill"));
    CHECK(tight.feasibility == Feasibility::with_remarks);
    REQUIRE(reason(tight, "pocket_deep"));
    CHECK(reason(tight, "pocket_deep")->words.find("at the limit of 10") != std::string::npos);
    milled.milling->tightest->radius_mm = 0.45;
    CHECK(reason(verdict_on(milled, limits_for("cnc_mill")), "corner_too_tight"));
    milled.milling->slimmest->width_mm = 0.9;
    CHECK(reason(verdict_on(milled, limits_for("cnc_mill")), "gap_too_narrow"));
}

TEST_CASE("a shop's own limits replace the typical ones line by line") {
    Result<std::vector<LimitRow>> rows = read_limit_rows(
        "# ours\nprocess,key,value,unit,confidence,source\r\nfdm,wall_min_mm,0.5,mm,read,\"a, "
        "\"\"b\"\"\"\nsla,layer_mm,0.1,mm,read,d");
    REQUIRE(rows);
    REQUIRE(rows->size() == 2);
    const auto own = read_limit_rows("fdm,wall_min_mm,0.6,mm,read,c\n", LimitOrigin::machine);
    REQUIRE(own);
    rows->insert(rows->end(), own->begin(), own->end());
    CHECK((*rows)[0].source == "a, \"b\"");
    const auto table = limits_of(*rows);
    REQUIRE(table);
    CHECK(table->at(0).wall_min_mm == 0.6);
    CHECK_FALSE(table->at(0).bridge_mm);
    CHECK(table->at(1).process == "sla");
}

TEST_CASE("a wrong line of limits is named, not skipped") {
    for (const char* text : {"",
                             "process,key,value,unit,confidence,source\n",
                             "fdm,wall_min_mm,0.5",
                             "fdm,wall_min_mm,thin,mm,read,x",
                             "fdm,wall_min_mm,-1,mm,read,x",
                             "fdm,wall_min_mm,nan,mm,read,x",
                             "fdm,wall_min_mm,1 ,mm,read,x"}) {
        INFO(text);
        const auto rows = read_limit_rows(text);
        REQUIRE_FALSE(rows);
        CHECK_FALSE(rows.error().next.empty());
    }
    const auto unknown = limits_of({{"fdm", "wall_max_mm", 1, "mm", "read", "x"}});
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().message.find("wall_max_mm") != std::string::npos);
}

TEST_CASE("a line of limits that would not be used, or not as meant, is refused") {
    const auto refusal = [](const std::string& text) {
        const auto rows = read_limit_rows(text, LimitOrigin::machine);
        REQUIRE(rows);
        const auto table = limits_of(*rows);
        REQUIRE_FALSE(table);
        return table.error().message + "; " + table.error().next;
    };
    CHECK(refusal("FDM,wall_min_mm,30,mm,read,x\n") ==
          "line 1 of the limits: \"FDM\" is no process that is known; did you mean fdm?");
    CHECK(refusal("lasercut,kerf_mm,1,mm,read,x\n").find("did you mean laser_cut?") !=
          std::string::npos);
    CHECK(refusal("alchemy,kerf_mm,1,mm,read,x\n").find("use one of fdm, sla") !=
          std::string::npos);
    CHECK(refusal("fdm,wal_min_mm,1,mm,read,x\n").find("did you mean wall_min_mm?") !=
          std::string::npos);
    CHECK(refusal("fdm,wall_min_mm,30,inch,read,x\n") ==
          "line 1 of the limits: wall_min_mm is in mm, not in \"inch\"; state the value in mm");
    CHECK(refusal("fdm,wall_min_mm,1,mm,read,x\nfdm,wall_min_mm,2,mm,read,x\n") ==
          "line 2 of the limits: wall_min_mm of fdm stands in line 1 already; keep one of the "
          "two");
    CHECK(refusal("fdm,overhang_deg,500,deg,read,x\n").find("must be below 90, and 500 is not") !=
          std::string::npos);
    // As spreadsheets write it.
    const auto marked = read_limit_rows(
        "\xEF\xBB\xBFprocess,key,value,unit,confidence,source\r\nfdm,wall_min_mm,1,mm,read,x\r\n");
    REQUIRE(marked);
    CHECK(limits_of(*marked)->front().wall_min_mm == 1);
}

TEST_CASE("a pin is remarked where it is thinner than a process makes features") {
    PartFacts facts;
    facts.smallest_feature = PlacedLength{1.5, Vec3{1, 2, 3}};
    const Verdict fdm = verdict_on(facts, limits_for("fdm"));
    CHECK(fdm.feasibility == Feasibility::with_remarks);
    REQUIRE(reason(fdm, "feature_small"));
    CHECK(reason(fdm, "feature_small")->words == "the smallest pin or bar is 1.5 mm, below 2 mm");
    CHECK(verdict_on(facts, limits_for("sla")).feasibility == Feasibility::feasible);
}

TEST_CASE("masses are those of a process's usual material, or are not told") {
    CHECK(limits_for("fdm").density_g_cm3 == 1.24);
    CHECK(limits_for("pbf_metal").density_g_cm3 == 8);
    CHECK_FALSE(limits_for("cnc_mill").density_g_cm3);
    CHECK_FALSE(limits_for("laser_cut").density_g_cm3);
}

TEST_CASE("bodies that could not be united are remarked, and refused for nothing") {
    PartFacts facts;
    facts.buried_faces = true;
    for (const char* process : {"fdm", "cnc_mill", "laser_cut"}) {
        const Verdict verdict = verdict_on(facts, limits_for(process));
        INFO(process);
        CHECK(verdict.feasibility == Feasibility::with_remarks);
        CHECK(reason(verdict, "buried_faces"));
    }
}

TEST_CASE("a plain block is feasible for every process that makes solids") {
    const PartFacts facts = facts_of(mesh_of(box({0, 0, 0}, {40, 30, 20})));
    for (const Verdict& v : verdicts_on(facts, builtin_limits())) {
        INFO(v.process);
        CHECK(v.feasibility ==
              (v.process == "laser_cut" ? Feasibility::not_feasible : Feasibility::feasible));
    }
}

TEST_CASE("a thin wall blocks or is remarked, with its place and both numbers") {
    PartFacts facts;
    facts.thinnest_wall = PlacedLength{0.6, Vec3{1, 2, 3}};
    const Verdict fdm = verdict_on(facts, limits_for("fdm"));
    CHECK(fdm.feasibility == Feasibility::not_feasible);
    REQUIRE(reason(fdm, "wall_too_thin") != nullptr);
    CHECK(reason(fdm, "wall_too_thin")->place == Vec3{1, 2, 3});
    CHECK(reason(fdm, "wall_too_thin")->words == "the thinnest wall is 0.6 mm, below 0.8 mm");
    const Verdict sla = verdict_on(facts, limits_for("sla"));
    CHECK(sla.feasibility == Feasibility::with_remarks);
    CHECK(reason(sla, "wall_thin") != nullptr);
}

TEST_CASE("powder carries an overhang, a filament printer wants support") {
    const PartFacts facts =
        facts_of(blocks({-25, -5, 5, 25}, {0, 20}, {0, 30, 35}, [](const Vec3& p) {
            return p.z > 30 || std::abs(p.x) < 5;
        }));
    const Verdict fdm = verdict_on(facts, limits_for("fdm"));
    CHECK(fdm.feasibility == Feasibility::with_remarks);
    REQUIRE(reason(fdm, "overhang") != nullptr);
    CHECK(reason(fdm, "overhang")->measured == Approx(90));
    CHECK(reason(fdm, "overhang")->limit == 45);
    CHECK(reason(fdm, "much_support") != nullptr);
    CHECK(verdict_on(facts, limits_for("sls")).feasibility == Feasibility::feasible);
}

TEST_CASE("a mill refuses what it cannot reach and remarks on sharp inner corners") {
    const PartFacts hollow =
        facts_of(mesh_of(box({0, 0, 0}, {30, 30, 30}) + flipped(box({10, 10, 10}, {20, 20, 20}))));
    const Verdict no = verdict_on(hollow, limits_for("cnc_mill"));
    CHECK(no.feasibility == Feasibility::not_feasible);
    REQUIRE(reason(no, "undercut") != nullptr);
    CHECK(reason(no, "undercut")->place);
    const PartFacts sharp = facts_of(
        pocketed_block(rounded_rectangle(60, 40, 0, 0), rounded_rectangle(30, 20, 0, 0), 20, 10));
    const Verdict dog = verdict_on(sharp, limits_for("cnc_mill"));
    CHECK(dog.feasibility == Feasibility::with_remarks);
    REQUIRE(reason(dog, "sharp_corner") != nullptr);
    CHECK(reason(dog, "sharp_corner")->words.find("dog-bone") != std::string::npos);
    const PartFacts deep =
        facts_of(pocketed_block(rounded_rectangle(60, 40, 0, 0), circle(2, 40), 50, 45));
    CHECK(reason(verdict_on(deep, limits_for("cnc_mill")), "pocket_too_deep") != nullptr);
}

TEST_CASE("a laser needs a plate, closed lines and features wider than its kerf") {
    PartFacts facts;
    facts.is_solid_file = false;
    SheetFacts sheet;
    sheet.thickness_mm = 3;
    sheet.smallest_feature = PlacedLength{0.15, Vec3{5, 5, 0}};
    sheet.smallest_hole = PlacedLength{4, {}};
    facts.sheet = sheet;
    const Verdict thin = verdict_on(facts, limits_for("laser_cut"));
    CHECK(thin.feasibility == Feasibility::not_feasible);
    CHECK(reason(thin, "feature_too_small") != nullptr);
    REQUIRE(reason(thin, "hole_small") != nullptr);
    CHECK(reason(thin, "hole_small")->limit == Approx(4.5));
    facts.sheet->smallest_feature.reset();
    facts.sheet->smallest_hole.reset();
    CHECK(verdict_on(facts, limits_for("laser_cut")).feasibility == Feasibility::feasible);
    facts.sheet->open_ends = {2, Vec3{3, 4, 0}};
    for (const char* process : {"laser_cut", "cnc_mill"}) {
        const Verdict open = verdict_on(facts, limits_for(process));
        REQUIRE(reason(open, "outline_open") != nullptr);
        CHECK(reason(open, "outline_open")->place == Vec3{3, 4, 0});
        CHECK(open.feasibility == Feasibility::not_feasible);
    }
    facts.sheet->open_ends = {};
    facts.sheet->slits = {5, Vec3{20, 15, 0}};
    for (const char* process : {"laser_cut", "cnc_mill"}) {
        const Verdict hinge = verdict_on(facts, limits_for(process));
        CHECK(hinge.feasibility == Feasibility::with_remarks);
        REQUIRE(reason(hinge, "slits") != nullptr);
        CHECK(reason(hinge, "slits")->measured == 5);
        CHECK(reason(hinge, "slits")->place == Vec3{20, 15, 0});
    }
    facts.sheet->slits = {};
    facts.sheet->thickness_mm = 25;
    CHECK(reason(verdict_on(facts, limits_for("laser_cut")), "sheet_too_thick") != nullptr);
    CHECK(verdict_on(facts, limits_for("fdm")).feasibility == Feasibility::not_feasible);
    CHECK(to_string(Feasibility::with_remarks) == "with_remarks");
}

TEST_CASE("a drawing with sharp inner corners can be lasered as it is, milled with a remark") {
    FlatFacts flat;
    flat.outer_loops = 1;
    flat.pierces = 3;
    flat.cut_length_mm = 400;
    flat.sharp_inner_corners = 4;
    flat.sharp_inner_corner = FlatPlace{{7, 8}, 90};
    flat.narrowest_wall = Neck{{0, 0}, {4, 0}, 4};
    flat.smallest_rectangle = {{50, 25}, 100, 50, 0};
    PartFacts facts;
    facts.is_solid_file = false;
    facts.sheet = sheet_facts_of(flat, 3);
    CHECK(facts.sheet->smallest_feature->place == Vec3{2, 0, 0});
    CHECK(facts.sheet->bounding_area_mm2 == 5000);
    CHECK(verdict_on(facts, limits_for("laser_cut")).feasibility == Feasibility::feasible);
    const Verdict mill = verdict_on(facts, limits_for("cnc_mill"));
    CHECK(mill.feasibility == Feasibility::with_remarks);
    REQUIRE(reason(mill, "sharp_corner") != nullptr);
    CHECK(reason(mill, "sharp_corner")->place == Vec3{7, 8, 0});
}

TEST_CASE("cuts that would take the part apart are not feasible, doubled ones remarked") {
    PartFacts facts;
    facts.is_solid_file = false;
    facts.sheet = SheetFacts{};
    facts.sheet->doubled = PlacedLength{12.5, Vec3{1, 2, 0}};
    const Verdict twice = verdict_on(facts, limits_for("laser_cut"));
    CHECK(twice.feasibility == Feasibility::with_remarks);
    REQUIRE(reason(twice, "double_cut") != nullptr);
    CHECK(reason(twice, "double_cut")->measured == 12.5);
    facts.sheet->dividing = {1, Vec3{5, 10, 0}};
    facts.sheet->touching = {2, Vec3{7, 0, 0}};
    for (const char* process : {"laser_cut", "cnc_mill"}) {
        const Verdict apart = verdict_on(facts, limits_for(process));
        CHECK(apart.feasibility == Feasibility::not_feasible);
        REQUIRE(reason(apart, "outlines_cross") != nullptr);
        CHECK(reason(apart, "outlines_cross")->words.find("at 1 place,") != std::string::npos);
        CHECK(reason(apart, "outlines_cross")->place == Vec3{5, 10, 0});
        REQUIRE(reason(apart, "outlines_touch") != nullptr);
        CHECK(reason(apart, "outlines_touch")->words.find("at 2 places,") != std::string::npos);
        CHECK_FALSE(depends_on_machine("outlines_cross", process));
    }
}

TEST_CASE("a drawing that cuts nothing out is not feasible, unless it is to be engraved") {
    PartFacts facts;
    facts.is_solid_file = false;
    facts.sheet = sheet_facts_of(FlatFacts{}, 3);
    for (const char* process : {"laser_cut", "cnc_mill"}) {
        const Verdict verdict = verdict_on(facts, limits_for(process));
        CHECK(verdict.feasibility == Feasibility::not_feasible);
        CHECK(reason(verdict, "nothing_to_cut") != nullptr);
    }
    ProcessLimits engraver;
    engraver.process = "laser_engrave";
    CHECK(verdict_on(facts, engraver).feasibility == Feasibility::feasible);
}

PartFacts block_facts(double x, double y, double z) {
    const Mesh mesh = mesh_of(box({0, 0, 0}, {x, y, z}));
    PartFacts facts;
    facts.stances = stances_of(mesh, bounds_of(mesh)).stances;
    return facts;
}

TEST_CASE("what is larger than a typical machine is a remark with the sizes") {
    const Verdict bar = verdict_on(block_facts(1200, 20, 20), limits_for("fdm"));
    CHECK(bar.feasibility == Feasibility::with_remarks);
    const VerdictReason* const size = reason(bar, "larger_than_usual");
    REQUIRE(size != nullptr);
    CHECK_FALSE(size->blocking);
    CHECK(size->measured > 100);
    CHECK(
        size->words.starts_with("it is 1200 x 20 x 20 mm, and a typical machine has room for "
                                "220 x 220 x 250 mm: "));
    for (const ProcessLimits& limits : builtin_limits()) {
        INFO(limits.process);
        CHECK(limits.envelope_x_mm);
        CHECK(limits.own_envelope == std::array<bool, 3>{});
        if (family_of(limits.process) == ProcessFamily::sheet_cutting) continue;
        CHECK(reason(verdict_on(block_facts(2000, 2000, 2000), limits), "larger_than_usual"));
        CHECK_FALSE(reason(verdict_on(block_facts(60, 40, 20), limits), "larger_than_usual"));
    }
    // 280 mm fit the diagonal of 220 x 220; 300 mm less 1 mm of width do as well, 311 do not.
    CHECK_FALSE(
        reason(verdict_on(block_facts(280, 20, 20), limits_for("fdm")), "larger_than_usual"));
    CHECK(reason(verdict_on(block_facts(311, 20, 20), limits_for("fdm")), "larger_than_usual"));
}

TEST_CASE("what is larger than the machine that was given is not feasible") {
    auto rows = read_limit_rows(builtin_limits_text());
    const auto own = read_limit_rows("fdm,envelope_x_mm,400,mm,read,ours\n", LimitOrigin::machine);
    REQUIRE(rows);
    REQUIRE(own);
    rows->insert(rows->end(), own->begin(), own->end());
    const auto table = limits_of(*rows);
    REQUIRE(table);
    const ProcessLimits& machine = table->front();
    CHECK(machine.own_envelope == std::array<bool, 3>{true, false, false});
    // Only x is the machine's; of the typical y and z nothing is known to be wrong.
    CHECK(verdict_on(block_facts(390, 20, 20), machine).feasibility == Feasibility::feasible);
    CHECK(reason(verdict_on(block_facts(390, 300, 300), machine), "larger_than_usual"));
    const Verdict cube = verdict_on(block_facts(500, 500, 500), machine);
    CHECK(cube.feasibility == Feasibility::not_feasible);
    REQUIRE(reason(cube, "too_large") != nullptr);
    CHECK(reason(cube, "too_large")->words ==
          "it is 500 x 500 x 500 mm, and the machine has room for 400 mm: 100 mm too large "
          "on whichever axis or flat side it stands");
    CHECK(reason(cube, "larger_than_usual") == nullptr);
    CHECK(depends_on_machine("too_large", "fdm"));
}

TEST_CASE("what fits only when it is turned is told the way up, and not refused") {
    const Mesh askew = turned_part(mesh_of(box({0, 0, 0}, {100, 20, 10})), 29, 17);
    PartFacts facts;
    facts.stances = stances_of(askew, bounds_of(askew)).stances;
    auto rows = read_limit_rows(
        "fdm,envelope_x_mm,101,mm,read,ours\nfdm,envelope_y_mm,21,mm,read,ours\n"
        "fdm,envelope_z_mm,11,mm,read,ours\n",
        LimitOrigin::machine);
    REQUIRE(rows);
    const auto own = limits_of(*rows);
    REQUIRE(own);
    CHECK_FALSE(stands_within(*facts.stances, own->front()));
    CHECK(reason(verdict_on(facts, own->front()), "too_large"));
    for (const Vec3& up : oriented_box_of(askew).axes)
        facts.turned.push_back(stance_with_up(askew, up));
    const Verdict verdict = verdict_on(facts, own->front());
    CHECK(verdict.feasibility == Feasibility::with_remarks);
    REQUIRE(reason(verdict, "fits_turned"));
    CHECK(reason(verdict, "fits_turned")->words.find("pointing up") != std::string::npos);
    // One that fits in no way misses by the least that was found.
    const auto best = best_turned(facts.turned, {99, 21, 11});
    REQUIRE(best);
    CHECK_FALSE(best->fit.fits);
    CHECK(best->fit.excess_mm == Approx(1).margin(1e-3));
    CHECK_FALSE(best_turned({}, {99, 21, 11}));
}

TEST_CASE("a closed hollow is no mill's, and keeps powder and resin in") {
    PartFacts facts;
    facts.closed_voids = 1;
    facts.closed_voids_mm3 = 8;
    facts.closed_void = Vec3{10, 10, 10};
    const Verdict mill = verdict_on(facts, limits_for("cnc_mill"));
    CHECK(mill.feasibility == Feasibility::not_feasible);
    REQUIRE(reason(mill, "closed_void"));
    CHECK(reason(mill, "closed_void")->place == Vec3{10, 10, 10});
    for (const char* process : {"sla", "sls", "pbf_metal"}) {
        const Verdict print = verdict_on(facts, limits_for(process));
        CHECK(print.feasibility == Feasibility::with_remarks);
        CHECK(reason(print, "closed_void"));
    }
    CHECK_FALSE(reason(verdict_on(facts, limits_for("fdm")), "closed_void"));
    CHECK_FALSE(depends_on_machine("closed_void", "cnc_mill"));
}

TEST_CASE("a sheet is judged by its outline, lying flat and turned") {
    PartFacts facts;
    facts.is_solid_file = false;
    facts.sheet = SheetFacts{};
    facts.sheet->outline = {{0, 0}, {380, 0}, {380, 590}, {0, 590}};
    CHECK(verdict_on(facts, limits_for("laser_cut")).feasibility == Feasibility::feasible);
    facts.sheet->outline = {{0, 0}, {410, 0}, {410, 590}, {0, 590}};
    const Verdict large = verdict_on(facts, limits_for("laser_cut"));
    CHECK(large.feasibility == Feasibility::with_remarks);
    REQUIRE(reason(large, "larger_than_usual") != nullptr);
    CHECK(reason(large, "larger_than_usual")->words.starts_with("it is 410 x 590 mm, and"));
}

TEST_CASE("a print of more than a week is remarked on") {
    Verdict verdict;
    const double week_s = 7 * 24 * 3600;
    remark_on_time(verdict, week_s, limits_for("fdm"));
    CHECK(verdict.reasons.empty());
    remark_on_time(verdict, 2 * week_s, limits_for("cnc_mill"));
    CHECK(verdict.reasons.empty());
    remark_on_time(verdict, 1.5 * week_s, limits_for("fdm"));
    CHECK(verdict.feasibility == Feasibility::with_remarks);
    REQUIRE(reason(verdict, "long_run") != nullptr);
    CHECK(reason(verdict, "long_run")->measured == 252);
    CHECK(reason(verdict, "long_run")->words.starts_with("it takes a typical machine about 10.5"));
    Verdict no;
    no.feasibility = Feasibility::not_feasible;
    remark_on_time(no, 2 * week_s, limits_for("fdm"));
    CHECK(no.reasons.empty());
}

TEST_CASE("measured widths become facts with their places") {
    WallThickness widths;
    PartFacts facts;
    add_widths(widths, facts);
    CHECK_FALSE(facts.thinnest_wall);
    widths.walls.places.push_back({0.5, {1, 2, 3}, {1, 2, 3.5}, 7});
    widths.holes.push_back({1.5, {4, 5, 6}, {0, 0, 1}});
    add_widths(widths, facts);
    CHECK(facts.thinnest_wall->mm == 0.5);
    CHECK(facts.thinnest_wall->place == Vec3{1, 2, 3});
    CHECK(facts.smallest_hole->mm == 1.5);
}

TEST_CASE("a sliver in a sound part is a remark, a wall is not") {
    PartFacts facts;
    facts.volume_mm3 = 1000;
    facts.thinnest_wall = PlacedLength{0.12, Vec3{1, 2, 3}};
    facts.hundredth_wall_mm = 4;
    const Verdict sliver = verdict_on(facts, limits_for("fdm"));
    CHECK(reason(sliver, "wall_too_thin") == nullptr);
    REQUIRE(reason(sliver, "wall_thin") != nullptr);
    CHECK(reason(sliver, "wall_thin")->words ==
          "a sliver of less than a hundredth of the surface is 0.12 mm, below 0.8 mm");
    facts.hundredth_wall_mm = 0.2;
    CHECK(reason(verdict_on(facts, limits_for("fdm")), "wall_too_thin") != nullptr);
    CHECK(reason(verdict_on(facts, limits_for("fdm")), "wall_thin") == nullptr);
}

}  // namespace
}  // namespace nearfab::geometry
