// SPDX-License-Identifier: GPL-3.0-or-later
// orientations.hpp - which way up a part is best printed.
//
// Candidates are the six axes, the flat sides of the convex hull and the large flat faces, each
// turned down. All are scored on the triangles' normals gathered by direction, where area and the
// air down to the bed are sums; the best are measured on every triangle, and of those what no
// other beats in support, height and overhang together is kept, with its support volume measured
// on columns. Angles are from the vertical as in overhang.hpp. Pure, deterministic;
// O(triangles) with about a dozen passes.

#pragma once

#include "geometry/fit/envelope_fit.hpp"
#include "geometry/fit/outline.hpp"
#include "geometry/mesh.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::geometry {

enum class OrientationRank : std::uint8_t { support = 0, height = 1, overhang = 2 };

struct OrientationOptions {
    double limit_deg = 45;
    double layer_mm = 0.2;
    OrientationRank rank = OrientationRank::support;
    std::size_t max_results = 6;  // The part as it stands in its file comes in addition.
    std::size_t max_measured = 10;
    double cells_across = 160;  // Of the columns for the support volume.
    std::optional<WorkEnvelope> envelope;
};

struct Orientation {
    Vec3 up;  // This direction of the part points up; of length one.
    double height_mm = 0;
    double contact_area_mm2 = 0;  // Facing down within the first layer.
    double overhang_area_mm2 = 0;
    double support_volume_mm3 = 0;  // Columns down to bed or part; bridges are not left out.
    // How far the printed part may be tilted before its centre of mass leaves the hull of its
    // contact; negative when it would fall over without support.
    double tip_deg = 0;
    bool steady = false;           // tip_deg > 5 and a contact worth the name.
    Outline outline;               // Seen from above, in the frame of `frame_with_up(up)`.
    std::optional<StanceFit> fit;  // Into the envelope, if one was given, at the best turn.
    std::string why;               // A few words for people.
};

// The best first, by the rank asked for; then, if it is not among them, the part as it stands
// (+z up). REQUIRES: a welded mesh of at least one triangle, outward oriented;
// 0 < limit_deg < 90, layer_mm > 0.
[[nodiscard]] std::vector<Orientation> orientations_of(const Mesh& mesh,
                                                       const OrientationOptions& options = {});

}  // namespace nearfab::geometry
