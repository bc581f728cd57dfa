// SPDX-License-Identifier: GPL-3.0-or-later
// direction_sums.hpp - a part's surface gathered by the direction it looks in.
//
// For a printing direction the overhanging area, and the volume of the air below it down to the
// bed, are sums over the triangles that look down: of their area, and of area x height. Both are
// linear in what is kept here for each small cone of directions, so a direction is judged in
// microseconds whatever the number of triangles. Pure.

#pragma once

#include "geometry/mesh.hpp"
#include "geometry/process/part_hull.hpp"

#include <cstddef>
#include <vector>

namespace nearfab::geometry {

// What can be said of a printing direction without looking at the triangles again.
struct DirectionScore {
    Vec3 up;
    double height_mm = 0;
    double overhang_area_mm2 = 0;  // Without what lies flat on the bed.
    double air_mm3 = 0;            // Below the overhangs down to the bed, the part not left out.
    double contact_area_mm2 = 0;   // Of the side of the hull it would lie on.
};

class DirectionSums {
public:
    explicit DirectionSums(const Mesh& mesh);

    // The mean normals of the largest flat faces, the largest first; of length one.
    [[nodiscard]] std::vector<Vec3> large_faces(std::size_t count) const;

    // `hull` is that of the part. REQUIRES: `up` of length one.
    [[nodiscard]] DirectionScore score(const Vec3& up,
                                       const Mesh& hull,
                                       double limit_deg,
                                       double layer_mm) const;

private:
    struct Cone {
        Vec3 normal;  // Sum of the area vectors, in mm2.
        Vec3 moment;  // Sum of area times centre.
        double area = 0;
    };
    std::vector<Cone> cones_;  // Only those that hold something.
};

// Directions worth a look: +z first, then the other axes, then the sides of the hull and the large
// faces turned down, without near repetitions.
[[nodiscard]] std::vector<Vec3> candidate_directions(const DirectionSums& sums,
                                                     const Mesh& hull,
                                                     std::size_t count);

}  // namespace nearfab::geometry
