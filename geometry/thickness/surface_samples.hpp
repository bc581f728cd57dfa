// SPDX-License-Identifier: GPL-3.0-or-later
// surface_samples.hpp - points spread over a surface, the same ones every time.

#pragma once

#include "geometry/search/bvh.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry {

struct SurfaceSample {
    Vec3 point;
    std::uint32_t triangle = 0;
    double area_mm2 = 0;  // What the sample stands for; over many samples, the area of the part.
};

// About `count` points by systematic sampling: the triangles are laid end to end, in the order of
// the tree, each with a length that is half its share of the area and half its share of the
// number, and a point is taken at every step. So every triangle gets one when there are at least
// two points for each, and any patch with 2 / count of the area gets one whatever its triangles.
// Triangles without area get none.
[[nodiscard]] std::vector<SurfaceSample> surface_samples(const Bvh& bvh, std::uint32_t count);

// The point of a triangle for u, v in [0, 1), evenly spread; a little inside of the border.
[[nodiscard]] Vec3 point_in(const Mesh& mesh, std::uint32_t triangle, double u, double v);

}  // namespace nearfab::geometry
