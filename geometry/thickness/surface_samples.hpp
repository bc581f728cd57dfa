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
//
// A point is made when it is asked for: 4 bytes for each are kept. The tree outlives this.
class SurfaceSamples {
public:
    SurfaceSamples(const Bvh& bvh, std::uint32_t count);

    [[nodiscard]] std::size_t size() const { return triangle_of_.size(); }
    // REQUIRES: i < size().
    [[nodiscard]] SurfaceSample operator[](std::size_t i) const;

private:
    [[nodiscard]] double expected_on(double area_mm2) const {
        return 0.5 * count_ * (area_mm2 / whole_mm2_ + 1 / with_area_);
    }

    const Mesh& mesh_;
    double count_;
    double whole_mm2_ = 0;
    double with_area_ = 0;  // Triangles.
    std::vector<std::uint32_t> triangle_of_;
};

// The point of a triangle for u, v in [0, 1), evenly spread; a little inside of the border.
[[nodiscard]] Vec3 point_in(const Mesh& mesh, std::uint32_t triangle, double u, double v);

}  // namespace nearfab::geometry
