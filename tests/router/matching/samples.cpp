// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/router/matching/samples.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::router::testing {

PartFacts box(double x_mm, double y_mm, double z_mm) {
    const auto stance = [](double width, double depth, double height) {
        return PartStance{height, {{0, 0}, {width, 0}, {width, depth}, {0, depth}}};
    };
    PartFacts facts;
    facts.size_x_mm = x_mm;
    facts.size_y_mm = y_mm;
    facts.size_z_mm = z_mm;
    facts.volume_mm3 = x_mm * y_mm * z_mm;
    facts.area_mm2 = 2 * (x_mm * y_mm + y_mm * z_mm + z_mm * x_mm);
    facts.triangles = 12;
    facts.stances = {stance(x_mm, y_mm, z_mm), stance(y_mm, z_mm, x_mm), stance(z_mm, x_mm, y_mm)};
    return facts;
}

PartFacts walled_box(double x_mm, double y_mm, double z_mm, double wall_mm) {
    PartFacts facts = box(x_mm, y_mm, z_mm);
    facts.thinnest_wall = MeasuredLength{wall_mm, PartPoint{1, 2, 3}};
    ProcessFacts fdm{ProcessId{"fdm"}, Feasibility::feasible, {}, {}, {}, 0};
    fdm.finest = NeededFeature{"the thinnest wall", *facts.thinnest_wall};
    if (wall_mm < 1.2) {
        fdm.verdict = Feasibility::with_remarks;
        fdm.reasons.push_back({"wall_thin",
                               false,
                               false,
                               PartPoint{1, 2, 3},
                               wall_mm,
                               1.2,
                               "mm",
                               "the thinnest wall is below 1.2 mm"});
    }
    ProcessFacts laser{ProcessId{"laser_cut"}, Feasibility::not_feasible, {}, {}, {}, 0};
    laser.reasons.push_back(
        {"not_flat", true, true, {}, 0, 0, "", "the part is not a flat plate of one thickness"});
    facts.processes = {fdm, laser};
    return facts;
}

namespace {

SheetFacts sheet_of(double x_mm, double y_mm, std::vector<OutlinePoint> outline) {
    SheetFacts sheet;
    sheet.outline = std::move(outline);
    sheet.long_mm = std::max(x_mm, y_mm);
    sheet.short_mm = std::min(x_mm, y_mm);
    sheet.cut_length_mm = 2 * (x_mm + y_mm);
    sheet.pierces = 1;
    sheet.area_mm2 = x_mm * y_mm;
    sheet.smallest_feature = MeasuredLength{1.5, PartPoint{5, 6, 0}};
    return sheet;
}

ProcessFacts laser_of(const SheetFacts& sheet) {
    ProcessFacts laser{ProcessId{"laser_cut"}, Feasibility::feasible, {}, {}, {}, 0};
    laser.finest = NeededFeature{"the narrowest strip left standing", *sheet.smallest_feature};
    laser.typical_time_s = 420;
    return laser;
}

}  // namespace

PartFacts plate(double x_mm, double y_mm, double thickness_mm) {
    PartFacts facts = box(x_mm, y_mm, thickness_mm);
    facts.sheet = sheet_of(x_mm, y_mm, facts.stances[0].outline);
    facts.sheet->thickness_mm = thickness_mm;
    facts.processes = {laser_of(*facts.sheet)};
    return facts;
}

PartFacts drawing(double x_mm, double y_mm, double turned_deg) {
    const double turn = turned_deg * 3.14159265358979323846 / 180;
    PartFacts facts;
    facts.drawing = true;
    std::vector<OutlinePoint> outline;
    for (const auto& [x, y] : {std::pair{0.0, 0.0}, {x_mm, 0.0}, {x_mm, y_mm}, {0.0, y_mm}}) {
        outline.push_back(
            {x * std::cos(turn) - y * std::sin(turn), x * std::sin(turn) + y * std::cos(turn)});
    }
    facts.size_x_mm = x_mm;
    facts.size_y_mm = y_mm;
    facts.area_mm2 = x_mm * y_mm;
    facts.stances = {PartStance{0, outline},
                     PartStance{x_mm, {{0, 0}, {y_mm, 0}}},
                     PartStance{y_mm, {{0, 0}, {0, x_mm}}}};
    facts.sheet = sheet_of(x_mm, y_mm, outline);
    ProcessFacts fdm{ProcessId{"fdm"}, Feasibility::not_feasible, {}, {}, {}, 0};
    fdm.reasons.push_back({"nothing_to_judge",
                           true,
                           true,
                           {},
                           0,
                           0,
                           "",
                           "a drawing has no height, so there is no solid to make"});
    facts.processes = {fdm, laser_of(*facts.sheet)};
    return facts;
}

PartSpec part(const std::string& design, const std::string& material) {
    PartSpec spec;
    spec.design = hash_of(design);
    spec.design_bytes = 684;
    spec.file_name = design + ".stl";
    spec.process = ProcessId{"fdm"};
    spec.material = MaterialId{material};
    return spec;
}

Capability printer(const std::string& id,
                   double x_mm,
                   double y_mm,
                   double z_mm,
                   std::initializer_list<std::pair<const char*, double>> materials) {
    Capability machine;
    machine.machine = MachineId{id};
    machine.model = "Printer";
    machine.process = ProcessId{"fdm"};
    machine.envelope_x_mm = x_mm;
    machine.envelope_y_mm = y_mm;
    machine.envelope_z_mm = z_mm;
    for (const auto& [name, grams] : materials) {
        machine.materials.push_back({MaterialId{name}, grams});
    }
    machine.min_feature_mm = 0.4;
    machine.tolerance_mm = 0.2;
    machine.build_rate_cm3_per_h = 25;
    machine.state = MachineState::idle;
    return machine;
}

Advertisement fab(Place place, std::initializer_list<Capability> machines) {
    Advertisement advertisement;
    advertisement.title = "Fab";
    advertisement.place = place;
    advertisement.machines = machines;
    return advertisement;
}

}  // namespace nearfab::router::testing
