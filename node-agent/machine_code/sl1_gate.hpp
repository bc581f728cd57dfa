// SPDX-License-Identifier: GPL-3.0-or-later
// sl1_gate.hpp - the last look at a resin print before a machine gets it.
//
// What gcode_gate.hpp is for filament: the fab makes its own files, so this gate should never say
// no. The file is an SL1 archive, as PrusaSlicer writes it: a ZIP of one PNG for each layer and of
// config.ini, which says how long each is shown. Allowed is exactly that: no entry of another name
// (the printer unpacks the archive: no path leads out of it), no setting that is not on the list,
// layers numbered without a gap, each of the size of the display, with nothing lit at its edge,
// since what lay beyond was cut off. Heights, exposures, time and resin must be within the
// machine's limits and agree with each other and with the pixels.
//
// Not covered: whether the layers make the part, and whether the exposure suits the resin.
//
// Pure. Nothing is inflated before the directory has been checked, and no more than it says.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <span>

namespace nearfab::agent {

struct Sl1Limits {
    std::uint32_t pixels_x = 0;  // Of the display; a layer may be turned by a quarter.
    std::uint32_t pixels_y = 0;
    double display_x_mm = 0;
    double display_y_mm = 0;
    double height_mm = 0;  // What the machine can build.
    double layer_mm_min = 0.01;
    double layer_mm_max = 0.3;
    double exposure_s_max = 120;
    double first_exposure_s_max = 300;
    std::uint32_t layers_max = 20'000;
    std::uint64_t file_bytes = 500'000'000;
    std::uint64_t inflated_bytes = 2'000'000'000;  // Of all layers' PNGs.
};

struct Sl1Facts {
    std::uint32_t layers = 0;
    double layer_mm = 0;
    double exposure_s = 0;
    double first_exposure_s = 0;
    double resin_ml = 0;       // As the slicer says; it agrees with what is lit.
    std::int64_t seconds = 0;  // As the slicer says: at least the exposures.
};

// Error invalid_file: what is not allowed, naming the entry or setting. Error too_large: more
// bytes, entries or pixels than the limits. REQUIRES: display, pixels and height are more than 0.
[[nodiscard]] Result<Sl1Facts> check_sl1(std::span<const std::uint8_t> archive,
                                         const Sl1Limits& limits);

}  // namespace nearfab::agent
