// SPDX-License-Identifier: GPL-3.0-or-later
// print_settings.hpp - how a filament printer prints: what a slicer's profile says, in numbers.
//
// The defaults are those of examples/profiles/small_printer.ini: a 0.4 mm nozzle and PLA on an
// ordinary bed-slinger. Lengths in millimetres, speeds in millimetres per second.

#pragma once

namespace nearfab::geometry {

struct PrintSettings {
    double layer_mm = 0.2;
    double line_width_mm = 0.45;
    int perimeters = 2;
    int top_layers = 4;
    int bottom_layers = 3;
    double infill = 0.15;  // Share of the inside that is filled.
    double external_perimeter_mm_s = 30;
    double perimeter_mm_s = 45;
    double small_perimeter_mm_s = 15;  // For loops no longer than small_loop_mm.
    double small_loop_mm = 40.84;      // Around a circle of 6.5 mm radius.
    double solid_mm_s = 60;
    double top_mm_s = 40;
    double infill_mm_s = 80;
    double support_mm_s = 60;
    double first_layer_mm_s = 20;
    double travel_mm_s = 150;
    double slowest_mm_s = 10;  // Cooling does not slow below this.
    double least_layer_s = 5;  // Cooling slows a layer down until it takes so long.
    double acceleration_mm_s2 = 1250;
    double jerk_mm_s = 8;
    double retract_mm = 3.2;
    double retract_mm_s = 60;
    double skirt_distance_mm = 3;  // One loop around the part; negative for none.
    bool support = true;
    double support_limit_deg = 40;     // From the vertical.
    double support_spacing_mm = 2.9;   // From line to line.
    int support_interface_layers = 3;  // Dense, where support meets the part.
    double bridge_limit_mm = 1000;     // PrusaSlicer puts no support below any bridge.
    double small_infill_mm2 = 70;      // Sparse infill of a smaller place is printed solid.
    double density_g_cm3 = 1.24;
};

}  // namespace nearfab::geometry
