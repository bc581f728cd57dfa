// SPDX-License-Identifier: GPL-3.0-or-later
// surface_points.hpp - points spread evenly over a surface, the same ones every time.

#pragma once

#include "geometry/process/frame.hpp"

#include <vector>

namespace nearfab::geometry {

struct SurfacePoint {
    Vec3 place;
    Vec3 normal;  // Outward, of length one.
};

struct SurfacePoints {
    std::vector<SurfacePoint> points;
    double area_each_mm2 = 0;  // Each point stands for this much.
};

// About `wished` points; inside a triangle they follow the R2 sequence (Roberts 2018), which fills
// a square more evenly than chance would. REQUIRES: wished > 0.
[[nodiscard]] SurfacePoints surface_points_of(const Mesh& mesh, std::size_t wished);

}  // namespace nearfab::geometry
