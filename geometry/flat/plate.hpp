// SPDX-License-Identifier: GPL-3.0-or-later
// plate.hpp - recognises a mesh that is really a flat plate, and gives its outline.
//
// A plate has two parallel flat faces, in any direction, and walls square to them all round: then
// a laser can cut it from a sheet. It is no thicker than the short side of its outline (else it is
// a bar). A chamfer, a pocket, a hole that does not go through or a draft makes it no plate.

#pragma once

#include "geometry/flat/drawing.hpp"
#include "geometry/mesh.hpp"

#include <optional>
#include <vector>

namespace nearfab::geometry {

struct PlateOptions {
    // How far a face may be from flat and a wall from square, over the whole thickness.
    double flat_mm = 0.02;
    // How far corners may lie from the arcs that they are taken for.
    double arc_mm = 0.01;
};

struct RoundHole {
    Vec2 centre;  // In the coordinates of the profile.
    double diameter_mm = 0;
};

struct Plate {
    double thickness_mm = 0;
    // The profile's axes in the mesh: x, y and the direction of the thickness, each of length 1 and
    // square to the others. A point p of the mesh is at (p . x, p . y) in the profile.
    Vec3 x_axis;
    Vec3 y_axis;
    Vec3 normal;
    double bottom = 0;  // Along the normal.
    Drawing profile;    // Closed paths: outlines counter-clockwise, holes clockwise.
    std::vector<RoundHole> round_holes;
};

// Empty when the mesh is no plate, or not closed. Time is about n log n in the triangles.
// REQUIRES: finite coordinates; indices that name vertices.
[[nodiscard]] std::optional<Plate> plate_of(const Mesh& mesh, const PlateOptions& options = {});

}  // namespace nearfab::geometry
