// SPDX-License-Identifier: GPL-3.0-or-later
// dxf_shapes.hpp - draws single DXF entities with a pen.

#pragma once

#include "geometry/flat/drawing_options.hpp"
#include "geometry/flat/dxf_tags.hpp"
#include "geometry/flat/path_pen.hpp"

#include <algorithm>
#include <vector>

namespace nearfab::geometry::flat {

// What was met while drawing, for the remarks.
struct DxfMet {
    double lowest = 0;  // Heights of the points drawn.
    double highest = 0;
    bool any_height = false;
    std::uint64_t tilted = 0;
    std::uint64_t fitted_splines = 0;

    void height(double z) {
        lowest = any_height ? std::min(lowest, z) : z;
        highest = any_height ? std::max(highest, z) : z;
        any_height = true;
    }
};

// The map of an entity's own coordinates to those round it, seen from above: DXF's arbitrary axis
// algorithm for the extrusion direction (groups 210, 220, 230). Errors: a direction of length 0.
[[nodiscard]] Result<plane::Affine> dxf_own_axes(const DxfEntity& entity, DxfMet& met);

struct DxfShape {
    const DxfEntity& entity;
    plane::Affine to_mm;
    const PenRules& rules;
    std::uint64_t& used_points;
    const DrawingLimits& limits;
    DxfMet& met;
};

// LINE, ARC, CIRCLE, ELLIPSE, LWPOLYLINE or SPLINE; false for any other type.
[[nodiscard]] bool dxf_can_draw(std::string_view type);
// REQUIRES: dxf_can_draw(entity.type). Errors: numbers missing, broken or out of range.
[[nodiscard]] Result<std::vector<PenPath>> draw_dxf_shape(const DxfShape& shape);

// POLYLINE: header is the shape's entity, vertices the VERTEX entities after it.
struct DxfVertex {
    Vec2 at;
    double bulge = 0;
};
[[nodiscard]] Result<std::vector<PenPath>> draw_dxf_polyline(const DxfShape& header,
                                                             const std::vector<DxfVertex>& vertices,
                                                             bool closed,
                                                             bool in_world);

// The error of a pen for an entity; REQUIRES: fault is not none.
[[nodiscard]] Error dxf_pen_error(const DxfEntity& entity, PenFault fault, const PenRules& rules);

}  // namespace nearfab::geometry::flat
