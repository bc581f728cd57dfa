// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/router/matching/samples.hpp"

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
