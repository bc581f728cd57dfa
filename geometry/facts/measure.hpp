// SPDX-License-Identifier: GPL-3.0-or-later
// measure.hpp - area, volume and triangles without area.

#pragma once

#include "geometry/facts/topology.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry {

struct Measures {
    double area_mm2 = 0;
    // Signed volume per shell: positive when its triangles look outwards. Without meaning for a
    // shell that is open or not oriented.
    std::vector<double> shell_volumes_mm3;
    double volume_mm3 = 0;             // Their sum.
    std::uint32_t flat_triangles = 0;  // Three different vertices on one line.
    // Of a body of even density, cavities left out. Without meaning when the volume is.
    Vec3 centre_of_mass;
};

// By the divergence theorem, with the middle of the bounds as the origin: a part far from 0 loses
// no digits.
// REQUIRES: topology is that of the mesh.
[[nodiscard]] Measures measure(const Mesh& mesh, const Bounds& bounds, const Topology& topology);

// A volume too small to be told from rounding, for a part of this area and extent.
[[nodiscard]] double negligible_volume_mm3(double area_mm2, const Bounds& bounds);

}  // namespace nearfab::geometry
