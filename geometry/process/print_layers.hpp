// SPDX-License-Identifier: GPL-3.0-or-later
// print_layers.hpp - what a filament printer has to do in each layer, told from the geometry.
//
// A few dozen heights are looked at instead of every layer. At each the part is cut into loops,
// which give the perimeters with their corners, and its cells that lie deeper than the perimeters
// are solid or sparse infill, depending on how far the surface above and below is. Times follow
// from lengths, speeds and the ramps of a printer with one acceleration and a jerk. Pure; bounded
// by max_layer_samples.

#pragma once

#include "geometry/mesh.hpp"
#include "geometry/process/print_settings.hpp"

#include <cstddef>
#include <vector>

namespace nearfab::geometry {

inline constexpr std::size_t max_layer_samples = 60;

// Lines of one kind in one layer. Times are length over speed, seconds; what is lost to corners
// and ramps is counted for the layer as a whole.
struct LineWork {
    double length_mm = 0;
    double time_s = 0;
    double volume_mm3 = 0;  // Of plastic.
};

struct LayerWork {
    double height_mm = 0;
    double layers = 0;  // How many layers it stands for.
    LineWork perimeters;
    LineWork solid;
    LineWork sparse;
    LineWork support;
    double lost_s = 0;
    double travel_s = 0;

    [[nodiscard]] double length_mm() const {
        return perimeters.length_mm + solid.length_mm + sparse.length_mm + support.length_mm;
    }
};

struct PrintWork {
    std::vector<LayerWork> layers;  // The first is the first layer.
    double layer_count = 0;
    double skirt_mm = 0;
};

// REQUIRES: a welded mesh of at least one triangle, outward oriented; settings above 0.
[[nodiscard]] PrintWork print_work_of(const Mesh& mesh,
                                      const Vec3& up,
                                      const PrintSettings& settings);

// A straight move from and to the jerk speed.
[[nodiscard]] double move_time_s(double length_mm,
                                 double speed_mm_s,
                                 const PrintSettings& settings);

}  // namespace nearfab::geometry
