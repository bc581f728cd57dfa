// SPDX-License-Identifier: GPL-3.0-or-later
// estimate.hpp - time and material of a part from its geometry alone, to rank fabs before slicing.
//
// Filament printing is calibrated against PrusaSlicer 2.5 on parts of many kinds (scripts/bench
// estimate, bench/RESULTS.md). The others rest on typical rates (process_limits.hpp) and are no
// better than those: the error said with each estimate is the relative error that nine of ten
// parts stay below, measured for filament printing, judged for the others. Pure.

#pragma once

#include "geometry/process/milling.hpp"
#include "geometry/process/print_layers.hpp"
#include "geometry/process/process_limits.hpp"
#include "geometry/process/verdict.hpp"

#include <array>
#include <optional>
#include <string>

namespace nearfab::geometry {

struct Estimate {
    std::string process;
    double time_s = 0;        // The machine's, and for mills and cutters a person's setups.
    double material_mm3 = 0;  // Bought for the part: with support, stock or sheet around it.
    double mass_g = 0;        // Of that material; 0 where its density is not known.
    std::optional<double> density_g_cm3;  // That the mass rests on.
    double time_error = 0;                // Relative; nine of ten parts stay below.
    double material_error = 0;
    bool measured = false;  // The errors were measured, not judged.
};

// Factors of the filament model, found by scripts/bench estimate.
struct PrintFactors {
    double perimeter_time = 1;
    double infill_time = 1;
    double support_time = 1;
    double lost_time = 1;  // To corners and ramps.
    double travel_time = 1;
    double layer_s = 0;  // For each layer, whatever is in it.
    double perimeter_volume = 1;
    double solid_volume = 1;
    double sparse_volume = 1;
    double support_volume = 1;
};
[[nodiscard]] const PrintFactors& calibrated_print_factors();

[[nodiscard]] Estimate estimate_filament(const PrintWork& work,
                                         const PrintSettings& settings,
                                         const PrintFactors& factors = calibrated_print_factors());

// Layer by layer in a vat or in powder: the height decides. `limits` is that process's row.
// None when the limits have no layer_mm or layer_s.
[[nodiscard]] std::optional<Estimate> estimate_by_height(const ProcessLimits& limits,
                                                         double height_mm,
                                                         double volume_mm3,
                                                         double support_mm3,
                                                         double density_g_cm3);

// Roughing the stock away, finishing the surface, and setups. None without removal_cm3_min or
// finish_cm2_min.
[[nodiscard]] std::optional<Estimate> estimate_milling(const ProcessLimits& limits,
                                                       const MillingFacts& facts,
                                                       double density_g_cm3);

// Cutting lengths, pierces, ways between and one setup. None without cut_mm_s.
[[nodiscard]] std::optional<Estimate> estimate_cutting(const ProcessLimits& limits,
                                                       const SheetFacts& sheet,
                                                       double thickness_mm,
                                                       double density_g_cm3);

// Whichever of the above fits the process and the facts; none when they do not have what it needs.
// Filament printing wants `work`. Masses are those of the limits' usual material.
[[nodiscard]] std::optional<Estimate> estimate(const ProcessLimits& limits,
                                               const PartFacts& facts,
                                               const PrintWork* work,
                                               const PrintSettings& settings);

}  // namespace nearfab::geometry
