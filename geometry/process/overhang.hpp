// SPDX-License-Identifier: GPL-3.0-or-later
// overhang.hpp - what hangs in the air when a part is printed in one orientation, and the support
// it needs.
//
// The angle of a surface that faces down is measured from the vertical: 0 degrees is a wall, 90 a
// flat ceiling. What lies within the first layer is contact with the bed and no overhang. Areas
// are those of the triangles; support and bridges are measured on columns (columns.hpp), so they
// carry the error of its cells, about perimeter x cell / 2. Pure, deterministic.

#pragma once

#include "geometry/process/columns.hpp"
#include "geometry/process/starts.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace nearfab::geometry {

struct OverhangOptions {
    double limit_deg = 45;  // Surfaces at a larger angle need support.
    double layer_mm = 0.2;
    double bridge_limit_mm = 10;  // A flat ceiling with threads no longer than this needs none.
    double min_region_mm2 = 1;    // Smaller regions are counted in the area only.
    std::size_t max_places = 32;
    ColumnOptions columns;
};

enum class OverhangKind : std::uint8_t {
    slope = 0,    // Beyond the limit, but not flat.
    ceiling = 1,  // Flat, and no thread reaches from side to side everywhere.
    bridge = 2,   // Flat, and held on two opposite sides.
};

struct OverhangRegion {
    OverhangKind kind = OverhangKind::slope;
    Vec3 centre;  // In the part's coordinates, weighted by area.
    double area_mm2 = 0;
    double angle_deg = 0;  // The largest in it.
    double height_mm = 0;  // Of its lowest point above the bed.
    double span_mm = 0;    // Of a bridge, or of the bridged part of a ceiling.
    // The box around it in the frame of frame_with_up(up), heights above the bed.
    Vec3 low;
    Vec3 high;
};

// Upper ends of the bands of `band_area_mm2`, degrees from the vertical.
inline constexpr std::array<double, 5> overhang_bands_deg{30, 45, 60, 75, 90};

struct Overhangs {
    double height_mm = 0;
    double contact_area_mm2 = 0;   // Facing down within the first layer.
    double overhang_area_mm2 = 0;  // Beyond the limit, bridges included.
    // Downward area by angle, contact left out: (0,30], (30,45] ... (75,90].
    std::array<double, overhang_bands_deg.size()> band_area_mm2{};
    std::vector<OverhangRegion> regions;  // The largest first, at most max_places.
    std::uint32_t region_count = 0;
    double longest_bridge_mm = 0;
    double support_volume_mm3 = 0;  // Upright columns down to bed or part; none below bridges.
    Starts starts;
    double doubtful_share = 0;  // Of the columns; above 0 the mesh is not a clean solid.
};

// The air in upright columns from what overhangs beyond the limit down to bed or part, mm3; what
// lies within the first layer is on the bed.
[[nodiscard]] double air_below_overhangs(const ColumnField& columns,
                                         double limit_deg,
                                         double layer_mm);

// REQUIRES: a welded mesh of at least one triangle, outward oriented; `up` not zero;
//           0 < limit_deg < 90; layer_mm > 0.
[[nodiscard]] Overhangs overhangs_of(const Mesh& mesh,
                                     const Vec3& up,
                                     const OverhangOptions& options = {});

}  // namespace nearfab::geometry
