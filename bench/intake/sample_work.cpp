// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/intake/sample_work.hpp"

namespace nearfab::bench {
namespace {

constexpr double x_mm = 60;
constexpr double y_mm = 40;
constexpr double z_mm = 20;

PartStance standing(double width, double depth, double height) {
    return {height, {{0, 0}, {width, 0}, {width, depth}, {0, depth}}};
}

}  // namespace

PartSpec bracket() {
    PartSpec spec;
    spec.design = hash_of("bracket");
    spec.design_bytes = 684;
    spec.file_name = "bracket.stl";
    spec.process = ProcessId{"fdm"};
    spec.material = MaterialId{"pla"};
    return spec;
}

PartFacts bracket_facts() {
    PartFacts facts;
    facts.size_x_mm = x_mm;
    facts.size_y_mm = y_mm;
    facts.size_z_mm = z_mm;
    facts.volume_mm3 = x_mm * y_mm * z_mm;
    facts.area_mm2 = 2 * (x_mm * y_mm + y_mm * z_mm + z_mm * x_mm);
    facts.triangles = 12;
    facts.stances = {
        standing(x_mm, y_mm, z_mm), standing(y_mm, z_mm, x_mm), standing(z_mm, x_mm, y_mm)};
    return facts;
}

Advertisement fab_with_printer(Place place) {
    Capability printer;
    printer.machine = MachineId{"p1"};
    printer.model = "Printer";
    printer.process = ProcessId{"fdm"};
    printer.envelope_x_mm = 200;
    printer.envelope_y_mm = 200;
    printer.envelope_z_mm = 200;
    printer.materials = {{MaterialId{"pla"}, 9000}};
    printer.min_feature_mm = 0.4;
    printer.tolerance_mm = 0.2;
    printer.build_rate_cm3_per_h = 25;
    printer.state = MachineState::idle;
    Advertisement said;
    said.title = "Fab";
    said.place = place;
    said.machines = {printer};
    return said;
}

}  // namespace nearfab::bench
